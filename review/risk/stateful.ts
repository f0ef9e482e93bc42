/** Which resource types hold data that nothing can make again, each with what would be lost. */
import type { ResourceType } from "../provider-names";
import { classByName } from "./class-by-name";

/**
 * Not here, though they keep something: SSM parameters (the code computes their values), S3 objects of ours (built from sources),
 * DNS records, topics (their subscriptions have a rule of their own), hosts (compute/host-replaced) and KMS aliases.
 */
const STATEFUL: Readonly<Partial<Record<ResourceType, string>>> = {
  aws_s3_bucket: "objects",
  aws_s3_directory_bucket: "objects",
  aws_s3tables_table: "rows",
  aws_s3tables_table_bucket: "tables",
  aws_dynamodb_table: "items",
  aws_dynamodb_table_replica: "items",
  aws_dynamodb_global_table: "items",
  aws_db_instance: "databases",
  aws_rds_cluster: "databases",
  aws_rds_cluster_instance: "a database's instance",
  aws_rds_global_cluster: "databases",
  aws_db_snapshot: "a snapshot",
  aws_db_cluster_snapshot: "a snapshot",
  aws_docdb_cluster: "databases",
  aws_neptune_cluster: "databases",
  aws_keyspaces_table: "rows",
  aws_timestreamwrite_table: "records",
  aws_redshift_cluster: "databases",
  aws_redshiftserverless_namespace: "databases",
  aws_opensearch_domain: "indexes",
  aws_elasticsearch_domain: "indexes",
  aws_lightsail_database: "databases",
  // Positions and prices stand in the cache between two snapshots.
  aws_elasticache_cluster: "cached entries",
  aws_elasticache_replication_group: "cached entries",
  aws_elasticache_serverless_cache: "cached entries",
  aws_memorydb_cluster: "entries",
  aws_sqs_queue: "messages",
  aws_kinesis_stream: "records",
  aws_msk_cluster: "records",
  aws_mq_broker: "messages",
  aws_secretsmanager_secret: "a secret's value",
  aws_secretsmanager_secret_version: "a secret's value",
  // Without the key, all that it encrypted is lost.
  aws_kms_key: "the key to encrypted data",
  aws_kms_replica_key: "the key to encrypted data",
  aws_kms_external_key: "the key to encrypted data",
  aws_acmpca_certificate_authority: "the key that others trust",
  aws_cloudhsm_v2_cluster: "keys",
  // What happened on a day of losses is asked for long afterwards.
  aws_cloudwatch_log_group: "log entries",
  aws_cloudtrail_event_data_store: "audit events",
  aws_ecr_repository: "images",
  aws_ecrpublic_repository: "images",
  aws_ebs_volume: "a disk",
  aws_ebs_snapshot: "a snapshot",
  aws_ami: "an image",
  aws_efs_file_system: "files",
  aws_fsx_lustre_file_system: "files",
  aws_fsx_ontap_file_system: "files",
  aws_fsx_ontap_volume: "files",
  aws_fsx_openzfs_file_system: "files",
  aws_fsx_openzfs_volume: "files",
  aws_fsx_windows_file_system: "files",
  aws_backup_vault: "backups",
  aws_glacier_vault: "archives",
  // Its Secrets, and the volumes that its claims hold.
  aws_eks_cluster: "what runs and is stored in the cluster",
  aws_cognito_user_pool: "users",
  aws_route53_zone: "a zone's records and name servers",
  aws_codecommit_repository: "sources",
  aws_sagemaker_notebook_instance: "a notebook's disk",
  aws_sagemaker_domain: "notebooks",
  kubernetes_namespace: "all that is in the namespace, volumes too",
  kubernetes_namespace_v1: "all that is in the namespace, volumes too",
  kubernetes_persistent_volume: "a volume",
  kubernetes_persistent_volume_v1: "a volume",
  kubernetes_persistent_volume_claim: "a volume",
  kubernetes_persistent_volume_claim_v1: "a volume",
  kubernetes_stateful_set: "a set's volumes",
  kubernetes_stateful_set_v1: "a set's volumes",
  kubernetes_secret: "a secret's value",
  kubernetes_secret_v1: "a secret's value",
  // Which of them own volumes, no plan says: PostgreSQL, the cache and the metrics are releases too.
  helm_release: "what the release installed, maybe with its volumes",
};

/** Providers whose schemas the list above is held against (../provider-names). */
const OURS = /^(aws|kubernetes|helm)_/;

/** What is lost when a resource of the type goes; undefined where nothing is. Of a provider that is not ours, what a type's name says must do. */
export function heldBy(type: string): string | undefined {
  if (Object.hasOwn(STATEFUL, type)) return STATEFUL[type as ResourceType];
  return !OURS.test(type) && classByName(type) === "data" ? "whatever data it holds" : undefined;
}
