/** Rights and limits inside a cluster. */
import type { Values } from "../model";
import type { Attribute, ResourceType } from "../provider-names";
import { holds } from "./cidr";
import { goesWithItsOwner } from "./related-resources";
import type { Look, Verdict } from "./rules";
import { at, blocks, first, shown, textAt, textsAt } from "./reading";
import { canonical, isEqual } from "../json-values";

/** Types with the same words in them: the older name of each, and those that only hold for one namespace. */
const ROLES: ReadonlySet<string> = new Set<ResourceType>([
  "kubernetes_role",
  "kubernetes_role_v1",
  "kubernetes_cluster_role",
  "kubernetes_cluster_role_v1",
]);
const BINDINGS: ReadonlySet<string> = new Set<ResourceType>([
  "kubernetes_role_binding",
  "kubernetes_role_binding_v1",
  "kubernetes_cluster_role_binding",
  "kubernetes_cluster_role_binding_v1",
]);
const NAMESPACES: ReadonlySet<string> = new Set<ResourceType>(["kubernetes_namespace", "kubernetes_namespace_v1"]);
const NETWORK_POLICIES: ReadonlySet<string> = new Set<ResourceType>(["kubernetes_network_policy", "kubernetes_network_policy_v1"]);

/** One right: a verb on a kind of resource, maybe on some of its names only. */
interface Right {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  /** Empty for all. */
  readonly names: readonly string[];
}

const rightsOf = (values: Values | undefined): Right[] =>
  blocks(values, "kubernetes_cluster_role_v1.rule").flatMap((rule) => {
    const resources = [
      ...textsAt(rule, "kubernetes_cluster_role_v1.rule.resources"),
      ...textsAt(rule, "kubernetes_cluster_role_v1.rule.non_resource_urls"),
    ];
    const [groups, verbs, names] = [
      textsAt(rule, "kubernetes_cluster_role_v1.rule.api_groups"),
      textsAt(rule, "kubernetes_cluster_role_v1.rule.verbs"),
      textsAt(rule, "kubernetes_cluster_role_v1.rule.resource_names"),
    ];
    return (groups.length > 0 ? groups : [""]).flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => ({ group, resource, verb, names }))),
    );
  });
const among = (outer: string, inner: string) => outer === "*" || outer === inner;
const within = (inner: Right, outer: Right) =>
  among(outer.group, inner.group) &&
  among(outer.resource, inner.resource) &&
  among(outer.verb, inner.verb) &&
  (outer.names.length === 0 || (inner.names.length > 0 && inner.names.every((name) => outer.names.includes(name))));
const words = (rights: readonly Right[]) => [...new Set(rights.map(({ verb, resource }) => `${verb} ${resource}`))].slice(0, 6).join(", ");

export const roles: Look = ({ type, action, before, after }) => {
  if (!ROLES.has(type) || !after || (action !== "create" && action !== "update" && action !== "replace")) return [];
  if (action === "create") {
    const all = rightsOf(after).filter(({ resource, verb }) => resource === "*" && verb === "*");
    return all.length > 0
      ? [{ rule: "identity/admin-granted", message: "A new role may do everything in the cluster or its namespace" }]
      : [];
  }
  const was = rightsOf(before);
  const more = rightsOf(after).filter((right) => !was.some((other) => within(right, other)));
  return more.length > 0 ? [{ rule: "identity/policy-widened", message: `The role may do what it could not before: ${words(more)}` }] : [];
};

const ADMINISTRATORS: readonly string[] = ["cluster-admin", "admin"];
const READERS: readonly string[] = ["view"];

