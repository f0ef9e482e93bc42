/** The command line: `npm run <command>`, each with `--help`. */
import { Command, CommanderError } from "commander";
import { benchCommand } from "./bench";
import { alertCommand } from "./alert";
import { costCommand } from "./cost";
import { deployCommand } from "./deploy";
import { deployFrontendCommand } from "./deploy-frontend";
import { deployWebCommand } from "./deploy-web";
import { destroyCommand } from "./destroy";
import { diffCommand } from "./diff";
import { docsCommand } from "./docs";
import { driftCommand } from "./drift";
import { environmentCommand } from "./environment";
import { githubCommand } from "./github";
import { imageCommand } from "./image";
import { killSwitchCommand } from "./kill-switch";
import { manifestsCommand } from "./manifests";
import { outputsCommand } from "./outputs";
import { planCommand } from "./plan";
import { preflightCommand } from "./preflight";
import type { Project } from "./project";
import { rehearseCommand } from "./rehearse";
import { reviewCommand } from "./review";
import { softwareCommand } from "./software";
import { stopCommand } from "./stop";
import { synthCommand } from "./synth";
import { checkCommand, testCommand } from "./test";
import { testClusterCommand } from "./test-cluster";
import { Interrupted } from "../terraform/interrupt";
import { unlockCommand } from "./unlock";

/** @returns the exit code. @throws what a command failed with; its message is for the person who ran it */
export async function main(args: readonly string[], project: Project): Promise<number> {
  const program = new Command("npm run")
    .description("Infrastructure of a trading system: synthesise, rehearse and deploy its environments.")
    .exitOverride()
    .showHelpAfterError("(--help tells more)")
    .addCommand(rehearseCommand(project))
    .addCommand(planCommand(project))
    .addCommand(reviewCommand(project))
    .addCommand(stopCommand(project))
    .addCommand(synthCommand(project))
    .addCommand(costCommand(project))
    .addCommand(preflightCommand(project))
    .addCommand(deployCommand(project))
    .addCommand(deployFrontendCommand(project))
    .addCommand(deployWebCommand(project))
    .addCommand(imageCommand(project))
    .addCommand(destroyCommand(project))
    .addCommand(diffCommand(project))
    .addCommand(driftCommand(project))
    .addCommand(outputsCommand(project))
    .addCommand(alertCommand(project))
    .addCommand(killSwitchCommand(project))
    .addCommand(unlockCommand(project))
    .addCommand(environmentCommand(project))
    .addCommand(githubCommand())
    .addCommand(softwareCommand(project))
    .addCommand(manifestsCommand(project))
    .addCommand(docsCommand(project))
    .addCommand(benchCommand(project))
    .addCommand(testCommand(project))
    .addCommand(checkCommand(project))
    .addCommand(testClusterCommand(project));
  try {
    await program.parseAsync([...args], { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    if (error instanceof Interrupted) {
      console.error(`\n${error.message}`);
      return 130;
    }
    throw error;
  }
}
