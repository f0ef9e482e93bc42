/** What the workflows' roles may do. Tried on an emulator that enforces IAM: test/rights/workflows.test.ts. */
import { ACCOUNT_READ_ACTIONS } from "../../constructs/identity/account-rights";
import { MANAGE_ACTIONS, READ_ACTIONS } from "../../constructs/identity/github-rights";
import { ACCOUNT, allows, BOUNDARY, grantsOf, json, list, policyNamed, roleOf, STATES } from "../helpers/bootstrap";
import { resourcesOf } from "../helpers/synth";

describe("plan role", () => {
  const statements = grantsOf(json, "plan-prod_role");
  const READ_VERBS = /^[a-z0-9-]+:(BatchGet|Describe|Get|List|View)[A-Z*]?/;

  it("looks, and writes nothing but the lock of a state", () => {
    const other = statements.filter(({ Action }) => !list(Action).every((action) => READ_VERBS.test(action)));
    expect(other).toEqual([
      // The settings of functions, which hold no secret.
      {
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: "*",
        Condition: { StringLike: { "kms:ViaService": "lambda.*.amazonaws.com" } },
      },
      { Effect: "Allow", Action: ["s3:DeleteObject", "s3:PutObject"], Resource: `${STATES}/prod/*.tfstate.tflock` },
      { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: expect.stringContaining(":key/") },
    ]);
    for (const action of [...READ_ACTIONS, ...ACCOUNT_READ_ACTIONS]) expect(action).toMatch(READ_VERBS);
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
    expect(allows(statements, "s3:GetObject", "arn:aws:s3:::tss-raw-market-data/x", { "s3:ExistingObjectTag/ManagedBy": "cdktf" })).toBe(
      true,
    );
    expect(allows(statements, "s3:GetObject", "arn:aws:s3:::tss-raw-market-data/x")).toBe(false);
  });

  it.each([
    "dynamodb:GetItem",
    "dynamodb:Query",
    "secretsmanager:GetSecretValue",
    "secretsmanager:BatchGetSecretValue",
    "sqs:ReceiveMessage",
    "logs:GetLogEvents",
    "logs:FilterLogEvents",
    "ecr:GetAuthorizationToken",
    "ec2:GetPasswordData",
    "ec2:GetConsoleOutput",
    "ssm:GetParametersByPath",
    "kms:Decrypt",
    "sts:AssumeRole",
    "ec2:CreateVpc",
    "iam:CreateRole",
    "iam:PassRole",
    "s3:CreateBucket",
  ])("may not %s", (action) => {
    expect(allows(statements, action, "*")).toBe(false);
  });

  it.each([
    "ec2:DescribeVpcs",
    "iam:GetRole",
    "iam:ListRolePolicies",
    "s3:GetBucketPolicy",
    "s3:GetLifecycleConfiguration",
    "s3:ListBucket",
    "sqs:GetQueueAttributes",
    "kms:GetKeyPolicy",
    "secretsmanager:DescribeSecret",
    "elasticloadbalancing:GetLoadBalancerWebACL",
  ])("may %s", (action) => {
    expect(allows(statements, action, "*")).toBe(true);
  });
});

describe("parameters", () => {
  it.each(["plan-prod_role", "deploy-prod_role"])("of the own environment and of AWS may be read: %s", (role) => {
    const may = (name: string) => allows(grantsOf(json, role), "ssm:GetParameter", `arn:aws:ssm:ap-northeast-1:${name}`);
    expect(
      [
        `${ACCOUNT}:parameter/tss/prod/windows`,
        ":parameter/aws/service/ami-windows-latest/x",
        `${ACCOUNT}:parameter/tss/dev/windows`,
        `${ACCOUNT}:parameter/other`,
      ].map(may),
    ).toEqual([true, true, false, false]);
  });
});

