import { Command } from "commander";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadEnvironments } from "../environments";
import type { Environment } from "../environments/schema";
import { costPage } from "../review/cost/page";
import type { PictureStack } from "../review/pictures/read";
import type { SynthesisedJson } from "../review/plan/compare";
import { chartReadme } from "./chart-readme";
import { textFiles } from "./citations";
import type { Project } from "./cli";
import { environmentsTable } from "./environments-table";
import { emulatorPackages, MACHINE_TYPES, machineTypes, NODE_ADDRESSES, nodeAddresses } from "./machine-types";
import { PICTURES, pictures } from "./pictures";
import { requirementPages } from "./requirements";
import { rightsTable, type RightsStack } from "./rights-table";
import { readStacks, synthesise } from "./synthesised";
import { CHART_FOLDER, VALUES_FILE, valuesFiles } from "./values-files";
import { workflowTexts } from "./workflows";

type Stack = PictureStack & RightsStack & SynthesisedJson;

/**
 * The pages that say what the literals say: path in the project → text.
 * @param root the project's folder
 * @param stacks all stacks of the environments, by name, as they are synthesised for AWS
 */
export async function generatedPages(root: string, environments: readonly Environment[], stacks: Readonly<Record<string, Stack>>): Promise<Readonly<Record<string, string>>> {
  const own = environments.map((environment) => ({ environment, stacks: Object.fromEntries(Object.entries(stacks).filter(([name]) => name.startsWith(`${environment.name}-`))) }));
  return {
    "docs/environments.md": environmentsTable(environments),
    "docs/rights.md": rightsTable(environments, stacks),
    "docs/cost.md": costPage(own),
    ...Object.fromEntries(Object.entries(valuesFiles(environments)).map(([file, text]) => [`${CHART_FOLDER}/${file}`, text])),
    ...Object.fromEntries(await pictures(own, root)),
  };
}

/** Pages of what there is no longer, such as an environment that was removed. @param pages those that there are, by path */
export function leftPages(root: string, pages: Readonly<Record<string, string>>): readonly string[] {
  const generated = [[PICTURES, /\.svg$/], [CHART_FOLDER, VALUES_FILE]] as const;
  return generated.flatMap(([folder, name]) => readdirSync(join(root, folder)).filter((file) => name.test(file)).map((file) => `${folder}/${file}`)).filter((file) => !Object.hasOwn(pages, file));
}

export function docsCommand({ root }: Project): Command {
  return new Command("docs")
    .description("Write again what is generated: pages on the chart's values, on what differs between the environments, who may do what, what it costs and where requirements are built, pictures, the environments that the workflows offer, and the machine types that AWS knows.")
    .action(async () => {
      const packages = emulatorPackages(root);
      const environments = loadEnvironments();
      synthesise(root, []);
      const stacks = Object.fromEntries(readStacks(root).map(({ name, folder }) => [name, JSON.parse(readFileSync(join(root, folder, "cdk.tf.json"), "utf8")) as Stack]));
      const pages = {
        ...packages && { [MACHINE_TYPES]: machineTypes(packages), [NODE_ADDRESSES]: nodeAddresses(packages) },
        [`${CHART_FOLDER}/README.md`]: chartReadme(readFileSync(join(root, CHART_FOLDER, "values.yaml"), "utf8")),
        ...workflowTexts(root, environments),
        ...await generatedPages(root, environments, stacks),
      };
      const write = (file: string, text: string) => {
        writeFileSync(join(root, file), text);
        console.log(`wrote ${file}`);
      };
      for (const file of leftPages(root, pages)) rmSync(join(root, file));
      for (const [file, text] of Object.entries(pages)) write(file, text);
      // Last, because the pages above cite requirements too.
      for (const { path, text } of requirementPages(textFiles(root))) write(path, text);
    });
}
