import type { Construct } from "constructs";
import { byName } from "../constructs/containers/container-definition";
import { grantRights, openConnections, queueNamed } from "../constructs/containers/service-access";
import { Addons } from "../constructs/kubernetes/addons";
import {
  ALERTMANAGER_ACCOUNT,
  CLUSTER_AUTOSCALER_ACCOUNT,
  EXTERNAL_SECRETS_ACCOUNT,
  FLUENT_BIT_ACCOUNT,
  grantClusterAutoscaler,
  grantLoadBalancerController,
  KEDA_ACCOUNT,
  LOAD_BALANCER_CONTROLLER_ACCOUNT,
} from "../constructs/kubernetes/releases";
import { EksCluster, eksLogGroup } from "../constructs/kubernetes/eks-cluster";
import { IngressParts } from "../constructs/kubernetes/ingress-parts";
import { GROUPS, serviceAccountOf } from "../constructs/kubernetes/names";
import { NodeGroup, NodeRole } from "../constructs/kubernetes/node-group";
import { podLogGroups, PodLogs } from "../constructs/kubernetes/pod-logs";
import { PodRole, type ServiceAccount } from "../constructs/kubernetes/pod-role";
import { Watchdog } from "../constructs/kubernetes/watchdog";
import type { Eks } from "../environments/schema/kubernetes";
import { architectureOf } from "../environments/rules";
import type { Cluster, Service } from "../environments/schema";
import { loadBalancerName, ServicesStack, webAclLogGroups, type ServicesStackProps } from "./services";

/** The cluster that the container services run in (CON-004, C-52): EKS, its nodes and add-ons, and what pods may do in AWS. What is installed in it is the workloads stack's. */
export class EksServicesStack extends ServicesStack {
  readonly cluster: EksCluster;
  /** What the load balancer of the services with a route is given. */
  readonly ingress?: IngressParts;
  /** Encrypts the volumes that pods ask for. Undefined: AWS's own key. */
  readonly volumesKeyArn?: string;
  /** What the cluster's Prometheus reports to, where it has one of ours. */
  readonly watchdog?: Watchdog;
  /** Where a release of ours brings what pods print. */
  readonly podLogs?: PodLogs;

  constructor(scope: Construct, props: ServicesStackProps) {
    const { cluster } = props.environment;
    const { others, service } = podLogGroups(cluster.name);
    const logGroups = [
      eksLogGroup(cluster.name),
      others,
      ...Object.keys(props.environment.services).sort().map(service),
      ...webAclLogGroups(props.environment),
    ];
    super(scope, props, { logGroups, volumesOfScalingGroups: true });
    const { account, deletionProtection: protect, nameSuffix, region, services } = this.environment;

    this.cluster = new EksCluster(this, "cluster", {
      ...cluster.eks,
      name: cluster.name,
      nameSuffix,
      network: props.network,
      logRetentionDays: cluster.logRetentionDays,
      key: this.key,
      protect,
    });
    this.cluster.alarmOnWaitingPods(props.events.alerts, {
      name: `EKS-Waiting-Pods${nameSuffix}`,
      silencedBySchedule: this.rest !== undefined,
    });
    this.output("cluster_name", this.cluster.name, "EKS cluster of the services");
    this.output("cluster_endpoint", this.cluster.endpoint, "API of the cluster");
    this.output("cluster_log_group_name", eksLogGroup(cluster.name), "Logs of the cluster's control plane");
    this.volumesKeyArn = this.key?.arn;
    this.allowPeople(cluster.eks.access);
    this.addNodes(
      cluster.eks.nodeGroups,
      new Addons(this, "addons", { cluster: this.cluster, account, region, nameSuffix, key: this.key }),
    );
    this.ingress = cluster.loadBalancer && this.addIngress(cluster.loadBalancer);
    for (const [name, service] of Object.entries(services)) this.allowService(name, service);
    this.watchdog = this.addWatchdog();
    this.podLogs = this.addPodLogs();
    this.allowControllers();
    this.openBackends();
  }

  /** Whoever deploys is the cluster's administrator, because releases bring resources of every kind; the others' groups have roles in the cluster. */
  private allowPeople(access: Eks["access"]): void {
    const { account } = this.environment;
    for (const [kind, roles] of Object.entries(access) as [keyof Eks["access"], string[]][]) {
      for (const role of roles) {
        this.cluster.allow(role.replace(/[^A-Za-z0-9]+/g, "-"), {
          principalArn: `arn:aws:iam::${account}:role/${role}`,
          groups: [GROUPS[kind]],
          administrator: kind === "deploy",
        });
      }
    }
  }

  private addNodes(groups: Eks["nodeGroups"], addons: Addons): void {
    const { nameSuffix, region } = this.environment;
    const role = new NodeRole(this, "node-role", { name: `tss-eks-nodes${nameSuffix}`, cluster: this.cluster, region });
    for (const [, { images }] of byName(Object.fromEntries(this.services))) role.allowImagesOf(images);
    const nodes = byName(groups).map(
      ([name, group]) =>
        new NodeGroup(this, `nodes-${name}`, {
          ...group,
          name,
          role,
          cluster: this.cluster,
          architecture: architectureOf(group.instanceTypes[0]!),
          key: this.key,
          rest: this.rest,
          startsAfter: addons.beforeNodes,
        }),
    );
    this.groups = nodes.map(({ autoScalingGroup }) => autoScalingGroup);
    addons.addOnNodes(nodes.map(({ ready }) => ready));
  }

