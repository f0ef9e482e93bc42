/** A service on Fargate: its container, its task definition, how it is deployed and watched. */
import { containerDefinition, taskVolumes, type ContainerProps } from "../../constructs/containers/container-definition";
import type { FargateServiceProps } from "../../constructs/containers/fargate-service";
import { LogGroup } from "../../constructs/logs/log-group";
import { alerts, bare, containerOf, newLoadBalancer, region, rightsOf, synthService, type ServiceParts } from "../helpers/containers";
import { onlyResource, resourcesOf } from "../helpers/synth";

const logOptions = (group: string, prefix: string) => ({
  "awslogs-group": group,
  "awslogs-region": region,
  "awslogs-stream-prefix": prefix,
  mode: "non-blocking",
  "max-buffer-size": "25m",
});

describe("containerDefinition", () => {
  const figures: ContainerProps = {
    name: "ml",
    image: "registry/ml:1.0.0",
    environment: {},
    secrets: {},
    logGroup: "/logs/ml",
    region,
    executeCommand: false,
    port: 8000,
    ports: {},
    healthPath: "/health",
    startSeconds: 60,
    stopSeconds: 30,
  };
  const scratch = { sourceVolume: "scratch", containerPath: "/tmp", readOnly: false };
  const definition = {
    name: "ml",
    image: "registry/ml:1.0.0",
    essential: true,
    user: "10001:10001",
    privileged: false,
    readonlyRootFilesystem: true,
    linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
    mountPoints: [scratch],
    portMappings: [{ name: "http", containerPort: 8000, hostPort: 8000, protocol: "tcp", appProtocol: "http" }],
    environment: [],
    secrets: [],
    healthCheck: {
      command: [
        "CMD",
        "python",
        "-c",
        'import sys, urllib.request; sys.exit(urllib.request.urlopen("http://127.0.0.1:8000/health", timeout=4).status != 200)',
      ],
      interval: 30,
      timeout: 5,
      retries: 3,
      startPeriod: 60,
    },
    stopTimeout: 30,
    logConfiguration: { logDriver: "awslogs", options: logOptions("/logs/ml", "ml") },
  };
  const agent = [
    ["agent-programs", "/managed-agents"],
    ["agent-state", "/var/lib/amazon/ssm"],
    ["agent-log", "/var/log/amazon/ssm"],
  ] as const;

  it("is neither root nor privileged, and writes to its scratch volume only", () => {
    expect(containerDefinition(figures)).toEqual(definition);
    expect(taskVolumes(false)).toEqual([{ volume: "scratch", path: "/tmp" }]);
  });

  it("gives the agent of ECS Exec, and nobody else, three more places to write to", () => {
    expect(containerDefinition({ ...figures, executeCommand: true })).toEqual({
      ...definition,
      mountPoints: [scratch, ...agent.map(([sourceVolume, containerPath]) => ({ sourceVolume, containerPath, readOnly: false }))],
    });
    expect(taskVolumes(true)).toEqual([{ volume: "scratch", path: "/tmp" }, ...agent.map(([volume, path]) => ({ volume, path }))]);
  });

  it("names settings and secrets in the order in which ECS gives them back, secrets by reference", () => {
    expect(containerDefinition({ ...figures, environment: { B: "2", A: "1" }, secrets: { Z: "arn:z::", Y: "arn:y::" } })).toEqual({
      ...definition,
      environment: [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
      ],
      secrets: [
        { name: "Y", valueFrom: "arn:y::" },
        { name: "Z", valueFrom: "arn:z::" },
      ],
    });
  });

  it("opens further ports, of which it does not say that they speak HTTP", () => {
    expect(containerDefinition({ ...figures, port: 9000, ports: { grpc: 50051 } })).toMatchObject({
      portMappings: [
        { name: "http", containerPort: 9000, hostPort: 9000, protocol: "tcp", appProtocol: "http" },
        { name: "grpc", containerPort: 50051, hostPort: 50051, protocol: "tcp" },
      ],
      healthCheck: { command: [expect.anything(), "python", "-c", expect.stringContaining("http://127.0.0.1:9000/health") as unknown] },
    });
    expect((containerDefinition({ ...figures, ports: { grpc: 50051 } }).portMappings as object[])[1]).not.toHaveProperty("appProtocol");
  });

  it("asks for its health in its own way and time", () => {
    expect(containerDefinition({ ...figures, healthCommand: ["/bin/health", "--quick"], startSeconds: 120, stopSeconds: 90 })).toEqual({
      ...definition,
      healthCheck: { ...definition.healthCheck, command: ["CMD", "/bin/health", "--quick"], startPeriod: 120 },
      stopTimeout: 90,
    });
  });
});

const serviceOf = (...args: Parameters<typeof synthService>) => bare(onlyResource(synthService(...args), "aws_ecs_service"));
const taskOf = (...args: Parameters<typeof synthService>) => bare(onlyResource(synthService(...args), "aws_ecs_task_definition"));

