import { Aspects, Testing } from "cdktf";
import { IamUnderBoundary } from "../../constructs/identity/github-boundary";
import { MANAGE_ACTIONS, READ_ACTIONS } from "../../constructs/identity/github-rights";
import { dev } from "../fixtures/environments/dev";
import { parseEnvironment } from "../../environments/reading/parse";
import { prod } from "../fixtures/environments/prod";
import type { EnvironmentLiteral } from "../../environments/schema";
import { staging } from "../fixtures/environments/staging";
import { BootstrapStack } from "../../stacks/bootstrap";
import { NetworkStack } from "../../stacks/network";
import { onlyResource, policyOf, resourcesOf, type Block, type StackJson } from "../helpers/synth";

const ACCOUNT = "777788889999";
const REPOSITORY = "example-org/trading-system-infrastructure";
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/tss-boundary-prod`;
const STATES = "arn:aws:s3:::states";
const ISSUER = "token.actions.githubusercontent.com";

const makeApp = () => Testing.app({ context: { excludeStackIdFromLogicalIds: "true", allowSepCharsInLogicalIds: "true" } });
function synth(literal: EnvironmentLiteral, localState?: boolean): StackJson {
  const environment = parseEnvironment(literal, "test");
  return JSON.parse(Testing.synth(new BootstrapStack(makeApp(), { environment, target: { kind: "aws" }, bootstrap: environment.bootstrap!, localState }), true)) as StackJson;
}

interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | string[];
  readonly Resource?: string | string[];
  readonly NotResource?: string | string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}
const list = (items: string | string[]) => [items].flat();

/** A policy as AWS sees it: references replaced by what they stand for. */
const resolved = (block: Block): Statement[] => policyOf({
  policy: (block.policy as string)
    .replace(/\$\{aws_s3_bucket\.[^}]*}/g, STATES)
    .replace(/\$\{aws_kms_key\.[^}]*}/g, `arn:aws:kms:ap-northeast-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`)
    .replace(/\$\{aws_iam_policy\.boundary-(\w+?)_[^}]*}/g, `arn:aws:iam::${ACCOUNT}:policy/tss-boundary-$1`),
}, "policy").Statement as unknown as Statement[];

const roleOf = (json: StackJson, name: string) => resourcesOf(json, "aws_iam_role").find((role) => role.name === name)!;
const grantsOf = (json: StackJson, kind: string) => resolved(resourcesOf(json, "aws_iam_role_policy").find(({ role }) => String(role).includes(`.${kind}_`))!);
const policyNamed = (json: StackJson, name: string) => resolved(resourcesOf(json, "aws_iam_policy").find((policy) => policy.name === name)!);

/** As much of IAM's evaluation as these policies use: a call is allowed when a statement allows it and none denies it. */
function allows(statements: readonly Statement[], action: string, resource: string, context: Readonly<Record<string, string>> = {}): boolean {
  const matches = (patterns: string | string[], value: string) => list(patterns).some((pattern) => new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(value));
  const holds = ({ Condition = {} }: Statement) => Object.entries(Condition).every(([operator, keys]) => Object.entries(keys).every(([key, values]) => {
    const value = context[key];
    if (operator === "StringNotEquals") return value === undefined || !list(values).includes(value);
    if (operator === "StringEquals" || operator === "Bool") return value !== undefined && list(values).includes(value);
    if (operator === "StringLike") return value !== undefined && matches(values, value);
    throw new Error(`no such operator here: ${operator}`);
  }));
  const speaksOf = ({ Resource, NotResource }: Statement, value: string) => (Resource ? matches(Resource, value) : !matches(NotResource!, value));
  const applying = statements.filter((statement) => matches(statement.Action, action) && speaksOf(statement, resource) && holds(statement));
  return applying.some(({ Effect }) => Effect === "Allow") && !applying.some(({ Effect }) => Effect === "Deny");
}

const json = synth(prod);
const shared = synth({ ...staging, bootstrap: { ...staging.bootstrap!, environments: ["staging", "demo"] } });

describe("state bucket", () => {
  it("is versioned, encrypted by the stack's key, private and protected", () => {
    expect(onlyResource(json, "aws_s3_bucket")).toMatchObject({ bucket: "tss-terraform-state-777788889999", force_destroy: false, lifecycle: { prevent_destroy: true } });
    expect(onlyResource(json, "aws_s3_bucket_versioning")).toMatchObject({ versioning_configuration: { status: "Enabled" } });
    expect(onlyResource(json, "aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
      { apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: expect.stringContaining("aws_kms_key.key_") }, bucket_key_enabled: true },
    ]);
    expect(onlyResource(json, "aws_s3_bucket_public_access_block")).toMatchObject({ block_public_acls: true, ignore_public_acls: true, block_public_policy: true, restrict_public_buckets: true });
    expect(policyOf(onlyResource(json, "aws_s3_bucket_policy"), "policy").Statement).toEqual([
      { Sid: "DenyWithoutTls", Effect: "Deny", Principal: "*", Action: "s3:*", Resource: expect.any(Array), Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ]);
    expect(onlyResource(json, "aws_kms_key")).toMatchObject({ enable_key_rotation: true });
  });

  it("forgets old versions after the literal's days, and parts of uploads that never ended", () => {
    const rules = onlyResource(synth({ ...prod, bootstrap: { ...prod.bootstrap!, noncurrentVersionDays: 45 } }), "aws_s3_bucket_lifecycle_configuration").rule as Block[];
    expect(rules).toHaveLength(2);
    expect(rules).toEqual(expect.arrayContaining([
      expect.objectContaining({ status: "Enabled", noncurrent_version_expiration: [{ noncurrent_days: 45 }] }),
      expect.objectContaining({ status: "Enabled", abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }] }),
    ]));
  });

  it("is encrypted by S3 and can be destroyed where the environment says so", () => {
    const plain = synth(dev);
    expect(resourcesOf(plain, "aws_kms_key")).toEqual([]);
    expect(onlyResource(plain, "aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }]);
    expect(onlyResource(plain, "aws_s3_bucket")).not.toHaveProperty("lifecycle");
  });

  it("holds its own stack's state, after a first deploy with a local one", () => {
    expect(json.terraform.backend.s3).toMatchObject({ bucket: "tss-terraform-state-777788889999", key: "prod/bootstrap.tfstate", use_lockfile: true });
    expect(synth(prod, true).terraform.backend).toEqual({ local: { path: expect.stringMatching(/terraform\.prod-bootstrap\.tfstate$/) } });
  });
});

describe("trust in GitHub", () => {
  const trustOf = (stack: StackJson, name: string) => policyOf(roleOf(stack, name), "assume_role_policy").Statement;
  const federated = (sub: string | string[]) => [{
    Effect: "Allow", Principal: { Federated: expect.stringContaining("aws_iam_openid_connect_provider.github_provider") }, Action: "sts:AssumeRoleWithWebIdentity",
    Condition: { StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:sub`]: sub } },
  }];

  it("knows GitHub as an identity provider, without a thumbprint", () => {
    expect(onlyResource(json, "aws_iam_openid_connect_provider")).toEqual({ url: `https://${ISSUER}`, client_id_list: ["sts.amazonaws.com"] });
  });

  it("lets main plan and look for drift, no pull request, and only the environment of that name deploy", () => {
    expect(trustOf(json, "tss-plan-prod")).toEqual(federated(`repo:${REPOSITORY}:ref:refs/heads/main`));
    expect(trustOf(json, "tss-deploy-prod")).toEqual(federated(`repo:${REPOSITORY}:environment:prod`));
  });

  it("makes both roles for every environment of the account, none of which trusts a pattern", () => {
    const roles = resourcesOf(shared, "aws_iam_role");
    expect(roles.map(({ name }) => name).sort()).toEqual(["tss-deploy-demo", "tss-deploy-staging", "tss-plan-demo", "tss-plan-staging"]);
    for (const role of roles) {
      const [statement, ...more] = policyOf(role, "assume_role_policy").Statement;
      expect(more).toEqual([]);
      expect(Object.keys(statement?.Condition as object)).toEqual(["StringEquals"]);
      expect(JSON.stringify(statement?.Condition)).not.toMatch(/[*?]/);
    }
    expect(trustOf(shared, "tss-deploy-demo")).toEqual(federated(`repo:${REPOSITORY}:environment:demo`));
  });
});

