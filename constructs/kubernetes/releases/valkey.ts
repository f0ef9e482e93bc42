/** Valkey beside the services. */
import type { Kubernetes } from "../../../environments/schema/kubernetes";
import { STORE_REQUESTS } from "../../../environments/facts/kubernetes-quota";
import { requests, type PublicChart, type ReleaseValues } from "./release-values";

export const VALKEY_STORE_CHART: PublicChart = { repository: "https://valkey.io/valkey-helm/", name: "valkey", version: "1.0.0" };

/** The name by which services find the cache in their own namespace. */
export const VALKEY = { host: "valkey", port: 6379 } as const;

/** DAT-074: each write in an append-only file, which is synchronised every second; a snapshot every 15 minutes in which anything changed. */
const PERSISTENCE = ["appendonly yes", "appendfsync everysec", "save 900 1"];

/** Valkey, beside the services (K8S-015), with the parameters of the trading cache (DAT-068), on a volume that holds what it knows. */
export const valkey = (
  { storageGigabytes }: Kubernetes["cache"],
  { namespace, parameters }: { readonly namespace: string; readonly parameters: Readonly<Record<string, string>> },
): ReleaseValues => ({
  name: "valkey",
  namespace,
  values: {
    fullnameOverride: VALKEY.host,
    persistence: { enabled: true, size: `${storageGigabytes}Gi` },
    resources: { requests: requests(STORE_REQUESTS.cache), limits: { memory: `${STORE_REQUESTS.cache.memory}Mi` } },
    readinessProbe: { enabled: true },
    extraConfig: [
      `maxmemory ${Math.floor(STORE_REQUESTS.cache.memory * 0.75)}mb`,
      ...PERSISTENCE,
      ...Object.entries(parameters)
        .sort()
        .map((entry) => entry.join(" ")),
    ].join("\n"),
  },
});
