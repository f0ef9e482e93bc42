/** Plans worked out from two syntheses. */
import { SENSITIVE, UNKNOWN } from "../../review/model";
import { comparePlan, constructsOf } from "../../review/plan/compare";
import { readPlan } from "../../review/plan/read";
import { blocksIn } from "../../review/plan/blocks";
import type { StackJson } from "../../terraform/assembly";

const bucket = (path: string, more: object = {}) => ({ "//": { metadata: { path, uniqueId: "x" } }, bucket: "tss-raw", ...more });
const before: StackJson = {
  provider: { aws: [{ region: "ap-northeast-1" }, { alias: "osaka", region: "ap-northeast-3" }] },
  terraform: { required_providers: { aws: { source: "aws" } } },
  resource: {
    aws_s3_bucket: { raw: bucket("dev-data/raw/bucket") },
    aws_sqs_queue: { old: { "//": { metadata: { path: "dev-data/old" } }, name: "old" } },
  },
};
const read = (one: StackJson | undefined, other: StackJson | undefined) =>
  readPlan(comparePlan(one, other), { stack: "dev-data", constructs: new Map([...constructsOf(one ?? {}), ...constructsOf(other ?? {})]) });

test("a stack compared with itself changes nothing", () => {
  const plan = read(before, before);
  expect(plan.changes).toEqual([]);
  expect(plan.after.map(({ address, construct }) => [address, construct])).toEqual([
    ["aws_s3_bucket.raw", "dev-data/raw/bucket"],
    ["aws_sqs_queue.old", "dev-data/old"],
  ]);
  expect(plan.region).toBe("ap-northeast-1");
});

test("what comes, goes and changes", () => {
  const after: StackJson = {
    ...before,
    resource: {
      aws_s3_bucket: {
        raw: bucket("dev-data/raw/bucket", { force_destroy: true, depends_on: ["a.b"], lifecycle: { prevent_destroy: true } }),
      },
      aws_sns_topic: { alerts: { kms_master_key_id: "${aws_kms_key.key.arn}" } },
    },
  };
  const plan = read(before, after);
  expect(plan.changes.map(({ address, action, attributes }) => ({ address, action, paths: attributes.map(({ path }) => path) }))).toEqual([
    { address: "aws_s3_bucket.raw", action: "update", paths: ["force_destroy"] },
    { address: "aws_sns_topic.alerts", action: "create", paths: [] },
    { address: "aws_sqs_queue.old", action: "destroy", paths: [] },
  ]);
  expect(plan.changes[1]!.after).toEqual({ kms_master_key_id: UNKNOWN });
  expect(plan.changes[2]!.construct).toBe("dev-data/old");
});

describe("references", () => {
  const topic = (more: object): StackJson => ({ resource: { aws_sns_topic: { t: { name: "t", ...more } } } });
  const attributes = (one: object, other: object) =>
    read(topic(one), topic(other)).changes.flatMap((change) =>
      change.attributes.map(({ path, before: was, after: is, digest }) => ({ path, was, is, hasDigest: digest !== undefined })),
    );

  test("the same one is no change, in a list and in JSON neither", () => {
    expect(
      attributes(
        { a: "${x.y.arn}", b: ["${x.y.id}"], c: '{"d":"${x.y.arn}/*"}' },
        { a: "${x.y.arn}", b: ["${x.y.id}"], c: '{"d":"${x.y.arn}/*"}' },
      ),
    ).toEqual([]);
  });
  test("another one is told as it is written", () => {
    expect(attributes({ a: "${x.y.arn}" }, { a: "${x.z.arn}" })).toEqual([
      { path: "a", was: "${x.y.arn}", is: "${x.z.arn}", hasDigest: false },
    ]);
  });
  test("a text becomes one", () => {
    expect(attributes({ a: "arn:aws:x" }, { a: "${x.z.arn}" })).toEqual([{ path: "a", was: "arn:aws:x", is: UNKNOWN, hasDigest: false }]);
  });
  test("JSON around them stays readable", () => {
    expect(attributes({ p: '{"Effect":"Deny","Resource":"${x.y.arn}/*"}' }, { p: '{"Effect":"Allow","Resource":"${x.y.arn}/*"}' })).toEqual(
      [{ path: "p.Effect", was: "Deny", is: "Allow", hasDigest: true }],
    );
  });
  test("an escaped one is a text", () => {
    expect(read(undefined, topic({ a: "$${x} %%{y}" })).changes[0]!.after).toEqual({ name: "t", a: "${x} %{y}" });
  });
  test("a literal inside a function at a place for secrets is not told", () => {
    const plans = [
      attributes(
        { password: '${join("-", ["one-planted", x.y.id])}', environment: { A: '${format("two-planted%s", x.y.id)}' } },
        { password: '${join("-", ["three-planted", x.y.id])}', environment: { A: "${x.y.id}" } },
      ),
    ];
    expect(plans[0]!.map(({ path }) => path)).toEqual(["environment.A", "password"]);
    expect(JSON.stringify(plans)).not.toContain("planted");
  });
});

