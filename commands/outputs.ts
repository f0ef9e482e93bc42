import { Command } from "commander";
import { Listr } from "listr2";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentNames, loadEnvironment } from "../environments";
import type { Environment } from "../environments/schema";
import { NOBODY } from "../rehearsal/emulator";
import type { Project } from "./project";
import { readOutputs, type StackOutputs } from "../delivery/outputs";
import { stacksInOrder } from "../terraform/assembly";
import { Terraform } from "../delivery/terraform";
import { pageOf, waysIn } from "../delivery/ways-in";
import { placeOf, targetOf, type Place } from "./shared/target";
import { synthesise } from "../terraform/synthesis";
import { terraformSettings } from "../terraform/settings";

interface Options {
  readonly rehearsal: boolean;
  readonly json: boolean;
  readonly references?: string;
}

/** Whose states are read. */
interface Source extends Pick<Place, "kind" | "words"> {
  /** Folder of the synthesised stacks, which say where their states are. */
  readonly output: string;
  readonly variables: Readonly<Record<string, string>>;
}

export function outputsCommand({ root }: Project): Command {
  return new Command("outputs")
    .description(
      "What is deployed, by the outputs of all stacks of an environment: names, ids and addresses, pages of AWS's console, and the commands to get in. Only the states are read.",
    )
    .argument("<environment>", `one of ${environmentNames.join(", ")}`)
    .option(
      "--rehearsal",
      "of the kept rehearsal in place of the account (default where one is kept and there are no credentials of AWS)",
      false,
    )
    .option("--json", "as JSON on standard output: npm run --silent outputs -- dev --json", false)
    .option(
      "--references <file>",
      "write all outputs to a file, by the references that stacks read one another by: what npm run manifests takes as --outputs",
    )
    .action(async (name: string, { rehearsal, json, references }: Options) => {
      const environment = loadEnvironment(name);
      const source = await sourceOf(root, environment, rehearsal);
      const stacks = await read(root, environment, source, json);
      if (stacks.every((stack) => Object.keys(stack.references).length === 0))
        throw new Error(
          `Nothing of ${name} is deployed ${source.words}. npm run deploy -- ${name} deploys it to AWS, npm run rehearse -- ${name} --keep on this machine.`,
        );
      if (references !== undefined)
        writeFileSync(
          references,
          `${JSON.stringify(Object.fromEntries(stacks.flatMap((stack) => Object.entries(stack.references).map(([key, value]) => [key, { value }]))), null, 2)}\n`,
          { mode: 0o600 },
        );
      console.log(json ? JSON.stringify(outputsJson(environment, source.kind, stacks), null, 2) : outputsText(environment, source, stacks));
    });
}

/**
 * What one stack of an environment says of itself, by the outputs' names; nothing where it is not deployed.
 * @param stack its own name, such as `web`
 */
export async function deployedOf(
  root: string,
  environment: Environment,
  place: Place,
  stack: string,
): Promise<ReadonlyMap<string, unknown>> {
  const source = await sourceAt(root, environment, place);
  const [found] = await read(root, environment, source, true, [`${environment.name}-${stack}`]);
  return new Map(found?.outputs.map(({ name, value }) => [name, value]));
}

const sourceOf = (root: string, environment: Environment, wantsRehearsal: boolean): Promise<Source> =>
  sourceAt(root, environment, placeOf(root, environment, wantsRehearsal));

/** @throws Error when there is nothing that could be asked */
async function sourceAt(root: string, environment: Environment, { kind, words, endpoint, output }: Place): Promise<Source> {
  if (output !== undefined)
    return { kind, words, output, variables: { ...(endpoint && { AWS_ENDPOINT_URL: endpoint }), AWS_EC2_METADATA_DISABLED: "true" } };
  await synthesise({ source: root, environments: [environment.name] });
  return { kind, words, output: targetOf(root).output, variables: {} };
}

/** The states one beside the other: each is a second of waiting. */
async function read(
  root: string,
  { name, stateBucket }: Environment,
  { kind, output, variables, words }: Source,
  quiet: boolean,
  only?: readonly string[],
): Promise<StackOutputs[]> {
  const settings = terraformSettings(join(root, ".rehearsal"));
  const nobody = kind === "rehearsal" ? NOBODY : {};
  const terraform = new Terraform({ ...settings, variables: { ...settings.variables, ...nobody } }, variables);
  const scratch = mkdtempSync(join(tmpdir(), "outputs-"));
  if (quiet) console.error(`Reading the states of ${name} ${words}`);
  const found = new Map<string, StackOutputs>();
  const stacks = stacksInOrder(output).filter((stack) => !only || only.includes(stack.name));
  try {
    await new Listr(
      stacks.map((stack) => ({
        title: `State of ${stack.name}`,
        task: async () => {
          found.set(stack.name, await readOutputs(stack, scratch, terraform));
        },
      })),
      {
        concurrent: 4,
        exitOnError: true,
        registerSignalListeners: false,
        ...(quiet ? { renderer: "silent" } : { fallbackRenderer: "simple" }),
      },
    ).run();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (/NoSuchBucket|bucket "[^"]*" does not exist/i.test(error.message))
      throw new Error(
        `Nothing of ${name} is deployed ${words}: there is no bucket ${stateBucket} for its states yet (docs/deploying.md makes it).`,
      );
    throw new Error(`The states of ${name} ${words} cannot be read:\n${error.message}`);
  } finally {
    terraform.dispose();
    rmSync(scratch, { recursive: true, force: true });
  }
  return stacks.map(({ name: stack }) => found.get(stack)!);
}

/** Pages of the console and ways in are those of AWS: a rehearsal has none. */
export function outputsJson(environment: Environment, from: Source["kind"], stacks: readonly StackOutputs[]): object {
  const { account, name, region } = environment;
  const isReal = from === "account";
  return {
    version: 1,
    environment: name,
    account,
    region,
    from,
    stacks: stacks.map(({ stack, outputs }) => ({
      stack,
      outputs: outputs.map((output) => ({ ...output, ...(isReal && { console: pageOf(output.name, output.value, environment) }) })),
    })),
    ways: isReal ? waysIn(stacks, environment) : [],
  };
}

export function outputsText(
  environment: Environment,
  { kind, words }: Pick<Source, "kind" | "words">,
  stacks: readonly StackOutputs[],
): string {
  const isReal = kind === "account";
  const line = ({ name, value, description }: StackOutputs["outputs"][number]) => [
    `  ${name} = ${typeof value === "string" ? value : JSON.stringify(value)}`,
    ...(description === undefined ? [] : [`      ${description}`]),
    ...(isReal ? [pageOf(name, value, environment)].flatMap((page) => (page === undefined ? [] : [`      ${page}`])) : []),
  ];
  const empty = stacks.filter(({ references }) => Object.keys(references).length === 0).map(({ stack }) => stack);
  const ways = isReal ? waysIn(stacks, environment) : [];
  return [
    `${environment.name}, as it is deployed ${words}`,
    "",
    ...stacks.filter(({ outputs }) => outputs.length > 0).flatMap(({ stack, outputs }) => [stack, ...outputs.flatMap(line), ""]),
    ...(empty.length > 0 ? [`Not deployed, or without outputs: ${empty.join(", ")}`, ""] : []),
    ...ways.flatMap(({ title, command }) => [title, `  ${command}`]),
    ...(isReal ? [] : ["A rehearsal has no pages in AWS's console, and no machine to get into."]),
  ]
    .join("\n")
    .trimEnd();
}
