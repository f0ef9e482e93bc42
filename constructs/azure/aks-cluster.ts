import { KubernetesCluster } from "@cdktf/provider-azurerm/lib/kubernetes-cluster";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { DNS_ADDRESS, POD_CIDR, SERVICE_CIDR, STAND_IN, SYSTEM_POOL } from "../../environments/facts/aks";
import type { AzureEnvironment } from "../../environments/azure/schema";
import { alertAbove, type AlertTarget } from "./alert";
import { diagnose, type LogTarget } from "./diagnostics";
import { ManagedIdentity } from "./identity";
import type { AzureNetwork } from "./network";
import { NodePool, poolOf } from "./node-pool";
import type { Place } from "./place";
import { lifecycle } from "./protection";
import { chartsOf, type Chart } from "./workbook";

type Literal = Omit<NonNullable<AzureEnvironment["cluster"]>, "namespace">;

export interface AksClusterProps extends Literal {
  readonly place: Place;
  readonly tenant: string;
  /** By which Entra knows the cluster itself: no other of the tenant has it. */
  readonly identityName: string;
  readonly network: AzureNetwork;
  readonly logs: LogTarget;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

const NAMESPACE = "Microsoft.ContainerService/managedClusters";
/**
 * Of the control plane. Not `kube-audit`, which adds to `kube-audit-admin` who looked at what, at many times its size.
 * https://learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-containerservice-managedclusters-logs
 */
const LOGS = [
  "cloud-controller-manager",
  "cluster-autoscaler",
  "guard",
  "kube-apiserver",
  "kube-audit-admin",
  "kube-controller-manager",
  "kube-scheduler",
];
/** In Tokyo's time, while no market is open: currencies are traded until Saturday 7:00 (environments/rules/patching.ts, by which a test asks). */
const MAINTENANCE = { frequency: "Weekly", interval: 1, duration: 4, utcOffset: "+09:00" };
/** Between two looks for images that nobody uses and that have holes. */
const CLEANING_HOURS = 48;

/** The cluster that the services run in (AZR-009): who may do something in it is Entra's affair alone, and pods are somebody without a password. */
export class AksCluster extends Construct {
  readonly id: string;
  readonly name: string;
  /** Of the group that AKS keeps its machines in. */
  readonly nodeResourceGroupId: string;
  /** `https://…`, of its API. */
  readonly endpoint: string;
  /** In Base64, whose certificate the API has. */
  readonly certificateAuthority: string;
  /** Whose word Entra takes for who a pod is. */
  readonly issuer: string;
  /** The nodes, which pull images. */
  readonly nodes: ManagedIdentity;
  /** What must stand before pods run. */
  readonly ready: readonly ITerraformDependable[];
  private readonly props: AksClusterProps;

