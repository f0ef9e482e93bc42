import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group";
import { Construct } from "constructs";
import { eventBridgeCron } from "../../environments/facts/cron";
import { leftOutCrons, startCrons, type Rest } from "../../environments/facts/rests";
import type { Alarm } from "../alarms/alarm";
import { Role } from "../identity/role";

/** One that can be stopped and started by its id. */
export interface Stoppable {
  readonly id: string;
  readonly arn: string;
}

export interface StopScheduleProps {
  /** Physical name of the group of schedules, and of the role. */
  readonly name: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly rest: Rest;
  /** The first to start and the last to stop: what the others need, such as NAT. */
  readonly first?: readonly Stoppable[];
  /** Whoever starts them must be able to use the keys of their volumes. */
  readonly machines?: readonly Stoppable[];
  /** RDS instances, which start with the first: they take longest. */
  readonly databases?: readonly Stoppable[];
  /** Names of Auto Scaling groups with a `GroupSchedule`: their own actions know no holiday, so they are held back on one. */
  readonly groups?: readonly string[];
  /** Say nothing while it rests; must be made with `silencedBySchedule`. */
  readonly alarms: readonly Alarm[];
}

/** Minutes between what others need and those others, at both ends. */
export const BEHIND_MINUTES = 5;
/** Minutes after the start by which everything must have given a sign of life. */
export const GRACE_MINUTES = 15;

/**
 * Stops machines and databases and starts them again, week by week, and keeps their alarms quiet meanwhile (OPS-034, CST-025;
 * observability.md, open points). What scales has actions of its own: an Auto Scaling group would replace members that somebody else stops.
 *
 * EventBridge Scheduler makes the calls itself. At the end of the quiet time the alarms are set back too: only a change of state
 * tells anyone, and an alarm that went off while it was silenced would stay silent for a host that never came back.
 */
export class StopSchedule extends Construct {
  /** What makes the calls. */
  readonly role: Role;
  private readonly group: string;
  private readonly rest: Rest;

  constructor(scope: Construct, id: string, props: StopScheduleProps) {
    super(scope, id);
    const { name, account, rest, first = [], machines = [], databases = [], groups = [], alarms } = props;
    this.rest = rest;
    this.group = new SchedulerScheduleGroup(this, "group", { name }).name;
    this.role = new Role(this, "role", {
      name,
      description: "Stops and starts by schedule",
      assumedBy: [
        {
          principals: { Service: "scheduler.amazonaws.com" },
          actions: ["sts:AssumeRole"],
          conditions: { StringEquals: { "aws:SourceAccount": account } },
        },
      ],
    });
    this.stopMachines("first", first, { stop: BEHIND_MINUTES, start: 0 });
    this.stopMachines("machines", machines, { stop: 0, start: BEHIND_MINUTES });
    databases.forEach((database, index) => this.stopDatabase(index === 0 ? "database" : `database-${index + 1}`, database));
    groups.forEach((group, index) => this.holdBack(`group-${index + 1}`, group, props));
    if (alarms.length > 0) this.silence(alarms);
  }

  private stopMachines(id: string, machines: readonly Stoppable[], after: { readonly stop: number; readonly start: number }): void {
    if (machines.length === 0) return;
    this.role.grant({ actions: ["ec2:StartInstances", "ec2:StopInstances"], resources: machines.map(({ arn }) => arn) });
    const input = { InstanceIds: machines.map((machine) => machine.id) };
    this.atStop(`stop-${id}`, "ec2:stopInstances", input, after.stop);
    this.atStart(`start-${id}`, "ec2:startInstances", input, after.start);
  }

  /** After those that use it; RDS starts one that is stopped for seven days by itself, so a schedule may not rest so long (rules/schedules.ts). */
  private stopDatabase(id: string, { arn, id: identifier }: Stoppable): void {
    this.role.grant({ actions: ["rds:StartDBInstance", "rds:StopDBInstance"], resources: [arn] });
    // As the SDK for Java writes it, not the API.
    const input = { DbInstanceIdentifier: identifier };
    this.atStop(`stop-${id}`, "rds:stopDBInstance", input, BEHIND_MINUTES);
    this.atStart(`start-${id}`, "rds:startDBInstance", input, 0);
  }

  /** What is scheduled while it is suspended is left out, not made up for. https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html */
  private holdBack(id: string, group: string, { account, region, rest }: StopScheduleProps): void {
    if (leftOutCrons(rest).size === 0) return;
    this.role.grant({
      actions: ["autoscaling:ResumeProcesses", "autoscaling:SuspendProcesses"],
      // Its own ARN holds an id that only AWS knows.
      resources: [`arn:aws:autoscaling:${region}:${account}:autoScalingGroup:*:autoScalingGroupName/${group}`],
    });
    const input = { AutoScalingGroupName: group, ScalingProcesses: ["ScheduledActions"] };
    for (const [what, laterMinutes] of [
      ["suspend", 0],
      ["resume", GRACE_MINUTES],
    ] as const)
      for (const [end, expression] of leftOutCrons(rest, laterMinutes))
        this.call(`hold-${id}-${what}${end}`, expression, `autoscaling:${what}Processes`, input);
  }

  private silence(alarms: readonly Alarm[]): void {
    this.role.grant({
      actions: ["cloudwatch:DisableAlarmActions", "cloudwatch:EnableAlarmActions", "cloudwatch:SetAlarmState"],
      resources: alarms.map(({ arn }) => arn),
    });
    const names = { AlarmNames: alarms.map(({ name }) => name) };
    this.atStop("silence", "cloudwatch:disableAlarmActions", names);
    this.atStart("speak", "cloudwatch:enableAlarmActions", names, GRACE_MINUTES);
    for (const alarm of alarms) {
      this.atStart(
        // Below its stack; no two are called the same.
        `reset-${alarm.node.path.split("/").slice(1).join("-")}`,
        "cloudwatch:setAlarmState",
        { AlarmName: alarm.name, StateValue: "INSUFFICIENT_DATA", StateReason: "The scheduled rest is over" },
        GRACE_MINUTES + 1,
      );
    }
  }

  private atStop(id: string, operation: string, input: Readonly<Record<string, unknown>>, laterMinutes = 0): void {
    this.call(id, eventBridgeCron(this.rest.stop, laterMinutes), operation, input);
  }

  private atStart(id: string, operation: string, input: Readonly<Record<string, unknown>>, laterMinutes: number): void {
    for (const [end, expression] of startCrons(this.rest, laterMinutes)) this.call(`${id}${end}`, expression, operation, input);
  }

  /** One call of an AWS API, with the names of its SDK. */
  private call(id: string, scheduleExpression: string, operation: string, input: Readonly<Record<string, unknown>>): void {
    new SchedulerSchedule(this, id, {
      name: id,
      groupName: this.group,
      scheduleExpression,
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "OFF" },
      target: { arn: `arn:aws:scheduler:::aws-sdk:${operation}`, roleArn: this.role.arn, input: JSON.stringify(input) },
    });
  }
}
