/** A synthesised stack for the estimate, as if everything in it were there already: whatever holds a reference is unknown. */
import { comparePlan, constructsOf, type SynthesisedJson } from "../plan/compare";
import { readPlan } from "../plan/read";
import type { PlannedStack } from "./estimate";

export const plannedStack = (stack: string, json: SynthesisedJson): PlannedStack =>
  readPlan(comparePlan(json, json), { stack, constructs: constructsOf(json) });
