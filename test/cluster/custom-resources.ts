/** The kinds that operators bring, without the operators: definitions that take anything. */
import { apply, kubectl, list } from "./kubectl";

const KINDS = [
  ["monitoring.coreos.com", "v1", "ServiceMonitor"],
  ["monitoring.coreos.com", "v1", "PrometheusRule"],
  ["external-secrets.io", "v1", "ExternalSecret"],
  ["external-secrets.io", "v1", "SecretStore"],
  ["keda.sh", "v1alpha1", "ScaledObject"],
  ["keda.sh", "v1alpha1", "TriggerAuthentication"],
] as const;

const definition = ([group, version, kind]: (typeof KINDS)[number]) => {
  const plural = `${kind.toLowerCase()}s`.replace(/ys$/, "ies");
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  };
};

/** @returns what takes those away again that were not there before */
export function ensureCustomResources(): () => void {
  const there = new Set(list("customresourcedefinitions").map(({ metadata }) => metadata.name));
  const missing = KINDS.map(definition).filter(({ metadata }) => !there.has(metadata.name));
  const names = missing.map(({ metadata }) => `customresourcedefinition/${metadata.name}`);
  if (missing.length === 0) return () => undefined;
  apply(...missing);
  kubectl(["wait", "--for=condition=Established", "--timeout=30s", ...names]);
  return () => {
    kubectl(["delete", "--wait", ...names]);
  };
}
