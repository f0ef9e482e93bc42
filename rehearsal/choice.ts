/**
 * Which stacks a rehearsal takes, when it does not take all: those that are named, or those that show something which the rehearsal of
 * another environment does not; and what they depend on.
 */
import { createHash } from "node:crypto";
import { readStack, readStackText, selectStacks, stacksInOrder, type Stack } from "../terraform/assembly";

/** Name of a stack → digest of what was synthesised. */
export type Digests = Readonly<Record<string, string>>;

export const digestsOf = (output: string): Digests =>
  Object.fromEntries(
    stacksInOrder(output).map(({ name, folder }) => [name, createHash("sha256").update(readStackText(folder)).digest("hex")]),
  );

/**
 * Stacks by their names, with or without the environment's, separated by commas.
 * @param deployed what is deployed already: unless it is named, it is left alone while neither it nor what it depends on has changed
 * @throws with the valid names when there is no such stack
 */
export function named(output: string, environment: string, names: string, deployed: Digests = {}): string[] {
  const stacks = stacksInOrder(output);
  const wanted = selectStacks(stacks, environment, names);
  const digests = digestsOf(output);
  const isInPlace = ({ name }: Stack) => !wanted.some((stack) => stack.name === name) && digests[name] === deployed[name];
  return withDependencies(stacks, wanted)
    .filter((stack) => !withDependencies(stacks, [stack]).every(isInPlace))
    .map(({ name }) => name);
}

/**
 * The stacks with a resource whose shape no resource of the same stack has in another environment.
 * @param other where that one is synthesised
 */
export function beyond(output: string, environment: string, other: string, otherEnvironment: string): string[] {
  const stacks = stacksInOrder(output);
  const known = new Map(stacksInOrder(other).map(({ name, folder }) => [name.slice(otherEnvironment.length), shapesOf(folder)]));
  return withDependencies(
    stacks,
    stacks.filter(({ name, folder }) => {
      const shown = known.get(name.slice(environment.length)) ?? new Set();
      return [...shapesOf(folder)].some((shape) => !shown.has(shape));
    }),
  ).map(({ name }) => name);
}

function withDependencies(stacks: readonly Stack[], wanted: readonly Stack[]): Stack[] {
  const found = new Set(wanted);
  for (const { dependencies } of found) for (const stack of stacks) if (dependencies.includes(stack.name)) found.add(stack);
  return stacks.filter((stack) => found.has(stack));
}

/** The shape of each resource of a stack. */
function shapesOf(folder: string): ReadonlySet<string> {
  const { resource = {} } = readStack(folder);
  return new Set(
    Object.entries(resource).flatMap(([type, resources]) => Object.values(resources).map((block) => `${type} ${shapeOf(block)}`)),
  );
}

/**
 * What the provider and the emulator meet, whatever the values are: which arguments are given, with what kind of value. A boolean is a
 * switch, so its value counts; how many elements a list has does not, nor which tags there are.
 */
export function shapeOf(block: object): string {
  return [...new Set(Object.entries(block).flatMap(([name, value]) => (["tags", "//"].includes(name) ? [] : kindsIn(name, value))))]
    .sort()
    .join(" ");
}

function kindsIn(path: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.length === 0 ? [`${path}=none`] : value.flatMap((element) => kindsIn(`${path}[]`, element));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([name, inner]) => kindsIn(`${path}.${name}`, inner));
  if (typeof value === "boolean") return [`${path}=${value}`];
  return [`${path}=${typeof value === "string" && value.includes("${") ? "reference" : typeof value}`];
}
