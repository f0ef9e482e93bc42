/**
 * The shape of one environment: what the literals in dev.ts, staging.ts and prod.ts may say.
 *
 * Strict: an unknown key is an error. Defaults are the production-safe value, so a literal names every exception it makes.
 * The kinds of value are in fields.ts, the machines in hosts.ts, the queues in queues.ts, the functions that tell people in alerting.ts, the database in database.ts, the services in services.ts, the notebook in research.ts, the web application in web.ts, the budget in cost.ts, what the account has once in account.ts; what one
 * field cannot say alone (a subnet inside its VPC, a dead-letter queue that outlives its queue) is in rules/.
 */
import { z } from "zod";
import { accountWide } from "./account";
import { alerting } from "./alerting";
import { backup } from "./backup";
import { cache } from "./cache";
import { cost } from "./cost";
import { rds } from "./database";
import {
  accountId,
  attributeName,
  bucketName,
  bucketSuffix,
  cidr,
  email,
  environmentName,
  httpsUrl,
  indexName,
  integer,
  kinds,
  kubeconfigPath,
  logRetentionDays,
  metricNamespace,
  pattern,
  port,
  region,
  secretId,
  secretKey,
  secretName,
  tableName,
  tagKey,
  tagValue,
  text,
  topicName,
  weeklyCron,
  zone,
} from "./fields";
import { host, linuxEngine, windows } from "./hosts";
import { patching } from "./patching";
import { queue, queues } from "./queues";
import { research } from "./research";
import { schedule } from "./schedule";
import { cluster, services } from "./services";
import { web } from "./web";

export { LOG_RETENTION_DAYS } from "./fields";
export type { Usage } from "./cost";
export type { Image } from "./hosts";
export type { Queue } from "./queues";
export type { Grant, Service } from "./services";

/** Interface endpoints that the environment may ask for, by AWS service name. S3 and DynamoDB always get gateway endpoints. */
export const INTERFACE_ENDPOINTS = [
  "ec2messages",
  "ecr.api",
  "ecr.dkr",
  "git-codecommit",
  "kms",
  "logs",
  "monitoring",
  "sagemaker.api",
  "secretsmanager",
  "sns",
  "sqs",
  "ssm",
  "ssmmessages",
  "sts",
] as const;

const nat = z.discriminatedUnion(
  "kind",
  [
    /**
     * No way to the Internet: only what gateway and interface endpoints reach. Functions then stand outside of the VPC, because Slack is on the
     * Internet; they reach nothing in the VPC with or without NAT (design 35).
     */
    z.strictObject({ kind: z.literal("none") }),
    /** One Linux machine in the first public subnet (NET-019); it passes on HTTP, HTTPS and `mt5.egressPorts` (SEC-020, SEC-021). */
    z.strictObject({ kind: z.literal("instance"), ...host }),
    /** Managed gateways (NET-018); `perZone` keeps one zone's outage out of the other, at twice the price. */
    z.strictObject({ kind: z.literal("gateway"), perZone: z.boolean().default(true) }),
  ],
  kinds("kind", "none", "instance", "gateway"),
);

/** No region has more zones than six. */
const perZone = z.array(cidr).max(6);
const zones = z.array(zone).max(6);
const network = z.discriminatedUnion(
  "kind",
  [
    /** The account's default VPC (NET-008), of whose subnets those of some zones are used: each costs the load balancer an address. */
    z.strictObject({ kind: z.literal("default"), zones }),
    /** A VPC of its own, one subnet per tier and zone, in the order of `zones` (NET-012 … NET-016, RMP-003, RMP-006, C-07, C-08, C-73, design 6). */
    z.strictObject({
      kind: z.literal("dedicated"),
      cidr,
      zones,
      subnets: z.strictObject({ public: perZone, private: perZone, database: perZone, containers: perZone }),
      nat,
      interfaceEndpoints: z.array(z.enum(INTERFACE_ENDPOINTS)).default([]),
      /** Days that the VPC flow log is kept (SEC-028). */
      flowLogRetentionDays: logRetentionDays.default(90),
    }),
  ],
  kinds("kind", "default", "dedicated"),
);

