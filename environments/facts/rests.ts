/** When an environment rests: it stops and starts again week by week, and on holidays it does not start (OPS-034, CST-025). */
import { eventBridgeCron, later, WEEKDAYS, weeklyTime } from "./cron";

/** Both as cron writes them, UTC. */
export interface Rest {
  /** Minute, hour, days of the week: `0 23 * * FRI`. */
  readonly stop: string;
  readonly start: string;
  /** Tokyo's dates, such as `2027-01-04`: a start that falls on one of them is left out. @default none */
  readonly holidays?: readonly string[];
}

/** Minutes. */
const DAY = 1440;
const WEEK = 7 * DAY;
/** Tokyo is so far ahead of UTC, and knows no summer time. */
const TOKYO = 9 * 60;

const minutesOfWeek = (cron: string): number[] => {
  const { days, hour, minute } = weeklyTime(cron);
  return days.map((day) => ((WEEKDAYS.indexOf(day) + 6) % 7) * DAY + hour * 60 + minute);
};
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const dateOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** Whether there is such a day. */
export const isDate = (text: string): boolean => DATE.test(text) && !Number.isNaN(Date.parse(text)) && dateOf(Date.parse(text)) === text;

/** Of an ordinary week: the minute from Monday, midnight UTC, at which each rest begins, and its minutes up to the start that comes next. */
export function weeklyRests({ stop, start }: Rest): readonly { readonly begin: number; readonly minutes: number }[] {
  const starts = minutesOfWeek(start);
  return minutesOfWeek(stop).map((begin) => ({ begin, minutes: Math.min(...starts.map((end) => (end - begin + WEEK) % WEEK)) }));
}

/** Whether one rests all the time that the other does, in an ordinary week. */
export const coversRest = (outer: Rest, inner: Rest): boolean =>
  weeklyRests(inner).every(({ begin, minutes }) =>
    weeklyRests(outer).some((rest) => ((begin - rest.begin + WEEK) % WEEK) + minutes <= rest.minutes),
  );

/** Whether some minutes from a minute of the week are part of a rest. */
export const touchesRest = (rest: Rest, begin: number, minutes: number): boolean =>
  weeklyRests(rest).some((own) => (begin - own.begin + WEEK) % WEEK < own.minutes || (own.begin - begin + WEEK) % WEEK < minutes);

/** The start that would be on a holiday, as milliseconds since 1970; undefined where nothing starts on that day. */
export function startOn(start: string, holiday: string): number | undefined {
  const { days, hour, minute } = weeklyTime(start);
  const ofDay = hour * 60 + minute;
  // Tokyo's morning is the evening before in UTC.
  const time = Date.parse(holiday) + (ofDay + TOKYO >= DAY ? ofDay - DAY : ofDay) * 60_000;
  return days.includes(WEEKDAYS[new Date(time).getUTCDay()]!) ? time : undefined;
}

/** The starts that are left out, in their order. */
const leftOut = ({ holidays = [], start }: Rest): number[] => holidays.flatMap((day) => startOn(start, day) ?? []).sort((a, b) => a - b);

/** From the first start that is left out to the next one that is not: milliseconds since 1970, in their order. */
export function longerRests(rest: Rest): readonly { readonly begin: number; readonly end: number }[] {
  const missing = new Set(leftOut(rest));
  const days = weeklyTime(rest.start).days.map((day) => WEEKDAYS.indexOf(day));
  const next = (time: number): number => {
    do time += DAY * 60_000;
    while (!days.includes(new Date(time).getUTCDay()));
    return time;
  };
  const rests: { begin: number; end: number }[] = [];
  for (const begin of missing) {
    const end = next(begin);
    const last = rests.at(-1);
    if (last?.end === begin) last.end = end;
    else rests.push({ begin, end });
  }
  return rests;
}

