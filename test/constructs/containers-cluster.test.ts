/** What services stand on: repositories, the cluster, and who a service is. */
import { TerraformOutput, type TerraformStack } from "cdktf";
import { ecsLogGroups, type EcsCluster, type EcsClusterProps } from "../../constructs/containers/ecs-cluster";
import { Repository, type ImageVersion, type RepositoryProps } from "../../constructs/containers/repository";
import { ServiceIdentity } from "../../constructs/containers/service-identity";
import { Role } from "../../constructs/identity/role";
import { account, alerts, bare, newCluster, newKey, plain, region, rightsOf } from "../helpers/containers";
import { TestNetwork } from "../helpers/network";
import { onlyResource, policyOf, resourcesOf, synthConstructs } from "../helpers/synth";

const newRole = (stack: TerraformStack) =>
  new Role(stack, "role", { name: "task", description: "task", assumedBy: "ecs-tasks.amazonaws.com" });

describe("Repository", () => {
  const synth = (props: Partial<RepositoryProps> = {}, use?: (repository: Repository, stack: TerraformStack) => void, withKey = true) =>
    synthConstructs((stack) => {
      const repository = new Repository(stack, "images", { name: "day-trade-ml", key: withKey ? newKey(stack) : undefined, ...props });
      use?.(repository, stack);
    });
  const common = { name: "day-trade-ml", image_tag_mutability: "IMMUTABLE", image_scanning_configuration: { scan_on_push: true } };
  const encrypted = { encryption_configuration: [{ encryption_type: "KMS", kms_key: "key.arn" }] };

  it("never moves a tag, scans what is pushed, is encrypted and held", () => {
    expect(bare(onlyResource(synth(), "aws_ecr_repository"))).toEqual({
      ...common,
      ...encrypted,
      force_delete: false,
      lifecycle: { prevent_destroy: true },
    });
  });

  it("goes with its images when it is not protected", () => {
    expect(bare(onlyResource(synth({ protect: false }), "aws_ecr_repository"))).toEqual({ ...common, ...encrypted, force_delete: true });
  });

  it("is encrypted by KMS without a key of its own too", () => {
    expect(bare(onlyResource(synth({}, undefined, false), "aws_ecr_repository")).encryption_configuration).toEqual([
      { encryption_type: "KMS" },
    ]);
  });

  it("keeps 30 images", () => {
    const { repository, policy } = bare(onlyResource(synth(), "aws_ecr_lifecycle_policy"));
    expect(repository).toBe("images_repository.name");
    expect(JSON.parse(policy as string)).toEqual({
      rules: [
        {
          rulePriority: 1,
          description: "Keep 30 images",
          selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 30 },
          action: { type: "expire" },
        },
      ],
    });
  });

  const digest = `sha256:${"0a".repeat(32)}`;
  it.each<[ImageVersion, string, object]>([
    [{ tag: "1.4.2" }, "images_repository.repository_url:1.4.2", { image_tag: "1.4.2" }],
    [{ digest }, `images_repository.repository_url@${digest}`, { image_digest: digest }],
  ])("knows the image %j when somebody pushed it", (version, uri, asked) => {
    const json = synth({}, (repository, stack) => new TerraformOutput(stack, "uri", { value: repository.image(version).uri }));
    expect(plain(json.output?.uri?.value)).toBe(uri);
    expect(Object.values(json.data?.aws_ecr_image ?? {}).map(bare)).toEqual([{ repository_name: "images_repository.name", ...asked }]);
  });

  it("lets a grantee pull from it alone; the token is the registry's", () => {
    const json = synth({}, (repository, stack) => repository.grantPull(newRole(stack)));
    expect(rightsOf(onlyResource(json, "aws_iam_role_policy"))).toEqual([
      { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
      {
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: "images_repository.arn",
      },
    ]);
  });
});

