/** A network without a VPC behind it, for stacks and constructs that only stand in one. */
import { Construct } from "constructs";
import type { Network } from "../../constructs/network/network";

export class TestNetwork extends Construct implements Network {
  readonly vpcId = "vpc-1";
  readonly cidr = "10.0.0.0/16";
  readonly s3PrefixListId = "pl-1";
  readonly dynamodbPrefixListId = "pl-2";
  readonly subnetIds = (tier: string) => [`subnet-${tier}-1`, `subnet-${tier}-2`];
  readonly firstSubnetId = (tier: string) => `subnet-${tier}-1`;
}