describe("deploy role", () => {
  const own = grantsOf(json, "deploy-prod_role");
  const managed = ["foundation", "images", "platform"].flatMap((part) => policyNamed(json, `tss-deploy-prod-${part}`));
  const statements = [...own, ...managed];
  const iam = (kind: string, name: string) => `arn:aws:iam::${ACCOUNT}:${kind}/${name}`;

  it("stands under the boundary and holds its managed policies", () => {
    expect(roleOf(json, "tss-deploy-prod")).toMatchObject({
      permissions_boundary: expect.stringMatching(/^\$\{aws_iam_policy\.boundary-prod_policy_\w+\.arn}$/),
      max_session_duration: 14_400,
    });
    expect(
      resourcesOf(json, "aws_iam_role_policy_attachment").map(({ role, policy_arn }) => [
        String(role).split("_")[2],
        String(policy_arn).split(".")[1]?.split("_")[1],
      ]),
    ).toEqual([
      [expect.stringContaining("deploy-prod"), "foundation"],
      [expect.stringContaining("deploy-prod"), "images"],
      [expect.stringContaining("deploy-prod"), "names"],
      [expect.stringContaining("deploy-prod"), "platform"],
    ]);
    expect(Object.keys(MANAGE_ACTIONS)).toEqual(["foundation", "platform"]);
  });

  it.each(["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary", "iam:DeleteRolePolicy"])(
    "may %s only under the boundary, and only on the environment's path",
    (action) => {
      expect(allows(statements, action, iam("role", "prod/EC2InstanceRole"), { "iam:PermissionsBoundary": BOUNDARY })).toBe(true);
      expect(allows(statements, action, iam("role", "prod/EC2InstanceRole"))).toBe(false);
      expect(allows(statements, action, iam("role", "prod/EC2InstanceRole"), { "iam:PermissionsBoundary": `${BOUNDARY}-wide` })).toBe(
        false,
      );
      expect(allows(statements, action, iam("role", "Administrator"), { "iam:PermissionsBoundary": BOUNDARY })).toBe(false);
    },
  );

  it("hands machines and functions no role but the environment's own", () => {
    expect(allows(statements, "iam:PassRole", iam("role", "prod/EC2InstanceRole"))).toBe(true);
    for (const name of ["Administrator", "tss-deploy-prod", "dev/EC2InstanceRole"])
      expect(allows(statements, "iam:PassRole", iam("role", name))).toBe(false);
  });

  it.each([
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
    "ssm:StartSession",
    "ssm:SendCommand",
    "ecs:ExecuteCommand",
    "lambda:InvokeFunction",
    "rds:DownloadDBLogFilePortion",
    "iam:AttachRolePolicy",
    "iam:CreatePolicyVersion",
    "iam:CreateUser",
    "iam:CreateAccessKey",
    "sts:AssumeRole",
    "kms:Decrypt",
    "kms:CreateGrant",
    "ec2:CreateVpnConnection",
    "ec2:ModifySnapshotAttribute",
    "rds:ModifyDBSnapshotAttribute",
    "s3:PutBucketAcl",
  ])("may not %s", (action) => {
    expect(allows(statements, action, `arn:aws:kms:ap-northeast-1:${ACCOUNT}:key/1`)).toBe(false);
  });

  it("tells machines of its environment alone which image to run, and pushes into repositories of its own alone (OPS-054, OPS-055)", () => {
    const machine = `arn:aws:ec2:ap-northeast-1:${ACCOUNT}:instance/i-0123456789abcdef0`;
    const repository = `arn:aws:ecr:ap-northeast-1:${ACCOUNT}:repository/kabu-trade-api`;
    const of = (tag: string, name: string) => ({ [tag]: name });
    expect(allows(statements, "ssm:SendCommand", machine, of("ssm:resourceTag/Environment", "prod"))).toBe(true);
    expect(allows(statements, "ssm:SendCommand", machine, of("ssm:resourceTag/Environment", "dev"))).toBe(false);
    expect(allows(statements, "ssm:SendCommand", machine)).toBe(false);
    expect(allows(statements, "ecr:PutImage", repository, of("aws:ResourceTag/Environment", "prod"))).toBe(true);
    expect(allows(statements, "ecr:PutImage", repository, of("aws:ResourceTag/Environment", "dev"))).toBe(false);
    expect(allows(statements, "ecr:BatchDeleteImage", repository, of("aws:ResourceTag/Environment", "prod"))).toBe(false);
  });

  it("writes its own states, and files under its own tag", () => {
    expect(allows(statements, "s3:PutObject", `${STATES}/prod/data.tfstate`)).toBe(true);
    expect(allows(statements, "s3:PutObject", `${STATES}/dev/data.tfstate`)).toBe(false);
    expect(allows(statements, "s3:PutObject", "arn:aws:s3:::hosts/bundle.zip", { "s3:RequestObjectTag/ManagedBy": "cdktf" })).toBe(true);
    expect(allows(statements, "s3:PutObject", "arn:aws:s3:::tss-raw-market-data/x")).toBe(false);
  });

  it("associates with machines documents of its environment only, under its tag, and changes no associations of others", () => {
    const ssm = (rest: string) => `arn:aws:ssm:ap-northeast-1:${rest}`;
    const [association, own, another, of] = [
      ssm(`${ACCOUNT}:association/1`),
      ssm(`${ACCOUNT}:document/tss-prod.windows`),
      ssm(`${ACCOUNT}:document/tss-prod2.windows`),
      ssm(":document/AWS-RunShellScript"),
    ];
    const may = (action: string, environment?: string) =>
      [association, own, another, of, "arn:aws:ec2:ap-northeast-1:1:instance/i-1"].map((resource) =>
        allows(
          statements,
          action,
          resource,
          environment ? { "aws:RequestTag/Environment": environment, "aws:ResourceTag/Environment": environment } : {},
        ),
      );
    expect(may("ssm:CreateAssociation", "prod")).toEqual([true, true, false, false, false]);
    for (const environment of ["dev", undefined])
      expect(may("ssm:CreateAssociation", environment)).toEqual([false, false, false, false, false]);
    for (const call of ["ssm:UpdateAssociation", "ssm:DeleteAssociation"])
      expect([may(call, "prod")[0], may(call, "dev")[0], may(call)[0], may(call, "prod")[3]]).toEqual([true, false, false, false]);
  });

  it("uses keys through services of the region only", () => {
    const key = `arn:aws:kms:ap-northeast-1:${ACCOUNT}:key/1`;
    expect(allows(statements, "kms:GenerateDataKeyWithoutPlaintext", key, { "kms:ViaService": "ec2.ap-northeast-1.amazonaws.com" })).toBe(
      true,
    );
    expect(allows(statements, "kms:GenerateDataKeyWithoutPlaintext", key, { "kms:ViaService": "ec2.us-east-1.amazonaws.com" })).toBe(false);
    expect(allows(statements, "kms:CreateGrant", key, { "kms:GrantIsForAWSResource": "true" })).toBe(true);
    for (const call of ["kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"])
      expect(allows(statements, call, key, { "kms:ViaService": "dynamodb.ap-northeast-1.amazonaws.com" })).toBe(true);
    expect(allows(statements, "kms:RetireGrant", key, { "kms:ViaService": "ecr.ap-northeast-1.amazonaws.com" })).toBe(true);
    expect(allows(statements, "kms:RetireGrant", key)).toBe(false);
  });
});
