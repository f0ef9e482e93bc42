/** The web application's stack: its edge and its buckets, as each tier has them. */
import { CACHING_DISABLED, CACHING_OPTIMIZED } from "../../constructs/web/distribution";
import { edited } from "../environments/edits";
import { parseEnvironment } from "../../environments/reading/parse";
import { loadEnvironments } from "../fixtures/environments";
import { onlyResource, plain, policyOf, resourcesOf, synthEnvironments, type StackJson } from "../helpers/synth";
import { named } from "../helpers/trading";

const environments = loadEnvironments();
const written = synthEnvironments({ environments, target: { kind: "aws" } });
const [dev, staging, prod] = ["dev-web", "staging-web", "prod-web"].map((name) => written[name]!) as [StackJson, StackJson, StackJson];
const withEdits = (edits: Parameters<typeof edited>[1]) =>
  synthEnvironments({
    environments: [parseEnvironment(edited("prod", edits), "environments/prod.ts")],
    target: { kind: "aws" },
  });

const bucketPolicy = (json: StackJson, id: string) =>
  policyOf(
    json.resource!.aws_s3_bucket_policy![Object.keys(json.resource!.aws_s3_bucket_policy!).find((name) => name.startsWith(`${id}_`))!]!,
    "policy",
  ).Statement;

it("only the distribution reads the frontend, and it reads nothing but objects (C-31)", () => {
  expect(plain(bucketPolicy(prod, "frontend"))).toEqual([
    expect.objectContaining({ Sid: "DenyWithoutTls", Effect: "Deny" }),
    {
      Sid: "Distribution",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: "frontend_bucket.arn/*",
      Condition: { StringEquals: { "aws:SourceArn": "edge_distribution.arn" } },
    },
  ]);
  expect(JSON.stringify(prod)).not.toMatch(/origin_access_identity|aws_s3_bucket_website/);
});

it("the distribution as the documents want it (EDG-005 … EDG-008, EDG-013, SEC-076)", () => {
  const common = { compress: true, response_headers_policy_id: "edge_headers_policy.id" };
  expect(plain(onlyResource(dev, "aws_cloudfront_distribution"))).toMatchObject({
    enabled: true,
    http_version: "http2and3",
    is_ipv6_enabled: true,
    price_class: "PriceClass_200",
    viewer_certificate: { cloudfront_default_certificate: true },
    restrictions: { geo_restriction: { restriction_type: "none", locations: [] } },
    default_cache_behavior: {
      ...common,
      target_origin_id: "frontend",
      viewer_protocol_policy: "redirect-to-https",
      cache_policy_id: CACHING_OPTIMIZED,
      allowed_methods: ["GET", "HEAD", "OPTIONS"],
      function_association: [{ event_type: "viewer-request", function_arn: "edge_route.arn" }],
    },
    ordered_cache_behavior: [
      {
        ...common,
        path_pattern: "/api/*",
        target_origin_id: "api",
        viewer_protocol_policy: "https-only",
        cache_policy_id: CACHING_DISABLED,
        allowed_methods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
      },
    ],
    origin: [
      {
        origin_id: "frontend",
        domain_name: "frontend_bucket.bucket.s3.ap-northeast-1.amazonaws.com",
        origin_access_control_id: "edge_origin-access-control.id",
      },
      {
        origin_id: "api",
        domain_name: "api.dev.example.com",
        custom_origin_config: { origin_protocol_policy: "https-only", origin_ssl_protocols: ["TLSv1.2"] },
      },
    ],
  });
  for (const json of [dev, staging, prod]) {
    const distribution = onlyResource(json, "aws_cloudfront_distribution");
    expect(distribution).not.toHaveProperty("custom_error_response");
    expect(JSON.stringify(distribution)).not.toContain("origin_shield");
  }
});

it("without an API no path leads anywhere else", () => {
  expect(onlyResource(staging, "aws_cloudfront_distribution")).toMatchObject({
    ordered_cache_behavior: [],
    origin: [{ origin_id: "frontend" }],
  });
});

