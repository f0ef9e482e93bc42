/** The review as one comment of a pull request. */
import { DONE } from "../actions";
import { allFindings, stacksOf, type EnvironmentReview, type Report, type StackReview } from "../model";
import { many } from "../numbers";
import { sectionsOf } from "./markdown-details";
import { code, difference, money, sentence, table, escaped } from "./markdown-escaping";
import { judgeWords } from "./judges";
import { riskOf, worstFindings, type ClassOf } from "./order";
import { countsOf, countWords, sourcePhrase, type Phrase } from "./phrases";
import { shiftPhrases } from "./shift";
import { firstRows, fit } from "./size-limit";
import { costDifference, glanceOf, standingExceptions, verdictOf, type HeldBy } from "./verdict";
import { visibleReport } from "./visible";

/** By which the comment of an earlier run is found again. */
export const MARKER = "<!-- trading-system-review -->";
/** GitHub takes 65,536 characters; bytes are never fewer. */
const MOST_BYTES = 65_000;
/** Shares of it, so that no part of the head can push out another. */
const SHARE = { glance: 8_000, refusals: 22_000, errors: 6_000, index: 16_000, unchanged: 3_000, judges: 6_000 };

export interface MarkdownOptions {
  readonly classOf: ClassOf;
  readonly heldBy: HeldBy;
  /** Address of the whole page. */
  readonly artifact?: string;
}

/**
 * One sticky comment for a pull request, always under GitHub's limit: what is least important is left out, and the comment says so.
 * Foreign text in it neither formats nor pings.
 */
