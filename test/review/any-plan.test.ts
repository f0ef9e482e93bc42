/** Plans of any project and any Terraform: a report always comes, and says what was not looked at. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reviewEnvironment } from "../../review/environment-review";
import { readPlan } from "../../review/plan/read";
import { checkAll, CheckovError, readReport } from "../../review/policy/checkov";
import { scanCopy } from "../../review/policy/scan-copy";
import { readEnvironments } from "../../review/read-stack";
import { risksOf } from "../../review/risk";
import { changeOf, planOf } from "./plans/make";

const resource = (type: string, name: string) => ({ mode: "managed", address: `${type}.${name}`, type, name, values: { a: 1 } });
const plan = (type: string, rest: object = {}) =>
  JSON.stringify(
    planOf([changeOf(type, ["create"], null, { a: 1 }, {}, `${type}.a`)], {
      planned_values: { root_module: { resources: [resource(type, "a")] } },
      ...rest,
    }),
  );
const inputs = (raws: Readonly<Record<string, string>>) => [
  { environment: "files", stacks: Object.entries(raws).map(([stack, raw]) => ({ stack, state: "planned" as const, raw })) },
];
const notesOf = (rest: object) =>
  readPlan(plan("t_any", rest), { stack: "s" }).notes?.map(({ rule, message }) => `${rule}: ${message}`) ?? [];

describe("one plan that cannot be read among many", () => {
  it("has failed, with what is wrong with it, and the others are read", () => {
    const [read] = readEnvironments(
      inputs({ good: plan("t_any"), cut: plan("t_any").slice(0, -9), odd: plan("t_any").replace('"create"', '"invent"') }),
    );
    expect(read!.stacks.map(({ input: { stack, state, why }, plan: { changes } }) => [stack, state, changes.length, why])).toEqual([
      ["good", "planned", 1, undefined],
      ["cut", "failed", 0, expect.stringMatching(/^The plan of cut ends in the middle/)],
      ["odd", "failed", 0, expect.stringMatching(/has an action that is not known \(invent\)/)],
    ]);
    expect(read!.input.stacks.map(({ state }) => state)).toEqual(["planned", "failed", "failed"]);
  });
  it("is an error where it is the only one", () => {
    expect(() => readEnvironments(inputs({ cut: "{" }))).toThrow(/^The plan of cut/);
    expect(readEnvironments([])).toEqual([]);
  });
});

describe("checkov", () => {
  const folder = mkdtempSync(join(tmpdir(), "fake-checkov-"));
  const python = join(folder, "python");
  afterAll(() => rmSync(folder, { recursive: true }));
  /** Fails over what holds `t_bad`, and has no check for `t_none`. */
  writeFileSync(
    python,
    `#!${process.execPath}
const { readdirSync, readFileSync } = require("node:fs");
const folder = process.argv.at(-1);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
const texts = files.map((name) => readFileSync(folder + "/" + name, "utf8"));
if (texts.some((text) => text.includes("t_bad"))) { console.error("KeyError: 'secret'"); process.exit(1); }
if (texts.every((text) => text.includes("t_none"))) console.log(JSON.stringify({ passed: 0, failed: 0, skipped: 0, parsing_errors: 0, resource_count: 0 }));
else console.log(JSON.stringify({
  results: { failed_checks: files.filter((_, at) => texts[at].includes("t_good")).map((name) => ({ check_id: "CKV_1", file_path: "/" + name, resource: "t_good.a" })) },
  summary: { resource_count: files.length, parsing_errors: 0 },
}));
`,
  );
  chmodSync(python, 0o755);
  const check = (...types: readonly string[]) =>
    checkAll(
      types.map((type) => scanCopy(plan(type))),
      python,
    );

  it("is asked once where it can read all", async () =>
    expect(await check("t_good", "t_good")).toMatchObject({ failed: [{ plan: 0, check: "CKV_1" }, { plan: 1 }], unread: new Map() }));
  it("is asked for each plan where it fails over one, and the one is named without what stands in it", async () =>
    expect(await check("t_good", "t_bad", "t_good")).toMatchObject({
      failed: [{ plan: 0 }, { plan: 2 }],
      unread: new Map([[1, "checkov failed (exit code 1): KeyError"]]),
    }));
  it("may have no check for anything there", async () => {
    expect(await check("t_none")).toEqual({
      failed: [],
      unread: new Map([[0, "checkov checked nothing: it has no check for what stands there, or could not read it."]]),
    });
    expect(readReport(JSON.stringify({ passed: 0, failed: 0, resource_count: 0 }), [{ text: "{}", addresses: [] }])).toEqual([]);
  });
  it("is an error where it cannot be started", () =>
    expect(checkAll([scanCopy(plan("t_good"))], "/nowhere/python")).rejects.toThrow(CheckovError));

  it("is told of in the report, where it did not look", async () => {
    const [read] = readEnvironments(inputs({ good: plan("t_good"), bad: plan("t_bad") }));
    const { review } = await reviewEnvironment(read!, {
      root: process.cwd(),
      python: () => Promise.resolve(python),
      literal: undefined,
      others: [],
      isSettled: false,
      sourceOf: () => undefined,
    });
    expect(
      review.stacks
        .flatMap(({ stack, findings }) => findings.map(({ rule, severity }) => `${stack} ${severity} ${rule}`))
        .filter((text) => /checkov|not-looked/.test(text)),
    ).toEqual(["good notice checkov/CKV_1", "bad notice policy/not-looked-at"]);
  });
});

