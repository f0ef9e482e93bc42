/** What a change makes in another's place, and what only follows from a replacement. */
import { UNKNOWN, type Values } from "../../review/model";
import { risksOf } from "../../review/risk";
import { change, planOf } from "./risk-builders";

const messages = (rule: string, ...changes: readonly ReturnType<typeof change>[]) =>
  risksOf(planOf(changes), { protected: new Set() })
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message);

const bucket = (name: string, values: { readonly bucket: string }, side: "before" | "after") =>
  change({ type: "aws_s3_bucket", name, [side]: values });
const KEPT = 'a `moved` block (in cdktf `moveFromId("aws_s3_bucket.results")`) keeps it';

describe("what is destroyed under one address and made under another", () => {
  it("may only be renamed: by the same name, among others too", () => {
    const changes = [
      bucket("results", { bucket: "tss-results" }, "before"),
      bucket("raw", { bucket: "tss-raw" }, "before"),
      bucket("tests", { bucket: "tss-tests" }, "after"),
      bucket("backtests", { bucket: "tss-results" }, "after"),
    ];
    expect(messages("data/destroyed", ...changes)).toEqual(
      [
        "It is destroyed, with objects",
        `It is destroyed, with objects; where it is only renamed to \`prod-data/part/backtests\`, ${KEPT}`,
      ].sort(),
    );
  });

  it("may only be renamed: the one of its type", () => {
    expect(
      messages("data/destroyed", bucket("results", { bucket: "tss-results" }, "before"), bucket("tests", { bucket: "tss-tests" }, "after")),
    ).toEqual([`It is destroyed, with objects; where it is only renamed to \`prod-data/part/tests\`, ${KEPT}`]);
  });

  it("is nothing to guess at where several come and none has its name, or what comes is of another type", () => {
    const gone = bucket("results", { bucket: "tss-results" }, "before");
    expect(messages("data/destroyed", gone, bucket("a", { bucket: "a" }, "after"), bucket("b", { bucket: "b" }, "after"))).toEqual([
      "It is destroyed, with objects",
    ]);
    expect(messages("data/destroyed", gone, change({ type: "aws_dynamodb_table", after: { name: "tss-results" } }))).toEqual([
      "It is destroyed, with objects",
    ]);
  });

  it("is said of a bucket's settings too, when the bucket was moved without them", () => {
    const versioning = (name: string, side: "before" | "after") =>
      change({ type: "aws_s3_bucket_versioning", name, [side]: { bucket: "tss-results" } });
    const moved = change({
      type: "aws_s3_bucket",
      name: "tests",
      before: { bucket: "tss-results" },
      after: { bucket: "tss-results" },
      action: "move",
      previousAddress: "aws_s3_bucket.results",
    });
    expect(messages("data/backups-off", moved, versioning("results", "before"), versioning("tests", "after"))).toEqual([
      'A deleted or overwritten object cannot be brought back; where it is only renamed to `prod-data/part/tests`, a `moved` block (in cdktf `moveFromId("aws_s3_bucket_versioning.results")`) keeps it',
    ]);
    expect(messages("data/backups-off", moved, versioning("results", "before"))).toEqual([
      "A deleted or overwritten object cannot be brought back",
    ]);
  });

  it("is said of a host too", () => {
    expect(
      messages(
        "compute/host-replaced",
        change({ type: "aws_instance", name: "windows", before: {} }),
        change({ type: "aws_instance", name: "host", after: {} }),
      ),
    ).toEqual([
      'The host is destroyed, with its disks and what runs on it; where it is only renamed to `prod-data/part/host`, a `moved` block (in cdktf `moveFromId("aws_instance.windows")`) keeps it',
    ]);
  });
});

describe("what names a machine that is replaced", () => {
  const host = (action: "replace" | "update") =>
    change({
      type: "aws_instance",
      name: "host",
      before: { id: "i-0123456789abcdef0", ami: "a" },
      after: { id: UNKNOWN, ami: "b" },
      action,
    });
  const alarm = (after: object) =>
    change({
      type: "aws_cloudwatch_metric_alarm",
      name: "cpu",
      before: { dimensions: { InstanceId: "i-0123456789abcdef0" }, period: 60, alarm_actions: ["a"] },
      after: { dimensions: { InstanceId: UNKNOWN }, period: 60, alarm_actions: ["a"], ...after },
    });
  const schedule = (id: string) =>
    change({
      type: "aws_scheduler_schedule",
      name: "stop",
      before: { target: [{ arn: "stop", input: `{"InstanceIds":["${id}"]}` }] },
      after: { target: [{ arn: "stop", input: UNKNOWN }] },
    });

  it("follows it, and is no news", () => {
    expect(messages("notification/alarm-changed", host("replace"), alarm({}))).toEqual([]);
    expect(messages("compute/schedule-changed", host("replace"), schedule("i-0123456789abcdef0"))).toEqual([]);
  });

  it("is news where the machine stays, where it is another one, and where more changes", () => {
    expect(messages("notification/alarm-changed", host("update"), alarm({}))).toHaveLength(1);
    expect(messages("notification/alarm-changed", alarm({}))).toHaveLength(1);
    expect(messages("notification/alarm-changed", host("replace"), alarm({ period: 300 }))).toEqual([
      "The alarm watches something else, or judges otherwise: `period` from 60 to 300",
    ]);
    expect(
      messages("notification/alarm-changed", host("replace"), alarm({ dimensions: { InstanceId: "i-0fedcba9876543210" } })),
    ).toHaveLength(1);
    expect(messages("compute/schedule-changed", host("replace"), schedule("i-0fedcba9876543210"))).toEqual([
      'Something else happens at that time (`target[0].input` was {"InstanceIds":["i-0fedcba9876543210"]}, and will be (known after apply))',
    ]);
  });
});

describe("what the provider fills in", () => {
  it("takes nothing away where nothing was set", () => {
    expect(
      messages(
        "data/encryption-weakened",
        change({
          type: "aws_instance",
          before: { root_block_device: [{ encrypted: true }] },
          after: { root_block_device: [{ encrypted: true }], ebs_block_device: UNKNOWN },
          action: "replace",
        }),
      ),
    ).toEqual([]);
    expect(
      messages(
        "data/encryption-weakened",
        change({
          type: "aws_instance",
          before: { ebs_block_device: [{ encrypted: true }] },
          after: { ebs_block_device: UNKNOWN },
          action: "replace",
        }),
      ),
    ).toHaveLength(1);
  });

  it("is not said twice of a parameter that stands in clear", () => {
    const parameter = (before: Values, after: Values) =>
      messages("compute/configuration-changed", change({ type: "aws_ssm_parameter", before, after }));
    expect(parameter({ insecure_value: "a", value: "a" }, { insecure_value: "b", value: UNKNOWN })).toEqual([
      "Hosts are set up otherwise (`insecure_value` was a, and will be b)",
    ]);
    expect(parameter({ value: "a" }, { value: "b" })).toEqual([
      "Whoever reads the parameter gets another value (`value` was (sensitive), and will be (sensitive))",
    ]);
  });
});
