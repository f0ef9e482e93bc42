/** Brings secrets of Secrets Manager into the cluster. */
import type { ServiceAccount } from "../pod-role";
import { REPLICAS, type PublicChart, type ReleaseValues } from "./release-values";

export const EXTERNAL_SECRETS_CHART: PublicChart = {
  repository: "https://charts.external-secrets.io",
  name: "external-secrets",
  version: "2.13.0",
};

/** Who it is in the cluster; by it AWS knows it. */
export const EXTERNAL_SECRETS_ACCOUNT = { namespace: "external-secrets", name: "external-secrets" } as const satisfies ServiceAccount;

/** https://external-secrets.io */
export const externalSecrets = (): ReleaseValues => ({
  name: "external-secrets",
  namespace: EXTERNAL_SECRETS_ACCOUNT.namespace,
  podSecurity: "restricted",
  values: {
    installCRDs: true,
    replicaCount: REPLICAS,
    leaderElect: true,
    podDisruptionBudget: { enabled: true, minAvailable: 1 },
    serviceAccount: { create: true, name: EXTERNAL_SECRETS_ACCOUNT.name },
    // Each namespace has a store of its own, so that none reads another's.
    processClusterExternalSecret: false,
    processClusterPushSecret: false,
    processClusterStore: false,
  },
});
