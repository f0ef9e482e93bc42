import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { Ec2SubnetCidrReservation } from "@cdktf/provider-aws/lib/ec2-subnet-cidr-reservation";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet as AwsSubnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { GatewayEndpoints } from "./gateway-endpoints";
import type { Network, Tier } from "./network";
import { cidrId } from "./security-group";

export interface DedicatedNetworkProps {
  /** First part of every `Name` tag, such as `trading`. */
  readonly name: string;
  /** End of the `Name` tags. */
  readonly nameSuffix: string;
  /** Such as `ap-northeast-1`. */
  readonly region: string;
  /** IPv4 network of the VPC (NET-013). */
  readonly cidr: string;
  /** Such as `ap-northeast-1a`. */
  readonly zones: readonly string[];
  /** IPv4 networks of each tier, one for each zone in the order of `zones` (NET-014 … NET-016, NET-023 … NET-025). */
  readonly subnets: Readonly<Record<Tier, readonly string[]>>;
}

/** One subnet of a tier. */
export interface Subnet {
  readonly id: string;
  readonly cidr: string;
  /** Last letter of its zone: `a`. */
  readonly zone: string;
}

/** Where a default route leads. */
export type OutboundTarget = { readonly natGatewayId: string } | { readonly networkInterfaceId: string };

const WORLD = "0.0.0.0/0";
export const TIERS: readonly Tier[] = ["public", "private", "database", "containers"];
/** By which a cluster's load balancer controller finds its subnets; always there, so that a switch of the platform leaves the network alone. */
const LOAD_BALANCER_TAGS: Partial<Record<Tier, Readonly<Record<string, string>>>> = {
  public: { "kubernetes.io/role/elb": "1" },
  containers: { "kubernetes.io/role/internal-elb": "1" },
};

/**
 * A VPC with a subnet per tier and zone (NET-012, design 6).
 *
 * Only the public tier has a route to the Internet. Private and container tiers get theirs, one table per zone, from
 * whatever NAT calls `routeOutbound()`; the database tier has no way to get one.
 */
export class DedicatedNetwork extends Construct implements Network {
  readonly vpcId: string;
  readonly cidr: string;
  /** Letters of the zones: `["a", "c"]`. */
  readonly zones: readonly string[];
  readonly defaultNetworkAclId: string;
  readonly s3PrefixListId: string;
  readonly dynamodbPrefixListId: string;
  /** What a NAT must wait for before it can reach the Internet. */
  readonly internetAccess: ITerraformDependable;
  private readonly props: DedicatedNetworkProps;
  private readonly subnets: Readonly<Record<Tier, readonly Subnet[]>>;
  /** By `<tier>-<zone>`; only tables that may lead outside. */
  private readonly outboundTables = new Map<string, string>();

  constructor(scope: Construct, id: string, props: DedicatedNetworkProps) {
    super(scope, id);
    this.props = props;
    const { name, nameSuffix, region, cidr, zones, subnets } = props;
    const vpc = new Vpc(this, "vpc", {
      cidrBlock: cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: `${name}${nameSuffix}` },
    });
    this.vpcId = vpc.id;
    this.cidr = cidr;
    this.zones = zones.map((zone) => zone.slice(-1));
    this.defaultNetworkAclId = vpc.defaultNetworkAclId;
    // Whatever is started without a group of its own falls into this one: it lets nothing in or out.
    new DefaultSecurityGroup(this, "default-security-group", { vpcId: vpc.id, tags: this.nameTag("default-closed") });

    this.subnets = {
      public: this.addTier("public", subnets),
      private: this.addTier("private", subnets),
      database: this.addTier("database", subnets),
      containers: this.addTier("containers", subnets),
    };

    const publicTable = this.addRouteTable("public", this.subnets.public);
    const databaseTable = this.addRouteTable("database", this.subnets.database);
    for (const tier of ["private", "containers"] as const) {
      for (const subnet of this.subnets[tier])
        this.outboundTables.set(`${tier}-${subnet.zone}`, this.addRouteTable(`${tier}-${subnet.zone}`, [subnet]));
    }
    const gateway = new InternetGateway(this, "internet-gateway", { vpcId: vpc.id, tags: { Name: `${name}${nameSuffix}` } });
    this.internetAccess = new Route(this, "public-internet-route", {
      routeTableId: publicTable,
      destinationCidrBlock: WORLD,
      gatewayId: gateway.id,
    });

    const endpoints = new GatewayEndpoints(this, "gateway-endpoints", {
      vpcId: vpc.id,
      region,
      routeTableIds: [publicTable, databaseTable, ...this.outboundTables.values()],
      nameOf: (service) => this.nameTag(service).Name,
    });
    this.s3PrefixListId = endpoints.s3PrefixListId;
    this.dynamodbPrefixListId = endpoints.dynamodbPrefixListId;
  }

  subnetIds(tier: Tier): string[] {
    return this.subnets[tier].map(({ id }) => id);
  }

  firstSubnetId(tier: Tier): string {
    return this.subnets[tier][0]!.id;
  }

  /** The tier's subnets, in the order of the zones. */
  subnetsOf(tier: Tier): readonly Subnet[] {
    return this.subnets[tier];
  }

  /** The `Name` tag of a part of this network: `trading-public-a`. */
  nameTag(part: string): { readonly Name: string } {
    return { Name: `${this.props.name}-${part}${this.props.nameSuffix}` };
  }

  /** Sends what private hosts and containers of a zone say to the Internet through a NAT (NET-018 … NET-020). */
  routeOutbound(zone: string, target: OutboundTarget): void {
    for (const tier of ["private", "containers"] as const) {
      new Route(this, `${tier}-${zone}-outbound-route`, {
        routeTableId: this.outboundTables.get(`${tier}-${zone}`)!,
        destinationCidrBlock: WORLD,
        ...target,
      });
    }
  }

  /**
   * Keeps an address of the tier's first subnet for a machine that asks for it by name (NET-017): AWS hands it out to nothing else, such as an
   * endpoint that is made before.
   */
  reserveAddress(tier: Tier, address: string): void {
    new Ec2SubnetCidrReservation(this, `${tier}-address-${cidrId(address)}`, {
      subnetId: this.firstSubnetId(tier),
      cidrBlock: `${address}/32`,
      reservationType: "explicit",
    });
  }

  private addTier(tier: Tier, networks: DedicatedNetworkProps["subnets"]): Subnet[] {
    return networks[tier].map((cidr, index) => {
      const zone = this.zones[index]!;
      const subnet = new AwsSubnet(this, `${tier}-${zone}`, {
        vpcId: this.vpcId,
        cidrBlock: cidr,
        availabilityZone: this.props.zones[index]!,
        // A machine of the public tier asks for its public address by name.
        mapPublicIpOnLaunch: false,
        tags: { ...this.nameTag(`${tier}-${zone}`), ...LOAD_BALANCER_TAGS[tier] },
      });
      return { id: subnet.id, cidr, zone };
    });
  }

  /** Routes are resources of their own: inline ones would fight with those of the gateway endpoints. */
  private addRouteTable(name: string, subnets: readonly Subnet[]): string {
    const table = new RouteTable(this, `${name}-routes`, { vpcId: this.vpcId, tags: this.nameTag(name) });
    for (const { id, zone } of subnets) {
      new RouteTableAssociation(this, `${name}-routes-${zone}`, { routeTableId: table.id, subnetId: id });
    }
    return table.id;
  }
}
