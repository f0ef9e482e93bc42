/** What `npm run cost` says, for people and as JSON. */
import { costByConstruct, costByStack, differs, unpriced, type Sums } from "../../review/cost/by-construct";
import { costFindings } from "../../review/cost/findings";
import { freeTierWords, type FreeTierUse } from "../../review/cost/free-tier";
import type { EnvironmentCost } from "../../review/model";
import { counted, difference, many, money } from "../../review/numbers";
import { amounts } from "../shared/table";

/** An estimate with what was asked of it. */
export interface Estimate {
  readonly environment: string;
  /** As typed, by path; none for the environment as it is written. */
  readonly values: Readonly<Record<string, string>>;
  readonly cost: EnvironmentCost;
  /** Of its web application, where somebody promises that it costs nothing. */
  readonly freeTier?: FreeTierUse;
}

const isChange = ({ values }: Estimate): boolean => Object.keys(values).length > 0;

function sumsTable(title: string, sums: readonly Sums[], isOfChange: boolean): string {
  if (!isOfChange)
    return amounts(
      [title, "a month"],
      sums.map(({ place, after }) => [place, money(after)]),
      (column) => column > 0,
    );
  return amounts(
    [title, "as written", "changed", "difference"],
    sums.filter(differs).map(({ place, before, after }) => [place, money(before), money(after), difference(after - before)]),
    (column) => column > 0,
  );
}

function headline(estimate: Estimate): string {
  const { environment, values, cost } = estimate;
  const { before, after, budget, pricesOf } = cost;
  const terms = `a month of 730 hours, at the prices of ${pricesOf}`;
  const of = budget === undefined ? "" : `; its budget is ${money(budget)}`;
  if (!isChange(estimate)) return `${environment} costs an estimated ${money(after)} ${terms}${of}.`;
  const entries = Object.entries(values).map(([path, value]) => `  ${path} = ${value === "" ? "(left out)" : value}`);
  return [
    `${environment} would cost an estimated ${money(after)} ${terms}, ${difference(after - before)} beside ${money(before)} as written${of}. With:`,
    ...entries,
  ].join("\n");
}

/** What a review would say of the sums; what has no price stands in a table of its own. */
const verdicts = ({ environment, cost }: Estimate): string[] =>
  costFindings(cost, environment)
    .filter(({ rule }) => rule !== "cost/unknown-price")
    .map(({ rule, severity, message }) => `${severity === "refusal" ? "A review would refuse it" : "Notice"} (${rule}): ${message}`);

/** Rows of a table: what is used, of how much, the share, and the document's own. */
export const freeTierRows = ({ shares }: FreeTierUse): string[][] =>
  shares.map(({ what, used, free, unit, share, isFree, documented = "–" }) => [
    what,
    `${counted(Math.round(used))} of ${counted(free)} ${unit}`,
    share,
    isFree ? "yes" : "no",
    documented,
  ]);
export const FREE_TIER_HEAD = ["of the free tier", "used a month", "share", "the account has it", "the documents' own"];

const freeTierText = (use: FreeTierUse | undefined): string[] =>
  use
    ? [
        "",
        freeTierWords(use),
        amounts(FREE_TIER_HEAD, freeTierRows(use), (column) => column === 2),
        "Shared with whatever else the account has.",
      ]
    : [];

/** @param isWhole every resource with how its price comes about, in place of sums by construct */
export function estimateText(estimate: Estimate, isWhole: boolean): string {
  const { cost, freeTier } = estimate;
  const unknown = unpriced(cost.lines);
  const isOfChange = isChange(estimate);
  const isSame = isOfChange && !costByConstruct(cost).some(differs);
  return [
    headline(estimate),
    ...verdicts(estimate),
    ...(isSame
      ? ["", "No construct costs more or less."]
      : [
          "",
          sumsTable("stack", costByStack(cost), isOfChange),
          "",
          isWhole ? linesTable(cost) : sumsTable("construct", costByConstruct(cost), isOfChange),
        ]),
    ...(unknown.length > 0
      ? [
          "",
          "Without a known price, so left out above:",
          ...unknown.map(({ type, resources, why }) => `  ${many(resources, "resource")} of ${type}: ${why}`),
        ]
      : []),
    ...freeTierText(freeTier),
    "",
    "What it counts and what not, and each price with its source: docs/cost.md",
  ].join("\n");
}

export const linesTable = ({ lines }: EnvironmentCost): string =>
  amounts(
    ["resource", "a month", "how it comes about"],
    [...lines]
      .filter(({ monthly = 0 }) => monthly > 0)
      .sort((a, b) => b.monthly! - a.monthly! || (a.address < b.address ? -1 : 1))
      .map(({ construct, monthly, formula }) => [construct, money(monthly!), formula]),
    (column) => column === 1,
  );

export function estimateJson({ environment, values, cost, freeTier }: Estimate): object {
  const { before, after, budget, pricesOf, lines } = cost;
  return {
    version: 1,
    environment,
    with: values,
    dollars: { before, after, budget },
    pricesOf,
    stacks: costByStack(cost),
    constructs: costByConstruct(cost),
    resources: lines.map(({ stack, construct, address, type, pricing, monthly, formula }) => ({
      stack,
      construct,
      address,
      type,
      pricing,
      monthly,
      formula,
    })),
    unknown: unpriced(lines),
    ...(freeTier && { freeTier }),
    findings: costFindings(cost, environment).map(({ rule, severity, message }) => ({ rule, severity, message })),
  };
}
