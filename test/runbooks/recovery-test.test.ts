/** The test of recovery from start to end on an emulator, with planted losses that it must find, and steps that break off (OPS-028 … OPS-031). */
import { createHash } from "node:crypto";
import { cacheKeys, recoveredHostChecks, recoveryTest } from "../../constructs/runbooks/catalogue/recovery-test";
import { PLACE, Runs, stepsOf } from "./runs";

jest.setTimeout(180_000);

const table = "TSS_DynamoDB_OrderState";
const [bucket, reports] = ["raw-market-data", "recovery-tests"];
const { account, region } = PLACE;
const s3Arn = (name: string) => `arn:aws:s3:::${name}`;
const sent = ({ name }: { readonly name: string }) => ({
  name: `tss-dev.${name}`,
  arn: `arn:aws:ssm:${region}:${account}:document/tss-dev.${name}`,
});
const key = (sk: string) => ({ pk: { S: "ORDER" }, sk: { S: sk } });
const ORDER = { ...key("1"), price: { N: "150" }, tags: { SS: ["a", "b"] } };
const hostTag = { Key: "Converge", Value: "axia-windows-dev" };

let runs: Runs;
let runbook: ReturnType<typeof recoveryTest>;

beforeAll(async () => {
  const answers = { dynamodb: true, redis: true, sqs: true, s3: true, ui: true };
  runs = await Runs.open({
    "axia-windows-dev": JSON.stringify({ keys: 7 }),
    "recovery-test-dev": `waited\n${JSON.stringify({ answers, keys: 5 })}\n----------ERROR-------\na warning`,
  });
  const { Images: images } = await runs.call<{ Images: { ImageId: string; Platform?: string }[] }>("ec2", "describe_images", {});
  const image = images.find(({ Platform: platform }) => platform === "windows")!.ImageId;
  const { Subnets: subnets } = await runs.call<{ Subnets: { SubnetId: string }[] }>("ec2", "describe_subnets", {});
  const subnetId = subnets[0]!.SubnetId;
  const { LaunchTemplate: template } = await runs.call<{ LaunchTemplate: { LaunchTemplateId: string } }>("ec2", "create_launch_template", {
    LaunchTemplateName: "recovery-test",
    LaunchTemplateData: { ImageId: image, InstanceType: "t3.medium" },
  });
  const tags = [hostTag, { Key: "Name", Value: hostTag.Value }, { Key: "Environment", Value: "dev" }];
  await runs.call("ec2", "run_instances", {
    ...{ ImageId: image, MinCount: 1, MaxCount: 1, SubnetId: subnetId },
    TagSpecifications: [{ ResourceType: "instance", Tags: tags }],
  });

  runbook = recoveryTest(
    PLACE,
    {
      nameSuffix: "-dev",
      table: { name: table, arn: `arn:aws:dynamodb:${region}:${account}:table/${table}` },
      buckets: [{ name: bucket, arn: s3Arn(bucket) }],
      reports: { name: reports, arn: s3Arn(reports) },
      host: {
        tag: [hostTag.Key, hostTag.Value],
        templateId: template.LaunchTemplateId,
        templateArn: `arn:aws:ec2:${region}:${account}:launch-template/${template.LaunchTemplateId}`,
        roleArn: `arn:aws:iam::${account}:role/recovery-test`,
        subnetId,
      },
    },
    { keys: sent(cacheKeys), functions: sent(recoveredHostChecks) },
  );
  for (const one of [cacheKeys, recoveredHostChecks, runbook]) await runs.make(one);

  await runs.call("dynamodb", "create_table", {
    TableName: table,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: ["pk", "sk"].map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? "HASH" : "RANGE" })),
    AttributeDefinitions: ["pk", "sk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
  });
  await runs.call("dynamodb", "update_continuous_backups", {
    TableName: table,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
  await put(ORDER);
  for (const sk of ["2", "3"]) await put({ ...key(sk), price: { N: "150" } });
  await put({ pk: { S: "GLOBALCONFIG" }, sk: { S: "SETTING#KILL_SWITCH" }, active: { BOOL: false } });
  for (const name of [bucket, reports])
    await runs.call("s3", "create_bucket", { Bucket: name, CreateBucketConfiguration: { LocationConstraint: region } });
  for (const name of [bucket, reports])
    await runs.call("s3", "put_bucket_versioning", { Bucket: name, VersioningConfiguration: { Status: "Enabled" } });
  for (const [name, body] of [
    ["usdjpy.csv", "old"],
    ["usdjpy.csv", "new"],
    ["eurjpy.csv", "one"],
  ] as const)
    await runs.call("s3", "put_object", { Bucket: bucket, Key: name, Body: body });
});
afterAll(() => runs.close());
afterEach(() => runs.forget());

