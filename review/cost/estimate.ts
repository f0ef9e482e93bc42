/**
 * What an environment costs a month, before and after a plan: every resource by the table of its type, at the prices of prices.ts.
 *
 * What is not known is a line of its own without a sum, and its type is named: it never counts as nothing.
 */
import type { Environment } from "../../environments/schema";
import type { CostLine, EnvironmentCost, Resource, StackPlan } from "../model";
import type { Context, DetailedLine } from "./charges";
import { documentedCosts } from "./documents";
import { textOr } from "./known-values";
import { PRICES_OF, TOKYO } from "./prices";
import { FREE, pricerOf } from "./types";

/** What the estimate leaves out, for whoever reads it. */
export const NOT_COUNTED: readonly string[] = [
  "Taxes, free tiers, Savings Plans and Reserved Instances: prices are those on demand, from the first unit on.",
  "What scaling adds above the least number of tasks, nodes and hosts, and burst credits of T3 and T4g beyond those earned.",
  "Snapshots, backups and copies beyond what the services include; versions of objects; the second and third rotation of a key.",
  "Transfer between zones, requests to Secrets Manager, queries of logs, and traffic that the assumptions in the literal do not name.",
  "Addresses of a load balancer in zones of a default VPC beyond three, which some accounts have.",
  "Colder classes of S3: everything counts as Standard, which is more.",
  "CloudTrail, Config and GuardDuty, until a stack makes them.",
];

/** What a stack's plan must tell. */
export type PlannedStack = Pick<StackPlan, "stack" | "before" | "after" | "region">;

/** Where a resource stands: what it says itself, a copy's region, the plan's, the environment's. */
function regionOf({ values, construct }: Resource, planned: string | undefined, environment: Environment | undefined): string {
  // Whatever has one has it by this name.
  const told = textOr(values, "aws_s3_bucket.region", "");
  if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(told)) return told;
  const { replication } = environment?.data ?? {};
  // A provider of its own makes the copies; a plan does not name it by resource.
  if (replication && construct.includes("/replication/copies/")) return replication.region;
  return planned ?? environment?.region ?? TOKYO;
}

function linesOfResource(resource: Resource, context: Context): DetailedLine[] {
  const { type, address, construct } = resource;
  const line = { stack: context.stack, construct, address, type };
  if (FREE.has(type)) return [{ ...line, pricing: "free", monthly: 0, formula: "free", parts: [] }];
  const pricer = pricerOf(type);
  const parts = pricer ? pricer(resource, context) : [{ item: type, formula: `not known: the estimate does not know the type ${type}` }];
  const known = parts.filter(({ dollars }) => dollars !== undefined);
  const unknown = parts.filter(({ dollars }) => dollars === undefined);
  return [
    ...(known.length > 0 || unknown.length === 0
      ? [
          {
            ...line,
            pricing: "priced" as const,
            parts: known,
            monthly: known.reduce((sum, { dollars = 0 }) => sum + dollars, 0),
            formula: known.map(({ formula }) => formula).join(" + ") || "nothing that is charged",
          },
        ]
      : []),
    ...unknown.map((part) => ({ ...line, pricing: "unknown" as const, formula: part.formula, parts: [part] })),
  ];
}

/** Lines of stacks, in the order of stacks and addresses. */
export function detailedLines(
  stacks: readonly { readonly stack: string; readonly resources: readonly Resource[]; readonly region?: string }[],
  environment?: Environment,
): DetailedLine[] {
  return [...stacks]
    .sort((a, b) => (a.stack < b.stack ? -1 : a.stack > b.stack ? 1 : 0))
    .flatMap(({ stack, resources, region }) =>
      [...resources]
        .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0))
        .flatMap((resource) =>
          linesOfResource(resource, { stack, environment, neighbours: resources, region: regionOf(resource, region, environment) }),
        ),
    );
}

export const totalOf = (lines: readonly Pick<CostLine, "monthly">[]): number => lines.reduce((sum, { monthly = 0 }) => sum + monthly, 0);

const withoutParts = ({ stack, construct, address, type, pricing, monthly, formula }: DetailedLine): CostLine => ({
  stack,
  construct,
  address,
  type,
  pricing,
  ...(monthly === undefined ? {} : { monthly }),
  formula,
});

/**
 * @param plans of all stacks of the environment, those that stay as they are too
 * @param environment whose assumptions, schedule and budget hold; absent for a plan that is not ours: what depends on use is unknown then
 */
export function estimate({
  plans,
  environment,
}: {
  readonly plans: readonly PlannedStack[];
  readonly environment?: Environment;
}): EnvironmentCost {
  const side = (key: "before" | "after") =>
    detailedLines(
      plans.map((plan) => ({ stack: plan.stack, region: plan.region, resources: plan[key] })),
      environment,
    );
  const [before, after] = [side("before"), side("after")];
  return {
    before: totalOf(before),
    after: totalOf(after),
    budget: environment?.cost.budgetDollars,
    lines: after.map(withoutParts),
    linesBefore: before.map(withoutParts),
    unknownTypes: [...new Set(after.filter(({ pricing }) => pricing === "unknown").map(({ type }) => type))].sort(),
    documented: documentedCosts(after, environment),
    pricesOf: PRICES_OF,
  };
}
