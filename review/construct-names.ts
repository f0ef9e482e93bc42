/** Who is meant by an id, or by a value that is not known yet: a reader knows constructs, not `sg-6826a4609363b4e12`. */
import { referencesOf, type Reference } from "../terraform/references";
import type { StackPlan } from "./model";
import { constructsOf } from "./plan/compare";
import type { StackJson } from "../terraform/assembly";

export interface Names {
  /** Construct of the resource that has an id; undefined where none has, or more than one. */
  readonly ofId: (id: string) => string | undefined;
  /** Constructs that an argument of a resource refers to, as its code has it; empty where it is written out, or where there is no code. */
  readonly referredBy: (stack: string, address: string, argument: string) => readonly string[];
}

export interface NamedStack {
  readonly plan: Pick<StackPlan, "stack" | "before" | "after">;
  readonly json?: StackJson;
}

/** @param stacks all of one environment: rules name groups of other stacks */
export function namesIn(stacks: readonly NamedStack[]): Names {
  const ids = new Map<string, Set<string>>();
  for (const {
    plan: { before, after },
  } of stacks) {
    for (const {
      values: { id },
      construct,
    } of [...before, ...after])
      if (typeof id === "string") ids.set(id, (ids.get(id) ?? new Set()).add(construct));
  }
  const code = new Map(
    stacks.flatMap(({ plan: { stack }, json }) => (json ? [[stack, { json, constructs: constructsOf(json) }] as const] : [])),
  );
  const constructOf = (from: string, { stack = from, address }: Reference): string | undefined => {
    const { constructs } = code.get(stack) ?? {};
    if (stack === from || !constructs) return constructs?.get(address);
    // cdktf names an output after the address, its dots left out, with the attribute at the end.
    return [...constructs].find(([candidate]) => address.startsWith(candidate.replaceAll(".", "")))?.[1];
  };
  return {
    ofId: (id) => {
      const [construct, ...others] = ids.get(id) ?? [];
      return others.length === 0 ? construct : undefined;
    },
    referredBy: (stack, address, argument) => {
      const [type = "", name = ""] = address.split(".");
      const value = code.get(stack)?.json.resource?.[type]?.[name]?.[argument];
      return value === undefined
        ? []
        : [...new Set([...referencesOf({ value })].flatMap((reference) => constructOf(stack, reference) ?? []))];
    },
  };
}
