/** What the types of resources are called, which symbol they have, and where they stand. A type without an entry gets a plain box with a name made of its own. */
import { AZURE_KINDS, AZURE_STRUCTURE } from "./azure-kinds";
import type { Kind } from "./kind";
import type { Resource } from "./synthesised-stacks";

const service = (name: string) => `architecture-service/${name}`;
const network = (name: string, icon: string, more: Partial<Kind> = {}): Kind => ({
  name,
  service: name,
  icon: service(icon),
  place: "network",
  ...more,
});
const region = (name: string, of: string, icon: string, counted?: string): Kind => ({
  name,
  service: of,
  icon: service(icon),
  place: "region",
  counted,
});

/** In the order in which they give a part its name: what it is for comes before what it needs for that. */
export const KINDS: Readonly<Record<string, Kind>> = {
  aws_instance: network("EC2 instance", "AmazonEC2"),
  aws_autoscaling_group: network("Auto Scaling group", "AmazonEC2AutoScaling"),
  aws_lb: network("Load balancer", "ElasticLoadBalancing"),
  aws_db_instance: network("RDS database", "AmazonRDS"),
  aws_rds_cluster: network("Aurora cluster", "AmazonAurora"),
  aws_elasticache_replication_group: network("ElastiCache", "AmazonElastiCache"),
  aws_elasticache_cluster: network("ElastiCache", "AmazonElastiCache"),
  aws_elasticache_serverless_cache: network("ElastiCache", "AmazonElastiCache"),
  aws_ecs_service: network("ECS service", "AWSFargate"),
  aws_eks_cluster: network("Kubernetes API", "AmazonElasticKubernetesService"),
  aws_eks_node_group: network("Nodes", "AmazonEC2AutoScaling"),
  aws_nat_gateway: { ...network("NAT gateway", ""), icon: "resource/AmazonVPCNATGateway", together: true },
  aws_vpc_endpoint: { ...network("VPC endpoints", ""), icon: "resource/AmazonVPCEndpoints", together: true },
  aws_sagemaker_notebook_instance: network("SageMaker notebook", "AmazonSageMakerAI"),
  aws_lambda_function: region("Lambda function", "Lambda", "AWSLambda"),
  aws_sqs_queue: region("SQS queue", "SQS queues", "AmazonSimpleQueueService"),
  aws_sns_topic: region("SNS topic", "SNS topics", "AmazonSimpleNotificationService"),
  aws_dynamodb_table: region("DynamoDB table", "DynamoDB tables", "AmazonDynamoDB"),
  aws_s3_bucket: region("S3 bucket", "S3 buckets", "AmazonSimpleStorageService"),
  aws_secretsmanager_secret: region("Secret", "Secrets Manager", "AWSSecretsManager"),
  aws_ecr_repository: region("ECR repository", "ECR repositories", "AmazonElasticContainerRegistry"),
  aws_cloudfront_distribution: region("CloudFront distribution", "CloudFront", "AmazonCloudFront"),
  aws_cognito_user_pool: region("Cognito user pool", "Cognito", "AmazonCognito"),
  aws_backup_vault: region("Backup vault", "Backup", "AWSBackup"),
  aws_backup_plan: region("Backup plan", "Backup", "AWSBackup", "plans"),
  aws_backup_restore_testing_plan: region("Restore testing plan", "Backup", "AWSBackup", "restore testing"),
  aws_accessanalyzer_analyzer: region("Access Analyzer", "IAM", "AWSIdentityandAccessManagement", "analysers"),
  aws_acmpca_certificate_authority: region("Private certificate authority", "Private CA", "AWSPrivateCertificateAuthority", "authorities"),
  aws_cloudtrail: region("Trail", "CloudTrail", "AWSCloudTrail"),
  aws_guardduty_detector: region("GuardDuty detector", "GuardDuty", "AmazonGuardDuty"),
  aws_config_configuration_recorder: region("Config recorder", "Config", "AWSConfig"),
  aws_budgets_budget: region("Budget", "Budgets", "AWSBudgets"),
  aws_ce_anomaly_monitor: region("Monitor of cost anomalies", "Cost Explorer", "AWSCostExplorer", "cost anomalies"),
  aws_scheduler_schedule: region("Schedule", "EventBridge Scheduler", "AmazonEventBridge", "schedules"),
  aws_cloudwatch_event_rule: region("EventBridge rule", "EventBridge", "AmazonEventBridge"),
  aws_iam_openid_connect_provider: region("Sign-in of the pipeline", "IAM", "AWSIdentityandAccessManagement"),
  aws_ssm_maintenance_window: region("Maintenance window", "Systems Manager", "AWSSystemsManager", "windows"),
  aws_ssm_association: region("State Manager association", "Systems Manager", "AWSSystemsManager", "associations"),
  aws_cloudwatch_dashboard: region("Dashboard", "CloudWatch", "AmazonCloudWatch", "dashboards"),
  aws_cloudwatch_log_group: region("Log group", "CloudWatch", "AmazonCloudWatch", "log groups"),
  aws_cloudwatch_composite_alarm: region("Alarm on alarms", "CloudWatch", "AmazonCloudWatch", "alarms on alarms"),
  aws_cloudwatch_query_definition: region("Saved query", "CloudWatch", "AmazonCloudWatch", "saved queries"),
  aws_cloudwatch_metric_alarm: region("Alarm", "CloudWatch", "AmazonCloudWatch", "alarms"),
  aws_kms_key: region("KMS key", "KMS", "AWSKeyManagementService", "keys"),
  ...AZURE_KINDS,
};

