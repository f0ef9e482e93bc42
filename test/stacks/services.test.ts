/** The container services on ECS: dev as it is written, staging and prod as they are when ECS runs them. */
import { chartValues } from "../../constructs/kubernetes/chart-values";
import { parseEnvironment } from "../../environments/reading/parse";
import { edited, environment, type Base, type Edits } from "../environments/edits";
import { containerOfService, rightsOfRole, synthServices, variablesOf, waysOf } from "../helpers/services";
import { onlyResource, policyOf, resourcesOf, synthEnvironments, type Block, type StackJson } from "../helpers/synth";
import { named } from "../helpers/trading";

const onEcs = (base: Base, edits: Edits = {}): StackJson => synthServices(environment(base, { platform: "ecs", ...edits }));
const of = { dev: synthServices(environment("dev")), staging: onEcs("staging"), prod: onEcs("prod") };
const names = ["dev", "staging", "prod"] as const;
const outside = ["staging", "prod"] as const;
const suffixOf = (name: Base) => environment(name).nameSuffix;
const serviceBlock = (json: StackJson, name: string) => named(json, "aws_ecs_service", `service-${name}_`);

describe("the stack", () => {
  it("is not there where the platform is nothing (C-52)", () => {
    const stacks = synthEnvironments({ environments: [environment("dev", { platform: "none" })], target: { kind: "aws" } });
    expect(Object.keys(stacks)).toEqual(
      ["bootstrap", "data", "events", "network", "operations", "trading", "web"].map((stack) => `dev-${stack}`),
    );
    // The web application has a repository of its own.
    expect(JSON.stringify({ ...stacks, "dev-web": {} })).not.toMatch(/"aws_(ecs|ecr|eks|appautoscaling)_/);
  });

  it.each<[string, Base, Edits]>([
    ["EKS", "staging", {}],
    ["EKS", "prod", {}],
    ["a cluster of somebody else's", "dev", { platform: { kind: "kubernetes", kubeconfig: "~/.kube/config", context: "trading" } }],
  ])("has nothing of ECS where the platform is %s (%s, C-52)", (_, base, edits) => {
    expect(
      Object.keys(synthServices(environment(base, edits)).resource!).filter((type) =>
        /^aws_(ecs|appautoscaling|lb|service_discovery)_?/.test(type),
      ),
    ).toEqual([]);
  });

  it.each([
    ["dev", "day-trade-dev", "disabled"],
    ["staging", "day-trade-staging", "enhanced"],
    ["prod", "day-trade-production", "enhanced"],
  ] as const)("of %s has the cluster %s with insights %s (CON-005, CON-015, CON-016)", (name, cluster, insights) => {
    expect(onlyResource(of[name], "aws_ecs_cluster")).toMatchObject({
      name: cluster,
      setting: [{ name: "containerInsights", value: insights }],
    });
  });

  it("lets people into containers in dev only, with a log of every session", () => {
    expect(
      names.map((name) => resourcesOf(of[name], "aws_ecs_service").map(({ enable_execute_command }) => enable_execute_command)),
    ).toEqual([
      [true, true, true],
      [false, false, false],
      [false, false, false],
    ]);
    expect(onlyResource(of.dev, "aws_ecs_cluster").configuration).toMatchObject({ execute_command_configuration: { logging: "OVERRIDE" } });
    expect(of.prod.resource?.aws_ecs_cluster && onlyResource(of.prod, "aws_ecs_cluster")).not.toHaveProperty("configuration");
  });
});

describe("services", () => {
  it.each(names)("of %s have the documented sizes (CON-011, CON-012; the scheduler's is proposed), dev the least (CON-015)", (name) => {
    const sizes = ["ml", "data", "scheduler"]
      .map((service) => named(of[name], "aws_ecs_task_definition", `service-${service}_`))
      .map(({ cpu, memory }) => [cpu, memory]);
    expect(sizes).toEqual(
      name === "dev"
        ? Array(3).fill(["256", "512"])
        : [
            ["2048", "4096"],
            ["1024", "2048"],
            ["512", "1024"],
          ],
    );
  });

  it("run once in dev, and with 3 to 20 tasks elsewhere; the scheduler never twice (CON-015, C-54, K8S-019)", () => {
    const counts = (json: StackJson) =>
      ["ml", "data", "scheduler"]
        .map((service) => serviceBlock(json, service))
        .map((block) => [block.desired_count, block.deployment_maximum_percent]);
    expect(counts(of.dev)).toEqual([
      [1, 200],
      [1, 200],
      [1, 100],
    ]);
    const limits = (json: StackJson) =>
      resourcesOf(json, "aws_appautoscaling_target").map(({ resource_id, min_capacity, max_capacity }) => [
        /\.service-(\w+)_service/.exec(String(resource_id))?.[1],
        min_capacity,
        max_capacity,
      ]);
    // For the times when they rest.
    expect(limits(of.dev)).toEqual([
      ["data", 1, 1],
      ["ml", 1, 1],
      ["scheduler", 1, 1],
    ]);
    for (const name of outside) {
      expect(counts(of[name])).toEqual([
        [3, 200],
        [3, 200],
        [1, 100],
      ]);
      expect(limits(of[name])).toEqual([
        ["data", 3, 20],
        ["ml", 3, 20],
        // Staging rests at the weekend.
        ...(name === "staging" ? [["scheduler", 1, 1]] : []),
      ]);
    }
  });

  it("stand in the subnets for containers, with an address of their own in the default network only (C-06)", () => {
    for (const name of names) {
      for (const block of resourcesOf(of[name], "aws_ecs_service")) {
        const { subnets, assign_public_ip } = block.network_configuration as { subnets: unknown; assign_public_ip: boolean };
        expect(assign_public_ip).toBe(name === "dev");
        const tier = name === "dev" ? "subnet" : "containers";
        expect(subnets).toEqual(["a", "c"].map((zone) => expect.stringContaining(`network_${tier}-${zone}_`) as unknown));
      }
    }
  });

  it("are deployed after those they call", () => {
    const after = (service: string) =>
      (serviceBlock(of.prod, service).depends_on as string[]).filter((address) => address.startsWith("aws_ecs_service."));
    expect(after("data")).toEqual([]);
    expect(after("ml")).toEqual([expect.stringMatching(/\.service-data_service_/)]);
    expect(after("scheduler")).toEqual([expect.stringMatching(/\.service-data_service_/), expect.stringMatching(/\.service-ml_service_/)]);
  });

  it("are told where everything is, in plain settings that hold no secret", () => {
    expect(Object.keys(variablesOf(of.prod, "ml"))).toEqual([
      "BACKTEST_RESULTS_BUCKET",
      "CACHE_CLUSTER_MODE",
      "CACHE_HOST",
      "CACHE_PORT",
      "CACHE_TLS",
      "DATABASE_HOST",
      "DATABASE_NAME",
      "DATABASE_PORT",
      "DATABASE_USER",
      "DATA_URL",
      "ENVIRONMENT",
      "ORDER_STATE_TABLE",
      "PORT",
      "PROCESSED_MARKET_DATA_BUCKET",
    ]);
    expect(variablesOf(of.prod, "ml")).toMatchObject({
      ENVIRONMENT: "production",
      PORT: "8000",
      DATA_URL: "http://data:8000",
      DATABASE_USER: "svc_ml",
      CACHE_PORT: "6379",
      CACHE_TLS: "true",
      CACHE_CLUSTER_MODE: "true",
    });
    expect(variablesOf(of.dev, "scheduler")).toEqual({
      ENVIRONMENT: "development",
      PORT: "8000",
      DATA_URL: "http://data:8000",
      ML_URL: "http://ml:8000",
      SYSTEM_EVENTS_TOPIC_ARN: expect.stringContaining("system-events") as unknown,
    });
  });

  it.each(names)("of %s log to groups that end, under the stack's key outside dev", (name) => {
    const { cluster } = environment(name);
    const groups = resourcesOf(of[name], "aws_cloudwatch_log_group");
    expect(groups.map((block) => [block.name, block.retention_in_days, block.kms_key_id !== undefined])).toEqual(
      [
        ...(name === "dev" ? [`/aws/ecs/${cluster.name}/exec`] : [`/aws/ecs/containerinsights/${cluster.name}/performance`]),
        ...["data", "ml", "scheduler"].map((service) => `/aws/ecs/${cluster.name}/services/${service}`),
        ...(name === "dev" ? [] : [`aws-waf-logs-services${suffixOf(name)}`]),
      ].map((group) => [group, 30, name !== "dev"]),
    );
    if (name === "dev") return;
    const statement = policyOf(onlyResource(of[name], "aws_kms_key"), "policy").Statement.find(({ Sid }) => Sid === "LogGroups");
    const arns = (statement?.Condition as { ArnEquals: Record<string, string[]> }).ArnEquals["kms:EncryptionContext:aws:logs:arn"]!;
    // Also the sessions', so that ECS Exec can be switched on without a change of the key.
    for (const group of groups)
      expect(arns).toContain(`arn:aws:logs:ap-northeast-1:${environment(name).account}:log-group:${String(group.name)}`);
    expect(arns).toHaveLength(6);
  });
});

describe("who reaches what", () => {
  /** Caller, port, whom. */
  const calls = [
    ["ml", 8000, "data"],
    ["scheduler", 8000, "data"],
    ["scheduler", 8000, "ml"],
  ];
  const requests = [
    ["load-balancer", 8000, "data"],
    ["load-balancer", 8000, "ml"],
  ];
  const cache = [
    ["data", 6379, "cache"],
    ["ml", 6379, "cache"],
  ];
  const database = [
    ["data", 5432, "database"],
    ["ml", 5432, "database"],
    ["scheduler", 5432, "database"],
  ];
  const internet = ["data", "ml", "scheduler"].map((service) => [service, 443, "0.0.0.0/0"]);
  const clients = [
    ["load-balancer", 443, "203.0.113.0/24"],
    ["load-balancer", 80, "203.0.113.0/24"],
  ];
  const sorted = (ways: readonly (readonly unknown[])[]) => [...ways].sort((a, b) => (a.join() < b.join() ? -1 : 1));
  const turned = (ways: readonly (readonly unknown[])[]) => ways.map(([from, port, to]) => [to, port, from]);

  it.each(names)("of %s is exactly this: calls, requests, cache and database, each opened on both sides (SEC-010, SEC-012)", (name) => {
    const between = [...calls, ...requests, ...cache, ...(name === "dev" ? [] : database)];
    expect(waysOf(of[name], "egress")).toEqual(sorted([...between, ...internet]));
    expect(waysOf(of[name], "ingress")).toEqual(sorted([...turned(between), ...clients]));
  });

  it("is every port of a service that is called", () => {
    const json = onEcs("dev", { "services.data.port": 9000, "services.data.ports": { grpc: 50051 } });
    expect(waysOf(json, "ingress").filter(([owner, , from]) => owner === "data" && from !== "load-balancer")).toEqual([
      ["data", 50051, "ml"],
      ["data", 50051, "scheduler"],
      ["data", 9000, "ml"],
      ["data", 9000, "scheduler"],
    ]);
    expect(variablesOf(json, "ml").DATA_URL).toBe("http://data:9000");
  });
});

describe("rights", () => {
  const actions = (json: StackJson, service: string, role: "task" | "execution") =>
    rightsOfRole(json, service, role)
      .map(({ Action }) => [Action].flat().join(" "))
      .sort();
  const read = ["s3:GetObject", "s3:ListBucket"];
  const encrypted = { read: "kms:Decrypt", write: "kms:Decrypt kms:GenerateDataKey" };

  it.each(outside)("of the services of %s are what the literal gives them, and what it brings with it", (name) => {
    expect(actions(of[name], "ml", "task")).toEqual(
      [
        "dynamodb:GetItem dynamodb:Query",
        encrypted.read,
        encrypted.write,
        "rds-db:connect",
        ...read,
        "s3:GetObject s3:PutObject",
        "s3:ListBucket",
      ].sort(),
    );
    expect(actions(of[name], "data", "task")).toEqual(
      [
        encrypted.write,
        "rds-db:connect",
        "s3:GetObject s3:PutObject",
        "s3:GetObject s3:PutObject",
        "s3:ListBucket",
        "s3:ListBucket",
      ].sort(),
    );
    expect(actions(of[name], "scheduler", "task")).toEqual([encrypted.write, "rds-db:connect", "sns:Publish"].sort());
  });

  it("in dev hold the sessions of ECS Exec too, and no key", () => {
    expect(actions(of.dev, "scheduler", "task")).toEqual([
      "logs:CreateLogStream logs:PutLogEvents",
      "logs:DescribeLogGroups",
      "logs:DescribeLogStreams",
      "sns:Publish",
      "ssmmessages:CreateControlChannel ssmmessages:CreateDataChannel ssmmessages:OpenControlChannel ssmmessages:OpenDataChannel",
    ]);
  });

  it.each(names)("of ECS in %s are the service's own images and its own log", (name) => {
    for (const service of ["ml", "data", "scheduler"]) {
      expect(rightsOfRole(of[name], service, "execution")).toEqual([
        { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
        {
          Effect: "Allow",
          Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
          Resource: expect.stringMatching(new RegExp(`\\.service-${service}_images_repository_\\w+\\.arn}$`)) as unknown,
        },
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: expect.stringMatching(new RegExp(`\\.service-${service}_log_log-group_\\w+\\.arn}:\\*$`)) as unknown,
        },
      ]);
    }
  });

  it.each(names)("of %s belong to roles under the environment's boundary, two for each service", (name) => {
    const roles = resourcesOf(of[name], "aws_iam_role");
    expect(roles.map((role) => role.name).sort()).toEqual(
      ["data", "ml", "scheduler"].flatMap((service) => [
        `tss-${service}-execution${suffixOf(name)}`,
        `tss-${service}-task${suffixOf(name)}`,
      ]),
    );
    for (const role of roles) expect(role.permissions_boundary).toMatch(new RegExp(`^arn:aws:iam::${environment(name).account}:policy/`));
  });
});

describe("secrets (design 11)", () => {
  const json = onEcs("prod", {
    "data.serviceSecrets": { marketDataApi: { name: "TSS/market-data-api", description: "Key of the market data", keys: ["key"] } },
    "services.data.secrets": {
      API_KEY: { secret: "marketDataApi", key: "key" },
      MT5_LOGIN: { secret: "mt5", key: "login" },
      SLACK: { secret: "slackWebhook", key: environment("prod").data.secrets.slackWebhook.keys[0]! },
    },
  });

  it("are references to one key each, which ECS resolves", () => {
    expect(variablesOf(json, "data", "secrets")).toEqual({
      API_KEY: expect.stringMatching(/service-secret-marketDataApi_secret_\w+arn}:key::$/) as unknown,
      MT5_LOGIN: expect.stringMatching(/mt5_secret_\w+arn}:login::$/) as unknown,
      SLACK: expect.stringMatching(/slack-webhook_secret_\w+arn}:\w+::$/) as unknown,
    });
    expect(Object.keys(variablesOf(json, "data"))).not.toEqual(expect.arrayContaining(["API_KEY"]));
    for (const service of ["ml", "scheduler"]) expect(containerOfService(json, service).secrets).toEqual([]);
  });

  it("are read by ECS for that service, and by no program", () => {
    const reads = (service: string, role: "task" | "execution") =>
      rightsOfRole(json, service, role)
        .filter(({ Action }) => Action === "secretsmanager:GetSecretValue")
        .map(({ Resource }) => Resource);
    expect(reads("data", "execution")).toEqual(
      ["service-secret-marketDataApi", "mt5", "slack-webhook"].map((secret) => expect.stringContaining(`${secret}_secret_`) as unknown),
    );
    // Of the data stack's and of the events stack's.
    expect(rightsOfRole(json, "data", "execution").filter(({ Action }) => Action === "kms:Decrypt")).toHaveLength(2);
    for (const [service, role] of [
      ["data", "task"],
      ["ml", "execution"],
      ["ml", "task"],
      ["scheduler", "execution"],
      ["scheduler", "task"],
    ] as const)
      expect(reads(service, role)).toEqual([]);
  });
});

