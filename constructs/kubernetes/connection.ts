import { HelmProvider, type HelmProviderKubernetes } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { Fn, type TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import type { AksCluster } from "../azure/aks-cluster";
import type { EksCluster } from "./eks-cluster";

/** How to reach a cluster: EKS and AKS with the credentials of whoever runs Terraform, or any cluster by a context of a kubeconfig. */
export type ClusterConnection =
  | { readonly kind: "aks"; readonly cluster: Pick<AksCluster, "endpoint" | "certificateAuthority">; readonly tenant: string }
  | { readonly kind: "eks"; readonly cluster: Pick<EksCluster, "name" | "endpoint" | "certificateAuthority">; readonly region: string }
  | {
      readonly kind: "kubeconfig";
      /** Path that begins with `/` or `~/`. */
      readonly path: string;
      readonly context: string;
    };

/** What the releases of a stack are made by. */
export interface HelmProviders {
  /**
   * Of our own chart: it keeps what the cluster holds of a release in the state, so that a `helm rollback` and what was changed by hand show in every
   * plan. An experiment, tried on our chart alone: webhooks and certificates that charts of others write themselves may keep their plans from being empty.
   * https://registry.terraform.io/providers/hashicorp/helm/3.1.1/docs#experiments
   */
  readonly watching: TerraformProvider;
}

/** Gives a stack the providers of Kubernetes and Helm, all connected to the same cluster; the one of Helm that a release does not name serves the charts of others. */
export function connect(scope: Construct, connection: ClusterConnection): HelmProviders {
  if (connection.kind === "kubeconfig") {
    const settings = { configPath: connection.path, configContext: connection.context };
    new KubernetesProvider(scope, "kubernetes", settings);
    return helmProviders(scope, settings);
  }
  const { cluster } = connection;
  const settings = { host: cluster.endpoint, clusterCaCertificate: Fn.base64decode(cluster.certificateAuthority) };
  // A token lasts for minutes, or an hour, so it is fetched when it is needed, never kept in the state.
  const token = { apiVersion: "client.authentication.k8s.io/v1beta1", ...tokenCommand(connection) };
  new KubernetesProvider(scope, "kubernetes", { ...settings, exec: [token] });
  return helmProviders(scope, { ...settings, exec: token });
}

/** By which all clusters of AKS know themselves to Entra. https://azure.github.io/kubelogin/concepts/aks.html */
const AKS_SERVER = "6dae42f8-4368-4678-94ff-3960e28e3630";

function tokenCommand(connection: Exclude<ClusterConnection, { kind: "kubeconfig" }>): { command: string; args: string[] } {
  if (connection.kind === "eks") {
    const { cluster, region } = connection;
    return { command: "aws", args: ["eks", "get-token", "--cluster-name", cluster.name, "--region", region, "--output", "json"] };
  }
  // As whoever is signed in by `az login`: a person, or a workflow with GitHub's token.
  return {
    command: "kubelogin",
    args: ["get-token", "--login", "azurecli", "--server-id", AKS_SERVER, "--tenant-id", connection.tenant],
  };
}

function helmProviders(scope: Construct, kubernetes: HelmProviderKubernetes): HelmProviders {
  new HelmProvider(scope, "helm", { kubernetes });
  return { watching: new HelmProvider(scope, "helm-watching", { alias: "watching", kubernetes, experiments: { manifest: true } }) };
}
