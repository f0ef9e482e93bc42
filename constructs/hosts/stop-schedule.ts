import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group";
import { Construct } from "constructs";
import { eventBridgeCron } from "../../environments/facts/cron";
import type { Alarm } from "../alarms/alarm";
import type { EncryptionKey } from "../identity/encryption-key";
import { Role } from "../identity/role";
import type { Machine } from "./machine";

export interface StopScheduleProps {
  /** Physical name of the group of schedules. */
  readonly name: string;
  /** Physical name of the role. */
  readonly roleName: string;
  /** Twelve digits. */
  readonly account: string;
  readonly machine: Machine;
  /** Minute, hour, days of the week, UTC: `0 23 * * FRI` (OPS-034, CST-025). */
  readonly stop: string;
  readonly start: string;
  /** Say nothing while the machine is stopped; must be made with `silencedBySchedule`. */
  readonly alarms: readonly Alarm[];
  /** Encrypts the machine's volume. */
  readonly key?: EncryptionKey;
}

/** Minutes after the start by which the host must have given a sign of life. */
const GRACE_MINUTES = 15;

/**
 * Stops a machine and starts it again, week by week, and keeps its alarms quiet meanwhile (observability.md, open points).
 *
 * EventBridge Scheduler makes the calls itself. At the end of the quiet time the alarms are set back too: only a change of state
 * tells anyone, and an alarm that went off while it was silenced would stay silent for a host that never came back.
 */
export class StopSchedule extends Construct {
  private readonly role: Role;
  private readonly group: string;

  constructor(scope: Construct, id: string, props: StopScheduleProps) {
    super(scope, id);
    const { name, roleName, account, machine, stop, start, alarms, key } = props;
    this.group = new SchedulerScheduleGroup(this, "group", { name }).name;
    this.role = new Role(this, "role", {
      name: roleName,
      description: "Stops and starts a host by schedule",
      assumedBy: [
        {
          principals: { Service: "scheduler.amazonaws.com" },
          actions: ["sts:AssumeRole"],
          conditions: { StringEquals: { "aws:SourceAccount": account } },
        },
      ],
    });
    this.role.grant({ actions: ["ec2:StartInstances", "ec2:StopInstances"], resources: [machine.arn] });
    key?.grantVolumes(this.role);
    this.role.grant({
      actions: ["cloudwatch:DisableAlarmActions", "cloudwatch:EnableAlarmActions", "cloudwatch:SetAlarmState"],
      resources: alarms.map(({ arn }) => arn),
    });

    const awake = eventBridgeCron(start, GRACE_MINUTES);
    const alarmNames = { AlarmNames: alarms.map((alarm) => alarm.name) };
    this.call("silence", eventBridgeCron(stop), "cloudwatch:disableAlarmActions", alarmNames);
    this.call("stop", eventBridgeCron(stop), "ec2:stopInstances", { InstanceIds: [machine.id] });
    this.call("start", eventBridgeCron(start), "ec2:startInstances", { InstanceIds: [machine.id] });
    this.call("speak", awake, "cloudwatch:enableAlarmActions", alarmNames);
    for (const alarm of alarms) {
      this.call(`reset-${alarm.node.id}`, eventBridgeCron(start, GRACE_MINUTES + 1), "cloudwatch:setAlarmState", {
        AlarmName: alarm.name,
        StateValue: "INSUFFICIENT_DATA",
        StateReason: "The scheduled stop of the host is over",
      });
    }
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
