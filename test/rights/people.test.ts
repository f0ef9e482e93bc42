/**
 * What people may and may not do in prod (SEC-048), proven: the account's roles with trust and policy as synthesised, on an emulator that enforces
 * IAM. Who comes with a second factor and who without is told it by emulator.py; what it has no call for is asked of its evaluation.
 */
import { setTimeout } from "node:timers/promises";
import { statementsOf } from "../../commands/pages/rights-table";
import { documentPrefix } from "../../constructs/identity/github-names";
import type { StacksByName } from "../../terraform/references";
import { environment } from "../environments/edits";
import { synthEnvironments } from "../helpers/synth";
import { get, publish, put, thingsOf, type Acts } from "./acts";
import { IamEmulator, Refused, type Call, type Credentials } from "./emulator";
import { makeWorld } from "./world";

const ANN = "arn:aws:iam::777788889999:user/ann";
const prod = environment("prod", {
  "accountWide.people": {
    operations: { users: { arns: [ANN] }, permissionSets: ["TradingOperations"] },
    readOnly: { users: { arns: [ANN] } },
  },
});
const { account, name: own, region } = prod;
const stacks = synthEnvironments({ environments: [prod], target: { kind: "aws" } }) as StacksByName;
const { backtest, events, name, raw, readOrder, readSecret, writeOrder } = thingsOf(prod, stacks);
const orders = name("events", "aws_sqs_queue", "orders_queue");
const log = name("trading", "aws_cloudwatch_log_group", "application-log");
const host = "axia-windows";

let emulator: IamEmulator;
let administrator: Call;
const as: Record<"operations" | "readOnly", Call> = {} as never;
const policies: Record<string, string> = {};
const machines: Record<"own" | "other", string> = { own: "", other: "" };
/** With a user's keys, and no more. */
let ann: Call;
const serial = `arn:aws:iam::${account}:mfa/ann`;
const withCode = { SerialNumber: serial, TokenCode: "123456" };

const arnOf = (kind: string) => `arn:aws:iam::${account}:role/${own}/tss-people-${kind}`;
const assume = async (call: Call, RoleArn: string, more: object = {}) =>
  emulator.as((await call("sts", "assume_role", { RoleArn, RoleSessionName: "ann", ...more })).Credentials as Credentials);
const refusalOf = async (act: Promise<unknown>) => {
  const error = await act.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Refused);
  return (error as Refused).detail;
};
/** A role of Identity Center's, as it is in an account where the set is assigned. */
const comeBy = async (set: string, path = `${region}/`) => {
  const RoleName = `AWSReservedSSO_${set}_0123456789abcdef`;
  const Path = `/aws-reserved/sso.amazonaws.com/${path}`;
  const trust = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "sts:AssumeRole" };
  await administrator("iam", "create_role", {
    RoleName,
    Path,
    AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
  });
  await mayTake("put_role_policy", { RoleName });
  return assume(administrator, `arn:aws:iam::${account}:role${Path}${RoleName}`);
};
const mayTake = (operation: string, whose: object) =>
  administrator("iam", operation, {
    ...whose,
    PolicyName: "takes",
    PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" }] }),
  });

beforeAll(async () => {
  emulator = await IamEmulator.start({ account, region });
  administrator = emulator.as();
  await makeWorld(administrator, prod, stacks);
  for (const [kind, value] of [
    ["own", host],
    ["other", `${host}-2`],
  ] as const) {
    const { Instances: made } = await administrator("ec2", "run_instances", {
      ImageId: "ami-12345678",
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Converge", Value: value }] }],
    });
    machines[kind] = (made as { InstanceId: string }[])[0]!.InstanceId;
  }
  await administrator("iam", "create_user", { UserName: "ann" });
  await mayTake("put_user_policy", { UserName: "ann" });
  const { AccessKey: key } = await administrator("iam", "create_access_key", { UserName: "ann" });
  ann = emulator.as(key as Credentials);
  await administrator("iam", "create_virtual_mfa_device", { VirtualMFADeviceName: "ann" });
  await administrator("iam", "enable_mfa_device", {
    UserName: "ann",
    SerialNumber: serial,
    AuthenticationCode1: "123456",
    AuthenticationCode2: "234567",
  });
  for (const [id, role] of Object.entries(stacks["prod-account"]!.resource!.aws_iam_role!).filter(([address]) =>
    address.startsWith("people-"),
  )) {
    const RoleName = String(role.name);
    // As Terraform writes it, which takes `$${` for the text `${`.
    policies[RoleName] = JSON.stringify({ Version: "2012-10-17", Statement: statementsOf(stacks, "prod-account", id) }).replaceAll(
      "$${",
      "${",
    );
    await administrator("iam", "create_role", { RoleName, Path: role.path, AssumeRolePolicyDocument: role.assume_role_policy });
    await administrator("iam", "put_role_policy", { RoleName, PolicyName: "grants", PolicyDocument: policies[RoleName] });
  }
  as.operations = await assume(ann, arnOf("operations"), withCode);
  as.readOnly = await assume(ann, arnOf("read-only"), withCode);
}, 300_000);

