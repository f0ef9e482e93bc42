import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import type { AlarmTarget } from "../alarms/alarm";
import { denyWithoutTls, policyDocument, type PolicyStatement } from "../identity/policy";
import { knowsItsAccount, type EncryptionKey } from "../identity/encryption-key";
import type { Grantee } from "../identity/role";
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

/** A topic that takes messages over TLS only, from grantees of this account and the services named. */
export class Topic extends Construct implements AlarmTarget {
  readonly name: string;
  readonly arn: string;
  private readonly key?: EncryptionKey;

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
  }

  /** Publishes messages. */
  grantPublish(grantee: Grantee): void {
    grantee.grant({ actions: ["sns:Publish"], resources: [this.arn] });
    this.key?.grantEncryptDecrypt(grantee);
  }

  /** Delivers to a queue, as the message was published (C-36). */
  deliverToQueue(id: string, queue: Queue): void {
    queue.allowDeliveryFrom(this.arn);
    new SnsTopicSubscription(this, id, { topicArn: this.arn, protocol: "sqs", endpoint: queue.arn, rawMessageDelivery: true });
  }

  /** Delivers to addresses. An e-mail address must confirm before it is told anything. */
  deliverToAddresses(subscribers: readonly Subscriber[]): void {
    for (const { protocol, endpoint } of subscribers) {
      new SnsTopicSubscription(this, `${protocol}-${endpoint.replace(/[^A-Za-z0-9]+/g, "-")}`, { topicArn: this.arn, protocol, endpoint });
    }
  }
}
