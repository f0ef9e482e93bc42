/** What a reviewer must hear of an environment's cost. */
import type { EnvironmentCost, Finding } from "../model";
import { money } from "../numbers";

/** A change above this is worth a notice. */
const RAISE_PERCENT = 10;

/** Cents: what floating point adds below them is no change. */
const cents = (value: number): number => Math.round(value * 100);

interface Rule {
  readonly rule: string;
  readonly severity: Finding["severity"];
  readonly when: (cost: EnvironmentCost) => boolean;
  readonly message: (cost: EnvironmentCost) => string;
}

const isOver = ({ after, budget }: EnvironmentCost): boolean => budget !== undefined && cents(after) > cents(budget);
const isRaised = ({ before, after }: EnvironmentCost): boolean => cents(after) > cents(before);

const RULES: readonly Rule[] = [
  {
    rule: "cost/over-budget",
    severity: "refusal",
    when: (cost) => isOver(cost) && isRaised(cost),
    message: ({ before, after, budget }) =>
      `The change raises the estimate from ${money(before)} to ${money(after)} a month, above the budget of ${money(budget!)}.`,
  },
  {
    // It was accepted as it is; whoever changes something else is not held up by it.
    rule: "cost/over-budget",
    severity: "notice",
    when: (cost) => isOver(cost) && !isRaised(cost),
    message: ({ after, budget }) =>
      `The estimate of ${money(after)} a month lies above the budget of ${money(budget!)}, and did before this change.`,
  },
  {
    rule: "cost/raised",
    severity: "notice",
    when: ({ before, after }) => before > 0 && cents(after) > cents(before * (1 + RAISE_PERCENT / 100)),
    message: ({ before, after }) =>
      `The change raises the estimate by ${Math.round((after / before - 1) * 100)} percent, from ${money(before)} to ${money(after)} a month.`,
  },
];

const unknownLines = (lines: EnvironmentCost["lines"], type: string) =>
  lines.filter((line) => line.type === type && line.pricing === "unknown");
/** A change is told what it adds; what stood there before is in the table. */
const isNews = ({ lines, linesBefore }: EnvironmentCost, type: string): boolean => {
  const texts = (all: EnvironmentCost["lines"]) =>
    unknownLines(all, type)
      .map(({ address, formula }) => `${address} ${formula}`)
      .sort()
      .join("\n");
  return texts(lines) !== texts(linesBefore);
};

/**
 * Findings about an environment as a whole.
 * @param environment its name; findings name it as their stack and construct
 */
export function costFindings(cost: EnvironmentCost, environment: string): Finding[] {
  const place = { riskClass: "compute" as const, stack: environment, construct: environment };
  const unknown = (type: string): Finding => {
    const lines = unknownLines(cost.lines, type);
    const reasons = [...new Set(lines.map(({ formula }) => formula))].sort();
    return {
      ...place,
      rule: "cost/unknown-price",
      severity: "notice",
      message: `The estimate leaves out part of ${lines.length} × ${type}: ${reasons[0] ?? "no reason"}${reasons.length > 1 ? "; and for other reasons" : ""}.`,
    };
  };
  return [
    ...RULES.filter(({ when }) => when(cost)).map(({ rule, severity, message }) => ({ ...place, rule, severity, message: message(cost) })),
    ...cost.unknownTypes.filter((type) => isNews(cost, type)).map(unknown),
  ];
}
