/** The environments that the workflows offer: lists in .github/workflows that are written from the literals, since GitHub wants them as they stand. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { azureNames } from "../../environments/azure";
import type { Environment } from "../../environments/schema";

type Offered = Pick<Environment, "name" | "stage">;

export const WORKFLOWS = ["deploy-azure.yml", "deploy-web.yml", "deploy.yml", "destroy.yml", "drift.yml", "kill-switch.yml"].map(
  (file) => `.github/workflows/${file}`,
);

/** What stands behind a list that is written here; the word says which environments it holds. */
const LIST = /\[[^\]\n]*\](?= # (every environment|every environment on Azure|those in development), written by `npm run docs`$)/gm;

/**
 * One word for each environment, so that all runs of one queue up behind each other: the documents' (OPS-049, C-56) where it can mean no
 * other, else the environment's name.
 */
export function offeredWords(environments: readonly Offered[], wanted: readonly Offered[] = environments): string[] {
  return wanted.map(({ name, stage }) =>
    environments.some((other) => other.name !== name && (other.stage === stage || other.name === stage)) ? name : stage,
  );
}

/** A workflow's text with the lists of these environments. @throws Error when a list would be empty, which GitHub does not take */
export function workflowText(file: string, text: string, environments: readonly Offered[]): string {
  return text.replace(LIST, (_, which: string) => {
    // They go by their names: the documents' words are those of AWS's.
    if (which === "every environment on Azure") return `[${azureNames.join(", ")}]`;
    const words = offeredWords(
      environments,
      which === "every environment" ? environments : environments.filter(({ stage }) => stage === "development"),
    );
    if (words.length === 0) throw new Error(`${file} offers ${which}, and there is none: delete it, or have one in environments/index.ts.`);
    return `[${words.join(", ")}]`;
  });
}

/** Path and text, as it should be, of each workflow that is there. @param root folder of the repository */
export const workflowTexts = (root: string, environments: readonly Offered[]): Record<string, string> =>
  Object.fromEntries(
    WORKFLOWS.filter((file) => existsSync(join(root, file))).map((file) => [
      file,
      workflowText(file, readFileSync(join(root, file), "utf8"), environments),
    ]),
  );