/** Named in pictures of a stack only: in the overview they are a word on something else, or nothing. */
const PARTS: Readonly<Record<string, readonly [name: string, icon?: string]>> = {
  aws_acm_certificate: ["Certificate", service("AWSCertificateManager")],
  aws_cloudfront_function: ["Function at the edge", service("AmazonCloudFront")],
  aws_vpc: ["VPC", service("AmazonVirtualPrivateCloud")],
  aws_ecs_cluster: ["ECS cluster", service("AmazonElasticContainerService")],
  aws_wafv2_web_acl: ["Web ACL", service("AWSWAF")],
  aws_iam_role: ["IAM role", service("AWSIdentityandAccessManagement")],
  aws_iam_policy: ["IAM policy", service("AWSIdentityandAccessManagement")],
  aws_eks_addon: ["EKS add-ons", service("AmazonElasticKubernetesService")],
  aws_eks_pod_identity_association: ["Role of pods", service("AWSIdentityandAccessManagement")],
  aws_flow_log: ["Flow log"],
  aws_network_acl: ["Network ACLs"],
  aws_security_group: ["Security group"],
  aws_s3_object: ["S3 object", service("AmazonSimpleStorageService")],
  aws_ssm_parameter: ["Parameter", service("AWSSystemsManager")],
  aws_subnet: ["Subnet"],
  helm_release: ["Helm release"],
  kubernetes_namespace_v1: ["Namespace"],
  kubernetes_storage_class_v1: ["Storage class"],
  kubernetes_role_v1: ["Kubernetes roles"],
};

/** Settings, rights and links of something else, which a picture tells by drawing that. */
const SUPPORTING =
  /_(policy|policies|attachment|association|associations|rule|rules|target|configuration|controls|versioning|logging|public_access_block|acl|alias|listener|subscription|profile|parameter_group|subnet_group|group_membership|route|route_table|eip|version|entry|capacity_providers|namespace|permission|mapping|binding_v1|notification|encryption|object|record|invoke_config|attribute_group)$/;
