import { Command } from "commander";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadEnvironments } from "../environments";
import type { Environment } from "../environments/schema";
import { ALARMS_PAGE, alarmsPage } from "./pages/alarms-page";
import { costPage } from "./pages/cost-page";
import { dashboardPages } from "./pages/dashboards/page";
import { chartReadme } from "./pages/chart-readme";
import { textFiles } from "./pages/citations";
import type { Project } from "./project";
import { environmentsTable } from "./pages/environments-table";
import { emulatorPackages, MACHINE_TYPES, machineTypes, NODE_ADDRESSES, nodeAddresses } from "./pages/machine-types";
import { azurePicture, PICTURES, pictures } from "./pages/pictures";
import { awsSchemas, providerSchema, PROVIDER_SCHEMA } from "./pages/provider-schema";
import { RECOVERY_PAGE, recoveryPage } from "./pages/recovery-page";
import { requirementPages } from "./pages/requirements";
import { rulesPage } from "./pages/rules-page";
import { rightsTable } from "./pages/rights-table";
import { GENERATED, RUNBOOK_PAGES, runbookPages } from "./pages/runbook-pages";
import { RULES_PAGE } from "../review/rules";
import { synthesisedStacks, type StackJson } from "../terraform/assembly";
import { synthesise } from "../terraform/synthesis";
import { targetOf } from "./shared/target";
import { tierMoves, TIERS_PAGE } from "./pages/tier-moves";
import { SLACK_PICTURE, slackPictureOf } from "./pages/slack/messages";
import { CHART_FOLDER, VALUES_FILE, valuesFiles } from "./pages/values-files";
import { watchedTable } from "./pages/watched-table";
import { workflowTexts } from "./pages/workflows";

/** The environment on Azure that has a picture: the documents' figures are its. */
export const AZURE_PICTURED = "azure-prod";

/**
 * The pages that say what the literals say: path in the project → text.
 * @param root the project's folder
 * @param stacks all stacks of the environments, by name, as they are synthesised for AWS
 * @param azure those of {@link AZURE_PICTURED}
 */
export async function generatedPages(
  root: string,
  environments: readonly Environment[],
  stacks: Readonly<Record<string, StackJson>>,
  azure: Readonly<Record<string, StackJson>>,
): Promise<Readonly<Record<string, string>>> {
  const moving = environments.find(({ network, web }) => network.kind === "dedicated" && web?.backend && web.database);
  const own = environments.map((environment) => ({
    environment,
    stacks: Object.fromEntries(Object.entries(stacks).filter(([name]) => name.startsWith(`${environment.name}-`))),
  }));
  return {
    "docs/environments.md": environmentsTable(environments),
    "docs/rights.md": rightsTable(environments, stacks),
    "docs/watched.md": watchedTable(
      environments,
      stacks,
      readFileSync(join(root, CHART_FOLDER, "templates/prometheus-rules.yaml"), "utf8"),
    ),
    "docs/cost.md": costPage(own),
    ...(moving && { [TIERS_PAGE]: await tierMoves(root, moving) }),
    [RULES_PAGE]: rulesPage(),
    [ALARMS_PAGE]: alarmsPage(environments, stacks),
    ...runbookPages(),
    [RECOVERY_PAGE]: recoveryPage(readFileSync(join(root, RECOVERY_PAGE), "utf8"), environments),
    ...Object.fromEntries(Object.entries(valuesFiles(environments)).map(([file, text]) => [`${CHART_FOLDER}/${file}`, text])),
    ...Object.fromEntries(dashboardPages(environments, stacks)),
    [SLACK_PICTURE]: await slackPictureOf(environments, stacks),
    ...Object.fromEntries([...(await pictures(own, root)), await azurePicture(AZURE_PICTURED, azure, root)]),
  };
}

/** Pages of what there is no longer, such as an environment that was removed. @param pages those that there are, by path */
export function leftPages(root: string, pages: Readonly<Record<string, string>>): readonly string[] {
  const any = () => true;
  const generated = [
    [PICTURES, /\.svg$/, any],
    [CHART_FOLDER, VALUES_FILE, any],
    [RUNBOOK_PAGES, /\.md$/, (file: string) => readFileSync(join(root, file), "utf8").includes(GENERATED)],
  ] as const;
  return generated
    .flatMap(([folder, name, isGenerated]) =>
      readdirSync(join(root, folder))
        .filter((file) => name.test(file))
        .map((file) => `${folder}/${file}`)
        .filter(isGenerated),
    )
    .filter((file) => !Object.hasOwn(pages, file));
}

export function docsCommand({ root }: Project): Command {
  return new Command("docs")
    .description(
      "Write again what is generated: pages on the chart's values, on what differs between the environments, what is told and when, what can be lost and how it comes back, what the services are watched for, the runbooks that are run, who may do what, what it costs, the rules of the review and where requirements are built, pictures, the environments that the workflows offer, the machine types that AWS knows, and what the providers' schemas say of the names that the review uses.",
    )
    .action(async () => {
      const packages = emulatorPackages(root);
      const schemas = awsSchemas();
      const environments = loadEnvironments();
      await synthesise({ source: root, environments: [...environments.map(({ name }) => name), AZURE_PICTURED] });
      const all = synthesisedStacks(targetOf(root).output)
        .map(({ name, json }) => [name, json] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1));
      const isAzure = ([name]: readonly [string, StackJson]) => name.startsWith(`${AZURE_PICTURED}-`);
      const pages = {
        ...(packages && { [MACHINE_TYPES]: machineTypes(packages), [NODE_ADDRESSES]: nodeAddresses(packages) }),
        ...(schemas && { [PROVIDER_SCHEMA]: providerSchema(root, schemas) }),
        [`${CHART_FOLDER}/README.md`]: chartReadme(readFileSync(join(root, CHART_FOLDER, "values.yaml"), "utf8")),
        ...workflowTexts(root, environments),
        ...(await generatedPages(
          root,
          environments,
          Object.fromEntries(all.filter((stack) => !isAzure(stack))),
          Object.fromEntries(all.filter(isAzure)),
        )),
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
