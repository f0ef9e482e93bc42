/** Policies of IAM and of resources: what they allow from now on. */
import { UNKNOWN, type ResourceChange, type Values, isHidden } from "../model";
import { pathOf, typeOf, type Attribute, type ResourceType } from "../provider-names";
import { attributesAt } from "./attribute-changes";
import { accountsIn } from "./accounts";
import { goesWithItsOwner, ownerStood } from "./related-resources";
import {
  deniesWithoutTls,
  isAdministration,
  isForEverybody,
  listed,
  parsePolicy,
  widening,
  wordsOf,
  type Statement,
} from "./policy-document";
import type { Context, Look, RuleName, Verdict } from "./rules";
import { at, first, shown, textAt, textsAt } from "./reading";
import { isEqual } from "../json-values";

const KINDS = ["rights", "trust", "resource"] as const;
type Kind = (typeof KINDS)[number];

/** Where policies stand. */
const POLICIES: Readonly<Record<Kind, readonly Attribute[]>> = {
  rights: [
    "aws_iam_policy.policy",
    "aws_iam_role_policy.policy",
    "aws_iam_user_policy.policy",
    "aws_iam_group_policy.policy",
    "aws_iam_role.inline_policy.policy",
    "aws_ssoadmin_permission_set_inline_policy.inline_policy",
  ],
  trust: ["aws_iam_role.assume_role_policy"],
  resource: [
    "aws_s3_bucket_policy.policy",
    "aws_s3_bucket.policy",
    "aws_sns_topic_policy.policy",
    "aws_sns_topic.policy",
    "aws_sqs_queue_policy.policy",
    "aws_sqs_queue.policy",
    "aws_kms_key.policy",
    "aws_kms_key_policy.policy",
    "aws_ecr_repository_policy.policy",
    "aws_secretsmanager_secret_policy.policy",
    "aws_vpc_endpoint.policy",
    "aws_vpc_endpoint_policy.policy",
    "aws_backup_vault_policy.policy",
    "aws_efs_file_system_policy.policy",
    "aws_dynamodb_resource_policy.policy",
    "aws_glacier_vault.access_policy",
    "aws_kinesis_resource_policy.policy",
    "aws_opensearch_domain.access_policies",
    "aws_elasticsearch_domain.access_policies",
    "aws_cloudwatch_log_resource_policy.policy_document",
  ],
};

/** What a policy that is a resource of its own is put onto. */
const OWNERS: readonly (readonly [names: Attribute, owner: ResourceType])[] = [
  ["aws_s3_bucket_policy.bucket", "aws_s3_bucket"],
  ["aws_sns_topic_policy.arn", "aws_sns_topic"],
  ["aws_sqs_queue_policy.queue_url", "aws_sqs_queue"],
  ["aws_kms_key_policy.key_id", "aws_kms_key"],
  ["aws_ecr_repository_policy.repository", "aws_ecr_repository"],
  ["aws_secretsmanager_secret_policy.secret_arn", "aws_secretsmanager_secret"],
  ["aws_vpc_endpoint_policy.vpc_endpoint_id", "aws_vpc_endpoint"],
  ["aws_backup_vault_policy.backup_vault_name", "aws_backup_vault"],
  ["aws_efs_file_system_policy.file_system_id", "aws_efs_file_system"],
  ["aws_dynamodb_resource_policy.resource_arn", "aws_dynamodb_table"],
  ["aws_kinesis_resource_policy.resource_arn", "aws_kinesis_stream"],
];

/** Whether a policy is put onto something that was there before: a role by its name or part, anything else that has a policy of its own. */
const isPutOntoExisting = (kind: Kind, change: ResourceChange, context: Context): boolean => {
  if (kind === "rights") return belongsToExisting(change, context);
  const [names, owner] = OWNERS.find(([attribute]) => typeOf(attribute) === change.type) ?? [];
  return names !== undefined && owner !== undefined && ownerStood(change, context, owner, names);
};

