/**
 * Events and alerts through the functions beside Slack's, as dev's stack deploys them, on an emulator that runs their bundles in their roles' names: a critical
 * business event becomes an alert (MSG-010), each alert becomes a line of a log and is counted (OBS-004, OBS-013, MSG-016).
 */
import { EXAMPLE_MESSAGES, type ExampleMessage } from "../../commands/alert/examples";
import { Deployed, eventually } from "./deployed";
import { Slack } from "./slack";

interface Line {
  readonly message?: string;
  readonly alert?: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}

let deployed: Deployed;
let slack: Slack;
/** What a queue on the topic of alerts holds: what mail would say. */
let heard: string;

beforeAll(async () => {
  slack = await Slack.start();
  deployed = await Deployed.start(slack.address);
  const { call } = deployed;
  heard = (await call("sqs", "create_queue", { QueueName: "heard" })).QueueUrl as string;
  const { account, region } = deployed.environment;
  const Endpoint = `arn:aws:sqs:${region}:${account}:heard`;
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "sns.amazonaws.com" }, Action: "sqs:SendMessage", Resource: Endpoint }],
  });
  await call("sqs", "set_queue_attributes", { QueueUrl: heard, Attributes: { Policy } });
  await call("sns", "subscribe", { TopicArn: deployed.of("aws_sns_topic", "system-alerts").arn, Protocol: "sqs", Endpoint });
}, 180_000);

afterAll(async () => {
  await deployed?.stop();
  await slack?.stop();
});

const publish = ({ topic, message, subject, attributes = {} }: ExampleMessage) =>
  deployed.call("sns", "publish", {
    TopicArn: deployed.of("aws_sns_topic", topic === "systemAlertsTopic" ? "system-alerts" : "system-events").arn,
    Message: message,
    ...(subject !== undefined && { Subject: subject }),
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
    ),
  });
const example = (name: string) => EXAMPLE_MESSAGES[name]!(deployed.environment, "2026-11-29T14:00:00.000Z");
/** What the ingestion function wrote, but for what the runtime writes. */
const ingested = async (): Promise<Line[]> =>
  (await deployed.lines(`/aws/lambda/${deployed.environment.events.functions.alertIngestion}`))
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line);
const alerts = async () => (await ingested()).filter(({ message }) => message === "alert");

it("a critical business event becomes a message on the topic of alerts, and is told once", async () => {
  await publish(example("critical"));
  expect(await eventually(() => slack.taken.length > 0)).toBe(true);
  const { Messages } = await deployed.call("sqs", "receive_message", { QueueUrl: heard, WaitTimeSeconds: 5 });
  const [first, ...others] = (Messages as { Body: string }[]).map(({ Body }) => (JSON.parse(Body) as { Message: string }).Message);
  expect(others).toEqual([]);
  // What mail shows, as Lambda writes it.
  expect(JSON.parse(first!)).toMatchObject({
    requestContext: { condition: "Success" },
    responsePayload: {
      alert: "Critical: test of npm-run-alert",
      message: '{"message":"This is a test: nothing is wrong"}',
      subject: "Test of dev",
      attributes: { event_type: "test", severity: "critical", component: "npm-run-alert" },
    },
  });
  expect(slack.taken.map(({ text }) => text)).toEqual(["*Critical:* Test of dev"]);
  expect(await eventually(async () => (await alerts()).length > 0)).toBe(true);
  expect((await alerts()).map(({ alert }) => alert)).toEqual([
    expect.objectContaining({ source: "business-event", name: "npm-run-alert/test", severity: "critical", title: "Test of dev" }),
  ]);
}, 90_000);

it("one that is not critical becomes no alert, and is told and logged all the same", async () => {
  const [told, logged] = [slack.taken.length, (await alerts()).length];
  await publish(example("business"));
  expect(await eventually(() => slack.taken.length > told)).toBe(true);
  expect(await eventually(async () => (await alerts()).length > logged)).toBe(true);
  expect((await deployed.call("sqs", "receive_message", { QueueUrl: heard })).Messages ?? []).toEqual([]);
}, 60_000);

it("an alert is one structured line, and is counted by its severity in embedded metric format", async () => {
  const before = (await ingested()).length;
  await publish(example("alarm"));
  expect(await eventually(async () => (await ingested()).length >= before + 2)).toBe(true);
  const added = (await ingested()).slice(before);
  expect(added.filter(({ message }) => message === "alert")).toEqual([
    expect.objectContaining({
      level: "INFO",
      alert: expect.objectContaining({ source: "cloudwatch-alarm", name: "Test-dev", severity: "warning", state: "firing" }) as unknown,
    }),
  ]);
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
  expect(added.filter(({ _aws: metadata }) => metadata)).toEqual([
    {
      _aws: {
        Timestamp: expect.any(Number) as unknown,
        CloudWatchMetrics: [
          {
            Namespace: deployed.environment.metricNamespace,
            Dimensions: [["service", "Environment", "Severity"]],
            Metrics: [{ Name: "Alerts", Unit: "Count" }],
          },
        ],
      },
      service: "alerts",
      Environment: "dev",
      Severity: "warning",
      Alerts: 1,
    },
  ]);
  expect(added).toHaveLength(2);
}, 60_000);

it("nothing of it was left over", async () => {
  for (const part of ["notifications_dead-letter", "system-alert_dead-letters", "alert-ingestion_dead-letters", "notifications_queue"])
    expect([part, await deployed.waiting(deployed.of("aws_sqs_queue", part).url!)]).toEqual([part, 0]);
});
