import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { SqsQueueRedriveAllowPolicy } from "@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { Alarm, type AlarmSettings, type AlarmTarget } from "../alarms/alarm";
import type { Calculated, Metric } from "../alarms/metric";
import type { Widget } from "../dashboards/widget";
import { denyWithoutTls, policyDocument, type PolicyStatement } from "../identity/policy";
import type { Grantee } from "../identity/role";
import { deliveryStatement } from "./delivery";

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

  /** What an event source mapping of Lambda does for a function: takes messages out. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
  grantPoll(grantee: Grantee): void {
    grantee.grant({ actions: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], resources: [this.arn] });
  }

  /** Puts messages into the dead-letter queue by hand, such as orders that can never be placed (SEC-036). */
  grantSetAside(grantee: Grantee): void {
    grantee.grant({ actions: ["sqs:SendMessage"], resources: [this.deadLetterArn] });
  }

  /** Lets a topic deliver to this queue; each has a statement of its own. */
  allowDeliveryFrom(id: string, topicArn: string): void {
    this.policy.push(deliveryStatement(id, topicArn, this.arn));
  }

  /** What waits, how old its oldest is (OBS-010), and what could not be processed. */
  widgets(title: string): readonly Widget[] {
    return [
      {
        kind: "graph",
        title: `${title}: waiting`,
        lines: [
          { figure: this.metric("ApproximateNumberOfMessagesVisible", "Maximum") },
          { figure: this.metric("ApproximateAgeOfOldestMessage", "Maximum"), label: "Age of the oldest (s)", right: true },
        ],
      },
      { kind: "graph", title: `${title}: dead letters`, lines: [{ figure: this.deadLetters }] },
    ];
  }

  /**
   * Percent of the messages that were processed, of those that came to an end (OBS-015). A message that its reader puts into the dead-letter queue by
   * hand is deleted here and counted as sent there; one that SQS moves is not counted as sent, but is there.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  successRate(label: string): Calculated {
    return {
      label,
      expression: "100 * (done - FILL(aside, 0)) / (done - FILL(aside, 0) + IF(FILL(DIFF(dead), 0) > 0, FILL(DIFF(dead), 0), 0))",
      of: {
        done: this.metric("NumberOfMessagesDeleted", "Sum"),
        aside: { ...this.metric("NumberOfMessagesSent", "Sum"), dimensions: { QueueName: this.deadLetterName } },
        dead: this.deadLetters,
      },
    };
  }

  private get deadLetters(): Metric {
    return { ...this.metric("ApproximateNumberOfMessagesVisible", "Maximum"), dimensions: { QueueName: this.deadLetterName } };
  }

  private metric(metric: string, statistic: Metric["statistic"]): Metric {
    return { namespace: "AWS/SQS", metric, dimensions: { QueueName: this.name }, statistic };
  }

  /** Reports any message that could not be processed (MSG-006, OBS-027). */
  alarmOnDeadLetters(target: AlarmTarget, props: { readonly name: string; readonly period: number }): Alarm {
    return new Alarm(this, "dead-letter-alarm", {
      name: props.name,
      description: "Messages in the dead-letter queue, which could not be processed",
      severity: "critical",
      owner: "DevOps",
      runbook: "dead-letters",
      ...this.deadLetters,
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      period: props.period,
      target,
    });
  }

  /**
   * Reports that for so many minutes the queue was never empty. Not the age of the oldest message: SQS leaves out of it what was received three
   * times. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  alarmOnWaiting(
    target: AlarmTarget,
    props: Pick<AlarmSettings, "name" | "description" | "runbook"> & { readonly minutes: number },
  ): Alarm {
    const { minutes, ...about } = props;
    return new Alarm(this, "waiting-alarm", {
      ...about,
      severity: "critical",
      owner: "DevOps",
      label: "Waiting, or being tried",
      expression: "waiting + tried",
      of: {
        waiting: this.metric("ApproximateNumberOfMessagesVisible", "Minimum"),
        tried: this.metric("ApproximateNumberOfMessagesNotVisible", "Minimum"),
      },
      comparison: "GreaterThanThreshold",
      threshold: 0,
      period: 60,
      evaluationPeriods: minutes,
      target,
    });
  }
}
