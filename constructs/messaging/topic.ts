import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import { Alarm, type AlarmSettings, type AlarmTarget } from "../alarms/alarm";
import { denyWithoutTls, policyDocument, type PolicyStatement } from "../identity/policy";
import { knowsItsAccount, type EncryptionKey } from "../identity/encryption-key";
import type { Grantee, Role } from "../identity/role";
import type { Queue } from "./queue";

export interface TopicProps {
  /** 1 to 256 characters. */
  readonly name: string;
  /** Shown as the sender of e-mails. */
  readonly displayName: string;
  /** Twelve digits. */
  readonly account: string;
  /** @default none: encrypted by nothing but SNS's own disks; alarms cannot publish through the AWS managed key */
  readonly key?: EncryptionKey;
  /** AWS services that publish, such as `cloudwatch.amazonaws.com`. @default none */
  readonly publishers?: readonly string[];
}

export interface Subscriber {
  readonly protocol: "email" | "https";
  /** An address of that protocol. */
  readonly endpoint: string;
}

/** Which messages concern a subscriber, by their attributes. https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html */
export type Filter = Readonly<Record<string, readonly unknown[]>>;

/** A topic that takes messages over TLS only, from grantees of this account and the services named. */
export class Topic extends Construct implements AlarmTarget {
  readonly name: string;
  readonly arn: string;
  private readonly key?: EncryptionKey;
  private readonly topic: SnsTopic;

  constructor(scope: Construct, id: string, props: TopicProps) {
    super(scope, id);
    const { name, displayName, account, key, publishers = [] } = props;
    const topic = new SnsTopic(this, "topic", { name, displayName, kmsMasterKeyId: key?.arn });
    new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      policy: policyDocument([
        ...publishers.map((service): PolicyStatement => ({
          sid: `Publish${service.split(".")[0]!.replace(/[^A-Za-z0-9]/g, "")}`,
          principals: { Service: service },
          actions: ["sns:Publish"],
          resources: [topic.arn],
          ...(knowsItsAccount(service) && { conditions: { StringEquals: { "aws:SourceAccount": account } } }),
        })),
        // SNS refuses sns:* in a topic policy; publishing is what travels.
        { ...denyWithoutTls([topic.arn], "sns"), actions: ["sns:Publish"] },
      ]),
    });
    this.name = topic.name;
    this.arn = topic.arn;
    this.key = key;
    this.topic = topic;
  }

  /** Says in a log what it could not deliver to queues and functions, by a role that may write there. Endpoints of other kinds answer for themselves. */
  logFailures(role: Role): void {
    this.topic.sqsFailureFeedbackRoleArn = role.arn;
    this.topic.lambdaFailureFeedbackRoleArn = role.arn;
  }

  /** Reports what could not be delivered to anybody, which nobody else reports (MSG-015). */
  alarmOnFailedDeliveries(target: AlarmTarget, { name }: Pick<AlarmSettings, "name">): void {
    new Alarm(this, "undelivered-alarm", {
      name,
      description: "A message could not be delivered to a queue, a function or an address; the topic's log of failures says why",
      severity: "critical",
      owner: "DevOps",
      runbook: "alerts-late",
      namespace: "AWS/SNS",
      metric: "NumberOfNotificationsFailed",
      dimensions: { TopicName: this.name },
      statistic: "Sum",
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      period: 300,
      target,
    });
  }

  /** Publishes messages. */
  grantPublish(grantee: Grantee): void {
    grantee.grant({ actions: ["sns:Publish"], resources: [this.arn] });
    this.key?.grantEncryptDecrypt(grantee);
  }

  /** Delivers to a queue, in SNS's envelope, which says subject, time and attributes of the message (C-36). */
  deliverToQueue(id: string, queue: Queue): void {
    queue.allowDeliveryFrom(this.node.id, this.arn);
    new SnsTopicSubscription(this, id, { topicArn: this.arn, protocol: "sqs", endpoint: queue.arn });
  }

  /** Delivers to a function (C-36); what does not reach it is left in the queue. */
  deliverToFunction(id: string, endpoint: string, deadLetterArn: string, filter?: Filter): void {
    new SnsTopicSubscription(this, id, {
      topicArn: this.arn,
      protocol: "lambda",
      endpoint,
      filterPolicy: filter && JSON.stringify(filter),
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetterArn }),
    });
  }

  /** Delivers to addresses. An e-mail address must confirm before it is told anything. */
  deliverToAddresses(subscribers: readonly Subscriber[]): void {
    for (const { protocol, endpoint } of subscribers) {
      new SnsTopicSubscription(this, `${protocol}-${endpoint.replace(/[^A-Za-z0-9]+/g, "-")}`, { topicArn: this.arn, protocol, endpoint });
    }
  }
}
