import type { IConstruct } from "constructs";

/** What a subnet is for. Every network answers for every tier; the default VPC has one set of subnets for all of them. */
export type Tier = "public" | "private" | "database" | "containers";

/**
 * Where hosts, caches, databases and services stand: what later stacks need to know of a VPC.
 *
 * All values are plain attributes, so that they travel between stacks as outputs.
 */
export interface Network extends IConstruct {
  readonly vpcId: string;
  /** IPv4 network of the VPC. */
  readonly cidr: string;
  /** Prefix lists of the gateway endpoints: peers of egress rules to S3 and DynamoDB (NET-032). */
  readonly s3PrefixListId: string;
  readonly dynamodbPrefixListId: string;
  /** The tier's subnets, one for each zone. */
  subnetIds(tier: Tier): string[];
  /** The tier's subnet in the first zone, for the machines that stand in one (NET-003, C-09). */
  firstSubnetId(tier: Tier): string;
}
