/** Plans that somebody else made: files in a folder that `terraform show -json` wrote, of this project or of any other. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { EnvironmentInput, StackInput } from "./planner";
import type { SynthesisedStack } from "../../terraform/assembly";

/** The environment's name where a plan belongs to none of ours. */
export const FOREIGN = "files";

/**
 * @param environments names that a file may begin with: `prod-data.json`
 * @param synthesised of one of our stacks, where it is at hand
 * @throws Error when the folder holds no plan
 */
export function plansIn(
  folder: string,
  environments: readonly string[],
  synthesised: (stack: string) => SynthesisedStack | undefined,
): EnvironmentInput[] {
  if (!existsSync(folder)) throw new Error(`There is no folder ${folder}.`);
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort();
  if (files.length === 0)
    throw new Error(
      `${folder} holds no plan. Write one for each stack: terraform show -json plan.tfplan > ${join(folder, "<stack>.json")}`,
    );
  const found = new Map<string, StackInput[]>();
  for (const file of files) {
    const stack = basename(file, ".json");
    const environment = environments.find((name) => stack.startsWith(`${name}-`)) ?? FOREIGN;
    found.set(environment, [
      ...(found.get(environment) ?? []),
      { stack, state: "planned", raw: readFileSync(join(folder, file), "utf8"), after: synthesised(stack)?.json },
    ]);
  }
  return [...found].map(([environment, stacks]) => ({ environment, stacks }));
}
