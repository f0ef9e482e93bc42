/** What no rule understood is shown, and what some rule did is not. */
import { UNKNOWN } from "../../review/model";
import { risksOf } from "../../review/risk";
import { HARMLESS } from "../../review/risk/unjudged";
import { pathOf, typeOf } from "../../review/provider-names";
import { argumentsIn } from "../../review/plan/written";
import { change, nested, planOf, policy, resource, risks, rulesOf, type Given } from "./risk-builders";

const between = (type: string, before: object, after: object): Given => ({ type, before: before as never, after: after as never });

describe("what no rule understood", () => {
  it.each<readonly [string, Given, string, Given]>([
    [
      "data",
      between("aws_db_instance", { parameter_group_name: "a" }, { parameter_group_name: "b" }),
      "`parameter_group_name` (a → b)",
      between("aws_db_instance", { maintenance_window: "a" }, { maintenance_window: "b" }),
    ],
    [
      "identity",
      between("aws_iam_role", { max_session_duration: 3600 }, { max_session_duration: 43_200 }),
      "`max_session_duration` (3600 → 43200)",
      between("aws_iam_role", { description: "a" }, { description: "b" }),
    ],
    [
      "network",
      between("aws_lb_listener", { certificate_arn: "a" }, { certificate_arn: "b" }),
      "`certificate_arn` (a → b)",
      between("aws_lb_listener", { tags: { a: "1" } }, { tags: { a: "2" } }),
    ],
    [
      "network",
      { type: "aws_internet_gateway", before: { vpc_id: "vpc-1" } },
      "It is destroyed",
      { type: "aws_vpc_security_group_ingress_rule", before: { cidr_ipv4: "10.0.0.0/8" } },
    ],
    [
      "notification",
      between("aws_sns_topic", { delivery_policy: "a" }, { delivery_policy: "b" }),
      "`delivery_policy`",
      between("aws_cloudwatch_metric_alarm", { alarm_actions: ["a"], ok_actions: ["a"] }, { alarm_actions: ["a"], ok_actions: ["b"] }),
    ],
    [
      "identity",
      { type: "aws_glue_resource_policy", after: { policy: policy({ Effect: "Allow", Principal: "*", Action: "glue:*", Resource: "*" }) } },
      "a policy (`policy`)",
      { type: "aws_glue_resource_policy", after: { enable_hybrid: "TRUE" } },
    ],
    [
      "network",
      { type: "aws_route53_record", after: { records: ["203.0.113.9"] } },
      "an address (`records`, 203.0.113.9)",
      { type: "aws_route53_record", after: { records: ["10.0.0.9"], ttl: 300 } },
    ],
    // Of no project of ours.
    [
      "data",
      between("azurerm_storage_account", { sftp_enabled: false }, { sftp_enabled: true }),
      "`sftp_enabled` (false → true)",
      between("azurerm_linux_virtual_machine", { size: "a" }, { size: "b" }),
    ],
  ])("of %s is a notice that says so: %j", (subject, given, words, neighbour) => {
    const found = risks([given]);
    expect(rulesOf(found)).toEqual([`notice ${subject}/unjudged`]);
    expect(found[0]!.message).toContain(words);
    expect(found[0]!.message).toContain("nobody judged this");
    expect(rulesOf(risks([neighbour]))).toEqual([]);
  });

  it("is told once for all of a type", () => {
    const topics = ["a", "b", "c"].map((name) => ({
      ...between("aws_sns_topic", { delivery_policy: "a" }, { delivery_policy: "b" }),
      name,
    }));
    const [first, ...more] = risks(topics);
    expect(more).toEqual([]);
    expect(first!.message).toMatch(/The same of 2 more: `prod-data\/part\/b`, `prod-data\/part\/c`\.$/);
  });

  it("is told beside what a rule says of another attribute", () => {
    const both = between("aws_db_instance", { multi_az: true, parameter_group_name: "a" }, { multi_az: false, parameter_group_name: "b" });
    expect(rulesOf(risks([both]))).toEqual(["notice data/availability-lowered", "notice data/unjudged"]);
  });

  it("is not told of what goes with its owner, nor of what a provider only writes again", () => {
    const owner: Given = { type: "aws_iam_role", name: "role", construct: "prod-data/part/role", before: { name: "engine" } };
    const companion: Given = {
      type: "aws_iam_instance_profile",
      name: "profile",
      construct: "prod-data/part/profile",
      before: { role: "engine" },
    };
    expect(risks([owner, companion]).map(({ address }) => address)).toEqual(["aws_iam_role.role"]);
    const computed = planOf([change(between("aws_kms_alias", { target_key_id: "a" }, { target_key_id: UNKNOWN }))]);
    const written = (...names: string[]) =>
      argumentsIn(
        JSON.stringify({
          configuration: {
            root_module: {
              resources: [{ address: "aws_kms_alias.thing", expressions: Object.fromEntries(names.map((name) => [name, {}])) }],
            },
          },
        }),
      );
    expect(risksOf(computed, { protected: new Set(), written: written("name") })).toEqual([]);
    expect(rulesOf(risksOf(computed, { protected: new Set(), written: written("name", "target_key_id") }))).toEqual([
      "notice data/unjudged",
    ]);
  });
});

describe("what is looked at and harmless", () => {
  it.each(HARMLESS)("%s", (attribute) => {
    expect(
      risks([
        between(
          typeOf(attribute),
          { alarm_actions: ["x"], ...nested(pathOf(attribute), "a") },
          { alarm_actions: ["x"], ...nested(pathOf(attribute), "b") },
        ),
      ]),
    ).toEqual([]);
  });
});

describe("a policy that is made", () => {
  const secret = resource("aws_secretsmanager_secret", "login", { id: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:login" });
  const lets = (principal: string, secret_arn: string): Given => ({
    type: "aws_secretsmanager_secret_policy",
    after: {
      secret_arn,
      policy: policy({ Effect: "Allow", Principal: { AWS: principal }, Action: "secretsmanager:GetSecretValue", Resource: "*" }),
    },
  });
  const found = (given: Given) =>
    rulesOf(risksOf(planOf([change(given)], { before: [secret] }), { protected: new Set(), accounts: new Set(["111122223333"]) }));
  const OURS = "arn:aws:iam::111122223333:role/reader";

  it("is judged like an update where what it belongs to stood", () => {
    expect(found(lets(OURS, secret.values.id as string))).toEqual(["refusal identity/policy-widened"]);
    expect(found({ ...lets(OURS, "arn:another"), construct: "prod-data/other/policy" })).toEqual([]);
  });

  it("is refused where it lets another account in", () => {
    expect(found({ ...lets("arn:aws:iam::444455556666:root", "arn:another"), construct: "prod-data/other/policy" })).toEqual([
      "refusal identity/policy-widened",
    ]);
  });

  it("of a kind that no rule knows is told where it names another account", () => {
    expect(found({ type: "aws_ram_principal_association", after: { principal: "444455556666" } })).toEqual(["notice identity/unjudged"]);
    expect(found({ type: "aws_ram_principal_association", after: { principal: "111122223333" } })).toEqual([]);
  });
});
