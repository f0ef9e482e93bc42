/** Every resource tells what it is part of, so that costs can be told apart and strangers found. */
import { UNKNOWN } from "../../model";
import { isObject } from "../../json-values";
import type { ResourceType } from "../../provider-names";
import type { Subject, Surroundings } from "../subjects";
import type { Rule } from "./rule";

export const TAGS = ["Environment", "ManagedBy", "Project"] as const;

/**
 * Types that can be tagged, for stacks that were compared without their provider's schema. In a plan of the provider every type that can
 * be tagged has `tags_all`, and this list is not asked.
 */
export const TAGGABLE: readonly ResourceType[] = [
  "aws_accessanalyzer_analyzer",
  "aws_acmpca_certificate_authority",
  "aws_backup_plan",
  "aws_backup_restore_testing_plan",
  "aws_backup_vault",
  "aws_cloudtrail",
  "aws_budgets_budget",
  "aws_budgets_budget_action",
  "aws_ce_anomaly_monitor",
  "aws_ce_anomaly_subscription",
  "aws_cloudfront_distribution",
  "aws_cloudwatch_composite_alarm",
  "aws_cloudwatch_log_group",
  "aws_cloudwatch_metric_alarm",
  "aws_config_config_rule",
  "aws_config_configuration_aggregator",
  "aws_db_instance",
  "aws_default_network_acl",
  "aws_default_security_group",
  "aws_dynamodb_table",
  "aws_ecr_repository",
  "aws_ecs_cluster",
  "aws_ecs_service",
  "aws_ecs_task_definition",
  "aws_eip",
  "aws_eks_cluster",
  "aws_eks_node_group",
  "aws_elasticache_cluster",
  "aws_elasticache_replication_group",
  "aws_flow_log",
  "aws_guardduty_detector",
  "aws_iam_policy",
  "aws_iam_role",
  "aws_instance",
  "aws_internet_gateway",
  "aws_kms_key",
  "aws_lambda_function",
  "aws_launch_template",
  "aws_lb",
  "aws_lb_target_group",
  "aws_nat_gateway",
  "aws_network_acl",
  "aws_network_interface",
  "aws_route_table",
  "aws_s3_bucket",
  "aws_secretsmanager_secret",
  "aws_security_group",
  "aws_sns_topic",
  "aws_sqs_queue",
  "aws_ssm_document",
  "aws_ssm_maintenance_window",
  "aws_ssm_parameter",
  "aws_subnet",
  "aws_vpc",
  "aws_vpc_endpoint",
  "aws_wafv2_web_acl",
];

export const tags: readonly Rule[] = [
  {
    rule: "policy/tags-incomplete",
    riskClass: "cosmetic",
    when: (subject, surroundings) => missing(subject, surroundings).length > 0,
    message: (subject, surroundings) => `Tags are missing: ${missing(subject, surroundings).join(", ")}.`,
  },
];

function missing({ type, values }: Subject, { defaultTags }: Surroundings): string[] {
  const { tags_all: all, tags: own } = values;
  if (all === UNKNOWN || own === UNKNOWN) return [];
  if (isObject(all)) return TAGS.filter((tag) => !isSet(all[tag]));
  if (!(TAGGABLE as readonly string[]).includes(type)) return [];
  const keys = isObject(own) ? own : {};
  return TAGS.filter((tag) => !defaultTags.includes(tag) && !isSet(keys[tag]));
}

const isSet = (value: unknown): boolean => typeof value === "string" && value !== "";
