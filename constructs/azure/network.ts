import { NatGateway } from "@cdktf/provider-azurerm/lib/nat-gateway";
import { NatGatewayPublicIpAssociation } from "@cdktf/provider-azurerm/lib/nat-gateway-public-ip-association";
import { PublicIp } from "@cdktf/provider-azurerm/lib/public-ip";
import { Subnet } from "@cdktf/provider-azurerm/lib/subnet";
import { SubnetNatGatewayAssociation } from "@cdktf/provider-azurerm/lib/subnet-nat-gateway-association";
import { VirtualNetwork } from "@cdktf/provider-azurerm/lib/virtual-network";
import { Construct } from "constructs";
import type { AzureEnvironment } from "../../environments/azure/schema";
import { POD_CIDR } from "../../environments/facts/aks";
import { diagnose, type LogTarget } from "./diagnostics";
import type { ManagedIdentity } from "./identity";
import type { Place } from "./place";
import { PRIVATE_ZONES, PrivateZone, type PrivateService } from "./private-zone";
import { SubnetSecurity, type Door } from "./security-group";

type Literal = AzureEnvironment["network"];
export type SubnetName = keyof Literal["subnets"];

export interface NetworkProps extends Literal {
  readonly place: Place;
  /** Who may reach the gateway. @default nobody */
  readonly clientCidrs?: readonly string[];
  /** Of a cluster whose nodes have the containers' subnet: the ports that the gateway speaks to. @default container apps have it */
  readonly podPorts?: readonly number[];
}

/** Who owns a subnet, where Azure wants it alone in there. */
type Delegations = Readonly<Partial<Record<SubnetName, { readonly service: string; readonly action: string }>>>;
const JOIN = "Microsoft.Network/virtualNetworks/subnets/join/action";
const instances = { service: "Microsoft.ContainerInstance/containerGroups", action: "Microsoft.Network/virtualNetworks/subnets/action" };
const WITH_APPS: Delegations = { containers: { service: "Microsoft.App/environments", action: JOIN }, instances };
/** Nodes want a subnet that is nobody's, and the cluster's gateway one that is its own. */
const WITH_CLUSTER: Delegations = { gateway: { service: "Microsoft.ServiceNetworking/trafficControllers", action: JOIN }, instances };

/** Ports of the private endpoints: SQL, Managed Redis, and HTTPS of storage and vault. */
const ENDPOINT_PORTS = ["443", "1433", "10000"];
/** Vault, blobs and SQL. */
const OPERATOR_PORTS = ["443", "1433"];
/** The proxy of Container Apps answers on both. https://learn.microsoft.com/azure/container-apps/firewall-integration */
const APP_PORTS = ["443", "31443"];
/** Azure's own resolver and platform. */
const PLATFORM_DNS = "168.63.129.16";

/** The network of an environment: four subnets, one way out, names for what has a private endpoint (AZR-003 … AZR-005, AZR-014). */
export class AzureNetwork extends Construct {
  readonly id: string;
  readonly subnetIds: Readonly<Record<SubnetName, string>>;
  /** Under which the containers are seen outside. */
  readonly addressOutside: string;
  private readonly zones: Readonly<Record<PrivateService, PrivateZone>>;
  private readonly watched: readonly (readonly [id: string, targetId: string])[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { cidr, place, podPorts, subnets } = props;
    const delegations = podPorts ? WITH_CLUSTER : WITH_APPS;
    const network = new VirtualNetwork(this, "network", { ...place, name: "trading", addressSpace: [cidr] });
    this.id = network.id;
    const made = Object.entries(subnets).map(([name, prefix]) => {
      const delegation = delegations[name as SubnetName];
      const subnet = new Subnet(this, `subnet-${name}`, {
        name,
        resourceGroupName: place.resourceGroupName,
        virtualNetworkName: network.name,
        addressPrefixes: [prefix],
        // The NAT gateway is the way out, so that there is one address; the gateway's own subnet needs Azure's.
        defaultOutboundAccessEnabled: name === "gateway",
        // Without it the rules of the subnet would not hold for its private endpoints.
        privateEndpointNetworkPolicies: name === "database" ? "NetworkSecurityGroupEnabled" : undefined,
        delegation: delegation && [{ name: "owner", serviceDelegation: { name: delegation.service, actions: [delegation.action] } }],
      });
      return [name as SubnetName, subnet] as const;
    });
    this.subnetIds = Object.fromEntries(made.map(([name, { id: subnetId }]) => [name, subnetId])) as Record<SubnetName, string>;

    const groups = this.addSecurity(props);
    const out = this.addWayOut(place);
    this.addressOutside = out.ipAddress;
    this.zones = Object.fromEntries(
      Object.keys(PRIVATE_ZONES).map((service) => [
        service,
        new PrivateZone(this, `zone-${service}`, { place, networkId: this.id, service: service as PrivateService }),
      ]),
    ) as Record<PrivateService, PrivateZone>;
    this.watched = [
      ["network", this.id],
      ...groups.map(([name, { id: groupId }]) => [`security-${name}`, groupId] as const),
      ["nat-address", out.id],
    ];
  }

