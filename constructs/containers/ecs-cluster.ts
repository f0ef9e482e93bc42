import { EcsCluster as AwsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { ServiceDiscoveryHttpNamespace } from "@cdktf/provider-aws/lib/service-discovery-http-namespace";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { AlarmTarget } from "../alarms/alarm";
import { EventAlert } from "../alarms/event-alert";
import { SESSION_CHANNELS } from "../hosts/session-manager";
import type { EncryptionKey } from "../identity/encryption-key";
import type { Grantee } from "../identity/role";
import { LogGroup } from "../logs/log-group";

export interface EcsClusterProps {
  /** Physical name (CON-005); also that of its Service Connect namespace, where it has one. */
  readonly name: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** `enhanced` shows each container, `enabled` each service, `disabled` only what every service has. */
  readonly containerInsights: "enhanced" | "enabled" | "disabled";
  /** Lets people open a shell in a container; every session is logged. @default false */
  readonly executeCommand?: boolean;
  /** Its services call each other by name, each through a proxy beside it. @default true */
  readonly serviceConnect?: boolean;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /** Encrypts logs and sessions; must let CloudWatch Logs use it for `ecsLogGroups()`. @default AWS managed keys */
  readonly key?: EncryptionKey;
}

/** The log groups of a cluster and of its services. */
export const ecsLogGroups = (cluster: string) => ({
  insights: `/aws/ecs/containerinsights/${cluster}/performance`,
  sessions: `/aws/ecs/${cluster}/exec`,
  service: (service: string) => `/aws/ecs/${cluster}/services/${service}`,
});

/** How a task ends by itself or because it is ill, as opposed to being stopped by a deploy, by scaling, by Spot or by a person. */
const UNWANTED_STOPS = [{ stopCode: ["EssentialContainerExited", "TaskFailedToStart"] }, { stoppedReason: [{ prefix: "Task failed" }] }];

/** An ECS cluster on Fargate, with Spot beside it, a namespace in which its services find each other, and an audit log of sessions. */
export class EcsCluster extends Construct {
  readonly name: string;
  readonly arn: string;
  /** Of Service Connect, where it is on. */
  readonly namespaceArn?: string;
  /** Whether ECS Exec is on. */
  readonly executeCommand: boolean;
  /** What services wait for before they ask for Fargate or Spot. */
  readonly ready: ITerraformDependable;
  private readonly sessions?: LogGroup;
  private readonly props: EcsClusterProps;

  constructor(scope: Construct, id: string, props: EcsClusterProps) {
    super(scope, id);
    const { name, containerInsights, executeCommand = false, serviceConnect = true, logRetentionDays, key } = props;
    const logGroups = ecsLogGroups(name);
    this.name = name;
    this.props = props;
    this.executeCommand = executeCommand;
    // ECS would make it itself, to be kept for ever.
    const insights =
      containerInsights === "disabled"
        ? undefined
        : new LogGroup(this, "insights-log", { name: logGroups.insights, retentionDays: logRetentionDays, key });
    this.sessions = executeCommand
      ? new LogGroup(this, "sessions-log", { name: logGroups.sessions, retentionDays: logRetentionDays, key })
      : undefined;

    this.namespaceArn = serviceConnect
      ? new ServiceDiscoveryHttpNamespace(this, "namespace", { name, description: `Services of ${name}` }).arn
      : undefined;
    const cluster = new AwsCluster(this, "cluster", {
      name,
      setting: [{ name: "containerInsights", value: containerInsights }],
      serviceConnectDefaults: this.namespaceArn === undefined ? undefined : { namespace: this.namespaceArn },
      configuration: this.sessions && {
        executeCommandConfiguration: {
          kmsKeyId: key?.arn,
          logging: "OVERRIDE",
          logConfiguration: { cloudWatchLogGroupName: this.sessions.name, cloudWatchEncryptionEnabled: key !== undefined },
        },
      },
      dependsOn: insights ? [insights.resource] : [],
    });
    this.arn = cluster.arn;
    this.ready = new EcsClusterCapacityProviders(this, "capacity-providers", {
      clusterName: cluster.name,
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
      defaultCapacityProviderStrategy: [{ capacityProvider: "FARGATE", base: 0, weight: 1 }],
    });
  }

  /** The rights that a task needs so that someone can open a shell in it. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html */
  grantSessions(grantee: Grantee): void {
    if (!this.sessions) return;
    grantee.grant({ actions: SESSION_CHANNELS, resources: ["*"] }); // without-resource-level.ts says why
    grantee.grant({ actions: ["logs:DescribeLogGroups"], resources: ["*"] }); // as above
    this.sessions.grantAppend(grantee);
    grantee.grant({ actions: ["logs:DescribeLogStreams"], resources: [`${this.sessions.arn}:*`] });
    this.props.key?.grantDecrypt(grantee);
  }

  /** Reports tasks that stop by themselves, and deployments that ECS gives up. */
  alertOnFailures(target: AlarmTarget, { nameSuffix }: { readonly nameSuffix: string }): void {
    const { account, name, region } = this.props;
    new EventAlert(this, "stopped-tasks", {
      name: `ECS-Stopped-Tasks${nameSuffix}`,
      description: "A task stopped by itself",
      pattern: {
        source: ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        detail: { clusterArn: [this.arn], lastStatus: ["STOPPED"], $or: UNWANTED_STOPS },
      },
      values: { group: "$.detail.group", code: "$.detail.stopCode", reason: "$.detail.stoppedReason", task: "$.detail.taskArn" },
      severity: "warning",
      owner: "DevOps",
      runbook: "service-tasks",
      message: "A task of <group> stopped (<code>): <reason>. <task>",
      target,
    });
    new EventAlert(this, "failed-deployments", {
      name: `ECS-Failed-Deployments${nameSuffix}`,
      description: "ECS gave up a deployment and went back to the one before",
      pattern: {
        source: ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change"],
        resources: [{ prefix: `arn:aws:ecs:${region}:${account}:service/${name}/` }], // services that come later too
        detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
      },
      values: { service: "$.resources[0]", reason: "$.detail.reason" },
      severity: "critical",
      owner: "DevOps",
      runbook: "service-tasks",
      message: "A deployment of <service> failed and was rolled back: <reason>",
      target,
    });
  }
}
