import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { Alarm, type AlarmTarget } from "../alarms/alarm";
import { denyWithoutTls, policyDocument, type PolicyStatement } from "../identity/policy";
import type { Grantee } from "../identity/role";
import { deliveryStatement } from "./delivery";

export interface DeadLetterQueueProps {
  /** 1 to 80 characters. */
  readonly name: string;
}

/** The longest that SQS offers. */
const RETENTION_SECONDS = 1_209_600;

/** Where a function leaves what it could not process, and a topic what it could not deliver to it; encrypted by SQS (C-40). */
export class DeadLetterQueue extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  private readonly policy: PolicyStatement[];

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id);
    const queue = new SqsQueue(this, "queue", { name: props.name, messageRetentionSeconds: RETENTION_SECONDS, sqsManagedSseEnabled: true });
    this.policy = [denyWithoutTls([queue.arn], "sqs")];
    new SqsQueuePolicy(this, "policy", { queueUrl: queue.url, policy: Lazy.stringValue({ produce: () => policyDocument(this.policy) }) });
    this.name = queue.name;
    this.arn = queue.arn;
    this.url = queue.url;
  }

  /** Puts messages in. */
  grantSend(grantee: Grantee): void {
    grantee.grant({ actions: ["sqs:SendMessage"], resources: [this.arn] });
  }

  /** Lets topics leave what they cannot deliver. https://docs.aws.amazon.com/sns/latest/dg/sns-configure-dead-letter-queue.html */
  allowDeliveryFrom(id: string, topicArn: string): void {
    this.policy.push(deliveryStatement(id, topicArn, this.arn));
  }

  /** Reports any message. */
  alarmOnMessages(target: AlarmTarget, props: { readonly name: string; readonly period: number }): Alarm {
    return new Alarm(this, "alarm", {
      ...props,
      severity: "critical",
      owner: "DevOps",
      runbook: "dead-letters",
      description: "Messages that a function could not process, or that did not reach it",
      namespace: "AWS/SQS",
      metric: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: this.name },
      statistic: "Maximum",
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      target,
    });
  }
}
