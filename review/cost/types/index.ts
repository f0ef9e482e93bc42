/** Every resource type that a stack makes: with its price, or without one because it costs nothing. Any other is unknown. */
import type { ResourceType } from "../../provider-names";
import type { Pricer, Pricers } from "../charges";
import { ACCOUNT } from "./account";
import { AZURE, AZURE_FREE } from "./azure";
import { CONTAINERS } from "./containers";
import { DATA } from "./data";
import { MACHINES } from "./machines";
import { NETWORK } from "./network";
import { WATCHING } from "./watching";

export const PRICED: Pricers = { ...ACCOUNT, ...AZURE, ...CONTAINERS, ...DATA, ...MACHINES, ...NETWORK, ...WATCHING };

/** How a type is priced; undefined for one that is free or unknown. */
export const pricerOf = (type: string): Pricer | undefined => (Object.hasOwn(PRICED, type) ? PRICED[type as ResourceType] : undefined);

/** What the clouds and Kubernetes do not charge for, or charge with the resource that it belongs to. */
export const FREE: ReadonlySet<string> = new Set<ResourceType>([
  // Settings of others.
  "aws_appautoscaling_policy",
  "aws_appautoscaling_scheduled_action",
  "aws_appautoscaling_target",
  "aws_autoscaling_policy",
  "aws_autoscaling_schedule",
  "aws_backup_restore_testing_plan",
  "aws_backup_selection",
  "aws_backup_vault_lock_configuration",
  "aws_backup_vault_notifications",
  "aws_backup_vault_policy",
  "aws_db_parameter_group",
  "aws_db_subnet_group",
  "aws_ecr_lifecycle_policy",
  "aws_ecs_cluster_capacity_providers",
  "aws_elasticache_parameter_group",
  "aws_elasticache_subnet_group",
  "aws_kms_alias",
  "aws_lambda_event_source_mapping",
  "aws_lambda_function_event_invoke_config",
  "aws_lambda_permission",
  "aws_s3_bucket_lifecycle_configuration",
  "aws_s3_bucket_logging",
  "aws_s3_bucket_ownership_controls",
  "aws_s3_bucket_policy",
  "aws_s3_bucket_public_access_block",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_s3_bucket_versioning",
  "aws_scheduler_schedule_group",
  // The secret itself is priced, and the function that rotates it.
  "aws_secretsmanager_secret_rotation",
  "aws_sns_topic_policy",
  "aws_sqs_queue_policy",
  "aws_sqs_queue_redrive_allow_policy",
  "aws_wafv2_web_acl_association",
  "aws_wafv2_web_acl_logging_configuration",
  // Counted with what uses them: the distribution, the delivery of its log, the load balancer, the service, the notebook, the nodes, the bucket, the log group of the flow log.
  "aws_acm_certificate_validation",
  "aws_cloudfront_function",
  "aws_cloudfront_origin_access_control",
  "aws_cloudfront_response_headers_policy",
  "aws_cloudfront_vpc_origin",
  "aws_cloudwatch_log_delivery_destination",
  "aws_cloudwatch_log_delivery_source",
  "aws_ecs_task_definition",
  "aws_flow_log",
  "aws_launch_template",
  "aws_lb_listener",
  "aws_lb_listener_rule",
  "aws_lb_target_group",
  "aws_lb_target_group_attachment",
  "aws_s3_object",
  "aws_sagemaker_notebook_instance_lifecycle_configuration",
  // An exported or private one would cost; the zone costs, which nobody makes here.
  "aws_acm_certificate",
  "aws_route53_record",
  // What holds for an account where nobody says otherwise, and filters that make metrics of a log, each counted with its alarm's.
  "aws_account_alternate_contact",
  "aws_cloudwatch_log_metric_filter",
  // https://docs.aws.amazon.com/config/latest/developerguide/aggregate-data.html
  "aws_config_configuration_aggregator",
  "aws_config_configuration_recorder_status",
  "aws_config_delivery_channel",
  "aws_ebs_encryption_by_default",
  "aws_ebs_snapshot_block_public_access",
  "aws_ec2_image_block_public_access",
  "aws_ec2_instance_metadata_defaults",
  "aws_iam_account_password_policy",
  "aws_iam_service_linked_role",
  "aws_s3_account_public_access_block",
  "aws_s3_bucket_object_lock_configuration",
  "aws_ssm_service_setting",
  // A private certificate authority's line says what it issues.
  "aws_acmpca_certificate",
  "aws_acmpca_certificate_authority_certificate",
  "aws_acmpca_permission",
  // What tells of money; of a budget with an action, that is what is charged.
  "aws_budgets_budget",
  "aws_ce_anomaly_monitor",
  "aws_ce_anomaly_subscription",
  "aws_ce_cost_allocation_tag",
  // Who may do what.
  "aws_eks_access_entry",
  "aws_eks_access_policy_association",
  "aws_eks_pod_identity_association",
  "aws_iam_instance_profile",
  "aws_iam_openid_connect_provider",
  "aws_iam_policy",
  "aws_iam_role",
  "aws_iam_role_policy",
  "aws_iam_role_policy_attachment",
  // The network itself.
  "aws_default_network_acl",
  "aws_default_security_group",
  "aws_ec2_subnet_cidr_reservation",
  "aws_internet_gateway",
  "aws_network_acl",
  "aws_network_acl_rule",
  "aws_network_interface",
  "aws_route",
  "aws_route_table",
  "aws_route_table_association",
  "aws_security_group",
  "aws_subnet",
  "aws_vpc",
  "aws_vpc_security_group_egress_rule",
  "aws_vpc_security_group_ingress_rule",
  // AWS's own add-ons and events, saved queries, documents of our own and associations with EC2, Service Connect's namespace, deliveries by e-mail in small numbers and to SQS.
  "aws_cloudwatch_event_rule",
  "aws_cloudwatch_event_target",
  "aws_cloudwatch_query_definition",
  "aws_eks_addon",
  "aws_service_discovery_http_namespace",
  "aws_sns_topic_subscription",
  "aws_ssm_association",
  "aws_ssm_document",
  "aws_ssm_maintenance_window",
  "aws_ssm_maintenance_window_target",
  "aws_ssm_maintenance_window_task",
  "aws_ssm_patch_baseline",
  "aws_ssm_patch_group",
  ...AZURE_FREE,
  // Objects within the cluster.
  "kubernetes_cluster_role_binding_v1",
  "kubernetes_cluster_role_v1",
  "kubernetes_limit_range_v1",
  "kubernetes_namespace_v1",
  "kubernetes_network_policy_v1",
  "kubernetes_resource_quota_v1",
  "kubernetes_role_binding_v1",
  "kubernetes_role_v1",
  "kubernetes_storage_class_v1",
]);
