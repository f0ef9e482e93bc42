/** Tables of attributes that must keep a value, must not shrink and must not grow, and how a change is held against them. */
import { UNKNOWN, type ResourceChange, type Severity, type Values, isHidden } from "../model";
import { pathOf, typeOf, type Attribute } from "../provider-names";
import { attributesAt, changesAt } from "./attribute-changes";
import type { Look, RuleName, Verdict } from "./rules";
import { at, isOff, isOn, isRecord, numeric, shown } from "./reading";
import { isEqual } from "../json-values";
import { isTwin, isWorth, type Items } from "./items";

interface Row {
  readonly rule: RuleName;
  /** Where it stands; each is judged by itself. */
  readonly attributes: readonly Attribute[];
  /** Ends the sentence "…, because" or stands alone: what the change means to a stranger. */
  readonly message: string;
  /** @default that of the rule */
  readonly severity?: Severity;
}

/** An attribute with a value that protects. */
export interface Guard extends Row {
  /** Whether a value protects; undefined is one that is not set. */
  readonly safe: (value: unknown) => boolean;
  /** Whether a new resource without the protection is a finding. @default true */
  readonly onCreate?: boolean;
  /** Attributes that protect as well as this one when they are set. */
  readonly or?: readonly Attribute[];
  /** Whether something else of the resource keeps most others out: a new one without the protection is only a notice then. @default nothing does */
  readonly unless?: (values: Values) => boolean;
  /** Whether what a new one gets by itself is the unsafe value, so that somebody must look while it is not known. @default it is nothing to tell */
  readonly unsafeByItself?: boolean;
}

/** A number that should not get lower, or with `higher` not higher. */
export interface Ratchet extends Row {
  readonly bad: "lower" | "higher";
  /** The number that stands for "for ever", such as a log group's 0. */
  readonly endless?: number;
  /** What it is where it is not set. @default it is not compared */
  readonly unset?: number;
}

/** A list that should not lose items, or with `grows` not win any. */
export interface ListGuard extends Row, Items {
  readonly bad: "shrinks" | "grows";
  /** Of which blocks it holds. @default all */
  readonly only?: (block: Readonly<Record<string, unknown>>) => boolean;
}

/** A value whose change alone a reviewer must see. */
export interface Watch extends Row {
  /** An attribute that, where it is set, is watched in this one's place. */
  readonly unless?: Attribute;
}

