/** What a change is about, by its resource's type (`RiskClass`). */
import type { ResourceChange, RiskClass } from "../model";
import type { ResourceType } from "../provider-names";
import { classByName } from "./class-by-name";
import { heldBy } from "./stateful";

/** Every type that our stacks synthesise; a test holds it against what they synthesise today. */
const EXPLICIT: readonly (readonly [RiskClass, readonly ResourceType[]])[] = [
  [
    "data",
    [
      "aws_backup_plan",
      "aws_backup_restore_testing_plan",
      "aws_backup_restore_testing_selection",
      "aws_backup_selection",
      "aws_backup_vault",
      "aws_backup_vault_lock_configuration",
      "aws_cloudtrail",
      "aws_cloudwatch_log_group",
      "aws_config_configuration_recorder",
      "aws_config_configuration_recorder_status",
      "aws_config_delivery_channel",
      "aws_db_instance",
      "aws_db_instance_automated_backups_replication",
      "aws_db_parameter_group",
      "aws_dynamodb_table",
      "aws_ebs_encryption_by_default",
      "aws_ecr_lifecycle_policy",
      "aws_ecr_repository",
      "aws_eks_cluster",
      "aws_elasticache_cluster",
      "aws_elasticache_parameter_group",
      "aws_elasticache_replication_group",
      "aws_kms_alias",
      "aws_kms_key",
      "aws_s3_bucket",
      "aws_s3_bucket_lifecycle_configuration",
      "aws_s3_bucket_logging",
      "aws_s3_bucket_object_lock_configuration",
      "aws_s3_bucket_ownership_controls",
      "aws_s3_bucket_replication_configuration",
      "aws_s3_bucket_server_side_encryption_configuration",
      "aws_s3_bucket_versioning",
      "aws_secretsmanager_secret",
      "aws_sqs_queue",
      "kubernetes_namespace_v1",
      "kubernetes_storage_class_v1",
    ],
  ],
  [
    "identity",
    [
      "aws_accessanalyzer_analyzer",
      "aws_acmpca_certificate",
      "aws_acmpca_certificate_authority",
      "aws_acmpca_certificate_authority_certificate",
      "aws_acmpca_permission",
      "aws_backup_vault_policy",
      "aws_eks_access_entry",
      "aws_eks_access_policy_association",
      "aws_eks_pod_identity_association",
      "aws_iam_account_password_policy",
      "aws_iam_instance_profile",
      "aws_budgets_budget_action",
      "aws_iam_openid_connect_provider",
      "aws_iam_policy",
      "aws_iam_role",
      "aws_iam_role_policy",
      "aws_iam_role_policy_attachment",
      "aws_iam_service_linked_role",
      "aws_lambda_permission",
      "aws_s3_bucket_policy",
      "aws_secretsmanager_secret_rotation",
      "aws_sns_topic_policy",
      "aws_sqs_queue_policy",
      "aws_sqs_queue_redrive_allow_policy",
      "kubernetes_cluster_role_binding_v1",
      "kubernetes_cluster_role_v1",
      "kubernetes_role_binding_v1",
      "kubernetes_role_v1",
    ],
  ],
  [
    "network exposure",
    [
      "aws_acm_certificate",
      "aws_acm_certificate_validation",
      "aws_cloudfront_distribution",
      "aws_cloudfront_function",
      "aws_cloudfront_origin_access_control",
      "aws_cloudfront_response_headers_policy",
      "aws_cloudfront_vpc_origin",
      "aws_db_subnet_group",
      "aws_default_network_acl",
      "aws_default_security_group",
      "aws_ebs_snapshot_block_public_access",
      "aws_ec2_image_block_public_access",
      "aws_ec2_instance_metadata_defaults",
      "aws_ec2_subnet_cidr_reservation",
      "aws_eip",
      "aws_elasticache_subnet_group",
      "aws_flow_log",
      "aws_internet_gateway",
      "aws_lb",
      "aws_lb_listener",
      "aws_lb_listener_rule",
      "aws_nat_gateway",
      "aws_network_acl",
      "aws_network_acl_rule",
      "aws_network_interface",
      "aws_route",
      "aws_route_table",
      "aws_route_table_association",
      "aws_s3_account_public_access_block",
      "aws_s3_bucket_public_access_block",
      "aws_security_group",
      "aws_ssm_service_setting",
      "aws_route53_record",
      "aws_subnet",
      "aws_vpc",
      "aws_vpc_endpoint",
      "aws_vpc_security_group_egress_rule",
      "aws_vpc_security_group_ingress_rule",
      "aws_wafv2_web_acl",
      "aws_wafv2_web_acl_association",
      "aws_wafv2_web_acl_logging_configuration",
      "kubernetes_network_policy_v1",
    ],
  ],
  [
    "notification",
    [
      "aws_account_alternate_contact",
      "aws_budgets_budget",
      "aws_ce_anomaly_monitor",
      "aws_ce_anomaly_subscription",
      "aws_ce_cost_allocation_tag",
      "aws_backup_vault_notifications",
      "aws_cloudwatch_composite_alarm",
      "aws_cloudwatch_dashboard",
      "aws_cloudwatch_event_rule",
      "aws_cloudwatch_event_target",
      "aws_cloudwatch_log_metric_filter",
      "aws_cloudwatch_log_delivery",
      "aws_cloudwatch_log_delivery_destination",
      "aws_cloudwatch_log_delivery_source",
      "aws_cloudwatch_metric_alarm",
      "aws_cloudwatch_query_definition",
      "aws_config_config_rule",
      "aws_config_configuration_aggregator",
      "aws_guardduty_detector",
      "aws_guardduty_detector_feature",
      "aws_inspector2_enabler",
      "aws_lambda_event_source_mapping",
      "aws_lambda_function_event_invoke_config",
      "aws_securityhub_account",
      "aws_securityhub_standards_subscription",
      "aws_sns_topic",
      "aws_sns_topic_subscription",
    ],
  ],
  [
    "compute",
    [
      "aws_appautoscaling_scheduled_action",
      "aws_appautoscaling_target",
      "aws_autoscaling_schedule",
      "aws_ecs_cluster",
      "aws_ecs_cluster_capacity_providers",
      "aws_ecs_service",
      "aws_ecs_task_definition",
      "aws_eks_addon",
      "aws_eks_node_group",
      "aws_instance",
      "aws_lambda_function",
      "aws_launch_template",
      "aws_lb_target_group",
      "aws_lb_target_group_attachment",
      "aws_s3_object",
      "aws_sagemaker_notebook_instance",
      "aws_sagemaker_notebook_instance_lifecycle_configuration",
      "aws_scheduler_schedule",
      "aws_scheduler_schedule_group",
      "aws_service_discovery_http_namespace",
      "aws_ssm_association",
      "aws_ssm_document",
      "aws_ssm_maintenance_window",
      "aws_ssm_maintenance_window_target",
      "aws_ssm_maintenance_window_task",
      "aws_ssm_patch_baseline",
      "aws_ssm_patch_group",
      "aws_ssm_parameter",
      "helm_release",
      "kubernetes_limit_range_v1",
      "kubernetes_resource_quota_v1",
    ],
  ],
];

const CLASSES: ReadonlyMap<string, RiskClass> = new Map(
  EXPLICIT.flatMap(([riskClass, types]) => types.map((type) => [type, riskClass] as const)),
);

/** Names and words that people read; a change of nothing else stops, opens and loses nothing. */
const COSMETIC =
  /^(tags|tags_all|labels|effective_labels|terraform_labels)(\.|\[|$)|^(description|alarm_description|display_name|comment|friendly_name)$/;

/** The class of a resource's type. */
export function classOfType(type: string): RiskClass {
  const known = CLASSES.get(type);
  if (known) return known;
  // A policy is about rights, even where it belongs to something that holds data.
  if (heldBy(type)) return "data";
  return classByName(type);
}

export function classOf(change: ResourceChange): RiskClass {
  const { action, attributes, type } = change;
  if (action === "move") return "cosmetic";
  if (action === "update" && attributes.length > 0 && attributes.every(({ path }) => COSMETIC.test(path))) return "cosmetic";
  return classOfType(type);
}

/** Types with a class of their own; for the test. */
export const CLASSIFIED: readonly string[] = [...CLASSES.keys()].sort();
