import { Command } from "commander";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environmentNames } from "../environments";
import { diagramSvg, type DiagramStack } from "../review/diagram";
import type { Project } from "./cli";
import { readStacks, synthesise } from "./synthesised";

export function docsCommand({ root }: Project): Command {
  return new Command("docs")
    .description("Write the generated parts of docs/ again: the pictures of the environments.")
    .action(async () => {
      synthesise(root, []);
      const stacks = readStacks(root);
      for (const name of environmentNames) {
        const own = stacks.filter(({ environment }) => environment === name);
        const json = Object.fromEntries(own.map((stack) => [stack.name, JSON.parse(readFileSync(join(root, stack.folder, "cdk.tf.json"), "utf8")) as DiagramStack]));
        const file = join("docs", "pictures", `${name}.svg`);
        writeFileSync(join(root, file), await diagramSvg(json));
        console.log(`wrote ${file}`);
      }
    });
}
