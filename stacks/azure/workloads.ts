import type { Construct } from "constructs";
import { azureChartValues } from "../../constructs/azure/chart-values";
import type { ClusterGateway } from "../../constructs/azure/cluster-gateway";
import { connect } from "../../constructs/kubernetes/connection";
import { externalSecrets, gatewayController } from "../../constructs/kubernetes/releases";
import { installWorkloads } from "../../constructs/kubernetes/workloads";
import { servicesQuota } from "../../environments/facts/kubernetes-quota";
import { runningServices } from "../../environments/schema/services";
import { AzureStack, type AzureStackProps } from "./base";
import type { AzureDataStack } from "./data";
import type { AzureServicesStack, ServicesCluster } from "./services";

export interface AzureWorkloadsStackProps extends AzureStackProps {
  readonly data: AzureDataStack;
  readonly services: AzureServicesStack;
  readonly inCluster: ServicesCluster;
  readonly gateway?: ClusterGateway;
}

/**
 * What is installed in the cluster: as the workloads stack of AWS does it, with another connection and Azure's words for the same values. What AKS
 * brings along itself (metrics, the autoscaler, the volumes' driver) is not installed.
 */
export class AzureWorkloadsStack extends AzureStack {
  constructor(scope: Construct, props: AzureWorkloadsStackProps) {
    super(scope, "workloads", props, false);
    const { data, gateway, inCluster, services } = props;
    const { cluster, literal } = inCluster;
    const running = runningServices(this.environment.services);
    const { administrators, operations, readOnly } = literal.access;
    this.output("services_namespace", literal.namespace, "Kubernetes namespace of the services");
    installWorkloads(this, {
      helm: connect(this, { kind: "aks", cluster, tenant: this.environment.tenant }),
      namespace: literal.namespace,
      quota: servicesQuota(running),
      groups: { deploy: administrators, operations, readOnly },
      releases: [externalSecrets(), ...(gateway ? [gatewayController({ clientId: gateway.controller.clientId })] : [])],
      values:
        Object.keys(running).length > 0
          ? azureChartValues(this.environment, {
              server: services.registry.server,
              backends: data,
              services: inCluster.services,
              gateway,
            })
          : undefined,
    });
  }
}
