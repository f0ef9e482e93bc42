import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Construct } from "constructs";

export interface GatewayEndpointsProps {
  readonly vpcId: string;
  /** Such as `ap-northeast-1`. */
  readonly region: string;
  /** Tables that get a route to both services. */
  readonly routeTableIds: readonly string[];
  /** `Name` tag of an endpoint. */
  readonly nameOf: (service: string) => string;
}

/** Free paths to S3 and DynamoDB that leave NAT out (NET-034). */
export class GatewayEndpoints extends Construct {
  readonly s3PrefixListId: string;
  readonly dynamodbPrefixListId: string;

  constructor(scope: Construct, id: string, props: GatewayEndpointsProps) {
    super(scope, id);
    const { vpcId, region, routeTableIds, nameOf } = props;
    const endpoint = (service: string) =>
      new VpcEndpoint(this, service, {
        vpcId,
        vpcEndpointType: "Gateway",
        serviceName: `com.amazonaws.${region}.${service}`,
        routeTableIds: [...routeTableIds],
        tags: { Name: nameOf(service) },
      });
    this.s3PrefixListId = endpoint("s3").prefixListId;
    this.dynamodbPrefixListId = endpoint("dynamodb").prefixListId;
  }
}
