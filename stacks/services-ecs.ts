import type { Construct } from "constructs";
import { byName } from "../constructs/containers/container-definition";
import { EcsCluster, ecsLogGroups } from "../constructs/containers/ecs-cluster";
import { FargateService } from "../constructs/containers/fargate-service";
import { accessVariables, grantRights, openConnections, queueNamed } from "../constructs/containers/service-access";
import { ServiceIdentity } from "../constructs/containers/service-identity";
import { errorLog, type Section, type Widget } from "../constructs/dashboards/widget";
import { LoadBalancer } from "../constructs/load-balancing/load-balancer";
import type { TargetGroup } from "../constructs/load-balancing/target-group";
import { WebAcl } from "../constructs/load-balancing/web-acl";
import { LogGroup } from "../constructs/logs/log-group";
import type { Cluster, Service } from "../environments/schema";
import { inCallOrder, variableName } from "../environments/schema/services";
import { loadBalancerName, ServicesStack, webAclLogGroups, type ServiceParts, type ServicesStackProps } from "./services";

/** The container services on ECS Fargate (CON-003, C-52): cluster, load balancer, and each service as the literal describes it. */
export class EcsServicesStack extends ServicesStack {
  readonly cluster: EcsCluster;
  private readonly loadBalancer?: LoadBalancer;
  /** Of each service. */
  private readonly shown: { readonly name: string; readonly log: string; readonly widgets: readonly Widget[] }[] = [];

  constructor(scope: Construct, props: ServicesStackProps) {
    const { insights, sessions, service } = ecsLogGroups(props.environment.cluster.name);
    super(scope, props, {
      logGroups: [
        insights,
        sessions,
        ...Object.keys(props.environment.services).sort().map(service),
        ...webAclLogGroups(props.environment),
      ],
    });
    const { account, alarms, cluster, nameSuffix, region, services } = this.environment;

    this.cluster = new EcsCluster(this, "cluster", { ...cluster, account, region, key: this.key });
    this.output("cluster_name", this.cluster.name, "ECS cluster of the services");
    this.cluster.alertOnFailures(props.events.alerts, { nameSuffix });
    this.loadBalancer = cluster.loadBalancer && this.addLoadBalancer(cluster.loadBalancer);
    if (this.loadBalancer)
      this.vitalAlarms.push(
        this.loadBalancer.alarmOnOwnErrors(props.events.alerts, {
          name: `ALB-Own-Errors${nameSuffix}`,
          percent: alarms.services.errorPercent,
        }),
      );

    const identities = new Map([...this.services].map(([name, parts]) => [name, this.addIdentity(parts, name)]));
    this.allowCalls(identities);
    const running = new Map<string, FargateService>();
    for (const name of inCallOrder(services)) running.set(name, this.addService(name, services[name]!, identities.get(name)!, running));
  }

  private addLoadBalancer({
    certificateArn,
    clientCidrs,
    requestsPerFiveMinutes,
    webAcl,
  }: NonNullable<Cluster["loadBalancer"]>): LoadBalancer {
    const { deletionProtection: protect, nameSuffix } = this.environment;
    const name = loadBalancerName(nameSuffix);
    const loadBalancer = new LoadBalancer(this, "load-balancer", {
      name,
      entrance: { kind: "internet", certificateArn, clientCidrs },
      protect,
      securityGroup: { name: `services-alb${nameSuffix}`, documentedName: "sg-alb" },
      network: this.props.network,
      accessLogs: this.props.data.accessLogs,
      webAcl: webAcl
        ? new WebAcl(this, "web-acl", { name, description: "In front of the services", requestsPerFiveMinutes, log: this.webAclLog })
        : undefined,
    });
    this.output("load_balancer_dns_name", loadBalancer.dnsName, "Services: the name that their DNS record points at");
    return loadBalancer;
  }

