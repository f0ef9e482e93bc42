/** What folds away in the comment: findings, the diffs that no line could tell, drift, outputs, what costs otherwise. */
import { DONE, SYMBOLS } from "../actions";
import {
  RISK_CLASSES,
  findingsOf,
  type EnvironmentReview,
  type Finding,
  type OutputChange,
  type Report,
  type ResourceChange,
  type StackReview,
} from "../model";
import { isNothing, many } from "../numbers";
import { shortened } from "../shortened";
import { costByConstruct, costRows, isChanged } from "./cost-rows";
import { rowsOf, valueText, type Row } from "./diff-rows";
import { code, difference, fenced, html, money, sentence, table, escaped } from "./markdown-escaping";
import { riskOf, worstChanges, worstFindings, type ClassOf } from "./order";
import { countsOf, countWords } from "./phrases";
import { readOutputs } from "./plan-text";
import type { Piece, Section } from "./size-limit";
import { isToldWhole } from "./told";
import { costDifference, standingExceptions, unpricedIn } from "./verdict";
import { whatRuns } from "./what-runs";

/** Importance of a piece: classes of changes stand between, ten apart. */
const RANK = { runs: 0, excepted: 5, change: 10, drift: 35, cost: 36, output: 65, limits: 90 };
/** Lines of one diff, and characters of one of its lines; the page has them all. */
const MOST_LINES = 60;
const MOST_CHARACTERS = 300;

export interface DetailsOptions {
  readonly classOf: ClassOf;
  /** Whether the page alone tells the limits. */
  readonly isCalm: boolean;
  /** A rule's name, as a link where its page is known. */
  readonly ruleText: (rule: string) => string;
}

/** In the order in which a person decides: what is found, what changes, what it costs. */
export function sectionsOf(report: Report, { classOf, isCalm, ruleText }: DetailsOptions): Section[] {
  return [
    ...report.environments.map((environment) => exceptedSection(environment, ruleText)),
    ...report.environments.map(runsSection),
    ...report.environments.flatMap(({ environment, stacks }) => stacks.map((stack) => stackSection(environment, stack, classOf))),
    ...report.environments.map(costSection),
    {
      summary: "What this review cannot show",
      pieces: (isCalm ? [] : report.limits).map((limit): Piece => ({
        rank: RANK.limits,
        noun: "limit",
        text: () => `- ${sentence(limit)}`,
      })),
    },
  ].filter(({ pieces }) => pieces.length > 0);
}

/** What exceptions let pass of what the change has to do with. */
function exceptedSection(environment: EnvironmentReview, ruleText: DetailsOptions["ruleText"]): Section {
  const standing = new Set(standingExceptions({ environments: [environment] }));
  const shown = worstFindings(findingsOf(environment)).filter((finding) => !standing.has(finding) && finding.excepted !== undefined);
  return {
    summary: `<b><code>${html(environment.environment, 60)}</code></b>: ${shown.length} excepted`,
    pieces: shown.map((finding): Piece => ({
      rank: RANK.excepted,
      noun: "excepted finding",
      text: () => findingLine(finding, ruleText),
    })),
  };
}

export const findingLine = (
  { riskClass, message, construct, source, rule, excepted }: Finding,
  ruleText: DetailsOptions["ruleText"],
): string =>
  `- ${riskClass}: ${sentence(message, 400)} ${code(construct, 120)}${source === undefined ? "" : `, ${code(source, 80)}`}, ${ruleText(rule)}${excepted ? `. Excepted until ${code(excepted.expires, 20)}${excepted.approvedBy === undefined ? "" : ` by ${escaped(excepted.approvedBy, 80)}`}: ${escaped(excepted.reason, 300)}` : ""}`;

/** The code of what runs, which a person must read. */
function runsSection(environment: EnvironmentReview): Section {
  return {
    summary: `<b><code>${html(environment.environment, 60)}</code></b>: what runs`,
    pieces: whatRuns(environment).map(({ construct, rule, code: lines, excepted }): Piece => ({
      rank: excepted ? RANK.excepted : RANK.runs,
      noun: "code of what runs",
      text: () =>
        [
          `${code(construct, 120)}, ${code(rule, 60)}${excepted ? " (excepted)" : ""}`,
          fenced(capped(lines.map(({ sign, text }) => `${sign} ${text}`)), "diff"),
        ].join("\n\n"),
    })),
  };
}

function stackSection(environment: string, stack: StackReview, classOf: ClassOf): Section {
  const { plan, state } = stack;
  const risk = riskOf(stack, classOf);
  return {
    summary: `<b><code>${html(environment, 60)}</code></b> / <code>${html(stack.stack, 80)}</code>: ${countWords(countsOf([stack]))}${risk === undefined ? "" : ` · ${risk}`}${state === "planned" || state === "unchanged" ? "" : ` · ${state}`}`,
    pieces: [
      ...worstChanges(plan.changes, classOf)
        .filter((change) => !isToldWhole(change))
        .map((change): Piece => ({
          rank: RANK.change + 10 * RISK_CLASSES.indexOf(classOf(change)),
          noun: "change",
          text: () => changeText(change, classOf(change)),
        })),
      ...plan.drift.map((change): Piece => ({ rank: RANK.drift, noun: "drifted resource", text: () => changeText(change, "drift") })),
      ...readOutputs(plan).map((output): Piece => ({ rank: RANK.output, noun: "output", text: () => outputText(output) })),
    ],
  };
}

