/** Lists of Azure's resources item by item: what goes or comes is found, and what becomes stronger under the same key is not. */
import type { Values } from "../../review/model";
import { changed, created, one, tried } from "./risk-azure-builders";
import { resource, risks, rulesOf } from "./risk-builders";

const FIREWALL = "azurerm_web_application_firewall_policy";
const BUDGET = "azurerm_consumption_budget_resource_group";
const GROUP = "azurerm_monitor_action_group";
const LOGS = "azurerm_monitor_diagnostic_setting";
const VAULT = "azurerm_key_vault";
const APP = "azurerm_container_app";
const LIFECYCLE = "azurerm_storage_management_policy";

const custom = (...rules: object[]): Values => ({ custom_rules: rules });
const block = (values: object = {}) => ({ name: "rate", priority: 1, action: "Block", rate_limit_threshold: 1000, ...values });
const managed = (type: string, version: string, values: object = {}): Values => ({
  managed_rules: [{ managed_rule_set: [{ type, version, rule_group_override: [], ...values }] }],
});
const told = (threshold: number, contact_emails: string[]): Values => ({
  notification: [{ threshold, operator: "GreaterThan", contact_emails, enabled: true }],
});
const by = (values: object): Values => ({
  email_receiver: [{ name: "a", email_address: "a@example.com", use_common_alert_schema: false, ...values }],
});
const logs = (...enabled_log: object[]): Values => ({ enabled_log });
const may = (...access_policy: object[]): Values => ({ access_policy });
const restricted = (action: string, ...networks: string[]): Values => ({
  ingress: [{ ip_security_restriction: networks.map((ip_address_range) => ({ name: ip_address_range, action, ip_address_range })) }],
});
const ageing = (...rules: readonly { readonly days: number; readonly prefixes?: string[]; readonly enabled?: boolean }[]): Values => ({
  storage_account_id: "/accounts/a",
  rule: rules.map(({ days, prefixes = [], enabled = true }, index) => ({
    name: String(index),
    enabled,
    filters: [{ blob_types: ["blockBlob"], prefix_match: prefixes }],
    actions: [{ base_blob: [{ delete_after_days_since_modification_greater_than: days }] }],
  })),
});
const WEAKER = "refusal network/firewall-weakened";
const OPENED = "refusal network/ingress-opened";
const SOONER = "refusal data/expires-sooner";

describe("a firewall of requests:", () => {
  tried([
    one(
      "holds back later",
      changed(FIREWALL, custom(block()), custom(block({ rate_limit_threshold: 5000 }))),
      WEAKER,
      changed(FIREWALL, custom(block()), custom(block({ rate_limit_threshold: 100 }))),
    ),
    one(
      "only writes down",
      changed(FIREWALL, custom(block()), custom(block({ action: "Log" }))),
      WEAKER,
      changed(FIREWALL, custom(block({ action: "Log" })), custom(block())),
    ),
    one(
      "asks otherwise under a name",
      changed(FIREWALL, custom(block()), custom(block({ match_conditions: [{ operator: "Any" }] }))),
      "notice network/firewall-weakened",
      changed(FIREWALL, custom(block()), custom(block(), block({ name: "more" }))),
    ),
    one(
      "lets past all its other rules",
      changed(FIREWALL, custom(block()), custom(block(), { name: "all", action: "Allow", match_conditions: [{ operator: "Any" }] })),
      WEAKER,
      changed(FIREWALL, custom(block(), { name: "all", action: "Allow" }), custom(block())),
    ),
    one(
      "goes back a version",
      changed(FIREWALL, managed("OWASP", "3.2"), managed("OWASP", "3.1")),
      WEAKER,
      changed(FIREWALL, managed("OWASP", "3.1"), managed("OWASP", "3.2")),
    ),
    one(
      "goes back to the older rules",
      changed(FIREWALL, managed("Microsoft_DefaultRuleSet", "2.1"), managed("OWASP", "3.2")),
      WEAKER,
      changed(FIREWALL, managed("OWASP", "3.2"), managed("Microsoft_DefaultRuleSet", "2.1")),
    ),
    one(
      "leaves a rule out",
      changed(FIREWALL, managed("OWASP", "3.2"), managed("OWASP", "3.2", { rule_group_override: [{ rule_group_name: "SQLI" }] })),
      WEAKER,
      changed(FIREWALL, managed("OWASP", "3.2", { rule_group_override: [{ rule_group_name: "SQLI" }] }), managed("OWASP", "3.2")),
    ),
  ]);
});

