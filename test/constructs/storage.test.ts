import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import { EncryptionKey } from "../../constructs/identity/encryption-key";
import { Role } from "../../constructs/identity/role";
import { AccessLogBucket } from "../../constructs/storage/access-log-bucket";
import { Bucket, type BucketProps } from "../../constructs/storage/bucket";
import { Replication } from "../../constructs/storage/replication";
import { Secret } from "../../constructs/storage/secret";
import { Table } from "../../constructs/storage/table";
import { onlyResource, plain, policyOf, resourcesOf, synthConstructs, type Block, type StackJson } from "../helpers/synth";

const account = "111122223333";
const alerts = { arn: `arn:aws:sns:ap-northeast-1:${account}:alerts` };
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
    expect(onlyResource(json, "aws_s3_bucket")).toMatchObject({ bucket: "raw-data", force_destroy: false, lifecycle: { prevent_destroy: true } });
    expect(onlyResource(json, "aws_s3_bucket").tags).toBeUndefined();
    expect(onlyResource(json, "aws_s3_bucket_versioning")).toMatchObject({ versioning_configuration: { status: "Enabled" } });
    expect(onlyResource(json, "aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }]);
    expect(onlyResource(json, "aws_s3_bucket_public_access_block")).toMatchObject({ block_public_acls: true, ignore_public_acls: true, block_public_policy: true, restrict_public_buckets: true });
    expect(onlyResource(json, "aws_s3_bucket_ownership_controls")).toMatchObject({ rule: { object_ownership: "BucketOwnerEnforced" } });
  });

  it("refuses calls without TLS on bucket and objects, and takes further statements", () => {
    const statement = { sid: "Read", principals: { AWS: `arn:aws:iam::${account}:role/reader` }, actions: ["s3:GetObject"], resources: ["arn:aws:s3:::raw-data/*"] };
    const policy = policyOf(onlyResource(synthBucket({}, (bucket) => bucket.addToPolicy(statement)), "aws_s3_bucket_policy"), "policy");
    expect(plain(policy.Statement)).toEqual([
      { Sid: "DenyWithoutTls", Effect: "Deny", Principal: "*", Action: "s3:*", Resource: ["raw_bucket.arn", "raw_bucket.arn/*"], Condition: { Bool: { "aws:SecureTransport": "false" } } },
      { Sid: "Read", Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:role/reader` }, Action: "s3:GetObject", Resource: "arn:aws:s3:::raw-data/*" },
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
      { id: "incomplete-uploads", status: "Enabled", filter: [{ prefix: "" }], abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }] },
    ]);
  });

  it("moves objects to colder classes and lets them expire when told to (DAT-050)", () => {
    const rules = onlyResource(synthBucket({ transitions: [{ days: 30, storageClass: "STANDARD_IA" }, { days: 365, storageClass: "DEEP_ARCHIVE" }], expirationDays: 400, noncurrentVersionDays: 5 }), "aws_s3_bucket_lifecycle_configuration").rule as Block[];
    expect(rules.slice(0, 3)).toEqual([
      { id: "transitions", status: "Enabled", filter: [{ prefix: "" }], transition: [{ days: 30, storage_class: "STANDARD_IA" }, { days: 365, storage_class: "DEEP_ARCHIVE" }] },
      { id: "expiration", status: "Enabled", filter: [{ prefix: "" }], expiration: [{ days: 400 }] },
      { id: "noncurrent-versions", status: "Enabled", filter: [{ prefix: "" }], noncurrent_version_expiration: [{ noncurrent_days: 5 }] },
    ]);
  });

  it("is destroyed with what it holds once it is not protected", () => {
    const bucket = onlyResource(synthBucket({ protect: false, documentedName: "tss-raw-data" }), "aws_s3_bucket");
    expect(bucket).toMatchObject({ force_destroy: true, tags: { DocumentedName: "tss-raw-data" } });
    expect(bucket.lifecycle).toBeUndefined();
  });

  it("suspends versions only when told to (C-29)", () => {
    expect(onlyResource(synthBucket({ versioning: false }), "aws_s3_bucket_versioning")).toMatchObject({ versioning_configuration: { status: "Suspended" } });
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
      expect(plain(onlyResource(synthWithKey(() => undefined), "aws_s3_bucket_server_side_encryption_configuration").rule)).toEqual([
        { apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: "key.arn" }, bucket_key_enabled: true },
      ]);
    });

    it("grants the key together with the objects", () => {
      expect(plain(grantsOf(synthWithKey((bucket, role) => bucket.grantRead(role)))[2])).toEqual({ Effect: "Allow", Action: "kms:Decrypt", Resource: "key.arn" });
      expect(plain(grantsOf(synthWithKey((bucket, role) => bucket.grantReadWrite(role)))[2])).toEqual({ Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: "key.arn" });
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
    expect(plain(encryption)).toMatchObject({ bucket: "logs_bucket.id", rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }] });
    const [lifecycle] = resourcesOf(json, "aws_s3_bucket_lifecycle_configuration");
    expect(lifecycle?.rule).toContainEqual({ id: "expiration", status: "Enabled", filter: [{ prefix: "" }], expiration: [{ days: 30 }] });
    expect(resourcesOf(json, "aws_s3_bucket")[0]).toMatchObject({ bucket: "access-logs", force_destroy: true });
  });

  it("takes the logs of its account's named buckets only, from S3's log delivery (SEC-073)", () => {
    const policies = resourcesOf(json, "aws_s3_bucket_policy").map((block) => policyOf(block, "policy").Statement);
    expect(policies.map((statements) => statements.map(({ Sid }) => Sid))).toEqual([["DenyWithoutTls", "AccessLogs"], ["DenyWithoutTls"], ["DenyWithoutTls"]]);
    expect(plain(policies[0]?.[1])).toEqual({
      Sid: "AccessLogs", Effect: "Allow", Principal: { Service: "logging.s3.amazonaws.com" }, Action: "s3:PutObject", Resource: "logs_bucket.arn/*",
      Condition: { ArnEquals: { "aws:SourceArn": ["raw_bucket.arn", "results_bucket.arn"] }, StringEquals: { "aws:SourceAccount": account } },
    });
  });

  it("receives each bucket's log below the bucket's name, once its policy allows it", () => {
    for (const logging of resourcesOf(json, "aws_s3_bucket_logging")) expect(logging.depends_on).toEqual([expect.stringMatching(/^aws_s3_bucket_policy\.logs_policy_/)]);
    expect(resourcesOf(json, "aws_s3_bucket_logging").map(({ bucket, target_bucket, target_prefix }) => plain([bucket, target_bucket, target_prefix]))).toEqual([
      ["raw_bucket.id", "logs_bucket.bucket", "raw-data/"], ["results_bucket.id", "logs_bucket.bucket", "results-data/"],
    ]);
  });
});

describe("Replication", () => {
  const synthReplication = (keyed: boolean) => synthConstructs((stack) => {
    const original = new Bucket(stack, "raw", { name: "raw-data", key: keyed ? newKey(stack) : undefined });
    new Replication(stack, "replication", {
      account, sourceRegion: "ap-northeast-1", region: "ap-northeast-3", provider: new AwsProvider(stack, "osaka", { region: "ap-northeast-3", alias: "osaka" }),
      roleName: "copier", keyAlias: keyed ? "data-copies" : undefined, accessLogs: { name: "access-logs-osaka", expirationDays: 30 },
    }).replicate("raw", original, { name: "raw-data-osaka", transitions: [{ days: 30, storageClass: "STANDARD_IA" }] });
  });
  const json = synthReplication(true);

  it("makes the copy and all that belongs to it in the second region, the role and the rule in the first", () => {
    for (const [type, resources] of Object.entries(json.resource ?? {})) {
      for (const [id, { provider }] of Object.entries(resources)) expect([type, id, provider]).toEqual([type, id, id.startsWith("replication_copies_") ? "aws.osaka" : undefined]);
    }
    expect(Object.keys(json.resource?.aws_kms_key ?? {})).toEqual([expect.stringMatching(/^key_[0-9A-F]{8}$/), expect.stringMatching(/^replication_copies_key_[0-9A-F]{8}$/)]);
  });

  it("gives the copy the companions of every bucket", () => {
    const [copy] = resourcesOf(json, "aws_s3_bucket").filter(({ bucket }) => bucket === "raw-data-osaka");
    expect(copy).toMatchObject({ force_destroy: false, lifecycle: { prevent_destroy: true } });
    const companion = (type: string) => resourcesOf(json, type).find(({ bucket }) => plain(bucket) === "replication_copies_raw_bucket.id");
    expect(companion("aws_s3_bucket_versioning")).toMatchObject({ versioning_configuration: { status: "Enabled" } });
    expect(plain(companion("aws_s3_bucket_server_side_encryption_configuration"))).toMatchObject({ rule: [{ apply_server_side_encryption_by_default: { kms_master_key_id: "replication_copies_key.arn" }, bucket_key_enabled: true }] });
    expect(companion("aws_s3_bucket_public_access_block")).toMatchObject({ block_public_acls: true, restrict_public_buckets: true });
    expect(companion("aws_s3_bucket_lifecycle_configuration")).toMatchObject({ rule: [{ transition: [{ days: 30, storage_class: "STANDARD_IA" }] }, {}, {}] });
    expect(plain(companion("aws_s3_bucket_logging"))).toMatchObject({ target_bucket: "replication_copies_access-logs_bucket.bucket" });
    expect(policyOf(companion("aws_s3_bucket_policy")!, "policy").Statement).toEqual([
      expect.objectContaining({ Effect: "Deny", Principal: "*", Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    ]);
  });

  it("copies everything, delete markers and KMS-encrypted objects included, once both keep versions", () => {
    expect(plain(onlyResource(json, "aws_s3_bucket_replication_configuration"))).toMatchObject({
      bucket: "raw_bucket.bucket",
      role: "replication_role.arn",
      rule: [{
        id: "everything", status: "Enabled", priority: 1, filter: { prefix: "" }, delete_marker_replication: { status: "Enabled" },
        source_selection_criteria: { sse_kms_encrypted_objects: { status: "Enabled" } },
        destination: { bucket: "replication_copies_raw_bucket.arn", encryption_configuration: { replica_kms_key_id: "replication_copies_key.arn" } },
      }],
      depends_on: [expect.stringMatching(/^aws_s3_bucket_versioning\.raw_/), expect.stringMatching(/^aws_s3_bucket_versioning\.replication_copies_raw_/)],
    });
  });

  it("lets S3 alone take the role, and copy these buckets with these keys only", () => {
    expect(policyOf(onlyResource(json, "aws_iam_role"), "assume_role_policy").Statement).toEqual([{ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sts:AssumeRole" }]);
    expect(plain(grantsOf(json))).toEqual([
      { Effect: "Allow", Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"], Resource: "raw_bucket.arn" },
      { Effect: "Allow", Action: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"], Resource: "raw_bucket.arn/*" },
      { Effect: "Allow", Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"], Resource: "replication_copies_raw_bucket.arn/*" },
      {
        Effect: "Allow", Action: "kms:Decrypt", Resource: "key.arn",
        Condition: { StringEquals: { "kms:ViaService": "s3.ap-northeast-1.amazonaws.com" }, StringLike: { "kms:EncryptionContext:aws:s3:arn": ["raw_bucket.arn", "raw_bucket.arn/*"] } },
      },
      {
        Effect: "Allow", Action: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"], Resource: "replication_copies_key.arn",
        Condition: {
          StringEquals: { "kms:ViaService": "s3.ap-northeast-3.amazonaws.com" },
          StringLike: { "kms:EncryptionContext:aws:s3:arn": ["replication_copies_raw_bucket.arn", "replication_copies_raw_bucket.arn/*"] },
        },
      },
    ]);
  });

  it("needs no key where the originals have none", () => {
    const keyless = synthReplication(false);
    expect(resourcesOf(keyless, "aws_kms_key")).toEqual([]);
    const [rule] = onlyResource(keyless, "aws_s3_bucket_replication_configuration").rule as Block[];
    expect(rule).not.toHaveProperty("source_selection_criteria");
    expect(plain(rule?.destination)).toEqual({ bucket: "replication_copies_raw_bucket.arn" });
    expect(grantsOf(keyless)).toHaveLength(3);
  });
});

describe("Table", () => {
  const globalSecondaryIndexes = [{ name: "GSI1", partitionKey: "gs1pk", sortKey: "gs1sk", projectedAttributes: ["position_id", "status"] }];
  const json = synthConstructs((stack) => {
    const table = new Table(stack, "orders", { name: "OrderState", globalSecondaryIndexes });
    table.grantReadWrite(newRole(stack));
    table.alarmOnThrottles(alerts, { name: "DynamoDB-Throttles", nameSuffix: "-dev", threshold: 5 });
  });

  it("has the documented keys, billing, time to live and recovery (DAT-007 … DAT-010)", () => {
    expect(onlyResource(json, "aws_dynamodb_table")).toMatchObject({
      name: "OrderState", billing_mode: "PAY_PER_REQUEST", hash_key: "pk", range_key: "sk",
      attribute: ["pk", "sk", "gs1pk", "gs1sk"].map((name) => ({ name, type: "S" })),
      ttl: { attribute_name: "ttl", enabled: true },
      point_in_time_recovery: { enabled: true, recovery_period_in_days: 35 },
      deletion_protection_enabled: true, lifecycle: { prevent_destroy: true },
    });
  });

  it("takes over what exists by that name, and refuses meanwhile to destroy it", () => {
    const existing = synthConstructs((stack) => { new Table(stack, "orders", { name: "OrderState", existing: true, protect: false }); });
    expect(existing.import).toEqual([{ to: expect.stringMatching(/^aws_dynamodb_table\.orders_table_/) as string, id: "OrderState" }]);
    expect(onlyResource(existing, "aws_dynamodb_table")).toMatchObject({ deletion_protection_enabled: false, lifecycle: { prevent_destroy: true } });
    expect(json.import).toBeUndefined();
  });

  it("projects only what an index needs (DAT-025)", () => {
    expect(onlyResource(json, "aws_dynamodb_table").global_secondary_index).toEqual([
      { name: "GSI1", hash_key: "gs1pk", range_key: "gs1sk", projection_type: "INCLUDE", non_key_attributes: ["position_id", "status"] },
    ]);
  });

  it("is encrypted by the AWS managed key, or by the customer's, and grants the latter (SEC-064, C-74)", () => {
    expect(onlyResource(json, "aws_dynamodb_table").server_side_encryption).toEqual({ enabled: true });
    const keyed = synthConstructs((stack) => {
      const table = new Table(stack, "orders", { name: "OrderState", key: newKey(stack) });
      table.grantRead(newRole(stack));
    });
    expect(plain(onlyResource(keyed, "aws_dynamodb_table").server_side_encryption)).toEqual({ enabled: true, kms_key_arn: "key.arn" });
    expect(plain(grantsOf(keyed))).toEqual([
      { Effect: "Allow", Action: ["dynamodb:GetItem", "dynamodb:Query"], Resource: ["orders_table.arn", "orders_table.arn/index/*"] },
      { Effect: "Allow", Action: "kms:Decrypt", Resource: "key.arn" },
    ]);
  });

  it("grants writing without deleting or scanning, indexes included (SEC-032, SEC-033, C-39)", () => {
    expect(plain(grantsOf(json))).toEqual([
      { Effect: "Allow", Action: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query"], Resource: ["orders_table.arn", "orders_table.arn/index/*"] },
    ]);
  });

  it("alarms on the documented metric and on throttles of this table (OBS-026, C-43)", () => {
    const alarms = resourcesOf(json, "aws_cloudwatch_metric_alarm");
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({ namespace: "AWS/DynamoDB", statistic: "Sum", comparison_operator: "GreaterThanThreshold", threshold: 5, period: 300, evaluation_periods: 1, alarm_actions: [alerts.arn] });
    }
    expect(alarms.map(({ alarm_name, metric_name, dimensions }) => plain([alarm_name, metric_name, dimensions ?? null]))).toEqual([
      ["DynamoDB-Throttles-Read-dev", "ReadThrottleEvents", { TableName: "orders_table.name" }],
      ["DynamoDB-Throttles-dev", "UserErrors", null],
      ["DynamoDB-Throttles-Write-dev", "WriteThrottleEvents", { TableName: "orders_table.name" }],
    ]);
  });

  it("can be destroyed once it is not protected", () => {
    const table = onlyResource(synthConstructs((stack) => new Table(stack, "orders", { name: "OrderState", protect: false })), "aws_dynamodb_table");
    expect(table.deletion_protection_enabled).toBe(false);
    expect(table.lifecycle).toBeUndefined();
  });
});

describe("Secret", () => {
  const props = { name: "TSS/mt5/demo", description: "MT5 Demo Account Credentials", keys: ["login", "password", "server"] };

  it("is empty, and shows the keys to fill in (SEC-050, design 11)", () => {
    const json = synthConstructs((stack) => new Secret(stack, "mt5", props));
    expect(onlyResource(json, "aws_secretsmanager_secret")).toMatchObject({
      name: "TSS/mt5/demo", description: "MT5 Demo Account Credentials", tags: { Keys: "login password server" }, recovery_window_in_days: 30, lifecycle: { prevent_destroy: true },
    });
    expect(onlyResource(json, "aws_secretsmanager_secret")).not.toHaveProperty("kms_key_id");
    expect(Object.keys(json.resource ?? {})).toEqual(["aws_secretsmanager_secret"]);
  });

  it("goes at once when it is not protected", () => {
    const secret = onlyResource(synthConstructs((stack) => new Secret(stack, "mt5", { ...props, protect: false })), "aws_secretsmanager_secret");
    expect(secret.recovery_window_in_days).toBe(0);
    expect(secret).not.toHaveProperty("lifecycle");
  });

  it("grants its value and its key (SEC-040)", () => {
    const json = synthConstructs((stack) => new Secret(stack, "mt5", { ...props, key: newKey(stack) }).grantRead(newRole(stack)));
    expect(plain(onlyResource(json, "aws_secretsmanager_secret").kms_key_id)).toBe("key.arn");
    expect(plain(grantsOf(json))).toEqual([
      { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "mt5_secret.arn" },
      { Effect: "Allow", Action: "kms:Decrypt", Resource: "key.arn" },
    ]);
  });
});
