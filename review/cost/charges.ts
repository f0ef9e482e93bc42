/** What one resource's price is made of. */
import type { Environment, Usage } from "../../environments/schema";
import type { CostLine, Resource } from "../model";
import { plain } from "../numbers";
import type { ResourceType } from "../provider-names";
import { dollarsFor } from "../../environments/facts/prices";
import { NotKnown } from "./known-values";

export interface Part {
  /** Key of the price table; what it is about where there is no price at all. */
  readonly item: string;
  /** US dollars a month; undefined where it is not known. */
  readonly dollars?: number;
  /** How it comes about, or why it is not known. */
  readonly formula: string;
}

/** What a price may need to know beside the resource. */
export interface Context {
  readonly region: string;
  readonly stack: string;
  /** Undefined for a plan that is not ours. */
  readonly environment?: Environment;
  /** What no plan tells; of a documented configuration what the document says. */
  readonly usage?: Partial<Usage>;
  /** Resources of the same stack. */
  readonly neighbours: readonly Resource[];
}

/** A number with its unit: `[730, "h"]`; a unit of "" is left out. */
export type Factor = readonly [number, string];
export type Pricer = (resource: Resource, context: Context) => readonly Part[];
export type Pricers = Readonly<Partial<Record<ResourceType, Pricer>>>;

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

/** A part that has no price, with the reason. */
export const noPrice = (item: string, reason: string): Part => ({ item, formula: reason });

/**
 * Some amount at the price of an item.
 * @param what said in brackets behind it, such as `t3.small`
 * @param factors what is multiplied; may throw {@link NotKnown}
 */
export function charge(context: Context, item: string, what: string, factors: () => readonly Factor[]): Part {
  const label = what === "" ? "" : ` (${what})`;
  let amounts: readonly Factor[];
  try {
    amounts = factors();
  } catch (error) {
    if (error instanceof NotKnown) return noPrice(item, `not known: ${error.message}${label}`);
    throw error;
  }
  const amount = amounts.reduce((product, [factor]) => product * factor, 1);
  // One of several factors that is 1 says nothing.
  const telling = amounts.filter(([factor]) => factor !== 1);
  const shown = (telling.length > 0 ? telling : amounts.slice(0, 1))
    .map(([factor, unit]) => `${plain(rounded(factor))}${unit === "" ? "" : ` ${unit}`}`)
    .join(" × ");
  const each = dollarsFor(item, context.region);
  // Nothing of it costs nothing, whatever one costs.
  if (amount === 0) return { item, dollars: 0, formula: `${shown}${label}` };
  if (each === undefined) return noPrice(item, `not known: the price table has no ${item} in ${context.region}; ${shown}${label}`);
  return { item, dollars: rounded(amount * each), formula: `${shown === "1" ? "" : `${shown} × `}$${plain(each)}${label}` };
}

/** How much something is used. @throws NotKnown where nobody says it */
export function use({ usage }: Context, key: keyof Usage): number {
  const amount = usage?.[key];
  if (amount === undefined) throw new NotKnown(usage ? "the document does not say how much" : "no environment says how much it is used");
  return amount;
}

/** Whether what is launched gets a public address by its subnet, unless it is told otherwise: in the default subnets, which all are public. */
export const isInDefaultVpc = ({ environment }: Context): boolean => environment?.network.kind === "default";

/** The construct above: `prod-services/nodes-general` of `prod-services/nodes-general/group`. */
export const parentOf = (construct: string): string => construct.slice(0, Math.max(0, construct.lastIndexOf("/")));

/** The resource of a type below the same construct. @throws NotKnown when there is not exactly one */
export function sibling({ construct }: Resource, type: ResourceType, { neighbours }: Context): Resource {
  const parent = parentOf(construct);
  const found = neighbours.filter((other) => other.type === type && parent !== "" && parentOf(other.construct) === parent);
  if (found.length !== 1) throw new NotKnown(`its ${type} is not known`);
  return found[0]!;
}

/** A line with what it is made of. */
export interface DetailedLine extends CostLine {
  readonly parts: readonly Part[];
}
