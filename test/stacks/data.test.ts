import { Testing } from "cdktf";
import { loadEnvironment } from "../fixtures/environments";
import { IMPORTABLE, type Environment, type Importable } from "../../environments/schema";
import { DataStack } from "../../stacks/data";
import { TestNetwork } from "../helpers/network";
import { onlyResource, policyOf, resourcesOf, type Block, type StackJson } from "../helpers/synth";

function synthData(environment: Environment): StackJson {
  const app = Testing.app({ context: { excludeStackIdFromLogicalIds: "true", allowSepCharsInLogicalIds: "true" } });
  const stack = new DataStack(app, {
    environment,
    target: { kind: "aws" },
    network: new TestNetwork(app, "network"),
    alerts: { arn: "arn:aws:sns:ap-northeast-1:111122223333:alerts" },
  });
  return JSON.parse(Testing.synth(stack, true)) as StackJson;
}

const environments = { dev: loadEnvironment("dev"), staging: loadEnvironment("staging"), prod: loadEnvironment("prod") };
const stacks = { dev: synthData(environments.dev), staging: synthData(environments.staging), prod: synthData(environments.prod) };
const names = ["dev", "staging", "prod"] as const;
const STATEFUL = [
  "aws_db_instance",
  "aws_s3_bucket",
  "aws_dynamodb_table",
  "aws_elasticache_cluster",
  "aws_elasticache_replication_group",
  "aws_secretsmanager_secret",
];

const buckets = (json: StackJson): [id: string, block: Block][] => Object.entries(json.resource?.aws_s3_bucket ?? {});
/** The resources of a type that speak of a bucket, by its address. */
const companions = (json: StackJson, type: string, bucketId: string): Block[] =>
  resourcesOf(json, type).filter(({ bucket }) => (bucket as string).startsWith(`\${aws_s3_bucket.${bucketId}.`));
const companion = (json: StackJson, type: string, bucketId: string): Block => {
  const found = companions(json, type, bucketId);
  expect([bucketId, type, found.length]).toEqual([bucketId, type, 1]);
  return found[0]!;
};
const isLogBucket = (id: string): boolean => id.includes("access-logs");
const sorted = (values: readonly unknown[]) => [...values].sort();

it("imports what the literal says exists already, each by its name, and nothing else", () => {
  const { data } = environments.dev;
  const named: Readonly<Record<Importable, string>> = {
    "data.table": data.table.name,
    "data.accessLogBucket": data.accessLogBucket.name,
    "data.softwareBucket": data.softwareBucket.name,
    "data.buckets.rawMarketData": data.buckets.rawMarketData.name,
    "data.buckets.processedMarketData": data.buckets.processedMarketData.name,
    "data.buckets.backtestResults": data.buckets.backtestResults.name,
  };
  expect(Object.keys(named).sort()).toEqual([...IMPORTABLE].sort());
  for (const path of IMPORTABLE) {
    const json = synthData({ ...environments.dev, imports: [path] });
    expect(json.import).toEqual([
      { to: expect.stringMatching(path === "data.table" ? /^aws_dynamodb_table\./ : /^aws_s3_bucket\./) as string, id: named[path] },
    ]);
    const [type, id] = json.import![0]!.to.split(".") as [string, string];
    expect(json.resource![type]![id]).toMatchObject({ [type === "aws_s3_bucket" ? "bucket" : "name"]: named[path] });
  }
  expect(synthData({ ...environments.dev, imports: [...IMPORTABLE] }).import).toHaveLength(IMPORTABLE.length);
  for (const json of Object.values(stacks)) expect(json.import).toBeUndefined();
});

