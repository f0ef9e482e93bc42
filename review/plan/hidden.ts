/** Values of a plan in which what must not be shown, or is not known, is marked. They can be compared; {@link shown} is what may leave. */
import { createHash } from "node:crypto";
import { canonical, isList, isObject, Opaque } from "../json-values";
import { UNKNOWN } from "../model";

/** Stands in for a value. Two are equal when what they stand for is, so that a changed secret is still seen as a change. */
export class Hidden extends Opaque {
  /**
   * @param text what is shown in its place
   * @param fingerprint of what it stands for; undefined for one that equals nothing, not even itself
   * @param inner the marked content of a JSON text that holds a secret; of an unknown value, the reference that it is written as, if that is known
   */
  constructor(
    readonly text: string,
    readonly fingerprint: string | undefined,
    readonly inner?: Marked,
  ) {
    super();
  }

  get canonical(): string {
    return `#${this.text}#${this.fingerprint ?? ""}`;
  }
}

export type Marked = string | number | boolean | null | Hidden | readonly Marked[] | { readonly [key: string]: Marked };
export type MarkedObject = Readonly<Record<string, Marked>>;

export const isMarkedObject = (value: Marked | undefined): value is MarkedObject => isObject(value);

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Of what is hidden: never leaves this process. */
export const fingerprint = (value: unknown): string => sha256(canonical(value));
/** Tells keys apart that may not be shown. */
export const shortDigest = (text: string): string => sha256(text).slice(0, 6);

/** Whether something in it is hidden or unknown. */
export function holdsHidden(value: Marked): boolean {
  if (value instanceof Hidden) return true;
  if (isList(value)) return (value as readonly Marked[]).some(holdsHidden);
  return isMarkedObject(value) && Object.values(value).some(holdsHidden);
}

export const isUnknown = (value: Marked | undefined): boolean => value instanceof Hidden && value.text === UNKNOWN;

/** What may be seen of it. */
export function shown(value: Marked): unknown {
  if (value instanceof Hidden) return value.text;
  if (isList(value)) return (value as readonly Marked[]).map(shown);
  return isMarkedObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(inner)])) : value;
}

/** Whether the same value stands behind both. */
export function same(one: Marked | undefined, other: Marked | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (one instanceof Hidden || other instanceof Hidden)
    return one instanceof Hidden && other instanceof Hidden && one.fingerprint !== undefined && one.fingerprint === other.fingerprint;
  if (isList(one) || isList(other))
    return (
      isList(one) &&
      isList(other) &&
      one.length === other.length &&
      (one as readonly Marked[]).every((value, index) => same(value, (other as readonly Marked[])[index]))
    );
  if (isMarkedObject(one) && isMarkedObject(other)) {
    const keys = Object.keys(one);
    return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && same(one[key], other[key]));
  }
  return one === other;
}