export const bindings: Look = ({ type, action, before, after }) => {
  if (!BINDINGS.has(type) || !after || (action !== "create" && action !== "update" && action !== "replace")) return [];
  const role = textAt(after, "kubernetes_role_binding_v1.role_ref.name");
  const subjects = (values: Values | undefined) =>
    blocks(values, "kubernetes_role_binding_v1.subject").map((subject) => {
      const [kind, name, namespace] = [
        first(subject, "kubernetes_role_binding_v1.subject.kind"),
        first(subject, "kubernetes_role_binding_v1.subject.name"),
        first(subject, "kubernetes_role_binding_v1.subject.namespace"),
      ];
      return canonical({ kind, name, ...(kind === "ServiceAccount" && { namespace }) });
    });
  const added = subjects(after).filter((subject) => !subjects(before).includes(subject));
  if (action === "create")
    return role && ADMINISTRATORS.includes(role)
      ? [{ rule: "identity/admin-granted", message: `${added.join(", ")} gets the role ${role}` }]
      : [];
  const otherRole = role !== textAt(before, "kubernetes_role_binding_v1.role_ref.name");
  if (otherRole && role && ADMINISTRATORS.includes(role))
    return [{ rule: "identity/admin-granted", message: `${subjects(after).join(", ")} gets the role ${role}` }];
  const more = otherRole && !(role && READERS.includes(role));
  return added.length > 0 || more
    ? [
        {
          rule: "identity/policy-widened",
          message:
            added.length > 0
              ? `${added.join(", ")} gets the role ${shown(role)}`
              : `The role is ${shown(role)}, in place of ${shown(textAt(before, "kubernetes_role_binding_v1.role_ref.name"))}`,
        },
      ]
    : [];
};

const LEVELS: readonly string[] = ["privileged", "baseline", "restricted"];
const ENFORCE = "pod-security.kubernetes.io/enforce";
const levelOf = (values: Values | undefined) => {
  const [labels] = at(values, "kubernetes_namespace_v1.metadata.labels") as readonly Values[];
  return LEVELS.indexOf(String(labels?.[ENFORCE] ?? "privileged"));
};

/** A namespace without a level lets every pod in. */
export const namespaces: Look = ({ type, action, before, after }) =>
  NAMESPACES.has(type) && (action === "update" || action === "replace") && before && after && levelOf(after) < levelOf(before)
    ? [
        {
          rule: "compute/privileges-raised",
          message: `Pods in the namespace may do more: ${LEVELS[levelOf(after)]} in place of ${LEVELS[levelOf(before)]}`,
        },
      ]
    : [];

export const networkPolicies: Look = (change, context) => {
  const { type, action, before, after } = change;
  if (!NETWORK_POLICIES.has(type)) return [];
  if (action === "destroy")
    return goesWithItsOwner(change, context) ? [] : [{ rule: "network/ingress-opened", message: "Pods are no longer kept apart" }];
  if (
    (action !== "update" && action !== "replace") ||
    isEqual(first(before, "kubernetes_network_policy_v1.spec"), first(after, "kubernetes_network_policy_v1.spec"))
  )
    return [];
  const gone = textsAt(before, "kubernetes_network_policy_v1.spec.policy_types").filter(
    (kind) => !textsAt(after, "kubernetes_network_policy_v1.spec.policy_types").includes(kind),
  );
  if (gone.length > 0)
    return [
      {
        rule: gone.includes("Ingress") ? "network/ingress-opened" : "network/egress-opened",
        message: `${gone.join(" and ")} of these pods is open to all`,
      },
    ];
  const isWider = (networks: Attribute, exceptions: Attribute): boolean => {
    const lost = textsAt(before, exceptions).filter((cidr) => !textsAt(after, exceptions).includes(cidr));
    return lost.length > 0 || textsAt(after, networks).some((cidr) => !textsAt(before, networks).some((other) => holds(other, cidr)));
  };
  const ingress = isWider(
    "kubernetes_network_policy_v1.spec.ingress.from.ip_block.cidr",
    "kubernetes_network_policy_v1.spec.ingress.from.ip_block.except",
  );
  const egress = isWider(
    "kubernetes_network_policy_v1.spec.egress.to.ip_block.cidr",
    "kubernetes_network_policy_v1.spec.egress.to.ip_block.except",
  );
  return [
    ...(ingress ? [{ rule: "network/ingress-opened", message: "More networks may connect to these pods" } as const] : []),
    ...(egress ? [{ rule: "network/egress-opened", message: "These pods may connect to more networks" } as const] : []),
    ...(!ingress && !egress ? [{ rule: "network/ingress-added", message: "Who may connect to these pods changes" } as const] : []),
  ];
};

export const KUBERNETES_LOOKS: readonly Look[] = [roles, bindings, namespaces, networkPolicies] satisfies readonly ((
  ...args: Parameters<Look>
) => readonly Verdict[])[];
