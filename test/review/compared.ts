/** Environments as inputs of policy rules, without a provider: what they look like once they are deployed. */
import { loadEnvironment } from "../fixtures/environments";
import type { Changes } from "../../environments/reading/changes";
import type { Environment } from "../../environments/schema";
import { comparePlan, constructsOf } from "../../review/plan/compare";
import { readPlan } from "../../review/plan/read";
import type { PolicyInput } from "../../review/policy";
import { synthEnvironments } from "../helpers/synth";
import type { StackJson } from "../../terraform/assembly";

/** Of an example. */
export const comparedInputs = (name: string, changes?: Changes): PolicyInput[] => comparedInputsOf(loadEnvironment(name, changes));

export function comparedInputsOf(environment: Environment): PolicyInput[] {
  const stacks = synthEnvironments({ target: { kind: "aws" }, environments: [environment] }) as Readonly<Record<string, StackJson>>;
  return Object.entries(stacks).map(([stack, synthesised]) => comparedInput(stack, synthesised));
}

export function comparedInput(stack: string, synthesised: StackJson): PolicyInput {
  const raw = comparePlan(undefined, synthesised);
  return { raw, synthesised, plan: readPlan(raw, { stack, constructs: constructsOf(synthesised) }) };
}
