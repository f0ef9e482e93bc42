/** JSON values: which kind one is, and when two are equal. */
import { createHash } from "node:crypto";

/** Stands in JSON for a value of which only equality is known, see plan/hidden.ts. */
export abstract class Opaque {
  /** The same for those that are equal, and no JSON text. */
  abstract readonly canonical: string;
}

export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
/** A list of one where it stands alone, an empty one where nothing stands. */
export const listOf = (value: unknown): readonly unknown[] =>
  isList(value) ? value : value === undefined || value === null ? [] : [value];
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !isList(value) && !(value instanceof Opaque);

/** JSON with its keys in order: equal values give equal texts. A key without a value counts as none. */
export function canonical(value: unknown): string {
  if (value instanceof Opaque) return value.canonical;
  if (isList(value)) return `[${value.map(canonical).join(",")}]`;
  if (isObject(value))
    return `{${Object.keys(value)
      .sort()
      .filter((key) => value[key] !== undefined)
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
      .join(",")}}`;
  return JSON.stringify(value ?? null);
}

/** Whether two values are the same, whatever the order of their keys. */
export const isEqual = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other);

/**
 * Whether a whole text is base64, in one line or in several, indented or not. Read once from end to end: these texts are long, and a pattern
 * that allows for blanks both within and at the end goes over them again from every blank.
 * @param atLeast characters, from which on it is no word
 */
export const isBase64 = (text: string, atLeast: number): boolean =>
  text.length >= atLeast && /^[A-Za-z0-9+/]+={0,2}$/.test(text.trim().replace(/[\r\n][\r\n\t ]*/g, ""));

/** Tells values apart that may be seen: the first 16 hexadecimal digits of their SHA-256. */
export const digestOf = (value: unknown): string => createHash("sha256").update(canonical(value)).digest("hex").slice(0, 16);
