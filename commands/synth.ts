import { Command } from "commander";
import { relative } from "node:path";
import { loadEnvironment } from "../environments";
import { azureNames, loadAzure } from "../environments/azure";
import type { Project } from "./project";
import { anyEnvironmentsArgument } from "./shared/environment-argument";
import { synthesisedStacks } from "../terraform/assembly";
import { synthesise } from "../terraform/synthesis";
import { blocksOf } from "../terraform/references";
import { table } from "./shared/table";
import { targetOf } from "./shared/target";

export function synthCommand({ root }: Project): Command {
  return new Command("synth")
    .description("Write the Terraform JSON of environments into cdktf.out, as `cdktf synth` does, in a quarter of the time.")
    .addArgument(anyEnvironmentsArgument())
    .action(async (names: string[]) => {
      for (const name of names) {
        if (azureNames.includes(name)) loadAzure(name);
        else loadEnvironment(name);
      }
      const started = Date.now();
      await synthesise({ source: root, environments: names });
      const stacks = synthesisedStacks(targetOf(root).output);
      console.log(
        table(
          ["stack", "resources", "folder"],
          stacks.map(({ name, json, folder }) => [
            name,
            String([...blocksOf({ resource: json.resource })].length),
            relative(process.cwd(), folder),
          ]),
        ),
      );
      console.log(`\n${stacks.length} stacks in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
    });
}
