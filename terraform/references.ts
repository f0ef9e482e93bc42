/** Which resources of a synthesised stack refer to which, and which stack to which. */

export type Blocks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** One `cdk.tf.json`, as far as references need it. */
export interface ReferringStack {
  readonly resource?: Blocks;
  readonly data?: Blocks;
}

export interface Reference {
  /** The other stack, where it is one. */
  readonly stack?: string;
  /** Terraform's address, `data.` included; of an output of another stack: the address and attribute without their dots. */
  readonly address: string;
}

/** Every resource and data source with its address. */
export function* blocksOf(json: ReferringStack): Generator<{ readonly address: string; readonly type: string; readonly block: unknown; readonly isData: boolean }> {
  for (const [prefix, blocks] of [["", json.resource], ["data.", json.data]] as const) {
    for (const [type, ids] of Object.entries(blocks ?? {})) for (const [id, block] of Object.entries(ids)) yield { address: `${prefix}${type}.${id}`, type, block, isData: prefix !== "" };
  }
}

/** What a block refers to, in its arguments and in `depends_on`. */
export function* referencesOf(block: unknown): Generator<Reference> {
  const text = JSON.stringify(block);
  for (const [, stack, output] of text.matchAll(/data\.terraform_remote_state\.cross-stack-reference-input-([\w-]+)\.outputs\.cross-stack-output-([\w-]+)/g)) yield { stack: stack!, address: output! };
  for (const [, address] of text.matchAll(/\$\{(?:[^}]*?[^\w.-])?((?:data\.)?aws_[a-z0-9_]+\.[\w-]+)/g)) yield { address: address! };
  for (const address of (block as { depends_on?: readonly string[] }).depends_on ?? []) yield { address };
}
