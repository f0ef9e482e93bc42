/** The review as one comment of a pull request. */
import { DONE } from "../actions";
import { allFindings, stacksOf, type EnvironmentReview, type Report } from "../model";
import { isNothing, many } from "../numbers";
import { anchorOf, entryOf } from "../rules";
import { changeLines, stateLines } from "./markdown-changes";
import { findingLine, sectionsOf } from "./markdown-details";
import { code, difference, money, sentence, table, escaped } from "./markdown-escaping";
import { judgeWords } from "./judges";
import { worstFindings, type ClassOf } from "./order";
import { countsOf, countWords, sourcePhrase, type Phrase } from "./phrases";
import { shiftPhrases } from "./shift";
import { firstRows, fit } from "./size-limit";
import { costDifference, glanceOf, isCalm, standingExceptions, verdictOf, type HeldBy } from "./verdict";
import { visibleReport } from "./visible";

/** By which the comment of an earlier run is found again. */
export const MARKER = "<!-- trading-system-review -->";
/** GitHub takes 65,536 characters; bytes are never fewer. */
const MOST_BYTES = 65_000;
/** Shares of it, so that no part of the head can push out another. */
const SHARE = { glance: 7_000, refusals: 20_000, errors: 6_000, notices: 8_000, changes: 12_000, states: 3_000, judges: 6_000 };

export interface MarkdownOptions {
  readonly classOf: ClassOf;
  readonly heldBy: HeldBy;
  /** Address of the whole page. */
  readonly artifact?: string;
  /** Address of docs/rules.md, to which the names of rules lead. @default they lead nowhere */
  readonly rulesPage?: string;
}

/**
 * One sticky comment for a pull request, always under GitHub's limit: what is least important is left out, and the comment says so.
 * Where nothing is to be decided it is some ten lines; whole tables belong to the page. Foreign text in it neither formats nor pings.
 */
export function markdown(unsafe: Report, { classOf, heldBy, artifact, rulesPage }: MarkdownOptions): string {
  const report = visibleReport(unsafe);
  const ruleText = ruleLinks(rulesPage);
  const calm = isCalm(report, heldBy);
  const whole = artifact === undefined ? "the page among the run's artifacts" : link("the whole page", artifact);
  const changes = changeLines(report, classOf, { whole, most: SHARE.changes });
  const head = [
    MARKER + firstWords(report) + verdictLine(report),
    sourceLine(report),
    ...shiftPhrases(report.environments).map((phrase) => `**${phraseText(phrase)}**`),
    calm ? calmLine(report) : glance(report, heldBy),
    refusalRows(report, whole, ruleText),
    errorList(report, whole),
    noticeLines(report, whole, ruleText),
    ...(changes === "" || calm ? [] : ["### Changes"]),
    changes,
    stateLines(report, SHARE.states),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
  const foot = (leftOut: string) =>
    leftOut === ""
      ? `Also as ${whole}${standing(report)}.`
      : `**Left out here** for GitHub's limit: ${leftOut}. All of it is in ${whole}${standing(report)}.`;
  return fit(head, sectionsOf(report, { classOf, isCalm: calm, ruleText }), foot, MOST_BYTES);
}

/** @param address ours, or of the run that reviews */
const link = (text: string, address: string): string =>
  `[${text}](${encodeURI(address).replace(/[()]/g, (sign) => (sign === "(" ? "%28" : "%29"))})`;

/** A rule's name leads to what it sees, why, and how to let one pass. */
const ruleLinks =
  (page: string | undefined) =>
  (rule: string): string => {
    const entry = page === undefined ? undefined : entryOf(rule);
    return entry === undefined ? code(rule, 60) : link(code(rule, 60), `${page}#${anchorOf(entry)}`);
  };

/** What exceptions let pass as they did before. */
function standing(report: Report): string {
  const { length } = standingExceptions(report);
  return length > 0 ? `, with ${many(length, "excepted finding")} on what this change does not touch` : "";
}

/** The answers to a reviewer's four questions, where each of them is no. */
function calmLine({ environments }: Report): string {
  if (environments.length === 0) return "";
  const falls = environments.filter((environment) => !isNothing(costDifference(environment)));
  const sums = environments.map((environment) => `${code(environment.environment, 60)} ${costCell(environment)}`);
  return `Nothing is lost, opened or dearer: no data is destroyed or replaced, nothing opens to a network, and a month costs ${falls.length > 0 ? "less" : "what it did"}: ${firstRows(sums, (sum) => sum, SHARE.glance).join(", ")}.`;
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
  `${money(environment.cost.after)}${isNothing(costDifference(environment)) ? "" : ` (${difference(costDifference(environment))})`}${environment.cost.budget !== undefined && environment.cost.after > environment.cost.budget ? `<br>**over the budget of ${money(environment.cost.budget)}**` : ""}`;

function refusalRows(report: Report, whole: string, ruleText: (rule: string) => string): string {
  const found = worstFindings(allFindings(report)).filter(({ severity, excepted }) => severity === "refusal" && !excepted);
  if (found.length === 0) return "";
  const rows = found.map(({ riskClass, message, construct, source, rule }) => [
    riskClass,
    sentence(message, 400),
    code(construct, 120),
    source === undefined ? "" : code(source, 80),
    ruleText(rule),
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

/** What a person accepts by approving. */
function noticeLines(report: Report, whole: string, ruleText: (rule: string) => string): string {
  const found = worstFindings(allFindings(report)).filter(({ severity, excepted }) => severity === "notice" && !excepted);
  if (found.length === 0) return "";
  const lines = found.map((finding) => findingLine(finding, ruleText));
  const shown = firstRows(lines, (line) => line, SHARE.notices);
  const more = shown.length < lines.length ? [`- and ${many(lines.length - shown.length, "more notice")}, in ${whole}`] : [];
  return ["### Notices", [...shown, ...more].join("\n")].join("\n\n");
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
