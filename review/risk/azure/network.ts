/** Who reaches Azure's resources: public addresses, TLS, firewalls of requests. */
import { isSet, off, on, oneOf, type Guard } from "../guard";
import { first, textAt } from "../reading";

/** Azure leaves most switches as they are where nobody says anything; a plan has what the provider then writes. */
export const onUnlessSaid = (value: unknown): boolean => value === undefined || on(value);
export const not =
  (...bad: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value !== "string" || !bad.includes(value);
export const oneOfOrUnset =
  (...good: readonly string[]) =>
  (value: unknown): boolean =>
    value === undefined || oneOf(...good)(value);

const PUBLIC = "It can be asked from the whole Internet";
const EVERY_NETWORK = "Every network may connect, where only some could";
export const OLD_TLS = "Connections by TLS older than 1.2 are accepted";
const FIREWALL = "The firewall only writes down what it should refuse";

export const AZURE_NETWORK_GUARDS: readonly Guard[] = [
  {
    rule: "network/made-public",
    attributes: ["azurerm_mssql_server.public_network_access_enabled", "azurerm_postgresql_flexible_server.public_network_access_enabled"],
    safe: off,
    message: PUBLIC,
  },
  {
    rule: "network/made-public",
    attributes: ["azurerm_key_vault.public_network_access_enabled"],
    safe: off,
    message: PUBLIC,
    unless: (values) => textAt(values, "azurerm_key_vault.network_acls.default_action") === "Deny",
  },
  {
    rule: "network/made-public",
    attributes: ["azurerm_redis_cache.public_network_access_enabled"],
    safe: off,
    message: PUBLIC,
    unless: (values) => isSet(first(values, "azurerm_redis_cache.subnet_id")),
  },
  {
    rule: "network/made-public",
    attributes: ["azurerm_cosmosdb_account.public_network_access_enabled"],
    safe: off,
    message: PUBLIC,
    unless: (values) =>
      on(first(values, "azurerm_cosmosdb_account.is_virtual_network_filter_enabled")) ||
      isSet(first(values, "azurerm_cosmosdb_account.ip_range_filter")),
  },
  {
    rule: "network/made-public",
    attributes: ["azurerm_cosmosdb_account.is_virtual_network_filter_enabled"],
    safe: on,
    onCreate: false,
    message: EVERY_NETWORK,
  },
  {
    rule: "network/made-public",
    attributes: ["azurerm_cosmosdb_account.ip_range_filter", "azurerm_redis_cache.subnet_id"],
    safe: isSet,
    onCreate: false,
    message: EVERY_NETWORK,
  },
  {
    rule: "network/made-public",
    attributes: ["azurerm_managed_redis.public_network_access"],
    safe: not("Enabled"),
    message: PUBLIC,
  },
  {
    rule: "network/made-public",
    attributes: ["azurerm_container_app_environment.public_network_access", "azurerm_mysql_flexible_server.public_network_access"],
    safe: not("Enabled"),
    unsafeByItself: true,
    message: PUBLIC,
  },
  {
    // Public unless told otherwise, and often meant to be: only that one becomes so is told.
    rule: "network/made-public",
    attributes: [
      "azurerm_cognitive_account.public_network_access_enabled",
      "azurerm_container_registry.public_network_access_enabled",
      "azurerm_eventhub_namespace.public_network_access_enabled",
      "azurerm_managed_disk.public_network_access_enabled",
      "azurerm_recovery_services_vault.public_network_access_enabled",
      "azurerm_search_service.public_network_access_enabled",
      "azurerm_servicebus_namespace.public_network_access_enabled",
      "azurerm_storage_account.public_network_access_enabled",
    ],
    safe: off,
    onCreate: false,
    message: "It answers on a public address, as far as its own network rules let somebody in",
  },
  {
    rule: "network/made-public",
    attributes: ["azurerm_storage_account.network_rules.default_action", "azurerm_storage_account_network_rules.default_action"],
    safe: not("Allow"),
    message: EVERY_NETWORK,
  },
  {
    // What is not public at all may well have no list.
    rule: "network/made-public",
    attributes: [
      "azurerm_cognitive_account.network_acls.default_action",
      "azurerm_container_registry.network_rule_set.default_action",
      "azurerm_eventhub_namespace.network_rulesets.default_action",
      "azurerm_key_vault.network_acls.default_action",
      "azurerm_servicebus_namespace.network_rule_set.default_action",
    ],
    safe: not("Allow"),
    onCreate: false,
    message: EVERY_NETWORK,
  },
  {
    rule: "network/made-public",
    attributes: ["azurerm_storage_account.allow_nested_items_to_be_public"],
    safe: off,
    message: "Its containers may be opened to everybody, without a key",
  },
  {
    rule: "network/policy-public",
    attributes: ["azurerm_storage_container.container_access_type"],
    safe: not("blob", "container"),
    message: "Everybody may read what the container holds, without a key",
  },
  {
    rule: "network/policy-public",
    attributes: ["azurerm_container_registry.anonymous_pull_enabled"],
    safe: off,
    message: "Everybody may pull its images, without a password",
  },
  {
    rule: "network/made-public",
    attributes: ["azurerm_container_group.ip_address_type"],
    safe: not("Public"),
    message: "The containers get a public address",
  },
  {
    rule: "network/made-public",
    attributes: ["azurerm_container_app_environment.internal_load_balancer_enabled"],
    safe: on,
    onCreate: false,
    message: "The load balancer of all its apps gets a public address",
  },
  {
    rule: "network/made-public",
    attributes: ["azurerm_container_app.ingress.external_enabled"],
    safe: off,
    onCreate: false,
    message: "It can be reached from outside of its environment",
  },
  {
    rule: "network/made-public",
    attributes: ["azurerm_kubernetes_cluster.private_cluster_enabled"],
    safe: on,
    onCreate: false,
    message: "The Kubernetes API gets a public address",
  },
  {
    rule: "network/made-public",
    attributes: ["azurerm_kubernetes_cluster.api_server_access_profile.authorized_ip_ranges"],
    safe: isSet,
    onCreate: false,
    message: "The whole Internet may connect to the Kubernetes API",
  },
  {
    rule: "network/made-public",
    attributes: [
      "azurerm_kubernetes_cluster.default_node_pool.node_public_ip_enabled",
      "azurerm_kubernetes_cluster_node_pool.node_public_ip_enabled",
    ],
    safe: off,
    message: "Every node gets a public address",
  },
  {
    rule: "network/made-public",
    attributes: ["azurerm_kubernetes_cluster.http_application_routing_enabled"],
    safe: off,
    message: "Microsoft's own ingress, meant for trying out, opens what asks for it to the Internet",
  },
  {
    rule: "network/ingress-opened",
    attributes: ["azurerm_kubernetes_cluster.network_profile.network_policy"],
    safe: isSet,
    onCreate: false,
    message: "Pods are no longer held apart: nobody enforces network policies",
  },
  {
    rule: "network/egress-opened",
    attributes: ["azurerm_kubernetes_cluster.network_profile.outbound_type"],
    safe: not("loadBalancer", "managedNATGateway", "userAssignedNATGateway"),
    onCreate: false,
    message: "Nodes get to the Internet past the route that their subnet has",
  },
  {
    rule: "network/tls-weakened",
    attributes: ["azurerm_storage_account.min_tls_version"],
    safe: oneOfOrUnset("TLS1_2", "TLS1_3"),
    message: OLD_TLS,
  },
  {
    rule: "network/tls-weakened",
    attributes: [
      "azurerm_eventhub_namespace.minimum_tls_version",
      "azurerm_mssql_server.minimum_tls_version",
      "azurerm_redis_cache.minimum_tls_version",
      "azurerm_servicebus_namespace.minimum_tls_version",
    ],
    safe: oneOfOrUnset("1.2", "1.3"),
    message: OLD_TLS,
  },
  {
    rule: "network/tls-weakened",
    attributes: ["azurerm_cosmosdb_account.minimal_tls_version"],
    safe: oneOfOrUnset("Tls12"),
    message: OLD_TLS,
  },
  {
    rule: "network/tls-weakened",
    attributes: ["azurerm_application_gateway.ssl_policy.min_protocol_version"],
    safe: oneOfOrUnset("TLSv1_2", "TLSv1_3"),
    message: OLD_TLS,
  },
  {
    // https://learn.microsoft.com/azure/application-gateway/application-gateway-ssl-policy-overview
    rule: "network/tls-weakened",
    attributes: ["azurerm_application_gateway.ssl_policy.policy_name"],
    safe: not("AppGwSslPolicy20150501", "AppGwSslPolicy20170401"),
    message: OLD_TLS,
  },
  {
    rule: "network/tls-weakened",
    attributes: ["azurerm_storage_account.https_traffic_only_enabled"],
    safe: onUnlessSaid,
    message: "Connections in clear are accepted",
  },
  {
    rule: "network/tls-weakened",
    attributes: ["azurerm_redis_cache.non_ssl_port_enabled"],
    safe: off,
    message: "Connections in clear are accepted",
  },
  {
    rule: "network/tls-weakened",
    attributes: ["azurerm_managed_redis.default_database.client_protocol"],
    safe: not("Plaintext"),
    message: "Connections in clear are accepted",
  },
  {
    rule: "network/tls-weakened",
    attributes: ["azurerm_container_app.ingress.allow_insecure_connections"],
    safe: off,
    onCreate: false,
    message: "Connections in clear are accepted",
  },
  {
    rule: "network/firewall-weakened",
    attributes: ["azurerm_web_application_firewall_policy.policy_settings.mode", "azurerm_cdn_frontdoor_firewall_policy.mode"],
    safe: not("Detection"),
    message: FIREWALL,
  },
  {
    rule: "network/firewall-weakened",
    attributes: ["azurerm_application_gateway.waf_configuration.firewall_mode"],
    safe: not("Detection"),
    message: FIREWALL,
  },
  {
    rule: "network/firewall-weakened",
    attributes: [
      "azurerm_web_application_firewall_policy.policy_settings.enabled",
      "azurerm_cdn_frontdoor_firewall_policy.enabled",
      "azurerm_application_gateway.waf_configuration.enabled",
    ],
    safe: onUnlessSaid,
    message: "The firewall looks at no request",
  },
  {
    rule: "network/firewall-weakened",
    attributes: ["azurerm_application_gateway.firewall_policy_id"],
    safe: isSet,
    onCreate: false,
    message: "No firewall stands in front of it",
  },
];
