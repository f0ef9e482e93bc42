/** Reads a resource's values as a price needs them; what the plan does not tell is said, never guessed. */
import { REDACTED, UNKNOWN, type Values } from "../model";
import { pathOf, type Attribute } from "../provider-names";

/** A value that a price needs is not known. The message is the reason, without a full stop. */
export class NotKnown extends Error {}

/** An attribute without the blocks that it stands in, as messages name it. */
const plain = (attribute: Attribute): string => pathOf(attribute).split(".").at(-1)!;

/**
 * What stands at an attribute, known or not; of several blocks the first counts. A block that is not known yet makes all in it unknown.
 * @param values of a resource of the attribute's type, or one of its blocks as {@link blocksOf} gives them
 */
function found(values: Values, attribute: Attribute): unknown {
  let value: unknown = values;
  for (const key of pathOf(attribute).split(".")) {
    if (value === UNKNOWN) return UNKNOWN;
    const block: unknown = Array.isArray(value) ? value[0] : value;
    value = typeof block === "object" && block !== null ? (block as Values)[key] : undefined;
  }
  return value;
}

/** Whether something is set, known or not. Providers write an empty text for what is not, once it is deployed. */
export const isSet = (values: Values, attribute: Attribute): boolean => (found(values, attribute) ?? "") !== "";

/** Whether something is set and the plan tells what. */
export const isKnown = (values: Values, attribute: Attribute): boolean => isSet(values, attribute) && found(values, attribute) !== UNKNOWN;

/** A value; undefined where it is not set. @throws NotKnown when it is known after apply, or not shown */
export function valueOf(values: Values, attribute: Attribute): unknown {
  const value = isSet(values, attribute) ? found(values, attribute) : undefined;
  if (value === UNKNOWN) throw new NotKnown(`${plain(attribute)} is known after apply`);
  if (typeof value === "string" && REDACTED.includes(value)) throw new NotKnown(`${plain(attribute)} is not shown`);
  return value;
}

/** @throws NotKnown when there is no number, and no fallback for one that is not set */
export function numberOf(values: Values, attribute: Attribute, fallback?: number): number {
  const value = valueOf(values, attribute);
  if (value === undefined && fallback !== undefined) return fallback;
  // Terraform's JSON gives some numbers as texts.
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number) || number < 0)
    throw new NotKnown(value === undefined ? `${plain(attribute)} is not set` : `${plain(attribute)} is no number`);
  return number;
}

/** @throws NotKnown when there is no text, and no fallback for one that is not set */
export function textOf(values: Values, attribute: Attribute, fallback?: string): string {
  const value = valueOf(values, attribute) ?? fallback;
  if (typeof value !== "string")
    throw new NotKnown(value === undefined ? `${plain(attribute)} is not set` : `${plain(attribute)} is no text`);
  return value;
}

/** A text where one is known, and otherwise the fallback. */
export function textOr(values: Values, attribute: Attribute, fallback: string): string {
  const value = found(values, attribute);
  return typeof value === "string" && value !== "" && value !== UNKNOWN && !REDACTED.includes(value) ? value : fallback;
}

/** Some arguments are texts: `at_rest_encryption_enabled`. Not set counts as false. */
export function flagOf(values: Values, attribute: Attribute): boolean {
  const value = valueOf(values, attribute);
  return value === true || value === "true";
}

/**
 * Nested blocks, each as if it were the only thing in the resource: what stands in it is asked for by its full name. None is not the same as
 * not known yet, where a price hangs on it.
 * @throws NotKnown
 */
export function blocksOf(values: Values, attribute: Attribute): readonly Values[] {
  const value = valueOf(values, attribute);
  const list: readonly unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
  return list.map((block) => {
    if (typeof block !== "object" || block === null) throw new NotKnown(`${plain(attribute)} is known after apply`);
    return pathOf(attribute)
      .split(".")
      .reduceRight<Values>((inner, key) => ({ [key]: inner }), block as Values);
  });
}

/** How many a list holds, whether or not its members are known. */
export function countOf(values: Values, attribute: Attribute): number {
  const value = valueOf(values, attribute);
  if (!Array.isArray(value)) throw new NotKnown(value === undefined ? `${plain(attribute)} is not set` : `${plain(attribute)} is no list`);
  return value.length;
}
