/** What the documents say once for every environment, so that the literals hold only what differs. */
import type { EnvironmentLiteral } from "./schema";

type Events = EnvironmentLiteral["events"];
type Data = EnvironmentLiteral["data"];

const DAY = 86_400;

/** MSG-002 … MSG-004: 60 s visibility, 4 days retention, 20 s long polling, 3 receives; the dead letters stay for 14 days. */
export const queueDefaults = {
  visibilityTimeoutSeconds: 60,
  messageRetentionSeconds: 4 * DAY,
  receiveWaitTimeSeconds: 20,
} satisfies Partial<Events["orderQueue"]>;

export const deadLetterDefaults = {
  maxReceiveCount: 3,
  visibilityTimeoutSeconds: 60,
} satisfies Partial<Events["orderQueue"]["deadLetter"]>;

/** Six times the 20 s that the function has, as Lambda asks for; thirty minutes of Slack's silence, before messages become dead letters. */
export const notificationDefaults = {
  visibilityTimeoutSeconds: 120,
  messageRetentionSeconds: 4 * DAY,
  receiveWaitTimeSeconds: 20,
} satisfies Partial<Events["notificationQueue"]>;
export const notificationDeadLetterDefaults = { maxReceiveCount: 15, visibilityTimeoutSeconds: 120 } satisfies Partial<
  Events["notificationQueue"]["deadLetter"]
>;

/** data-stores.md, open points: what each index projects. */
const projection = ["position_id", "trade_id", "strategy_id", "symbol", "side", "status", "entry_price", "size"];

/** DAT-020 … DAT-025. */
export const globalSecondaryIndexes: Data["table"]["globalSecondaryIndexes"] = [
  { name: "GSI1", partitionKey: "gs1pk", sortKey: "gs1sk", projectedAttributes: [...projection, "unrealized_pnl"] },
  { name: "GSI2", partitionKey: "gs2pk", sortKey: "gs2sk", projectedAttributes: [...projection, "unrealized_pnl"] },
  { name: "GSI3", partitionKey: "gs3pk", sortKey: "gs3sk", projectedAttributes: [...projection, "unrealized_pnl"] },
  { name: "GSI4", partitionKey: "gs4pk", sortKey: "gs4sk", projectedAttributes: [...projection, "signal_id"] },
  { name: "GSI5", partitionKey: "gs5pk", sortKey: "gs5sk", projectedAttributes: projection },
];

/** DAT-050: the raw bucket's transitions. */
export const rawTransitions: NonNullable<Data["buckets"]["rawMarketData"]["transitions"]> = [
  { days: 30, storageClass: "STANDARD_IA" },
  { days: 90, storageClass: "GLACIER_IR" },
  { days: 365, storageClass: "DEEP_ARCHIVE" },
];

/** DAT-051: those of the processed and backtest buckets. */
export const processedTransitions = rawTransitions.slice(0, 2);

/** DAT-063 … DAT-068. */
export const cacheDefaults = {
  nodeType: "cache.t3.micro",
  maintenanceWindow: "sun:05:00-sun:06:00",
  snapshotWindow: "03:00-05:00",
  parameters: { "maxmemory-policy": "allkeys-lru", timeout: "300", "tcp-keepalive": "60" },
} satisfies Partial<Data["cache"]>;

/** DAT-081, DAT-083, DAT-086. Backups while the markets of Tokyo are quiet, maintenance on the weekend, after that of the cache. */
export const databaseDefaults = {
  instanceClass: "db.t3.medium",
  allocatedStorageGigabytes: 100,
  maxAllocatedStorageGigabytes: 200,
  engineVersion: "15",
  backupRetentionDays: 7,
  backupWindow: "18:00-19:00",
  databaseName: "trading",
  username: "tss_master",
} satisfies Partial<Data["rds"]>;

