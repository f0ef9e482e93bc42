/** Loads Azure's environments by name, in the words in which AWS's are refused. */
import { withImages, type Changes } from "../reading/changes";
import { shapeFindings } from "../reading/issues";
import type { Text } from "../reading/carried-names";
import { EnvironmentError } from "../reading/parse";
import { PARSING } from "../schema";
import { AZURE_RULES } from "./rules";
import { azureSchema, type AzureEnvironment, type AzureLiteral } from "./schema";

export interface AzureEnvironments {
  readonly azureNames: readonly string[];
  /** @throws EnvironmentError when the literal is refused */
  loadAzure(name: string, changes?: Pick<Changes, "images">): AzureEnvironment;
  /**
   * Loads environments, and checks of all there are that none has what is another's.
   * @param changes what a command says otherwise than the literals that are named
   */
  loadAllAzure(names: readonly string[], changes?: Pick<Changes, "images">): AzureEnvironment[];
}

/** Every text of an environment, each with its path. */
export function azureTextsOf(value: unknown, path = ""): readonly Text[] {
  if (typeof value === "string") return [{ path, value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => azureTextsOf(item, path === "" ? key : `${path}.${key}`));
}

/** What only one environment may have: its subscription bounds the rights of its workflow, and nobody else on Azure may have the names. */
const alone = ({ data, monitoring: { flowLogs }, registry, state, subscription }: AzureEnvironment): Readonly<Record<string, string>> => ({
  subscription,
  "state.storageAccount": state.storageAccount,
  "data.storage.account": data.storage.account,
  "data.database.server": data.database.server,
  "data.vault.name": data.vault.name,
  "data.cache.name": data.cache.name,
  "registry.name": registry.name,
  ...(flowLogs && { "monitoring.flowLogs.account": flowLogs.account }),
});
/** Accounts for states, data and flow logs are of one kind. */
const kindOf = (path: string): string => (/(storageAccount|\.account)$/.test(path) ? "data.storage.account" : path);

/** @throws EnvironmentError about the second of two that have the same */
export function checkTogether(environments: readonly AzureEnvironment[]): void {
  const owners = new Map<string, string>();
  for (const environment of environments) {
    const findings = Object.entries(alone(environment)).flatMap(([path, value]) => {
      const key = `${kindOf(path)} ${value}`;
      const owner = owners.get(key);
      owners.set(key, owner ?? `${environment.name}'s ${path}`);
      return owner === undefined ? [] : [{ path, value, allowed: `another one: it is ${owner}` }];
    });
    if (findings.length > 0) throw new EnvironmentError(azurePath(environment.name), findings);
  }
}

/** Path of an environment's literal, for messages. */
export const azurePath = (name: string): string => `environments/azure/${name.slice("azure-".length)}.ts`;

/**
 * Accepts a literal.
 * @param file path of the literal, for the message
 * @param name what the literal must call itself. @default anything
 * @throws EnvironmentError with every finding: of the schema, or of the rules where the shape is right
 */
export function parseAzure(literal: unknown, file: string, name?: string): AzureEnvironment {
  const shape = shapeFindings(literal, azureSchema);
  if (shape.length > 0)
    throw new EnvironmentError(
      file,
      shape.map(({ path, value, allowed }) => ({ path, value, allowed })),
    );
  const environment = azureSchema.parse(literal, PARSING);
  const findings = [
    ...(name !== undefined && environment.name !== name
      ? [{ path: "name", value: environment.name, allowed: `${JSON.stringify(name)}, by which environments/azure/index.ts knows it` }]
      : []),
    ...AZURE_RULES.flatMap((rule) => rule.check(environment)),
  ];
  if (findings.length > 0) throw new EnvironmentError(file, findings);
  return environment;
}

/** @param literals by name, such as `azure-prod` */
export function azureEnvironmentsOf(literals: Readonly<Record<string, AzureLiteral>>): AzureEnvironments {
  const azureNames = Object.keys(literals);
  const loadAzure: AzureEnvironments["loadAzure"] = (name, { images = {} } = {}) => {
    const literal = Object.hasOwn(literals, name) ? literals[name] : undefined;
    if (!literal) throw new Error(`There is no environment ${JSON.stringify(name)} on Azure. Valid names: ${azureNames.join(", ")}.`);
    return parseAzure(withImages(literal, images), azurePath(name), name);
  };
  return {
    azureNames,
    loadAzure,
    loadAllAzure(names, changes) {
      const all = azureNames.map((name) => loadAzure(name, names.includes(name) ? changes : {}));
      checkTogether(all);
      return all.filter(({ name }) => names.includes(name));
    },
  };
}
