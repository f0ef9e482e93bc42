import { Command } from "commander";
import { loadEnvironment } from "../environments";
import { runCdktf } from "../terraform/cdktf";
import type { Project } from "./project";
import { refusePlaceholderAccount } from "../delivery/examples";
import { confirmByName } from "./shared/confirm";
import { journaled } from "../delivery/journal";
import { environmentArgument } from "./shared/environment-argument";
import { protectedIn, synthesisedStacks } from "../terraform/assembly";
import { traitsOf } from "../stacks/catalogue";
import { synthesise } from "../terraform/synthesis";
import { targetOf } from "./shared/target";

interface Options {
  readonly liftProtection: boolean;
  readonly autoApprove: boolean;
  readonly confirm?: string;
}

export function destroyCommand({ root }: Project): Command {
  return new Command("destroy")
    .description(
      "Destroy all stacks of an environment on AWS, except its bootstrap, which holds the states of the others. Protected data is listed and refused.",
    )
    .addArgument(environmentArgument())
    .option("--lift-protection", "deploy once with the deletion protection lifted, then destroy: the data is lost", false)
    .option("--auto-approve", "do not ask before each stack is destroyed", false)
    .option("--confirm <name>", "the environment's name, where it would be asked for")
    .action(async (name: string, { liftProtection, autoApprove, confirm }: Options) => {
      const environment = loadEnvironment(name);
      await synthesise({ source: root, environments: [name] });
      const { output, isEmulated } = targetOf(root);
      const stacks = synthesisedStacks(output, name).filter((stack) => traitsOf(stack.name).deployedBy === "pipeline");
      const kept = stacks.flatMap((stack) => [...protectedIn(stack.json)].map((address) => `  ${stack.name}  ${address}`));
      if (kept.length > 0 && !liftProtection) {
        throw new Error(
          `${name} holds protected data; nothing was done:\n${kept.join("\n")}\nTo destroy it all the same, with everything in it: npm run destroy -- ${name} --lift-protection`,
        );
      }
      if (!isEmulated) refusePlaceholderAccount(environment);
      if (environment.stage === "production" || kept.length > 0 || confirm !== undefined)
        await confirmByName(name, "destroy it and all its data", confirm);
      const approve = autoApprove ? ["--auto-approve"] : [];
      const names = stacks.map((stack) => stack.name);
      const variables = { ENVIRONMENTS: name, ...(kept.length > 0 && { DELETION_PROTECTION: "lifted" }) };
      await journaled(
        root,
        name,
        async () => {
          if (kept.length > 0) await runCdktf(root, ["deploy", ...names, ...approve], variables);
          await runCdktf(root, ["destroy", ...names, ...approve], variables);
        },
        { forwards: false },
      );
    });
}
