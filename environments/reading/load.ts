/** Loads environments by name out of a set of literals. */
import { withChanges, type Changes } from "./changes";
import { parseEnvironment } from "./parse";
import type { Environment, EnvironmentLiteral } from "../schema";
import { checkTogether } from "./between-environments";

/** What a set of literals answers. */
export interface Environments {
  /** The names of all environments, in the order in which a change travels. */
  readonly environmentNames: readonly string[];
  /**
   * The one place where the documents' words become names of environments (C-56): `production` is `prod` as long as that is the only one in production.
   * @param word an environment's name, or the stage of the only environment that has it
   * @throws Error with the valid names when there is no such environment, or when several are meant
   */
  environmentNameOf(word: string): string;
  /** @throws EnvironmentError when the literal is refused; Error with the valid names when there is no such environment */
  loadEnvironment(name: string, changes?: Changes): Environment;
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
  const unknown = (name: string) =>
    new Error(`There is no environment ${JSON.stringify(name)}. Valid names: ${environmentNames.join(", ")}.`);

  function loadEnvironment(name: string, changes: Changes = {}): Environment {
    const literal = Object.hasOwn(literals, name) ? literals[name] : undefined;
    if (!literal) throw unknown(name);
    return parseEnvironment(withChanges(literal, changes), literalPath(name), name);
  }

  return {
    environmentNames,
    loadEnvironment,
    environmentNameOf(word) {
      if (environmentNames.includes(word)) return word;
      const [name, ...others] = environmentNames.filter((candidate) => literals[candidate]!.stage === word);
      if (name === undefined) throw unknown(word);
      if (others.length > 0)
        throw new Error(`${JSON.stringify(word)} stands for several environments: name one of ${[name, ...others].join(", ")}.`);
      return name;
    },
    loadEnvironments(selection, changes = {}) {
      const wanted = selection?.split(/[\s,]+/).filter(Boolean) ?? [];
      for (const name of wanted) if (!environmentNames.includes(name)) throw unknown(name);
      const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
      const loaded = environmentNames.map((name) => loadEnvironment(name, isWanted(name) ? changes : {}));
      checkTogether(loaded);
      return loaded.filter(({ name }) => isWanted(name));
    },
  };
}
