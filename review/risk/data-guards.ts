/** What keeps data readable only for us, there to stay, and there to come back. */
import { atLeast, isSet, notSet, off, on, oneOf, type Guard, type ListGuard, type Ratchet, type Watch } from "./guard";

const KMS = "the data falls back from a key of our own to one that everybody in the account may use";
const encrypted = (types: readonly string[], path: string): Guard => ({ rule: "data/encryption-weakened", types, path, safe: on, message: "What it stores is not encrypted" });
const ownKey = (types: readonly string[], path: string): Guard => ({ rule: "data/encryption-weakened", types, path, safe: isSet, onCreate: false, message: `It loses its key: ${KMS}` });
const protection = (types: readonly string[], path: string): Guard => ({ rule: "data/deletion-protection-off", types, path, safe: on, onCreate: false, message: "AWS will no longer refuse to delete it" });

export const DATA_GUARDS: readonly Guard[] = [
  encrypted(["aws_db_instance", "aws_rds_cluster"], "storage_encrypted"),
  encrypted(["aws_dynamodb_table"], "server_side_encryption.enabled"),
  encrypted(["aws_elasticache_replication_group"], "at_rest_encryption_enabled"),
  encrypted(["aws_ebs_volume", "aws_efs_file_system", "aws_redshift_cluster"], "encrypted"),
  encrypted(["aws_opensearch_domain", "aws_elasticsearch_domain"], "encrypt_at_rest.enabled"),
  encrypted(["aws_instance"], "root_block_device.encrypted"),
  { ...encrypted(["aws_instance"], "ebs_block_device.encrypted"), safe: (value) => value === undefined || on(value) },
  { ...encrypted(["aws_launch_template"], "block_device_mappings.ebs.encrypted"), safe: (value) => value === undefined || on(value) },
  encrypted(["kubernetes_storage_class", "kubernetes_storage_class_v1"], "parameters.encrypted"),
  { ...encrypted(["aws_sqs_queue"], "sqs_managed_sse_enabled"), or: ["kms_master_key_id"], message: "Messages wait in it in clear" },
  { ...encrypted(["aws_ecs_cluster"], "configuration.execute_command_configuration.log_configuration.cloud_watch_encryption_enabled"), onCreate: false, message: "The log of people's sessions is written without a key of our own" },
  { rule: "data/encryption-weakened", types: ["aws_s3_bucket_server_side_encryption_configuration"], path: "rule.apply_server_side_encryption_by_default.sse_algorithm", safe: oneOf("aws:kms", "aws:kms:dsse"), onCreate: false, message: `Objects get S3's own key: ${KMS}` },
  { rule: "data/encryption-weakened", types: ["aws_s3_bucket_server_side_encryption_configuration"], path: "rule.bucket_key_enabled", safe: on, onCreate: false, severity: "notice", message: "Every object asks KMS for a key of its own, which costs and may be throttled" },
  { rule: "data/encryption-weakened", types: ["aws_ecr_repository"], path: "encryption_configuration.encryption_type", safe: oneOf("KMS"), onCreate: false, message: `Images are not encrypted by KMS: ${KMS}` },
  { rule: "data/encryption-weakened", types: ["aws_kms_key"], path: "enable_key_rotation", safe: on, message: "The key is never rotated" },
  { rule: "data/encryption-weakened", types: ["aws_kms_key"], path: "is_enabled", safe: (value) => value === undefined || on(value), message: "The key is disabled, and what it encrypted cannot be read" },
  ownKey(["aws_s3_bucket_server_side_encryption_configuration"], "rule.apply_server_side_encryption_by_default.kms_master_key_id"),
  ownKey(["aws_db_instance", "aws_rds_cluster", "aws_elasticache_replication_group", "aws_secretsmanager_secret", "aws_cloudwatch_log_group", "aws_ebs_volume", "aws_efs_file_system", "aws_redshift_cluster", "aws_cloudtrail"], "kms_key_id"),
  ownKey(["aws_dynamodb_table"], "server_side_encryption.kms_key_arn"),
  { ...ownKey(["aws_sns_topic"], "kms_master_key_id"), message: "Messages stand in the topic without a key of our own" },
  { ...ownKey(["aws_sqs_queue"], "kms_master_key_id"), message: "Messages fall back from a key of our own to that of SQS" },
  ownKey(["aws_ecr_repository"], "encryption_configuration.kms_key"),
  ownKey(["aws_instance"], "root_block_device.kms_key_id"),
  ownKey(["aws_launch_template"], "block_device_mappings.ebs.kms_key_id"),
  ownKey(["kubernetes_storage_class", "kubernetes_storage_class_v1"], "parameters.kmsKeyId"),
  ownKey(["aws_s3_bucket_replication_configuration"], "rule.destination.encryption_configuration.replica_kms_key_id"),
  { ...ownKey(["aws_eks_cluster"], "encryption_config.provider.key_arn"), message: "The cluster's Secrets are stored without a key of our own" },

  protection(["aws_dynamodb_table"], "deletion_protection_enabled"),
  protection(["aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster", "aws_eks_cluster", "google_sql_database_instance", "google_container_cluster", "google_bigquery_table"], "deletion_protection"),
  { rule: "data/deletion-protection-off", types: ["aws_cognito_user_pool"], path: "deletion_protection", safe: oneOf("ACTIVE"), onCreate: false, message: "AWS will no longer refuse to delete it" },
  { rule: "data/deletion-protection-off", types: ["aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_redshift_cluster"], path: "skip_final_snapshot", safe: off, onCreate: false, message: "It would go without a last snapshot" },
  { rule: "data/deletion-protection-off", types: ["aws_elasticache_replication_group", "aws_elasticache_cluster"], path: "final_snapshot_identifier", safe: isSet, onCreate: false, message: "It would go without a last snapshot" },
  { rule: "data/deletion-protection-off", types: ["aws_db_instance"], path: "delete_automated_backups", safe: (value) => value === false || value === "false", onCreate: false, message: "Its backups would go with it" },
  { rule: "data/deletion-protection-off", types: ["aws_s3_bucket", "google_storage_bucket", "aws_backup_vault"], path: "force_destroy", safe: off, onCreate: false, message: "Terraform would empty it in order to destroy it" },
  { rule: "data/deletion-protection-off", types: ["aws_ecr_repository"], path: "force_delete", safe: off, onCreate: false, message: "Terraform would delete its images in order to destroy it" },
  { rule: "data/deletion-protection-off", types: ["aws_secretsmanager_secret"], path: "recovery_window_in_days", safe: (value) => value === undefined || atLeast(7)(value), onCreate: false, message: "A deleted secret is gone at once" },
  { rule: "data/deletion-protection-off", types: ["kubernetes_storage_class", "kubernetes_storage_class_v1"], path: "reclaim_policy", safe: oneOf("Retain"), onCreate: false, message: "A volume goes with its claim" },

  { rule: "data/backups-off", types: ["aws_dynamodb_table"], path: "point_in_time_recovery.enabled", safe: on, message: "The table cannot be set back to a point in time" },
  { rule: "data/backups-off", types: ["aws_db_instance"], path: "backup_retention_period", safe: (value) => value === undefined || atLeast(1)(value), message: "The database has no backups" },
  { rule: "data/backups-off", types: ["aws_s3_bucket_versioning"], path: "versioning_configuration.status", safe: oneOf("Enabled"), onCreate: false, message: "A deleted or overwritten object cannot be brought back" },
  { rule: "data/backups-off", types: ["aws_s3_bucket_replication_configuration"], path: "rule.status", safe: (value) => value === undefined || value === "Enabled", message: "New objects are no longer copied" },
  { rule: "data/backups-off", types: ["aws_s3_bucket_replication_configuration"], path: "rule.source_selection_criteria.sse_kms_encrypted_objects.status", safe: oneOf("Enabled"), onCreate: false, message: "Encrypted objects are not copied, and all of ours are" },
  { rule: "data/backups-off", types: ["aws_s3_bucket_replication_configuration"], path: "rule.delete_marker_replication.status", safe: oneOf("Enabled"), onCreate: false, severity: "notice", message: "The copy keeps what was deleted here" },
  { rule: "data/dead-letter-removed", types: ["aws_sqs_queue"], path: "redrive_policy", safe: isSet, onCreate: false, message: "A message that cannot be worked on comes back until it expires, and is lost" },

  { rule: "data/audit-log-off", types: ["aws_lb"], path: "access_logs.enabled", safe: on, onCreate: false, message: "Requests are no longer written down" },
  { rule: "data/audit-log-off", types: ["aws_flow_log"], path: "traffic_type", safe: oneOf("ALL"), message: "Not all connections are written down" },
  { rule: "data/audit-log-off", types: ["aws_ecs_cluster"], path: "configuration.execute_command_configuration.logging", safe: (value) => value !== "NONE", message: "What people do in a container is not written down" },
  { rule: "data/audit-log-off", types: ["aws_ecs_cluster"], path: "setting.value", safe: oneOf("enabled", "enhanced"), onCreate: false, severity: "notice", message: "The cluster's metrics of its containers end" },
  { rule: "data/audit-log-off", types: ["aws_cloudtrail"], path: "enable_logging", safe: (value) => value === undefined || on(value), message: "Calls of the account's API are not written down" },
  { rule: "data/audit-log-off", types: ["aws_cloudtrail"], path: "is_multi_region_trail", safe: on, onCreate: false, message: "Calls in other regions are not written down" },
  { rule: "data/audit-log-off", types: ["aws_cloudtrail"], path: "enable_log_file_validation", safe: on, onCreate: false, message: "A changed log is not noticed" },

  { rule: "data/ownership-weakened", types: ["aws_s3_bucket_ownership_controls"], path: "rule.object_ownership", safe: oneOf("BucketOwnerEnforced"), message: "Objects may belong to whoever wrote them, with access lists of their own" },
  { rule: "data/availability-lowered", types: ["aws_db_instance"], path: "multi_az", safe: on, onCreate: false, message: "The database has no standby in another zone" },
  { rule: "data/availability-lowered", types: ["aws_elasticache_replication_group"], path: "multi_az_enabled", safe: on, onCreate: false, message: "The cache stands in one zone" },
  { rule: "data/availability-lowered", types: ["aws_elasticache_replication_group"], path: "automatic_failover_enabled", safe: on, onCreate: false, message: "No replica takes over by itself" },
  { rule: "identity/secret-in-state", types: ["aws_db_instance", "aws_rds_cluster"], path: "manage_master_user_password", safe: on, onCreate: false, message: "RDS no longer keeps the master's password itself" },
  { rule: "identity/secret-in-state", types: ["aws_db_instance", "aws_rds_cluster"], path: "password", safe: notSet, message: "The master's password stands in Terraform's state" },
  { rule: "identity/secret-in-state", types: ["aws_elasticache_replication_group"], path: "auth_token", safe: notSet, message: "The cache's password stands in Terraform's state" },
];

