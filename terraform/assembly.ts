/** The synthesised stacks of an environment, in the order in which they are deployed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface DeliveredStack {
  readonly name: string;
  /** Where Terraform works. */
  readonly folder: string;
  readonly dependencies: readonly string[];
}

interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly name: string; readonly workingDirectory: string; readonly dependencies: readonly string[] }>>;
}

/** An administrator deploys it (docs/deploying.md); the deploy role may only look at it. */
export const isBootstrap = (stack: string): boolean => stack.endsWith("-bootstrap");

/** @throws Error when the stacks wait for each other */
export function stacksInOrder(output: string): DeliveredStack[] {
  const { stacks } = JSON.parse(readFileSync(join(output, "manifest.json"), "utf8")) as Manifest;
  const left = Object.values(stacks).map(({ name, workingDirectory, dependencies }) => ({ name, folder: join(output, workingDirectory), dependencies }));
  const ordered: DeliveredStack[] = [];
  while (left.length > 0) {
    const next = left.findIndex(({ dependencies }) => dependencies.every((name) => ordered.some((done) => done.name === name) || !left.some((waiting) => waiting.name === name)));
    if (next < 0) throw new Error(`These stacks wait for each other: ${left.map(({ name }) => name).join(", ")}.`);
    ordered.push(...left.splice(next, 1));
  }
  return ordered;
}

/**
 * Takes some of them.
 * @param wanted names with or without the environment, separated by commas or spaces; empty means all
 * @throws Error with the valid names when there is no such stack
 */
export function selectStacks<T extends { readonly name: string }>(stacks: readonly T[], environment: string, wanted = ""): T[] {
  const names = wanted.split(/[\s,]+/).filter(Boolean).map((name) => (name.startsWith(`${environment}-`) ? name : `${environment}-${name}`));
  const unknown = names.filter((name) => !stacks.some((stack) => stack.name === name));
  if (unknown.length > 0) throw new Error(`${environment} has no stack ${unknown.join(", ")}. Its stacks: ${stacks.map(({ name }) => name).join(", ")}.`);
  return stacks.filter(({ name }) => names.length === 0 || names.includes(name));
}
