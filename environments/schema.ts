/**
 * The shape of one environment: what the literals in dev.ts, staging.ts and prod.ts may say.
 *
 * Strict: an unknown key is an error. Defaults are the production-safe value, so a literal names every exception it makes.
 * What one field cannot say alone (a subnet inside its VPC, a dead-letter queue that outlives its queue) is in rules.ts.
 */
import { z } from "zod";
import { isCidr } from "./cidr";

const pattern = (expression: RegExp, allowed: string) => z.string({ error: allowed }).regex(expression, { error: allowed });
const integer = (minimum: number, maximum: number, unit: string) =>
  z.int({ error: `a whole number of ${unit} from ${minimum} to ${maximum}` })
    .min(minimum, { error: `${minimum} to ${maximum} ${unit}` })
    .max(maximum, { error: `${minimum} to ${maximum} ${unit}` });

/** The error of a discriminated union: which kinds there are. */
const kinds = (...names: string[]) => ({ error: `one of ${names.map((name) => JSON.stringify(name)).join(", ")}` });

const accountId = pattern(/^\d{12}$/, "twelve digits");
const region = pattern(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region such as ap-northeast-1");
const cidr = z.string({ error: "an IPv4 network such as 10.0.1.0/24" }).refine(isCidr, { error: "an IPv4 network such as 10.0.1.0/24, with no host bits set" });
const email = z.email({ error: "an e-mail address such as ops@example.com" });
const url = z.url({ protocol: /^https$/, error: "an https address" });

/** S3 bucket name: 3 to 63 characters, lower case, no dots (a dot breaks the wildcard certificate of virtual-hosted addresses). */
const bucketName = pattern(/^(?!xn--|sthree-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9](?<!-s3alias|--ol-s3)$/, "3 to 63 of a-z, 0-9 and -, no leading or trailing -");
/** SQS allows 80 characters, `.fifo` included. */
const queueName = pattern(/^(?=.{1,80}$)[A-Za-z0-9_-]+(\.fifo)?$/, "1 to 80 of A-Z, a-z, 0-9, _ and -, with .fifo at the end of a FIFO queue");
const topicName = pattern(/^[A-Za-z0-9_-]{1,256}$/, "1 to 256 of A-Z, a-z, 0-9, _ and -");
const tableName = pattern(/^[A-Za-z0-9_.-]{3,255}$/, "3 to 255 of A-Z, a-z, 0-9, _, . and -");
const secretName = pattern(/^[A-Za-z0-9/_+=.@-]{1,512}(?<!-[A-Za-z0-9]{6})$/, "1 to 512 of A-Z, a-z, 0-9 and /_+=.@-, not ending in - and six characters (Secrets Manager adds such a suffix)");
/** ElastiCache ids: a letter first, no double and no trailing hyphen. A replication group's id is limited to 40, a cluster's to 50. */
const cacheId = pattern(/^(?!.*--)[a-z][a-z0-9-]{0,38}[a-z0-9]$/, "2 to 40 of a-z, 0-9 and -, a letter first, no -- and no trailing -");
/** The physical name of a security group; AWS reserves the prefix `sg-` (C-11). */
const securityGroupName = pattern(/^(?!sg-)[A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]{1,255}$/, "1 to 255 characters, not beginning with sg- (reserved by AWS)");
const instanceType = pattern(/^[a-z]+[a-z0-9-]*\d[a-z0-9-]*\.(nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?)$/, "an EC2 instance type such as t3.small");
const cacheNodeType = pattern(/^cache\.[a-z0-9]+\.(micro|small|medium|large|\d*xlarge)$/, "an ElastiCache node type such as cache.t3.micro");
const architecture = z.enum(["x86_64", "arm64"]);
/** `sun:05:00-sun:06:00`, UTC. */
const weeklyWindow = pattern(/^(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d-(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d$/, "ddd:hh:mm-ddd:hh:mm in UTC, such as sun:05:00-sun:06:00");
/** `03:00-05:00`, UTC. */
const dailyWindow = pattern(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, "hh:mm-hh:mm in UTC, such as 03:00-05:00");

/** The retention periods that CloudWatch Logs offers, in days. */
export const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653] as const;
const logRetentionDays = z.literal([...LOG_RETENTION_DAYS]);

/** Interface endpoints that the environment may ask for, by AWS service name. S3 and DynamoDB always get gateway endpoints. */
export const INTERFACE_ENDPOINTS = ["ec2messages", "ecr.api", "ecr.dkr", "kms", "logs", "monitoring", "secretsmanager", "sns", "sqs", "ssm", "ssmmessages", "sts"] as const;

/** A machine image: pinned by id, or the one that a public SSM parameter names on the day the instance is created. */
const image = z.union([
  z.strictObject({ id: pattern(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/, "an image id such as ami-0dafcef159b1fc745"), architecture }),
  z.strictObject({ ssmParameter: pattern(/^\/[A-Za-z0-9_./-]+$/, "the path of an SSM parameter"), architecture }),
], { error: "{ id, architecture } or { ssmParameter, architecture }" });
const host = z.strictObject({ instanceType, image });

const nat = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  /** One Linux machine in the first public subnet (NET-019). */
  z.strictObject({ kind: z.literal("instance"), ...host.shape, tcpPorts: z.array(integer(1, 65535, "(a port)")).min(1) }),
  /** Managed gateways (NET-018); `perZone` keeps one zone's outage out of the other, at twice the price. */
  z.strictObject({ kind: z.literal("gateway"), perZone: z.boolean().default(true) }),
], kinds("none", "instance", "gateway"));

