/** The network's flow logs: who writes them, past which firewall, and where Azure wants them. */
import { checkTogether } from "../../environments/azure/load";
import { azureEnvironment, azureStacks, bareResource, bareResources } from "../helpers/azure";

const { monitor } = azureStacks(azureEnvironment("azure-prod"));

it("goes to an account that nobody but Azure's own networking services can reach, and nobody with a key", () => {
  expect(bareResource(monitor!, "azurerm_storage_account")).toMatchObject({
    name: "daytradeprodflows",
    shared_access_key_enabled: false,
    min_tls_version: "TLS1_2",
    network_rules: { default_action: "Deny", bypass: ["AzureServices"] },
    lifecycle: { prevent_destroy: true },
  });
  expect(bareResource(monitor!, "azurerm_private_endpoint")).toMatchObject({
    name: "flow-logs",
    subnet_id: "network:subnetnetwork_subnet-database.id",
  });
});

it("is kept by a lock where data are: who hides a trace cannot take the account away first", () => {
  expect(bareResource(monitor!, "azurerm_management_lock")).toMatchObject({ scope: "flow-log_account.id", lock_level: "CanNotDelete" });
  const unprotected = azureStacks(azureEnvironment("azure-prod", { deletionProtection: false, stage: "development" })).monitor!;
  expect(bareResources(unprotected, "azurerm_management_lock")).toEqual({});
});

it("is deleted when the literal says, and by one rule only", () => {
  expect(bareResource(monitor!, "azurerm_storage_management_policy")).toMatchObject({
    storage_account_id: "flow-log_account.id",
    rule: [
      {
        filters: { blob_types: ["blockBlob"], prefix_match: ["insights-logs-flowlogflowevent/"] },
        actions: { base_blob: { delete_after_days_since_modification_greater_than: 90 } },
      },
    ],
  });
});

it("is of the whole network, below the region's watcher, written by an identity that may write there", () => {
  const deployment = bareResource(monitor!, "azurerm_resource_group_template_deployment");
  const { parameters, resources } = JSON.parse(String(deployment.template_content)) as {
    readonly parameters: object;
    readonly resources: readonly unknown[];
  };
  expect(deployment).toMatchObject({
    resource_group_name: "NetworkWatcherRG",
    deployment_mode: "Incremental",
    depends_on: ["role_assignment flow-log_writer_writes-flows"],
  });
  expect(resources).toEqual([
    {
      type: "Microsoft.Network/networkWatchers/flowLogs",
      apiVersion: "2025-01-01",
      name: "NetworkWatcher_japaneast/trading",
      location: "japaneast",
      identity: { type: "UserAssigned", userAssignedIdentities: { "[parameters('writer')]": {} } },
      properties: {
        targetResourceId: "[parameters('network')]",
        storageId: "[parameters('account')]",
        enabled: true,
        format: { type: "JSON", version: 2 },
        retentionPolicy: { enabled: false, days: 0 },
      },
    },
  ]);
  const given = JSON.parse(String(deployment.parameters_content)) as object;
  expect(given).toEqual({
    network: { value: "network:virtual_networknetwork.id" },
    account: { value: "flow-log_account.id" },
    writer: { value: "flow-log_writer_identity.id" },
  });
  expect(Object.keys(given).sort()).toEqual(Object.keys(parameters).sort());
  expect(bareResources(monitor!, "azurerm_role_assignment")["flow-log_writer_writes-flows"]).toMatchObject({
    scope: "flow-log_account.id",
    role_definition_name: "Storage Blob Data Contributor",
    principal_id: "flow-log_writer_identity.principal_id",
  });
});

// Azure exports a template with `String`, whatever it was given, and the provider compares texts: hashicorp/terraform-provider-azurerm#12520.
it("templates name types as Azure exports them, so that a second plan is empty", () => {
  const types = Object.values(azureStacks(azureEnvironment("azure-prod"))).flatMap((stack) =>
    Object.values(bareResources(stack, "azurerm_resource_group_template_deployment")).flatMap(({ template_content: text }) =>
      Object.values((JSON.parse(String(text)) as { readonly parameters: Readonly<Record<string, { readonly type: string }>> }).parameters),
    ),
  );
  expect([...new Set(types.map(({ type }) => type))]).toEqual(["String"]);
  expect(types.length).toBeGreaterThan(3);
});

it("is left out where the literal leaves it out", () => {
  const without = azureStacks(azureEnvironment("azure-prod", { "monitoring.flowLogs": undefined })).monitor!;
  expect(bareResources(without, "azurerm_storage_account")).toEqual({});
  expect(bareResources(without, "azurerm_resource_group_template_deployment")).toEqual({});
});

it("has an account of its own", () => {
  const edits = { "monitoring.flowLogs.account": "daytradeprodstate" };
  expect(() => {
    checkTogether([azureEnvironment("azure-prod", edits)]);
  }).toThrow("daytradeprodstate");
});
