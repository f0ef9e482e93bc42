/** What is fixed of every cluster on Azure. */

/** Of pods and of Services; they exist within the cluster only, and no other network may have them (Azure CNI Overlay). */
export const POD_CIDR = "10.244.0.0/16";
export const SERVICE_CIDR = "10.245.0.0/16";
/** Of the cluster's DNS, one of the Services' addresses. */
export const DNS_ADDRESS = "10.245.0.10";

/** Name of the pool that belongs to the cluster itself. */
export const SYSTEM_POOL = "system";
/** What is behind a pool's name while another one stands in for it. */
export const STAND_IN = "tmp";

/** Addresses of a subnet that Azure keeps. https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq */
const KEPT = 5;

/** Sizes of nodes: with 4 GiB (D) or 8 GiB (E) for each vCPU, of Intel or AMD (as), and disks that the host can encrypt. */
export const NODE_SIZES = ["D", "E"].flatMap((family) =>
  [2, 4, 8, 16, 32, 48, 64].flatMap((vcpus) => ["s", "as"].map((disks) => `Standard_${family}${vcpus}${disks}_v5`)),
) as [string, ...string[]];

/** What a machine of a size has: CPU in units of 1024 for each vCPU, memory in MiB. https://learn.microsoft.com/azure/virtual-machines/sizes */
export function nodeOf(size: string): { readonly cpu: number; readonly memory: number } {
  const [, family, count] = /^Standard_([DE])(\d+)/.exec(size)!;
  const vcpus = Number(count);
  return { cpu: vcpus * 1024, memory: vcpus * (family === "D" ? 4096 : 8192) };
}

/** Nodes that a subnet has addresses for, pods having none of it. */
export const nodesIn = (prefix: number): number => 2 ** (32 - prefix) - KEPT;
