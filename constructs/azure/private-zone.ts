import { PrivateDnsZone } from "@cdktf/provider-azurerm/lib/private-dns-zone";
import { PrivateDnsZoneVirtualNetworkLink } from "@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link";
import { Construct } from "constructs";
import type { Place } from "./place";

/** The services that have private endpoints, with their zone and the word for their part. https://learn.microsoft.com/azure/private-link/private-endpoint-dns */
export const PRIVATE_ZONES = {
  blob: { zone: "privatelink.blob.core.windows.net", part: "blob" },
  redis: { zone: "privatelink.redis.azure.net", part: "redisEnterprise" },
  sql: { zone: "privatelink.database.windows.net", part: "sqlServer" },
  vault: { zone: "privatelink.vaultcore.azure.net", part: "vault" },
} as const;
export type PrivateService = keyof typeof PRIVATE_ZONES;

export interface PrivateZoneProps {
  readonly place: Place;
  readonly networkId: string;
  readonly service: PrivateService;
}

/** Within the network, the names of a service mean its private endpoints. */
export class PrivateZone extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, { networkId, place, service }: PrivateZoneProps) {
    super(scope, id);
    const { resourceGroupName } = place;
    const zone = new PrivateDnsZone(this, "zone", { resourceGroupName, name: PRIVATE_ZONES[service].zone });
    new PrivateDnsZoneVirtualNetworkLink(this, "link", {
      resourceGroupName,
      name: "trading",
      privateDnsZoneName: zone.name,
      virtualNetworkId: networkId,
    });
    this.id = zone.id;
  }
}