describe("requests from outside (SEC-011, C-14)", () => {
  it.each(names)("of %s come over TLS through one load balancer, behind a web ACL outside dev", (name) => {
    const { cluster } = environment(name);
    expect(onlyResource(of[name], "aws_lb")).toMatchObject({
      name: `services${suffixOf(name)}`,
      internal: false,
      enable_deletion_protection: name !== "dev",
      access_logs: { enabled: true, prefix: `load-balancer/services${suffixOf(name)}` },
    });
    expect(resourcesOf(of[name], "aws_lb_listener").find(({ port }) => port === 443)).toMatchObject({
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      certificate_arn: cluster.loadBalancer!.certificateArn,
    });
    if (name === "dev") {
      for (const type of ["aws_wafv2_web_acl", "aws_wafv2_web_acl_association"]) expect(resourcesOf(of.dev, type)).toEqual([]);
      return;
    }
    expect(onlyResource(of[name], "aws_wafv2_web_acl")).toMatchObject({ name: `services${suffixOf(name)}`, scope: "REGIONAL" });
    expect(named(of[name], "aws_cloudwatch_log_group", "web-acl_log")).toMatchObject({
      name: `aws-waf-logs-services${suffixOf(name)}`,
      retention_in_days: environment(name).cluster.logRetentionDays,
    });
    expect(onlyResource(of[name], "aws_kms_key").policy).toContain(`log-group:aws-waf-logs-services${suffixOf(name)}`);
    expect(onlyResource(of[name], "aws_wafv2_web_acl_association").resource_arn).toMatch(/aws_lb\.load-balancer_\w+\.arn/);
  });

  it.each(names)("of %s go to the two services with a route, when these are ready", (name) => {
    expect(resourcesOf(of[name], "aws_lb_listener_rule").map(({ priority, condition }) => [priority, condition])).toEqual([
      [200, [{ path_pattern: { values: ["/data/*"] } }]],
      [100, [{ path_pattern: { values: ["/ml/*"] } }]],
    ]);
    expect(
      resourcesOf(of[name], "aws_lb_target_group").map(({ name: group, port, target_type, health_check }) => [
        group,
        port,
        target_type,
        (health_check as Block).path,
      ]),
    ).toEqual(["data", "ml"].map((service) => [`svc-${service}${suffixOf(name)}`, 8000, "ip", "/ready"]));
    expect(serviceBlock(of[name], "ml").load_balancer).toEqual([
      { container_name: "ml", container_port: 8000, target_group_arn: expect.stringMatching(/load-balancer_service-ml_/) as unknown },
    ]);
    expect(serviceBlock(of[name], "scheduler")).not.toHaveProperty("load_balancer");
  });

  it("need no load balancer where no service has a route", () => {
    const json = onEcs("dev", { "cluster.loadBalancer": undefined, "services.ml.route": undefined, "services.data.route": undefined });
    for (const type of ["aws_lb", "aws_lb_target_group", "aws_wafv2_web_acl"]) expect(resourcesOf(json, type)).toEqual([]);
  });
});

