/** How long a deploy had to take: the longest chain of resources that wait for one another. */
import type { StackJson } from "../../terraform/assembly";
import { blocksOf, referencesOf } from "../../terraform/references";

export interface ChainStack {
  readonly json: Pick<StackJson, "resource" | "data">;
  /** Address → seconds that its creation took. */
  readonly seconds: Readonly<Record<string, number>>;
}

/**
 * Seconds of the longest chain. A stack begins when the stacks that it refers to are complete, as in cdktf.
 * @param stacks name → what was deployed
 */
export function longestChain(stacks: Readonly<Record<string, ChainStack>>): number {
  const ends = new Map<string, number>();
  const endOf = (name: string): number => {
    const known = ends.get(name);
    if (known !== undefined) return known;
    const { json, seconds } = stacks[name]!;
    const blocks = new Map([...blocksOf(json)].map(({ address, block }) => [address, block]));
    const upstream = new Set(
      [...blocks.values()].flatMap((block) =>
        [...referencesOf(block)].flatMap(({ stack }) => (stack !== undefined && stacks[stack] ? [stack] : [])),
      ),
    );
    const within = new Map<string, number>();
    const chainTo = (address: string): number => {
      const found = within.get(address);
      if (found !== undefined) return found;
      const before = [...referencesOf(blocks.get(address) ?? {})].filter(
        ({ stack, address: other }) => stack === undefined && other !== address && blocks.has(other),
      );
      const length = (seconds[address] ?? 0) + Math.max(0, ...before.map(({ address: other }) => chainTo(other)));
      within.set(address, length);
      return length;
    };
    const end = Math.max(0, ...[...upstream].map(endOf)) + Math.max(0, ...[...blocks.keys()].map(chainTo));
    ends.set(name, end);
    return end;
  };
  return Math.max(0, ...Object.keys(stacks).map(endOf));
}
