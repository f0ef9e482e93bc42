/** Bad values, worked out from values.schema.json: for each place that the schema speaks of, values that it must refuse. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: Schema;
  readonly additionalProperties?: boolean;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
}
export interface Root extends Schema {
  readonly definitions: Readonly<Record<string, Schema>>;
}

export type Path = readonly (string | number)[];
type Json = unknown;
const isRecord = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** One place of the values, what the schema says of it, and what may not stand there. */
export interface Place {
  readonly path: Path;
  readonly schema: Schema;
  readonly bad: readonly { readonly why: string; readonly value: Json }[];
}

/** References followed, and everything that holds at once in one. */
function resolved(root: Root, schema: Schema): Schema {
  const parts = [...(schema.$ref ? [root.definitions[schema.$ref.replace("#/definitions/", "")]!] : []), ...(schema.allOf ?? [])].map(
    (part) => resolved(root, part),
  );
  return { ...Object.assign({}, ...parts), ...schema, properties: parts.length > 0 ? { ...parts[0]!.properties } : schema.properties };
}

/** One value of each type that JSON has. */
const SAMPLES: Readonly<Record<string, Json>> = {
  string: "text!",
  number: 0.5,
  integer: 7,
  boolean: true,
  array: [],
  object: {},
  null: null,
};

function badValues(schema: Schema, good: Json): Place["bad"] {
  const types = [schema.type ?? []].flat();
  const allowed = new Set(types.includes("number") ? [...types, "integer"] : types);
  const wrongTypes = Object.entries(SAMPLES)
    .filter(([type]) => !allowed.has(type))
    .map(([type, value]) => ({ why: `a value of type ${type}`, value }));
  const record = isRecord(good) ? good : {};
  return [
    ...wrongTypes,
    ...(schema.enum || schema.pattern ? [{ why: "another text", value: " no such text!\n" }] : []),
    ...(schema.minLength ? [{ why: "an empty text", value: "" }] : []),
    ...(schema.maxLength ? [{ why: "a text too long", value: "/".repeat(schema.maxLength + 1) }] : []),
    ...(schema.minimum !== undefined ? [{ why: "a number too low", value: schema.minimum - 1 }] : []),
    ...(schema.exclusiveMinimum !== undefined ? [{ why: "a number too low", value: schema.exclusiveMinimum }] : []),
    ...(schema.maximum !== undefined ? [{ why: "a number too high", value: schema.maximum + 1 }] : []),
    ...(schema.minItems ? [{ why: "an empty list", value: [] }] : []),
    ...(schema.uniqueItems && Array.isArray(good) ? [{ why: "an entry twice", value: [good[0], good[0]] as Json }] : []),
    ...(allowed.has("object") ? [{ why: "an unknown key", value: { ...record, "Unknown key": SAMPLES.string } }] : []),
    ...(schema.required ?? []).map((key) => ({
      why: `no ${key}`,
      value: Object.fromEntries(Object.entries(record).filter(([other]) => other !== key)),
    })),
  ];
}

/**
 * All places, from the root on.
 * @param good values that the schema takes, with every key that it knows
 * @throws when a key is missing there
 */
export function places(root: Root, good: Json, schema: Schema = root, path: Path = []): Place[] {
  const own = resolved(root, schema);
  if (good === undefined) throw new Error(`the complete values lack ${path.join(".")}`);
  const children: (readonly [string | number, Schema])[] = [
    ...Object.entries(own.properties ?? {}),
    ...Object.entries(own.patternProperties ?? {}).map(
      ([pattern, child]) => [Object.keys(good as object).find((key) => new RegExp(pattern).test(key)) ?? `${pattern}`, child] as const,
    ),
    ...(own.items ? [[0, own.items] as const] : []),
  ];
  return [
    { path, schema: own, bad: badValues(own, good) },
    ...children.flatMap(([key, child]) => places(root, (good as Readonly<Record<string, Json>>)[key], child, [...path, key])),
  ];
}

/** The values with another value at one place; undefined takes the key away. */
export function withValue(values: Json, path: Path, value: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(values)) return values.map((entry: Json, index) => (index === key ? withValue(entry, rest, value) : entry));
  const record = isRecord(values) ? values : {};
  return { ...record, [key]: withValue(record[key], rest, value) };
}

/** Objects by schema that do not say what else may stand in them. */
export function openObjects(schema: Schema, path = ""): string[] {
  const isOpen = [schema.type ?? []].flat().includes("object") && schema.additionalProperties !== false;
  const children = Object.entries(schema).flatMap(([key, value]) =>
    typeof value === "object" && value !== null ? openObjects(value as Schema, `${path}/${key}`) : [],
  );
  return [...(isOpen ? [path] : []), ...children];
}
