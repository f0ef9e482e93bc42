import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import type { Construct } from "constructs";
import { AzureNetwork } from "../../constructs/azure/network";
import { lifecycle } from "../../constructs/azure/protection";
import { AzureStack, type AzureStackProps } from "./base";

/** Where everything stands: the resource group, and a network in it (AZR-002 … AZR-005, AZR-009, AZR-014). */
export class AzureNetworkStack extends AzureStack {
  readonly network: AzureNetwork;
  /** Of the resource group. */
  readonly resourceGroupId: string;

  constructor(scope: Construct, props: AzureStackProps) {
    super(scope, "network", props);
    const { deletionProtection, gateway, location, network, platform, resourceGroup, services } = this.environment;
    const group = new ResourceGroup(this, "group", { name: resourceGroup, location, lifecycle: lifecycle(deletionProtection) });
    this.resourceGroupId = group.id;
    // Its name as the group says it, so that whatever stands in it waits for it.
    const place = { ...this.place, resourceGroupName: group.name };
    const routed = Object.values(services).flatMap(({ port, route }) => (route ? [port] : []));
    this.network = new AzureNetwork(this, "network", {
      ...network,
      place,
      clientCidrs: gateway?.clientCidrs,
      podPorts: platform === "aks" ? [...new Set(routed)].sort((a, b) => a - b) : undefined,
    });
    this.output("network_id", this.network.id, "Virtual network of the environment");
  }
}
