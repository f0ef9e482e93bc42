/**
 * What the `web` stack is charged for, read from the literal: beside what review/cost makes of the synthesised stack, to which a test holds it.
 * Left out is what the price table does not know and a web application needs little of: messages of SNS, deliveries of the edge's log.
 */
import { FREE_DATABASES, FREE_MACHINES, type AllowanceName } from "../facts/free-tier";
import { HOURS, monthlyHours } from "../facts/hours";
import type { Environment } from "../schema";

export interface Charge {
  /** Where the literal says so, and what stands there. */
  readonly path: string;
  readonly value: unknown;
  /** As a person calls it. */
  readonly what: string;
  /** Key of the price table. */
  readonly item: string;
  /** Of a month, in the price's unit. */
  readonly amount: number;
  /** Whose part it is; without one it is charged from the first unit on. */
  readonly allowance?: AllowanceName;
  /** What to write instead. */
  readonly instead: string;
}

type Web = NonNullable<Environment["web"]>;

/** Beside EC2's: disk, with its dimensions and without, and memory (hosts/linux/web/cloudwatch-agent.json). */
export const AGENT_METRICS = 3;
/** Checks, credits, memory and disk of the machine; connections, storage and processor of the database; errors of the distribution. */
const ALARMS = { backend: 4, database: 3, edge: 1 };
/** PostgreSQL's own and that of its upgrades. */
const DATABASE_LOGS = 2;
/** A limit and three of AWS's groups. */
const ACL_RULES = 4;

type Part = (web: Web, environment: Environment) => readonly Charge[];

/** What a log group takes in, and what of it is kept at a time. */
const logs = (path: string, value: number, what: string, groups: number, { cost: { usage } }: Environment): Charge[] =>
  (["in", "kept"] as const).map((kind) => ({
    ...{ path, value, what: `${what}, ${kind === "in" ? "taken in" : "kept"}`, item: `logs.${kind}` },
    amount: groups * usage.logGigabytes * (kind === "in" ? 1 : value / 30),
    allowance: "logs" as const,
    instead: "fewer days",
  }));
const key = (what: string, { cost: { usage } }: Environment): Charge[] => [
  { path: "customerManagedKeys", value: true, what, item: "kms.key", amount: 1, instead: "false" },
  {
    ...{ path: "cost.usage.keyRequests", value: usage.keyRequests, what: `requests to the ${what}`, item: "kms.request" },
    ...{ amount: usage.keyRequests, allowance: "keyRequests", instead: "fewer requests" },
  },
];

const backend: Part = ({ backend: machine }, environment) => {
  if (!machine) return [];
  const { network, schedule, cost } = environment;
  const { instanceType: type, rootVolumeGigabytes: gigabytes } = machine;
  const isPublic = network.kind === "default";
  return [
    {
      ...{ path: "web.backend.instanceType", value: type, what: `EC2 ${type}`, item: `ec2.${type}`, amount: monthlyHours(schedule) },
      ...{ allowance: FREE_MACHINES.includes(type) ? "machines" : undefined, instead: '"t3.micro"' },
    },
    {
      ...{ path: "web.backend.rootVolumeGigabytes", value: gigabytes, what: "its volume", item: "ebs.gp3", amount: gigabytes },
      ...{ allowance: "volumes", instead: "a smaller volume" },
    },
    // Charged by the hour since February 2024, while the machine rests too.
    ...(isPublic
      ? [
          {
            ...{ path: "network.kind", value: network.kind, what: "a public IPv4 address", item: "ipv4", amount: HOURS },
            ...{ allowance: "addresses" as const, instead: "one address" },
          },
        ]
      : []),
    {
      ...{ path: "cost.usage.hostGigabytes", value: cost.usage.hostGigabytes, what: "what the machine sends", item: "transfer.internet" },
      ...{ amount: cost.usage.hostGigabytes, allowance: "transfer", instead: "less" },
    },
    {
      ...{ path: "cost.usage.detailedMetrics", value: cost.usage.detailedMetrics, what: "metrics of the machine", item: "metric" },
      ...{ amount: cost.usage.detailedMetrics + AGENT_METRICS, allowance: "metrics", instead: "fewer metrics" },
    },
    {
      ...{ path: "cost.usage.imageGigabytes", value: cost.usage.imageGigabytes, what: "images of the API", item: "ecr.gigabyte" },
      ...{ amount: cost.usage.imageGigabytes, allowance: "images", instead: "smaller images" },
    },
    ...logs("web.backend.logRetentionDays", machine.logRetentionDays, "the containers' log", 1, environment),
    ...(machine.databaseSecret === undefined
      ? []
      : [
          {
            ...{ path: "web.backend.databaseSecret", value: machine.databaseSecret, what: "the secret with the database's address" },
            ...{ item: "secret", amount: 1, instead: "nothing, and no web.database" },
          },
        ]),
  ];
};

/** What a machine in a private subnet goes out by; it stands in the stack `network`, and the small tiers are to do without (CST-028). */
const wayOut: Part = ({ backend: machine }, { network, schedule, region }) => {
  if (!machine || network.kind !== "dedicated" || network.nat.kind === "none") return [];
  const { nat } = network;
  const common = { path: "network.nat.kind", value: nat.kind, instead: 'network.kind "default", where the machine has an address' };
  if (nat.kind === "gateway")
    return [
      { ...common, what: "NAT gateways", item: "nat.hour", amount: HOURS * (nat.perZone ? network.zones.length : 1) },
      { ...common, what: "addresses of NAT gateways", item: "ipv4", amount: HOURS * (nat.perZone ? network.zones.length : 1) },
    ];
  return [
    {
      ...{ ...common, what: `NAT by an instance, ${nat.instanceType} in ${region}`, item: `ec2.${nat.instanceType}` },
      ...{ amount: monthlyHours(schedule), allowance: FREE_MACHINES.includes(nat.instanceType) ? "machines" : undefined },
    },
    { ...common, what: "its address", item: "ipv4", amount: HOURS, allowance: "addresses" },
  ];
};

