import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { EncryptionKey } from "../identity/encryption-key";
import { single, type PolicyStatement } from "../identity/policy";
import type { Grantee } from "../identity/role";

export interface LogGroupProps {
  /** Physical name, such as `/aws/ec2/axia-tss/application`. */
  readonly name: string;
  /** One of those that CloudWatch Logs offers. */
  readonly retentionDays: number;
  /** Must let CloudWatch Logs use it: `logGroupKeyStatement()`. @default none: encrypted by a key of CloudWatch Logs */
  readonly key?: EncryptionKey;
}

/** A log group whose streams hosts and containers make themselves. */
export class LogGroup extends Construct {
  readonly name: string;
  readonly arn: string;
  /** For what would make the group itself if it were not there first. */
  readonly resource: ITerraformDependable;

  constructor(scope: Construct, id: string, props: LogGroupProps) {
    super(scope, id);
    const { name, retentionDays, key } = props;
    const group = new CloudwatchLogGroup(this, "log-group", { name, retentionInDays: retentionDays, kmsKeyId: key?.arn });
    this.name = group.name;
    this.arn = group.arn;
    this.resource = group;
  }

  /** Writes to streams of this group only, as the log driver of a container does. */
  grantAppend(grantee: Grantee): void {
    grantee.grant({ actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${this.arn}:*`] });
  }

  /** Writes to this group only (SEC-039, C-69); the agent looks for the stream before it writes. */
  grantWrite(grantee: Grantee): void {
    grantee.grant({ actions: ["logs:CreateLogGroup"], resources: [this.arn] });
    grantee.grant({ actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], resources: [`${this.arn}:*`] });
  }
}

/**
 * Lets CloudWatch Logs encrypt log groups with a key.
 *
 * ARNs are put together by hand, because a group needs its key first, so that the key's policy cannot take them from the groups.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function logGroupKeyStatement(props: {
  readonly region: string;
  readonly account: string;
  readonly logGroups: readonly string[];
}): PolicyStatement {
  const { region, account, logGroups } = props;
  return {
    sid: "LogGroups",
    principals: { Service: `logs.${region}.amazonaws.com` },
    actions: [
      "kms:Encrypt",
      "kms:Decrypt",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
      "kms:GenerateDataKey",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:DescribeKey",
    ],
    resources: ["*"], // in a key policy: this key
    conditions: {
      ArnEquals: {
        "kms:EncryptionContext:aws:logs:arn": single(logGroups.map((name) => `arn:aws:logs:${region}:${account}:log-group:${name}`)),
      },
    },
  };
}
