/** What an environment costs as it is written, and with other values. */
import type { Changes } from "../../environments/reading/changes";
import type { Environment } from "../../environments/schema";
import type { DetailedLine } from "../../review/cost/charges";
import { estimate } from "../../review/cost/estimate";
import { detailedLines } from "../../review/cost/lines";
import { plannedStack } from "../../review/cost/synthesised";
import type { EnvironmentCost } from "../../review/model";
import { changedStacks } from "../shared/changed-stacks";

/** Its stacks as if all in them stood, by name. */
async function stacksOf(root: string, name: string, changes: Changes) {
  return new Map([...(await changedStacks(root, name, changes))].map(([stack, json]) => [stack, plannedStack(stack, json)]));
}

/** Line by line with what each is made of, as it is written. */
export async function estimatedLines(root: string, environment: Environment): Promise<DetailedLine[]> {
  const stacks = await stacksOf(root, environment.name, {});
  return detailedLines(
    [...stacks.values()].map(({ stack, after, region }) => ({ stack, region, resources: after })),
    environment,
  );
}

/**
 * Both sides by their own assumptions and schedule: what the values change of these is part of the difference.
 * @param environment as it is with the values
 */
export async function estimated(
  root: string,
  written: Environment,
  environment: Environment,
  values: Readonly<Record<string, string>>,
): Promise<EnvironmentCost> {
  const { name } = written;
  const isChanged = Object.keys(values).length > 0;
  const [before, after] = await Promise.all([stacksOf(root, name, {}), isChanged ? stacksOf(root, name, { values }) : undefined]);
  const asWritten = estimate({ environment: written, plans: [...before.values()] });
  if (!after) return asWritten;
  const changed = estimate({ environment, plans: [...after.values()] });
  return { ...changed, before: asWritten.after, linesBefore: asWritten.lines };
}
