/** Reads a resource's values the same way whether a block stands as a list (Terraform's plans) or as an object (synthesised JSON). */
import { canonical, isEqual } from "../json-values";
import { isHidden, UNKNOWN, type Values } from "../model";

/** Every value at a dotted path; lists on the way are walked through, so that `rule.expiration.days` finds those of all rules. */
export function at(values: Values | undefined, path: string): unknown[] {
  let found: unknown[] = [values];
  for (const key of path.split(".")) {
    found = found.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value])).flatMap((value) => {
      if (value === UNKNOWN) return [UNKNOWN];
      const inner = isRecord(value) ? value[key] : undefined;
      return inner === undefined || inner === null ? [] : [inner];
    });
  }
  return found.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : [value])).filter((value) => value !== undefined && value !== null);
}

/** The value at a path, where there is one. */
export const first = (values: Values | undefined, path: string): unknown => at(values, path)[0];
/** As `first`, as a text; undefined where it is not known. */
export const textAt = (values: Values | undefined, path: string): string | undefined => {
  const value = first(values, path);
  return typeof value === "string" && value !== UNKNOWN ? value : undefined;
};
/** As `first`, as a number; a text of digits counts. */
export const numberAt = (values: Values | undefined, path: string): number | undefined => numeric(first(values, path));
export const textsAt = (values: Values | undefined, path: string): string[] => at(values, path).filter((value): value is string => typeof value === "string" && value !== UNKNOWN);

/** The blocks at a path, as records. */
export const blocks = (values: Values | undefined, path: string): Values[] => at(values, path).filter(isRecord);

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
export const isUnknown = (value: unknown): boolean => value === UNKNOWN;
/** Providers write some switches as texts. */
export const isOn = (value: unknown): boolean => value === true || value === "true";
export const isOff = (value: unknown): boolean => value === undefined || value === null || value === false || value === "false";

export function numeric(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

export { canonical, isEqual as same, isHidden };

/** As a person reads it in a message. */
export const shown = (value: unknown): string => (value === undefined || value === null ? "nothing" : typeof value === "string" ? value : canonical(value));
