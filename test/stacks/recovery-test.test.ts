/** The test of recovery as it is deployed: what its roles may, what keeps its host from trading, when it runs and whom it tells (OPS-028 … OPS-031). */
import { edited, GONE, type Edits } from "../environments/edits";
import { parseEnvironment } from "../../environments/reading/parse";
import { onlyResource, plain, policyOf, resourcesOf, synthEnvironments, type Block, type StackJson } from "../helpers/synth";

const synth = (edits: Edits = {}) =>
  synthEnvironments({ environments: [parseEnvironment(edited("prod", edits), "environments/prod.ts")], target: { kind: "aws" } });
const prod = synth();
const { "prod-data": data, "prod-operations": operations, "prod-trading": trading } = prod as Record<string, StackJson>;

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
/** Of the role whose construct has a name in its address. */
function rightsOf(json: StackJson, address: string): readonly Statement[] {
  const policies = resourcesOf(json, "aws_iam_role_policy").filter(({ role }) => String(role).includes(address));
  expect(policies).toHaveLength(1);
  return policyOf(policies[0]!, "policy").Statement as unknown as Statement[];
}
const actions = (statements: readonly Statement[]) => statements.flatMap(({ Action: action }) => action);
/** What changes something, by the verb of the action. */
const changes = (statements: readonly Statement[]) =>
  statements.filter((one) => actions([one]).some((action) => !/:(Batch)?(Get|List|Describe|Scan|Query|Receive|Decrypt)/.test(action)));

it("is not there where the literal has none", () => {
  const blocks = Object.values(synth({ "backup.recoveryTest": GONE })).flatMap(({ resource = {} }) =>
    Object.values(resource).flatMap((of) => Object.keys(of)),
  );
  expect(blocks.filter((name) => /recovery/.test(name)).every((name) => /^(host-recovery|recovery-test-(keys|functions))/.test(name))).toBe(
    true,
  );
});

it("changes nothing but what has a name, a tag or a prefix of its own", () => {
  const own =
    /recovery-test|recovery_role|\$\{.*recovery-tests|launch_template|:(image|network-interface|security-group|subnet)\/\*$|alias|kms_key/;
  for (const statement of changes(rightsOf(operations!, "recovery-test_role"))) {
    const tagged = JSON.stringify(statement.Condition ?? {}).match(
      /RecoveryTest|CreateAction|resourceTag\/Environment|GrantIsForAWSResource/,
    );
    // What the restore reads: the table itself is named beside its copies.
    const restores = actions([statement]).includes("dynamodb:RestoreTableToPointInTime");
    const sends = actions([statement]).includes("ssm:SendCommand");
    const resources = [statement.Resource].flat().map(String);
    expect([actions([statement]), tagged !== null || restores || sends || resources.every((one) => own.test(one))]).toEqual([
      actions([statement]),
      true,
    ]);
  }
  const all = actions(rightsOf(operations!, "recovery-test_role"));
  for (const never of ["ec2:StopInstances", "ec2:RebootInstances", "dynamodb:UpdateTable", "sqs:PurgeQueue"])
    expect(all).not.toContain(never);
});

it("terminates machines of recovery tests only", () => {
  const [terminate, ...more] = rightsOf(operations!, "recovery-test_role").filter((one) =>
    actions([one]).includes("ec2:TerminateInstances"),
  );
  expect([terminate!.Condition, more]).toEqual([
    { StringEquals: { "aws:ResourceTag/Environment": "prod" }, StringLike: { "aws:ResourceTag/RecoveryTest": "*" } },
    [],
  ]);
});

describe("the host that it makes", () => {
  const template = onlyResource(trading!, "aws_launch_template");
  const rights = rightsOf(trading!, "recovery_role");

  it("finds its stop file before anything is installed", () => {
    const text = Buffer.from(String(template.user_data), "base64").toString();
    const stop = text.indexOf(String.raw`tss\stop`);
    expect(stop).toBeGreaterThan(0);
    expect(stop).toBeLessThan(text.indexOf("param("));
    expect(text).toMatch(/^<powershell>\n/);
  });

  it("reads no secret, takes no order, writes no item, metric or log", () => {
    for (const never of [
      /^secretsmanager:/,
      /^sqs:(Receive|Send|Delete)/,
      /^dynamodb:(Put|Update|Delete)/,
      /^s3:Put/,
      /^cloudwatch:/,
      /^logs:/,
    ])
      expect(actions(rights).filter((action) => never.test(action))).toEqual([]);
    expect(actions(rights)).toEqual(expect.arrayContaining(["dynamodb:GetItem", "sqs:GetQueueAttributes", "s3:ListBucket"]));
  });

  it("has no tag by which State Manager, the kill switch or backups find a host", () => {
    expect(template.tag_specifications).toBeUndefined();
    const run = JSON.stringify(resourcesOf(operations!, "aws_ssm_document").find(({ name }) => String(name).endsWith(".recovery-test")));
    expect(run).not.toContain(String.raw`\"Key\":\"Converge\"`);
  });
});

it("keeps the copies of a run that was stopped for a week, and what was deleted of them for another", () => {
  const of = (type: string) =>
    resourcesOf(data!, type).find(({ bucket }) => String(bucket).includes("recovery-tests_bucket")) as Block & { rule: readonly object[] };
  expect(of("aws_s3_bucket_lifecycle_configuration").rule).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ filter: [{ prefix: "copies/" }], expiration: [{ days: 7 }] }),
      expect.objectContaining({ noncurrent_version_expiration: [{ noncurrent_days: 7 }] }),
    ]),
  );
});

describe("the calendar", () => {
  const schedule = (json: StackJson) =>
    plain(resourcesOf(json, "aws_scheduler_schedule").find(({ name }) => name === "run")!) as unknown as {
      readonly schedule_expression: string;
      readonly target: { readonly arn: string; readonly input: string };
    };

  it("starts it on the first Sunday of a quarter, by value", () => {
    expect(schedule(operations!)).toMatchObject({
      schedule_expression: "cron(0 8 ? 1,4,7,10 1#1 *)",
      target: { arn: "arn:aws:scheduler:::aws-sdk:ssm:startAutomationExecution" },
    });
    const monthly = synth({ "backup.recoveryTest.frequency": "monthly", "backup.recoveryTest.hour": 5 })["prod-operations"]!;
    expect(schedule(monthly).schedule_expression).toBe("cron(0 5 ? * 1#1 *)");
  });

  it("may start this one and hand over its role, and nothing else", () => {
    expect(rightsOf(operations!, "recovery-test-schedule_role").map(({ Action: action }) => action)).toEqual([
      "ssm:StartAutomationExecution",
      "iam:PassRole",
    ]);
  });

  it("tells of every run that did not end well", () => {
    const rule = resourcesOf(operations!, "aws_cloudwatch_event_rule").find(({ name }) => name === "tss-recovery-test-failed")!;
    expect(JSON.parse(String(rule.event_pattern))).toMatchObject({
      source: ["aws.ssm"],
      detail: { Status: ["Failed", "TimedOut", "Cancelled"] },
    });
  });
});