afterAll(() => emulator?.stop());

describe("a role for people", () => {
  it.each(["operations", "read-only"])("%s is not taken without a second factor", async (kind) => {
    expect(await refusalOf(assume(ann, arnOf(kind)))).toMatch(/is not authorized to perform: sts:AssumeRole/);
  });

  it("nor with the device of somebody else", async () => {
    await administrator("iam", "create_user", { UserName: "bob" });
    await administrator("iam", "create_virtual_mfa_device", { VirtualMFADeviceName: "bob" });
    const bob = `arn:aws:iam::${account}:mfa/bob`;
    await administrator("iam", "enable_mfa_device", {
      UserName: "bob",
      SerialNumber: bob,
      AuthenticationCode1: "123456",
      AuthenticationCode2: "234567",
    });
    expect(await refusalOf(assume(ann, arnOf("operations"), { ...withCode, SerialNumber: bob }))).toMatch(/not authorized/);
  });

  it("is taken with a session that began with one, as long as that is not too old", async () => {
    const { Credentials: session } = await ann("sts", "get_session_token", withCode);
    const later = emulator.as(session as Credentials);
    await assume(later, arnOf("operations"));
    const trust = String(
      Object.values(stacks["prod-account"]!.resource!.aws_iam_role!).find(({ name: of }) => of === "tss-people-operations")!
        .assume_role_policy,
    );
    expect(trust).toContain('"aws:MultiFactorAuthAge":"3600"');
    await administrator("iam", "create_role", {
      RoleName: "impatient",
      AssumeRolePolicyDocument: trust.replace('"aws:MultiFactorAuthAge":"3600"', '"aws:MultiFactorAuthAge":"0"'),
    });
    await setTimeout(1100);
    expect(await refusalOf(assume(later, `arn:aws:iam::${account}:role/impatient`))).toMatch(/not authorized/);
  });

  it("is taken by who holds the permission set, wherever Identity Center stands, and by the holder of no other one", async () => {
    await assume(await comeBy("TradingOperations"), arnOf("operations"));
    for (const set of ["TradingOperations_Audit", "Trading", "MyTradingOperations"])
      expect(await refusalOf(assume(await comeBy(set), arnOf("operations")))).toMatch(/not authorized/);
  });

  it("is taken where Identity Center stands in us-east-1, whose path has no region", async () => {
    await administrator("iam", "delete_role_policy", {
      RoleName: "AWSReservedSSO_TradingOperations_0123456789abcdef",
      PolicyName: "takes",
    });
    await administrator("iam", "delete_role", { RoleName: "AWSReservedSSO_TradingOperations_0123456789abcdef" });
    await assume(await comeBy("TradingOperations", ""), arnOf("operations"));
  });

  it("asks whoever comes by Identity Center for the set that it names: the other one names none", async () => {
    expect(await refusalOf(assume(await comeBy("TradingReadOnly"), arnOf("read-only")))).toMatch(/not authorized/);
  });
});

const url = async () => String((await administrator("sqs", "get_queue_url", { QueueName: orders })).QueueUrl);
const LOOKS: Acts = {
  "see the machines": (call) => call("ec2", "describe_instances", {}),
  "see which metrics there are": (call) => call("cloudwatch", "list_metrics", {}),
  "read a log": (call) => call("logs", "filter_log_events", { logGroupName: log }),
  "see how many orders wait": async (call) => call("sqs", "get_queue_attributes", { QueueUrl: await url(), AttributeNames: ["All"] }),
  "see when a secret was changed": (call) =>
    call("secretsmanager", "describe_secret", { SecretId: name("data", "aws_secretsmanager_secret", "mt5") }),
};
const CANNOT: Acts = {
  "read the account at the broker": readSecret,
  "read an order": readOrder,
  "write an order": writeOrder,
  "read raw data": get(raw),
  "write a report": put(backtest),
  "publish an event": publish(events),
  "take an order": async (call) => call("sqs", "receive_message", { QueueUrl: await url() }),
  "make a user": (call) => call("iam", "create_user", { UserName: `u${Math.random()}` }),
  "stop another machine": (call) => call("ec2", "stop_instances", { InstanceIds: [machines.other] }),
  "open a security group": (call) => call("ec2", "create_security_group", { GroupName: `g${Math.random()}`, Description: "d" }),
};

describe.each(["operations", "readOnly"] as const)("%s", (who) => {
  it.each(Object.entries(LOOKS))("can %s", async (_, act) => {
    await act(as[who]);
  });

  it.each(Object.entries(CANNOT))("may not %s", async (_, act) => {
    expect(await refusalOf(act(as[who]))).toMatch(/is not authorized to perform: \S+ .*no identity-based policy allows/);
    // So that it was refused for nothing but the want of a right.
    await act(administrator);
  });
});

