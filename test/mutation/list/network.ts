/** The network, and the roles that GitHub takes. */
import type { Area } from "./area";

export const NETWORK: readonly Area[] = [
  {
    near: ["stacks/bootstrap", "bootstrap-roles", "bootstrap-boundary"],
    mutations: [
      { name: "GitHub trust by pattern", in: "trustInGithub", part: "StringEquals", to: "StringLike" },
      { name: "any job may deploy", in: "GithubDeployRole", at: "assumedBy", to: 'github.trust("ref:refs/heads/main")' },
      { name: "deploy role without its boundary", in: "GithubDeployRole", at: "permissionsBoundary", drop: true },
      { name: "boundary that lets roles leave it", in: "GithubBoundary", at: '{"RolesCarryBoundary"}.effect', to: '"Allow"' },
    ],
  },
  {
    near: ["stacks/network", "constructs/network", "network-acls", "network-nat"],
    mutations: [
      { name: "interface endpoints open to the world", in: "InterfaceEndpoints", at: 'allowFrom("vpc") cidr', to: '"0.0.0.0/0"' },
      { name: "NAT instance open to the world", in: "NatInstance", at: "allowFrom() cidr", to: '"0.0.0.0/0"' },
      { name: "NAT instance with IMDSv1", in: "NatInstance", at: "metadataOptions", to: '{ ...METADATA, httpTokens: "optional" }' },
      { name: "NAT instance with a disk in clear", in: "NatInstance", at: "rootBlockDevice.encrypted", to: "false" },
      { name: "public addresses by default", in: "DedicatedNetwork", at: "mapPublicIpOnLaunch", to: "true" },
      { name: "database tier open in the ACL", in: "rulesOf", at: 'allow("vpc-postgresql")', part: "vpc", to: "WORLD" },
      { name: "flow log of refused packets only", in: "FlowLog", at: "trafficType", to: '"REJECT"' },
    ],
  },
];
