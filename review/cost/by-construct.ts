/** What an environment costs by stack and by construct, and what a change makes of it. */
import type { CostLine, EnvironmentCost } from "../model";
import { isNothing } from "../numbers";

/** US dollars a month on both sides of a change. */
export interface Sums {
  /** A stack, such as `prod-data`, or a construct directly below one: `prod-data/cache`. */
  readonly place: string;
  readonly before: number;
  readonly after: number;
}

/** The construct that a stack's file names: whatever it is made of is summed up. A plan that is not ours has addresses without a path. */
const topOf = ({ construct }: CostLine): string => construct.split("/").slice(0, 2).join("/");

/** Those that cost something on one side at least, what costs most first. */
function sumsBy({ lines, linesBefore }: Pick<EnvironmentCost, "lines" | "linesBefore">, placeOf: (line: CostLine) => string): Sums[] {
  const sums = new Map<string, Sums>();
  const add = (side: "before" | "after", line: CostLine) => {
    const place = placeOf(line);
    const sum = sums.get(place) ?? { place, before: 0, after: 0 };
    sums.set(place, { ...sum, [side]: sum[side] + (line.monthly ?? 0) });
  };
  for (const line of linesBefore) add("before", line);
  for (const line of lines) add("after", line);
  return [...sums.values()]
    .filter(({ before, after }) => !isNothing(before) || !isNothing(after))
    .sort((a, b) => b.after - a.after || b.before - a.before || (a.place < b.place ? -1 : 1));
}

export const costByStack = (cost: Pick<EnvironmentCost, "lines" | "linesBefore">): Sums[] => sumsBy(cost, ({ stack }) => stack);
export const costByConstruct = (cost: Pick<EnvironmentCost, "lines" | "linesBefore">): Sums[] => sumsBy(cost, topOf);

/** Whether a change makes a difference that anybody would see. */
export const differs = ({ before, after }: Sums): boolean => !isNothing(after - before);

/** What has no known price, by type and reason. */
export interface Unpriced {
  readonly type: string;
  readonly resources: number;
  /** Without `not known`: it stands under that title. */
  readonly why: string;
}

export function unpriced(lines: readonly CostLine[]): Unpriced[] {
  const unknown = lines.filter(({ pricing }) => pricing === "unknown");
  const keys = [...new Set(unknown.map(({ type, formula }) => `${type}\n${formula}`))].sort();
  return keys.map((key) => {
    const [type, formula] = key.split("\n") as [string, string];
    return {
      type,
      resources: unknown.filter((line) => line.type === type && line.formula === formula).length,
      why: formula.replace(/^not known: /, ""),
    };
  });
}
