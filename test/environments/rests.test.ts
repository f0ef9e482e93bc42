/** When an environment rests, and the starts that holidays leave out. */
import {
  coversRest,
  isDate,
  leftOutCrons,
  longerRests,
  longestRest,
  startCrons,
  startOn,
  touchesRest,
  weeklyRests,
} from "../../environments/facts/rests";

const WEEKEND = { stop: "0 23 * * FRI", start: "0 20 * * SUN" };
const NIGHTS = { stop: "0 11 * * MON-FRI", start: "0 23 * * SUN-THU" };
const WORKDAYS = { stop: "0 23 * * FRI", start: "0 20 * * SUN-THU" };
const iso = (time: number) => new Date(time).toISOString().slice(0, 16);

it("knows days that there are", () => {
  expect(["2027-01-04", "2028-02-29", "2027-02-29", "2027-13-01", "2027-1-4", "x"].map(isDate)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

describe("an ordinary week", () => {
  it("rests from each stop to the start that comes next", () => {
    expect(weeklyRests(WEEKEND)).toEqual([{ begin: 4 * 1440 + 23 * 60, minutes: 45 * 60 }]);
    expect(weeklyRests(NIGHTS).map(({ minutes }) => minutes / 60)).toEqual([12, 12, 12, 12, 60]);
  });

  it("of the services holds that of all else, to the minute", () => {
    expect(coversRest(NIGHTS, WEEKEND)).toBe(true);
    expect(coversRest(WEEKEND, NIGHTS)).toBe(false);
    expect(coversRest(WEEKEND, WEEKEND)).toBe(true);
    expect(coversRest({ ...WEEKEND, start: "59 19 * * SUN" }, WEEKEND)).toBe(false);
  });

  it("is touched by a minute of it, over the end of the week too", () => {
    const friday = 4 * 1440 + 23 * 60;
    expect([touchesRest(WEEKEND, friday - 60, 60), touchesRest(WEEKEND, friday - 60, 61)]).toEqual([false, true]);
    const sunday = 6 * 1440 + 20 * 60;
    expect([touchesRest(WEEKEND, sunday, 60), touchesRest(WEEKEND, sunday - 1, 60)]).toEqual([false, true]);
    expect(touchesRest({ stop: "0 0 * * MON", start: "0 1 * * MON" }, 6 * 1440 + 23 * 60 + 30, 60)).toBe(true);
  });
});

describe("a holiday is Tokyo's", () => {
  it("whose morning is the evening before in UTC", () => {
    expect(iso(startOn("0 20 * * SUN", "2027-01-04")!)).toBe("2027-01-03T20:00");
    expect(startOn("0 20 * * SUN", "2027-01-03")).toBeUndefined();
    expect(iso(startOn("59 14 * * MON", "2027-01-04")!)).toBe("2027-01-04T14:59");
    expect(iso(startOn("0 15 * * SUN", "2027-01-04")!)).toBe("2027-01-03T15:00");
  });

  it("makes the rest last to the next start, however many follow each other", () => {
    const rests = (holidays: string[]) => longerRests({ ...WORKDAYS, holidays }).map(({ begin, end }) => [iso(begin), iso(end)]);
    expect(rests([])).toEqual([]);
    expect(rests(["2027-01-05", "2027-01-04", "2027-02-11"])).toEqual([
      ["2027-01-03T20:00", "2027-01-05T20:00"],
      ["2027-02-10T20:00", "2027-02-11T20:00"],
    ]);
    expect(longestRest({ ...WORKDAYS, holidays: ["2027-01-04", "2027-01-05"] })).toBe((45 + 48) * 60);
    expect(longestRest(WEEKEND)).toBe(45 * 60);
    expect(longestRest({ ...WEEKEND, holidays: ["2027-01-04"] })).toBe((45 + 7 * 24) * 60);
  });
});

describe("in cron's words", () => {
  it("every start is one expression where there is no holiday, or none on which it would start", () => {
    expect([...startCrons(WEEKEND, 15)]).toEqual([["", "cron(15 20 ? * SUN *)"]]);
    expect([...startCrons({ ...WEEKEND, holidays: ["2027-01-05"] })]).toEqual([["", "cron(0 20 ? * SUN *)"]]);
  });

  it("a month with a holiday is written out, and stays as it was in all other years", () => {
    expect([...startCrons({ ...WEEKEND, holidays: ["2027-01-04", "2028-01-03", "2027-02-08"] })]).toEqual([
      ["", "cron(0 20 ? 3,4,5,6,7,8,9,10,11,12 SUN *)"],
      ["-01", "cron(0 20 ? 1 SUN 1970-2026,2029-2199)"],
      ["-02", "cron(0 20 ? 2 SUN 1970-2026,2028-2199)"],
      ["-2027-01", "cron(0 20 10,17,24,31 1 ? 2027)"],
      ["-2027-02", "cron(0 20 14,21,28 2 ? 2027)"],
      ["-2028-01", "cron(0 20 9,16,23,30 1 ? 2028)"],
    ]);
  });

  it("what comes after midnight belongs to the next day, and may belong to the next month", () => {
    const rest = { stop: "0 11 * * FRI", start: "55 23 * * SUN", holidays: ["2027-02-01"] };
    expect([...startCrons(rest, 10)]).toEqual([
      ["", "cron(5 0 ? 1,3,4,5,6,7,8,9,10,11,12 MON *)"],
      ["-02", "cron(5 0 ? 2 MON 1970-2026,2028-2199)"],
      ["-2027-02", "cron(5 0 8,15,22 2 ? 2027)"],
    ]);
  });

  it("names every start but those left out, day by day of some years", () => {
    const rest = { ...WORKDAYS, holidays: ["2027-01-04", "2027-01-05", "2027-12-31", "2028-01-03", "2028-02-29"] };
    const crons = [...startCrons(rest).values()];
    const left = new Set(rest.holidays.map((day) => startOn(rest.start, day)));
    for (let time = Date.parse("2026-11-01T20:00Z"); time < Date.parse("2029-02-01"); time += 86_400_000) {
      const starts = crons.filter((cron) => matches(cron, new Date(time))).length;
      const expected = new Date(time).getUTCDay() <= 4 && !left.has(time) ? 1 : 0;
      if (starts !== expected) throw new Error(`${iso(time)}: ${starts} starts, not ${expected}`);
    }
  });

  it("has the very times of those left out", () => {
    expect([...leftOutCrons({ ...WEEKEND, holidays: ["2027-01-04"] }, 15)]).toEqual([["-2027-01-03", "cron(15 20 3 1 ? 2027)"]]);
  });
});

/** Whether a day is one of the expression's; its hour is not looked at. */
function matches(cron: string, day: Date): boolean {
  const [, , dates, months, weekdays, years] = /^cron\((.*)\)$/.exec(cron)![1]!.split(" ") as string[];
  const holds = (field: string, value: number) =>
    field === "*" ||
    field === "?" ||
    field.split(",").some((part) => {
      const [first, last = first] = part.split("-").map(Number) as [number, number?];
      return first <= value && value <= last;
    });
  const weekday = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"][day.getUTCDay()]!;
  return (
    holds(dates!, day.getUTCDate()) &&
    holds(months!, day.getUTCMonth() + 1) &&
    (weekdays === "?" || weekdays!.split(",").includes(weekday)) &&
    holds(years!, day.getUTCFullYear())
  );
}
