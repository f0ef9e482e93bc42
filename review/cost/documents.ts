/**
 * The documents' cost tables (spec cost.md, CST-001 … CST-019) beside what the estimator makes of the configuration that each describes, and
 * beside the estimate of the environment that builds it, with the reason for each difference.
 */
import type { Environment } from "../../environments/schema";
import type { DocumentedCost, DocumentedCostLine } from "../model";
import { isNothing, many, money } from "../numbers";
import type { DetailedLine } from "./charges";
import { DOCUMENTED } from "./documented";
import { groupOf, groupsOf, groupWords, itemsOf, ofGroup, sumOf, type Item } from "./documented/items";
import { described, type DocumentedTable } from "./documented/table";
import { dollarsFor, TOKYO } from "../../environments/facts/prices";

const unpriced = (items: readonly Item[]): string[] =>
  [...new Set(items.filter(({ part: { dollars } }) => dollars === undefined).map(({ part }) => part.item))].sort();

/** Undefined where nothing is known of it; zero only where all of it is. */
const knownSum = (items: readonly Item[]): number | undefined =>
  items.length > 0 && (sumOf(items) > 0 || unpriced(items).length === 0) ? sumOf(items) : undefined;
/** What a sum lacks, where it lacks anything. */
const missing = (items: readonly Item[]): { readonly missing?: readonly string[] } => {
  const names = unpriced(items);
  return names.length > 0 ? { missing: names } : {};
};

const estimatedAs = (items: readonly Item[]): { readonly estimated?: number } => {
  const estimated = knownSum(items);
  return estimated === undefined ? {} : { estimated };
};

/** The documents' tables know no container services: what is left without them can be set beside their totals. */
function servicesApart(items: readonly Item[], { name }: Environment): string[] {
  const ofServices = items.filter(({ line: { stack } }) => [`${name}-services`, `${name}-workloads`].includes(stack));
  if (sumOf(ofServices) === 0) return [];
  return [
    `With the container services and what carries them apart (${money(sumOf(ofServices))}), the estimate is ${money(sumOf(items) - sumOf(ofServices))}.`,
  ];
}

/** An environment, and what its estimate is made of. */
interface Built {
  readonly environment: Environment;
  readonly items: readonly Item[];
}

/** A line of the document's, and what is meant by it on both sides. */
function lineOf(
  { id, what, dollars, isMeant, why, built: wordsOfBuilt }: DocumentedTable["lines"][number],
  own: readonly Item[],
  built: Built | undefined,
): DocumentedCostLine {
  const meant = own.filter(isMeant);
  const inEstimate = built?.items.filter(isMeant) ?? [];
  const sums = [knownSum(meant), ...(built ? [knownSum(inEstimate)] : [])];
  const isSame = sums.every((sum) => sum !== undefined && isNothing(sum - dollars)) && unpriced([...meant, ...inEstimate]).length === 0;
  const reason = [
    why,
    ...(built && inEstimate.length === 0 ? ["Not built."] : []),
    ...(built && inEstimate.length > 0 ? [wordsOfBuilt?.(inEstimate, built.environment) ?? ""] : []),
    ...partOf(inEstimate),
  ];
  return {
    what: `${id} ${what}`,
    documented: dollars,
    described: knownSum(meant),
    ...missing(meant),
    ...estimatedAs(inEstimate),
    ...(isSame ? {} : { reason: reason.filter((words) => words !== "").join(" ") }),
  };
}

const partOf = (estimated: readonly Item[]): string[] =>
  unpriced(estimated).length > 0
    ? [knownSum(estimated) === undefined ? "What is built of it has no known price." : "A part of it has no known price."]
    : [];
const reasonOf = (words: readonly string[]): { readonly reason?: string } => (words.length > 0 ? { reason: words.join(" ") } : {});

/** What no line of the document's means, by what a person calls it. */
function beside({ lines }: DocumentedTable, own: readonly Item[], built: Built | undefined): DocumentedCostLine[] {
  const isRest = (item: Item): boolean => !lines.some(({ isMeant }) => isMeant(item));
  const rest = own.filter(isRest);
  const restBuilt = built?.items.filter(isRest) ?? [];
  const names = [
    ...new Set([...groupsOf(restBuilt), ...groupsOf(rest)].map(([name]) => name).concat([...rest, ...restBuilt].map(groupOf))),
  ];
  return names.map((name) => {
    const ofName = rest.filter(ofGroup(name));
    const estimated = restBuilt.filter(ofGroup(name));
    return {
      what: name,
      described: knownSum(ofName),
      ...missing(ofName),
      ...estimatedAs(estimated),
      ...reasonOf([...(lines.length > 0 ? ["Not in the document's table."] : []), ...partOf(estimated)]),
    };
  });
}

/** What the description leaves out, named and counted, so that its sum is not taken for the whole. */
function leftOut(own: readonly Item[]): string[] {
  const items = unpriced(own);
  const isPriced = (item: string): boolean => dollarsFor(item, TOKYO) !== undefined;
  const [noAmount, noPrice] = [items.filter(isPriced), items.filter((item) => !isPriced(item))];
  return [
    ...(noAmount.length > 0
      ? [`Not in what it describes, because it has no amount of them: ${many(noAmount.length, "charge")} (${noAmount.join(", ")}).`]
      : []),
    ...(noPrice.length > 0
      ? [`Not in what it describes, because no price is known: ${many(noPrice.length, "charge")} (${noPrice.join(", ")}).`]
      : []),
  ];
}

function wordsOf(table: DocumentedTable, built: Built): string[] {
  const { items, environment } = built;
  const others = groupsOf(items.filter((item) => !table.lines.some(({ isMeant }) => isMeant(item))));
  return [
    ...servicesApart(items, environment),
    ...(others.length > 0 ? [`${table.lines.length > 0 ? "Built beside what it lists" : "The estimate"}: ${groupWords(others)}.`] : []),
    ...(unpriced(items).length > 0 ? [`Not in the estimate, because no price is known: ${unpriced(items).join(", ")}.`] : []),
    // C-65.
    "CloudTrail, Config and GuardDuty are in no document's table; an estimate names them, and has no amounts.",
  ];
}

function compared(table: DocumentedTable, built: Built | undefined): DocumentedCost {
  const own = described(table);
  const { id, title, dollars, environment, lines, reasons } = table;
  return {
    id,
    title,
    documented: dollars,
    described: sumOf(own),
    ...missing(own),
    ...(built ? { estimated: sumOf(built.items) } : {}),
    reasons: [
      ...reasons,
      ...leftOut(own),
      ...(built ? wordsOf(table, built) : []),
      ...(!built && environment !== undefined ? [`${environment} builds it, and more.`] : []),
    ],
    lines: [...lines.map((line) => lineOf(line, own, built)), ...beside(table, own, built)],
  };
}

/** All of the documents' tables; those of another environment, or of an option, without an estimate. */
export function documentedCosts(lines: readonly DetailedLine[], environment: Environment | undefined): DocumentedCost[] {
  const items = itemsOf(lines);
  return DOCUMENTED.map((table) =>
    compared(table, environment && table.environment === environment.name ? { environment, items } : undefined),
  );
}
