/** What the workflows of GitHub may do on Azure. */
import { PROVIDER_ACTIONS } from "./provider-actions";

/**
 * What the provider calls for the types that the stacks have, on the whole subscription: `network` makes the resource group. Among it are the
 * values of secrets that container apps use and the workspace's keys, but neither the vault's data nor a key that opens something.
 */
export const DEPLOY_ACTIONS: readonly string[] = [
  ...new Set(
    Object.values(PROVIDER_ACTIONS).flatMap((kinds) =>
      Object.entries(kinds).flatMap(([kind, operations]) => operations.split(" ").map((operation) => `${kind}/${operation}`)),
    ),
  ),
];

/** Roles are given to parts of the system; which, says the condition. */
export const GRANT_ACTIONS: readonly string[] = ["read", "write", "delete"].map(
  (action) => `Microsoft.Authorization/roleAssignments/${action}`,
);

/** Not by its name a reading action, but without it no template can be refreshed, and what it gives out is what the code says. */
const EXPORT_TEMPLATE = "Microsoft.Resources/deployments/exportTemplate/action";

/**
 * Of the reading half. Keys and secrets are listed, by actions that are none of these: container apps are planned from their state alone,
 * because the provider lists their secrets whenever it reads one (READ_WITH_SECRETS).
 */
export const PLAN_ACTIONS: readonly string[] = DEPLOY_ACTIONS.filter((action) => action.endsWith("/read") || action === EXPORT_TEMPLATE);

/**
 * Only roles that grants give, only to identities of machines, and not to those of the workflows: no workflow makes anybody an owner, gives itself
 * a role on data, or takes its right on the states away. Who decides what the services run still decides who reads what they may read.
 * https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
 * @param workflows ids of the workflows' principals
 * @param roleIds of the roles
 */
export function grantCondition(workflows: readonly string[], roleIds: readonly string[]): string {
  const roles = roleIds.join(", ");
  const only = (source: "Request" | "Resource", action: "write" | "delete") =>
    `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${action}'})) OR ` +
    `(@${source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${roles}} AND ` +
    `@${source}[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'} AND ` +
    `@${source}[Microsoft.Authorization/roleAssignments:PrincipalId] ForAnyOfAllValues:GuidNotEquals {${workflows.join(", ")}}))`;
  return `${only("Request", "write")} AND ${only("Resource", "delete")}`;
}
