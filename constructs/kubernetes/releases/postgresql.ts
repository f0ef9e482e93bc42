/** PostgreSQL beside the services. */
import type { Kubernetes } from "../../../environments/schema/kubernetes";
import { STORE_REQUESTS } from "../../../environments/facts/kubernetes-quota";
import { requests, type PublicChart, type ReleaseValues } from "./release-values";

export const POSTGRESQL_CLUSTER_CHART: PublicChart = {
  repository: "https://cloudnative-pg.github.io/charts",
  name: "cluster",
  version: "0.8.0",
};

/** The name by which services find the database in their own namespace. */
export const POSTGRESQL = { cluster: "postgresql", host: "postgresql-rw", secret: "postgresql-app", port: 5432 } as const;

/** PostgreSQL itself, beside the services (K8S-014). */
export const postgresql = (
  { instances, storageGigabytes, databaseName }: Kubernetes["database"],
  { namespace, monitored }: { readonly namespace: string; readonly monitored: boolean },
): ReleaseValues => ({
  name: "postgresql",
  namespace,
  values: {
    fullnameOverride: POSTGRESQL.cluster,
    type: "postgresql",
    mode: "standalone",
    version: { postgresql: "15" }, // DAT-081
    cluster: {
      instances,
      storage: { size: `${storageGigabytes}Gi` },
      resources: { requests: requests(STORE_REQUESTS.database), limits: { memory: `${STORE_REQUESTS.database.memory}Mi` } },
      // Nobody needs more than the owner of the one database.
      enableSuperuserAccess: false,
      initdb: { database: databaseName, owner: "app" },
      monitoring: { enabled: monitored },
    },
  },
});
