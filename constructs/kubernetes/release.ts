import { Release as HelmRelease } from "@cdktf/provider-helm/lib/release";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/** Where a chart lies. */
export type Chart =
  /** A folder, as Terraform finds it. */
  | { readonly path: string; readonly version: string }
  | {
    /** Address of a Helm repository, or of a registry (`oci://`). */
    readonly repository: string;
    readonly name: string;
    /** Exact. */
    readonly version: string;
  };

export interface ReleaseProps {
  readonly name: string;
  readonly namespace: string;
  readonly chart: Chart;
  /** May hold references to attributes, but no expressions: tests read it as YAML. */
  readonly values: Readonly<Record<string, unknown>>;
  /** What it needs to run. @default nothing */
  readonly startsAfter?: readonly ITerraformDependable[];
}

/** Seconds for all that a release waits for: an image of some gigabytes on a node that is just being started. */
const TIMEOUT = 900;
/** Revisions that `helm rollback` can go back to. */
const HISTORY = 10;

/** A Helm release that is installed as a whole or not at all: waited for, and rolled back when it does not come up (OPS-044). */
export class Release extends Construct {
  readonly release: ITerraformDependable;

  constructor(scope: Construct, id: string, props: ReleaseProps) {
    super(scope, id);
    const { name, namespace, chart, values, startsAfter = [] } = props;
    this.release = new HelmRelease(this, "release", {
      name,
      namespace,
      ...("path" in chart ? { chart: chart.path } : { chart: chart.name, repository: chart.repository }),
      version: chart.version,
      values: [JSON.stringify(sorted(values))], // JSON is YAML
      atomic: true,
      cleanupOnFail: true,
      wait: true,
      waitForJobs: true,
      createNamespace: false,
      maxHistory: HISTORY,
      timeout: TIMEOUT,
      dependsOn: [...startsAfter],
    });
  }
}

/** The same text whatever the order in which a literal names its services. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}