describe("what is kept", () => {
  it.each(names)("of %s are repositories, held outside dev and encrypted", (name) => {
    const held = name !== "dev";
    for (const block of resourcesOf(of[name], "aws_ecr_repository")) {
      expect(block).toMatchObject({
        image_tag_mutability: "IMMUTABLE",
        image_scanning_configuration: { scan_on_push: true },
        force_delete: !held,
      });
      expect(block.lifecycle).toEqual(held ? { prevent_destroy: true } : undefined);
      expect((block.encryption_configuration as Block[])[0]).toEqual({
        encryption_type: "KMS",
        ...(held && { kms_key: expect.stringMatching(/aws_kms_key\.key_/) as unknown }),
      });
    }
    expect(resourcesOf(of[name], "aws_ecr_repository").map((block) => block.name)).toEqual(
      ["data", "ml", "scheduler"].map((service) => `day-trade-${service}${suffixOf(name)}`),
    );
    expect(resourcesOf(of[name], "aws_kms_key").map(({ lifecycle }) => lifecycle)).toEqual(held ? [{ prevent_destroy: true }] : []);
  });
});

describe("alarms", () => {
  it.each(names)("of %s are on load, health and errors of each service, and on tasks that stop", (name) => {
    const end = suffixOf(name);
    expect(
      resourcesOf(of[name], "aws_cloudwatch_metric_alarm")
        .map(({ alarm_name }) => alarm_name)
        .sort(),
    ).toEqual(
      [
        `ALB-Own-Errors${end}`,
        ...["data", "ml"].flatMap((service) => [
          `ALB-Errors-${service}${end}`,
          `ALB-Slow-${service}${end}`,
          `ALB-Unhealthy-${service}${end}`,
        ]),
        ...["data", "ml", "scheduler"].flatMap((service) => [`ECS-High-CPU-${service}${end}`, `ECS-High-Memory-${service}${end}`]),
      ].sort(),
    );
    expect(resourcesOf(of[name], "aws_cloudwatch_event_rule").map((rule) => rule.name)).toEqual([
      `ECS-Failed-Deployments${end}`,
      `ECS-Stopped-Tasks${end}`,
    ]);
    for (const { alarm_actions } of resourcesOf(of[name], "aws_cloudwatch_metric_alarm"))
      expect(alarm_actions).toEqual([expect.stringContaining("system-alerts") as unknown]);
    for (const { arn } of resourcesOf(of[name], "aws_cloudwatch_event_target")) expect(arn).toContain("system-alerts");
  });

  it("on errors of the load balancer itself count no request twice, and need none that found a target", () => {
    const { metric_query: queries } = resourcesOf(of.dev, "aws_cloudwatch_metric_alarm").find(
      ({ alarm_name }) => alarm_name === "ALB-Own-Errors-dev",
    )!;
    const metrics = queries as readonly { readonly id: string; readonly expression?: string; readonly metric?: Block }[];
    expect(metrics.map(({ id, metric, expression }) => [id, metric?.metric_name ?? expression])).toEqual([
      ["part", "HTTPCode_ELB_5XX_Count"],
      ["whole", "RequestCount"],
      ["calculated", "100 * part / (FILL(whole, 0) + part)"],
    ]);
  });

  it("have the literal's figures (OBS-033)", () => {
    const threshold = (json: StackJson, name: string) =>
      resourcesOf(json, "aws_cloudwatch_metric_alarm").find(({ alarm_name }) => alarm_name === name)?.threshold;
    const figures = (json: StackJson) =>
      ["ECS-High-CPU-ml", "ECS-High-Memory-ml", "ALB-Errors-ml", "ALB-Unhealthy-ml"].map((name) => threshold(json, name));
    expect(figures(of.prod)).toEqual([85, 90, 5, 0]);
    expect(figures(onEcs("prod", { "alarms.services": { cpuPercent: 95, memoryPercent: 96, errorPercent: 1 } }))).toEqual([95, 96, 1, 0]);
  });
});

