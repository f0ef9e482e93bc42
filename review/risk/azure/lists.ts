/** Lists of Azure's resources, of which each item opens or keeps something. */
import type { ListGuard } from "../guard";
import { becomes, isLower, isTurnedOn, lists, listsNoMore, type AtLeast } from "../items";

/** What a firewall does with requests that a rule of one's own speaks of, by the two types that have such. */
const CUSTOM_RULE = {
  key: ["name"],
  fields: { action: becomes("Block"), enabled: isTurnedOn, rate_limit_threshold: isLower },
  only: ({ action }: Readonly<Record<string, unknown>>) => action !== "Allow",
};

/** Microsoft's own rules took the place of OWASP's. https://learn.microsoft.com/azure/web-application-firewall/ag/application-gateway-crs-rulegroups-rules */
const isSuccessor: AtLeast = (one, other) => one === "Microsoft_DefaultRuleSet" && (other === "OWASP" || other === "DefaultRuleSet");
const isLaterVersion: AtLeast = (one, other, [{ type }, { type: otherType }]) => type !== otherType || Number(one) >= Number(other);

/** A group of categories holds each of its own. https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings */
const isAllLogs: AtLeast = (_, __, [one]) => one.category_group === "allLogs";

/** Lists whose items each open or close something. */
export const AZURE_NETWORK_LISTS: readonly ListGuard[] = [
  {
    rule: "network/firewall-weakened",
    attributes: ["azurerm_web_application_firewall_policy.custom_rules", "azurerm_cdn_frontdoor_firewall_policy.custom_rule"],
    bad: "shrinks",
    message: "The firewall loses rules",
    ...CUSTOM_RULE,
  },
  {
    rule: "network/firewall-weakened",
    attributes: [
      "azurerm_web_application_firewall_policy.managed_rules.managed_rule_set",
      "azurerm_cdn_frontdoor_firewall_policy.managed_rule",
    ],
    bad: "shrinks",
    message: "The firewall loses rules",
    key: ["type"],
    fields: {
      type: isSuccessor,
      version: isLaterVersion,
      action: becomes("Block"),
      exclusion: listsNoMore,
      override: listsNoMore,
      rule_group_override: listsNoMore,
    },
  },
  {
    rule: "network/firewall-weakened",
    attributes: ["azurerm_web_application_firewall_policy.managed_rules.exclusion"],
    bad: "grows",
    message: "The firewall no longer looks at some part of requests",
  },
  {
    rule: "network/ingress-opened",
    attributes: [
      "azurerm_cosmosdb_account.ip_range_filter",
      "azurerm_kubernetes_cluster.api_server_access_profile.authorized_ip_ranges",
      "azurerm_storage_account.network_rules.ip_rules",
      "azurerm_storage_account_network_rules.ip_rules",
      "azurerm_key_vault.network_acls.ip_rules",
    ],
    bad: "grows",
    message: "More networks may connect",
  },
  {
    rule: "network/ingress-added",
    attributes: [
      "azurerm_storage_account.network_rules.virtual_network_subnet_ids",
      "azurerm_storage_account_network_rules.virtual_network_subnet_ids",
      "azurerm_key_vault.network_acls.virtual_network_subnet_ids",
    ],
    bad: "grows",
    message: "More subnets may connect",
  },
  {
    rule: "network/tls-weakened",
    attributes: ["azurerm_application_gateway.ssl_policy.disabled_protocols"],
    bad: "shrinks",
    message: "Old versions of TLS are accepted again",
  },
];

