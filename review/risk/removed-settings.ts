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