  /** Puts nodes and their load balancers into the containers' subnet: a cluster's own identity does, not whoever deploys it. */
  grantNodes(cluster: ManagedIdentity): void {
    cluster.grant("joins-network", { role: "Network Contributor", scope: this.subnetIds.containers });
  }

  /** The zone in which a service's private endpoints have their names. */
  zoneId(service: PrivateService): string {
    return this.zones[service].id;
  }

  /** Its logs, beside whoever keeps them: the workspace comes after the network. */
  diagnose(scope: Construct, target: LogTarget): void {
    for (const [id, targetId] of this.watched)
      diagnose(scope, `${id}-diagnostics`, target, { targetId, ...(id.startsWith("security-") && { metrics: [] }) });
  }

  private addSecurity({ clientCidrs = [], operatorCidrs, place, podPorts, subnets }: NetworkProps): (readonly [string, SubnetSecurity])[] {
    const https = ["443"];
    const toInternet: Door = { description: "Images, Azure's services and the market's data (SEC-010)", peer: "Internet", ports: https };
    const dns: Door = { description: "Names", peer: PLATFORM_DNS, ports: ["53"], protocol: "*" };
    // Azure's rules see pods by their own addresses, except on their way out of the cluster.
    const inside = podPorts ? [subnets.containers, POD_CIDR] : subnets.containers;
    const appPorts = podPorts?.map(String) ?? APP_PORTS;
    const isReached = appPorts.length > 0;
    const toEndpoints: Door = { description: "Database, cache, storage and vault", peer: subnets.database, ports: ENDPOINT_PORTS };
    const rules: Readonly<Record<SubnetName, { readonly inbound: Record<string, Door>; readonly outbound: Record<string, Door> }>> = {
      gateway: {
        inbound: {
          ...(clientCidrs.length > 0 && { clients: { description: "Who may use it", peer: clientCidrs, ports: ["80", "443"] } }),
          // https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure#network-security-groups
          ...(!podPorts && { manager: { description: "Azure looks after the gateway", peer: "GatewayManager", ports: ["65200-65535"] } }),
          balancer: { description: "Azure's probes", peer: "AzureLoadBalancer", protocol: "*" },
        },
        outbound: {
          ...(isReached && { containers: { description: "The services", peer: inside, ports: appPorts } }),
          vault: { description: "Its certificate", peer: subnets.database, ports: https },
          internet: { description: "Azure's own services, without which the gateway is unhealthy", peer: "Internet", protocol: "*" },
        },
      },
      containers: {
        inbound: {
          ...(isReached && { gateway: { description: "Requests from outside", peer: subnets.gateway, ports: appPorts } }),
          ...(!podPorts && { instances: { description: "Calls of container groups", peer: subnets.instances, ports: APP_PORTS } }),
          own: { description: "The environment's own traffic", peer: inside, protocol: "*" },
          probes: { description: "Azure's probes", peer: "AzureLoadBalancer", ports: ["30000-32767"] },
        },
        outbound: {
          own: { description: "The environment's own traffic", peer: inside, protocol: "*" },
          endpoints: toEndpoints,
          internet: toInternet,
          dns,
        },
      },
      instances: {
        inbound: {},
        outbound: {
          ...(!podPorts && { containers: { description: "Calls to container apps", peer: subnets.containers, ports: APP_PORTS } }),
          endpoints: toEndpoints,
          internet: toInternet,
          dns,
        },
      },
      database: {
        inbound: {
          containers: { description: "The services", peer: subnets.containers, ports: ENDPOINT_PORTS },
          instances: { description: "The container groups", peer: subnets.instances, ports: ENDPOINT_PORTS },
          gateway: { description: "Its certificate in the vault", peer: subnets.gateway, ports: https },
          ...(operatorCidrs.length > 0 && {
            operators: { description: "Who looks after vault and database", peer: operatorCidrs, ports: OPERATOR_PORTS },
          }),
        },
        outbound: {},
      },
    };
    return Object.entries(rules).map(([name, doors]) => {
      const cidr = name === "containers" ? inside : subnets[name as SubnetName];
      return [
        name,
        new SubnetSecurity(this, `security-${name}`, { place, name, subnetId: this.subnetIds[name as SubnetName], cidr, ...doors }),
      ] as const;
    });
  }

  /** The one address under which the containers are seen outside. */
  private addWayOut(place: Place): PublicIp {
    const address = new PublicIp(this, "nat-address", { ...place, name: "nat", allocationMethod: "Static", sku: "Standard" });
    const gateway = new NatGateway(this, "nat", { ...place, name: "nat", skuName: "Standard" });
    new NatGatewayPublicIpAssociation(this, "nat-association", { natGatewayId: gateway.id, publicIpAddressId: address.id });
    for (const name of ["containers", "instances"] as const)
      new SubnetNatGatewayAssociation(this, `nat-${name}`, { natGatewayId: gateway.id, subnetId: this.subnetIds[name] });
    return address;
  }
}
