/** The web application's stack: its edge and its buckets, as each tier has them. */
import { CACHING_DISABLED, CACHING_OPTIMIZED } from "../../constructs/web/distribution";
import { edited, GONE, WITHOUT_WEB_API } from "../environments/edits";
import { parseEnvironment } from "../../environments/reading/parse";
import { loadEnvironments } from "../fixtures/environments";
import { onlyResource, plain, policyOf, resourcesOf, synthEnvironments, type Block, type StackJson } from "../helpers/synth";
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
        domain_name: "api_address.public_dns",
        custom_origin_config: { http_port: 80, origin_protocol_policy: "http-only" },
      },
    ],
  });
  for (const json of [dev, staging, prod]) {
    const distribution = onlyResource(json, "aws_cloudfront_distribution");
    expect(distribution).not.toHaveProperty("custom_error_response");
    expect(JSON.stringify(distribution)).not.toContain("origin_shield");
  }
});

describe("names of its own (EDG-009, EDG-010)", () => {
  const domain = { names: ["kabu-trade.example.com", "example.com"], zone: "example.com" };
  const json = withEdits({ "web.domain": domain })["prod-web"]!;
  const records = resourcesOf(json, "aws_route53_record").map((record) => plain(record) as Block);
  const certificate = "us-east-1_domain_certificate";

  it("stand in one certificate of us-east-1, which is there before the old one goes", () => {
    expect(plain(onlyResource(json, "aws_acm_certificate"))).toMatchObject({
      domain_name: "kabu-trade.example.com",
      subject_alternative_names: ["example.com"],
      validation_method: "DNS",
      lifecycle: { create_before_destroy: true },
      provider: "aws.us-east-1",
    });
    expect(Object.values(json.data!.aws_route53_zone!)).toEqual([expect.objectContaining({ name: "example.com", private_zone: false })]);
  });

  it("speak TLS below them too, unless one is the zone, below which others stand", () => {
    const headers = (one: StackJson) => JSON.stringify(onlyResource(one, "aws_cloudfront_response_headers_policy").security_headers_config);
    expect(headers(prod)).toContain('"include_subdomains":true');
    expect(headers(json)).toContain('"include_subdomains":false');
  });

  it("are validated each by the record that ACM asks for", () => {
    for (const name of domain.names)
      expect(resourcesOf(json, "aws_route53_record")).toContainEqual(
        expect.objectContaining({
          ttl: 300,
          name: expect.stringMatching(
            new RegExp(
              `one\\(\\[for option in aws_acm_certificate\\.${certificate}_\\w+\\.domain_validation_options : option\\.resource_record_name if option\\.domain_name == "${name}"\\]\\)`,
            ),
          ) as unknown,
        }),
      );
    expect((onlyResource(json, "aws_acm_certificate_validation").validation_record_fqdns as unknown[]).length).toBe(2);
  });

  it("lead to the distribution over both versions of IP, which knows them and speaks TLS 1.2 and newer", () => {
    expect(records.filter(({ alias }) => alias).map(({ name, type, alias }) => [name, type, alias])).toEqual(
      [...domain.names]
        .reverse()
        .flatMap((name) =>
          ["A", "AAAA"].map((type) => [
            name,
            type,
            { name: "edge_distribution.domain_name", zone_id: "edge_distribution.hosted_zone_id", evaluate_target_health: false },
          ]),
        ),
    );
    expect(plain(onlyResource(json, "aws_cloudfront_distribution"))).toMatchObject({
      aliases: domain.names,
      viewer_certificate: {
        acm_certificate_arn: "us-east-1_domain_validation.certificate_arn",
        ssl_support_method: "sni-only",
        minimum_protocol_version: "TLSv1.2_2021",
      },
    });
    expect(json.output!.web_address).toMatchObject({ value: "kabu-trade.example.com" });
    expect(plain(dev.output!.web_address!)).toMatchObject({ value: "edge_distribution.domain_name" });
  });
});

