/**
 * What no rule understood is no pass: a change of data, rights, network or notification that none of them speaks of is shown with its
 * attribute. An attribute that a rule names is judged, also where nothing is found; `judged` of provider-schema.json lists them all.
 */
import schema from "../provider-schema.json";
import { isEqual } from "../json-values";
import { UNKNOWN, type AttributeChange, type Finding, type ResourceChange, type RiskClass, type StackPlan } from "../model";
import type { Attribute, ResourceType } from "../provider-names";
import { classOf } from "./classes";
import { parsePolicy } from "./policy-document";
import { isOutside } from "./cidr";
import { accountsIn } from "./accounts";
import { isSet } from "./guard";
import { atPath, shown } from "./reading";
import { goesWithItsOwner } from "./related-resources";
import { findingOf, type Context, type RuleName } from "./rules";
import { ONLY_SET } from "./tables";

/** By the class of what changes; of machines, programs and labels nothing is said. */
const RULE_OF: Readonly<Partial<Record<RiskClass, RuleName>>> = {
  data: "data/unjudged",
  identity: "identity/unjudged",
  "network exposure": "network/unjudged",
  notification: "notification/unjudged",
};

/** Looked at, and found to lose, open and silence nothing, whatever they are changed to. That they stand here makes them judged. */
export const HARMLESS: readonly Attribute[] = [
  "aws_backup_plan.rule.completion_window",
  "aws_backup_plan.rule.recovery_point_tags",
  "aws_backup_plan.rule.start_window",
  "aws_backup_vault_lock_configuration.max_retention_days",
  "aws_cloudwatch_composite_alarm.ok_actions",
  "aws_cloudwatch_dashboard.dashboard_body",
  "aws_cloudwatch_metric_alarm.ok_actions",
  "aws_cloudwatch_query_definition.log_group_names",
  "aws_cloudwatch_query_definition.query_string",
  "aws_db_instance.apply_immediately",
  "aws_db_instance.copy_tags_to_snapshot",
  "aws_db_instance.maintenance_window",
  "aws_elasticache_cluster.apply_immediately",
  "aws_elasticache_cluster.final_snapshot_identifier",
  "aws_elasticache_cluster.maintenance_window",
  "aws_elasticache_replication_group.apply_immediately",
  "aws_elasticache_replication_group.final_snapshot_identifier",
  "aws_elasticache_replication_group.maintenance_window",
  "aws_flow_log.max_aggregation_interval",
  "aws_lambda_event_source_mapping.batch_size",
  "aws_lambda_event_source_mapping.maximum_batching_window_in_seconds",
  "aws_lambda_event_source_mapping.scaling_config",
  "aws_lb.idle_timeout",
  "aws_lb_listener.default_action.fixed_response",
  "aws_lb_listener.default_action.redirect.status_code",
  "aws_sqs_queue.receive_wait_time_seconds",
  "azurerm_application_gateway.enable_http2",
  "azurerm_kubernetes_cluster.default_node_pool.temporary_name_for_rotation",
  "azurerm_kubernetes_cluster.maintenance_window",
  "azurerm_management_lock.notes",
  "azurerm_role_assignment.skip_service_principal_aad_check",
];

/** Types that rules ask for in the words of another, which has the attribute under the same name. */
const ALIKE: Readonly<Partial<Record<ResourceType, ResourceType>>> = {
  aws_alb_listener: "aws_lb_listener",
  aws_cloudwatch_composite_alarm: "aws_cloudwatch_metric_alarm",
  aws_eks_access_policy_association: "aws_iam_role_policy_attachment",
  aws_iam_user: "aws_iam_role",
  aws_rds_cluster_parameter_group: "aws_db_parameter_group",
  kubernetes_cluster_role: "kubernetes_cluster_role_v1",
  kubernetes_cluster_role_binding: "kubernetes_role_binding_v1",
  kubernetes_network_policy: "kubernetes_network_policy_v1",
  kubernetes_cluster_role_binding_v1: "kubernetes_role_binding_v1",
  kubernetes_role: "kubernetes_cluster_role_v1",
  kubernetes_role_binding: "kubernetes_role_binding_v1",
  kubernetes_role_v1: "kubernetes_cluster_role_v1",
};

