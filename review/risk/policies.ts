/** Policies of IAM and of resources: what they allow from now on. */
import { UNKNOWN, type ResourceChange, type Values } from "../model";
import { goesWithItsOwner } from "./belongs";
import { deniesWithoutTls, isAdministration, isForEverybody, listed, parsePolicy, widening, wordsOf, type Statement } from "./policy-document";
import type { Context, Look, RuleName, Verdict } from "./rules";
import { at, first, isHidden, same, shown, textAt, textsAt } from "./values";

type Kind = "rights" | "trust" | "resource";

/** Where policies stand. */
const POLICIES: readonly (readonly [kind: Kind, path: string, types: readonly string[]])[] = [
  ["rights", "policy", ["aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"]],
  ["rights", "inline_policy.policy", ["aws_iam_role"]],
  ["rights", "inline_policy", ["aws_ssoadmin_permission_set_inline_policy"]],
  ["trust", "assume_role_policy", ["aws_iam_role"]],
  ["resource", "policy", [
    "aws_s3_bucket_policy", "aws_s3_bucket", "aws_sns_topic_policy", "aws_sns_topic", "aws_sqs_queue_policy", "aws_sqs_queue", "aws_kms_key", "aws_kms_key_policy", "aws_ecr_repository_policy", "aws_secretsmanager_secret_policy", "aws_vpc_endpoint",
    "aws_vpc_endpoint_policy", "aws_backup_vault_policy", "aws_efs_file_system_policy", "aws_dynamodb_resource_policy", "aws_glacier_vault",
  ]],
  ["resource", "resource_policy", ["aws_dynamodb_resource_policy", "aws_kinesis_resource_policy"]],
  ["resource", "access_policies", ["aws_opensearch_domain", "aws_elasticsearch_domain"]],
  ["resource", "policy_document", ["aws_cloudwatch_log_resource_policy"]],
];

const RULE_OF: Readonly<Record<Kind, RuleName>> = { rights: "identity/policy-widened", trust: "identity/trust-widened", resource: "identity/policy-widened" };

/** Statements of all policies at a path; undefined where one is not known. */
function statementsAt(values: Values | undefined, path: string): readonly Statement[] | undefined {
  const texts = at(values, path);
  if (texts.some(isHidden)) return undefined;
  const parsed = texts.filter((text) => text !== "").map(parsePolicy);
  return parsed.includes(undefined) ? undefined : parsed.flatMap((statements) => statements!);
}

/** Whether a role that gets a policy was there before: by its name, or as the part that it belongs to. */
function belongsToExisting({ after, construct }: ResourceChange, { plan }: Context): boolean {
  const name = textAt(after, "role") ?? textAt(after, "user") ?? textAt(after, "group");
  const parent = construct.split("/").slice(0, -1).join("/");
  return plan.before.some(({ type, values, construct: other }) => /^aws_iam_(role|user|group)$/.test(type) && (name !== undefined ? values.name === name || values.id === name : parent.includes("/") && other.startsWith(`${parent}/`)));
}

function verdictsOf(kind: Kind, before: readonly Statement[], after: readonly Statement[]): Verdict[] {
  const { allowed, noLongerDenied } = widening(before, after);
  const everybody = kind === "rights" ? [] : allowed.filter(isForEverybody);
  const others = allowed.filter((statement) => !everybody.includes(statement));
  const inClear = noLongerDenied.filter(deniesWithoutTls);
  const undenied = noLongerDenied.filter((statement) => !deniesWithoutTls(statement));
  return [
    ...(everybody.length > 0 ? [{ rule: kind === "trust" ? "identity/trust-widened" : "network/policy-public", message: `Everybody may: ${listed(everybody)}` } as const] : []),
    ...(others.length > 0 ? [{ rule: RULE_OF[kind], message: `${kind === "trust" ? "The role can be taken" : "It allows"} what it did not before: ${listed(others)}` }] : []),
    ...(inClear.length > 0 ? [{ rule: "network/tls-weakened", message: `Requests without TLS are no longer refused: ${listed(inClear)}` } as const] : []),
    ...(undenied.length > 0 ? [{ rule: RULE_OF[kind], message: `It no longer denies: ${listed(undenied)}` }] : []),
  ];
}

export const policies: Look = (change, context) => {
  const { type, action, before, after } = change;
  return POLICIES.filter(([, , types]) => types.includes(type)).flatMap(([kind, path]): Verdict[] => {
    if (action === "move" || action === "import" || action === "forget" || (action !== "destroy" && same(at(before, path), at(after, path)))) return [];
    const was = statementsAt(before, path) ?? undefined;
    if (action === "destroy") return was && kind !== "trust" && path === "policy" && !goesWithItsOwner(change, context) ? verdictsOf(kind, was, []) : [];
    const will = statementsAt(after, path);
    if (!will) return at(before, path).length > 0 && at(after, path).includes(UNKNOWN) ? [{ rule: "identity/policy-unknown", message: `\`${path}\` changes, and to what is only known after it is applied` }] : [];
    // A policy that nobody could read before: what it allows now must be looked at whole.
    if (!was) return [{ rule: "identity/policy-unknown", message: `\`${path}\` changes from what is not known to: ${listed(will)}` }];
    if (action !== "create") return verdictsOf(kind, was, will);
    if (kind === "rights" && belongsToExisting(change, context)) return verdictsOf(kind, [], will);
    const everybody = kind === "rights" ? [] : will.filter(isForEverybody);
    const administration = kind === "rights" ? will.filter(isAdministration) : [];
    const whole = kind === "rights" ? will.filter(({ effect, actions }) => effect === "Allow" && actions.patterns.some((pattern) => pattern.endsWith(":*"))) : [];
    if (everybody.length > 0) return [{ rule: kind === "trust" ? "identity/trust-widened" : "network/policy-public", message: `Everybody may: ${listed(everybody)}` }];
    if (administration.length > 0) return [{ rule: "identity/admin-granted", message: `A new policy gives the rights of an administrator: ${listed(administration)}` }];
    return whole.length > 0 ? [{ rule: "identity/policy-added", message: `A new policy allows all actions of a service: ${whole.map(wordsOf).join("; ")}` }] : [];
  });
};

