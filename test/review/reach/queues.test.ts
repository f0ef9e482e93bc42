/** Messages stay as long as whoever works on them, or looks at what failed, needs. */
import { reachAfter, type Edit } from "./sides";

const queue =
  (path: string, values: object): Edit =>
  (stacks) =>
    void Object.assign(stacks.resource("events", "aws_sqs_queue", path), values);
const timeout =
  (seconds: number): Edit =>
  (stacks) =>
    void Object.assign(stacks.resource("events", "aws_lambda_function", "slack-notification"), { timeout: seconds });

it.each<readonly [string, Edit, string, Edit]>([
  [
    "dead letters that go before their queue's messages",
    queue("orders_dead-letter", { message_retention_seconds: 345_600 }),
    "it can be gone before anybody looks",
    queue("orders_dead-letter", { message_retention_seconds: 1_209_600 }),
  ],
  [
    "messages that go before the last try",
    queue("orders_queue", { message_retention_seconds: 179 }),
    "gone after 179 s, before 3 tries of 60 s each",
    queue("orders_queue", { message_retention_seconds: 180 }),
  ],
  ["a reader that takes longer than its queue waits", timeout(900), "may work on a message for 900 s", timeout(21)],
])("%s are refused, and their neighbour passes", (_, edit, words, neighbour) => {
  const found = reachAfter(edit);
  expect(found.map(({ rule, severity }) => `${severity} ${rule}`)).toEqual(["refusal data/consumed-late"]);
  expect(found[0]!.message).toContain(words);
  expect(reachAfter(neighbour)).toEqual([]);
});
