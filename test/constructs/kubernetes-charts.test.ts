/** Charts and their values: our own chart's folder, what the infrastructure adds to its values, and those of others' charts. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChartFolder } from "../../constructs/kubernetes/chart-folder";
import { chartValues, type ChartValuesProps } from "../../constructs/kubernetes/chart-values";
import {
  cloudNativePg, clusterAutoscaler, externalSecrets, keda, kubePrometheusStack, loadBalancerController, metricsServer, postgresql, valkey, type ReleaseValues,
} from "../../constructs/kubernetes/releases";
import { GRANTS } from "../../environments/services";
import { environment, GONE, WITHOUT_DATABASE, type Edits } from "../environments/edits";
import { synthWorkloads } from "../helpers/kubernetes";

let mockRoot: string | undefined;
jest.mock("../../constructs/hosts/host-files", () => {
  const actual = jest.requireActual<typeof import("../../constructs/hosts/host-files")>("../../constructs/hosts/host-files");
  return { ...actual, projectFolder: () => mockRoot ?? actual.projectFolder() };
});

describe("ChartFolder", () => {
  const FILES = { "Chart.yaml": "name: own\nversion: 1.2.3\nappVersion: 9\n", "values.production.yaml": "a: ${b} %{c}\n", "templates/a.yaml": "a\n", "templates/b.yaml": "b\n" };
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
  const packaged = (files: Readonly<Record<string, string>>) => look(files, (chart) => {
    let found: unknown;
    synthWorkloads((stack) => { found = chart.packaged(stack, "chart"); });
    return found as { path: string; version: string };
  });
  const { path, version } = packaged(FILES);

  it("is a path by its content, at the version of Chart.yaml", () => {
    expect(path).toMatch(/^\.\/assets\/chart\/[0-9a-f]{32}$/);
    expect(version).toBe("1.2.3");
    expect(packaged(Object.fromEntries(Object.entries(FILES).reverse()))).toEqual({ path, version });
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ["another content", { ...FILES, "templates/a.yaml": "c\n" }], ["another name", { ...FILES, "templates/a.yaml": undefined!, "templates/c.yaml": "a\n" }],
    ["a file more", { ...FILES, "templates/NOTES.txt": "" }], ["contents that change places", { ...FILES, "templates/a.yaml": "b\n", "templates/b.yaml": "a\n" }],
  ])("is another path with %s", (_, files) => {
    const there = Object.fromEntries(Object.entries(files).filter(([, text]) => (text as string | undefined) !== undefined));
    expect(packaged(there).path).not.toBe(path);
  });

  it("reads values as text in which Terraform sees no template", () => {
    expect(look(FILES, (chart) => chart.values("production"))).toBe("a: $${b} %%{c}\n");
  });

  it.each(["development", "staging", "production"] as const)("of day-trade-ml has the values of %s as they stand", (stage) => {
    expect(new ChartFolder("day-trade-ml").values(stage)).toBe(readFileSync(join(__dirname, "../../charts/day-trade-ml", `values.${stage}.yaml`), "utf8"));
  });
});

describe("chartValues", () => {
  const named = (name: string) => ({ name, url: `https://queue/${name}`, arn: `arn:${name}` });
  const backends = {
    rawMarketData: named("raw"), processedMarketData: named("processed"), backtestResults: named("backtest"), orderState: named("orders"), orders: named("order-queue"), alertProcessing: named("alert-queue"),
    systemEvents: named("events"), cache: { endpoint: "cache.example", port: 6379, tls: true, clusterMode: true }, database: { endpoint: "db.example", port: 5432, databaseName: "trading" },
  } as unknown as ChartValuesProps["backends"];
  const values = (edits: Edits = {}, props: Partial<ChartValuesProps> = {}) => chartValues({ environment: environment("prod", edits), backends, podIdentity: true, ...props }) as {
    services: Record<string, Record<string, unknown>>; backends: Record<string, unknown>; [key: string]: unknown;
  };

  it("say where images, backends and settings are: exactly this of production", () => {
    expect(values({}, { ingressAnnotations: { a: "b" } })).toEqual({
      image: { registry: "777788889999.dkr.ecr.ap-northeast-1.amazonaws.com" },
      services: {
        ml: { image: { repository: "day-trade-ml", tag: "0.1.0" }, env: { PROCESSED_MARKET_DATA_BUCKET: "processed", BACKTEST_RESULTS_BUCKET: "backtest", ORDER_STATE_TABLE: "orders" }, secrets: {}, autoscaling: {} },
        data: { image: { repository: "day-trade-data", tag: "0.1.0" }, env: { RAW_MARKET_DATA_BUCKET: "raw", PROCESSED_MARKET_DATA_BUCKET: "processed" }, secrets: {}, autoscaling: {} },
        scheduler: { image: { repository: "day-trade-scheduler", tag: "0.1.0" }, env: { SYSTEM_EVENTS_TOPIC_ARN: "arn:events" }, secrets: {} },
      },
      backends: { cache: { host: "cache.example", port: 6379, tls: true, clusterMode: true }, database: { host: "db.example", port: 5432, name: "trading" } },
      ingress: { annotations: { a: "b" } },
      networkPolicy: { egress: [{ cidr: "169.254.170.23/32", port: 80 }] },
      externalSecrets: { store: { aws: { region: "ap-northeast-1" } } },
    });
  });

  it("without a load balancer or EKS have neither Ingress, nor the agent of Pod Identity, nor a store of secrets", () => {
    expect(Object.keys(values({}, { podIdentity: false }))).toEqual(["image", "services", "backends", "ingress"]);
    expect(values().ingress).toEqual({ enabled: false });
  });

  it.each<[string, Edits, Partial<ChartValuesProps["backends"]>, object]>([
    ["a cache in the cluster", { servicesCache: "in-cluster" }, {}, { cache: { host: "valkey", port: 6379, tls: false, clusterMode: false, cidrs: [], namespace: "day-trade" } }],
    ["a database in the cluster", { database: "in-cluster", "data.rds": GONE }, { database: undefined }, { database: { host: "postgresql-rw", port: 5432, name: "trading", secret: "postgresql-app", cidrs: [], namespace: "day-trade" } }],
    ["no database", WITHOUT_DATABASE, { database: undefined }, { database: {} }],
  ])("tell of %s", (_, edits, changed, expected) => {
    expect(values(edits, { backends: { ...backends, ...changed } }).backends).toMatchObject(expected);
    expect(Object.values(values(edits, { backends: { ...backends, ...changed } }).services).map(({ env }) => Object.keys(env as object).join()).join()).not.toMatch(/CACHE|DATABASE/);
  });

  it("name an image by its digest, and a secret by its own name and key", () => {
    const { data } = values({
      "services.data.image": `day-trade-data@sha256:${"0a".repeat(32)}`, "data.serviceSecrets": { marketDataApi: { name: "TSS/market-data-api", description: "Key", keys: ["key"] } },
      "services.data.secrets": { API_KEY: { secret: "marketDataApi", key: "key" }, MT5_LOGIN: { secret: "mt5", key: "login" } },
    }).services;
    expect(data).toMatchObject({ image: { repository: "day-trade-data", digest: `sha256:${"0a".repeat(32)}` }, secrets: { API_KEY: { secret: "TSS/market-data-api", key: "key" }, MT5_LOGIN: { secret: "TSS/mt5/live", key: "login" } } });
    expect(data!.image).not.toHaveProperty("tag");
  });

  it("tell every right's variables but those that the chart makes of its backends", () => {
    const { ml } = values({ "services.ml.grants": GRANTS.filter((grant) => !grant.endsWith(".read")) }).services;
    expect(ml!.env).toEqual({
      RAW_MARKET_DATA_BUCKET: "raw", PROCESSED_MARKET_DATA_BUCKET: "processed", BACKTEST_RESULTS_BUCKET: "backtest", ORDER_STATE_TABLE: "orders", ORDER_QUEUE_URL: "https://queue/order-queue", SYSTEM_EVENTS_TOPIC_ARN: "arn:events",
    });
  });

  it.each([["orderQueue", "order-queue"], ["alertProcessingQueue", "alert-queue"]])("scale by %s and the clock", (name, queue) => {
    const { ml } = values({
      "cluster.kubernetes.keda": true, "services.ml.scaling": { min: 3, max: 20, queue: { name, messagesPerTask: 20 }, schedule: [{ cron: "30 8 * * MON-FRI", min: 8 }, { cron: "0 16 * * MON-FRI", min: 3 }] },
    }).services;
    expect(ml!.autoscaling).toEqual({
      queue: { url: `https://queue/${queue}`, messagesPerPod: 20, region: "ap-northeast-1" },
      // The rest of the week has the minimum that there is anyhow.
      schedule: [{ start: "30 8 * * MON,TUE,WED,THU,FRI", end: "0 16 * * MON,TUE,WED,THU,FRI", minReplicas: 8 }],
    });
  });
});

describe("releases", () => {
  const volume = (size: string) => ({ volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } } } } });
  const off = { enabled: false };
  const all = Object.fromEntries(["rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig"].map((kind) => [`${kind}SelectorNilUsesHelmValues`, false]));
  const alertmanager = { serviceAccount: { create: true, name: "kube-prometheus-stack-alertmanager" }, alertmanagerSpec: { storage: volume("2Gi") } };
  const monitoring = (retention: string, retentionSize: string, storage: string, config?: object) => ({
    kubeControllerManager: off, kubeScheduler: off, kubeEtcd: off, kubeProxy: off, defaultRules: { rules: { etcd: false, kubeControllerManager: false, kubeProxy: false, kubeSchedulerAlerting: false, kubeSchedulerRecording: false } },
    prometheus: { prometheusSpec: { ...all, retention, retentionSize, storageSpec: volume(storage) } },
    alertmanager: { ...alertmanager, ...(config && { config }) }, grafana: { persistence: off, initChownData: off },
  });

  it.each<[string, ReleaseValues, ReleaseValues]>([
    ["the load balancer controller", loadBalancerController({ cluster: "trading", region: "eu-west-1", vpcId: "vpc-1" }), {
      name: "aws-load-balancer-controller", namespace: "kube-system",
      values: {
        clusterName: "trading", region: "eu-west-1", vpcId: "vpc-1", replicaCount: 2, podDisruptionBudget: { maxUnavailable: 1 }, serviceAccount: { create: true, name: "aws-load-balancer-controller" }, defaultTargetType: "ip",
        enableBackendSecurityGroup: false, enableShield: false, enableWaf: false, enableWafv2: true, enableServiceMutatorWebhook: false,
      },
    }],
    ["the autoscaler", clusterAutoscaler({ cluster: "trading", region: "eu-west-1" }), {
      name: "cluster-autoscaler", namespace: "kube-system",
      values: {
        fullnameOverride: "cluster-autoscaler", cloudProvider: "aws", awsRegion: "eu-west-1", autoDiscovery: { clusterName: "trading" }, rbac: { serviceAccount: { create: true, name: "cluster-autoscaler" } }, replicaCount: 2,
        extraArgs: { "balance-similar-node-groups": true, "skip-nodes-with-system-pods": false },
        securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: "RuntimeDefault" } },
        containerSecurityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
        resources: { requests: { cpu: "100m", memory: "300Mi" }, limits: { memory: "600Mi" } },
      },
    }],
    ["metrics-server", metricsServer(), { name: "metrics-server", namespace: "kube-system", values: { replicas: 2, podDisruptionBudget: { enabled: true, minAvailable: 1 } } }],
    ["External Secrets", externalSecrets(), {
      name: "external-secrets", namespace: "external-secrets", podSecurity: "restricted",
      values: {
        installCRDs: true, replicaCount: 2, leaderElect: true, podDisruptionBudget: { enabled: true, minAvailable: 1 }, serviceAccount: { create: true, name: "external-secrets" },
        processClusterExternalSecret: false, processClusterPushSecret: false, processClusterStore: false,
      },
    }],
    ["monitoring that tells nobody", kubePrometheusStack({ retentionDays: 15, storageGigabytes: 50 }), { name: "kube-prometheus-stack", namespace: "monitoring", podSecurity: "privileged", values: monitoring("15d", "42GiB", "50Gi") }],
    ["monitoring on the least of volumes", kubePrometheusStack({ retentionDays: 1, storageGigabytes: 1 }), { name: "kube-prometheus-stack", namespace: "monitoring", podSecurity: "privileged", values: monitoring("1d", "1GiB", "1Gi") }],
    ["monitoring that publishes alerts", kubePrometheusStack({ retentionDays: 30, storageGigabytes: 100, alerts: { topicArn: "arn:alerts", region: "eu-west-1" } }), {
      name: "kube-prometheus-stack", namespace: "monitoring", podSecurity: "privileged",
      values: monitoring("30d", "85GiB", "100Gi", {
        route: { receiver: "alerts", group_by: ["namespace", "alertname"], routes: [{ receiver: "null", matchers: ['alertname =~ "InfoInhibitor|Watchdog"'] }] },
        receivers: [{ name: "null" }, { name: "alerts", sns_configs: [{ topic_arn: "arn:alerts", sigv4: { region: "eu-west-1" }, send_resolved: true }] }],
      }),
    }],
    ["KEDA", keda(), { name: "keda", namespace: "keda", podSecurity: "restricted", values: { operator: { replicaCount: 2 }, serviceAccount: { operator: { create: true, name: "keda-operator" } } } }],
    ["CloudNativePG", cloudNativePg({ monitored: true }), { name: "cloudnative-pg", namespace: "cnpg-system", podSecurity: "restricted", values: { replicaCount: 2, monitoring: { podMonitorEnabled: true } } }],
    ["PostgreSQL", postgresql({ instances: 3, storageGigabytes: 200, databaseName: "trading" }, { namespace: "day-trade", monitored: false }), {
      name: "postgresql", namespace: "day-trade",
      values: {
        fullnameOverride: "postgresql", type: "postgresql", mode: "standalone", version: { postgresql: "15" },
        cluster: {
          instances: 3, storage: { size: "200Gi" }, resources: { requests: { cpu: "1000m", memory: "2048Mi" }, limits: { memory: "2048Mi" } }, enableSuperuserAccess: false, initdb: { database: "trading", owner: "app" }, monitoring: { enabled: false },
        },
      },
    }],
    ["Valkey", valkey({ storageGigabytes: 20 }, { namespace: "day-trade", parameters: { timeout: "300", "maxmemory-policy": "allkeys-lru" } }), {
      name: "valkey", namespace: "day-trade",
      values: {
        fullnameOverride: "valkey", persistence: { enabled: true, size: "20Gi" }, resources: { requests: { cpu: "250m", memory: "1024Mi" }, limits: { memory: "1024Mi" } }, readinessProbe: { enabled: true },
        extraConfig: "maxmemory 768mb\nmaxmemory-policy allkeys-lru\ntimeout 300",
      },
    }],
  ])("of %s differ from the chart in exactly this", (_, release, expected) => {
    expect(release).toEqual(expected);
  });
});