export const on = isOn;
export const off = isOff;
export const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== "" && !(typeof value === "object" && Object.keys(value).length === 0);
export const notSet = (value: unknown): boolean => !isSet(value);
export const oneOf =
  (...allowed: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === "string" && allowed.includes(value);
export const atLeast =
  (least: number) =>
  (value: unknown): boolean =>
    (numeric(value) ?? 0) >= least;

/** The rows that speak of a resource's type, each with its attribute and the path that a plan writes for it. */
const rowsOf = <R extends Row>(rows: readonly R[], type: string) =>
  rows.flatMap((row) =>
    row.attributes.filter((attribute) => typeOf(attribute) === type).map((attribute) => ({ ...row, attribute, path: pathOf(attribute) })),
  );

/** Whether both sides are there to be compared. A replacement's new resource is compared with its old one. */
const isCompared = ({ action }: ResourceChange) => action === "update" || action === "replace";
/** A hidden value is there, which is good unless nothing should be. */
const isTaken = (value: unknown, safe: Guard["safe"]) => value === UNKNOWN || (isHidden(value) && safe !== notSet);
const isSafe = (values: Values | undefined, attribute: Attribute, { safe, or = [] }: Guard): boolean => {
  const found = at(values, attribute);
  return (
    (found.length > 0 ? found.every((value) => isTaken(value, safe) || safe(value)) : safe(undefined)) ||
    or.some((other) => at(values, other).some((value) => isHidden(value) || isSet(value)))
  );
};

export function guardLook(guards: readonly Guard[]): Look {
  return (change) =>
    rowsOf(guards, change.type).flatMap((guard): Verdict[] => {
      const { rule, attribute, path, message, severity, onCreate = true, unless, unsafeByItself = false } = guard;
      const { before, after } = change;
      const verdict = (text: string, as = severity): Verdict => ({ rule, path, message: text, ...(as && { severity: as }) });
      if (change.action === "create") {
        if (!onCreate || !after) return [];
        if (!isSafe(after, attribute, guard))
          return [verdict(`${message} (\`${path}\` is ${shown(at(after, attribute)[0])})`, unless?.(after) ? "notice" : severity)];
        return unsafeByItself && at(after, attribute).includes(UNKNOWN)
          ? [verdict(`Nobody says what \`${path}\` is: look whether this holds: ${message}`, "notice")]
          : [];
      }
      if (!isCompared(change) || !before || !after || isEqual(at(before, attribute), at(after, attribute))) return [];
      if (!isSafe(before, attribute, guard)) return [];
      if (!isSafe(after, attribute, guard))
        return [verdict(`${message} (\`${path}\` was ${shown(at(before, attribute)[0])}, and will be ${shown(at(after, attribute)[0])})`)];
      // Where nothing was set, nothing is taken away; what the provider fills in is not known before it has.
      const isFilledIn = at(before, attribute).length === 0 && guard.safe !== notSet;
      const unknown = at(after, attribute).includes(UNKNOWN) && !isFilledIn && !at(before, attribute).some(isHidden);
      return unknown
        ? [
            verdict(
              `\`${path}\` was ${shown(at(before, attribute)[0])}, and is only known after it is applied: look whether this holds: ${message}`,
              "notice",
            ),
          ]
        : [];
    });
}

export function ratchetLook(ratchets: readonly Ratchet[]): Look {
  return (change) =>
    (isCompared(change) ? rowsOf(ratchets, change.type) : []).flatMap(
      ({ rule, attribute, path, bad, endless, unset, message, severity }): Verdict[] => {
        const numbers = (values: Values | undefined): readonly number[] => {
          const found = at(values, attribute);
          if (found.length === 0) return unset === undefined ? [] : [unset];
          // From the worst on: of several blocks nobody says which was which.
          return found
            .flatMap((value) => numeric(value) ?? [])
            .map((number) => (number === endless ? Infinity : number))
            .sort((a, b) => (bad === "lower" ? a - b : b - a));
        };
        const [was, will] = [numbers(change.before), numbers(change.after)];
        const isWorse = (number: number, index: number) => (bad === "lower" ? will[index]! < number : will[index]! > number);
        const worse = was.length === will.length ? Math.max(was.findIndex(isWorse), 0) : 0;
        const [before, after] = [was[worse], will[worse]];
        if (before === undefined) return [];
        if (after === undefined) {
          const [value] = at(change.after, attribute);
          // A number that goes from the code leaves the provider's default or what was there; either way somebody must look.
          return isHidden(value) || value === undefined
            ? [
                {
                  rule,
                  path,
                  severity: "notice",
                  message: `\`${path}\` was ${before}, and ${value === undefined ? "is no longer set" : "is only known after it is applied"}: look whether this holds: ${message}`,
                },
              ]
            : [];
        }
        if (bad === "lower" ? after >= before : after <= before) return [];
        return [
          {
            rule,
            path,
            message: `${message} (\`${path}\` was ${words(before)}, and will be ${words(after)})`,
            ...(severity && { severity }),
          },
        ];
      },
    );
}

const words = (number: number) => (number === Infinity ? "without an end" : String(number));

export function listLook(lists: readonly ListGuard[]): Look {
  return (change) =>
    (isCompared(change) ? rowsOf(lists, change.type) : []).flatMap((row): Verdict[] => {
      const { rule, attribute, path, bad, message, severity, only = () => true } = row;
      const [before, after] = [at(change.before, attribute), at(change.after, attribute)];
      const told = (text: string, as = severity): Verdict => ({
        rule,
        message: `${message} (\`${path}\` ${text})`,
        ...(as && { severity: as }),
      });
      if (after.some(isHidden) || before.some(isHidden))
        return before.length > after.length === (bad === "shrinks") && before.length !== after.length
          ? [told(`has ${after.length} in place of ${before.length}`)]
          : [];
      const [from, to] = bad === "shrinks" ? [before, after] : [after, before];
      const changed = from.filter((item) => (!isRecord(item) || only(item)) && !to.some((other) => isWorth(other, item, row)));
      const gone = changed.filter((item) => !to.some((other) => isTwin(other, item, row)));
      const other = changed.filter((item) => !gone.includes(item));
      return [
        ...(gone.length > 0 ? [told(`${bad === "shrinks" ? "loses" : "gets"} ${gone.map(shown).join(", ")}`)] : []),
        ...(other.length > 0 ? [told(`has another ${other.map(shown).join(", ")}: look whether it is as good`, "notice")] : []),
      ];
    });
}

export function watchLook(watches: readonly Watch[]): Look {
  return (change, context) =>
    (isCompared(change) ? rowsOf(watches, change.type) : []).flatMap(({ rule, attribute, path, unless, message, severity }): Verdict[] => {
      if (unless !== undefined && at(change.after, unless).length > 0) return [];
      if (!changesAt(change, attribute, change.before, change.after, context)) return [];
      const named = attributesAt(change, path);
      const words =
        named.length > 0 && named.length <= 3
          ? named.map((attribute) => changed(attribute.path, [attribute.before], [attribute.after]))
          : [changed(path, at(change.before, attribute), at(change.after, attribute))];
      return [{ rule, message: `${message} (${words.join("; ")})`, ...(severity && { severity }) }];
    });
}

const changed = (path: string, before: readonly unknown[], after: readonly unknown[]) =>
  `\`${path}\` was ${said(before)}, and will be ${said(after)}`;
const said = (values: readonly unknown[]) => {
  const text = values.length === 0 ? "nothing" : values.map(shown).join(", ");
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};
