/**
 * Azure's: what each is charged by. No public file was found that quotes the list (`https://prices.azure.com/api/retail/prices`) for Japan East,
 * so none has a price: they are named, with the size that a price would be looked up by.
 */
import { noPrice, type Pricer, type Pricers } from "../charges";
import { atPath } from "../../risk/reading";
import type { Attribute, ResourceType } from "../../provider-names";
import { pathOf } from "../../provider-names";

/** @param size an attribute that says which price it is */
const charged =
  (meters: readonly string[], size?: Attribute): Pricer =>
  ({ type, values }, { region }) => {
    const sizes = size === undefined ? [] : atPath(values, pathOf(size)).filter((value) => typeof value === "string");
    return meters.map((meter) =>
      noPrice(
        `${type}.${meter}`,
        `not known: the price table has no ${meter}${sizes.length > 0 ? ` of ${sizes.join(", ")}` : ""} in ${region}`,
      ),
    );
  };

export const AZURE: Pricers = {
  azurerm_application_gateway: charged(["hour", "capacity unit and hour"], "azurerm_application_gateway.sku.name"),
  azurerm_application_load_balancer: charged(["hour", "frontend and hour", "association and hour", "capacity unit and hour"]),
  azurerm_container_app: charged(["vCPU and second", "GiB and second", "request"]),
  azurerm_container_group: charged(["vCPU and second", "GB and second"]),
  azurerm_container_registry: charged(["day", "GB beyond those included"], "azurerm_container_registry.sku"),
  azurerm_key_vault: charged(["operation"], "azurerm_key_vault.sku_name"),
  azurerm_kubernetes_cluster: charged(["hour of the control plane", "hour of a node"], "azurerm_kubernetes_cluster.sku_tier"),
  azurerm_kubernetes_cluster_node_pool: charged(["hour of a node"], "azurerm_kubernetes_cluster_node_pool.vm_size"),
  azurerm_log_analytics_workspace: charged(["GB taken in", "GB-month beyond the days included"], "azurerm_log_analytics_workspace.sku"),
  azurerm_managed_redis: charged(["hour"], "azurerm_managed_redis.sku_name"),
  azurerm_monitor_metric_alert: charged(["time series that is watched and month"]),
  azurerm_mssql_database: charged(["hour", "GB-month of backups kept for long"], "azurerm_mssql_database.sku_name"),
  azurerm_nat_gateway: charged(["hour", "GB"], "azurerm_nat_gateway.sku_name"),
  azurerm_private_dns_zone: charged(["zone and month", "question"]),
  azurerm_private_endpoint: charged(["hour", "GB"]),
  azurerm_public_ip: charged(["hour"], "azurerm_public_ip.sku"),
  azurerm_storage_account: charged(["GB-month", "request"], "azurerm_storage_account.account_replication_type"),
};

/** What Azure does not charge for, or charges with what it belongs to. */
export const AZURE_FREE: readonly ResourceType[] = [
  // Settings of others.
  "azurerm_application_insights_workbook",
  "azurerm_management_lock",
  "azurerm_monitor_action_group",
  "azurerm_monitor_diagnostic_setting",
  "azurerm_mssql_server",
  "azurerm_mssql_server_extended_auditing_policy",
  "azurerm_resource_group_template_deployment",
  "azurerm_storage_container",
  "azurerm_storage_management_policy",
  // Counted with what uses them: the workspace, the apps, the gateway, the zone.
  "azurerm_application_insights",
  "azurerm_application_load_balancer_frontend",
  "azurerm_application_load_balancer_security_policy",
  "azurerm_application_load_balancer_subnet_association",
  "azurerm_container_app_environment",
  "azurerm_private_dns_a_record",
  "azurerm_private_dns_zone_virtual_network_link",
  "azurerm_web_application_firewall_policy",
  // What tells of money.
  "azurerm_consumption_budget_resource_group",
  // Who may do what.
  "azurerm_federated_identity_credential",
  "azurerm_role_assignment",
  "azurerm_role_definition",
  "azurerm_user_assigned_identity",
  // The network itself.
  "azurerm_mssql_firewall_rule",
  "azurerm_nat_gateway_public_ip_association",
  "azurerm_network_security_group",
  "azurerm_network_security_rule",
  "azurerm_resource_group",
  "azurerm_subnet",
  "azurerm_subnet_nat_gateway_association",
  "azurerm_subnet_network_security_group_association",
  "azurerm_virtual_network",
];
