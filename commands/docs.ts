import { Command } from "commander";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environmentNames, loadEnvironments } from "../environments";
import { diagramSvg, type DiagramStack } from "../review/diagram";
import type { Project } from "./cli";
import { environmentsTable } from "./environments-table";
import { readStacks, synthesise } from "./synthesised";

export function docsCommand({ root }: Project): Command {
  return new Command("docs")
    .description("Write the generated parts of docs/ again: what differs between the environments, and their pictures.")
    .action(async () => {
      const write = (file: string, text: string) => {
        writeFileSync(join(root, file), text);
        console.log(`wrote ${file}`);
      };
      write("docs/environments.md", environmentsTable(loadEnvironments()));
      synthesise(root, []);
      const stacks = readStacks(root);
      for (const name of environmentNames) {
        const own = stacks.filter(({ environment }) => environment === name);
        const json = Object.fromEntries(own.map((stack) => [stack.name, JSON.parse(readFileSync(join(root, stack.folder, "cdk.tf.json"), "utf8")) as DiagramStack]));
        write(`docs/pictures/${name}.svg`, await diagramSvg(json));
      }
    });
}
