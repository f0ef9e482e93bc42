/** What differs in a resource, row by row: values as Terraform writes them, long texts line by line. */
import { structuredPatch } from "diff";
import { isHidden, UNKNOWN, type AttributeChange, type ResourceChange } from "../model";

/** As Terraform writes it: text in quotes, placeholders without; `(not set)` where there is none. */
export function valueText(value: unknown, indent?: number): string {
  if (value === undefined || value === null) return NOT_SET;
  return isHidden(value) ? String(value) : JSON.stringify(value, null, indent);
}
export const NOT_SET = "(not set)";

/** `  text` stays, `- text` goes, `+ text` comes; `@` tells how much was left out between. */
export interface DiffLine {
  readonly sign: " " | "-" | "+" | "@";
  readonly text: string;
}

/** More changed lines than this, and the whole text goes and comes: telling them apart takes the square of it (a few milliseconds at 200). */
const MOST_EDITS = 200;

/** What differs between two texts, with three lines around it. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const patch = structuredPatch("", "", before, after, undefined, undefined, { context: 3, maxEditLength: MOST_EDITS });
  if (!patch)
    return [
      ...before.split("\n").map((text): DiffLine => ({ sign: "-", text })),
      ...after.split("\n").map((text): DiffLine => ({ sign: "+", text })),
    ];
  return patch.hunks.flatMap(({ oldStart, lines }, index): DiffLine[] => [
    ...(index > 0 || oldStart > 1 ? [{ sign: "@" as const, text: `line ${oldStart}` }] : []),
    ...lines.filter((line) => !line.startsWith("\\")).map((line) => ({ sign: line[0] as " " | "-" | "+", text: line.slice(1) })),
  ]);
}

/** Longer ones are told line by line. */
const isLong = (value: unknown): value is string => typeof value === "string" && value.includes("\n");

/** One row of a resource's diff. */
export type Row =
  | {
      readonly kind: "values";
      readonly path: string;
      readonly before?: string;
      readonly after?: string;
      readonly forcesReplacement: boolean;
    }
  | { readonly kind: "lines"; readonly path: string; readonly lines: readonly DiffLine[]; readonly forcesReplacement: boolean };

/** What to show of a change: what differs, or all that is set where the whole resource comes or goes. What is forgotten stays as it is. */
export function rowsOf(change: ResourceChange): Row[] {
  if (change.attributes.length > 0) {
    const isFilledIn = ({ before, after, forcesReplacement }: AttributeChange) =>
      after === UNKNOWN && !forcesReplacement && (before === undefined || change.action === "replace");
    return folded(change.attributes, isFilledIn, attributeRow, ({ path }) => path);
  }
  if (change.action === "create")
    return folded(
      whole(change.after, "after"),
      (row) => row.kind === "values" && row.after === UNKNOWN,
      (row) => row,
      ({ path }) => path,
    );
  return change.action === "destroy" ? whole(change.before, "before") : [];
}

/** Paths at the most that are named of those that share a row. */
const NAMED = 5;

/** What AWS fills in by itself tells a reviewer nothing: it shares one row. */
function folded<T>(items: readonly T[], isFilledIn: (item: T) => boolean, row: (item: T) => Row, pathOf: (item: T) => string): Row[] {
  const filledIn = items.filter(isFilledIn).map(pathOf);
  if (filledIn.length < 2) return items.map(row);
  const path = `${filledIn.slice(0, NAMED).join(", ")}${filledIn.length > NAMED ? ` and ${filledIn.length - NAMED} more` : ""}`;
  return [...items.filter((item) => !isFilledIn(item)).map(row), { kind: "values", path, after: UNKNOWN, forcesReplacement: false }];
}

function attributeRow({ path, before, after, forcesReplacement }: AttributeChange): Row {
  if ((isLong(before) || isLong(after)) && isText(before) && isText(after))
    return { kind: "lines", path, lines: lineDiff(before ?? "", after ?? ""), forcesReplacement };
  return { kind: "values", path, before: valueText(before), after: valueText(after), forcesReplacement };
}

const isText = (value: unknown): value is string | undefined => value === undefined || (typeof value === "string" && !isHidden(value));

/** Unset and empty arguments say nothing of a resource that comes or goes. */
const isEmpty = (value: unknown): boolean => value === null || value === undefined || (Array.isArray(value) && value.length === 0);

function whole(values: ResourceChange["after"], side: "before" | "after"): Row[] {
  return Object.keys(values ?? {})
    .sort()
    .filter((path) => !isEmpty(values![path]))
    .map((path): Row => {
      const value = values![path];
      if (isLong(value))
        return {
          kind: "lines",
          path,
          lines: value.split("\n").map((text) => ({ sign: side === "after" ? "+" : "-", text })),
          forcesReplacement: false,
        };
      return { kind: "values", path, [side]: valueText(value), forcesReplacement: false };
    });
}
