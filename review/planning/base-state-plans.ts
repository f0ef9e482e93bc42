/** Plans without any account or emulator: the base's state is made from its own configuration, the working tree is planned on it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { traitsOf } from "../../stacks/catalogue";
import type { Screen } from "../../rehearsal/display";
import { pluginCache, type TerraformSettings } from "../../terraform/settings";
import { Alone, Answers, KeptStates, NoBaseState, STATE_FILE, Unanswered, asksWith, baseState, closed } from "../base-state";
import { planStacks, type EnvironmentInput } from "./planner";
import { terraformWith } from "./rehearsed";
import { orphans } from "./shift";
import { PLANS } from "./slots";
import type { SynthesisedStack } from "../../terraform/assembly";

export interface StatedOptions {
  readonly root: string;
  readonly environment: string;
  /** Synthesised for AWS. */
  readonly before: ReadonlyMap<string, SynthesisedStack>;
  readonly after: ReadonlyMap<string, SynthesisedStack>;
  readonly alone: Alone;
}

/** Terraform for all environments of a review. @param folder for what `terraform init` fetches */
export const aloneIn = (folder: string, settings: TerraformSettings, signal: AbortSignal): Alone =>
  new Alone(folder, (variables) =>
    terraformWith({ ...process.env, ...settings.variables, ...pluginCache(settings), ...variables }, signal),
  );

/** @throws NoBaseState where a stack's base state cannot be made, or is not what the base itself plans nothing on */
export async function statedPlans({ root, environment, before, after, alone }: StatedOptions, screen: Screen): Promise<EnvironmentInput> {
  const answers = new Answers(new Map([...before.values()].map(({ name, json }) => [name, json])));
  const kept = new KeptStates(join(root, "node_modules", ".cache", "trading-system", "base-states"), join(root, "review", "base-state"));
  const states = new Map<string, Promise<string>>();
  const stateOf = (stack: SynthesisedStack): Promise<string> => {
    const change = after.get(stack.name);
    const asked = change ? { ...stack, json: asksWith(stack.json, change.json) } : stack;
    const known = states.get(stack.name) ?? baseState(asked, answers, alone, kept);
    states.set(stack.name, known);
    return known;
  };
  const isChanged = ({ name, digest }: SynthesisedStack) =>
    before.has(name) && before.get(name)!.digest !== digest && !traitsOf(name).needsCluster;
  // All that will be needed for sure, before the first plan waits for another.
  const begun = [...after.values()].filter(isChanged).map(({ name }) =>
    PLANS(() => {
      screen.output = `${name}: making the state of its base`;
      return stateOf(before.get(name)!);
    }),
  );

  const planned = planStacks({
    stacks: [...after.values()],
    before,
    planArguments: ["-lock=false", "-refresh=false"],
    terraform: (place, args) =>
      alone.run(
        [...after.values()].find((stack) => stack.folder === place)!,
        args,
      ),
    prepare: async (stack, json) => {
      const base = before.get(stack.name);
      if (base) writeFileSync(join(stack.folder, STATE_FILE), await stateOf(base), { mode: 0o600 });
      try {
        return closed(json, answers);
      } catch (error) {
        throw error instanceof Unanswered ? new NoBaseState(stack.name, error.message) : error;
      }
    },
    against: (stack) => (traitsOf(stack).needsCluster ? "nothing" : "world"),
    onProgress: (text) => {
      screen.output = text;
    },
  });
  // None is left running when one cannot go on.
  const [result, ...others] = await Promise.allSettled([planned, ...begun]);
  for (const outcome of [...others, result]) if (outcome.status === "rejected") throw outcome.reason;
  return { environment, stacks: [...(result as PromiseFulfilledResult<Awaited<typeof planned>>).value, ...orphans(before, after)] };
}
