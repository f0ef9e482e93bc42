/**
 * A plan of Azure as Terraform writes it: seeds/azure-change.json is `terraform test -json -verbose` of the stack `data` with azurerm 4.55.0,
 * its answers mocked, before and after edits that each harm.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { comparePlan } from "../../review/plan/compare";
import { readPlan } from "../../review/plan/read";
import { heldBy, risksOf } from "../../review/risk";
import { azureNames } from "../fixtures/azure";
import { azureEnvironment, azureStacks, type AzureName } from "../helpers/azure";

const raw = readFileSync(join(__dirname, "plans", "seeds", "azure-change.json"), "utf8");

it("a plan of Azure is judged in words that a stranger understands", () => {
  const found = risksOf(readPlan(raw, { stack: "azure-data" }), { protected: new Set() });
  expect(found.map(({ address = "", message, rule, severity }) => `${severity} ${rule} ${address.split(".")[0]!}: ${message}`))
    .toMatchInlineSnapshot(`
   [
     "refusal identity/policy-widened azurerm_key_vault: Roles no longer say who reads secrets: whoever may write the vault gives them to himself (\`rbac_authorization_enabled\` was true, and will be false)",
     "refusal network/made-public azurerm_key_vault: It can be asked from the whole Internet (\`public_network_access_enabled\` was false, and will be true)",
     "refusal data/deletion-protection-off azurerm_management_lock: Azure no longer refuses to delete it",
     "refusal data/backups-off azurerm_mssql_database: Backups are kept for a shorter time (\`short_term_retention_policy.retention_days\` was 7, and will be 1)",
     "refusal data/backups-off azurerm_mssql_database: Weekly backups are kept for 7 days, in place of 84",
     "refusal network/ingress-opened azurerm_mssql_firewall_rule: The whole Internet may connect.",
     "refusal data/audit-log-off azurerm_mssql_server_extended_auditing_policy: What is done in the server's databases is no longer written down",
     "refusal identity/admin-granted azurerm_role_assignment: Somebody becomes Owner of \`/subscriptions/0a1b2c3d-0000-4000-8000-000000000009\`.",
     "refusal data/backups-off azurerm_storage_account: Nothing is copied to the paired region any more (\`GRS\` becomes \`LRS\`)",
     "refusal data/backups-off azurerm_storage_account: What was deleted can be brought back for a shorter time (\`blob_properties.delete_retention_policy.days\` was 90, and will be 3)",
     "refusal identity/trust-widened azurerm_storage_account: Who has one of its keys may do everything with it, and no log says who that was (\`shared_access_key_enabled\` was false, and will be true)",
     "refusal network/tls-weakened azurerm_storage_account: Connections by TLS older than 1.2 are accepted (\`min_tls_version\` was TLS1_2, and will be TLS1_0)",
     "notice compute/limits-changed azurerm_mssql_database: Other limits hold for it (\`sku_name\` was S2, and will be S0)",
   ]
  `);
});

it.each(azureNames)("nothing of %s is refused when it is made", (name) => {
  const found = Object.entries(azureStacks(azureEnvironment(name as AzureName))).flatMap(([stack, json]) =>
    risksOf(readPlan(comparePlan({ resource: {} }, json), { stack }), { protected: new Set() }),
  );
  expect(found.filter(({ severity }) => severity === "refusal")).toEqual([]);
  // That they were looked at: each role, each network that a rule lets in or out to, and the template of the flow log.
  expect(new Set(found.map(({ rule }) => rule))).toEqual(
    new Set(["identity/access-granted", "identity/policy-added", "identity/unjudged", "network/egress-opened", "network/ingress-added"]),
  );
});

it.each(azureNames)("whatever %s protects from being destroyed is known to hold something", (name) => {
  const types = Object.values(azureStacks(azureEnvironment(name as AzureName, { deletionProtection: true }))).flatMap(({ resource = {} }) =>
    Object.entries(resource)
      .filter(([, blocks]) =>
        Object.values(blocks).some(({ lifecycle }) => (lifecycle as { prevent_destroy?: boolean } | undefined)?.prevent_destroy),
      )
      .map(([type]) => type),
  );
  expect(types.length).toBeGreaterThan(5);
  expect([...new Set(types)].filter((type) => heldBy(type) === undefined)).toEqual([]);
});
