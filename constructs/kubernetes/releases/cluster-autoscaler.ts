/** Sets the number of nodes. */
import type { ServiceAccount } from "../pod-role";
import type { Grantee } from "../../identity/role";
import { tagged, type Place } from "../controller-rights";
import { REPLICAS, SYSTEM, type PublicChart, type ReleaseValues } from "./release-values";

export const CLUSTER_AUTOSCALER_CHART: PublicChart = {
  repository: "https://kubernetes.github.io/autoscaler",
  name: "cluster-autoscaler",
  version: "9.59.1",
};

/** Who it is in the cluster; by it AWS knows it. */
export const CLUSTER_AUTOSCALER_ACCOUNT = { namespace: "kube-system", name: "cluster-autoscaler" } as const satisfies ServiceAccount;

/** https://github.com/kubernetes/autoscaler/tree/master/cluster-autoscaler */
export const clusterAutoscaler = ({ cluster, region }: { readonly cluster: string; readonly region: string }): ReleaseValues => ({
  name: "cluster-autoscaler",
  namespace: SYSTEM,
  values: {
    fullnameOverride: CLUSTER_AUTOSCALER_ACCOUNT.name,
    cloudProvider: "aws",
    awsRegion: region,
    autoDiscovery: { clusterName: cluster },
    rbac: { serviceAccount: { create: true, name: CLUSTER_AUTOSCALER_ACCOUNT.name } },
    replicaCount: REPLICAS,
    extraArgs: { "balance-similar-node-groups": true, "skip-nodes-with-system-pods": false },
    securityContext: { runAsNonRoot: true, runAsUser: 65_534, seccompProfile: { type: "RuntimeDefault" } },
    containerSecurityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    resources: { requests: { cpu: "100m", memory: "300Mi" }, limits: { memory: "600Mi" } },
  },
});

/** The number of nodes. https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md */
export function grantClusterAutoscaler(grantee: Grantee, { account, region, cluster }: Place & { readonly cluster: string }): void {
  grantee.grant({
    actions: [
      "autoscaling:DescribeAutoScalingGroups",
      "autoscaling:DescribeAutoScalingInstances",
      "autoscaling:DescribeLaunchConfigurations",
      "autoscaling:DescribeScalingActivities",
      "autoscaling:DescribeTags",
      "ec2:DescribeImages",
      "ec2:DescribeInstanceTypes",
      "ec2:DescribeLaunchTemplateVersions",
      "ec2:GetInstanceTypesFromInstanceRequirements",
    ],
    resources: ["*"],
  });
  grantee.grant({ actions: ["eks:DescribeNodegroup"], resources: [`arn:aws:eks:${region}:${account}:nodegroup/${cluster}/*`] });
  // EKS puts the tag on the groups of its node groups.
  grantee.grant({
    actions: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
    resources: [`arn:aws:autoscaling:${region}:${account}:autoScalingGroup:*`],
    conditions: tagged(`k8s.io/cluster-autoscaler/${cluster}`, "owned"),
  });
}
