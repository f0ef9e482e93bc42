/** The most that an environment's roles can do. Tried on an emulator that enforces IAM: test/rights/workflows.test.ts. */
import { Aspects, Testing } from "cdktf";
import { IamUnderBoundary } from "../../constructs/identity/github-boundary";
import { parseEnvironment } from "../../environments/reading/parse";
import { NetworkStack } from "../../stacks/network";
import { staging } from "../fixtures/environments/staging";
import { ACCOUNT, allows, BOUNDARY, ISSUER, json, makeApp, policyNamed, shared, STATES } from "../helpers/bootstrap";
import { onlyResource, resourcesOf, type StackJson } from "../helpers/synth";

describe("boundary", () => {
  const boundary = policyNamed(json, "tss-boundary-prod");
  const TOKYO = { "aws:RequestedRegion": "ap-northeast-1" };
  const iam = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`;

  it.each<[string, string, boolean]>([
    ["ec2:RunInstances", "ap-northeast-1", true],
    ["s3:CreateBucket", "ap-northeast-3", true],
    ["ec2:RunInstances", "us-east-1", false],
    ["sqs:CreateQueue", "eu-west-1", false],
    ["cloudfront:CreateDistribution", "us-east-1", true],
    ["route53:ChangeResourceRecordSets", "us-east-1", true],
    ["acm:RequestCertificate", "us-east-1", true],
    ["acm:RequestCertificate", "eu-west-1", false],
    ["budgets:ModifyBudget", "us-east-1", true],
    ["ce:CreateAnomalyMonitor", "us-east-1", true],
    // What stands at the edge, and the bill's alarm with whom it tells.
    ["cloudwatch:PutMetricAlarm", "us-east-1", true],
    ["kms:CreateKey", "us-east-1", true],
    ["logs:CreateDelivery", "us-east-1", true],
    ["sns:CreateTopic", "us-east-1", true],
    ["sns:CreateTopic", "eu-west-1", false],
    ["wafv2:CreateWebACL", "us-east-1", true],
    ["organizations:LeaveOrganization", "us-east-1", false],
    ["account:CloseAccount", "us-east-1", false],
  ])("%s in %s: %s (NET-001, NET-002)", (action, region, allowed) => {
    expect(allows(boundary, action, "*", { "aws:RequestedRegion": region })).toBe(allowed);
  });

  it("takes in the region of the copies only where there are any", () => {
    expect(allows(policyNamed(shared, "tss-boundary-staging"), "s3:CreateBucket", "*", { "aws:RequestedRegion": "ap-northeast-3" })).toBe(
      false,
    );
  });

  it.each([
    "policy/tss-boundary-prod",
    "policy/tss-deploy-prod-foundation",
    "role/tss-plan-prod",
    "role/tss-deploy-prod",
    "role/tss-deploy-other",
    `oidc-provider/${ISSUER}`,
  ])("keeps %s as bootstrap made it", (name) => {
    const calls = [
      "iam:CreatePolicyVersion",
      "iam:SetDefaultPolicyVersion",
      "iam:DeletePolicy",
      "iam:PutRolePolicy",
      "iam:AttachRolePolicy",
      "iam:UpdateAssumeRolePolicy",
      "iam:DeleteRole",
      "iam:PassRole",
      "iam:AddClientIDToOpenIDConnectProvider",
      "iam:UpdateOpenIDConnectProviderThumbprint",
      "iam:DeleteOpenIDConnectProvider",
      "sts:AssumeRole",
    ];
    for (const call of calls)
      expect([call, allows(boundary, call, iam(name), { ...TOKYO, "iam:PermissionsBoundary": BOUNDARY })]).toEqual([call, false]);
    expect(allows(boundary, "iam:GetRole", iam(name), TOKYO)).toBe(true);
  });

  it("changes, hands over and takes nothing of IAM but the environment's own and AWS's roles for services", () => {
    const calls = [
      "iam:UpdateAssumeRolePolicy",
      "iam:PassRole",
      "sts:AssumeRole",
      "iam:CreatePolicyVersion",
      "iam:DeleteRole",
      "iam:TagRole",
    ];
    const may = (call: string, name: string) => allows(boundary, call, iam(name), { ...TOKYO, "iam:PermissionsBoundary": BOUNDARY });
    for (const name of ["role/Administrator", "role/dev/EC2InstanceRole", "policy/dev/x", "role/production/x"])
      expect(calls.filter((call) => may(call, name))).toEqual([]);
    for (const name of ["role/prod/EC2InstanceRole", "policy/prod/x", "role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"])
      expect(calls.filter((call) => !may(call, name))).toEqual([]);
  });

  it("binds every role that is made under it", () => {
    const role = iam("role/prod/EC2InstanceRole");
    for (const call of ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy", "iam:AttachRolePolicy"]) {
      expect([call, allows(boundary, call, role, TOKYO)]).toEqual([call, false]);
      expect([
        call,
        allows(boundary, call, role, { ...TOKYO, "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" }),
      ]).toEqual([call, false]);
      expect([call, allows(boundary, call, role, { ...TOKYO, "iam:PermissionsBoundary": BOUNDARY })]).toEqual([call, true]);
    }
    for (const call of [
      "iam:DeleteRolePermissionsBoundary",
      "iam:CreateUser",
      "iam:CreateAccessKey",
      "iam:UpdateAccessKey",
      "iam:CreateLoginProfile",
      "iam:AttachUserPolicy",
      "iam:CreateSAMLProvider",
    ]) {
      expect([call, allows(boundary, call, "*", { ...TOKYO, "iam:PermissionsBoundary": BOUNDARY })]).toEqual([call, false]);
    }
  });

  it("keeps the states: their bucket, their key, their versions, bootstrap's own", () => {
    const staged = policyNamed(shared, "tss-boundary-staging");
    const may = (action: string, resource: string) => allows(staged, action, resource, TOKYO);
    expect(may("s3:PutObject", `${STATES}/staging/data.tfstate`)).toBe(true);
    expect(may("s3:PutObject", `${STATES}/staging/bootstrap.tfstate.tflock`)).toBe(true);
    expect(may("s3:GetObject", `${STATES}/staging/bootstrap.tfstate`)).toBe(true);
    expect(may("s3:PutObject", `${STATES}/staging/bootstrap.tfstate`)).toBe(false);
    expect(may("s3:DeleteObjectVersion", `${STATES}/staging/data.tfstate`)).toBe(false);
    for (const call of [
      "s3:DeleteBucket",
      "s3:DeleteBucketPolicy",
      "s3:PutBucketPolicy",
      "s3:PutBucketVersioning",
      "s3:PutLifecycleConfiguration",
      "s3:PutEncryptionConfiguration",
    ])
      expect([call, may(call, STATES)]).toEqual([call, false]);
    for (const call of ["kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:PutKeyPolicy"]) {
      expect([call, may(call, `arn:aws:kms:ap-northeast-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`)]).toEqual([call, false]);
      expect([call, may(call, `arn:aws:kms:ap-northeast-1:${ACCOUNT}:key/2`)]).toEqual([call, true]);
    }
  });

  it("is carried, on the environment's path, by all that a stack makes in IAM", () => {
    const environment = parseEnvironment(staging, "test");
    const stack = new NetworkStack(makeApp(), { environment, target: { kind: "aws" } });
    Aspects.of(stack).add(new IamUnderBoundary(environment));
    const network = JSON.parse(Testing.synth(stack, true)) as StackJson;
    expect(resourcesOf(network, "aws_iam_role").map(({ name, path, permissions_boundary }) => [name, path, permissions_boundary])).toEqual([
      ["tss-flow-log-staging", "/staging/", "arn:aws:iam::444455556666:policy/tss-boundary-staging"],
      ["tss-nat-instance-staging", "/staging/", "arn:aws:iam::444455556666:policy/tss-boundary-staging"],
    ]);
    expect(onlyResource(network, "aws_iam_instance_profile")).toMatchObject({ path: "/staging/" });
  });
});
