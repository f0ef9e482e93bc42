/** That Azure takes the workflows' roles, and that they hold what the provider asks. */
import { DEPLOY_ACTIONS, GRANT_ACTIONS, PLAN_ACTIONS } from "../../constructs/azure/github-roles";
import { ADMINISTRATORS_TYPES, PROVIDER_ACTIONS } from "../../constructs/azure/provider-actions";
import { azureNames, loadAzure } from "../fixtures/azure";
import { azureStacks } from "../helpers/azure";
import * as listed from "./data/operations.json";

/** Azure compares them without regard to capitals. */
const KNOWN = new Set(
  [listed.pages, listed.builtInRoles].flatMap(({ operations }) =>
    Object.entries(operations).flatMap(([kind, names]) => names.split(" ").map((name) => `${kind}/${name}`.toLowerCase())),
  ),
);
const pattern = (action: string) => new RegExp(`^${action.toLowerCase().replaceAll(".", "\\.").replaceAll("*", ".+")}$`);
const isKnown = (action: string) => [...KNOWN].some((known) => pattern(action).test(known));

/** What no list at hand names, and why it is asked for all the same. */
const UNLISTED: Readonly<Record<string, string>> = {
  "Microsoft.Network/natGateways/write":
    "the page names only the joining of NAT gateways; roles that OpenShift's installer asks for name all three",
  "Microsoft.Network/natGateways/delete": "as writing",
};

it("every action is one that Azure lists: it refuses a whole role for one that it does not know", () => {
  const unknown = [...new Set([...DEPLOY_ACTIONS, ...GRANT_ACTIONS, ...PLAN_ACTIONS])].filter((action) => !isKnown(action));
  expect(unknown.sort()).toEqual(Object.keys(UNLISTED).sort());
});

it.each([
  "Microsoft.Sql/servers/connectionPolicies/delete",
  "Microsoft.Sql/servers/extendedAuditingSettings/delete",
  "Microsoft.Sql/servers/databases/transparentDataEncryption/delete",
  "Microsoft.Storage/storageAccounts/blobServices/delete",
  "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments/write",
])("%s is in no list, and the check finds it", (action) => {
  expect(isKnown(action)).toBe(false);
});

it("the provider's calls are known of every type that is synthesised, and of no other", () => {
  const types = azureNames
    .flatMap((name) => Object.values(azureStacks(loadAzure(name))).flatMap(({ resource = {} }) => Object.keys(resource)))
    // What is in a cluster Kubernetes says who may do.
    .filter((type) => type.startsWith("azurerm_"));
  expect([...new Set(types)].sort()).toEqual([...Object.keys(PROVIDER_ACTIONS), ...ADMINISTRATORS_TYPES].sort());
});

it("the types of administrators stand in bootstrap and trust alone", () => {
  for (const name of azureNames)
    for (const [stack, { resource = {} }] of Object.entries(azureStacks(loadAzure(name))))
      if (stack !== "bootstrap" && stack !== "trust") for (const type of ADMINISTRATORS_TYPES) expect(resource).not.toHaveProperty(type);
});

const allows = (actions: readonly string[], action: string) => actions.some((held) => pattern(held).test(action.toLowerCase()));

