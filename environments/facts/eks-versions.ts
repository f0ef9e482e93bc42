/**
 * Versions of Kubernetes that EKS supports without a surcharge, each with the versions of the add-ons that go with it: a cluster's
 * upgrade is one word of its literal, and the add-ons follow.
 *
 * Read in public code bases that write down what `aws eks describe-addon-versions --kubernetes-version 1.35` answered on 2026-09-23.
 * 1.34 is supported until 2026-12-02, 1.35 until 2027-03-27. https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
 */
export const EKS_VERSIONS = {
  "1.34": {
    "vpc-cni": "v1.23.1-eksbuild.1",
    coredns: "v1.13.2-eksbuild.24",
    "kube-proxy": "v1.34.6-eksbuild.29",
    "eks-pod-identity-agent": "v1.4.0-eksbuild.2",
    "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",
  },
  "1.35": {
    "vpc-cni": "v1.23.1-eksbuild.1",
    coredns: "v1.14.6-eksbuild.4",
    "kube-proxy": "v1.35.3-eksbuild.29",
    "eks-pod-identity-agent": "v1.4.0-eksbuild.2",
    "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",
  },
} as const;

export type EksVersion = keyof typeof EKS_VERSIONS;
/** The add-ons that every cluster has. */
export type EksAddon = keyof (typeof EKS_VERSIONS)[EksVersion];
