/** The kill switch from the console alone: every way through its three documents, on an emulator, with a dead host, a dead table and two at once. */
import { setTimeout as pause } from "node:timers/promises";
import { documentContent } from "../../constructs/hosts/kill-switch-documents";
import { HOST_ACTIONS, killSwitchDocument } from "../../constructs/identity/github-names";
import { killSwitches } from "../../constructs/runbooks/catalogue/kill-switch";
import type { AutomationRunbook } from "../../constructs/runbooks/description";
import { PLACE, Runs, stepsOf } from "./runs";

jest.setTimeout(180_000);

const table = "TSS_DynamoDB_OrderState";
const hosts = { windows: "axia-windows-dev", engine: "trading-engine-dev" };
const [on, off, look] = killSwitches(PLACE, {
  table,
  hosts,
  item: { read: [], write: [] },
  tell: { stop: [], ready: [], status: [] },
}) as readonly [AutomationRunbook, AutomationRunbook, AutomationRunbook];
const Approver = `arn:aws:iam::${PLACE.account}:role/on-call`;
const Key = { pk: { S: "GLOBALCONFIG" }, sk: { S: "SETTING#KILL_SWITCH" } };
const WRITTEN = ["isEmergency", "write", "tell", "verdict", "isOn"];

let runs: Runs;
const ids: Record<string, string> = {};
beforeAll(async () => {
  runs = await Runs.open();
  for (const one of [on, off, look]) await runs.make(one);
  for (const action of HOST_ACTIONS)
    await runs.call("ssm", "create_document", {
      Name: killSwitchDocument("dev", action),
      DocumentType: "Command",
      DocumentFormat: "JSON",
      Content: JSON.stringify(documentContent(action)),
    });
  const { Images: images } = await runs.call<{ Images: { ImageId: string }[] }>("ec2", "describe_images", {});
  // Prod's host is none of this environment's.
  for (const name of [...Object.values(hosts), "axia-windows"]) {
    const { Instances: made } = await runs.call<{ Instances: { InstanceId: string }[] }>("ec2", "run_instances", {
      ...{ ImageId: images[0]!.ImageId, MinCount: 1, MaxCount: 1 },
      TagSpecifications: [{ ResourceType: "instance", Tags: ["Name", "Converge"].map((tag) => ({ Key: tag, Value: name })) }],
    });
    ids[name] = made[0]!.InstanceId;
  }
});
afterAll(() => runs.close());
beforeEach(async () => {
  await runs.forget();
  await runs.call("dynamodb", "delete_table", { TableName: table }).catch(() => undefined);
  await runs.call("dynamodb", "create_table", {
    ...{ TableName: table, BillingMode: "PAY_PER_REQUEST" },
    KeySchema: ["pk", "sk"].map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? "HASH" : "RANGE" })),
    AttributeDefinitions: ["pk", "sk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
  });
  for (const name of Object.values(hosts)) host(name, "echo first; echo well");
  host("axia-windows", "exit 1");
});

/** What a host does when it is told something. */
const host = (name: string, agent: string) => {
  runs.machine(name, name.startsWith("axia") ? "Windows" : "Linux", agent);
};
const line = (name: string, says: string) => `${name} (${ids[name]}): ${says}`;
type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string; readonly BOOL?: boolean }>>;
const item = async () => (await runs.call<{ Item?: Item }>("dynamodb", "get_item", { TableName: table, Key, ConsistentRead: true })).Item;
const put = (attributes: Item) => runs.call("dynamodb", "put_item", { TableName: table, Item: { ...Key, ...attributes } });
const gone = (operation: string) =>
  runs.plant("dynamodb", operation, 100, { error: { code: "ResourceNotFoundException", message: "no table" } });
