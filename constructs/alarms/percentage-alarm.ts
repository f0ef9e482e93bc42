import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { AlarmTarget, Metric } from "./alarm";

export interface PercentageAlarmProps {
  /** Physical name. */
  readonly name: string;
  readonly description: string;
  /** Such as the answers that are errors. */
  readonly part: Metric;
  /** Such as all answers. */
  readonly whole: Metric;
  /** Share of the part above which the alarm fires, 1 to 100. */
  readonly percent: number;
  /** Seconds: 10, 30 or a multiple of 60. */
  readonly period: number;
  readonly target: AlarmTarget;
}

/** An alarm on one metric's share of another, such as the errors among all answers. No data is no errors. */
export class PercentageAlarm extends Construct {
  constructor(scope: Construct, id: string, props: PercentageAlarmProps) {
    super(scope, id);
    const { name, description, part, whole, percent, period, target } = props;
    const query = (queryId: string, { namespace, metric, dimensions, statistic }: Metric) => ({
      id: queryId,
      metric: { namespace, metricName: metric, dimensions: dimensions && { ...dimensions }, stat: statistic, period },
    });
    new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: name,
      alarmDescription: description,
      comparisonOperator: "GreaterThanThreshold",
      threshold: percent,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
      metricQuery: [
        query("part", part),
        query("whole", whole),
        { id: "percentage", expression: "100 * part / whole", label: "Percentage", returnData: true },
      ],
      alarmActions: [target.arn],
      okActions: [target.arn],
    });
  }
}
