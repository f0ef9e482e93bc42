/** Charts: our own chart's folder, and the values of others' charts. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChartFolder } from "../../constructs/kubernetes/chart-folder";
import {
  cloudNativePg,
  clusterAutoscaler,
  externalSecrets,
  keda,
  kubePrometheusStack,
  loadBalancerController,
  metricsServer,
  postgresql,
  valkey,
  type ReleaseValues,
} from "../../constructs/kubernetes/releases";
import { ALERTMANAGER_TEMPLATE } from "../../functions/alerts/alertmanager-text";
import { synthWorkloads } from "../helpers/kubernetes";

let mockRoot: string | undefined;
jest.mock("../../constructs/hosts/host-files", () => {
  const actual = jest.requireActual<typeof import("../../constructs/hosts/host-files")>("../../constructs/hosts/host-files");
  return { ...actual, projectFolder: () => mockRoot ?? actual.projectFolder() };
});

describe("ChartFolder", () => {
  const FILES = {
    "Chart.yaml": "name: own\nversion: 1.2.3\nappVersion: 9\n",
    "values.yaml": "a: b\n",
    "templates/a.yaml": "a\n",
    "templates/b.yaml": "b\n",
  };
  /** Looks at a chart whose files were written in the order given. */
  const look = <T>(files: Readonly<Record<string, string>>, at: (chart: ChartFolder) => T): T => {
    mockRoot = mkdtempSync(join(tmpdir(), "chart-"));
    try {
      mkdirSync(join(mockRoot, "charts", "own", "templates"), { recursive: true });
      for (const [file, text] of Object.entries(files)) writeFileSync(join(mockRoot, "charts", "own", file), text);
      return at(new ChartFolder("own"));
    } finally {
      rmSync(mockRoot, { recursive: true });
      mockRoot = undefined;
    }
  };
  const packaged = (files: Readonly<Record<string, string>>) =>
    look(files, (chart) => {
      let found: unknown;
      synthWorkloads((stack) => {
        found = chart.packaged(stack, "chart");
      });
      return found as { path: string; version: string };
    });
  const { path, version } = packaged(FILES);

  it("is a path by its content, at the version of Chart.yaml", () => {
    expect(path).toMatch(/^\.\/assets\/chart\/[0-9a-f]{32}$/);
    expect(version).toBe("1.2.3");
    expect(packaged(Object.fromEntries(Object.entries(FILES).reverse()))).toEqual({ path, version });
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ["another content", { ...FILES, "templates/a.yaml": "c\n" }],
    ["another name", { ...FILES, "templates/a.yaml": undefined!, "templates/c.yaml": "a\n" }],
    ["a file more", { ...FILES, "templates/NOTES.txt": "" }],
    ["other values of its own", { ...FILES, "values.yaml": "a: c\n" }],
    ["a values file among the templates", { ...FILES, "templates/values.a.yaml": "" }],
    ["contents that change places", { ...FILES, "templates/a.yaml": "b\n", "templates/b.yaml": "a\n" }],
  ])("is another path with %s", (_, files) => {
    const there = Object.fromEntries(Object.entries(files).filter(([, text]) => (text as string | undefined) !== undefined));
    expect(packaged(there).path).not.toBe(path);
  });

  it.each(["README.md", "values.staging.yaml", "values.staging-qa.yaml"])(
    "is the same path with another %s, of which a release takes nothing",
    (file) => {
      expect(packaged({ ...FILES, [file]: "other\n" }).path).toBe(path);
    },
  );
});

/** Alertmanager's own has every label in it, and SNS refuses more than 100 characters for good. */
const subject = '{{ printf "%.99s" (printf "[%s] %s" .Status .CommonLabels.alertname) }}';

