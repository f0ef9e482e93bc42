/** Loads environments by name. */
import { withChanges, type Changes } from "./changes";
import { dev } from "./dev";
import { parseEnvironment } from "./parse";
import { prod } from "./prod";
import type { Environment, EnvironmentLiteral } from "./schema";
import { staging } from "./staging";
import { checkTogether } from "./together";

const LITERALS: Readonly<Record<string, EnvironmentLiteral>> = { dev, staging, prod };

/** The names of all environments, in the order in which a change travels. */
export const environmentNames: readonly string[] = Object.keys(LITERALS);

/** Path of an environment's literal, for messages. */
export const literalPath = (name: string): string => `environments/${name}.ts`;

/** @throws EnvironmentError when the literal is refused; Error with the valid names when there is no such environment */
export function loadEnvironment(name: string, changes: Changes = {}): Environment {
  const literal = Object.hasOwn(LITERALS, name) ? LITERALS[name] : undefined;
  if (!literal) throw new Error(`There is no environment ${JSON.stringify(name)}. Valid names: ${environmentNames.join(", ")}.`);
  return parseEnvironment(withChanges(literal, changes), literalPath(name), name);
}

/** The documents' names of environments (D3), in the order of the overlays. */
export const stageNames: readonly string[] = environmentNames.map((name) => LITERALS[name]!.stage);

/**
 * The one place where the documents' names of environments become overlays: `production` is `prod` (C-56).
 * @throws Error with the valid names when there is no such stage
 */
export function environmentOfStage(stage: string): Environment {
  const name = environmentNames.find((candidate) => LITERALS[candidate]!.stage === stage);
  if (name === undefined) throw new Error(`There is no environment for ${JSON.stringify(stage)}. Valid names: ${stageNames.join(", ")}.`);
  return loadEnvironment(name);
}

/**
 * Loads environments and checks what they must agree on.
 * @param selection names separated by commas or spaces; undefined or empty means all of them
 * @param changes what a command says otherwise than the literals that are selected
 */
export function loadEnvironments(selection?: string, changes: Changes = {}): Environment[] {
  const wanted = selection?.split(/[\s,]+/).filter(Boolean) ?? [];
  for (const name of wanted) if (!environmentNames.includes(name)) loadEnvironment(name);
  const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
  const loaded = environmentNames.map((name) => loadEnvironment(name, isWanted(name) ? changes : {}));
  checkTogether(loaded);
  return loaded.filter(({ name }) => isWanted(name));
}
