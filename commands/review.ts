import { Command } from "commander";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { loadEnvironment } from "../environments";
import { parseImages } from "../environments/reading/changes";
import { assemble } from "../review/assemble";
import { isRefused, type Report } from "../review/model";
import { collectPlans } from "../review/planning/collect";
import { checkovPython } from "../review/policy/python";
import { json } from "../review/report/json";
import { markdown } from "../review/report/markdown";
import { page } from "../review/report/page";
import { summary } from "../review/report/summary";
import { classOf, heldBy } from "../review/risk";
import type { Project } from "./project";
import { journaled } from "../delivery/journal";
import { imageOption } from "./deploy";
import { environmentsArgument } from "./shared/environment-argument";

interface Options {
  readonly base?: string;
  readonly rehearse: boolean;
  readonly account: boolean;
  readonly plan?: string;
  readonly out: string;
  readonly image: readonly string[];
}

export function reviewCommand({ root, python }: Project): Command {
  return new Command("review")
    .description("What a change does: what is created, replaced and destroyed in which environment, what it risks, opens and costs. Without credentials the working tree is planned on another commit, by the real provider, on a state that is made of that commit's code. Exit code 1 where something is refused that review/exceptions.yaml does not let pass.")
    .addArgument(environmentsArgument("all; with --plan: whatever the folder holds"))
    .option("--base <rev>", "compare with the commit where the working tree left this branch (default: origin/main, else main)")
    .option("--rehearse", "deploy the base on the AWS emulator, in place of making its state from its code: minutes in place of seconds", false)
    .option("--account", "plan against the account with the credentials at hand, in place of another commit (default where there are any and neither --base nor --rehearse)", false)
    .option("--plan <folder>", "read plans from files <stack>.json of `terraform show -json`, of this project or of any other")
    .option("--out <folder>", "where review.md, review.html and review.json are written", "review.out")
    .addOption(imageOption())
    .action(async (names: string[], { out, image, ...options }: Options) => {
      if ([options.plan, options.base ?? (options.rehearse || undefined), options.account || undefined].filter((chosen) => chosen !== undefined).length > 1) {
        throw new Error("--plan, --base (with or without --rehearse) and --account exclude each other: plans come from files, from another commit, or from the account.");
      }
      for (const name of names) loadEnvironment(name);
      const report = await review({ root, python, names, changes: { images: parseImages(image.join(",")) }, ...options });
      const told = { classOf, heldBy };
      const files = { "review.md": markdown(report, told), "review.html": page(report, { ...told, root }), "review.json": json(report, { classOf }) };
      mkdirSync(out, { recursive: true });
      for (const [file, text] of Object.entries(files)) writeFileSync(join(out, file), text);
      console.log(`\n${summary(report, classOf)}\n\nThe whole review: ${join(relative(process.cwd(), resolve(out)), "review.html")} (beside it review.md, review.json)`);
      if (isRefused(report)) process.exitCode = 1;
    });
}

async function review(options: Parameters<typeof collectPlans>[0]): Promise<Report> {
  const { root } = options;
  let report: Report | undefined;
  let installed: Promise<string> | undefined;
  const python = () => (installed ??= checkovPython(root));
  // Installing takes most of a minute on a new machine: beside the plans, and not at all where nothing changed.
  const onChange = () => { python().catch(() => undefined); };
  await collectPlans({ ...options, preferAccount: true, onChange, whileAsked: (name, ask) => journaled(root, name, ask) }, {
    title: "Rules, policy, cost",
    task: async (collected) => { report = await assemble({ root, python, today: new Date().toISOString().slice(0, 10), ...collected }); },
  });
  return report!;
}
