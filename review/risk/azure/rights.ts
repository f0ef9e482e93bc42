/** Who may do what on Azure: roles that are given, access policies of vaults, and whose tokens Entra takes. */
import { isEqual } from "../../json-values";
import { isHidden, UNKNOWN, type Resource, type ResourceChange, type Values } from "../../model";
import type { Attribute } from "../../provider-names";
import { at, first, isOn, isUnknown, shown, textAt, textsAt } from "../reading";
import type { Context, Look, Verdict } from "../rules";
import { givingRights } from "./roles";

/** Roles that may give themselves and others every right; by their ids, which are the same in every subscription. */
const ADMINS: Readonly<Record<string, string>> = {
  owner: "Owner",
  "user access administrator": "User Access Administrator",
  "role based access control administrator": "Role Based Access Control Administrator",
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
};
/** May change everything, and give no rights. */
const CONTRIBUTORS: readonly string[] = ["contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c"];

/** A management group, a subscription or a resource group: everything in it, whatever comes there. */
const WIDE = /^(\/providers\/microsoft\.management\/managementgroups\/[^/]+|\/subscriptions\/[^/]+(\/resourcegroups\/[^/]+)?|\/)\/?$/i;

/** The ways in which a role is given, and what each calls its parts. */
const GIVEN: Readonly<Record<string, Readonly<Record<"role" | "scope" | "principal", Attribute>> & { readonly name?: Attribute }>> = {
  azurerm_role_assignment: {
    name: "azurerm_role_assignment.role_definition_name",
    role: "azurerm_role_assignment.role_definition_id",
    scope: "azurerm_role_assignment.scope",
    principal: "azurerm_role_assignment.principal_id",
  },
  azurerm_pim_active_role_assignment: {
    role: "azurerm_pim_active_role_assignment.role_definition_id",
    scope: "azurerm_pim_active_role_assignment.scope",
    principal: "azurerm_pim_active_role_assignment.principal_id",
  },
  azurerm_pim_eligible_role_assignment: {
    role: "azurerm_pim_eligible_role_assignment.role_definition_id",
    scope: "azurerm_pim_eligible_role_assignment.scope",
    principal: "azurerm_pim_eligible_role_assignment.principal_id",
  },
};

/** The role's name where it is one of the gravest, whichever way it is said. */
const nameOf = (role: string | undefined): string | undefined =>
  role === undefined ? undefined : (ADMINS[role.toLowerCase()] ?? (CONTRIBUTORS.includes(role.toLowerCase()) ? "Contributor" : role));

/** Whether one scope lies in another. */
const isIn = (inner: string, outer: string) => `${inner.toLowerCase()}/`.startsWith(`${outer.toLowerCase().replace(/\/$/, "")}/`);

const isBound = (values: Values | undefined) => {
  const condition = first(values, "azurerm_role_assignment.condition");
  return isHidden(condition) || (typeof condition === "string" && condition !== "");
};

const lastOf = (id: string) => id.split("/").at(-1)!.toLowerCase();

/** A role of the plan's own that is given, or may be, and by which rights are given; `certain` where it is no other. */
function ownGiving(
  change: ResourceChange,
  role: unknown,
  name: string | undefined,
  { plan, names }: Context,
): { readonly certain: boolean; readonly role: Resource } | undefined {
  const own = plan.after.filter(({ type }) => type === "azurerm_role_definition");
  const idsOf = ({ values }: Resource) =>
    [values.role_definition_id, values.role_definition_resource_id].filter((id) => typeof id === "string" && id !== UNKNOWN);
  const referred = names?.referredBy(plan.stack, change.address, "role_definition_id") ?? [];
  const isMeant = (one: Resource): boolean => {
    // The provider looks an id up by the name.
    if (name !== undefined) return textAt(one.values, "azurerm_role_definition.name")?.toLowerCase() === name.toLowerCase();
    // An id that is not known yet may be that of any new role, unless the code says whose it is.
    if (role === UNKNOWN) return referred.length > 0 ? referred.includes(one.construct) : idsOf(one).length === 0;
    return typeof role === "string" && idsOf(one).some((id) => lastOf(String(id)) === lastOf(role));
  };
  const meant = own.filter(isMeant);
  const giving = meant.filter(({ values }) => givingRights(values) !== undefined);
  return giving[0] && { certain: giving.length === meant.length, role: giving[0] };
}

