/** Synthesised stacks in a folder that cdktf wrote, in the order in which they are deployed. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SynthesisedJson } from "../plan/compare";

export interface StackFolder {
  /** Such as `prod-data`. */
  readonly name: string;
  readonly folder: string;
  readonly json: SynthesisedJson;
  /** Names of the stacks that are deployed before it. */
  readonly dependencies: readonly string[];
  /** The same for two syntheses that are the same to the byte, files beside the JSON included. */
  readonly digest: string;
}

interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly dependencies: readonly string[]; readonly synthesizedStackPath: string; readonly workingDirectory: string }>>;
}

const manifestIn = (output: string): Manifest => {
  const file = join(output, "manifest.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) as Manifest : { stacks: {} };
};

/** Names of the environments that have a stack there. */
export const environmentsIn = (output: string): string[] => [...new Set(Object.keys(manifestIn(output).stacks).map((name) => name.split("-")[0]!))];

/** @param environment only its stacks. @returns those that depend on others after them */
export function readStackFolders(output: string, environment: string): StackFolder[] {
  const { stacks } = manifestIn(output);
  const found = new Map(Object.keys(stacks).filter((name) => name.startsWith(`${environment}-`)).sort().map((name) => {
    const { dependencies, synthesizedStackPath, workingDirectory } = stacks[name]!;
    const folder = join(output, workingDirectory);
    return [name, { name, folder, json: JSON.parse(readFileSync(join(output, synthesizedStackPath), "utf8")) as SynthesisedJson, dependencies, digest: digestOf(folder) }];
  }));
  const ordered = new Map<string, StackFolder>();
  const add = (stack: StackFolder) => {
    for (const name of stack.dependencies) if (found.has(name) && !ordered.has(name)) add(found.get(name)!);
    ordered.set(stack.name, stack);
  };
  for (const stack of found.values()) add(stack);
  return [...ordered.values()];
}

/** Of every file that synthesis wrote; what Terraform adds later (.terraform) does not count. */
function digestOf(folder: string): string {
  const hash = createHash("sha256");
  const add = (path: string) => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inside = join(path, entry.name);
      if (entry.name.startsWith(".terraform")) continue;
      if (entry.isDirectory()) add(inside);
      else hash.update(`${inside}\0`).update(readFileSync(join(folder, inside))).update("\0");
    }
  };
  add("");
  return hash.digest("hex");
}