const BACKUPS = "Backups are kept for a shorter time";
export const DATA_RATCHETS: readonly Ratchet[] = [
  { rule: "data/backups-off", types: ["aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster"], path: "backup_retention_period", bad: "lower", message: BACKUPS },
  { rule: "data/backups-off", types: ["aws_dynamodb_table"], path: "point_in_time_recovery.recovery_period_in_days", bad: "lower", message: BACKUPS },
  { rule: "data/backups-off", types: ["aws_elasticache_cluster", "aws_elasticache_replication_group"], path: "snapshot_retention_limit", bad: "lower", message: BACKUPS },
  { rule: "data/backups-off", types: ["aws_redshift_cluster"], path: "automated_snapshot_retention_period", bad: "lower", message: BACKUPS },
  { rule: "data/backups-off", types: ["aws_backup_plan"], path: "rule.lifecycle.delete_after", bad: "lower", message: BACKUPS },
  { rule: "data/deletion-protection-off", types: ["aws_kms_key"], path: "deletion_window_in_days", bad: "lower", severity: "notice", message: "There is less time to bring a deleted key back" },
  { rule: "data/deletion-protection-off", types: ["aws_secretsmanager_secret"], path: "recovery_window_in_days", bad: "lower", severity: "notice", message: "There is less time to bring a deleted secret back" },
  { rule: "data/retention-changed", types: ["aws_cloudwatch_log_group"], path: "retention_in_days", bad: "lower", endless: 0, message: "Log entries are deleted sooner, those of today too" },
  { rule: "data/retention-changed", types: ["aws_sqs_queue"], path: "message_retention_seconds", bad: "lower", message: "Messages that nobody takes are lost sooner" },
  { rule: "data/retention-changed", types: ["aws_kinesis_stream"], path: "retention_period", bad: "lower", message: "Records are deleted sooner" },
  { rule: "data/retention-changed", types: ["aws_sqs_queue"], path: "visibility_timeout_seconds", bad: "lower", message: "A message comes back sooner, and may be worked on twice" },
  { rule: "data/availability-lowered", types: ["aws_elasticache_replication_group"], path: "replicas_per_node_group", bad: "lower", message: "Fewer replicas stand by" },
  { rule: "data/availability-lowered", types: ["aws_elasticache_replication_group"], path: "num_node_groups", bad: "lower", message: "A shard is taken away, and its entries are moved" },
  { rule: "data/availability-lowered", types: ["aws_elasticache_replication_group"], path: "num_cache_clusters", bad: "lower", message: "Fewer replicas stand by" },
  { rule: "data/availability-lowered", types: ["aws_db_instance"], path: "max_allocated_storage", bad: "lower", message: "The disk grows by itself to less than before" },
];

export const DATA_LISTS: readonly ListGuard[] = [
  { rule: "data/audit-log-off", types: ["aws_eks_cluster"], path: "enabled_cluster_log_types", bad: "shrinks", message: "The control plane writes less down" },
  { rule: "data/audit-log-off", types: ["aws_db_instance", "aws_rds_cluster"], path: "enabled_cloudwatch_logs_exports", bad: "shrinks", message: "The database's log is not kept" },
  { rule: "data/availability-lowered", types: ["aws_db_subnet_group", "aws_elasticache_subnet_group"], path: "subnet_ids", bad: "shrinks", message: "It has fewer subnets, maybe in fewer zones" },
];

export const DATA_WATCHES: readonly Watch[] = [
  { rule: "data/retention-changed", types: ["aws_dynamodb_table"], path: "ttl", message: "Items expire by another attribute, or not at all" },
  { rule: "data/retention-changed", types: ["aws_elasticache_parameter_group"], path: "parameter", message: "The cache's parameters change, by which entries are evicted too" },
  { rule: "data/retention-changed", types: ["aws_s3_bucket_logging"], path: "target_prefix", message: "The bucket's access log moves" },
];