it("without an API no path leads anywhere else", () => {
  expect(onlyResource(withEdits(WITHOUT_WEB_API)["prod-web"]!, "aws_cloudfront_distribution")).toMatchObject({
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
  const without = withEdits({ ...WITHOUT_WEB_API, "web.backupBucket": undefined })["prod-web"]!;
  expect(resourcesOf(without, "aws_s3_bucket")).toHaveLength(2);
  expect(resourcesOf(without, "aws_kms_key")).toHaveLength(1);
});

it("what belongs to CloudFront is made in us-east-1: logs, alarm, whom it tells, and the ACL (design 23)", () => {
  const edge = withEdits(WITHOUT_WEB_API)["prod-web"]!;
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
  for (const type of types) expect([type, onlyResource(edge, type).provider]).toEqual([type, "aws.us-east-1"]);
  expect(onlyResource(edge, "aws_wafv2_web_acl")).toMatchObject({ name: "kabu-trade", scope: "CLOUDFRONT" });
  expect(onlyResource(edge, "aws_cloudwatch_log_group")).toMatchObject({
    name: "aws-waf-logs-kabu-trade",
    retention_in_days: 30,
    kms_key_id: expect.stringContaining("us-east-1_key") as unknown,
  });
  expect(named(edge, "aws_kms_key", "us-east-1_key").policy).toContain(
    "arn:aws:logs:us-east-1:777788889999:log-group:aws-waf-logs-kabu-trade",
  );
  expect(plain(onlyResource(edge, "aws_cloudfront_distribution").web_acl_id)).toBe("us-east-1_web-acl.arn");
  for (const json of [dev, staging]) {
    expect(resourcesOf(json, "aws_wafv2_web_acl")).toEqual([]);
    expect(onlyResource(json, "aws_cloudfront_distribution")).not.toHaveProperty("web_acl_id");
  }
  // The distribution names it; an association is for what stands in a region.
  expect(resourcesOf(edge, "aws_wafv2_web_acl_association")).toEqual([]);
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
  expect(named(json, "aws_cloudwatch_metric_alarm", "us-east-1_errors-alarm").threshold).toBe(9);
});

it("the API's answers are read by pages of other origins only where the literal lists them (SEC-077)", () => {
  for (const json of [dev, staging, prod]) expect(JSON.stringify(json)).not.toContain("cors_config");
  const json = withEdits({ "web.corsOrigins": ["https://tools.example.com"] })["prod-web"]!;
  const policies = resourcesOf(json, "aws_cloudfront_response_headers_policy");
  expect(policies.map(({ name, cors_config: cors }) => [name, (cors as Block | undefined)?.access_control_allow_origins])).toEqual([
    ["kabu-trade-api", { items: ["https://tools.example.com"] }],
    ["kabu-trade", undefined],
  ]);
  // A token, and no cookie, which every page could make the browser send.
  expect(policies[0]!.cors_config).toMatchObject({ access_control_allow_credentials: false, origin_override: true });
  expect(plain(onlyResource(json, "aws_cloudfront_distribution"))).toMatchObject({
    default_cache_behavior: { response_headers_policy_id: "edge_headers_policy.id" },
    ordered_cache_behavior: [{ response_headers_policy_id: "edge_api-headers_policy.id" }],
  });
});

it("a host that is there already is asked by TLS alone (C-32)", () => {
  const json = withEdits({ ...WITHOUT_WEB_API, "web.apiOrigin": "api.example.com" })["prod-web"]!;
  expect(onlyResource(json, "aws_cloudfront_distribution").origin).toContainEqual({
    origin_id: "api",
    domain_name: "api.example.com",
    custom_origin_config: { http_port: 80, https_port: 443, origin_protocol_policy: "https-only", origin_ssl_protocols: ["TLSv1.2"] },
  });
});

describe("the backend of the small tiers (EDG-014 … EDG-020, EDG-022)", () => {
  const settingsOf = (json: StackJson) =>
    (
      JSON.parse(
        (plain(resourcesOf(json, "aws_ssm_parameter").find(({ name }) => String(name).endsWith("/web"))!) as Block)
          .insecure_value as string,
      ) as {
        settings: Record<string, unknown>;
      }
    ).settings;

  it("is one small machine without a key pair, with tokens for its metadata, out of the containers' reach", () => {
    const machine = onlyResource(dev, "aws_instance");
    expect(machine).toMatchObject({
      instance_type: "t3.micro",
      metadata_options: { http_tokens: "required", http_put_response_hop_limit: 1 },
      associate_public_ip_address: true,
    });
    expect(machine).not.toHaveProperty("key_name");
    expect(resourcesOf(dev, "aws_lb")).toEqual([]);
    expect(Object.values(dev.data!.aws_ssm_parameter!)).toEqual([
      expect.objectContaining({ name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" }),
    ]);
  });

  it("takes another image by a document of its own, and keeps which one beyond the machine, where no deploy looks (OPS-054)", () => {
    const kept = resourcesOf(dev, "aws_ssm_parameter").find(({ name }) => name === "/tss/dev/web-image")!;
    expect(kept).toMatchObject({ insecure_value: "{}", lifecycle: { ignore_changes: ["insecure_value", "value"] } });
    const documents = resourcesOf(dev, "aws_ssm_document");
    expect(documents.map(({ name }) => name)).toEqual(["tss-dev.deploy-web-image", "tss-dev.web"]);
    expect(policyOf(named(dev, "aws_iam_role_policy", "api_host_role_grants"), "policy").Statement).toContainEqual({
      Action: ["ssm:GetParameter", "ssm:PutParameter"],
      Effect: "Allow",
      Resource: expect.stringMatching(/^\$\{aws_ssm_parameter\.api_deploys_deployed_\w+\.arn\}$/) as string,
    });
    expect(settingsOf(dev)).toMatchObject({
      imageParameter: "/tss/dev/web-image",
      repository: expect.stringContaining("repository_url") as string,
      migrate: ["alembic", "upgrade", "head"],
      health: { path: "/api/health", seconds: 60 },
    });
  });

  it("is slow rather than dear where the account has a free tier", () => {
    expect(onlyResource(dev, "aws_instance")).not.toHaveProperty("credit_specification");
    const json = synthEnvironments({
      environments: [
        parseEnvironment(edited("dev", { "web.freeTier": "legacy", "web.beyondFreeTierDollars": 100 }), "environments/dev.ts"),
      ],
      target: { kind: "aws" },
    })["dev-web"]!;
    expect(onlyResource(json, "aws_instance").credit_specification).toEqual({ cpu_credits: "standard" });
  });

  it("is reached by CloudFront alone, and reaches the database and HTTPS (C-32, NET-027, NET-037, SEC-025)", () => {
    const rules = (json: StackJson, direction: "ingress" | "egress") =>
      resourcesOf(json, `aws_vpc_security_group_${direction}_rule`).map((rule) => {
        const { security_group_id, from_port, prefix_list_id, referenced_security_group_id, cidr_ipv4 } = plain(rule) as Block;
        return [security_group_id, from_port, prefix_list_id ?? referenced_security_group_id ?? cidr_ipv4];
      });
    for (const json of [dev, staging]) {
      expect(rules(json, "ingress")).toEqual([
        ["api_security-group.id", 80, expect.stringMatching(/data\.aws_ec2_managed_prefix_list\.api_cloudfront_\w+\.id/)],
        ["database_security-group.id", 5432, "api_security-group.id"],
      ]);
      expect(rules(json, "egress")).toEqual([
        ["api_security-group.id", 5432, "database_security-group.id"],
        ["api_security-group.id", 443, "0.0.0.0/0"],
      ]);
      expect(Object.values(json.data!.aws_ec2_managed_prefix_list!)).toEqual([
        expect.objectContaining({ name: "com.amazonaws.global.cloudfront.origin-facing" }),
      ]);
    }
  });

  it("opens SSH to whom the literal lists, and to nobody else (C-59)", () => {
    const json = synthEnvironments({
      environments: [parseEnvironment(edited("dev", { "web.backend.adminCidrs": ["203.0.113.7/32"] }), "environments/dev.ts")],
      target: { kind: "aws" },
    })["dev-web"]!;
    expect(resourcesOf(json, "aws_vpc_security_group_ingress_rule").filter(({ from_port }) => from_port === 22)).toEqual([
      expect.objectContaining({ cidr_ipv4: "203.0.113.7/32", to_port: 22 }),
    ]);
  });

  it("has in a network of its own no public address: CloudFront reaches it inside the VPC", () => {
    expect(onlyResource(staging, "aws_instance").associate_public_ip_address).toBe(false);
    expect(resourcesOf(staging, "aws_eip")).toEqual([]);
    // Of another machine it is another one, made before the old one goes: AWS changes none that a distribution asks.
    expect(onlyResource(staging, "aws_cloudfront_vpc_origin").lifecycle).toEqual({
      create_before_destroy: true,
      replace_triggered_by: [expect.stringMatching(/^aws_instance\.api_host_machine_instance_\w+\.id$/)],
    });
    expect(plain(onlyResource(staging, "aws_cloudfront_vpc_origin").vpc_origin_endpoint_config)).toEqual([
      {
        name: "kabu-trade-staging-api_host_machine_instance.id",
        arn: "api_host_machine_instance.arn",
        http_port: 80,
        https_port: 443,
        origin_protocol_policy: "http-only",
        origin_ssl_protocols: [{ items: ["TLSv1.2"], quantity: 1 }],
      },
    ]);
    expect(plain(onlyResource(staging, "aws_cloudfront_distribution").origin)).toContainEqual({
      origin_id: "api",
      domain_name: "api_host_machine_instance.private_dns",
      vpc_origin_config: { vpc_origin_id: "api_vpc-origin.id" },
    });
  });

  it("may read bundles, its images and its secret, and writes its log (SEC-045, SEC-059)", () => {
    const { Statement } = policyOf(named(dev, "aws_iam_role_policy", "api_host_role_grants"), "policy");
    const rights = (pattern: RegExp) =>
      (plain(Statement) as { Action: string | string[]; Resource: unknown }[])
        .filter(({ Action }) => [Action].flat().some((action) => pattern.test(action)))
        .map(({ Action, Resource }) => [Action, Resource]);
    expect(rights(/^secretsmanager:/)).toEqual([["secretsmanager:GetSecretValue", "database-secret.arn"]]);
    expect(rights(/^ecr:/)).toEqual([
      ["ecr:GetAuthorizationToken", "*"],
      [["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], "api_repository.arn"],
    ]);
    expect(rights(/^s3:/).flatMap(([actions]) => actions)).toEqual(expect.arrayContaining(["s3:GetObject"]));
    expect(rights(/^(s3:(Put|Delete)|rds|dynamodb|sqs)/)).toEqual([["s3:PutObject", "backups_bucket.arn/database/*"]]);
  });

  it("puts copies of the database for long keeping, of which the bucket takes away the old ones (OPS-025, C-33)", () => {
    expect(settingsOf(dev).dump).toEqual({
      image: expect.stringMatching(/^public\.ecr\.aws\/docker\/library\/postgres:15\S*@sha256:[0-9a-f]{64}$/) as unknown,
      target: "s3://backups_bucket.bucket/database/",
      days: 31,
    });
    expect(settingsOf(staging).dump).toMatchObject({ days: 7 });
    const expiration = (json: StackJson) =>
      (
        Object.entries(json.resource!.aws_s3_bucket_lifecycle_configuration!).find(([name]) => name.startsWith("backups_"))![1].rule as {
          id: string;
        }[]
      ).filter(({ id }) => id.startsWith("expiration"));
    const rule = (days: number) => [
      { id: "expiration-of-database", status: "Enabled", filter: [{ prefix: "database/" }], expiration: [{ days }] },
    ];
    expect([expiration(dev), expiration(staging), expiration(prod)]).toEqual([rule(365), rule(90), []]);

    const { Statement } = policyOf(named(staging, "aws_iam_role_policy", "api_host_role_grants"), "policy");
    const ofBackups = JSON.parse(JSON.stringify(plain(Statement))) as { Action: string | string[]; Resource: unknown }[];
    expect(ofBackups.filter(({ Resource }) => JSON.stringify(Resource).includes("backups_bucket"))).toEqual([
      { Effect: "Allow", Action: "s3:PutObject", Resource: "backups_bucket.arn/database/*" },
    ]);
    expect(ofBackups).toContainEqual({ Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: "key.arn" });

    const without = synthEnvironments({
      environments: [parseEnvironment(edited("dev", { "web.database.longKeeping": GONE }), "environments/dev.ts")],
      target: { kind: "aws" },
    })["dev-web"]!;
    expect(settingsOf(without)).not.toHaveProperty("dump");
    expect(expiration(without)).toEqual([]);
    expect(JSON.stringify(named(without, "aws_iam_role_policy", "api_host_role_grants"))).not.toContain("s3:PutObject");
  });

  it("is told where its secret is, and no secret (SEC-059)", () => {
    expect(settingsOf(dev)).toMatchObject({
      images: { api: "api_repository.repository_url:0.1.0", cache: expect.stringMatching(/^public\.ecr\.aws.*@sha256:/) as unknown },
      databaseSecret: "database-secret.name",
      port: 8000,
      swapMegabytes: 1024,
    });
    expect(resourcesOf(dev, "aws_secretsmanager_secret_version")).toEqual([]);
  });

  it("runs no image as long as none was pushed", () => {
    const json = synthEnvironments({
      environments: [parseEnvironment(edited("dev", { "web.backend.apiImage": "kabu-trade-api-dev:none" }), "environments/dev.ts")],
      target: { kind: "aws" },
    })["dev-web"]!;
    expect(settingsOf(json)).toMatchObject({ images: { api: "" } });
  });

  it("tells when it does not answer, or runs out of credits, memory or disk (OBS-032)", () => {
    const alarms = resourcesOf(dev, "aws_cloudwatch_metric_alarm").filter(({ alarm_name }) => String(alarm_name).startsWith("EC2-"));
    expect(alarms.map(({ alarm_name, metric_name, threshold }) => [alarm_name, metric_name, threshold])).toEqual([
      ["EC2-Failed-Checks-web-dev", "StatusCheckFailed", 0],
      ["EC2-Few-Credits-web-dev", "CPUCreditBalance", 10],
      ["EC2-Full-Disk-web-dev", "DiskUsedPercent", 80],
      ["EC2-High-Memory-web-dev", "MemoryUtilization", 80],
    ]);
  });

  it("rests with everything else, and gets the security updates of Linux (OPS-032, OPS-034)", () => {
    const operations = JSON.stringify(written["dev-operations"]);
    expect(operations).toContain("api_host_machine_instance");
    expect(operations).toContain("tss-linux-dev");
  });
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
    expect(plain(onlyResource(prod, "aws_db_instance"))).toMatchObject({
      instance_class: "db.t3.small",
      max_allocated_storage: 100,
      kms_key_id: "key.arn",
      deletion_protection: true,
      lifecycle: { prevent_destroy: true },
    });
    expect(named(prod, "aws_kms_key", "key_").policy).toContain("log-group:/aws/rds/instance/kabu-trade/postgresql");
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
