import type { Construct } from "constructs";
import { ClusterGateway } from "../../constructs/azure/cluster-gateway";
import { Gateway } from "../../constructs/azure/gateway";
import { addWorkbook } from "../../constructs/azure/workbook";
import type { AzureEnvironment } from "../../environments/azure/schema";
import { AzureStack, type AzureStackProps } from "./base";
import type { AzureDataStack } from "./data";
import type { AzureMonitorStack } from "./monitor";
import type { AzureNetworkStack } from "./network";
import type { AzureServicesStack, ServicesCluster } from "./services";

export interface AzureEdgeStackProps extends AzureStackProps {
  readonly gateway: NonNullable<AzureEnvironment["gateway"]>;
  readonly network: AzureNetworkStack;
  readonly monitor: AzureMonitorStack;
  readonly data: AzureDataStack;
  readonly services: AzureServicesStack;
}

/** What is in front of the services that have a route: an application gateway, or the one for a cluster (AZR-001). */
export class AzureEdgeStack extends AzureStack {
  /** In front of a cluster. */
  readonly clusterGateway?: ClusterGateway;

  constructor(scope: Construct, props: AzureEdgeStackProps) {
    super(scope, "edge", props);
    const { inCluster } = props.services;
    this.clusterGateway = inCluster && this.addClusterGateway(props, inCluster);
    const made = this.clusterGateway ?? this.addGateway(props);
    addWorkbook(this, "workbook", { place: this.place, title: `${this.environment.name}: gateway`, charts: made.charts() });
    if (this.clusterGateway)
      this.output(
        "gateway_certificate_client_id",
        this.clusterGateway.certificateReader.clientId,
        "Who brings the certificate into the cluster",
      );
    this.output("gateway_address", made.address, "What the services' DNS record points at");
  }

  private addClusterGateway({ data, gateway, monitor, network }: AzureEdgeStackProps, { cluster }: ServicesCluster): ClusterGateway {
    const { certificate, clientCidrs } = gateway;
    return new ClusterGateway(this, "gateway", {
      certificate,
      clientCidrs,
      identityPrefix: this.environment.name,
      place: this.place,
      network: network.network,
      resourceGroupId: network.resourceGroupId,
      nodeResourceGroupId: cluster.nodeResourceGroupId,
      vault: data.vault,
      logs: monitor.observing,
    });
  }

  private addGateway(props: AzureEdgeStackProps): Gateway {
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
    return made;
  }
}
