/** Findings about an environment's cost: each rule fires, and its neighbour passes. */
import { costFindings } from "../../review/cost/findings";
import type { CostLine, EnvironmentCost } from "../../review/model";

const unknown = (type: string, formula: string): CostLine => ({
  stack: "prod-data",
  construct: `prod-data/${type}`,
  address: `${type}.a`,
  type,
  pricing: "unknown",
  formula,
});
const cost = (before: number, after: number, budget?: number, lines: readonly CostLine[] = []): EnvironmentCost => ({
  before,
  after,
  budget,
  lines,
  linesBefore: [],
  unknownTypes: [...new Set(lines.map(({ type }) => type))],
  documented: [],
  pricesOf: "2026-11-21",
});
const found = (of: EnvironmentCost) => costFindings(of, "prod").map(({ rule, severity }) => [rule, severity]);

it.each([
  ["a rise above the budget", cost(95, 100.01, 100), [["cost/over-budget", "refusal"]]],
  ["a rise up to the budget", cost(95, 100, 100), []],
  ["a rise from above the budget", cost(101, 102, 100), [["cost/over-budget", "refusal"]]],
  ["what lay above the budget and stays", cost(120, 120, 100), [["cost/over-budget", "notice"]]],
  ["what lies above the budget and falls", cost(120, 110, 100), [["cost/over-budget", "notice"]]],
  ["what falls below the budget", cost(120, 99, 100), []],
  ["a new environment above its budget", cost(0, 150, 100), [["cost/over-budget", "refusal"]]],
  ["a new environment within its budget", cost(0, 50, 100), []],
  ["a plan without a budget", cost(100, 105), []],
  ["a rise of 10 percent", cost(100, 110), []],
  ["a rise of more", cost(100, 110.01), [["cost/raised", "notice"]]],
  [
    "a steep rise above the budget",
    cost(100, 200, 150),
    [
      ["cost/over-budget", "refusal"],
      ["cost/raised", "notice"],
    ],
  ],
  ["a fall", cost(200, 100), []],
  ["a rise that only floating point sees", cost(100, 100.0000001, 100), []],
  [
    "two types without a price",
    cost(1, 1, 2, [unknown("aws_db_instance", "not known: x"), unknown("aws_sns_topic", "not known: y")]),
    [
      ["cost/unknown-price", "notice"],
      ["cost/unknown-price", "notice"],
    ],
  ],
  [
    "a type without a price that stood there before",
    { ...cost(1, 1, 2, [unknown("aws_sns_topic", "not known: y")]), linesBefore: [unknown("aws_sns_topic", "not known: y")] },
    [],
  ],
  [
    "one more of a type without a price",
    {
      ...cost(1, 1, 2, [
        unknown("aws_sns_topic", "not known: y"),
        { ...unknown("aws_sns_topic", "not known: y"), address: "aws_sns_topic.b" },
      ]),
      linesBefore: [unknown("aws_sns_topic", "not known: y")],
    },
    [["cost/unknown-price", "notice"]],
  ],
  [
    "a type that loses its price",
    {
      ...cost(1, 1, 2, [unknown("aws_sns_topic", "not known: y")]),
      linesBefore: [{ ...unknown("aws_sns_topic", "$1"), pricing: "priced" as const, monthly: 1 }],
    },
    [["cost/unknown-price", "notice"]],
  ],
])("%s", (_, of, findings) => expect(found(of)).toEqual(findings));

it("says what it is about, in words and figures", () => {
  expect(costFindings(cost(100, 200, 150), "prod")).toEqual([
    {
      rule: "cost/over-budget",
      severity: "refusal",
      riskClass: "compute",
      stack: "prod",
      construct: "prod",
      message: "The change raises the estimate from $100.00 to $200.00 a month, above the budget of $150.00.",
    },
    {
      rule: "cost/raised",
      severity: "notice",
      riskClass: "compute",
      stack: "prod",
      construct: "prod",
      message: "The change raises the estimate by 100 percent, from $100.00 to $200.00 a month.",
    },
  ]);
  expect(costFindings(cost(120, 120, 100), "dev").map(({ message, construct }) => [construct, message])).toEqual([
    ["dev", "The estimate of $120.00 a month lies above the budget of $100.00, and did before this change."],
  ]);
  const lines = [
    unknown("aws_db_instance", "not known: b"),
    unknown("aws_db_instance", "not known: a"),
    { ...unknown("aws_db_instance", "1 × $1"), pricing: "priced" as const, monthly: 1 },
  ];
  expect(costFindings(cost(1, 1, 2, lines), "prod").map(({ message }) => message)).toEqual([
    "The estimate leaves out part of 2 × aws_db_instance: not known: a; and for other reasons.",
  ]);
});