describe("a service more", () => {
  /** Ten lines of a literal. */
  const signals = {
    image: "day-trade-signals-staging:2.0.0",
    cpu: 256,
    memory: 512,
    port: 8080,
    scaling: { min: 2, max: 6, queue: { name: "orderQueue", messagesPerTask: 20 } },
    route: { priority: 300, hosts: ["signals.example.com"] },
    calls: ["ml"],
    environment: { LOG_LEVEL: "info" },
    grants: ["orderQueue.consume", "orderState.readWrite", "cache.connect"],
  };
  const addresses = ({ resource = {} }: StackJson) =>
    Object.entries(resource).flatMap(([type, blocks]) => Object.keys(blocks).map((id) => `${type}.${id}`));

  it("is an entry of the literal, which gives it all of this and changes nothing that stands", () => {
    const literal = parseEnvironment(edited("staging", { platform: "ecs", "services.signals": signals }), "environments/staging.ts");
    const json = synthServices(literal);
    const before = new Set(addresses(of.staging));
    const added = addresses(json)
      .filter((address) => !before.has(address))
      .map((address) => address.replace(/_[0-9A-F]{8}$/, ""));
    expect(added.sort()).toEqual([
      "aws_appautoscaling_policy.service-signals_service_scaling_cpu",
      "aws_appautoscaling_policy.service-signals_service_scaling_memory",
      "aws_appautoscaling_policy.service-signals_service_scaling_queue",
      "aws_appautoscaling_scheduled_action.service-signals_service_scaling_start",
      "aws_appautoscaling_scheduled_action.service-signals_service_scaling_stop",
      "aws_appautoscaling_target.service-signals_service_scaling_target",
      "aws_cloudwatch_log_group.service-signals_log_log-group",
      "aws_cloudwatch_metric_alarm.load-balancer_service-signals-delay-alarm",
      "aws_cloudwatch_metric_alarm.load-balancer_service-signals-errors-alarm",
      "aws_cloudwatch_metric_alarm.load-balancer_service-signals-unhealthy-alarm",
      "aws_cloudwatch_metric_alarm.service-signals_service_cpu-alarm",
      "aws_cloudwatch_metric_alarm.service-signals_service_memory-alarm",
      "aws_ecr_lifecycle_policy.service-signals_images_lifecycle",
      "aws_ecr_repository.service-signals_images_repository",
      "aws_ecs_service.service-signals_service",
      "aws_ecs_task_definition.service-signals_service_task-definition",
      "aws_iam_role.service-signals_identity_execution-role",
      "aws_iam_role.service-signals_identity_task-role",
      "aws_iam_role_policy.service-signals_identity_execution-role_grants",
      "aws_iam_role_policy.service-signals_identity_task-role_grants",
      "aws_lb_listener_rule.load-balancer_service-signals-rule",
      "aws_lb_target_group.load-balancer_service-signals",
      "aws_security_group.service-signals_identity_security-group",
      "aws_vpc_security_group_egress_rule.load-balancer_security-group_to-service-signals-8080",
      "aws_vpc_security_group_egress_rule.service-signals_identity_security-group_to-cache-6379",
      "aws_vpc_security_group_egress_rule.service-signals_identity_security-group_to-internet-443",
      "aws_vpc_security_group_egress_rule.service-signals_identity_security-group_to-service-ml-8000",
      "aws_vpc_security_group_ingress_rule.service-ml_identity_security-group_from-service-signals-8000",
      "aws_vpc_security_group_ingress_rule.service-signals_identity_security-group_cache-security-group-from-service-signals-6379",
      "aws_vpc_security_group_ingress_rule.service-signals_identity_security-group_from-load-balancer-8080",
    ]);
    expect([...before].filter((address) => !addresses(json).includes(address))).toEqual([]);
    expect(variablesOf(json, "signals")).toMatchObject({
      LOG_LEVEL: "info",
      PORT: "8080",
      ML_URL: "http://ml:8000",
      ORDER_QUEUE_URL: expect.stringContaining("orders_queue") as unknown,
    });
    expect(
      named(json, "aws_appautoscaling_policy", "service-signals_service_scaling_queue").target_tracking_scaling_policy_configuration,
    ).toMatchObject({
      target_value: 20,
      customized_metric_specification: {
        metrics: [
          { metric_stat: { metric: { dimensions: [{ name: "QueueName", value: expect.stringContaining("orders_queue") as unknown }] } } },
          {},
          {},
        ],
      },
    });
  });
});

