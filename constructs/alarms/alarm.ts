import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";

/** Where alarms go: a topic by its ARN. */
export interface AlarmTarget {
  readonly arn: string;
}

/** A series of figures. */
export interface Metric {
  /** Such as `AWS/SQS`. */
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum";
}

export interface AlarmProps extends Metric {
  /** Physical name, such as `SQS-DLQ-Messages`. */
  readonly name: string;
  readonly description: string;
  readonly comparison: "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold" | "LessThanThreshold" | "LessThanOrEqualToThreshold";
  readonly threshold: number;
  /** Seconds: 10, 30 or a multiple of 60. */
  readonly period: number;
  /** Periods in a row that must breach. @default 1 */
  readonly evaluationPeriods?: number;
  /** What no data means. @default "notBreaching" */
  readonly missingData?: "breaching" | "notBreaching" | "ignore" | "missing";
  /** Told of the alarm. */
  readonly target: AlarmTarget;
  /** Whether the target is told of its end too. @default true */
  readonly notifyOnOk?: boolean;
  /** A schedule switches the actions off and on (`StopSchedule`), so a deploy meanwhile leaves them as they are. @default false */
  readonly silencedBySchedule?: boolean;
}

/** A metric alarm, its class the first word of its description (OBS-034). Made by the construct that it watches (design 27). */
export class Alarm extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id);
    const {
      name,
      description,
      namespace,
      metric,
      dimensions,
      statistic,
      comparison,
      threshold,
      period,
      evaluationPeriods = 1,
      missingData = "notBreaching",
      target,
      notifyOnOk = true,
      silencedBySchedule = false,
    } = props;
    const alarm = new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: name,
      alarmDescription: description,
      namespace,
      metricName: metric,
      dimensions: dimensions && { ...dimensions },
      statistic,
      comparisonOperator: comparison,
      threshold,
      period,
      evaluationPeriods,
      treatMissingData: missingData,
      alarmActions: [target.arn],
      okActions: notifyOnOk ? [target.arn] : undefined,
      lifecycle: silencedBySchedule ? { ignoreChanges: ["actions_enabled"] } : undefined,
    });
    this.arn = alarm.arn;
    this.name = alarm.alarmName;
  }
}
