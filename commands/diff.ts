import { Command } from "commander";
import { environmentNames, loadEnvironment } from "../environments";
import { parseImages } from "../environments/reading/changes";
import { planOf } from "../review/read-stack";
import { collectPlans, type Collected } from "../review/planning/collect";
import { planText, readOutputs, type PlannedStack } from "../review/report/plan-text";
import { countsOf, countWords } from "../review/report/phrases";
import { many } from "../review/numbers";
import type { Project } from "./project";
import { refusePlaceholderAccount } from "../delivery/examples";
import { journaled } from "../delivery/journal";
import { selectStacks } from "../terraform/assembly";
import { imageOption } from "./deploy";
import { targetOf } from "./shared/target";

interface Options {
  readonly image: readonly string[];
}

export function diffCommand({ root, python }: Project): Command {
  return new Command("diff")
    .description(
      "What a deploy would change in the account: `terraform plan` of every stack of an environment, in order; `npx cdktf diff` takes one stack only. Needs credentials, reading ones are enough. Without an account: npm run plan. What somebody changed in the account by hand: npm run drift. Judged, with risks and costs: npm run review. Exit code 0 with and without changes, 1 where a stack could not be planned.",
    )
    .argument("<environment>", `one of ${environmentNames.join(", ")}`)
    .argument("[stack...]", "only these, such as data or dev-data (default: all)")
    .addOption(imageOption())
    .action(async (name: string, wanted: string[], { image }: Options) => {
      const changes = { images: parseImages(image.join(",")) };
      const environment = loadEnvironment(name, changes);
      if (!targetOf(root).isEmulated) refusePlaceholderAccount(environment);
      let collected: Collected | undefined;
      await collectPlans(
        {
          root,
          python,
          names: [name],
          changes,
          account: true,
          select: (stacks) => selectStacks(stacks, name, wanted.join(",")),
          whileAsked: (asked, ask) => journaled(root, asked, ask),
        },
        {
          title: "Plans",
          task: (all) => {
            collected = all;
          },
        },
      );
      const { source, inputs, limits } = collected!;
      const stacks = inputs.flatMap((input) =>
        input.stacks.map((stack): PlannedStack => ({ stack: stack.stack, state: stack.state, why: stack.why, plan: planOf(stack) })),
      );
      console.log(`\n${planText(source, stacks, limits)}\n\n${summaryOf(stacks)}`);
      if (stacks.some(({ state }) => state === "failed")) process.exitCode = 1;
    });
}

/** A line for each stack. */
export function summaryOf(stacks: readonly PlannedStack[]): string {
  const width = Math.max(...stacks.map(({ stack }) => stack.length));
  return stacks.map((stack) => `${stack.stack.padEnd(width)}  ${wordsOf(stack)}`).join("\n");
}

function wordsOf({ plan, state, ...rest }: PlannedStack): string {
  if (state === "failed") return "could not be planned, see above";
  const [resources, outputs] = [countWords(countsOf([{ plan }])), readOutputs(plan).length];
  const parts = [...(resources === "nothing" ? [] : [resources]), ...(outputs > 0 ? [many(outputs, "output")] : [])];
  return `${parts.join(", ") || "nothing"}${state === "planned" || rest.why === undefined ? "" : ` (${state})`}`;
}
