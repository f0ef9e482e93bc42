/** Values in all their shapes. */
import { changeOf, planOf, type Case, type RawChange } from "./make";

type Values = Readonly<Record<string, unknown>>;
/** An update from one to the other. */
const updated = (
  name: string,
  before: Values,
  after: Values,
  paths: string,
  more: {
    readonly type?: string;
    readonly hidden?: readonly string[];
    readonly shown?: readonly string[];
    readonly change?: Partial<RawChange["change"]>;
  } = {},
): Case => {
  const type = more.type ?? "aws_thing";
  return {
    name,
    plan: planOf([changeOf(type, ["update"], before, after, more.change)]),
    told: [`update ${type}.it${paths === "" ? "" : `: ${paths}`}`],
    hidden: more.hidden,
    shown: more.shown,
  };
};
const json = (value: unknown) => JSON.stringify(value);
const rule = (port: number, cidr = "10.0.0.0/16") => ({ from_port: port, to_port: port, cidr_blocks: [cidr] });
/** As long as a whole number of base64's groups. */
const longScript = "echo 1\necho".repeat(30) + "\n".repeat(3);
const planted = "planted-Value-1";

export const valueCases: readonly Case[] = [
  updated("a text", { a: "1" }, { a: "2" }, "a"),
  updated("a number", { a: 1 }, { a: 2 }, "a"),
  updated("a number and its text", { a: 1 }, { a: "1" }, "a"),
  updated("false and not set", { a: false }, { a: null }, "a"),
  updated("zero and not set", { a: 0 }, {}, "a"),
  updated("a value is set", { a: null }, { a: "x" }, "a"),
  updated("empty and not set beside a real change", { a: "", b: [], c: null, d: 1 }, { a: null, b: null, c: [], d: 2 }, "d"),
  updated("empty and not set alone are told", { a: "" }, { a: null }, "a"),
  updated("an empty block comes", { pod_selector: null, a: 1 }, { pod_selector: {}, a: 2 }, "a pod_selector"),
  updated("nested blocks", { a: [{ b: [{ c: 1, d: 2 }] }] }, { a: [{ b: [{ c: 1, d: 3 }] }] }, "a[0].b[0].d"),
  updated("an object inside an object", { a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }, "a.b.c"),
  updated("a key that is no name", { a: { "x/y.z": 1 } }, { a: { "x/y.z": 2 } }, 'a["x/y.z"]'),
  updated("a list of texts is one value", { a: ["x", "y"] }, { a: ["x", "z"] }, "a"),
  updated("a block more at the front", { ingress: [rule(2), rule(3)] }, { ingress: [rule(1), rule(2), rule(3)] }, "ingress[0]"),
  updated("a block less at the front", { ingress: [rule(1), rule(2), rule(3)] }, { ingress: [rule(2), rule(3)] }, "ingress[0]"),
  updated(
    "a block less in the middle and one at its place",
    { ingress: [rule(1), rule(2), rule(3)] },
    { ingress: [rule(1), rule(9), rule(3)] },
    "ingress[1].from_port ingress[1].to_port",
  ),
  updated(
    "a rule is opened",
    { ingress: [rule(1), rule(3389)] },
    { ingress: [rule(1), rule(3389, "0.0.0.0/0")] },
    "ingress[1].cidr_blocks",
  ),
  updated("blocks in another order", { a: [{ x: 1 }, { x: 2 }] }, { a: [{ x: 2 }, { x: 1 }] }, "a"),
  updated("the same block twice becomes once", { a: [{ x: 1 }, { x: 1 }] }, { a: [{ x: 1 }] }, "a[1]"),
  updated(
    "named blocks find each other",
    {
      gsi: [
        { name: "A", k: 1 },
        { name: "B", k: 1 },
      ],
    },
    { gsi: [{ name: "B", k: 2 }] },
    "gsi[0] gsi[0].k",
  ),
  updated("another name at the same place", { gsi: [{ name: "A", k: 1 }] }, { gsi: [{ name: "B", k: 1 }] }, "gsi[0]"),
  updated(
    "tags and their echo",
    { tags: { A: "1" }, tags_all: { A: "1", M: "x" } },
    { tags: { A: "2" }, tags_all: { A: "2", M: "x" } },
    "tags.A",
  ),
  updated("first tags", { tags: null, tags_all: { M: "x" } }, { tags: { A: "2" }, tags_all: { A: "2", M: "x" } }, "tags.A"),
  updated(
    "a default tag only",
    { tags: { A: "1" }, tags_all: { A: "1", M: "x" } },
    { tags: { A: "1" }, tags_all: { A: "1", M: "y" } },
    "tags_all.M",
  ),
  updated(
    "a tag that a default one takes over",
    { tags: { A: "1" }, tags_all: { A: "1" } },
    { tags: {}, tags_all: { A: "2" } },
    "tags.A tags_all.A",
  ),
  updated(
    "a policy",
    {
      policy: json({
        Statement: [
          { Sid: "a", Action: ["s3:Get"] },
          { Sid: "b", Effect: "Deny" },
        ],
      }),
    },
    {
      policy: json({
        Statement: [
          { Sid: "a", Action: ["s3:*"] },
          { Sid: "b", Effect: "Deny" },
        ],
      }),
    },
    "policy.Statement[0].Action",
  ),
  updated(
    "a policy's statement goes",
    { policy: json({ Statement: [{ Sid: "a" }, { Sid: "b" }] }) },
    { policy: json({ Statement: [{ Sid: "b" }] }) },
    "policy.Statement[0]",
  ),
  updated("a policy of which only the spaces differ", { policy: '{"a": 1}' }, { policy: '{"a":1}' }, "policy"),
  updated("a policy that breaks", { policy: '{"a":1}' }, { policy: '{"a":1' }, "policy"),
  updated("JSON inside JSON", { a: json({ b: json({ c: 1 }) }) }, { a: json({ b: json({ c: 2 }) }) }, "a.b.c"),
  updated("a redrive policy that becomes unknown", { redrive_policy: json({ maxReceiveCount: 5 }) }, {}, "redrive_policy", {
    change: { after_unknown: { redrive_policy: true } },
  }),
  updated(
    "an event pattern",
    { event_pattern: json({ source: ["a"] }) },
    { event_pattern: json({ source: ["b"] }) },
    "event_pattern.source",
  ),
  updated("unknown inside a list", { a: [{ b: "1" }] }, { a: [{}] }, "a[0].b", { change: { after_unknown: { a: [{ b: true }] } } }),
  updated("unknown at a list's end", { a: [] }, { a: [] }, "a", { change: { after_unknown: { a: [true] } } }),
  updated("unknown in a map", { a: { k: "1" } }, { a: {} }, "a.k", { change: { after_unknown: { a: { k: true } } } }),
  updated("a block that is not unknown at all", { a: 1 }, { a: 2 }, "a", { change: { after_unknown: { b: [], c: [{}], d: {} } } }),
  updated("sensitive", { a: planted, b: 1 }, { a: `${planted}2`, b: 1 }, "a", {
    hidden: [planted],
    change: { before_sensitive: { a: true }, after_sensitive: { a: true } },
  }),
  updated("sensitive on one side only", { a: planted }, { a: "x" }, "a", { hidden: [planted], change: { before_sensitive: { a: true } } }),
  updated("sensitive and the same", { a: planted, b: 1 }, { a: planted, b: 2 }, "b", {
    hidden: [planted],
    change: { before_sensitive: { a: true }, after_sensitive: { a: true } },
  }),
  updated("sensitive in a block", { a: [{ b: planted }] }, { a: [{ b: "other" }] }, "a[0].b", {
    hidden: [planted, "other"],
    change: { before_sensitive: { a: [{ b: true }] }, after_sensitive: { a: [{ b: true }] } },
  }),
  updated("sensitive number", { a: 987654321 }, { a: 987654322 }, "a", {
    hidden: ["98765432"],
    change: { before_sensitive: { a: true }, after_sensitive: { a: true } },
  }),
  updated(
    "a variable of a container",
    {
      container_definitions: json([
        { name: "c", environment: [{ name: "A", value: planted }], secrets: [{ name: "S", valueFrom: "arn:aws:ssm:x:1:parameter/p" }] },
      ]),
    },
    {
      container_definitions: json([
        {
          name: "c",
          environment: [{ name: "A", value: `${planted}x` }],
          secrets: [{ name: "S", valueFrom: "arn:aws:ssm:x:1:parameter/q" }],
        },
      ]),
    },
    "container_definitions[0].environment[0].value container_definitions[0].secrets[0].valueFrom",
    { type: "aws_ecs_task_definition", hidden: [planted] },
  ),
  updated(
    "a variable of a function",
    { environment: [{ variables: { A: planted, name: planted } }] },
    { environment: [{ variables: { A: "changed-one", name: planted } }] },
    "environment[0].variables.A",
    { type: "aws_lambda_function", hidden: [planted, "changed-one"] },
  ),
  updated(
    "a variable of a pod",
    {
      spec: [
        {
          container: [
            {
              env: [
                { name: "A", value: planted },
                { name: "B", value_from: [{ secret_key_ref: [{ name: "s", key: "k" }] }] },
              ],
            },
          ],
        },
      ],
    },
    {
      spec: [
        {
          container: [
            {
              env: [
                { name: "A", value: "two-2" },
                { name: "B", value_from: [{ secret_key_ref: [{ name: "s", key: "l" }] }] },
              ],
            },
          ],
        },
      ],
    },
    "spec[0].container[0].env[0].value spec[0].container[0].env[1].value_from[0].secret_key_ref[0].key",
    { type: "kubernetes_deployment_v1", hidden: [planted, "two-2"] },
  ),
  updated(
    "codebuild's environment is a block",
    { environment: [{ image: "a:1", environment_variable: [{ name: "A", value: planted }] }] },
    { environment: [{ image: "a:2", environment_variable: [{ name: "A", value: planted }] }] },
    "environment[0].image",
    { type: "aws_codebuild_project", hidden: [planted] },
  ),
  updated("a secure parameter", { type: "SecureString", value: planted }, { type: "SecureString", value: `${planted}2` }, "value", {
    type: "aws_ssm_parameter",
    hidden: [planted],
  }),
  updated("a plain parameter", { type: "String", value: "plain-1" }, { type: "String", value: "plain-2" }, "value", {
    type: "aws_ssm_parameter",
    shown: ["plain-1", "plain-2"],
  }),
  updated("a secret's string", { secret_string: json({ login: planted }) }, { secret_string: json({ login: "x" }) }, "secret_string", {
    type: "aws_secretsmanager_secret_version",
    hidden: [planted, "login"],
  }),
  updated("what only the provider knows to be secret", { key: planted, name: "n" }, { key: "changed!", name: "n" }, "key", {
    type: "aws_appsync_api_key",
    hidden: [planted, "changed!"],
  }),
  updated(
    "a header that says that it is secret",
    {
      auth: [
        {
          header: [
            { key: "x", value: planted, is_value_secret: true },
            { key: "y", value: "open-1", is_value_secret: false },
          ],
        },
      ],
    },
    {
      auth: [
        {
          header: [
            { key: "x", value: "changed!", is_value_secret: true },
            { key: "y", value: "open-2", is_value_secret: false },
          ],
        },
      ],
    },
    "auth[0].header[0].value auth[0].header[1].value",
    { type: "aws_cloudwatch_event_connection", hidden: [planted, "changed!"], shown: ["open-1", "open-2"] },
  ),
  updated("an alias of a key stays", { encryption_key: "alias/aws/s3" }, { encryption_key: "alias/tss-data" }, "encryption_key", {
    shown: ["alias/aws/s3", "alias/tss-data"],
  }),
  updated(
    "names of secrets and keys stay",
    {
      secret_arn: "arn:aws:secretsmanager:x:1:secret:TSS/mt5/demo-a",
      secret_name: "TSS/mt5/demo",
      kms_key_id: "k-1",
      source_hash: "n4bQgYhMfWWaL28IoEXhp0V1XyMUjy7W0uW9cXgZDRA=",
    },
    { secret_arn: "arn:aws:secretsmanager:x:1:secret:TSS/mt5/live-b", secret_name: "TSS/mt5/live", kms_key_id: "k-2", source_hash: "x" },
    "kms_key_id secret_arn secret_name source_hash",
    {
      shown: ["secret:TSS/mt5/demo-a", "secret:TSS/mt5/live-b", '"TSS/mt5/live"', '"k-2"', "n4bQgYhMfWWaL28IoEXhp0V1XyMUjy7W0uW9cXgZDRA="],
    },
  ),
  updated("a password", { password: planted }, { password: "changed!" }, "password", {
    type: "aws_db_instance",
    hidden: [planted, "changed!"],
  }),
  updated(
    "a script",
    { user_data: `echo a\nexport DB_PASSWORD=${planted}\n` },
    { user_data: `echo b\nexport DB_PASSWORD=${planted}\n` },
    "user_data",
    { hidden: [planted] },
  ),
  updated("a secret moves inside a script", { user_data: `password=${planted}` }, { user_data: `password=${planted}0` }, "user_data", {
    hidden: [planted],
  }),
  updated(
    "a script in base64",
    { user_data: Buffer.from(`echo a\nexport DB_PASSWORD=${planted}\n`).toString("base64") },
    { user_data: Buffer.from("echo b\n").toString("base64") },
    "user_data",
    { hidden: [planted, Buffer.from(`echo a\nexport DB_PASSWORD=${planted}\n`).toString("base64")] },
  ),
  updated(
    "a long script in base64",
    { user_data: Buffer.from(`${longScript}export DB_PASSWORD=${planted}\n`).toString("base64") },
    { user_data: Buffer.from("echo b\n").toString("base64") },
    "user_data",
    { hidden: [planted, Buffer.from(longScript).toString("base64").slice(0, 60)] },
  ),
  updated(
    "a key of a map that is a secret",
    { m: { [`AKIA${"ABCDEFGHIJ234567"}`]: 1 } },
    { m: {} },
    'm["(redacted: looks like a secret) 6450aa"]',
    { hidden: ["ABCDEFGHIJ234567"] },
  ),
  updated(
    "Helm's values in YAML",
    { values: [`a: 1\nauth:\n  rootPassword: ${planted}\nenv:\n  - name: X\n    value: ${planted}\n`] },
    { values: [`a: 2\nauth:\n  rootPassword: ${planted}\nenv:\n  - name: X\n    value: ${planted}\n`] },
    "values[0].a",
    { type: "helm_release", hidden: [planted] },
  ),
  updated(
    "Helm's values in JSON",
    { values: [json({ a: { replicas: 1 } })] },
    { values: [json({ a: { replicas: 2 } })] },
    "values[0].a.replicas",
    { type: "helm_release" },
  ),
  updated("a huge text", { a: "x".repeat(500_000) }, { a: `${"x".repeat(499_999)}y` }, "a"),
  updated("a huge list", { a: Array.from({ length: 5000 }, (_, index) => index) }, { a: [1] }, "a"),
  updated("binary", { a: "\u0000\u0001" }, { a: "\u0000\u0002" }, "a"),
  updated("letters of all scripts", { 説明: "価格 📈 ελληνικά" }, { 説明: "価格 📉 ελληνικά" }, '["説明"]'),
  updated("combining and composed letters are not the same", { a: "e\u0301" }, { a: "\u00e9" }, "a"),
  updated("names of prototypes", { constructor: "a", toString: "b" }, { constructor: "b", toString: "b" }, "constructor"),
  {
    name: "a key called __proto__",
    plan: JSON.parse(
      `{"format_version":"1.2","resource_changes":[{"address":"a_b.c","mode":"managed","type":"a_b","change":{"actions":["update"],"before":{"__proto__":{"x":1}},"after":{"__proto__":{"x":2}}}}]}`,
    ) as Case["plan"],
    told: ["update a_b.c: __proto__.x"],
  },
  updated("numbers beyond what JavaScript counts", { a: 1e300 }, { a: 1e301 }, "a"),
];
