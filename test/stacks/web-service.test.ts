/** The web application's API in the tier `standard`: tasks on Fargate behind a load balancer that CloudFront alone reaches. */
import { edited, GONE, type Base, type Edits } from "../environments/edits";
import { parseEnvironment } from "../../environments/reading/parse";
import { loadEnvironments } from "../fixtures/environments";
import { bare, containerOf, rightsOf } from "../helpers/containers";
import { onlyResource, plain, resourcesOf, synthEnvironments, type Block, type StackJson } from "../helpers/synth";
import { named } from "../helpers/trading";

const written = synthEnvironments({ environments: loadEnvironments(), target: { kind: "aws" } });
const prod = written["prod-web"]!;
const withEdits = (edits: Edits, base: Base = "prod"): StackJson =>
  synthEnvironments({ environments: [parseEnvironment(edited(base, edits), `environments/${base}.ts`)], target: { kind: "aws" } })[
    `${base}-web`
  ]!;

it("is two tasks of half a processor and 1 GB, in a cluster of its own, whatever runs the trading system's services (CON-013, C-53)", () => {
  expect(onlyResource(prod, "aws_ecs_cluster")).toMatchObject({
    name: "kabu-trade",
    setting: [{ name: "containerInsights", value: "enabled" }],
  });
  expect(onlyResource(prod, "aws_ecs_task_definition")).toMatchObject({
    family: "kabu-trade-api",
    cpu: "512",
    memory: "1024",
    requires_compatibilities: ["FARGATE"],
  });
  const service = onlyResource(prod, "aws_ecs_service");
  expect(service).toMatchObject({ name: "api", desired_count: 2, enable_execute_command: false });
  expect((service.network_configuration as Block).assign_public_ip).toBe(false);
  // Nothing calls it by name, so that no proxy takes of the little that a task has.
  expect(service).not.toHaveProperty("service_connect_configuration");
  expect(resourcesOf(prod, "aws_service_discovery_http_namespace")).toEqual([]);
});

it("is told of database and cache: a reference to the one's secret, the other's address by TLS (CON-014, SEC-059)", () => {
  const { environment, secrets, portMappings } = plain(containerOf(prod)) as Block;
  expect(environment).toEqual([
    { name: "ENVIRONMENT", value: "production" },
    { name: "PORT", value: "8000" },
    { name: "REDIS_URL", value: "rediss://cache_replication-group.primary_endpoint_address:6379/0" },
  ]);
  expect(secrets).toEqual([{ name: "DATABASE_URL", valueFrom: "database-secret.arn:url::" }]);
  expect(portMappings).toMatchObject([{ containerPort: 8000 }]);
  expect(resourcesOf(prod, "aws_secretsmanager_secret_version")).toEqual([]);
});