  private addIngress({ clientCidrs, requestsPerFiveMinutes, webAcl }: NonNullable<Cluster["loadBalancer"]>): IngressParts {
    const { deletionProtection: protect, nameSuffix, services } = this.environment;
    const routed = Object.values(services).flatMap(({ port, route }) => (route ? [port] : []));
    return new IngressParts(this, "ingress", {
      name: loadBalancerName(nameSuffix),
      securityGroup: { name: `services-alb${nameSuffix}`, documentedName: "sg-alb" },
      network: this.props.network,
      accessLogs: this.props.data.accessLogs,
      nodes: this.cluster.nodes,
      ports: [...new Set(routed)].sort((a, b) => a - b),
      clientCidrs,
      webAcl: webAcl ? { requestsPerFiveMinutes, log: this.webAclLog } : undefined,
      protect,
    });
  }

  private podRole(id: string, description: string, serviceAccount: ServiceAccount): PodRole {
    return new PodRole(this, id, { name: `tss-${id}${this.environment.nameSuffix}`, description, cluster: this.cluster, serviceAccount });
  }

  /** A role only where AWS has a say: connections alone need none. */
  private allowService(name: string, { grants }: Service): void {
    // An in-cluster database knows no IAM.
    const { database } = this.props.data;
    if (grants.every((grant) => grant === "cache.connect" || (grant === "database.connect" && !database))) return;
    const { kubernetes } = this.environment.cluster;
    const { scope } = this.services.get(name)!;
    const pods = new PodRole(scope, "pods", {
      name: `tss-${name}-pods${this.environment.nameSuffix}`,
      description: `What the pods of the service ${name} may do`,
      cluster: this.cluster,
      serviceAccount: serviceAccountOf(kubernetes.namespace, name),
    });
    grantRights(grants, pods, name, { ...this.props.data, ...this.props.events });
  }

  /** Where Prometheus is one of our releases. */
  private addWatchdog(): Watchdog | undefined {
    const { account, cluster, nameSuffix } = this.environment;
    const { existing, monitoring } = cluster.kubernetes;
    if (!monitoring || existing.includes("kube-prometheus-stack")) return undefined;
    const watchdog = new Watchdog(this, "watchdog", { name: `${cluster.name}-watchdog`, account, key: this.key });
    watchdog.alarmOnSilence(this.props.events.alerts, {
      name: `EKS-Prometheus-Silent${nameSuffix}`,
      silencedBySchedule: this.rest !== undefined,
    });
    return watchdog;
  }

  private addPodLogs(): PodLogs | undefined {
    const { cluster, services } = this.environment;
    if (cluster.eks.podLogs === "none" || cluster.kubernetes.existing.includes("fluent-bit")) return undefined;
    const podLogs = new PodLogs(this, "pod-logs", {
      cluster: cluster.name,
      services: Object.keys(services),
      others: cluster.eks.podLogs === "all",
      retentionDays: cluster.logRetentionDays,
      key: this.key,
    });
    for (const [name, group] of podLogs.services) this.output(`${name}_pods_log_group_name`, group, `Log of the service ${name}`);
    if (podLogs.others !== undefined) this.output("others_log_group_name", podLogs.others, "Log of all other pods");
    podLogs.grantAppend(this.podRole("fluent-bit", "Writes what pods print", FLUENT_BIT_ACCOUNT));
    return podLogs;
  }

  private allowControllers(): void {
    const {
      cluster: { eks, loadBalancer },
      account,
      region,
      services,
    } = this.environment;
    if (loadBalancer)
      grantLoadBalancerController(
        this.podRole("load-balancer-controller", "Makes the load balancers of Ingresses", LOAD_BALANCER_CONTROLLER_ACCOUNT),
        { account, region, cluster: this.cluster.name },
      );
    if (eks.clusterAutoscaler)
      grantClusterAutoscaler(this.podRole("cluster-autoscaler", "Sets the number of nodes", CLUSTER_AUTOSCALER_ACCOUNT), {
        account,
        region,
        cluster: this.cluster.name,
      });
    if (this.watchdog) {
      const alertmanager = this.podRole("alertmanager", "Sends alerts on", ALERTMANAGER_ACCOUNT);
      this.props.events.alerts.grantPublish(alertmanager);
      this.watchdog.grantBeat(alertmanager);
    }

    const secrets = this.ownedSecrets();
    const read = new Set(Object.values(services).flatMap((service) => Object.values(service.secrets).map(({ secret }) => secret)));
    if (read.size > 0) {
      const reader = this.podRole("external-secrets", "Reads the secrets of services", EXTERNAL_SECRETS_ACCOUNT);
      for (const secret of [...read].sort()) secrets[secret]!.grantRead(reader);
    }
    const queues = new Set(Object.values(services).flatMap(({ scaling }) => (scaling?.queue ? [scaling.queue.name] : [])));
    if (queues.size > 0) {
      const scaler = this.podRole("keda", "Looks how long queues are", KEDA_ACCOUNT);
      for (const queue of [...queues].sort()) queueNamed(queue, this.props.events).grantInspect(scaler);
    }
  }

  /** To all nodes, because EC2 does not tell pods apart; the network policies do. */
  private openBackends(): void {
    const { services, servicesCache } = this.environment;
    const { cache, database } = this.props.data;
    const grants = Object.values(services).flatMap((service) => service.grants);
    openConnections(
      grants,
      { id: "services-nodes", who: "the nodes of the services", securityGroup: this.cluster.nodes },
      { cache: servicesCache === "shared" ? cache : undefined, database },
    );
  }
}
