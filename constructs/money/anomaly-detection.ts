import { CeAnomalyMonitor } from "@cdktf/provider-aws/lib/ce-anomaly-monitor";
import { CeAnomalySubscription } from "@cdktf/provider-aws/lib/ce-anomaly-subscription";
import { Construct } from "constructs";
import type { AlarmTarget } from "../alarms/alarm";

export interface AnomalyDetectionProps {
  /** The only one of services that the account may have: that which there is, by its ARN, or one that is made. */
  readonly monitor: { readonly existing: true; readonly arn: string } | { readonly existing: false; readonly name: string };
  /** Of the subscription. */
  readonly name: string;
  /** US dollars above what was expected. */
  readonly thresholdDollars: number;
  readonly target: AlarmTarget;
}

/** Tells of a service that costs more than it used to (CST-031). Free. https://docs.aws.amazon.com/cost-management/latest/userguide/manage-ad.html */
export class AnomalyDetection extends Construct {
  constructor(scope: Construct, id: string, props: AnomalyDetectionProps) {
    super(scope, id);
    const { monitor, name, thresholdDollars, target } = props;
    const monitorArn = monitor.existing
      ? monitor.arn
      : new CeAnomalyMonitor(this, "monitor", { name: monitor.name, monitorType: "DIMENSIONAL", monitorDimension: "SERVICE" }).arn;
    new CeAnomalySubscription(this, "subscription", {
      name,
      monitorArnList: [monitorArn],
      // A topic takes them one by one only; mail comes from there.
      frequency: "IMMEDIATE",
      subscriber: [{ type: "SNS", address: target.arn }],
      thresholdExpression: {
        dimension: {
          key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
          matchOptions: ["GREATER_THAN_OR_EQUAL"],
          values: [String(thresholdDollars)],
        },
      },
    });
  }
}
