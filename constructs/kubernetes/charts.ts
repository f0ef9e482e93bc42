/**
 * The charts of others: where each lies, and its one version. Looked up in November 2026 in release pages and in code bases that pin
 * them; `helm search repo <name> --versions` lists what there is. A literal may name a mirror in place of all repositories.
 */
import type { ReleaseName } from "../../environments/schema/kubernetes";
import type { Chart } from "./release";

interface PublicChart {
  readonly repository: string;
  readonly name: string;
  readonly version: string;
}

export const CHARTS: Readonly<Record<ReleaseName, PublicChart>> = {
  "aws-load-balancer-controller": {
    repository: "https://aws.github.io/eks-charts",
    name: "aws-load-balancer-controller",
    version: "3.6.0",
  },
  "cluster-autoscaler": { repository: "https://kubernetes.github.io/autoscaler", name: "cluster-autoscaler", version: "9.59.1" },
  "metrics-server": { repository: "https://kubernetes-sigs.github.io/metrics-server/", name: "metrics-server", version: "3.13.1" },
  "external-secrets": { repository: "https://charts.external-secrets.io", name: "external-secrets", version: "2.13.0" },
  "kube-prometheus-stack": {
    repository: "https://prometheus-community.github.io/helm-charts",
    name: "kube-prometheus-stack",
    version: "92.1.0",
  },
  keda: { repository: "https://kedacore.github.io/charts", name: "keda", version: "2.21.1" },
  "cloudnative-pg": { repository: "https://cloudnative-pg.github.io/charts", name: "cloudnative-pg", version: "0.29.1" },
  postgresql: { repository: "https://cloudnative-pg.github.io/charts", name: "cluster", version: "0.8.0" },
  valkey: { repository: "https://valkey.io/valkey-helm/", name: "valkey", version: "1.0.0" },
};

/** @param mirror that holds every chart by its name. @default each chart's own repository */
export const chartOf = (release: ReleaseName, mirror?: string): Chart => ({ ...CHARTS[release], ...(mirror && { repository: mirror }) });
