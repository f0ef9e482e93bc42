import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Construct } from "constructs";
import type { DedicatedNetwork } from "./dedicated-network";
import { SecurityGroup } from "./security-group";

export interface InterfaceEndpointsProps {
  readonly network: DedicatedNetwork;
  /** Such as `ap-northeast-1`. */
  readonly region: string;
  /** Services by their short names, such as `secretsmanager` or `ecr.api`. */
  readonly services: readonly string[];
  /** End of physical names. */
  readonly nameSuffix: string;
}

/** Private doors to AWS services, in the private subnets of every zone, under the services' own names (NET-034, NET-035, CST-026). */
export class InterfaceEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: InterfaceEndpointsProps) {
    super(scope, id);
    const { network, region, services, nameSuffix } = props;
    const group = new SecurityGroup(this, "security-group", {
      name: `vpc-endpoints${nameSuffix}`,
      documentedName: "sg-vpc-endpoints",
      description: "Interface endpoints of AWS services",
      network,
    });
    group.allowFrom("vpc", { peer: { cidr: network.cidr }, ports: 443, description: "AWS service calls from inside the VPC" });
    for (const service of services) {
      const name = service.replaceAll(".", "-");
      new VpcEndpoint(this, name, {
        vpcId: network.vpcId,
        vpcEndpointType: "Interface",
        serviceName: `com.amazonaws.${region}.${service}`,
        subnetIds: network.subnetIds("private"),
        securityGroupIds: [group.id],
        privateDnsEnabled: true,
        tags: network.nameTag(name),
      });
    }
  }
}
