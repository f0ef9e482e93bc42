/** The releases of others' charts, each with the values in which this project differs from the chart. A function gives one release as data; release.ts installs it. */
import type { Kubernetes, ReleaseName } from "../../environments/schema/kubernetes";
import { STORE_REQUESTS } from "../../environments/facts/kubernetes-quota";
import { CONTROLLERS } from "./names";
import type { PodSecurityLevel } from "./service-namespace";

export interface ReleaseValues {
  readonly name: ReleaseName;
  readonly namespace: string;
  /** Of the namespace, where it is this release's own. @default it stands already */
  readonly podSecurity?: PodSecurityLevel;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Two of a kind, so that a drained node takes none of its work away. */
const REPLICAS = 2;
const SYSTEM = "kube-system";

/** https://kubernetes-sigs.github.io/aws-load-balancer-controller */
export const loadBalancerController = ({
  cluster,
  region,
  vpcId,
}: {
  readonly cluster: string;
  readonly region: string;
  readonly vpcId: string;
}): ReleaseValues => ({
  name: "aws-load-balancer-controller",
  namespace: SYSTEM,
  values: {
    clusterName: cluster,
    // Named, because nodes do not let pods ask the metadata service.
    region,
    vpcId,
    replicaCount: REPLICAS,
    podDisruptionBudget: { maxUnavailable: 1 },
    serviceAccount: { create: true, name: CONTROLLERS.loadBalancer.name },
    defaultTargetType: "ip",
    // The rights go with these: see controller-rights.ts.
    enableBackendSecurityGroup: false,
    enableShield: false,
    enableWaf: false,
    enableWafv2: true,
    // It would stand between every Service and the API, before it runs itself.
    enableServiceMutatorWebhook: false,
  },
});

/** https://github.com/kubernetes/autoscaler/tree/master/cluster-autoscaler */
export const clusterAutoscaler = ({ cluster, region }: { readonly cluster: string; readonly region: string }): ReleaseValues => ({
  name: "cluster-autoscaler",
  namespace: SYSTEM,
  values: {
    fullnameOverride: CONTROLLERS.autoscaler.name,
    cloudProvider: "aws",
    awsRegion: region,
    autoDiscovery: { clusterName: cluster },
    rbac: { serviceAccount: { create: true, name: CONTROLLERS.autoscaler.name } },
    replicaCount: REPLICAS,
    extraArgs: { "balance-similar-node-groups": true, "skip-nodes-with-system-pods": false },
    securityContext: { runAsNonRoot: true, runAsUser: 65_534, seccompProfile: { type: "RuntimeDefault" } },
    containerSecurityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    resources: { requests: { cpu: "100m", memory: "300Mi" }, limits: { memory: "600Mi" } },
  },
});

/** What autoscalers and `kubectl top` read. https://kubernetes-sigs.github.io/metrics-server */
export const metricsServer = (): ReleaseValues => ({
  name: "metrics-server",
  namespace: SYSTEM,
  values: { replicas: REPLICAS, podDisruptionBudget: { enabled: true, minAvailable: 1 } },
});

/** https://external-secrets.io */
export const externalSecrets = (): ReleaseValues => ({
  name: "external-secrets",
  namespace: CONTROLLERS.externalSecrets.namespace,
  podSecurity: "restricted",
  values: {
    installCRDs: true,
    replicaCount: REPLICAS,
    leaderElect: true,
    podDisruptionBudget: { enabled: true, minAvailable: 1 },
    serviceAccount: { create: true, name: CONTROLLERS.externalSecrets.name },
    // Each namespace has a store of its own, so that none reads another's.
    processClusterExternalSecret: false,
    processClusterPushSecret: false,
    processClusterStore: false,
  },
});

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
    namespace: CONTROLLERS.alertmanager.namespace,
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
        serviceAccount: { create: true, name: CONTROLLERS.alertmanager.name },
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

/** Scales by queues and by the clock. https://keda.sh */
export const keda = (): ReleaseValues => ({
  name: "keda",
  namespace: CONTROLLERS.keda.namespace,
  podSecurity: "restricted",
  values: { operator: { replicaCount: REPLICAS }, serviceAccount: { operator: { create: true, name: CONTROLLERS.keda.name } } },
});

/** The operator of in-cluster PostgreSQL (design 14). https://cloudnative-pg.io */
export const cloudNativePg = ({ monitored }: { readonly monitored: boolean }): ReleaseValues => ({
  name: "cloudnative-pg",
  namespace: "cnpg-system",
  podSecurity: "restricted",
  values: { replicaCount: REPLICAS, monitoring: { podMonitorEnabled: monitored } },
});

const requests = ({ milliCpu, memory }: { readonly milliCpu: number; readonly memory: number }) => ({
  cpu: `${milliCpu}m`,
  memory: `${memory}Mi`,
});

/** Names by which services find database and cache in their own namespace. */
export const POSTGRESQL = { cluster: "postgresql", host: "postgresql-rw", secret: "postgresql-app", port: 5432 } as const;
export const VALKEY = { host: "valkey", port: 6379 } as const;

/** PostgreSQL itself, beside the services (K8S-014). */
export const postgresql = (
  { instances, storageGigabytes, databaseName }: Kubernetes["database"],
  { namespace, monitored }: { readonly namespace: string; readonly monitored: boolean },
): ReleaseValues => ({
  name: "postgresql",
  namespace,
  values: {
    fullnameOverride: POSTGRESQL.cluster,
    type: "postgresql",
    mode: "standalone",
    version: { postgresql: "15" }, // DAT-081
    cluster: {
      instances,
      storage: { size: `${storageGigabytes}Gi` },
      resources: { requests: requests(STORE_REQUESTS.database), limits: { memory: `${STORE_REQUESTS.database.memory}Mi` } },
      // Nobody needs more than the owner of the one database.
      enableSuperuserAccess: false,
      initdb: { database: databaseName, owner: "app" },
      monitoring: { enabled: monitored },
    },
  },
});

/** DAT-074: each write in an append-only file, which is synchronised every second; a snapshot every 15 minutes in which anything changed. */
const PERSISTENCE = ["appendonly yes", "appendfsync everysec", "save 900 1"];

/** Valkey, beside the services (K8S-015), with the parameters of the trading cache (DAT-068), on a volume that holds what it knows. */
export const valkey = (
  { storageGigabytes }: Kubernetes["cache"],
  { namespace, parameters }: { readonly namespace: string; readonly parameters: Readonly<Record<string, string>> },
): ReleaseValues => ({
  name: "valkey",
  namespace,
  values: {
    fullnameOverride: VALKEY.host,
    persistence: { enabled: true, size: `${storageGigabytes}Gi` },
    resources: { requests: requests(STORE_REQUESTS.cache), limits: { memory: `${STORE_REQUESTS.cache.memory}Mi` } },
    readinessProbe: { enabled: true },
    extraConfig: [
      `maxmemory ${Math.floor(STORE_REQUESTS.cache.memory * 0.75)}mb`,
      ...PERSISTENCE,
      ...Object.entries(parameters)
        .sort()
        .map((entry) => entry.join(" ")),
    ].join("\n"),
  },
});
