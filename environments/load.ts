/** Loads environments by name out of a set of literals. */
import { withChanges, type Changes } from "./changes";
import { parseEnvironment } from "./parse";
import type { Environment, EnvironmentLiteral } from "./schema";
import { checkTogether } from "./together";

/** What a set of literals answers. */
export interface Environments {
  /** The names of all environments, in the order in which a change travels. */
  readonly environmentNames: readonly string[];
  /** The documents' names of environments (D3), in the order of the overlays. */
  readonly stageNames: readonly string[];
  /** @throws EnvironmentError when the literal is refused; Error with the valid names when there is no such environment */
  loadEnvironment(name: string, changes?: Changes): Environment;
  /**
   * The one place where the documents' names of environments become overlays: `production` is `prod` (C-56).
   * @throws Error with the valid names when there is no such stage
   */
  environmentOfStage(stage: string): Environment;
  /**
   * Loads environments and checks what they must agree on.
   * @param selection names separated by commas or spaces; undefined or empty means all of them
   * @param changes what a command says otherwise than the literals that are selected
   */
  loadEnvironments(selection?: string, changes?: Changes): Environment[];
}

/** Path of an environment's literal, for messages. */
export const literalPath = (name: string): string => `environments/${name}.ts`;

export function environmentsOf(literals: Readonly<Record<string, EnvironmentLiteral>>): Environments {
  const environmentNames = Object.keys(literals);
  const stageNames = environmentNames.map((name) => literals[name]!.stage);

  function loadEnvironment(name: string, changes: Changes = {}): Environment {
    const literal = Object.hasOwn(literals, name) ? literals[name] : undefined;
    if (!literal) throw new Error(`There is no environment ${JSON.stringify(name)}. Valid names: ${environmentNames.join(", ")}.`);
    return parseEnvironment(withChanges(literal, changes), literalPath(name), name);
  }

  return {
    environmentNames, stageNames, loadEnvironment,
    environmentOfStage(stage) {
      const name = environmentNames.find((candidate) => literals[candidate]!.stage === stage);
      if (name === undefined) throw new Error(`There is no environment for ${JSON.stringify(stage)}. Valid names: ${stageNames.join(", ")}.`);
      return loadEnvironment(name);
    },
    loadEnvironments(selection, changes = {}) {
      const wanted = selection?.split(/[\s,]+/).filter(Boolean) ?? [];
      for (const name of wanted) if (!environmentNames.includes(name)) loadEnvironment(name);
      const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
      const loaded = environmentNames.map((name) => loadEnvironment(name, isWanted(name) ? changes : {}));
      checkTogether(loaded);
      return loaded.filter(({ name }) => isWanted(name));
    },
  };
}
