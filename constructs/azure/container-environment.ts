import { ContainerAppEnvironment } from "@cdktf/provider-azurerm/lib/container-app-environment";
import { PrivateDnsARecord } from "@cdktf/provider-azurerm/lib/private-dns-a-record";
import { PrivateDnsZone } from "@cdktf/provider-azurerm/lib/private-dns-zone";
import { PrivateDnsZoneVirtualNetworkLink } from "@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link";
import { Construct } from "constructs";
import { diagnose, type LogTarget } from "./diagnostics";
import type { AzureNetwork } from "./network";
import type { Place } from "./place";

export interface ContainerEnvironmentProps {
  readonly place: Place;
  readonly name: string;
  readonly network: AzureNetwork;
  readonly logs: LogTarget;
}

/** Seconds for which an address is remembered; it changes with the environment only. */
const TTL = 300;

/** Where container apps run, within the network alone: its load balancer has no public address. */
export class ContainerEnvironment extends Construct {
  readonly id: string;
  /** End of the names by which the network knows the apps. */
  readonly domain: string;

  constructor(scope: Construct, id: string, { logs, name, network, place }: ContainerEnvironmentProps) {
    super(scope, id);
    const environment = new ContainerAppEnvironment(this, "environment", {
      ...place,
      name,
      infrastructureSubnetId: network.subnetIds.containers,
      // Azure would choose a name of its own, and the provider replace the environment for it.
      infrastructureResourceGroupName: `${place.resourceGroupName}-apps`,
      internalLoadBalancerEnabled: true,
      publicNetworkAccess: "Disabled",
      // With profiles a subnet of /27 is enough; without, /23 (https://learn.microsoft.com/azure/container-apps/custom-virtual-networks).
      workloadProfile: [{ name: "Consumption", workloadProfileType: "Consumption" }],
      zoneRedundancyEnabled: true,
      // By diagnostic settings, which need no key of the workspace.
      logsDestination: "azure-monitor",
    });
    diagnose(this, "diagnostics", logs, { targetId: environment.id });
    this.id = environment.id;
    this.domain = environment.defaultDomain;

    // Gateway and container groups look names up in the network.
    const { resourceGroupName } = place;
    const zone = new PrivateDnsZone(this, "zone", { resourceGroupName, name: environment.defaultDomain });
    new PrivateDnsZoneVirtualNetworkLink(this, "link", {
      resourceGroupName,
      name: "trading",
      privateDnsZoneName: zone.name,
      virtualNetworkId: network.id,
    });
    new PrivateDnsARecord(this, "apps", {
      resourceGroupName,
      zoneName: zone.name,
      name: "*",
      ttl: TTL,
      records: [environment.staticIpAddress],
    });
  }
}
