import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Token, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { NodeGroup as NodeGroupSettings } from "../../environments/schema/kubernetes";
import type { Rest } from "../../environments/facts/rests";
import { podsOfNode } from "../../environments/facts/eks-addresses";
import type { Repository } from "../containers/repository";
import { hostText } from "../hosts/host-files";
import { METADATA, ROOT_VOLUME } from "../hosts/machine";
import type { EncryptionKey } from "../identity/encryption-key";
import { Role } from "../identity/role";
import { GroupSchedule } from "../schedules/group-schedule";
import type { EksCluster } from "./eks-cluster";

export interface NodeRoleProps {
  /** Physical name, 1 to 64 characters. */
  readonly name: string;
  readonly cluster: EksCluster;
  readonly region: string;
}

export interface NodeGroupProps extends NodeGroupSettings {
  /** Physical name, unique in its cluster; also the nodes' label `node-group`. */
  readonly name: string;
  readonly architecture: "x86_64" | "arm64";
  readonly cluster: EksCluster;
  readonly role: NodeRole;
  /** Encrypts the nodes' volumes; must let Auto Scaling use it. @default the AWS managed key */
  readonly key?: EncryptionKey;
  /** When it has no node. @default never */
  readonly rest?: Rest;
  /** What the first node needs, such as the add-on that gives pods their network. */
  readonly startsAfter: readonly ITerraformDependable[];
}

const AMI_TYPES = { x86_64: "AL2023_x86_64_STANDARD", arm64: "AL2023_ARM_64_STANDARD" } as const;
/** The images of EKS's add-ons, in the registry that EKS has in most regions. https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html */
const EKS_REGISTRY = "602401143452";

/** What every node may do: join, hand pods their identities, pull images. Pods get nothing of it: the metadata service is out of their reach. */
export class NodeRole extends Construct {
  readonly arn: string;
  private readonly role: Role;

  constructor(scope: Construct, id: string, { name, cluster, region }: NodeRoleProps) {
    super(scope, id);
    this.role = new Role(this, "role", { name, description: "What every node of the cluster may do", assumedBy: "ec2.amazonaws.com" });
    this.arn = this.role.arn;
    // As AmazonEKSWorkerNodeMinimalPolicy, for this cluster. https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
    this.role.grant({ actions: ["eks-auth:AssumeRoleForPodIdentity"], resources: [cluster.arn] });
    this.role.grant({ actions: ["ec2:DescribeInstances"], resources: ["*"] }); // without-resource-level.ts says why
    this.role.grant({
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: [`arn:aws:ecr:${region}:${EKS_REGISTRY}:repository/*`],
    });
  }

  /** Lets nodes pull a service's images. */
  allowImagesOf(images: Repository): void {
    images.grantPull(this.role);
  }

  /** What must wait until nodes have their rights depends on these. Ask when all are given. */
  get granted(): readonly ITerraformDependable[] {
    return this.role.granted;
  }
}

/**
 * A managed node group over all zones: Amazon Linux 2023, encrypted volumes, metadata by token only, one node replaced at a time.
 *
 * EKS takes its newest image when the group is made and when the cluster's version changes; in between a new image is a deliberate
 * step (docs/kubernetes.md). The number of nodes belongs to whoever scales them.
 */
export class NodeGroup extends Construct {
  /** Stands when the nodes are ready. */
  readonly ready: ITerraformDependable;
  readonly autoScalingGroup: string;

  constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    const { name, architecture, cluster, role, instanceTypes, min, max, maxPods, diskGigabytes, key, rest, startsAfter } = props;
    const tags = { Name: `${cluster.name}-${name}` };
    const template = new LaunchTemplate(this, "template", {
      name: `${cluster.name}-${name}`,
      description: `Nodes of the group ${name}`,
      updateDefaultVersion: true,
      vpcSecurityGroupIds: [cluster.nodes.id],
      metadataOptions: METADATA,
      monitoring: { enabled: true },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: ROOT_VOLUME.volumeType,
            iops: ROOT_VOLUME.iops,
            throughput: ROOT_VOLUME.throughput,
            volumeSize: diskGigabytes,
            encrypted: "true",
            deleteOnTermination: "true",
            kmsKeyId: key?.arn,
          },
        },
      ],
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
      userData: Buffer.from(hostText("eks/node.mime").replace("MAX_PODS", String(podsOfNode({ instanceTypes, maxPods })))).toString(
        "base64",
      ),
    });
    const group = new EksNodeGroup(this, "group", {
      clusterName: cluster.name,
      nodeGroupName: name,
      version: cluster.version,
      nodeRoleArn: role.arn,
      subnetIds: cluster.network.subnetIds("containers"),
      amiType: AMI_TYPES[architecture],
      capacityType: "ON_DEMAND",
      instanceTypes: [...instanceTypes],
      launchTemplate: { id: template.id, version: Token.asString(template.latestVersion) },
      scalingConfig: { minSize: min, maxSize: max, desiredSize: min },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true },
      labels: { "node-group": name },
      dependsOn: [...role.granted, ...startsAfter],
      // EKS reads the sizes of its Auto Scaling group.
      lifecycle: {
        ignoreChanges: (rest ? ["min_size", "max_size", "desired_size"] : ["desired_size"]).map((size) => `scaling_config[0].${size}`),
      },
    });
    this.ready = group;
    this.autoScalingGroup = group.resources.get(0).autoscalingGroups.get(0).name;
    if (rest) new GroupSchedule(this, "schedule", { group: this.autoScalingGroup, rest, size: { min, max, desired: min } });
  }
}
