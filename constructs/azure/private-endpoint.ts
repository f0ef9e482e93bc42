import { PrivateEndpoint } from "@cdktf/provider-azurerm/lib/private-endpoint";
import type { Construct } from "constructs";
import type { AzureNetwork } from "./network";
import type { Place } from "./place";
import { PRIVATE_ZONES, type PrivateService } from "./private-zone";

/** An address of a service in the subnet of the data: the only way to it. */
export function addPrivateEndpoint(
  scope: Construct,
  props: {
    readonly place: Place;
    readonly network: AzureNetwork;
    readonly service: PrivateService;
    readonly resourceId: string;
    /** @default the service's */
    readonly name?: string;
  },
): void {
  const { network, place, resourceId, service, name = service } = props;
  new PrivateEndpoint(scope, "endpoint", {
    ...place,
    name,
    subnetId: network.subnetIds.database,
    privateServiceConnection: {
      name: service,
      privateConnectionResourceId: resourceId,
      subresourceNames: [PRIVATE_ZONES[service].part],
      isManualConnection: false,
    },
    privateDnsZoneGroup: { name: service, privateDnsZoneIds: [network.zoneId(service)] },
  });
}
