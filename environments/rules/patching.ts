/** Rules of the hours at which security updates are installed. */
import { touchesRest, weeklyRests } from "../facts/rests";
import type { Environment } from "../schema";
import type { Finding, Rule } from "./finding";

/** Minutes from Monday, midnight UTC, as far as the next ones. */
const at = (day: number, hour: number, minute = 0) => day * 1440 + hour * 60 + minute;
const [MONDAY, FRIDAY, SUNDAY] = [0, 4, 6];
/**
 * When it may not be: Tokyo's exchange from 9:00 to 15:30, and for whoever trades with money currencies too, from Sunday's 17:00 in New York to
 * Friday's, whichever of summer and winter is longer (WIN-034, C-68).
 */
const TOKYO = {
  name: "Tokyo's exchange (Monday to Friday, 0:00 to 6:30 UTC)",
  times: [0, 1, 2, 3, 4].map((day) => [at(day, 0), at(day, 6, 30)] as const),
};
const CURRENCIES = {
  name: "currencies (Sunday 21:00 to Friday 22:00 UTC)",
  times: [
    [at(SUNDAY, 21), at(SUNDAY, 24)],
    [at(MONDAY, 0), at(FRIDAY, 22)],
  ] as (readonly [number, number])[],
};

export const PATCHING_RULES: readonly Rule[] = [
  {
    name: "machines get their security updates",
    reads: ["patching", "stage"],
    check: ({ patching, stage }) =>
      patching || stage === "development"
        ? []
        : [{ path: "patching", value: undefined, allowed: `{ start, hours, approveAfterDays }, because stage is ${stage}` }],
  },
  {
    name: "updates are installed while no market is open",
    reads: ["patching", "stage"],
    check: ({ patching, stage }) => {
      if (!patching) return [];
      return openDuring(stage, windowsOf(patching)).map((name): Finding => ({
        path: "patching.start",
        value: patching.start,
        allowed: `a time from which ${patching.hours} hours are beside those of ${name}`,
      }));
    },
  },
  {
    name: "updates are installed while machines run",
    reads: ["patching", "schedule"],
    check: ({ patching, schedule }) =>
      patching && schedule && windowsOf(patching).some(([begin, minutes]) => touchesRest(schedule, begin, minutes))
        ? [
            {
              path: "patching.start",
              value: patching.start,
              allowed: `a time from which machines run for ${patching.hours} hours: they rest from ${schedule.stop} to ${schedule.start}`,
            },
          ]
        : [],
  },
];

/** Of the week: its minute from Monday, midnight UTC, and how many follow. */
export type Window = readonly [begin: number, minutes: number];

const WEEK = 7 * 1440;
/** On the circle of a week. */
const shares = (begin: number, minutes: number, other: number, others: number): boolean =>
  (begin - other + WEEK) % WEEK < others || (other - begin + WEEK) % WEEK < minutes;

/** Markets that are open at some time of these windows, with their hours. */
export const openDuring = (stage: Environment["stage"], windows: readonly Window[]): readonly string[] =>
  (stage === "production" ? [TOKYO, CURRENCIES] : [TOKYO])
    .filter(({ times }) => windows.some(([begin, minutes]) => times.some(([from, to]) => shares(begin, minutes, from, to - from))))
    .map(({ name }) => name);

/** Beginning and minutes of each. */
export const windowsOf = ({ start, hours }: { readonly start: string; readonly hours: number }): readonly Window[] =>
  weeklyRests({ stop: start, start }).map(({ begin }) => [begin, hours * 60]);
