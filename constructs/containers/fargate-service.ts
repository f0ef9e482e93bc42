import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { Op, TerraformSelf, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Rest } from "../../environments/facts/rests";
import { initialTasks, type Service } from "../../environments/schema/services";
import { Alarm, type AlarmTarget } from "../alarms/alarm";
import type { Metric } from "../alarms/metric";
import type { Widget } from "../dashboards/widget";
import type { TargetGroup } from "../load-balancing/target-group";
import type { LogGroup } from "../logs/log-group";
import type { Network } from "../network/network";
import { containerDefinition, logConfiguration, portsOf, taskVolumes } from "./container-definition";
import type { EcsCluster } from "./ecs-cluster";
import type { Image } from "./repository";
import type { ServiceIdentity } from "./service-identity";
import { ServiceScaling } from "./service-scaling";

/** What the literal says, but for what others make of it: images, routes, calls, rights. */
type Described = Pick<
  Service,
  | "architecture"
  | "cpu"
  | "memory"
  | "port"
  | "ports"
  | "healthPath"
  | "healthCommand"
  | "startSeconds"
  | "stopSeconds"
  | "replicas"
  | "scaling"
  | "strategy"
  | "spot"
  | "scratchGigabytes"
  | "environment"
>;

export interface FargateServiceProps extends Described {
  /** Such as `ml`: also the name by which other services call it. */
  readonly name: string;
  readonly region: string;
  readonly cluster: EcsCluster;
  /** With all its grants: the service starts when it has them. */
  readonly identity: ServiceIdentity;
  readonly image: Image;
  /** References to keys of secrets, by variable. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly network: Network;
  /** In a network without NAT: tasks reach the Internet by an address of their own. @default false */
  readonly publicAddress?: boolean;
  readonly logGroup: LogGroup;
  /** When it has no task. @default never */
  readonly rest?: Rest;
  /** Requests from outside. @default none */
  readonly targetGroup?: TargetGroup;
  /** Physical name of the queue by which it scales. */
  readonly queueName?: string;
  /** Services that must stand before this one starts. @default none */
  readonly startsAfter?: readonly ITerraformDependable[];
}

export interface ServiceAlarmsProps {
  /** End of each alarm's name. */
  readonly nameSuffix: string;
  readonly cpuPercent: number;
  readonly memoryPercent: number;
}

/** Pinned: `LATEST` would move by itself. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html */
const PLATFORM_VERSION = "1.4.0";
/** Tasks during a deployment, in percent of those wanted. */
const STRATEGIES = { rolling: { minimum: 100, maximum: 200 }, recreate: { minimum: 0, maximum: 100 } } as const;
/** A deployment that comes to no end within this time has failed. */
const STEADY_WITHIN = "20m";

/**
 * A service on Fargate that other services reach by its name, where its cluster has names.
 *
 * A deployment is over when the tasks run and are healthy. When they are not, ECS goes back to the tasks before, which the provider
 * takes for a success; the postcondition does not. https://github.com/hashicorp/terraform-provider-aws/issues/20858
 */
export class FargateService extends Construct {
  /** Stands when the service runs. */
  readonly running: ITerraformDependable;
  private readonly props: FargateServiceProps;

  constructor(scope: Construct, id: string, props: FargateServiceProps) {
    super(scope, id);
    this.props = props;
    const { cluster, identity, name, network, publicAddress = false, rest, scaling, strategy, targetGroup, startsAfter = [] } = props;
    const tasks = initialTasks(props);
    // A service that never has a task needs none to be stopped.
    const isScaled = scaling !== undefined || (rest !== undefined && tasks > 0);
    const { minimum, maximum } = STRATEGIES[strategy];
    props.logGroup.grantAppend(identity.executionRole);
    cluster.grantSessions(identity.taskRole);
    const taskDefinition = this.taskDefinition();
    const service = new EcsService(this, "service", {
      name,
      cluster: cluster.arn,
      taskDefinition: taskDefinition.arn,
      desiredCount: tasks,
      platformVersion: PLATFORM_VERSION,
      capacityProviderStrategy: this.capacity(),
      // --- deployment ---
      deploymentMinimumHealthyPercent: minimum,
      deploymentMaximumPercent: maximum,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      waitForSteadyState: true,
      // Lets the provider change the capacity of a service that stands, in place of another one.
      forceNewDeployment: true,
      // Moves tasks between zones by starting one before it stops another, so not where there must never be two.
      availabilityZoneRebalancing: strategy === "rolling" ? "ENABLED" : "DISABLED",
      enableExecuteCommand: cluster.executeCommand,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      // --- network ---
      networkConfiguration: {
        subnets: network.subnetIds("containers"),
        securityGroups: [identity.securityGroup.id],
        assignPublicIp: publicAddress,
      },
      loadBalancer: targetGroup && [{ targetGroupArn: targetGroup.arn, containerName: name, containerPort: props.port }],
      healthCheckGracePeriodSeconds: targetGroup && props.startSeconds,
      serviceConnectConfiguration: cluster.namespaceArn === undefined ? undefined : this.serviceConnect(cluster.namespaceArn),
      timeouts: { create: STEADY_WITHIN, update: STEADY_WITHIN, delete: STEADY_WITHIN },
      lifecycle: {
        ignoreChanges: isScaled ? ["desired_count"] : undefined,
        postcondition: [
          {
            condition: Op.eq(TerraformSelf.getString("task_definition"), taskDefinition.arn),
            errorMessage: `The deployment of ${name} failed: ECS went back to the tasks before. The service's events and the log of the stopped tasks say why.`,
          },
        ],
      },
      dependsOn: [
        ...identity.taskRole.granted,
        ...identity.executionRole.granted,
        cluster.ready,
        ...(targetGroup ? [targetGroup.ready] : []),
        ...startsAfter,
      ],
    });
    this.running = service;
    if (isScaled) new ServiceScaling(this, "scaling", { ...props, cluster: cluster.name, service: service.name, tasks });
  }

