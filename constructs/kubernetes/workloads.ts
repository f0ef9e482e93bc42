/** What is installed in a cluster, whoever runs it: the one way in which the workloads stacks of both clouds do it. */
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { Quota } from "../../environments/facts/kubernetes-quota";
import { ChartFolder } from "./chart-folder";
import type { HelmProviders } from "./connection";
import { CHART_RELEASE } from "./names";
import { Rbac, type RbacProps } from "./rbac";
import { Release } from "./release";
import { chartOf, type InstalledRelease, type ReleaseValues } from "./releases";
import { Namespace, ServiceNamespace } from "./service-namespace";

export interface WorkloadsProps {
  readonly helm: HelmProviders;
  /** Of the services. */
  readonly namespace: string;
  readonly quota: Quota;
  /** Who is who in the cluster. @default the groups that EKS's access entries name */
  readonly groups?: RbacProps["groups"];
  /** What else must stand before anything is installed. @default nothing */
  readonly beside?: (namespace: ServiceNamespace) => readonly ITerraformDependable[];
  /** Of others' charts, each after those it needs. */
  readonly releases: readonly ReleaseValues[];
  /** That holds every chart by its name. @default each chart's own repository */
  readonly chartRepository?: string;
  /** Of our own chart. Undefined: before the first image there is nothing to install. */
  readonly values: Readonly<Record<string, unknown>> | undefined;
}

/** They bring kinds of resource that our chart is made of. */
const WITH_KINDS_OF_OURS: readonly InstalledRelease[] = ["external-secrets", "kube-prometheus-stack", "keda", "alb-controller"];
/** With these come the kinds of resource that monitors and databases are made of. */
const WITH_KINDS_OF_OTHERS: readonly InstalledRelease[] = ["kube-prometheus-stack", "cloudnative-pg"];

/** @param scope what it installs is the scope's own, because its addresses are a contract (design 10) */
export function installWorkloads(scope: Construct, props: WorkloadsProps): void {
  const { beside, chartRepository, groups, helm, namespace: name, quota, values } = props;
  const namespace = new ServiceNamespace(scope, "namespace", { name, quota });
  new Rbac(scope, "rbac", { namespace: name, namespaceReady: namespace.namespace, groups });
  const ready = [...namespace.ready, ...(beside?.(namespace) ?? [])];

  const installed = new Map<InstalledRelease, Release>();
  const of = (names: readonly InstalledRelease[]) => names.flatMap((release) => installed.get(release) ?? []);
  for (const { name: release, namespace: where, podSecurity, values: told } of props.releases) {
    const own = podSecurity && new Namespace(scope, `${release}-namespace`, { name: where, podSecurity });
    installed.set(
      release,
      new Release(scope, release, {
        name: release,
        namespace: where,
        chart: chartOf(release, chartRepository),
        values: told,
        startsAfter: [...ready, ...(own ? [own.namespace] : []), ...of(WITH_KINDS_OF_OTHERS).map(({ release: kinds }) => kinds)],
      }),
    );
  }

  if (values)
    new Release(scope, "services", {
      name: CHART_RELEASE,
      namespace: name,
      provider: helm.watching,
      chart: new ChartFolder("day-trade-ml").packaged(scope, "chart"),
      values,
      plannedAfter: [namespace.id, ...of(WITH_KINDS_OF_OURS).map(({ id }) => id)],
      startsAfter: [...namespace.ready, ...[...installed.values()].map(({ release }) => release)],
    });
}
