/** Secrets of any word, planted in every shape and place: nothing that a review writes shows one, and what is none stays to be read. */
import fc from "fast-check";
import { readPlan } from "../../review/plan/read";
import { Redaction } from "../../review/plan/redact";
import { shown } from "../../review/plan/hidden";
import { redactText } from "../../review/plan/secrets";
import { ownPolicyFindings } from "../../review/policy/own";
import { secretsBesideResources } from "../../review/policy/own/secrets-beside-resources";
import { surroundingsOf } from "../../review/policy/subjects";
import { json } from "../../review/report/json";
import { junit } from "../../review/report/junit";
import { markdown } from "../../review/report/markdown";
import { page } from "../../review/report/page";
import { sarif } from "../../review/report/sarif";
import { summary } from "../../review/report/summary";
import { classOf, heldBy, risksOf } from "../../review/risk";
import type { StackReview } from "../../review/model";
import { SEED } from "../helpers/seed";
import { costOf } from "../helpers/report";
import { changeOf, planOf } from "./plans/make";
import { COMMANDS, ORDINARY, SETTINGS, TEXTS } from "./planted";

/** Words that no token format knows, and odd enough not to stand in a page by chance. */
const word = fc.oneof(
  fc.stringMatching(/^zq[a-z]{6,12}jx$/),
  fc.stringMatching(/^[A-Z][a-z]{3}9[a-z]{2}[0-9]{2}[A-Za-z]{2,6}7$/),
  fc.stringMatching(/^zq[a-z]{3,6}-[a-z]{4,8}jx$/),
);
const plain = word.map((text) => text.replaceAll("-", ""));
const planted = (text: string, secret: string): string => text.replaceAll("§", () => secret);

/** A text somewhere in a resource. */
const PLACES: readonly ((text: string) => Record<string, unknown>)[] = [
  (text) => ({ description: text }),
  (text) => ({ user_data: Buffer.from(`#!/bin/sh\n${text}\n`).toString("base64") }),
  (text) => ({ user_data: `#!/bin/sh\n${text}\n` }),
  (text) => ({ content: JSON.stringify({ steps: [{ run: text }] }) }),
  (text) => ({ provisioner: [{ local_exec: [{ command: text }] }] }),
  (text) => ({ command: ["sh", "-c", text] }),
  (text) => ({ container_definitions: JSON.stringify([{ name: "a", entryPoint: ["sh", "-c"], command: [text] }]) }),
  (text) => ({
    script: `powershell -Command "iex ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${Buffer.from(text).toString("base64")}')))"`,
  }),
];
const values = fc.oneof(
  fc
    .record({ text: fc.constantFrom(...TEXTS), place: fc.constantFrom(...PLACES), secret: word })
    .map(({ text, place, secret }) => ({ secret, values: place(planted(text, secret)), other: place("ordinary") })),
  fc.record({ words: fc.constantFrom(...COMMANDS), secret: word, isText: fc.boolean() }).map(({ words, secret, isText }) => {
    const command = words.map((one) => planted(one, secret));
    return { secret, values: isText ? { definition: JSON.stringify({ command }) } : { command }, other: {} };
  }),
  fc.record({ settings: fc.constantFrom(...SETTINGS), secret: plain, isText: fc.boolean() }).map(({ settings, secret, isText }) => ({
    secret,
    values: { settings: isText ? JSON.stringify(settings(secret)) : settings(secret) },
    other: {},
  })),
);

/** Everything that a review of one plan writes, to files and to the terminal. */
function written(plan: object): string {
  const text = JSON.stringify(plan);
  const read = readPlan(text, { stack: "planted" });
  const findings = [...risksOf(read, { protected: new Set() }), ...ownPolicyFindings("planted", surroundingsOf(read, text), "notice")];
  const stack: StackReview = { stack: "planted", state: "planned", plan: read, findings };
  const report = {
    source: { kind: "files" as const, folder: "planted" },
    exceptionErrors: [],
    limits: [],
    environments: [{ environment: "files", findings: [], cost: costOf(), stacks: [stack] }],
  };
  return [
    markdown(report, { classOf, heldBy }),
    page(report, { classOf, heldBy, root: process.cwd() }),
    json(report, { classOf }),
    sarif(report),
    junit(report),
    summary(report, classOf),
    JSON.stringify(read),
  ].join("\n");
}

