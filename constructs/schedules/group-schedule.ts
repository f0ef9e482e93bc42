import { AutoscalingSchedule } from "@cdktf/provider-aws/lib/autoscaling-schedule";
import { Construct } from "constructs";
import { later, weeklyTime, WEEKDAYS } from "../../environments/facts/cron";
import type { Rest } from "../../environments/facts/rests";
import { BEHIND_MINUTES } from "./stop-schedule";

export interface GroupScheduleProps {
  /** Physical name of the Auto Scaling group. */
  readonly group: string;
  readonly rest: Rest;
  /** While it does not rest. Terraform must ignore them of the group: a schedule sets them, and changed ones count from its next start on. */
  readonly size: { readonly min: number; readonly max: number; readonly desired: number };
}

/**
 * Takes an Auto Scaling group down to no member and back, by its own scheduled actions: it would replace members that somebody else stops.
 * With room for none, whoever scales it, such as the Cluster Autoscaler, cannot add one meanwhile.
 */
export class GroupSchedule extends Construct {
  constructor(scope: Construct, id: string, { group, rest, size }: GroupScheduleProps) {
    super(scope, id);
    const at = (what: "stop" | "start", minutes: number, { min, max, desired }: GroupScheduleProps["size"]) =>
      new AutoscalingSchedule(this, what, {
        scheduledActionName: what,
        autoscalingGroupName: group,
        recurrence: unixCron(rest[what], minutes),
        timeZone: "Etc/UTC",
        minSize: min,
        maxSize: max,
        desiredCapacity: desired,
      });
    at("stop", 0, { min: 0, max: 0, desired: 0 });
    at("start", BEHIND_MINUTES, size);
  }
}

/** Auto Scaling reads cron as Unix does: Sunday is 0. */
function unixCron(cron: string, laterMinutes: number): string {
  const { days, hour, minute } = later(weeklyTime(cron), laterMinutes);
  return `${minute} ${hour} * * ${days.map((day) => WEEKDAYS.indexOf(day)).join(",")}`;
}
