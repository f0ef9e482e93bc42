/** What a review of an environment's stacks finds, all of them together and without a provider. */
import type { Environment } from "../../environments/schema";
import type { Finding } from "../../review/model";
import { comparePlan, constructsOf } from "../../review/plan/compare";
import { readPlan } from "../../review/plan/read";
import { accountsOf, foreignOf, reachOf, risksOf, runsOf, type PlannedSides } from "../../review/risk";
import { protectedIn, type StackJson } from "../../terraform/assembly";

type Stacks = ReadonlyMap<string, StackJson>;

/** @param own the environment's literal @param others those of the other environments */
export function findingsOf(before: Stacks, after: Stacks, own?: Environment, others: readonly Environment[] = []): Finding[] {
  const sides = [...new Set([...before.keys(), ...after.keys()])].sort().map((stack) => sideOf(stack, before.get(stack), after.get(stack)));
  return [
    ...sides.flatMap(({ plan, before: was, after: is }) =>
      risksOf(plan, {
        protected: was ? protectedIn(was) : new Set(),
        ...(is && { protectedAfter: protectedIn(is) }),
        accounts: accountsOf(plan, was, is),
      }),
    ),
    ...reachOf(sides),
    ...foreignOf(sides, { own, others }),
    ...runsOf(sides, own?.stage),
  ];
}

/** What stays as it is is read once. */
const unchanged = new WeakMap<StackJson, PlannedSides>();

function sideOf(stack: string, before: StackJson | undefined, after: StackJson | undefined): PlannedSides {
  const known = before && before === after ? unchanged.get(before) : undefined;
  if (known) return known;
  const constructs = new Map([...(before ? constructsOf(before) : []), ...(after ? constructsOf(after) : [])]);
  const side = { plan: readPlan(comparePlan(before, after), { stack, constructs }), before, after };
  if (before && before === after) unchanged.set(before, side);
  return side;
}
