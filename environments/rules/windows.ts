/** Maintenance and snapshot windows, UTC: `sun:05:00-sun:06:00` once a week, `03:00-05:00` every day. */

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY = 1440;
const WEEK = 7 * DAY;

/** First minute in its day or week, from Monday, and how many follow. The end may come before the start: the window then runs over midnight. */
export function windowTimes(window: string): { start: number; length: number } {
  const weekly = /^[a-z]/.test(window);
  const [start = 0, end = 0] = [...window.matchAll(/(?:([a-z]{3}):)?(\d\d):(\d\d)/g)].map(
    ([, day, hours, minutes]) => (day ? DAYS.indexOf(day) * DAY : 0) + Number(hours) * 60 + Number(minutes),
  );
  const period = weekly ? WEEK : DAY;
  return { start, length: (end - start + period) % period };
}

/** Length of a window in minutes; one that ends where it begins is empty. */
export const windowMinutes = (window: string): number => windowTimes(window).length;

/** Whether a weekly and a daily window share a minute on any day of the week. */
export function windowsOverlap(weekly: string, daily: string): boolean {
  const first = windowTimes(weekly);
  const second = windowTimes(daily);
  return DAYS.some((_, day) => {
    const start = day * DAY + second.start;
    // On the circle of a week: one begins within the other.
    return (start - first.start + WEEK) % WEEK < first.length || (first.start - start + WEEK) % WEEK < second.length;
  });
}
