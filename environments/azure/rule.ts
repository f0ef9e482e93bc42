/** What a rule of Azure's environments is made of. */
import { pathTo, type Finding } from "../rules/finding";
import type { AzureEnvironment, AzureService } from "./schema";

export interface AzureRule {
  /** What holds when the rule is kept; tests refer to a rule by it. */
  readonly name: string;
  readonly check: (environment: AzureEnvironment) => readonly Finding[];
}

export const only = (condition: boolean, finding: Finding): readonly Finding[] => (condition ? [finding] : []);

/** Of each service. */
export const each = (
  name: string,
  check: (path: string, service: AzureService, environment: AzureEnvironment) => readonly Finding[],
): AzureRule => ({
  name,
  check: (environment) =>
    Object.entries(environment.services).flatMap(([own, service]) => check(pathTo("services", own), service, environment)),
});
