import { Release as HelmRelease } from "@cdktf/provider-helm/lib/release";
import { Fn, Op, Token, type IResolvable, type ITerraformDependable, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { PLANNED_AFTER } from "./names";

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
  /** @default the stack's one without an alias */
  readonly provider?: TerraformProvider;
  /**
   * References to what the cluster must hold before a provider that watches a release can plan it: the namespace, and what brings the chart's kinds of
   * resource. In the first deploy they are not known, so that the release is planned without asking the cluster, which would refuse. @default none
   */
  readonly plannedAfter?: readonly string[];
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
  /** A reference that is known once the release stands. */
  readonly id: string;

  constructor(scope: Construct, id: string, props: ReleaseProps) {
    super(scope, id);
    const { name, namespace, chart, values, provider, plannedAfter = [], startsAfter = [] } = props;
    const release = new HelmRelease(this, "release", {
      provider,
      name,
      namespace,
      ...("path" in chart ? { chart: chart.path } : { chart: chart.name, repository: chart.repository }),
      version: chart.version,
      values: [JSON.stringify(sorted(values))], // JSON is YAML
      set: plannedAfter.length > 0 ? emptyOnceKnown(plannedAfter) : undefined,
      atomic: true,
      cleanupOnFail: true,
      wait: true,
      waitForJobs: true,
      createNamespace: false,
      maxHistory: HISTORY,
      timeout: TIMEOUT,
      dependsOn: [...startsAfter],
    });
    this.release = release;
    this.id = release.id;
  }
}

/**
 * No settings, which Terraform knows once it knows the references. The provider asks the cluster what a release would make of it as soon as `set` is
 * known, and takes a namespace that is not there yet for one without resources: an apply that then finds some ends as an "inconsistent final plan".
 */
const emptyOnceKnown = (references: readonly string[]): IResolvable =>
  Fn.slice(
    [{ name: PLANNED_AFTER, value: "" }],
    0,
    Token.asNumber(Op.mul(0, Fn.lengthOf(Fn.join("", [...references])))),
  ) as unknown as IResolvable;

/** The same text whatever the order in which a literal names its services. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
