/** A synthesised stack for the estimate, as if everything in it were there already: whatever holds a reference is unknown. */
import { comparePlan, constructsOf } from "../plan/compare";
import { readPlan } from "../plan/read";
import type { PlannedStack } from "./estimate";
import type { StackJson } from "../../terraform/assembly";

export const plannedStack = (stack: string, json: StackJson): PlannedStack =>
  readPlan(comparePlan(json, json), { stack, constructs: constructsOf(json) });
