/** Times of the week, written as cron writes them: one minute of chosen days, UTC. */

/** In the order of cron's weekdays. */
export const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** `22:00 UTC` on the days named, in the order of the week. */
export interface WeeklyTime {
  /** 0 to 23. */
  readonly hour: number;
  /** 0 to 59. */
  readonly minute: number;
  /** At least one; all seven mean every day. */
  readonly days: readonly Weekday[];
}

const DAY = WEEKDAYS.join("|");
/** Minute, hour, any day of the month, any month, and days of the week: `*`, `MON-FRI` or `MON,WED`. */
export const WEEKLY_CRON = new RegExp(`^([0-5]?\\d) ([01]?\\d|2[0-3]) \\* \\* (\\*|(${DAY})-(${DAY})|(${DAY})(,(${DAY}))*)$`);

/** The same on every day. */
export const DAILY_CRON = /^([0-5]?\d) ([01]?\d|2[0-3]) \* \* \*$/;

/** @throws Error when the text is not what `WEEKLY_CRON` takes; the schema has refused such a text before */
export function weeklyTime(cron: string): WeeklyTime {
  const match = WEEKLY_CRON.exec(cron);
  if (!match) throw new Error(`${JSON.stringify(cron)} is not a time of the week such as "0 22 * * MON-FRI"`);
  return { minute: Number(match[1]), hour: Number(match[2]), days: weekdays(match[3]!) };
}

function weekdays(field: string): readonly Weekday[] {
  if (field === "*") return WEEKDAYS;
  const [first, last] = field.split("-") as [Weekday, Weekday | undefined];
  if (last === undefined) return WEEKDAYS.filter((day) => field.split(",").includes(day));
  const start = WEEKDAYS.indexOf(first);
  // FRI-MON goes over the end of the week.
  const count = ((WEEKDAYS.indexOf(last) - start + WEEKDAYS.length) % WEEKDAYS.length) + 1;
  const chosen = Array.from({ length: count }, (_, offset) => WEEKDAYS[(start + offset) % WEEKDAYS.length]!);
  return WEEKDAYS.filter((day) => chosen.includes(day));
}

/** As EventBridge Scheduler writes it, to be read as UTC: `cron(0 22 ? * MON,TUE *)`. */
export function eventBridgeCron(cron: string, laterMinutes = 0): string {
  const { hour, minute, days } = later(weeklyTime(cron), laterMinutes);
  return `cron(${minute} ${hour} ? * ${days.length === WEEKDAYS.length ? "*" : days.join(",")} *)`;
}

/** On the first such day of each month, as EventBridge and Secrets Manager write it, UTC: `cron(0 2 ? * SUN#1 *)`. */
export const monthlyCron = (weekday: Weekday, hour: number): string => `cron(0 ${hour} ? * ${weekday}#1 *)`;

/** As a systemd timer writes it: `Mon,Tue *-*-* 22:00:00 UTC`. */
export function onCalendar(cron: string): string {
  const { hour, minute, days } = weeklyTime(cron);
  const names = days.map((day) => day[0] + day.slice(1).toLowerCase());
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${days.length === WEEKDAYS.length ? "" : `${names.join(",")} `}*-*-* ${pad(hour)}:${pad(minute)}:00 UTC`;
}

/** The same times, some minutes later; past midnight they belong to the next day. */
export function later({ hour, minute, days }: WeeklyTime, minutes: number): WeeklyTime {
  const total = hour * 60 + minute + minutes;
  const daysLater = Math.floor(total / 1440);
  const moved = days.map((day) => WEEKDAYS[(WEEKDAYS.indexOf(day) + daysLater) % WEEKDAYS.length]!);
  return { hour: Math.floor(total / 60) % 24, minute: total % 60, days: WEEKDAYS.filter((day) => moved.includes(day)) };
}
