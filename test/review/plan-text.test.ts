/** Plans as they stand on a terminal. */
import { UNKNOWN } from "../../review/model";
import { planText } from "../../review/report/plan-text";
import { changeOf, stackOf } from "../helpers/report";

const SOURCE = { kind: "base", base: "main", baseCommit: "abc1234def", head: "work", rehearsed: [] } as const;

it("tells each change by sign, type and construct, and what differs in it", () => {
  const stacks = [
    stackOf("prod-network", { state: "unchanged" }),
    stackOf("prod-events"),
    stackOf("prod-data", {
      plan: {
        changes: [
          changeOf({
            action: "replace",
            reason: "replace_because_cannot_update",
            attributes: [
              { path: "hash_key", before: "a", after: "b", forcesReplacement: true },
              { path: "ttl[0].enabled", before: undefined, after: true, forcesReplacement: false },
            ],
          }),
          changeOf({ type: "aws_s3_bucket", construct: "prod-data/raw", action: "create", after: { bucket: "raw" } }),
          changeOf({
            type: "aws_ssm_document",
            construct: "prod-data/script",
            attributes: [{ path: "content", before: "one\ntwo\n", after: "one\n2\n", forcesReplacement: false }],
          }),
        ],
      },
    }),
    stackOf("prod-services", {
      state: "deferred",
      why: "values stand as unknown in its plan",
      plan: {
        changes: [
          changeOf({
            type: "aws_lb",
            construct: "prod-services/lb",
            attributes: [{ path: "arn", before: "x", after: UNKNOWN, forcesReplacement: false }],
          }),
        ],
      },
    }),
  ];
  expect(planText(SOURCE, stacks, ["A limit"]).split("\n")).toEqual([
    "Planned on main (abc1234), with work on top of it; no account involved.",
    "",
    "prod-data",
    "  ± aws_dynamodb_table  prod-data/order-state/table  (replace because cannot update)",
    '      hash_key: "a" → "b"  # forces replacement',
    "      ttl[0].enabled: (not set) → true",
    "  + aws_s3_bucket  prod-data/raw",
    "  ~ aws_ssm_document  prod-data/script",
    "      content:",
    "          one",
    "        - two",
    "        + 2",
    "",
    "prod-services (deferred: values stand as unknown in its plan)",
    "  ~ aws_lb  prod-services/lb",
    '      arn: "x" → (known after apply)',
    "",
    "A limit.",
    "1 created, 2 updated, 1 replaced; 2 of 4 stacks stay as they are.",
  ]);
});

it("says of what is imported under which id", () => {
  const imported = { importId: "raw" } as const;
  const changes = [
    changeOf({ action: "import", ...imported }),
    changeOf({
      type: "aws_s3_bucket",
      construct: "dev-data/raw/bucket",
      ...imported,
      attributes: [{ path: "force_destroy", before: false, after: true, forcesReplacement: false }],
    }),
  ];
  expect(
    planText(SOURCE, [stackOf("dev-data", { plan: { changes } })], [])
      .split("\n")
      .slice(2),
  ).toEqual([
    "dev-data",
    "  ↓ aws_dynamodb_table  prod-data/order-state/table  (imported as raw)",
    "  ~ aws_s3_bucket  dev-data/raw/bucket  (imported as raw)",
    "      force_destroy: false → true",
    "",
    "1 updated, 1 imported.",
  ]);
});

it("says that nothing changes", () => {
  expect(
    planText(SOURCE, [stackOf("dev-data", { state: "unchanged" })], [])
      .split("\n")
      .slice(2),
  ).toEqual(["Nothing changes in 1 stack."]);
});

it("tells outputs by name, and not those that only stacks read", () => {
  const outputs = [
    { name: "cross-stack-output-a", action: "update", before: "x", after: "y" },
    { name: "orders_queue_url", action: "create", before: undefined, after: UNKNOWN },
    { name: "vpc_id", action: "update", before: "vpc-1", after: "vpc-2" },
    { name: "old_name", action: "destroy", before: "o", after: undefined },
  ] as const;
  expect(
    planText(SOURCE, [stackOf("dev-events", { plan: { outputs } }), stackOf("dev-data", { plan: { outputs: outputs.slice(0, 1) } })], [])
      .split("\n")
      .slice(2),
  ).toEqual([
    "dev-events",
    "  + output  orders_queue_url: (known after apply)",
    '  ~ output  vpc_id: "vpc-1" → "vpc-2"',
    '  − output  old_name: "o"',
    "",
    "Only outputs change; 1 of 2 stacks stay as they are.",
  ]);
});

it("cuts what is long, and shows no character that could hide another", () => {
  const text = planText(
    SOURCE,
    [
      stackOf("dev-data", {
        plan: {
          changes: [
            changeOf({
              attributes: [
                { path: "policy", before: "x".repeat(5000), after: "a\u202eb", forcesReplacement: false },
                {
                  path: "user_data",
                  before: "",
                  after: Array.from({ length: 100 }, (_, line) => `line ${line}`).join("\n"),
                  forcesReplacement: false,
                },
              ],
            }),
          ],
        },
      }),
    ],
    [],
  );
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(400);
  expect(text.split("\n").length).toBeLessThan(40);
  expect(text).toContain("more lines");
  expect(text).not.toContain("\u202e");
});
