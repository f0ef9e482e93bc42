/**
 * How many addresses the nodes of EKS and their pods take of their subnets, without prefix delegation: the VPC CNI plugin asks for one
 * address after the other, and each network interface of a node has one of its own.
 * https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/eni-and-ip-target.md
 */
import { prefixLength } from "./cidr";
import type { NodeGroup } from "../schema/kubernetes";
import { NODE_ADDRESSES } from "./node-addresses";

/** Addresses that a node keeps beyond those of its pods, and those that it has at the least; constructs/kubernetes/addons.ts sets both. */
export const WARM_ADDRESSES = 1;
export const LEAST_ADDRESSES = 10;
/** Pods that use the address of their node: the plugin's own and kube-proxy, as AWS's formula for the most pods of a node counts them. */
const ON_THE_NODE = 2;
/** What Kubernetes itself recommends at the most; EKS has it for machines below 30 vCPU. https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html */
const RECOMMENDED_PODS = 110;
/** AWS keeps five of each subnet. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const RESERVED_BY_AWS = 5;
/** What EKS recommends to leave of each subnet for its own interfaces. https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
const CONTROL_PLANE = 16;
/** While a group is updated it has so many nodes more for each zone. https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html */
const SURGE_PER_ZONE = 2;

type Group = Pick<NodeGroup, "instanceTypes" | "max" | "maxPods">;
interface Interfaces {
  readonly count: number;
  readonly addresses: number;
}

const KNOWN: ReadonlyMap<string, Interfaces> = new Map(
  Object.entries(NODE_ADDRESSES).flatMap(([family, sizes]) =>
    sizes.split(" ").map((entry) => {
      const [, size, count, addresses] = /^(.+):(\d+)x(\d+)$/.exec(entry)!;
      return [`${family}.${size}`, { count: Number(count), addresses: Number(addresses) }] as const;
    }),
  ),
);

/** What a machine's interfaces have for pods. */
const forPods = ({ count, addresses }: Interfaces): number => count * (addresses - 1);

/** The most pods that a machine type has addresses for; undefined where its interfaces are not known. */
export function podLimit(type: string): number | undefined {
  const interfaces = KNOWN.get(type);
  return interfaces && forPods(interfaces) + ON_THE_NODE;
}

/** The most pods of a node of this group, whichever of its types it is. */
export const podsOfNode = ({ instanceTypes, maxPods }: Pick<Group, "instanceTypes" | "maxPods">): number =>
  maxPods ?? Math.min(RECOMMENDED_PODS, ...instanceTypes.map((type) => podLimit(type) ?? RECOMMENDED_PODS));

/** The most addresses that a node of this group takes, whichever of its known types it is. */
export function addressesOfNode(group: Pick<Group, "instanceTypes" | "maxPods">): number {
  const wanted = Math.max(LEAST_ADDRESSES, podsOfNode(group) - ON_THE_NODE + WARM_ADDRESSES);
  return Math.max(
    ...group.instanceTypes
      .flatMap((type) => KNOWN.get(type) ?? [])
      .map((interfaces) => {
        const own = Math.min(wanted, forPods(interfaces));
        return own + Math.ceil(own / (interfaces.addresses - 1));
      }),
  );
}

/** The most nodes of a group in one zone, its update included. */
export const nodesOfZone = ({ max }: Pick<Group, "max">, zones: number): number => Math.ceil(max / zones) + SURGE_PER_ZONE;

/** Addresses that all groups and EKS itself take of the subnet of one zone. */
export const addressesOfZone = (groups: readonly Group[], zones: number): number =>
  CONTROL_PLANE + groups.reduce((sum, group) => sum + nodesOfZone(group, zones) * addressesOfNode(group), 0);

/** Addresses of a subnet that are there to be taken. */
export const usableAddresses = (cidr: string): number => 2 ** (32 - prefixLength(cidr)) - RESERVED_BY_AWS;

/** Bits of the narrowest subnet with room for so many. */
export const prefixFor = (addresses: number): number => 32 - Math.ceil(Math.log2(addresses + RESERVED_BY_AWS));