const subscription = z.discriminatedUnion(
  "protocol",
  [z.strictObject({ protocol: z.literal("email"), endpoint: email }), z.strictObject({ protocol: z.literal("https"), endpoint: httpsUrl })],
  kinds("protocol", "email", "https"),
);

const events = z.strictObject({
  ...alerting,
  /** MSG-001 … MSG-004. */
  orderQueue: queue,
  /** SQS subscriber of the events topic (MSG-005); the log of alerts takes its messages out. */
  alertProcessingQueue: queue.optional(),
  /** What waits to be told to Slack: in a storm, or while Slack is down. */
  notificationQueue: queue,
  /** Any others, for the services. */
  queues,
  /** MSG-012, C-34. */
  systemEventsTopic: topicName,
  /** Where every alarm goes (MSG-013). */
  systemAlertsTopic: topicName,
  /** Who is told of alerts (MSG-014, OBS-039). */
  alertSubscriptions: z.array(subscription).default([]),
  /** Period of the dead-letter alarm (OBS-027, C-42). */
  deadLetterAlarmPeriodSeconds: z.literal([60, 300]).default(60),
});

/** What a lifecycle may move objects to; INTELLIGENT_TIERING then chooses by itself (CST-022). */
export const STORAGE_CLASSES = ["STANDARD_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"] as const;
/** What S3 takes for the age of an object or a version. */
const days = integer(1, 36_500, "days");
const bucket = z.strictObject({
  name: bucketName,
  /** Kept visible as a tag where the physical name must differ (C-27). */
  documentedName: tagValue.optional(),
  /** Age at which objects move to a colder class (C-28, DAT-004, CST-027). */
  transitions: z.array(z.strictObject({ days: integer(0, 36_500, "days"), storageClass: z.enum(STORAGE_CLASSES) })).default([]),
  /** Days after which an overwritten or deleted version goes. */
  noncurrentVersionDays: days.default(90),
});

/** Attributes that one index may project; over all indexes of a table it is 100, see rules/data.ts. */
export const GSI_ATTRIBUTES_LIMIT = 20;
const table = z.strictObject({
  /** DAT-006. */
  name: tableName,
  /** Days that a point in time can be restored (DAT-008, OPS-021, C-51); 35 is the most that DynamoDB offers. */
  recoveryPeriodDays: integer(1, 35, "days").default(35),
  /** DAT-020 … DAT-025, C-25; keys are texts, and the table's own keys are `pk` and `sk` (DAT-009). */
  globalSecondaryIndexes: z.array(
    z.strictObject({
      name: indexName,
      partitionKey: attributeName,
      sortKey: attributeName,
      /** What the index carries beside its keys and the table's (projection INCLUDE). */
      projectedAttributes: z.array(attributeName).min(1).max(GSI_ATTRIBUTES_LIMIT),
    }),
  ),
});

/**
 * What a literal may take over that exists already, by its path. Terraform imports buckets and tables by their names, which the literal
 * knows; other kinds have ids that only the account knows (docs/importing.md).
 */
export const IMPORTABLE = [
  "data.table",
  "data.buckets.rawMarketData",
  "data.buckets.processedMarketData",
  "data.buckets.backtestResults",
  "data.accessLogBucket",
  "data.softwareBucket",
] as const;
export type Importable = (typeof IMPORTABLE)[number];

const percent = integer(1, 99, "percent");
/** An entry of Secrets Manager, created empty (design 11); `keys` are those of the JSON that a person fills in. */
const secret = z.strictObject({ name: secretName, description: text(2048), keys: z.array(secretKey).min(1) });