describe("a service of which nothing was pushed yet", () => {
  const types = (json: StackJson) => Object.keys(json.resource!).sort();
  const all = Object.fromEntries(["ml", "data", "scheduler"].map((name) => [`services.${name}.image`, `day-trade-${name}-dev:none`]));

  it("is its repository and nothing else, which the output says; the others run, without calls to it", () => {
    const json = onEcs("dev", { "services.data.image": "day-trade-data-dev:none" });
    expect(resourcesOf(json, "aws_ecr_repository").map(({ name }) => name)).toEqual([
      "day-trade-data-dev",
      "day-trade-ml-dev",
      "day-trade-scheduler-dev",
    ]);
    expect(resourcesOf(json, "aws_ecs_service").map(({ name }) => name)).toEqual(["ml", "scheduler"]);
    expect(Object.keys(json.data!.aws_ecr_image!).filter((id) => id.includes("service-data"))).toEqual([]);
    expect(
      Object.entries(json.resource!).flatMap(([type, blocks]) =>
        Object.keys(blocks)
          .filter((id) => id.includes("service-data"))
          .map(() => type),
      ),
    ).toEqual(["aws_ecr_lifecycle_policy", "aws_ecr_repository"]);
    expect(variablesOf(json, "ml")).not.toHaveProperty("DATA_URL");
    expect(json.output).toMatchObject({
      data_image: { value: "none", description: expect.stringContaining("does not run: push its image") as string },
    });
    expect(json.output).not.toHaveProperty("ml_image");
  });

  it("may be each of them: an empty cluster, on ECS and on EKS", () => {
    expect(types(onEcs("dev", all)).filter((type) => /^aws_(ecs_(service|task)|appautoscaling|lb_target)/.test(type))).toEqual([]);
    const stacks = synthEnvironments({ environments: [environment("dev", { ...all, platform: "eks" })], target: { kind: "aws" } });
    expect(resourcesOf(stacks["dev-services"]!, "aws_ecr_repository")).toHaveLength(3);
    expect(JSON.stringify(stacks["dev-services"])).not.toContain("service-ml_pods");
    expect(
      resourcesOf(stacks["dev-workloads"]!, "helm_release")
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["aws-load-balancer-controller", "external-secrets", "fluent-bit", "metrics-server"]);
  });

  it("has no part in the chart's values, the Ingress included", () => {
    const values = chartValues(
      environment("prod", { "services.ml.image": "day-trade-ml:none", "services.data.image": "day-trade-data:none" }),
    );
    expect(values).toMatchObject({ services: { ml: null, data: null, scheduler: { calls: [] } }, ingress: { enabled: false } });
  });
});