function changeText(change: ResourceChange, about: string): string {
  const { action, construct, type, address, previousAddress, importId, deposed, createBeforeDestroy } = change;
  const notes = [
    ...(previousAddress === undefined ? [] : [`moved from ${code(previousAddress, 120)}`]),
    ...(importId === undefined ? [] : [`imported by the id ${code(importId, 120)}`]),
    ...(deposed === undefined ? [] : [`left over from a replacement that did not end (${code(deposed, 20)})`]),
    ...(action === "forget" ? ["Terraform lets go of it; it stays as it is"] : []),
    ...(action === "replace" ? [createBeforeDestroy ? "the new one is made first" : "destroyed before the new one is made"] : []),
  ];
  const lines = capped(rowsOf(change).flatMap(diffLines));
  return [
    `**${SYMBOLS[action]} ${DONE[action]}** ${code(construct, 160)} (${code(type, 80)}, ${about})${construct === address ? "" : ` at ${code(address, 160)}`}${notes.length > 0 ? `: ${notes.join("; ")}` : ""}`,
    ...(lines.length > 0 ? [fenced(lines, "diff")] : []),
  ].join("\n\n");
}

const outputText = ({ name, action, before, after }: OutputChange): string =>
  [
    `**${SYMBOLS[action]} output** ${code(name, 120)}`,
    fenced(
      capped([...(action === "create" ? [] : [`- ${valueText(before)}`]), ...(action === "destroy" ? [] : [`+ ${valueText(after)}`])]),
      "diff",
    ),
  ].join("\n\n");

/** In the colours of a diff: what goes and what comes. */
function diffLines(row: Row): string[] {
  const note = row.forcesReplacement ? "  # forces replacement" : "";
  if (row.kind === "lines")
    return [`@@ ${row.path}${note} @@`, ...row.lines.map(({ sign, text }) => (sign === "@" ? `@@ ${text} @@` : `${sign} ${text}`))];
  return [
    ...(row.before === undefined ? [] : [`- ${row.path} = ${shortened(row.before, MOST_CHARACTERS)}${note}`]),
    ...(row.after === undefined ? [] : [`+ ${row.path} = ${shortened(row.after, MOST_CHARACTERS)}${note}`]),
  ];
}

/** A break within a line would begin a line of another colour. */
const capped = (lines: readonly string[]): string[] => [
  ...lines.slice(0, MOST_LINES).map((line) => shortened(line.replaceAll("\n", "⏎"), MOST_CHARACTERS + 100)),
  ...(lines.length > MOST_LINES ? [`@@ ${many(lines.length - MOST_LINES, "more line")} in the page @@`] : []),
];

/** Rows of a cost table. */
const MOST_ROWS = 25;

/** Constructs alone whose cost changes; the page has all of them, and the documents' totals beside. */
function costSection(environment: EnvironmentReview): Section {
  const { cost } = environment;
  const parts = costByConstruct(costRows(cost).filter(isChanged));
  const shown = parts
    .slice(0, MOST_ROWS)
    .map(({ construct, before, after, difference: more, rows }) => [
      code(construct, 120),
      before === undefined ? "" : money(before),
      after === undefined ? "" : money(after),
      difference(more),
      rows.length === 1 ? escaped(rows[0]!.formula, 160) : many(rows.length, "resource"),
    ]);
  const unpriced = unpricedIn(environment);
  const text = [
    table(
      ["construct", "before:", "after:", "difference:", "how"],
      [...shown, ["**all**", money(cost.before), money(cost.after), `**${difference(costDifference(environment))}**`, ""]],
    ),
    ...(parts.length > MOST_ROWS ? [`${many(parts.length - MOST_ROWS, "more construct")} in the page.`] : []),
    ...(unpriced.length > 0
      ? [
          `No price is known for ${unpriced
            .slice(0, 40)
            .map((type) => code(type, 80))
            .join(", ")}${unpriced.length > 40 ? ` and ${unpriced.length - 40} more` : ""}: what they cost is not in the sum.`,
        ]
      : []),
    `Prices of ${code(cost.pricesOf, 20)}, US dollars a month of 730 hours.`,
  ].join("\n\n");
  const isSame = parts.length === 0 && unpriced.length === 0 && isNothing(costDifference(environment));
  return {
    summary: `<b><code>${html(environment.environment, 60)}</code></b>: cost ${money(cost.after)} a month (${difference(costDifference(environment))})${cost.budget === undefined ? "" : `, budget ${money(cost.budget)}`}`,
    // At a glance the sum says it all.
    pieces: isSame ? [] : [{ rank: RANK.cost, noun: "cost table", text: () => text }],
  };
}
