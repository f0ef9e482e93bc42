import { Command } from "commander";
import { loadEnvironment } from "../environments";
import { parseImages } from "../environments/reading/changes";
import { refusePlaceholderAccount } from "../delivery/examples";
import type { Project } from "./project";
import { imageOption } from "./deploy";
import { askAccount, stacksToDeploy } from "./preflight/ask";
import { rowsText, wouldFail } from "./preflight/rows";
import { environmentArgument } from "./shared/environment-argument";
import { targetOf } from "./shared/target";

interface Options {
  readonly image: readonly string[];
  readonly stacks?: string;
  readonly json: boolean;
}

export function preflightCommand({ root }: Project): Command {
  return new Command("preflight")
    .description(
      "What a deploy needs and code does not make, asked of the account: certificates, images, service-linked roles, quotas, … Needs credentials, reading ones are enough; makes nothing. Exit code 1 where a deploy would fail.",
    )
    .addArgument(environmentArgument())
    .addOption(imageOption())
    .option("--stacks <names>", "what these stacks need, separated by commas, such as network,data (default: all)")
    .option("--json", "as JSON on standard output: npm run --silent preflight -- dev --json", false)
    .action(async (name: string, { image, stacks, json }: Options) => {
      const changes = { images: parseImages(image.join(",")) };
      const environment = loadEnvironment(name, changes);
      if (!targetOf(root).isEmulated) refusePlaceholderAccount(environment);
      const rows = await askAccount(root, environment, await stacksToDeploy(root, name, changes, stacks), json);
      console.log(json ? JSON.stringify({ version: 1, environment: name, rows }, null, 2) : rowsText(name, rows));
      if (wouldFail(rows)) process.exitCode = 1;
    });
}
