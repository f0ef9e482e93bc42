/** The Helm releases of a synthesised stack, as the provider would install them. */
import { parse, type DocumentOptions, type ParseOptions, type SchemaOptions } from "yaml";
import type { StackJson } from "../../terraform/assembly";
import { isRecord, References, type Outputs } from "../../terraform/resolve";
import { PLANNED_AFTER } from "../../constructs/kubernetes/names";

export type Values = Readonly<Record<string, unknown>>;

export interface Release {
  readonly name: string;
  readonly namespace: string;
  /** Folder of a chart, or its name in `repository`. */
  readonly chart: string;
  readonly repository?: string;
  readonly version?: string;
  /** All that is given to the chart, merged as helm merges it. */
  readonly values: Values;
}

interface HelmRelease {
  readonly name: string;
  readonly namespace?: string;
  readonly chart: string;
  readonly repository?: string;
  readonly version?: string;
  readonly values?: readonly string[];
}

/** The later one wins, key by key; lists are taken whole, and null stays: it takes a chart's own value away. */
export function mergeValues(base: Values, over: Values): Values {
  return Object.entries(over).reduce<Values>((all, [key, value]) => {
    const before = all[key];
    return { ...all, [key]: isRecord(before) && isRecord(value) ? mergeValues(before, value) : value };
  }, base);
}

/** `yes` is true, `010` is 8, and a date is a text. */
const HELMS_YAML: ParseOptions & DocumentOptions & SchemaOptions = {
  version: "1.1",
  customTags: (tags) => tags.filter((tag) => typeof tag === "string" || tag.tag !== "tag:yaml.org,2002:timestamp"),
};

/** @throws when it is no map */
export function parseValues(text: string, what: string): Values {
  const values: unknown = parse(text, HELMS_YAML) ?? {};
  if (!isRecord(values)) throw new Error(`${what}: values are a map of keys, this is ${JSON.stringify(values).slice(0, 80)}.`);
  return values;
}

/**
 * @param stack content of cdk.tf.json
 * @param outputs what the references stand for; what the stack itself says of its resources is known without
 * @param names of the releases that are wanted; the others' references need no values @default all
 * @throws Error that names every reference without a value
 */
export function releases(stack: unknown, outputs: Outputs = {}, names?: readonly string[]): Release[] {
  const { resource = {} } = stack as StackJson;
  const references = new References(stack as StackJson, outputs);
  const found = Object.entries((resource.helm_release ?? {}) as unknown as Readonly<Record<string, HelmRelease>>)
    .filter(([, { name }]) => !names || names.includes(name))
    .map(([id, release]) => resolved(`helm_release.${id}`, release, references));
  references.check("The stack");
  // Only now: a text with a reference left in it need be no YAML.
  return found.map((read) => read());
}

function resolved(address: string, release: HelmRelease, references: References): () => Release {
  // The project gives all values by `values`, where a person reads them in one place.
  const unknown = Object.entries(release)
    .filter(([key, value]) => /^set/.test(key) && !String(value).includes(PLANNED_AFTER))
    .map(([key]) => key);
  if (unknown.length > 0) throw new Error(`${address}: ${unknown.join(", ")}: only \`values\` are understood here.`);
  const text = (value: string) => references.resolve(value);
  const optional = (value?: string) => (value === undefined ? undefined : text(value));
  const [name, namespace, chart, repository, version] = [
    text(release.name),
    optional(release.namespace) ?? "default",
    text(release.chart),
    optional(release.repository),
    optional(release.version),
  ];
  const texts = (release.values ?? []).map(text);
  return () => {
    const values = texts.map((entry, index) => parseValues(entry, `${address}.values[${index}]`)).reduce(mergeValues, {});
    return { name, namespace, chart, ...(repository !== undefined && { repository }), ...(version !== undefined && { version }), values };
  };
}