test("none is shown by page, comment, JSON or terminal", () => {
  fc.assert(
    fc.property(values, fc.constantFrom("t_any", "aws_instance", "aws_ecs_task_definition"), ({ secret, values: block, other }, type) => {
      const plan = planOf(
        [
          changeOf(type, ["update"], other, block, {}, `${type}.a`),
          changeOf(type, ["update"], block, other, {}, `${type}.b`),
          changeOf(type, ["delete"], block, null, {}, `${type}.c`),
          changeOf(type, ["create"], null, block, {}, `${type}.d`),
        ],
        { planned_values: { root_module: { resources: [{ mode: "managed", address: `${type}.d`, type, name: "d", values: block }] } } },
      );
      const all = written(plan);
      expect(all).toContain("planted");
      for (const form of [secret, Buffer.from(`robot:${secret}`).toString("base64"), Buffer.from(secret).toString("base64").slice(2, -4)])
        expect(all).not.toContain(form);
    }),
    { seed: SEED, numRuns: 150 },
  );
});

test.each(TEXTS)("hidden: %s", (text) => {
  fc.assert(
    fc.property(word, (secret) => {
      const redacted = redactText(planted(text, secret));
      expect(redacted).not.toContain(secret);
      expect(redacted).toMatch(/\(redacted: looks like a secret\)|\(environment value\)/);
      expect(redactText(redacted)).toBe(redacted);
    }),
    { seed: SEED, numRuns: 20 },
  );
});
test.each(ORDINARY)("stays: %s", (text) => {
  expect(redactText(text)).toBe(text);
});

test("a command's other words stay", () => {
  const words = ["mysql", "--user", "root", "--password", "hunter2", "--port", "3306", "/var/lib/a"];
  expect(shown(new Redaction().mark("t_any", { words }, undefined, undefined))).toEqual({
    words: words.map((one) => (one === "hunter2" ? "(redacted: looks like a secret)" : one)),
  });
});

test("a secret in any of these texts is refused in every environment", () => {
  const refused = (block: Record<string, unknown>): string[] => {
    const resource = { mode: "managed", address: "t_any.a", type: "t_any", name: "a", values: block };
    const text = JSON.stringify(
      planOf([changeOf("t_any", ["create"], null, block, {}, "t_any.a")], { planned_values: { root_module: { resources: [resource] } } }),
    );
    return ownPolicyFindings("s", surroundingsOf(readPlan(text, { stack: "s" }), text), "notice")
      .filter(({ severity }) => severity === "refusal")
      .map(({ rule }) => rule);
  };
  for (const text of TEXTS) {
    const isVariable = /MODE/.test(text);
    expect([text, refused({ script: planted(text, "zqhunterjx") })]).toEqual([text, isVariable ? [] : ["policy/secret-in-code"]]);
  }
  for (const text of ORDINARY) expect([text, refused({ script: text })]).toEqual([text, []]);
});

test("so is one that stands in no resource", () => {
  const found = (code: object) => secretsBesideResources("dev-data", code).map(({ severity, message }) => `${severity}: ${message}`);
  const secret = "zqhunterjx";
  expect(
    found({
      output: { a: { value: `password=${secret}` }, b: { value: "${aws_db_instance.a.address}" } },
      variable: { token: { default: secret }, size: { default: "small" } },
      provider: { aws: [{ region: "ap-northeast-1", secret_key: secret }] },
      terraform: { backend: { s3: { bucket: "states" } } },
      resource: { t_any: { a: { password: secret } } },
    }),
  ).toEqual([
    "refusal: Something that looks like a secret stands in output.a.",
    "refusal: Something that looks like a secret stands in provider.aws.",
    "refusal: Something that looks like a secret stands in variable.token.",
  ]);
  // A rehearsal's keys open an emulator on this machine and nothing else.
  const keys = { access_key: "111122223333", secret_key: secret, token: "dev-data" };
  const emulated = (host: string) => ({
    provider: { aws: [{ ...keys, endpoints: [{ s3: "http://127.0.0.1:4566", sqs: `http://${host}:4566` }] }] },
    terraform: { backend: { s3: { ...keys, endpoints: { s3: `http://${host}:4566` } } } },
    data: { terraform_remote_state: { a: { backend: "s3", config: { ...keys, endpoints: { s3: `http://${host}:4566` } } } } },
  });
  expect(found(emulated("127.0.0.1"))).toEqual([]);
  expect(found(emulated("203.0.113.1"))).toEqual(
    ["data.terraform_remote_state", "provider.aws", "terraform.backend"].map(
      (place) => `refusal: Something that looks like a secret stands in ${place}.`,
    ),
  );
  expect(found({ output: { db_password: { value: "${random_password.a.result}", sensitive: true } } })).toEqual([]);
});
