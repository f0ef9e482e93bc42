import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding, Severity } from "../../review/model";
import { readPlan } from "../../review/plan/read";
import { checkovFindings, severityIn, type PolicyInput } from "../../review/policy";
import { CheckovError, readReport, runCheckov } from "../../review/policy/checkov";
import { ownPolicyFindings, ownRules } from "../../review/policy/own";
import { pathOf, typeOf } from "../../review/provider-names";
import { SAFEGUARDS } from "../../review/risk/safeguards";
import { SECRETS_IN_STATE } from "../../review/secrets-in-state";
import { scanCopy } from "../../review/policy/scan-copy";
import { surroundingsOf } from "../../review/policy/subjects";
import { comparedInput } from "./compared";
import { cases, type Resources } from "./policy-cases";
import type { StackJson } from "../../terraform/assembly";
import { nested } from "./risk-builders";

const provider = {
  aws: [{ region: "ap-northeast-1", default_tags: [{ tags: { Project: "p", Environment: "prod", ManagedBy: "cdktf" } }] }],
};
const inputOf = (resource: Resources, rest: Partial<StackJson> = { provider }): PolicyInput =>
  comparedInput("prod-data", JSON.parse(JSON.stringify({ resource, ...rest })) as StackJson);
const findingsOf = ({ plan, raw, synthesised }: PolicyInput, severity: Severity = "refusal"): Finding[] =>
  ownPolicyFindings(plan.stack, surroundingsOf(plan, raw, synthesised), severity);
const found = (resource: Resources): string[] => findingsOf(inputOf(resource)).map(({ rule, address }) => `${rule} ${address}`);

describe.each(cases)("$rule, $what", ({ rule, bad, good, address }) => {
  it("is found", () => {
    expect(found(bad)).toContain(`${rule} ${address}`);
  });
  it("is not found in its neighbour", () => {
    expect(found(good)).not.toContain(`${rule} ${address}`);
  });
});

describe("own rules", () => {
  it("have a case each", () => {
    expect([...new Set(ownRules.map(({ rule }) => rule))].filter((rule) => rule !== "policy/tags-incomplete").sort()).toEqual(
      [...new Set(cases.map(({ rule }) => rule))].sort(),
    );
  });

  it("never show a value", () => {
    for (const { bad } of cases) for (const { message } of findingsOf(inputOf(bad))) expect(message).not.toMatch(/Hunter2|planted/);
  });

  it("are sentences with a construct, a class and a severity", () => {
    const [finding] = findingsOf(inputOf({ aws_instance: { a: { "//": { metadata: { path: "prod-data/machine/instance" } } } } }));
    expect(finding).toEqual({
      rule: "policy/no-termination-protection",
      severity: "refusal",
      riskClass: "data",
      stack: "prod-data",
      construct: "prod-data/machine/instance",
      address: "aws_instance.a",
      message: "Its protection against deletion is off (disable_api_termination): one wrong call takes it away.",
    });
  });

  it("refuse outside development only", () => {
    expect((["production", "staging", "development", undefined] as const).map(severityIn)).toEqual([
      "refusal",
      "refusal",
      "notice",
      "notice",
    ]);
  });

  it("refuse a secret in development too", () => {
    const severities = new Map(
      cases.flatMap(({ bad }) => findingsOf(inputOf(bad), "notice").map(({ rule, severity }) => [rule, severity] as const)),
    );
    expect(
      [...severities]
        .filter(([, severity]) => severity === "refusal")
        .map(([rule]) => rule)
        .sort(),
    ).toEqual([
      "policy/plain-secret-in-environment",
      "policy/plain-secret-in-user-data",
      "policy/secret-in-code",
      "policy/secret-in-state",
    ]);
  });
});

