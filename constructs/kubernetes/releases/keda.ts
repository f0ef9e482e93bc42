/** Scales by queues and by the clock. */
import type { ServiceAccount } from "../pod-role";
import { REPLICAS, type PublicChart, type ReleaseValues } from "./release-values";

export const KEDA_CHART: PublicChart = { repository: "https://kedacore.github.io/charts", name: "keda", version: "2.21.1" };

/** Who it is in the cluster; by it AWS knows it. */
export const KEDA_ACCOUNT = { namespace: "keda", name: "keda-operator" } as const satisfies ServiceAccount;

/** Scales by queues and by the clock. https://keda.sh */
export const keda = (): ReleaseValues => ({
  name: "keda",
  namespace: KEDA_ACCOUNT.namespace,
  podSecurity: "restricted",
  values: { operator: { replicaCount: REPLICAS }, serviceAccount: { operator: { create: true, name: KEDA_ACCOUNT.name } } },
});
