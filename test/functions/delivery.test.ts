/**
 * From a metric to Slack, on an emulator that runs the functions as they are bundled: the alarm fires, the topic hands on, the queue holds, the function
 * posts. With Slack out of order nothing is lost, and the address of the webhook stands in no log (MSG-015, SEC-057).
 */
import type { Call } from "../rights/emulator";
import { Deployed, eventually } from "./deployed";
import { ok, SECRET, silent, Slack, status } from "./slack";

let deployed: Deployed;
let call: Call;
let slack: Slack;
let topic: string;
let queue: string;
let deadLetters: string;
let secret: string;
let functionName: string;

const waiting = (url: string) => deployed.waiting(url);
/** All that the functions wrote. */
const logs = async (): Promise<string> => (await deployed.lines()).join("\n");
const publish = (Message: string) => call("sns", "publish", { TopicArn: topic, Message });
const isStuck = async (count = 1) => (await waiting(deadLetters)) >= count && (await waiting(queue)) === 0;

beforeAll(async () => {
  slack = await Slack.start();
  deployed = await Deployed.start(slack.address);
  call = deployed.call;
  topic = deployed.of("aws_sns_topic", "system-alerts").arn!;
  queue = deployed.of("aws_sqs_queue", "notifications_queue").url!;
  const dead = deployed.of("aws_sqs_queue", "notifications_dead-letter");
  deadLetters = dead.url!;
  secret = deployed.of("aws_secretsmanager_secret", "slack-webhook").arn!;
  functionName = deployed.of("aws_lambda_function", "slack-notification").function_name!;
  // As deployed, but for the times: what takes minutes there takes seconds here.
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
  await call("sqs", "set_queue_attributes", { QueueUrl: queue, Attributes: { VisibilityTimeout: "2", RedrivePolicy } });
}, 180_000);

afterEach(async () => {
  slack.answer = ok;
  slack.taken.length = 0;
  slack.asked = 0;
  await call("sqs", "purge_queue", { QueueUrl: deadLetters });
});

afterAll(async () => {
  await deployed?.stop();
  await slack?.stop();
});

it("a metric becomes a message in Slack", async () => {
  const { name, namespace: Namespace, metric: MetricName, dimensions: Dimensions } = await deployed.alarm("orders_dead-letter-alarm");
  await call("cloudwatch", "put_metric_data", { Namespace, MetricData: [{ MetricName, Dimensions, Value: 3 }] });
  expect(await eventually(() => slack.taken.length > 0)).toBe(true);
  const [message] = slack.taken;
  expect(message!.text).toBe(`*Critical:* ${name}`);
  expect(message!.attachments[0]!.color).toBe(deployed.environment.events.slack.critical.colour);
  const shown = JSON.stringify(message!.attachments[0]!.blocks);
  const queueName = deployed.of("aws_sqs_queue", "orders_dead-letter").name;
  for (const part of ["dead-letter queue", `(QueueName=${queueName})`, "docs/runbooks/dead-letters.md|Runbook>"])
    expect(shown).toContain(part);
  expect(shown).not.toContain("severity=");
  expect(await waiting(deadLetters)).toBe(0);
}, 90_000);

it.each([
  ["answers 500", status(500)],
  ["answers 404", status(404)],
  ["asks for more patience than the function has", status(429, { "retry-after": "600" })],
])(
  "Slack %s: the message is kept as a dead letter",
  async (_, answer) => {
    slack.answer = answer;
    await publish("Warning: somebody should see this");
    expect(await eventually(() => isStuck(), 40)).toBe(true);
    expect(slack.taken).toEqual([]);
    expect(slack.asked).toBeGreaterThan(1);
    const { Messages } = await call("sqs", "receive_message", { QueueUrl: deadLetters });
    expect(JSON.stringify(Messages)).toContain("somebody should see this");
  },
  120_000,
);

describe("Slack never answers", () => {
  // As deployed the function has 20 seconds and the queue six times as many.
  beforeAll(async () => {
    await call("lambda", "update_function_configuration", { FunctionName: functionName, Timeout: 3 });
    await call("sqs", "set_queue_attributes", { QueueUrl: queue, Attributes: { VisibilityTimeout: "4" } });
  });
  afterAll(async () => {
    await call("lambda", "update_function_configuration", { FunctionName: functionName, Timeout: 20 });
    await call("sqs", "set_queue_attributes", { QueueUrl: queue, Attributes: { VisibilityTimeout: "2" } });
  });

  it("the function gives up before it is stopped, and the message is kept as a dead letter", async () => {
    slack.answer = silent;
    await publish("Warning: said to nobody");
    expect(await eventually(() => isStuck(), 40)).toBe(true);
    expect(slack.taken).toEqual([]);
    expect(slack.asked).toBeGreaterThan(1);
    const { Messages } = await call("sqs", "receive_message", { QueueUrl: deadLetters });
    expect(JSON.stringify(Messages)).toContain("said to nobody");
    const written = await logs();
    expect(written).toContain("Slack did not answer");
    expect(written).not.toContain("timed out");
  }, 120_000);

  it("until it does: the message is told then, once", async () => {
    slack.answer = silent;
    await publish("Warning: said twice, heard once");
    expect(await eventually(() => slack.asked > 0)).toBe(true);
    slack.answer = ok;
    expect(await eventually(async () => (await waiting(queue)) === 0)).toBe(true);
    expect(slack.taken).toHaveLength(1);
    expect(await waiting(deadLetters)).toBe(0);
  }, 60_000);
});

it("Slack asks to wait, and gets the message then", async () => {
  let refusals = 0;
  slack.answer = (response) => ((refusals += 1) <= 1 ? status(429, { "retry-after": "1" })(response) : ok(response));
  await publish("Warning: in a moment");
  expect(await eventually(() => slack.taken.length === 1)).toBe(true);
  expect(await waiting(deadLetters)).toBe(0);
}, 60_000);

it("a webhook that is no address: kept, and not repeated anywhere", async () => {
  const SecretString = JSON.stringify({ webhook_url: `htps//${SECRET}` });
  await call("secretsmanager", "put_secret_value", { SecretId: secret, SecretString });
  // What was remembered of the secret is forgotten when Slack says that the address is gone.
  slack.answer = status(404);
  await publish("Info: nowhere to go");
  expect(await eventually(() => isStuck(), 40)).toBe(true);
  // What came before may still be on its way.
  expect(JSON.stringify(slack.taken)).not.toContain("nowhere to go");
  await call("secretsmanager", "put_secret_value", { SecretId: secret, SecretString: JSON.stringify({ webhook_url: slack.address }) });
}, 120_000);

it("no log holds the secret", async () => {
  const all = await logs();
  expect(all).not.toContain(SECRET);
  expect(all).toContain("Slack was not told");
  expect(all).toContain("no address that begins with https://");
}, 60_000);
