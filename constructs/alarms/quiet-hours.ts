import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { longerRests, weeklyRests, type Rest } from "../../environments/facts/rests";
import type { Metric } from "./metric";

export interface QuietHoursProps {
  /** Physical name. */
  readonly name: string;
  readonly description: string;
  readonly rest: Rest;
  /** Minutes after its end that are quiet too. */
  readonly graceMinutes: number;
  /** One that has a figure every minute, at these hours too: only the times of its figures count. */
  readonly clock: Metric;
}

/** Minutes of a week. */
const WEEK = 7 * 1440;

/**
 * When it is quiet, as metric math on the times of a metric named `clock`: 1 or 0.
 * `DAY` counts from Monday = 1: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function quietExpression({ rest, graceMinutes }: Pick<QuietHoursProps, "rest" | "graceMinutes">): string {
  const now = "((DAY(clock) - 1) * 1440 + HOUR(clock) * 60 + MINUTE(clock))";
  const weekly = weeklyRests(rest).flatMap(({ begin, minutes }) => {
    // It may end in the week after, and its grace be longer than that week.
    const end = begin + Math.min(minutes + graceMinutes, WEEK);
    return end <= WEEK ? [`(${now} >= ${begin} && ${now} < ${end})`] : [`(${now} >= ${begin})`, `(${now} < ${end - WEEK})`];
  });
  const longer = longerRests(rest).map(
    ({ begin, end }) => `(EPOCH(clock) >= ${begin / 1000} && EPOCH(clock) < ${end / 1000 + graceMinutes * 60})`,
  );
  return `IF(${[...weekly, ...longer].join(" || ")}, 1, 0)`;
}

/** An alarm that is on at certain hours of the week and tells nobody: it keeps others quiet (`CompositeAlarm`). No figure means that it is not quiet. */
export class QuietHours extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: QuietHoursProps) {
    super(scope, id);
    const {
      clock: { namespace, metric, dimensions, statistic },
      description,
      name,
    } = props;
    this.name = new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: name,
      alarmDescription: description,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
      metricQuery: [
        { id: "clock", metric: { namespace, metricName: metric, dimensions: { ...dimensions }, stat: statistic, period: 60 } },
        { id: "quiet", expression: quietExpression(props), label: "Quiet", returnData: true },
      ],
    }).alarmName;
  }
}
