/** Runs a table of fields: the values just outside the limits of each are refused, those just inside accepted. */
import { edited, findingsOf, GONE, type Base, type Edits } from "./edits";

export interface Field {
  readonly path: string;
  /** Part of what the message says is allowed. */
  readonly allowed: string;
  readonly refused: readonly unknown[];
  readonly accepted: readonly unknown[];
  /** @default "prod" */
  readonly base?: Base;
  /** What must fit the value elsewhere in the literal. */
  readonly with?: Edits;
}

export const characters = (count: number, text = "a") => text.repeat(count);
/** Values of which no text is one. */
export const NO_TEXT = [undefined, null, 5, true, [], {}, ["a"]];
export const NO_NUMBER = [undefined, null, "60", NaN, Infinity, 1.5, 1e400, true, []];

/** No value: the key is missing. */
const edits = (field: Field, value: unknown): Edits => ({ ...field.with, [field.path]: value === undefined ? GONE : value });
const shown = (value: unknown) =>
  typeof value === "string" && value.length > 40
    ? `${value.slice(0, 20)}… (${value.length})`
    : value === undefined
      ? "nothing"
      : typeof value === "number"
        ? String(value)
        : JSON.stringify(value).slice(0, 60);

/** Holds every value to its field. */
export function testFields(fields: readonly Field[]): void {
  it.each(fields.flatMap((field) => field.refused.map((value) => [field.path, shown(value), field, value] as const)))(
    "%s refuses %s",
    (_, __, field, value) => {
      const findings = findingsOf(edited(field.base ?? "prod", edits(field, value)));
      const finding = findings.find(({ path, allowed }) => path === field.path && allowed.includes(field.allowed)) ?? findings;
      expect(finding).toEqual({ path: field.path, value, allowed: expect.stringContaining(field.allowed) as string });
    },
  );

  it.each(fields.flatMap((field) => field.accepted.map((value) => [field.path, shown(value), field, value] as const)))(
    "%s accepts %s",
    (_, __, field, value) => {
      expect(findingsOf(edited(field.base ?? "prod", edits(field, value)))).toEqual([]);
    },
  );
}