const data = z.strictObject({
  /** DAT-044 … DAT-046. */
  buckets: z.strictObject({ rawMarketData: bucket, processedMarketData: bucket, backtestResults: bucket }),
  /** Where the buckets' access logs go (SEC-073); SSE-S3, which log delivery requires (C-74). */
  accessLogBucket: z.strictObject({ name: bucketName, expirationDays: days }),
  /** Installers and sources for the hosts, and the bundles they fetch (design 12). */
  softwareBucket: z.strictObject({ name: bucketName }),
  table,
  cache,
  /** Present exactly when `database` is `rds`. */
  rds: rds.optional(),
  /** DynamoDB throttle alarms fire above this count in 300 s (OBS-026). */
  throttleAlarmThreshold: integer(0, 1_000_000, "events").default(5),
  /** Low-memory alarm of the cache, in MB (OBS-030). */
  cacheFreeableMemoryAlarmMegabytes: integer(1, 1_000_000, "MB").default(100),
  /** SEC-050 … SEC-052, RMP-012, C-37; and the password with which the Windows host logs its Administrator on, for MetaTrader 5 (WIN-036). */
  secrets: z.strictObject({ mt5: secret, slackWebhook: secret, windowsLogon: secret }),
  /** Secrets of the container services alone, by the name that `services` knows them by. */
  serviceSecrets: z.record(secretId, secret).default({}),
  /** Copies of the trading buckets in a second region (C-50, NET-002). */
  replication: z.strictObject({ region, bucketSuffix }).optional(),
});

const bootstrap = z.strictObject({
  /**
   * The repository whose workflows may take the roles, as the subject of GitHub's tokens names it: `owner/name`, or both with their
   * ids appended (`-1234` or `@1234`) where subjects are immutable; the repository's OIDC settings show which.
   * https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens
   */
  githubRepository: pattern(
    /^(?!-)[A-Za-z0-9-]{1,60}(@\d+)?(?<!-)\/[A-Za-z0-9._-]{1,120}(@\d+)?$/,
    "owner/name of a GitHub repository, as the subject of its tokens names it",
  ),
  /** The environments of this account; each gets a plan role and a deploy role. */
  environments: z.array(environmentName).min(1),
  /** Days that an overwritten state version is kept. */
  noncurrentVersionDays: days.default(90),
});

const alarms = z.strictObject({
  /** OBS-024, OBS-025; periods of 300 s that must breach, one after the other (C-41). */
  cpu: z.strictObject({ percent: percent.default(80), periods: integer(1, 12, "periods").default(1) }).prefault({}),
  /** Of the hosts (OBS-023). */
  memoryPercent: percent.default(80),
  /** Of the hosts (C-05). */
  diskPercent: percent.default(80),
  /** Of the container services: above what scaling holds, so that it has come to its end. */
  services: z
    .strictObject({
      cpuPercent: percent.default(85),
      memoryPercent: percent.default(90),
      /** Of the answers, over a minute, those with a status of 5xx (OBS-033). */
      errorPercent: percent.default(5),
    })
    .prefault({}),
});

/** An item without a limit is `null`. */
const expirySeconds = integer(1, 31_536_000, "seconds").nullable();
/** Figures that the application reads from the hosts' settings; the infrastructure only hands them on. */
const application = z.strictObject({
  /** Of keys in Redis (DAT-002, C-21). */
  cacheExpiry: z
    .strictObject({
      /** Up to the close of New York, or a fixed time (DAT-077). */
      ohlcv: z
        .union([z.literal("new-york-close"), expirySeconds], { error: '"new-york-close", or a whole number of seconds from 1 to 31536000' })
        .default("new-york-close"),
      realTimePricesSeconds: expirySeconds.default(60),
      positionsSeconds: expirySeconds.default(null),
      sessionsSeconds: expirySeconds.default(3600),
    })
    .prefault({}),
  /** Of items in the orders table (DAT-003, DAT-011, C-26). */
  retentionDays: z
    .strictObject({
      tradingRecords: days.default(90),
      signalHistory: days.default(30),
      performanceMetrics: days.default(365),
      closedPositions: days.default(365),
    })
    .prefault({}),
});

/** What environments are for, in the order in which a change travels. */
export const STAGES = ["development", "staging", "production"] as const;

