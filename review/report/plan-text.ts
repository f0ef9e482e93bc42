/** Plans as a person at a terminal reads them. */
import { isForStacks } from "../../terraform/references";
import { SYMBOLS } from "../actions";
import type { OutputChange, PlanSource, ResourceChange, StackReview } from "../model";
import { many } from "../numbers";
import { shortened } from "../shortened";
import { NOT_SET, rowsOf, valueText, type Row } from "./diff-rows";
import { countWords, countsOf, plainText, sourcePhrase } from "./phrases";
import { shiftLines, type Shifted } from "./shift";
import { visible } from "./visible";

/** Characters of a value at the most; a long one is read in `npm run review`'s page. */
const MOST_CHARACTERS = 160;
/** Lines of a resource at the most. */
const MOST_LINES = 24;

export type PlannedStack = Pick<StackReview, "stack" | "state" | "why" | "plan">;

export function planText(
  source: PlanSource,
  stacks: readonly PlannedStack[],
  limits: readonly string[],
  environments: readonly Shifted[] = [],
): string {
  const changed = stacks.filter(
    ({ state, plan }) => state !== "unchanged" && (plan.changes.length > 0 || readOutputs(plan).length > 0 || state !== "planned"),
  );
  const unchanged = stacks.length - changed.length;
  const isOutputsOnly = changed.length > 0 && changed.every(({ state, plan }) => state === "planned" && plan.changes.length === 0);
  return visible(
    [
      plainText(sourcePhrase(source)),
      ...shiftLines(environments),
      "",
      ...changed.flatMap(({ stack, state, why, plan }) => [
        `${stack}${state === "planned" ? "" : ` (${state}${why ? `: ${why}` : ""})`}`,
        ...plan.changes.flatMap(changeLines),
        ...readOutputs(plan).map(outputLine),
        "",
      ]),
      ...limits.map((limit) => `${limit}.`),
      changed.length === 0
        ? `Nothing changes in ${many(stacks.length, "stack")}.`
        : `${isOutputsOnly ? "Only outputs change" : countWords(countsOf(stacks))}${unchanged > 0 ? `; ${unchanged} of ${stacks.length} stacks stay as they are` : ""}.`,
    ].join("\n"),
  );
}

/** Those that people and scripts read; the ones with which cdktf passes values from stack to stack say nothing that their resources do not. */
export const readOutputs = ({ outputs }: PlannedStack["plan"]): OutputChange[] => outputs.filter(({ name }) => !isForStacks(name));

const outputLine = ({ name, action, before, after }: OutputChange): string =>
  `  ${SYMBOLS[action]} output  ${name}: ${{
    create: () => excerpt(after),
    update: () => `${excerpt(before)} → ${excerpt(after)}`,
    destroy: () => excerpt(before),
  }[action]()}`;
const excerpt = (value: unknown) => shortened(valueText(value), MOST_CHARACTERS);

function changeLines(change: ResourceChange): string[] {
  const { action, type, construct, importId, reason } = change;
  // What is created or destroyed as a whole is named; its arguments stand in the code.
  const rows = change.attributes.length > 0 ? rowsOf(change) : [];
  const lines = rows.flatMap(rowLines);
  return [
    `  ${SYMBOLS[action]} ${type}  ${construct}${reason && action === "replace" ? `  (${reason.replaceAll("_", " ")})` : ""}${importId === undefined ? "" : `  (imported as ${importId})`}`,
    ...lines.slice(0, MOST_LINES).map((line) => `      ${line}`),
    ...(lines.length > MOST_LINES ? [`      and ${lines.length - MOST_LINES} more lines`] : []),
  ];
}

function rowLines(row: Row): string[] {
  const note = row.forcesReplacement ? "  # forces replacement" : "";
  if (row.kind === "lines")
    return [`${row.path}:${note}`, ...row.lines.map(({ sign, text }) => `  ${sign} ${shortened(text, MOST_CHARACTERS)}`)];
  return [`${row.path}: ${shortened(row.before ?? NOT_SET, MOST_CHARACTERS)} → ${shortened(row.after ?? NOT_SET, MOST_CHARACTERS)}${note}`];
}
