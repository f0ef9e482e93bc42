/** What keeps data readable only for us, there to stay, and there to come back. */
import type { Attribute } from "../provider-names";
import { SECRETS_IN_STATE } from "../secrets-in-state";
import { atLeast, isSet, notSet, on, oneOf, type Guard, type ListGuard, type Ratchet, type Watch } from "./guard";

const KMS = "the data falls back from a key of our own to one that everybody in the account may use";
const encrypted = (...attributes: readonly Attribute[]): Guard => ({
  rule: "data/encryption-weakened",
  attributes,
  safe: on,
  message: "What it stores is not encrypted",
});
const ownKey = (...attributes: readonly Attribute[]): Guard => ({
  rule: "data/encryption-weakened",
  attributes,
  safe: isSet,
  onCreate: false,
  message: `It loses its key: ${KMS}`,
});

export const DATA_GUARDS: readonly Guard[] = [
  encrypted("aws_db_instance.storage_encrypted", "aws_rds_cluster.storage_encrypted"),
  {
    ...encrypted("aws_dynamodb_table.server_side_encryption.enabled"),
    message: "It is encrypted with a key that AWS owns, which nobody here can see, restrict or take away",
  },
  encrypted("aws_elasticache_replication_group.at_rest_encryption_enabled"),
  encrypted("aws_ebs_volume.encrypted", "aws_efs_file_system.encrypted", "aws_redshift_cluster.encrypted"),
  encrypted("aws_opensearch_domain.encrypt_at_rest.enabled", "aws_elasticsearch_domain.encrypt_at_rest.enabled"),
  encrypted("aws_instance.root_block_device.encrypted"),
  { ...encrypted("aws_instance.ebs_block_device.encrypted"), safe: (value) => value === undefined || on(value) },
  { ...encrypted("aws_launch_template.block_device_mappings.ebs.encrypted"), safe: (value) => value === undefined || on(value) },
  encrypted("kubernetes_storage_class.parameters.encrypted", "kubernetes_storage_class_v1.parameters.encrypted"),
  {
    ...encrypted("aws_sqs_queue.sqs_managed_sse_enabled"),
    or: ["aws_sqs_queue.kms_master_key_id"],
    message: "Messages wait in it in clear",
  },
  {
    ...encrypted("aws_ecs_cluster.configuration.execute_command_configuration.log_configuration.cloud_watch_encryption_enabled"),
    onCreate: false,
    message: "The log of people's sessions is written without a key of our own",
  },
  {
    rule: "data/encryption-weakened",
    attributes: ["aws_s3_bucket_server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.sse_algorithm"],
    safe: oneOf("aws:kms", "aws:kms:dsse"),
    onCreate: false,
    message: `Objects get S3's own key: ${KMS}`,
  },
  {
    rule: "data/encryption-weakened",
    attributes: ["aws_s3_bucket_server_side_encryption_configuration.rule.bucket_key_enabled"],
    safe: on,
    onCreate: false,
    severity: "notice",
    message: "Every object asks KMS for a key of its own, which costs and may be throttled",
  },
  {
    rule: "data/encryption-weakened",
    attributes: ["aws_ecr_repository.encryption_configuration.encryption_type"],
    safe: oneOf("KMS"),
    onCreate: false,
    message: `Images are not encrypted by KMS: ${KMS}`,
  },
  { rule: "data/encryption-weakened", attributes: ["aws_kms_key.enable_key_rotation"], safe: on, message: "The key is never rotated" },
  {
    rule: "data/encryption-weakened",
    attributes: ["aws_kms_key.is_enabled"],
    safe: (value) => value === undefined || on(value),
    message: "The key is disabled, and what it encrypted cannot be read",
  },
  ownKey("aws_s3_bucket_server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.kms_master_key_id"),
  ownKey(
    "aws_db_instance.kms_key_id",
    "aws_rds_cluster.kms_key_id",
    "aws_elasticache_replication_group.kms_key_id",
    "aws_secretsmanager_secret.kms_key_id",
    "aws_cloudwatch_log_group.kms_key_id",
    "aws_ebs_volume.kms_key_id",
    "aws_efs_file_system.kms_key_id",
    "aws_redshift_cluster.kms_key_id",
    "aws_cloudtrail.kms_key_id",
  ),
  ownKey("aws_dynamodb_table.server_side_encryption.kms_key_arn"),
  { ...ownKey("aws_sns_topic.kms_master_key_id"), message: "Messages stand in the topic without a key of our own" },
  { ...ownKey("aws_sqs_queue.kms_master_key_id"), message: "Messages fall back from a key of our own to that of SQS" },
  ownKey("aws_ecr_repository.encryption_configuration.kms_key"),
  ownKey("aws_instance.root_block_device.kms_key_id"),
  ownKey("aws_launch_template.block_device_mappings.ebs.kms_key_id"),
  ownKey("kubernetes_storage_class.parameters.kmsKeyId", "kubernetes_storage_class_v1.parameters.kmsKeyId"),
  ownKey("aws_s3_bucket_replication_configuration.rule.destination.encryption_configuration.replica_kms_key_id"),
  { ...ownKey("aws_eks_cluster.encryption_config.provider.key_arn"), message: "The cluster's Secrets are stored without a key of our own" },

  {
    rule: "data/backups-off",
    attributes: ["aws_dynamodb_table.point_in_time_recovery.enabled"],
    safe: on,
    message: "The table cannot be set back to a point in time",
  },
  {
    rule: "data/backups-off",
    attributes: ["aws_db_instance.backup_retention_period"],
    safe: (value) => value === undefined || atLeast(1)(value),
    message: "The database has no backups",
  },
  {
    rule: "data/backups-off",
    attributes: ["aws_s3_bucket_versioning.versioning_configuration.status"],
    safe: oneOf("Enabled"),
    onCreate: false,
    message: "A deleted or overwritten object cannot be brought back",
  },
  {
    rule: "data/backups-off",
    attributes: ["aws_s3_bucket_replication_configuration.rule.status"],
    safe: (value) => value === undefined || value === "Enabled",
    message: "New objects are no longer copied",
  },
  {
    rule: "data/backups-off",
    attributes: ["aws_s3_bucket_replication_configuration.rule.source_selection_criteria.sse_kms_encrypted_objects.status"],
    safe: oneOf("Enabled"),
    onCreate: false,
    message: "Encrypted objects are not copied, and all of ours are",
  },
  {
    rule: "data/backups-off",
    attributes: ["aws_s3_bucket_replication_configuration.rule.delete_marker_replication.status"],
    safe: oneOf("Enabled"),
    onCreate: false,
    severity: "notice",
    message: "The copy keeps what was deleted here",
  },
  {
    rule: "data/dead-letter-removed",
    attributes: ["aws_sqs_queue.redrive_policy"],
    safe: isSet,
    onCreate: false,
    message: "A message that cannot be worked on comes back until it expires, and is lost",
  },
  {
    rule: "data/dead-letter-removed",
    attributes: ["aws_sns_topic_subscription.redrive_policy"],
    safe: isSet,
    onCreate: false,
    message: "A message that cannot be delivered is lost",
  },
  {
    rule: "data/dead-letter-removed",
    attributes: ["aws_lambda_function_event_invoke_config.destination_config.on_failure.destination"],
    safe: isSet,
    onCreate: false,
    message: "What the function fails at is lost",
  },
  {
    rule: "notification/event-changed",
    attributes: ["aws_cloudwatch_event_rule.state"],
    safe: (value) => value !== "DISABLED",
    message: "Events of this kind are no longer seen",
  },
  {
    rule: "notification/event-changed",
    attributes: ["aws_cloudwatch_event_rule.is_enabled"],
    safe: (value) => value === undefined || on(value),
    message: "Events of this kind are no longer seen",
  },

  {
    rule: "data/audit-log-off",
    attributes: ["aws_lb.access_logs.enabled"],
    safe: on,
    onCreate: false,
    message: "Requests are no longer written down",
  },
  {
    rule: "data/audit-log-off",
    attributes: ["aws_flow_log.traffic_type"],
    safe: oneOf("ALL"),
    message: "Not all connections are written down",
  },
  {
    rule: "data/audit-log-off",
    attributes: ["aws_ecs_cluster.configuration.execute_command_configuration.logging"],
    safe: (value) => value !== "NONE",
    message: "What people do in a container is not written down",
  },
  {
    rule: "data/audit-log-off",
    attributes: ["aws_ecs_cluster.setting.value"],
    safe: oneOf("enabled", "enhanced"),
    onCreate: false,
    severity: "notice",
    message: "The cluster's metrics of its containers end",
  },
  {
    rule: "data/audit-log-off",
    attributes: ["aws_cloudtrail.enable_logging"],
    safe: (value) => value === undefined || on(value),
    message: "Calls of the account's API are not written down",
  },
  {
    rule: "data/audit-log-off",
    attributes: ["aws_cloudtrail.is_multi_region_trail"],
    safe: on,
    onCreate: false,
    message: "Calls in other regions are not written down",
  },
  {
    rule: "data/audit-log-off",
    attributes: ["aws_cloudtrail.enable_log_file_validation"],
    safe: on,
    onCreate: false,
    message: "A changed log is not noticed",
  },

  {
    rule: "data/ownership-weakened",
    attributes: ["aws_s3_bucket_ownership_controls.rule.object_ownership"],
    safe: oneOf("BucketOwnerEnforced"),
    message: "Objects may belong to whoever wrote them, with access lists of their own",
  },
  {
    rule: "data/availability-lowered",
    attributes: ["aws_db_instance.multi_az"],
    safe: on,
    onCreate: false,
    message: "The database has no standby in another zone",
  },
  {
    rule: "data/availability-lowered",
    attributes: ["aws_elasticache_replication_group.multi_az_enabled"],
    safe: on,
    onCreate: false,
    message: "The cache stands in one zone",
  },
  {
    rule: "data/availability-lowered",
    attributes: ["aws_elasticache_replication_group.automatic_failover_enabled"],
    safe: on,
    onCreate: false,
    message: "No replica takes over by itself",
  },
  ...SECRETS_IN_STATE.map((row): Guard => ({ ...row, rule: "identity/secret-in-state", safe: notSet })),
  {
    rule: "identity/secret-in-state",
    attributes: ["aws_db_instance.manage_master_user_password", "aws_rds_cluster.manage_master_user_password"],
    safe: on,
    onCreate: false,
    message: "RDS no longer keeps the master's password itself",
  },
];

