/** Azure's and Google's gravest openings: each is refused, and what stands next to it is not. */
import type { Values } from "../../review/model";
import { risks, rulesOf, type Given } from "./risk-builders";

type Case = readonly [what: string, type: string, rule: string, opened: Values, neighbour: Values];

const door = {
  name: "ssh",
  access: "Allow",
  direction: "Inbound",
  protocol: "Tcp",
  destination_port_range: "22",
  source_address_prefix: "*",
};
const firewall = { name: "ssh", direction: "INGRESS", source_ranges: ["0.0.0.0/0"], allow: [{ protocol: "tcp", ports: ["22"] }] };
const policy = (role: string, member: string) => ({ policy_data: JSON.stringify({ bindings: [{ role, members: [member] }] }) });

const CASES: readonly Case[] = [
  [
    "a rule from anywhere",
    "azurerm_network_security_rule",
    "network/ingress-opened",
    door,
    { ...door, source_address_prefix: "10.0.0.0/8" },
  ],
  [
    "a rule from the Internet",
    "azurerm_network_security_rule",
    "network/ingress-opened",
    { ...door, source_address_prefix: "Internet" },
    { ...door, access: "Deny" },
  ],
  [
    "a rule from a list with everybody",
    "azurerm_network_security_rule",
    "network/ingress-opened",
    { ...door, source_address_prefix: null, source_address_prefixes: ["10.0.0.0/8", "0.0.0.0/0"] },
    { ...door, direction: "Outbound" },
  ],
  [
    "a rule within its group",
    "azurerm_network_security_group",
    "network/ingress-opened",
    { name: "web", security_rule: [door] },
    { name: "web", security_rule: [{ ...door, source_address_prefix: "VirtualNetwork" }] },
  ],
  [
    "a database server for the Internet",
    "azurerm_mssql_server",
    "network/made-public",
    { public_network_access_enabled: true },
    { public_network_access_enabled: false },
  ],
  [
    "a database server with an administrator's password",
    "azurerm_mssql_server",
    "identity/trust-widened",
    { administrator_login: "sqladmin", public_network_access_enabled: false },
    { azuread_administrator: [{ azuread_authentication_only: true }], public_network_access_enabled: false },
  ],
  [
    "a database server that takes passwords as well",
    "azurerm_mssql_server",
    "identity/trust-widened",
    { azuread_administrator: [{ azuread_authentication_only: false }] },
    { azuread_administrator: [{ azuread_authentication_only: true }] },
  ],
  [
    "a database for every machine on Azure",
    "azurerm_mssql_firewall_rule",
    "network/ingress-opened",
    { start_ip_address: "0.0.0.0", end_ip_address: "0.0.0.0" },
    { start_ip_address: "10.1.1.4", end_ip_address: "10.1.1.4" },
  ],
  [
    "a database for the Internet",
    "azurerm_mssql_firewall_rule",
    "network/ingress-opened",
    { start_ip_address: "0.0.0.0", end_ip_address: "255.255.255.255" },
    { start_ip_address: "10.0.0.0", end_ip_address: "10.255.255.255" },
  ],
  [
    "a vault for the Internet",
    "azurerm_key_vault",
    "network/made-public",
    { public_network_access_enabled: true },
    { public_network_access_enabled: false },
  ],
  [
    "Redis for the Internet",
    "azurerm_managed_redis",
    "network/made-public",
    { public_network_access: "Enabled" },
    { public_network_access: "Disabled" },
  ],
  [
    "container apps for the Internet",
    "azurerm_container_app_environment",
    "network/made-public",
    { public_network_access: "Enabled" },
    { public_network_access: "Disabled" },
  ],
  [
    "an account with public containers",
    "azurerm_storage_account",
    "network/made-public",
    { allow_nested_items_to_be_public: true },
    { allow_nested_items_to_be_public: false },
  ],
  [
    "an account for every network",
    "azurerm_storage_account",
    "network/made-public",
    { network_rules: [{ default_action: "Allow" }] },
    { network_rules: [{ default_action: "Deny", ip_rules: ["203.0.113.7"] }] },
  ],
  [
    "an account's rules for every network",
    "azurerm_storage_account_network_rules",
    "network/made-public",
    { default_action: "Allow" },
    { default_action: "Deny" },
  ],
  [
    "a public container",
    "azurerm_storage_container",
    "network/policy-public",
    { container_access_type: "blob" },
    { container_access_type: "private" },
  ],
  [
    "an owner",
    "azurerm_role_assignment",
    "identity/admin-granted",
    { role_definition_name: "Owner", scope: "/subscriptions/1" },
    { role_definition_name: "Reader", scope: "/subscriptions/1" },
  ],
  [
    "an owner by the role's id",
    "azurerm_role_assignment",
    "identity/admin-granted",
    { role_definition_id: "/subscriptions/1/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635" },
    { role_definition_id: "/subscriptions/1/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7" },
  ],
  [
    "a firewall for everybody",
    "google_compute_firewall",
    "network/ingress-opened",
    firewall,
    { ...firewall, source_ranges: ["10.0.0.0/8"] },
  ],
  [
    "a firewall for everybody, by IPv6",
    "google_compute_firewall",
    "network/ingress-opened",
    { ...firewall, source_ranges: ["::/0"] },
    { ...firewall, disabled: true },
  ],
  [
    "a firewall that allows",
    "google_compute_firewall",
    "network/ingress-opened",
    firewall,
    { ...firewall, allow: [], deny: [{ protocol: "all" }] },
  ],
  [
    "a bucket for everybody",
    "google_storage_bucket_iam_member",
    "network/policy-public",
    { role: "roles/storage.objectViewer", member: "allUsers" },
    { role: "roles/storage.objectViewer", member: "user:a@example.com" },
  ],
  [
    "a bucket for every account",
    "google_storage_bucket_iam_binding",
    "network/policy-public",
    { role: "roles/storage.admin", members: ["allAuthenticatedUsers"] },
    { role: "roles/storage.admin", members: ["domain:example.com"] },
  ],
  [
    "a bucket's policy for everybody",
    "google_storage_bucket_iam_policy",
    "network/policy-public",
    policy("roles/storage.objectViewer", "allUsers"),
    policy("roles/storage.objectViewer", "user:a@example.com"),
  ],
  [
    "an owner of a project",
    "google_project_iam_member",
    "identity/admin-granted",
    { role: "roles/owner", member: "user:a@example.com" },
    { role: "roles/viewer", member: "user:a@example.com" },
  ],
  [
    "owners of a folder",
    "google_folder_iam_binding",
    "identity/admin-granted",
    { role: "roles/owner", members: ["user:a@example.com"] },
    { role: "roles/owner", members: [] },
  ],
  [
    "an owner in a project's policy",
    "google_project_iam_policy",
    "identity/admin-granted",
    policy("roles/owner", "user:a@example.com"),
    policy("roles/browser", "user:a@example.com"),
  ],
];

const told = (given: Given) => rulesOf(risks([given]));

describe("openings of other clouds", () => {
  it.each(CASES)("%s: %s, refused as %s; its neighbour passes", (_, type, rule, opened, neighbour) => {
    expect(told({ type, after: opened })).toContain(`refusal ${rule}`);
    expect(told({ type, before: neighbour, after: opened })).toContain(`refusal ${rule}`);
    expect(told({ type, after: neighbour })).not.toContain(`refusal ${rule}`);
    // What stood open before is no news, and what is taken away opens nothing.
    expect(told({ type, before: opened, after: { ...opened, description: "another" } })).not.toContain(`refusal ${rule}`);
    expect(told({ type, before: opened })).not.toContain(`refusal ${rule}`);
  });
});
