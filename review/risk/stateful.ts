/** Which resource types hold data that nothing can make again, each with what would be lost. */

/**
 * Not here, though they keep something: SSM parameters (the code computes their values), S3 objects of ours (built from sources),
 * DNS records, topics (their subscriptions have a rule of their own), hosts (compute/host-replaced) and KMS aliases.
 */
export const STATEFUL: Readonly<Record<string, string>> = {
  aws_s3_bucket: "objects", aws_s3_directory_bucket: "objects", aws_s3tables_table: "rows", aws_s3tables_table_bucket: "tables",
  aws_dynamodb_table: "items", aws_dynamodb_table_replica: "items", aws_dynamodb_global_table: "items",
  aws_db_instance: "databases", aws_rds_cluster: "databases", aws_rds_cluster_instance: "a database's instance", aws_rds_global_cluster: "databases", aws_db_snapshot: "a snapshot", aws_db_cluster_snapshot: "a snapshot",
  aws_docdb_cluster: "databases", aws_neptune_cluster: "databases", aws_keyspaces_table: "rows", aws_timestreamwrite_table: "records", aws_redshift_cluster: "databases", aws_redshiftserverless_namespace: "databases",
  aws_opensearch_domain: "indexes", aws_elasticsearch_domain: "indexes", aws_lightsail_database: "databases",
  // Positions and prices stand in the cache between two snapshots.
  aws_elasticache_cluster: "cached entries", aws_elasticache_replication_group: "cached entries", aws_elasticache_serverless_cache: "cached entries", aws_memorydb_cluster: "entries",
  aws_sqs_queue: "messages", aws_kinesis_stream: "records", aws_msk_cluster: "records", aws_mq_broker: "messages",
  aws_secretsmanager_secret: "a secret's value", aws_secretsmanager_secret_version: "a secret's value",
  // Without the key, all that it encrypted is lost.
  aws_kms_key: "the key to encrypted data", aws_kms_replica_key: "the key to encrypted data", aws_kms_external_key: "the key to encrypted data", aws_cloudhsm_v2_cluster: "keys",
  // What happened on a day of losses is asked for long afterwards.
  aws_cloudwatch_log_group: "log entries", aws_cloudtrail_event_data_store: "audit events",
  aws_ecr_repository: "images", aws_ecrpublic_repository: "images",
  aws_ebs_volume: "a disk", aws_ebs_snapshot: "a snapshot", aws_ami: "an image", aws_efs_file_system: "files",
  aws_fsx_lustre_file_system: "files", aws_fsx_ontap_file_system: "files", aws_fsx_ontap_volume: "files", aws_fsx_openzfs_file_system: "files", aws_fsx_openzfs_volume: "files", aws_fsx_windows_file_system: "files",
  aws_backup_vault: "backups", aws_glacier_vault: "archives",
  // Its Secrets, and the volumes that its claims hold.
  aws_eks_cluster: "what runs and is stored in the cluster",
  aws_cognito_user_pool: "users", aws_route53_zone: "a zone's records and name servers", aws_codecommit_repository: "sources", aws_sagemaker_notebook_instance: "a notebook's disk", aws_sagemaker_domain: "notebooks",
  kubernetes_namespace: "all that is in the namespace, volumes too", kubernetes_namespace_v1: "all that is in the namespace, volumes too",
  kubernetes_persistent_volume: "a volume", kubernetes_persistent_volume_v1: "a volume", kubernetes_persistent_volume_claim: "a volume", kubernetes_persistent_volume_claim_v1: "a volume",
  kubernetes_stateful_set: "a set's volumes", kubernetes_stateful_set_v1: "a set's volumes", kubernetes_secret: "a secret's value", kubernetes_secret_v1: "a secret's value",
  // Which of them own volumes, no plan says: PostgreSQL, the cache and the metrics are releases too.
  helm_release: "what the release installed, maybe with its volumes",
  google_storage_bucket: "objects", google_sql_database_instance: "databases", google_sql_database: "a database", google_spanner_instance: "databases", google_spanner_database: "a database",
  google_bigquery_dataset: "tables", google_bigquery_table: "rows", google_bigtable_instance: "tables", google_bigtable_table: "rows", google_firestore_database: "documents", google_alloydb_cluster: "databases",
  google_redis_instance: "cached entries", google_compute_disk: "a disk", google_filestore_instance: "files", google_kms_crypto_key: "the key to encrypted data", google_kms_key_ring: "keys",
  google_secret_manager_secret: "a secret's value", google_pubsub_topic: "messages", google_pubsub_subscription: "messages", google_artifact_registry_repository: "images", google_container_cluster: "what runs and is stored in the cluster", google_dns_managed_zone: "a zone's records and name servers",
  azurerm_storage_account: "blobs, files and tables", azurerm_storage_container: "blobs", azurerm_storage_share: "files", azurerm_storage_table: "rows", azurerm_storage_queue: "messages",
  azurerm_mssql_server: "databases", azurerm_mssql_database: "a database", azurerm_postgresql_server: "databases", azurerm_postgresql_flexible_server: "databases", azurerm_postgresql_flexible_server_database: "a database",
  azurerm_mysql_flexible_server: "databases", azurerm_mysql_flexible_database: "a database", azurerm_cosmosdb_account: "databases", azurerm_cosmosdb_sql_database: "a database", azurerm_cosmosdb_sql_container: "items",
  azurerm_redis_cache: "cached entries", azurerm_managed_disk: "a disk", azurerm_netapp_volume: "files", azurerm_key_vault: "keys and secrets", azurerm_key_vault_key: "the key to encrypted data", azurerm_key_vault_secret: "a secret's value",
  azurerm_servicebus_namespace: "messages", azurerm_servicebus_queue: "messages", azurerm_eventhub: "records", azurerm_eventhub_namespace: "records", azurerm_container_registry: "images", azurerm_kubernetes_cluster: "what runs and is stored in the cluster",
  azurerm_log_analytics_workspace: "log entries", azurerm_recovery_services_vault: "backups", azurerm_dns_zone: "a zone's records and name servers", azurerm_resource_group: "all that is in the group",
  // The state is the only place that knows them.
  random_password: "a generated password", tls_private_key: "a private key",
};

/** What is lost when a resource of the type goes; undefined where nothing is. */
export const heldBy = (type: string): string | undefined => (Object.hasOwn(STATEFUL, type) ? STATEFUL[type] : undefined);
