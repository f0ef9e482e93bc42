/** Which environments of which cloud a selection means, and what commands for both know of one. */
import { azureNames, loadAzure } from "./azure";
import type { AzureEnvironment } from "./azure/schema";
import { environmentNameOf, loadEnvironment } from "./index";
import type { Changes } from "./reading/changes";
import type { Environment } from "./schema";

export interface Selected {
  /** Of AWS, as `loadEnvironments` takes them; undefined for none of them. */
  readonly aws?: string;
  readonly azure: readonly string[];
}

/**
 * Without a selection all of both, because cdktf does not say which stacks it is about to deploy.
 * @param selection names separated by commas or spaces
 * @throws Error with the valid names when there is no such environment
 */
export function selectedOf(selection: string | undefined, awsNames: readonly string[], azureNames: readonly string[]): Selected {
  const names = selection?.split(/[\s,]+/).filter(Boolean) ?? [];
  if (names.length === 0) return { aws: "", azure: azureNames };
  const known = [...awsNames, ...azureNames];
  for (const name of names)
    if (!known.includes(name)) throw new Error(`There is no environment ${JSON.stringify(name)}. Valid names: ${known.join(", ")}.`);
  const aws = names.filter((name) => awsNames.includes(name));
  return { azure: azureNames.filter((name) => names.includes(name)), ...(aws.length > 0 && { aws: aws.join(",") }) };
}

/** @param word a name, or of AWS's environments the documents' word for what one is for @throws Error when no environment is meant, or several are */
export const anyNameOf = (word: string): string => (azureNames.includes(word) ? word : environmentNameOf(word));

/** @throws EnvironmentError when the literal is refused; Error with the valid names when there is no such environment */
export const loadAny = (name: string, changes: Pick<Changes, "images"> = {}): Environment | AzureEnvironment =>
  azureNames.includes(name) ? loadAzure(name, changes) : loadEnvironment(name, changes);
