/** Slack that does not answer is given up in time: whoever posts says so before Lambda stops it. */
import { NotPosted, RETRIES, TIMEOUT_MILLISECONDS, Webhooks } from "../../functions/slack-notification/webhook";
import { environment } from "../environments/edits";
import { synthEnvironments } from "../helpers/synth";
import { named } from "../helpers/trading";
import { SECRET, silent, Slack, status } from "./slack";

let slack: Slack;
const webhooks = () =>
  new Webhooks({ send: () => Promise.resolve({ SecretString: JSON.stringify({ key: slack.address }) }) } as never, "secret");

beforeAll(async () => {
  slack = await Slack.start();
});
afterAll(async () => {
  await slack.stop();
});

it.each([
  ["Slack never answers, and the time ends within the attempt", silent, 600, 1, "Slack did not answer"],
  ["Slack fails at once, and the time ends before the second wait does", status(500), 1200, 2, "Slack answered 500"],
])("%s", async (_, answer, milliseconds, attempts, reason) => {
  slack.answer = answer;
  slack.asked = 0;
  const started = Date.now();
  const failed = await webhooks()
    .post("key", { text: "One", attachments: [] }, started + milliseconds)
    .catch((error: unknown) => error);
  expect(failed).toEqual(new NotPosted(reason));
  expect(String((failed as Error).stack)).not.toContain(SECRET);
  expect(slack.asked).toBe(attempts);
  // The function keeps a second for its answer to the queue.
  expect(Date.now() - started).toBeLessThan(milliseconds + 900);
});

it("all attempts on one message end within the function's time, with a second to spare, and so does its time within the queue's", () => {
  const { "dev-events": events } = synthEnvironments({ environments: [environment("dev")], target: { kind: "aws" } });
  const { timeout } = named(events!, "aws_lambda_function", "slack-notification") as { readonly timeout: number };
  const waits = Array.from({ length: RETRIES.retries }, (_, index) =>
    Math.min(RETRIES.minTimeout * RETRIES.factor ** index, RETRIES.maxTimeout),
  );
  const longest = TIMEOUT_MILLISECONDS * (RETRIES.retries + 1) + waits.reduce((sum, wait) => sum + wait, 0);
  expect(longest + 1000).toBeLessThanOrEqual(timeout * 1000);
  // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-queueconfig
  expect(named(events!, "aws_sqs_queue", "notifications_queue").visibility_timeout_seconds).toBeGreaterThanOrEqual(6 * timeout);
});