export const environmentSchema = z.strictObject({
  /** First part of every stack's name; also the literal's file and constant. */
  name: environmentName,
  /** What the environment is for (C-56, RMP-016); development may be open to the world, the others may not (C-13). */
  stage: z.enum(STAGES),
  account: accountId,
  /** NET-001. */
  region,
  /** End of every physical name: empty for production, `-<name>` elsewhere (design 5). */
  nameSuffix: pattern(/^(-[a-z][a-z0-9]{1,11})?$/, 'the end of names: "" for production, "-" and the environment\'s name elsewhere'),
  /** Tags of every resource, beside Environment and ManagedBy (CST-032). */
  tags: z.record(tagKey, tagValue).default({}),
  /** Whether data refuses to be deleted. */
  deletionProtection: z.boolean().default(true),
  /** What exists already and is taken over by the next deploy, in place of being made; to be removed once that is done (docs/importing.md). */
  imports: z.array(z.enum(IMPORTABLE)).default([]),
  /** Customer-managed KMS keys, one per stack that encrypts, in place of AWS managed ones (C-74). */
  customerManagedKeys: z.boolean().default(true),
  /** The bucket of the Terraform states, one an account. */
  stateBucket: bucketName,
  /** Present in exactly one environment per account. */
  bootstrap: bootstrap.optional(),
  /** What the account has once (design 21): only where its `bootstrap` is. Left out: nothing of it. */
  accountWide: accountWide.optional(),
  network,
  events,
  data,
  windows,
  linuxEngine: linuxEngine.optional(),
  /** Left out: nothing ever rests, as in production. */
  schedule: schedule.optional(),
  /** Left out: nobody installs security updates, which only development may do. */
  patching: patching.optional(),
  /** Left out: nothing is backed up beside what table, buckets and database keep by themselves, which only development may do. */
  backup: backup.optional(),
  /** Left out: there is no notebook. */
  research: research.optional(),
  /** TCP ports that the hosts reach outside: HTTP, HTTPS and the broker's (SEC-009, NET-030, NET-031, C-15). */
  mt5: z.strictObject({ egressPorts: z.array(port).min(1).max(20) }).prefault({ egressPorts: [443, 993, 80] }),
  /** UTC (WIN-033, C-46). In winter New York closes at this very hour (C-68). */
  collector: z.strictObject({ cron: weeklyCron.default("0 22 * * MON-FRI") }).prefault({}),
  /** Of the hosts' own metrics (OBS-013, C-44). */
  metricNamespace: metricNamespace.default("AXIA/TradingSystem"),
  alarms: alarms.prefault({}),
  application: application.prefault({}),
  /** What runs the services (C-52). */
  platform: z.union(
    [z.enum(["none", "ecs", "eks"]), z.strictObject({ kind: z.literal("kubernetes"), kubeconfig: kubeconfigPath, context: text(253) })],
    { error: '"none", "ecs", "eks" or { kind: "kubernetes", kubeconfig: a path that begins with / or ~/, context: a context in it }' },
  ),
  /** What the services share (CON-005). */
  cluster,
  /** The container services (CON-008 … CON-010), described once for whatever runs them. */
  services,
  /** Where the services' PostgreSQL runs (C-16, RMP-015). */
  database: z.enum(["none", "rds", "in-cluster"]),
  /** Where the services' Redis runs (C-17): the trading cache, or Valkey in the cluster. */
  servicesCache: z.enum(["shared", "in-cluster"]),
  /** The web application's edge (EDG-001 … EDG-008, EDG-011 … EDG-013). Left out: there is none. */
  web: web.optional(),
  /** What it may cost, and what the estimate assumes (cost.md). */
  cost,
});

/** A literal as it is written: defaults may be left out. */
export type EnvironmentLiteral = z.input<typeof environmentSchema>;
/** An accepted environment, defaults filled in. */
export type Environment = z.output<typeof environmentSchema>;
export type DedicatedNetwork = Extract<Environment["network"], { kind: "dedicated" }>;
export type Cache = Environment["data"]["cache"];
export type Rds = NonNullable<Environment["data"]["rds"]>;
export type Table = Environment["data"]["table"];
export type Cluster = Environment["cluster"];
export type Web = NonNullable<Environment["web"]>;
export type Bucket = Environment["data"]["buckets"]["rawMarketData"];

/** How literals are parsed: else zod writes and compiles a parser for each object first, which takes longer than parsing all literals. */
export const PARSING = { jitless: true } as const;
