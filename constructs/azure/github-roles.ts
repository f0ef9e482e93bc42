/** What the workflows of GitHub may do on Azure. */
import { GRANTED_ROLES } from "./identity";

/** Kinds of resources that the stacks make, each with what it takes beside reading, writing and deleting. */
const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  "Microsoft.Resources/subscriptions/resourceGroups": [],
  // The cache lets identities in by templates (cache.ts).
  "Microsoft.Resources/deployments": ["validate/action", "exportTemplate/action"],
  "Microsoft.Authorization/locks": [],
  // --- network ---
  "Microsoft.Network/virtualNetworks": ["join/action"],
  "Microsoft.Network/virtualNetworks/subnets": ["join/action"],
  "Microsoft.Network/networkSecurityGroups": ["join/action"],
  "Microsoft.Network/networkSecurityGroups/securityRules": [],
  "Microsoft.Network/natGateways": ["join/action"],
  "Microsoft.Network/publicIPAddresses": ["join/action"],
  "Microsoft.Network/privateDnsZones": ["join/action"],
  "Microsoft.Network/privateDnsZones/virtualNetworkLinks": [],
  "Microsoft.Network/privateDnsZones/A": [],
  "Microsoft.Network/privateEndpoints": [],
  "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": [],
  "Microsoft.Network/applicationGateways": [],
  "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies": [],
  // --- observing ---
  "Microsoft.OperationalInsights/workspaces": [],
  "Microsoft.Insights/components": [],
  "Microsoft.Insights/actionGroups": [],
  "Microsoft.Insights/metricAlerts": [],
  "Microsoft.Insights/diagnosticSettings": [],
  "Microsoft.Consumption/budgets": [],
  // --- data ---
  "Microsoft.Sql/servers": ["privateEndpointConnectionsApproval/action"],
  "Microsoft.Sql/servers/databases": [],
  "Microsoft.Sql/servers/administrators": [],
  "Microsoft.Sql/servers/azureADOnlyAuthentications": [],
  "Microsoft.Sql/servers/connectionPolicies": [],
  "Microsoft.Sql/servers/extendedAuditingSettings": [],
  "Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies": [],
  "Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies": [],
  "Microsoft.Sql/servers/databases/transparentDataEncryption": [],
  "Microsoft.Storage/storageAccounts": ["privateEndpointConnectionsApproval/action"],
  "Microsoft.Storage/storageAccounts/blobServices": [],
  "Microsoft.Storage/storageAccounts/blobServices/containers": [],
  "Microsoft.Storage/storageAccounts/managementPolicies": [],
  "Microsoft.KeyVault/vaults": ["privateEndpointConnectionsApproval/action"],
  "Microsoft.Cache/redisEnterprise": ["privateEndpointConnectionsApproval/action"],
  "Microsoft.Cache/redisEnterprise/databases": [],
  "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments": [],
  // --- services ---
  "Microsoft.ManagedIdentity/userAssignedIdentities": ["assign/action"],
  "Microsoft.ContainerRegistry/registries": [],
  "Microsoft.App/managedEnvironments": ["join/action"],
  "Microsoft.App/containerApps": [],
  "Microsoft.ContainerInstance/containerGroups": [],
};

/** Secrets, keys and data are read by other actions: a right on a kind of resource holds none of them. */
export const DEPLOY_ACTIONS: readonly string[] = [
  ...Object.entries(RESOURCES).flatMap(([kind, more]) => ["read", "write", "delete", ...more].map((action) => `${kind}/${action}`)),
  // What the provider asks while it waits, in every service.
  "Microsoft.App/locations/*/read",
  "Microsoft.Cache/locations/*/read",
  "Microsoft.KeyVault/locations/deletedVaults/read",
  "Microsoft.Network/locations/*/read",
  "Microsoft.Resources/deployments/operations/read",
  "Microsoft.Resources/subscriptions/providers/read",
  "Microsoft.Sql/locations/*/read",
];

/** Roles are given to parts of the system; which, says the condition. */
export const GRANT_ACTIONS: readonly string[] = ["read", "write", "delete"].map(
  (action) => `Microsoft.Authorization/roleAssignments/${action}`,
);

/** Of the reading half. Keys and secrets are not read but listed or got, by actions that are none of these. */
export const PLAN_ACTIONS: readonly string[] = [...DEPLOY_ACTIONS, ...GRANT_ACTIONS].filter((action) => action.endsWith("/read"));

/**
 * Only roles that grants give, and only to identities of machines: a workflow can make nobody an owner, itself neither.
 * https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
 */
export function grantCondition(): string {
  const roles = Object.values(GRANTED_ROLES).join(", ");
  const only = (source: "Request" | "Resource", action: "write" | "delete") =>
    `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${action}'})) OR ` +
    `(@${source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${roles}} AND ` +
    `@${source}[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))`;
  return `${only("Request", "write")} AND ${only("Resource", "delete")}`;
}
