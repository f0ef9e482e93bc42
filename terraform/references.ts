/** Which resources of a synthesised stack refer to which, and which stack to which. */
import type { Block, StackJson } from "./assembly";

export interface Reference {
  /** The other stack, where it is one. */
  readonly stack?: string;
  /** Terraform's address, `data.` included; of an output of another stack: the address and attribute without their dots. */
  readonly address: string;
}

/** cdktf's own outputs, for other stacks: their names are nobody's to read, and all of them are marked as sensitive. */
const OF_CDKTF = "cross-stack-output-";
export const isForStacks = (output: string): boolean => output.startsWith(OF_CDKTF);

/** How cdktf writes that a stack reads an output of another one: groups are the other stack and the output. */
export const OUTPUT_OF_STACK = /data\.terraform_remote_state\.cross-stack-reference-input-([\w-]+)\.outputs\.([\w-]+)/g;
export const outputOfStack = (stack: string, output: string): string =>
  `data.terraform_remote_state.cross-stack-reference-input-${stack}.outputs.${output}`;

/** Every resource and data source with its address. */
export function* blocksOf(
  json: Pick<StackJson, "resource" | "data">,
): Generator<{ readonly address: string; readonly type: string; readonly block: unknown; readonly isData: boolean }> {
  for (const [prefix, blocks] of [
    ["", json.resource],
    ["data.", json.data],
  ] as const) {
    for (const [type, ids] of Object.entries(blocks ?? {}))
      for (const [id, block] of Object.entries(ids)) yield { address: `${prefix}${type}.${id}`, type, block, isData: prefix !== "" };
  }
}

/** What a block refers to, in its arguments and in `depends_on`. */
export function* referencesOf(block: unknown): Generator<Reference> {
  const text = JSON.stringify(block);
  for (const [, stack, output] of text.matchAll(OUTPUT_OF_STACK))
    if (isForStacks(output!)) yield { stack: stack!, address: output!.slice(OF_CDKTF.length) };
  for (const [, address] of text.matchAll(/\$\{(?:[^}]*?[^\w.-])?((?:data\.)?aws_[a-z0-9_]+\.[\w-]+)/g)) yield { address: address! };
  for (const address of (block as { depends_on?: readonly string[] }).depends_on ?? []) yield { address };
}

/** Stack name → its JSON. */
export type StacksByName = Readonly<Record<string, StackJson>>;

/** An attribute of a resource, as a token of Terraform speaks of it. */
export interface AttributeReference {
  /** Stack that makes it, such as `dev-data`. */
  readonly stack: string;
  readonly type: string;
  readonly id: string;
  readonly attribute: string;
  readonly block: Block;
}

/** Not `$${`, which Terraform takes for the text `${`: a variable of IAM. */
const TOKEN = /(?<!\$)\$\{([^{}]*)\}/g;
const OF_ANOTHER_STACK = new RegExp(`^${OUTPUT_OF_STACK.source}$`);
const OF_THIS_STACK = /^(aws_\w+)\.([\w-]+)\.(\w+)$/;

/** Puts something else in place of each token, whichever stack its resource is made in. @throws when a token speaks of nothing */
export function replaceReferences(
  text: string,
  stacks: StacksByName,
  stack: string,
  replace: (reference: AttributeReference) => string,
): string {
  return text.replace(TOKEN, (token, expression: string) => {
    const [, exporter, output] = OF_ANOTHER_STACK.exec(expression) ?? [];
    if (exporter && output) {
      const value = stacks[exporter]?.output?.[output]?.value;
      if (typeof value !== "string") throw new Error(`${stack}: ${token}: ${exporter} has no such output`);
      return replaceReferences(value, stacks, exporter, replace);
    }
    const [, type, id, attribute] = OF_THIS_STACK.exec(expression) ?? [];
    const block = type && id ? stacks[stack]?.resource?.[type]?.[id] : undefined;
    if (!type || !id || !attribute || !block) throw new Error(`${stack}: ${token} is no attribute of a resource`);
    return replace({ stack, type, id, attribute, block });
  });
}
