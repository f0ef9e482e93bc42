/** The leaves of the environment's schema, and other values for them. */
import { z } from "zod";
import { pathTo } from "../../environments/rules/finding";

/** A field that holds a plain value or a list of such: `services.*.cpu`, where `*` is any name or any place of a list. */
export interface Leaf {
  readonly pattern: string;
  /** What the schema says may stand there, where it lists it. */
  readonly options: readonly unknown[];
}

interface Def {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly values?: readonly unknown[];
}
const defOf = (schema: z.ZodType) => schema.def as unknown as Def;
const below = (path: string, key: string) => (path === "" ? key : `${path}.${key}`);

/** Leaves of a union's kinds that share a path are one. */
export function leavesOf(schema: z.ZodType): Leaf[] {
  const found = new Map<string, unknown[]>();
  const add = (pattern: string, options: readonly unknown[]) => found.set(pattern, [...(found.get(pattern) ?? []), ...options]);
  const visit = (field: z.ZodType, path: string): void => {
    const { type, innerType, valueType, element, options, entries, values } = defOf(field);
    if (field instanceof z.ZodObject)
      for (const [key, inner] of Object.entries(field.shape as Record<string, z.ZodType>)) visit(inner, below(path, key));
    else if (innerType) visit(innerType, path);
    else if (valueType) visit(valueType, below(path, "*"));
    else if (element && defOf(element).type !== "object" && defOf(element).type !== "union")
      add(path, defOf(element).entries ? Object.values(defOf(element).entries!) : []);
    else if (element) visit(element, below(path, "*"));
    else if (options) for (const option of options) visit(option, path);
    else add(path, type === "enum" ? Object.values(entries!) : (values ?? []));
  };
  visit(schema, "");
  return [...found].map(([pattern, options]) => ({ pattern, options: [...new Set(options)] }));
}

/** Where something stands: the keys from the literal on. */
export type Keys = readonly (string | number)[];
type Tree = Readonly<Record<string | number, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null;

/** Where a pattern's field stands in a literal. */
export function placesOf(pattern: string, literal: unknown): Keys[] {
  return pattern
    .split(".")
    .reduce<Keys[]>(
      (all, key) =>
        all.flatMap((keys) => {
          const value = at(literal, keys);
          if (!isTree(value)) return [];
          const own = key === "*" ? Object.keys(value).map((name) => (Array.isArray(value) ? Number(name) : name)) : [key];
          return own.filter((name) => value[name] !== undefined).map((name) => [...keys, name]);
        }),
      [[]],
    )
    .filter((keys) => !isTree(at(literal, keys)) || Array.isArray(at(literal, keys)));
}

/** As findings name a place. */
export const pathOf = (keys: Keys): string => keys.reduce<string>(pathTo, "");

export const at = (literal: unknown, keys: Keys): unknown =>
  keys.reduce<unknown>((value, key) => (isTree(value) ? value[key] : undefined), literal);

/** A copy with another value at one place. */
export function withAt(literal: unknown, keys: Keys, value: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (Array.isArray(literal)) return literal.map((entry: unknown, index) => (index === key ? withAt(entry, rest, value) : entry));
  return { ...(literal as Tree), [key]: withAt((literal as Tree)[key], rest, value) };
}

/** The sizes in which machines of most families come. */
const SIZES = ["medium", "large", "xlarge", "small", "micro"];

/** Texts that differ in one place: a machine's size, a digit, a letter, or a letter more. */
function otherTexts(text: string): string[] {
  const size = SIZES.find((one) => text.endsWith(`.${one}`));
  const places = Array.from(text, (_, index) => index).reverse();
  const put = (index: number, character: string) => text.slice(0, index) + character + text.slice(index + 1);
  return [
    ...(size ? SIZES.filter((one) => one !== size).map((one) => text.slice(0, -size.length) + one) : []),
    ...places.flatMap((index) => (/\d/.test(text[index]!) ? [put(index, String((Number(text[index]) + 1) % 10))] : [])),
    ...places.flatMap((index) => (/[a-z]/.test(text[index]!) ? [`${text.slice(0, index)}x${text.slice(index)}`] : [])).reverse(),
    ...places.flatMap((index) => (/[a-z]/.test(text[index]!) ? [put(index, text[index] === "x" ? "y" : "x")] : [])),
    `${text}x`,
  ];
}

/** Other values of the same kind, the likeliest to be accepted first. */
export function others(value: unknown, options: readonly unknown[]): unknown[] {
  const listed = options.filter((option) => option !== value && !Array.isArray(value));
  if (Array.isArray(value)) {
    const [first, ...rest] = value as readonly unknown[];
    const one =
      first === undefined
        ? []
        : others(first, options)
            .slice(0, 40)
            .map((other) => [other, ...rest]);
    const more = options.filter((option) => !value.includes(option)).map((option) => [...value, option] as unknown[]);
    return [...one, ...more, rest, value.slice(0, -1)].filter((list) => JSON.stringify(list) !== JSON.stringify(value));
  }
  if (typeof value === "boolean") return [!value];
  if (typeof value === "number")
    return [...listed, value + 1, value - 1, value * 2, Math.floor(value / 2), value + 1024].filter((other) => other !== value);
  // A field of several kinds may take a number, too.
  if (typeof value === "string") return listed.length > 0 ? listed : [...otherTexts(value), 60];
  return value === null ? [60] : listed;
}