/** Of which several make one thing, or that stand in a picture as a frame or an edge. */
const STRUCTURE = new Set([
  "aws_ce_cost_allocation_tag",
  "aws_acm_certificate",
  "aws_acm_certificate_validation",
  "aws_cloudfront_function",
  "aws_cloudfront_origin_access_control",
  "aws_cloudfront_vpc_origin",
  "aws_cloudwatch_log_delivery",
  "aws_cloudwatch_log_delivery_destination",
  "aws_cloudwatch_log_delivery_source",
  "aws_vpc",
  "aws_subnet",
  "aws_ec2_subnet_cidr_reservation",
  "aws_internet_gateway",
  "aws_route",
  "aws_eip",
  "aws_security_group",
  "aws_network_acl",
  "aws_default_network_acl",
  "aws_default_security_group",
  "aws_network_interface",
  "aws_launch_template",
  "aws_iam_role",
  "aws_iam_policy",
  "aws_ecs_cluster",
  "aws_ecs_task_definition",
  "aws_lb_target_group",
  "aws_ssm_document",
  "aws_ssm_maintenance_window_target",
  "aws_ssm_maintenance_window_task",
  "aws_ssm_patch_baseline",
  "aws_ssm_patch_group",
  "aws_ssm_parameter",
  "aws_account_alternate_contact",
  "aws_cloudwatch_log_metric_filter",
  "aws_config_configuration_aggregator",
  "aws_config_configuration_recorder_status",
  "aws_config_delivery_channel",
  "aws_ebs_encryption_by_default",
  "aws_ebs_snapshot_block_public_access",
  "aws_ec2_image_block_public_access",
  "aws_ec2_instance_metadata_defaults",
  "aws_guardduty_detector_feature",
  "aws_iam_service_linked_role",
  "aws_inspector2_enabler",
  "aws_securityhub_account",
  "aws_ssm_service_setting",
  "aws_wafv2_web_acl",
  "aws_flow_log",
  "aws_eks_addon",
  "aws_scheduler_schedule_group",
  "aws_secretsmanager_secret_rotation",
  "aws_budgets_budget_action",
  "aws_acmpca_certificate",
  "aws_acmpca_certificate_authority_certificate",
  "aws_acmpca_permission",
  "aws_appautoscaling_scheduled_action",
  "aws_autoscaling_schedule",
  "aws_backup_selection",
  "aws_backup_restore_testing_selection",
  "aws_backup_vault_notifications",
  "aws_db_instance_automated_backups_replication",
  "aws_network_acl_rule",
  "aws_elasticache_parameter_group",
  ...AZURE_STRUCTURE,
  "helm_release",
]);

/** Words that are written in a way of their own. */
const WORDS: Readonly<Record<string, string>> = {
  api: "API",
  db: "database",
  eks: "EKS",
  ecs: "ECS",
  iam: "IAM",
  ip: "IP",
  s3: "S3",
  sfn: "Step Functions",
  ses: "SES",
  ssm: "SSM",
  vpc: "VPC",
  wafv2: "WAF",
  acl: "ACL",
  efs: "EFS",
  fsx: "FSx",
  kms: "KMS",
  sns: "SNS",
  sqs: "SQS",
};

/** `aws_sfn_state_machine` → `Step Functions state machine`. */
function spelled(type: string): string {
  const words = type
    .replace(/^[a-z]+_|_v\d$/g, "")
    .split("_")
    .map((word) => WORDS[word] ?? word)
    .join(" ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a picture of one stack calls a type. */
export function nameOfType(type: string): { readonly name: string; readonly icon?: string } {
  const kind = KINDS[type];
  if (kind) return { name: kind.name, icon: kind.icon };
  const [name, icon] = PARTS[type] ?? [spelled(type)];
  return { name, icon };
}

/** Whether a type never is what its part is for, where there is anything else. */
export const isSupporting = (type: string): boolean => KINDS[type] === undefined && (STRUCTURE.has(type) || SUPPORTING.test(type));

/** The kind of what the overview draws; undefined for what it does not. An unknown type stands in the region under a name made of its own. */
export function kindOf({ type, isData }: Pick<Resource, "type" | "isData">): Kind | undefined {
  if (isData || (!type.startsWith("aws_") && KINDS[type] === undefined)) return undefined;
  if (isSupporting(type)) return undefined;
  return KINDS[type] ?? { name: spelled(type), service: spelled(type), place: "region" };
}

const RANK = ["aws_vpc", ...Object.keys(KINDS), ...Object.keys(PARTS)];

/** What a part is for, of all its types. */
export function mainType(types: Iterable<string>): string {
  const rank = (type: string) => (RANK.includes(type) ? RANK.indexOf(type) : SUPPORTING.test(type) ? 2000 : 1000);
  return [...types].sort((a, b) => rank(a) - rank(b) || a.length - b.length || (a < b ? -1 : 1))[0]!;
}

/** What a resource is called: the constructs that hold it, without the last where that only repeats its type. */
export function nameOf({ path, type }: Pick<Resource, "path" | "type">): string {
  const last = path.at(-1) ?? "";
  const isSaid = type.split("_").includes(last) || ["instance", "group", "table", "log-group"].includes(last);
  return path.length < 2 ? last : isSaid ? path.at(-2)! : `${path.at(-2)!} ${last}`;
}
