/** The network on Azure: who may speak to whom (AZR-003 … AZR-005, AZR-014, SEC-029). */
import { azureEnvironment, azureStacks, bareResource, bareResources } from "../helpers/azure";

const { network } = azureStacks(azureEnvironment("azure-prod"));

it("resource group and network carry the documents' names and figures", () => {
  expect(bareResource(network!, "azurerm_resource_group")).toEqual({
    name: "day-trade-production",
    location: "japaneast",
    lifecycle: { prevent_destroy: true },
  });
  expect(bareResource(network!, "azurerm_virtual_network")).toEqual({
    name: "trading",
    location: "japaneast",
    resource_group_name: "group.name",
    address_space: ["10.1.0.0/16"],
  });
});

it("subnets are delegated where Azure wants them alone, and have no way out of their own", () => {
  const common = {
    resource_group_name: "group.name",
    virtual_network_name: "network.name",
    default_outbound_access_enabled: false,
  };
  const delegated = (name: string, action: string) => [{ name: "owner", service_delegation: { name, actions: [action] } }];
  expect(bareResources(network!, "azurerm_subnet")).toEqual({
    "network_subnet-containers": {
      ...common,
      name: "containers",
      address_prefixes: ["10.1.1.0/24"],
      delegation: delegated("Microsoft.App/environments", "Microsoft.Network/virtualNetworks/subnets/join/action"),
    },
    "network_subnet-database": {
      ...common,
      name: "database",
      address_prefixes: ["10.1.2.0/24"],
      private_endpoint_network_policies: "NetworkSecurityGroupEnabled",
    },
    "network_subnet-instances": {
      ...common,
      name: "instances",
      address_prefixes: ["10.1.3.0/24"],
      delegation: delegated("Microsoft.ContainerInstance/containerGroups", "Microsoft.Network/virtualNetworks/subnets/action"),
    },
    "network_subnet-gateway": { ...common, name: "gateway", address_prefixes: ["10.1.0.0/24"], default_outbound_access_enabled: true },
  });
});

/** `in 10.1.1.0/24 → 10.1.2.0/24 Tcp 443,1433`, in the order in which Azure tries them. */
const doors = (subnet: string, direction: "Inbound" | "Outbound", json = network!): string[] =>
  Object.entries(bareResources(json, "azurerm_network_security_rule"))
    .filter(([id, rule]) => id.startsWith(`network_security-${subnet}_`) && rule.direction === direction)
    .map(([, rule]) => rule)
    .sort((a, b) => Number(a.priority) - Number(b.priority))
    .map((rule) => {
      const end = (which: string) => [rule[`${which}_address_prefix`], rule[`${which}_address_prefixes`]].flat().filter(Boolean).join(",");
      const ports = [rule.destination_port_range, rule.destination_port_ranges].flat().filter(Boolean).join(",");
      return `${String(rule.priority)} ${String(rule.access)} ${end("source")} → ${end("destination")} ${String(rule.protocol)} ${ports}`;
    });

it("containers are reached by the gateway and container groups, and reach data and HTTPS", () => {
  expect(doors("containers", "Inbound")).toEqual([
    "100 Allow 10.1.0.0/24 → 10.1.1.0/24 Tcp 443,31443",
    "110 Allow 10.1.3.0/24 → 10.1.1.0/24 Tcp 443,31443",
    "120 Allow 10.1.1.0/24 → 10.1.1.0/24 * *",
    "130 Allow AzureLoadBalancer → 10.1.1.0/24 Tcp 30000-32767",
    "4096 Deny * → * * *",
  ]);
  expect(doors("containers", "Outbound")).toEqual([
    "100 Allow 10.1.1.0/24 → 10.1.1.0/24 * *",
    "110 Allow 10.1.1.0/24 → 10.1.2.0/24 Tcp 443,1433,10000",
    "120 Allow 10.1.1.0/24 → Internet Tcp 443",
    "130 Allow 10.1.1.0/24 → 168.63.129.16 * 53",
    "4096 Deny * → * * *",
  ]);
});

it("nobody reaches container groups", () => {
  expect(doors("instances", "Inbound")).toEqual(["4096 Deny * → * * *"]);
});

it("data is reached from the containers and by the gateway's look for its certificate, and reaches nothing", () => {
  expect(doors("database", "Inbound")).toEqual([
    "100 Allow 10.1.1.0/24 → 10.1.2.0/24 Tcp 443,1433,10000",
    "110 Allow 10.1.3.0/24 → 10.1.2.0/24 Tcp 443,1433,10000",
    "120 Allow 10.1.0.0/24 → 10.1.2.0/24 Tcp 443",
    "4096 Deny * → * * *",
  ]);
  expect(doors("database", "Outbound")).toEqual(["4096 Deny * → * * *"]);
});

it("whoever looks after vault and database is let in from the literal's networks, to these alone", () => {
  const { network: own } = azureStacks(azureEnvironment("azure-prod", { "network.operatorCidrs": ["10.9.0.0/28", "10.9.1.0/28"] }));
  expect(doors("database", "Inbound", own)).toContain("130 Allow 10.9.0.0/28,10.9.1.0/28 → 10.1.2.0/24 Tcp 443,1433");
  expect(doors("containers", "Inbound", own)).toEqual(doors("containers", "Inbound"));
});

it("the gateway is reached by the literal's clients, and without a gateway by nobody", () => {
  expect(doors("gateway", "Inbound")).toEqual([
    "100 Allow 203.0.113.0/24 → 10.1.0.0/24 Tcp 80,443",
    "110 Allow GatewayManager → 10.1.0.0/24 Tcp 65200-65535",
    "120 Allow AzureLoadBalancer → 10.1.0.0/24 * *",
    "4096 Deny * → * * *",
  ]);
  const without = azureStacks(azureEnvironment("azure-prod", { gateway: undefined, platform: "none" }));
  expect(JSON.stringify(without.network)).not.toContain("203.0.113.0/24");
});

it("every subnet has its group", () => {
  expect(Object.values(bareResources(network!, "azurerm_subnet_network_security_group_association"))).toEqual(
    ["containers", "database", "gateway", "instances"].map((name) => ({
      network_security_group_id: `network_security-${name}_group.id`,
      subnet_id: `network_subnet-${name}.id`,
    })),
  );
});

it("containers have one way out, with an address that stays", () => {
  expect(bareResource(network!, "azurerm_public_ip")).toMatchObject({ allocation_method: "Static", sku: "Standard" });
  expect(Object.values(bareResources(network!, "azurerm_subnet_nat_gateway_association")).map(({ subnet_id: subnet }) => subnet)).toEqual([
    "network_subnet-containers.id",
    "network_subnet-instances.id",
  ]);
});

it("names of services mean their private endpoints", () => {
  expect(Object.values(bareResources(network!, "azurerm_private_dns_zone")).map(({ name }) => name)).toEqual([
    "privatelink.blob.core.windows.net",
    "privatelink.redis.azure.net",
    "privatelink.database.windows.net",
    "privatelink.vaultcore.azure.net",
  ]);
});
