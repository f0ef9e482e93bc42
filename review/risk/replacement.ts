/**
 * Attributes that the provider cannot change in place, for what holds data or runs trading. Terraform's own plans say which attribute
 * forces a replacement; this table is for plans that were compared without a provider. Each was seen as `replace_paths` in a plan of
 * Terraform 1.11.4 with hashicorp/aws 5.100.0, in which only that attribute differed; those of other providers are from their documents.
 */
const FORCES: Readonly<Record<string, readonly string[]>> = {
  aws_backup_vault: ["name", "kms_key_arn"],
  aws_cloudwatch_log_group: ["name", "log_group_class"],
  aws_db_instance: ["availability_zone", "db_name", "engine", "kms_key_id", "snapshot_identifier", "storage_encrypted", "timezone", "username"],
  aws_dynamodb_table: ["name", "hash_key", "range_key", "local_secondary_index"],
  aws_ebs_volume: ["availability_zone", "encrypted", "kms_key_id", "snapshot_id"],
  aws_ecr_repository: ["name", "encryption_configuration"],
  aws_efs_file_system: ["availability_zone_name", "creation_token", "encrypted", "kms_key_id", "performance_mode"],
  aws_eks_cluster: ["name", "role_arn", "bootstrap_self_managed_addons", "access_config.bootstrap_cluster_creator_admin_permissions", "kubernetes_network_config.service_ipv4_cidr"],
  aws_elasticache_cluster: ["availability_zone", "cluster_id", "engine", "network_type", "port", "subnet_group_name", "transit_encryption_enabled"],
  aws_elasticache_replication_group: ["at_rest_encryption_enabled", "kms_key_id", "network_type", "port", "replication_group_id", "subnet_group_name"],
  aws_instance: ["ami", "associate_public_ip_address", "availability_zone", "key_name", "private_ip", "root_block_device.encrypted", "subnet_id", "tenancy"],
  aws_kinesis_stream: ["name"],
  aws_kms_key: ["customer_master_key_spec", "key_usage", "multi_region"],
  aws_s3_bucket: ["bucket", "object_lock_enabled"],
  aws_secretsmanager_secret: ["name"],
  aws_sqs_queue: ["name", "fifo_queue"],
  kubernetes_namespace_v1: ["metadata.name"],
  helm_release: ["name", "namespace"],
};

/** @param path as a plan writes it, with indexes */
export function forcesReplacement(type: string, path: string): boolean {
  const plain = path.replace(/\[[^\]]*\]/g, "");
  return (Object.hasOwn(FORCES, type) ? FORCES[type]! : []).some((attribute) => plain === attribute || plain.startsWith(`${attribute}.`));
}
