import { Construct } from "constructs";
import { Queue } from "../constructs/messaging/queue";
import { Topic } from "../constructs/messaging/topic";
import { Secret } from "../constructs/storage/secret";
import { EnvironmentStack, type EnvironmentStackProps } from "./base";

/** Queues, topics and who is told. */
export class EventsStack extends EnvironmentStack {
  readonly orders: Queue;
  /** Where the environment has one (MSG-005, MSG-010). */
  readonly alertProcessing?: Queue;
  /** Those of `events.queues`, by key. */
  readonly queues: ReadonlyMap<string, Queue>;
  /** Business events (MSG-012, RMP-008). */
  readonly systemEvents: Topic;
  /** Where every alarm goes (MSG-013). */
  readonly alerts: Topic;
  /** Where the Slack functions post (SEC-052, SEC-057). */
  readonly slackWebhook: Secret;

  constructor(scope: Construct, props: EnvironmentStackProps) {
    super(scope, "events", props);
    const { account, data, deletionProtection: protect, events, nameSuffix } = this.environment;

    const key = this.encryptionKey({
      description: "Topics and secrets of the events stack",
      services: ["cloudwatch.amazonaws.com", "events.amazonaws.com"],
    });

    this.systemEvents = new Topic(this, "system-events", {
      name: events.systemEventsTopic,
      displayName: "TSS system events",
      account,
      key,
    });
    this.alerts = new Topic(this, "system-alerts", {
      name: events.systemAlertsTopic,
      displayName: "TSS system alerts",
      account,
      key,
      publishers: ["cloudwatch.amazonaws.com", "events.amazonaws.com"],
    });
    this.alerts.deliverToAddresses(events.alertSubscriptions);

    this.orders = new Queue(this, "orders", events.orderQueue);
    this.orders.alarmOnDeadLetters(this.alerts, { name: `SQS-DLQ-Messages${nameSuffix}`, period: events.deadLetterAlarmPeriodSeconds });

    this.slackWebhook = new Secret(this, "slack-webhook", { ...data.secrets.slackWebhook, key, protect });

    if (events.alertProcessingQueue) {
      this.alertProcessing = new Queue(this, "alert-processing", events.alertProcessingQueue);
      this.alertProcessing.alarmOnDeadLetters(this.alerts, {
        name: `SQS-DLQ-AlertProcessing${nameSuffix}`,
        period: events.deadLetterAlarmPeriodSeconds,
      });
      this.systemEvents.deliverToQueue("alert-processing", this.alertProcessing);
      this.outputQueue("alert-processing", this.alertProcessing, "Alerts to be processed");
    }

    this.outputQueue("orders", this.orders, "Orders for the broker");
    this.output("system-events_topic_arn", this.systemEvents.arn, "Business events");
    this.output("system-alerts_topic_arn", this.alerts.arn, "Where every alarm goes");

    const others = new Construct(this, "queues");
    this.queues = new Map(
      Object.entries(events.queues).map(([key, props]) => {
        const queue = new Queue(others, key, props);
        queue.alarmOnDeadLetters(this.alerts, { name: `SQS-DLQ-${key}${nameSuffix}`, period: events.deadLetterAlarmPeriodSeconds });
        this.outputQueue(key, queue, "Messages");
        return [key, queue];
      }),
    );
  }

  private outputQueue(id: string, { deadLetterUrl, url }: Queue, what: string): void {
    this.output(`${id}_queue_url`, url, what);
    this.output(`${id}_dead_letter_queue_url`, deadLetterUrl, `${what}: messages that could not be processed`);
  }
}