describe("EcsCluster", () => {
  const synth = (props: Partial<EcsClusterProps> = {}, use?: (cluster: EcsCluster, stack: TerraformStack) => void, withKey = true) =>
    synthConstructs((stack) => {
      const cluster = newCluster(stack, { key: withKey ? newKey(stack) : undefined, ...props });
      use?.(cluster, stack);
    });
  const common = {
    name: "trading",
    setting: [{ name: "containerInsights", value: "enhanced" }],
    service_connect_defaults: { namespace: "cluster_namespace.arn" },
    depends_on: ["cluster_insights-log_log-group"],
  };
  const exec = (encryption: object) => ({
    configuration: { execute_command_configuration: { logging: "OVERRIDE", ...encryption } },
  });
  const sessions = "cluster_sessions-log_log-group";

  it("shows its containers, has a namespace, and lets nobody in (CON-016)", () => {
    const json = synth();
    expect(bare(onlyResource(json, "aws_ecs_cluster"))).toEqual(common);
    expect(bare(onlyResource(json, "aws_service_discovery_http_namespace"))).toEqual({
      name: "trading",
      description: "Services of trading",
    });
    expect(bare(onlyResource(json, "aws_cloudwatch_log_group"))).toEqual({
      name: "/aws/ecs/containerinsights/trading/performance",
      retention_in_days: 30,
      kms_key_id: "key.arn",
    });
  });

  it("shows its services only when told to (CON-015)", () => {
    expect(bare(onlyResource(synth({ containerInsights: "enabled" }), "aws_ecs_cluster")).setting).toEqual([
      { name: "containerInsights", value: "enabled" },
    ]);
  });

  it("shows neither where that is switched off, and keeps no log for it (CON-015)", () => {
    const json = synth({ containerInsights: "disabled" });
    expect(bare(onlyResource(json, "aws_ecs_cluster"))).toEqual({
      ...common,
      setting: [{ name: "containerInsights", value: "disabled" }],
      depends_on: [],
    });
    expect(resourcesOf(json, "aws_cloudwatch_log_group")).toEqual([]);
  });

  it("logs every session of ECS Exec, encrypted by its key", () => {
    const json = synth({ executeCommand: true });
    expect(bare(onlyResource(json, "aws_ecs_cluster"))).toEqual({
      ...common,
      ...exec({
        kms_key_id: "key.arn",
        log_configuration: { cloud_watch_log_group_name: `${sessions}.name`, cloud_watch_encryption_enabled: true },
      }),
    });
    expect(resourcesOf(json, "aws_cloudwatch_log_group").map(bare)).toEqual([
      { name: "/aws/ecs/containerinsights/trading/performance", retention_in_days: 30, kms_key_id: "key.arn" },
      { name: "/aws/ecs/trading/exec", retention_in_days: 30, kms_key_id: "key.arn" },
    ]);
  });

  it("asks for no encryption of sessions by a key that it does not have", () => {
    expect(bare(onlyResource(synth({ executeCommand: true }, undefined, false), "aws_ecs_cluster"))).toEqual({
      ...common,
      ...exec({ log_configuration: { cloud_watch_log_group_name: `${sessions}.name`, cloud_watch_encryption_enabled: false } }),
    });
  });

  it("offers Fargate, and Spot to those who ask for it", () => {
    expect(bare(onlyResource(synth(), "aws_ecs_cluster_capacity_providers"))).toEqual({
      cluster_name: "cluster.name",
      capacity_providers: ["FARGATE", "FARGATE_SPOT"],
      default_capacity_provider_strategy: [{ capacity_provider: "FARGATE", base: 0, weight: 1 }],
    });
  });

  it("gives a task what a session needs, and nothing where there are none", () => {
    const grants = (executeCommand: boolean) =>
      resourcesOf(
        synth({ executeCommand }, (cluster, stack) => cluster.grantSessions(newRole(stack))),
        "aws_iam_role_policy",
      ).flatMap(rightsOf);
    expect(grants(true)).toEqual([
      {
        Effect: "Allow",
        Action: [
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ],
        Resource: "*",
      },
      { Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*" },
      { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${sessions}.arn:*` },
      { Effect: "Allow", Action: "logs:DescribeLogStreams", Resource: `${sessions}.arn:*` },
      { Effect: "Allow", Action: "kms:Decrypt", Resource: "key.arn" },
    ]);
    expect(grants(false)).toEqual([]);
  });

  it("reports tasks that stop by themselves and deployments that failed, of this cluster only", () => {
    const json = synth({}, (cluster) => cluster.alertOnFailures(alerts, { nameSuffix: "-dev" }));
    expect(
      resourcesOf(json, "aws_cloudwatch_event_rule")
        .map(bare)
        .map(({ event_pattern, ...rest }) => ({ ...rest, event_pattern: JSON.parse(event_pattern as string) as unknown })),
    ).toEqual([
      {
        name: "ECS-Failed-Deployments-dev",
        description: "ECS gave up a deployment and went back to the one before",
        event_pattern: {
          source: ["aws.ecs"],
          "detail-type": ["ECS Deployment State Change"],
          resources: [{ prefix: `arn:aws:ecs:${region}:${account}:service/trading/` }],
          detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
        },
      },
      {
        name: "ECS-Stopped-Tasks-dev",
        description: "A task stopped by itself",
        event_pattern: {
          source: ["aws.ecs"],
          "detail-type": ["ECS Task State Change"],
          detail: {
            clusterArn: ["cluster.arn"],
            lastStatus: ["STOPPED"],
            $or: [{ stopCode: ["EssentialContainerExited", "TaskFailedToStart"] }, { stoppedReason: [{ prefix: "Task failed" }] }],
          },
        },
      },
    ]);
    expect(resourcesOf(json, "aws_cloudwatch_event_target").map(bare)).toEqual([
      {
        rule: "cluster_failed-deployments_rule.name",
        target_id: "alerts",
        arn: alerts.arn,
        input_transformer: {
          input_paths: { service: "$.resources[0]", reason: "$.detail.reason" },
          input_template:
            '"A deployment of <service> failed and was rolled back: <reason> severity=critical owner=DevOps runbook=docs/runbooks/service-tasks.md"',
        },
      },
      {
        rule: "cluster_stopped-tasks_rule.name",
        target_id: "alerts",
        arn: alerts.arn,
        input_transformer: {
          input_paths: { group: "$.detail.group", code: "$.detail.stopCode", reason: "$.detail.stoppedReason", task: "$.detail.taskArn" },
          input_template:
            '"A task of <group> stopped (<code>): <reason>. <task> severity=warning owner=DevOps runbook=docs/runbooks/service-tasks.md"',
        },
      },
    ]);
  });

  it("knows the log groups of all its services", () => {
    const { insights, sessions: audit, service } = ecsLogGroups("a");
    expect([insights, audit, service("ml")]).toEqual([
      "/aws/ecs/containerinsights/a/performance",
      "/aws/ecs/a/exec",
      "/aws/ecs/a/services/ml",
    ]);
  });
});

describe("ServiceIdentity", () => {
  const json = synthConstructs((stack) => {
    new ServiceIdentity(stack, "identity", { name: "ml", nameSuffix: "-dev", account, region, network: new TestNetwork(stack, "network") });
  });

  it("is two roles that only tasks of this account may take, and that may do nothing", () => {
    expect(
      resourcesOf(json, "aws_iam_role").map(({ name, description, max_session_duration }) => [name, description, max_session_duration]),
    ).toEqual([
      ["tss-ml-execution-dev", "What ECS may do to start the service ml", 3600],
      ["tss-ml-task-dev", "What the service ml may do", 3600],
    ]);
    for (const role of resourcesOf(json, "aws_iam_role")) {
      expect(policyOf(role, "assume_role_policy").Statement).toEqual([
        {
          Effect: "Allow",
          Principal: { Service: "ecs-tasks.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { ArnLike: { "aws:SourceArn": `arn:aws:ecs:${region}:${account}:*` }, StringEquals: { "aws:SourceAccount": account } },
        },
      ]);
    }
    expect(resourcesOf(json, "aws_iam_role_policy")).toEqual([]);
  });

  it("reaches HTTPS and nothing else, and is reached by nobody (SEC-010)", () => {
    expect(bare(onlyResource(json, "aws_security_group"))).toEqual({
      name: "service-ml-dev",
      description: "Tasks of the service ml",
      vpc_id: "vpc-1",
      tags: { Name: "service-ml-dev" },
    });
    expect(bare(onlyResource(json, "aws_vpc_security_group_egress_rule"))).toEqual({
      security_group_id: "identity_security-group.id",
      cidr_ipv4: "0.0.0.0/0",
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
      description: "HTTPS",
    });
    expect(resourcesOf(json, "aws_vpc_security_group_ingress_rule")).toEqual([]);
  });
});