/** As far as the approval, and onward. */
async function release(parameters: Readonly<Record<string, string>> = {}, meanwhile: () => Promise<unknown> = () => Promise.resolve()) {
  const id = await runs.start(off, { Approver, ...parameters });
  const shown = await runs.settled(id);
  await meanwhile();
  return [shown, await runs.signal(id, "Approve")] as const;
}
describe("on", () => {
  it("writes the item and who it was, stops every host of this environment and no other, and says what each says", async () => {
    const [status, steps, { Outputs: outputs }] = await runs.run(on, { Reason: "orders twice" });
    expect([status, steps]).toEqual(["Success", WRITTEN]);
    expect(await item()).toMatchObject({ active: { BOOL: true }, reason: { S: "orders twice" }, version: { N: "1" } });
    expect((await item())!.updated_by!.S).toMatch(/^arn:aws:(iam|sts)::/);
    expect(outputs["tell.Hosts"]).toEqual(Object.values(hosts).map((name) => line(name, "answered, well")));
    expect(outputs["isOn.State"]).toEqual(["active"]);
  });

  it("names itself where nobody says who started it", async () => {
    await runs.plant("ssm", "GetAutomationExecution", 100, { error: { code: "AccessDeniedException", message: "not yours" } });
    const id = await runs.start(on, {});
    while (!(await item())) await pause(100);
    await runs.forget();
    await runs.settled(id);
    expect((await item())!.updated_by!.S).toMatch(/^automation [0-9a-f-]{36}$/);
  });

  it("goes on from the version that is there, and keeps what else is in the item", async () => {
    await put({ active: { BOOL: false }, version: { N: "7" }, note: { S: "the application's" } });
    expect((await runs.run(on, {}))[0]).toBe("Success");
    expect(await item()).toMatchObject({ version: { N: "8" }, note: { S: "the application's" } });
  });

  it("overwrites no first one, and stops the hosts all the same", async () => {
    await put({ active: { BOOL: true }, version: { N: "7" }, reason: { S: "the first" } });
    const [status, steps, { Outputs: outputs }] = await runs.run(on, { Reason: "the second" });
    expect([status, steps, (await item())!.reason]).toEqual(["Success", WRITTEN, { S: "the first" }]);
    expect(outputs["write.Text"]![0]).toContain("It was on already");
  });

  it("two at once: one is written, both succeed", async () => {
    const started = await Promise.all(["a", "b"].map((Reason) => runs.start(on, { Reason })));
    for (const id of started) expect((await runs.settled(id)).AutomationExecutionStatus).toBe("Success");
    expect((await item())!.version).toEqual({ N: "1" });
  });

  it("takes an item that nobody can read as on for one that is not on yet", async () => {
    await put({ active: { S: "true" } });
    expect((await runs.run(on, {}))[0]).toBe("Success");
    expect(await item()).toMatchObject({ active: { BOOL: true }, version: { N: "1" } });
  });

  it("has failed, and told nobody, where the table does not answer", async () => {
    await gone("GetItem");
    const [status, steps, { FailureMessage: message }] = await runs.run(on, {});
    expect([status, steps]).toEqual(["Failed", ["isEmergency", "write: Failed"]]);
    expect(message).toMatch(/the kill switch is NOT on, and no host was told anything/);
  });

  it("in an emergency stops the hosts without the table, and has failed all the same", async () => {
    await gone("GetItem");
    await gone("UpdateItem");
    const [status, steps, { Outputs: outputs }] = await runs.run(on, { Emergency: "yes" });
    expect([status, steps]).toEqual(["Failed", ["isEmergency", "writeAnyway: Failed", "tell", "verdict", "isOn: Failed"]]);
    expect(outputs["tell.Hosts"]).toEqual(Object.values(hosts).map((name) => line(name, "answered, well")));
  });

  it("in an emergency has failed where the item could not be written and says off", async () => {
    await put({ active: { BOOL: false }, version: { N: "7" } });
    await gone("UpdateItem");
    const [, steps, { FailureMessage: message }] = await runs.run(on, { Emergency: "yes" });
    expect(steps.at(-1)).toBe("isOn: Failed");
    expect(message).toContain("the item does not say on");
  });

  it("in an emergency writes over whatever is there", async () => {
    await put({ active: { BOOL: false }, version: { N: "7" } });
    const [status, steps] = await runs.run(on, { Emergency: "yes", Reason: "fire" });
    expect([status, steps]).toEqual(["Success", ["isEmergency", "writeAnyway", "tell", "verdict", "isOn"]]);
    expect(Number((await item())!.version!.N)).toBeGreaterThan(1_700_000_000_000);
  });

  it("names a host that is dead, one that cannot stop and one that hangs, and stops the others", async () => {
    host(hosts.windows, "echo 'still runs: AXIA_MT5' >&2; exit 1");
    host(hosts.engine, "sleep 20");
    const [status, steps, { FailureMessage: message, Outputs: outputs }] = await runs.run(on, { Wait: "2" });
    expect([status, steps]).toEqual(["Failed", ["isEmergency", "write", "tell", "verdict: Failed"]]);
    const lines = [line(hosts.windows, "FAILED, still runs: AXIA_MT5"), line(hosts.engine, "NO ANSWER, none within 2 s")];
    expect(outputs["tell.Hosts"]).toEqual(lines);
    expect(message).toContain(lines.join("; "));
    expect((await item())!.active).toEqual({ BOOL: true });
    await runs.plant("ssm", "SendCommand", 1, { error: { code: "InvalidInstanceId", message: "not in a valid state" } });
    host(hosts.engine, "echo well");
    host(hosts.windows, "echo well");
    const [, , { Outputs: dead }] = await runs.run(on, { Wait: "20" });
    expect(
      dead["tell.Hosts"]!.filter((one) => one.includes("NO ANSWER, Systems Manager does not reach it (the machine is running)")),
    ).toHaveLength(1);
    expect(dead["tell.Hosts"]!.filter((one) => one.includes("answered, well"))).toHaveLength(1);
  });

  it("does not wait for a machine that is stopped", async () => {
    await runs.call("ec2", "stop_instances", { InstanceIds: [ids[hosts.engine]] });
    const [status, , { Outputs: outputs }] = await runs.run(on, {});
    await runs.call("ec2", "start_instances", { InstanceIds: [ids[hosts.engine]] });
    expect([status, outputs["tell.Hosts"]![1]]).toEqual(["Success", line(hosts.engine, "not running, the machine is stopped")]);
  });

  it("has failed where the hosts cannot be found, and the item is written", async () => {
    await runs.plant("ec2", "DescribeInstances", 100, { error: { code: "UnauthorizedOperation", message: "not yours" } });
    expect((await runs.run(on, {}))[1].at(-1)).toBe("tell: Failed");
    expect((await item())!.active).toEqual({ BOOL: true });
  });
});

