/** What `npm run cost -- --plan <file>` says. */
import { costByConstruct, unpriced, type Unpriced } from "../../review/cost/by-construct";
import type { CostLine } from "../../review/model";
import { difference, isNothing, many, money } from "../../review/numbers";
import { amounts } from "../shared/table";
import type { PricedPlan } from "./plan";
import { linesTable } from "./text";

/** How many resources are priced whole, in part, free, or not at all: together all of them. */
function countsOf(lines: readonly CostLine[]) {
  const addresses = [...new Set(lines.map(({ address }) => address))];
  const kindOf = (address: string): "priced" | "partly" | "free" | "unpriced" => {
    const own = lines.filter((line) => line.address === address);
    const isCharged = own.some(({ monthly = 0 }) => monthly > 0);
    if (own.every(({ pricing }) => pricing !== "unknown")) return isCharged ? "priced" : "free";
    return isCharged ? "partly" : "unpriced";
  };
  const kinds = addresses.map(kindOf);
  const count = (kind: ReturnType<typeof kindOf>): number => kinds.filter((other) => other === kind).length;
  return {
    resources: addresses.length,
    priced: count("priced"),
    partly: count("partly"),
    free: count("free"),
    unpriced: count("unpriced"),
  };
}

const unpricedRows = (unknown: readonly Unpriced[]): string[] =>
  unknown.map(({ type, resources, why }) => `  ${many(resources, "resource")} of ${type}: ${why}`);

/** @param isWhole every resource with how its price comes about, in place of sums */
export function planText({ file, region, isComplete, cost }: PricedPlan, isWhole: boolean): string {
  const { before, after, lines, pricesOf } = cost;
  const { resources, priced, partly, free, unpriced: none } = countsOf(lines);
  const unknown = unpriced(lines);
  return [
    `${file} would cost ${unknown.length > 0 ? "at least " : ""}${money(after)} a month of 730 hours on demand, at the prices of ${pricesOf}${region === undefined ? "" : ` for ${region}`}${isNothing(before) ? "" : `; what stands now ${money(before)} (${difference(after - before)})`}.`,
    `${many(resources, "resource")}: ${priced} priced, ${partly} in part, ${none} not at all, ${free} that cost nothing.`,
    ...(region === undefined ? ["The plan does not name its region, and no price is taken from another: say it with --region."] : []),
    ...(isComplete ? [] : ["Terraform did not plan all of it, so it costs more than this."]),
    "",
    isWhole
      ? linesTable(cost)
      : amounts(
          ["resource", "a month"],
          costByConstruct(cost)
            .filter((sums) => !isNothing(sums.after))
            .map((sums) => [sums.place, money(sums.after)]),
          (column) => column > 0,
        ),
    ...(unknown.length > 0 ? ["", "Without a known price, so left out above:", ...unpricedRows(unknown)] : []),
    "",
    "What depends on use has no amount in a plan. What is counted and what not, and each price with its source: docs/cost.md",
  ].join("\n");
}

export const planJson = ({ file, region, isComplete, cost }: PricedPlan): object => ({
  version: 1,
  file,
  region,
  isComplete,
  dollars: { before: cost.before, after: cost.after },
  pricesOf: cost.pricesOf,
  counts: countsOf(cost.lines),
  resources: cost.lines.map(({ address, type, pricing, monthly, formula }) => ({ address, type, pricing, monthly, formula })),
  unknown: unpriced(cost.lines),
});
