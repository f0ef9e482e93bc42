/** The operator of in-cluster PostgreSQL. */
import { REPLICAS, type PublicChart, type ReleaseValues } from "./release-values";

export const CLOUDNATIVE_PG_CHART: PublicChart = {
  repository: "https://cloudnative-pg.github.io/charts",
  name: "cloudnative-pg",
  version: "0.29.1",
};

/** The operator of in-cluster PostgreSQL (design 14). https://cloudnative-pg.io */
export const cloudNativePg = ({ monitored }: { readonly monitored: boolean }): ReleaseValues => ({
  name: "cloudnative-pg",
  namespace: "cnpg-system",
  podSecurity: "restricted",
  values: { replicaCount: REPLICAS, monitoring: { podMonitorEnabled: monitored } },
});
