import { EksAddon } from "@cdktf/provider-aws/lib/eks-addon";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { EKS_VERSIONS, type EksAddon as AddonName } from "../../environments/facts/eks-versions";
import { LEAST_ADDRESSES, WARM_ADDRESSES } from "../../environments/facts/eks-addresses";
import type { EncryptionKey } from "../identity/encryption-key";
import { grantNetworkPlugin, grantVolumeDriver } from "./controller-rights";
import type { EksCluster } from "./eks-cluster";
import { PodRole } from "./pod-role";

export interface AddonsProps {
  readonly cluster: EksCluster;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** End of physical names. */
  readonly nameSuffix: string;
  /** Of the volumes that pods ask for. @default the AWS managed key */
  readonly key?: EncryptionKey;
}

/** EKS's own add-ons, at the versions that go with the cluster's (eks-versions.ts), with rights by Pod Identity. */
export class Addons extends Construct {
  /** What a node needs to become ready. */
  readonly beforeNodes: readonly ITerraformDependable[];
  private readonly props: AddonsProps;

  constructor(scope: Construct, id: string, props: AddonsProps) {
    super(scope, id);
    this.props = props;
    const agent = this.add("eks-pod-identity-agent");
    const network = this.roleOf("network", "Addresses of pods", "aws-node");
    grantNetworkPlugin(network, props);
    this.beforeNodes = [
      agent,
      this.add("kube-proxy"),
      this.add("vpc-cni", {
        role: network,
        startsAfter: [agent, ...network.role.granted],
        configuration: {
          // One address at a time: sixteen, by prefix delegation, are more pods on a node, but run through small subnets.
          env: { WARM_IP_TARGET: String(WARM_ADDRESSES), MINIMUM_IP_TARGET: String(LEAST_ADDRESSES) },
          // Without it network policies are accepted and do nothing.
          enableNetworkPolicy: "true",
        },
      }),
    ];
  }

  /** Those that run as ordinary pods, once there are nodes. */
  addOnNodes(nodes: readonly ITerraformDependable[]): void {
    const volumes = this.roleOf("volumes", "Volumes of pods", "ebs-csi-controller-sa");
    grantVolumeDriver(volumes, this.props);
    this.props.key?.grantVolumes(volumes);
    this.add("coredns", { startsAfter: nodes });
    // The workloads stack brings a class of its own, with encryption.
    this.add("aws-ebs-csi-driver", {
      role: volumes,
      configuration: { defaultStorageClass: { enabled: false } },
      startsAfter: [...nodes, ...volumes.role.granted],
    });
  }

  private roleOf(id: string, description: string, serviceAccount: string): PodRole {
    const { cluster, nameSuffix } = this.props;
    return new PodRole(this, id, {
      name: `tss-eks-${id}${nameSuffix}`,
      description,
      cluster,
      serviceAccount: { namespace: "kube-system", name: serviceAccount },
      ofAddon: true,
    });
  }

  private add(
    name: AddonName,
    {
      role,
      configuration,
      startsAfter = [],
    }: {
      readonly role?: PodRole;
      readonly configuration?: Readonly<Record<string, unknown>>;
      readonly startsAfter?: readonly ITerraformDependable[];
    } = {},
  ): EksAddon {
    const { cluster } = this.props;
    return new EksAddon(this, name, {
      clusterName: cluster.name,
      addonName: name,
      addonVersion: EKS_VERSIONS[cluster.version][name],
      configurationValues: configuration && JSON.stringify(configuration),
      podIdentityAssociation: role && [{ roleArn: role.role.arn, serviceAccount: role.serviceAccount.name }],
      // What somebody changed by hand is put back.
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
      dependsOn: [...startsAfter],
    });
  }
}