/** Accounts that a statement lets in and that are not of the environment. */
const strangers = ({ effect, principals }: Statement, { accounts }: Context): readonly string[] =>
  effect !== "Allow" || !accounts || accounts.size === 0 || !principals || principals.but
    ? []
    : principals.patterns.flatMap((pattern) => accountsIn(pattern.replace(/^AWS:/, ""))).filter((account) => !accounts.has(account));

const RULE_OF: Readonly<Record<Kind, RuleName>> = {
  rights: "identity/policy-widened",
  trust: "identity/trust-widened",
  resource: "identity/policy-widened",
};

/** Statements of all policies of an attribute; undefined where one is not known. */
function statementsAt(values: Values | undefined, attribute: Attribute): readonly Statement[] | undefined {
  const texts = at(values, attribute);
  if (texts.some(isHidden)) return undefined;
  const parsed = texts.filter((text) => text !== "").map(parsePolicy);
  return parsed.includes(undefined) ? undefined : parsed.flatMap((statements) => statements!);
}

/** What has rights of its own. */
const HOLDERS: ReadonlySet<string> = new Set<ResourceType>(["aws_iam_role", "aws_iam_user", "aws_iam_group"]);

/** Whether a role that gets a policy was there before: by its name, or as the part that it belongs to. */
function belongsToExisting({ after, construct }: ResourceChange, { plan }: Context): boolean {
  const name =
    textAt(after, "aws_iam_role_policy.role") ?? textAt(after, "aws_iam_user_policy.user") ?? textAt(after, "aws_iam_group_policy.group");
  const parent = construct.split("/").slice(0, -1).join("/");
  const isNamed = (values: Values) => first(values, "aws_iam_role.name") === name || first(values, "aws_iam_role.id") === name;
  return plan.before.some(
    ({ type, values, construct: other }) =>
      HOLDERS.has(type) && (name !== undefined ? isNamed(values) : parent.includes("/") && other.startsWith(`${parent}/`)),
  );
}

function verdictsOf(kind: Kind, before: readonly Statement[], after: readonly Statement[]): Verdict[] {
  const { allowed, noLongerDenied } = widening(before, after);
  const everybody = kind === "rights" ? [] : allowed.filter(isForEverybody);
  const others = allowed.filter((statement) => !everybody.includes(statement));
  const inClear = noLongerDenied.filter(deniesWithoutTls);
  const undenied = noLongerDenied.filter((statement) => !deniesWithoutTls(statement));
  return [
    ...(everybody.length > 0
      ? [
          {
            rule: kind === "trust" ? "identity/trust-widened" : "network/policy-public",
            message: `Everybody may: ${listed(everybody)}`,
          } as const,
        ]
      : []),
    ...(others.length > 0
      ? [
          {
            rule: RULE_OF[kind],
            message: `${kind === "trust" ? "The role can be taken" : "It allows"} what it did not before: ${listed(others)}`,
          },
        ]
      : []),
    ...(inClear.length > 0
      ? [{ rule: "network/tls-weakened", message: `Requests without TLS are no longer refused: ${listed(inClear)}` } as const]
      : []),
    ...(undenied.length > 0 ? [{ rule: RULE_OF[kind], message: `It no longer denies: ${listed(undenied)}` }] : []),
  ];
}

const policiesOf = (type: string) =>
  KINDS.flatMap((kind) => POLICIES[kind].filter((attribute) => typeOf(attribute) === type).map((attribute) => ({ kind, attribute })));