const BACKUPS = "Backups are kept for a shorter time";
export const DATA_RATCHETS: readonly Ratchet[] = [
  {
    rule: "data/backups-off",
    attributes: [
      "aws_db_instance.backup_retention_period",
      "aws_rds_cluster.backup_retention_period",
      "aws_docdb_cluster.backup_retention_period",
      "aws_neptune_cluster.backup_retention_period",
    ],
    bad: "lower",
    message: BACKUPS,
  },
  {
    rule: "data/backups-off",
    attributes: ["aws_dynamodb_table.point_in_time_recovery.recovery_period_in_days"],
    bad: "lower",
    message: BACKUPS,
  },
  {
    rule: "data/backups-off",
    attributes: ["aws_elasticache_cluster.snapshot_retention_limit", "aws_elasticache_replication_group.snapshot_retention_limit"],
    bad: "lower",
    message: BACKUPS,
  },
  { rule: "data/backups-off", attributes: ["aws_redshift_cluster.automated_snapshot_retention_period"], bad: "lower", message: BACKUPS },
  {
    rule: "data/deletion-protection-off",
    attributes: ["aws_kms_key.deletion_window_in_days"],
    bad: "lower",
    severity: "notice",
    message: "There is less time to bring a deleted key back",
  },
  {
    rule: "data/deletion-protection-off",
    attributes: ["aws_secretsmanager_secret.recovery_window_in_days"],
    bad: "lower",
    severity: "notice",
    message: "There is less time to bring a deleted secret back",
  },
  {
    rule: "data/retention-changed",
    attributes: ["aws_cloudwatch_log_group.retention_in_days"],
    bad: "lower",
    endless: 0,
    message: "Log entries are deleted sooner, those of today too",
  },
  {
    rule: "data/retention-changed",
    attributes: ["aws_sqs_queue.message_retention_seconds"],
    bad: "lower",
    message: "Messages that nobody takes are lost sooner",
  },
  {
    rule: "data/retention-changed",
    attributes: ["aws_kinesis_stream.retention_period"],
    bad: "lower",
    message: "Records are deleted sooner",
  },
  {
    rule: "data/retention-changed",
    attributes: ["aws_sqs_queue.visibility_timeout_seconds"],
    bad: "lower",
    message: "A message comes back sooner, and may be worked on twice",
  },
  {
    rule: "data/availability-lowered",
    attributes: ["aws_elasticache_replication_group.replicas_per_node_group"],
    bad: "lower",
    message: "Fewer replicas stand by",
  },
  {
    rule: "data/availability-lowered",
    attributes: ["aws_elasticache_replication_group.num_node_groups"],
    bad: "lower",
    message: "A shard is taken away, and its entries are moved",
  },
  {
    rule: "data/availability-lowered",
    attributes: ["aws_elasticache_replication_group.num_cache_clusters"],
    bad: "lower",
    message: "Fewer replicas stand by",
  },
  {
    rule: "data/availability-lowered",
    attributes: ["aws_db_instance.max_allocated_storage"],
    bad: "lower",
    message: "The disk grows by itself to less than before",
  },
];

export const DATA_LISTS: readonly ListGuard[] = [
  {
    rule: "data/audit-log-off",
    attributes: ["aws_eks_cluster.enabled_cluster_log_types"],
    bad: "shrinks",
    message: "The control plane writes less down",
  },
  {
    rule: "data/audit-log-off",
    attributes: ["aws_db_instance.enabled_cloudwatch_logs_exports", "aws_rds_cluster.enabled_cloudwatch_logs_exports"],
    bad: "shrinks",
    message: "The database's log is not kept",
  },
  {
    rule: "data/availability-lowered",
    attributes: ["aws_db_subnet_group.subnet_ids", "aws_elasticache_subnet_group.subnet_ids"],
    bad: "shrinks",
    message: "It has fewer subnets, maybe in fewer zones",
  },
];

export const DATA_WATCHES: readonly Watch[] = [
  {
    rule: "data/retention-changed",
    attributes: ["aws_elasticache_parameter_group.parameter"],
    message: "The cache's parameters change, by which entries are evicted too",
  },
  { rule: "data/retention-changed", attributes: ["aws_s3_bucket_logging.target_prefix"], message: "The bucket's access log moves" },
];
