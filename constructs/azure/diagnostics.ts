import { MonitorDiagnosticSetting } from "@cdktf/provider-azurerm/lib/monitor-diagnostic-setting";
import type { Construct } from "constructs";

/** Where diagnostic settings send what they see. */
export interface LogTarget {
  /** Of the Log Analytics workspace. */
  readonly workspaceId: string;
}

export interface DiagnosticsProps {
  /** Of whose logs and metrics it is. */
  readonly targetId: string;
  /** Some services have metrics only; of some not every category is worth its price. @default true: every one */
  readonly logs?: boolean | readonly string[];
  /**
   * Categories of metrics that the kind of resource has; none for what has logs only. `AllMetrics` is the only category of most kinds, and
   * Azure refuses it where there are others (https://learn.microsoft.com/azure/azure-monitor/reference/metrics-index). @default AllMetrics
   */
  readonly metrics?: readonly string[];
}

/** Every log of a resource, and the metrics that can be sent, go to the workspace. */
export function diagnose(scope: Construct, id: string, { workspaceId }: LogTarget, props: DiagnosticsProps): void {
  const { targetId, logs = true, metrics = ["AllMetrics"] } = props;
  new MonitorDiagnosticSetting(scope, id, {
    name: "to-workspace",
    targetResourceId: targetId,
    logAnalyticsWorkspaceId: workspaceId,
    enabledLog: typeof logs === "object" ? logs.map((category) => ({ category })) : logs ? [{ categoryGroup: "allLogs" }] : undefined,
    enabledMetric: metrics.length > 0 ? metrics.map((category) => ({ category })) : undefined,
  });
}
