import { Command } from "commander";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environmentNames, loadEnvironments } from "../environments";
import { costPage } from "../review/cost/page";
import { diagramSvg, type DiagramStack } from "../review/diagram";
import type { SynthesisedJson } from "../review/plan/compare";
import { chartReadme } from "./chart-readme";
import type { Project } from "./cli";
import { environmentsTable } from "./environments-table";
import { rightsTable, type RightsStack } from "./rights-table";
import { readStacks, synthesise } from "./synthesised";

export function docsCommand({ root }: Project): Command {
  return new Command("docs")
    .description("Write the generated pages again: the chart's values, what differs between the environments, who may do what, what it costs, and pictures.")
    .action(async () => {
      const write = (file: string, text: string) => {
        writeFileSync(join(root, file), text);
        console.log(`wrote ${file}`);
      };
      write("charts/day-trade-ml/README.md", chartReadme(readFileSync(join(root, "charts/day-trade-ml/values.yaml"), "utf8")));
      const environments = loadEnvironments();
      write("docs/environments.md", environmentsTable(environments));
      synthesise(root, []);
      const stacks = readStacks(root).map(({ name, environment, folder }) => ({ name, environment, json: JSON.parse(readFileSync(join(root, folder, "cdk.tf.json"), "utf8")) as DiagramStack & RightsStack & SynthesisedJson }));
      write("docs/rights.md", rightsTable(environments, Object.fromEntries(stacks.map(({ name, json }) => [name, json]))));
      write("docs/cost.md", costPage(environments.map((environment) => ({ environment, stacks: Object.fromEntries(stacks.filter((stack) => stack.environment === environment.name).map(({ name, json }) => [name, json])) }))));
      for (const name of environmentNames) {
        const own = stacks.filter(({ environment }) => environment === name);
        write(`docs/pictures/${name}.svg`, await diagramSvg(Object.fromEntries(own.map((stack) => [stack.name, stack.json]))));
      }
    });
}
