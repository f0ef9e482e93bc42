/**
 * Attributes that the provider cannot change in place, for the resources that hold data. Terraform's own plans say which attribute
 * forces a replacement; this table is for plans that were compared without a provider. Source: `ForceNew` in the schemas of
 * hashicorp/aws 5.100.0 (internal/service/…), read on 2026-11-21.
 */
const FORCES: Readonly<Record<string, readonly string[]>> = {
  aws_s3_bucket: ["bucket", "bucket_prefix"],
  aws_dynamodb_table: ["name", "hash_key", "range_key", "local_secondary_index"],
  aws_db_instance: ["engine", "username", "db_name", "storage_encrypted", "kms_key_id", "availability_zone", "character_set_name", "snapshot_identifier", "timezone"],
  aws_elasticache_cluster: ["cluster_id", "engine", "port", "subnet_group_name", "transit_encryption_enabled"],
  aws_elasticache_replication_group: ["replication_group_id", "at_rest_encryption_enabled", "kms_key_id", "port", "subnet_group_name"],
  aws_sqs_queue: ["name", "name_prefix", "fifo_queue"],
  aws_secretsmanager_secret: ["name", "name_prefix"],
  aws_cloudwatch_log_group: ["name", "name_prefix", "log_group_class"],
  aws_ecr_repository: ["name", "encryption_configuration"],
  aws_kms_key: ["customer_master_key_spec", "key_usage", "multi_region"],
  aws_ebs_volume: ["availability_zone", "encrypted", "kms_key_id", "snapshot_id"],
  aws_efs_file_system: ["encrypted", "kms_key_id", "performance_mode", "availability_zone_name"],
  aws_eks_cluster: ["name", "role_arn", "bootstrap_self_managed_addons", "access_config.bootstrap_cluster_creator_admin_permissions", "kubernetes_network_config"],
  kubernetes_namespace_v1: ["metadata.name"],
  helm_release: ["name", "namespace"],
};

/** @param path as a plan writes it, with indexes */
export function forcesReplacement(type: string, path: string): boolean {
  const plain = path.replace(/\[[^\]]*\]/g, "");
  return (Object.hasOwn(FORCES, type) ? FORCES[type]! : []).some((attribute) => plain === attribute || plain.startsWith(`${attribute}.`));
}