/** What a change away from is a risk is what an environment may not stand without: both read the same tables. */
describe("a safeguard that risks and policy share:", () => {
  const safeguards = SAFEGUARDS.filter(({ demanded }) => demanded).flatMap(({ attributes, safe }) =>
    attributes.map((attribute) => ({ attribute, safe })),
  );
  const VALUES = [true, false, "ACTIVE", "INACTIVE", 0, 30];
  const broken = (type: string, block: object) =>
    found({ [type]: { a: block as Resources[string][string] } }).filter((text) =>
      /no-termination-protection|destroyed-without-trace/.test(text),
    );
  /** All other safeguards of the type are as they should be. */
  const safely = (type: string) =>
    Object.fromEntries(
      safeguards.filter(({ attribute }) => typeOf(attribute) === type).map(({ attribute, safe }) => [pathOf(attribute), VALUES.find(safe)]),
    );

  it.each(safeguards.map(({ attribute, safe }) => [attribute, safe] as const))("%s", (attribute, safe) => {
    const type = typeOf(attribute);
    expect(broken(type, safely(type))).toEqual([]);
    expect(broken(type, { ...safely(type), [pathOf(attribute)]: VALUES.find((value) => !safe(value)) })).toHaveLength(1);
    expect(broken(type, { ...safely(type), [pathOf(attribute)]: "${var.known_later}" })).toEqual([]);
  });

  it.each(SECRETS_IN_STATE.flatMap(({ attributes }) => attributes))("%s", (attribute) => {
    const secrets = (value: unknown) =>
      found({ [typeOf(attribute)]: { a: nested(pathOf(attribute), value) } }).filter((text) => text.startsWith("policy/secret-in-state"));
    expect(secrets({ a: "Hunter2-planted" })).toHaveLength(1);
    expect(secrets({})).toEqual([]);
  });
});

describe("policy/tags-incomplete", () => {
  const topic = (block: object): Resources => ({ aws_sns_topic: { a: { name: "a", ...block } } });
  const tagFindings = (input: PolicyInput): string[] =>
    findingsOf(input)
      .filter(({ rule }) => rule === "policy/tags-incomplete")
      .map(({ message }) => message);

  it("counts the provider's default tags, of all providers that have any", () => {
    expect(tagFindings(inputOf(topic({})))).toEqual([]);
    expect(
      tagFindings(
        inputOf(topic({}), { provider: { aws: [...provider.aws, { alias: "osaka", default_tags: [{ tags: { Project: "p" } }] }] } }),
      ),
    ).toEqual(["Tags are missing: Environment, ManagedBy."]);
    expect(tagFindings(inputOf(topic({ tags: { ManagedBy: "hand" } }), {}))).toEqual(["Tags are missing: Environment, Project."]);
  });

  it("believes what the provider says of a resource", () => {
    const raw = planOf("aws_sns_topic", { name: "a", tags_all: { Project: "p", Environment: "prod", ManagedBy: "" } });
    expect(tagFindings(inputOfRaw(raw))).toEqual(["Tags are missing: ManagedBy."]);
    expect(tagFindings(inputOfRaw(planOf("aws_sns_topic", { name: "a" }, { tags_all: true })))).toEqual([]);
    expect(tagFindings(inputOfRaw(planOf("aws_sns_topic_policy", { arn: "a" })))).toEqual([]);
  });
});

/** A plan of the provider for one new resource. */
function planOf(type: string, after: object, unknown: object = {}, expressions: object = {}): string {
  const resource = { address: `${type}.a`, mode: "managed", type, name: "a", provider_name: "registry.terraform.io/hashicorp/aws" };
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    planned_values: { root_module: { resources: [{ ...resource, values: after, sensitive_values: {} }] } },
    resource_changes: [
      {
        ...resource,
        change: { actions: ["create"], before: null, after, after_unknown: unknown, before_sensitive: false, after_sensitive: {} },
      },
    ],
    configuration: { root_module: { resources: [{ ...resource, expressions }] } },
  });
}
const inputOfRaw = (raw: string, synthesised?: StackJson): PolicyInput => ({
  raw,
  synthesised,
  plan: readPlan(raw, { stack: "prod-data" }),
});

describe("what a plan does not know yet", () => {
  it("is what the code says", () => {
    const raw = planOf(
      "aws_ecs_task_definition",
      { family: "f" },
      { container_definitions: true },
      { container_definitions: { references: ["aws_sns_topic.a.arn", "aws_sns_topic.a"] } },
    );
    const code = (name: string) => ({
      resource: {
        aws_ecs_task_definition: {
          a: {
            family: "f",
            container_definitions: JSON.stringify([
              {
                environment: [
                  { name, value: "x1y2" },
                  { name: "TOPIC", value: "${aws_sns_topic.a.arn}" },
                ],
              },
            ]),
          },
        },
      },
    });
    expect(findingsOf(inputOfRaw(raw, code("DB_PASSWORD"))).map(({ rule }) => rule)).toContain("policy/plain-secret-in-environment");
    expect(findingsOf(inputOfRaw(raw, code("STAGE"))).filter(({ rule }) => rule.includes("secret"))).toEqual([]);
    expect(findingsOf(inputOfRaw(raw)).filter(({ rule }) => rule.includes("secret"))).toEqual([]);
  });

  it("is not set where nobody asked for it", () => {
    const input = (expressions: object) =>
      findingsOf(inputOfRaw(planOf("aws_instance", {}, { disable_api_termination: true, tags_all: true }, expressions))).map(
        ({ rule }) => rule,
      );
    expect(input({ ami: { constant_value: "ami-1" } })).toEqual(["policy/no-termination-protection"]);
    expect(input({ disable_api_termination: { references: ["var.protect"] } })).toEqual([]);
  });
});