  private addIdentity({ scope, images }: ServiceParts, name: string): ServiceIdentity {
    const { account, nameSuffix, region } = this.environment;
    const identity = new ServiceIdentity(scope, "identity", { name, nameSuffix, account, region, network: this.props.network });
    images.grantPull(identity.executionRole);
    return identity;
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

  private addService(
    name: string,
    service: Service,
    identity: ServiceIdentity,
    running: ReadonlyMap<string, FargateService>,
  ): FargateService {
    const { alarms, cluster, nameSuffix, network, region, services, stage } = this.environment;
    const { alerts } = this.props.events;
    const { scope, image } = this.services.get(name)!;
    const backends = { ...this.props.data, ...this.props.events };
    grantRights(service.grants, identity.taskRole, name, backends);
    openConnections(service.grants, { id: `service-${name}`, who: `the service ${name}`, securityGroup: identity.securityGroup }, backends);
    const targetGroup = this.addRoute(name, service, identity);
    const queue = service.scaling?.queue && queueNamed(service.scaling.queue.name, this.props.events);

    const logGroup = new LogGroup(scope, "log", {
      name: ecsLogGroups(cluster.name).service(name),
      retentionDays: cluster.logRetentionDays,
      key: this.key,
    });
    this.output(`${name}_log_group_name`, logGroup.name, `Log of the service ${name}`);

    const fargate = new FargateService(scope, "service", {
      ...service,
      name,
      region,
      identity,
      targetGroup,
      cluster: this.cluster,
      image,
      environment: {
        ...service.environment,
        ENVIRONMENT: stage, // CON-007, K8S-010
        PORT: String(service.port),
        ...Object.fromEntries(service.calls.map((callee) => [`${variableName(callee)}_URL`, `http://${callee}:${services[callee]!.port}`])),
        ...accessVariables(service.grants, name, backends),
      },
      secrets: this.secretReferences(service, identity),
      network: this.props.network,
      publicAddress: network.kind === "default",
      logGroup,
      queueName: queue?.name,
      rest: this.rest,
      startsAfter: service.calls.map((callee) => running.get(callee)!.running),
    });
    fargate.alarmOnLoad(alerts, { nameSuffix, ...alarms.services });
    targetGroup?.alarmOnUnhealthyTargets(alerts, { name: `ALB-Unhealthy-${name}${nameSuffix}` });
    targetGroup?.alarmOnErrors(alerts, { name: `ALB-Errors-${name}${nameSuffix}`, percent: alarms.services.errorPercent });
    targetGroup?.alarmOnUnusualDelay(alerts, { name: `ALB-Slow-${name}${nameSuffix}` });
    this.shown.push({ name, log: logGroup.name, widgets: [...fargate.widgets(), ...(targetGroup?.widgets(name) ?? [])] });
    return fargate;
  }

  override sections(): readonly Section[] {
    if (this.shown.length === 0) return [];
    // Whatever the order in the literal, and of what starts first. Names of log groups are references here, numbered as they were made.
    const shown = [...this.shown].sort((a, b) => (a.name < b.name ? -1 : 1));
    return [
      {
        title: "Services",
        widgets: [
          ...shown.flatMap(({ widgets }) => widgets),
          errorLog(
            "Errors of the services",
            shown.map(({ log }) => log),
          ),
        ],
      },
    ];
  }

  private addRoute(name: string, { port, readyPath, route }: Service, { securityGroup }: ServiceIdentity): TargetGroup | undefined {
    return (
      route &&
      this.loadBalancer?.addTargetGroup(`service-${name}`, {
        ...route,
        name: `svc-${name}${this.environment.nameSuffix}`,
        port,
        healthPath: readyPath,
        securityGroup,
        targetType: "ip",
      })
    );
  }

  /** ECS reads the values when it starts a task; neither code nor state ever hold them (design 11). */
  private secretReferences({ secrets }: Service, { executionRole }: ServiceIdentity): Record<string, string> {
    const owned = this.ownedSecrets();
    return Object.fromEntries(
      byName(secrets).map(([variable, { secret, key }]) => {
        owned[secret]!.grantRead(executionRole);
        return [variable, `${owned[secret]!.arn}:${key}::`];
      }),
    );
  }
}
