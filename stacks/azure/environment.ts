/** Wires the stacks of an environment on Azure; the only file that knows which needs which. */
import type { App } from "cdktf";
import type { AzureStackProps } from "./base";
import { AzureBootstrapStack } from "./bootstrap";
import { AzureDataStack } from "./data";
import { AzureEdgeStack } from "./edge";
import { AzureMonitorStack } from "./monitor";
import { AzureNetworkStack } from "./network";
import { AzureServicesStack } from "./services";
import { AzureTrustStack } from "./trust";
import { AzureWorkloadsStack } from "./workloads";

/** Adds an environment's stacks, each after those it depends on (design 26). */
export function addAzureEnvironment(app: App, { environment }: AzureStackProps, localBootstrapState?: boolean): void {
  new AzureBootstrapStack(app, { environment, localState: localBootstrapState });
  const network = new AzureNetworkStack(app, { environment });
  const monitor = new AzureMonitorStack(app, { environment, network });
  const data = new AzureDataStack(app, { environment, network, monitor });
  const services = new AzureServicesStack(app, { environment, network, monitor, data });
  const { gateway } = environment;
  const { inCluster } = services;
  const edge =
    gateway && (inCluster ?? services.routed.length > 0)
      ? new AzureEdgeStack(app, { environment, gateway, network, monitor, data, services })
      : undefined;
  if (!inCluster) return;
  const inFront = edge?.clusterGateway;
  new AzureTrustStack(app, { environment, inCluster, gateway: inFront });
  new AzureWorkloadsStack(app, { environment, data, services, inCluster, gateway: inFront });
}
