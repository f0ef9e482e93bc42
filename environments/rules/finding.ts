/** What a rule is and what it finds. */
import type { Environment } from "../schema";

/** One problem: where it is, what stands there, what is allowed. */
export interface Finding {
  /** Path in the literal, as code would write it: `network.subnets.private[1]`. */
  readonly path: string;
  /** Undefined where nothing stands. */
  readonly value: unknown;
  /** What to write instead, in words. */
  readonly allowed: string;
}

/** A top-level key, or a key of one of the blocks that are not of several kinds: `network`, `data.cache`; `services.*` are those that are well formed. */
export type Part =
  | keyof Environment
  | "services.*"
  | { [Key in "events" | "data" | "windows"]: `${Key}.${keyof Environment[Key] & string}` }["events" | "data" | "windows"];

/** Something that one field cannot say alone. */
export interface Rule {
  /** What holds when the rule is kept; tests refer to a rule by it. */
  readonly name: string;
  /** The parts that `check` looks at: it runs whenever those are well formed, however broken the rest is, and may be missing. */
  readonly reads: readonly Part[];
  readonly check: (environment: Environment) => readonly Finding[];
}

/** Findings for the entries of a list that stand in it already. */
export function repeated(path: string, list: readonly (string | number)[]): Finding[] {
  return list.flatMap((entry, index) => {
    const first = list.indexOf(entry);
    return first === index
      ? []
      : [
          {
            path: `${path}[${index}]`,
            value: entry,
            allowed: `an entry that the list does not hold yet; ${JSON.stringify(entry)} is ${path}[${first}]`,
          },
        ];
  });
}

/** Path of a key below another path, as code would write it: `tags.Project`, `parameters["maxmemory-policy"]`, `zones[1]`. */
export function pathTo(parent: string, key: PropertyKey): string {
  if (typeof key === "number") return `${parent}[${key}]`;
  const name = String(key);
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${parent}[${JSON.stringify(name)}]`;
  return parent === "" ? name : `${parent}.${name}`;
}