describe("who is told:", () => {
  tried([
    one(
      "of costs, later",
      changed(BUDGET, told(80, ["a"]), told(90, ["a"])),
      "refusal notification/subscription-removed",
      changed(BUDGET, told(90, ["a"]), told(80, ["a", "b"])),
    ),
    one(
      "of costs, fewer",
      changed(BUDGET, told(80, ["a", "b"]), told(80, ["a"])),
      "refusal notification/subscription-removed",
      changed(BUDGET, told(80, ["a"]), told(80, ["a"])),
    ),
    one(
      "of alerts, another",
      changed(GROUP, by({}), by({ email_address: "b@example.com" })),
      "refusal notification/subscription-removed",
      changed(GROUP, by({}), by({ use_common_alert_schema: true })),
    ),
    one(
      "of alerts, under another name",
      changed(GROUP, by({}), by({ name: "b" })),
      "notice notification/subscription-removed",
      changed(GROUP, by({}), by({})),
    ),
  ]);
});

describe("copies, records and rights:", () => {
  tried([
    one(
      "in another region",
      changed("azurerm_cosmosdb_account", { geo_location: [{ location: "a" }, { location: "b" }] }, { geo_location: [{ location: "a" }] }),
      "refusal data/backups-off",
      changed(
        "azurerm_cosmosdb_account",
        { geo_location: [{ location: "a", zone_redundant: false }] },
        { geo_location: [{ location: "a", zone_redundant: true }] },
      ),
    ),
    one(
      "of one kind",
      changed(LOGS, logs({ category: "AuditEvent", category_group: "" }), logs({ category: "Other", category_group: "" })),
      "refusal data/audit-log-off",
      changed(LOGS, logs({ category: "AuditEvent", category_group: "" }), logs({ category: "", category_group: "allLogs" })),
    ),
    one(
      "in the vault",
      changed(VAULT, may({ object_id: "o", secret_permissions: ["Get"] }), may({ object_id: "o", secret_permissions: ["Get", "List"] })),
      "refusal identity/policy-widened",
      changed(VAULT, may({ object_id: "o", secret_permissions: ["Get", "List"] }), may({ object_id: "o", secret_permissions: ["Get"] })),
    ),
    one(
      "of networks",
      changed(VAULT, { network_acls: [{ ip_rules: ["203.0.113.7/32"] }] }, { network_acls: [{ ip_rules: ["203.0.113.0/24"] }] }),
      OPENED,
      changed(VAULT, { network_acls: [{ ip_rules: ["203.0.113.0/24"] }] }, { network_acls: [{ ip_rules: ["203.0.113.7/32"] }] }),
    ),
  ]);
});

describe("an app's restrictions:", () => {
  tried([
    one(
      "the allowed are all",
      changed(APP, restricted("Allow", "10.0.0.0/8"), restricted("Allow")),
      OPENED,
      changed(APP, restricted("Allow"), restricted("Allow", "10.0.0.0/8")),
    ),
    one(
      "one more is allowed",
      changed(APP, restricted("Allow", "10.0.0.0/8"), restricted("Allow", "10.0.0.0/8", "203.0.113.0/24")),
      OPENED,
      changed(APP, restricted("Allow", "10.0.0.0/8"), restricted("Allow", "10.1.0.0/16")),
    ),
    one(
      "who was held back is not",
      changed(APP, restricted("Deny", "203.0.113.0/24"), restricted("Deny")),
      OPENED,
      changed(APP, restricted("Deny"), restricted("Deny", "203.0.113.0/24")),
    ),
    one(
      "who was allowed is held back, and nobody else",
      changed(APP, restricted("Allow", "10.0.0.0/8"), restricted("Deny", "10.0.0.0/8")),
      OPENED,
      changed(APP, restricted("Deny", "10.0.0.0/8"), restricted("Allow", "203.0.113.0/24")),
    ),
  ]);
});