describe("plan role", () => {
  const statements = grantsOf(json, "plan-prod_role");
  const READ_VERBS = /^[a-z0-9-]+:(Describe|Get|List|View)[A-Z*]?/;

  it("looks, and writes nothing but the lock of a state", () => {
    const other = statements.filter(({ Action }) => !list(Action).every((action) => READ_VERBS.test(action)));
    expect(other).toEqual([
      { Effect: "Allow", Action: ["s3:DeleteObject", "s3:PutObject"], Resource: `${STATES}/prod/*.tfstate.tflock` },
      { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: expect.stringContaining(":key/") },
    ]);
    for (const action of READ_ACTIONS) expect(action).toMatch(READ_VERBS);
    for (const { Effect } of statements) expect(Effect).toBe("Allow");
  });

  it.each(["s3:PutObject", "s3:DeleteObject"])("may not %s a state", (action) => {
    expect(allows(statements, action, `${STATES}/prod/data.tfstate`)).toBe(false);
    expect(allows(statements, action, `${STATES}/prod/data.tfstate.tflock`)).toBe(true);
    expect(allows(statements, action, `${STATES}/dev/data.tfstate.tflock`)).toBe(false);
  });

  it("reads the states of its environment and the files that Terraform uploaded, not the trading data", () => {
    expect(allows(statements, "s3:GetObject", `${STATES}/prod/data.tfstate`)).toBe(true);
    expect(allows(statements, "s3:GetObject", `${STATES}/dev/data.tfstate`)).toBe(false);
    expect(allows(statements, "s3:GetObject", "arn:aws:s3:::tss-raw-market-data/x", { "s3:ExistingObjectTag/ManagedBy": "cdktf" })).toBe(true);
    expect(allows(statements, "s3:GetObject", "arn:aws:s3:::tss-raw-market-data/x")).toBe(false);
  });

  it.each([
    "dynamodb:GetItem", "dynamodb:Query", "secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "sqs:ReceiveMessage", "logs:GetLogEvents", "logs:FilterLogEvents", "ecr:GetAuthorizationToken",
    "ec2:GetPasswordData", "ec2:GetConsoleOutput", "ssm:GetParametersByPath", "kms:Decrypt", "sts:AssumeRole", "ec2:CreateVpc", "iam:CreateRole", "iam:PassRole", "s3:CreateBucket",
  ])("may not %s", (action) => {
    expect(allows(statements, action, "*")).toBe(false);
  });

  it.each(["ec2:DescribeVpcs", "iam:GetRole", "iam:ListRolePolicies", "s3:GetBucketPolicy", "s3:GetLifecycleConfiguration", "s3:ListBucket", "sqs:GetQueueAttributes", "kms:GetKeyPolicy", "secretsmanager:DescribeSecret", "elasticloadbalancing:GetLoadBalancerWebACL"])("may %s", (action) => {
    expect(allows(statements, action, "*")).toBe(true);
  });
});

