/** What a change of a construct does to Azure's stacks, as test/stacks/environments.test.ts has it for AWS's: counted, and what must stay where it is. */
import { azureNames, loadAzure } from "../fixtures/azure";
import { azureStacks } from "../helpers/azure";

/** Types that hold what cannot be made again, or whose replacement takes along whatever stands in them. */
const STATEFUL = [
  "azurerm_container_registry",
  "azurerm_key_vault",
  "azurerm_log_analytics_workspace",
  "azurerm_managed_redis",
  "azurerm_mssql_database",
  "azurerm_mssql_server",
  "azurerm_public_ip",
  "azurerm_resource_group",
  "azurerm_storage_account",
  "azurerm_storage_container",
  "azurerm_user_assigned_identity",
  "azurerm_virtual_network",
];

const named = azureNames.flatMap((name) =>
  Object.entries(azureStacks(loadAzure(name))).map(([stack, json]) => [`${name}-${stack}`, json] as const),
);

it.each(named)("%s has its resources (counted)", (name, { resource = {} }) => {
  expect(Object.fromEntries(Object.entries(resource).map(([type, blocks]) => [type, Object.keys(blocks).length]))).toMatchSnapshot(name);
});

it.each(named)("%s has its outputs", (name, { output = {} }) => {
  // What other stacks read goes by names that cdktf makes.
  const own = Object.entries(output).filter(([id]) => !id.startsWith("cross-stack-output-"));
  expect(Object.fromEntries(own.map(([id, { description }]) => [id, description]))).toMatchSnapshot(name);
});

it("what cannot be made again keeps its address, which is the same in every environment that has it (design 10)", () => {
  const addresses = (environment: string) =>
    named.flatMap(([name, { resource = {} }]) =>
      name.startsWith(`${environment}-`)
        ? STATEFUL.flatMap((type) => Object.keys(resource[type] ?? {}).map((id) => `${name.slice(environment.length + 1)} ${type}.${id}`))
        : [],
    );
  // The others' are among these two: one for each way to run the services.
  const all = [...new Set(["azure-prod", "azure-aks"].flatMap(addresses))];
  expect(all).toMatchSnapshot("addresses");
  for (const name of azureNames) expect(addresses(name).filter((address) => !all.includes(address))).toEqual([]);
});