export function markdown(unsafe: Report, { classOf, heldBy, artifact }: MarkdownOptions): string {
  const report = visibleReport(unsafe);
  const whole =
    artifact === undefined
      ? "the page among the run's artifacts"
      : `[the whole page](${encodeURI(artifact).replace(/[()]/g, (sign) => (sign === "(" ? "%28" : "%29"))})`;
  const head = [
    MARKER + firstWords(report) + verdictLine(report),
    sourceLine(report),
    ...shiftPhrases(report.environments).map((phrase) => `**${phraseText(phrase)}**`),
    glance(report, heldBy),
    refusalRows(report, whole),
    errorList(report, whole),
    index(report, classOf, whole),
    standing(report, whole),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
  const foot = (leftOut: string) =>
    leftOut === "" ? `Also as ${whole}.` : `**Left out here** for GitHub's limit: ${leftOut}. All of it is in ${whole}.`;
  return fit(head, sectionsOf(report, classOf), foot, MOST_BYTES);
}

/** Above the verdict, because the verdict is made by it. */
function firstWords(report: Report): string {
  const { files, exceptions, untouched } = judgeWords(report);
  const lines = [...(files ? [`> ⚠️ ${phraseText(files)}`] : []), ...exceptions.map((phrase) => `> ⚠️ ${phraseText(phrase)}`)];
  const shown = firstRows(lines, (line) => line, SHARE.judges).map((line) => line.replaceAll("\n", " "));
  return [
    "",
    ...shown.flatMap((line) => [line, ">"]).slice(0, -1),
    ...(shown.length < lines.length ? [">", `> and ${many(lines.length - shown.length, "more line")} of this kind in the page`] : []),
    ...(lines.length > 0 && untouched !== undefined ? [">", `> ${untouched}.`] : []),
    ...(lines.length > 0 ? ["", ""] : [""]),
  ].join("\n");
}

function verdictLine(report: Report): string {
  const { isRefused, reasons } = verdictOf(report);
  return `## ${isRefused ? "⛔ Refused" : "✅ Passes"}: ${reasons.join(", ")} · ${countWords(countsOf(stacksOf(report)))}`;
}

const sourceLine = ({ source }: Report): string => phraseText(sourcePhrase(source));
const phraseText = (phrase: Phrase): string =>
  phrase.map((part) => (typeof part === "string" ? part.replaceAll("$", "&#36;") : code(part.code, 120))).join("");

/** Names at the most in one cell. */
const NAMES = 3;
const named = (names: readonly string[]): string =>
  [...names.slice(0, NAMES), ...(names.length > NAMES ? [`and ${names.length - NAMES} more`] : [])].join("<br>");

/** The four questions of a reviewer, a line for each environment. */
function glance(report: Report, heldBy: HeldBy): string {
  const rows = report.environments.map((environment): string[] => {
    const { refused, lost, opened, unsure } = glanceOf(environment, heldBy);
    const none = unsure.length > 0 ? `none known; ${many(unsure.length, "stack")} not fully planned` : "none";
    return [
      `${code(environment.environment, 60)}${refused > 0 ? `<br>**${many(refused, "refusal")}**` : ""}`,
      countWords(countsOf(environment.stacks)),
      lost.length > 0
        ? named(
            lost.map(
              ({ action, construct, held, isExcepted }) =>
                `**${DONE[action]}** ${code(construct, 100)}${held === undefined ? "" : `: ${escaped(held, 60)}`}${isExcepted ? " (excepted)" : ""}`,
            ),
          )
        : none,
      opened.length > 0 ? named([...new Set(opened.map(({ construct }) => code(construct, 100)))]) : none,
      costCell(environment),
    ];
  });
  const shown = firstRows(rows, (cells) => cells.join(), SHARE.glance);
  return [
    table(["", "changes", "data destroyed or replaced", "opens to a network", "cost per month:"], shown),
    ...(shown.length < rows.length ? [`and ${many(rows.length - shown.length, "more environment", "more environments")}`] : []),
  ].join("\n\n");
}

const costCell = (environment: EnvironmentReview): string =>
  `${money(environment.cost.after)} (${difference(costDifference(environment))})${environment.cost.budget !== undefined && environment.cost.after > environment.cost.budget ? `<br>**over the budget of ${money(environment.cost.budget)}**` : ""}`;

function refusalRows(report: Report, whole: string): string {
  const found = worstFindings(allFindings(report)).filter(({ severity, excepted }) => severity === "refusal" && !excepted);
  if (found.length === 0) return "";
  const rows = found.map(({ riskClass, message, construct, source, rule }) => [
    riskClass,
    sentence(message, 400),
    code(construct, 120),
    source === undefined ? "" : code(source, 80),
    code(rule, 60),
  ]);
  const shown = firstRows(rows, (cells) => cells.join(), SHARE.refusals);
  return [
    "### Refusals",
    table(["class", "what", "construct", "source", "rule"], shown),
    ...(shown.length < rows.length
      ? [`**and ${many(rows.length - shown.length, "more refusal")}** of ${many(rows.length, "refusal")}, in ${whole}.`]
      : []),
    "An entry in `review/exceptions.yaml` (construct, rule, reason, expiry) lets one pass.",
  ].join("\n\n");
}

/** What refuses beside findings. */
function errorList(report: Report, whole: string): string {
  const rows = [
    ...stacksOf(report)
      .filter(({ state }) => state === "failed")
      .map(({ stack, why }) => `- ${code(stack, 80)} failed: ${escaped(why ?? "no reason is known", 500)}`),
    ...report.exceptionErrors.map((message) => `- review/exceptions.yaml: ${sentence(message, 400)}`),
  ];
  const shown = firstRows(rows, (row) => row, SHARE.errors);
  return [
    ...shown,
    ...(shown.length < rows.length ? [`- **and ${many(rows.length - shown.length, "more error")}**, in ${whole}`] : []),
  ].join("\n");
}

/** Environment × stack; those that stay as they are in one line each environment. */
function index(report: Report, classOf: ClassOf, whole: string): string {
  const all = report.environments.flatMap((environment) => environment.stacks.map((stack) => ({ environment, stack })));
  const isQuiet = ({ stack }: { readonly stack: StackReview }) =>
    (stack.state === "unchanged" || stack.state === "planned") &&
    stack.plan.changes.length + stack.plan.drift.length + stack.plan.outputs.length + stack.findings.length === 0;
  const rows = all.filter((row) => !isQuiet(row)).map(({ environment, stack }) => indexRow(environment, stack, classOf));
  const shown = firstRows(rows, (cells) => cells.join(), SHARE.index);
  const quiet = report.environments
    .map((environment) => ({ environment, stacks: environment.stacks.filter((stack) => isQuiet({ stack })) }))
    .filter(({ stacks }) => stacks.length > 0)
    .map(
      ({ environment, stacks }) =>
        `${code(environment.environment, 60)}: ${stacks
          .slice(0, 12)
          .map(({ stack }) => code(stack, 60))
          .join(", ")}${stacks.length > 12 ? ` and ${stacks.length - 12} more` : ""}`,
    );
  const shownQuiet = firstRows(quiet, (line) => line, SHARE.unchanged);
  return [
    ...(rows.length > 0
      ? [table(["environment", "stack", "+:", "~:", "±:", "−:", "state", "risk", "per month:", "difference:"], shown)]
      : []),
    ...(shown.length < rows.length ? [`and ${many(rows.length - shown.length, "more stack")}, in ${whole}.`] : []),
    ...(quiet.length > 0
      ? [
          `No change in ${shownQuiet.join("; ")}${shownQuiet.length < quiet.length ? `; and in ${many(quiet.length - shownQuiet.length, "more environment")}` : ""}.`,
        ]
      : []),
  ].join("\n\n");
}

/** What exceptions let pass as they did before. */
function standing(report: Report, whole: string): string {
  const { length } = standingExceptions(report);
  return length > 0 ? `${many(length, "excepted finding")} on what this change does not touch: in ${whole}.` : "";
}

function indexRow({ environment, cost }: EnvironmentReview, stack: StackReview, classOf: ClassOf): string[] {
  const found = countsOf([stack]);
  const number = (count: number) => (stack.state === "failed" || stack.state === "deferred" ? "?" : String(count));
  const sum = (lines: EnvironmentReview["cost"]["lines"]) =>
    lines.filter((line) => line.stack === stack.stack).reduce((dollars, { monthly }) => dollars + (monthly ?? 0), 0);
  const others = (["move", "import", "forget"] as const)
    .filter((action) => found[action] > 0)
    .map((action) => countWords({ create: 0, update: 0, replace: 0, destroy: 0, move: 0, import: 0, forget: 0, [action]: found[action] }));
  const notes = [stack.state, ...others, ...(stack.plan.drift.length > 0 ? [`${stack.plan.drift.length} drifted`] : [])];
  return [
    code(environment, 60),
    code(stack.stack, 80),
    number(found.create),
    number(found.update),
    stack.state === "compared" ? "?" : number(found.replace),
    number(found.destroy),
    notes.join(", "),
    riskOf(stack, classOf) ?? "",
    money(sum(cost.lines)),
    difference(sum(cost.lines) - sum(cost.linesBefore)),
  ];
}
