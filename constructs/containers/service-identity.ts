import { Construct } from "constructs";
import { Role } from "../identity/role";
import type { PolicyStatement } from "../identity/policy";
import type { Network } from "../network/network";
import { SecurityGroup } from "../network/security-group";

export interface ServiceIdentityProps {
  /** Such as `ml`. */
  readonly name: string;
  /** End of physical names. */
  readonly nameSuffix: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly network: Network;
}

const HTTPS = 443;

/** Who a service is, in IAM and on the network (SEC-029): it can do nothing but call AWS over HTTPS until it is granted more. */
export class ServiceIdentity extends Construct {
  /** What the service itself may do. */
  readonly taskRole: Role;
  /** What ECS does to start it: images, secrets, logs. */
  readonly executionRole: Role;
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, props: ServiceIdentityProps) {
    super(scope, id);
    const { name, nameSuffix, account, region, network } = props;
    const assumedBy = [tasksOf(account, region)];
    this.taskRole = new Role(this, "task-role", {
      name: `tss-${name}-task${nameSuffix}`,
      description: `What the service ${name} may do`,
      assumedBy,
    });
    this.executionRole = new Role(this, "execution-role", {
      name: `tss-${name}-execution${nameSuffix}`,
      description: `What ECS may do to start the service ${name}`,
      assumedBy,
    });
    this.securityGroup = new SecurityGroup(this, "security-group", {
      name: `service-${name}${nameSuffix}`,
      description: `Tasks of the service ${name}`,
      network,
    });
    // Images and AWS services, and the market's data on the Internet (SEC-010).
    this.securityGroup.allowTo("internet", { peer: { cidr: "0.0.0.0/0" }, ports: HTTPS, description: "HTTPS" });
  }
}

/** Tasks of this account only. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html */
function tasksOf(account: string, region: string): Omit<PolicyStatement, "resources"> {
  return {
    principals: { Service: "ecs-tasks.amazonaws.com" },
    actions: ["sts:AssumeRole"],
    conditions: { ArnLike: { "aws:SourceArn": `arn:aws:ecs:${region}:${account}:*` }, StringEquals: { "aws:SourceAccount": account } },
  };
}
