/**
 * The documented figures, exactly, by specification id: those of `environments/common.ts` and the schema's defaults, as the example literals
 * take them. A literal may have another value instead; where a figure itself is changed, its document and its test here change with it.
 */
import { loadEnvironments } from "../fixtures/environments";
import type { DedicatedNetwork, Environment } from "../../environments/schema";

const loaded = loadEnvironments();
const [dev, staging, prod] = loaded as [Environment, Environment, Environment];
/** A value by environment: dev, staging, prod. */
const each = <T>(pick: (environment: Environment) => T): T[] => loaded.map(pick);
const dedicated = [staging, prod].map(({ network }) => network as DedicatedNetwork);
const DAY = 86_400;

describe("documented figures, environments", () => {
  it("keep old versions of states for 90 days", () =>
    expect(each(({ bootstrap }) => bootstrap?.noncurrentVersionDays)).toEqual([90, 90, 90]));
  it("protect data from deletion outside development (design 7)", () =>
    expect(each(({ deletionProtection }) => deletionProtection)).toEqual([false, true, true]));
  it("have keys of their own outside development (C-74)", () =>
    expect(each(({ customerManagedKeys }) => customerManagedKeys)).toEqual([false, true, true]));
  it("have a Linux engine and a worker outside development (C-01, C-04, NET-017, LNX-002 … LNX-006, LNX-014, LNX-015)", () => {
    const engine = {
      instanceType: "t4g.small",
      image: { ssmParameter: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64", architecture: "arm64" },
      rootVolumeGigabytes: 10,
      worker: true,
      privateAddresses: { engine: "10.0.2.10", worker: "10.0.2.11" },
      nightlyBackup: "0 18 * * *",
      backupRetentionDays: 365,
      weeklyReport: "0 0 * * SAT",
      logRetentionDays: 30,
    };
    expect(each(({ linuxEngine }) => linuxEngine)).toEqual([
      undefined,
      { ...engine, securityGroup: "ec2-trading-engine-staging" },
      { ...engine, securityGroup: "ec2-trading-engine" },
    ]);
  });
});

describe("documented figures, cost", () => {
  it("assumes 10 GB in the three trading buckets (CST-004)", () => expect(dev.cost.usage.tradingBucketGigabytes * 3).toBeCloseTo(10, 0));
});

describe("documented figures, network", () => {
  it("is the default VPC in dev, a dedicated one elsewhere (C-06, NET-008, NET-012)", () => {
    expect(dev.network).toEqual({ kind: "default", zones: ["ap-northeast-1a", "ap-northeast-1c"] });
    expect(dedicated.map(({ kind }) => kind)).toEqual(["dedicated", "dedicated"]);
  });
  it.each([
    ["staging", dedicated[0]!],
    ["prod", dedicated[1]!],
  ])("of %s has the one layout (design 6, NET-013 … NET-016, NET-024, C-07, C-08)", (_, { cidr, subnets }) => {
    expect(cidr).toBe("10.0.0.0/16");
    expect(subnets).toEqual({
      public: ["10.0.1.0/24", "10.0.4.0/24"],
      private: ["10.0.2.0/24", "10.0.5.0/24"],
      database: ["10.0.3.0/24", "10.0.6.0/24"],
      containers: ["10.0.10.0/24", "10.0.20.0/24"],
    });
  });
  it("has two zones (C-09)", () =>
    expect(dedicated.map(({ zones }) => zones)).toEqual(Array(2).fill(["ap-northeast-1a", "ap-northeast-1c"])));
});

describe("documented figures, messaging", () => {
  const figures = { fifo: false, visibilityTimeoutSeconds: 60, messageRetentionSeconds: 4 * DAY, receiveWaitTimeSeconds: 20 };
  const deadLetter = { maxReceiveCount: 3, visibilityTimeoutSeconds: 60, messageRetentionSeconds: 14 * DAY };

  it.each([
    [dev, "-dev"],
    [staging, "-staging"],
    [prod, ""],
  ])("order queue, 60 s, 4 days, 20 s, 3 receives (MSG-001 … MSG-004): %#", ({ events }, suffix) => {
    expect(events.orderQueue).toEqual({
      ...figures,
      name: `TSS_OrderRequestQueue${suffix}`,
      deadLetter: { ...deadLetter, name: `TSS_OrderRequestQueue_DLQ${suffix}` },
    });
  });
  it("alert queue outside dev (MSG-005)", () => {
    expect(dev.events.alertProcessingQueue).toBeUndefined();
    for (const [{ events }, suffix] of [
      [staging, "-staging"],
      [prod, ""],
    ] as const) {
      expect(events.alertProcessingQueue).toEqual({
        ...figures,
        name: `AlertProcessingQueue${suffix}`,
        deadLetter: { ...deadLetter, name: `AlertProcessingQueue_DLQ${suffix}` },
      });
    }
  });
  it("dead-letter alarm every 300 s in dev, 60 s elsewhere (C-42, OBS-027)", () =>
    expect(each(({ events }) => events.deadLetterAlarmPeriodSeconds)).toEqual([300, 60, 60]));
});

describe("documented figures, data", () => {
  const RAW = [
    { days: 30, storageClass: "STANDARD_IA" },
    { days: 90, storageClass: "GLACIER_IR" },
    { days: 365, storageClass: "DEEP_ARCHIVE" },
  ];

  it.each([
    [dev, "-dev"],
    [staging, "-staging"],
    [prod, ""],
  ])(
    "buckets with account and suffix, transitions 30/90/365 and 30/90 (C-27, C-28, DAT-044 … DAT-046, DAT-050, DAT-051): %#",
    ({ account, data }, suffix) => {
      expect(data.buckets).toEqual({
        rawMarketData: {
          name: `tss-raw-market-data-${account}${suffix}`,
          documentedName: "tss-raw-data",
          transitions: RAW,
          noncurrentVersionDays: 90,
        },
        processedMarketData: {
          name: `tss-processed-market-data-${account}${suffix}`,
          transitions: RAW.slice(0, 2),
          noncurrentVersionDays: 90,
        },
        backtestResults: { name: `tss-backtest-results-${account}${suffix}`, transitions: RAW.slice(0, 2), noncurrentVersionDays: 90 },
      });
      expect(data.accessLogBucket.name).toBe(`tss-access-logs-${account}${suffix}`);
    },
  );

  it("table, 35 days of recovery (DAT-006, DAT-008)", () => {
    expect(each(({ data }) => data.table.name)).toEqual([
      "TSS_DynamoDB_OrderState-dev",
      "TSS_DynamoDB_OrderState-staging",
      "TSS_DynamoDB_OrderState",
    ]);
    expect(each(({ data }) => data.table.recoveryPeriodDays)).toEqual([35, 35, 35]);
  });
  it("volumes daily, kept for 7 days; in prod copies, a lock and a trial a quarter (C-51, OPS-023, OPS-026, OPS-031, RMP-005)", () => {
    for (const { backup } of [dev, staging, prod]) expect(backup!.volumes).toMatchObject({ cron: "0 19 * * *", retentionDays: 7 });
    expect(each(({ backup }) => backup!.copies)).toEqual([undefined, undefined, { vaultName: "tss-backup-osaka", retentionDays: 7 }]);
    expect(each(({ backup }) => backup!.lock)).toEqual([undefined, undefined, { minRetentionDays: 7, maxRetentionDays: 35 }]);
    expect(prod.backup!.table).toEqual(prod.backup!.volumes);
    expect(each(({ backup }) => backup!.restoreTesting?.frequency)).toEqual([undefined, undefined, "quarterly"]);
    // OPS-028 … OPS-031: staging tries it too, because there nobody trades.
    expect(each(({ backup }) => backup!.recoveryTest?.frequency)).toEqual([undefined, "quarterly", "quarterly"]);
    expect(each(({ data }) => data.rds?.copyRetentionDays)).toEqual([undefined, undefined, 7]);
  });
  it.each([[dev], [staging], [prod]])("five indexes everywhere (C-25, DAT-020 … DAT-025): %#", ({ data }) => {
    const common = ["position_id", "trade_id", "strategy_id", "symbol", "side", "status", "entry_price", "size"];
    expect(data.table.globalSecondaryIndexes).toEqual([
      { name: "GSI1", partitionKey: "gs1pk", sortKey: "gs1sk", projectedAttributes: [...common, "unrealized_pnl"] },
      { name: "GSI2", partitionKey: "gs2pk", sortKey: "gs2sk", projectedAttributes: [...common, "unrealized_pnl"] },
      { name: "GSI3", partitionKey: "gs3pk", sortKey: "gs3sk", projectedAttributes: [...common, "unrealized_pnl"] },
      { name: "GSI4", partitionKey: "gs4pk", sortKey: "gs4sk", projectedAttributes: [...common, "signal_id"] },
      { name: "GSI5", partitionKey: "gs5pk", sortKey: "gs5sk", projectedAttributes: common },
    ]);
  });

  it("cache: single and plain in dev, single and encrypted in staging, cluster in prod (C-18, C-19, C-20, DAT-063 … DAT-068, DAT-072)", () => {
    const common = {
      nodeType: "cache.t3.micro",
      maintenanceWindow: "sun:05:00-sun:06:00",
      snapshotWindow: "03:00-05:00",
      snapshotRetentionDays: 1,
      parameters: { "maxmemory-policy": "allkeys-lru", timeout: "300", "tcp-keepalive": "60" },
    };
    expect(each(({ data }) => data.cache)).toEqual([
      { ...common, kind: "single", id: "axia-redis-cache-dev", encryption: false },
      { ...common, kind: "single", id: "axia-redis-cache-staging", encryption: true },
      { ...common, kind: "cluster", id: "axia-redis-cache", shards: 1, replicasPerShard: 1, multiAz: true },
    ]);
  });
  it("secrets: demo in dev and staging, live in prod, Slack everywhere (C-37, SEC-050 … SEC-052)", () => {
    const keys = ["login", "password", "server"];
    const slackWebhook = { description: "Slack Webhook URL", keys: ["webhook_url"] };
    const windowsLogon = { description: "Password of the Windows host's Administrator", keys: ["password"] };
    expect(each(({ data }) => data.secrets)).toEqual([
      {
        mt5: { name: "TSS/mt5/demo-dev", description: "MT5 Demo Account Credentials", keys },
        slackWebhook: { ...slackWebhook, name: "TSS/slack/webhook-dev" },
        windowsLogon: { ...windowsLogon, name: "TSS/windows/logon-dev" },
      },
      {
        mt5: { name: "TSS/mt5/demo-staging", description: "MT5 Demo Account Credentials", keys },
        slackWebhook: { ...slackWebhook, name: "TSS/slack/webhook-staging" },
        windowsLogon: { ...windowsLogon, name: "TSS/windows/logon-staging" },
      },
      {
        mt5: { name: "TSS/mt5/live", description: "MT5 Live Account Credentials", keys },
        slackWebhook: { ...slackWebhook, name: "TSS/slack/webhook" },
        windowsLogon: { ...windowsLogon, name: "TSS/windows/logon" },
      },
    ]);
  });
  it("throttles above 5 events alarm, and memory below 100 MB (OBS-026, OBS-030)", () => {
    expect(each(({ data }) => [data.throttleAlarmThreshold, data.cacheFreeableMemoryAlarmMegabytes])).toEqual([
      [5, 100],
      [5, 100],
      [5, 100],
    ]);
  });
});

describe("documented figures, Windows host", () => {
  it("starts from AWS's image of Windows Server 2022, which no document's id outlives (C-03, WIN-003, WIN-004)", () => {
    expect(each(({ windows }) => windows.image)).toEqual(
      Array(3).fill({ ssmParameter: "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base", architecture: "x86_64" }),
    );
  });
  it("is open to the world in dev, elsewhere to nobody but the UI's users (C-13, SEC-002 … SEC-005)", () => {
    expect(each(({ windows: { adminCidrs, uiCidrs } }) => [adminCidrs, uiCidrs])).toEqual([
      [["0.0.0.0/0"], ["0.0.0.0/0"]],
      [[], ["203.0.113.0/24"]],
      [[], ["203.0.113.0/24"]],
    ]);
  });
  it("has 30 GB, the watchdog every 300 s and logs for 30 and 7 days (WIN-007, WIN-040, OBS-001, OBS-002)", () => {
    expect(
      each(({ windows: { rootVolumeGigabytes, watchdogIntervalSeconds, logRetentionDays } }) => [
        rootVolumeGigabytes,
        watchdogIntervalSeconds,
        logRetentionDays,
      ]),
    ).toEqual(Array(3).fill([30, 300, { application: 30, system: 7 }]));
  });
  it("has TLS in front of the UI and the leader guard outside development (C-14, C-62)", () => {
    expect(each(({ windows: { uiLoadBalancer, leaderGuard, scaling } }) => [uiLoadBalancer !== undefined, leaderGuard, scaling])).toEqual([
      [false, undefined, undefined],
      [true, { leaseSeconds: 60, renewSeconds: 15 }, undefined],
      [true, { leaseSeconds: 60, renewSeconds: 15 }, undefined],
    ]);
  });
  it("reaches the broker's ports, collects at 22:00 UTC on trading days, and reports in one namespace (C-15, C-44, C-46)", () => {
    expect(each(({ mt5, collector, metricNamespace }) => [mt5.egressPorts, collector.cron, metricNamespace])).toEqual(
      Array(3).fill([[443, 993, 80], "0 22 * * MON-FRI", "AXIA/TradingSystem"]),
    );
  });
  it("alarms at 80% of CPU after two periods in dev and one elsewhere, of memory and disk (C-05, C-41, OBS-023 … OBS-025)", () => {
    expect(each(({ alarms: { cpu, memoryPercent, diskPercent } }) => ({ cpu, memoryPercent, diskPercent }))).toEqual(
      [2, 1, 1].map((periods) => ({ cpu: { percent: 80, periods }, memoryPercent: 80, diskPercent: 80 })),
    );
  });
  it("hands the application its documented times (DAT-002, DAT-003, C-21, C-26)", () => {
    expect(each(({ application }) => application)).toEqual(
      Array(3).fill({
        cacheExpiry: { ohlcv: "new-york-close", realTimePricesSeconds: 60, positionsSeconds: null, sessionsSeconds: 3600 },
        retentionDays: { tradingRecords: 90, signalHistory: 30, performanceMetrics: 365, closedPositions: 365 },
      }),
    );
  });
});

describe("documented figures, services", () => {
  it("have 2 vCPU and 4 GB, 1 and 2 GB, half of one and 1 GB, in dev the least, on x86_64, port 8000 (CON-011, CON-012, CON-015)", () => {
    expect(
      each(({ services }) =>
        Object.values(services).map(({ architecture, cpu, memory, port, ports, healthPath, readyPath }) => [
          architecture,
          cpu,
          memory,
          port,
          ports,
          healthPath,
          readyPath,
        ]),
      ),
    ).toEqual(
      [
        Array<number[]>(3).fill([256, 512]),
        ...Array<number[][]>(2).fill([
          [2048, 4096],
          [1024, 2048],
          [512, 1024],
        ]),
      ].map((sizes) => sizes.map((size) => ["x86_64", ...size, 8000, {}, "/health", "/ready"])),
    );
  });
  it("run once in dev, from 3 to 20 times elsewhere at 70% of CPU and 80% of memory; the scheduler never twice (C-54, CON-010, K8S-019)", () => {
    const scaling = { min: 3, max: 20, cpuPercent: 70, memoryPercent: 80, schedule: [] };
    const all = each(({ services }) =>
      Object.values(services).map(({ replicas, scaling: limits, strategy, spot }) => [replicas, limits, strategy, spot]),
    );
    const scheduler = [undefined, undefined, "recreate", undefined];
    const [once, many] = [undefined, scaling].map((limits) => [undefined, limits, "rolling", undefined]);
    expect(all).toEqual([
      [once, once, scheduler],
      [many, many, scheduler],
      [many, many, scheduler],
    ]);
  });
  it("call each other in one direction, and two are reached from outside", () => {
    expect(each(({ services }) => Object.values(services).map(({ calls, route }) => [calls, route]))).toEqual(
      Array(3).fill([
        [["data"], { priority: 100, paths: ["/ml/*"], hosts: [] }],
        [[], { priority: 200, paths: ["/data/*"], hosts: [] }],
        [["data", "ml"], undefined],
      ]),
    );
  });
  it("have the rights that they need, and the database where there is one (C-16)", () => {
    const rights = [
      ["processedMarketData.read", "backtestResults.readWrite", "orderState.read", "cache.connect"],
      ["rawMarketData.readWrite", "processedMarketData.readWrite", "cache.connect"],
      ["systemEvents.publish"],
    ];
    const withDatabase = rights.map((grants) => [...grants, "database.connect"]);
    expect(each(({ services }) => Object.values(services).map(({ grants }) => grants))).toEqual([rights, withDatabase, withDatabase]);
  });
  it("are told no secrets and no settings yet, and hold none of their own", () => {
    expect(
      each(({ data, services }) => [
        data.serviceSecrets,
        ...Object.values(services).map(({ environment, secrets }) => ({ ...environment, ...secrets })),
      ]),
    ).toEqual(Array(3).fill([{}, {}, {}, {}]));
  });
  it("are watched in dev by what costs nothing, elsewhere each container; a shell reaches them in dev only (CON-015, CON-016)", () => {
    expect(
      each(({ cluster: { containerInsights, executeCommand, logRetentionDays } }) => [containerInsights, executeCommand, logRetentionDays]),
    ).toEqual([
      ["disabled", true, 30],
      ["enhanced", false, 30],
      ["enhanced", false, 30],
    ]);
  });
  it("rest at night and at the weekend in dev only (CON-015)", () => {
    expect(each(({ schedule }) => schedule?.services)).toEqual([
      { stop: "0 11 * * MON-FRI", start: "0 23 * * SUN-THU" },
      undefined,
      undefined,
    ]);
  });
  it("alarm above what scaling holds, and at 5% of errors (OBS-033)", () => {
    expect(each(({ alarms }) => alarms.services)).toEqual(Array(3).fill({ cpuPercent: 85, memoryPercent: 90, errorPercent: 5 }));
  });
});