describe("off", () => {
  const ACTIVE = { active: { BOOL: true }, version: { N: "7" }, reason: { S: "orders twice" } };
  beforeEach(() => put(ACTIVE));

  it("shows the item, waits for somebody, makes the hosts ready, and turns the item last", async () => {
    const [shown, done] = await release({ Reason: "mended" });
    expect(stepsOf(shown)).toEqual(["look", "approve: Waiting"]);
    expect(shown.Outputs["look.Text"]![0]).toContain("the kill switch is active, reason orders twice, version 7");
    expect([done.AutomationExecutionStatus, stepsOf(done)]).toEqual(["Success", ["look", "approve", "tell", "verdict", "turn"]]);
    expect(await item()).toMatchObject({ active: { BOOL: false }, reason: { S: "mended" }, version: { N: "8" } });
  });

  it("changes nothing, and tells nobody, when it is rejected", async () => {
    const id = await runs.start(off, { Approver });
    await runs.settled(id);
    expect(stepsOf(await runs.signal(id, "Reject"))).toEqual(["look", "approve: Failed"]);
    expect(await item()).toMatchObject(ACTIVE);
  });

  it("stays on while a host is not ready; one that is gone for good is left out", async () => {
    host(hosts.engine, "exit 1");
    const [, failed] = await release({ Wait: "5" });
    expect([failed.AutomationExecutionStatus, stepsOf(failed).at(-1), await item()]).toEqual([
      "Failed",
      "verdict: Failed",
      expect.objectContaining(ACTIVE),
    ]);
    const [, done] = await release({ Without: ids[hosts.engine]! });
    expect([done.Outputs["tell.Hosts"], (await item())!.active]).toEqual([[line(hosts.windows, "answered, well")], { BOOL: false }]);
  });

  it("leaves out no host of another environment, and no word that is none", async () => {
    const [, done] = await release({ Without: ids["axia-windows"]! });
    expect([stepsOf(done).at(-1), done.FailureMessage]).toEqual([
      "tell: Failed",
      expect.stringContaining("is no host of this environment"),
    ]);
  });

  it("never turns a switch that was thrown anew after it was shown", async () => {
    const [, done] = await release({}, () => put({ ...ACTIVE, version: { N: "8" }, reason: { S: "again" } }));
    expect([stepsOf(done).at(-1), (await item())!.reason]).toEqual(["turn: Failed", { S: "again" }]);
    expect(done.FailureMessage).toContain("it was changed since it was shown");
  });

  it("nor one that was off when it was shown", async () => {
    await put({ active: { BOOL: false }, version: { N: "7" } });
    const [, done] = await release({}, () => put(ACTIVE));
    expect([stepsOf(done).at(-1), (await item())!.active]).toEqual(["turn: Failed", { BOOL: true }]);
  });

  it("writes nothing where it is off already, and makes the hosts ready", async () => {
    await put({ active: { BOOL: false }, version: { N: "7" } });
    const [, done] = await release();
    expect([done.AutomationExecutionStatus, done.Outputs["turn.Text"]![0], (await item())!.version]).toEqual([
      "Success",
      expect.stringContaining("It was off already"),
      { N: "7" },
    ]);
  });

  it("turns the short form, which has no version (OPS-002)", async () => {
    await put({ active: { BOOL: true } });
    expect((await release())[1].AutomationExecutionStatus).toBe("Success");
    expect(await item()).toMatchObject({ active: { BOOL: false }, version: { N: "1" } });
  });
});