describe("parameters", () => {
  it.each(["plan-prod_role", "deploy-prod_role"])("of the own environment and of AWS may be read: %s", (role) => {
    const may = (name: string) => allows(grantsOf(json, role), "ssm:GetParameter", `arn:aws:ssm:ap-northeast-1:${name}`);
    expect([`${ACCOUNT}:parameter/tss/prod/windows`, ":parameter/aws/service/ami-windows-latest/x", `${ACCOUNT}:parameter/tss/dev/windows`, `${ACCOUNT}:parameter/other`].map(may)).toEqual([true, true, false, false]);
  });
});

describe("deploy role", () => {
  const own = grantsOf(json, "deploy-prod_role");
  const managed = ["foundation", "platform"].flatMap((part) => policyNamed(json, `tss-deploy-prod-${part}`));
  const statements = [...own, ...managed];
  const iam = (kind: string, name: string) => `arn:aws:iam::${ACCOUNT}:${kind}/${name}`;

  it("stands under the boundary and holds its two managed policies", () => {
    expect(roleOf(json, "tss-deploy-prod")).toMatchObject({ permissions_boundary: expect.stringMatching(/^\$\{aws_iam_policy\.boundary-prod_policy_\w+\.arn}$/), max_session_duration: 14_400 });
    expect(resourcesOf(json, "aws_iam_role_policy_attachment").map(({ role, policy_arn }) => [String(role).split("_")[2], String(policy_arn).split(".")[1]?.split("_")[1]])).toEqual([
      [expect.stringContaining("deploy-prod"), "foundation"], [expect.stringContaining("deploy-prod"), "platform"],
    ]);
    expect(Object.keys(MANAGE_ACTIONS)).toEqual(["foundation", "platform"]);
  });

  it.each(["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary", "iam:DeleteRolePolicy", "iam:DetachRolePolicy"])("may %s only under the boundary, and only on the environment's path", (action) => {
    expect(allows(statements, action, iam("role", "prod/EC2InstanceRole"), { "iam:PermissionsBoundary": BOUNDARY })).toBe(true);
    expect(allows(statements, action, iam("role", "prod/EC2InstanceRole"))).toBe(false);
    expect(allows(statements, action, iam("role", "prod/EC2InstanceRole"), { "iam:PermissionsBoundary": `${BOUNDARY}-wide` })).toBe(false);
    expect(allows(statements, action, iam("role", "Administrator"), { "iam:PermissionsBoundary": BOUNDARY })).toBe(false);
  });

  it("hands machines and functions no role but the environment's own", () => {
    expect(allows(statements, "iam:PassRole", iam("role", "prod/EC2InstanceRole"))).toBe(true);
    for (const name of ["Administrator", "tss-deploy-prod", "dev/EC2InstanceRole"]) expect(allows(statements, "iam:PassRole", iam("role", name))).toBe(false);
  });

  it.each(["dynamodb:GetItem", "dynamodb:PutItem", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "sqs:ReceiveMessage", "sqs:SendMessage", "ssm:StartSession", "ssm:SendCommand", "ecs:ExecuteCommand", "lambda:InvokeFunction", "rds:DownloadDBLogFilePortion", "iam:CreateUser", "iam:CreateAccessKey", "sts:AssumeRole", "kms:Decrypt", "kms:CreateGrant"])("may not %s", (action) => {
    expect(allows(statements, action, `arn:aws:kms:ap-northeast-1:${ACCOUNT}:key/1`)).toBe(false);
  });

  it("writes its own states, and files under its own tag", () => {
    expect(allows(statements, "s3:PutObject", `${STATES}/prod/data.tfstate`)).toBe(true);
    expect(allows(statements, "s3:PutObject", `${STATES}/dev/data.tfstate`)).toBe(false);
    expect(allows(statements, "s3:PutObject", "arn:aws:s3:::hosts/bundle.zip", { "s3:RequestObjectTag/ManagedBy": "cdktf" })).toBe(true);
    expect(allows(statements, "s3:PutObject", "arn:aws:s3:::tss-raw-market-data/x")).toBe(false);
  });

  it("uses keys through services of the region only", () => {
    const key = `arn:aws:kms:ap-northeast-1:${ACCOUNT}:key/1`;
    expect(allows(statements, "kms:GenerateDataKeyWithoutPlaintext", key, { "kms:ViaService": "ec2.ap-northeast-1.amazonaws.com" })).toBe(true);
    expect(allows(statements, "kms:GenerateDataKeyWithoutPlaintext", key, { "kms:ViaService": "ec2.us-east-1.amazonaws.com" })).toBe(false);
    expect(allows(statements, "kms:CreateGrant", key, { "kms:GrantIsForAWSResource": "true" })).toBe(true);
    for (const call of ["kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"]) expect(allows(statements, call, key, { "kms:ViaService": "dynamodb.ap-northeast-1.amazonaws.com" })).toBe(true);
    expect(allows(statements, "kms:RetireGrant", key, { "kms:ViaService": "ecr.ap-northeast-1.amazonaws.com" })).toBe(true);
    expect(allows(statements, "kms:RetireGrant", key)).toBe(false);
  });
});