it.each([
  ["dev", dev, "STANDARD_IA", 30],
  ["staging", staging, "INTELLIGENT_TIERING", 0],
  ["prod", prod, "INTELLIGENT_TIERING", 0],
] as const)("%s: buckets age as the tier says, unversioned (DAT-058, DAT-060, DAT-062, C-28, C-29)", (_, json, storageClass, days) => {
  for (const id of ["frontend", "backups"]) {
    const of = (type: string) => Object.entries(json.resource![type]!).find(([name]) => name.startsWith(`${id}_`))![1];
    expect(of("aws_s3_bucket_lifecycle_configuration").rule).toContainEqual(
      expect.objectContaining({ transition: [{ days, storage_class: storageClass }] }),
    );
    expect(of("aws_s3_bucket_versioning").versioning_configuration).toEqual({ status: "Suspended" });
  }
});

it("a key of the environment's own encrypts backups, where it has such; the frontend is for everybody anyway", () => {
  const encryption = (json: StackJson, id: string) =>
    JSON.stringify(
      Object.entries(json.resource!.aws_s3_bucket_server_side_encryption_configuration!).find(([name]) => name.startsWith(`${id}_`))![1]
        .rule,
    );
  expect([dev, prod].map((json) => encryption(json, "backups").includes("aws:kms"))).toEqual([false, true]);
  expect([dev, prod].map((json) => encryption(json, "frontend").includes("AES256"))).toEqual([true, true]);
  const without = withEdits({ "web.backupBucket": undefined })["prod-web"]!;
  expect(resourcesOf(without, "aws_s3_bucket")).toHaveLength(2);
  expect(resourcesOf(without, "aws_kms_key")).toHaveLength(1);
});

it("what belongs to CloudFront is made in us-east-1: logs, alarm, whom it tells, and the ACL (design 23)", () => {
  const types = [
    "aws_cloudwatch_log_delivery",
    "aws_cloudwatch_log_delivery_destination",
    "aws_cloudwatch_log_delivery_source",
    "aws_cloudwatch_metric_alarm",
    "aws_sns_topic",
    "aws_sns_topic_subscription",
    "aws_wafv2_web_acl",
    "aws_wafv2_web_acl_logging_configuration",
    "aws_cloudwatch_log_group",
  ];
  for (const type of types) expect([type, onlyResource(prod, type).provider]).toEqual([type, "aws.us-east-1"]);
  expect(onlyResource(prod, "aws_wafv2_web_acl")).toMatchObject({ name: "kabu-trade", scope: "CLOUDFRONT" });
  expect(onlyResource(prod, "aws_cloudwatch_log_group")).toMatchObject({
    name: "aws-waf-logs-kabu-trade",
    retention_in_days: 30,
    kms_key_id: expect.stringContaining("us-east-1_key") as unknown,
  });
  expect(named(prod, "aws_kms_key", "us-east-1_key").policy).toContain(
    "arn:aws:logs:us-east-1:777788889999:log-group:aws-waf-logs-kabu-trade",
  );
  expect(plain(onlyResource(prod, "aws_cloudfront_distribution").web_acl_id)).toBe("us-east-1_web-acl.arn");
  for (const json of [dev, staging]) {
    expect(resourcesOf(json, "aws_wafv2_web_acl")).toEqual([]);
    expect(onlyResource(json, "aws_cloudfront_distribution")).not.toHaveProperty("web_acl_id");
  }
  // The distribution names it; an association is for what stands in a region.
  expect(resourcesOf(prod, "aws_wafv2_web_acl_association")).toEqual([]);
});

