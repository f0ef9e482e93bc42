import { Construct } from "constructs";
import { Alarm } from "../alarms/alarm";
import type { EncryptionKey } from "../identity/encryption-key";
import { Topic } from "../messaging/topic";

/** Publishes, and so must be admitted by the topic's key. */
export const BILLING_PUBLISHER = "cloudwatch.amazonaws.com";
/** AWS says what an account costs about every six hours. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html */
const PERIOD_SECONDS = 21_600;

export interface BillingAlarmProps {
  /** Of the alarm. */
  readonly name: string;
  readonly topicName: string;
  /** Twelve digits. */
  readonly account: string;
  /** US dollars since the month began. */
  readonly dollars: number;
  /** Each must confirm before it is told anything. */
  readonly emails: readonly string[];
  /** Admits {@link BILLING_PUBLISHER}. @default none */
  readonly key?: EncryptionKey;
}

/** An alarm on what the account has cost since the month began (CST-034), with a topic of its own: an alarm tells topics of its region only, and this one can stand in us-east-1 only. */
export class BillingAlarm extends Construct {
  constructor(scope: Construct, id: string, props: BillingAlarmProps) {
    super(scope, id);
    const { name, topicName, account, dollars, emails, key } = props;
    const topic = new Topic(this, "topic", { name: topicName, displayName: "AWS billing", account, key, publishers: [BILLING_PUBLISHER] });
    topic.deliverToAddresses(emails.map((endpoint) => ({ protocol: "email", endpoint })));
    new Alarm(this, "alarm", {
      name,
      description: `The account has cost more than $${dollars} since the month began`,
      severity: "warning",
      owner: "SRE",
      runbook: "overspend",
      namespace: "AWS/Billing",
      metric: "EstimatedCharges",
      dimensions: { Currency: "USD" },
      statistic: "Maximum",
      comparison: "GreaterThanThreshold",
      threshold: dollars,
      period: PERIOD_SECONDS,
      target: topic,
    });
  }
}