describe("restrictions of App Service:", () => {
  const WEB = "azurerm_linux_web_app";
  const site = (...ip_restriction: object[]): Values => ({ site_config: [{ ip_restriction, ip_restriction_default_action: "Allow" }] });
  const from = (ip_address: string, action = "Allow") => ({ action, ip_address, priority: 100 });
  tried([
    one(
      "a wider network",
      changed(WEB, site(from("203.0.113.0/24")), site(from("0.0.0.0/0"))),
      OPENED,
      changed(WEB, site(from("203.0.113.0/24")), site(from("203.0.113.7/32"))),
    ),
    one("none is left", changed(WEB, site(from("203.0.113.0/24")), site()), OPENED, changed(WEB, site(), site(from("203.0.113.0/24")))),
    one(
      "who was held back is not",
      changed(WEB, site(from("203.0.113.0/24", "Deny")), site()),
      OPENED,
      changed(WEB, site(), site(from("203.0.113.0/24", "Deny"))),
    ),
  ]);
});

describe("blobs are deleted", () => {
  tried([
    one(
      "by another rule than the first",
      changed(LIFECYCLE, ageing({ days: 365 }, { days: 365, prefixes: ["a/"] }), ageing({ days: 365 }, { days: 1, prefixes: ["a/"] })),
      SOONER,
      changed(LIFECYCLE, ageing({ days: 30 }, { days: 365 }), ageing({ days: 30 }, { days: 100 })),
    ),
    one(
      "by a rule that comes",
      changed(LIFECYCLE, ageing({ days: 365 }), ageing({ days: 365 }, { days: 1 })),
      SOONER,
      changed(LIFECYCLE, ageing({ days: 365 }, { days: 1 }), ageing({ days: 365 })),
    ),
    one(
      "elsewhere too",
      changed(LIFECYCLE, ageing({ days: 1, prefixes: ["tmp/"] }), ageing({ days: 1 })),
      SOONER,
      changed(LIFECYCLE, ageing({ days: 1 }), ageing({ days: 1, prefixes: ["tmp/"] })),
    ),
    one(
      "by a rule that is turned on",
      changed(LIFECYCLE, ageing({ days: 1, enabled: false }), ageing({ days: 1 })),
      SOONER,
      changed(LIFECYCLE, ageing({ days: 1 }), ageing({ days: 1, enabled: false })),
    ),
  ]);

  it("in an account that stood without a rule, and not in a new one", () => {
    const first = created(LIFECYCLE, ageing({ days: 1 }));
    expect(rulesOf(risks([first], { before: [resource("azurerm_storage_account", "a", { id: "/accounts/a" })] }))).toEqual([SOONER]);
    expect(rulesOf(risks([first]))).toEqual([]);
  });
});

describe("a secret that stands in the state:", () => {
  const IN_STATE = "refusal identity/secret-in-state";
  tried([
    one(
      "an app's",
      created(APP, { secret: [{ name: "a", value: "(sensitive)" }] }),
      IN_STATE,
      created(APP, { secret: [{ name: "a", key_vault_secret_id: "https://…" }] }),
    ),
    one(
      "a container's",
      created("azurerm_container_group", { container: [{ secure_environment_variables: "(sensitive)" }] }),
      IN_STATE,
      created("azurerm_container_group", { container: [{ environment_variables: {} }] }),
    ),
    one(
      "a registry's",
      created("azurerm_container_group", { image_registry_credential: [{ password: "(sensitive)" }] }),
      IN_STATE,
      created("azurerm_container_group", { image_registry_credential: [{ user_assigned_identity_id: "i" }] }),
    ),
  ]);
});
