import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group";
import { Construct } from "constructs";
import { EventAlert } from "../alarms/event-alert";
import type { AlarmTarget, Responsibility } from "../alarms/alarm";
import { Role } from "../identity/role";
import type { Runbook } from "./runbook";

export interface ScheduledRunProps {
  /** Physical name of group and role. */
  readonly name: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** Of kind automation, without parameters that must be given. */
  readonly runbook: Runbook;
  /** As EventBridge Scheduler writes it, UTC. */
  readonly schedule: string;
  /** Told of a run that failed, took too long or was stopped, whoever started it. */
  readonly target: AlarmTarget;
  /** Who sees to that, and by which page. */
  readonly responsibility: Responsibility;
}

/** Starts a runbook by the calendar, and tells when one did not end well (OPS-031). */
export class ScheduledRun extends Construct {
  constructor(scope: Construct, id: string, props: ScheduledRunProps) {
    super(scope, id);
    const { name, account, region, runbook, schedule, target, responsibility } = props;
    const role = new Role(this, "role", {
      name,
      description: `Starts the runbook ${runbook.node.id}`,
      assumedBy: [
        {
          principals: { Service: "scheduler.amazonaws.com" },
          actions: ["sts:AssumeRole"],
          conditions: { StringEquals: { "aws:SourceAccount": account } },
        },
      ],
    });
    role.grant({
      actions: ["ssm:StartAutomationExecution"],
      resources: [
        `arn:aws:ssm:${region}:${account}:automation-definition/${runbook.name}:*`,
        `arn:aws:ssm:${region}:${account}:automation-execution/*`,
      ],
    });
    role.grant({
      actions: ["iam:PassRole"],
      resources: [runbook.role!.arn],
      conditions: { StringEquals: { "iam:PassedToService": "ssm.amazonaws.com" } },
    });
    new SchedulerSchedule(this, "schedule", {
      name: "run",
      groupName: new SchedulerScheduleGroup(this, "group", { name }).name,
      scheduleExpression: schedule,
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: "arn:aws:scheduler:::aws-sdk:ssm:startAutomationExecution",
        roleArn: role.arn,
        input: JSON.stringify({ DocumentName: runbook.name }),
      },
      dependsOn: [...role.granted],
    });
    // https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-eventbridge-events.html
    new EventAlert(this, "alert", {
      ...responsibility,
      name: `${name}-failed`,
      description: `A run of ${runbook.node.id} did not end well`,
      pattern: {
        source: ["aws.ssm"],
        "detail-type": ["EC2 Automation Execution Status-change Notification"],
        detail: { Definition: [runbook.name], Status: ["Failed", "TimedOut", "Cancelled"] },
      },
      values: { run: "$.detail.ExecutionId", status: "$.detail.Status" },
      message: `The run <run> of ${runbook.node.id} ended as <status>`,
      target,
    });
  }
}
