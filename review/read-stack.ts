/** The stacks of a review with their plans read. */
import type { PlannedStack } from "./cost/estimate";
import type { StackPlan } from "./model";
import { constructsOf } from "./plan/compare";
import { asConfigured } from "./plan/configured";
import { readPlan } from "./plan/read";
import type { EnvironmentInput, StackInput } from "./planning/planner";
import { isStandIn } from "./planning/upstream";

export interface ReadStack {
  readonly input: StackInput;
  readonly plan: StackPlan;
}

export interface ReadEnvironment {
  readonly input: EnvironmentInput;
  readonly stacks: readonly ReadStack[];
}

/**
 * All environments; a stack whose plan cannot be read has failed, and keeps no other from being read.
 * @throws Error when no plan of any can be read: then the folder is wrong, and not a plan
 */
export function readEnvironments(inputs: readonly EnvironmentInput[]): ReadEnvironment[] {
  const unreadable: unknown[] = [];
  const read = inputs.map((input): ReadEnvironment => {
    const stacks = input.stacks.map((stack): ReadStack => {
      try {
        return { input: stack, plan: planOf(stack) };
      } catch (error) {
        unreadable.push(error);
        const failed: StackInput = { ...stack, state: "failed", why: (error as Error).message, raw: NO_PLAN };
        return { input: failed, plan: readPlan(NO_PLAN, { stack: stack.stack }) };
      }
    });
    return { input: { ...input, stacks: stacks.map((stack) => stack.input) }, stacks };
  });
  if (unreadable.length > 0 && unreadable.length === inputs.flatMap(({ stacks }) => stacks).length) throw unreadable[0];
  return read;
}

/** Stands in for one that cannot be read. */
const NO_PLAN = JSON.stringify({
  format_version: "1.2",
  terraform_version: "1.0.0",
  planned_values: { root_module: {} },
  resource_changes: [],
});

/** @throws Error when its plan cannot be read */
export function planOf({ stack, raw, before, after }: StackInput): StackPlan {
  const constructs = new Map([...(before ? constructsOf(before) : []), ...(after ? constructsOf(after) : [])]);
  const plan = readPlan(raw, { stack, constructs });
  const isReal = ({ address }: { readonly address: string }) => !isStandIn(address);
  return { ...plan, changes: plan.changes.filter(isReal), before: plan.before.filter(isReal), after: plan.after.filter(isReal) };
}

/** Paths of all constructs that the plans speak of. */
export const constructsIn = (environments: readonly ReadEnvironment[]): string[] =>
  environments.flatMap(({ stacks }) =>
    stacks.flatMap(({ plan }) => [...plan.changes, ...plan.before, ...plan.after].map(({ construct }) => construct)),
  );

/** As the code has it, so that a stack costs the same on every kind of state, and as docs/cost.md says. Against an account there is no code of before. */
export function asPriced({ input: { before, after }, plan }: ReadStack): PlannedStack {
  return { ...plan, before: asConfigured(plan.before, before ?? after ?? {}), after: asConfigured(plan.after, after ?? before ?? {}) };
}
