/** Prometheus, Alertmanager and Grafana. */
import { ALERTMANAGER_TEMPLATE } from "../../../functions/alerts/alertmanager-text";
import type { Kubernetes } from "../../../environments/schema/kubernetes";
import type { ServiceAccount } from "../pod-role";
import { type PublicChart, type ReleaseValues } from "./release-values";

export const KUBE_PROMETHEUS_STACK_CHART: PublicChart = {
  repository: "https://prometheus-community.github.io/helm-charts",
  name: "kube-prometheus-stack",
  version: "92.1.0",
};

/** Who it is in the cluster; by it AWS knows it. */
export const ALERTMANAGER_ACCOUNT = {
  namespace: "monitoring",
  name: "kube-prometheus-stack-alertmanager",
} as const satisfies ServiceAccount;

export interface MonitoringProps extends NonNullable<Kubernetes["monitoring"]> {
  /** Where alerts go. @default they stay in Alertmanager */
  readonly alerts?: AlertTopics;
}

/** Topics of one region, and who publishes to them. */
export interface AlertTopics {
  /** Name of the cluster, which its alerts say. */
  readonly cluster: string;
  /** Read by people and by what posts to Slack. */
  readonly topicArn: string;
  /** Where the `Watchdog` beats (watchdog.ts). */
  readonly watchdogArn: string;
  readonly region: string;
}

/** Short enough for SNS, which refuses a longer one for good: Alertmanager's own has every label in it. https://github.com/prometheus/alertmanager/issues/2781 */
const SUBJECT = '{{ printf "%.99s" (printf "[%s] %s" .Status .CommonLabels.alertname) }}';

/**
 * Alertmanager's way to people: Alertmanager → SNS → mail (OBS-039), and whatever else reads the topic. It signs with the role of its pod.
 * What is not said here is the chart's own: it waits 30 seconds to group alerts, repeats them after 12 hours, and an alert that is critical hides
 * the same one that is a warning. https://prometheus.io/docs/alerting/latest/configuration
 */
const alertmanagerConfig = ({ topicArn, watchdogArn, region }: AlertTopics) => {
  const topic = (arn: string, rest: Readonly<Record<string, unknown>>) => ({
    topic_arn: arn,
    sigv4: { region },
    subject: SUBJECT,
    ...rest,
  });
  return {
    route: {
      receiver: "alerts",
      group_by: ["namespace", "alertname", "severity"],
      routes: [
        // Alertmanager looks once in `group_interval` whether `repeat_interval` is over, so it beats every one or two minutes.
        { receiver: "watchdog", matchers: ['alertname = "Watchdog"'], group_wait: "0s", group_interval: "1m", repeat_interval: "1m" },
        { receiver: "null", matchers: ['alertname = "InfoInhibitor"'] },
      ],
    },
    receivers: [
      { name: "null" },
      // That the alert is over is no sign of life.
      { name: "watchdog", sns_configs: [topic(watchdogArn, { send_resolved: false })] },
      {
        name: "alerts",
        sns_configs: [
          topic(topicArn, {
            send_resolved: true,
            message: ALERTMANAGER_TEMPLATE,
            // SNS refuses an attribute without a value.
            attributes: { source: "alertmanager", severity: '{{ or .CommonLabels.severity "none" }}' },
          }),
        ],
      },
    ],
  };
};

/** Kubernetes moves the pods of a node that does not answer after five minutes. */
const LOST_NODE = { for: "5m", severity: "critical" };

/** Prometheus, Alertmanager and Grafana (K8S-016, OBS-022). */
export const kubePrometheusStack = ({ retentionDays, storageGigabytes, alerts }: MonitoringProps): ReleaseValues => {
  const volume = (gigabytes: number) => ({
    volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: `${gigabytes}Gi` } } } },
  });
  const everything = ["rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig"].map(
    (kind) => [`${kind}SelectorNilUsesHelmValues`, false] as const,
  );
  // EKS keeps these out of sight.
  const unseen = ["kubeControllerManager", "kubeScheduler", "kubeEtcd", "kubeProxy"].map((part) => [part, { enabled: false }] as const);
  return {
    name: "kube-prometheus-stack",
    namespace: ALERTMANAGER_ACCOUNT.namespace,
    podSecurity: "privileged", // node-exporter reads the node's own file systems
    values: {
      ...Object.fromEntries(unseen),
      defaultRules: {
        rules: { etcd: false, kubeControllerManager: false, kubeProxy: false, kubeSchedulerAlerting: false, kubeSchedulerRecording: false },
      },
      // The chart's own rules watch nodes, volumes and what is installed; a lost node is told after a quarter of an hour there, as a warning.
      customRules: { KubeNodeNotReady: LOST_NODE, KubeNodeUnreachable: LOST_NODE },
      prometheus: {
        prometheusSpec: {
          // Whatever its release, so that other charts' monitors count.
          ...Object.fromEntries(everything),
          ...(alerts && { externalLabels: { cluster: alerts.cluster } }),
          retention: `${retentionDays}d`,
          retentionSize: `${Math.max(1, Math.floor(storageGigabytes * 0.85))}GiB`,
          storageSpec: volume(storageGigabytes),
        },
      },
      alertmanager: {
        serviceAccount: { create: true, name: ALERTMANAGER_ACCOUNT.name },
        alertmanagerSpec: { storage: volume(2) },
        ...(alerts && { config: alertmanagerConfig(alerts) }),
      },
      // Dashboards come with the charts. The password is made by the chart, see docs/kubernetes.md.
      grafana: { persistence: { enabled: false }, initChownData: { enabled: false } },
    },
  };
};
