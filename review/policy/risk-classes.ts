import type { RiskClass } from "../model";

/** What a type is about, for findings on how it is set up; the first that matches. */
const CLASSES: readonly (readonly [pattern: RegExp, riskClass: RiskClass])[] = [
  [/^(?:aws_(?:iam|kms|secretsmanager|cognito|sso|eks_access|eks_pod_identity|ssm_parameter)|kubernetes_(?:cluster_)?role|kubernetes_service_account|kubernetes_secret)/, "identity"],
  [/^aws_(?:s3|db|rds|dynamodb|elasticache|sqs|ecr|efs|ebs|backup|docdb|redshift|cloudtrail)/, "data"],
  [/^(?:aws_(?:vpc|subnet|security_group|default_security_group|network_acl|default_network_acl|route|nat_gateway|internet_gateway|eip|lb|alb|wafv2|flow_log|cloudfront|default_vpc)|kubernetes_(?:network_policy|ingress|service))/, "network exposure"],
  [/^aws_(?:sns|cloudwatch|budgets|ce_anomaly)/, "notification"],
];

export const classOfType = (type: string): RiskClass => CLASSES.find(([pattern]) => pattern.test(type))?.[1] ?? "compute";
