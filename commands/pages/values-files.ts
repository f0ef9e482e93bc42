/**
 * The chart's values files, values.<stage>.yaml (K8S-009): what the literals say of the services, for those who run helm by hand. Written by
 * `npm run docs`. What only the infrastructure knows (endpoints, the rights' variables, the Ingress's web ACL) is in the release alone.
 */
import { stringify } from "yaml";
import { chartValues } from "../../constructs/kubernetes/chart-values";
import { literalPath } from "../../environments/reading/load";
import type { Environment } from "../../environments/schema";

/** Below the repository. */
export const CHART_FOLDER = "charts/day-trade-ml";

/** Those that are generated: Azure's is written by hand. */
export const VALUES_FILE = /^values\.(?!azure\.yaml$).+\.yaml$/;

/** A stage's first environment has the document's name; an environment's own name has no hyphen, so that no further one meets it. */
function fileOf({ name, stage }: Environment, index: number, all: readonly Environment[]): string {
  const isFirst = all.findIndex((other) => other.stage === stage) === index;
  return `values.${stage}${isFirst ? "" : `-${name}`}.yaml`;
}

/** A file's name in the chart's folder → its text. @param environments all there are, in their order */
export const valuesFiles = (environments: readonly Environment[]): Readonly<Record<string, string>> =>
  Object.fromEntries(environments.map((environment, index, all) => [fileOf(environment, index, all), textOf(environment)]));

/** In YAML 1.1, as helm reads it: there `yes` is no text unless it stands in quotes. */
const textOf = (environment: Environment): string =>
  [
    `# Generated from ${literalPath(environment.name)} by \`npm run docs\`: do not edit. What only the infrastructure knows, such as endpoints, is not here: the`,
    "# release of the workloads stack adds it, and so does `npm run manifests` with --outputs.",
    stringify(chartValues(environment), { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false }),
  ].join("\n");
