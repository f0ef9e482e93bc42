import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group";
import { Construct } from "constructs";
import { eventBridgeCron } from "../../environments/facts/cron";
import { Role } from "../identity/role";
import type { Notebook } from "./notebook";

export interface NotebookStopProps {
  /** Physical name of group and role. */
  readonly name: string;
  /** Twelve digits. */
  readonly account: string;
  readonly notebook: Notebook;
  /** What each stop is for → when, as cron writes it, UTC. */
  readonly stops: Readonly<Record<string, string>>;
}

/** Tried so often, and not after so long: a stop that comes late would end somebody's work of the next day. */
const RETRIES = { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 900 };

/** Stops the notebook by the calendar, whatever runs on it; whoever needs it starts it. A notebook that is stopped already refuses, and nothing comes of it. */
export class NotebookStop extends Construct {
  constructor(scope: Construct, id: string, props: NotebookStopProps) {
    super(scope, id);
    const { name, account, notebook, stops } = props;
    const role = new Role(this, "role", {
      name,
      description: "Stops the notebook by schedule",
      assumedBy: [
        {
          principals: { Service: "scheduler.amazonaws.com" },
          actions: ["sts:AssumeRole"],
          conditions: { StringEquals: { "aws:SourceAccount": account } },
        },
      ],
    });
    role.grant({ actions: ["sagemaker:StopNotebookInstance"], resources: [notebook.arn] });
    const { name: groupName } = new SchedulerScheduleGroup(this, "group", { name });
    for (const [purpose, cron] of Object.entries(stops))
      new SchedulerSchedule(this, purpose, {
        name: purpose,
        groupName,
        scheduleExpression: eventBridgeCron(cron),
        scheduleExpressionTimezone: "UTC",
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: "arn:aws:scheduler:::aws-sdk:sagemaker:stopNotebookInstance",
          roleArn: role.arn,
          input: JSON.stringify({ NotebookInstanceName: notebook.name }),
          retryPolicy: RETRIES,
        },
        dependsOn: [...role.granted],
      });
  }
}
