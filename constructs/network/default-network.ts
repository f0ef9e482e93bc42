import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { Construct } from "constructs";
import { GatewayEndpoints } from "./gateway-endpoints";
import type { Network } from "./network";

export interface DefaultNetworkProps {
  /** Such as `ap-northeast-1`. */
  readonly region: string;
  /** Whose default subnets are used, two or more; machines stand in the first. */
  readonly zones: readonly string[];
  /** End of the `Name` tags. */
  readonly nameSuffix: string;
}

/**
 * The account's default VPC and the default subnets of some of its zones, all of them public (NET-008 … NET-011).
 *
 * It is looked up, never adopted: nothing of it changes but the two routes to the gateway endpoints.
 */
export class DefaultNetwork extends Construct implements Network {
  readonly vpcId: string;
  readonly cidr: string;
  readonly s3PrefixListId: string;
  readonly dynamodbPrefixListId: string;
  private readonly ids: readonly string[];

  constructor(scope: Construct, id: string, props: DefaultNetworkProps) {
    super(scope, id);
    const { region, zones, nameSuffix } = props;
    const vpc = new DataAwsVpc(this, "vpc", { default: true });
    const endpoints = new GatewayEndpoints(this, "gateway-endpoints", {
      vpcId: vpc.id,
      region,
      routeTableIds: [vpc.mainRouteTableId],
      nameOf: (service) => `default-${service}${nameSuffix}`,
    });
    this.vpcId = vpc.id;
    this.cidr = vpc.cidrBlock;
    this.s3PrefixListId = endpoints.s3PrefixListId;
    this.dynamodbPrefixListId = endpoints.dynamodbPrefixListId;
    this.ids = zones.map(
      (zone) => new DataAwsSubnet(this, `subnet-${zone.slice(-1)}`, { vpcId: vpc.id, availabilityZone: zone, defaultForAz: true }).id,
    );
  }

  /** Whatever the tier: there is one kind. */
  subnetIds(): string[] {
    return [...this.ids];
  }

  firstSubnetId(): string {
    return this.ids[0]!;
  }
}
