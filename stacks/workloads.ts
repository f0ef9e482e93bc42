import { StorageClassV1 } from "@cdktf/provider-kubernetes/lib/storage-class-v1";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { chartValues } from "../constructs/kubernetes/chart-values";
import { connect, type HelmProviders } from "../constructs/kubernetes/connection";
import {
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
import type { ServiceNamespace } from "../constructs/kubernetes/service-namespace";
import { StorePolicies } from "../constructs/kubernetes/store-policies";
import { installWorkloads } from "../constructs/kubernetes/workloads";
import { namespaceQuota } from "../environments/facts/kubernetes-quota";
import { runningServices, type Grant } from "../environments/schema/services";
import { EnvironmentStack } from "./base";
import type { ServicesStackProps } from "./services";
import type { EksServicesStack } from "./services-eks";

export interface WorkloadsStackProps extends ServicesStackProps {
  /** The cluster, where it is EKS. @default the one that the literal's `platform` names by kubeconfig and context */
  readonly eks?: EksServicesStack;
}

/**
 * What is installed in the cluster: the namespace of the services and who may do what in it, the controllers they lean on, and the
 * services themselves. It knows Kubernetes and Helm and nothing of AWS, so that it can be deployed to any cluster (CON-006, design 13).
 */
export class WorkloadsStack extends EnvironmentStack {
  private readonly props: WorkloadsStackProps;

  constructor(scope: Construct, props: WorkloadsStackProps) {
    super(
      scope,
      "workloads",
      { ...props, environment: { ...props.environment, services: runningServices(props.environment.services) } },
      false,
    );
    this.props = props;
    const { chartRepository, existing, namespace } = this.environment.cluster.kubernetes;
    this.output("services_namespace", namespace, "Kubernetes namespace of the services");
    installWorkloads(this, {
      helm: this.connect(),
      namespace,
      quota: namespaceQuota(this.environment),
      beside: (own) => {
        this.addStorePolicies(own);
        return props.eks ? [this.addStorageClass(props.eks)] : [];
      },
      releases: this.wanted().filter(({ name }) => !(existing as readonly string[]).includes(name)),
      chartRepository,
      values:
        Object.keys(this.environment.services).length > 0
          ? chartValues(this.environment, {
              backends: { ...props.data, ...props.events },
              ingressAnnotations: props.eks?.ingress?.annotations,
            })
          : undefined,
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
