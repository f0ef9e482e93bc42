import { CloudwatchMetricAlarm, type CloudwatchMetricAlarmMetricQuery } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { describeAlarm, type AlarmFacts } from "../../functions/alerts/alarm-facts";
import { isCalculated, type Figure, type Metric } from "./metric";
import { runbookPath, type Runbook } from "./runbooks";

/** Where alarms go: a topic by its ARN. */
export interface AlarmTarget {
  readonly arn: string;
}

/** How bad it is, whose it is and what to do: no alarm without (OBS-034, OPS-035). */
export interface Responsibility extends Omit<AlarmFacts, "runbook"> {
  readonly runbook: Runbook;
}

/** The description of an alarm, its facts as the last line. */
export const described = (text: string, { severity, owner, runbook, logs }: Responsibility): string =>
  describeAlarm({ text, severity, owner, runbook: runbookPath(runbook), logs });

export interface AlarmSettings extends Responsibility {
  /** Physical name, such as `SQS-DLQ-Messages`. */
  readonly name: string;
  /** One sentence for people, without a full stop. */
  readonly description: string;
  readonly comparison:
    | "GreaterThanThreshold"
    | "GreaterThanOrEqualToThreshold"
    | "LessThanThreshold"
    | "LessThanOrEqualToThreshold"
    | "GreaterThanUpperThreshold";
  /** A figure, or how many standard deviations from what CloudWatch has learnt to expect (OBS-035), with the last comparison. */
  readonly threshold: number | { readonly deviations: number };
  /** Seconds: 10, 30 or a multiple of 60. */
  readonly period: number;
  /** Periods in a row that must breach. @default 1 */
  readonly evaluationPeriods?: number;
  /** What no data means. @default "notBreaching" */
  readonly missingData?: "breaching" | "notBreaching" | "ignore" | "missing";
  /** Told of the alarm. */
  readonly target: AlarmTarget;
  /** A schedule switches the actions off and on (`StopSchedule`), so a deploy meanwhile leaves them as they are. @default false */
  readonly silencedBySchedule?: boolean;
}

export type AlarmProps = AlarmSettings & Figure;

/** A metric alarm. Made by the construct that it watches (design 27); dashboards find it in the tree of constructs. */
export class Alarm extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(
    scope: Construct,
    id: string,
    readonly props: AlarmProps,
  ) {
    super(scope, id);
    const { name, description, comparison, threshold, period, evaluationPeriods = 1, target } = props;
    const { missingData = "notBreaching", silencedBySchedule = false } = props;
    const alarm = new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: name,
      alarmDescription: described(description, props),
      ...(typeof threshold === "number" ? { ...watched(props, period), threshold } : unusual(props, period, threshold)),
      comparisonOperator: comparison,
      evaluationPeriods,
      treatMissingData: missingData,
      alarmActions: [target.arn],
      okActions: [target.arn],
      lifecycle: silencedBySchedule ? { ignoreChanges: ["actions_enabled"] } : undefined,
    });
    this.arn = alarm.arn;
    this.name = alarm.alarmName;
  }
}

/** All alarms below a construct, in the order of their names. */
export const alarmsIn = (scope: Construct): Alarm[] =>
  scope.node
    .findAll()
    .filter((construct): construct is Alarm => construct instanceof Alarm)
    .sort((a, b) => (a.props.name < b.props.name ? -1 : 1));

function watched(figure: Figure, period: number) {
  if (!isCalculated(figure)) {
    const { namespace, metric, dimensions, statistic } = figure;
    return { namespace, metricName: metric, dimensions: dimensions && { ...dimensions }, statistic, period };
  }
  const { expression, label, of } = figure;
  return {
    metricQuery: [
      ...Object.entries(of).map(([id, metric]) => query(id, metric, period)),
      { id: "calculated", expression, label, returnData: true },
    ],
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html */
function unusual(figure: Figure, period: number, { deviations }: { readonly deviations: number }) {
  if (isCalculated(figure)) throw new Error(`alarm on ${figure.label}: CloudWatch learns what to expect of one metric`);
  return {
    metricQuery: [
      { ...query("figure", figure, period), returnData: true },
      { id: "expected", expression: `ANOMALY_DETECTION_BAND(figure, ${deviations})`, label: "Expected", returnData: true },
    ],
    thresholdMetricId: "expected",
  };
}

const query = (id: string, { namespace, metric, dimensions, statistic }: Metric, period: number): CloudwatchMetricAlarmMetricQuery => ({
  id,
  metric: { namespace, metricName: metric, dimensions: dimensions && { ...dimensions }, stat: statistic, period },
});
