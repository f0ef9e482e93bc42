/** The metrics that the chart's rules and dashboards may ask for, by those who expose them, and what a query asks for. */

/** Labels of a target, which Prometheus puts on all that it scrapes. https://prometheus.io/docs/concepts/jobs_instances */
const TARGET = ["namespace", "job", "pod", "service", "instance", "endpoint", "container"];

const of = (labels: string, names: readonly string[]) => names.map((name) => [name, labels.split(" ")] as const);

/** Labels by metric. */
export const EXPOSED: ReadonlyMap<string, readonly string[]> = new Map([
  // What programs must expose (charts/day-trade-ml/values.yaml): the names and labels of prometheus-fastapi-instrumentator's defaults.
  // https://github.com/trallnag/prometheus-fastapi-instrumentator#readme
  ...of("handler status method", ["http_requests_total"]),
  ...of("handler method le", ["http_request_duration_seconds_bucket"]),
  ...of("", ["ensemble_accuracy_ratio"]),
  // kube-state-metrics, all of them stable.
  // https://github.com/kubernetes/kube-state-metrics/tree/c92fe0c5ce02d3b52abf54490e00db6c706f2ba5/docs/metrics
  ...of("deployment namespace", ["kube_deployment_status_replicas_available", "kube_deployment_spec_replicas"]),
  ...of("deployment namespace reason condition status", ["kube_deployment_status_condition"]),
  ...of("pod namespace condition uid", ["kube_pod_status_ready"]),
  ...of("pod namespace phase uid", ["kube_pod_status_phase"]),
  ...of("container pod namespace uid", ["kube_pod_container_status_restarts_total"]),
  ...of("container pod namespace reason uid", ["kube_pod_container_status_waiting_reason"]),
  ...of("resource unit container pod namespace node uid", ["kube_pod_container_resource_limits"]),
  ...of("node condition status", ["kube_node_status_condition"]),
  ...of("horizontalpodautoscaler namespace", [
    "kube_horizontalpodautoscaler_status_current_replicas",
    "kube_horizontalpodautoscaler_spec_max_replicas",
  ]),
  // The kubelet's cAdvisor. https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md
  ...of("container pod namespace", [
    "container_cpu_usage_seconds_total",
    "container_cpu_cfs_periods_total",
    "container_cpu_cfs_throttled_periods_total",
    "container_memory_working_set_bytes",
  ]),
  // Prometheus itself. https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/#inspecting-alerts-during-runtime
  ...of("", ["up"]),
  ...of("alertname alertstate deployment", ["ALERTS"]),
]);

/** What a rule records keeps the labels that it sums by. */
const RECORDED = /^day_trade:/;
const OF_RECORDS = ["namespace", "job", "container", "alert"];

const KEYWORDS = new Set(["and", "or", "unless", "bool", "on", "by", "without", "ignoring", "group_left", "group_right", "offset"]);

export interface Asked {
  readonly metric: string;
  /** Those that it is chosen by. */
  readonly labels: readonly string[];
}

/** The metrics that a query of PromQL reads. */
export function askedBy(query: string): readonly Asked[] {
  const text = query
    .replace(/"(\\.|[^"\\])*"/g, '""')
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, " ")
    .replace(/\[[^\]]*\]/g, " ");
  return [...text.matchAll(/([A-Za-z_:][\w:]*)\s*(\(|\{[^}]*\})?/g)].flatMap(([, name, after]) => {
    if (after === "(" || KEYWORDS.has(name!)) return [];
    return [{ metric: name!, labels: [...(after ?? "").matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label!) }];
  });
}

/** What is wrong with a query: a line each. @param recorded names that rules record */
export const unknownIn = (query: string, recorded: ReadonlySet<string>): readonly string[] =>
  askedBy(query).flatMap(({ metric, labels }) => {
    const own = RECORDED.test(metric) && recorded.has(metric) ? OF_RECORDS : EXPOSED.get(metric);
    if (!own) return [`nobody exposes ${metric}`];
    return labels.filter((label) => ![...own, ...TARGET].includes(label)).map((label) => `${metric} has no label ${label}`);
  });
