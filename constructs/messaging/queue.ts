import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { SqsQueueRedriveAllowPolicy } from "@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { Alarm, type AlarmTarget } from "../alarms/alarm";
import { denyWithoutTls, policyDocument, type PolicyStatement } from "../identity/policy";
import type { Grantee } from "../identity/role";

export interface QueueProps {
  /** 1 to 80 characters; a FIFO queue's ends in `.fifo`. */
  readonly name: string;
  /** @default false */
  readonly fifo?: boolean;
  /** Seconds that a received message stays hidden, 0 to 43200 (MSG-002). */
  readonly visibilityTimeoutSeconds: number;
  /** Seconds that a message is kept, 60 to 1209600 (MSG-002). */
  readonly messageRetentionSeconds: number;
  /** Seconds that a receive waits for a message, 0 to 20 (MSG-002). @default 20 */
  readonly receiveWaitTimeSeconds?: number;
  readonly deadLetter: {
    readonly name: string;
    /** Receives after which a message is moved, 1 to 1000 (MSG-003). */
    readonly maxReceiveCount: number;
    readonly visibilityTimeoutSeconds: number;
    readonly messageRetentionSeconds: number;
  };
}

/** A queue with its dead-letter queue, both encrypted by SQS (C-40, SEC-066, CST-029) and closed to calls without TLS. */
export class Queue extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly deadLetterName: string;
  readonly deadLetterArn: string;
  readonly deadLetterUrl: string;
  private readonly policy: PolicyStatement[];

  constructor(scope: Construct, id: string, props: QueueProps) {
    super(scope, id);
    const { name, fifo = false, visibilityTimeoutSeconds, messageRetentionSeconds, receiveWaitTimeSeconds = 20, deadLetter } = props;
    const common = { fifoQueue: fifo || undefined, contentBasedDeduplication: fifo || undefined, sqsManagedSseEnabled: true };
    const deadLetterQueue = new SqsQueue(this, "dead-letter", {
      ...common,
      name: deadLetter.name,
      visibilityTimeoutSeconds: deadLetter.visibilityTimeoutSeconds,
      messageRetentionSeconds: deadLetter.messageRetentionSeconds,
    });
    const queue = new SqsQueue(this, "queue", {
      ...common,
      name,
      visibilityTimeoutSeconds,
      messageRetentionSeconds,
      receiveWaitTimeSeconds,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetterQueue.arn, maxReceiveCount: deadLetter.maxReceiveCount }),
    });
    new SqsQueueRedriveAllowPolicy(this, "redrive-allow", {
      queueUrl: deadLetterQueue.url,
      redriveAllowPolicy: JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [queue.arn] }),
    });
    this.policy = [denyWithoutTls([queue.arn], "sqs")];
    new SqsQueuePolicy(this, "policy", { queueUrl: queue.url, policy: Lazy.stringValue({ produce: () => policyDocument(this.policy) }) });
    new SqsQueuePolicy(this, "dead-letter-policy", {
      queueUrl: deadLetterQueue.url,
      policy: policyDocument([denyWithoutTls([deadLetterQueue.arn], "sqs")]),
    });

    this.name = queue.name;
    this.arn = queue.arn;
    this.url = queue.url;
    this.deadLetterName = deadLetterQueue.name;
    this.deadLetterArn = deadLetterQueue.arn;
    this.deadLetterUrl = deadLetterQueue.url;
  }

  /** Sees how many messages wait, and none of them. */
  grantInspect(grantee: Grantee): void {
    grantee.grant({ actions: ["sqs:GetQueueAttributes"], resources: [this.arn] });
  }

  /** Puts messages in (SEC-036). */
  grantSend(grantee: Grantee): void {
    grantee.grant({ actions: ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"], resources: [this.arn] });
  }

  /** Takes messages out, and out of the dead-letter queue (SEC-036). */
  grantConsume(grantee: Grantee): void {
    grantee.grant({
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
      resources: [this.arn, this.deadLetterArn],
    });
  }

  /** Puts messages into the dead-letter queue by hand, such as orders that can never be placed (SEC-036). */
  grantSetAside(grantee: Grantee): void {
    grantee.grant({ actions: ["sqs:SendMessage"], resources: [this.deadLetterArn] });
  }

  /** Lets a topic deliver to this queue. */
  allowDeliveryFrom(topicArn: string): void {
    this.policy.push({
      sid: "AllowTopic",
      principals: { Service: "sns.amazonaws.com" },
      actions: ["sqs:SendMessage"],
      resources: [this.arn],
      conditions: { ArnEquals: { "aws:SourceArn": topicArn } },
    });
  }

  /** Reports any message that could not be processed (MSG-006, OBS-027). */
  alarmOnDeadLetters(target: AlarmTarget, props: { readonly name: string; readonly period: number }): Alarm {
    return new Alarm(this, "dead-letter-alarm", {
      name: props.name,
      description: "Critical: messages in the dead-letter queue, which could not be processed",
      namespace: "AWS/SQS",
      metric: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: this.deadLetterName },
      statistic: "Maximum",
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      period: props.period,
      target,
    });
  }
}
