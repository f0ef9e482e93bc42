/** The page on what the environments cost: docs/cost.md, written by `npm run docs`. */
import type { Environment } from "../../environments/schema";
import type { DocumentedCost, EnvironmentCost } from "../../review/model";
import { unpriced } from "../../review/cost/by-construct";
import { DOCUMENTED } from "../../review/cost/documented";
import type { DocumentedTable } from "../../review/cost/documented/table";
import { estimate, NOT_COUNTED } from "../../review/cost/estimate";
import { freeTierUse, freeTierWords } from "../../review/cost/free-tier";
import { atLeast, fromTo, money, plain } from "../../review/numbers";
import { OSAKA, PRICES, PRICES_OF, SOURCES, TOKYO } from "../../environments/facts/prices";
import { plannedStack } from "../../review/cost/synthesised";
import type { StackJson } from "../../terraform/assembly";
import { FREE_TIER_HEAD, freeTierRows } from "../cost/text";
import { markdownTable } from "./markdown";

export interface CostPageInput {
  readonly environment: Environment;
  /** Its stacks by name, as synthesised. */
  readonly stacks: Readonly<Record<string, StackJson>>;
}

const dollars = (value: number | undefined): string => (value === undefined ? "–" : money(value));
const escaped = (cells: readonly string[]): string[] => cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " "));
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => markdownTable(escaped(head), rows.map(escaped));

/** By construct, what costs most first; together what is less than a dollar. */
function largest({ lines }: EnvironmentCost): string[][] {
  const priced = lines
    .filter(({ monthly = 0 }) => monthly >= 1)
    .sort((a, b) => b.monthly! - a.monthly! || (a.address < b.address ? -1 : 1));
  const small = lines.filter(({ monthly = 0 }) => monthly > 0 && monthly < 1);
  return [
    ...priced.map(({ construct, monthly, formula }) => [`\`${construct}\``, dollars(monthly), formula]),
    ...(small.length > 0
      ? [[`${small.length} others, each below a dollar`, dollars(small.reduce((sum, { monthly = 0 }) => sum + monthly, 0)), ""]]
      : []),
  ];
}

const unknownRows = ({ lines }: EnvironmentCost): string[][] =>
  unpriced(lines).map(({ type, resources, why }) => [`\`${type}\``, String(resources), why]);

function documentedSection({ id, contradictions }: DocumentedTable, costs: readonly (readonly [string, EnvironmentCost])[]): string[] {
  const inEach = costs.map(([name, { documented }]) => [name, documented.find((entry) => entry.id === id)!] as const);
  const [name, entry] = inEach.find(([, { estimated }]) => estimated !== undefined) ?? ["", inEach[0]?.[1]];
  if (!entry) return [];
  const isBuilt = name !== "";
  const row = ({ documented, described, missing, estimated }: Partial<DocumentedCost>): string[] => [
    dollars(documented),
    atLeast(described, missing === undefined),
    fromTo(documented, described, missing === undefined),
    ...(isBuilt ? [dollars(estimated)] : []),
  ];
  const reasonOf = ({ reason = "", missing = [] }: (typeof entry.lines)[number]): string =>
    [reason, ...(missing.length > 0 ? [`Not priced: ${missing.map((item) => `\`${item}\``).join(", ")}.`] : [])].join(" ").trim();
  return [
    "",
    `### ${entry.id}: ${entry.title}`,
    "",
    table(
      ["", "documented", "as described, priced", "difference", ...(isBuilt ? [`estimated (${name})`] : []), "why they differ"],
      [
        ...entry.lines.map((line) => [line.what, ...row(line), reasonOf(line)]),
        ["Total", ...row(entry)].map((cell) => `**${cell}**`).concat(""),
      ],
    ),
    "",
    ...entry.reasons.map((reason) => `- ${reason}`),
    `- Contradictions of the documents that it is about: ${contradictions.join(", ")}.`,
  ];
}

function priceRows(): string[][] {
  const shown = (item: string, region: string): string => {
    const price = PRICES[item]!.regions[region];
    return price === undefined || price === "unknown" ? "unknown" : `$${plain(price.dollars)}`;
  };
  return Object.entries(PRICES).map(([item, { unit, regions }]) => {
    const used = [...new Set(Object.values(regions).flatMap((price) => (price === "unknown" ? [] : [price.source])))];
    return [`\`${item}\``, unit, shown(item, TOKYO), shown(item, OSAKA), used.join(", ") || "–"];
  });
}

