/** Who may do what on Azure: roles, their assignments, access policies of vaults, and whose tokens Entra takes. */
import { isEqual } from "../../json-values";
import { isHidden, type ResourceChange, type Values } from "../../model";
import { covers } from "../glob";
import { at, first, isUnknown, shown, textAt, textsAt } from "../reading";
import type { Look, Verdict } from "../rules";

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

const roleOf = (values: Values | undefined): string | undefined =>
  textAt(values, "azurerm_role_assignment.role_definition_name") ??
  textAt(values, "azurerm_role_assignment.role_definition_id")?.split("/").at(-1);
const scopeOf = (values: Values | undefined): string | undefined => textAt(values, "azurerm_role_assignment.scope");
const adminOf = (role: string | undefined): string | undefined => (role === undefined ? undefined : ADMINS[role.toLowerCase()]);

/** Whether one scope lies in another. */
const isIn = (inner: string, outer: string) => `${inner.toLowerCase()}/`.startsWith(`${outer.toLowerCase().replace(/\/$/, "")}/`);

const isBound = (values: Values | undefined) => {
  const condition = first(values, "azurerm_role_assignment.condition");
  return isHidden(condition) || (typeof condition === "string" && condition !== "");
};

/** A role that is given, or given otherwise: every argument but the description makes another assignment. */
export const assignments: Look = ({ type, action, before, after }) => {
  if (type !== "azurerm_role_assignment" || action === "destroy" || action === "forget" || !after) return [];
  const [role, wasRole, scope, wasScope] = [roleOf(after), roleOf(before), scopeOf(after), scopeOf(before)];
  const isSame = before !== undefined && role === wasRole && scope === wasScope;
  const isHis = isEqual(at(before, "azurerm_role_assignment.principal_id"), at(after, "azurerm_role_assignment.principal_id"));
  const where = scope === undefined ? "a scope that is known after it is applied" : `\`${scope}\``;
  if (isSame && isHis) return conditionOf(before, after);
  const admin = adminOf(role);
  if (admin !== undefined)
    return [
      isBound(after)
        ? { rule: "identity/admin-granted", severity: "notice", message: `Somebody becomes ${admin} of ${where}, within a condition.` }
        : { rule: "identity/admin-granted", message: `Somebody becomes ${admin} of ${where}.` },
    ];
  const isWide = scope !== undefined && WIDE.test(scope);
  if (role !== undefined && CONTRIBUTORS.includes(role.toLowerCase()) && isWide)
    return [{ rule: "identity/admin-granted", message: `Somebody may change and delete everything in ${where} (Contributor).` }];
  if (before !== undefined && isHis && role === wasRole && scope !== undefined && wasScope !== undefined && isIn(wasScope, scope))
    return [{ rule: "identity/policy-widened", message: `\`${shown(role)}\` holds in ${where}, in place of \`${wasScope}\` only.` }];
  return [{ rule: "identity/access-granted", message: `\`${role ?? "A role that is made by this plan"}\` is given in ${where}.` }];
};

function conditionOf(before: Values, after: Values): Verdict[] {
  if (isEqual(at(before, "azurerm_role_assignment.condition"), at(after, "azurerm_role_assignment.condition"))) return [];
  if (isBound(before) && !isBound(after))
    return [{ rule: "identity/policy-widened", message: "The role is given without the condition that bound it." }];
  return isBound(before) ? [{ rule: "identity/policy-unknown", message: "The role is given under another condition: read both." }] : [];
}

/** By which a role gives rights, to itself too. */
const GIVES_RIGHTS = "Microsoft.Authorization/roleAssignments/write";

/** Operations that a role's definition adds. */
export const definitions: Look = ({ type, action, before, after }) => {
  if (type !== "azurerm_role_definition" || action === "destroy" || action === "forget" || !after) return [];
  const actionsOf = (values: Values | undefined) => [
    ...textsAt(values, "azurerm_role_definition.permissions.actions"),
    ...textsAt(values, "azurerm_role_definition.permissions.data_actions"),
  ];
  const was = actionsOf(before).map((one) => one.toLowerCase());
  const added = actionsOf(after).filter((one) => !was.some((old) => covers(old, one.toLowerCase())));
  const everything = added.find((one) => one === "*" || one === "*/*" || one === "*/write");
  if (everything) return [{ rule: "identity/admin-granted", message: `The role may do everything (\`${everything}\`).` }];
  const giving = added.find((one) => covers(one.toLowerCase(), GIVES_RIGHTS.toLowerCase()));
  if (giving && before !== undefined)
    return [{ rule: "identity/admin-granted", message: `The role may give rights to everybody, to itself too (\`${giving}\`).` }];
  if (before === undefined)
    return [
      {
        rule: "identity/policy-added",
        message: `A new role comes with ${added.length} operations${giving ? `, of which one gives rights (\`${giving}\`)` : ""}.`,
      },
    ];
  return added.length === 0
    ? []
    : [{ rule: "identity/policy-widened", message: `The role may do more: ${added.map((one) => `\`${one}\``).join(", ")}.` }];
};

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

/** A server that takes passwords beside Entra's tokens. */
export const passwords: Look = ({ type, action, before, after }) => {
  if (type !== "azurerm_mssql_server" || action === "destroy" || action === "forget") return [];
  const takes = (values: Values | undefined) =>
    textsAt(values, "azurerm_mssql_server.administrator_login").length > 0 ||
    at(values, "azurerm_mssql_server.azuread_administrator.azuread_authentication_only").includes(false);
  return takes(after) && !takes(before) ? [{ rule: "identity/trust-widened", message: "It takes passwords, beside Entra's tokens." }] : [];
};
