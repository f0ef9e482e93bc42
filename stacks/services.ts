import { Construct } from "constructs";
import { byName } from "../constructs/containers/container-definition";
import { EcsCluster, ecsLogGroups } from "../constructs/containers/ecs-cluster";
import { FargateService } from "../constructs/containers/fargate-service";
import { Repository } from "../constructs/containers/repository";
import { grantAccess } from "../constructs/containers/service-access";
import { ServiceIdentity } from "../constructs/containers/service-identity";
import { EncryptionKey } from "../constructs/identity/encryption-key";
import { LoadBalancer } from "../constructs/load-balancing/load-balancer";
import type { TargetGroup } from "../constructs/load-balancing/target-group";
import { WebAcl } from "../constructs/load-balancing/web-acl";
import { LogGroup, logGroupKeyStatement } from "../constructs/logs/log-group";
import type { Network } from "../constructs/network/network";
import type { Secret } from "../constructs/storage/secret";
import type { Cluster, Service } from "../environments/schema";
import { imageParts, inCallOrder, variableName } from "../environments/services";
import { EnvironmentStack, type EnvironmentStackProps } from "./base";
import type { DataStack } from "./data";
import type { EventsStack } from "./events";

export interface ServicesStackProps extends EnvironmentStackProps {
  readonly network: Network;
  readonly events: Pick<EventsStack, "alerts" | "alertProcessing" | "orders" | "slackWebhook" | "systemEvents">;
  readonly data: Pick<DataStack, "accessLogs" | "backtestResults" | "cache" | "database" | "mt5" | "orderState" | "processedMarketData" | "rawMarketData" | "serviceSecrets">;
}

/** The container services on ECS Fargate (CON-003, C-52): cluster, repositories, load balancer, and each service as the literal describes it. */
export class ServicesStack extends EnvironmentStack {
  readonly cluster: EcsCluster;
  private readonly props: ServicesStackProps;
  private readonly key?: EncryptionKey;
  private readonly loadBalancer?: LoadBalancer;

  constructor(scope: Construct, props: ServicesStackProps) {
    super(scope, "services", props);
    this.props = props;
    const { account, cluster, customerManagedKeys, deletionProtection: protect, nameSuffix, region, services } = this.environment;
    const { insights, sessions, service } = ecsLogGroups(cluster.name);
    this.key = customerManagedKeys
      ? new EncryptionKey(this, "key", {
        account, protect, alias: `tss-services${nameSuffix}`, description: "Images, logs and sessions of the services",
        statements: [logGroupKeyStatement({ region, account, logGroups: [insights, sessions, ...Object.keys(services).sort().map(service)] })],
      })
      : undefined;

    this.cluster = new EcsCluster(this, "cluster", { ...cluster, account, region, key: this.key });
    this.cluster.alertOnFailures(props.events.alerts, { nameSuffix });
    this.loadBalancer = cluster.loadBalancer && this.addLoadBalancer(cluster.loadBalancer);

    // A service may be called what it wants: the prefix keeps it apart from the parts above.
    const identities = new Map(Object.keys(services).map((name) => [name, this.addIdentity(new Construct(this, `service-${name}`), name)]));
    this.allowCalls(identities);
    const running = new Map<string, FargateService>();
    for (const name of inCallOrder(services)) running.set(name, this.addService(name, services[name]!, identities.get(name)!, running));
  }

  private addLoadBalancer({ certificateArn, clientCidrs, requestsPerFiveMinutes }: NonNullable<Cluster["loadBalancer"]>): LoadBalancer {
    const { deletionProtection: protect, nameSuffix } = this.environment;
    const name = `services${nameSuffix}`;
    return new LoadBalancer(this, "load-balancer", {
      name, certificateArn, clientCidrs, protect,
      securityGroup: { name: `services-alb${nameSuffix}`, documentedName: "sg-alb" },
      network: this.props.network,
      accessLogs: this.props.data.accessLogs,
      webAcl: new WebAcl(this, "web-acl", { name, description: "In front of the services", requestsPerFiveMinutes }),
    });
  }

