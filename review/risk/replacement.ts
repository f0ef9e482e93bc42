import type { Attribute } from "../provider-names";

/**
 * Attributes that the provider cannot change in place, for what holds data or runs trading. Terraform's own plans say which attribute
 * forces a replacement; this table is for plans that were compared without a provider. Each was seen as `replace_paths` in a plan of
 * Terraform 1.11.4 with hashicorp/aws 5.100.0, in which only that attribute differed; those of other providers are from their documents.
 */
const FORCES: readonly Attribute[] = [
  "aws_backup_vault.name", "aws_backup_vault.kms_key_arn",
  "aws_cloudwatch_log_group.name", "aws_cloudwatch_log_group.log_group_class",
  "aws_db_instance.availability_zone", "aws_db_instance.db_name", "aws_db_instance.engine", "aws_db_instance.kms_key_id", "aws_db_instance.snapshot_identifier", "aws_db_instance.storage_encrypted", "aws_db_instance.timezone", "aws_db_instance.username",
  "aws_dynamodb_table.name", "aws_dynamodb_table.hash_key", "aws_dynamodb_table.range_key", "aws_dynamodb_table.local_secondary_index",
  "aws_ebs_volume.availability_zone", "aws_ebs_volume.encrypted", "aws_ebs_volume.kms_key_id", "aws_ebs_volume.snapshot_id",
  "aws_ecr_repository.name", "aws_ecr_repository.encryption_configuration",
  "aws_efs_file_system.availability_zone_name", "aws_efs_file_system.creation_token", "aws_efs_file_system.encrypted", "aws_efs_file_system.kms_key_id", "aws_efs_file_system.performance_mode",
  "aws_eks_cluster.name", "aws_eks_cluster.role_arn", "aws_eks_cluster.bootstrap_self_managed_addons", "aws_eks_cluster.access_config.bootstrap_cluster_creator_admin_permissions", "aws_eks_cluster.kubernetes_network_config.service_ipv4_cidr",
  "aws_elasticache_cluster.availability_zone", "aws_elasticache_cluster.cluster_id", "aws_elasticache_cluster.engine", "aws_elasticache_cluster.network_type", "aws_elasticache_cluster.port", "aws_elasticache_cluster.subnet_group_name", "aws_elasticache_cluster.transit_encryption_enabled",
  "aws_elasticache_replication_group.at_rest_encryption_enabled", "aws_elasticache_replication_group.kms_key_id", "aws_elasticache_replication_group.network_type", "aws_elasticache_replication_group.port", "aws_elasticache_replication_group.replication_group_id", "aws_elasticache_replication_group.subnet_group_name",
  "aws_instance.ami", "aws_instance.associate_public_ip_address", "aws_instance.availability_zone", "aws_instance.key_name", "aws_instance.private_ip", "aws_instance.root_block_device.encrypted", "aws_instance.subnet_id", "aws_instance.tenancy",
  "aws_kinesis_stream.name",
  "aws_kms_key.customer_master_key_spec", "aws_kms_key.key_usage", "aws_kms_key.multi_region",
  "aws_s3_bucket.bucket", "aws_s3_bucket.object_lock_enabled",
  "aws_secretsmanager_secret.name",
  "aws_sqs_queue.name", "aws_sqs_queue.fifo_queue",
  "kubernetes_namespace_v1.metadata.name",
  "helm_release.name", "helm_release.namespace",
];

/** @param path as a plan writes it, with indexes */
export function forcesReplacement(type: string, path: string): boolean {
  const plain = path.replace(/\[[^\]]*\]/g, "");
  return FORCES.some((attribute) => `${type}.${plain}.`.startsWith(`${attribute}.`));
}
