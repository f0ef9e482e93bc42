/** Whether an environment is there at all at the base, and stands at the same place: if not, there is nothing to plan its stacks on. */
import type { Place } from "../model";
import { comparePlan } from "../plan/compare";
import { isObject, listOf } from "../json-values";
import type { BareShift, StackInput } from "./planner";
import type { SynthesisedStack } from "../../terraform/assembly";

type Stacks = ReadonlyMap<string, SynthesisedStack>;

/** @returns undefined where it stays where it is */
export function shiftOf(before: Stacks, after: Stacks): BareShift | undefined {
  const [from, to] = [placeOf(before), placeOf(after)];
  if (before.size === 0) return { kind: "new", to };
  if (after.size === 0) return { kind: "gone", from };
  const differs = (key: keyof Place) => from[key] !== undefined && to[key] !== undefined && from[key] !== to[key];
  return differs("account") || differs("region") ? { kind: "moved", from, to } : undefined;
}

/** Stacks that nothing synthesises any more: no plan speaks of them, and their resources stay. */
export const orphans = (before: Stacks, after: Stacks): StackInput[] =>
  [...before.values()]
    .filter(({ name }) => !after.has(name))
    .map(({ name: stack, json }) => ({
      stack,
      state: "orphaned",
      before: json,
      raw: comparePlan(json, json),
      why: "it is no longer synthesised: Terraform forgets it, and all its resources stay in the account, paid for and without an owner, unless it is destroyed first from the base",
    }));

/** What its provider of AWS is set to: the first without an alias. */
function placeOf(stacks: Stacks): Place {
  const [main] = [...stacks.values()]
    .flatMap(({ json }) => listOf(json.provider?.aws))
    .filter(isObject)
    .filter(({ alias }) => alias === undefined);
  const [account] = listOf(main?.allowed_account_ids);
  return { ...(typeof account === "string" && { account }), ...(typeof main?.region === "string" && { region: main.region }) };
}