  private addIdentity(scope: Construct, name: string): ServiceIdentity {
    const { account, nameSuffix, region } = this.environment;
    return new ServiceIdentity(scope, "identity", { name, nameSuffix, account, region, network: this.props.network });
  }

  /** Only what the literal says calls. */
  private allowCalls(identities: ReadonlyMap<string, ServiceIdentity>): void {
    for (const [name, { calls }] of Object.entries(this.environment.services)) {
      const caller = identities.get(name)!.securityGroup;
      for (const callee of calls) {
        const { port, ports } = this.environment.services[callee]!;
        const peer = identities.get(callee)!.securityGroup;
        const open = [port, ...Object.values(ports)];
        caller.allowTo(`service-${callee}`, { peer, ports: open, description: `Calls to the service ${callee}` });
        peer.allowFrom(`service-${name}`, { peer: caller, ports: open, description: `Calls of the service ${name}` });
      }
    }
  }

  private addService(name: string, service: Service, identity: ServiceIdentity, running: ReadonlyMap<string, FargateService>): FargateService {
    const { alarms, cluster, deletionProtection: protect, nameSuffix, network, region, services, stage } = this.environment;
    const { alerts } = this.props.events;
    const scope = identity.node.scope!;
    const { repository, tag, digest } = imageParts(service.image);
    const images = new Repository(scope, "images", { name: repository, key: this.key, protect });
    images.grantPull(identity.executionRole);
    const targetGroup = this.addRoute(name, service, identity);
    const queue = service.scaling?.queue && { orderQueue: this.props.events.orders, alertProcessingQueue: this.props.events.alertProcessing }[service.scaling.queue.name];

    const fargate = new FargateService(scope, "service", {
      ...service, name, region, identity, targetGroup,
      cluster: this.cluster,
      image: images.image({ tag, digest }),
      environment: {
        ...service.environment,
        ENVIRONMENT: stage, // CON-007, K8S-010
        PORT: String(service.port),
        ...Object.fromEntries(service.calls.map((callee) => [`${variableName(callee)}_URL`, `http://${callee}:${services[callee]!.port}`])),
        ...grantAccess(service.grants, { name, role: identity.taskRole, securityGroup: identity.securityGroup }, { ...this.props.data, ...this.props.events }),
      },
      secrets: this.secretReferences(service, identity),
      network: this.props.network,
      publicAddress: network.kind === "default",
      logGroup: new LogGroup(scope, "log", { name: ecsLogGroups(cluster.name).service(name), retentionDays: cluster.logRetentionDays, key: this.key }),
      queueName: queue?.name,
      startsAfter: service.calls.map((callee) => running.get(callee)!.running),
    });
    fargate.alarmOnLoad(alerts, { nameSuffix, ...alarms.services });
    targetGroup?.alarmOnUnhealthyTargets(alerts, { name: `ALB-Unhealthy-${name}${nameSuffix}` });
    targetGroup?.alarmOnErrors(alerts, { name: `ALB-Errors-${name}${nameSuffix}`, percent: alarms.services.errorPercent });
    return fargate;
  }

  private addRoute(name: string, { port, readyPath, route }: Service, { securityGroup }: ServiceIdentity): TargetGroup | undefined {
    return route && this.loadBalancer?.addTargetGroup(`service-${name}`, { ...route, name: `svc-${name}${this.environment.nameSuffix}`, port, healthPath: readyPath, securityGroup, targetType: "ip" });
  }

  /** ECS reads the values when it starts a task; neither code nor state ever hold them (design 11). */
  private secretReferences({ secrets }: Service, { executionRole }: ServiceIdentity): Record<string, string> {
    const owned: Readonly<Record<string, Secret>> = { mt5: this.props.data.mt5, slackWebhook: this.props.events.slackWebhook, ...this.props.data.serviceSecrets };
    return Object.fromEntries(byName(secrets).map(([variable, { secret, key }]) => {
      owned[secret]!.grantRead(executionRole);
      return [variable, `${owned[secret]!.arn}:${key}::`];
    }));
  }
}
