/** Cost lines before and after, side by side. */
import type { CostLine, DocumentedCost, EnvironmentCost } from "../model";
import { isNothing } from "../numbers";
import { by } from "./order";

export interface CostRow {
  readonly stack: string;
  readonly construct: string;
  readonly type: string;
  /** US dollars a month; undefined where it is not there, or no price is known. */
  readonly before?: number;
  readonly after?: number;
  readonly difference: number;
  readonly formula: string;
}

const key = ({ stack, address }: CostLine) => `${stack} ${address}`;

/** What is priced, the greatest difference first, then the dearest. Free resources and those without a price are left out. */
export function costRows({ lines, linesBefore }: Pick<EnvironmentCost, "lines" | "linesBefore">): CostRow[] {
  const before = new Map(linesBefore.map((line) => [key(line), line]));
  const after = new Map(lines.map((line) => [key(line), line]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((id): CostRow => {
      const [old, now] = [before.get(id), after.get(id)];
      const { stack, construct, type, formula } = (now ?? old)!;
      return {
        stack,
        construct,
        type,
        formula,
        before: old?.monthly,
        after: now?.monthly,
        difference: (now?.monthly ?? 0) - (old?.monthly ?? 0),
      };
    })
    .filter((row) => (row.before ?? 0) > 0 || (row.after ?? 0) > 0)
    .sort(
      by(
        ({ difference }) => -Math.abs(difference),
        ({ after: dollars }) => -(dollars ?? 0),
        ({ stack }) => stack,
        ({ construct }) => construct,
      ),
    );
}

/** What a construct of a stack's first level costs with all that is in it, such as a host with its disks. */
export interface ConstructCost extends Omit<CostRow, "type" | "formula"> {
  /** What it is made of, in the order of the rows. */
  readonly rows: readonly CostRow[];
}

/** `prod-trading/engine/instance` → `prod-trading/engine`; an address is its own. */
const partOf = (construct: string): string => construct.split("/").slice(0, 2).join("/");

/** The greatest difference first, then the dearest. @param rows of one environment */
export function costByConstruct(rows: readonly CostRow[]): ConstructCost[] {
  const groups = new Map<string, CostRow[]>();
  for (const row of rows) groups.set(partOf(row.construct), [...(groups.get(partOf(row.construct)) ?? []), row]);
  const sum = (dollars: readonly (number | undefined)[]) =>
    dollars.every((one) => one === undefined) ? undefined : dollars.reduce<number>((all, one) => all + (one ?? 0), 0);
  return [...groups]
    .map(([construct, own]) => ({
      construct,
      stack: own[0]!.stack,
      before: sum(own.map(({ before }) => before)),
      after: sum(own.map(({ after }) => after)),
      difference: own.reduce((all, row) => all + row.difference, 0),
      rows: own,
    }))
    .sort(
      by(
        (part) => -Math.abs(part.difference),
        (part) => -(part.after ?? 0),
        (part) => part.construct,
      ),
    );
}

/** Whether a change makes it, takes it away, or has it cost otherwise by a cent. */
export const isChanged = ({ before, after, difference }: CostRow): boolean =>
  before === undefined || after === undefined || !isNothing(difference);

/** The documents' tables that the environment builds, in their order. What it does not build says nothing about a change. */
export const builtTables = ({ documented }: Pick<EnvironmentCost, "documented">): (DocumentedCost & { readonly estimated: number })[] =>
  documented.flatMap(({ estimated, ...table }) => (estimated === undefined ? [] : [{ ...table, estimated }]));
