import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { FlowLog as AwsFlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { Construct } from "constructs";
import type { EncryptionKey } from "../identity/encryption-key";
import { Role } from "../identity/role";

export interface FlowLogProps {
  readonly vpcId: string;
  /** Twelve digits. */
  readonly account: string;
  /** Name of the log group. */
  readonly logGroup: string;
  /** Days that the log is kept: one of those that CloudWatch Logs offers. */
  readonly retentionDays: number;
  /** Physical name of the role that writes the log. */
  readonly roleName: string;
  /** `Name` tag. */
  readonly name: string;
  /** Must let CloudWatch Logs use it: `logGroupKeyStatement()`. @default none: encrypted by a key of CloudWatch Logs */
  readonly key?: EncryptionKey;
}

/** All traffic of a VPC, accepted and rejected, in windows of ten minutes (SEC-028). */
export class FlowLog extends Construct {
  constructor(scope: Construct, id: string, props: FlowLogProps) {
    super(scope, id);
    const { vpcId, account, logGroup, retentionDays, roleName, name, key } = props;
    const group = new CloudwatchLogGroup(this, "log-group", { name: logGroup, retentionInDays: retentionDays, kmsKeyId: key?.arn });
    const role = new Role(this, "role", {
      name: roleName,
      description: "Writes the VPC flow log",
      assumedBy: [
        {
          principals: { Service: "vpc-flow-logs.amazonaws.com" },
          actions: ["sts:AssumeRole"],
          // Only for flow logs of this account, whoever else knows the role's ARN.
          conditions: { StringEquals: { "aws:SourceAccount": account } },
        },
      ],
    });
    // The group exists already, so the service need not create it. Its streams are below the group's ARN.
    role.grant({ actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"], resources: [`${group.arn}:*`] });
    // The service lists the groups before it writes, and a list call names no group: AWS gives it on *.
    // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
    role.grant({ actions: ["logs:DescribeLogGroups"], resources: ["*"] });
    new AwsFlowLog(this, "flow-log", {
      vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 600,
      tags: { Name: name },
    });
  }
}