const network = z.discriminatedUnion("kind", [
  /** The account's default VPC (NET-008). */
  z.strictObject({ kind: z.literal("default") }),
  /** A VPC of its own, one subnet per tier and zone, in the order of `zones` (NET-012 … NET-016, design 5.6). */
  z.strictObject({
    kind: z.literal("dedicated"),
    cidr,
    zones: z.array(pattern(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "an availability zone such as ap-northeast-1a")),
    subnets: z.strictObject({ public: z.array(cidr), private: z.array(cidr), database: z.array(cidr), containers: z.array(cidr) }),
    nat,
    interfaceEndpoints: z.array(z.enum(INTERFACE_ENDPOINTS)).default([]),
    /** Days that the VPC flow log is kept (SEC-028). */
    flowLogRetentionDays: logRetentionDays.default(90),
  }),
], kinds("default", "dedicated"));

const queue = z.strictObject({
  name: queueName,
  fifo: z.boolean().default(false),
  visibilityTimeoutSeconds: integer(0, 43_200, "seconds"),
  messageRetentionSeconds: integer(60, 1_209_600, "seconds"),
  receiveWaitTimeSeconds: integer(0, 20, "seconds").default(20),
  deadLetter: z.strictObject({
    name: queueName,
    maxReceiveCount: integer(1, 1000, "receives"),
    visibilityTimeoutSeconds: integer(0, 43_200, "seconds"),
    /** Default: 14 days, the longest that SQS offers (messaging.md, open points). */
    messageRetentionSeconds: integer(60, 1_209_600, "seconds").default(1_209_600),
  }),
});

const subscription = z.discriminatedUnion("protocol", [
  z.strictObject({ protocol: z.literal("email"), endpoint: email }),
  z.strictObject({ protocol: z.literal("https"), endpoint: url }),
], kinds("email", "https"));

const events = z.strictObject({
  /** MSG-001 … MSG-004. */
  orderQueue: queue,
  /** SQS subscriber of the events topic (MSG-005). */
  alertProcessingQueue: queue.optional(),
  /** MSG-012. */
  systemEventsTopic: topicName,
  /** Where every alarm goes (MSG-013). */
  systemAlertsTopic: topicName,
  /** Who is told of alerts. */
  alertSubscriptions: z.array(subscription).default([]),
  /** Period of the dead-letter alarm (OBS-027, C-42). */
  deadLetterAlarmPeriodSeconds: z.literal([60, 300]).default(60),
});

export const STORAGE_CLASSES = ["STANDARD_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"] as const;
const bucket = z.strictObject({
  name: bucketName,
  /** Kept visible as a tag where the physical name must differ (C-27). */
  documentedName: z.string().optional(),
  transitions: z.array(z.strictObject({ days: integer(0, 36_500, "days"), storageClass: z.enum(STORAGE_CLASSES) })).default([]),
  /** Days after which an overwritten or deleted version goes. */
  noncurrentVersionDays: integer(1, 36_500, "days").default(90),
});

export const GSI_ATTRIBUTES_LIMIT = 100;
const attributeName = pattern(/^[A-Za-z0-9_.-]{1,255}$/, "1 to 255 of A-Z, a-z, 0-9, _, . and -");
const table = z.strictObject({
  /** DAT-006. */
  name: tableName,
  /** Days that a point in time can be restored (DAT-008); 35 is the most that DynamoDB offers. */
  recoveryPeriodDays: integer(1, 35, "days").default(35),
  /** DAT-020 … DAT-025. */
  globalSecondaryIndexes: z.array(z.strictObject({
    name: pattern(/^[A-Za-z0-9_.-]{3,255}$/, "3 to 255 of A-Z, a-z, 0-9, _, . and -"),
    partitionKey: attributeName,
    sortKey: attributeName,
    projectedAttributes: z.array(attributeName).min(1).max(GSI_ATTRIBUTES_LIMIT),
  })),
});

const cacheCommon = {
  /** DAT-063. */
  id: cacheId,
  nodeType: cacheNodeType,
  /** Maintenance, UTC (DAT-067). */
  maintenanceWindow: weeklyWindow,
  /** Snapshots, UTC (DAT-066). */
  snapshotWindow: dailyWindow,
  snapshotRetentionDays: integer(0, 35, "days"),
  /** DAT-068. */
  parameters: z.record(z.string(), z.string()),
};
const cache = z.discriminatedUnion("kind", [
  /** One node (DAT-064). Encryption makes it a replication group of one node: a plain cluster cannot be encrypted at rest (C-19). */
  z.strictObject({ kind: z.literal("single"), ...cacheCommon, encryption: z.boolean().default(true) }),
  /** Cluster mode over two zones, encrypted (DAT-072). */
  z.strictObject({
    kind: z.literal("cluster"), ...cacheCommon,
    shards: integer(1, 500, "shards"),
    replicasPerShard: integer(0, 5, "replicas"),
    multiAz: z.boolean().default(true),
  }),
], kinds("single", "cluster"));

