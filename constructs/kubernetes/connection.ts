import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { Fn } from "cdktf";
import type { Construct } from "constructs";
import type { EksCluster } from "./eks-cluster";

/** How to reach a cluster: EKS with the credentials of whoever runs Terraform, or any cluster by a context of a kubeconfig. */
export type ClusterConnection =
  | { readonly kind: "eks"; readonly cluster: Pick<EksCluster, "name" | "endpoint" | "certificateAuthority">; readonly region: string }
  | {
    readonly kind: "kubeconfig";
    /** Path that begins with `/` or `~/`. */
    readonly path: string;
    readonly context: string;
  };

/** Gives a stack the providers of Kubernetes and Helm, both connected to the same cluster. */
export function connect(scope: Construct, connection: ClusterConnection): void {
  if (connection.kind === "kubeconfig") {
    const settings = { configPath: connection.path, configContext: connection.context };
    new KubernetesProvider(scope, "kubernetes", settings);
    new HelmProvider(scope, "helm", { kubernetes: settings });
    return;
  }
  const { cluster, region } = connection;
  const settings = { host: cluster.endpoint, clusterCaCertificate: Fn.base64decode(cluster.certificateAuthority) };
  // A token lasts for a quarter of an hour, so it is fetched when it is needed, never kept in the state.
  const token = { apiVersion: "client.authentication.k8s.io/v1beta1", command: "aws", args: ["eks", "get-token", "--cluster-name", cluster.name, "--region", region, "--output", "json"] };
  new KubernetesProvider(scope, "kubernetes", { ...settings, exec: [token] });
  new HelmProvider(scope, "helm", { kubernetes: { ...settings, exec: token } });
}
