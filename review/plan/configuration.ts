/** What the configuration in a plan says that its resources do not: providers, provisioners, data sources, and what was given from outside. */
import { isObject, listOf } from "../json-values";

type Json = Readonly<Record<string, unknown>>;

export interface Configuration {
  /** `allowed_account_ids` of the providers, as far as they are written out. */
  readonly accounts: readonly string[];
  /** Values of variables, by name. They may hold secrets. */
  readonly variables: Json;
  /** Of all modules. */
  readonly resources: readonly (Json & { readonly mode: string; readonly type: string; readonly name: string })[];
  readonly providers: readonly Json[];
}

/**
 * @param raw the text of `terraform show -json`
 * @throws SyntaxError when the text is no JSON
 */
export function configurationOf(raw: string): Configuration {
  const { configuration, variables } = JSON.parse(raw) as Json;
  const { provider_config: configured, root_module: root } = isObject(configuration) ? configuration : ({} as Json);
  const providers = isObject(configured) ? Object.values(configured).filter(isObject) : [];
  return {
    accounts: providers
      .flatMap(({ expressions }) => listOf(constantsOf(expressions).allowed_account_ids))
      .filter((id) => typeof id === "string"),
    variables: isObject(variables) ? variables : {},
    resources: resourcesOf(root),
    providers,
  };
}

function resourcesOf(module: unknown): Configuration["resources"] {
  if (!isObject(module)) return [];
  const { resources, module_calls: calls } = module;
  const isResource = (one: unknown): one is Configuration["resources"][number] =>
    isObject(one) && [one.mode, one.type, one.name].every((word) => typeof word === "string");
  return [
    ...listOf(resources).filter(isResource),
    ...(isObject(calls) ? Object.values(calls).flatMap((call) => (isObject(call) ? resourcesOf(call.module) : [])) : []),
  ];
}

/** Arguments as they are written out; where one holds a reference, what it refers to. */
export const constantsOf = (expressions: unknown): Json =>
  isObject(expressions) ? Object.fromEntries(Object.entries(expressions).map(([argument, one]) => [argument, constant(one)])) : {};

function constant(expression: unknown): unknown {
  if (Array.isArray(expression)) return expression.map(constantsOf);
  if (!isObject(expression)) return expression;
  if ("constant_value" in expression) return expression.constant_value;
  return Array.isArray(expression.references) ? `\${${(expression.references as unknown[]).join(" ")}}` : constantsOf(expression);
}
