import { dev } from "../fixtures/environments/dev";
import { prod } from "../fixtures/environments/prod";
import { ISSUER, json, REPOSITORY, roleOf, shared, synth } from "../helpers/bootstrap";
import { onlyResource, policyOf, resourcesOf, type Block, type StackJson } from "../helpers/synth";

describe("state bucket", () => {
  it("is versioned, encrypted by the stack's key, private and protected", () => {
    expect(onlyResource(json, "aws_s3_bucket")).toMatchObject({
      bucket: "tss-terraform-state-777788889999",
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(onlyResource(json, "aws_s3_bucket_versioning")).toMatchObject({ versioning_configuration: { status: "Enabled" } });
    expect(onlyResource(json, "aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
      {
        apply_server_side_encryption_by_default: {
          sse_algorithm: "aws:kms",
          kms_master_key_id: expect.stringContaining("aws_kms_key.key_"),
        },
        bucket_key_enabled: true,
      },
    ]);
    expect(onlyResource(json, "aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      ignore_public_acls: true,
      block_public_policy: true,
      restrict_public_buckets: true,
    });
    expect(policyOf(onlyResource(json, "aws_s3_bucket_policy"), "policy").Statement).toEqual([
      {
        Sid: "DenyWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: expect.any(Array),
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      expect.objectContaining({ Effect: "Deny" }),
    ]);
    expect(onlyResource(json, "aws_kms_key")).toMatchObject({ enable_key_rotation: true });
  });

  it("keeps every environment's roles, and those that its stacks make, to the environment's own states", () => {
    const arn = expect.stringMatching(/^\$\{aws_s3_bucket\.states_bucket_\w+\.arn\}$/) as string;
    expect(policyOf(onlyResource(shared, "aws_s3_bucket_policy"), "policy").Statement.slice(1)).toEqual(
      ["staging", "demo"].map((name) => ({
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        NotResource: [arn, expect.stringMatching(new RegExp(`\\.arn\\}/${name}/\\*$`))],
        Condition: {
          ArnLike: {
            "aws:PrincipalArn": [`tss-plan-${name}`, `tss-deploy-${name}`, `${name}/*`].map(
              (role) => `arn:aws:iam::444455556666:role/${role}`,
            ),
          },
        },
      })),
    );
  });

  it("forgets old versions after the literal's days, and parts of uploads that never ended", () => {
    const rules = onlyResource(
      synth({ ...prod, bootstrap: { ...prod.bootstrap!, noncurrentVersionDays: 45 } }),
      "aws_s3_bucket_lifecycle_configuration",
    ).rule as Block[];
    expect(rules).toHaveLength(2);
    expect(rules).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ status: "Enabled", noncurrent_version_expiration: [{ noncurrent_days: 45 }] }),
        expect.objectContaining({ status: "Enabled", abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }] }),
      ]),
    );
  });

  it("is encrypted by S3 and can be destroyed where the environment says so", () => {
    const plain = synth(dev);
    expect(resourcesOf(plain, "aws_kms_key")).toEqual([]);
    expect(onlyResource(plain, "aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
      { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
    ]);
    expect(onlyResource(plain, "aws_s3_bucket")).not.toHaveProperty("lifecycle");
  });

  it("holds its own stack's state, after a first deploy with a local one", () => {
    expect(json.terraform.backend.s3).toMatchObject({
      bucket: "tss-terraform-state-777788889999",
      key: "prod/bootstrap.tfstate",
      use_lockfile: true,
    });
    expect(synth(prod, true).terraform.backend).toEqual({ local: { path: expect.stringMatching(/terraform\.prod-bootstrap\.tfstate$/) } });
  });
});

describe("trust in GitHub", () => {
  const trustOf = (stack: StackJson, name: string) => policyOf(roleOf(stack, name), "assume_role_policy").Statement;
  const federated = (sub: string | string[]) => [
    {
      Effect: "Allow",
      Principal: { Federated: expect.stringContaining("aws_iam_openid_connect_provider.github_provider") },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:sub`]: sub } },
    },
  ];

  it("knows GitHub as an identity provider, without a thumbprint", () => {
    expect(onlyResource(json, "aws_iam_openid_connect_provider")).toEqual({
      url: `https://${ISSUER}`,
      client_id_list: ["sts.amazonaws.com"],
    });
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

describe("sizes", () => {
  /** Longest ARNs that references may stand for: a bucket's name has 63 characters at the most. */
  const size = (block: Block) => (block.policy as string).replace(/\$\{[^}]*}/g, "x".repeat(90)).length;

  it.each([
    ["prod", json],
    ["several environments", shared],
  ] as const)("policies fit into what IAM takes: %s", (_, stack) => {
    for (const policy of resourcesOf(stack, "aws_iam_policy")) expect([policy.name, size(policy) <= 6144]).toEqual([policy.name, true]);
    for (const policy of resourcesOf(stack, "aws_iam_role_policy"))
      expect([policy.role, size(policy) <= 10_240]).toEqual([policy.role, true]);
    for (const role of resourcesOf(stack, "aws_iam_role")) expect((role.assume_role_policy as string).length).toBeLessThanOrEqual(2048);
  });
});
