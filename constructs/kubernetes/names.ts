/** Names by which AWS and what runs in the cluster know each other: access entries, Pod Identity and the workloads stack take them from here. */
import type { ServiceAccount } from "./pod-role";

/** The release of charts/day-trade-ml in every environment (K8S-002). */
export const CHART_RELEASE = "day-trade-ml";

/** Marks a setting of a release that gives its chart nothing (release.ts). */
export const PLANNED_AFTER = "planned-after";

/** A service's account, as the chart names it. */
export const serviceAccountOf = (namespace: string, service: string): ServiceAccount => ({
  namespace,
  name: `${CHART_RELEASE}-${service}`,
});

/** Account that brings the gateway's certificate into a cluster on Azure, as the chart names it. */
export const CERTIFICATE_READER = `${CHART_RELEASE}-certificate-reader`;

/** Groups of people and pipelines; rbac.ts says what each may do. */
export const GROUPS = { deploy: "day-trade:deploy", operations: "day-trade:operations", readOnly: "day-trade:read-only" } as const;