export const policies: Look = (change, context) => {
  const { type, action, before, after } = change;
  return policiesOf(type).flatMap(({ kind, attribute }): Verdict[] => {
    const path = pathOf(attribute);
    if (
      action === "move" ||
      action === "import" ||
      action === "forget" ||
      (action !== "destroy" && isEqual(at(before, attribute), at(after, attribute)))
    )
      return [];
    const was = statementsAt(before, attribute);
    if (action === "destroy")
      return was && kind !== "trust" && path === "policy" && !goesWithItsOwner(change, context) ? verdictsOf(kind, was, []) : [];
    const will = statementsAt(after, attribute);
    if (!will)
      return at(before, attribute).length > 0 && at(after, attribute).includes(UNKNOWN)
        ? [{ rule: "identity/policy-unknown", message: `\`${path}\` changes, and to what is only known after it is applied` }]
        : [];
    // A policy that nobody could read before: what it allows now must be looked at whole.
    if (!was) return [{ rule: "identity/policy-unknown", message: `\`${path}\` changes from what is not known to: ${listed(will)}` }];
    if (action !== "create") return verdictsOf(kind, was, will);
    if (isPutOntoExisting(kind, change, context)) return verdictsOf(kind, [], will);
    const foreign = will.filter((statement) => strangers(statement, context).length > 0);
    if (foreign.length > 0) return [{ rule: RULE_OF[kind], message: `It lets another account in: ${listed(foreign)}` }];
    const everybody = kind === "rights" ? [] : will.filter(isForEverybody);
    const administration = kind === "rights" ? will.filter(isAdministration) : [];
    const whole =
      kind === "rights"
        ? will.filter(({ effect, actions }) => effect === "Allow" && actions.patterns.some((pattern) => pattern.endsWith(":*")))
        : [];
    if (everybody.length > 0)
      return [
        { rule: kind === "trust" ? "identity/trust-widened" : "network/policy-public", message: `Everybody may: ${listed(everybody)}` },
      ];
    if (administration.length > 0)
      return [{ rule: "identity/admin-granted", message: `A new policy gives the rights of an administrator: ${listed(administration)}` }];
    return whole.length > 0
      ? [{ rule: "identity/policy-added", message: `A new policy allows all actions of a service: ${whole.map(wordsOf).join("; ")}` }]
      : [];
  });
};

/** Policies of AWS that make an administrator, or let one be made. */
const ADMINISTRATORS = /(AdministratorAccess|PowerUserAccess|IAMFullAccess|AmazonEKSClusterAdminPolicy|AmazonEKSAdminPolicy)$/;

/** What gives somebody a policy that is there: all have `policy_arn`. */
const ATTACHMENTS: ReadonlySet<string> = new Set<ResourceType>([
  "aws_iam_policy_attachment",
  "aws_iam_role_policy_attachment",
  "aws_iam_user_policy_attachment",
  "aws_iam_group_policy_attachment",
  "aws_eks_access_policy_association",
]);

export const attachments: Look = ({ type, action, before, after }) => {
  if (!ATTACHMENTS.has(type) || (action !== "create" && action !== "update" && action !== "replace")) return [];
  const [was, will] = [
    textAt(before, "aws_iam_role_policy_attachment.policy_arn"),
    textAt(after, "aws_iam_role_policy_attachment.policy_arn"),
  ];
  const scope = (values: Values | undefined) => textAt(values, "aws_eks_access_policy_association.access_scope.type");
  if (will !== undefined && will === was) {
    if (scope(before) !== "cluster" && scope(after) === "cluster")
      return [{ rule: "identity/policy-widened", message: `${will} holds in the whole cluster, in place of some namespaces` }];
    return isEqual(before, after) ? [] : [{ rule: "identity/access-granted", message: `${will} is given to another` }];
  }
  if (will && ADMINISTRATORS.test(will)) return [{ rule: "identity/admin-granted", message: `Somebody gets ${will}` }];
  return [
    {
      rule: "identity/access-granted",
      message: `${will ?? "A policy that is made by this plan"} is given${will === undefined ? "" : " to somebody who did not have it"}`,
    },
  ];
};

/** Ways into the account that do not expire by themselves. */
const LASTING: ReadonlySet<string> = new Set<ResourceType>(["aws_iam_access_key", "aws_iam_user", "aws_iam_user_login_profile"]);

