/** A service's schedule as KEDA takes it: it knows a beginning and an end, where the literal says what holds from a time of the week on. */
import { WEEKDAYS, weeklyTime, type Weekday } from "../../environments/cron";
import type { ServiceScaling } from "../../environments/services";

/** Both as cron writes them, in the same time zone. */
export interface ScalingWindow {
  readonly start: string;
  readonly end: string;
  /** Replicas that there are at least. */
  readonly minReplicas: number;
}

const DAY = 1440;
const WEEK = 7 * DAY;

/** The week, cut where the schedule says so: every time of it has one minimum. One that never changes needs no window. */
export function scalingWindows({ schedule }: Pick<ServiceScaling, "schedule">): readonly ScalingWindow[] {
  const times = schedule.flatMap(({ cron, min }) => {
    const { hour, minute, days } = weeklyTime(cron);
    return days.map((day) => ({ at: WEEKDAYS.indexOf(day) * DAY + hour * 60 + minute, min }));
  }).sort((a, b) => a.at - b.at);
  if (times.length < 2) return [];
  // Windows of the same hours and length are one, on several days.
  const windows = new Map<string, { readonly starts: number[]; readonly length: number; readonly min: number }>();
  times.forEach(({ at, min }, index) => {
    const length = (times[(index + 1) % times.length]!.at - at + WEEK) % WEEK;
    const key = `${at % DAY} ${length} ${min}`;
    const window = windows.get(key) ?? { starts: [], length, min };
    window.starts.push(at);
    windows.set(key, window);
  });
  return [...windows.values()].map(({ starts, length, min }) => ({ start: cronOf(starts), end: cronOf(starts.map((at) => (at + length) % WEEK)), minReplicas: min }));
}

/** Times of the same hour. */
function cronOf(times: readonly number[]): string {
  const days = times.map((at) => WEEKDAYS[Math.floor(at / DAY)]!);
  const inOrder: readonly Weekday[] = WEEKDAYS.filter((day) => days.includes(day));
  const minuteOfDay = times[0]! % DAY;
  return `${minuteOfDay % 60} ${Math.floor(minuteOfDay / 60)} * * ${inOrder.length === 7 ? "*" : inOrder.join(",")}`;
}
