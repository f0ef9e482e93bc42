import { Command } from "commander";
import { environmentNames, loadEnvironment } from "../environments";
import { runCdktf } from "./cdktf";
import type { Project } from "./cli";
import { confirmByName, refusePlaceholderAccount } from "./confirm";

interface Options {
  readonly autoApprove: boolean;
  readonly confirm?: string;
}

export function deployCommand({ root }: Project): Command {
  return new Command("deploy")
    .description("Deploy all stacks of an environment to AWS: `cdktf deploy '<environment>-*'` with the environment checked first. The very first deploy of an account needs its bootstrap, see docs/deploying.md.")
    .argument("<environment>", `one of ${environmentNames.join(", ")}`)
    .option("--auto-approve", "do not ask before each stack is applied", false)
    .option("--confirm <name>", "the environment's name, where it would be asked for")
    .action(async (name: string, { autoApprove, confirm }: Options) => {
      const environment = loadEnvironment(name);
      refusePlaceholderAccount(environment);
      if (environment.stage === "production") await confirmByName(name, "deploy to it", confirm);
      await runCdktf(root, ["deploy", `${name}-*`, ...(autoApprove ? ["--auto-approve"] : [])], { ENVIRONMENTS: name });
    });
}
