import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { EksAccessPolicyAssociation } from "@cdktf/provider-aws/lib/eks-access-policy-association";
import { EksCluster as AwsCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { Construct } from "constructs";
import type { EksVersion } from "../../environments/facts/eks-versions";
import { Alarm, type AlarmSettings, type AlarmTarget } from "../alarms/alarm";
import type { EncryptionKey } from "../identity/encryption-key";
import { Role } from "../identity/role";
import { LogGroup } from "../logs/log-group";
import type { Network } from "../network/network";
import { SecurityGroup } from "../network/security-group";

export interface EksClusterProps {
  /** Physical name (CON-005). */
  readonly name: string;
  /** End of other physical names. */
  readonly nameSuffix: string;
  readonly version: EksVersion;
  /** Its nodes and the control plane's own addresses stand in the subnets for containers. */
  readonly network: Network;
  /** IPv4 networks that reach the API from outside. @default none: private only */
  readonly publicEndpointCidrs?: readonly string[];
  /** IPv4 network of the Services. */
  readonly serviceCidr: string;
  /** AWS may move traffic away from a zone that fails. @default true */
  readonly zonalShift?: boolean;
  /** Days that the control plane's logs are kept. */
  readonly logRetentionDays: number;
  /** Encrypts Secrets and logs; must let CloudWatch Logs use it for `eksLogGroup(name)`. @default AWS's own keys */
  readonly key?: EncryptionKey;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

/** Who may do what in the cluster. */
export interface ClusterAccess {
  /** IAM role. */
  readonly principalArn: string;
  /** Groups that Kubernetes' own roles are bound to. @default none */
  readonly groups?: readonly string[];
  /** Everything, in every namespace. @default false */
  readonly administrator?: boolean;
}

/** The log that EKS writes its control plane's logs to. */
export const eksLogGroup = (cluster: string): string => `/aws/eks/${cluster}/cluster`;

const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];
const HTTPS = 443;
/** The kubelet, and what pods serve to the API: metrics-server, the webhooks of External Secrets and of Prometheus's operator. */
const KUBELET = 10_250;
/** Where most controllers serve their webhooks: load balancers, CloudNativePG, KEDA. */
const WEBHOOKS = 9443;
/** KEDA's metrics. */
const METRICS_API = 6443;

/**
 * An EKS cluster: let in is who has an access entry, and nobody else, whoever made it; the API is private unless networks are named.
 *
 * The provider's release knows no deletion protection of EKS itself, so that Terraform alone refuses to destroy it.
 */
export class EksCluster extends Construct {
  readonly name: string;
  readonly arn: string;
  /** `https://…` of the API. */
  readonly endpoint: string;
  /** PEM in base64. */
  readonly certificateAuthority: string;
  /** Of the nodes, and so of all pods. */
  readonly nodes: SecurityGroup;
  readonly version: EksVersion;
  readonly network: Network;

  constructor(scope: Construct, id: string, props: EksClusterProps) {
    super(scope, id);
    const {
      name,
      nameSuffix,
      version,
      network,
      publicEndpointCidrs = [],
      serviceCidr,
      zonalShift = true,
      logRetentionDays,
      key,
      protect = true,
    } = props;
    this.version = version;
    this.network = network;
    const role = new Role(this, "role", {
      name: `tss-eks${nameSuffix}`,
      description: `What EKS may do for the cluster ${name}`,
      assumedBy: [{ principals: { Service: "eks.amazonaws.com" }, actions: ["sts:AssumeRole"] }],
    });
    grantControlPlane(role);
    key?.grantEnvelope(role);
    const log = new LogGroup(this, "log", { name: eksLogGroup(name), retentionDays: logRetentionDays, key });

    const controlPlane = new SecurityGroup(this, "control-plane", {
      name: `eks-control-plane${nameSuffix}`,
      description: `API of the cluster ${name}`,
      network,
    });
    this.nodes = new SecurityGroup(this, "nodes", {
      name: `eks-nodes${nameSuffix}`,
      description: `Nodes and pods of the cluster ${name}`,
      network,
    });
    this.allowTraffic(controlPlane);

    const cluster = new AwsCluster(this, "cluster", {
      name,
      version,
      roleArn: role.arn,
      upgradePolicy: { supportType: "STANDARD" }, // an extended one is paid for
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      // The add-ons of addons.ts come in their place.
      bootstrapSelfManagedAddons: false,
      enabledClusterLogTypes: LOG_TYPES,
      // Without a key of ours AWS encrypts Secrets with one of its own. https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html
      encryptionConfig: key && { resources: ["secrets"], provider: { keyArn: key.arn } },
      vpcConfig: {
        subnetIds: network.subnetIds("containers"),
        securityGroupIds: [controlPlane.id],
        endpointPrivateAccess: true,
        endpointPublicAccess: publicEndpointCidrs.length > 0,
        publicAccessCidrs: publicEndpointCidrs.length > 0 ? [...publicEndpointCidrs] : undefined,
      },
      kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: serviceCidr },
      zonalShiftConfig: { enabled: zonalShift },
      lifecycle: protect ? { preventDestroy: true } : undefined,
      dependsOn: [...role.granted, log.resource],
    });
    this.name = cluster.name;
    this.arn = cluster.arn;
    this.endpoint = cluster.endpoint;
    this.certificateAuthority = cluster.certificateAuthority.get(0).data;
  }

  /** Lets an IAM role in. https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html */
  allow(id: string, { principalArn, groups = [], administrator = false }: ClusterAccess): void {
    const entry = new EksAccessEntry(this, `access-${id}`, {
      clusterName: this.name,
      principalArn,
      type: "STANDARD",
      kubernetesGroups: groups.length > 0 ? [...groups] : undefined,
    });
    if (!administrator) return;
    new EksAccessPolicyAssociation(this, `access-${id}-administrator`, {
      clusterName: this.name,
      principalArn: entry.principalArn,
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      accessScope: { type: "cluster" },
    });
  }

  /**
   * Reports that pods find no node, whatever is installed in the cluster: for longer than another node takes to start.
   * https://docs.aws.amazon.com/eks/latest/userguide/cloudwatch.html
   */
  alarmOnWaitingPods(target: AlarmTarget, named: Pick<AlarmSettings, "name" | "silencedBySchedule">): void {
    new Alarm(this, "waiting-pods-alarm", {
      ...named,
      description: "Pods have found no node with room for them for 15 minutes",
      severity: "critical",
      owner: "SRE",
      runbook: "waiting-pods",
      namespace: "AWS/EKS",
      metric: "scheduler_pending_pods_UNSCHEDULABLE",
      dimensions: { ClusterName: this.name },
      statistic: "Sum",
      comparison: "GreaterThanThreshold",
      threshold: 0,
      period: 60,
      evaluationPeriods: 15,
      target,
    });
  }

  /** Between pods everything is open here: network policies, which know pods, close it again. */
  private allowTraffic(controlPlane: SecurityGroup): void {
    const { nodes, network } = this;
    controlPlane.allowFrom("network", {
      peer: { cidr: network.cidr },
      ports: HTTPS,
      description: "Kubernetes API, for whoever has an access entry",
    });
    const served = [KUBELET, WEBHOOKS, METRICS_API];
    controlPlane.allowTo("nodes", { peer: nodes, ports: served, description: "Kubelet, webhooks and metrics" });
    nodes.allowFrom("control-plane", { peer: controlPlane, ports: served, description: "Kubelet, webhooks and metrics" });
    nodes.allowTo("control-plane", { peer: controlPlane, ports: HTTPS, description: "Kubernetes API" });
    nodes.allowFrom("nodes", { peer: nodes, protocol: "all", description: "Pods among each other, which network policies narrow" });
    nodes.allowTo("nodes", { peer: nodes, protocol: "all", description: "Pods among each other, which network policies narrow" });
    // Images and AWS services, and the market's data on the Internet (SEC-010).
    nodes.allowTo("internet", { peer: { cidr: "0.0.0.0/0" }, ports: HTTPS, description: "HTTPS" });
  }
}

/** The least that AWS documents for the role of a cluster. https://docs.aws.amazon.com/eks/latest/userguide/cluster-iam-role.html */
function grantControlPlane(role: Role): void {
  role.grant({
    actions: ["ec2:CreateTags"],
    resources: ["arn:aws:ec2:*:*:instance/*"],
    conditions: { "ForAnyValue:StringLike": { "aws:TagKeys": "kubernetes.io/cluster/*" } },
  });
  role.grant({
    actions: [
      "ec2:DescribeAvailabilityZones",
      "ec2:DescribeDhcpOptions",
      "ec2:DescribeInstances",
      "ec2:DescribeInstanceTopology",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeVpcs",
    ],
    resources: ["*"], // without-resource-level.ts says why
  });
}
