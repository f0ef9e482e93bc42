/** Objects as they were: every way through the runbook, on an emulator, with losses, a bucket that keeps nothing and one that fails. */
import { setTimeout as pause } from "node:timers/promises";
import { objectsRestore } from "../../constructs/runbooks/catalogue/objects-restore";
import { PLACE, Runs, stepsOf } from "./runs";

jest.setTimeout(180_000);

const [kept, plain] = ["tss-kept", "tss-plain"];
const runbook = objectsRestore(PLACE, { names: [kept, plain], arns: [kept, plain].map((name) => `arn:aws:s3:::${name}`), keys: [] });
/** Has no time to copy anything. */
const hasty = { ...objectsRestore(PLACE, { names: [kept], arns: [`arn:aws:s3:::${kept}`], keys: [] }, "0"), name: "objects-restore-hasty" };
const Approver = `arn:aws:iam::${PLACE.account}:role/on-call`;
const LOOKED = ["isVersioned", "look", "isAnything"];

let runs: Runs;
let At: string;
const put = (key: string, body: string, bucket = kept) => runs.call("s3", "put_object", { Bucket: bucket, Key: key, Body: body });
const remove = (key: string) => runs.call("s3", "delete_object", { Bucket: kept, Key: key });
/** Key → body of all that is there. */
async function there(prefix: string): Promise<Record<string, number>> {
  const { Contents: found = [] } = await runs.call<{ Contents?: { Key: string; Size: number }[] }>("s3", "list_objects_v2", {
    Bucket: kept,
    Prefix: prefix,
  });
  return Object.fromEntries(found.map(({ Key, Size }) => [Key, Size]));
}
const versions = async (prefix: string) =>
  (await runs.call<{ Versions?: object[] }>("s3", "list_object_versions", { Bucket: kept, Prefix: prefix })).Versions?.length ?? 0;
/** As far as the approval, if one is asked for. */
async function asked(parameters: Readonly<Record<string, string>>, of = runbook) {
  const id = await runs.start(of, { Bucket: kept, At, Approver, ...parameters });
  return [id, await runs.settled(id)] as const;
}

beforeAll(async () => {
  runs = await Runs.open();
  for (const one of [runbook, hasty]) await runs.make(one);
  for (const bucket of [kept, plain])
    await runs.call("s3", "create_bucket", { Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: PLACE.region } });
  await runs.call("s3", "put_bucket_versioning", { Bucket: kept, VersioningConfiguration: { Status: "Enabled" } });
  // What was, at a time of whole seconds.
  for (const prefix of ["a/", "b/", "c/", "d/"])
    for (const [name, body] of Object.entries({ same: "1", changed: "22", lost: "333", twice: "4444" }))
      await put(`${prefix}${name}`, body);
  await remove("a/never");
  await pause(1100);
  At = `${new Date().toISOString().slice(0, 19)}Z`;
  await pause(1100);
  // And what came of it.
  for (const prefix of ["a/", "b/", "c/", "d/"]) {
    await put(`${prefix}changed`, "wrong, and longer");
    await remove(`${prefix}lost`);
    await put(`${prefix}twice`, "wrong");
    await remove(`${prefix}twice`);
    await put(`${prefix}new`, "55555");
  }
});
afterAll(() => runs.close());
afterEach(() => runs.forget());

