/** Builders for tests of Azure: an example environment with edits, and its stacks' JSON. */
import { parseAzure } from "../../environments/azure/load";
import type { AzureEnvironment } from "../../environments/azure/schema";
import { EnvironmentError } from "../../environments/reading/parse";
import { azureLiterals } from "../fixtures/azure";
import { withAt } from "./leaves";
import { synthEnvironments, type Block, type StackJson } from "./synth";

export type AzureName = keyof typeof azureLiterals;
/** Values by path, such as `{ "services.ml.cpu": 512 }`; undefined takes one away. */
export type AzureEdits = Readonly<Record<string, unknown>>;

export const editedLiteral = (name: AzureName, edits: AzureEdits): unknown =>
  Object.entries(edits).reduce<unknown>((literal, [path, value]) => withAt(literal, path.split("."), value), azureLiterals[name]);

export const azureEnvironment = (name: AzureName, edits: AzureEdits = {}): AzureEnvironment =>
  parseAzure(JSON.parse(JSON.stringify(editedLiteral(name, edits))), "azure.ts");

/** Paths of what is refused; none when the literal is accepted. */
export function refusedPaths(name: AzureName, edits: AzureEdits): readonly string[] {
  try {
    azureEnvironment(name, edits);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.findings.map(({ path }) => path);
    throw error;
  }
}

/** Stack without the environment's name → its JSON. */
export function azureStacks(environment: AzureEnvironment): Readonly<Record<string, StackJson>> {
  const stacks = synthEnvironments({ environments: [], azure: [environment], target: { kind: "aws" } });
  return Object.fromEntries(Object.entries(stacks).map(([name, json]) => [name.slice(environment.name.length + 1), json]));
}

/** References as a person reads them: `${azurerm_subnet.network_subnet-database_1234ABCD.id}` → `network_subnet-database.id`, of another stack `network:subnet…`. */
export const shown = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value)
      .replace(
        /\$\{data\.terraform_remote_state\.cross-stack-reference-input-azure-\w+-(\w+)\.outputs\.cross-stack-output-azurerm_([\w-]+?)_[0-9A-F]{8}(\w+)\}/g,
        "$1:$2.$3",
      )
      .replace(/\$\{azurerm_\w+\.([\w-]+?)(?:_[0-9A-F]{8})?\.([\w.]+)\}/g, "$1.$2")
      .replace(/azurerm_(\w+)\.([\w-]+?)_[0-9A-F]{8}(?=")/g, "$1 $2"),
  ) as T;

/** A resource without what cdktf and the tags add, its references shown. */
export const bare = (block: Block): Block =>
  shown(Object.fromEntries(Object.entries(block).filter(([key]) => key !== "//" && key !== "tags")));

/** Of a type, by its address without the hash. */
export const bareResources = (json: StackJson, type: string): Readonly<Record<string, Block>> =>
  Object.fromEntries(Object.entries(json.resource?.[type] ?? {}).map(([id, block]) => [id.replace(/_[0-9A-F]{8}$/, ""), bare(block)]));

/** The only one of a type. */
export function bareResource(json: StackJson, type: string): Block {
  const found = Object.values(bareResources(json, type));
  if (found.length !== 1) throw new Error(`expected one ${type}, found ${found.length}`);
  return found[0]!;
}
