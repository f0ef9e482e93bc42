/**
 * What EKS's own add-ons may do in AWS, and what the rights of all controllers (releases/) are made of: of the policies that their makers publish, the
 * part that goes with how they are set up here. Where AWS defines no resource level, without-resource-level.ts says so.
 */
import type { Grantee } from "../identity/role";

export interface Place {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** A tag that the controller puts on all it makes, so that it can touch nothing else. */
export const tagged = (tag: string, value: string, on: "RequestTag" | "ResourceTag" = "ResourceTag") => ({
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