/** The very times of the starts that are left out, or some minutes after, by an end for the name: `-2027-01-03`. */
export const leftOutCrons = (rest: Rest, laterMinutes = 0): ReadonlyMap<string, string> =>
  new Map(
    leftOut(rest).map((time) => {
      const at = new Date(time + laterMinutes * 60_000);
      const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
      return [`-${dateOf(time)}`, `cron(${at.getUTCMinutes()} ${at.getUTCHours()} ${day} ${month} ? ${year})`];
    }),
  );

/** The longest time between a stop and the start that follows, in minutes. */
export function longestRest(rest: Rest): number {
  const ordinary = weeklyRests(rest);
  const stops = ordinary.map(({ begin }) => begin);
  const longer = longerRests(rest).map(({ begin, end }) => {
    const ofWeek = ((new Date(begin).getUTCDay() + 6) % 7) * DAY + (Math.floor(begin / 60_000) % DAY);
    return Math.min(...stops.map((stop) => (ofWeek - stop + WEEK) % WEEK)) + (end - begin) / 60_000;
  });
  return Math.max(...ordinary.map(({ minutes }) => minutes), ...longer);
}

/** A year at the ends of what EventBridge takes. */
const [FIRST_YEAR, LAST_YEAR] = [1970, 2199];

/** All years but some: `1970-2026,2028-2199`. */
function yearsBut(years: readonly number[]): string {
  const sorted = [...new Set(years)].sort((a, b) => a - b);
  return [FIRST_YEAR - 1, ...sorted]
    .map((year, index) => [year + 1, (sorted[index] ?? LAST_YEAR + 1) - 1] as const)
    .filter(([first, last]) => first <= last)
    .map(([first, last]) => (first === last ? String(first) : `${first}-${last}`))
    .join(",");
}

/**
 * Every start, or what follows some minutes after, as EventBridge Scheduler and Application Auto Scaling write it. Neither knows a calendar, and a
 * cron expression no exception, so that a month with a holiday is written out: its dates, and the same month of all other years.
 * @returns by an end for the name: none for the months without a holiday, `-01` for a month of other years, `-2027-01` for the very one
 */
export function startCrons(rest: Rest, laterMinutes = 0): ReadonlyMap<string, string> {
  const missing = leftOut(rest).map((time) => dateOf(time + laterMinutes * 60_000));
  if (missing.length === 0) return new Map([["", eventBridgeCron(rest.start, laterMinutes)]]);
  const { hour, minute, days } = later(weeklyTime(rest.start), laterMinutes);
  const weekly = (months: readonly number[], years: string) => `cron(${minute} ${hour} ? ${months.join(",")} ${days.join(",")} ${years})`;
  const months = [...new Set(missing.map((date) => date.slice(0, 7)))].sort();
  const ofYear = [...new Set(months.map((month) => month.slice(5)))].sort();
  const others = Array.from({ length: 12 }, (_, index) => index + 1).filter((month) => !ofYear.map(Number).includes(month));
  const crons = new Map<string, string>();
  if (others.length > 0) crons.set("", weekly(others, "*"));
  for (const month of ofYear) {
    const years = months.filter((own) => own.slice(5) === month).map((own) => Number(own.slice(0, 4)));
    crons.set(`-${month}`, weekly([Number(month)], yearsBut(years)));
  }
  for (const month of months) {
    const [year, ofTheYear] = month.split("-").map(Number) as [number, number];
    const dates = Array.from({ length: new Date(Date.UTC(year, ofTheYear, 0)).getUTCDate() }, (_, index) => index + 1).filter((day) => {
      const date = dateOf(Date.UTC(year, ofTheYear - 1, day));
      return !missing.includes(date) && days.includes(WEEKDAYS[new Date(date).getUTCDay()]!);
    });
    if (dates.length > 0) crons.set(`-${month}`, `cron(${minute} ${hour} ${dates.join(",")} ${ofTheYear} ? ${year})`);
  }
  return crons;
}
