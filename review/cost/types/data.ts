/** Database, cache, table, buckets, keys and secrets. */
import type { Usage } from "../../../environments/schema";
import type { Resource } from "../../model";
import type { Attribute } from "../../provider-names";
import { at } from "../../risk/reading";
import { charge, use, type Context, type Factor, type Pricer, type Pricers } from "../charges";
import { HOURS, monthlyHours } from "../../../environments/facts/hours";
import { blocksOf, flagOf, NotKnown, numberOf, textOf, textOr, valueOf } from "../known-values";

const hours: Factor = [HOURS, "h"];

/** A standby costs as much as its master, and so does its volume (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_OnDemandDBInstances.html). */
const database: Pricer = ({ values }, context) => {
  const copies = (): Factor => [flagOf(values, "aws_db_instance.multi_az") ? 2 : 1, "zones"];
  const size = textOr(values, "aws_db_instance.instance_class", "class");
  const engine = textOr(values, "aws_db_instance.engine", "engine");
  const kind = textOr(values, "aws_db_instance.storage_type", "gp3");
  return [
    charge(context, `rds.${engine}.${size}`, `${size}, ${engine}`, () => [copies(), [monthlyHours(context.environment?.schedule), "h"]]),
    charge(context, `rds.${kind}`, "volume", () => [copies(), [numberOf(values, "aws_db_instance.allocated_storage"), "GB"]]),
    // RDS keeps the password there by itself.
    ...(flagOf(values, "aws_db_instance.manage_master_user_password")
      ? [charge(context, "secret", "its password's secret", () => [[1, ""]])]
      : []),
  ];
};

/** Redis and Memcached cost the same; Valkey has prices of its own. */
const cacheNodes = (
  context: Context,
  { values }: Resource,
  names: Readonly<Record<"nodeType" | "engine", Attribute>>,
  nodes: () => number,
) => {
  const { nodeType, engine } = names;
  const type = textOr(values, nodeType, "type");
  const item = textOr(values, engine, "redis") === "valkey" ? `elasticache.valkey.${type}` : `elasticache.${type}`;
  return [
    charge(context, item, type, () => {
      textOf(values, nodeType);
      return [[nodes(), "nodes"], hours];
    }),
  ];
};

const GROUP = { nodeType: "aws_elasticache_replication_group.node_type", engine: "aws_elasticache_replication_group.engine" } as const;
const CLUSTER = { nodeType: "aws_elasticache_cluster.node_type", engine: "aws_elasticache_cluster.engine" } as const;

const replicationGroup: Pricer = (resource, context) => {
  const { values } = resource;
  return cacheNodes(context, resource, GROUP, () => {
    const whole = valueOf(values, "aws_elasticache_replication_group.num_cache_clusters");
    return whole === undefined
      ? numberOf(values, "aws_elasticache_replication_group.num_node_groups", 1) *
          (numberOf(values, "aws_elasticache_replication_group.replicas_per_node_group", 0) + 1)
      : numberOf(values, "aws_elasticache_replication_group.num_cache_clusters");
  });
};

const table: Pricer = ({ values }, context) => {
  if (textOr(values, "aws_dynamodb_table.billing_mode", "") !== "PAY_PER_REQUEST")
    return [{ item: "dynamodb.capacity", formula: "not known: the price table has no capacity that is bought beforehand" }];
  // At most: an item without an index's keys is not written to it.
  const copies = (): Factor => [1 + blocksOf(values, "aws_dynamodb_table.global_secondary_index").length, "copies"];
  const recovers = (): boolean => flagOf(values, "aws_dynamodb_table.point_in_time_recovery.enabled");
  return [
    charge(context, "dynamodb.write", "write units, to the table and its indexes", () => [
      [use(context, "tableWrites"), "writes"],
      copies(),
    ]),
    charge(context, "dynamodb.read", "read units", () => [[use(context, "tableReads"), "reads"]]),
    charge(context, "dynamodb.gigabyte", "kept", () => [[use(context, "tableGigabytes"), "GB"]]),
    charge(context, "dynamodb.recovery", "recovery to a point in time", () => [[recovers() ? use(context, "tableGigabytes") : 0, "GB"]]),
  ].filter(({ dollars }) => dollars !== 0);
};

