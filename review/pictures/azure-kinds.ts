/** What a picture calls the resources of Azure, and where it draws them. Without symbols: the package that AWS's come from has none. */
import type { ResourceType } from "../provider-names";
import type { Kind } from "./kind";

type Names = Readonly<Partial<Record<ResourceType, string>>>;

const IN_NETWORK: Names = {
  azurerm_application_gateway: "Application Gateway",
  azurerm_application_load_balancer: "Application Gateway for Containers",
  azurerm_kubernetes_cluster: "Kubernetes cluster",
  azurerm_kubernetes_cluster_node_pool: "Node pool",
  azurerm_container_app: "Container app",
  azurerm_container_group: "Container group",
  azurerm_container_app_environment: "Container Apps environment",
  azurerm_private_endpoint: "Private endpoint",
  azurerm_nat_gateway: "NAT gateway",
};

const IN_REGION: Names = {
  azurerm_mssql_server: "SQL server",
  azurerm_storage_account: "Storage account",
  azurerm_key_vault: "Key vault",
  azurerm_managed_redis: "Managed Redis",
  azurerm_container_registry: "Container registry",
  azurerm_log_analytics_workspace: "Log Analytics",
  azurerm_application_insights: "Application Insights",
  azurerm_monitor_action_group: "Action group",
  azurerm_consumption_budget_resource_group: "Budget",
  azurerm_federated_identity_credential: "Sign-in of the pipeline",
};

const COUNTED: Readonly<Partial<Record<ResourceType, readonly [name: string, counted: string]>>> = {
  azurerm_monitor_metric_alert: ["Alert", "alerts"],
  azurerm_monitor_diagnostic_setting: ["Diagnostic setting", "diagnostic settings"],
  azurerm_application_insights_workbook: ["Workbook", "workbooks"],
};

const of = (names: Names, place: Kind["place"]) =>
  Object.entries(names).map(([type, name]): [string, Kind] => [type, { name, service: name, place }]);

export const AZURE_KINDS: Readonly<Record<string, Kind>> = Object.fromEntries([
  ...of(IN_NETWORK, "network"),
  ...of(IN_REGION, "region"),
  ...Object.entries(COUNTED).map(([type, [name, counted]]): [string, Kind] => [
    type,
    { name, service: "Azure Monitor", place: "region", counted },
  ]),
]);

/** Frames, lines and words on something else. */
export const AZURE_STRUCTURE: readonly ResourceType[] = [
  "azurerm_application_load_balancer_frontend",
  "azurerm_application_load_balancer_security_policy",
  "azurerm_application_load_balancer_subnet_association",
  "azurerm_network_security_group",
  "azurerm_private_dns_a_record",
  "azurerm_private_dns_zone",
  "azurerm_private_dns_zone_virtual_network_link",
  "azurerm_public_ip",
  "azurerm_resource_group",
  "azurerm_resource_group_template_deployment",
  "azurerm_role_assignment",
  "azurerm_role_definition",
  "azurerm_management_lock",
  "azurerm_mssql_database",
  "azurerm_storage_container",
  "azurerm_subnet",
  "azurerm_user_assigned_identity",
  "azurerm_virtual_network",
];