describe("a value that Terraform calls sensitive", () => {
  const rulesOf = (type: string, values: object, mask: object) =>
    findingsOf(
      inputOfRaw(
        planOf(type, values)
          .replaceAll('_sensitive":{}', `_sensitive":${JSON.stringify(mask)}`)
          .replaceAll('"sensitive_values":{}', `"sensitive_values":${JSON.stringify(mask)}`),
      ),
    ).map(({ rule }) => rule);
  it.each([
    ["a cache's token", "aws_elasticache_replication_group", "auth_token", "Hunter2", ""],
    ["a secret of Kubernetes", "kubernetes_secret_v1", "data", { a: "Hunter2" }, {}],
    ["a user's passwords", "aws_elasticache_user", "passwords", ["Hunter2"], []],
  ])("is in the state where it is set, and not where it is empty: %s", (_, type, argument, set, empty) => {
    expect(rulesOf(type, { [argument]: set }, { [argument]: true })).toContain("policy/secret-in-state");
    expect(rulesOf(type, { [argument]: empty }, { [argument]: true })).not.toContain("policy/secret-in-state");
  });
});

describe("what checkov gets to see", () => {
  const copyOf = (...args: Parameters<typeof scanCopy>) =>
    JSON.parse(scanCopy(...args).text) as {
      planned_values: { root_module: { resources: { values: object }[] } };
      resource_changes: { change: object }[];
    };
  const valuesOf = (...args: Parameters<typeof scanCopy>) => copyOf(...args).planned_values.root_module.resources[0]!.values;

  it("holds no nulls, at any depth", () => {
    expect(
      valuesOf(planOf("aws_security_group", { ingress: [{ prefix_list_ids: null, cidr_blocks: ["0.0.0.0/0", null] }], name: null })),
    ).toEqual({ ingress: [{ cidr_blocks: ["0.0.0.0/0"] }] });
  });

  it("holds no sensitive values", () => {
    const raw = planOf("aws_db_instance", { password: "Hunter2", flag: true, nested: [{ key: "Hunter2" }] }).replaceAll(
      '"sensitive_values":{}',
      '"sensitive_values":{"password":true,"flag":true,"nested":[{"key":true}]}',
    );
    expect(valuesOf(raw)).toEqual({ password: "(sensitive)", flag: true, nested: [{ key: "(sensitive)" }] });
    expect(scanCopy(raw).text).not.toContain("Hunter2");
  });

  it("has the code's text for what is unknown, and nothing for what nobody asked for", () => {
    const raw = planOf("aws_sqs_queue_policy", { id: undefined }, { policy: true, id: true, block: [{ asked: true, computed: true }] });
    const copy = copyOf(raw, {
      resource: { aws_sqs_queue_policy: { a: { policy: '{"Statement":"${aws_sqs_queue.a.arn}"}', block: { asked: "${aws_x.y.z}" } } } },
    });
    expect(copy.planned_values.root_module.resources[0]!.values).toEqual({ policy: '{"Statement":"${aws_sqs_queue.a.arn}"}' });
    expect(copy.resource_changes[0]!.change).toEqual({
      actions: ["create"],
      before: null,
      after: null,
      after_unknown: { policy: true, block: [{ asked: true }] },
    });
  });

  it("has no empty text under a mask: nothing is set there", () => {
    const raw = planOf("aws_elasticache_replication_group", { auth_token: "", transit_encryption_enabled: true }).replaceAll(
      '"sensitive_values":{}',
      '"sensitive_values":{"auth_token":true}',
    );
    expect(valuesOf(raw)).toEqual({ transit_encryption_enabled: true });
  });

  it("leaves out of our own code what only a state has", () => {
    const raw = planOf("aws_thing", {
      name: "a",
      filled: "rds-ca-default",
      tags: { Name: "a" },
      one: [{ said: 1, filled: 2 }],
      empty: [{}],
      off: false,
      many: [
        { name: "second", filled: 1 },
        { name: "first", special: true },
      ],
      list: ["x", "y"],
      made: [{ all: 1 }],
    });
    const code = {
      name: "a",
      tags: { Name: "a" },
      one: { said: 1 },
      empty: {},
      off: false,
      many: [{ name: "first", special: true }, { name: "second" }],
      list: "${data.x.y.ids}",
      made: "${local.made}",
    };
    expect(valuesOf(raw, { resource: { aws_thing: { a: code } } })).toEqual({
      name: "a",
      tags: { Name: "a" },
      one: [{ said: 1 }],
      empty: [{}],
      off: false,
      many: [{ name: "second" }, { name: "first", special: true }],
      list: ["x", "y"],
      made: [{ all: 1 }],
    });
    expect(valuesOf(raw)).toMatchObject({ filled: "rds-ca-default", one: [{ said: 1, filled: 2 }] });
  });

  it("leaves data sources and what was before out", () => {
    const raw = JSON.parse(planOf("aws_sns_topic", { name: "a" })) as { planned_values: { root_module: { resources: object[] } } };
    raw.planned_values.root_module.resources.push({
      address: "data.aws_x.b",
      mode: "data",
      type: "aws_x",
      name: "b",
      values: { secret: "Hunter2" },
    });
    const copy = scanCopy(JSON.stringify({ ...raw, prior_state: { values: "Hunter2" }, variables: { p: { value: "Hunter2" } } }));
    expect(copy.addresses).toEqual(["aws_sns_topic.a"]);
    expect(copy.text).not.toContain("Hunter2");
  });
});