it("shows what differs and copies nothing until somebody approves; then what was is there again, and nothing is deleted", async () => {
  const before = await versions("a/");
  const [id, shown] = await asked({ Prefix: "a/" });
  expect([shown.AutomationExecutionStatus, stepsOf(shown)]).toEqual(["Waiting", [...LOOKED, "approve: Waiting"]]);
  expect([shown.Outputs["look.Count"], shown.Outputs["look.Since"]]).toEqual([["3"], ["1"]]);
  expect(shown.Outputs["look.Objects"]!.map((line) => line.split(",")[0])).toEqual([
    "a/changed: overwritten",
    "a/lost: deleted",
    "a/twice: deleted",
  ]);
  expect(await there("a/")).toEqual({ "a/same": 1, "a/changed": 17, "a/new": 5 });

  const done = await runs.signal(id, "Approve");
  expect([done.AutomationExecutionStatus, stepsOf(done)]).toEqual(["Success", [...LOOKED, "approve", "restore", "verdict"]]);
  expect(done.Outputs["restore.Count"]).toEqual(["3"]);
  expect(await there("a/")).toEqual({ "a/same": 1, "a/changed": 2, "a/lost": 3, "a/twice": 4, "a/new": 5 });
  expect(await versions("a/")).toBe(before + 3);
  // A second time there is nothing to do, and nobody is asked.
  const [, again] = await asked({ Prefix: "a/" });
  expect([again.AutomationExecutionStatus, stepsOf(again)]).toEqual(["Success", [...LOOKED, "nothing"]]);
});

it("restores one object by its whole key, and nothing when that is rejected", async () => {
  const [rejected] = await asked({ Prefix: "b/lost" });
  expect(stepsOf(await runs.signal(rejected, "Reject")).at(-1)).toBe("approve: Failed");
  expect(await there("b/lost")).toEqual({});
  const [id] = await asked({ Prefix: "b/lost" });
  expect((await runs.signal(id, "Approve")).Outputs["restore.Count"]).toEqual(["1"]);
  expect(await there("b/")).toMatchObject({ "b/lost": 3, "b/changed": 17 });
});

it("has failed for what cannot be copied, names it, and copies the rest", async () => {
  const [id] = await asked({ Prefix: "c/" });
  await runs.plant("s3", "CopyObject", 1, { error: { code: "InvalidObjectState", message: "in the archive" } });
  const done = await runs.signal(id, "Approve");
  expect([stepsOf(done).slice(-2), done.Outputs["restore.Count"]]).toEqual([["restore", "verdict: Failed"], ["2"]]);
  expect(done.FailureMessage).toMatch(/failed: c\/changed: .*InvalidObjectState/);
  expect(await there("c/")).toMatchObject({ "c/changed": 17, "c/lost": 3, "c/twice": 4 });
});

it("says what it did not reach in its time", async () => {
  const [id] = await asked({ Prefix: "d/" }, hasty);
  const done = await runs.signal(id, "Approve");
  expect(stepsOf(done).at(-1)).toBe("verdict: Failed");
  expect(done.FailureMessage).toContain("3 not reached in time: start it again with After=none");
  const [, shown] = await asked({ Prefix: "d/", After: "d/lost" });
  expect(shown.Outputs["look.Objects"]!.map((line) => line.split(":")[0])).toEqual(["d/twice"]);
});

it("refuses a bucket that keeps nothing, and has failed where it may not look", async () => {
  await put("x", "1", plain);
  expect(stepsOf((await asked({ Bucket: plain, Prefix: "x" }))[1])).toEqual(["isVersioned: Failed"]);
  await runs.plant("s3", "ListObjectVersions", 100, { error: { code: "AccessDenied", message: "not yours" } });
  expect(stepsOf((await asked({ Prefix: "a/" }))[1]).at(-1)).toBe("look: Failed");
});

it.each([
  ["another bucket", { Bucket: "tss-states", Prefix: "a/" }],
  ["a whole bucket", { Prefix: "/" }],
  ["a pattern", { Prefix: "a/*" }],
  ["a prefix with a command", { Prefix: "a/; rm" }],
  ["a time without a zone", { Prefix: "a/", At: "2026-01-31T03:00:00" }],
  ["everybody as approver", { Prefix: "a/", Approver: "*" }],
])("refuses %s", async (_, given) => {
  await expect(runs.start(runbook, { Bucket: kept, At, Approver, ...given })).rejects.toThrow(
    "InvalidAutomationExecutionParametersException",
  );
});
