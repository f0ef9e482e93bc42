/** What autoscalers and `kubectl top` read. */
import { REPLICAS, SYSTEM, type PublicChart, type ReleaseValues } from "./release-values";

export const METRICS_SERVER_CHART: PublicChart = {
  repository: "https://kubernetes-sigs.github.io/metrics-server/",
  name: "metrics-server",
  version: "3.13.1",
};

/** What autoscalers and `kubectl top` read. https://kubernetes-sigs.github.io/metrics-server */
export const metricsServer = (): ReleaseValues => ({
  name: "metrics-server",
  namespace: SYSTEM,
  values: { replicas: REPLICAS, podDisruptionBudget: { enabled: true, minAvailable: 1 } },
});
