/** The gateway, and what watches: Log Analytics, Application Insights, who is told, the budget (AZR-001). */
import type { Block } from "../helpers/synth";
import { azureEnvironment, azureStacks, bareResource, bareResources } from "../helpers/azure";

const { edge, monitor } = azureStacks(azureEnvironment("azure-prod"));
const gateway = bareResource(edge!, "azurerm_application_gateway");

it("requests come by TLS, through the firewall, and from one place to another by their path", () => {
  expect(gateway).toMatchObject({
    sku: { name: "WAF_v2", tier: "WAF_v2" },
    zones: ["1", "2", "3"],
    firewall_policy_id: "gateway_firewall.id",
    ssl_policy: { policy_type: "Predefined", policy_name: "AppGwSslPolicy20220101S" },
    ssl_certificate: [{ name: "certificate", key_vault_secret_id: "data:key_vaultvault.vault_urisecrets/day-trade-tls" }],
    autoscale_configuration: { min_capacity: 0, max_capacity: 10 },
    redirect_configuration: [
      { name: "to-https", redirect_type: "Permanent", target_listener_name: "https", include_path: true, include_query_string: true },
    ],
    request_routing_rule: [
      { name: "http", rule_type: "Basic", http_listener_name: "http", redirect_configuration_name: "to-https" },
      { name: "https", rule_type: "PathBasedRouting", http_listener_name: "https", url_path_map_name: "services" },
    ],
    backend_address_pool: [
      { name: "nobody" },
      { name: "ml", fqdns: ["ml.services:container_app_environmentenvironment.default_domain"] },
      { name: "data", fqdns: ["data.services:container_app_environmentenvironment.default_domain"] },
    ],
    url_path_map: [
      {
        default_backend_address_pool_name: "nobody",
        path_rule: [
          { name: "ml", paths: ["/ml/*"], backend_address_pool_name: "ml" },
          { name: "data", paths: ["/data/*"], backend_address_pool_name: "data" },
        ],
      },
    ],
  });
});

it("backends are asked whether they are ready, by TLS and their own names", () => {
  expect((gateway.probe as Block[]).map(({ name, path, protocol }) => [name, path, protocol])).toEqual([
    ["ml", "/ready", "Https"],
    ["data", "/ready", "Https"],
  ]);
  for (const settings of gateway.backend_http_settings as Block[])
    expect(settings).toMatchObject({
      protocol: "Https",
      port: 443,
      pick_host_name_from_backend_address: true,
      cookie_based_affinity: "Disabled",
    });
});

it("the path whose route has the lower priority is tried first", () => {
  const stacks = azureStacks(azureEnvironment("azure-prod", { "services.data.route.priority": 50 }));
  const [{ path_rule: rules }] = bareResource(stacks.edge!, "azurerm_application_gateway").url_path_map as [{ path_rule: Block[] }];
  expect(rules.map(({ name }) => name)).toEqual(["data", "ml"]);
});

it("the firewall refuses, and stops who asks too often", () => {
  expect(bareResource(edge!, "azurerm_web_application_firewall_policy")).toMatchObject({
    policy_settings: { enabled: true, mode: "Prevention", request_body_check: true },
    managed_rules: {
      managed_rule_set: [
        { type: "Microsoft_DefaultRuleSet", version: "2.1" },
        { type: "Microsoft_BotManagerRuleSet", version: "1.1" },
      ],
    },
    custom_rules: [{ rule_type: "RateLimitRule", action: "Block", rate_limit_duration: "FiveMins", rate_limit_threshold: 2000 }],
  });
});

it("the gateway reads its certificate and nothing else", () => {
  expect(bareResource(edge!, "azurerm_role_assignment")).toMatchObject({
    role_definition_name: "Key Vault Secrets User",
    scope: "data:key_vaultvault.id/secrets/day-trade-tls",
    principal_id: "gateway_identity.principal_id",
  });
});

it("where logs and traces go nobody has a key", () => {
  expect(bareResource(monitor!, "azurerm_log_analytics_workspace")).toMatchObject({
    sku: "PerGB2018",
    retention_in_days: 90,
    local_authentication_enabled: false,
  });
  expect(bareResource(monitor!, "azurerm_application_insights")).toMatchObject({
    workspace_id: "observing_workspace.id",
    local_authentication_disabled: true,
  });
});

it("people are told of alerts, and of the budget at 80 % and at the whole of it", () => {
  expect(bareResource(monitor!, "azurerm_monitor_action_group").email_receiver).toEqual([
    { name: "trading-ops@example.com", email_address: "trading-ops@example.com", use_common_alert_schema: true },
  ]);
  expect(bareResource(monitor!, "azurerm_consumption_budget_resource_group")).toEqual({
    name: "month",
    resource_group_id: expect.stringContaining("resource_groupgroupid}") as unknown,
    amount: 1000,
    time_grain: "Monthly",
    time_period: { start_date: "2026-12-01T00:00:00Z" },
    notification: [80, 100].map((threshold) => ({
      threshold,
      threshold_type: "Actual",
      operator: "GreaterThan",
      contact_emails: ["trading-ops@example.com"],
    })),
  });
});

it("the network's logs go there too", () => {
  expect(
    Object.values(bareResources(monitor!, "azurerm_monitor_diagnostic_setting")).map(({ target_resource_id: target }) => target),
  ).toEqual([
    "flow-log_account.id/blobServices/default",
    "flow-log_account.id",
    "network:public_ipnetwork_nat-address.id",
    "network:virtual_networknetwork.id",
    ...["containers", "database", "gateway", "instances"].map((name) => `network:network_security_groupnetwork_security-${name}_group.id`),
  ]);
});
