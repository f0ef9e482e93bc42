import type { Construct } from "constructs";
import type { ClusterGateway } from "../../constructs/azure/cluster-gateway";
import { ClusterAccess } from "../../constructs/azure/cluster-access";
import { PodIdentity } from "../../constructs/azure/pod-identity";
import { CERTIFICATE_READER, serviceAccountOf } from "../../constructs/kubernetes/names";
import { GATEWAY_CONTROLLER_ACCOUNT } from "../../constructs/kubernetes/releases/gateway-controller";
import { AzureStack, type AzureStackProps } from "./base";
import type { ServicesCluster } from "./services";

export interface AzureTrustStackProps extends AzureStackProps {
  readonly inCluster: ServicesCluster;
  readonly gateway?: ClusterGateway;
}

/**
 * Whom Entra believes, and who may do something in the cluster: made by an administrator, once the cluster stands. A right to make federated
 * credentials cannot be kept to one issuer, so that with it a workflow could make somebody outside anything that has a right.
 */
export class AzureTrustStack extends AzureStack {
  constructor(scope: Construct, props: AzureTrustStackProps) {
    super(scope, "trust", props);
    const { gateway, inCluster } = props;
    const { cluster, literal, services } = inCluster;
    const common = { place: this.place, issuer: cluster.issuer };
    for (const [name, { identity }] of services)
      new PodIdentity(this, `service-${name}`, { ...common, identity, serviceAccount: serviceAccountOf(literal.namespace, name) });
    if (gateway) {
      new PodIdentity(this, "gateway-controller", { ...common, identity: gateway.controller, serviceAccount: GATEWAY_CONTROLLER_ACCOUNT });
      new PodIdentity(this, "certificate-reader", {
        ...common,
        identity: gateway.certificateReader,
        serviceAccount: { namespace: literal.namespace, name: CERTIFICATE_READER },
      });
    }
    new ClusterAccess(this, "access", { clusterId: cluster.id, access: literal.access });
  }
}
