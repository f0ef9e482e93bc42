/** The system's own metrics: the contract between those who publish them and those who look at them. */
import type { Metric } from "../alarms/metric";

interface Published {
  readonly statistic: Metric["statistic"];
  readonly unit: "Count" | "Percent" | "None";
  /** Who publishes it; docs/hosts.md says the same for people. */
  readonly by: "agent" | "watch" | "application" | "notebook";
  readonly meaning: string;
}

/**
 * By name, all with the dimensions Environment and Host. `agent`: the CloudWatch agent's configuration; `watch`: what watches the host (the watchdog,
 * the engine's timer, the NAT instance's own); `notebook`: hosts/research, by a line of its log; `application`: only the trading software knows, and calls `put_custom_metrics` (OBS-013, RMP-010).
 */
export const HOST_METRICS = {
  /** OBS-014. */
  ActivePositions: { statistic: "Maximum", unit: "Count", by: "application", meaning: "open positions" },
  /** OBS-019: in the currency of the account at the broker; may be negative. */
  CurrentProfitLoss: { statistic: "Average", unit: "None", by: "application", meaning: "profit or loss of all open positions" },
  /** OBS-016. */
  DataSourceHealth: { statistic: "Minimum", unit: "Count", by: "watch", meaning: "1 if the data collector's last run went well, else 0" },
  DiskFreePercent: { statistic: "Minimum", unit: "Percent", by: "agent", meaning: "free on the system disk (Windows)" },
  DiskUsedPercent: { statistic: "Maximum", unit: "Percent", by: "agent", meaning: "used on the system disk (Linux)" },
  /** OBS-021. */
  Heartbeat: { statistic: "Sum", unit: "Count", by: "watch", meaning: "1, at least once a minute, while the host lives" },
  /** OBS-007. */
  MemoryUtilization: { statistic: "Average", unit: "Percent", by: "agent", meaning: "memory in use" },
  /** OBS-020. */
  MT5ConnectionStatus: {
    statistic: "Maximum",
    unit: "Count",
    by: "watch",
    meaning: "1 if the terminal is connected to its broker, else 0",
  },
  NotebookFaults: {
    statistic: "Sum",
    unit: "Count",
    by: "notebook",
    meaning: "1 whenever the environment could not be built, or whether the notebook is used could not be seen",
  },
  NotebookIdleMinutes: { statistic: "Maximum", unit: "Count", by: "notebook", meaning: "minutes for which nobody has used the notebook" },
} as const satisfies Readonly<Record<string, Published>>;

export type HostMetric = keyof typeof HOST_METRICS;

/** Of a host that publishes. */
export interface HostMetricsOf {
  /** C-44: one value for metrics, alarms, dashboard and rights. */
  readonly namespace: string;
  /** `Environment` and `Host`. */
  readonly dimensions: Readonly<Record<string, string>>;
}

export const hostMetric = ({ dimensions, namespace }: HostMetricsOf, metric: HostMetric): Metric => ({
  namespace,
  metric,
  dimensions,
  statistic: HOST_METRICS[metric].statistic,
});
