/** Makes the load balancers of Ingresses. */
import type { ServiceAccount } from "../pod-role";
import type { Grantee } from "../../identity/role";
import { tagged, type Place } from "../controller-rights";
import { REPLICAS, SYSTEM, type PublicChart, type ReleaseValues } from "./release-values";

export const LOAD_BALANCER_CONTROLLER_CHART: PublicChart = {
  repository: "https://aws.github.io/eks-charts",
  name: "aws-load-balancer-controller",
  version: "3.6.0",
};

/** Who it is in the cluster; by it AWS knows it. */
export const LOAD_BALANCER_CONTROLLER_ACCOUNT = {
  namespace: "kube-system",
  name: "aws-load-balancer-controller",
} as const satisfies ServiceAccount;

/** https://kubernetes-sigs.github.io/aws-load-balancer-controller */
export const loadBalancerController = ({
  cluster,
  region,
  vpcId,
}: {
  readonly cluster: string;
  readonly region: string;
  readonly vpcId: string;
}): ReleaseValues => ({
  name: "aws-load-balancer-controller",
  namespace: SYSTEM,
  values: {
    clusterName: cluster,
    // Named, because nodes do not let pods ask the metadata service.
    region,
    vpcId,
    replicaCount: REPLICAS,
    podDisruptionBudget: { maxUnavailable: 1 },
    serviceAccount: { create: true, name: LOAD_BALANCER_CONTROLLER_ACCOUNT.name },
    defaultTargetType: "ip",
    // The rights below go with these.
    enableBackendSecurityGroup: false,
    enableShield: false,
    enableWaf: false,
    enableWafv2: true,
    // It would stand between every Service and the API, before it runs itself.
    enableServiceMutatorWebhook: false,
  },
});

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