test("moved, removed and imported, as their blocks say", () => {
  const one = (resource: StackJson["resource"], more: Partial<StackJson> = {}): StackJson => ({ resource, ...more });
  const plan = read(
    one({ aws_a: { old: { v: 1 }, other: { v: 1 }, lost: { v: 1 }, kept: { v: 1 } } }),
    one(
      { aws_a: { new: { v: 1 }, another: { v: 2 }, brought: { v: 1 } } },
      {
        moved: [
          { from: "aws_a.old", to: "aws_a.new" },
          { from: "aws_a.other", to: "aws_a.another" },
          { from: "aws_a.nowhere", to: "aws_a.nothing" },
        ],
        removed: [
          { from: "aws_a.lost", lifecycle: { destroy: false } },
          { from: "aws_a.kept", lifecycle: [{ destroy: true }] },
        ],
        import: [{ to: "aws_a.brought", id: "id-1" }],
      },
    ),
  );
  expect(
    plan.changes.map(({ action, address, previousAddress, importId, attributes }) => [
      action,
      address,
      previousAddress,
      importId,
      attributes.map(({ path }) => path).join(),
    ]),
  ).toEqual([
    ["update", "aws_a.another", "aws_a.other", undefined, "v"],
    ["import", "aws_a.brought", undefined, "id-1", ""],
    ["destroy", "aws_a.kept", undefined, undefined, ""],
    ["forget", "aws_a.lost", undefined, undefined, ""],
    ["move", "aws_a.new", "aws_a.old", undefined, ""],
  ]);
});

test("outputs: sensitive ones are not shown", () => {
  const output = (value: string): StackJson => ({
    output: { open: { value }, closed: { value: `planted ${value}`, sensitive: true }, same: { value: 1 } },
  });
  expect(read(output("a"), output("b")).outputs).toEqual([
    { name: "closed", action: "update", before: SENSITIVE, after: SENSITIVE },
    { name: "open", action: "update", before: "a", after: "b" },
  ]);
});

test("sources of providers", () => {
  const json: StackJson = {
    terraform: { required_providers: { aws: { source: "aws" }, k8s: { source: "acme/k8s" }, own: { source: "example.com/acme/own" } } },
    resource: { aws_a: { a: {} }, k8s_b: { b: {} }, own_c: { c: {} }, random_d: { d: {} } },
  };
  expect(read(undefined, json).after.map(({ provider }) => provider)).toEqual([
    "registry.terraform.io/hashicorp/aws",
    "registry.terraform.io/acme/k8s",
    "example.com/acme/own",
    "registry.terraform.io/hashicorp/random",
  ]);
});

test("blocks are found in both forms", () => {
  expect(blocksIn({ a: { b: 1 } }, "a")).toEqual([{ b: 1 }]);
  expect(blocksIn({ a: [{ b: 1 }, UNKNOWN, { b: 2 }] }, "a")).toEqual([{ b: 1 }, { b: 2 }]);
  expect([blocksIn({ a: UNKNOWN }, "a"), blocksIn({}, "a"), blocksIn(undefined, "a")]).toEqual([[], [], []]);
});

describe("ignore_changes", () => {
  const machine = (ami: string, type: string, ignored?: unknown) => ({
    resource: {
      aws_instance: { a: { ami, instance_type: type, ...(ignored !== undefined && { lifecycle: { ignore_changes: ignored } }) } },
    },
  });
  const changed = (ignored?: unknown, type = "b") =>
    readPlan(comparePlan(machine("ami-1", "a"), machine("ami-2", type, ignored)), { stack: "s" }).changes.flatMap(({ attributes }) =>
      attributes.map(({ path }) => path),
    );

  it("leaves what Terraform leaves, and nothing else", () => {
    expect(changed()).toEqual(["ami", "instance_type"]);
    expect(changed(["ami"])).toEqual(["instance_type"]);
    expect(changed(["ami"], "a")).toEqual([]);
    expect(changed("all")).toEqual([]);
  });
});
