/** What changes, in the comment: a line each, and of which stacks a plan cannot say it all. */
import { DONE } from "../actions";
import { stacksOf, type Report } from "../model";
import { many } from "../numbers";
import { valueText } from "./diff-rows";
import { code, escaped } from "./markdown-escaping";
import type { ClassOf } from "./order";
import { STATES } from "./phrases";
import { firstRows } from "./size-limit";
import { toldChanges, type Told } from "./told";

/**
 * Every change with what it does to which value, the worst first.
 * @param whole where the page is; @param most bytes of UTF-8
 */
export function changeLines(report: Report, classOf: ClassOf, { whole, most }: { readonly whole: string; readonly most: number }): string {
  const lines = toldChanges(report, classOf).map(changeLine);
  const shown = firstRows(lines, (line) => line, most);
  return [
    ...shown,
    ...(shown.length < lines.length ? [`- and ${many(lines.length - shown.length, "more change")}, in ${whole}`] : []),
  ].join("\n");
}

function changeLine({ change: { action, type }, construct, environments, attributes, isWhole }: Told): string {
  const values = attributes.map(
    ({ path, before, after, forcesReplacement }) =>
      `${code(path, 100)} ${code(valueText(before), 70)} → ${code(valueText(after), 70)}${forcesReplacement ? " (forces replacement)" : ""}`,
  );
  const where = environments.length > 1 ? ` in ${environments.map((name) => code(name, 60)).join(", ")}` : "";
  const told = [...values, ...(isWhole || values.length === 0 ? [] : ["more below"])].join("; ");
  const done = action === "destroy" || action === "replace" ? `**${DONE[action]}**` : DONE[action];
  return `- ${done} ${code(construct, 160)} (${code(type, 80)})${where}${told === "" ? "" : `: ${told}`}`;
}

/** Stacks of which the plan cannot say it all, and how many stay as they are. */
export function stateLines(report: Report, most: number): string {
  const stacks = stacksOf(report);
  const unsure = stacks.filter(({ state }) => state === "compared" || state === "deferred" || state === "orphaned");
  const lines = [
    ...unsure.map(
      ({ stack, state, why }) => `- ${code(stack, 80)} is ${STATES[state]}${why === undefined ? "" : `. ${escaped(why, 400)}`}`,
    ),
    ...stacks
      .filter(({ plan }) => !plan.isComplete)
      .map(({ stack }) => `- Of ${code(stack, 80)} Terraform says that another plan must follow`),
  ];
  const shown = firstRows(lines, (line) => line, most);
  const quiet = stacks.filter(
    ({ state, plan }) =>
      (state === "unchanged" || state === "planned") && plan.changes.length + plan.drift.length + plan.outputs.length === 0,
  ).length;
  return [
    [...shown, ...(shown.length < lines.length ? [`- and ${many(lines.length - shown.length, "more stack")}`] : [])].join("\n"),
    quiet > 0
      ? `${quiet} of ${many(stacks.length, "stack")} ${quiet === 1 ? "stays" : "stay"} as ${quiet === 1 ? "it is" : "they are"}.`
      : "",
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}
