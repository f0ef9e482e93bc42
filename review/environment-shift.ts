/** An environment that comes, goes, or moves to another account or region: what it leaves behind, and what it has there as it had it before. */
import type { Environment } from "../environments/schema";
import { estimate } from "./cost/estimate";
import { canonical, isObject } from "./json-values";
import type { LeftBehind, Place, Shift } from "./model";
import type { EnvironmentInput, StackInput } from "./planning/planner";
import { planOf } from "./read-stack";

/** What happens to an environment as a whole, with what it leaves behind. */
export function shiftIn(
  { stacks, shift, left = stacks }: Pick<EnvironmentInput, "stacks" | "shift" | "left">,
  environment: Environment | undefined,
): Shift | undefined {
  if (!shift) return undefined;
  const { kind, from = {}, to = {} } = shift;
  if (kind === "new") return { kind, to };
  const plans = left.map(planOf);
  const standing: LeftBehind = {
    resources: plans.reduce((sum, { after }) => sum + after.length, 0),
    monthly: estimate({ plans, environment }).after,
  };
  return kind === "moved" ? { kind, from, to, left: standing } : { kind, from, left: standing };
}

/**
 * Resources whose code is the same at both places, but for account and region: of them a change says nothing but that they move.
 * @returns a test of a stack's name and an address in it
 */
export function movesAsItStood(
  left: readonly StackInput[],
  stacks: readonly StackInput[],
  from: Place,
  to: Place,
): (stack: string, address: string | undefined) => boolean {
  const there = (text: string): string =>
    (["account", "region"] as const).reduce(
      (moved, key) => (from[key] === undefined || to[key] === undefined ? moved : moved.replaceAll(from[key], to[key])),
      text,
    );
  const before = new Map(
    left.flatMap(({ stack, before: json }) =>
      blocksIn(json).map(([address, block]) => [`${stack} ${address}`, there(canonical(block))] as const),
    ),
  );
  const same = new Set(
    stacks
      .flatMap(({ stack, after }) => blocksIn(after).map(([address, block]) => [`${stack} ${address}`, canonical(block)] as const))
      .filter(([key, block]) => before.get(key) === block)
      .map(([key]) => key),
  );
  return (stack, address) => same.has(`${stack} ${address}`);
}

const blocksIn = (json: StackInput["after"]): [string, unknown][] =>
  Object.entries(json?.resource ?? {}).flatMap(([type, named]) =>
    Object.entries(named)
      .filter(([, block]) => isObject(block))
      .map(([name, block]): [string, unknown] => [`${type}.${name}`, block]),
  );