describe.each(names)("the data stack of %s", (name) => {
  const json = stacks[name];
  const environment = environments[name];
  const { backup, data, linuxEngine, nameSuffix } = environment;

  it("has the buckets that the literal names, and their copies (DAT-044 … DAT-046, C-50)", () => {
    const copied = [...Object.values(data.buckets), data.accessLogBucket].map((bucket) => bucket.name);
    const literal = [...copied, data.softwareBucket.name, ...(backup?.recoveryTest ? [backup.recoveryTest.bucketName] : [])];
    const copies = data.replication ? copied.map((bucket) => `${bucket}${data.replication?.bucketSuffix}`) : [];
    expect(sorted(buckets(json).map(([, { bucket }]) => bucket))).toEqual(sorted([...literal, ...copies]));
    expect(buckets(json).find(([id]) => id.startsWith("raw-market-data"))?.[1].tags).toEqual({ DocumentedName: "tss-raw-data" });
  });

  it("gives every bucket all of its companions (DAT-047, DAT-048, SEC-061, SEC-073)", () => {
    for (const [id] of buckets(json)) {
      expect(companion(json, "aws_s3_bucket_versioning", id)).toMatchObject({ versioning_configuration: { status: "Enabled" } });
      expect(companion(json, "aws_s3_bucket_public_access_block", id)).toMatchObject({
        block_public_acls: true,
        ignore_public_acls: true,
        block_public_policy: true,
        restrict_public_buckets: true,
      });
      expect(companion(json, "aws_s3_bucket_ownership_controls", id)).toMatchObject({ rule: { object_ownership: "BucketOwnerEnforced" } });
      expect(policyOf(companion(json, "aws_s3_bucket_policy", id), "policy").Statement[0]).toMatchObject({
        Sid: "DenyWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
      });
      expect((companion(json, "aws_s3_bucket_lifecycle_configuration", id).rule as Block[]).map((rule) => rule.id)).toEqual([
        ...(/^(software|recovery-tests)/.test(id) ? [] : [isLogBucket(id) ? "expiration" : "transitions"]),
        ...(id.startsWith("recovery-tests") ? ["expiration-of-copies"] : []),
        ...(linuxEngine && /(^|_)processed-market-data_/.test(id) ? ["expiration-of-backups-engine"] : []),
        "noncurrent-versions",
        "incomplete-uploads",
      ]);
      expect([id, companions(json, "aws_s3_bucket_logging", id).length]).toEqual([id, isLogBucket(id) ? 0 : 1]);
    }
  });

  it("encrypts data buckets with the stack's key where there is one, log buckets never (C-74, SEC-063)", () => {
    for (const [id] of buckets(json)) {
      const [rule] = companion(json, "aws_s3_bucket_server_side_encryption_configuration", id).rule as Block[];
      const copied = id.startsWith("replication_");
      expect([id, rule]).toEqual([
        id,
        environment.customerManagedKeys && !isLogBucket(id)
          ? {
              apply_server_side_encryption_by_default: {
                sse_algorithm: "aws:kms",
                kms_master_key_id: expect.stringMatching(copied ? /aws_kms_key\.replication_copies_key_/ : /aws_kms_key\.key_/),
              },
              bucket_key_enabled: true,
            }
          : { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
      ]);
    }
  });

  it("keeps each log in the region of its bucket", () => {
    for (const { bucket, target_bucket, provider } of resourcesOf(json, "aws_s3_bucket_logging")) {
      const copied = (bucket as string).includes("replication_copies_");
      expect(target_bucket).toMatch(copied ? /aws_s3_bucket\.replication_copies_access-logs_/ : /aws_s3_bucket\.access-logs_/);
      expect(provider).toBe(copied ? "aws.ap-northeast-3" : undefined);
    }
  });

  it("moves raw data to the deep archive and the rest to instant retrieval (DAT-050, DAT-051, C-28)", () => {
    const transitions = (id: string) =>
      buckets(json)
        .filter(([bucket]) => bucket.includes(id))
        .map(([bucket]) => (companion(json, "aws_s3_bucket_lifecycle_configuration", bucket).rule as Block[])[0]?.transition);
    const first = [
      { days: 30, storage_class: "STANDARD_IA" },
      { days: 90, storage_class: "GLACIER_IR" },
    ];
    for (const found of transitions("raw-market-data")) expect(found).toEqual([...first, { days: 365, storage_class: "DEEP_ARCHIVE" }]);
    for (const found of [...transitions("processed-market-data"), ...transitions("backtest-results")]) expect(found).toEqual(first);
  });

  it("has the order table with all five indexes (DAT-006 … DAT-025)", () => {
    const table = onlyResource(json, "aws_dynamodb_table");
    expect(table).toMatchObject({
      name: `TSS_DynamoDB_OrderState${nameSuffix}`,
      billing_mode: "PAY_PER_REQUEST",
      hash_key: "pk",
      range_key: "sk",
      ttl: { attribute_name: "ttl", enabled: true },
    });
    expect(
      (table.global_secondary_index as Block[]).map(({ name: index, hash_key, range_key, projection_type }) => [
        index,
        hash_key,
        range_key,
        projection_type,
      ]),
    ).toEqual([1, 2, 3, 4, 5].map((index) => [`GSI${index}`, `gs${index}pk`, `gs${index}sk`, "INCLUDE"]));
    expect(table.point_in_time_recovery).toEqual({ enabled: true, recovery_period_in_days: 35 });
  });

  it("names every alarm after its document and the environment, and sends it to the alerts topic (OBS-026, OBS-030, OBS-032)", () => {
    const nodes = { dev: [""], staging: ["-001"], prod: ["-0001-001", "-0001-002"] }[name];
    const alarms = resourcesOf(json, "aws_cloudwatch_metric_alarm");
    expect(sorted(alarms.map(({ alarm_name }) => alarm_name))).toEqual(
      sorted([
        ...["DynamoDB-Throttles", "DynamoDB-Throttles-Read", "DynamoDB-Throttles-Write"].map((alarm) => `${alarm}${nameSuffix}`),
        ...nodes.map((node) => `ElastiCache-Low-Memory${node}${nameSuffix}`),
        ...(data.replication
          ? ["raw-market-data", "processed-market-data", "backtest-results"].map((bucket) => `S3-Replication-Failed-${bucket}${nameSuffix}`)
          : []),
        ...(data.rds ? ["RDS-CPU", "RDS-Connections", "RDS-Low-Storage"].map((alarm) => `${alarm}${nameSuffix}`) : []),
      ]),
    );
    for (const { alarm_actions, ok_actions } of alarms)
      expect([alarm_actions, ok_actions]).toEqual([
        ["arn:aws:sns:ap-northeast-1:111122223333:alerts"],
        ["arn:aws:sns:ap-northeast-1:111122223333:alerts"],
      ]);
  });

  it("ends every physical name with the environment's suffix, as the literal does", () => {
    const own = [
      ...resourcesOf(json, "aws_kms_alias").map(({ name: alias }) => alias),
      ...resourcesOf(json, "aws_iam_role").map(({ name: role }) => role),
      ...resourcesOf(json, "aws_security_group").map(({ name: group }) => group),
      ...resourcesOf(json, "aws_elasticache_parameter_group").map(({ name: group }) => group),
      ...["aws_db_parameter_group", "aws_db_subnet_group"].flatMap((type) => resourcesOf(json, type).map(({ name: group }) => group)),
      ...resourcesOf(json, "aws_db_instance").map(({ identifier }) => identifier),
      ...resourcesOf(json, "aws_elasticache_subnet_group").map(({ name: group }) => group),
      ...resourcesOf(json, "aws_secretsmanager_secret").map(({ name: secret }) => secret),
    ] as string[];
    expect(own.filter((found) => !found.endsWith(nameSuffix))).toEqual([]);
    expect(own.length).toBeGreaterThan(2);
  });

  it("holds the empty broker and logon secrets and no value (design 11, SEC-050, SEC-051)", () => {
    expect(resourcesOf(json, "aws_secretsmanager_secret").map(({ name: secret, tags }) => [secret, tags])).toEqual([
      [data.secrets.mt5.name, { Keys: "login password server" }],
      [data.secrets.windowsLogon.name, { Keys: "password" }],
    ]);
    expect(json.resource).not.toHaveProperty("aws_secretsmanager_secret_version");
  });
});

describe("deletion protection", () => {
  const protectedBlocks = (json: StackJson) =>
    STATEFUL.flatMap((type) => resourcesOf(json, type)).filter(
      ({ lifecycle }) => (lifecycle as Block | undefined)?.prevent_destroy === true,
    );
  const statefulBlocks = (json: StackJson) => STATEFUL.flatMap((type) => resourcesOf(json, type));
  const expectDestroyable = (json: StackJson) => {
    expect(JSON.stringify(json)).not.toContain("prevent_destroy");
    for (const [id, { force_destroy }] of buckets(json)) expect([id, force_destroy]).toEqual([id, true]);
    expect(onlyResource(json, "aws_dynamodb_table").deletion_protection_enabled).toBe(false);
    for (const { recovery_window_in_days } of resourcesOf(json, "aws_secretsmanager_secret")) expect(recovery_window_in_days).toBe(0);
    for (const instance of resourcesOf(json, "aws_db_instance"))
      expect(instance).toMatchObject({ deletion_protection: false, skip_final_snapshot: true, delete_automated_backups: true });
    expect(JSON.stringify(json)).not.toContain("final_snapshot_identifier");
  };

  it.each(["staging", "prod"] as const)("holds everything stateful of %s, by Terraform and by the services", (name) => {
    const json = stacks[name];
    expect(protectedBlocks(json)).toEqual(statefulBlocks(json));
    expect(statefulBlocks(json)).toHaveLength(name === "prod" ? 15 : 11);
    for (const [id, { force_destroy }] of buckets(json)) expect([id, force_destroy]).toEqual([id, false]);
    expect(onlyResource(json, "aws_dynamodb_table").deletion_protection_enabled).toBe(true);
    for (const { recovery_window_in_days } of resourcesOf(json, "aws_secretsmanager_secret")) expect(recovery_window_in_days).toBe(30);
    expect(onlyResource(json, "aws_db_instance")).toMatchObject({
      deletion_protection: true,
      skip_final_snapshot: false,
      delete_automated_backups: false,
      final_snapshot_identifier: `tss-database${environments[name].nameSuffix}-final`,
    });
    expect(onlyResource(json, "aws_elasticache_replication_group").final_snapshot_identifier).toBe(
      `axia-redis-cache${environments[name].nameSuffix}-final`,
    );
  });

  it("is off in dev", () => expectDestroyable(stacks.dev));

  it.each(["staging", "prod"] as const)("is lifted from all of %s by the one value, which changes no address and nothing else", (name) => {
    const lifted = synthData({ ...environments[name], deletionProtection: false });
    expectDestroyable(lifted);
    const addresses = (json: StackJson) => Object.entries(json.resource ?? {}).map(([type, resources]) => [type, Object.keys(resources)]);
    expect(addresses(lifted)).toEqual(addresses(stacks[name]));
    const changed = Object.entries(lifted.resource ?? {})
      .filter(([type, resources]) => JSON.stringify(resources) !== JSON.stringify(stacks[name].resource?.[type]))
      .map(([type]) => type);
    expect(sorted(changed)).toEqual([
      "aws_db_instance",
      "aws_dynamodb_table",
      "aws_elasticache_replication_group",
      "aws_kms_key",
      "aws_s3_bucket",
      "aws_secretsmanager_secret",
    ]);
  });
});

describe("the cache", () => {
  it("is one plain node in the default network's own subnet group in dev (DAT-064, DAT-065, SEC-007, SEC-065)", () => {
    expect(onlyResource(stacks.dev, "aws_elasticache_cluster")).toMatchObject({
      cluster_id: "axia-redis-cache-dev",
      engine: "redis",
      engine_version: "7.0",
      port: 6379,
      node_type: "cache.t3.micro",
      num_cache_nodes: 1,
      subnet_group_name: "default",
      snapshot_retention_limit: 1,
      snapshot_window: "03:00-05:00",
      maintenance_window: "sun:05:00-sun:06:00",
    });
    expect(resourcesOf(stacks.dev, "aws_elasticache_subnet_group")).toEqual([]);
    expect(onlyResource(stacks.dev, "aws_security_group")).toMatchObject({
      name: "elasticache-default-dev",
      tags: { Name: "sg-elasticache-default" },
    });
  });

  it("is one encrypted node in the database subnets in staging (C-19, SEC-013)", () => {
    expect(onlyResource(stacks.staging, "aws_elasticache_replication_group")).toMatchObject({
      replication_group_id: "axia-redis-cache-staging",
      num_cache_clusters: 1,
      at_rest_encryption_enabled: "true",
      transit_encryption_enabled: true,
      kms_key_id: expect.stringMatching(/aws_kms_key\.key_/),
    });
    expect(onlyResource(stacks.staging, "aws_elasticache_subnet_group")).toMatchObject({
      name: "axia-redis-cache-staging",
      subnet_ids: ["subnet-database-1", "subnet-database-2"],
    });
    expect(resourcesOf(stacks.staging, "aws_security_group")[0]).toMatchObject({
      name: "redis-staging",
      vpc_id: "vpc-1",
      tags: { Name: "sg-redis" },
    });
  });

  it("is an encrypted cluster over two zones in prod (DAT-072, C-09, C-18)", () => {
    expect(onlyResource(stacks.prod, "aws_elasticache_replication_group")).toMatchObject({
      replication_group_id: "axia-redis-cache",
      num_node_groups: 1,
      replicas_per_node_group: 1,
      multi_az_enabled: true,
      automatic_failover_enabled: true,
      at_rest_encryption_enabled: "true",
      transit_encryption_enabled: true,
    });
  });

  it.each(names)("lets nobody in by itself in %s (SEC-008)", (name) => {
    expect(resourcesOf(stacks[name], "aws_vpc_security_group_ingress_rule")).toEqual([]);
    expect(resourcesOf(stacks[name], "aws_vpc_security_group_egress_rule")).toEqual([]);
  });
});

describe("the database", () => {
  it("is not there in dev (C-16)", () => {
    expect(Object.keys(stacks.dev.resource ?? {}).filter((type) => type.startsWith("aws_db_"))).toEqual([]);
  });

  it.each([
    ["staging", false, "fri:21:30-fri:22:30"],
    ["prod", true, "sun:06:00-sun:07:00"],
  ] as const)("is RDS in the database subnets of %s, Multi-AZ: %s (DAT-081 … DAT-086, C-09)", (name, multiAz, maintenance) => {
    const { nameSuffix } = environments[name];
    expect(onlyResource(stacks[name], "aws_db_instance")).toMatchObject({
      identifier: `tss-database${nameSuffix}`,
      engine: "postgres",
      engine_version: "15",
      instance_class: "db.t3.medium",
      allocated_storage: 100,
      multi_az: multiAz,
      publicly_accessible: false,
      backup_retention_period: 7,
      maintenance_window: maintenance,
      kms_key_id: expect.stringMatching(/aws_kms_key\.key_/),
      master_user_secret_kms_key_id: expect.stringMatching(/aws_kms_key\.key_/),
    });
    expect(onlyResource(stacks[name], "aws_db_subnet_group")).toMatchObject({
      name: `tss-database${nameSuffix}`,
      subnet_ids: ["subnet-database-1", "subnet-database-2"],
    });
    expect(resourcesOf(stacks[name], "aws_security_group")[1]).toMatchObject({
      name: `database${nameSuffix}`,
      vpc_id: "vpc-1",
      tags: { Name: "sg-db" },
    });
    for (const group of resourcesOf(stacks[name], "aws_cloudwatch_log_group")) expect(group.kms_key_id).toMatch(/aws_kms_key\.key_/);
  });
});

describe("keys", () => {
  it("are AWS's own in dev, the stack's in staging and prod (C-74, SEC-064, SEC-067)", () => {
    expect(resourcesOf(stacks.dev, "aws_kms_key")).toEqual([]);
    expect(onlyResource(stacks.dev, "aws_dynamodb_table").server_side_encryption).toEqual({ enabled: true });
    for (const secret of resourcesOf(stacks.dev, "aws_secretsmanager_secret")) expect(secret).not.toHaveProperty("kms_key_id");
    for (const name of ["staging", "prod"] as const) {
      expect(onlyResource(stacks[name], "aws_dynamodb_table").server_side_encryption).toMatchObject({
        kms_key_arn: expect.stringMatching(/aws_kms_key\.key_/),
      });
      for (const { kms_key_id } of resourcesOf(stacks[name], "aws_secretsmanager_secret")) expect(kms_key_id).toMatch(/aws_kms_key\.key_/);
    }
    expect(resourcesOf(stacks.prod, "aws_kms_alias").map(({ name }) => name)).toEqual(["alias/tss-data", "alias/tss-data-copies"]);
  });

  it("are managed by the account that owns them", () => {
    for (const key of resourcesOf(stacks.prod, "aws_kms_key")) {
      expect(key).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
      expect(policyOf(key, "policy").Statement[0]).toEqual({
        Sid: "AccountUsesIam",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${environments.prod.account}:root` },
        Action: "kms:*",
        Resource: "*",
      });
    }
    const [own, copies] = resourcesOf(stacks.prod, "aws_kms_key").map((key) => policyOf(key, "policy").Statement.slice(1));
    expect(copies).toEqual([]);
    // The database's logs, and no other service.
    expect(own).toEqual([
      expect.objectContaining({
        Sid: "LogGroups",
        Principal: { Service: "logs.ap-northeast-1.amazonaws.com" },
        Condition: {
          ArnEquals: {
            "kms:EncryptionContext:aws:logs:arn": ["postgresql", "upgrade"].map(
              (log) => `arn:aws:logs:ap-northeast-1:${environments.prod.account}:log-group:/aws/rds/instance/tss-database/${log}`,
            ),
          },
        },
      }),
    ]);
  });
});

describe("replication", () => {
  it("copies the three buckets of prod to Osaka, and no others (C-50, NET-002)", () => {
    expect(stacks.prod.provider.aws?.map(({ region, alias }) => [region, alias])).toEqual([
      ["ap-northeast-1", undefined],
      ["ap-northeast-3", "ap-northeast-3"],
    ]);
    const configurations = resourcesOf(stacks.prod, "aws_s3_bucket_replication_configuration");
    expect(configurations.map(({ bucket, rule }) => [bucket, ((rule as Block[])[0]?.destination as Block).bucket])).toEqual(
      ["backtest-results", "processed-market-data", "raw-market-data"].map((id) => [
        expect.stringMatching(new RegExp(`aws_s3_bucket\\.${id}_`)),
        expect.stringMatching(new RegExp(`aws_s3_bucket\\.replication_copies_${id}_.*\\.arn`)),
      ]),
    );
    expect(onlyResource(stacks.prod, "aws_iam_role")).toMatchObject({ name: "tss-bucket-replication" });
    // Five statements for each of three buckets; AWS takes 10,240 characters in the inline policies of a role.
    const grants = policyOf(onlyResource(stacks.prod, "aws_iam_role_policy"), "policy");
    expect(grants.Statement).toHaveLength(15);
    expect(JSON.stringify(grants).length).toBeLessThan(10_240);
  });

  it("ends its own names with the environment's suffix elsewhere", () => {
    const { staging } = environments;
    const json = synthData({ ...staging, data: { ...staging.data, replication: { region: "ap-northeast-3", bucketSuffix: "-osaka" } } });
    expect(onlyResource(json, "aws_iam_role").name).toBe("tss-bucket-replication-staging");
    expect(resourcesOf(json, "aws_kms_alias").map(({ name }) => name)).toEqual(["alias/tss-data-staging", "alias/tss-data-copies-staging"]);
  });

  it.each(["dev", "staging"] as const)("is off in %s", (name) => {
    expect(resourcesOf(stacks[name], "aws_s3_bucket_replication_configuration")).toEqual([]);
    expect(resourcesOf(stacks[name], "aws_iam_role")).toEqual([]);
    expect(stacks[name].provider.aws).toHaveLength(1);
  });
});
