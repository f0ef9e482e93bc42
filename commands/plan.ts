import { Command } from "commander";
import { loadEnvironment } from "../environments";
import { parseImages } from "../environments/reading/changes";
import { shiftIn } from "../review/environment-shift";
import { collectPlans, type Collected } from "../review/planning/collect";
import { planOf } from "../review/read-stack";
import { planText } from "../review/report/plan-text";
import type { Project } from "./project";
import { imageOption } from "./deploy";
import { environmentsArgument } from "./shared/environment-argument";

interface Options {
  readonly base?: string;
  readonly image: readonly string[];
}

export function planCommand({ root, python }: Project): Command {
  return new Command("plan")
    .description(
      "What the working tree would change, planned by the real provider without an account, credentials or a deploy: in seconds, before a pull request. Against the account itself: npm run diff. Nothing is judged; npm run review does that.",
    )
    .addArgument(environmentsArgument())
    .option("--base <rev>", "compare with the commit where the working tree left this branch (default: origin/main, else main)")
    .addOption(imageOption())
    .action(async (names: string[], { base, image }: Options) => {
      for (const name of names) loadEnvironment(name);
      let collected: Collected | undefined;
      await collectPlans(
        { root, python, names, base, changes: { images: parseImages(image.join(",")) } },
        {
          title: "Plans",
          task: (all) => {
            collected = all;
          },
        },
      );
      const { source, inputs, limits, environments } = collected!;
      const stacks = inputs.flatMap((input) =>
        input.stacks.map((stack) => ({ stack: stack.stack, state: stack.state, why: stack.why, plan: planOf(stack) })),
      );
      console.log(
        `\n${planText(
          source,
          stacks,
          limits,
          inputs.map((input) => ({ environment: input.environment, shift: shiftIn(input, environments.get(input.environment)) })),
        )}`,
      );
    });
}
