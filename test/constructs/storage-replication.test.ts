import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import { EncryptionKey } from "../../constructs/identity/encryption-key";
import { Bucket } from "../../constructs/storage/bucket";
import { Replication } from "../../constructs/storage/replication";
import { onlyResource, plain, policyOf, resourcesOf, synthConstructs, type Block, type StackJson } from "../helpers/synth";

const account = "111122223333";
const alerts = { arn: `arn:aws:sns:ap-northeast-1:${account}:alerts` };
const newKey = (stack: TerraformStack) => new EncryptionKey(stack, "key", { account, alias: "data", description: "data" });
const grantsOf = (json: StackJson) => policyOf(onlyResource(json, "aws_iam_role_policy"), "policy").Statement;

describe("Replication", () => {
  const synthReplication = (keyed: boolean) =>
    synthConstructs((stack) => {
      const original = new Bucket(stack, "raw", { name: "raw-data", key: keyed ? newKey(stack) : undefined });
      new Replication(stack, "replication", {
        account,
        sourceRegion: "ap-northeast-1",
        region: "ap-northeast-3",
        provider: new AwsProvider(stack, "osaka", { region: "ap-northeast-3", alias: "osaka" }),
        roleName: "copier",
        alerts,
        nameSuffix: "-dev",
        keyAlias: keyed ? "data-copies" : undefined,
        accessLogs: { name: "access-logs-osaka", expirationDays: 30 },
      }).replicate("raw", original, { name: "raw-data-osaka", transitions: [{ days: 30, storageClass: "STANDARD_IA" }] });
    });
  const json = synthReplication(true);

  it("makes the copy and all that belongs to it in the second region, the role and the rule in the first", () => {
    for (const [type, resources] of Object.entries(json.resource ?? {})) {
      for (const [id, { provider }] of Object.entries(resources))
        expect([type, id, provider]).toEqual([type, id, id.startsWith("replication_copies_") ? "aws.osaka" : undefined]);
    }
    expect(Object.keys(json.resource?.aws_kms_key ?? {})).toEqual([
      expect.stringMatching(/^key_[0-9A-F]{8}$/),
      expect.stringMatching(/^replication_copies_key_[0-9A-F]{8}$/),
    ]);
  });

  it("gives the copy the companions of every bucket", () => {
    const [copy] = resourcesOf(json, "aws_s3_bucket").filter(({ bucket }) => bucket === "raw-data-osaka");
    expect(copy).toMatchObject({ force_destroy: false, lifecycle: { prevent_destroy: true } });
    const companion = (type: string) => resourcesOf(json, type).find(({ bucket }) => plain(bucket) === "replication_copies_raw_bucket.id");
    expect(companion("aws_s3_bucket_versioning")).toMatchObject({ versioning_configuration: { status: "Enabled" } });
    expect(plain(companion("aws_s3_bucket_server_side_encryption_configuration"))).toMatchObject({
      rule: [{ apply_server_side_encryption_by_default: { kms_master_key_id: "replication_copies_key.arn" }, bucket_key_enabled: true }],
    });
    expect(companion("aws_s3_bucket_public_access_block")).toMatchObject({ block_public_acls: true, restrict_public_buckets: true });
    expect(companion("aws_s3_bucket_lifecycle_configuration")).toMatchObject({
      rule: [{ transition: [{ days: 30, storage_class: "STANDARD_IA" }] }, {}, {}],
    });
    expect(plain(companion("aws_s3_bucket_logging"))).toMatchObject({ target_bucket: "replication_copies_access-logs_bucket.bucket" });
    expect(policyOf(companion("aws_s3_bucket_policy")!, "policy").Statement).toEqual([
      expect.objectContaining({ Effect: "Deny", Principal: "*", Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    ]);
  });

  it("copies everything, delete markers and KMS-encrypted objects included, once both keep versions", () => {
    expect(plain(onlyResource(json, "aws_s3_bucket_replication_configuration"))).toMatchObject({
      bucket: "raw_bucket.bucket",
      role: "replication_role.arn",
      rule: [
        {
          id: "everything",
          status: "Enabled",
          priority: 1,
          filter: { prefix: "" },
          delete_marker_replication: { status: "Enabled" },
          source_selection_criteria: { sse_kms_encrypted_objects: { status: "Enabled" } },
          destination: {
            bucket: "replication_copies_raw_bucket.arn",
            encryption_configuration: { replica_kms_key_id: "replication_copies_key.arn" },
            metrics: { status: "Enabled" },
          },
        },
      ],
      depends_on: [
        expect.stringMatching(/^aws_s3_bucket_versioning\.raw_/),
        expect.stringMatching(/^aws_s3_bucket_versioning\.replication_copies_raw_/),
      ],
    });
  });

  it("lets S3 alone take the role, and copy these buckets with these keys only", () => {
    expect(policyOf(onlyResource(json, "aws_iam_role"), "assume_role_policy").Statement).toEqual([
      { Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    expect(plain(grantsOf(json))).toEqual([
      { Effect: "Allow", Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"], Resource: "raw_bucket.arn" },
      {
        Effect: "Allow",
        Action: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
        Resource: "raw_bucket.arn/*",
      },
      {
        Effect: "Allow",
        Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
        Resource: "replication_copies_raw_bucket.arn/*",
      },
      {
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: "key.arn",
        Condition: {
          StringEquals: { "kms:ViaService": "s3.ap-northeast-1.amazonaws.com" },
          StringLike: { "kms:EncryptionContext:aws:s3:arn": ["raw_bucket.arn", "raw_bucket.arn/*"] },
        },
      },
      {
        Effect: "Allow",
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"],
        Resource: "replication_copies_key.arn",
        Condition: {
          StringEquals: { "kms:ViaService": "s3.ap-northeast-3.amazonaws.com" },
          StringLike: { "kms:EncryptionContext:aws:s3:arn": ["replication_copies_raw_bucket.arn", "replication_copies_raw_bucket.arn/*"] },
        },
      },
    ]);
  });

  it("tells of what could not be copied, in the first region", () => {
    expect(plain(onlyResource(json, "aws_cloudwatch_metric_alarm"))).toMatchObject({
      alarm_name: "S3-Replication-Failed-raw-dev",
      namespace: "AWS/S3",
      metric_name: "OperationsFailedReplication",
      statistic: "Sum",
      comparison_operator: "GreaterThanThreshold",
      threshold: 0,
      dimensions: { SourceBucket: "raw_bucket.bucket", DestinationBucket: "replication_copies_raw_bucket.bucket", RuleId: "everything" },
      treat_missing_data: "notBreaching",
      alarm_actions: [alerts.arn],
    });
  });

  it("needs no key where the originals have none", () => {
    const keyless = synthReplication(false);
    expect(resourcesOf(keyless, "aws_kms_key")).toEqual([]);
    const [rule] = onlyResource(keyless, "aws_s3_bucket_replication_configuration").rule as Block[];
    expect(rule).not.toHaveProperty("source_selection_criteria");
    expect(plain(rule?.destination)).toEqual({ bucket: "replication_copies_raw_bucket.arn", metrics: { status: "Enabled" } });
    expect(grantsOf(keyless)).toHaveLength(3);
  });
});
