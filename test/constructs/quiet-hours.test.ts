/** Quiet hours, alarms on alarms. */
import { Alarm } from "../../constructs/alarms/alarm";
import { CompositeAlarm } from "../../constructs/alarms/composite-alarm";
import { QuietHours, quietExpression } from "../../constructs/alarms/quiet-hours";
import { alerts, bare } from "../helpers/containers";
import { onlyResource, resourcesOf, synthConstructs } from "../helpers/synth";

/** Computes the expression as CloudWatch would at a time; Monday is day 1. */
function isQuiet(expression: string, time: Date): boolean {
  const [day, hour, minute] = [time.getUTCDay() || 7, time.getUTCHours(), time.getUTCMinutes()];
  const condition = /^IF\((.*), 1, 0\)$/.exec(expression)![1]!;
  const text = condition
    .replaceAll("EPOCH(clock)", String(time.getTime() / 1000))
    .replaceAll("DAY(clock)", String(day))
    .replaceAll("HOUR(clock)", String(hour))
    .replaceAll("MINUTE(clock)", String(minute));
  return new Function(`return ${text}`)() as boolean;
}
/** 2026-01-05 is a Monday. */
const at = (day: number, time: string) => new Date(`2026-01-${String(4 + day).padStart(2, "0")}T${time}:00Z`);

describe("the time", () => {
  const weekend = quietExpression({ rest: { stop: "0 23 * * FRI", start: "0 20 * * SUN" }, graceMinutes: 15 });

  it.each([
    ["Friday 22:59", at(5, "22:59"), false],
    ["Friday 23:00", at(5, "23:00"), true],
    ["Saturday", at(6, "00:00"), true],
    ["Sunday 20:14, within its grace", at(7, "20:14"), true],
    ["Sunday 20:15", at(7, "20:15"), false],
    ["Monday", at(1, "00:00"), false],
  ])("%s", (_, time, expected) => {
    expect(isQuiet(weekend, time)).toBe(expected);
  });

  it("goes over the end of the week", () => {
    const overSunday = quietExpression({ rest: { stop: "0 12 * * SUN", start: "50 23 * * SUN" }, graceMinutes: 15 });
    expect(isQuiet(overSunday, at(1, "00:04"))).toBe(true);
    expect(isQuiet(overSunday, at(1, "00:05"))).toBe(false);
    expect(isQuiet(overSunday, at(7, "11:59"))).toBe(false);
    expect(isQuiet(overSunday, at(7, "12:00"))).toBe(true);
  });

  it("comes every night where the schedule does, minute by minute of a week", () => {
    const nights = quietExpression({ rest: { stop: "30 22 * * MON-THU", start: "0 6 * * TUE-FRI" }, graceMinutes: 0 });
    for (let minute = 0; minute < 7 * 1440; minute++) {
      const time = new Date(at(1, "00:00").getTime() + minute * 60_000);
      const [day, ofDay] = [Math.floor(minute / 1440) + 1, minute % 1440];
      const expected = (day <= 4 && ofDay >= 22 * 60 + 30) || (day >= 2 && day <= 5 && ofDay < 6 * 60);
      if (isQuiet(nights, time) !== expected) throw new Error(`${time.toISOString()}: ${!expected}`);
    }
  });
});

it("lasts over a holiday to the next start, and its grace with it", () => {
  // Monday the 12th begins in Tokyo on Sunday in UTC.
  const rest = { stop: "0 23 * * FRI", start: "0 20 * * SUN,MON", holidays: ["2026-01-12"] };
  const quiet = quietExpression({ rest, graceMinutes: 15 });
  for (const [time, expected] of [
    ["2026-01-11T20:14Z", true],
    ["2026-01-11T20:15Z", true],
    ["2026-01-12T20:14Z", true],
    ["2026-01-12T20:15Z", false],
    ["2026-01-18T20:14Z", true],
    ["2026-01-18T20:15Z", false],
  ] as const)
    expect([time, isQuiet(quiet, new Date(time))]).toEqual([time, expected]);
});

const FACTS = { severity: "critical", owner: "SRE", runbook: "impaired" } as const;
const json = (members: number) =>
  synthConstructs((stack) => {
    const metric = { namespace: "AWS/SQS", metric: "NumberOfMessagesSent", statistic: "Sum" } as const;
    const quiet = new QuietHours(stack, "quiet", {
      name: "Quiet",
      description: "Weekend",
      rest: { stop: "0 23 * * FRI", start: "0 20 * * SUN" },
      graceMinutes: 15,
      clock: metric,
    });
    new CompositeAlarm(stack, "impaired", {
      ...FACTS,
      name: "Impaired",
      description: "Something vital",
      target: alerts,
      quiet,
      members: ["A", "B"].slice(0, members).map(
        (name) =>
          new Alarm(stack, name, {
            ...FACTS,
            ...metric,
            name,
            description: "Too many",
            comparison: "GreaterThanThreshold",
            threshold: 1,
            period: 60,
            target: alerts,
          }),
      ),
    });
  });

it("an alarm on alarms is on while any of them is, and silent in its quiet hours", () => {
  expect(bare(onlyResource(json(2), "aws_cloudwatch_composite_alarm"))).toEqual({
    alarm_name: "Impaired",
    alarm_description: "Something vital\nseverity=critical owner=SRE runbook=docs/runbooks/impaired.md",
    alarm_rule: 'ALARM("A") OR ALARM("B")',
    alarm_actions: [alerts.arn],
    ok_actions: [alerts.arn],
    actions_suppressor: { alarm: "quiet_alarm.alarm_name", wait_period: 300, extension_period: 300 },
  });
});

it("one without members is refused", () => {
  expect(() => json(0)).toThrow("alarm Impaired: it has no members");
});

it("quiet hours are on where the expression says so, and off without figures", () => {
  const quiet = resourcesOf(json(1), "aws_cloudwatch_metric_alarm")
    .map(bare)
    .find(({ alarm_name: name }) => name === "Quiet")!;
  expect(quiet).toMatchObject({ comparison_operator: "GreaterThanOrEqualToThreshold", threshold: 1, treat_missing_data: "notBreaching" });
  expect(quiet).not.toHaveProperty("alarm_actions");
});
