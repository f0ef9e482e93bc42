import type { TerraformStack } from "cdktf";
import { EncryptionKey } from "../../constructs/identity/encryption-key";
import { Role } from "../../constructs/identity/role";
import { AccessLogBucket } from "../../constructs/storage/access-log-bucket";
import { Bucket, type BucketProps } from "../../constructs/storage/bucket";
import { onlyResource, plain, policyOf, resourcesOf, synthConstructs, type Block, type StackJson } from "../helpers/synth";

const account = "111122223333";
const newKey = (stack: TerraformStack) => new EncryptionKey(stack, "key", { account, alias: "data", description: "data" });
const newRole = (stack: TerraformStack) => new Role(stack, "role", { name: "host", description: "host", assumedBy: "ec2.amazonaws.com" });
const grantsOf = (json: StackJson) => policyOf(onlyResource(json, "aws_iam_role_policy"), "policy").Statement;

describe("Bucket", () => {
  const synthBucket = (props: Partial<BucketProps> = {}, use?: (bucket: Bucket, stack: TerraformStack) => void) =>
    synthConstructs((stack) => {
      const bucket = new Bucket(stack, "raw", { name: "raw-data", ...props });
      use?.(bucket, stack);
    });
  const json = synthBucket();

  it("is protected, versioned, encrypted by S3, closed to the public and to foreign owners (DAT-047, DAT-048, SEC-063)", () => {
    expect(onlyResource(json, "aws_s3_bucket")).toMatchObject({
      bucket: "raw-data",
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(onlyResource(json, "aws_s3_bucket").tags).toBeUndefined();
    expect(onlyResource(json, "aws_s3_bucket_versioning")).toMatchObject({ versioning_configuration: { status: "Enabled" } });
    expect(onlyResource(json, "aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
      { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
    ]);
    expect(onlyResource(json, "aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      ignore_public_acls: true,
      block_public_policy: true,
      restrict_public_buckets: true,
    });
    expect(onlyResource(json, "aws_s3_bucket_ownership_controls")).toMatchObject({ rule: { object_ownership: "BucketOwnerEnforced" } });
  });

  it("refuses calls without TLS on bucket and objects, and takes further statements", () => {
    const statement = {
      sid: "Read",
      principals: { AWS: `arn:aws:iam::${account}:role/reader` },
      actions: ["s3:GetObject"],
      resources: ["arn:aws:s3:::raw-data/*"],
    };
    const policy = policyOf(
      onlyResource(
        synthBucket({}, (bucket) => bucket.addToPolicy(statement)),
        "aws_s3_bucket_policy",
      ),
      "policy",
    );
    expect(plain(policy.Statement)).toEqual([
      {
        Sid: "DenyWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["raw_bucket.arn", "raw_bucket.arn/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      {
        Sid: "Read",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:role/reader` },
        Action: "s3:GetObject",
        Resource: "arn:aws:s3:::raw-data/*",
      },
    ]);
  });

  it("takes over what exists by that name, and refuses meanwhile to destroy it; its settings are written over what stands there", () => {
    const existing = synthBucket({ existing: true, protect: false });
    expect(existing.import).toEqual([{ to: expect.stringMatching(/^aws_s3_bucket\.raw_bucket_[0-9A-F]{8}$/) as string, id: "raw-data" }]);
    expect(onlyResource(existing, "aws_s3_bucket")).toMatchObject({ force_destroy: true, lifecycle: { prevent_destroy: true } });
    expect(json.import).toBeUndefined();
  });

  it("drops old versions and unfinished uploads, and nothing else by default", () => {
    expect(onlyResource(json, "aws_s3_bucket_lifecycle_configuration").rule).toEqual([
      { id: "noncurrent-versions", status: "Enabled", filter: [{ prefix: "" }], noncurrent_version_expiration: [{ noncurrent_days: 90 }] },
      {
        id: "incomplete-uploads",
        status: "Enabled",
        filter: [{ prefix: "" }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      },
    ]);
  });

  it("moves objects to colder classes and lets them expire when told to (DAT-050)", () => {
    const rules = onlyResource(
      synthBucket({
        transitions: [
          { days: 30, storageClass: "STANDARD_IA" },
          { days: 365, storageClass: "DEEP_ARCHIVE" },
        ],
        expirationDays: 400,
        noncurrentVersionDays: 5,
      }),
      "aws_s3_bucket_lifecycle_configuration",
    ).rule as Block[];
    expect(rules.slice(0, 3)).toEqual([
      {
        id: "transitions",
        status: "Enabled",
        filter: [{ prefix: "" }],
        transition: [
          { days: 30, storage_class: "STANDARD_IA" },
          { days: 365, storage_class: "DEEP_ARCHIVE" },
        ],
      },
      { id: "expiration", status: "Enabled", filter: [{ prefix: "" }], expiration: [{ days: 400 }] },
      { id: "noncurrent-versions", status: "Enabled", filter: [{ prefix: "" }], noncurrent_version_expiration: [{ noncurrent_days: 5 }] },
    ]);
  });

  it("lets only what is below a prefix expire (LNX-014)", () => {
    const rules = onlyResource(
      synthBucket({ expirations: [{ prefix: "backups/engine/", days: 365 }] }),
      "aws_s3_bucket_lifecycle_configuration",
    ).rule as Block[];
    expect(rules[0]).toEqual({
      id: "expiration-of-backups-engine",
      status: "Enabled",
      filter: [{ prefix: "backups/engine/" }],
      expiration: [{ days: 365 }],
    });
    expect(rules).toHaveLength(3);
  });

  it("is destroyed with what it holds once it is not protected", () => {
    const bucket = onlyResource(synthBucket({ protect: false, documentedName: "tss-raw-data" }), "aws_s3_bucket");
    expect(bucket).toMatchObject({ force_destroy: true, tags: { DocumentedName: "tss-raw-data" } });
    expect(bucket.lifecycle).toBeUndefined();
  });

  it("suspends versions only when told to (C-29)", () => {
    expect(onlyResource(synthBucket({ versioning: false }), "aws_s3_bucket_versioning")).toMatchObject({
      versioning_configuration: { status: "Suspended" },
    });
  });

  it("grants reading and writing without deleting (SEC-035)", () => {
    expect(plain(grantsOf(synthBucket({}, (bucket, stack) => bucket.grantReadWrite(newRole(stack)))))).toEqual([
      { Effect: "Allow", Action: "s3:ListBucket", Resource: "raw_bucket.arn" },
      { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: "raw_bucket.arn/*" },
    ]);
    expect(plain(grantsOf(synthBucket({}, (bucket, stack) => bucket.grantRead(newRole(stack)))))).toEqual([
      { Effect: "Allow", Action: "s3:ListBucket", Resource: "raw_bucket.arn" },
      { Effect: "Allow", Action: "s3:GetObject", Resource: "raw_bucket.arn/*" },
    ]);
  });

  describe("with a customer key", () => {
    const synthWithKey = (use: (bucket: Bucket, role: Role) => void) =>
      synthConstructs((stack) => use(new Bucket(stack, "raw", { name: "raw-data", key: newKey(stack) }), newRole(stack)));

    it("encrypts with it through a bucket key (C-74)", () => {
      expect(
        plain(
          onlyResource(
            synthWithKey(() => undefined),
            "aws_s3_bucket_server_side_encryption_configuration",
          ).rule,
        ),
      ).toEqual([
        { apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: "key.arn" }, bucket_key_enabled: true },
      ]);
    });

    it("grants the key together with the objects", () => {
      expect(plain(grantsOf(synthWithKey((bucket, role) => bucket.grantRead(role)))[2])).toEqual({
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: "key.arn",
      });
      expect(plain(grantsOf(synthWithKey((bucket, role) => bucket.grantReadWrite(role)))[2])).toEqual({
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: "key.arn",
      });
    });
  });
});

describe("AccessLogBucket", () => {
  const json = synthConstructs((stack) => {
    const accessLogs = new AccessLogBucket(stack, "logs", { name: "access-logs", account, expirationDays: 30, protect: false });
    new Bucket(stack, "raw", { name: "raw-data", accessLogs });
    new Bucket(stack, "results", { name: "results-data", accessLogs, key: newKey(stack) });
  });

  it("is encrypted by S3 and expires (C-74)", () => {
    const [encryption] = resourcesOf(json, "aws_s3_bucket_server_side_encryption_configuration");
    expect(plain(encryption)).toMatchObject({
      bucket: "logs_bucket.id",
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
    });
    const [lifecycle] = resourcesOf(json, "aws_s3_bucket_lifecycle_configuration");
    expect(lifecycle?.rule).toContainEqual({ id: "expiration", status: "Enabled", filter: [{ prefix: "" }], expiration: [{ days: 30 }] });
    expect(resourcesOf(json, "aws_s3_bucket")[0]).toMatchObject({ bucket: "access-logs", force_destroy: true });
  });

  it("takes the logs of its account's named buckets only, from S3's log delivery (SEC-073)", () => {
    const policies = resourcesOf(json, "aws_s3_bucket_policy").map((block) => policyOf(block, "policy").Statement);
    expect(policies.map((statements) => statements.map(({ Sid }) => Sid))).toEqual([
      ["DenyWithoutTls", "AccessLogs"],
      ["DenyWithoutTls"],
      ["DenyWithoutTls"],
    ]);
    expect(plain(policies[0]?.[1])).toEqual({
      Sid: "AccessLogs",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: "logs_bucket.arn/*",
      Condition: {
        ArnEquals: { "aws:SourceArn": ["raw_bucket.arn", "results_bucket.arn"] },
        StringEquals: { "aws:SourceAccount": account },
      },
    });
  });

  it("receives each bucket's log below the bucket's name, once its policy allows it", () => {
    for (const logging of resourcesOf(json, "aws_s3_bucket_logging"))
      expect(logging.depends_on).toEqual([expect.stringMatching(/^aws_s3_bucket_policy\.logs_policy_/)]);
    expect(
      resourcesOf(json, "aws_s3_bucket_logging").map(({ bucket, target_bucket, target_prefix }) =>
        plain([bucket, target_bucket, target_prefix]),
      ),
    ).toEqual([
      ["raw_bucket.id", "logs_bucket.bucket", "raw-data/"],
      ["results_bucket.id", "logs_bucket.bucket", "results-data/"],
    ]);
  });
});
