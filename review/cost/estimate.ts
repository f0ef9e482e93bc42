/**
 * What an environment costs a month, before and after a plan: every resource by the table of its type, at the prices of prices.ts.
 *
 * What is not known is a line of its own without a sum, and its type is named: it never counts as nothing.
 */
import type { Environment } from "../../environments/schema";
import type { CostLine, EnvironmentCost, StackPlan } from "../model";
import type { DetailedLine } from "./charges";
import { documentedCosts } from "./documents";
import { detailedLines } from "./lines";
import { PRICES_OF } from "../../environments/facts/prices";

/** What the estimate leaves out, for whoever reads it. */
export const NOT_COUNTED: readonly string[] = [
  "Taxes, free tiers, Savings Plans and Reserved Instances: prices are those on demand, from the first unit on.",
  "What scaling adds above the least number of tasks, nodes and hosts, and burst credits of T3 and T4g beyond those earned.",
  "Snapshots, backups and copies beyond what the services include; versions of objects; the second and third rotation of a key.",
  "Transfer between zones, requests to Secrets Manager, queries of logs, and traffic that the assumptions in the literal do not name.",
  "Addresses of a load balancer in zones of a default VPC beyond three, which some accounts have.",
  "Colder classes of S3: everything counts as Standard, which is more.",
  // C-65.
  "What CloudTrail, Config, GuardDuty, Inspector and Security Hub look at: no plan says how much. They are named, without a sum.",
];

/** What a stack's plan must tell. */
export type PlannedStack = Pick<StackPlan, "stack" | "before" | "after" | "region">;

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