it("is reached through the load balancer alone, that by CloudFront alone, and both stores by it alone (EDG-021, C-32)", () => {
  const rules = (direction: "ingress" | "egress") =>
    resourcesOf(prod, `aws_vpc_security_group_${direction}_rule`).map((rule) => {
      const { security_group_id, from_port, prefix_list_id, referenced_security_group_id, cidr_ipv4 } = plain(rule) as Block;
      return [security_group_id, from_port, prefix_list_id ?? referenced_security_group_id ?? cidr_ipv4];
    });
  const [tasks, balancer] = ["api_identity_security-group.id", "api_load-balancer_security-group.id"];
  expect(rules("ingress")).toEqual([
    [tasks, 8000, balancer],
    [balancer, 80, expect.stringMatching(/^\$\{data\.aws_ec2_managed_prefix_list\./)],
    ["cache_security-group.id", 6379, tasks],
    ["database_security-group.id", 5432, tasks],
  ]);
  expect(rules("egress")).toEqual([
    [tasks, 6379, "cache_security-group.id"],
    [tasks, 5432, "database_security-group.id"],
    [tasks, 443, "0.0.0.0/0"],
    [balancer, 8000, tasks],
  ]);
  expect(Object.values(prod.data!.aws_ec2_managed_prefix_list!)).toEqual([
    expect.objectContaining({ name: "com.amazonaws.global.cloudfront.origin-facing" }),
  ]);
});

it("stands behind a load balancer without a public address, which answers below /api/ and logs", () => {
  const balancer = onlyResource(prod, "aws_lb");
  expect(plain(balancer)).toMatchObject({
    internal: true,
    enable_deletion_protection: true,
    drop_invalid_header_fields: true,
    access_logs: { enabled: true, bucket: "access-logs_bucket.bucket", prefix: "load-balancer/kabu-trade" },
  });
  expect(JSON.stringify(balancer.subnets)).toMatch(/network_private-a.*network_private-c/);
  expect(onlyResource(prod, "aws_lb_listener")).toMatchObject({
    port: 80,
    protocol: "HTTP",
    default_action: [{ type: "fixed-response", fixed_response: { status_code: "404" } }],
  });
  expect(bare(onlyResource(prod, "aws_lb_listener_rule"))).toMatchObject({ condition: [{ path_pattern: { values: ["/api/*"] } }] });
  expect(onlyResource(prod, "aws_lb_target_group")).toMatchObject({ port: 8000, target_type: "ip", health_check: { path: "/api/health" } });
});

it("is the distribution's origin inside the VPC, another one for another load balancer", () => {
  expect(plain(onlyResource(prod, "aws_cloudfront_distribution").origin)).toContainEqual({
    origin_id: "api",
    domain_name: "api_load-balancer.dns_name",
    vpc_origin_config: { vpc_origin_id: "api_load-balancer-origin.id" },
  });
  // It is asked once it runs, so that what does not leaves what was asked before.
  expect(onlyResource(prod, "aws_cloudfront_distribution").depends_on).toEqual([
    expect.stringMatching(/^aws_ecs_service\.api_service_\w+$/),
  ]);
  const origin = onlyResource(prod, "aws_cloudfront_vpc_origin");
  // What goes with the origin, goes after it.
  expect(origin.depends_on).toEqual([
    expect.stringMatching(/^aws_vpc_security_group_ingress_rule\.database_security-group_from-api-5432_\w+$/),
  ]);
  expect(origin.lifecycle).toEqual({
    create_before_destroy: true,
    replace_triggered_by: [expect.stringMatching(/^aws_lb\.api_load-balancer_\w+\.id$/)],
  });
  expect(plain(origin.vpc_origin_endpoint_config)).toMatchObject([
    {
      name: expect.stringMatching(/^kabu-trade-\$\{element\(split\("\/", aws_lb\.\S+\.arn\), 3\)\}$/) as unknown,
      arn: "api_load-balancer.arn",
      origin_protocol_policy: "http-only",
    },
  ]);
});

it("ECS may pull its image, read its one secret and write its log; the API itself may nothing", () => {
  const rights = rightsOf(named(prod, "aws_iam_role_policy", "api_identity_execution-role_grants")).map(({ Action, Resource }) => [
    Action,
    Resource,
  ]);
  expect(rights).toEqual(
    expect.arrayContaining([
      [["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], "api_repository.arn"],
      ["secretsmanager:GetSecretValue", "database-secret.arn"],
      [["logs:CreateLogStream", "logs:PutLogEvents"], "api_service-log_log-group.arn:*"],
    ]),
  );
  expect(Object.keys(prod.resource!.aws_iam_role_policy!).filter((name) => name.startsWith("api_identity_task-role"))).toEqual([]);
});

it("has one encrypted node of a cache, kept and backed up (DAT-075)", () => {
  expect(plain(onlyResource(prod, "aws_elasticache_replication_group"))).toMatchObject({
    replication_group_id: "kabu-trade-cache",
    node_type: "cache.t3.micro",
    num_cache_clusters: 1,
    at_rest_encryption_enabled: "true",
    transit_encryption_enabled: true,
    kms_key_id: "key.arn",
    snapshot_retention_limit: 1,
    lifecycle: { prevent_destroy: true },
  });
  // A second one of its name would be refused when it goes for the second time.
  expect(onlyResource(prod, "aws_elasticache_replication_group")).not.toHaveProperty("final_snapshot_identifier");
});

it("tells when tasks are ill or busy, answers are errors, or the cache runs full (OBS-032, OBS-033)", () => {
  const names = resourcesOf(prod, "aws_cloudwatch_metric_alarm").map(({ alarm_name }) => alarm_name as string);
  expect(names.filter((name) => /^(ALB|ECS|ElastiCache)-/.test(name)).sort()).toEqual([
    "ALB-Errors-web",
    "ALB-Own-Errors-web",
    "ALB-Slow-web",
    "ALB-Unhealthy-web",
    "ECS-High-CPU-api-web",
    "ECS-High-Memory-api-web",
    "ElastiCache-Low-Memory-web-001",
  ]);
  expect(resourcesOf(prod, "aws_cloudwatch_event_rule").map(({ name }) => name)).toEqual([
    "ECS-Failed-Deployments-web",
    "ECS-Stopped-Tasks-web",
  ]);
});

it("is its repository, load balancer and stores as long as no image was pushed", () => {
  const json = withEdits({ "web.service.image": "kabu-trade-api:none" });
  expect(resourcesOf(json, "aws_ecs_service")).toEqual([]);
  expect(onlyResource(json, "aws_cloudfront_distribution")).not.toHaveProperty("depends_on");
  // Every answer would be an error of the load balancer's own.
  expect(JSON.stringify(json)).not.toContain("ALB-Own-Errors-web");
  expect(resourcesOf(json, "aws_ecr_repository")).toHaveLength(1);
  expect(onlyResource(json, "aws_lb").name).toBe("kabu-trade");
  expect(onlyResource(json, "aws_elasticache_replication_group").replication_group_id).toBe("kabu-trade-cache");
});

it("scales by its load where the literal says so, and rests with the services", () => {
  const json = withEdits({ "web.service.replicas": GONE, "web.service.scaling": { min: 2, max: 4 } });
  expect(onlyResource(json, "aws_appautoscaling_target")).toMatchObject({ min_capacity: 2, max_capacity: 4 });
  expect(resourcesOf(json, "aws_appautoscaling_policy")).toHaveLength(2);
  const resting = withEdits(
    {
      "web.tier": "standard",
      ...{ "web.backend": GONE, "web.freeTier": GONE, "web.database.longKeeping": GONE },
      "web.service": {
        image: "kabu-trade-api-staging:0.1.0",
        cpu: 512,
        memory: 1024,
        replicas: 2,
        databaseSecret: "kabu-trade/database-staging",
      },
    },
    "staging",
  );
  expect(resourcesOf(resting, "aws_appautoscaling_scheduled_action")).toHaveLength(2);
  expect(resourcesOf(prod, "aws_appautoscaling_target")).toEqual([]);
});

it("without a cache it is told of none", () => {
  const { environment } = plain(containerOf(withEdits({ "web.cache": GONE }))) as Block;
  expect((environment as { readonly name: string }[]).map(({ name }) => name)).toEqual(["ENVIRONMENT", "PORT"]);
});
