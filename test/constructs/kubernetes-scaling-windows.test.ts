/** A schedule of the literal as KEDA's windows: exact cases. What holds for any schedule stands in test/property. */
import { scalingWindows } from "../../constructs/kubernetes/scaling-windows";

type Schedule = Parameters<typeof scalingWindows>[0]["schedule"];
type Row = readonly [cron: string, min: number];
const window = (start: string, end: string, minReplicas: number) => ({ start, end, minReplicas });
const wholeWeek = (min: number) => [window("0 0 * * *", "0 12 * * *", min), window("0 12 * * *", "0 0 * * *", min)];

it.each<[string, readonly Row[], readonly ReturnType<typeof window>[]]>([
  ["no schedule", [], []],
  [
    "mornings and evenings of weekdays, with one window over the weekend",
    [
      ["0 9 * * MON-FRI", 6],
      ["0 15 * * MON-FRI", 3],
    ],
    [
      window("0 9 * * MON,TUE,WED,THU,FRI", "0 15 * * MON,TUE,WED,THU,FRI", 6),
      window("0 15 * * MON,TUE,WED,THU", "0 9 * * TUE,WED,THU,FRI", 3),
      window("0 15 * * FRI", "0 9 * * MON", 3),
    ],
  ],
  [
    "mornings and evenings of all days",
    [
      ["30 8 * * *", 6],
      ["0 16 * * *", 3],
    ],
    [window("30 8 * * *", "0 16 * * *", 6), window("0 16 * * *", "30 8 * * *", 3)],
  ],
  [
    "over midnight",
    [
      ["0 22 * * *", 8],
      ["0 2 * * *", 3],
    ],
    [window("0 2 * * *", "0 22 * * *", 3), window("0 22 * * *", "0 2 * * *", 8)],
  ],
  [
    "over the week's end",
    [
      ["0 20 * * FRI", 3],
      ["0 8 * * MON", 6],
    ],
    [window("0 8 * * MON", "0 20 * * FRI", 6), window("0 20 * * FRI", "0 8 * * MON", 3)],
  ],
  [
    "days over the week's end",
    [
      ["0 20 * * SAT-SUN", 6],
      ["0 22 * * SUN,SAT", 3],
    ],
    [
      window("0 20 * * SUN,SAT", "0 22 * * SUN,SAT", 6),
      window("0 22 * * SUN", "0 20 * * SAT", 3),
      window("0 22 * * SAT", "0 20 * * SUN", 3),
    ],
  ],
  [
    "in any order",
    [
      ["0 15 * * WED", 3],
      ["0 9 * * WED", 6],
    ],
    [window("0 9 * * WED", "0 15 * * WED", 6), window("0 15 * * WED", "0 9 * * WED", 3)],
  ],
  [
    "the first and the last minute of the week",
    [
      ["0 0 * * SUN", 4],
      ["59 23 * * SAT", 5],
    ],
    [window("0 0 * * SUN", "59 23 * * SAT", 4), window("59 23 * * SAT", "0 0 * * SUN", 5)],
  ],
  // From such a time on there is one minimum for ever; a window that ends when it begins KEDA would refuse.
  ["a single time", [["0 9 * * MON", 6]], wholeWeek(6)],
  ["the same every day", [["0 9 * * *", 6]], wholeWeek(6)],
  [
    "times that change nothing",
    [
      ["0 9 * * MON-FRI", 6],
      ["0 12 * * WED", 6],
      ["0 18 * * FRI", 3],
    ],
    [window("0 9 * * MON", "0 18 * * FRI", 6), window("0 18 * * FRI", "0 9 * * MON", 3)],
  ],
  [
    "two entries for one time, of which the last holds",
    [
      ["0 9 * * MON-FRI", 6],
      ["0 15 * * MON-FRI", 3],
      ["0 9 * * WED", 9],
    ],
    [
      window("0 9 * * MON,TUE,THU,FRI", "0 15 * * MON,TUE,THU,FRI", 6),
      window("0 15 * * MON,TUE,WED,THU", "0 9 * * TUE,WED,THU,FRI", 3),
      window("0 9 * * WED", "0 15 * * WED", 9),
      window("0 15 * * FRI", "0 9 * * MON", 3),
    ],
  ],
  [
    "numbers with a zero before them",
    [
      ["05 09 * * MON", 6],
      ["5 15 * * MON", 3],
    ],
    [window("5 9 * * MON", "5 15 * * MON", 6), window("5 15 * * MON", "5 9 * * MON", 3)],
  ],
])("%s", (_, rows, windows) => {
  const schedule: Schedule = rows.map(([cron, min]) => ({ cron, min }));
  expect(scalingWindows({ schedule })).toEqual(windows);
});

it("knows nothing of a maximum, which rules refuse", () =>
  expect(scalingWindows({ schedule: [{ cron: "0 9 * * MON", min: 6, max: 9 }] })).toEqual(wholeWeek(6)));
