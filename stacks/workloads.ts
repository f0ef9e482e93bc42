import { StorageClassV1 } from "@cdktf/provider-kubernetes/lib/storage-class-v1";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { ChartFolder } from "../constructs/kubernetes/chart-folder";
import { chartValues } from "../constructs/kubernetes/chart-values";
import { connect, type HelmProviders } from "../constructs/kubernetes/connection";
import { CHART_RELEASE } from "../constructs/kubernetes/names";
import { Rbac } from "../constructs/kubernetes/rbac";
import { Release } from "../constructs/kubernetes/release";
import {
  chartOf,
  cloudNativePg,
  clusterAutoscaler,
  externalSecrets,
  fluentBit,
  keda,
  kubePrometheusStack,
  loadBalancerController,
  metricsServer,
  postgresql,
  valkey,
  type ReleaseValues,
} from "../constructs/kubernetes/releases";
import { Namespace, ServiceNamespace } from "../constructs/kubernetes/service-namespace";
import { StorePolicies } from "../constructs/kubernetes/store-policies";
import type { ReleaseName } from "../environments/schema/kubernetes";
import { namespaceQuota } from "../environments/facts/kubernetes-quota";
import { runningServices, type Grant } from "../environments/schema/services";
import { EnvironmentStack } from "./base";
import type { ServicesStackProps } from "./services";
import type { EksServicesStack } from "./services-eks";

export interface WorkloadsStackProps extends ServicesStackProps {
  /** The cluster, where it is EKS. @default the one that the literal's `platform` names by kubeconfig and context */
  readonly eks?: EksServicesStack;
}

/** They bring kinds of resource that our chart is made of. */
const WITH_KINDS_OF_OURS = ["external-secrets", "kube-prometheus-stack", "keda"] as const;

/**
 * What is installed in the cluster: the namespace of the services and who may do what in it, the controllers they lean on, and the
 * services themselves. It knows Kubernetes and Helm and nothing of AWS, so that it can be deployed to any cluster (CON-006, design 13).
 */
export class WorkloadsStack extends EnvironmentStack {
  private readonly props: WorkloadsStackProps;
  private readonly releases = new Map<ReleaseName, Release>();

  constructor(scope: Construct, props: WorkloadsStackProps) {
    super(
      scope,
      "workloads",
      { ...props, environment: { ...props.environment, services: runningServices(props.environment.services) } },
      false,
    );
    this.props = props;
    const { existing, namespace: name } = this.environment.cluster.kubernetes;
    const helm = this.connect();

    const namespace = new ServiceNamespace(this, "namespace", { name, quota: namespaceQuota(this.environment) });
    new Rbac(this, "rbac", { namespace: name, namespaceReady: namespace.namespace });
    this.output("services_namespace", name, "Kubernetes namespace of the services");
    this.addStorePolicies(namespace);
    const volumes = props.eks && this.addStorageClass(props.eks);
    for (const release of this.wanted())
      if (!existing.includes(release.name)) this.install(release, [...namespace.ready, ...(volumes ? [volumes] : [])]);

    // Before the first image there is nothing to install.
    if (Object.keys(this.environment.services).length > 0)
      new Release(this, "services", {
        name: CHART_RELEASE,
        namespace: name,
        provider: helm.watching,
        chart: new ChartFolder("day-trade-ml").packaged(this, "chart"),
        values: chartValues(this.environment, {
          backends: { ...props.data, ...props.events },
          ingressAnnotations: props.eks?.ingress?.annotations,
        }),
        plannedAfter: [namespace.id, ...WITH_KINDS_OF_OURS.flatMap((release) => this.releases.get(release)?.id ?? [])],
        startsAfter: [...namespace.ready, ...[...this.releases.values()].map(({ release }) => release)],
      });
  }

  private connect(): HelmProviders {
    const { platform, region } = this.environment;
    if (this.props.eks) return connect(this, { kind: "eks", cluster: this.props.eks.cluster, region });
    if (typeof platform === "object") return connect(this, { kind: "kubeconfig", path: platform.kubeconfig, context: platform.context });
    throw new Error(`${this.environment.name}: platform ${platform} has no cluster to install workloads in`);
  }

  /** The releases of others' charts, each after those it needs. */
  private wanted(): readonly ReleaseValues[] {
    const {
      cluster: { eks, kubernetes, loadBalancer },
      data,
      database,
      region,
      servicesCache,
    } = this.environment;
    const { eks: cluster, events, network } = this.props;
    const { monitoring, namespace } = kubernetes;
    const monitored = monitoring !== undefined;
    const name = cluster?.cluster.name;
    return [
      ...(name && loadBalancer ? [loadBalancerController({ cluster: name, region, vpcId: network.vpcId })] : []),
      ...(name && eks.clusterAutoscaler ? [clusterAutoscaler({ cluster: name, region })] : []),
      metricsServer(),
      externalSecrets(),
      ...(monitoring
        ? [
            kubePrometheusStack({
              ...monitoring,
              alerts: cluster?.watchdog && {
                cluster: cluster.cluster.name,
                topicArn: events.alerts.arn,
                watchdogArn: cluster.watchdog.arn,
                region,
              },
            }),
          ]
        : []),
      ...(cluster?.podLogs ? [fluentBit({ ...cluster.podLogs, region, namespace, monitored })] : []),
      ...(kubernetes.keda ? [keda()] : []),
      ...(database === "in-cluster" ? [cloudNativePg({ monitored }), postgresql(kubernetes.database, { namespace, monitored })] : []),
      ...(servicesCache === "in-cluster" ? [valkey(kubernetes.cache, { namespace, parameters: data.cache.parameters })] : []),
    ];
  }

  private install({ name, namespace, podSecurity, values }: ReleaseValues, ready: readonly ITerraformDependable[]): void {
    const own = podSecurity && new Namespace(this, `${name}-namespace`, { name: namespace, podSecurity });
    // The kinds of resource that monitors and databases are made of come with these.
    const kinds = (["kube-prometheus-stack", "cloudnative-pg"] as const).flatMap((release) => this.releases.get(release)?.release ?? []);
    const chart = chartOf(name, this.environment.cluster.kubernetes.chartRepository);
    this.releases.set(
      name,
      new Release(this, name, { name, namespace, chart, values, startsAfter: [...ready, ...(own ? [own.namespace] : []), ...kinds] }),
    );
  }

  /** Encrypted, unlike the one that EKS brings along; without the name of a class every claim gets this one. */
  private addStorageClass({ volumesKeyArn }: EksServicesStack): ITerraformDependable {
    return new StorageClassV1(this, "storage-class", {
      metadata: { name: "encrypted", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      storageProvisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3", encrypted: "true", ...(volumesKeyArn && { kmsKeyId: volumesKeyArn }) },
      reclaimPolicy: this.environment.deletionProtection ? "Retain" : "Delete",
      allowVolumeExpansion: true,
      volumeBindingMode: "WaitForFirstConsumer", // in the zone of the pod
    });
  }

  private addStorePolicies({ name, namespace: namespaceReady }: ServiceNamespace): void {
    const { database, services, servicesCache } = this.environment;
    const clientsOf = (grant: Grant) =>
      Object.entries(services).flatMap(([service, { grants }]) => (grants.includes(grant) ? [service] : []));
    new StorePolicies(this, "stores", {
      namespace: name,
      namespaceReady,
      clients: {
        database: database === "in-cluster" ? clientsOf("database.connect") : undefined,
        cache: servicesCache === "in-cluster" ? clientsOf("cache.connect") : undefined,
      },
    });
  }
}
