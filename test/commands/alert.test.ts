/** Test messages are known by the functions that pass alerts on, and reach a topic as a publisher's would: on an emulator, through its SNS and SQS. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { published } from "../../commands/alert";
import { EXAMPLE_MESSAGES } from "../../commands/alert/examples";
import type { Place } from "../../commands/shared/target";
import { Aws } from "../../delivery/aws";
import { recognise } from "../../functions/alerts/recognise";
import { environment } from "../environments/edits";
import { EmulatedAccount } from "../helpers/emulated-account";

jest.setTimeout(120_000);
const TIME = "2026-11-29T14:00:00.000Z";
const dev = environment("dev");
const { account, events, region } = dev;

it.each([
  ["alarm", { source: "cloudwatch-alarm", severity: "warning", state: "firing", name: "Test-dev" }],
  ["ok", { source: "cloudwatch-alarm", severity: "warning", state: "resolved", name: "Test-dev" }],
  ["event", { source: "ecs", severity: "info" }],
  ["budget", { source: "budget", severity: "warning" }],
  ["business", { source: "business-event", severity: "info" }],
  ["critical", { source: "business-event", severity: "critical" }],
  ["text", { source: "text", title: "Test of dev" }],
])("%s is known for what it is, and says that it is a test", (example, known) => {
  const { attributes = {}, message, subject } = EXAMPLE_MESSAGES[example]!(dev, TIME);
  const alert = recognise({ message, subject, attributes, time: TIME });
  expect(alert).toMatchObject(known);
  expect(JSON.stringify(alert)).toContain("This is a test");
});

it("has a case here for every example", () => {
  expect(Object.keys(EXAMPLE_MESSAGES)).toEqual(["alarm", "ok", "event", "budget", "business", "critical", "text"]);
});

describe("on an emulator", () => {
  let emulated: EmulatedAccount;
  const call = async (version: string, action: string, parameters: Record<string, string>): Promise<string> => {
    const authorization = `AWS4-HMAC-SHA256 Credential=${account}/20261129/${region}/${version === "2010-03-31" ? "sns" : "sqs"}/aws4_request, SignedHeaders=host, Signature=0`;
    const body = new URLSearchParams({ Action: action, Version: version, ...parameters });
    const answer = await fetch(emulated.emulator.endpoint, { method: "POST", body, headers: { authorization } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return text;
  };
  const sns = (action: string, parameters: Record<string, string>) => call("2010-03-31", action, parameters);
  const sqs = (action: string, parameters: Record<string, string>) => call("2012-11-05", action, parameters);

  beforeAll(async () => {
    emulated = await EmulatedAccount.open(dev);
  });
  afterAll(async () => {
    await emulated.close();
  });

  const place = (): Place => ({ kind: "rehearsal", words: "in the emulator", endpoint: emulated.emulator.endpoint });

  it("says where there is no topic", async () => {
    await expect(published(dev, EXAMPLE_MESSAGES.alarm!(dev, TIME), place())).rejects.toThrow(
      `There is no topic ${events.systemAlertsTopic} in the emulator. npm run deploy -- dev makes it.`,
    );
  });

  it("publishes with subject and attributes, and says where to look", async () => {
    await sns("CreateTopic", { Name: events.systemEventsTopic });
    await sqs("CreateQueue", { QueueName: "heard" });
    await sns("Subscribe", {
      TopicArn: `arn:aws:sns:${region}:${account}:${events.systemEventsTopic}`,
      Protocol: "sqs",
      Endpoint: `arn:aws:sqs:${region}:${account}:heard`,
    });
    const said = await published(dev, EXAMPLE_MESSAGES.critical!(dev, TIME), place());
    expect(said).toMatch(new RegExp(`^Published to arn:aws:sns:${region}:${account}:${events.systemEventsTopic} as [0-9a-f-]{36}\\.\n`));
    expect(said).toContain(`/aws/lambda/${events.functions.slackNotification}`);
    const received = await sqs("ReceiveMessage", { QueueUrl: `${emulated.emulator.endpoint}/${account}/heard` });
    const body = JSON.parse(/<Body>(.*)<\/Body>/s.exec(received)![1]!.replaceAll("&quot;", '"').replaceAll("&amp;", "&")) as Record<
      string,
      unknown
    >;
    expect(body).toMatchObject({
      Subject: "Test of dev",
      MessageAttributes: { severity: { Type: "String", Value: "critical" }, event_type: { Value: "test" } },
    });
  });
});

describe("a topic that is hard to reach", () => {
  /** Answers each connection by what is next. */
  const asked: string[] = [];
  let answers: ((response: ServerResponse) => void)[];
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      asked.push(request.url!);
      (answers.shift() ?? reset)(response);
    });
  });
  const reset = (response: ServerResponse) => response.socket!.resetAndDestroy();
  const status =
    (code: number, body = "") =>
    (response: ServerResponse) =>
      response.writeHead(code).end(body);
  const publishing = (next: typeof answers) => {
    [answers, asked.length] = [next, 0];
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return published(dev, EXAMPLE_MESSAGES.text!(dev, TIME), { kind: "rehearsal", words: "here", endpoint });
  };
  const TAKEN = status(200, "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>");

  beforeAll(() => new Promise<void>((done) => server.listen(0, "127.0.0.1", done)));
  afterAll(() => new Promise((done) => server.close(done)));

  it.each([
    ["resets the connection", reset, "does not answer; whether it has taken sns:Publish is not known"],
    ["fails", status(500, "<ErrorResponse><Error><Code>InternalError</Code><Message>ours</Message></Error></ErrorResponse>"), "ours"],
  ])("%s: it may have taken the message, which is sent no second time", async (_, answer, said) => {
    await expect(publishing([answer, TAKEN])).rejects.toThrow(said);
    expect(asked).toHaveLength(1);
  });

  it("has no time yet: the message is sent again", async () => {
    const busy = status(400, "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>");
    expect(await publishing([busy, TAKEN])).toContain("as 1.");
    expect(asked).toHaveLength(2);
  });
});

it("what only asks is asked again when a connection was reset", async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    if ((asked += 1) === 1) response.socket!.resetAndDestroy();
    else response.end("<GetCallerIdentityResponse/>");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const aws = new Aws({ region, endpoint, credentials: { accessKeyId: account, secretAccessKey: "x" } });
  await aws.query("sts", "GetCallerIdentity");
  expect(asked).toBe(2);
  aws.dispose();
  await new Promise((done) => server.close(done));
});