  constructor(scope: Construct, id: string, props: AksClusterProps) {
    super(scope, id);
    this.props = props;
    const { access, apiServerCidrs, identityName, logs, name, network, place, pools, protect = true, systemPool, tenant } = props;
    const identity = new ManagedIdentity(this, "identity", { place, name: identityName });
    network.grantNodes(identity);
    this.nodes = new ManagedIdentity(this, "nodes-identity", { place, name: `${identityName}-nodes` });
    identity.grant("gives-nodes-theirs", { role: "Managed Identity Operator", scope: this.nodes.id });
    const cluster = new KubernetesCluster(this, "cluster", {
      ...place,
      name,
      dnsPrefix: name,
      kubernetesVersion: props.version,
      skuTier: props.tier,
      // Azure would choose a name of its own.
      nodeResourceGroup: `${place.resourceGroupName}-nodes`,
      identity: { type: "UserAssigned", identityIds: [identity.id] },
      kubeletIdentity: { clientId: this.nodes.clientId, objectId: this.nodes.principalId, userAssignedIdentityId: this.nodes.id },
      defaultNodePool: {
        ...poolOf(systemPool, network),
        name: SYSTEM_POOL,
        type: "VirtualMachineScaleSets",
        temporaryNameForRotation: `${SYSTEM_POOL}${STAND_IN}`,
        onlyCriticalAddonsEnabled: true,
      },

      // --- who may do something in it ---
      localAccountDisabled: true,
      roleBasedAccessControlEnabled: true,
      azureActiveDirectoryRoleBasedAccessControl: { azureRbacEnabled: true, tenantId: tenant, adminGroupObjectIds: access.administrators },
      oidcIssuerEnabled: true,
      workloadIdentityEnabled: true,
      // Commands by Azure's own way in would pass the network by.
      runCommandEnabled: false,
      // A name that everybody can look up, for an address that only the network has: peered ones need no zone of their own.
      privateClusterEnabled: apiServerCidrs === undefined,
      // Nodes come from outside as well then, and AKS adds a load balancer's address to the list by itself, but no NAT gateway's.
      ...(apiServerCidrs
        ? { apiServerAccessProfile: { authorizedIpRanges: [...apiServerCidrs, `${network.addressOutside}/32`] } }
        : PRIVATE_API),

      // --- network ---
      networkProfile: {
        networkPlugin: "azure",
        networkPluginMode: "overlay",
        networkDataPlane: "cilium",
        networkPolicy: "cilium",
        podCidr: POD_CIDR,
        serviceCidr: SERVICE_CIDR,
        dnsServiceIp: DNS_ADDRESS,
        loadBalancerSku: "standard",
        // The subnet's own way out, which has one address.
        outboundType: "userAssignedNATGateway",
      },

      // --- what becomes of it by itself ---
      // Of the pools too, which therefore name no version: another minor one is an administrator's (docs/azure.md).
      automaticUpgradeChannel: "patch",
      nodeOsUpgradeChannel: "NodeImage",
      maintenanceWindowAutoUpgrade: { ...MAINTENANCE, dayOfWeek: "Saturday", startTime: "08:00" },
      maintenanceWindowNodeOs: { ...MAINTENANCE, dayOfWeek: "Sunday", startTime: "03:00" },
      imageCleanerEnabled: true,
      imageCleanerIntervalHours: CLEANING_HOURS,
      lifecycle: lifecycle(protect),
      dependsOn: identity.granted,
    });
    diagnose(this, "diagnostics", logs, { targetId: cluster.id, logs: LOGS });
    this.ready = [
      cluster,
      ...Object.entries(pools).map(
        ([pool, literal]) => new NodePool(this, `nodes-${pool}`, { ...literal, name: pool, clusterId: cluster.id, network }).pool,
      ),
    ];
    this.id = cluster.id;
    this.name = name;
    this.nodeResourceGroupId = cluster.nodeResourceGroupId;
    this.endpoint = `https://${cluster.fqdn}:443`;
    this.certificateAuthority = cluster.kubeConfig.get(0).clusterCaCertificate;
    this.issuer = cluster.oidcIssuerUrl;
  }

  /** Reports nodes that have no CPU left. */
  alertOnLoad(target: AlertTarget): void {
    alertAbove(this, "cpu-alert", {
      place: this.props.place,
      target,
      name: "cluster-cpu",
      description: "A node of the cluster uses more than 85% of its CPU",
      resourceId: this.id,
      namespace: NAMESPACE,
      metric: "node_cpu_usage_percentage",
      aggregation: "Maximum",
      threshold: 85,
    });
  }

  charts(): readonly Chart[] {
    const chart = chartsOf(NAMESPACE, this.id);
    return [
      chart("Nodes: share of CPU, memory and disk", [
        { metric: "node_cpu_usage_percentage", aggregation: "Maximum" },
        { metric: "node_memory_working_set_percentage", aggregation: "Maximum" },
        { metric: "node_disk_usage_percentage", aggregation: "Maximum" },
      ]),
      chart("Pods: ready, and without a node", [
        { metric: "kube_pod_status_ready", aggregation: "Total" },
        { metric: "cluster_autoscaler_unschedulable_pods_count", aggregation: "Total" },
      ]),
      chart("API server: share of CPU and memory", [
        { metric: "apiserver_cpu_usage_percentage", aggregation: "Maximum" },
        { metric: "apiserver_memory_usage_percentage", aggregation: "Maximum" },
      ]),
    ];
  }
}

const PRIVATE_API = { privateClusterPublicFqdnEnabled: true, privateDnsZoneId: "None" };