/** Types of which rules know what it means that they go, or that it means nothing: a way in that closes, a right that ends. */
const KNOWN_TO_GO: readonly ResourceType[] = [
  "aws_cloudwatch_composite_alarm",
  "aws_cloudwatch_dashboard",
  "aws_cloudwatch_metric_alarm",
  "aws_cloudwatch_query_definition",
  "aws_eks_access_entry",
  "aws_eks_access_policy_association",
  "aws_iam_role_policy_attachment",
  "aws_network_acl_rule",
  "aws_security_group_rule",
  "aws_sns_topic_subscription",
  "aws_sqs_queue_redrive_allow_policy",
  "aws_vpc_security_group_egress_rule",
  "aws_vpc_security_group_ingress_rule",
  "azurerm_federated_identity_credential",
  "azurerm_key_vault_access_policy",
  "azurerm_monitor_metric_alert",
  "azurerm_mssql_firewall_rule",
  "azurerm_network_security_rule",
  "azurerm_role_assignment",
  "azurerm_role_definition",
  "azurerm_storage_account_network_rules",
  "kubernetes_cluster_role_binding_v1",
  "kubernetes_cluster_role_v1",
  "kubernetes_role_binding_v1",
  "kubernetes_role_v1",
];

/** Names that a provider gives, and words that people read. */
const LABELS =
  /^(tags|tags_all|labels|description|alarm_description|display_name|comment|name|name_prefix|arn|id|metadata\.(labels|annotations))(\.|$)/;

const judged = new Map<string, string[]>();
for (const name of schema.judged) {
  const at = name.indexOf(".");
  if (at > 0) judged.set(name.slice(0, at), [...(judged.get(name.slice(0, at)) ?? []), name.slice(at + 1)]);
}
/** A table asks only whether it is set, and a look reads what stands there. */
const READ: readonly Attribute[] = ["aws_sqs_queue.redrive_policy"];
const isOnlyAsked = (attribute: string) => ONLY_SET.has(attribute) && ![...HARMLESS, ...READ].some((other) => other === attribute);

const isJudged = (type: string, path: string, change?: ResourceChange): boolean =>
  [type, ALIKE[type as ResourceType] ?? type].some((one) =>
    judged
      .get(one)
      ?.some(
        (known) =>
          known.startsWith(`${path}.`) ||
          (`${path}.`.startsWith(`${known}.`) && (!isOnlyAsked(`${one}.${known}`) || !change || comesOrGoes(change, known))),
      ),
  );

/** Whether something is set where nothing was, or nothing is where something was; or nobody knows yet what. */
function comesOrGoes({ before, after }: ResourceChange, path: string): boolean {
  const [was, will] = [atPath(before, path), atPath(after, path)];
  return was.some(isSet) !== will.some(isSet) || will.includes(UNKNOWN);
}

/** Of the provider's writing: what nobody set, and what only follows from the change. */
const isConsequence = ({ before, after }: AttributeChange): boolean =>
  (before === undefined || before === null) && (after === 0 || after === false || after === "" || isEqual(after, []) || isEqual(after, {}));

interface Open {
  readonly change: ResourceChange;
  /** What is told of it. */
  readonly what: string;
}

