/** Finds values of an environment by their fields in the schema, wherever the schema has them. */
import { z } from "zod";
import { pathTo } from "../rules/finding";
import { PARSING } from "../schema";

export interface Place<Value> {
  /** As code would write it: `events.orderQueue.name`. */
  readonly path: string;
  readonly field: z.ZodType;
  readonly value: Value;
}

/** @param value accepted, or the parts of it that are */
type Finder = (value: unknown, path: string) => readonly Place<unknown>[];
const NOTHING: Finder = () => [];

/** The field itself, without what says that it may be left out. */
export function bareField(field: z.ZodType): z.ZodType {
  return field instanceof z.ZodOptional || field instanceof z.ZodNullable || field instanceof z.ZodDefault || field instanceof z.ZodPrefault
    ? bareField(field.unwrap() as z.ZodType)
    : field;
}

/**
 * What finds every value whose field is wanted, in the order of the schema; what is missing is left out. Made once for a schema, so that
 * the parts that hold nothing of the kind are never looked at.
 */
export function finderOf<Value>(schema: z.ZodType, isWanted: (field: z.ZodType) => boolean): (value: unknown) => readonly Place<Value>[] {
  const find = make(schema, isWanted);
  return (value) => find(value, "") as readonly Place<Value>[];
}

function make(field: z.ZodType, isWanted: (field: z.ZodType) => boolean): Finder {
  const bare = bareField(field);
  const within = makeWithin(bare, isWanted);
  if (!isWanted(bare)) return within;
  return (value, path) => (value === undefined || value === null ? [] : [{ path, field: bare, value }, ...within(value, path)]);
}

function makeWithin(field: z.ZodType, isWanted: (field: z.ZodType) => boolean): Finder {
  if (field instanceof z.ZodObject) {
    const inner = Object.entries(field.shape as Record<string, z.ZodType>)
      .map(([key, schema]) => [key, make(schema, isWanted)] as const)
      .filter(([, find]) => find !== NOTHING);
    return inner.length === 0
      ? NOTHING
      : of<Record<string, unknown>>((values, path) => inner.flatMap(([key, find]) => find(values[key], pathTo(path, key))));
  }
  if (field instanceof z.ZodUnion) {
    const kinds = (field.options as readonly z.ZodType[]).map((option) => [option, make(option, isWanted)] as const);
    const finderFor = (value: unknown) => kinds.find(([option]) => option.safeParse(value, PARSING).success)?.[1];
    return kinds.every(([, find]) => find === NOTHING) ? NOTHING : of((value, path) => finderFor(value)?.(value, path) ?? []);
  }
  const find =
    field instanceof z.ZodRecord
      ? make(field.valueType as z.ZodType, isWanted)
      : field instanceof z.ZodArray
        ? make(field.element as z.ZodType, isWanted)
        : NOTHING;
  if (find === NOTHING) return NOTHING;
  return field instanceof z.ZodArray
    ? of<unknown[]>((values, path) => values.flatMap((value, index) => find(value, pathTo(path, index))))
    : of<Record<string, unknown>>((values, path) => Object.entries(values).flatMap(([key, value]) => find(value, pathTo(path, key))));
}

/** A finder for what is there. */
const of =
  <Value>(find: (value: Value, path: string) => readonly Place<unknown>[]): Finder =>
  (value, path) =>
    value === undefined || value === null ? [] : find(value as Value, path);
