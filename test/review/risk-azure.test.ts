/** What Azure's resources risk beyond the tables, which risk.test.ts tries out row by row: each is found, and what stands next to it is not. */
import type { Values } from "../../review/model";
import { after, changed, GROUP, one, replaced, rule, SECURITY_RULE, SUBSCRIPTION, tried, VAULT, type Case } from "./risk-azure-builders";
import { resource, risks, rulesOf, type Given } from "./risk-builders";

const ROLE = "azurerm_role_assignment";
const assignment = (values: Values = {}): Values => ({
  role_definition_name: "Key Vault Secrets User",
  scope: VAULT,
  principal_id: "p-1",
  ...values,
});
const role = (...actions: string[]): Values => ({ name: "plan", assignable_scopes: [SUBSCRIPTION], permissions: [{ actions }] });
const token = (subject: string, values: Values = {}): Values => ({
  issuer: "https://token.actions.githubusercontent.com",
  audience: ["api://AzureADTokenExchange"],
  subject,
  ...values,
});
const CASES: readonly Case[] = [
  one(
    "a new rule for a network on the Internet, by which machines are managed",
    { type: SECURITY_RULE, after: rule({ source_address_prefix: "203.0.113.0/24" }) },
    "refusal network/ingress-opened",
    { type: SECURITY_RULE, after: rule({ source_address_prefix: "203.0.113.0/24", destination_port_range: "443" }) },
    "notice network/ingress-added",
  ),
  one(
    "a rule that a network on the Internet is written into",
    changed(
      SECURITY_RULE,
      rule({ destination_port_range: "443" }),
      rule({ destination_port_range: "443", source_address_prefix: "203.0.113.0/24" }),
    ),
    "refusal network/ingress-opened",
    changed(
      SECURITY_RULE,
      rule({ destination_port_range: "443" }),
      rule({ destination_port_range: "443", source_address_prefix: "10.2.0.0/16" }),
    ),
    "notice network/ingress-added",
  ),
  one(
    "a rule that lets in to more ports",
    changed(
      SECURITY_RULE,
      rule({ source_address_prefix: "Internet", destination_port_range: "443" }),
      rule({ source_address_prefix: "*", destination_port_range: "*" }),
    ),
    "refusal network/ingress-opened",
    changed(
      SECURITY_RULE,
      rule({ source_address_prefix: "*", destination_port_range: "*" }),
      rule({ source_address_prefix: "Internet", destination_port_range: "443" }),
    ),
  ),
  one(
    "a network that is half of the Internet",
    { type: SECURITY_RULE, after: rule({ source_address_prefix: "0.0.0.0/1", destination_port_range: "443" }) },
    "refusal network/ingress-opened",
    { type: SECURITY_RULE, after: rule({ source_address_prefix: "AzureLoadBalancer", destination_port_range: "443" }) },
    "notice network/ingress-added",
  ),
  one(
    "a rule outwards to everybody",
    { type: SECURITY_RULE, after: rule({ direction: "Outbound", destination_address_prefix: "Internet" }) },
    "notice network/egress-opened",
    { type: SECURITY_RULE, after: rule({ direction: "Outbound", destination_address_prefix: "VirtualNetwork" }) },
  ),
  one(
    "a rule that held back, and goes",
    { type: SECURITY_RULE, before: rule({ access: "Deny", source_address_prefix: "*" }) },
    "refusal network/ingress-opened",
    { type: SECURITY_RULE, before: rule() },
  ),
  one(
    "a rule that held back, and lets in from now on",
    changed(SECURITY_RULE, rule({ access: "Deny" }), rule()),
    "refusal network/ingress-opened",
    changed(SECURITY_RULE, rule(), rule({ access: "Deny" })),
  ),
  one(
    "a rule that held back, and goes from its group",
    changed(
      "azurerm_network_security_group",
      { name: "a", security_rule: [rule(), rule({ name: "no", access: "Deny" })] },
      { name: "a", security_rule: [rule()] },
    ),
    "refusal network/ingress-opened",
    changed(
      "azurerm_network_security_group",
      { name: "a", security_rule: [rule(), rule({ name: "no", access: "Deny" })] },
      { name: "a", security_rule: [rule({ name: "no", access: "Deny" })] },
    ),
  ),
  one(
    "a rule that is asked after one that lets in",
    changed(SECURITY_RULE, rule({ name: "rest", access: "Deny", priority: 100 }), rule({ name: "rest", access: "Deny", priority: 300 })),
    "refusal network/ingress-opened",
    changed(SECURITY_RULE, rule({ name: "rest", access: "Deny", priority: 100 }), rule({ name: "rest", access: "Deny", priority: 150 })),
    undefined,
    after(rule({ priority: 200 }), rule({ name: "other", network_security_group_name: "data", priority: 120 })),
  ),
  one(
    "a rule that lets in, asked before one that held back",
    changed(SECURITY_RULE, rule({ priority: 300 }), rule({ priority: 100 })),
    "refusal network/ingress-opened",
    changed(SECURITY_RULE, rule({ priority: 300 }), rule({ priority: 250 })),
    undefined,
    after(rule({ name: "rest", access: "Deny", priority: 200 })),
  ),
  one(
    "an account's list of networks that goes",
    { type: "azurerm_storage_account_network_rules", before: { default_action: "Deny" } },
    "refusal network/made-public",
    { type: "azurerm_storage_account_network_rules", before: { default_action: "Allow" } },
  ),
  one(
    "a database for one address on the Internet",
    { type: "azurerm_postgresql_flexible_server_firewall_rule", after: { start_ip_address: "203.0.113.7", end_ip_address: "203.0.113.7" } },
    "refusal network/ingress-opened",
    changed(
      "azurerm_postgresql_flexible_server_firewall_rule",
      { start_ip_address: "203.0.113.7", end_ip_address: "203.0.113.7", name: "a" },
      { start_ip_address: "203.0.113.7", end_ip_address: "203.0.113.7", name: "b" },
    ),
  ),
  one(
    "who gives rights, by the role's id",
    {
      type: ROLE,
      after: assignment({
        role_definition_name: null,
        role_definition_id: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/f58310d9-a9f6-439a-9e8d-f62e7b41a168`,
      }),
    },
    "refusal identity/admin-granted",
    { type: ROLE, after: assignment() },
    "notice identity/access-granted",
  ),
  one(
    "who gives rights without a condition",
    { type: ROLE, after: assignment({ role_definition_name: "User Access Administrator" }) },
    "refusal identity/admin-granted",
    { type: ROLE, after: assignment({ role_definition_name: "User Access Administrator", condition: "((@Request…))" }) },
    "notice identity/admin-granted",
  ),
  one(
    "a contributor of a group",
    { type: ROLE, after: assignment({ role_definition_name: "Contributor", scope: GROUP }) },
    "refusal identity/admin-granted",
    { type: ROLE, after: assignment({ role_definition_name: "Contributor" }) },
    "notice identity/access-granted",
  ),
  one(
    "a role that holds in more than it did",
    replaced(ROLE, assignment(), assignment({ scope: GROUP })),
    "refusal identity/policy-widened",
    replaced(ROLE, assignment({ scope: GROUP }), assignment()),
    "notice identity/access-granted",
  ),
  one(
    "a role whose condition goes",
    replaced(ROLE, assignment({ condition: "x" }), assignment()),
    "refusal identity/policy-widened",
    replaced(ROLE, assignment({ condition: "x" }), assignment({ condition: "y" })),
    "notice identity/policy-unknown",
  ),
  one(
    "a role that may do everything",
    { type: "azurerm_role_definition", after: role("*") },
    "refusal identity/admin-granted",
    { type: "azurerm_role_definition", after: role("*/read") },
    "notice identity/policy-added",
  ),
  one(
    "a role that may do more",
    changed(
      "azurerm_role_definition",
      role("Microsoft.Sql/servers/read"),
      role("Microsoft.Sql/servers/read", "Microsoft.Sql/servers/write"),
    ),
    "refusal identity/policy-widened",
    changed("azurerm_role_definition", role("Microsoft.Sql/servers/*"), role("microsoft.sql/servers/read", "Microsoft.Sql/servers/write")),
  ),
  one(
    "a role that gives rights from now on",
    changed("azurerm_role_definition", role("*/read"), role("*/read", "Microsoft.Authorization/*")),
    "refusal identity/admin-granted",
    changed("azurerm_role_definition", role("*/read"), role("*/read", "Microsoft.Authorization/locks/read")),
  ),
  one(
    "a role from which something was left out",
    changed(
      "azurerm_role_definition",
      { permissions: [{ actions: ["*"], not_actions: ["Microsoft.Authorization/*/write"] }] },
      { permissions: [{ actions: ["*"], not_actions: [] }] },
    ),
    "refusal identity/admin-granted",
    changed(
      "azurerm_role_definition",
      { permissions: [{ actions: ["*"], not_actions: [] }] },
      { permissions: [{ actions: ["*"], not_actions: ["Microsoft.Authorization/*/write"] }] },
    ),
  ),
  one(
    "tokens of every branch",
    changed("azurerm_federated_identity_credential", token("repo:a/b:environment:prod"), token("repo:a/b:ref:refs/heads/main")),
    "refusal identity/trust-widened",
    { type: "azurerm_federated_identity_credential", after: token("repo:a/b:environment:prod") },
    "notice identity/access-granted",
  ),
  one(
    "tokens of another issuer",
    changed("azurerm_federated_identity_credential", token("a"), token("a", { issuer: "https://example.com" })),
    "refusal identity/trust-widened",
    { type: "azurerm_federated_identity_credential", before: token("a") },
  ),
  one(
    "somebody who gets into a vault",
    { type: "azurerm_key_vault_access_policy", after: { object_id: "o", secret_permissions: ["Get"] } },
    "notice identity/access-granted",
    { type: "azurerm_key_vault_access_policy", before: { object_id: "o", secret_permissions: ["Get"] } },
  ),
  one(
    "an account that is copied to the paired region no more",
    changed("azurerm_storage_account", { account_replication_type: "GZRS" }, { account_replication_type: "ZRS" }),
    "refusal data/backups-off",
    changed("azurerm_storage_account", { account_replication_type: "RAGRS" }, { account_replication_type: "GRS" }),
  ),
  one(
    "an account that loses its zones",
    changed("azurerm_storage_account", { account_replication_type: "ZRS" }, { account_replication_type: "LRS" }),
    "notice data/availability-lowered",
    changed("azurerm_storage_account", { account_replication_type: "LRS" }, { account_replication_type: "ZRS" }),
  ),
  one(
    "a vault whose backups stay in one region",
    changed("azurerm_recovery_services_vault", { storage_mode_type: "GeoRedundant" }, { storage_mode_type: "LocallyRedundant" }),
    "refusal data/backups-off",
    changed("azurerm_recovery_services_vault", { storage_mode_type: "LocallyRedundant" }, { storage_mode_type: "GeoRedundant" }),
  ),
  one(
    "weekly backups that are kept for a shorter time",
    changed(
      "azurerm_mssql_database",
      { long_term_retention_policy: [{ weekly_retention: "P12W" }] },
      { long_term_retention_policy: [{ weekly_retention: "P1M" }] },
    ),
    "refusal data/backups-off",
    changed(
      "azurerm_mssql_database",
      { long_term_retention_policy: [{ weekly_retention: "P4W" }] },
      { long_term_retention_policy: [{ weekly_retention: "P1Y" }] },
    ),
  ),
  one(
    "yearly backups that are kept no more",
    changed(
      "azurerm_mssql_database",
      { long_term_retention_policy: [{ yearly_retention: "P5Y" }] },
      { long_term_retention_policy: [{ yearly_retention: "PT0S" }] },
    ),
    "refusal data/backups-off",
    changed(
      "azurerm_mssql_database",
      { long_term_retention_policy: [{ yearly_retention: "PT0S" }] },
      { long_term_retention_policy: [{ yearly_retention: "P5Y" }] },
    ),
  ),
  one("a server without a record", { type: "azurerm_mssql_server", after: { name: "trading" } }, "notice data/audit-log-off", {
    type: "azurerm_mssql_database",
    after: { name: "trading" },
  }),
  one(
    "blobs that are deleted, where they stayed for ever",
    changed(
      "azurerm_storage_management_policy",
      { rule: [{ actions: [{ base_blob: [{ delete_after_days_since_modification_greater_than: -1 }] }] }] },
      { rule: [{ actions: [{ base_blob: [{ delete_after_days_since_modification_greater_than: 30 }] }] }] },
    ),
    "refusal data/expires-sooner",
    changed(
      "azurerm_storage_management_policy",
      { rule: [{ actions: [{ base_blob: [{ delete_after_days_since_modification_greater_than: 30 }] }] }] },
      { rule: [{ actions: [{ base_blob: [{ delete_after_days_since_modification_greater_than: -1 }] }] }] },
    ),
  ),
  one(
    "a lock that goes",
    { type: "azurerm_management_lock", before: { lock_level: "CanNotDelete" } },
    "refusal data/deletion-protection-off",
    { type: "azurerm_management_lock", after: { lock_level: "CanNotDelete" } },
  ),
  one("logs that are kept no more", { type: "azurerm_monitor_diagnostic_setting", before: {} }, "refusal data/audit-log-off", {
    type: "azurerm_monitor_diagnostic_setting",
    after: {},
  }),
  one("an alert that goes", { type: "azurerm_monitor_metric_alert", before: {} }, "refusal notification/alarm-removed", {
    type: "azurerm_monitor_metric_alert",
    after: {},
  }),
  one(
    "a budget that goes",
    { type: "azurerm_consumption_budget_resource_group", before: {} },
    "refusal notification/subscription-removed",
    { type: "azurerm_consumption_budget_resource_group", after: {} },
  ),
  one(
    "rules that stand before a subnet no more",
    { type: "azurerm_subnet_network_security_group_association", before: {} },
    "refusal network/ingress-opened",
    { type: "azurerm_subnet_network_security_group_association", after: {} },
  ),
  one(
    "a database",
    { type: "azurerm_mssql_database", before: { name: "trading" } },
    "refusal data/destroyed",
    { type: "azurerm_user_assigned_identity", before: {} },
    "notice identity/unjudged",
  ),
  one(
    "a vault made anew",
    replaced("azurerm_key_vault", { name: "a" }, { name: "b" }),
    "refusal data/replaced",
    replaced("azurerm_container_app", { name: "a" }, { name: "b" }),
  ),
];

describe("Azure's resources", () => {
  tried(CASES);

  it("a server is not without a record where the plan makes one", () => {
    const server: Given = { type: "azurerm_mssql_server", after: { name: "trading" } };
    expect(rulesOf(risks([server], { after: [resource("azurerm_mssql_server_extended_auditing_policy", "auditing", {})] }))).toEqual([]);
  });

  it("a website's rule in a new group is a notice, and in one that stood it is refused", () => {
    const door: Given = {
      type: SECURITY_RULE,
      after: rule({ name: "web", source_address_prefix: "Internet", destination_port_range: "443" }),
    };
    const group: Given = { type: "azurerm_network_security_group", name: "group", after: { name: "containers" } };
    expect(rulesOf(risks([door, group]))).toEqual(["notice network/ingress-opened"]);
    expect(rulesOf(risks([door]))).toEqual(["refusal network/ingress-opened"]);
    expect(rulesOf(risks([{ ...door, after: { ...door.after, destination_port_range: "22" } }, group]))).toEqual([
      "refusal network/ingress-opened",
    ]);
  });
});