it("who operates stops and starts the environment's hosts; who looks does not", async () => {
  const stop: Acts[string] = (call) => call("ec2", "stop_instances", { InstanceIds: [machines.own] });
  expect(await refusalOf(stop(as.readOnly))).toMatch(/not authorized/);
  await stop(as.operations);
  await as.operations("ec2", "start_instances", { InstanceIds: [machines.own] });
});

const document = (of: string) => `arn:aws:ssm:${region}:${account}:document/${of}`;
const prefix = documentPrefix(own);
const SIMULATED: readonly (readonly [action: string, resource: string, who: "nobody" | "operations" | "both"])[] = [
  ["cloudwatch:DescribeAlarms", `arn:aws:cloudwatch:${region}:${account}:alarm:Heartbeat-Missing`, "both"],
  ["cloudwatch:SetAlarmState", `arn:aws:cloudwatch:${region}:${account}:alarm:Heartbeat-Missing`, "nobody"],
  ["eks:DescribeCluster", `arn:aws:eks:${region}:${account}:cluster/day-trade-production`, "both"],
  ["ssm:StartAutomationExecution", `arn:aws:ssm:${region}:${account}:automation-definition/${prefix}host-recovery:$DEFAULT`, "operations"],
  ["ssm:StartAutomationExecution", `arn:aws:ssm:${region}:${account}:automation-definition/tss-prod2.host-recovery:$DEFAULT`, "nobody"],
  ["ssm:StartAutomationExecution", `arn:aws:ssm:${region}::automation-definition/AWS-DeleteSnapshot:$DEFAULT`, "nobody"],
  ["ssm:SendAutomationSignal", `arn:aws:ssm:${region}:${account}:automation-execution/0`, "operations"],
  ["ssm:SendCommand", document(`${prefix}daily-report-windows`), "operations"],
  ["ssm:SendCommand", document(`${prefix}kill-switch-stop`), "operations"],
  // A host starts again by kill-switch-off, which somebody approves, and is set up by its association.
  ["ssm:SendCommand", document(`${prefix}kill-switch-ready`), "nobody"],
  ["ssm:SendCommand", document(`${prefix}windows`), "nobody"],
  ["ssm:SendCommand", `arn:aws:ssm:${region}::document/AWS-RunPowerShellScript`, "nobody"],
  // No tag is told to this evaluation: a machine of which nothing is known.
  ["ssm:SendCommand", `arn:aws:ec2:${region}:${account}:instance/i-0123456789abcdef0`, "nobody"],
  // Somebody else's: no tag is told to this evaluation.
  ["ssm:TerminateSession", `arn:aws:ssm:${region}:${account}:session/bob-0123456789abcdef0`, "nobody"],
  ["logs:FilterLogEvents", `arn:aws:logs:us-east-1:${account}:log-group:aws-waf-logs-kabu-trade:*`, "both"],
  ["logs:FilterLogEvents", `arn:aws:logs:eu-west-1:${account}:log-group:other:*`, "nobody"],
  ["guardduty:GetDetector", `arn:aws:guardduty:us-east-1:${account}:detector/0`, "both"],
  ["guardduty:UpdateDetector", `arn:aws:guardduty:us-east-1:${account}:detector/0`, "nobody"],
  ["ssm:StartSession", document("SSM-SessionManagerRunShell"), "operations"],
  ["ssm:StartSession", `arn:aws:ssm:${region}::document/AWS-StartPortForwardingSession`, "operations"],
  ["ssm:StartSession", `arn:aws:ssm:${region}::document/AWS-StartPortForwardingSessionToRemoteHost`, "nobody"],
  ["ssm:StartSession", `arn:aws:ec2:${region}:${account}:instance/i-0123456789abcdef0`, "nobody"],
  ["iam:PassRole", `arn:aws:iam::${account}:role/${own}/EC2InstanceRole`, "nobody"],
  ["kms:Decrypt", `arn:aws:kms:${region}:${account}:key/0`, "nobody"],
  ["s3:ListBucket", `arn:aws:s3:::${raw}`, "nobody"],
  ["sts:AssumeRole", `arn:aws:iam::${account}:role/${own}/EC2InstanceRole`, "nobody"],
];

it.each(SIMULATED)("%s on %s: %s", async (action, resource, who) => {
  const decide = async (role: string) => {
    const { EvaluationResults: results } = await administrator("iam", "simulate_custom_policy", {
      PolicyInputList: [policies[role]],
      ActionNames: [action],
      ResourceArns: [resource],
    });
    return (results as { EvalDecision: string }[])[0]!.EvalDecision;
  };
  expect([await decide("tss-people-operations"), await decide("tss-people-read-only")]).toEqual([
    who === "nobody" ? "implicitDeny" : "allowed",
    who === "both" ? "allowed" : "implicitDeny",
  ]);
});
