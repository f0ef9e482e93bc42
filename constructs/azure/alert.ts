import { MonitorMetricAlert } from "@cdktf/provider-azurerm/lib/monitor-metric-alert";
import type { Construct } from "constructs";
import type { Place } from "./place";

/** Who is told. */
export interface AlertTarget {
  readonly actionGroupId: string;
}

export interface MetricAlertProps {
  readonly place: Place;
  readonly target: AlertTarget;
  readonly name: string;
  readonly description: string;
  /** Of what is watched. */
  readonly resourceId: string;
  /** Such as `Microsoft.Sql/servers/databases`. */
  readonly namespace: string;
  readonly metric: string;
  readonly aggregation: "Average" | "Maximum" | "Total";
  /** Fires above it. */
  readonly threshold: number;
}

/** Looks at the last five minutes, every minute, as CloudWatch's alarms do (C-41). Severity 2 is a warning. */
export function alertAbove(scope: Construct, id: string, props: MetricAlertProps): void {
  const { aggregation, description, metric, name, namespace, place, resourceId, target, threshold } = props;
  new MonitorMetricAlert(scope, id, {
    name,
    description,
    resourceGroupName: place.resourceGroupName,
    scopes: [resourceId],
    severity: 2,
    frequency: "PT1M",
    windowSize: "PT5M",
    criteria: [{ metricNamespace: namespace, metricName: metric, aggregation, operator: "GreaterThan", threshold }],
    action: [{ actionGroupId: target.actionGroupId }],
  });
}
