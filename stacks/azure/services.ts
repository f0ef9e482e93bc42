import { Construct } from "constructs";
import { ContainerApp } from "../../constructs/azure/container-app";
import { ContainerEnvironment } from "../../constructs/azure/container-environment";
import { ContainerGroup } from "../../constructs/azure/container-group";
import { ManagedIdentity } from "../../constructs/azure/identity";
import { AzureRegistry } from "../../constructs/azure/registry";
import { accessVariables, grantRights } from "../../constructs/azure/service";
import { addWorkbook, type Chart } from "../../constructs/azure/workbook";
import { isAzureGrant, isContainerGroup } from "../../environments/azure/rules";
import type { AzureService } from "../../environments/azure/schema";
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

/**
 * The container services, by the descriptions that feed ECS and Kubernetes (design 32): as container apps, and as container groups those of
 * which there must never be two, or where the platform is container groups. A service of which nothing was pushed yet is not made.
 */
export class AzureServicesStack extends AzureStack {
  readonly registry: AzureRegistry;
  /** Those with a route, in the literal's order. */
  readonly routed: RoutedApp[] = [];
  private readonly props: AzureServicesStackProps;

  constructor(scope: Construct, props: AzureServicesStackProps) {
    super(scope, "services", props);
    this.props = props;
    const { deletionProtection: protect, platform, registry, services } = this.environment;
    const { observing } = props.monitor;
    this.registry = new AzureRegistry(this, "registry", { ...registry, place: this.place, logs: observing, protect });
    this.output("registry_server", this.registry.server, "Where images of the services are pushed");
    for (const [name, { image }] of Object.entries(services))
      if (imageParts(image).tag === NO_IMAGE)
        this.output(`${name}_image`, NO_IMAGE, `The service ${name} does not run: push its image and deploy with it`);
    if (platform === "none") return;

    const running = runningServices(services);
    const environment =
      platform === "container-apps"
        ? new ContainerEnvironment(this, "environment", {
            place: this.place,
            name: "services",
            network: props.network.network,
            logs: observing,
          })
        : undefined;
    const calledByGroups = new Set(Object.values(running).flatMap(({ calls, strategy }) => (strategy === "recreate" ? calls : [])));
    const charts = Object.entries(running).flatMap(([name, service]) =>
      this.addService(name, service, environment, service.route !== undefined || calledByGroups.has(name)),
    );
    if (charts.length > 0) addWorkbook(this, "workbook", { place: this.place, title: `${this.environment.name}: services`, charts });
  }

  /** @returns what there is to see of it */
  private addService(
    name: string,
    service: AzureService,
    environment: ContainerEnvironment | undefined,
    reachable: boolean,
  ): readonly Chart[] {
    const { data, monitor, network } = this.props;
    const { observing } = monitor;
    const scope = new Construct(this, `service-${name}`);
    const identity = new ManagedIdentity(scope, "identity", { place: this.place, name: `${this.environment.name}-service-${name}` });
    const grants = service.grants.filter(isAzureGrant);
    this.registry.grantPull(identity);
    observing.grantPublish(identity);
    grantRights(grants, identity, data);
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
        APPLICATIONINSIGHTS_CONNECTION_STRING: observing.connectionString,
        ...Object.fromEntries(
          service.calls.map((callee) => [
            `${variableName(callee)}_URL`,
            isGroup && environment ? `https://${callee}.${environment.domain}` : `http://${callee}`,
          ]),
        ),
        ...accessVariables(grants, identity, data),
      },
    };
    this.output(`${name}_identity_name`, identity.name, `User of the service ${name} in the database`);
    if (isGroup || !environment) return new ContainerGroup(scope, "group", { ...common, network: network.network }).charts();
    const app = new ContainerApp(scope, "app", { ...common, environment, reachable, vault: data.vault });
    app.alertOnRestarts(observing);
    if (service.route) this.routed.push({ name, hostName: app.hostName, service });
    return app.charts();
  }
}
