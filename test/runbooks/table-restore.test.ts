/** The orders table as it was, beside the table: every way through the runbook, on an emulator, with planted losses. */
import { tableRestore } from "../../constructs/runbooks/catalogue/table-restore";
import { PLACE, Runs } from "./runs";

jest.setTimeout(120_000);

const name = "TSS_DynamoDB_OrderState";
const runbook = tableRestore({ name, arn: `arn:aws:dynamodb:${PLACE.region}:${PLACE.account}:table/${name}` });
const at = "2026-01-31T03:00:00Z";
const key = (sk: string) => ({ pk: { S: "ORDER" }, sk: { S: sk } });

let runs: Runs;
beforeAll(async () => {
  runs = await Runs.open();
  await runs.make(runbook);
  await runs.call("dynamodb", "create_table", {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: ["pk", "sk"].map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? "HASH" : "RANGE" })),
    AttributeDefinitions: ["pk", "sk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
  });
  for (const sk of ["1", "2", "3"]) await runs.call("dynamodb", "put_item", { TableName: name, Item: { ...key(sk), price: { N: "150" } } });
});
afterAll(() => runs.close());
afterEach(() => runs.forget());

const recoverable = (enabled: boolean) =>
  runs.call("dynamodb", "update_continuous_backups", {
    TableName: name,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: enabled },
  });

it("refuses where the table keeps nothing", async () => {
  await recoverable(false);
  expect((await runs.run(runbook, { At: at, Copy: `${name}-restored-0` })).slice(0, 2)).toEqual(["Failed", ["isRecoverable: Failed"]]);
  await recoverable(true);
});

it("makes a copy, and finds that nothing differs", async () => {
  const [status, steps, { Outputs: outputs }] = await runs.run(runbook, { At: at, Copy: `${name}-restored-1` });
  expect([status, steps]).toEqual(["Success", ["isRecoverable", "restore", "waitForCopy", "compare"]]);
  expect(outputs).toMatchObject({ "compare.Live": ["3"], "compare.Restored": ["3"], "compare.Different": [] });
});

it("finds what was lost, what is new and what was overwritten since", async () => {
  const id = await runs.start(runbook, { At: at, Copy: `${name}-restored-2` });
  // Held at the copy, which "takes its time", while the table goes on.
  await runs.plant("dynamodb", "DescribeTable", 100_000, { answer: { Table: { TableStatus: "CREATING" } } });
  await runs.reaches(id, "waitForCopy");
  await runs.call("dynamodb", "delete_item", { TableName: name, Key: key("1") });
  await runs.call("dynamodb", "put_item", { TableName: name, Item: { ...key("2"), price: { N: "1" } } });
  await runs.call("dynamodb", "put_item", { TableName: name, Item: key("4") });
  await runs.forget();
  const { AutomationExecutionStatus: status, Outputs: outputs } = await runs.settled(id);
  expect([status, outputs]).toEqual([
    "Success",
    expect.objectContaining({
      "compare.OnlyRestored": ["ORDER 1"],
      "compare.OnlyLive": ["ORDER 4"],
      "compare.Different": ["ORDER 2"],
    }),
  ]);
});

it("leaves a copy of that name that is there already alone", async () => {
  expect((await runs.run(runbook, { At: at, Copy: `${name}-restored-1` })).slice(0, 2)).toEqual([
    "Failed",
    ["isRecoverable", "restore: Failed"],
  ]);
});

it("has failed when the tables cannot be compared, and the copy is there", async () => {
  await runs.plant("dynamodb", "Scan", 1, { error: { code: "AccessDeniedException", message: "not yours" } });
  const [status, steps] = await runs.run(runbook, { At: at, Copy: `${name}-restored-3` });
  expect([status, steps.at(-1)]).toEqual(["Failed", "compare: Failed"]);
  await runs.call("dynamodb", "describe_table", { TableName: `${name}-restored-3` });
});

it.each([
  ["another table's name", { At: at, Copy: "Users" }],
  ["the table itself", { At: at, Copy: name }],
  ["a time without a zone", { At: "2026-01-31T03:00:00", Copy: `${name}-restored-9` }],
])("refuses %s", async (_, given) => {
  await expect(runs.start(runbook, given)).rejects.toThrow("InvalidAutomationExecutionParametersException");
});