/** @param found what rules say of the changes of the plan */
export function unjudged(plan: StackPlan, found: readonly Finding[], context: Context): Finding[] {
  const said = new Set(found.map(({ address }) => address));
  const open = plan.changes
    .filter((change) => RULE_OF[classOf(change)] !== undefined && !change.deposed)
    .flatMap((change): Open[] => {
      const what = whatIsOpen(change, said.has(change.address), context);
      return what === undefined ? [] : [{ change, what }];
    });
  const groups = new Map<string, Open[]>();
  for (const one of open) {
    const key = `${one.change.type} ${one.what}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((group) => {
    const { change, what } = group[0]!;
    const more =
      group.length === 1
        ? ""
        : ` The same of ${group.length - 1} more: ${names(group.slice(1).map(({ change: other }) => other.construct))}.`;
    return findingOf({ rule: RULE_OF[classOf(change)]!, message: `${what}.${more}` }, change, plan.stack);
  });
}

function whatIsOpen(change: ResourceChange, isSaid: boolean, context: Context): string | undefined {
  const { action, type } = change;
  if (action === "create") return isSaid ? undefined : ofNew(change, context);
  if (action === "destroy")
    return isSaid ||
      (KNOWN_TO_GO as readonly string[]).includes(type) ||
      judged.get(type)?.includes("policy") === true ||
      goesWithItsOwner(change, context)
      ? undefined
      : "It is destroyed, and no rule knows what that means: nobody judged this";
  if (action !== "update" && action !== "replace") return undefined;
  const paths = pathsOf(change, context);
  if (paths.length === 0)
    return action === "replace" && !isSaid
      ? "It is destroyed and made anew, and no rule knows what that means: nobody judged this"
      : undefined;
  return `No rule knows what it means that ${list(paths)} ${paths.length === 1 ? "changes" : "change"}: nobody judged this`;
}

/** Attributes that nobody speaks of, by their arguments and with what they were where one alone changes. */
function pathsOf(change: ResourceChange, { written }: Context): string[] {
  const open = change.attributes.filter((attribute) => {
    const path = plain(attribute.path);
    const isWritten = attribute.after !== UNKNOWN || (written?.(change.address, path.split(".")[0]!) ?? true);
    return isWritten && !LABELS.test(path) && !isJudged(change.type, path, change) && !isConsequence(attribute);
  });
  const paths = [...new Set(open.map(({ path }) => plain(path)))].sort();
  return open.length === 1
    ? [`\`${paths[0]!}\` (${shortly(open[0]!.before)} → ${shortly(open[0]!.after)})`]
    : paths.map((path) => `\`${path}\``);
}

/** Something new is looked at for what opens: a policy, another account, an address. */
function ofNew({ type, after = {} }: ResourceChange, { accounts }: Context): string | undefined {
  const open = Object.entries(after)
    .filter(([argument]) => !LABELS.test(argument) && !isJudged(type, argument))
    .flatMap(([argument, value]) => {
      const texts = textsOf(value);
      if (texts.some((text) => text.includes('"Statement"') && parsePolicy(text))) return [`a policy (\`${argument}\`)`];
      const foreign = accounts && texts.flatMap(accountsIn).find((account) => !accounts.has(account));
      if (foreign) return [`another account (\`${argument}\`, ${foreign})`];
      const address = texts.find((text) => ADDRESS.test(text) && isOutside(text));
      return address ? [`an address (\`${argument}\`, ${address})`] : [];
    });
  return open.length === 0 ? undefined : `It comes with ${open.join(" and ")}, and no rule knows what that means: nobody judged this`;
}

/** A number alone is none, though it could be read as one. */
const ADDRESS = /^(\d+\.){3}\d+(\/\d+)?$|^[\da-f]*:[\da-f:]*:[\da-f:]*(\/\d+)?$/i;

const textsOf = (value: unknown): string[] =>
  typeof value === "string"
    ? [value]
    : Array.isArray(value)
      ? (value as unknown[]).flatMap(textsOf)
      : typeof value === "object" && value !== null
        ? Object.values(value).flatMap(textsOf)
        : [];

/** A path without its indexes; a key in quotes is one step more. */
const plain = (path: string): string => path.replace(/\["([^"]*)"\]/g, ".$1").replace(/\[[^\]]*\]/g, "");

const MOST = 4;
const list = (paths: readonly string[]): string =>
  paths.length > MOST ? `${paths.slice(0, MOST).join(", ")} and ${paths.length - MOST} more` : paths.join(", ");
const names = (constructs: readonly string[]): string => list(constructs.map((construct) => `\`${construct}\``));
const shortly = (value: unknown): string => {
  const text = shown(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
};
