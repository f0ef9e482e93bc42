/** Roles that people take (SEC-048). */
import { grantLook, grantOperate } from "../../constructs/account/people-rights";
import { PeopleRole, type PeopleRoleProps } from "../../constructs/account/people-role";
import { onlyResource, policyOf, synthConstructs } from "../helpers/synth";

const account = "111122223333";
const own = { account, region: "ap-northeast-1", regions: ["ap-northeast-1", "us-east-1"], environment: "demo" };
const roleOf = (props: Partial<PeopleRoleProps>, grant: (role: PeopleRole["role"]) => void = () => {}) =>
  synthConstructs((stack) => {
    grant(new PeopleRole(stack, "people", { name: "tss-people", description: "Looks", account, sessionHours: 1, ...props }).role);
  });
const trustOf = (props: Partial<PeopleRoleProps>) => {
  const role = onlyResource(roleOf(props), "aws_iam_role");
  return (JSON.parse(String(role.assume_role_policy)) as { Statement: readonly unknown[] }).Statement;
};
const users = { arns: ["arn:aws:iam::111122223333:user/desk/bob", "arn:aws:iam::111122223333:user/ann"], mfaMinutes: 90 };

it("users show a second factor that is not older than said", () =>
  expect(trustOf({ users })).toEqual([
    {
      Sid: "UsersWithSecondFactor",
      Effect: "Allow",
      Principal: { AWS: ["arn:aws:iam::111122223333:user/ann", "arn:aws:iam::111122223333:user/desk/bob"] },
      Action: "sts:AssumeRole",
      Condition: {
        Bool: { "aws:MultiFactorAuthPresent": "true" },
        NumericLessThanEquals: { "aws:MultiFactorAuthAge": "5400" },
      },
    },
  ]));

it("people of Identity Center are known by their permission set, of which AWS writes the end and perhaps a region", () => {
  const of = (end: string) => `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/${end}_????????????????`;
  expect(trustOf({ permissionSets: ["Desk", "Look"] })).toEqual([
    {
      Sid: "PeopleOfIdentityCenter",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: "sts:AssumeRole",
      Condition: {
        ArnLike: {
          "aws:PrincipalArn": [
            of("AWSReservedSSO_Desk"),
            of("*/AWSReservedSSO_Desk"),
            of("AWSReservedSSO_Look"),
            of("*/AWSReservedSSO_Look"),
          ],
        },
      },
    },
  ]);
});

it("both come by one role, whose sessions end when it says", () => {
  expect(trustOf({ users, permissionSets: ["Desk"] }).map((statement) => (statement as { Sid: string }).Sid)).toEqual([
    "UsersWithSecondFactor",
    "PeopleOfIdentityCenter",
  ]);
  expect(onlyResource(roleOf({ users, sessionHours: 4 }), "aws_iam_role").max_session_duration).toBe(14_400);
});

const statements = (grant: (role: PeopleRole["role"]) => void) =>
  policyOf(onlyResource(roleOf({ users }, grant), "aws_iam_role_policy"), "policy").Statement;

it("who looks changes nothing, and sees no secret, object, item or message", () => {
  const actions = statements((role) => grantLook(role, own)).flatMap(({ Action }) => Action);
  expect(actions.length).toBeGreaterThan(20);
  expect(actions.filter((action) => !/:(Describe|Filter|Get|List|Lookup|StartQuery)/.test(String(action)))).toEqual([]);
  for (const value of [
    "secretsmanager:GetSecretValue",
    "s3:GetObject",
    "dynamodb:GetItem",
    "dynamodb:Query",
    "sqs:ReceiveMessage",
    "ssm:GetParameter",
  ])
    expect(actions).not.toContain(value);
});

it("who looks sees composite alarms, the logs of every region, and what watches the account", () => {
  const given = statements((role) => grantLook(role, own));
  const of = (action: string) => given.find(({ Action }) => [Action].flat().includes(action))?.Resource;
  for (const action of ["cloudwatch:DescribeAlarms", "guardduty:ListDetectors", "ssm:DescribeInstanceProperties", "ssm:ListDocuments"])
    expect([action, of(action)]).toEqual([action, "*"]);
  for (const [action, kind] of [
    ["cloudtrail:GetTrailStatus", "trail/*"],
    ["config:DescribeConfigurationRecorderStatus", "configuration-recorder/*"],
    ["guardduty:GetDetector", "detector/*"],
    ["logs:FilterLogEvents", "log-group:*"],
  ] as const)
    expect(of(action)).toEqual(own.regions.map((region) => `arn:aws:${action.split(":")[0]}:${region}:${account}:${kind}`));
});