it("the log is delivered to the bucket of logs, by this account's deliveries alone (OBS-006)", () => {
  expect(plain(onlyResource(dev, "aws_cloudwatch_log_delivery_source"))).toMatchObject({
    name: "kabu-trade-dev",
    log_type: "ACCESS_LOGS",
    resource_arn: "edge_distribution.arn",
  });
  expect(plain(onlyResource(dev, "aws_cloudwatch_log_delivery_destination"))).toMatchObject({
    delivery_destination_configuration: [{ destination_resource_arn: "access-logs_bucket.arn" }],
    output_format: "json",
  });
  expect(plain(bucketPolicy(dev, "access-logs"))).toContainEqual({
    Sid: "Distributions",
    Effect: "Allow",
    Principal: { Service: "delivery.logs.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: "access-logs_bucket.arn/AWSLogs/111122223333/CloudFront/*",
    Condition: {
      StringEquals: { "aws:SourceAccount": "111122223333", "s3:x-amz-acl": "bucket-owner-full-control" },
      ArnLike: { "aws:SourceArn": "arn:aws:logs:us-east-1:111122223333:delivery-source:*" },
    },
  });
});

it("errors of more than 5 % for a minute are told by mail (OBS-033, OBS-039)", () => {
  expect(plain(named(dev, "aws_cloudwatch_metric_alarm", "us-east-1_errors-alarm"))).toMatchObject({
    alarm_name: "CloudFront-Errors-dev",
    namespace: "AWS/CloudFront",
    metric_name: "5xxErrorRate",
    dimensions: { DistributionId: "edge_distribution.id", Region: "Global" },
    comparison_operator: "GreaterThanThreshold",
    threshold: 5,
    period: 60,
    evaluation_periods: 1,
    alarm_actions: ["us-east-1_alerts_topic.arn"],
  });
  expect(onlyResource(dev, "aws_sns_topic_subscription")).toMatchObject({ protocol: "email", endpoint: "trading-ops-dev@example.com" });
});

it("values take effect: countries, policy, threshold", () => {
  const json = withEdits({ "web.countries": ["JP"], "web.contentSecurityPolicy": "default-src 'none'", "web.errorAlarmPercent": 9 })[
    "prod-web"
  ]!;
  expect(onlyResource(json, "aws_cloudfront_distribution").restrictions).toEqual({
    geo_restriction: { restriction_type: "whitelist", locations: ["JP"] },
  });
  expect(JSON.stringify(onlyResource(json, "aws_cloudfront_response_headers_policy"))).toContain("default-src 'none'");
  expect(onlyResource(json, "aws_cloudwatch_metric_alarm").threshold).toBe(9);
});

describe("the database (DAT-083 … DAT-086, SEC-070)", () => {
  it("is of the least size, does not grow, and has no public address, in the default VPC too", () => {
    const instance = plain(onlyResource(dev, "aws_db_instance"));
    expect(instance).toMatchObject({
      identifier: "kabu-trade-dev",
      engine: "postgres",
      engine_version: "15",
      instance_class: "db.t3.micro",
      allocated_storage: 20,
      storage_type: "gp3",
      storage_encrypted: true,
      multi_az: false,
      publicly_accessible: false,
      backup_retention_period: 7,
      manage_master_user_password: true,
      iam_database_authentication_enabled: true,
    });
    expect(instance).not.toHaveProperty("max_allocated_storage");
    expect(instance).not.toHaveProperty("password");
    expect(onlyResource(dev, "aws_db_subnet_group").subnet_ids).toHaveLength(2);
  });

  it("grows where the literal says so, encrypted by the environment's key, and is kept (DAT-088, SEC-070)", () => {
    const database = {
      id: "kabu-trade",
      instanceClass: "db.t3.small",
      allocatedStorageGigabytes: 20,
      maxAllocatedStorageGigabytes: 100,
      engineVersion: "15",
      backupRetentionDays: 7,
      backupWindow: "18:00-19:00",
      maintenanceWindow: "sun:06:00-sun:07:00",
      databaseName: "kabu_trade",
      username: "kabu_trade_master",
    };
    const json = withEdits({ "web.database": database, "web.backupBucket": undefined })["prod-web"]!;
    expect(plain(onlyResource(json, "aws_db_instance"))).toMatchObject({
      instance_class: "db.t3.small",
      max_allocated_storage: 100,
      kms_key_id: "key.arn",
      deletion_protection: true,
      lifecycle: { prevent_destroy: true },
    });
    expect(named(json, "aws_kms_key", "key_").policy).toContain("log-group:/aws/rds/instance/kabu-trade/postgresql");
  });

  it("tells when connections, storage or processor run out, in the region of its own (OBS-032)", () => {
    const alarms = resourcesOf(dev, "aws_cloudwatch_metric_alarm").filter(({ namespace }) => namespace === "AWS/RDS");
    expect(alarms.map(({ alarm_name, threshold, provider }) => [alarm_name, threshold, provider])).toEqual([
      ["RDS-Connections-web-dev", 89, undefined],
      ["RDS-CPU-web-dev", 80, undefined],
      ["RDS-Low-Storage-web-dev", 2 * 2 ** 30, undefined],
    ]);
  });

  it("rests with everything else (OPS-034)", () => {
    expect(JSON.stringify(written["dev-operations"])).toMatch(/aws-sdk:rds:stopDBInstance/);
    expect(JSON.stringify(written["dev-operations"])).toContain("kabu-trade-dev");
  });
});

it("is not there where the literal has none", () => {
  expect(Object.keys(withEdits({ web: undefined }))).not.toContain("prod-web");
});
