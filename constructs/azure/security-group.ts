import { NetworkSecurityGroup } from "@cdktf/provider-azurerm/lib/network-security-group";
import { NetworkSecurityRule } from "@cdktf/provider-azurerm/lib/network-security-rule";
import { SubnetNetworkSecurityGroupAssociation } from "@cdktf/provider-azurerm/lib/subnet-network-security-group-association";
import { Construct } from "constructs";
import type { Place } from "./place";

export interface Door {
  readonly description: string;
  /** A network, or a service tag such as `AzureLoadBalancer`; the other end is the subnet. */
  readonly peer: string | readonly string[];
  /** @default any */
  readonly ports?: readonly string[];
  /** @default TCP */
  readonly protocol?: "Tcp" | "*";
}

export interface SubnetSecurityProps {
  readonly place: Place;
  /** Of the subnet, which is the group's as well. */
  readonly name: string;
  readonly subnetId: string;
  /** Of the subnet, and of what else speaks from within it. */
  readonly cidr: string | readonly string[];
  /** By name. Whatever is not here is refused, what stands in the same network too. */
  readonly inbound: Readonly<Record<string, Door>>;
  readonly outbound: Readonly<Record<string, Door>>;
}

/** Azure takes priorities up to 4096; those of its own rules, which let the whole network in and everything out, are above. */
const REFUSE_PRIORITY = 4096;
const [FIRST_PRIORITY, STEP] = [100, 10];

/** Who may speak to a subnet, and to whom it may (AZR-014, SEC-029). Rules are resources of their own (design 9). */
export class SubnetSecurity extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, props: SubnetSecurityProps) {
    super(scope, id);
    const { cidr, inbound, name, outbound, place, subnetId } = props;
    const group = new NetworkSecurityGroup(this, "group", { ...place, name });
    this.id = group.id;
    const of = { networkSecurityGroupName: group.name, resourceGroupName: place.resourceGroupName, sourcePortRange: "*" };
    for (const [direction, doors] of [
      ["Inbound", inbound],
      ["Outbound", outbound],
    ] as const) {
      const isIn = direction === "Inbound";
      Object.entries(doors).forEach(([door, { description, peer, ports = ["*"], protocol = "Tcp" }], index) => {
        const ends = isIn
          ? { ...prefixes("source", peer), ...prefixes("destination", cidr) }
          : { ...prefixes("source", cidr), ...prefixes("destination", peer) };
        const range = ports.length === 1 ? { destinationPortRange: ports[0] } : { destinationPortRanges: [...ports] };
        new NetworkSecurityRule(this, `${direction.toLowerCase()}-${door}`, {
          ...of,
          name: `${direction.toLowerCase()}-${door}`,
          description,
          direction,
          access: "Allow",
          priority: FIRST_PRIORITY + index * STEP,
          protocol,
          ...ends,
          ...range,
        });
      });
      new NetworkSecurityRule(this, `${direction.toLowerCase()}-refused`, {
        ...of,
        name: `${direction.toLowerCase()}-refused`,
        description: "All else",
        direction,
        access: "Deny",
        priority: REFUSE_PRIORITY,
        protocol: "*",
        sourceAddressPrefix: "*",
        destinationAddressPrefix: "*",
        destinationPortRange: "*",
      });
    }
    new SubnetNetworkSecurityGroupAssociation(this, "association", { subnetId, networkSecurityGroupId: group.id });
  }
}

/** One network is written otherwise than several. */
const prefixes = (end: "source" | "destination", peer: string | readonly string[]) =>
  typeof peer === "string" ? { [`${end}AddressPrefix`]: peer } : { [`${end}AddressPrefixes`]: [...peer] };