describe("checkov's report", () => {
  const copies = [scanCopy(planOf("aws_sns_topic", { name: "a" })), scanCopy(planOf("aws_cloudwatch_log_group", { name: "a" }))];
  const recorded = readFileSync(join(__dirname, "checkov-report.json"), "utf8");
  const plans = [
    readPlan(planOf("aws_sns_topic", { name: "a" }), {
      stack: "prod-events",
      constructs: new Map([["aws_sns_topic.a", "prod-events/alerts/topic"]]),
    }),
    readPlan(planOf("aws_cloudwatch_log_group", { name: "a" }), { stack: "prod-data" }),
  ];

  it("becomes findings with construct, class and a sentence", () => {
    const findings = checkovFindings(readReport(recorded, copies), plans, "refusal");
    expect(findings.map(({ rule, stack }) => `${stack} ${rule}`)).toEqual([
      "prod-events checkov/CKV_AWS_26",
      "prod-data checkov/CKV_AWS_158",
      "prod-data checkov/CKV_AWS_338",
      "prod-data checkov/CKV_AWS_66",
    ]);
    expect(findings[0]).toEqual({
      rule: "checkov/CKV_AWS_26",
      severity: "refusal",
      riskClass: "notification",
      stack: "prod-events",
      construct: "prod-events/alerts/topic",
      address: "aws_sns_topic.a",
      message: "checkov: Ensure all data stored in the SNS topic is encrypted.",
    });
  });

  it("tells a check once, and its guideline where there is one", () => {
    const report = JSON.parse(recorded) as { results: { failed_checks: { check_id: string; guideline: string | null }[] } };
    const check = report.results.failed_checks.find(({ check_id }) => check_id === "CKV_AWS_26");
    report.results.failed_checks = [
      { ...check!, guideline: "https://example.com/guide" },
      { ...check!, guideline: "https://example.com/guide" },
    ];
    expect(checkovFindings(readReport(JSON.stringify(report), copies), plans, "notice").map(({ message }) => message)).toEqual([
      "checkov: Ensure all data stored in the SNS topic is encrypted. https://example.com/guide",
    ]);
  });

  it.each([
    ["no JSON", "Traceback", "checkov gave no report."],
    ["another format", JSON.stringify({ passed: 0, failed: 0 }), "checkov gave a report of another format."],
    [
      "files that it could not read",
      recorded.replace('"parsing_errors": 0', '"parsing_errors": 1'),
      "checkov could not read 1 of 2 plans.",
    ],
    ["resources that it passed over", recorded.replace('"resource_count": 2', '"resource_count": 1'), "checkov read 1 of 2 resources."],
    ["a file of somebody else's", recorded.replaceAll('"/1.json"', '"/7.json"'), "checkov speaks of a file that it was not given."],
  ])("is refused with %s", (_, output, message) => {
    expect(() => readReport(output, copies)).toThrow(new CheckovError(message));
  });

  it("is not asked for where there is nothing to read, and its failure is told", async () => {
    await expect(runCheckov([], "/nowhere/python")).resolves.toEqual([]);
    await expect(runCheckov(copies, "/nowhere/python")).rejects.toThrow(/^checkov could not be started: /);
    await expect(runCheckov(copies, process.execPath)).rejects.toThrow(/^checkov failed \(exit code \d+\): /);
  });
});

it("takes an unknown value for neither set nor missing", () => {
  expect(found({ aws_cloudwatch_log_group: { a: { retention_in_days: "${var.days}" } } })).toEqual([]);
});