const put = (Item: object) => runs.call("dynamodb", "put_item", { TableName: table, Item });

/** All there is of what a run could touch. @returns a text that changes with any of it */
async function production(): Promise<string> {
  const all = await Promise.all([
    runs.call("dynamodb", "scan", { TableName: table }),
    runs.call("dynamodb", "list_tables", {}),
    runs.call("s3", "list_object_versions", { Bucket: bucket }),
    runs.call("sqs", "list_queues", {}),
    runs.call<{ Reservations: { Instances: { InstanceId: string; State: object }[] }[] }>("ec2", "describe_instances", {
      Filters: [{ Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] }],
    }),
  ]);
  const [items, tables, versions, queues, { Reservations: groups }] = all;
  const machines = groups.flatMap(({ Instances: own }) => own.map(({ InstanceId: id, State: state }) => [id, state]));
  return createHash("sha256")
    .update(JSON.stringify([items, tables, versions, queues, machines]))
    .digest("hex");
}

interface Report {
  readonly passed: boolean;
  readonly wrong: readonly string[];
  readonly cacheKeys: object;
  readonly verified: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
  readonly minutesLost: Readonly<Record<string, number | null>>;
  readonly minutesToRecover: Readonly<Record<string, number | null>>;
  readonly cleaned: { readonly deleted: Readonly<Record<string, readonly string[]>>; readonly left: readonly string[] };
}
/** With everything that is only marked as deleted. */
async function objects(prefix: string): Promise<readonly string[]> {
  const { Versions: found = [] } = await runs.call<{ Versions?: { Key: string }[] }>("s3", "list_object_versions", {
    ...{ Bucket: reports, Prefix: prefix },
  });
  return found.map(({ Key: name }) => name);
}
async function reportOf(id: string): Promise<Report> {
  const name = (await objects("reports/")).find((one) => one.endsWith(`${id}.json`));
  return JSON.parse(await runs.text(reports, name!)) as Report;
}

