/** What keeps Azure's data readable only for us, there to stay, and there to come back; and records of who did what. */
import { isSet, on, type Guard, type Ratchet, type Watch } from "../guard";

const onUnlessSaid = (value: unknown): boolean => value === undefined || on(value);
const notOff = (value: unknown): boolean => value !== "Off";

export const AZURE_DATA_GUARDS: readonly Guard[] = [
  {
    rule: "data/deletion-protection-off",
    attributes: [
      "azurerm_key_vault.purge_protection_enabled",
      "azurerm_key_vault_managed_hardware_security_module.purge_protection_enabled",
    ],
    safe: on,
    onCreate: false,
    message: "A deleted vault or secret can be purged, and is gone for ever",
  },
  {
    rule: "data/deletion-protection-off",
    attributes: ["azurerm_recovery_services_vault.soft_delete_enabled"],
    safe: onUnlessSaid,
    message: "Deleted backups cannot be brought back",
  },
  {
    rule: "data/deletion-protection-off",
    attributes: ["azurerm_data_protection_backup_vault.soft_delete"],
    safe: notOff,
    message: "Deleted backups cannot be brought back",
  },
  {
    rule: "data/backups-off",
    attributes: ["azurerm_storage_account.blob_properties.versioning_enabled"],
    safe: on,
    onCreate: false,
    message: "A deleted or overwritten blob cannot be brought back",
  },
  {
    rule: "data/backups-off",
    attributes: [
      "azurerm_storage_account.blob_properties.delete_retention_policy",
      "azurerm_storage_account.blob_properties.container_delete_retention_policy",
    ],
    safe: isSet,
    onCreate: false,
    message: "What was deleted cannot be brought back as long as it could",
  },
  {
    rule: "data/backups-off",
    attributes: [
      "azurerm_mysql_flexible_server.geo_redundant_backup_enabled",
      "azurerm_postgresql_flexible_server.geo_redundant_backup_enabled",
    ],
    safe: on,
    onCreate: false,
    message: "Backups no longer stand in the paired region as well",
  },
  {
    rule: "data/backups-off",
    attributes: ["azurerm_mssql_database.geo_backup_enabled"],
    safe: onUnlessSaid,
    onCreate: false,
    message: "Backups no longer stand in the paired region as well",
  },
  {
    rule: "data/encryption-weakened",
    attributes: ["azurerm_mssql_database.transparent_data_encryption_enabled"],
    safe: onUnlessSaid,
    message: "What it stores is not encrypted",
  },
  {
    rule: "data/encryption-weakened",
    attributes: ["azurerm_storage_account.infrastructure_encryption_enabled"],
    safe: on,
    onCreate: false,
    message: "Blobs are encrypted once, where they were twice",
  },
  {
    rule: "data/encryption-weakened",
    attributes: [
      "azurerm_cosmosdb_account.key_vault_key_id",
      "azurerm_kubernetes_cluster.disk_encryption_set_id",
      "azurerm_kubernetes_cluster.key_management_service.key_vault_key_id",
      "azurerm_managed_disk.disk_encryption_set_id",
      "azurerm_mssql_server.transparent_data_encryption_key_vault_key_id",
      "azurerm_storage_account.customer_managed_key",
    ],
    safe: isSet,
    onCreate: false,
    message: "It falls back from a key of our own to one of Microsoft's",
  },
  {
    rule: "data/encryption-weakened",
    attributes: [
      "azurerm_kubernetes_cluster.default_node_pool.host_encryption_enabled",
      "azurerm_kubernetes_cluster_node_pool.host_encryption_enabled",
      "azurerm_linux_virtual_machine.encryption_at_host_enabled",
      "azurerm_linux_virtual_machine_scale_set.encryption_at_host_enabled",
      "azurerm_windows_virtual_machine.encryption_at_host_enabled",
      "azurerm_windows_virtual_machine_scale_set.encryption_at_host_enabled",
    ],
    safe: on,
    onCreate: false,
    message: "Temporary disks and caches are not encrypted",
  },
  {
    rule: "data/availability-lowered",
    attributes: [
      "azurerm_container_app_environment.zone_redundancy_enabled",
      "azurerm_container_registry.zone_redundancy_enabled",
      "azurerm_managed_redis.high_availability_enabled",
      "azurerm_mssql_database.zone_redundant",
    ],
    safe: on,
    onCreate: false,
    message: "One zone's outage takes it down",
  },
  {
    rule: "data/availability-lowered",
    attributes: ["azurerm_mysql_flexible_server.high_availability", "azurerm_postgresql_flexible_server.high_availability"],
    safe: isSet,
    onCreate: false,
    message: "One zone's outage takes it down",
  },
  {
    rule: "data/availability-lowered",
    attributes: ["azurerm_kubernetes_cluster.sku_tier"],
    safe: (value) => value !== undefined && value !== "Free",
    onCreate: false,
    message: "Nobody answers for the Kubernetes API being there",
  },
  {
    rule: "data/audit-log-off",
    attributes: [
      "azurerm_mssql_database_extended_auditing_policy.enabled",
      "azurerm_mssql_server_extended_auditing_policy.enabled",
      "azurerm_network_watcher_flow_log.enabled",
    ],
    safe: onUnlessSaid,
    message: "Nothing is written down",
  },
  {
    rule: "data/audit-log-off",
    attributes: [
      "azurerm_mssql_database_extended_auditing_policy.log_monitoring_enabled",
      "azurerm_mssql_server_extended_auditing_policy.log_monitoring_enabled",
    ],
    safe: onUnlessSaid,
    onCreate: false,
    message: "What is done in the database no longer gets to Azure Monitor",
  },
  {
    rule: "data/audit-log-off",
    attributes: ["azurerm_security_center_subscription_pricing.tier"],
    safe: (value) => value !== "Free",
    onCreate: false,
    message: "Microsoft Defender no longer looks for attacks",
  },
  {
    rule: "data/audit-log-off",
    attributes: [
      "azurerm_container_app_environment.log_analytics_workspace_id",
      "azurerm_monitor_diagnostic_setting.log_analytics_workspace_id",
    ],
    safe: isSet,
    onCreate: false,
    message: "Its logs no longer get to the workspace",
  },
  {
    rule: "data/audit-log-off",
    attributes: ["azurerm_kubernetes_cluster.oms_agent", "azurerm_kubernetes_cluster.microsoft_defender"],
    safe: isSet,
    onCreate: false,
    message: "Less of what happens in the cluster is noticed",
  },
];

