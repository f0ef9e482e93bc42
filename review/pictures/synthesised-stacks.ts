/** Synthesised stacks as pictures look at them: every resource, and what each of them refers to, in whichever stack that is. */
import type { StackJson } from "../../terraform/assembly";
import { blocksOf, OUTPUT_OF_STACK } from "../../terraform/references";

export type Block = Readonly<Record<string, unknown>>;

export interface Resource {
  /** Stack and address; an order that is the same in every synthesis. */
  readonly key: string;
  readonly stack: string;
  readonly type: string;
  readonly isData: boolean;
  /** The constructs that hold it, without the stack: `["ui", "load-balancer"]`. */
  readonly path: readonly string[];
  readonly block: Block;
}

interface Provider {
  readonly alias?: string;
  readonly region?: string;
  readonly allowed_account_ids?: readonly string[];
}

const TOKEN = /\$\{([^{}]*)\}/g;
const ADDRESS = /(?:^|[^\w.-])((?:data\.)?[a-z][a-z0-9]*_\w+\.[\w-]+)/g;

export class Stacks {
  readonly resources: readonly Resource[];
  private readonly byKey: ReadonlyMap<string, Resource>;

  /** @param stacks name → JSON, all of one environment */
  constructor(readonly stacks: Readonly<Record<string, StackJson>>) {
    this.resources = Object.entries(stacks).flatMap(([stack, json]) =>
      [...blocksOf(json)].map(({ address, type, block, isData }) => ({
        key: `${stack} ${address}`,
        stack,
        type,
        isData,
        path: pathOf(block).split("/").slice(1),
        block: block as Block,
      })),
    );
    this.byKey = new Map(this.resources.map((resource) => [resource.key, resource]));
  }

  /** What Terraform makes of these types. */
  of(...types: readonly string[]): Resource[] {
    return this.resources.filter(({ type, isData }) => !isData && types.includes(type));
  }

  /** What a value speaks of, through outputs of other stacks too. A token that speaks of nothing known is passed over. */
  references({ stack }: Pick<Resource, "stack">, value: unknown): Resource[] {
    const found = new Map<string, Resource>();
    this.collect(stack, value, found);
    return [...found.values()];
  }

  private collect(stack: string, value: unknown, found: Map<string, Resource>): void {
    for (const [, expression = ""] of (JSON.stringify(value) ?? "").matchAll(TOKEN)) {
      for (const [, other = "", name = ""] of expression.matchAll(OUTPUT_OF_STACK))
        this.collect(other, this.stacks[other]?.output?.[name], found);
      for (const [, address] of expression.matchAll(ADDRESS)) {
        const resource = this.byKey.get(`${stack} ${address}`);
        if (resource) found.set(resource.key, resource);
      }
    }
  }

  /** What a resource waits for, of its own stack. */
  dependencies({ stack, block }: Resource): Resource[] {
    return ((block.depends_on as readonly string[] | undefined) ?? []).flatMap((address) => this.byKey.get(`${stack} ${address}`) ?? []);
  }

  /** What a resource is made of: what it refers to, directly or through resources of these types. Itself is left out. */
  reach(resource: Resource, through: (type: string) => boolean): Resource[] {
    const found = new Map<string, Resource>();
    const visit = (from: Resource) => {
      for (const next of this.references(from, from.block)) {
        if (found.has(next.key) || next.key === resource.key) continue;
        found.set(next.key, next);
        if (through(next.type)) visit(next);
      }
    };
    visit(resource);
    return [...found.values()];
  }

  /** The region of a resource: that of the provider that it names, or of its stack's. */
  regionOf({ stack, block }: Resource): string {
    const alias = typeof block.provider === "string" ? block.provider.replace(/^aws\./, "") : undefined;
    return this.providers(stack).find((provider) => provider.alias === alias)?.region ?? "";
  }

  /** @returns the first account and region that a stack is made in */
  get home(): { readonly account: string; readonly region: string } {
    const provider = Object.keys(this.stacks)
      .flatMap((stack) => this.providers(stack))
      .find(({ alias }) => alias === undefined);
    return { account: provider?.allowed_account_ids?.[0] ?? "", region: provider?.region ?? "" };
  }

  private providers(stack: string): readonly Provider[] {
    return (this.stacks[stack]?.provider?.aws as readonly Provider[] | undefined) ?? [];
  }
}

/** Which construct made a block; empty for one that no construct made. */
export const pathOf = (block: unknown): string => (block as { "//"?: { metadata?: { path?: string } } })["//"]?.metadata?.path ?? "";