/** Side calls of azurerm 4.55.0 that end in an error when they are refused, with where its source makes them (internal/services). */
const SIDE_CALLS: readonly (readonly [action: string, source: string])[] = [
  ["Microsoft.Authorization/roleDefinitions/read", "authorization/role_assignment_resource.go:181, 329"],
  ["Microsoft.Network/privateDnsZones/SOA/read", "privatedns/private_dns_zone_resource.go:253"],
  ["Microsoft.Sql/servers/restorableDroppedDatabases/read", "mssql/mssql_server_resource.go:635"],
  ["Microsoft.Sql/servers/sqlVulnerabilityAssessments/read", "mssql/mssql_server_resource.go:644"],
  ["Microsoft.Sql/servers/sqlVulnerabilityAssessments/write", "mssql/mssql_server_resource.go:370"],
  ["Microsoft.Sql/servers/databases/replicationLinks/read", "mssql/helper/database.go:45"],
  ["Microsoft.Sql/servers/databases/securityAlertPolicies/write", "mssql/mssql_database_resource.go:607"],
  ["Microsoft.Storage/storageAccounts/fileServices/read", "storage/storage_account_resource.go:2316"],
  ["Microsoft.Insights/components/currentBillingFeatures/read", "applicationinsights/application_insights_resource.go:353"],
  ["Microsoft.Insights/components/currentBillingFeatures/write", "applicationinsights/application_insights_resource.go:283"],
  ["Microsoft.OperationalInsights/deletedWorkspaces/read", "loganalytics/log_analytics_workspace_resource.go:260"],
  ["Microsoft.ContainerRegistry/checkNameAvailability/read", "containers/container_registry_resource.go:381"],
  ["Microsoft.ContainerRegistry/registries/replications/read", "containers/container_registry_resource.go:905"],
  ["Microsoft.App/containerApps/listSecrets/action", "containerapps/container_app_resource.go:300"],
  ["Microsoft.Resources/deployments/operationStatuses/read", "resource/resource_group_template_deployment_resource.go:195"],
  ["Microsoft.Resources/deployments/exportTemplate/action", "resource/resource_group_template_deployment_resource.go:323"],
  ["Microsoft.Resources/subscriptions/resourceGroups/resources/read", "resource/resource_group_resource.go:178"],
  ["Microsoft.Network/applicationGateways/stop/action", "network/application_gateway_resource.go:1975"],
  // Azure's own demand: LinkedAuthorizationFailed without it.
  ["Microsoft.OperationalInsights/workspaces/sharedKeys/action", "monitor/monitor_diagnostic_setting_resource.go:323"],
  ["Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments/write", "the template of cache.ts"],
  ["Microsoft.ContainerService/managedClusters/listClusterUserCredential/action", "containers/kubernetes_cluster_resource.go:2790"],
  ["Microsoft.ContainerService/managedClusters/maintenanceConfigurations/write", "containers/kubernetes_cluster_resource.go:1992, 2003"],
  ["Microsoft.ContainerService/managedClusters/agentPools/delete", "containers/kubernetes_cluster_resource.go:2665, 2678"],
  [
    "Microsoft.ServiceNetworking/trafficControllers/securityPolicies/write",
    "servicenetworking/application_load_balancer_security_policy_resource.go:110",
  ],
  ["Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies/join/action", "Azure's own demand, as of a gateway's subnet"],
];

/** What a plan may beside reading: a refresh of a template asks for it, and it gives out what the code says. */
const EXPORT = "Microsoft.Resources/deployments/exportTemplate/action";

it.each(SIDE_CALLS)("a deploy may %s (%s)", (action) => {
  expect(allows(DEPLOY_ACTIONS, action)).toBe(true);
  expect(allows(PLAN_ACTIONS, action)).toBe(action.endsWith("/read") || action === EXPORT);
});

it("a plan reads, and exports templates", () => {
  expect(PLAN_ACTIONS.filter((action) => !action.endsWith("/read"))).toEqual([EXPORT]);
});

it.each([
  "Microsoft.KeyVault/vaults/secrets/getSecret/action",
  "Microsoft.KeyVault/vaults/accessPolicies/write",
  "Microsoft.KeyVault/locations/deletedVaults/purge/action",
  "Microsoft.Storage/storageAccounts/listKeys/action",
  "Microsoft.Cache/redisEnterprise/databases/listKeys/action",
  "Microsoft.ContainerRegistry/registries/listCredentials/action",
  "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write",
  "Microsoft.Authorization/roleDefinitions/write",
  "Microsoft.Authorization/roleAssignments/write",
  "Microsoft.Authorization/locks/delete",
  "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action",
  "Microsoft.ContainerService/managedClusters/runCommand/action",
  "Microsoft.ContainerService/managedClusters/accessProfiles/listCredential/action",
])("a deploy may not %s", (action) => {
  expect(allows(DEPLOY_ACTIONS, action)).toBe(false);
});

it("keys, credentials and values of secrets are given out by three actions of a deploy, and by none of a plan", () => {
  const giving = (actions: readonly string[]) => actions.filter((action) => /(keys|secrets|credentials?)\/action$/i.test(action)).sort();
  expect(giving(DEPLOY_ACTIONS)).toEqual([
    "Microsoft.App/containerApps/listSecrets/action",
    // Without local accounts it holds nothing by which somebody is let in.
    "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
    "Microsoft.OperationalInsights/workspaces/sharedKeys/action",
  ]);
  expect(giving(PLAN_ACTIONS)).toEqual([]);
});
