/** Tables of attributes that must keep a value, must not shrink and must not grow, and how a change is held against them. */
import { UNKNOWN, type ResourceChange, type Severity, type Values } from "../model";
import { attributesAt, changesAt } from "./belongs";
import type { Look, RuleName, Verdict } from "./rules";
import { at, isHidden, isOff, isOn, numeric, same, shown } from "./values";

interface Row {
  readonly rule: RuleName;
  readonly types: readonly string[];
  /** Ends the sentence "…, because" or stands alone: what the change means to a stranger. */
  readonly message: string;
  /** @default that of the rule */
  readonly severity?: Severity;
}

/** An attribute with a value that protects. */
export interface Guard extends Row {
  readonly path: string;
  /** Whether a value protects; undefined is one that is not set. */
  readonly safe: (value: unknown) => boolean;
  /** Whether a new resource without the protection is a finding. @default true */
  readonly onCreate?: boolean;
  /** Attributes that protect as well as this one when they are set. */
  readonly or?: readonly string[];
}

/** A number that should not get lower, or with `higher` not higher. */
export interface Ratchet extends Row {
  readonly path: string;
  readonly bad: "lower" | "higher";
  /** The number that stands for "for ever", such as a log group's 0. */
  readonly endless?: number;
  /** What it is where it is not set. @default it is not compared */
  readonly unset?: number;
}

/** A list that should not lose items, or with `grows` not win any. */
export interface ListGuard extends Row {
  readonly path: string;
  readonly bad: "shrinks" | "grows";
}

/** A value whose change alone a reviewer must see. */
export interface Watch extends Row {
  readonly path: string;
  /** An attribute that, where it is set, is watched in this one's place. */
  readonly unless?: string;
}

export const on = isOn;
export const off = isOff;
export const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== "";
export const notSet = (value: unknown): boolean => !isSet(value);
export const oneOf = (...allowed: readonly string[]) => (value: unknown): boolean => typeof value === "string" && allowed.includes(value);
export const atLeast = (least: number) => (value: unknown): boolean => (numeric(value) ?? 0) >= least;

/** Whether both sides are there to be compared. A replacement's new resource is compared with its old one. */
const isCompared = ({ action }: ResourceChange) => action === "update" || action === "replace";
/** A hidden value is there, which is good unless nothing should be. */
const isTaken = (value: unknown, safe: Guard["safe"]) => value === UNKNOWN || (isHidden(value) && safe !== notSet);
const isSafe = (values: Values | undefined, { path, safe, or = [] }: Guard): boolean => {
  const found = at(values, path);
  return (found.length > 0 ? found.every((value) => isTaken(value, safe) || safe(value)) : safe(undefined)) || or.some((other) => at(values, other).some((value) => isHidden(value) || isSet(value)));
};

export function guardLook(guards: readonly Guard[]): Look {
  return (change) => guards.flatMap((guard): Verdict[] => {
    const { rule, types, path, message, severity, onCreate = true } = guard;
    if (!types.includes(change.type)) return [];
    const { before, after } = change;
    const verdict = (text: string, as = severity): Verdict => ({ rule, path, message: text, ...(as && { severity: as }) });
    if (change.action === "create") return onCreate && after && !isSafe(after, guard) ? [verdict(`${message} (\`${path}\` is ${shown(at(after, path)[0])})`)] : [];
    if (!isCompared(change) || !before || !after || same(at(before, path), at(after, path))) return [];
    if (!isSafe(before, guard)) return [];
    if (!isSafe(after, guard)) return [verdict(`${message} (\`${path}\` was ${shown(at(before, path)[0])}, and will be ${shown(at(after, path)[0])})`)];
    // Where nothing was set, nothing is taken away; what the provider fills in is not known before it has.
    const isFilledIn = at(before, path).length === 0 && guard.safe !== notSet;
    const unknown = at(after, path).includes(UNKNOWN) && !isFilledIn && !at(before, path).some(isHidden);
    return unknown ? [verdict(`\`${path}\` was ${shown(at(before, path)[0])}, and is only known after it is applied: look whether this holds: ${message}`, "notice")] : [];
  });
}

export function ratchetLook(ratchets: readonly Ratchet[]): Look {
  return (change) => (isCompared(change) ? ratchets : []).flatMap(({ rule, types, path, bad, endless, unset, message, severity }): Verdict[] => {
    if (!types.includes(change.type)) return [];
    const number = (values: Values | undefined) => {
      const [value] = at(values, path);
      const found = value === undefined ? unset : numeric(value);
      return found !== undefined && found === endless ? Infinity : found;
    };
    const [before, after] = [number(change.before), number(change.after)];
    if (before === undefined) return [];
    if (after === undefined) {
      const [value] = at(change.after, path);
      // A number that goes from the code leaves the provider's default or what was there; either way somebody must look.
      return isHidden(value) || value === undefined ? [{ rule, path, severity: "notice", message: `\`${path}\` was ${before}, and ${value === undefined ? "is no longer set" : "is only known after it is applied"}: look whether this holds: ${message}` }] : [];
    }
    if (bad === "lower" ? after >= before : after <= before) return [];
    return [{ rule, path, message: `${message} (\`${path}\` was ${words(before)}, and will be ${words(after)})`, ...(severity && { severity }) }];
  });
}

const words = (number: number) => (number === Infinity ? "without an end" : String(number));

export function listLook(lists: readonly ListGuard[]): Look {
  return (change) => (isCompared(change) ? lists : []).flatMap(({ rule, types, path, bad, message, severity }): Verdict[] => {
    if (!types.includes(change.type)) return [];
    const [before, after] = [at(change.before, path), at(change.after, path)];
    if (after.some(isHidden) || before.some(isHidden)) return before.length > after.length === (bad === "shrinks") && before.length !== after.length ? [{ rule, message: `${message} (\`${path}\` has ${after.length} in place of ${before.length})`, ...(severity && { severity }) }] : [];
    const [from, to] = bad === "shrinks" ? [before, after] : [after, before];
    const changed = from.filter((item) => !to.some((other) => same(item, other)));
    return changed.length === 0 ? [] : [{ rule, message: `${message} (\`${path}\` ${bad === "shrinks" ? "loses" : "gets"} ${changed.map(shown).join(", ")})`, ...(severity && { severity }) }];
  });
}

export function watchLook(watches: readonly Watch[]): Look {
  return (change, context) => (isCompared(change) ? watches : []).flatMap(({ rule, types, path, unless, message, severity }): Verdict[] => {
    if (!types.includes(change.type) || (unless !== undefined && at(change.after, unless).length > 0)) return [];
    if (!changesAt(change, path, change.before, change.after, context)) return [];
    const named = attributesAt(change, path);
    const words = named.length > 0 && named.length <= 3 ? named.map((attribute) => changed(attribute.path, [attribute.before], [attribute.after])) : [changed(path, at(change.before, path), at(change.after, path))];
    return [{ rule, message: `${message} (${words.join("; ")})`, ...(severity && { severity }) }];
  });
}

const changed = (path: string, before: readonly unknown[], after: readonly unknown[]) => `\`${path}\` was ${said(before)}, and will be ${said(after)}`;
const said = (values: readonly unknown[]) => {
  const text = values.length === 0 ? "nothing" : values.map(shown).join(", ");
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};