/** A bucket's part: one of the three with market data, a copy of one, or another. By its construct: before a change it may have had another name. */
function bucketKind({ construct }: Resource, { environment, usage }: Context): "trading" | "copy" | "other" {
  // The documents' figures are of the buckets with market data.
  if (!environment && usage) return "trading";
  if (!environment) throw new NotKnown("no environment says what it holds");
  const part = /([^/]+)\/bucket$/.exec(construct)?.[1];
  const isTrading = Object.keys(environment.data.buckets).some(
    (key) => part === key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  );
  return !isTrading ? "other" : construct.includes("/replication/copies/") ? "copy" : "trading";
}

const bucket: Pricer = (resource, context) => {
  const kind = () => bucketKind(resource, context);
  const among = (key: keyof Usage, ...kinds: string[]): number => (kinds.includes(kind()) ? use(context, key) : 0);
  return [
    charge(context, "s3.gigabyte", "S3 Standard", () => [
      [kind() === "other" ? use(context, "otherBucketGigabytes") : use(context, "tradingBucketGigabytes"), "GB"],
    ]),
    charge(context, "s3.write", "writes", () => [[among("bucketWrites", "trading", "copy"), "writes"]]),
    // Nobody reads the copies.
    charge(context, "s3.read", "reads", () => [[among("bucketReads", "trading"), "reads"]]),
  ].filter(({ dollars }) => dollars !== 0);
};

/** Bytes and operations pending, latency, failures: of each rule that has them on. */
const METRICS_OF_A_RULE = 4;
const replicationMetrics = (values: Resource["values"]): number =>
  METRICS_OF_A_RULE *
  at(values, "aws_s3_bucket_replication_configuration.rule.destination.metrics.status").filter((status) => status === "Enabled").length;

/**
 * Almost all of a vault are snapshots of volumes; tables are backed up in full each time, at a price of their own. Copies cross to the
 * other region once, by the plan that makes them.
 */
const vault: Pricer = (_, context) => [
  charge(context, "ebs.snapshot", "backups of volumes", () => [[use(context, "backupGigabytes"), "GB"]]),
  { item: "dynamodb.backup", formula: "not known: the price table has no backups of tables by AWS Backup" },
];

export const DATA: Pricers = {
  aws_backup_vault: vault,
  aws_backup_plan: ({ values }, context) =>
    [
      charge(context, "transfer.region", "to the copies", () => [
        [at(values, "aws_backup_plan.rule.copy_action.destination_vault_arn").length > 0 ? use(context, "copiedBackupGigabytes") : 0, "GB"],
      ]),
    ].filter(({ dollars }) => dollars !== 0),
  aws_backup_restore_testing_selection: () => [
    { item: "backup.test", formula: "not known: the price table has no restore on trial, which is charged for each backup that is tried" },
  ],
  aws_db_instance_automated_backups_replication: () => [
    { item: "rds.copies", formula: "not known: the price table has no automated backups of RDS in another region" },
  ],
  aws_db_instance: database,
  aws_elasticache_cluster: (resource, context) =>
    cacheNodes(context, resource, CLUSTER, () => numberOf(resource.values, "aws_elasticache_cluster.num_cache_nodes", 1)),
  aws_elasticache_replication_group: replicationGroup,
  aws_dynamodb_table: table,
  aws_s3_bucket: bucket,
  aws_s3_bucket_replication_configuration: ({ values }, context) =>
    [
      charge(context, "transfer.region", "to the copy", () => [[use(context, "replicatedGigabytes"), "GB"]]),
      charge(context, "metric", "of the replication", () => [[replicationMetrics(values), "metrics"]]),
    ].filter(({ dollars }) => dollars !== 0),
  aws_kms_key: (_, context) => [
    charge(context, "kms.key", "key", () => [[1, ""]]),
    charge(context, "kms.request", "requests", () => [[use(context, "keyRequests"), "requests"]]),
  ],
  aws_secretsmanager_secret: (_, context) => [charge(context, "secret", "secret", () => [[1, ""]])],
};
