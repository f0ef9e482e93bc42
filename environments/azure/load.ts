/** Loads Azure's environments by name, in the words in which AWS's are refused. */
import { withImages, type Changes } from "../reading/changes";
import { shapeFindings } from "../reading/issues";
import { EnvironmentError } from "../reading/parse";
import { PARSING } from "../schema";
import { AZURE_RULES } from "./rules";
import { azureSchema, type AzureEnvironment, type AzureLiteral } from "./schema";

export interface AzureEnvironments {
  readonly azureNames: readonly string[];
  /** @throws EnvironmentError when the literal is refused */
  loadAzure(name: string, changes?: Pick<Changes, "images">): AzureEnvironment;
}

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
  return {
    azureNames: Object.keys(literals),
    loadAzure(name, { images = {} } = {}) {
      const literal = Object.hasOwn(literals, name) ? literals[name] : undefined;
      if (!literal)
        throw new Error(`There is no environment ${JSON.stringify(name)} on Azure. Valid names: ${Object.keys(literals).join(", ")}.`);
      return parseAzure(withImages(literal, images), `environments/azure/${name.slice("azure-".length)}.ts`, name);
    },
  };
}
