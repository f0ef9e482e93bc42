import { Construct } from "constructs";
import { AksCluster } from "../../constructs/azure/aks-cluster";
import { ContainerApp } from "../../constructs/azure/container-app";
import { ContainerEnvironment } from "../../constructs/azure/container-environment";
import { ContainerGroup } from "../../constructs/azure/container-group";
import { ManagedIdentity } from "../../constructs/azure/identity";
import { AzureRegistry } from "../../constructs/azure/registry";
import { accessVariables, grantRights, secretEntries } from "../../constructs/azure/service";
import { addWorkbook, type Chart } from "../../constructs/azure/workbook";
import { isAzureGrant, isContainerGroup } from "../../environments/azure/rules";
import type { AzureEnvironment, AzureService } from "../../environments/azure/schema";
import { imageParts, NO_IMAGE, runningServices, variableName } from "../../environments/schema/services";
import { AzureStack, type AzureStackProps } from "./base";
import type { AzureDataStack } from "./data";
import type { AzureMonitorStack } from "./monitor";
import type { AzureNetworkStack } from "./network";

export interface AzureServicesStackProps extends AzureStackProps {
  readonly network: AzureNetworkStack;
  readonly monitor: AzureMonitorStack;
  readonly data: AzureDataStack;
}

/** A service that takes requests from outside. */
export interface RoutedApp {
  readonly name: string;
  readonly hostName: string;
  readonly service: AzureService;
}

/** A service in a cluster: who it is, and what it is told. */
export interface ClusterService {
  readonly identity: ManagedIdentity;
  /** Of its rights; what every service has the chart knows. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A cluster with what the services in it need of Azure; the workloads stack brings the services. */
export interface ServicesCluster {
  readonly literal: NonNullable<AzureEnvironment["cluster"]>;
  readonly cluster: AksCluster;
  readonly services: ReadonlyMap<string, ClusterService>;
}

/**
 * What runs the container services, by the descriptions that feed ECS and EKS (design 32): container apps, with container groups for those of which
 * there must never be two; container groups alone; or a cluster, with who its pods are. A service of which nothing was pushed yet is not made.
 */
export class AzureServicesStack extends AzureStack {
  readonly registry: AzureRegistry;
  /** The container apps with a route, in the literal's order. */
  readonly routed: RoutedApp[] = [];
  readonly inCluster?: ServicesCluster;
  private readonly props: AzureServicesStackProps;

  constructor(scope: Construct, props: AzureServicesStackProps) {
    super(scope, "services", props);
    this.props = props;
    const { cluster, deletionProtection: protect, platform, registry, services } = this.environment;
    this.registry = new AzureRegistry(this, "registry", { ...registry, place: this.place, logs: props.monitor.observing, protect });
    this.output("registry_server", this.registry.server, "Where images of the services are pushed");
    for (const [name, { image }] of Object.entries(services))
      if (imageParts(image).tag === NO_IMAGE)
        this.output(`${name}_image`, NO_IMAGE, `The service ${name} does not run: push its image and deploy with it`);
    const running = runningServices(services);
    if (cluster) this.inCluster = this.addCluster(cluster, running);
    else if (platform !== "none") this.addContainers(platform, running);
  }

  private addContainers(platform: AzureEnvironment["platform"], running: Readonly<Record<string, AzureService>>): void {
    const environment =
      platform === "container-apps"
        ? new ContainerEnvironment(this, "environment", {
            place: this.place,
            name: "services",
            network: this.props.network.network,
            logs: this.props.monitor.observing,
          })
        : undefined;
    const calledByGroups = new Set(Object.values(running).flatMap(({ calls, strategy }) => (strategy === "recreate" ? calls : [])));
    const charts = Object.entries(running).flatMap(([name, service]) =>
      this.addContainer(name, service, environment, service.route !== undefined || calledByGroups.has(name)),
    );
    if (charts.length > 0) this.addPage(charts);
  }

  private addPage(charts: readonly Chart[]): void {
    addWorkbook(this, "workbook", { place: this.place, title: `${this.environment.name}: services`, charts });
  }

  private addCluster(literal: NonNullable<AzureEnvironment["cluster"]>, running: Readonly<Record<string, AzureService>>): ServicesCluster {
    const { deletionProtection: protect, name, tenant } = this.environment;
    const { monitor, network } = this.props;
    const cluster = new AksCluster(this, "cluster", {
      ...literal,
      place: this.place,
      tenant,
      identityName: `${name}-cluster`,
      network: network.network,
      logs: monitor.observing,
      protect,
    });
    cluster.alertOnLoad(monitor.observing);
    this.addPage(cluster.charts());
    this.registry.grantPull(cluster.nodes);
    this.output("cluster_name", cluster.name, "Cluster of the services");
    this.output("cluster_endpoint", cluster.endpoint, "API of the cluster");
    return {
      literal,
      cluster,
      services: new Map(
        Object.entries(running).map(([own, service]) => {
          const { identity, variables } = this.addIdentity(new Construct(this, `service-${own}`), own, service);
          for (const entry of secretEntries(service)) this.props.data.vault.grantRead(identity, entry);
          return [own, { identity, variables }];
        }),
      ),
    };
  }

  /** Who a service is, with what its grants allow it. */
  private addIdentity(scope: Construct, name: string, service: AzureService): ClusterService {
    const { data, monitor } = this.props;
    const identity = new ManagedIdentity(scope, "identity", { place: this.place, name: `${this.environment.name}-service-${name}` });
    const grants = service.grants.filter(isAzureGrant);
    monitor.observing.grantPublish(identity);
    grantRights(grants, identity, data);
    this.output(`${name}_identity_name`, identity.name, `User of the service ${name} in the database`);
    return {
      identity,
      variables: {
        APPLICATIONINSIGHTS_CONNECTION_STRING: monitor.observing.connectionString,
        ...accessVariables(grants, identity, data),
      },
    };
  }

  /** @returns what there is to see of it */
  private addContainer(
    name: string,
    service: AzureService,
    environment: ContainerEnvironment | undefined,
    reachable: boolean,
  ): readonly Chart[] {
    const { data, monitor, network } = this.props;
    const scope = new Construct(this, `service-${name}`);
    const { identity, variables } = this.addIdentity(scope, name, service);
    this.registry.grantPull(identity);
    const isGroup = isContainerGroup(service, this.environment.platform);
    const common = {
      place: this.place,
      name,
      service,
      identity,
      server: this.registry.server,
      image: `${this.registry.server}/${service.image}`,
      variables: {
        ...service.environment,
        ENVIRONMENT: this.environment.stage, // AZR-002
        PORT: String(service.port),
        ...Object.fromEntries(
          service.calls.map((callee) => [
            `${variableName(callee)}_URL`,
            isGroup && environment ? `https://${callee}.${environment.domain}` : `http://${callee}`,
          ]),
        ),
        ...variables,
      },
    };
    if (isGroup || !environment) return new ContainerGroup(scope, "group", { ...common, network: network.network }).charts();
    const app = new ContainerApp(scope, "app", { ...common, environment, reachable, vault: data.vault });
    app.alertOnRestarts(monitor.observing);
    if (service.route) this.routed.push({ name, hostName: app.hostName, service });
    return app.charts();
  }
}
