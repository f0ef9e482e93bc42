import { Eip } from "@cdktf/provider-aws/lib/eip";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Construct } from "constructs";
import type { DedicatedNetwork } from "./dedicated-network";

export interface NatGatewaysProps {
  readonly network: DedicatedNetwork;
  /** One in each zone keeps one zone's outage out of the other; else the first zone's serves all. @default true */
  readonly perZone?: boolean;
}

/** Managed gateways in the public subnets, for outbound connections only (NET-014, NET-018). */
export class NatGateways extends Construct {
  /** What the outside sees, by zone: what a broker or an API may have to be told. */
  readonly publicAddresses: readonly string[];

  constructor(scope: Construct, id: string, props: NatGatewaysProps) {
    super(scope, id);
    const { network, perZone = true } = props;
    const placed = network.subnetsOf("public").slice(0, perZone ? undefined : 1);
    const gateways = placed.map(({ id: subnetId, zone }) => {
      const address = new Eip(this, `address-${zone}`, { domain: "vpc", tags: network.nameTag(`nat-${zone}`) });
      const gateway = new NatGateway(this, `gateway-${zone}`, {
        subnetId,
        allocationId: address.id,
        connectivityType: "public",
        tags: network.nameTag(`nat-${zone}`),
        dependsOn: [network.internetAccess],
      });
      return { zone, natGatewayId: gateway.id, publicIp: address.publicIp };
    });
    for (const zone of network.zones) {
      const { natGatewayId } = gateways.find((gateway) => gateway.zone === zone) ?? gateways[0]!;
      network.routeOutbound(zone, { natGatewayId });
    }
    this.publicAddresses = gateways.map(({ publicIp }) => publicIp);
  }
}
