/** Prometheus, Alertmanager and Grafana. */
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
  /** Topic that alerts go to, and its region. @default alerts stay in Alertmanager */
  readonly alerts?: { readonly topicArn: string; readonly region: string };
}

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
      prometheus: {
        prometheusSpec: {
          // Whatever its release, so that other charts' monitors count.
          ...Object.fromEntries(everything),
          retention: `${retentionDays}d`,
          retentionSize: `${Math.max(1, Math.floor(storageGigabytes * 0.85))}GiB`,
          storageSpec: volume(storageGigabytes),
        },
      },
      alertmanager: {
        serviceAccount: { create: true, name: ALERTMANAGER_ACCOUNT.name },
        alertmanagerSpec: { storage: volume(2) },
        ...(alerts && {
          config: {
            route: {
              receiver: "alerts",
              group_by: ["namespace", "alertname"],
              routes: [{ receiver: "null", matchers: ['alertname =~ "InfoInhibitor|Watchdog"'] }],
            },
            receivers: [
              { name: "null" },
              { name: "alerts", sns_configs: [{ topic_arn: alerts.topicArn, sigv4: { region: alerts.region }, send_resolved: true }] },
            ],
          },
        }),
      },
      // Dashboards come with the charts. The password is made by the chart, see docs/kubernetes.md.
      grafana: { persistence: { enabled: false }, initChownData: { enabled: false } },
    },
  };
};