const database: Part = ({ database: rds }, environment) => {
  if (!rds) return [];
  const { instanceClass, multiAz, allocatedStorageGigabytes: now, maxAllocatedStorageGigabytes: most } = rds;
  const copies = multiAz ? 2 : 1;
  const item = `rds.postgres.${instanceClass}`;
  const hours = copies * monthlyHours(environment.schedule);
  const isFree = FREE_DATABASES.includes(instanceClass);
  return [
    isFree && multiAz
      ? {
          ...{ path: "web.database.multiAz", value: true, what: `RDS ${instanceClass} in two zones`, item },
          ...{ amount: hours, instead: "false" },
        }
      : {
          ...{ path: "web.database.instanceClass", value: instanceClass, what: `RDS ${instanceClass}`, item },
          ...{ amount: hours, allowance: isFree ? "databases" : undefined, instead: '"db.t3.micro"' },
        },
    most === undefined
      ? {
          ...{ path: "web.database.allocatedStorageGigabytes", value: now, what: "storage of the database", item: "rds.gp3" },
          ...{ amount: copies * now, allowance: "databaseStorage", instead: "less storage" },
        }
      : // RDS enlarges it without asking.
        {
          ...{ path: "web.database.maxAllocatedStorageGigabytes", value: most, what: "storage that the database may grow to" },
          ...{ item: "rds.gp3", amount: copies * most, allowance: "databaseStorage", instead: "nothing: storage that stays" },
        },
    // RDS keeps the master user's password there by itself (design 11).
    {
      ...{ path: "web.database.id", value: rds.id, what: "the secret with the master user's password", item: "secret" },
      ...{ amount: 1, instead: "no web.database, because RDS keeps it there" },
    },
    ...logs("web.database.logRetentionDays", rds.logRetentionDays, "the database's logs", DATABASE_LOGS, environment),
  ];
};

const buckets: Part = ({ frontendBucket, accessLogBucket, backupBucket }, { cost: { usage } }) =>
  [frontendBucket, accessLogBucket, ...(backupBucket ? [backupBucket] : [])].map(({ name }) => ({
    ...{ path: "cost.usage.otherBucketGigabytes", value: usage.otherBucketGigabytes, what: `bucket ${name}` },
    ...{ item: "s3.gigabyte", amount: usage.otherBucketGigabytes, allowance: "buckets", instead: "less, or fewer buckets" },
  }));

const edge: Part = (_, { cost: { usage } }) => [
  {
    ...{ path: "cost.usage.edgeGigabytes", value: usage.edgeGigabytes, what: "what CloudFront sends", item: "cloudfront.gigabyte" },
    ...{ amount: usage.edgeGigabytes, allowance: "edgeTransfer", instead: "less" },
  },
  {
    ...{ path: "cost.usage.edgeRequests", value: usage.edgeRequests, what: "requests to CloudFront", item: "cloudfront.request" },
    ...{ amount: usage.edgeRequests, allowance: "edgeRequests", instead: "fewer" },
  },
  {
    ...{ path: "cost.usage.edgeRequests", value: usage.edgeRequests, what: "runs of CloudFront's function", item: "cloudfront.function" },
    ...{ amount: usage.edgeRequests, allowance: "edgeFunctions", instead: "fewer" },
  },
];

const alarms: Part = ({ backend: machine, database: rds, errorAlarmPercent }) => [
  {
    ...{ path: "web.errorAlarmPercent", value: errorAlarmPercent, what: "alarms", item: "alarm" },
    ...{ amount: ALARMS.edge + (machine ? ALARMS.backend : 0) + (rds ? ALARMS.database : 0), allowance: "alarms" },
    instead: "nothing else: alarms come with what they watch",
  },
];

const webAcl: Part = ({ webAcl: acl }, environment) => {
  if (!acl) return [];
  const common = { path: "web.webAcl.requestsPerFiveMinutes", value: acl.requestsPerFiveMinutes, instead: "no web.webAcl" };
  return [
    { ...common, what: "a web ACL", item: "waf.acl", amount: 1 },
    { ...common, what: "its rules", item: "waf.rule", amount: ACL_RULES },
    { ...common, what: "requests that it looks at", item: "waf.request", amount: environment.cost.usage.webAclRequests },
    ...logs("web.webAcl.logRetentionDays", acl.logRetentionDays, "the web ACL's log", 1, environment),
  ];
};

/** One of the data, where there is any, and one in us-east-1. */
const keys: Part = (web, environment) =>
  environment.customerManagedKeys
    ? [
        ...(web.database || web.backend || web.backupBucket ? key("key of the data", environment) : []),
        ...key("key of alerts in us-east-1", environment),
      ]
    : [];

/** It exists already; but a name needs it. */
const domain: Part = ({ domain: names }) =>
  names ? [{ path: "web.domain.zone", value: names.zone, what: "its zone", item: "dns.zone", amount: 1, instead: "no web.domain" }] : [];

const PARTS: readonly Part[] = [backend, wayOut, database, buckets, edge, alarms, webAcl, keys, domain];

/** Of an environment with a web application. */
export const webCharges = (environment: Environment): Charge[] => {
  const { web } = environment;
  return web ? PARTS.flatMap((part) => part(web, environment)) : [];
};