  /** Reports tasks that scaling cannot relieve any more. */
  alarmOnLoad(target: AlarmTarget, { nameSuffix, cpuPercent, memoryPercent }: ServiceAlarmsProps): void {
    const { name } = this.props;
    const above = (id: string, label: string, metric: string, percent: number) =>
      new Alarm(this, `${id}-alarm`, {
        name: `ECS-High-${label}-${name}${nameSuffix}`,
        description: `${label} of ${name} above ${percent}% for 5 minutes`,
        severity: "warning",
        owner: "DevOps",
        runbook: "service-load",
        ...this.metric(metric),
        comparison: "GreaterThanThreshold",
        threshold: percent,
        period: 300,
        target,
      });
    above("cpu", "CPU", "CPUUtilization", cpuPercent);
    above("memory", "Memory", "MemoryUtilization", memoryPercent);
  }

  /** How busy its tasks are. */
  widgets(): readonly Widget[] {
    return [
      {
        kind: "graph",
        title: `${this.props.name}: processor and memory (%)`,
        lines: [{ figure: this.metric("CPUUtilization") }, { figure: this.metric("MemoryUtilization") }],
      },
    ];
  }

  private metric(metric: string): Metric {
    const { cluster, name } = this.props;
    return { namespace: "AWS/ECS", metric, dimensions: { ClusterName: cluster.name, ServiceName: name }, statistic: "Average" };
  }

  private taskDefinition(): EcsTaskDefinition {
    const { architecture, cluster, cpu, identity, image, logGroup, memory, name, scratchGigabytes } = this.props;
    return new EcsTaskDefinition(this, "task-definition", {
      family: `${cluster.name}-${name}`,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(cpu),
      memory: String(memory),
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: architecture === "arm64" ? "ARM64" : "X86_64" },
      taskRoleArn: identity.taskRole.arn,
      executionRoleArn: identity.executionRole.arn,
      volume: taskVolumes(cluster.executeCommand).map(({ volume }) => ({ name: volume })),
      ephemeralStorage: scratchGigabytes === undefined ? undefined : { sizeInGib: scratchGigabytes },
      containerDefinitions: JSON.stringify([
        containerDefinition({ ...this.props, image: image.uri, logGroup: logGroup.name, executeCommand: cluster.executeCommand }),
      ]),
      // Revisions stay: ECS cannot go back to one that was deregistered.
      skipDestroy: true,
      dependsOn: [image.pushed],
    });
  }

  /** On demand; beyond a base, on Spot too where the literal says so. */
  private capacity() {
    const { spot } = this.props;
    const onDemand = { capacityProvider: "FARGATE", base: spot?.onDemandBase ?? 0, weight: 1 };
    return spot ? [onDemand, { capacityProvider: "FARGATE_SPOT", base: 0, weight: spot.spotPerOnDemand }] : [onDemand];
  }

  /** Its ports under names that other services know: `http://ml:8000`. */
  private serviceConnect(namespace: string) {
    const { logGroup, name, port, ports, region } = this.props;
    const { logDriver, options } = logConfiguration({ logGroup: logGroup.name, region, prefix: "service-connect" });
    return {
      enabled: true,
      namespace,
      logConfiguration: { logDriver, options },
      service: portsOf({ port, ports }).map((entry) => ({
        portName: entry.name,
        discoveryName: entry.name === "http" ? name : `${name}-${entry.name}`,
        clientAlias: { dnsName: name, port: entry.port },
      })),
    };
  }
}
