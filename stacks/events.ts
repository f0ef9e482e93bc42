import { Construct } from "constructs";
import type { Alarm } from "../constructs/alarms/alarm";
import type { Section } from "../constructs/dashboards/widget";
import { Function, logGroupName, QUEUE_READERS } from "../constructs/functions/function";
import type { EncryptionKey } from "../constructs/identity/encryption-key";
import { repositoryPages } from "../constructs/identity/github-names";
import { Queue } from "../constructs/messaging/queue";
import { failedDeliveries, logFailedDeliveries } from "../constructs/messaging/failed-deliveries";
import { Topic } from "../constructs/messaging/topic";
import type { Network } from "../constructs/network/network";
import { Secret } from "../constructs/storage/secret";
import type { Environment } from "../environments/schema";
import { FORWARDED } from "../functions/alerts/forwarded";
import type { Settings } from "../functions/slack-notification/settings";
import { EnvironmentStack, type EnvironmentStackProps } from "./base";

export interface EventsStackProps extends EnvironmentStackProps {
  /** Where functions stand, if it is the environment's own. */
  readonly network: Network;
}

/** Services of AWS that tell of something on the topic of alerts: alarms, rules, budgets, cost anomalies, backups. */
const PUBLISHERS = [
  "cloudwatch.amazonaws.com",
  "events.amazonaws.com",
  "budgets.amazonaws.com",
  "costalerts.amazonaws.com",
  "backup.amazonaws.com",
];
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
  /** An order was not placed: trading as a whole is impaired. */
  readonly unplacedOrders: Alarm;
  /** Where the Slack functions post (SEC-052, SEC-057). */
  readonly slackWebhook: Secret;
  /** By what they are called on the dashboard. */
  private readonly functions = new Map<string, Function>();

  constructor(scope: Construct, props: EventsStackProps) {
    super(scope, "events", props);
    const { account, data, deletionProtection: protect, events, nameSuffix, region } = this.environment;

    const { alertIngestion, logRetentionDays, slackNotification, systemAlert } = events.functions;
    const topics = [events.systemEventsTopic, events.systemAlertsTopic];
    const key = this.encryptionKey({
      description: "Topics and secrets of the events stack",
      services: PUBLISHERS,
      logGroups: [
        ...[slackNotification, systemAlert, alertIngestion].map(logGroupName),
        ...topics.map((topic) => failedDeliveries({ account, region, topic })),
      ],
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
      publishers: PUBLISHERS,
    });
    logFailedDeliveries(this, "failed-deliveries", {
      topics: [
        { topic: this.systemEvents, name: events.systemEventsTopic },
        { topic: this.alerts, name: events.systemAlertsTopic },
      ],
      roleName: `tss-sns-delivery${nameSuffix}`,
      account,
      region,
      retentionDays: logRetentionDays,
      key,
    });
    this.alerts.deliverToAddresses(events.alertSubscriptions);
    for (const [topic, name] of [
      [this.systemEvents, events.systemEventsTopic],
      [this.alerts, events.systemAlertsTopic],
    ] as const)
      topic.alarmOnFailedDeliveries(this.alerts, { name: `SNS-Undelivered-${name}` });

    this.orders = new Queue(this, "orders", events.orderQueue);
    this.unplacedOrders = this.orders.alarmOnDeadLetters(this.alerts, {
      name: `SQS-DLQ-Messages${nameSuffix}`,
      period: events.deadLetterAlarmPeriodSeconds,
    });

    this.slackWebhook = new Secret(this, "slack-webhook", { ...data.secrets.slackWebhook, key, protect });

    this.tellSlack(props.network, key);

    if (events.alertProcessingQueue) {
      this.alertProcessing = new Queue(this, "alert-processing", events.alertProcessingQueue);
      this.alertProcessing.alarmOnDeadLetters(this.alerts, {
        name: `SQS-DLQ-AlertProcessing${nameSuffix}`,
        period: events.deadLetterAlarmPeriodSeconds,
      });
      this.systemEvents.deliverToQueue("alert-processing", this.alertProcessing);
      this.outputQueue("alert-processing", this.alertProcessing, "Alerts to be processed");
    }
    this.alertOnEvents(props.network, key);
    this.logAlerts(props.network, key);

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

  override sections(): readonly Section[] {
    const { alertProcessing, orders, queues } = this;
    return [
      {
        title: "Queues",
        widgets: [
          ...orders.widgets("Orders"),
          { kind: "graph", title: "Orders: placed (%)", period: 3600, lines: [{ figure: orders.successRate("OrderSuccessRate") }] },
          ...(alertProcessing?.widgets("Alerts") ?? []),
          // Whatever their order in the literal.
          ...[...queues.keys()].sort().flatMap((name) => queues.get(name)!.widgets(name)),
        ],
      },
      { title: "Functions", widgets: [...this.functions].flatMap(([title, made]) => made.widgets(title)) },
    ];
  }

  /** Both topics → queue → function → Slack (MSG-010, MSG-012, MSG-015, MSG-017, OBS-038, OBS-040, RMP-008, SEC-057). */
  private tellSlack(network: Network, key?: EncryptionKey): void {
    const { deadLetterAlarmPeriodSeconds: period, functions, notificationQueue, slack } = this.environment.events;
    const queue = new Queue(this, "notifications", notificationQueue);
    queue.alarmOnDeadLetters(this.alerts, { name: `SQS-DLQ-${notificationQueue.name}`, period });
    queue.alarmOnWaiting(this.alerts, {
      name: `SQS-Waiting-${notificationQueue.name}`,
      description: "Alerts have waited for Slack for 10 minutes",
      runbook: "alerts-late",
      minutes: 10,
    });
    this.systemEvents.deliverToQueue("notifications", queue);
    this.alerts.deliverToQueue("notifications", queue);
    const notify = new Function(this, "slack-notification", {
      ...this.commonToFunctions(network, key),
      name: functions.slackNotification,
      description: "Tells Slack of alerts and business events",
      code: "slack-notification",
      settings: { webhooks: this.slackWebhook.arn, styles: stylesOf(slack), pages: repositoryPages(this.environment.bootstrap) },
      memoryMegabytes: 256,
      timeoutSeconds: 20,
    });
    this.functions.set("Slack notification", notify);
    this.slackWebhook.grantRead(notify);
    notify.consume("notifications", queue);
    this.outputQueue("notifications", queue, "Alerts for Slack");
  }

  /** Critical business events → alerts topic (MSG-010). */
  private alertOnEvents(network: Network, key?: EncryptionKey): void {
    const alert = new Function(this, "system-alert", {
      ...this.commonToFunctions(network, key),
      name: this.environment.events.functions.systemAlert,
      description: "Makes alerts of critical business events",
      code: "system-alert",
      publishTo: this.alerts,
      memoryMegabytes: 128,
      timeoutSeconds: 10,
    });
    this.functions.set("System alert", alert);
    alert.subscribe("system-events", this.systemEvents, { event_type: [{ exists: true }], severity: FORWARDED });
  }

  /** Every alert, and every business event that did not become one → a log that can be queried for a year (OBS-004, MSG-016, RMP-014). */
  private logAlerts(network: Network, key?: EncryptionKey): void {
    const { events, metricNamespace: namespace, name: environment } = this.environment;
    const { alertIngestion: name, alertLogRetentionDays: logRetentionDays, reservedConcurrency } = events.functions;
    const ingestion = new Function(this, "alert-ingestion", {
      ...this.commonToFunctions(network, key),
      name,
      description: "Writes alerts and business events into its log, and counts them",
      code: "alert-ingestion",
      settings: { environment, namespace },
      logRetentionDays,
      // SNS starts copies beside those that read the queue.
      reservedConcurrency: reservedConcurrency === null ? null : reservedConcurrency + QUEUE_READERS,
      memoryMegabytes: 128,
      timeoutSeconds: 10,
    });
    this.functions.set("Alert ingestion", ingestion);
    ingestion.subscribe("system-alerts", this.alerts);
    if (this.alertProcessing) ingestion.consume("alert-processing", this.alertProcessing);
    else ingestion.subscribe("system-events", this.systemEvents);
  }

  private commonToFunctions(network: Network, key?: EncryptionKey) {
    const { logRetentionDays, reservedConcurrency } = this.environment.events.functions;
    return { key, logRetentionDays, reservedConcurrency, network: this.placeOfFunctions(network), alerts: this.alerts };
  }

  private outputQueue(id: string, { deadLetterUrl, url }: Queue, what: string): void {
    this.output(`${id}_queue_url`, url, what);
    this.output(`${id}_dead_letter_queue_url`, deadLetterUrl, `${what}: messages that could not be processed`);
  }
}

/** As the function knows them: the review would take a key of a webhook that stands in the open for the webhook itself. */
const stylesOf = (slack: Environment["events"]["slack"]): Settings["styles"] => ({
  critical: styleOf(slack.critical),
  warning: styleOf(slack.warning),
  info: styleOf(slack.info),
});
const styleOf = ({ webhookKey: channel, ...style }: Environment["events"]["slack"]["critical"]) => ({ ...style, channel });
