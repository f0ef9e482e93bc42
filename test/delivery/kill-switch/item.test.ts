/** The item: conditional where it is not an emergency, told from an attempt whose answer got lost, and closed when nobody answers. */
import { type Aws, AwsError, type Answered } from "../../../delivery/aws";
import { ChangedMeanwhile, itemText, readItem, writeOver, writeUnconditionally } from "../../../delivery/kill-switch/item";
import { throwSwitch } from "../../../delivery/kill-switch/switch";
import { environment } from "../../environments/edits";

const WRITE = { active: true, reason: "r", updatedBy: "me", updatedAt: "2026-11-29T14:00:00.000Z" };
const failed = () => new AwsError("ConditionalCheckFailedException", "The conditional request failed", "dynamodb:UpdateItem");
const stored = (by: string, version: string, at = WRITE.updatedAt) => ({
  Item: { active: { BOOL: true }, updated_by: { S: by }, updated_at: { S: at }, version: { N: version } },
});

/** Answers calls by their operation. */
function fake(answers: Readonly<Record<string, () => Answered>>): { readonly aws: Aws; readonly calls: Answered[] } {
  const calls: Answered[] = [];
  const answer = (_: string, operation: string, members: Answered = {}) => {
    calls.push({ operation, ...members });
    return Promise.resolve().then(() => answers[operation]!());
  };
  return { aws: { json: answer, query: answer } as unknown as Aws, calls };
}

it.each([
  [{ Item: { active: { BOOL: true } } }, "active"],
  [{ Item: { active: { BOOL: false } } }, "inactive"],
  [{ Item: { active: { S: "false" } } }, "unclear"],
  [{ Item: {} }, "unclear"],
  [{}, "unset"],
])("%j is %s", async (answered, state) => {
  expect((await readItem(fake({ GetItem: () => answered }).aws, "t")).state).toBe(state);
});

it.each([
  [{ state: "unset" }, "attribute_not_exists(pk)", "1"],
  [{ state: "inactive" }, "attribute_exists(pk) AND attribute_not_exists(#version)", "1"],
  [{ state: "inactive", version: "7" }, "#version = :read", "8"],
  [{ state: "inactive", version: "1793023200000" }, "#version = :read", "1793023200001"],
] as const)("over %j: %s, version %s", async (read, condition, version) => {
  const { aws, calls } = fake({ UpdateItem: () => ({}) });
  expect(await writeOver(aws, "t", read, WRITE)).toMatchObject({ state: "active", version });
  expect(calls[0]).toMatchObject({ ConditionExpression: condition, ExpressionAttributeValues: { ":version": { N: version } } });
});

it("in an emergency there is no condition, and no look before", async () => {
  const { aws, calls } = fake({ UpdateItem: () => ({}) });
  await writeUnconditionally(aws, "t", WRITE);
  expect(calls.map(({ operation, ConditionExpression: condition }) => [operation, condition])).toEqual([["UpdateItem", undefined]]);
});

it("an attempt that was written, though its answer got lost, is no stranger's", async () => {
  const refuse = () => {
    throw failed();
  };
  const read = { state: "inactive", version: "7" } as const;
  await expect(writeOver(fake({ UpdateItem: refuse, GetItem: () => stored("me", "8") }).aws, "t", read, WRITE)).resolves.toMatchObject({
    version: "8",
  });
  for (const other of [stored("you", "8"), stored("me", "9"), stored("me", "8", "2026-11-29T14:00:01.000Z")])
    await expect(writeOver(fake({ UpdateItem: refuse, GetItem: () => other }).aws, "t", read, WRITE)).rejects.toThrow(ChangedMeanwhile);
});

it("on is not turned over an off that somebody wrote at the same moment", async () => {
  let reads = 0;
  const { aws, calls } = fake({
    GetCallerIdentity: () => ({}),
    GetItem: () => ({ Item: { active: { BOOL: false }, version: { N: String(++reads) } } }),
    UpdateItem: () => {
      throw failed();
    },
  });
  const switching = {
    aws,
    environment: environment("dev"),
    reason: "r",
    waitSeconds: 1,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
  await expect(throwSwitch(switching)).rejects.toThrow(
    /changed by somebody else at the same moment, and nothing was overwritten\. The kill switch is off/,
  );
  expect(calls.filter(({ operation }) => operation === "DescribeInstances")).toEqual([]);
});

it("in an emergency a caller whose name nobody knows, and hosts that nobody finds, keep the item from nothing", async () => {
  const refuse = () => {
    throw new AwsError("AccessDenied", "no", "x:y");
  };
  const { aws } = fake({ GetCallerIdentity: refuse, UpdateItem: () => ({}), DescribeInstances: refuse });
  const switching = {
    aws,
    environment: environment("dev"),
    reason: "r",
    waitSeconds: 1,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
  expect(await throwSwitch(switching, true)).toMatchObject({
    item: { state: "active", updatedBy: "unknown" },
    faults: ["The hosts could not be found, and none was told: x:y: no."],
  });
});

it("says what it is in a line", () => {
  expect(itemText({ state: "unset" })).toBe("The kill switch is off: nobody has ever used it.");
  expect(itemText({ state: "active", updatedBy: "emergency_admin" })).toBe(
    "The kill switch is on: nothing may trade (by emergency_admin, version none).",
  );
  expect(itemText({ state: "unclear" })).toContain("counts as on");
});
