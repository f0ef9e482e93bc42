/** Where Azure's states are, and who the workflows are. */
import { CLUSTER_ROLES, GRANTED_ROLES } from "../../constructs/azure/identity";
import { azureEnvironment, azureStacks, bareResource, bareResources } from "../helpers/azure";
import * as listed from "./data/operations.json";

const stacks = azureStacks(azureEnvironment("azure-prod"));
const bootstrap = stacks.bootstrap!;
const subscription = "/subscriptions/0a1b2c3d-0000-4000-8000-000000000003";

it("states are versioned, open to Entra's tokens alone, and are not deleted", () => {
  expect(bareResource(bootstrap, "azurerm_storage_account")).toMatchObject({
    name: "daytradeprodstate",
    resource_group_name: "states_group.name",
    account_replication_type: "GRS",
    min_tls_version: "TLS1_2",
    allow_nested_items_to_be_public: false,
    shared_access_key_enabled: false,
    blob_properties: { versioning_enabled: true, delete_retention_policy: { days: 90 }, container_delete_retention_policy: { days: 90 } },
    lifecycle: { prevent_destroy: true },
  });
  expect(bareResource(bootstrap, "azurerm_storage_container")).toMatchObject({ name: "tfstate", container_access_type: "private" });
  expect(bareResource(bootstrap, "azurerm_management_lock")).toMatchObject({ scope: "states_account.id", lock_level: "CanNotDelete" });
});

it("every stack keeps its state there, asked for by Entra", () => {
  for (const [name, json] of Object.entries(stacks))
    expect(json.terraform.backend).toEqual({
      azurerm: {
        subscription_id: subscription.split("/")[2],
        tenant_id: "0a1b2c3d-0000-4000-8000-00000000000f",
        resource_group_name: "day-trade-production-state",
        storage_account_name: "daytradeprodstate",
        container_name: "tfstate",
        key: `azure-prod/${name}.tfstate`,
        use_azuread_auth: true,
      },
    });
});

it("workflows are known by GitHub's word, each for one purpose", () => {
  expect(
    Object.values(bareResources(bootstrap, "azurerm_federated_identity_credential")).map(
      ({ audience, issuer, parent_id: parent, subject }) => [parent, issuer, audience, subject],
    ),
  ).toEqual(
    [
      ["deploy_identity.id", "environment:azure-prod"],
      ["plan_identity.id", "ref:refs/heads/main"],
    ].map(([parent, context]) => [
      parent,
      "https://token.actions.githubusercontent.com",
      ["api://AzureADTokenExchange"],
      `repo:example-org/trading-system-infrastructure:${context}`,
    ]),
  );
});

it("an id in the literal that is another identity's is refused when bootstrap is applied", () => {
  const edits = { "bootstrap.clients": { plan: "0a1b2c3d-0000-4000-8000-0000000000b1", deploy: "0a1b2c3d-0000-4000-8000-0000000000b2" } };
  const conditions = (json: typeof bootstrap) =>
    Object.values(json.output ?? {}).map(
      (output) => (output as { readonly precondition?: { readonly condition: string } }).precondition?.condition,
    );
  expect(conditions(bootstrap)).toEqual([undefined, undefined]);
  expect(conditions(azureStacks(azureEnvironment("azure-prod", edits)).bootstrap!)).toEqual([
    '${(azurerm_user_assigned_identity.deploy_identity_DA65D625.client_id == "0a1b2c3d-0000-4000-8000-0000000000b2")}',
    '${(azurerm_user_assigned_identity.plan_identity_0CB23E0F.client_id == "0a1b2c3d-0000-4000-8000-0000000000b1")}',
  ]);
});

const roles = bareResources(bootstrap, "azurerm_role_definition");
const actionsOf = (role: string) => (roles[role]!.permissions as [{ actions: string[] }])[0].actions;

it("a plan reads, and no action of it gives out a key", () => {
  expect(actionsOf("plan_role").length).toBeGreaterThan(40);
  expect(actionsOf("plan_role").filter((action) => !action.endsWith("/read"))).toEqual([
    "Microsoft.Resources/deployments/exportTemplate/action",
  ]);
});

it("a wildcard stands for what waiting asks, and for what no list names of the cache and of a cluster's gateway", () => {
  const actions = actionsOf("deploy_role");
  expect(actions.filter((action) => action.includes("*") && !/\/locations\/\*\/read$/.test(action))).toEqual(
    ["Microsoft.Cache/redisEnterprise", "Microsoft.ServiceNetworking/trafficControllers"].flatMap((kind) =>
      ["delete", "read", "write"].map((right) => `${kind}/*/${right}`),
    ),
  );
  expect(roles.deploy_role!.permissions).toEqual([{ actions }]);
});

it("it gives roles that grants give, to machines, and neither to itself nor to the plan", () => {
  expect(actionsOf("deploy_granting-role")).toEqual(
    ["delete", "read", "write"].map((right) => `Microsoft.Authorization/roleAssignments/${right}`),
  );
  const granting = bareResources(bootstrap, "azurerm_role_assignment")["deploy_granting"]!;
  expect(granting.condition_version).toBe("2.0");
  const condition = String(granting.condition);
  const ids = [...condition.matchAll(/GuidEquals \{([^}]+)\}/g)].map(([, list]) => list!.split(", ").sort());
  expect(ids).toEqual([Object.values(GRANTED_ROLES).sort(), Object.values(GRANTED_ROLES).sort()]);
  expect([...condition.matchAll(/StringEqualsIgnoreCase \{([^}]+)\}/g)].map(([, who]) => who)).toEqual([
    "'ServicePrincipal'",
    "'ServicePrincipal'",
  ]);
  const workflows = "deploy_identity.principal_id, plan_identity.principal_id";
  expect([...condition.matchAll(/PrincipalId\] ForAnyOfAllValues:GuidNotEquals \{([^}]+)\}/g)].map(([, who]) => who)).toEqual([
    workflows,
    workflows,
  ]);
});

it("where there is a cluster, roles of a cluster's as well: none of them gives roles, or reads a secret", () => {
  const aks = bareResources(azureStacks(azureEnvironment("azure-aks")).bootstrap!, "azurerm_role_assignment")["deploy_granting"]!;
  const ids = [...String(aks.condition).matchAll(/GuidEquals \{([^}]+)\}/g)].map(([, list]) => list!.split(", ").sort());
  const all = [...Object.values(GRANTED_ROLES), ...Object.values(CLUSTER_ROLES)].sort();
  expect(ids).toEqual([all, all]);
  expect(listed.roles.ids).toMatchObject({ ...GRANTED_ROLES, ...CLUSTER_ROLES });
});

it("rights end at the subscription, and at the states", () => {
  expect(
    Object.entries(bareResources(bootstrap, "azurerm_role_assignment")).map(
      ([id, { role_definition_id: own, role_definition_name: built, scope }]) => [id, own ?? built, scope],
    ),
  ).toEqual([
    ["deploy_granting", "deploy_granting-role.role_definition_resource_id", subscription],
    ["deploy_rights", "deploy_role.role_definition_resource_id", subscription],
    ["deploy_states", "Storage Blob Data Contributor", "states.id"],
    ["plan_rights", "plan_role.role_definition_resource_id", subscription],
    ["plan_states", "Storage Blob Data Reader", "states.id"],
  ]);
});
