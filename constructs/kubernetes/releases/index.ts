/**
 * The releases of others' charts, a file for each: its chart, the values in which this project differs from it, and where it calls AWS its account and
 * its rights. A function gives a release as data; ../release.ts installs it, stacks/workloads.ts says when it is wanted.
 */
import type { Chart } from "../release";
import { CLOUDNATIVE_PG_CHART } from "./cloudnative-pg";
import { CLUSTER_AUTOSCALER_CHART } from "./cluster-autoscaler";
import { EXTERNAL_SECRETS_CHART } from "./external-secrets";
import { FLUENT_BIT_CHART } from "./fluent-bit";
import { GATEWAY_CONTROLLER_CHART } from "./gateway-controller";
import { KEDA_CHART } from "./keda";
import { KUBE_PROMETHEUS_STACK_CHART } from "./kube-prometheus-stack";
import { LOAD_BALANCER_CONTROLLER_CHART } from "./load-balancer-controller";
import { METRICS_SERVER_CHART } from "./metrics-server";
import { POSTGRESQL_CLUSTER_CHART } from "./postgresql";
import { VALKEY_STORE_CHART } from "./valkey";
import type { InstalledRelease, PublicChart } from "./release-values";

export * from "./cloudnative-pg";
export * from "./cluster-autoscaler";
export * from "./external-secrets";
export * from "./fluent-bit";
export * from "./gateway-controller";
export * from "./keda";
export * from "./kube-prometheus-stack";
export * from "./load-balancer-controller";
export * from "./metrics-server";
export * from "./postgresql";
export * from "./valkey";
export type { InstalledRelease, ReleaseValues } from "./release-values";

/** Where each chart lies. */
export const CHARTS: Readonly<Record<InstalledRelease, PublicChart>> = {
  "alb-controller": GATEWAY_CONTROLLER_CHART,
  "aws-load-balancer-controller": LOAD_BALANCER_CONTROLLER_CHART,
  "cluster-autoscaler": CLUSTER_AUTOSCALER_CHART,
  "metrics-server": METRICS_SERVER_CHART,
  "external-secrets": EXTERNAL_SECRETS_CHART,
  "kube-prometheus-stack": KUBE_PROMETHEUS_STACK_CHART,
  "fluent-bit": FLUENT_BIT_CHART,
  keda: KEDA_CHART,
  "cloudnative-pg": CLOUDNATIVE_PG_CHART,
  postgresql: POSTGRESQL_CLUSTER_CHART,
  valkey: VALKEY_STORE_CHART,
};

/** @param mirror that holds every chart by its name. @default each chart's own repository */
export const chartOf = (release: InstalledRelease, mirror?: string): Chart => ({
  ...CHARTS[release],
  ...(mirror && { repository: mirror }),
});
