import { Command } from "commander";
import { appendFileSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { journaled } from "../delivery/journal";
import { loadAny } from "../environments/clouds";
import { parseImages } from "../environments/reading/changes";
import { isRefused } from "../review/model";
import { writeReport } from "../review/report/files";
import { summary } from "../review/report/summary";
import { review } from "../review/review";
import { classOf } from "../review/risk";
import { RULES_PAGE } from "../review/rules";
import type { Project } from "./project";
import { imageOption } from "./deploy";
import { refuseWithoutClient } from "./shared/azure-client";
import { anyEnvironmentsArgument } from "./shared/environment-argument";

interface Options {
  readonly base?: string;
  readonly rehearse: boolean;
  readonly account: boolean;
  readonly plan?: string;
  readonly out: string;
  readonly summary?: string;
  readonly image: readonly string[];
}

export function reviewCommand({ root, python }: Project): Command {
  return new Command("review")
    .description(
      "What a change does: what is created, replaced and destroyed in which environment, what it risks, opens and costs. Without credentials the working tree is planned on another commit, by the real provider, on a state that is made of that commit's code. Exit code 1 where something is refused that review/exceptions.yaml does not let pass.",
    )
    .addArgument(anyEnvironmentsArgument("all of AWS; with --plan: whatever the folder holds"))
    .option("--base <rev>", "compare with the commit where the working tree left this branch (default: origin/main, else main)")
    .option(
      "--rehearse",
      "deploy the base on the AWS emulator, in place of making its state from its code: minutes in place of seconds",
      false,
    )
    .option(
      "--account",
      "plan against the account with the credentials at hand, in place of another commit (default where there are any and neither --base nor --rehearse)",
      false,
    )
    .option("--plan <folder>", "read plans from files <stack>.json of `terraform show -json`, of this project or of any other")
    .option("--out <folder>", "where review.html, review.md, review.json, review.sarif and review.junit.xml are written", "review.out")
    .option("--summary <file>", "append the review to a file as Markdown, such as $GITHUB_STEP_SUMMARY")
    .addOption(imageOption())
    .action(async (names: string[], { out, image, summary: appended, ...options }: Options) => {
      refuseTwoSources(options);
      for (const name of names) {
        const environment = loadAny(name);
        if ("subscription" in environment) refuseWithoutClient(environment, "plan", process.env);
      }
      const report = await review({
        root,
        python,
        names,
        changes: { images: parseImages(image.join(",")) },
        preferAccount: true,
        whileAsked: (name, ask) => journaled(root, name, ask),
        ...options,
      });
      const page = writeReport(report, out, root, rulesAddress(process.env));
      if (appended) appendFileSync(appended, readFileSync(join(dirname(page), "review.md")));
      console.log(
        `\n${summary(report, classOf)}\n\nThe whole review: ${relative(process.cwd(), resolve(page))} (beside it review.md, review.json, review.sarif, review.junit.xml)`,
      );
      if (isRefused(report)) process.exitCode = 1;
    });
}

/** In a workflow of GitHub Actions, the page beside the code of the default branch; on a machine of ours nobody knows where it is read. */
const rulesAddress = ({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository }: NodeJS.ProcessEnv): string | undefined =>
  server && repository ? `${server}/${repository}/blob/HEAD/${RULES_PAGE}` : undefined;

/** @throws Error where plans are to come from more than one place */
function refuseTwoSources({ plan, base, rehearse, account }: Omit<Options, "out" | "image" | "summary">): void {
  if ([plan !== undefined, base !== undefined || rehearse, account].filter(Boolean).length > 1) {
    throw new Error(
      "--plan, --base (with or without --rehearse) and --account exclude each other: plans come from files, from another commit, or from the account.",
    );
  }
}
