/** What a deploy needs and no stack makes, as questions to whoever knows. */
import type { Environment } from "../../environments/schema";
import type { Aws, AwsAccess } from "../aws";
import type { Block, StackJson, SynthesisedStack } from "../../terraform/assembly";

/** What became of a question. */
export type Answer =
  | { readonly state: "there"; readonly note?: string }
  | {
      /**
       * `missing`: a deploy would fail. `later`: it would not, the rest is due after it. `advised`: it would not, but somebody should see to it.
       * `unknown`: nobody could be asked, or the right to ask is missing.
       */
      readonly state: "missing" | "later" | "advised" | "unknown";
      /** What is the matter. */
      readonly why: string;
      /** How to make it: a command where there is one. */
      readonly make?: string;
    };

export interface Need {
  /** Such as `certificate`. */
  readonly kind: string;
  /** Which one: an ARN, an id, a name. */
  readonly name: string;
  /** Stacks that need it; empty for what the whole environment needs. */
  readonly stacks: readonly string[];
  /** @throws AwsError, which becomes a row of its own */
  readonly ask: () => Promise<Answer>;
}

/** A need with its answer. */
export type Row = Pick<Need, "kind" | "name" | "stacks"> & Answer;

/** What is to be deployed, and whom to ask. */
export interface Subject {
  readonly environment: Pick<Environment, "name" | "account" | "region" | "bootstrap">;
  /** Those that are deployed, in order. */
  readonly stacks: readonly SynthesisedStack[];
  /** Those of the environment, deployed now or not: they say what the former refer to. @default those that are deployed */
  readonly all?: readonly SynthesisedStack[];
  /** One connection a region. */
  readonly aws: (access: AwsAccess) => Aws;
}

/** How the bootstrap of an account is deployed. @param first before its bucket is there */
export function bootstrapCommand({ name, bootstrap }: Subject["environment"], first = false): string {
  const carrier = bootstrap ? name : "<environment>";
  return [
    `${first ? "BOOTSTRAP_STATE=local " : ""}npm run deploy -- ${carrier} --stacks bootstrap`,
    ...(first ? [`then npx cdktf deploy ${carrier}-bootstrap --migrate-state`] : []),
    ...(bootstrap ? [] : ["<environment> is the one of this account whose literal has `bootstrap`"]),
  ].join(", ");
}

/** Where something stands that a block says. */
export interface Found<T> {
  readonly value: T;
  readonly stack: string;
  readonly type: string;
  /** Whom to ask about it: as the block's provider. */
  readonly access: AwsAccess;
  readonly block: Block;
}

interface ProviderBlock {
  readonly alias?: string;
  readonly region: string;
  readonly access_key?: string;
  readonly secret_key?: string;
  readonly endpoints?: readonly Readonly<Record<string, string>>[];
  readonly default_tags?: readonly { readonly tags?: Readonly<Record<string, string>> }[];
}

/** Tags that a stack's provider puts on all that it makes. */
export const defaultTags = (json: StackJson): Readonly<Record<string, string>> =>
  providersOf(json).find(({ alias }) => alias === undefined)?.default_tags?.[0]?.tags ?? {};

const providersOf = (json: StackJson): readonly ProviderBlock[] =>
  [(json.provider?.aws ?? []) as ProviderBlock | readonly ProviderBlock[]].flat();

/** How a block's provider reaches AWS. */
export function accessOf(json: StackJson, block: Block, region: string): AwsAccess {
  const alias = typeof block.provider === "string" ? block.provider.split(".")[1] : undefined;
  const provider = providersOf(json).find((one) => one.alias === alias);
  const { access_key: accessKeyId, secret_key: secretAccessKey, endpoints } = provider ?? {};
  const endpoint = endpoints?.flatMap((named) => Object.values(named))[0];
  return {
    region: provider?.region ?? region,
    ...(endpoint !== undefined && { endpoint }),
    ...(accessKeyId !== undefined && secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
  };
}

/** Every resource and data source of the stacks. @param types only these. @default all */
export function blocksIn(
  { environment: { region }, stacks }: Subject,
  ...types: readonly string[]
): (Found<Block> & { readonly id: string })[] {
  return stacks.flatMap(({ name: stack, json }) =>
    [json.resource, asData(json.data)].flatMap((blocks) =>
      Object.entries(blocks ?? {})
        .filter(([type]) => types.length === 0 || types.includes(type))
        .flatMap(([type, ids]) =>
          Object.entries(ids).map(([id, block]) => ({ id, value: block, block, stack, type, access: accessOf(json, block, region) })),
        ),
    ),
  );
}

/** Data sources are called `data.<type>`, so that a question for resources finds none of them. */
const asData = (blocks: StackJson["data"]): StackJson["data"] =>
  blocks && Object.fromEntries(Object.entries(blocks).map(([type, ids]) => [`data.${type}`, ids]));

/** Every text in the stacks that is wholly known before a deploy: no reference stands in it. */
export function textsIn(subject: Subject, ...types: readonly string[]): Found<string>[] {
  return blocksIn(subject, ...types).flatMap((found) =>
    [...leaves(found.block)].filter((text) => !text.includes("${")).map((value) => ({ ...found, value })),
  );
}

export function* leaves(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null)
    for (const [key, inner] of Object.entries(value)) if (key !== "//") yield* leaves(inner);
}

/** Whether a value is known before a deploy. */
export const isLiteral = (value: unknown): value is string => typeof value === "string" && value !== "" && !value.includes("${");

/** Findings of the same value, told once for all stacks that say it. */
export function grouped<T>(found: readonly Found<T>[], keyOf: (one: Found<T>) => string): (Found<T> & { readonly stacks: string[] })[] {
  const groups = new Map<string, Found<T> & { readonly stacks: string[] }>();
  for (const one of found) {
    const group = groups.get(keyOf(one)) ?? { ...one, stacks: [] };
    if (!group.stacks.includes(one.stack)) group.stacks.push(one.stack);
    groups.set(keyOf(one), group);
  }
  return [...groups.values()];
}