describe("releases", () => {
  const volume = (size: string) => ({
    volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } } } },
  });
  const off = { enabled: false };
  const all = Object.fromEntries(
    ["rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig"].map((kind) => [`${kind}SelectorNilUsesHelmValues`, false]),
  );
  const alertmanager = {
    serviceAccount: { create: true, name: "kube-prometheus-stack-alertmanager" },
    alertmanagerSpec: { storage: volume("2Gi") },
  };
  const monitoring = (retention: string, retentionSize: string, storage: string, config?: object) => ({
    kubeControllerManager: off,
    kubeScheduler: off,
    kubeEtcd: off,
    kubeProxy: off,
    defaultRules: {
      rules: { etcd: false, kubeControllerManager: false, kubeProxy: false, kubeSchedulerAlerting: false, kubeSchedulerRecording: false },
    },
    customRules: { KubeNodeNotReady: { for: "5m", severity: "critical" }, KubeNodeUnreachable: { for: "5m", severity: "critical" } },
    prometheus: {
      prometheusSpec: {
        ...all,
        ...(config && { externalLabels: { cluster: "trading" } }),
        retention,
        retentionSize,
        storageSpec: volume(storage),
      },
    },
    alertmanager: { ...alertmanager, ...(config && { config }) },
    grafana: { persistence: off, initChownData: off },
  });

  it.each<[string, ReleaseValues, ReleaseValues]>([
    [
      "the load balancer controller",
      loadBalancerController({ cluster: "trading", region: "eu-west-1", vpcId: "vpc-1" }),
      {
        name: "aws-load-balancer-controller",
        namespace: "kube-system",
        values: {
          clusterName: "trading",
          region: "eu-west-1",
          vpcId: "vpc-1",
          replicaCount: 2,
          podDisruptionBudget: { maxUnavailable: 1 },
          serviceAccount: { create: true, name: "aws-load-balancer-controller" },
          defaultTargetType: "ip",
          enableBackendSecurityGroup: false,
          enableShield: false,
          enableWaf: false,
          enableWafv2: true,
          enableServiceMutatorWebhook: false,
        },
      },
    ],
    [
      "the autoscaler",
      clusterAutoscaler({ cluster: "trading", region: "eu-west-1" }),
      {
        name: "cluster-autoscaler",
        namespace: "kube-system",
        values: {
          fullnameOverride: "cluster-autoscaler",
          cloudProvider: "aws",
          awsRegion: "eu-west-1",
          autoDiscovery: { clusterName: "trading" },
          rbac: { serviceAccount: { create: true, name: "cluster-autoscaler" } },
          replicaCount: 2,
          extraArgs: { "balance-similar-node-groups": true, "skip-nodes-with-system-pods": false },
          securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: "RuntimeDefault" } },
          containerSecurityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
          resources: { requests: { cpu: "100m", memory: "300Mi" }, limits: { memory: "600Mi" } },
        },
      },
    ],
    [
      "metrics-server",
      metricsServer(),
      {
        name: "metrics-server",
        namespace: "kube-system",
        values: { replicas: 2, podDisruptionBudget: { enabled: true, minAvailable: 1 } },
      },
    ],
    [
      "External Secrets",
      externalSecrets(),
      {
        name: "external-secrets",
        namespace: "external-secrets",
        podSecurity: "restricted",
        values: {
          installCRDs: true,
          replicaCount: 2,
          leaderElect: true,
          podDisruptionBudget: { enabled: true, minAvailable: 1 },
          serviceAccount: { create: true, name: "external-secrets" },
          processClusterExternalSecret: false,
          processClusterPushSecret: false,
          processClusterStore: false,
        },
      },
    ],
    [
      "monitoring that tells nobody",
      kubePrometheusStack({ retentionDays: 15, storageGigabytes: 50 }),
      { name: "kube-prometheus-stack", namespace: "monitoring", podSecurity: "privileged", values: monitoring("15d", "42GiB", "50Gi") },
    ],
    [
      "monitoring on the least of volumes",
      kubePrometheusStack({ retentionDays: 1, storageGigabytes: 1 }),
      { name: "kube-prometheus-stack", namespace: "monitoring", podSecurity: "privileged", values: monitoring("1d", "1GiB", "1Gi") },
    ],
    [
      "monitoring that publishes alerts",
      kubePrometheusStack({
        retentionDays: 30,
        storageGigabytes: 100,
        alerts: { cluster: "trading", topicArn: "arn:alerts", watchdogArn: "arn:watchdog", region: "eu-west-1" },
      }),
      {
        name: "kube-prometheus-stack",
        namespace: "monitoring",
        podSecurity: "privileged",
        values: monitoring("30d", "85GiB", "100Gi", {
          route: {
            receiver: "alerts",
            group_by: ["namespace", "alertname", "severity"],
            routes: [
              {
                receiver: "watchdog",
                matchers: ['alertname = "Watchdog"'],
                group_wait: "0s",
                group_interval: "1m",
                repeat_interval: "1m",
              },
              { receiver: "null", matchers: ['alertname = "InfoInhibitor"'] },
            ],
          },
          receivers: [
            { name: "null" },
            {
              name: "watchdog",
              sns_configs: [{ topic_arn: "arn:watchdog", sigv4: { region: "eu-west-1" }, subject, send_resolved: false }],
            },
            {
              name: "alerts",
              sns_configs: [
                {
                  topic_arn: "arn:alerts",
                  sigv4: { region: "eu-west-1" },
                  subject,
                  send_resolved: true,
                  message: ALERTMANAGER_TEMPLATE,
                  attributes: { source: "alertmanager", severity: '{{ or .CommonLabels.severity "none" }}' },
                },
              ],
            },
          ],
        }),
      },
    ],
    [
      "KEDA",
      keda(),
      {
        name: "keda",
        namespace: "keda",
        podSecurity: "restricted",
        values: { operator: { replicaCount: 2 }, serviceAccount: { operator: { create: true, name: "keda-operator" } } },
      },
    ],
    [
      "CloudNativePG",
      cloudNativePg({ monitored: true }),
      {
        name: "cloudnative-pg",
        namespace: "cnpg-system",
        podSecurity: "restricted",
        values: { replicaCount: 2, monitoring: { podMonitorEnabled: true } },
      },
    ],
    [
      "PostgreSQL",
      postgresql({ instances: 3, storageGigabytes: 200, databaseName: "trading" }, { namespace: "day-trade", monitored: false }),
      {
        name: "postgresql",
        namespace: "day-trade",
        values: {
          fullnameOverride: "postgresql",
          type: "postgresql",
          mode: "standalone",
          version: { postgresql: "15" },
          cluster: {
            instances: 3,
            storage: { size: "200Gi" },
            resources: { requests: { cpu: "1000m", memory: "2048Mi" }, limits: { memory: "2048Mi" } },
            enableSuperuserAccess: false,
            initdb: { database: "trading", owner: "app" },
            monitoring: { enabled: false },
          },
        },
      },
    ],
    // DAT-074.
    [
      "Valkey",
      valkey({ storageGigabytes: 20 }, { namespace: "day-trade", parameters: { timeout: "300", "maxmemory-policy": "allkeys-lru" } }),
      {
        name: "valkey",
        namespace: "day-trade",
        values: {
          fullnameOverride: "valkey",
          persistence: { enabled: true, size: "20Gi" },
          resources: { requests: { cpu: "250m", memory: "1024Mi" }, limits: { memory: "1024Mi" } },
          readinessProbe: { enabled: true },
          extraConfig: "maxmemory 768mb\nappendonly yes\nappendfsync everysec\nsave 900 1\nmaxmemory-policy allkeys-lru\ntimeout 300",
        },
      },
    ],
  ])("of %s differ from the chart in exactly this", (_, release, expected) => {
    expect(release).toEqual(expected);
  });
});