/** Policies of AWS that make an administrator, or let one be made. */
const ADMINISTRATORS = /(AdministratorAccess|PowerUserAccess|IAMFullAccess|AmazonEKSClusterAdminPolicy|AmazonEKSAdminPolicy)$/;

export const attachments: Look = ({ type, action, before, after }) => {
  if (!/^aws_(iam_(role_|user_|group_)?policy_attachment|eks_access_policy_association)$/.test(type) || (action !== "create" && action !== "update" && action !== "replace")) return [];
  const [was, will] = [textAt(before, "policy_arn"), textAt(after, "policy_arn")];
  const scope = (values: Values | undefined) => textAt(values, "access_scope.type");
  if (will !== undefined && will === was) {
    if (scope(before) !== "cluster" && scope(after) === "cluster") return [{ rule: "identity/policy-widened", message: `${will} holds in the whole cluster, in place of some namespaces` }];
    return first(before, "principal_arn") === first(after, "principal_arn") && same(before, after) ? [] : [{ rule: "identity/access-granted", message: `${will} is given to another` }];
  }
  if (will && ADMINISTRATORS.test(will)) return [{ rule: "identity/admin-granted", message: `Somebody gets ${will}` }];
  return [{ rule: "identity/access-granted", message: `${will ?? "A policy that is made by this plan"} is given${will === undefined ? "" : " to somebody who did not have it"}` }];
};

export const entries: Look = ({ type, action, after, before, attributes }) => {
  if (type === "aws_eks_access_entry" && (action === "create" || action === "replace")) return [{ rule: "identity/access-granted", message: `${textAt(after, "principal_arn") ?? "Somebody"} gets into the cluster${textsAt(after, "kubernetes_groups").length > 0 ? `, as ${textsAt(after, "kubernetes_groups").join(", ")}` : ""}` }];
  if (["aws_iam_access_key", "aws_iam_user", "aws_iam_user_login_profile"].includes(type) && action === "create") return [{ rule: "identity/access-granted", message: "Somebody gets a way into the account that does not expire by itself" }];
  if (type === "aws_iam_openid_connect_provider" && action !== "create" && after && before && (textsAt(after, "client_id_list").some((id) => !textsAt(before, "client_id_list").includes(id)) || textAt(after, "url") !== textAt(before, "url"))) return [{ rule: "identity/trust-widened", message: "Tokens of other issuers or for other audiences are accepted" }];
  const role = attributes.find(({ path }) => ROLES[type]?.includes(path));
  return role && (action === "update" || action === "replace") ? [{ rule: "identity/access-granted", message: `It gets the rights of another role (\`${role.path}\` was ${shown(role.before)}, and will be ${shown(role.after)})` }] : [];
};

/** Attributes that say whose rights something has. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  aws_ecs_task_definition: ["task_role_arn", "execution_role_arn"], aws_iam_instance_profile: ["role"], aws_instance: ["iam_instance_profile"], aws_eks_pod_identity_association: ["role_arn", "service_account", "namespace"],
  aws_eks_node_group: ["node_role_arn"], aws_eks_cluster: ["role_arn"], aws_lambda_function: ["role"], aws_scheduler_schedule: ["target.role_arn", "target[0].role_arn"],
};

export const boundaries: Look = ({ type, action, before, after, attributes }) => {
  if ((type !== "aws_iam_role" && type !== "aws_iam_user") || (action !== "update" && action !== "replace")) return [];
  const [was, will] = [first(before, "permissions_boundary"), first(after, "permissions_boundary")];
  if (was === undefined || was === "") return [];
  if (will === undefined || will === "") return [{ rule: "identity/boundary-removed", message: `The role may do all that its policies allow: it loses ${shown(was)}` }];
  return attributes.some(({ path }) => path === "permissions_boundary") ? [{ rule: "identity/boundary-removed", ...(isHidden(will) && { severity: "notice" }), message: `Another boundary holds for the role: ${shown(will)} in place of ${shown(was)}` }] : [];
};

/** Which queues may send their dead letters here. */
export const deadLetters: Look = (change, context) => {
  const { type, action, before, after } = change;
  if (type !== "aws_sqs_queue_redrive_allow_policy") return [];
  const open = (values: Values | undefined) => !/"redrivePermission":\s*"(byQueue|denyAll)"/.test(textAt(values, "redrive_allow_policy") ?? "");
  if (action === "destroy") return open(before) || goesWithItsOwner(change, context) ? [] : [{ rule: "identity/policy-widened", message: "Any queue may send its dead letters here" }];
  return after && !isHidden(first(after, "redrive_allow_policy")) && open(after) && (action === "create" || !open(before)) ? [{ rule: "identity/policy-widened", message: "Any queue may send its dead letters here" }] : [];
};

export const IDENTITY_LOOKS: readonly Look[] = [policies, attachments, entries, boundaries, deadLetters];