export const AZURE_IDENTITY_LISTS: readonly ListGuard[] = [
  {
    rule: "identity/policy-widened",
    attributes: [
      "azurerm_key_vault_access_policy.certificate_permissions",
      "azurerm_key_vault_access_policy.key_permissions",
      "azurerm_key_vault_access_policy.secret_permissions",
      "azurerm_key_vault_access_policy.storage_permissions",
    ],
    bad: "grows",
    message: "Somebody may do more with the vault",
  },
  {
    rule: "identity/policy-widened",
    attributes: ["azurerm_key_vault.access_policy"],
    bad: "grows",
    message: "Somebody gets into the vault, or may do more with it",
    key: ["object_id", "application_id", "tenant_id"],
    fields: { certificate_permissions: lists, key_permissions: lists, secret_permissions: lists, storage_permissions: lists },
  },
  {
    rule: "identity/policy-widened",
    attributes: ["azurerm_role_definition.assignable_scopes"],
    bad: "grows",
    message: "The role may be given in more places",
  },
  {
    rule: "identity/admin-granted",
    attributes: ["azurerm_kubernetes_cluster.azure_active_directory_role_based_access_control.admin_group_object_ids"],
    bad: "grows",
    message: "A group becomes administrator of the cluster",
  },
  {
    rule: "identity/access-granted",
    attributes: [
      "azurerm_container_app.identity.identity_ids",
      "azurerm_container_group.identity.identity_ids",
      "azurerm_application_gateway.identity.identity_ids",
      "azurerm_kubernetes_cluster.identity.identity_ids",
      "azurerm_linux_virtual_machine.identity.identity_ids",
      "azurerm_linux_function_app.identity.identity_ids",
      "azurerm_linux_function_app_slot.identity.identity_ids",
      "azurerm_linux_web_app.identity.identity_ids",
      "azurerm_linux_web_app_slot.identity.identity_ids",
      "azurerm_windows_function_app.identity.identity_ids",
      "azurerm_windows_function_app_slot.identity.identity_ids",
      "azurerm_windows_web_app.identity.identity_ids",
      "azurerm_windows_web_app_slot.identity.identity_ids",
      "azurerm_windows_virtual_machine.identity.identity_ids",
    ],
    bad: "grows",
    message: "It gets the rights of another identity",
  },
];

export const AZURE_DATA_LISTS: readonly ListGuard[] = [
  {
    rule: "data/backups-off",
    attributes: ["azurerm_container_registry.georeplications", "azurerm_cosmosdb_account.geo_location"],
    bad: "shrinks",
    message: "There are fewer copies in other regions",
    key: ["location"],
    fields: { zone_redundancy_enabled: isTurnedOn, zone_redundant: isTurnedOn },
  },
  {
    rule: "data/availability-lowered",
    attributes: ["azurerm_application_gateway.zones", "azurerm_public_ip.zones", "azurerm_kubernetes_cluster.default_node_pool.zones"],
    bad: "shrinks",
    message: "It stands in fewer zones",
  },
  {
    rule: "data/audit-log-off",
    attributes: [
      "azurerm_monitor_diagnostic_setting.enabled_log",
      "azurerm_mssql_server_extended_auditing_policy.audit_actions_and_groups",
    ],
    bad: "shrinks",
    message: "Something is no longer written down",
    fields: { category: isAllLogs, category_group: isAllLogs },
  },
];

export const AZURE_NOTIFICATION_LISTS: readonly ListGuard[] = [
  {
    rule: "notification/alarm-silenced",
    attributes: [
      "azurerm_monitor_metric_alert.action",
      "azurerm_monitor_activity_log_alert.action",
      "azurerm_monitor_scheduled_query_rules_alert_v2.action.action_groups",
    ],
    bad: "shrinks",
    message: "The alert tells fewer than before",
    key: ["action_group_id"],
  },
  ...(
    [
      ["azurerm_monitor_action_group.arm_role_receiver", "role_id"],
      ["azurerm_monitor_action_group.azure_app_push_receiver", "email_address"],
      ["azurerm_monitor_action_group.email_receiver", "email_address"],
      ["azurerm_monitor_action_group.logic_app_receiver", "resource_id"],
      ["azurerm_monitor_action_group.sms_receiver", "phone_number"],
      ["azurerm_monitor_action_group.voice_receiver", "phone_number"],
      ["azurerm_monitor_action_group.webhook_receiver", "service_uri"],
    ] as const
  ).map(([attribute, whom]): ListGuard => ({
    rule: "notification/subscription-removed",
    attributes: [attribute],
    bad: "shrinks",
    message: "Somebody is told no more",
    key: [whom],
    fields: { use_common_alert_schema: isTurnedOn },
  })),
  {
    rule: "notification/subscription-removed",
    attributes: ["azurerm_consumption_budget_resource_group.notification", "azurerm_consumption_budget_subscription.notification"],
    bad: "shrinks",
    message: "Less is told of costs, or fewer are",
    fields: { threshold: isLower, contact_emails: lists, contact_groups: lists, contact_roles: lists, enabled: isTurnedOn },
  },
];
