/**
 * What the controllers of a cluster may do in AWS: of the policies that their makers publish, the part that goes with how they are set
 * up here. Where AWS defines no resource level, without-resource-level.ts says so.
 */
import type { Grantee } from "../identity/role";

interface Place {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** A tag that the controller puts on all it makes, so that it can touch nothing else. */
const tagged = (tag: string, value: string, on: "RequestTag" | "ResourceTag" = "ResourceTag") => ({
  StringEquals: { [`aws:${on}/${tag}`]: value },
});

/** Addresses of pods: as AmazonEKS_CNI_Policy, on the kinds of resource that each action knows. */
export function grantNetworkPlugin(grantee: Grantee, { account, region }: Place): void {
  const all = (kind: string) => `arn:aws:ec2:${region}:${account}:${kind}/*`;
  grantee.grant({
    actions: [
      "ec2:DescribeInstances",
      "ec2:DescribeInstanceTypes",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:DescribeTags",
    ],
    resources: ["*"],
  });
  grantee.grant({
    actions: [
      "ec2:AssignPrivateIpAddresses",
      "ec2:AttachNetworkInterface",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DetachNetworkInterface",
      "ec2:ModifyNetworkInterfaceAttribute",
      "ec2:UnassignPrivateIpAddresses",
    ],
    resources: ["instance", "network-interface", "security-group", "subnet"].map(all),
  });
  grantee.grant({ actions: ["ec2:CreateTags"], resources: [all("network-interface")] });
}

/** Volumes of pods: as AmazonEBSCSIDriverPolicyV2, without snapshots and copies, which nothing here makes. */
export function grantVolumeDriver(grantee: Grantee, { account, region }: Place): void {
  const volumes = [`arn:aws:ec2:${region}:${account}:volume/*`];
  const own = "ebs.csi.aws.com/cluster";
  grantee.grant({
    actions: [
      "ec2:DescribeAvailabilityZones",
      "ec2:DescribeInstances",
      "ec2:DescribeInstanceTypes",
      "ec2:DescribeVolumes",
      "ec2:DescribeVolumesModifications",
      "ec2:DescribeVolumeStatus",
    ],
    resources: ["*"],
  });
  grantee.grant({ actions: ["ec2:CreateVolume"], resources: volumes, conditions: tagged(own, "true", "RequestTag") });
  grantee.grant({ actions: ["ec2:CreateTags"], resources: volumes, conditions: { StringEquals: { "ec2:CreateAction": "CreateVolume" } } });
  grantee.grant({
    actions: ["ec2:AttachVolume", "ec2:DeleteVolume", "ec2:DetachVolume", "ec2:ModifyVolume"],
    resources: volumes,
    conditions: tagged(own, "true"),
  });
  grantee.grant({ actions: ["ec2:AttachVolume", "ec2:DetachVolume"], resources: [`arn:aws:ec2:${region}:${account}:instance/*`] });
}

/**
 * Load balancers of Ingresses: as the controller's iam_policy.json, without security groups (ours stand in the services stack), Shield,
 * the old WAF, and the discovery of certificates (an Ingress names its own). https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/
 */
export function grantLoadBalancerController(grantee: Grantee, { account, region, cluster }: Place & { readonly cluster: string }): void {
  const all = (...kinds: string[]) => kinds.map((kind) => `arn:aws:elasticloadbalancing:${region}:${account}:${kind}/*`);
  const balancers = all("loadbalancer/app", "targetgroup");
  const own = "elbv2.k8s.aws/cluster";
  grantee.grant({
    actions: ["iam:CreateServiceLinkedRole"],
    resources: ["arn:aws:iam::*:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing"],
    conditions: { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
  });
  grantee.grant({
    actions: [
      "ec2:DescribeAccountAttributes",
      "ec2:DescribeAddresses",
      "ec2:DescribeAvailabilityZones",
      "ec2:DescribeInstances",
      "ec2:DescribeInternetGateways",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeRouteTables",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
      "ec2:DescribeTags",
      "ec2:DescribeVpcPeeringConnections",
      "ec2:DescribeVpcs",
      "ec2:GetSecurityGroupsForVpc",
      "elasticloadbalancing:DescribeCapacityReservation",
      "elasticloadbalancing:DescribeListenerAttributes",
      "elasticloadbalancing:DescribeListenerCertificates",
      "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeLoadBalancerAttributes",
      "elasticloadbalancing:DescribeLoadBalancers",
      "elasticloadbalancing:DescribeRules",
      "elasticloadbalancing:DescribeSSLPolicies",
      "elasticloadbalancing:DescribeTags",
      "elasticloadbalancing:DescribeTargetGroupAttributes",
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetHealth",
      "elasticloadbalancing:DescribeTrustStores",
    ],
    resources: ["*"],
  });
  grantee.grant({
    actions: ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"],
    resources: balancers,
    conditions: tagged(own, cluster, "RequestTag"),
  });
  grantee.grant({
    actions: ["elasticloadbalancing:AddTags"],
    resources: balancers,
    conditions: {
      StringEquals: {
        "elasticloadbalancing:CreateAction": ["CreateLoadBalancer", "CreateTargetGroup"],
        [`aws:RequestTag/${own}`]: cluster,
      },
    },
  });
  grantee.grant({
    actions: [
      "elasticloadbalancing:AddTags",
      "elasticloadbalancing:DeleteLoadBalancer",
      "elasticloadbalancing:DeleteTargetGroup",
      "elasticloadbalancing:DeregisterTargets",
      "elasticloadbalancing:ModifyLoadBalancerAttributes",
      "elasticloadbalancing:ModifyTargetGroup",
      "elasticloadbalancing:ModifyTargetGroupAttributes",
      "elasticloadbalancing:RegisterTargets",
      "elasticloadbalancing:RemoveTags",
      "elasticloadbalancing:SetIpAddressType",
      "elasticloadbalancing:SetSecurityGroups",
      "elasticloadbalancing:SetSubnets",
    ],
    resources: balancers,
    conditions: tagged(own, cluster),
  });
  // Asked by WAF when it puts a web ACL on a load balancer.
  grantee.grant({ actions: ["elasticloadbalancing:SetWebAcl"], resources: ["*"] });
  // A listener's creation is asked of its load balancer, which has the tag; listeners and rules themselves get it later.
  grantee.grant({ actions: ["elasticloadbalancing:CreateListener"], resources: all("loadbalancer/app"), conditions: tagged(own, cluster) });
  grantee.grant({
    actions: [
      "elasticloadbalancing:AddListenerCertificates",
      "elasticloadbalancing:AddTags",
      "elasticloadbalancing:CreateRule",
      "elasticloadbalancing:DeleteListener",
      "elasticloadbalancing:DeleteRule",
      "elasticloadbalancing:ModifyListener",
      "elasticloadbalancing:ModifyListenerAttributes",
      "elasticloadbalancing:ModifyRule",
      "elasticloadbalancing:RemoveListenerCertificates",
      "elasticloadbalancing:RemoveTags",
      "elasticloadbalancing:SetRulePriorities",
    ],
    resources: all("listener/app", "listener-rule/app"),
  });
  grantee.grant({
    actions: ["wafv2:AssociateWebACL", "wafv2:DisassociateWebACL", "wafv2:GetWebACL", "wafv2:GetWebACLForResource"],
    resources: [`arn:aws:wafv2:${region}:${account}:regional/webacl/*`, ...all("loadbalancer/app")],
  });
}

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
