import { isObject } from "../json-values";
import { blocksOf, referencesIn, type Answers } from "./answers";
import type { StackJson } from "../../terraform/assembly";

/** Of the two runs: the real plan is first, while nothing is in the state that both would share. */
export const RUNS = { plan: "planned", apply: "made" } as const;

/** Attributes that resources are referred to by, by address; each has at least an id and, if its type knows one, an ARN. */
export function referredTo(json: StackJson): Map<string, (readonly string[])[]> {
  const found = new Map<string, (readonly string[])[]>(
    [...blocksOf(json.resource)].map(({ type, name }) => [`${type}.${name}`, [["id"], ["arn"]]]),
  );
  for (const { isData, type, name, path } of referencesIn(JSON.stringify([json.resource, json.output, json.locals]))) {
    const paths = isData ? undefined : found.get(`${type}.${name}`);
    if (paths && !paths.some((known) => known.join(".") === path.join("."))) paths.push(path);
  }
  return found;
}

/**
 * A base that also asks for what only the change reads in the lists that AWS fills, such as the groups of machines of a node group: else its
 * state would have them empty, and the change could not be planned on it.
 * @returns the base itself, where there is none
 */
export function asksWith(base: StackJson, change: StackJson): StackJson {
  const known = referredTo(base);
  const asked = [...referredTo(change)].flatMap(([address, paths]) => {
    const [type, name] = address.split(".") as [string, string];
    const own = known.get(address);
    return paths
      .filter((path) => own && path.some((step) => INDEX.test(step)) && !(path[0]! in (base.resource?.[type]?.[name] ?? {})))
      .filter((path) => !own!.some((one) => one.join(".") === path.join(".")))
      .map((path) => `\${${address}${path.map((step) => (INDEX.test(step) ? `[${step}]` : `.${step}`)).join("")}}`);
  });
  return asked.length === 0 ? base : { ...base, locals: { ...base.locals, [ASKED]: [...asked].sort() } };
}
/** No construct makes a local of this name. */
const ASKED = "asked-by-the-change";
const INDEX = /^\d+$/;

/** The test's file. The mocked provider answers as {@link Answers} would, where the configuration does not say it. */
export function testFile(json: StackJson, answers: Answers): string {
  const referred = referredTo(json);
  const overrides = [...blocksOf(json.resource)]
    .map(({ type, name, block }) => {
      const values = (referred.get(`${type}.${name}`) ?? [])
        .filter(([attribute]) => !(attribute! in block))
        .map((path) => nested(path, answers.of(json, { isData: false, type, name, path })))
        .reduce(merged, {});
      return `  override_resource {\n    target = ${type}.${name}\n    values = ${JSON.stringify(values)}\n  }\n`;
    })
    .join("");
  const configurations = Object.entries(json.provider ?? {}).flatMap(([provider, all]) =>
    (Array.isArray(all) ? all : [all]).map((one: unknown) => ({
      provider,
      alias: isObject(one) && typeof one.alias === "string" ? one.alias : undefined,
    })),
  );
  const mocks = configurations.map(({ provider, alias }) => `mock_provider "${provider}" {\n  alias = "${mockOf(alias)}"\n${overrides}}\n`);
  const used = configurations
    .map(({ provider, alias }) => `    ${provider}${alias === undefined ? "" : `.${alias}`} = ${provider}.${mockOf(alias)}\n`)
    .join("");
  return [
    ...mocks,
    `run "${RUNS.plan}" {\n  command = plan\n  plan_options {\n    refresh = false\n  }\n}\n`,
    `run "${RUNS.apply}" {\n  command = apply\n  providers = {\n${used}  }\n}\n`,
  ].join("\n");
}

const mockOf = (alias: string | undefined): string => `mocked${alias === undefined ? "" : `-${alias}`}`;

/** `["cache_nodes", "0", "address"]` as `{ cache_nodes: [{ address }] }`. */
function nested(path: readonly string[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  return /^\d+$/.test(step) ? [nested(rest, value)] : { [step]: nested(rest, value) };
}

function merged(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return [merged(one[0], other[0])];
  if (!isObject(one) || !isObject(other)) return other;
  return Object.fromEntries(
    [...new Set([...Object.keys(one), ...Object.keys(other)])].map((key) => [
      key,
      key in one && key in other ? merged(one[key], other[key]) : key in one ? one[key] : other[key],
    ]),
  );
}
