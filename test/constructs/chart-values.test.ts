/** The values of our chart: each field of a service, what stands around them, and what only the infrastructure knows. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { chartValues, type Deployed } from "../../constructs/kubernetes/chart-values";
import { SERVICES_OF_CHART } from "../../constructs/kubernetes/service-values";
import { GRANTS } from "../../environments/schema/services";
import { environment, GONE, WITHOUT_DATABASE, type Base, type Edits } from "../environments/edits";

const named = (name: string) => ({ name, url: `https://queue/${name}`, arn: `arn:${name}` });
const backends = {
  rawMarketData: named("raw"),
  processedMarketData: named("processed"),
  backtestResults: named("backtest"),
  orderState: named("orders"),
  orders: named("order-queue"),
  alertProcessing: named("alert-queue"),
  systemEvents: named("events"),
  cache: { endpoint: "cache.example", port: 6379, tls: true, clusterMode: true },
  database: { endpoint: "db.example", port: 5432, databaseName: "trading" },
} as unknown as Deployed["backends"];
const DEPLOYED: Deployed = { backends, ingressAnnotations: { a: "b" } };

interface Values {
  readonly services: Record<string, Record<string, unknown>>;
  readonly backends: Record<string, unknown>;
  readonly [key: string]: unknown;
}
const values = (edits: Edits = {}, deployed = DEPLOYED) => chartValues(environment("prod", edits), deployed) as unknown as Values;
const literal = (edits: Edits = {}, base: Base = "prod") => chartValues(environment(base, edits)) as unknown as Values;
const ELSEWHERE = { platform: { kind: "kubernetes", kubeconfig: "~/.kube/config", context: "k3s" } };
const sized = (cpu: string, memory: string, cpuLimit: string, memoryLimit: string) => ({
  requests: { cpu, memory },
  limits: { cpu: cpuLimit, memory: memoryLimit },
});
const speaking = {
  port: 8000,
  ports: {},
  healthPath: "/health",
  readyPath: "/ready",
  startSeconds: 60,
  stopSeconds: 30,
  nodeSelector: { "kubernetes.io/arch": "amd64" },
  secrets: {},
};
const scaled = {
  enabled: true,
  minReplicas: 3,
  maxReplicas: 20,
  targetCPUUtilizationPercentage: 70,
  targetMemoryUtilizationPercentage: 80,
  schedule: [],
};
const routed = (order: number, ...paths: string[]) => ({ order, hosts: [], paths, pathType: "ImplementationSpecific" });

describe("the chart's values", () => {
  it("are exactly these of production", () => {
    const stores = ["10.0.3.0/24", "10.0.6.0/24"];
    expect(values()).toEqual({
      environment: "production",
      image: { registry: "777788889999.dkr.ecr.ap-northeast-1.amazonaws.com" },
      defaults: { topologySpread: { whenUnsatisfiable: "DoNotSchedule" } },
      services: {
        ml: {
          ...speaking,
          image: { repository: "day-trade-ml", tag: "0.1.0" },
          drainSeconds: 10,
          strategy: "RollingUpdate",
          autoscaling: scaled,
          resources: sized("2000m", "4Gi", "4000m", "8Gi"), // K8S-012, K8S-013
          route: routed(100, "/ml/*"),
          calls: ["data"],
          connects: ["cache", "database"],
          env: { PROCESSED_MARKET_DATA_BUCKET: "processed", BACKTEST_RESULTS_BUCKET: "backtest", ORDER_STATE_TABLE: "orders" },
        },
        data: {
          ...speaking,
          image: { repository: "day-trade-data", tag: "0.1.0" },
          drainSeconds: 10,
          strategy: "RollingUpdate",
          autoscaling: scaled,
          resources: sized("1000m", "2Gi", "2000m", "4Gi"),
          route: routed(200, "/data/*"),
          calls: [],
          connects: ["cache", "database"],
          env: { RAW_MARKET_DATA_BUCKET: "raw", PROCESSED_MARKET_DATA_BUCKET: "processed" },
        },
        scheduler: {
          ...speaking,
          image: { repository: "day-trade-scheduler", tag: "0.1.0" },
          drainSeconds: 0,
          strategy: "Recreate",
          autoscaling: { enabled: false },
          replicaCount: 1,
          resources: sized("500m", "1Gi", "1000m", "2Gi"),
          route: null,
          calls: ["data", "ml"],
          connects: ["database"],
          env: { SYSTEM_EVENTS_TOPIC_ARN: "arn:events" },
        },
      },
      backends: {
        cache: { host: "cache.example", port: 6379, tls: true, clusterMode: true, cidrs: stores },
        database: { host: "db.example", port: 5432, name: "trading", cidrs: stores },
      },
      ingress: {
        enabled: true,
        className: "alb",
        scheme: "internet-facing",
        certificateArn: environment("prod").cluster.loadBalancer!.certificateArn,
        clientCidrs: ["203.0.113.0/24"],
        loadBalancerCidrs: ["10.0.1.0/24", "10.0.4.0/24"],
        annotations: { a: "b" },
      },
      priorityClass: { name: "day-trade-prod", create: true },
      monitoring: {
        prometheus: { enabled: true },
        grafana: { enabled: true },
        runbooks: "https://github.com/example-org/trading-system-infrastructure/blob/main/docs/runbooks",
        alerts: { cpuPercent: 85, memoryPercent: 90, errorPercent: 5 },
      },
      networkPolicy: { egress: [{ cidr: "169.254.170.23/32", port: 80 }] },
      externalSecrets: { store: { aws: { region: "ap-northeast-1" } } },
    });
  });

  it("of the literal alone are the same without what only the infrastructure knows", () => {
    const {
      services,
      backends: { cache, database },
      ingress,
      ...rest
    } = values();
    const without = (value: unknown, key: string) => Object.fromEntries(Object.entries(value as object).filter(([own]) => own !== key));
    expect(literal()).toEqual({
      ...rest,
      services: Object.fromEntries(Object.entries(services).map(([name, service]) => [name, { ...service, env: {} }])),
      backends: { cache: without(cache, "host"), database: without(database, "host") },
      ingress: without(ingress, "annotations"),
    });
  });

  it("name no pages where the literal knows no repository", () => {
    expect(literal({ bootstrap: GONE, accountWide: GONE })).toMatchObject({ monitoring: { runbooks: "" } });
  });

  it("of development are loose about zones, have no class of priority and no monitoring, and stand in the default VPC", () => {
    expect(literal({}, "dev")).toMatchObject({
      environment: "development",
      defaults: { topologySpread: { whenUnsatisfiable: "ScheduleAnyway" } },
      priorityClass: { name: "", create: false },
      monitoring: { prometheus: { enabled: false }, grafana: { enabled: false } },
      backends: { cache: { tls: false, clusterMode: false, cidrs: ["172.31.0.0/16"] }, database: {} },
      ingress: { enabled: true, loadBalancerCidrs: ["172.31.0.0/16"] },
    });
  });

  it("in a cluster of somebody else's know no Ingress, neither the agent of Pod Identity nor a store of secrets", () => {
    expect(literal(ELSEWHERE)).toMatchObject({
      ingress: { enabled: false },
      networkPolicy: { egress: [] },
      externalSecrets: { store: { aws: { region: "" } } },
      services: { ml: { route: null } },
    });
    expect(literal({ "cluster.loadBalancer": GONE, "services.ml.route": GONE, "services.data.route": GONE })).toMatchObject({
      ingress: { enabled: false },
      services: { ml: { route: null }, data: { route: null } },
    });
  });

  it("leave nothing of the services that the chart has by itself", () => {
    const { services } = parse(readFileSync(join(__dirname, "../../charts/day-trade-ml/values.yaml"), "utf8")) as {
      readonly services: Readonly<Record<string, object>>;
    };
    expect(Object.keys(services).sort()).toEqual([...SERVICES_OF_CHART].sort());
    const said = new Set(Object.keys(values().services.scheduler!));
    for (const entry of Object.values(services)) expect(Object.keys(entry).filter((key) => !said.has(key))).toEqual([]);
    const others = literal({ services: { orders: { image: "orders:1", cpu: 256, memory: 512 } }, "cluster.loadBalancer": GONE }).services;
    expect(others).toMatchObject({ data: null, ml: null, scheduler: null, orders: { image: { repository: "orders", tag: "1" } } });
  });

  it.each<[string, Edits, object]>([
    ["cpu and memory", { "services.ml.cpu": 256, "services.ml.memory": 512 }, { resources: sized("250m", "512Mi", "500m", "1Gi") }],
    [
      "the architecture",
      {
        "services.ml.architecture": "arm64",
        "cluster.eks.nodeGroups.general.max": 3,
        "cluster.eks.nodeGroups.arm": { instanceTypes: ["m7g.large"], min: 1, max: 3 },
      },
      { nodeSelector: { "kubernetes.io/arch": "arm64" } },
    ],
    ["ports", { "services.ml.port": 9000, "services.ml.ports": { grpc: 50_051 } }, { port: 9000, ports: { grpc: 50_051 } }],
    [
      "health",
      { "services.ml.healthPath": "/a", "services.ml.readyPath": "/b", "services.ml.startSeconds": 5, "services.ml.stopSeconds": 6 },
      { healthPath: "/a", readyPath: "/b", startSeconds: 5, stopSeconds: 6 },
    ],
    ["replicas", { "services.ml.scaling": GONE, "services.ml.replicas": 7 }, { autoscaling: { enabled: false }, replicaCount: 7 }],
    [
      "scaling",
      { "services.ml.scaling": { min: 4, max: 5, cpuPercent: 60, memoryPercent: 61 } },
      { autoscaling: { minReplicas: 4, maxReplicas: 5, targetCPUUtilizationPercentage: 60, targetMemoryUtilizationPercentage: 61 } },
    ],
    ["the strategy", { "services.ml.scaling": GONE, "services.ml.strategy": "recreate" }, { strategy: "Recreate" }],
    ["scratch", { "services.ml.scratchGigabytes": 40 }, { scratch: { sizeLimit: "40Gi" } }],
    [
      "hosts",
      { "services.ml.route": { priority: 7, hosts: ["ml.example.com"] } },
      { route: { order: 7, hosts: ["ml.example.com"], paths: ["/*"] } },
    ],
    ["paths", { "services.ml.route.paths": ["/ml", "/v?/ml/*"] }, { route: routed(100, "/ml", "/v?/ml/*") }],
    ["calls", { "services.ml.calls": [] }, { calls: [] }],
    ["plain settings", { "services.ml.environment": { LOG_LEVEL: "debug" } }, { env: { LOG_LEVEL: "debug", ORDER_STATE_TABLE: "orders" } }],
  ])("hold %s of a service", (_, edits, expected) => {
    expect(values(edits).services.ml).toMatchObject(expected);
  });

  it.each<[string, Edits, Partial<Deployed["backends"]>, object]>([
    [
      "a cache in the cluster",
      { servicesCache: "in-cluster" },
      {},
      { cache: { host: "valkey", port: 6379, tls: false, clusterMode: false, cidrs: [], namespace: "day-trade" } },
    ],
    [
      "a database in the cluster",
      { database: "in-cluster", "data.rds": GONE },
      { database: undefined },
      { database: { host: "postgresql-rw", port: 5432, name: "trading", secret: "postgresql-app", cidrs: [], namespace: "day-trade" } },
    ],
    ["no database", WITHOUT_DATABASE, { database: undefined }, { database: {} }],
  ])("tell of %s", (_, edits, changed, expected) => {
    const told = values(edits, { backends: { ...backends, ...changed } });
    expect(told.backends).toMatchObject(expected);
    expect(
      Object.values(told.services)
        .map(({ env }) => Object.keys(env as object).join())
        .join(),
    ).not.toMatch(/CACHE|DATABASE/);
  });

  it("name an image by its digest, and a secret by its own name and key", () => {
    const { data } = literal({
      "services.data.image": `day-trade-data@sha256:${"0a".repeat(32)}`,
      "data.serviceSecrets": { marketDataApi: { name: "TSS/market-data-api", description: "Key", keys: ["key"] } },
      "services.data.secrets": { API_KEY: { secret: "marketDataApi", key: "key" }, MT5_LOGIN: { secret: "mt5", key: "login" } },
    }).services;
    expect(data).toMatchObject({
      image: { repository: "day-trade-data", digest: `sha256:${"0a".repeat(32)}` },
      secrets: { API_KEY: { secret: "TSS/market-data-api", key: "key" }, MT5_LOGIN: { secret: "TSS/mt5/live", key: "login" } },
    });
    expect(data!.image).not.toHaveProperty("tag");
  });

  it("tell every right's variables but those that the chart makes of its backends", () => {
    const { ml } = values({ "services.ml.grants": GRANTS.filter((grant) => !grant.endsWith(".read")) }).services;
    expect(ml!.env).toEqual({
      RAW_MARKET_DATA_BUCKET: "raw",
      PROCESSED_MARKET_DATA_BUCKET: "processed",
      BACKTEST_RESULTS_BUCKET: "backtest",
      ORDER_STATE_TABLE: "orders",
      ORDER_QUEUE_URL: "https://queue/order-queue",
      SYSTEM_EVENTS_TOPIC_ARN: "arn:events",
    });
  });

  it.each([
    ["orderQueue", "order-queue"],
    ["alertProcessingQueue", "alert-queue"],
  ])("scale by %s and the clock", (name, queue) => {
    const edits = {
      "cluster.kubernetes.keda": true,
      "services.ml.scaling": {
        min: 3,
        max: 20,
        queue: { name, messagesPerTask: 20 },
        schedule: [
          { cron: "30 8 * * MON-FRI", min: 8 },
          { cron: "0 16 * * MON-FRI", min: 3 },
        ],
      },
    };
    const autoscaling = {
      ...scaled,
      queue: { url: `https://queue/${queue}`, messagesPerPod: 20, region: "ap-northeast-1" },
      // The rest of the week has the minimum that there is anyhow.
      schedule: [{ start: "30 8 * * MON,TUE,WED,THU,FRI", end: "0 16 * * MON,TUE,WED,THU,FRI", minReplicas: 8 }],
    };
    expect(values(edits).services.ml!.autoscaling).toEqual(autoscaling);
    expect(literal(edits).services.ml!.autoscaling).toEqual({ ...autoscaling, queue: { messagesPerPod: 20, region: "ap-northeast-1" } });
  });
});