/** The page in Markdown. @param inputs in the order in which they are shown */
/** Of the environments with a small web tier. */
function freeTierSection(inputs: readonly CostPageInput[]): string[] {
  const uses = inputs.flatMap(({ environment }) => {
    const use = freeTierUse(environment);
    return use ? [[environment.name, use] as const] : [];
  });
  if (uses.length === 0) return [];
  return [
    "",
    "## The free tier",
    "",
    "What the small web tiers use of AWS's allowances, counted from the literal; what else stands in the account uses the same ones ([web.md](web.md#the-free-tier)).",
    ...uses.flatMap(([name, use]) => ["", `${name}: ${freeTierWords(use)}`, "", table(FREE_TIER_HEAD, freeTierRows(use))]),
  ];
}

export function costPage(inputs: readonly CostPageInput[]): string {
  const costs = inputs.map(
    ({ environment, stacks }) =>
      [environment.name, estimate({ environment, plans: Object.entries(stacks).map(([name, json]) => plannedStack(name, json)) })] as const,
  );
  return [
    "# What the environments cost",
    "",
    "Generated from `review/cost`, `environments/*.ts` and the synthesised stacks: do not edit, run `npm run docs`.",
    "",
    `An estimate for a month of 730 hours in US dollars, at the prices of ${PRICES_OF}. Every resource is priced by its type, free, or named as unknown; what no plan`,
    "tells, such as requests and gigabytes, is assumed in the literal (`cost.usage`), and what is unknown is left out of the totals and listed below them.",
    "",
    table(
      ["environment", "estimated", "budget", "types with an unknown part"],
      costs.map(([name, { after, budget, unknownTypes }]) => [
        name,
        dollars(after),
        dollars(budget),
        unknownTypes.map((type) => `\`${type}\``).join(", ") || "none",
      ]),
    ),
    "",
    "By stack and construct, and with other values of a literal, without deploying: `npm run cost -- dev --with services.ml.cpu=512`. Beside last month's bill:",
    "`npm run cost -- prod --account` ([money.md](money.md)).",
    "",
    "A change that raises an environment's estimate above its budget is refused in its review (`cost/over-budget`), unless an exception is written; one that lies above",
    "it already is a notice, and so is a rise of more than 10 percent (`cost/raised`) and a resource without a known price that the change brings (`cost/unknown-price`).",
    "",
    "Not counted:",
    "",
    ...NOT_COUNTED.map((entry) => `- ${entry}`),
    ...costs.flatMap(([name, cost]) => [
      "",
      `## ${name}`,
      "",
      table(["construct", "a month", "how it comes about"], largest(cost)),
      ...(unknownRows(cost).length > 0 ? ["", "Without a known price:", "", table(["type", "resources", "why"], unknownRows(cost))] : []),
    ]),
    ...freeTierSection(inputs),
    "",
    "## The documents' tables",
    "",
    "As the documents have them; beside them what the same estimator makes of the configuration that each describes (`review/cost/documented`, which holds as much as the",
    "document says and leaves open what it leaves open), and of the environment that builds it. `≥` stands before what lacks something, which is then named. On the terminal:",
    "`npm run cost -- --documented`.",
    ...DOCUMENTED.flatMap((entry) => documentedSection(entry, costs)),
    "",
    "## Prices",
    "",
    "`unknown` stands where no source was found. To bring a price up to date, look its usage type up in AWS's price list",
    "(`https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/<service>/current/<region>/index.json`, no account needed), change it in `environments/facts/prices.ts` with a",
    "source and its date, set `PRICES_OF` to the day, and run `npm run docs`. A type that the estimate does not know is added in `review/cost/types`.",
    "",
    table(["item", "unit", "Tokyo", "Osaka", "source"], priceRows()),
    "",
    table(
      ["source", "date", "what was read", "address"],
      Object.entries(SOURCES).map(([name, { date, what, address }]) => [name, date, what, address]),
    ),
    "",
  ].join("\n");
}
