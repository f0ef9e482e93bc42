/** Files that are no plans, and what a plan says about its resources. */
import { createHash } from "node:crypto";
import { ENVIRONMENT_VALUE, SECRET_LIKE, SENSITIVE, UNKNOWN } from "../../review/model";
import { readPlan, withoutIndex } from "../../review/plan/read";
import { changeOf, planOf } from "./plans/make";

const FILE = "plans/dev-data.json";
const read = (text: string) => readPlan(text, { stack: "dev-data", file: FILE });
const SECRET = "planted-Secret-1";
const change = (more: object) =>
  JSON.stringify({
    format_version: "1.2",
    resource_changes: [{ address: "a.b", type: "a", mode: "managed", change: { actions: ["create"] }, ...more }],
  });

const WRONG: readonly (readonly [what: string, text: string, message: string])[] = [
  ["nothing", "", "is empty."],
  ["spaces", " \n\t", "is empty."],
  ["a binary plan", "PK\u0003\u0004abc", "is the binary plan itself."],
  ["UTF-16", '\uFFFD\uFFFD{\0"\0f\0', "is UTF-16"],
  ["a page", `<!DOCTYPE html><p>${SECRET}`, "is a page (HTML or XML)"],
  ["what people read", `\nTerraform used the selected providers to generate\n  + password = "${SECRET}"`, "is the plan as people read it."],
  [
    "the lines of terraform plan -json",
    `{"@level":"info","@message":"Terraform 1.11.4","type":"version"}\n{"@level":"info","@message":"${SECRET}"}\n`,
    "is the log of terraform plan -json",
  ],
  [
    "a state",
    `{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"x","outputs":{"a":"${SECRET}"},"resources":[]}`,
    "is a state, not a plan.",
  ],
  [
    "a state as terraform show -json writes it",
    `{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{"a":"${SECRET}"}}}`,
    "is what terraform show -json writes of a state.",
  ],
  ["an empty state as terraform show -json writes it", '{"format_version":"1.0"}', "is what terraform show -json writes of a state."],
  ["a configuration", `{"terraform":{},"resource":{"a":"${SECRET}"}}`, "is a configuration, not a plan."],
  ["some JSON", `{"a":"${SECRET}"}`, "has no format_version"],
  ["a list", `["${SECRET}"]`, "is JSON, but no plan"],
  ["a text", `"${SECRET}"`, "is JSON, but no plan"],
  ["null", "null", "is JSON, but no plan"],
  [
    "a cut-off plan",
    `{"format_version":"1.2","resource_changes":[{"address":"${SECRET}`,
    "ends in the middle: it is cut off after 72 characters.",
  ],
  ["a cut-off plan, in a list", `{"format_version":"1.2","a":["${SECRET}",`, "ends in the middle"],
  ["broken JSON", `{"format_version":"1.2",,"${SECRET}":1}`, "is not JSON (it breaks at character 24 of"],
  ["format 0", '{"format_version":"0.2","resource_changes":[]}', "is in plan format 0.2; format 1.x is read"],
  ["format 2", '{"format_version":"2.0","resource_changes":[]}', "is in plan format 2.0; format 1.x is read"],
  ["format 10", '{"format_version":"10.0","resource_changes":[]}', "is in plan format 10.0; format 1.x is read"],
  [
    "a format that is no version",
    `{"format_version":"${SECRET}","resource_changes":[]}`,
    "is in plan format (unreadable); format 1.x is read",
  ],
  ["changes that are no list", `{"format_version":"1.2","resource_changes":{"a":"${SECRET}"}}`, "resource_changes is no list."],
  ["a change that is none", `{"format_version":"1.2","resource_changes":["${SECRET}"]}`, "resource_changes[0] is no object."],
  [
    "a deferred change that is none",
    `{"format_version":"1.2","resource_changes":[],"deferred_changes":[{}]}`,
    "deferred_changes[0] is no object.",
  ],
  ["no address", change({ address: undefined }), "resource_changes[0] has no address."],
  ["no type", change({ type: 1 }), "resource_changes[0] has no type."],
  ["a mode that is no text", change({ mode: 1 }), "resource_changes[0] has a mode, provider, reason or key that is no text."],
  ["no change", change({ change: null }), "resource_changes[0] has no change."],
  ["no actions", change({ change: {} }), "resource_changes[0] has no list of actions."],
  ["no action", change({ change: { actions: [] } }), "resource_changes[0] has no list of actions."],
  [
    "values that are no object",
    change({ change: { actions: ["create"], after: SECRET } }),
    "resource_changes[0] has values that are no object.",
  ],
  [
    "replace_paths that are no paths",
    change({ change: { actions: ["create"], replace_paths: [SECRET] } }),
    "resource_changes[0] has replace_paths that are no paths.",
  ],
  [
    "an import that is none",
    change({ change: { actions: ["no-op"], importing: SECRET } }),
    "resource_changes[0] has an import without a readable id.",
  ],
  [
    "an action that nobody knows",
    change({ change: { actions: ["explode"] } }),
    "resource_changes[0] has an action that is not known (explode): known are no-op, read, create, update, delete, forget.",
  ],
  [
    "an action beside delete that nobody knows",
    change({ change: { actions: ["delete", SECRET] } }),
    "resource_changes[0] has an action that is not known: known are",
  ],
  [
    "actions that do not go together",
    change({ change: { actions: ["create", "update"] } }),
    "resource_changes[0] has actions that do not go together.",
  ],
  ["outputs that are no object", '{"format_version":"1.2","resource_changes":[],"output_changes":[]}', "output_changes is no object."],
  [
    "an output without actions",
    '{"format_version":"1.2","resource_changes":[],"output_changes":{"a":{}}}',
    "output_changes[0] has no list of actions.",
  ],
  [
    "nesting without end",
    `{"format_version":"1.2","resource_changes":[{"address":"a.b","type":"a","change":{"actions":["create"],"before":null,"after":{"a":${"[".repeat(6000)}${"]".repeat(6000)}}}}]}`,
    "is nested too deep to be read.",
  ],
];
test.each(WRONG)("%s is refused", (_what, text, message) => {
  let thrown: unknown;
  try {
    read(text);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(Error);
  expect((thrown as Error).message.startsWith(`${FILE} `)).toBe(true);
  expect((thrown as Error).message).toContain(message);
  expect((thrown as Error).message).not.toContain(SECRET);
});

test("a byte order mark is no harm", () => {
  expect(read(`\uFEFF${JSON.stringify(planOf([]))}`).changes).toEqual([]);
});

test("what stands in the place of what is not shown or not known", () => {
  const plan = read(
    JSON.stringify(
      planOf([
        changeOf(
          "aws_thing",
          ["update"],
          { a: "1", s: "x", password: "y", environment: [{ variables: { V: "v" } }], url: "https://u:pw12345@h/" },
          { a: "2", s: "x2", environment: [{ variables: { V: "v" } }], url: "https://u:pw12345@h/" },
          { before_sensitive: { s: true }, after_sensitive: { s: true }, after_unknown: { id: true } },
        ),
      ]),
    ),
  );
  expect(plan.changes[0]!.before).toEqual({
    a: "1",
    s: SENSITIVE,
    password: SECRET_LIKE,
    environment: [{ variables: { V: ENVIRONMENT_VALUE } }],
    url: `https://u:${SECRET_LIKE}@h/`,
  });
  expect(plan.changes[0]!.attributes).toEqual([
    { path: "a", before: "1", after: "2", forcesReplacement: false, digest: createHash("sha256").update('"2"').digest("hex").slice(0, 16) },
    { path: "id", before: undefined, after: UNKNOWN, forcesReplacement: false },
    {
      path: "password",
      before: SECRET_LIKE,
      after: undefined,
      forcesReplacement: false,
      digest: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    },
    { path: "s", before: SENSITIVE, after: SENSITIVE, forcesReplacement: false },
  ]);
  expect(plan.after[0]!.values).toMatchObject({ id: UNKNOWN, s: SENSITIVE });
  expect(plan.region).toBe("ap-northeast-1");
});

test("equal values have equal digests, whatever the order of their keys", () => {
  const digest = (after: object) =>
    read(JSON.stringify(planOf([changeOf("a_b", ["update"], { v: 1 }, { v: after })]))).changes[0]!.attributes[0]!.digest;
  expect(digest({ a: 1, b: 2 })).toBe(digest({ b: 2, a: 1 }));
  expect(digest({ a: 1, b: 2 })).not.toBe(digest({ a: 1, b: 3 }));
});

test("long values are cut around what differs", () => {
  const lines = Array.from({ length: 900 }, (_, index) => `line ${index} of a script`);
  const [attribute] = read(
    JSON.stringify(
      planOf([
        changeOf("a_b", ["update"], { user_data: lines.join("\n") }, { user_data: lines.join("\n").replace("line 700", "LINE 700") }),
      ]),
    ),
  ).changes[0]!.attributes;
  expect(attribute!.after).toMatch(/^… [\s\S]*LINE 700[\s\S]* … \(\d+ characters in all\)$/);
  expect((attribute!.after as string).length).toBeLessThan(2100);
});

test("modules, constructs and left-over objects", () => {
  const plan = planOf([]);
  const json = {
    ...plan,
    prior_state: {
      values: {
        root_module: {
          child_modules: [
            {
              resources: [
                {
                  address: 'module.m["a.b"].aws_s3_bucket.b[0]',
                  type: "aws_s3_bucket",
                  mode: "managed",
                  provider_name: "p",
                  values: { secret: "hidden-1" },
                },
                { address: "x.y", type: "x", mode: "managed", deposed_key: "1", values: {} },
                { address: "data.x.y", type: "x", mode: "data" },
              ],
            },
          ],
        },
      },
    },
  };
  const constructs = new Map([["aws_s3_bucket.b", "dev-data/b/bucket"]]);
  expect(readPlan(JSON.stringify(json), { stack: "s", constructs }).before).toEqual([
    {
      address: 'module.m["a.b"].aws_s3_bucket.b[0]',
      type: "aws_s3_bucket",
      provider: "p",
      construct: "dev-data/b/bucket",
      values: { secret: SECRET_LIKE },
    },
  ]);
  expect(["a.b", "a.b[0]", 'a.b["x]\\"[y"]', 'module.a.module.b["q.r"].c.d', "module.a[*].c.d"].map(withoutIndex)).toEqual([
    "a.b",
    "a.b",
    "a.b",
    "c.d",
    "c.d",
  ]);
});
