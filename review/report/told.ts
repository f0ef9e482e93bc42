/** What a change does, a line each: told once where several environments say the same. */
import { UNKNOWN, type AttributeChange, type Report, type ResourceChange } from "../model";
import { valueText } from "./diff-rows";
import { by, worstChanges, type ClassOf } from "./order";

/** One change, or the same one in several environments. */
export interface Told {
  readonly change: ResourceChange;
  /** As review/exceptions.yaml names it: `*` in place of the environment where there are several. */
  readonly construct: string;
  /** At least one, in the report's order. */
  readonly environments: readonly string[];
  /** What differs, where each value is short enough for a line. */
  readonly attributes: readonly AttributeChange[];
  /** Whether the line says all that there is to say. */
  readonly isWhole: boolean;
}

/** Attributes and characters of a value in a line at the most; the rest is a diff's. */
const MOST_ATTRIBUTES = 3;
const MOST_CHARACTERS = 60;

/** The worst class first, in it what is destroyed before what is created. */
export function toldChanges({ environments }: Pick<Report, "environments">, classOf: ClassOf): Told[] {
  const found = new Map<string, Told>();
  const names = new Map(
    environments.flatMap(({ environment, stacks }) =>
      stacks.flatMap(({ plan }) => plan.changes.map((change) => [change, environment] as const)),
    ),
  );
  for (const change of worstChanges([...names.keys()], classOf)) {
    const environment = names.get(change)!;
    const shared = change.construct.startsWith(`${environment}-`) ? `*${change.construct.slice(environment.length)}` : undefined;
    const key = JSON.stringify([shared ?? `${environment} ${change.address}`, change.deposed, ...substanceOf(change)]);
    const known = found.get(key);
    const all = [...(known?.environments ?? []), environment];
    found.set(key, {
      change: known?.change ?? change,
      construct: all.length > 1 && shared !== undefined ? shared : change.construct,
      environments: environments.map((review) => review.environment).filter((name) => all.includes(name)),
      attributes: mostTelling(change),
      isWhole: isToldWhole(change),
    });
  }
  return [...found.values()];
}

/** Whether a line says all of a change, so that no diff need repeat it. */
export const isToldWhole = ({ action, attributes }: ResourceChange): boolean =>
  action === "update" && attributes.length > 0 && attributes.length <= MOST_ATTRIBUTES && attributes.every(isShort);

/** All of a change that a line tells whole; else what forces the replacement first, and not what AWS fills in by itself. */
const mostTelling = (change: ResourceChange): AttributeChange[] =>
  change.attributes
    .filter((attribute) => isShort(attribute) && (isToldWhole(change) || attribute.forcesReplacement || attribute.after !== UNKNOWN))
    .sort(by(({ forcesReplacement }) => (forcesReplacement ? 0 : 1)))
    .slice(0, MOST_ATTRIBUTES);

/** Addresses and what is made anew tell one environment's from another's, and what is done to them is the same. */
const substanceOf = ({ action, type, attributes, previousAddress, importId }: ResourceChange): unknown[] => [
  action,
  type,
  attributes.map(({ path, before, after, forcesReplacement }) => [path, before, after, forcesReplacement]),
  previousAddress,
  importId,
];

const isShort = ({ before, after }: AttributeChange): boolean =>
  [before, after].every((value) => valueText(value).length <= MOST_CHARACTERS && !valueText(value).includes("\\n"));
