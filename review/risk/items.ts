/** Items of lists, one against another: which is worth all that the other is, and which is the same under another setting. */
import { isEqual } from "../json-values";
import { holds } from "./cidr";
import { isOn, isRecord, numeric } from "./reading";

/** Whether a field of one item is worth at least what the other's is; both items are there to be asked for more. */
export type AtLeast = (
  one: unknown,
  other: unknown,
  items: readonly [one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>],
) => boolean;

/** How items of a list are compared. @default they are the same or they are not */
export interface Items {
  /** Fields that say which item it is: one that is there under them is changed, and not gone. */
  readonly key?: readonly string[];
  /** Fields that may differ, and in which direction they may. */
  readonly fields?: Readonly<Record<string, AtLeast>>;
}

/** Providers write what is not set as empty. */
const isNothing = (value: unknown) =>
  value === undefined || value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
const isSame = (a: unknown, b: unknown) => isEqual(a, b) || (isNothing(a) && isNothing(b));
const listOf = (value: unknown): readonly unknown[] => (isNothing(value) ? [] : Array.isArray(value) ? (value as unknown[]) : [value]);

/** Whether an item is worth all that another is: the same, a network that holds it, or as good in each field. */
export function isWorth(one: unknown, other: unknown, { fields = {} }: Items = {}): boolean {
  if (isRecord(one) && isRecord(other))
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].every(
      (key) => isSame(one[key], other[key]) || (Object.hasOwn(fields, key) && fields[key]!(one[key], other[key], [one, other])),
    );
  return isEqual(one, other) || (typeof one === "string" && typeof other === "string" && holds(one, other));
}

/** Whether two items are one, changed in what is worth as much either way. */
export const isTwin = (one: unknown, other: unknown, { key = [], fields = {} }: Items): boolean =>
  key.length > 0 &&
  isRecord(one) &&
  isRecord(other) &&
  key.every((field) => isSame(one[field], other[field])) &&
  Object.entries(fields).every(([field, atLeast]) => isSame(one[field], other[field]) || atLeast(one[field], other[field], [one, other]));

export const lists: AtLeast = (one, other) => listOf(other).every((item) => listOf(one).some((mine) => isWorth(mine, item)));
export const listsNoMore: AtLeast = (one, other, items) => lists(other, one, items);
export const isLower: AtLeast = (one, other) => (numeric(one) ?? Infinity) <= (numeric(other) ?? Infinity);
export const isTurnedOn: AtLeast = (one, other) => isOn(one) || !isOn(other);
export const becomes =
  (value: string): AtLeast =>
  (one) =>
    one === value;