it("who operates reaches the named hosts by documents of the environment, and hands its runbooks their roles", () => {
  const given = statements((role) => grantOperate(role, { ...own, hosts: ["axia-windows-demo"], natName: "trading-nat-instance-demo" }));
  const machines = "arn:aws:ec2:ap-northeast-1:111122223333:instance/*";
  const ssm = (kind: string) => `arn:aws:ssm:ap-northeast-1:111122223333:${kind}`;
  expect(given).toEqual([
    {
      Effect: "Allow",
      Action: "ssm:StartAutomationExecution",
      Resource: [ssm("automation-definition/tss-demo.*"), ssm("document/tss-demo.*"), ssm("automation-execution/*")],
    },
    { Effect: "Allow", Action: ["ssm:SendAutomationSignal", "ssm:StopAutomationExecution"], Resource: ssm("automation-execution/*") },
    {
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: "arn:aws:iam::111122223333:role/demo/tss-runbook-*",
      Condition: { StringEquals: { "iam:PassedToService": "ssm.amazonaws.com" } },
    },
    {
      Effect: "Allow",
      Action: "ssm:SendCommand",
      Resource: ["daily-report-*", "host-recovery-checks-*", "kill-switch-status", "kill-switch-stop"].map((name) =>
        ssm(`document/tss-demo.${name}`),
      ),
    },
    {
      Effect: "Allow",
      Action: "ssm:SendCommand",
      Resource: machines,
      Condition: { StringEquals: { "ssm:resourceTag/Converge": "axia-windows-demo" } },
    },
    {
      Effect: "Allow",
      Action: "ssm:StartSession",
      Resource: machines,
      Condition: {
        StringEquals: { "ssm:resourceTag/Converge": "axia-windows-demo" },
        BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" },
      },
    },
    {
      Effect: "Allow",
      Action: "ssm:StartSession",
      Resource: [ssm("document/SSM-SessionManagerRunShell"), "arn:aws:ssm:ap-northeast-1::document/AWS-StartPortForwardingSession"],
      Condition: { BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" } },
    },
    { Effect: "Allow", Action: "ssmmessages:OpenDataChannel", Resource: "*" },
    {
      Effect: "Allow",
      Action: ["ssm:ResumeSession", "ssm:TerminateSession"],
      Resource: ssm("session/*"),
      Condition: { StringLike: { "ssm:resourceTag/aws:ssmmessages:session-id": "$${aws:userid}" } },
    },
    {
      Effect: "Allow",
      Action: ["ec2:RebootInstances", "ec2:StartInstances", "ec2:StopInstances"],
      Resource: machines,
      Condition: { StringEquals: { "aws:ResourceTag/Converge": "axia-windows-demo" } },
    },
    {
      Effect: "Allow",
      Action: ["ec2:RebootInstances", "ec2:StartInstances", "ec2:StopInstances"],
      Resource: machines,
      Condition: { StringEquals: { "aws:ResourceTag/Name": "trading-nat-instance-demo" } },
    },
  ]);
});

it("a key of the hosts' volumes is used by EC2 alone, and no other key", () => {
  const ofKeys = statements((role) =>
    grantOperate(role, { ...own, hosts: ["a"], volumesKeys: ["tss-trading-demo", "tss-web-demo"] }),
  ).filter(({ Resource }) => Resource === "arn:aws:kms:ap-northeast-1:111122223333:key/*");
  const condition = {
    StringEquals: { "kms:ViaService": "ec2.ap-northeast-1.amazonaws.com" },
    "ForAnyValue:StringEquals": { "kms:ResourceAliases": ["alias/tss-trading-demo", "alias/tss-web-demo"] },
  };
  expect(ofKeys.map(({ Action, Condition }) => [Action, Condition])).toEqual([
    ["kms:CreateGrant", { ...condition, Bool: { "kms:GrantIsForAWSResource": "true" } }],
    [["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"], condition],
  ]);
});