describe("FargateService", () => {
  const minimal = {
    name: "ml",
    cluster: "cluster.arn",
    task_definition: "ml_task-definition.arn",
    desired_count: 1,
    platform_version: "1.4.0",
    capacity_provider_strategy: [{ capacity_provider: "FARGATE", base: 0, weight: 1 }],
    deployment_minimum_healthy_percent: 100,
    deployment_maximum_percent: 200,
    deployment_circuit_breaker: { enable: true, rollback: true },
    wait_for_steady_state: true,
    force_new_deployment: true,
    availability_zone_rebalancing: "ENABLED",
    enable_execute_command: false,
    enable_ecs_managed_tags: true,
    propagate_tags: "SERVICE",
    network_configuration: {
      subnets: ["subnet-containers-1", "subnet-containers-2"],
      security_groups: ["identity_security-group.id"],
      assign_public_ip: false,
    },
    service_connect_configuration: {
      enabled: true,
      namespace: "cluster_namespace.arn",
      log_configuration: { log_driver: "awslogs", options: logOptions("log_log-group.name", "service-connect") },
      service: [{ port_name: "http", discovery_name: "ml", client_alias: { dns_name: "ml", port: 8000 } }],
    },
    timeouts: { create: "20m", update: "20m", delete: "20m" },
    lifecycle: {
      postcondition: [
        {
          condition: "${(self.task_definition == ml_task-definition.arn)}",
          error_message:
            "The deployment of ml failed: ECS went back to the tasks before. The service's events and the log of the stopped tasks say why.",
        },
      ],
    },
    depends_on: ["identity_execution-role_grants", "cluster_capacity-providers"],
  };

  it("is deployed without a gap, goes back by itself, and fails the deploy when it went back", () => {
    expect(serviceOf()).toEqual(minimal);
  });

  const recreate = { deployment_minimum_healthy_percent: 0, deployment_maximum_percent: 100, availability_zone_rebalancing: "DISABLED" };
  const spot = [
    { capacity_provider: "FARGATE", base: 2, weight: 1 },
    { capacity_provider: "FARGATE_SPOT", base: 0, weight: 3 },
  ];
  it.each<[string, Partial<FargateServiceProps>, object]>([
    ["one that is recreated, never two at a time", { strategy: "recreate" }, recreate],
    ["Spot beyond a base", { spot: { onDemandBase: 2, spotPerOnDemand: 3 } }, { capacity_provider_strategy: spot }],
    ["replicas", { replicas: 3 }, { desired_count: 3 }],
    ["a service that rests", { replicas: 0 }, { desired_count: 0 }],
    [
      "an address of its own where there is no NAT",
      { publicAddress: true },
      { network_configuration: { ...minimal.network_configuration, assign_public_ip: true } },
    ],
    [
      "further ports, by names of their own",
      { ports: { grpc: 50051 } },
      {
        service_connect_configuration: {
          ...minimal.service_connect_configuration,
          service: [
            ...minimal.service_connect_configuration.service,
            { port_name: "grpc", discovery_name: "ml-grpc", client_alias: { dns_name: "ml", port: 50051 } },
          ],
        },
      },
    ],
  ])("knows %s, and changes nothing else for it", (_, props, changed) => {
    expect(serviceOf(props)).toEqual({ ...minimal, ...changed });
  });

  it("leaves the number of its tasks to scaling", () => {
    const json = synthService({ scaling: { min: 3, max: 20, cpuPercent: 70, memoryPercent: 80, schedule: [] } });
    expect(bare(onlyResource(json, "aws_ecs_service"))).toEqual({
      ...minimal,
      desired_count: 3,
      lifecycle: { ...minimal.lifecycle, ignore_changes: ["desired_count"] },
    });
    expect(bare(onlyResource(json, "aws_appautoscaling_target"))).toMatchObject({
      resource_id: "service/trading/ml_service.name",
      min_capacity: 3,
      max_capacity: 20,
    });
    expect(resourcesOf(synthService(), "aws_appautoscaling_target")).toEqual([]);
  });

  it("takes requests of a load balancer as soon as its rule stands, and is given time to start", () => {
    const routed = ({ stack, network, identity }: ServiceParts) => ({
      startSeconds: 90,
      port: 9000,
      targetGroup: newLoadBalancer(stack, network).addTargetGroup("ml", {
        name: "svc-ml",
        port: 9000,
        healthPath: "/ready",
        securityGroup: identity.securityGroup,
        priority: 100,
        paths: ["/ml/*"],
        targetType: "ip",
      }),
    });
    expect(serviceOf(routed)).toEqual({
      ...minimal,
      load_balancer: [{ target_group_arn: "load-balancer_ml.arn", container_name: "ml", container_port: 9000 }],
      health_check_grace_period_seconds: 90,
      service_connect_configuration: {
        ...minimal.service_connect_configuration,
        service: [{ port_name: "http", discovery_name: "ml", client_alias: { dns_name: "ml", port: 9000 } }],
      },
      depends_on: [...minimal.depends_on, "load-balancer_ml-rule"],
    });
  });

  it("starts after its rights, the capacity and the services that it calls", () => {
    expect(
      serviceOf(({ stack, identity }) => {
        identity.taskRole.grant({ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::x/*"] });
        return { startsAfter: [new LogGroup(stack, "callee", { name: "callee", retentionDays: 1 }).resource] };
      }),
    ).toEqual({
      ...minimal,
      depends_on: ["identity_task-role_grants", "identity_execution-role_grants", "cluster_capacity-providers", "callee_log-group"],
    });
  });

  it("lets people in where the cluster does, and its role answer them", () => {
    const json = synthService({}, { cluster: { executeCommand: true } });
    expect(bare(onlyResource(json, "aws_ecs_service"))).toEqual({
      ...minimal,
      enable_execute_command: true,
      depends_on: ["identity_task-role_grants", ...minimal.depends_on],
    });
    expect(
      rightsOf(
        json.resource?.aws_iam_role_policy &&
          resourcesOf(json, "aws_iam_role_policy").find(({ role }) => String(role).includes("task-role")),
      ).map(({ Action }) => Action),
    ).toEqual([
      [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      "logs:DescribeLogGroups",
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      "logs:DescribeLogStreams",
    ]);
  });

  it("lets ECS write to its own log group, and its program to none", () => {
    const json = synthService();
    expect(bare(onlyResource(json, "aws_iam_role_policy")).role).toBe("identity_execution-role.id");
    expect(rightsOf(onlyResource(json, "aws_iam_role_policy"))).toEqual([
      { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: "log_log-group.arn:*" },
    ]);
  });

  it("alarms when scaling cannot relieve it any more", () => {
    const json = synthService(
      {},
      { use: (service) => service.alarmOnLoad(alerts, { nameSuffix: "-dev", cpuPercent: 85, memoryPercent: 90 }) },
    );
    const alarm = {
      namespace: "AWS/ECS",
      dimensions: { ClusterName: "trading", ServiceName: "ml" },
      statistic: "Average",
      comparison_operator: "GreaterThanThreshold",
      period: 300,
      evaluation_periods: 1,
      treat_missing_data: "notBreaching",
      alarm_actions: [alerts.arn],
      ok_actions: [alerts.arn],
    };
    expect(resourcesOf(json, "aws_cloudwatch_metric_alarm").map(bare)).toEqual([
      {
        ...alarm,
        alarm_name: "ECS-High-CPU-ml-dev",
        alarm_description: "CPU of ml above 85% for 5 minutes\nseverity=warning owner=DevOps runbook=docs/runbooks/service-load.md",
        metric_name: "CPUUtilization",
        threshold: 85,
      },
      {
        ...alarm,
        alarm_name: "ECS-High-Memory-ml-dev",
        alarm_description: "Memory of ml above 90% for 5 minutes\nseverity=warning owner=DevOps runbook=docs/runbooks/service-load.md",
        metric_name: "MemoryUtilization",
        threshold: 90,
      },
    ]);
  });
});

describe("task definition", () => {
  const minimal = {
    family: "trading-ml",
    requires_compatibilities: ["FARGATE"],
    network_mode: "awsvpc",
    cpu: "512",
    memory: "1024",
    runtime_platform: { operating_system_family: "LINUX", cpu_architecture: "X86_64" },
    task_role_arn: "identity_task-role.arn",
    execution_role_arn: "identity_execution-role.arn",
    volume: [{ name: "scratch" }],
    container_definitions: expect.any(String) as unknown,
    skip_destroy: true,
    depends_on: ["log_log-group"], // what stands for the pushed image here
  };

  it("has a role for the program and another for ECS, and stays when it is replaced", () => {
    expect(taskOf()).toEqual(minimal);
  });

  it.each<[string, Partial<FargateServiceProps>, object]>([
    ["arm64", { architecture: "arm64" }, { runtime_platform: { operating_system_family: "LINUX", cpu_architecture: "ARM64" } }],
    ["size", { cpu: 2048, memory: 4096 }, { cpu: "2048", memory: "4096" }],
    ["scratch volume", { scratchGigabytes: 50 }, { ephemeral_storage: { size_in_gib: 50 } }],
  ])("knows its %s", (_, props, changed) => {
    expect(taskOf(props)).toEqual({ ...minimal, ...changed });
  });

  it("has the volumes that its container mounts, with ECS Exec too", () => {
    for (const executeCommand of [false, true]) {
      const json = synthService({}, { cluster: { executeCommand } });
      expect((containerOf(json).mountPoints as { sourceVolume: string }[]).map(({ sourceVolume }) => ({ name: sourceVolume }))).toEqual(
        bare(onlyResource(json, "aws_ecs_task_definition")).volume,
      );
    }
  });

  it("hands its container image, settings, secrets and log", () => {
    expect(containerOf(synthService({ environment: { A: "1" }, secrets: { B: "arn:b:key::" } }))).toMatchObject({
      name: "ml",
      image: "registry/ml:1.0.0",
      environment: [{ name: "A", value: "1" }],
      secrets: [{ name: "B", valueFrom: "arn:b:key::" }],
      logConfiguration: { logDriver: "awslogs", options: logOptions("log_log-group.name", "ml") },
    });
  });
});
