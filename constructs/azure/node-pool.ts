import { KubernetesClusterNodePool } from "@cdktf/provider-azurerm/lib/kubernetes-cluster-node-pool";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { AzureEnvironment } from "../../environments/azure/schema";
import { STAND_IN } from "../../environments/facts/aks";
import type { AzureNetwork } from "./network";

type Literal = NonNullable<AzureEnvironment["cluster"]>["systemPool"];

export interface NodePoolProps extends Literal {
  /** Up to 8 letters and digits. */
  readonly name: string;
  readonly clusterId: string;
  readonly network: AzureNetwork;
}

/** Pods of a node. They have addresses of the cluster's own, so that there may be as many as Kubernetes recommends at most. */
const PODS = 110;
/** Minutes in which pods may leave a node that is taken away. */
const DRAIN_MINUTES = 30;
/** Nodes that an upgrade adds to a pool for its time. */
const SURGE = "10%";

/** What every pool has, the cluster's own too. */
export const poolOf = ({ diskGigabytes, max, min, size, zones }: Literal, network: AzureNetwork) => ({
  vmSize: size,
  autoScalingEnabled: true,
  minCount: min,
  maxCount: max,
  maxPods: PODS,
  zones: [...zones],
  osDiskSizeGb: diskGigabytes,
  osDiskType: "Managed",
  osSku: "AzureLinux",
  vnetSubnetId: network.subnetIds.containers,
  nodePublicIpEnabled: false,
  // The host encrypts what it caches and what is temporary; disks themselves are encrypted anyhow.
  hostEncryptionEnabled: true,
  upgradeSettings: { maxSurge: SURGE, drainTimeoutInMinutes: DRAIN_MINUTES },
});

/** Nodes of the services. Machines of another size take the place of the old ones by way of a pool that is there for that time only. */
export class NodePool extends Construct {
  readonly pool: ITerraformDependable;

  constructor(scope: Construct, id: string, { clusterId, name, network, ...literal }: NodePoolProps) {
    super(scope, id);
    this.pool = new KubernetesClusterNodePool(this, "pool", {
      ...poolOf(literal, network),
      name,
      kubernetesClusterId: clusterId,
      mode: "User",
      osType: "Linux",
      temporaryNameForRotation: `${name}${STAND_IN}`,
    });
  }
}