export const AZURE_DATA_RATCHETS: readonly Ratchet[] = [
  {
    rule: "data/backups-off",
    attributes: [
      "azurerm_mssql_database.short_term_retention_policy.retention_days",
      "azurerm_mysql_flexible_server.backup_retention_days",
      "azurerm_postgresql_flexible_server.backup_retention_days",
      "azurerm_backup_policy_vm.retention_daily.count",
      "azurerm_backup_policy_vm.retention_weekly.count",
      "azurerm_backup_policy_vm.retention_monthly.count",
      "azurerm_backup_policy_vm.retention_yearly.count",
    ],
    bad: "lower",
    message: "Backups are kept for a shorter time",
  },
  {
    rule: "data/backups-off",
    attributes: [
      "azurerm_key_vault.soft_delete_retention_days",
      "azurerm_storage_account.blob_properties.container_delete_retention_policy.days",
      "azurerm_storage_account.blob_properties.delete_retention_policy.days",
      "azurerm_storage_account.blob_properties.restore_policy.days",
      "azurerm_storage_account.share_properties.retention_policy.days",
    ],
    bad: "lower",
    message: "What was deleted can be brought back for a shorter time",
  },
  {
    rule: "data/retention-changed",
    attributes: [
      "azurerm_application_insights.retention_in_days",
      "azurerm_container_registry.retention_policy_in_days",
      "azurerm_log_analytics_workspace.retention_in_days",
    ],
    bad: "lower",
    message: "It is kept for a shorter time",
  },
  {
    rule: "data/audit-log-off",
    attributes: [
      "azurerm_mssql_database_extended_auditing_policy.retention_in_days",
      "azurerm_mssql_server_extended_auditing_policy.retention_in_days",
    ],
    bad: "lower",
    endless: 0,
    message: "The record of who did what is kept for a shorter time",
  },
  {
    rule: "data/retention-changed",
    attributes: ["azurerm_log_analytics_workspace.daily_quota_gb"],
    bad: "lower",
    endless: -1,
    unset: Infinity,
    message: "Logs are thrown away sooner in a day",
  },
];

export const AZURE_DATA_WATCHES: readonly Watch[] = [
  {
    rule: "data/deletion-protection-off",
    severity: "notice",
    attributes: ["azurerm_management_lock.lock_level", "azurerm_management_lock.scope"],
    message: "It is locked otherwise, or something else is",
  },
];
