import { Command } from "commander";
import { loadEnvironment } from "../environments";
import type { Project } from "./project";
import { environmentsArgument } from "./shared/environment-argument";
import { readStacks, synthesise } from "./synthesised";
import { table } from "./shared/table";

export function synthCommand({ root }: Project): Command {
  return new Command("synth")
    .description("Write the Terraform JSON of environments into cdktf.out, as `cdktf synth` does, in a quarter of the time.")
    .addArgument(environmentsArgument())
    .action((names: string[]) => {
      for (const name of names) loadEnvironment(name);
      const started = Date.now();
      synthesise(root, names);
      const stacks = readStacks(root).filter(({ environment }) => names.length === 0 || names.includes(environment));
      console.log(table(["stack", "resources", "folder"], stacks.map(({ name, resources, folder }) => [name, String(resources.length), folder])));
      console.log(`\n${stacks.length} stacks in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
    });
}