/** A role that is given, or given otherwise: every argument but the description makes another assignment. */
export const assignments: Look = (change, context) => {
  const { type, action, before, after } = change;
  const words = Object.hasOwn(GIVEN, type) ? GIVEN[type] : undefined;
  if (words === undefined || action === "destroy" || action === "forget" || !after) return [];
  const roleOf = (values: Values | undefined) =>
    nameOf((words.name && textAt(values, words.name)) ?? textAt(values, words.role)?.split("/").at(-1));
  const [role, wasRole, scope, wasScope] = [roleOf(after), roleOf(before), textAt(after, words.scope), textAt(before, words.scope)];
  const isHis = before !== undefined && isEqual(at(before, words.principal), at(after, words.principal)) && role === wasRole;
  const where = scope === undefined ? "a scope that is known after it is applied" : `\`${scope}\``;
  if (isHis && scope === wasScope) return conditionOf(before, after);
  const given: Verdict = {
    rule: "identity/access-granted",
    message: `\`${role ?? "A role that is made by this plan"}\` is given in ${where}.`,
  };
  const isNarrower =
    isHis && scope !== undefined && wasScope !== undefined && isIn(scope, wasScope) && (isBound(after) || !isBound(before));
  if (isNarrower) return [given];
  const admin = role === undefined ? undefined : ADMINS[role.toLowerCase()];
  const isWide = scope !== undefined && WIDE.test(scope);
  // A condition binds which roles are given; an owner may do everything else all the same.
  if (admin !== undefined)
    return isBound(after) && !(admin === "Owner" && isWide)
      ? [{ rule: "identity/admin-granted", severity: "notice", message: `Somebody becomes ${admin} of ${where}, within a condition.` }]
      : [{ rule: "identity/admin-granted", message: `Somebody becomes ${admin} of ${where}.` }];
  if (role === "Contributor" && isWide)
    return [{ rule: "identity/admin-granted", message: `Somebody may change and delete everything in ${where} (Contributor).` }];
  const giving = isBound(after) ? undefined : ownGiving(change, first(after, words.role), words.name && textAt(after, words.name), context);
  if (giving) {
    const which = `\`${shown(first(giving.role.values, "azurerm_role_definition.name"))}\``;
    return giving.certain
      ? [{ rule: "identity/admin-granted", message: `The role ${which}, which may give rights, is given in ${where} without a condition.` }]
      : [{ ...given, message: `${given.message} Look whether it is ${which}, which may give rights.` }];
  }
  if (isHis && scope !== undefined && wasScope !== undefined && isIn(wasScope, scope))
    return [{ rule: "identity/policy-widened", message: `\`${shown(role)}\` holds in ${where}, in place of \`${wasScope}\` only.` }];
  return [given];
};

function conditionOf(before: Values, after: Values): Verdict[] {
  if (isEqual(at(before, "azurerm_role_assignment.condition"), at(after, "azurerm_role_assignment.condition"))) return [];
  if (isBound(before) && !isBound(after))
    return [{ rule: "identity/policy-widened", message: "The role is given without the condition that bound it." }];
  return isBound(before) ? [{ rule: "identity/policy-unknown", message: "The role is given under another condition: read both." }] : [];
}

/** Whose tokens are taken for an identity. */
export const federated: Look = ({ type, action, before, after }) => {
  if (type !== "azurerm_federated_identity_credential" || action === "destroy" || action === "forget" || !after) return [];
  const partsOf = (values: Values | undefined) => [
    first(values, "azurerm_federated_identity_credential.issuer"),
    first(values, "azurerm_federated_identity_credential.subject"),
    ...at(values, "azurerm_federated_identity_credential.audience"),
  ];
  const who = (values: Values) => {
    const [issuer, subject] = partsOf(values);
    return `\`${isUnknown(subject) ? "somebody" : shown(subject)}\` of \`${shown(issuer)}\``;
  };
  if (before === undefined)
    return [{ rule: "identity/access-granted", message: `Whoever has a token as ${who(after)} gets the identity's rights.` }];
  return isEqual(partsOf(before), partsOf(after))
    ? []
    : [{ rule: "identity/trust-widened", message: `Tokens of others are taken: of ${who(after)}, in place of ${who(before)}.` }];
};

/** An access policy that is made: rights on a vault beside its roles. */
export const vaultPolicies: Look = ({ type, action, after }: ResourceChange) => {
  if (type !== "azurerm_key_vault_access_policy" || action !== "create") return [];
  const may = [
    ...textsAt(after, "azurerm_key_vault_access_policy.secret_permissions"),
    ...textsAt(after, "azurerm_key_vault_access_policy.key_permissions"),
    ...textsAt(after, "azurerm_key_vault_access_policy.certificate_permissions"),
  ];
  return [
    {
      rule: "identity/access-granted",
      message: `Somebody gets into the vault, beside its roles: ${[...new Set(may)].join(", ") || "with no right yet"}.`,
    },
  ];
};

/** Whether a server takes Entra's tokens alone, `UNKNOWN` where it is not known. */
const onlyEntra = (values: Values | undefined) => first(values, "azurerm_mssql_server.azuread_administrator.azuread_authentication_only");

/** A server that takes passwords beside Entra's tokens. That it has a login says nothing of one that stands: Azure makes one up where nobody does. */
export const passwords: Look = ({ type, action, before, after }) => {
  if (type !== "azurerm_mssql_server" || action === "destroy" || action === "forget" || !after) return [];
  const rule = "identity/trust-widened";
  const message = "It takes passwords, beside Entra's tokens.";
  if (before === undefined)
    return textsAt(after, "azurerm_mssql_server.administrator_login").length > 0 || onlyEntra(after) === false ? [{ rule, message }] : [];
  if (!isOn(onlyEntra(before)) || isOn(onlyEntra(after))) return [];
  return isUnknown(onlyEntra(after))
    ? [{ rule, severity: "notice", message: "Whether it takes passwords beside Entra's tokens is only known after it is applied." }]
    : [{ rule, message }];
};
