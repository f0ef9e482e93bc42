/** What tests of a cluster share: a cluster around which one thing at a time changes, and a stack of what is installed in one. */
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, Testing, TerraformStack } from "cdktf";
import type { EncryptionKey } from "../../constructs/identity/encryption-key";
import { EksCluster, type EksClusterProps } from "../../constructs/kubernetes/eks-cluster";
import type { Network } from "../../constructs/network/network";
import { newKey } from "./containers";
import { TestNetwork } from "./network";
import { synthConstructs, type Block, type StackJson } from "./synth";

export interface ClusterParts {
  readonly stack: TerraformStack;
  readonly network: Network;
  readonly cluster: EksCluster;
  readonly key: EncryptionKey;
}

/** The cluster `trading`, encrypted by the key `key`. */
export function synthCluster(props: Partial<EksClusterProps> = {}, use?: (parts: ClusterParts) => void): StackJson {
  return synthConstructs((stack) => {
    const network = new TestNetwork(stack, "network");
    const key = newKey(stack);
    const cluster = new EksCluster(stack, "cluster", {
      name: "trading",
      nameSuffix: "-dev",
      version: "1.35",
      network,
      serviceCidr: "172.20.0.0/16",
      logRetentionDays: 30,
      key,
      ...props,
    });
    use?.({ stack, network, cluster, key });
  });
}

/** Constructs of Kubernetes and Helm in a stack of their own. */
export function synthWorkloads(build: (stack: TerraformStack) => void, withProviders = true): StackJson {
  const stack = new TerraformStack(
    new App({ context: { excludeStackIdFromLogicalIds: "true", allowSepCharsInLogicalIds: "true" } }),
    "test",
  );
  if (withProviders) {
    new KubernetesProvider(stack, "kubernetes");
    new HelmProvider(stack, "helm");
  }
  build(stack);
  return JSON.parse(Testing.synth(stack, withProviders)) as StackJson;
}

/** A block without metadata, its references without hash: `${kubernetes_namespace_v1.own_1234ABCD}` → `own`. */
export const installed = (block: Block): Block =>
  JSON.parse(
    JSON.stringify(block, (key, value: unknown) => (key === "//" ? undefined : value)).replace(
      /(?:kubernetes|helm)_\w+?\.([\w-]+?)(?:_[0-9A-F]{8})?(?=")/g,
      "$1",
    ),
  ) as Block;
