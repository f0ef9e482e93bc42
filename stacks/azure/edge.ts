import type { Construct } from "constructs";
import { Gateway } from "../../constructs/azure/gateway";
import { addWorkbook } from "../../constructs/azure/workbook";
import type { AzureEnvironment } from "../../environments/azure/schema";
import { AzureStack, type AzureStackProps } from "./base";
import type { AzureDataStack } from "./data";
import type { AzureMonitorStack } from "./monitor";
import type { AzureNetworkStack } from "./network";
import type { AzureServicesStack } from "./services";

export interface AzureEdgeStackProps extends AzureStackProps {
  readonly gateway: NonNullable<AzureEnvironment["gateway"]>;
  readonly network: AzureNetworkStack;
  readonly monitor: AzureMonitorStack;
  readonly data: AzureDataStack;
  readonly services: AzureServicesStack;
}

/** The application gateway in front of the services that have a route (AZR-001). */
export class AzureEdgeStack extends AzureStack {
  constructor(scope: Construct, props: AzureEdgeStackProps) {
    super(scope, "edge", props);
    const { data, gateway, monitor, network, services } = props;
    const routes = services.routed.map(({ hostName, name, service: { readyPath, route } }) => ({ name, hostName, readyPath, ...route! }));
    const made = new Gateway(this, "gateway", {
      ...gateway,
      identityName: `${this.environment.name}-gateway`,
      place: this.place,
      network: network.network,
      vault: data.vault,
      logs: monitor.observing,
      backends: routes.sort((a, b) => a.priority - b.priority),
    });
    made.alertOnUnhealthyBackends(monitor.observing);
    addWorkbook(this, "workbook", { place: this.place, title: `${this.environment.name}: gateway`, charts: made.charts() });
    this.output("gateway_address", made.address, "What the services' DNS record points at");
  }
}
