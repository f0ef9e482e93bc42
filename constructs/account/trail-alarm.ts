import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { Construct } from "constructs";
import { Alarm, type AlarmTarget } from "../alarms/alarm";
import type { Suspicion } from "./suspicions";

export interface TrailAlarmProps extends Suspicion {
  /** Name of the trail's log group. */
  readonly logGroup: string;
  readonly nameSuffix: string;
  /** Of the metric, such as `AXIA/TradingSystem`. */
  readonly namespace: string;
  readonly target: AlarmTarget;
}

/** Counts what a filter finds in the trail, and tells of it within five minutes after CloudTrail has written it, which takes about as long again. */
export class TrailAlarm extends Construct {
  constructor(scope: Construct, id: string, props: TrailAlarmProps) {
    super(scope, id);
    const { name, description, severity, pattern, threshold = 1, logGroup, nameSuffix, namespace, target } = props;
    const metric = `Account${name.replaceAll("-", "")}`;
    new CloudwatchLogMetricFilter(this, "filter", {
      name: `${name}${nameSuffix}`,
      logGroupName: logGroup,
      pattern,
      metricTransformation: { namespace, name: metric, value: "1" },
    });
    new Alarm(this, "alarm", {
      name: `CloudTrail-${name}${nameSuffix}`,
      description,
      severity,
      owner: "DevOps",
      runbook: "account-watch",
      logs: logGroup,
      namespace,
      metric,
      statistic: "Sum",
      comparison: "GreaterThanOrEqualToThreshold",
      threshold,
      period: 300,
      target,
    });
  }
}