describe("look", () => {
  it("says what the item says and what each host does, and changes nothing", async () => {
    host(hosts.windows, "exit 1");
    const [status, steps, { Outputs: outputs }] = await runs.run(look, {});
    expect([status, steps, await item()]).toEqual(["Success", ["look", "tell"], undefined]);
    expect(outputs["look.State"]).toEqual(["unset"]);
    expect(outputs["tell.Hosts"]![1]).toBe(line(hosts.engine, "answered, well"));
  });

  it("asks the hosts though the item cannot be read", async () => {
    await gone("GetItem");
    expect((await runs.run(look, {})).slice(0, 2)).toEqual(["Success", ["look: Failed", "tell"]]);
  });
});

it.each([
  ["a command in the reason", on, { Reason: "x; reboot" }],
  ["a reference in the reason", on, { Reason: "{{ global:ACCOUNT_ID }}" }],
  ["a reason of two lines", on, { Reason: "a\nb" }],
  ["an emergency that is none", on, { Emergency: "maybe" }],
  ["a wait longer than a step", on, { Wait: "600" }],
  ["off without an approver", off, {}],
  ["off that everybody approves", off, { Approver: "*" }],
  ["hosts by name", off, { Approver, Without: "axia-windows-dev" }],
])("refuses %s", async (_, runbook, given) => {
  await expect(runs.start(runbook, given as Record<string, string>)).rejects.toThrow("InvalidAutomationExecutionParametersException");
});