describe("what a plan says besides changes", () => {
  const check = (status: string, kind = "check") => ({
    address: { kind, to_display: "check.health", name: "health" },
    status,
    instances: [{ address: {}, status, problems: [{ message: "It answers 503, password=hunter2xyz." }] }],
  });
  it.each([
    [
      "a check that failed",
      { checks: [check("fail")] },
      [/^plan\/check-failed: Terraform's check check.health failed: It answers 503, password=\(redacted/],
    ],
    ["one that could not be evaluated", { checks: [check("error")] }, [/could not be evaluated/]],
    ["none that passes or is not known yet", { checks: [check("pass"), check("unknown")] }, []],
    [
      "an action",
      { action_invocations: [{ address: "action.aws_lambda_invoke.a", type: "aws_lambda_invoke" }] },
      [/^plan\/action-run: .*action\.aws_lambda_invoke\.a/],
    ],
    [
      "a deferred action",
      { deferred_action_invocations: [{ reason: "x", action_invocation: { address: "action.a.b" } }] },
      [/action\.a\.b/],
    ],
    ["a part of a newer format", { provider_functions: [{ name: "a" }] }, [/^plan\/not-looked-at: .*`provider_functions`/]],
    ["nothing of an empty part", { provider_functions: [], resource_changes_hash: true }, []],
  ])("tells %s", (_what, rest, expected) => {
    const notes = notesOf(rest);
    expect(notes).toHaveLength(expected.length);
    expected.forEach((pattern, index) => expect(notes[index]).toMatch(pattern));
  });

  it.each([
    ["an id", { id: "raw" }, "raw"],
    ["an identity", { identity: { bucket: "raw", region: "ap-northeast-1", account_id: null } }, "bucket=raw, region=ap-northeast-1"],
    ["neither, before the apply", { unknown: true }, "(known after apply)"],
  ])("tells by what is imported: %s", (_what, importing, importId) => {
    const { changes } = readPlan(
      JSON.stringify(planOf([changeOf("t_any", ["no-op"], { a: 1 }, { a: 1 }, { importing: importing as { id: string } }, "t_any.a")])),
      {
        stack: "s",
      },
    );
    expect(changes).toMatchObject([{ action: "import", importId }]);
  });
});

test("a table without a key of its own is encrypted, with a key that AWS owns", () => {
  const table = (values: object) =>
    JSON.stringify(planOf([changeOf("aws_dynamodb_table", ["create"], null, { name: "a", ...values }, {}, "aws_dynamodb_table.a")]));
  const found = (values: object) =>
    risksOf(readPlan(table(values), { stack: "s" }), { protected: new Set() })
      .filter(({ rule }) => rule === "data/encryption-weakened")
      .map(({ message }) => message);
  expect(found({})).toEqual([expect.stringContaining("encrypted with a key that AWS owns")]);
  expect(found({ server_side_encryption: [{ enabled: true }] })).toEqual([]);
});