/** DAT-083 … DAT-086: the least that RDS has, in one zone, of a size that stays; its hours are those of the database above. */
export const webDatabaseDefaults = {
  ...{ instanceClass: "db.t3.micro", allocatedStorageGigabytes: 20, multiAz: false },
  ...{ engineVersion: databaseDefaults.engineVersion, backupRetentionDays: 7, backupWindow: databaseDefaults.backupWindow },
  ...{ databaseName: "kabu_trade", username: "kabu_trade_master" },
} satisfies Partial<NonNullable<NonNullable<EnvironmentLiteral["web"]>["database"]>>;

/** OPS-025: PostgreSQL's official image of the database's version, from AWS's public registry; its digest is the one on Docker Hub. */
export const databaseDumps = {
  kind: "dump",
  image: "public.ecr.aws/docker/library/postgres:15-alpine@sha256:fe0737ba566a2c5b2a28f34433c0a423261900ec17b9bf7ad115e1aae7e57f1b",
} as const;

/** Amazon Linux 2023 on x86-64, likewise (C-02, EDG-015). */
export const amazonLinuxX86 = {
  ssmParameter: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
  architecture: "x86_64",
} as const;

/** EDG-014 … EDG-016, OPS-054. The cache's image is Docker's official one from AWS's public registry, which wants no account. */
export const webBackendDefaults = {
  instanceType: "t3.micro",
  image: amazonLinuxX86,
  migrate: ["alembic", "upgrade", "head"],
  cacheImage: "public.ecr.aws/docker/library/redis:7.4.5-alpine@sha256:bb186d083732f669da90be8b0f975a37812b15e913465bb14d845db72a4e3e08",
} satisfies Partial<NonNullable<NonNullable<EnvironmentLiteral["web"]>["backend"]>>;

/** OPS-023: daily, kept for 7 days; fewer would be paid for all the same. At 19:00 UTC it is night in Tokyo, and the database's own backup is done. */
export const dailyBackups = { cron: "0 19 * * *", retentionDays: 7 } satisfies Partial<
  NonNullable<EnvironmentLiteral["backup"]>["volumes"]
>;

/** SEC-050, SEC-051. */
export const mt5Keys = ["login", "password", "server"];
/** SEC-052. */
export const slackWebhook = { description: "Slack Webhook URL", keys: ["webhook_url"] };

/** What the Windows host logs its Administrator on with, so that MetaTrader 5 has a desktop (WIN-036). */
export const windowsLogon = { description: "Password of the Windows host's Administrator", keys: ["password"] };

/** C-62: a host that fell silent is followed by another after a minute. */
export const leaderGuard = { leaseSeconds: 60, renewSeconds: 15 };

/**
 * C-03, WIN-003: Windows Server 2022 Base, as it stands on the day the instance is created; a later image never replaces the instance.
 *
 * English, because the names of performance counters (WIN-042) depend on the language. The documents' ami-0dafcef159b1fc745 (WIN-004) of October 2025
 * is not pinned: AWS keeps a Windows image public for three months. https://docs.aws.amazon.com/AWSEC2/latest/WindowsGuide/aws-windows-ami.html
 */
export const windowsImage = {
  ssmParameter: "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base",
  architecture: "x86_64",
} as const;

/** Amazon Linux 2023 on Graviton, as it stands on the day the instance is created; a later image never replaces the instance. */
export const amazonLinuxArm64 = {
  ssmParameter: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
  architecture: "arm64",
} as const;

type Service = EnvironmentLiteral["services"][string];

/** CON-008, CON-011: EnsembleSystem. */
export const mlService = {
  cpu: 2048,
  memory: 4096,
  route: { priority: 100, paths: ["/ml/*"] },
  calls: ["data"],
  grants: ["processedMarketData.read", "backtestResults.readWrite", "orderState.read", "cache.connect"],
} satisfies Partial<Service>;

/** CON-009, CON-012: DataFetcher and SmartSymbolSelector. */
export const dataService = {
  cpu: 1024,
  memory: 2048,
  route: { priority: 200, paths: ["/data/*"] },
  grants: ["rawMarketData.readWrite", "processedMarketData.readWrite", "cache.connect"],
} satisfies Partial<Service>;

