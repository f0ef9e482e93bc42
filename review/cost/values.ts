/** Reads a resource's values as a price needs them; what the plan does not tell is said, never guessed. */
import { REDACTED, UNKNOWN, type Values } from "../model";

/** A value that a price needs is not known. The message is the reason, without a full stop. */
export class NotKnown extends Error {}

/** Whether something is set, known or not. Providers write an empty text for what is not, once it is deployed. */
export const isSet = (values: Values, key: string): boolean => (values[key] ?? "") !== "";

/** A value; undefined where it is not set. @throws NotKnown when it is known after apply, or not shown */
export function valueOf(values: Values, key: string): unknown {
  const value = isSet(values, key) ? values[key] : undefined;
  if (value === UNKNOWN) throw new NotKnown(`${key} is known after apply`);
  if (typeof value === "string" && REDACTED.includes(value)) throw new NotKnown(`${key} is not shown`);
  return value;
}

/** @throws NotKnown when there is no number, and no fallback for one that is not set */
export function numberOf(values: Values, key: string, fallback?: number): number {
  const value = valueOf(values, key);
  if (value === undefined && fallback !== undefined) return fallback;
  // Terraform's JSON gives some numbers as texts.
  const found = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof found !== "number" || !Number.isFinite(found) || found < 0) throw new NotKnown(value === undefined ? `${key} is not set` : `${key} is no number`);
  return found;
}

/** @throws NotKnown when there is no text, and no fallback for one that is not set */
export function textOf(values: Values, key: string, fallback?: string): string {
  const value = valueOf(values, key) ?? fallback;
  if (typeof value !== "string") throw new NotKnown(value === undefined ? `${key} is not set` : `${key} is no text`);
  return value;
}

/** Some arguments are texts: `at_rest_encryption_enabled`. Not set counts as false. */
export function flagOf(values: Values, key: string): boolean {
  const value = valueOf(values, key);
  return value === true || value === "true";
}

/** Nested blocks, as `blocksIn` of ../plan/blocks reads them; but none is not the same as not known yet, where a price hangs on it. @throws NotKnown */
export function blocksOf(values: Values, key: string): readonly Values[] {
  const value = valueOf(values, key);
  const list: readonly unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
  return list.map((block) => {
    if (typeof block !== "object" || block === null) throw new NotKnown(`${key} is known after apply`);
    return block as Values;
  });
}

/** How many a list holds, whether or not its members are known. */
export function countOf(values: Values, key: string): number {
  const value = valueOf(values, key);
  if (!Array.isArray(value)) throw new NotKnown(value === undefined ? `${key} is not set` : `${key} is no list`);
  return value.length;
}
