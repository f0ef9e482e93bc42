/** What a person at a terminal reads of a review; the rest is in its files. */
import { counts, allFindings, stacksOf, type Report } from "../model";
import { difference, money } from "../numbers";
import { judgeWords } from "./judges";
import { riskOf, worstFindings, type ClassOf } from "./order";
import { countsOf, countWords, plainText, sourcePhrase } from "./phrases";
import { shiftLines } from "./shift";
import { verdictOf } from "./verdict";
import { visibleReport } from "./visible";

/** Findings at the most: what refuses comes first. */
const MOST = 12;
const SIGN_COLUMNS = ["create", "update", "replace", "destroy"] as const;

export function summary(unsafe: Report, classOf: ClassOf): string {
  const report = visibleReport(unsafe);
  const { isRefused, reasons } = verdictOf(report);
  const rows = report.environments.flatMap((environment) => [
    ...environment.stacks.map((stack) => {
      const found = counts(stack.plan);
      return [
        stack.stack,
        stack.state,
        ...SIGN_COLUMNS.map((action) => (found[action] === 0 ? "·" : String(found[action]))),
        riskOf(stack, classOf) ?? "",
        "",
      ];
    }),
    [
      environment.environment,
      "",
      "",
      "",
      "",
      "",
      "",
      `${money(environment.cost.after)} a month (${difference(environment.cost.after - environment.cost.before)})`,
    ],
  ]);
  const header = ["stack", "state", "+", "~", "±", "−", "risk", "cost"];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd();

  const open = worstFindings(allFindings(report).filter(({ excepted }) => !excepted));
  const shown = open
    .slice(0, MOST)
    .map(
      ({ severity, rule, construct, message, source }) =>
        `  ${severity === "refusal" ? "✕" : "·"} ${rule}  ${construct}${source ? ` (${source})` : ""}\n      ${message}`,
    );
  return [
    plainText(sourcePhrase(report.source)),
    ...judgeLines(report),
    ...shiftLines(report.environments),
    "",
    line(header),
    widths.map((width) => "─".repeat(width)).join("──"),
    ...rows.map(line),
    "",
    ...stacksOf(report)
      .filter(({ why }) => why)
      .map(({ stack, state, why }) => `  ${stack} is ${state}: ${why}`),
    ...report.exceptionErrors.map((error) => `  ✕ ${error}`),
    ...shown,
    ...(open.length > MOST ? [`  and ${open.length - MOST} more findings`] : []),
    "",
    `${isRefused ? "✕ Refused" : "✓ Passes"}: ${reasons.join(", ")}; ${countWords(countsOf(stacksOf(report)))}.`,
  ].join("\n");
}

function judgeLines(report: Report): string[] {
  const { files, exceptions, untouched } = judgeWords(report);
  return [...(files ? [files] : []), ...exceptions].map(plainText).concat(untouched === undefined ? [] : [`${untouched}.`]);
}
