/** What runs on Azure, and who is told of it. */
import { on, type Guard, type Ratchet, type Watch } from "../guard";

const onUnlessSaid = (value: unknown): boolean => value === undefined || on(value);

export const AZURE_RUNNING_GUARDS: readonly Guard[] = [
  {
    rule: "notification/alarm-silenced",
    attributes: [
      "azurerm_monitor_activity_log_alert.enabled",
      "azurerm_monitor_metric_alert.enabled",
      "azurerm_monitor_scheduled_query_rules_alert_v2.enabled",
    ],
    safe: onUnlessSaid,
    message: "The alert tells nobody",
  },
  {
    rule: "notification/subscription-removed",
    attributes: ["azurerm_monitor_action_group.enabled"],
    safe: onUnlessSaid,
    message: "Nobody of the group is told",
  },
  {
    rule: "notification/subscription-removed",
    attributes: [
      "azurerm_consumption_budget_resource_group.notification.enabled",
      "azurerm_consumption_budget_subscription.notification.enabled",
    ],
    safe: onUnlessSaid,
    message: "Nobody is told of costs",
  },
];

export const AZURE_RUNNING_RATCHETS: readonly Ratchet[] = [
  {
    rule: "notification/alarm-changed",
    attributes: ["azurerm_consumption_budget_resource_group.amount", "azurerm_consumption_budget_subscription.amount"],
    bad: "higher",
    message: "Costs are told of later",
  },
  {
    rule: "compute/service-scaled-down",
    severity: "notice",
    attributes: [
      "azurerm_container_app.template.max_replicas",
      "azurerm_container_app.template.min_replicas",
      "azurerm_kubernetes_cluster.default_node_pool.min_count",
      "azurerm_kubernetes_cluster.default_node_pool.node_count",
      "azurerm_kubernetes_cluster_node_pool.min_count",
      "azurerm_kubernetes_cluster_node_pool.node_count",
    ],
    bad: "lower",
    message: "Fewer run",
  },
];

export const AZURE_RUNNING_WATCHES: readonly Watch[] = [
  {
    rule: "notification/alarm-changed",
    attributes: [
      "azurerm_monitor_activity_log_alert.criteria",
      "azurerm_monitor_activity_log_alert.scopes",
      "azurerm_monitor_metric_alert.criteria",
      "azurerm_monitor_metric_alert.frequency",
      "azurerm_monitor_metric_alert.scopes",
      "azurerm_monitor_metric_alert.severity",
      "azurerm_monitor_metric_alert.window_size",
      "azurerm_monitor_scheduled_query_rules_alert_v2.criteria",
      "azurerm_monitor_scheduled_query_rules_alert_v2.scopes",
      "azurerm_monitor_scheduled_query_rules_alert_v2.severity",
    ],
    message: "The alert watches something else, or judges otherwise",
  },
  {
    rule: "compute/image-changed",
    attributes: [
      "azurerm_container_app.template.container.image",
      "azurerm_container_group.container.image",
      "azurerm_kubernetes_cluster.kubernetes_version",
      "azurerm_kubernetes_cluster_node_pool.orchestrator_version",
    ],
    message: "It runs another image or version",
  },
  {
    rule: "compute/limits-changed",
    attributes: ["azurerm_mssql_database.sku_name", "azurerm_mssql_database.max_size_gb", "azurerm_managed_redis.sku_name"],
    message: "Other limits hold for it",
  },
];
