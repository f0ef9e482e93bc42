/** A service's schedule as KEDA takes it: it knows a beginning and an end, where the literal says what holds from a time of the week on. */
import { WEEKDAYS, weeklyTime, type Weekday } from "../../environments/facts/cron";
import type { ServiceScaling } from "../../environments/schema/services";

/** Both as cron writes them, in the same time zone. */
export interface ScalingWindow {
  readonly start: string;
  readonly end: string;
  /** Replicas that there are at least. */
  readonly minReplicas: number;
}

const DAY = 1440;
const WEEK = 7 * DAY;

/** The week, cut where the minimum changes: every time of it has one. */
export function scalingWindows({ schedule }: Pick<ServiceScaling, "schedule">): readonly ScalingWindow[] {
  // Of entries that share a time the last one holds.
  const minima = new Map(
    schedule.flatMap(({ cron, min }) => {
      const { hour, minute, days } = weeklyTime(cron);
      return days.map((day) => [WEEKDAYS.indexOf(day) * DAY + hour * 60 + minute, min] as const);
    }),
  );
  const times = [...minima].map(([at, min]) => ({ at, min })).sort((a, b) => a.at - b.at);
  const changes = times.filter(({ min }, index) => min !== times.at(index - 1)!.min);
  if (changes.length === 0) return times.slice(0, 1).flatMap(({ min }) => wholeWeek(min));
  // Windows of the same hours and length are one, on several days.
  const windows = new Map<string, { readonly starts: number[]; readonly length: number; readonly min: number }>();
  changes.forEach(({ at, min }, index) => {
    const length = (changes[(index + 1) % changes.length]!.at - at + WEEK) % WEEK;
    const key = `${at % DAY} ${length} ${min}`;
    const window = windows.get(key) ?? { starts: [], length, min };
    window.starts.push(at);
    windows.set(key, window);
  });
  return [...windows.values()].map(({ starts, length, min }) => ({
    start: cronOf(starts),
    end: cronOf(starts.map((at) => (at + length) % WEEK)),
    minReplicas: min,
  }));
}

/** In two halves: KEDA refuses a window that ends when it begins. */
const wholeWeek = (minReplicas: number): readonly ScalingWindow[] => [
  { start: "0 0 * * *", end: "0 12 * * *", minReplicas },
  { start: "0 12 * * *", end: "0 0 * * *", minReplicas },
];

/** Times of the same hour. */
function cronOf(times: readonly number[]): string {
  const days = times.map((at) => WEEKDAYS[Math.floor(at / DAY)]!);
  const inOrder: readonly Weekday[] = WEEKDAYS.filter((day) => days.includes(day));
  const minuteOfDay = times[0]! % DAY;
  return `${minuteOfDay % 60} ${Math.floor(minuteOfDay / 60)} * * ${inOrder.length === 7 ? "*" : inOrder.join(",")}`;
}