it("recovers everything beside itself, finds nothing wrong, says how long it took, and leaves production as it was", async () => {
  const before = await production();
  const id = await runs.start(runbook, {});
  const execution = await runs.settled(id);
  expect([execution.FailureMessage, stepsOf(execution)]).toEqual([undefined, NAMES()]);
  const report = await reportOf(id);
  expect(report).toMatchObject({ passed: true, wrong: [], cacheKeys: { before: 7, after: 5 } });
  expect(report.verified).toMatchObject({ table: { compared: 4 }, objects: { compared: 2 } });
  expect(Object.entries(report.minutesToRecover).map(([part, time]) => [part, time! >= 0])).toEqual(
    ["table", "objects", "host", "all"].map((part) => [part, true]),
  );
  expect(report.minutesLost.table).toBeGreaterThanOrEqual(0);
  expect(Object.entries(report.cleaned.deleted).map(([what, names]) => [what, names.length])).toEqual([
    ["machines", 1],
    ["copies", 2],
    ["queues", 1],
    ["tables", 1],
  ]);
  expect(await production()).toBe(before);
  expect(await objects("copies/")).toEqual([]);
  const page = await runs.text(
    reports,
    (await objects("reports/")).find((one) => one.endsWith(`${id}.md`))!,
  );
  expect(page).toMatch(/^# Recovery test of dev: passed\n/);
});

/**
 * Starts a run that waits for the production host's answer: everything is captured then, and nothing recovered.
 * @returns how to let it go on, and what then comes of it
 */
async function held(): Promise<(fault?: () => Promise<void>) => Promise<readonly [steps: readonly string[], of: Report]>> {
  await runs.plant("ssm", "GetCommandInvocation", 100_000, { answer: { Status: "InProgress" } });
  const id = await runs.start(runbook, {});
  await runs.reaches(id, "keys");
  return async (fault) => {
    await runs.forget();
    await fault?.();
    return [stepsOf(await runs.settled(id)), await reportOf(id)];
  };
}
const found = (count: number, ...keys: readonly string[]) => ({ count, keys });
const NAMES = () => runbook.steps.map(({ name }) => name);

it("finds what is missing, different, unknown and stale, fails, and cleans up all the same", async () => {
  const { Versions: versions } = await runs.call<{ Versions: { Key: string; VersionId: string; IsLatest: boolean }[] }>(
    "s3",
    "list_object_versions",
    { Bucket: bucket },
  );
  const newest = versions.find(({ Key: name, IsLatest: latest }) => name === "usdjpy.csv" && latest)!.VersionId;
  const goOn = await held();
  // The emulator restores a table as it is now: what happens to it here, happens to the copy.
  await runs.call("dynamodb", "delete_item", { TableName: table, Key: key("1") });
  await put({ ...key("2"), price: { N: "1" } });
  await put(key("4"));
  // Somebody deletes the version itself, so that the one before it is all there is.
  await runs.call("s3", "delete_object", { Bucket: bucket, Key: "usdjpy.csv", VersionId: newest });
  const before = await production();
  const [steps, { passed, verified, wrong, cleaned }] = await goOn();
  expect([passed, steps]).toEqual([false, NAMES().map((name) => (name === "report" ? "report: Failed" : name))]);
  expect(verified).toEqual({
    table: { compared: 4, missing: found(1, "ORDER 1"), different: found(1, "ORDER 2"), unknown: found(1, "ORDER 4") },
    objects: { compared: 2, missing: found(0), stale: found(1, `${bucket}/usdjpy.csv`), different: found(0) },
  });
  expect(wrong).toEqual([
    "table: missing: 1: ORDER 1",
    "table: different: 1: ORDER 2",
    "table: unknown: 1: ORDER 4",
    `objects: stale: 1: ${bucket}/usdjpy.csv`,
  ]);
  expect([cleaned.left, cleaned.deleted.tables!.length, cleaned.deleted.machines!.length]).toEqual([[], 1, 1]);
  expect(await production()).toBe(before);
  await put(ORDER);
});

it("does not hold against a copy what was changed while it looked, and asks no host where none runs", async () => {
  // The schedule has the host stopped, as at the weekend; the first look finds one item, the second more.
  await runs.plant("ec2", "DescribeInstances", 1, { answer: { Reservations: [] } });
  await runs.plant("dynamodb", "Scan", 1, { answer: { Items: [ORDER], Count: 1 } });
  const id = await runs.start(runbook, {});
  const steps = stepsOf(await runs.settled(id));
  expect(steps).toEqual(NAMES().flatMap((name) => (name === "keys" ? [] : name === "host" ? "host: Failed" : name)));
  expect(await reportOf(id)).toMatchObject({
    passed: true,
    cacheKeys: { before: null, after: 5 },
    verified: { table: { compared: 1 } },
  });
});

const broken = (service: string, operation: string) =>
  runs.plant(service, operation, 1, { error: { code: "InternalServerError", message: "broken off" } });

it.each([
  ["the new host is made", "recoveryHost", "ec2", "RunInstances", { machines: 0, tables: 1 }],
  ["tables are compared", "verify", "dynamodb", "Scan", { machines: 1, tables: 1 }],
  ["an order is sent", "orders", "sqs", "SendMessage", { machines: 1, tables: 1, queues: 1 }],
])("cleans up and says so when it breaks off where %s", async (_, step, service, operation, deleted) => {
  const before = await production();
  const goOn = await held();
  const [steps, { passed, wrong, cleaned }] = await goOn(() => broken(service, operation));
  expect(steps.slice(-3)).toEqual([`${step}: Failed`, "clean", "report: Failed"]);
  expect([passed, wrong[0]]).toEqual([false, expect.stringMatching(new RegExp(`^step ${step}: .*broken off`))]);
  expect(cleaned).toMatchObject({ left: [] });
  expect(Object.fromEntries(Object.entries(cleaned.deleted).map(([what, names]) => [what, names.length]))).toMatchObject(deleted);
  expect(await production()).toBe(before);
  expect(await objects("copies/")).toEqual([]);
});

it("deletes nothing of another run, and says what it could not delete", async () => {
  const tags = [
    { Key: "Environment", Value: "dev" },
    { Key: "RecoveryTest", Value: "another-run" },
  ];
  const { Images: images } = await runs.call<{ Images: { ImageId: string }[] }>("ec2", "describe_images", {});
  await runs.call("ec2", "run_instances", {
    ...{ ImageId: images[0]!.ImageId, MinCount: 1, MaxCount: 1 },
    TagSpecifications: [{ ResourceType: "instance", Tags: tags }],
  });
  await runs.call("sqs", "create_queue", { QueueName: "tss-recovery-test-dev-another-run" });
  await runs.call("s3", "put_object", { Bucket: reports, Key: "copies/another-run/x", Body: "x" });
  const before = await production();
  const goOn = await held();
  const [steps, { cleaned, wrong }] = await goOn(() => broken("s3", "DeleteObject"));
  expect(steps.slice(-2)).toEqual(["clean: Failed", "report: Failed"]);
  expect([cleaned.left, wrong]).toEqual([
    [expect.stringMatching(/^copies: .*broken off/)],
    [expect.stringMatching(/^step clean: .*not all could be deleted: copies: /)],
  ]);
  // Everything else has gone.
  expect(await production()).toBe(before);
  expect(await objects("copies/another-run/")).toHaveLength(1);
});
