/** Rights and limits inside a cluster. */
import type { Values } from "../model";
import { holds } from "./cidr";
import { goesWithItsOwner } from "./belongs";
import type { Look, Verdict } from "./rules";
import { at, blocks, canonical, first, same, shown, textAt, textsAt } from "./values";

const isType = (type: string, ...names: readonly string[]) => names.some((name) => type === `kubernetes_${name}` || type === `kubernetes_${name}_v1`);

/** One right: a verb on a kind of resource, maybe on some of its names only. */
interface Right {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  /** Empty for all. */
  readonly names: readonly string[];
}

const rightsOf = (values: Values | undefined): Right[] => blocks(values, "rule").flatMap((rule) => {
  const list = (key: string) => textsAt(rule, key);
  const resources = [...list("resources"), ...list("non_resource_urls")];
  const groups = list("api_groups").length > 0 ? list("api_groups") : [""];
  return groups.flatMap((group) => resources.flatMap((resource) => list("verbs").map((verb) => ({ group, resource, verb, names: list("resource_names") }))));
});
const among = (outer: string, inner: string) => outer === "*" || outer === inner;
const within = (inner: Right, outer: Right) =>
  among(outer.group, inner.group) && among(outer.resource, inner.resource) && among(outer.verb, inner.verb) && (outer.names.length === 0 || (inner.names.length > 0 && inner.names.every((name) => outer.names.includes(name))));
const words = (rights: readonly Right[]) => [...new Set(rights.map(({ verb, resource }) => `${verb} ${resource}`))].slice(0, 6).join(", ");

export const roles: Look = ({ type, action, before, after }) => {
  if (!isType(type, "role", "cluster_role") || !after || (action !== "create" && action !== "update" && action !== "replace")) return [];
  if (action === "create") {
    const all = rightsOf(after).filter(({ resource, verb }) => resource === "*" && verb === "*");
    return all.length > 0 ? [{ rule: "identity/admin-granted", message: "A new role may do everything in the cluster or its namespace" }] : [];
  }
  const was = rightsOf(before);
  const more = rightsOf(after).filter((right) => !was.some((other) => within(right, other)));
  return more.length > 0 ? [{ rule: "identity/policy-widened", message: `The role may do what it could not before: ${words(more)}` }] : [];
};

const ADMINISTRATORS: readonly string[] = ["cluster-admin", "admin"];
const READERS: readonly string[] = ["view"];

export const bindings: Look = ({ type, action, before, after }) => {
  if (!isType(type, "role_binding", "cluster_role_binding") || !after || (action !== "create" && action !== "update" && action !== "replace")) return [];
  const role = textAt(after, "role_ref.name");
  const subjects = (values: Values | undefined) => blocks(values, "subject").map(({ kind, name, namespace }) => canonical({ kind, name, ...(kind === "ServiceAccount" && { namespace }) }));
  const added = subjects(after).filter((subject) => !subjects(before).includes(subject));
  if (action === "create") return role && ADMINISTRATORS.includes(role) ? [{ rule: "identity/admin-granted", message: `${added.join(", ")} gets the role ${role}` }] : [];
  const otherRole = role !== textAt(before, "role_ref.name");
  if (otherRole && role && ADMINISTRATORS.includes(role)) return [{ rule: "identity/admin-granted", message: `${subjects(after).join(", ")} gets the role ${role}` }];
  const more = otherRole && !(role && READERS.includes(role));
  return added.length > 0 || more ? [{ rule: "identity/policy-widened", message: added.length > 0 ? `${added.join(", ")} gets the role ${shown(role)}` : `The role is ${shown(role)}, in place of ${shown(textAt(before, "role_ref.name"))}` }] : [];
};

const LEVELS: readonly string[] = ["privileged", "baseline", "restricted"];
const ENFORCE = "pod-security.kubernetes.io/enforce";
const levelOf = (values: Values | undefined) => {
  const [labels] = at(values, "metadata.labels") as readonly Values[];
  return LEVELS.indexOf(String(labels?.[ENFORCE] ?? "privileged"));
};

/** A namespace without a level lets every pod in. */
export const namespaces: Look = ({ type, action, before, after }) =>
  (isType(type, "namespace") && (action === "update" || action === "replace") && before && after && levelOf(after) < levelOf(before)
    ? [{ rule: "compute/privileges-raised", message: `Pods in the namespace may do more: ${LEVELS[levelOf(after)]} in place of ${LEVELS[levelOf(before)]}` }] : []);

export const networkPolicies: Look = (change, context) => {
  const { type, action, before, after } = change;
  if (!isType(type, "network_policy")) return [];
  if (action === "destroy") return goesWithItsOwner(change, context) ? [] : [{ rule: "network/ingress-opened", message: "Pods are no longer kept apart" }];
  if ((action !== "update" && action !== "replace") || same(first(before, "spec"), first(after, "spec"))) return [];
  const gone = textsAt(before, "spec.policy_types").filter((kind) => !textsAt(after, "spec.policy_types").includes(kind));
  if (gone.length > 0) return [{ rule: gone.includes("Ingress") ? "network/ingress-opened" : "network/egress-opened", message: `${gone.join(" and ")} of these pods is open to all` }];
  const wider = (side: "ingress.from" | "egress.to"): boolean => {
    const networks = (values: Values | undefined) => textsAt(values, `spec.${side}.ip_block.cidr`);
    const lost = textsAt(before, `spec.${side}.ip_block.except`).filter((cidr) => !textsAt(after, `spec.${side}.ip_block.except`).includes(cidr));
    return lost.length > 0 || networks(after).some((cidr) => !networks(before).some((other) => holds(other, cidr)));
  };
  return [
    ...(wider("ingress.from") ? [{ rule: "network/ingress-opened", message: "More networks may connect to these pods" } as const] : []),
    ...(wider("egress.to") ? [{ rule: "network/egress-opened", message: "These pods may connect to more networks" } as const] : []),
    ...(!wider("ingress.from") && !wider("egress.to") ? [{ rule: "network/ingress-added", message: "Who may connect to these pods changes" } as const] : []),
  ];
};

export const KUBERNETES_LOOKS: readonly Look[] = [roles, bindings, namespaces, networkPolicies] satisfies readonly ((...args: Parameters<Look>) => readonly Verdict[])[];
