/** What a preflight says to people. */
import type { Row } from "../../delivery/preflight/need";
import { table } from "../shared/table";

export const wouldFail = (rows: readonly Row[]): boolean => rows.some(({ state }) => state === "missing");

const STATES: Readonly<Record<Row["state"], string>> = {
  there: "there",
  missing: "MISSING",
  later: "after the deploy",
  advised: "advised",
  unknown: "not known",
};

/** What is the matter and what to do about it, in a line each; none where a row is there. */
export const sentences = (row: Row): string[] =>
  row.state === "there"
    ? []
    : [`${STATES[row.state]}: ${row.kind} ${row.name}: ${row.why}`, ...(row.make === undefined ? [] : [`  ${row.make}`])];

/** A table of all rows; below it what to do about those that are not there, because commands are longer than a terminal is wide. */
export function rowsText(environment: string, rows: readonly Row[]): string {
  const missing = rows.filter(({ state }) => state === "missing").length;
  const own = (stack: string) => (stack.startsWith(`${environment}-`) ? stack.slice(environment.length + 1) : stack);
  const said = rows.flatMap(sentences);
  return [
    table(
      ["state", "what", "which", "for"],
      rows.map((row) => [STATES[row.state], row.kind, shortened(row.name), row.stacks.map(own).join(", ") || "all"]),
    ),
    "",
    ...said,
    ...(said.length > 0 ? [""] : []),
    missing > 0
      ? `A deploy would fail: ${missing} of ${rows.length} missing. Nothing was made.`
      : "Nothing is missing that a deploy needs.",
  ].join("\n");
}

/** An ARN is as wide as a terminal; its end tells it from others. */
const shortened = (name: string): string => name.replace(/^arn:.*[:/](?=[^:/]+$)/, "…");
