/** Dead letters go back to their queue, after a look and an approval: every way through the runbook, on an emulator. */
import { queueRedrive } from "../../constructs/runbooks/catalogue/queue-redrive";
import { PLACE, Runs, stepsOf } from "./runs";

jest.setTimeout(120_000);

const arn = (name: string) => `arn:aws:sqs:${PLACE.region}:${PLACE.account}:${name}`;
const runbook = queueRedrive(PLACE, { names: ["Orders-DLQ"], arns: [arn("Orders-DLQ")], sources: [arn("Orders")] });
const parameters = { Queue: "Orders-DLQ", Approver: `arn:aws:iam::${PLACE.account}:role/on-call` };
const LOOKED = ["queue", "count", "isEmpty", "look"];

let runs: Runs;
let [queue, dead] = ["", ""];
beforeAll(async () => {
  runs = await Runs.open();
  await runs.make(runbook);
});
afterAll(() => runs.close());
beforeEach(async () => {
  await runs.forget();
  for (const url of [queue, dead]) if (url) await runs.call("sqs", "delete_queue", { QueueUrl: url });
  const make = async (name: string, attributes = {}) =>
    (await runs.call<{ QueueUrl: string }>("sqs", "create_queue", { QueueName: name, Attributes: attributes })).QueueUrl;
  dead = await make("Orders-DLQ");
  queue = await make("Orders", { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn("Orders-DLQ"), maxReceiveCount: 3 }) });
});

const fail = async (...bodies: readonly string[]) => {
  for (const body of bodies) await runs.call("sqs", "send_message", { QueueUrl: dead, MessageBody: body });
};
const waiting = async (url: string) =>
  (
    await runs.call<{ Attributes: { ApproximateNumberOfMessages: string } }>("sqs", "get_queue_attributes", {
      QueueUrl: url,
      AttributeNames: ["ApproximateNumberOfMessages"],
    })
  ).Attributes.ApproximateNumberOfMessages;

/** As far as an approval, and what is shown there. */
async function asked() {
  const id = await runs.start(runbook, parameters);
  return [id, await runs.settled(id)] as const;
}

it("shows what waits and moves nothing until somebody approves; then all of it", async () => {
  await fail("EURUSD 1", "EURUSD 2", "EURUSD 3");
  const [id, shown] = await asked();
  expect([shown.AutomationExecutionStatus, stepsOf(shown)]).toEqual(["Waiting", [...LOOKED, "approve: Waiting"]]);
  expect(shown.Outputs["count.Waiting"]).toEqual(["3"]);
  expect([...shown.Outputs["look.Messages"]!].sort()).toEqual(["EURUSD 1", "EURUSD 2", "EURUSD 3"]);
  expect([await waiting(dead), await waiting(queue)]).toEqual(["3", "0"]);

  const done = await runs.signal(id, "Approve");
  expect([done.AutomationExecutionStatus, stepsOf(done)]).toEqual([
    "Success",
    [...LOOKED, "approve", "move", "waitForMove", "isMoved", "left"],
  ]);
  expect([done.Outputs["left.Waiting"], await waiting(dead), await waiting(queue)]).toEqual([["0"], "0", "3"]);
});

it("moves nothing that is rejected", async () => {
  await fail("EURUSD 1");
  const [id] = await asked();
  const done = await runs.signal(id, "Reject");
  expect([done.AutomationExecutionStatus, stepsOf(done)]).toEqual(["Failed", [...LOOKED, "approve: Failed"]]);
  expect([await waiting(dead), await waiting(queue)]).toEqual(["1", "0"]);
  await expect(runs.signal(id, "Approve")).rejects.toThrow("InvalidAutomationSignalException");
});

it("asks nobody where nothing waits", async () => {
  const [status, steps] = await runs.run(runbook, parameters);
  expect([status, steps]).toEqual(["Success", ["queue", "count", "isEmpty", "nothing"]]);
});

it("has failed when SQS gives up on the way", async () => {
  await fail("EURUSD 1");
  const [id] = await asked();
  await runs.plant("sqs", "ListMessageMoveTasks", 1, { answer: { Results: [{ Status: "RUNNING" }] } });
  await runs.plant("sqs", "ListMessageMoveTasks", 2, { answer: { Results: [{ Status: "FAILED", FailureReason: "KMS.AccessDenied" }] } });
  const done = await runs.signal(id, "Approve");
  expect([done.AutomationExecutionStatus, stepsOf(done).slice(-2)]).toEqual(["Failed", ["waitForMove", "isMoved: Failed"]]);
});

it("has failed when it may not move them", async () => {
  await fail("EURUSD 1");
  const [id] = await asked();
  await runs.plant("sqs", "StartMessageMoveTask", 1, { error: { code: "AccessDenied", message: "not yours" } });
  const done = await runs.signal(id, "Approve");
  expect([done.AutomationExecutionStatus, stepsOf(done).at(-1), await waiting(dead)]).toEqual(["Failed", "move: Failed", "1"]);
});

it.each([
  ["a queue that is none of them", { ...parameters, Queue: "Orders" }],
  ["an approver of another account", { ...parameters, Approver: "arn:aws:iam::999999999999:role/on-call" }],
  ["everybody", { ...parameters, Approver: "*" }],
  ["two", { ...parameters, Approver: `${parameters.Approver},${parameters.Approver}"]` }],
])("refuses %s", async (_, given) => {
  await expect(runs.start(runbook, given)).rejects.toThrow("InvalidAutomationExecutionParametersException");
});
