/** How long a month what has a schedule runs. */
import { weeklyTime, WEEKDAYS } from "./cron";
import type { Rest } from "./rests";

/** Hours of a month, as AWS's calculator counts them. */
export const HOURS = 730;

const WEEK = 7 * 24;

/** Hours of a week between the starts and the stops of a schedule; the whole week where nothing stops it. */
export function weeklyHours({ stop, start }: Rest): number {
  const minutes = (cron: string): number[] => {
    const { hour, minute, days } = weeklyTime(cron);
    return days.map((day) => (WEEKDAYS.indexOf(day) * 24 + hour) * 60 + minute);
  };
  const events = [...minutes(stop).map((at) => ({ at, runs: false })), ...minutes(start).map((at) => ({ at, runs: true }))].sort(
    (a, b) => a.at - b.at,
  );
  let running = 0;
  events.forEach(({ at, runs }, index) => {
    const next = index + 1 < events.length ? events[index + 1]!.at : events[0]!.at + WEEK * 60;
    if (runs) running += next - at;
  });
  return running / 60;
}

/** Of {@link HOURS}; all of them without a rest. Holidays are no part of every month. */
export const monthlyHours = (rest: Rest | undefined): number => (rest ? (HOURS * weeklyHours(rest)) / WEEK : HOURS);
