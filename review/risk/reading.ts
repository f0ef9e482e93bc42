/** Reads a resource's values the same way whether a block stands as a list (Terraform's plans) or as an object (synthesised JSON). */
import { canonical } from "../json-values";
import { UNKNOWN, type Values } from "../model";
import { pathOf, type Attribute } from "../provider-names";

/** Every value at a dotted path of any object; lists on the way are walked through, so that `secrets.name` finds those of all secrets. */
export function atPath(values: Values | undefined, path: string): unknown[] {
  let found: unknown[] = [values];
  for (const key of path.split(".")) {
    found = found
      .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
      .flatMap((value) => {
        if (value === UNKNOWN) return [UNKNOWN];
        const inner = isRecord(value) ? value[key] : undefined;
        return inner === undefined || inner === null ? [] : [inner];
      });
  }
  return found
    .flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter((value) => value !== undefined && value !== null);
}

/** Every value of a resource's attribute, those of all blocks that it stands in. @param values of a resource of the attribute's type */
export const at = (values: Values | undefined, attribute: Attribute): unknown[] => atPath(values, pathOf(attribute));
/** The first value of an attribute, where there is one. */
export const first = (values: Values | undefined, attribute: Attribute): unknown => at(values, attribute)[0];
/** As `first`, as a text; undefined where it is not known. */
export const textAt = (values: Values | undefined, attribute: Attribute): string | undefined => {
  const value = first(values, attribute);
  return typeof value === "string" && value !== UNKNOWN ? value : undefined;
};
/** As `first`, as a number; a text of digits counts. */
export const numberAt = (values: Values | undefined, attribute: Attribute): number | undefined => numeric(first(values, attribute));
/** As `at`, without what is no text or not known. */
export const textsAt = (values: Values | undefined, attribute: Attribute): string[] =>
  at(values, attribute).filter((value): value is string => typeof value === "string" && value !== UNKNOWN);

/** A resource's blocks of a name one by one, each as if it were the only thing in the resource: what stands in it is still asked for by its full name. */
export const blocks = (values: Values | undefined, attribute: Attribute): Values[] =>
  at(values, attribute)
    .filter(isRecord)
    .map((block) =>
      pathOf(attribute)
        .split(".")
        .reduceRight<Values>((inner, key) => ({ [key]: inner }), block),
    );

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const isUnknown = (value: unknown): boolean => value === UNKNOWN;
/** Providers write some switches as texts. */
export const isOn = (value: unknown): boolean => value === true || value === "true";
export const isOff = (value: unknown): boolean => value === undefined || value === null || value === false || value === "false";

export function numeric(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** As a person reads it in a message. */
export const shown = (value: unknown): string =>
  value === undefined || value === null ? "nothing" : typeof value === "string" ? value : canonical(value);