describe("boundary", () => {
  const boundary = policyNamed(json, "tss-boundary-prod");
  const TOKYO = { "aws:RequestedRegion": "ap-northeast-1" };
  const iam = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`;

  it.each<[string, string, boolean]>([
    ["ec2:RunInstances", "ap-northeast-1", true], ["s3:CreateBucket", "ap-northeast-3", true], ["ec2:RunInstances", "us-east-1", false], ["sqs:CreateQueue", "eu-west-1", false],
    ["cloudfront:CreateDistribution", "us-east-1", true], ["route53:ChangeResourceRecordSets", "us-east-1", true], ["acm:RequestCertificate", "us-east-1", true], ["acm:RequestCertificate", "eu-west-1", false],
    ["organizations:LeaveOrganization", "us-east-1", false], ["account:CloseAccount", "us-east-1", false],
  ])("%s in %s: %s (NET-001, NET-002)", (action, region, allowed) => {
    expect(allows(boundary, action, "*", { "aws:RequestedRegion": region })).toBe(allowed);
  });

  it("takes in the region of the copies only where there are any", () => {
    expect(allows(policyNamed(shared, "tss-boundary-staging"), "s3:CreateBucket", "*", { "aws:RequestedRegion": "ap-northeast-3" })).toBe(false);
  });

  it.each(["policy/tss-boundary-prod", "policy/tss-deploy-prod-foundation", "role/tss-plan-prod", "role/tss-deploy-prod", "role/tss-deploy-other", `oidc-provider/${ISSUER}`])("keeps %s as bootstrap made it", (name) => {
    const calls = ["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:DeletePolicy", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:DeleteRole", "iam:PassRole", "iam:AddClientIDToOpenIDConnectProvider", "iam:UpdateOpenIDConnectProviderThumbprint", "iam:DeleteOpenIDConnectProvider", "sts:AssumeRole"];
    for (const call of calls) expect([call, allows(boundary, call, iam(name), { ...TOKYO, "iam:PermissionsBoundary": BOUNDARY })]).toEqual([call, false]);
    expect(allows(boundary, "iam:GetRole", iam(name), TOKYO)).toBe(true);
  });

  it("changes, hands over and takes nothing of IAM but the environment's own and AWS's roles for services", () => {
    const calls = ["iam:UpdateAssumeRolePolicy", "iam:PassRole", "sts:AssumeRole", "iam:CreatePolicyVersion", "iam:DeleteRole", "iam:TagRole"];
    const may = (call: string, name: string) => allows(boundary, call, iam(name), { ...TOKYO, "iam:PermissionsBoundary": BOUNDARY });
    for (const name of ["role/Administrator", "role/dev/EC2InstanceRole", "policy/dev/x", "role/production/x"]) expect(calls.filter((call) => may(call, name))).toEqual([]);
    for (const name of ["role/prod/EC2InstanceRole", "policy/prod/x", "role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"]) expect(calls.filter((call) => !may(call, name))).toEqual([]);
  });

  it("binds every role that is made under it", () => {
    const role = iam("role/prod/EC2InstanceRole");
    for (const call of ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy", "iam:AttachRolePolicy"]) {
      expect([call, allows(boundary, call, role, TOKYO)]).toEqual([call, false]);
      expect([call, allows(boundary, call, role, { ...TOKYO, "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" })]).toEqual([call, false]);
      expect([call, allows(boundary, call, role, { ...TOKYO, "iam:PermissionsBoundary": BOUNDARY })]).toEqual([call, true]);
    }
    for (const call of ["iam:DeleteRolePermissionsBoundary", "iam:CreateUser", "iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:CreateLoginProfile", "iam:AttachUserPolicy", "iam:CreateSAMLProvider"]) {
      expect([call, allows(boundary, call, "*", { ...TOKYO, "iam:PermissionsBoundary": BOUNDARY })]).toEqual([call, false]);
    }
  });

  it("keeps the states: their bucket, their key, their versions, bootstrap's own, other environments'", () => {
    const staged = policyNamed(shared, "tss-boundary-staging");
    const may = (action: string, resource: string) => allows(staged, action, resource, TOKYO);
    expect(may("s3:PutObject", `${STATES}/staging/data.tfstate`)).toBe(true);
    expect(may("s3:PutObject", `${STATES}/staging/bootstrap.tfstate.tflock`)).toBe(true);
    expect(may("s3:GetObject", `${STATES}/staging/bootstrap.tfstate`)).toBe(true);
    expect(may("s3:PutObject", `${STATES}/staging/bootstrap.tfstate`)).toBe(false);
    expect(may("s3:GetObject", `${STATES}/demo/data.tfstate`)).toBe(false);
    expect(may("s3:DeleteObjectVersion", `${STATES}/staging/data.tfstate`)).toBe(false);
    for (const call of ["s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:PutBucketPolicy", "s3:PutBucketVersioning", "s3:PutLifecycleConfiguration", "s3:PutEncryptionConfiguration"]) expect([call, may(call, STATES)]).toEqual([call, false]);
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

describe("sizes", () => {
  /** Longest ARNs that references may stand for: a bucket's name has 63 characters at the most. */
  const size = (block: Block) => (block.policy as string).replace(/\$\{[^}]*}/g, "x".repeat(90)).length;

  it.each([["prod", json], ["several environments", shared]] as const)("policies fit into what IAM takes: %s", (_, stack) => {
    for (const policy of resourcesOf(stack, "aws_iam_policy")) expect([policy.name, size(policy) <= 6144]).toEqual([policy.name, true]);
    for (const policy of resourcesOf(stack, "aws_iam_role_policy")) expect([policy.role, size(policy) <= 10_240]).toEqual([policy.role, true]);
    for (const role of resourcesOf(stack, "aws_iam_role")) expect((role.assume_role_policy as string).length).toBeLessThanOrEqual(2048);
  });
});
