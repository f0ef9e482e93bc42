import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { Construct } from "constructs";
import { GatewayEndpoints } from "./gateway-endpoints";
import type { Network } from "./network";

export interface DefaultNetworkProps {
  /** Such as `ap-northeast-1`. */
  readonly region: string;
  /** End of the `Name` tags. */
  readonly nameSuffix: string;
}

/**
 * The account's default VPC and its default subnets, all of them public (NET-008 … NET-011).
 *
 * It is looked up, never adopted: nothing of it changes but the two routes to the gateway endpoints.
 */
export class DefaultNetwork extends Construct implements Network {
  readonly vpcId: string;
  readonly cidr: string;
  readonly s3PrefixListId: string;
  readonly dynamodbPrefixListId: string;
  private readonly ids: string[];
  private readonly firstId: string;

  constructor(scope: Construct, id: string, props: DefaultNetworkProps) {
    super(scope, id);
    const { region, nameSuffix } = props;
    const vpc = new DataAwsVpc(this, "vpc", { default: true });
    const filter = [
      { name: "vpc-id", values: [vpc.id] },
      { name: "default-for-az", values: ["true"] },
    ];
    const subnets = new DataAwsSubnets(this, "subnets", { filter });
    // NET-003: the machines stand in zone a. Asked for by name, because the order of the list above is not promised.
    const first = new DataAwsSubnet(this, "first-subnet", { filter: [...filter, { name: "availability-zone", values: [`${region}a`] }] });
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
    this.ids = subnets.ids;
    this.firstId = first.id;
  }

  /** The default subnets, whatever the tier: there is one kind. */
  subnetIds(): string[] {
    return this.ids;
  }

  firstSubnetId(): string {
    return this.firstId;
  }
}
