/** The assembly: what cdktf wrote, a folder with `manifest.json` and for each stack a folder with its `cdk.tf.json`. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Arguments of a resource, a data source, a provider, an output. */
export type Block = Readonly<Record<string, unknown>>;
/** By type and name. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/** One `cdk.tf.json`. */
export interface StackJson {
  readonly terraform?: {
    readonly backend?: unknown;
    readonly required_providers?: Readonly<Record<string, { readonly source?: string; readonly version?: string }>>;
  };
  readonly provider?: Readonly<Record<string, unknown>>;
  readonly resource?: Blocks;
  readonly data?: Blocks;
  readonly locals?: Block;
  readonly output?: Readonly<Record<string, { readonly value?: unknown; readonly description?: string; readonly sensitive?: boolean }>>;
  /** As `moveTo` and `moveFromId` of cdktf write them. */
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
  /** As `importFrom` of cdktf writes them; `to` is an address. */
  readonly import?: readonly { readonly to: string; readonly id: string }[];
  readonly removed?: readonly { readonly from: string; readonly lifecycle?: unknown }[];
}

/** A stack in the assembly. */
export interface Stack {
  /** Such as `prod-data`. */
  readonly name: string;
  /** Where Terraform works. */
  readonly folder: string;
  /** Names of the stacks that are deployed before it. */
  readonly dependencies: readonly string[];
}

interface Manifest {
  readonly stacks: Readonly<Record<string, Stack & { readonly workingDirectory: string }>>;
}

const manifestOf = (output: string): string => join(output, "manifest.json");
const readManifest = (output: string): Manifest => JSON.parse(readFileSync(manifestOf(output), "utf8")) as Manifest;

/** @param folder the stack's */
export const readStackText = (folder: string): string => readFileSync(join(folder, "cdk.tf.json"), "utf8");
export const readStack = (folder: string): StackJson => JSON.parse(readStackText(folder)) as StackJson;

/**
 * Stacks in the order in which they are deployed; none where nothing was synthesised.
 * @param environment only its stacks @default all
 * @throws Error when stacks wait for each other
 */
export function stacksInOrder(output: string, environment?: string): Stack[] {
  if (!existsSync(manifestOf(output))) return [];
  const waiting = Object.entries(readManifest(output).stacks)
    .filter(([name]) => environment === undefined || environmentOf(name) === environment)
    .map(([name, { workingDirectory, dependencies }]): Stack => ({ name, folder: join(output, workingDirectory), dependencies }));
  const ordered: Stack[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ dependencies }) => !dependencies.some((name) => waiting.some((other) => other.name === name)));
    if (next < 0) throw new Error(`These stacks wait for each other: ${waiting.map(({ name }) => name).join(", ")}.`);
    ordered.push(...waiting.splice(next, 1));
  }
  return ordered;
}

/** The environment that a stack is of, such as `prod` or `azure-prod`; the name of one holds no other dash. */
export const environmentOf = (stack: string): string => /^(?:azure-)?[^-]*/.exec(stack)![0];

/** Whether an environment or a stack is Azure's: plain synthesis has those of both clouds, the review and the emulator know AWS's. */
export const isOnAzure = (name: string): boolean => name.startsWith("azure-");

/** Names of the environments that have a stack there. */
export const environmentsIn = (output: string): string[] => [...new Set(stacksInOrder(output).map(({ name }) => environmentOf(name)))];

/** Full names. @param wanted names with or without the environment, separated by commas or spaces */
export const namesOfStacks = (environment: string, wanted: string): string[] =>
  wanted
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((name) => (name.startsWith(`${environment}-`) ? name : `${environment}-${name}`));

/**
 * Takes some of them.
 * @param wanted names with or without the environment, separated by commas or spaces; empty means all
 * @throws Error with the valid names when there is no such stack
 */
export function selectStacks<T extends { readonly name: string }>(stacks: readonly T[], environment: string, wanted = ""): T[] {
  const names = namesOfStacks(environment, wanted);
  const unknown = names.filter((name) => !stacks.some((stack) => stack.name === name));
  if (unknown.length > 0)
    throw new Error(`${environment} has no stack ${unknown.join(", ")}. Its stacks: ${stacks.map(({ name }) => name).join(", ")}.`);
  return stacks.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** Takes stacks out of the list that cdktf works from: it would neither deploy the others in order nor destroy them without these. */
export function forgetStacks(output: string, stacks: readonly string[]): void {
  if (stacks.length === 0) return;
  const manifest = readManifest(output);
  const isKept = (name: string) => !stacks.includes(name);
  const kept = Object.fromEntries(
    Object.entries(manifest.stacks)
      .filter(([name]) => isKept(name))
      .map(([name, stack]) => [name, { ...stack, dependencies: stack.dependencies.filter(isKept) }]),
  );
  writeFileSync(manifestOf(output), JSON.stringify({ ...manifest, stacks: kept }, null, 2));
}

/** Each resource by its address, with its lifecycle: cdktf writes the block as an object or as a list of one. */
const lifecyclesIn = ({ resource = {} }: StackJson) =>
  Object.entries(resource).flatMap(([type, blocks]) =>
    Object.entries(blocks).map(([name, { lifecycle }]) => {
      const [first] = [lifecycle].flat() as ({ readonly prevent_destroy?: unknown; readonly ignore_changes?: unknown } | undefined)[];
      return { address: `${type}.${name}`, lifecycle: first ?? {} };
    }),
  );

/** Addresses under prevent_destroy; without those that are protected only while they are imported (docs/importing.md). */
export function protectedIn(json: StackJson): Set<string> {
  const imported = new Set((json.import ?? []).map(({ to }) => to));
  return new Set(
    lifecyclesIn(json)
      .filter(({ address, lifecycle }) => lifecycle.prevent_destroy === true && !imported.has(address))
      .map(({ address }) => address),
  );
}

/** What Terraform leaves as others set it, by address: paths such as `scaling_config[0].desired_size`, the empty one for everything. */
export const ignoredIn = (json: StackJson): ReadonlyMap<string, readonly string[]> =>
  new Map(
    lifecyclesIn(json).map(({ address, lifecycle: { ignore_changes: ignored } }) => [
      address,
      ignored === "all" ? [""] : Array.isArray(ignored) ? ignored.filter((path) => typeof path === "string") : [],
    ]),
  );

/** The same for two syntheses that are the same to the byte, files beside the JSON included; what Terraform adds later (.terraform) does not count. */
export function digestOf(folder: string): string {
  const hash = createHash("sha256");
  const add = (path: string) => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inside = join(path, entry.name);
      if (entry.name.startsWith(".terraform")) continue;
      if (entry.isDirectory()) add(inside);
      else
        hash
          .update(`${inside}\0`)
          .update(readFileSync(join(folder, inside)))
          .update("\0");
    }
  };
  add("");
  return hash.digest("hex");
}

/** A stack with all that was synthesised of it. */
export interface SynthesisedStack extends Stack {
  readonly json: StackJson;
  /** See `digestOf`. */
  readonly digest: string;
}

/** As `stacksInOrder`. */
export const synthesisedStacks = (output: string, environment?: string): SynthesisedStack[] =>
  stacksInOrder(output, environment).map((stack) => ({ ...stack, json: readStack(stack.folder), digest: digestOf(stack.folder) }));
