/** What every release of somebody else's chart is told by. */
import type { ReleaseName } from "../../../environments/schema/kubernetes";
import type { PodSecurityLevel } from "../service-namespace";

/**
 * A chart and its one version. Looked up in November 2026 in release pages and in code bases that pin it; `helm search repo <name> --versions` lists
 * what there is.
 */
export interface PublicChart {
  readonly repository: string;
  readonly name: string;
  readonly version: string;
}

/** Those that a literal of AWS's names, and those of clusters on Azure alone. */
export type InstalledRelease = ReleaseName | "alb-controller";

export interface ReleaseValues {
  readonly name: InstalledRelease;
  readonly namespace: string;
  /** Of the namespace, where it is this release's own. @default it stands already */
  readonly podSecurity?: PodSecurityLevel;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Two of a kind, so that a drained node takes none of its work away. */
export const REPLICAS = 2;
export const SYSTEM = "kube-system";

export const requests = ({ milliCpu, memory }: { readonly milliCpu: number; readonly memory: number }) => ({
  cpu: `${milliCpu}m`,
  memory: `${memory}Mi`,
});
