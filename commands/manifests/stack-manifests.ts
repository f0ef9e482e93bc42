/** What the provider of Kubernetes would make of a synthesised stack, as manifests: for kubectl, and for tests that have no such provider. */
import type { StackJson } from "../../terraform/assembly";

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}

/** Terraform's type → what it is called in Kubernetes, in the order in which they are made. */
const KINDS: Readonly<Record<string, readonly [apiVersion: string, kind: string]>> = {
  kubernetes_namespace_v1: ["v1", "Namespace"],
  kubernetes_resource_quota_v1: ["v1", "ResourceQuota"],
  kubernetes_limit_range_v1: ["v1", "LimitRange"],
  kubernetes_network_policy_v1: ["networking.k8s.io/v1", "NetworkPolicy"],
  kubernetes_storage_class_v1: ["storage.k8s.io/v1", "StorageClass"],
  kubernetes_role_v1: ["rbac.authorization.k8s.io/v1", "Role"],
  kubernetes_role_binding_v1: ["rbac.authorization.k8s.io/v1", "RoleBinding"],
  kubernetes_cluster_role_v1: ["rbac.authorization.k8s.io/v1", "ClusterRole"],
  kubernetes_cluster_role_binding_v1: ["rbac.authorization.k8s.io/v1", "ClusterRoleBinding"],
};

/** The provider names a repeated block in the singular, and some fields in its own way. */
const NAMES: Readonly<Record<string, string>> = { limit: "limits", rule: "rules", subject: "subjects", storage_provisioner: "provisioner" };
/** Whose keys are the user's own. */
const MAPS = ["labels", "annotations", "match_labels", "hard", "default", "default_request", "parameters"];
/** Terraform's own. */
const META = ["//", "depends_on", "lifecycle"];

const camelCase = (name: string) => NAMES[name] ?? name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function translated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(translated);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      camelCase(key),
      MAPS.includes(key) ? inner : key === "port" && /^\d+$/.test(String(inner)) ? Number(inner) : translated(inner),
    ]),
  );
}

/** @throws for a type that KINDS does not know, so that none is left out in silence */
export function stackManifests({ resource = {} }: Pick<StackJson, "resource">): Manifest[] {
  const unknown = Object.keys(resource).filter((type) => !(type in KINDS) && type !== "helm_release");
  if (unknown.length > 0) throw new Error(`stack-manifests.ts does not know ${unknown.join(", ")}`);
  return Object.entries(KINDS).flatMap(([type, [apiVersion, kind]]) =>
    Object.values(resource[type] ?? {}).map((block) => {
      const fields = Object.fromEntries(Object.entries(block).filter(([key]) => !META.includes(key)));
      return { apiVersion, kind, ...(translated(fields) as Pick<Manifest, "metadata">) };
    }),
  );
}