const secret = z.strictObject({ name: secretName, description: z.string(), keys: z.array(z.string()).min(1) });

const data = z.strictObject({
  buckets: z.strictObject({ rawMarketData: bucket, processedMarketData: bucket, backtestResults: bucket }),
  /** Where the buckets' access logs go (SEC-073); SSE-S3, which log delivery requires (C-74). */
  accessLogBucket: z.strictObject({ name: bucketName, expirationDays: integer(1, 36_500, "days") }),
  table,
  cache,
  /** DynamoDB throttle alarms fire above this count in 300 s (OBS-026). */
  throttleAlarmThreshold: integer(0, 1_000_000, "events").default(5),
  /** Low-memory alarm of the cache, in MB (OBS-030). */
  cacheFreeableMemoryAlarmMegabytes: integer(1, 1_000_000, "MB").default(100),
  secrets: z.strictObject({ mt5: secret, slackWebhook: secret }),
  /** Copies of the trading buckets in a second region (C-50, NET-002). */
  replication: z.strictObject({ region, bucketSuffix: pattern(/^-[a-z0-9-]{1,12}$/, "a hyphen and 1 to 12 of a-z, 0-9 and -") }).optional(),
});

const windows = z.strictObject({
  ...host.shape,
  securityGroup: securityGroupName,
  /** Who may open RDP, 3389 (SEC-002, SEC-003); empty: through Session Manager only. */
  adminCidrs: z.array(cidr).default([]),
  /** Who may open the Streamlit UI, 8501 (SEC-004, SEC-005). */
  uiCidrs: z.array(cidr).default([]),
});

const bootstrap = z.strictObject({
  /** The repository whose workflows may take the roles, `owner/name`. */
  githubRepository: pattern(/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/, "owner/name of a GitHub repository"),
  /** The environments of this account; each gets a plan role and a deploy role. */
  environments: z.array(z.string()).min(1),
  /** Days that an overwritten state version is kept. */
  noncurrentVersionDays: integer(1, 36_500, "days").default(90),
});

export const environmentSchema = z.strictObject({
  /** First part of every stack's name. */
  name: pattern(/^[a-z][a-z0-9]{1,11}$/, "2 to 12 of a-z and 0-9, a letter first"),
  /** What the environment is for (C-56); development may be open to the world, the others may not (C-13). */
  stage: z.enum(["development", "staging", "production"]),
  account: accountId,
  /** NET-001. */
  region,
  /** End of every physical name: empty for production, `-<name>` elsewhere (design 5.5). */
  nameSuffix: z.string(),
  /** Tags of every resource, beside Environment and ManagedBy. */
  tags: z.record(pattern(/^(?!aws:)[\p{L}\p{N} _.:/=+@-]{1,128}$/u, "a tag key of 1 to 128 characters, not beginning with aws:"), z.string().max(256)).default({}),
  /** Whether data refuses to be deleted. */
  deletionProtection: z.boolean().default(true),
  /** Customer-managed KMS keys, one per stack that encrypts, in place of AWS managed ones (C-74). */
  customerManagedKeys: z.boolean().default(true),
  /** The bucket of the Terraform states. */
  stateBucket: bucketName,
  /** Present in exactly one environment per account. */
  bootstrap: bootstrap.optional(),
  network,
  events,
  data,
  windows,
  linuxEngine: host.optional(),
  platform: z.union([z.enum(["none", "ecs", "eks"]), z.strictObject({ kind: z.literal("kubernetes"), kubeconfig: z.string().min(1), context: z.string().min(1) })], { error: '"none", "ecs", "eks" or { kind: "kubernetes", kubeconfig, context }' }),
  /** Where the services' PostgreSQL runs (C-16). */
  database: z.enum(["none", "rds", "in-cluster"]),
  /** Where the services' Redis runs (C-17): the trading cache, or Valkey in the cluster. */
  servicesCache: z.enum(["shared", "in-cluster"]),
});

/** A literal as it is written: defaults may be left out. */
export type EnvironmentLiteral = z.input<typeof environmentSchema>;
/** An accepted environment, defaults filled in. */
export type Environment = z.output<typeof environmentSchema>;
export type Queue = Environment["events"]["orderQueue"];
export type DedicatedNetwork = Extract<Environment["network"], { kind: "dedicated" }>;
export type Cache = Environment["data"]["cache"];
export type Table = Environment["data"]["table"];
export type Bucket = Environment["data"]["buckets"]["rawMarketData"];
export type Image = z.output<typeof image>;