export const entries: Look = (change) => {
  const { type, action, after, before } = change;
  if (type === "aws_eks_access_entry" && (action === "create" || action === "replace")) {
    const [who, groups] = [textAt(after, "aws_eks_access_entry.principal_arn"), textsAt(after, "aws_eks_access_entry.kubernetes_groups")];
    return [
      {
        rule: "identity/access-granted",
        message: `${who ?? "Somebody"} gets into the cluster${groups.length > 0 ? `, as ${groups.join(", ")}` : ""}`,
      },
    ];
  }
  if (LASTING.has(type) && action === "create")
    return [{ rule: "identity/access-granted", message: "Somebody gets a way into the account that does not expire by itself" }];
  if (type === "aws_iam_openid_connect_provider" && action !== "create" && after && before && acceptsOthers(before, after))
    return [{ rule: "identity/trust-widened", message: "Tokens of other issuers or for other audiences are accepted" }];
  const roles = ROLES.filter((attribute) => typeOf(attribute) === type).flatMap((attribute) => attributesAt(change, pathOf(attribute)));
  const role = change.attributes.find((attribute) => roles.includes(attribute));
  return role && (action === "update" || action === "replace")
    ? [
        {
          rule: "identity/access-granted",
          message: `It gets the rights of another role (\`${role.path}\` was ${shown(role.before)}, and will be ${shown(role.after)})`,
        },
      ]
    : [];
};

function acceptsOthers(before: Values, after: Values): boolean {
  const known = textsAt(before, "aws_iam_openid_connect_provider.client_id_list");
  return (
    textsAt(after, "aws_iam_openid_connect_provider.client_id_list").some((id) => !known.includes(id)) ||
    textAt(after, "aws_iam_openid_connect_provider.url") !== textAt(before, "aws_iam_openid_connect_provider.url")
  );
}

/** Attributes that say whose rights something has. */
const ROLES: readonly Attribute[] = [
  "aws_ecs_task_definition.task_role_arn",
  "aws_ecs_task_definition.execution_role_arn",
  "aws_iam_instance_profile.role",
  "aws_instance.iam_instance_profile",
  "aws_eks_pod_identity_association.role_arn",
  "aws_eks_pod_identity_association.service_account",
  "aws_eks_pod_identity_association.namespace",
  "aws_eks_node_group.node_role_arn",
  "aws_eks_cluster.role_arn",
  "aws_lambda_function.role",
  "aws_scheduler_schedule.target.role_arn",
];

export const boundaries: Look = ({ type, action, before, after, attributes }) => {
  if ((type !== "aws_iam_role" && type !== "aws_iam_user") || (action !== "update" && action !== "replace")) return [];
  const [was, will] = [first(before, "aws_iam_role.permissions_boundary"), first(after, "aws_iam_role.permissions_boundary")];
  if (was === undefined || was === "") return [];
  if (will === undefined || will === "")
    return [{ rule: "identity/boundary-removed", message: `The role may do all that its policies allow: it loses ${shown(was)}` }];
  return attributes.some(({ path }) => path === pathOf("aws_iam_role.permissions_boundary"))
    ? [
        {
          rule: "identity/boundary-removed",
          ...(isHidden(will) && { severity: "notice" }),
          message: `Another boundary holds for the role: ${shown(will)} in place of ${shown(was)}`,
        },
      ]
    : [];
};

/** Which queues may send their dead letters here. */
export const deadLetters: Look = (change, context) => {
  const { type, action, before, after } = change;
  if (type !== "aws_sqs_queue_redrive_allow_policy") return [];
  const open = (values: Values | undefined) =>
    !/"redrivePermission":\s*"(byQueue|denyAll)"/.test(textAt(values, "aws_sqs_queue_redrive_allow_policy.redrive_allow_policy") ?? "");
  if (action === "destroy")
    return open(before) || goesWithItsOwner(change, context)
      ? []
      : [{ rule: "identity/policy-widened", message: "Any queue may send its dead letters here" }];
  return after &&
    !isHidden(first(after, "aws_sqs_queue_redrive_allow_policy.redrive_allow_policy")) &&
    open(after) &&
    (action === "create" || !open(before))
    ? [{ rule: "identity/policy-widened", message: "Any queue may send its dead letters here" }]
    : [];
};

export const IDENTITY_LOOKS: readonly Look[] = [policies, attachments, entries, boundaries, deadLetters];