/** CON-010: ExecutionScheduler, which keeps the timetable itself, so that there is never more than one. Its size is proposed in containers.md. */
export const schedulerService = {
  cpu: 512,
  memory: 1024,
  strategy: "recreate",
  calls: ["data", "ml"],
  grants: ["systemEvents.publish"],
} satisfies Partial<Service>;

/** CON-015: the least that Fargate offers. A service that needs more says so in the literal. */
export const leastSize = { cpu: 256, memory: 512 } satisfies Partial<Service>;

/** C-54, K8S-019. */
export const serviceScaling = { min: 3, max: 20 };

/** Whoever deploys. The documents name no people's roles, and EKS refuses those that the account does not have: a literal adds its own (docs/kubernetes.md). */
export const clusterAccess = (environment: string): EnvironmentLiteral["cluster"]["eks"]["access"] => ({
  deploy: [`tss-deploy-${environment}`],
});

/** EKS as staging and production have it: private, and room for all services at their most (containers.md names no nodes), with as many pods on a node as leave addresses for all nodes in the two /24 of NET-024. */
export const eksCluster = (environment: string): EnvironmentLiteral["cluster"]["eks"] => ({
  version: "1.35",
  access: clusterAccess(environment),
  nodeGroups: { general: { instanceTypes: ["m7i.xlarge", "m6i.xlarge"], min: 3, max: 24, maxPods: 15 } },
});

/** One layout of the VPC for all documents, two zones (design 6). */
export const dedicatedNetwork = {
  kind: "dedicated",
  cidr: "10.0.0.0/16",
  zones: ["ap-northeast-1a", "ap-northeast-1c"],
  subnets: {
    public: ["10.0.1.0/24", "10.0.4.0/24"],
    private: ["10.0.2.0/24", "10.0.5.0/24"],
    database: ["10.0.3.0/24", "10.0.6.0/24"],
    containers: ["10.0.10.0/24", "10.0.20.0/24"],
  },
} satisfies Partial<EnvironmentLiteral["network"]>;

/**
 * What the estimate assumes of a month. Nothing of it is measured: CST-004 and C-30 give the buckets' 10 GB and their growth, the rest is a
 * guess that a small system stays below, written here so that a reviewer can doubt it.
 */
export const usageDefaults: EnvironmentLiteral["cost"]["usage"] = {
  // A write every five seconds, and four times the reads: together about what CST-002 has.
  tableReads: 2_000_000,
  tableWrites: 500_000,
  tableGigabytes: 1,
  // CST-004: 10 GB over three buckets; C-30: about 15 MB come in a month.
  tradingBucketGigabytes: 3.4,
  otherBucketGigabytes: 1,
  bucketWrites: 50_000,
  bucketReads: 200_000,
  replicatedGigabytes: 1,
  // Volumes of 30 GB (Windows) and of 10 (Linux), which change little.
  backupGigabytes: 40,
  copiedBackupGigabytes: 10,
  // One reader that waits, and the messages.
  queueRequests: 250_000,
  // An alert every five minutes is more than anybody reads.
  functionRequests: 10_000,
  functionSeconds: 0.5,
  keyRequests: 100_000,
  logGigabytes: 0.5,
  flowLogGigabytes: 2,
  natGigabytes: 20,
  endpointGigabytes: 2,
  loadBalancerUnits: 0.1,
  loadBalancerGigabytes: 5,
  hostGigabytes: 5,
  webAclRequests: 500_000,
  // EDG-012; some 30 KB each.
  edgeGigabytes: 3,
  edgeRequests: 100_000,
  imageGigabytes: 2,
  // EC2 sends seven; disk, memory, heartbeat and connection are the agent's and the watchdog's.
  detailedMetrics: 7,
  hostMetrics: 6,
  // Some ten of the cluster and of each of three services.
  insightsMetrics: 40,
};
