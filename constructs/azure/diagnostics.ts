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
  /** Some services have metrics only. @default true */
  readonly logs?: boolean;
  /** Some have logs only. @default true */
  readonly metrics?: boolean;
}

/** Every log and every metric of a resource goes to the workspace. */
export function diagnose(scope: Construct, id: string, { workspaceId }: LogTarget, props: DiagnosticsProps): void {
  const { targetId, logs = true, metrics = true } = props;
  new MonitorDiagnosticSetting(scope, id, {
    name: "to-workspace",
    targetResourceId: targetId,
    logAnalyticsWorkspaceId: workspaceId,
    enabledLog: logs ? [{ categoryGroup: "allLogs" }] : undefined,
    enabledMetric: metrics ? [{ category: "AllMetrics" }] : undefined,
  });
}
