/** What the words in a type's name say of it, where no list has the type. */
import type { RiskClass } from "../model";

/** The first that matches, without the provider's prefix. */
const PATTERNS: readonly (readonly [RegExp, RiskClass])[] = [
  [
    /(^|_)(iam|identity|role|user|group_membership|policy|policies|permission|permissions|service_account|access_(entry|policy|key|grant)|lambda_permission|cluster_role|federated|openid|oidc|saml|sso|organizations?|ram|lighthouse|template_deployment)(_|$)/,
    "identity",
  ],
  [
    /(^|_)(alarm|alert|metric_alert|budgets?|sns|notification|action_group|event_rule|event_target|monitoring|subscription_filter|anomaly)(_|$)/,
    "notification",
  ],
  [
    /(^|_)(vpc|subnet|subnetwork|subnets|security_group|network|firewall|route|route53|router|gateway|lb|alb|elb|listener|load_balancer|forwarding_rule|backend_service|ingress|eip|address|public_ip|nat|peering|vpn|waf|wafv2|cloudfront|cdn|frontdoor|dns|acm|certificate|public_access_block|flow_log|acl|endpoint)(_|$)/,
    "network exposure",
  ],
  [
    /(^|_)(s3|dynamodb|db|rds|database|sql|elasticache|redis|memorydb|efs|fsx|ebs|backup|glacier|kms|secret|secrets|secretsmanager|kinesis|sqs|queue|storage|disk|volume|volumes|bigquery|spanner|cosmosdb|vault|key|bucket|table|log_group|cloudtrail)(_|$)/,
    "data",
  ],
];

/** The class that a type's name speaks of; that of machines and programs where it speaks of none. */
export function classByName(type: string): RiskClass {
  // Entra's directory is about rights alone, and azapi may make anything.
  if (/^(azuread|azapi)_/.test(type)) return "identity";
  const name = type.replace(/^[a-z0-9]+_/, "");
  return PATTERNS.find(([pattern]) => pattern.test(name))?.[1] ?? "compute";
}
