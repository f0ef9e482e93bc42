/**
 * What azurerm 4.55.0 asks of Azure for each type that the workflows deploy, read from its source (internal/services): beside the resource
 * itself the side calls that it makes without a fallback, so that one missing right stops the plan or the apply. Kinds with their operations;
 * a kind has only those that Azure lists (test/azure/data/operations.json), because Azure refuses a role that names another.
 */
const ALL = "read write delete";

/** `<type>` → `<kind of resource>` → operations. */
export const PROVIDER_ACTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // Its deletion looks for what is still in it.
  azurerm_resource_group: {
    "Microsoft.Resources/subscriptions/resourceGroups": ALL,
    "Microsoft.Resources/subscriptions/resourceGroups/resources": "read",
  },
  // The cache lets identities in by templates (cache.ts), which are exported to see whether they changed.
  azurerm_resource_group_template_deployment: {
    "Microsoft.Resources/deployments": `${ALL} validate/action exportTemplate/action`,
    "Microsoft.Resources/deployments/operations": "read",
    "Microsoft.Resources/deployments/operationStatuses": "read",
    "Microsoft.Resources/subscriptions/providers": "read",
    // No list names accessPolicyAssignments, so that a role may not name them either; their parent's wildcard holds no action that gives out keys.
    "Microsoft.Cache/redisEnterprise/*": ALL,
    // So are the network's flow logs (flow-log.ts). Microsoft's page asks for the account's keys besides; the writer is an identity, which needs none.
    // https://learn.microsoft.com/azure/network-watcher/required-rbac-permissions#flow-logs
    "Microsoft.Network/networkWatchers": "read configureFlowLog/action queryFlowLogStatus/action",
    "Microsoft.Network/networkWatchers/flowLogs": ALL,
  },
  // Not `delete`: what is locked is unlocked by an owner, so that a workflow deletes neither the data nor the states.
  azurerm_management_lock: { "Microsoft.Authorization/locks": "read write" },
  // Roles are looked up by their names. Giving them is a role of its own, with a condition.
  azurerm_role_assignment: { "Microsoft.Authorization/roleAssignments": "read", "Microsoft.Authorization/roleDefinitions": "read" },
  azurerm_user_assigned_identity: { "Microsoft.ManagedIdentity/userAssignedIdentities": `${ALL} assign/action` },

  // --- network ---
  azurerm_virtual_network: { "Microsoft.Network/virtualNetworks": `${ALL} join/action`, "Microsoft.Network/locations/*": "read" },
  azurerm_subnet: { "Microsoft.Network/virtualNetworks/subnets": `${ALL} join/action` },
  azurerm_network_security_group: { "Microsoft.Network/networkSecurityGroups": `${ALL} join/action` },
  azurerm_network_security_rule: { "Microsoft.Network/networkSecurityGroups/securityRules": ALL },
  azurerm_subnet_network_security_group_association: {
    "Microsoft.Network/virtualNetworks/subnets": "read write",
    "Microsoft.Network/networkSecurityGroups": "join/action",
  },
  azurerm_nat_gateway: { "Microsoft.Network/natGateways": `${ALL} join/action` },
  azurerm_nat_gateway_public_ip_association: {
    "Microsoft.Network/natGateways": "read write",
    "Microsoft.Network/publicIPAddresses": "join/action",
  },
  azurerm_subnet_nat_gateway_association: {
    "Microsoft.Network/virtualNetworks/subnets": "read write",
    "Microsoft.Network/natGateways": "join/action",
  },
  azurerm_public_ip: { "Microsoft.Network/publicIPAddresses": `${ALL} join/action` },
  // Each zone's SOA record is read with it.
  azurerm_private_dns_zone: {
    "Microsoft.Network/privateDnsZones": `${ALL} join/action`,
    "Microsoft.Network/privateDnsZones/SOA": "read",
    "Microsoft.Network/privateDnsOperationStatuses": "read",
    "Microsoft.Network/privateDnsOperationResults": "read",
  },
  azurerm_private_dns_zone_virtual_network_link: { "Microsoft.Network/privateDnsZones/virtualNetworkLinks": ALL },
  azurerm_private_dns_a_record: { "Microsoft.Network/privateDnsZones/A": ALL },
  azurerm_private_endpoint: {
    "Microsoft.Network/privateEndpoints": ALL,
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": ALL,
    "Microsoft.Cache/redisEnterprise": "privateEndpointConnectionsApproval/action",
    "Microsoft.KeyVault/vaults": "privateEndpointConnectionsApproval/action",
    "Microsoft.Sql/servers": "privateEndpointConnectionsApproval/action",
    "Microsoft.Storage/storageAccounts": "privateEndpointConnectionsApproval/action",
  },
  // Some changes stop it and start it again.
  azurerm_application_gateway: { "Microsoft.Network/applicationGateways": `${ALL} start/action stop/action` },
  azurerm_web_application_firewall_policy: { "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies": ALL },

  // --- observing ---
  azurerm_log_analytics_workspace: {
    "Microsoft.OperationalInsights/workspaces": ALL,
    "Microsoft.OperationalInsights/deletedWorkspaces": "read",
    "Microsoft.OperationalInsights/locations/operationStatuses": "read",
  },
  azurerm_application_insights: {
    "Microsoft.Insights/components": ALL,
    "Microsoft.Insights/components/currentBillingFeatures": "read write",
  },
  azurerm_application_insights_workbook: { "Microsoft.Insights/workbooks": ALL },
  azurerm_monitor_action_group: { "Microsoft.Insights/actionGroups": ALL },
  azurerm_monitor_metric_alert: { "Microsoft.Insights/metricAlerts": ALL },
  // Azure lets only those send to a workspace who could read its keys, though these open nothing here (observing.ts).
  azurerm_monitor_diagnostic_setting: {
    "Microsoft.Insights/diagnosticSettings": ALL,
    "Microsoft.OperationalInsights/workspaces": "read sharedKeys/action",
  },
  azurerm_consumption_budget_resource_group: { "Microsoft.Consumption/budgets": ALL },

  // --- data ---
  azurerm_mssql_server: {
    "Microsoft.Sql/servers": ALL,
    "Microsoft.Sql/servers/administrators": ALL,
    "Microsoft.Sql/servers/azureADOnlyAuthentications": ALL,
    "Microsoft.Sql/servers/connectionPolicies": "read write",
    "Microsoft.Sql/servers/restorableDroppedDatabases": "read",
    "Microsoft.Sql/servers/sqlVulnerabilityAssessments": "read write",
    "Microsoft.Sql/locations/*": "read",
  },
  azurerm_mssql_server_extended_auditing_policy: { "Microsoft.Sql/servers/extendedAuditingSettings": "read write" },
  azurerm_mssql_database: {
    "Microsoft.Sql/servers/databases": ALL,
    "Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies": "read write",
    "Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies": "read write",
    "Microsoft.Sql/servers/databases/replicationLinks": "read",
    "Microsoft.Sql/servers/databases/securityAlertPolicies": "read write",
    "Microsoft.Sql/servers/databases/transparentDataEncryption": "read write",
  },
  azurerm_storage_account: {
    "Microsoft.Storage/storageAccounts": ALL,
    "Microsoft.Storage/storageAccounts/blobServices": "read write",
    "Microsoft.Storage/storageAccounts/fileServices": "read",
  },
  azurerm_storage_container: { "Microsoft.Storage/storageAccounts/blobServices/containers": ALL },
  azurerm_storage_management_policy: { "Microsoft.Storage/storageAccounts/managementPolicies": ALL },
  azurerm_key_vault: { "Microsoft.KeyVault/vaults": ALL, "Microsoft.KeyVault/locations/deletedVaults": "read" },
  azurerm_managed_redis: {
    "Microsoft.Cache/redisEnterprise": ALL,
    "Microsoft.Cache/redisEnterprise/databases": ALL,
    "Microsoft.Cache/locations/*": "read",
  },

  // --- services ---
  azurerm_container_registry: {
    "Microsoft.ContainerRegistry/registries": ALL,
    "Microsoft.ContainerRegistry/registries/replications": "read",
    "Microsoft.ContainerRegistry/checkNameAvailability": "read",
    "Microsoft.ContainerRegistry/locations/operationResults": "read",
  },
  azurerm_container_app_environment: {
    "Microsoft.App/managedEnvironments": `${ALL} join/action`,
    "Microsoft.App/locations/*": "read",
  },
  // Every read of an app lists its secrets, with the values that it has from the vault.
  azurerm_container_app: { "Microsoft.App/containerApps": `${ALL} listSecrets/action` },
  azurerm_container_group: {
    "Microsoft.ContainerInstance/containerGroups": ALL,
    "Microsoft.ContainerInstance/locations/operations": "read",
  },

  // --- cluster ---
  // Every read of a cluster lists its users' credential: without local accounts that is the API's address and its authority, by which nobody is let in.
  azurerm_kubernetes_cluster: {
    "Microsoft.ContainerService/managedClusters": `${ALL} listClusterUserCredential/action`,
    "Microsoft.ContainerService/managedClusters/agentPools": ALL,
    "Microsoft.ContainerService/managedClusters/maintenanceConfigurations": ALL,
    "Microsoft.ContainerService/locations/*": "read",
    "Microsoft.ManagedIdentity/userAssignedIdentities": "assign/action",
    "Microsoft.Network/virtualNetworks/subnets": "join/action",
  },
  // The pool is ready when its network is.
  azurerm_kubernetes_cluster_node_pool: {
    "Microsoft.ContainerService/managedClusters": "read",
    "Microsoft.ContainerService/managedClusters/agentPools": ALL,
    "Microsoft.Network/virtualNetworks": "read",
    "Microsoft.Network/virtualNetworks/subnets": "read join/action",
  },
  azurerm_application_load_balancer: { "Microsoft.ServiceNetworking/trafficControllers": ALL },
  azurerm_application_load_balancer_frontend: { "Microsoft.ServiceNetworking/trafficControllers/frontends": ALL },
  azurerm_application_load_balancer_subnet_association: {
    "Microsoft.ServiceNetworking/trafficControllers/associations": ALL,
    "Microsoft.Network/virtualNetworks/subnets": "join/action",
  },
  // No list names securityPolicies: by its parent's wildcard, as Microsoft's own role for the controller has them.
  azurerm_application_load_balancer_security_policy: {
    "Microsoft.ServiceNetworking/trafficControllers/*": ALL,
    "Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies": "join/action",
  },
};

/** Every read of them gives out secrets, so that whoever only reads cannot plan them against what stands; their state says what they are. */
export const READ_WITH_SECRETS: readonly string[] = ["azurerm_container_app", "azurerm_kubernetes_cluster"];

/**
 * Of `bootstrap` and `trust`, which an administrator deploys: no workflow may say whom Entra believes, or make a role. What a role allows of federated
 * credentials cannot be kept to one issuer: whoever may make one for the cluster's pods may make one for a repository of his own.
 */
export const ADMINISTRATORS_TYPES: readonly string[] = ["azurerm_federated_identity_credential", "azurerm_role_definition"];
