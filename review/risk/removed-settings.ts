/** Settings that are resources of their own: when one goes and what it belongs to stays, the setting is gone. */
import type { ResourceType } from "../provider-names";
import { goesWithItsOwner, ifRenamed } from "./related-resources";
import type { Look, RuleName } from "./rules";

const SETTINGS: Readonly<Partial<Record<ResourceType, readonly [RuleName, string]>>> = {
  aws_s3_bucket_public_access_block: ["network/made-public", "The bucket may be opened to everybody"],
  aws_s3_account_public_access_block: ["network/made-public", "Buckets of the account may be opened to everybody"],
  aws_s3_bucket_server_side_encryption_configuration: [
    "data/encryption-weakened",
    "Objects get S3's own key in place of the one that was chosen",
  ],
  aws_s3_bucket_versioning: ["data/backups-off", "A deleted or overwritten object cannot be brought back"],
  aws_s3_bucket_replication_configuration: ["data/backups-off", "New objects are no longer copied"],
  aws_s3_bucket_logging: ["data/audit-log-off", "Requests to the bucket are no longer written down"],
  aws_s3_bucket_ownership_controls: ["data/ownership-weakened", "Objects may belong to whoever wrote them"],
  aws_s3_bucket_lifecycle_configuration: ["data/retention-changed", "Objects stay for ever, old versions too"],
  aws_s3_bucket_object_lock_configuration: ["data/deletion-protection-off", "Objects can be deleted before their time"],
  aws_ecr_lifecycle_policy: ["data/retention-changed", "Images stay for ever"],
  aws_backup_plan: ["data/backups-off", "Backups are no longer made"],
  aws_backup_selection: ["data/backups-off", "Something is no longer backed up"],
  aws_backup_vault_notifications: ["notification/event-changed", "Nobody is told of backups that fail"],
  aws_db_instance_automated_backups_replication: ["data/backups-off", "The database's backups are no longer copied to another region"],
  aws_backup_vault_lock_configuration: ["data/backups-off", "Backups can be deleted before their time"],
  aws_dynamodb_table_replica: ["data/backups-off", "A copy of the table goes"],
  aws_efs_backup_policy: ["data/backups-off", "Files are no longer backed up"],
  aws_flow_log: ["data/audit-log-off", "Connections are no longer written down"],
  aws_cloudtrail: ["data/audit-log-off", "Calls of the account's API are no longer written down"],
  aws_config_configuration_recorder: ["data/audit-log-off", "Changes in the account are no longer written down"],
  aws_guardduty_detector: ["data/audit-log-off", "Attacks on the account are no longer noticed"],
  aws_wafv2_web_acl: ["network/firewall-weakened", "The firewall goes"],
  aws_wafv2_web_acl_logging_configuration: ["data/audit-log-off", "What the firewall refuses is no longer written down"],
  aws_wafv2_web_acl_association: ["network/firewall-weakened", "No firewall stands in front of it"],
  aws_default_security_group: ["network/ingress-opened", "The VPC's default group is no longer kept closed"],
  azurerm_management_lock: ["data/deletion-protection-off", "Azure no longer refuses to delete it"],
  azurerm_monitor_diagnostic_setting: ["data/audit-log-off", "Its logs are no longer kept"],
  azurerm_mssql_server_extended_auditing_policy: ["data/audit-log-off", "What is done in the server's databases is no longer written down"],
  azurerm_mssql_database_extended_auditing_policy: ["data/audit-log-off", "What is done in the database is no longer written down"],
  azurerm_mssql_server_security_alert_policy: ["data/audit-log-off", "Attacks on the database are no longer noticed"],
  azurerm_network_watcher_flow_log: ["data/audit-log-off", "Connections are no longer written down"],
  azurerm_security_center_subscription_pricing: ["data/audit-log-off", "Microsoft Defender no longer looks for attacks"],
  azurerm_storage_management_policy: ["data/retention-changed", "Blobs stay for ever, old versions too"],
  azurerm_storage_container_immutability_policy: ["data/deletion-protection-off", "Blobs can be deleted before their time"],
  azurerm_storage_object_replication: ["data/backups-off", "New blobs are no longer copied"],
  azurerm_storage_account_customer_managed_key: ["data/encryption-weakened", "It falls back from a key of our own to one of Microsoft's"],
  azurerm_backup_policy_vm: ["data/backups-off", "Machines are no longer backed up"],
  azurerm_data_protection_backup_instance_blob_storage: ["data/backups-off", "Blobs are no longer backed up"],
  azurerm_data_protection_backup_instance_disk: ["data/backups-off", "The disk is no longer backed up"],
  azurerm_subnet_network_security_group_association: ["network/ingress-opened", "No rules stand before the subnet any more"],
  azurerm_network_interface_security_group_association: ["network/ingress-opened", "No rules stand before the machine any more"],
  azurerm_web_application_firewall_policy: ["network/firewall-weakened", "The firewall goes"],
  azurerm_cdn_frontdoor_security_policy: ["network/firewall-weakened", "No firewall stands in front of it"],
  azurerm_monitor_metric_alert: ["notification/alarm-removed", "The alert goes"],
  azurerm_monitor_activity_log_alert: ["notification/alarm-removed", "The alert goes"],
  azurerm_monitor_scheduled_query_rules_alert_v2: ["notification/alarm-removed", "The alert goes"],
  azurerm_monitor_action_group: ["notification/subscription-removed", "Nobody of the group is told any more"],
  azurerm_consumption_budget_resource_group: ["notification/subscription-removed", "Nobody is told of costs any more"],
  azurerm_consumption_budget_subscription: ["notification/subscription-removed", "Nobody is told of costs any more"],
  kubernetes_resource_quota_v1: ["compute/limits-changed", "The namespace has no quota"],
  kubernetes_limit_range_v1: ["compute/limits-changed", "Containers have no limits of their own"],
};

export const removedSettings: Look = (change, context) => {
  const found = Object.hasOwn(SETTINGS, change.type) ? SETTINGS[change.type as ResourceType] : undefined;
  if (!found || change.deposed || (change.action !== "destroy" && change.action !== "forget") || goesWithItsOwner(change, context))
    return [];
  const [rule, message] = found;
  // Terraform may well destroy the old one after it has made the new one, and both are the same setting.
  return [{ rule, message: change.action === "destroy" ? `${message}${ifRenamed(change, context)}` : message }];
};
