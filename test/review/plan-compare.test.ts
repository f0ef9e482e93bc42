/** Plans worked out from two syntheses. */
import { UNKNOWN } from "../../review/model";
import { comparePlan, constructsOf, type SynthesisedJson } from "../../review/plan/compare";
import { readPlan } from "../../review/plan/read";

const bucket = (path: string, more: object = {}) => ({ "//": { metadata: { path, uniqueId: "x" } }, bucket: "tss-raw", ...more });
const before: SynthesisedJson = {
  provider: { aws: [{ region: "ap-northeast-1" }, { alias: "osaka", region: "ap-northeast-3" }] },
  terraform: { required_providers: { aws: { source: "aws" } } },
  resource: { aws_s3_bucket: { raw: bucket("dev-data/raw/bucket") }, aws_sqs_queue: { old: { "//": { metadata: { path: "dev-data/old" } }, name: "old" } } },
};
const read = (one: SynthesisedJson | undefined, other: SynthesisedJson | undefined) => readPlan(comparePlan(one, other), { stack: "dev-data", constructs: new Map([...constructsOf(one ?? {}), ...constructsOf(other ?? {})]) });

test("a stack compared with itself changes nothing", () => {
  const plan = read(before, before);
  expect(plan.changes).toEqual([]);
  expect(plan.after.map(({ address, construct }) => [address, construct])).toEqual([["aws_s3_bucket.raw", "dev-data/raw/bucket"], ["aws_sqs_queue.old", "dev-data/old"]]);
  expect(plan.region).toBe("ap-northeast-1");
});

test("what comes, goes and changes", () => {
  const after: SynthesisedJson = { ...before, resource: { aws_s3_bucket: { raw: bucket("dev-data/raw/bucket", { force_destroy: true, depends_on: ["a.b"], lifecycle: { prevent_destroy: true } }) }, aws_sns_topic: { alerts: { kms_master_key_id: "${aws_kms_key.key.arn}" } } } };
  const plan = read(before, after);
  expect(plan.changes.map(({ address, action, attributes }) => ({ address, action, paths: attributes.map(({ path }) => path) }))).toEqual([
    { address: "aws_s3_bucket.raw", action: "update", paths: ["force_destroy"] },
    { address: "aws_sns_topic.alerts", action: "create", paths: [] },
    { address: "aws_sqs_queue.old", action: "destroy", paths: [] },
  ]);
  expect(plan.changes[1]!.after).toEqual({ kms_master_key_id: UNKNOWN });
  expect(plan.changes[2]!.construct).toBe("dev-data/old");
});
