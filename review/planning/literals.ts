/** The literals that a review holds its environments against. */
import { environmentNames, loadEnvironment } from "../../environments";
import { azureNames, loadAzure } from "../../environments/azure";
import type { AzureEnvironment } from "../../environments/azure/schema";
import type { Changes } from "../../environments/reading/changes";
import type { Environment } from "../../environments/schema";
import { isOnAzure } from "../../terraform/assembly";

export interface Literals {
  /** The accepted literals, by name; of all that there are, where one of AWS is reviewed. */
  readonly environments: ReadonlyMap<string, Environment>;
  /** Azure's, where one of Azure is reviewed: neither cloud's deploys wait for the other's literals. */
  readonly azure: ReadonlyMap<string, AzureEnvironment>;
}

/** @param wanted names of what is reviewed, to which the changes are made @throws EnvironmentError when a literal is refused */
export function literalsFor(wanted: readonly string[], changes: Changes): Literals {
  const loaded = <T>(names: readonly string[], load: (name: string, changes?: Changes) => T) =>
    new Map(names.map((name) => [name, load(name, wanted.includes(name) ? changes : {})]));
  return {
    environments: loaded(wanted.every(isOnAzure) ? [] : environmentNames, loadEnvironment),
    azure: loaded(wanted.some(isOnAzure) ? azureNames : [], loadAzure),
  };
}
