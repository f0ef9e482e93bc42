import { changeVariables, type Changes } from "../environments/reading/changes";
import type { Environment } from "../environments/schema";
import type { Workspace } from "./workspace";

/** Lines for `set -a; . FILE`: with them plain terraform and cdktf work on the kept environment. */
export function shellVariables(
  environment: Environment,
  workspace: Workspace,
  endpoint: string,
  settings: Readonly<Record<string, string | undefined>>,
  changes: Changes,
): string {
  const variables = {
    ...settings,
    ENVIRONMENTS: environment.name,
    EMULATOR_ENDPOINT: endpoint,
    ...changeVariables(changes),
    CDKTF_OUTDIR: workspace.output,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: environment.account,
    AWS_SECRET_ACCESS_KEY: "rehearsal",
    AWS_DEFAULT_REGION: environment.region,
  };
  return Object.entries(variables)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}='${value.replaceAll("'", `'\\''`)}'\n`]))
    .join("");
}
