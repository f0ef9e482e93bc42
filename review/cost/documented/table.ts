/**
 * What a cost table of the documents is made of: its figures as they stand (C-60), and the configuration that they are for, described as a plan
 * would show it, so that the estimator prices both alike. What the document leaves open is left out, and named in the result.
 */
import type { Environment, Usage } from "../../../environments/schema";
import { counted, money, plain } from "../../numbers";
import type { Values } from "../../model";
import type { ResourceType } from "../../provider-names";
import { HOURS } from "../../../environments/facts/hours";
import { detailedLines } from "../lines";
import { dollarsFor, TOKYO } from "../../../environments/facts/prices";
import { itemsOf, type Item } from "./items";

export interface DescribedResource {
  readonly type: ResourceType;
  /** As the path in a construct tree: what belongs together stands below one name. */
  readonly name: string;
  /** What the document says of it, in the provider's words. */
  readonly values?: Values;
}

export interface Configuration {
  readonly resources: readonly DescribedResource[];
  /** Amounts of a month, as far as the document has any. */
  readonly usage?: Partial<Usage>;
}

/** What AWS's free tier covers of a thing, and what of it is used. */
export interface Allowance {
  readonly used: number;
  readonly free: number;
  readonly unit: string;
}

export interface DocumentedLine {
  readonly id: string;
  readonly what: string;
  /** US dollars a month. */
  readonly dollars: number;
  readonly allowance?: Allowance;
  /** Which parts of an estimate are meant. */
  readonly isMeant: (item: Item) => boolean;
  /** Where the document's figure and the price list part. */
  readonly why: string;
  /** What an environment that builds it adds to that, in the estimate's figures. */
  readonly built?: (items: readonly Item[], environment: Environment) => string;
}

export interface DocumentedTable {
  /** Of the total. */
  readonly id: string;
  readonly title: string;
  readonly dollars: number;
  /** What builds it; absent for an option that nothing builds. */
  readonly environment?: "dev" | "prod";
  readonly configuration: Configuration;
  readonly lines: readonly DocumentedLine[];
  readonly reasons: readonly string[];
  /** What the documents say in more than one way, and the table is about; it stays as it is. */
  readonly contradictions: readonly string[];
}

/** What the document describes, priced by the estimator. */
export const described = ({ id, configuration: { resources, usage = {} } }: Pick<DocumentedTable, "id" | "configuration">): Item[] =>
  itemsOf(
    detailedLines(
      [
        {
          stack: id,
          region: TOKYO,
          resources: resources.map(({ type, name, values = {} }) => ({
            address: `${type}.${name.replaceAll("/", "_")}`,
            type,
            provider: "",
            construct: `${id}/${name}`,
            values,
          })),
        },
      ],
      undefined,
      usage,
    ),
  );

/** Tokyo's price of something. @throws Error where the price table has none */
export function price(item: string): number {
  const dollars = dollarsFor(item, TOKYO);
  if (dollars === undefined) throw new Error(`The price table has no ${item}, on which a documented table rests.`);
  return dollars;
}

/** `$24.00 over 730 hours are $0.0329 an hour`. */
export const anHour = (dollars: number): string => `${money(dollars)} over ${HOURS} hours are $${(dollars / HOURS).toFixed(4)} an hour`;

/** `2,500,000 requests at $0.0000004`. @param unit in the plural */
export const worth = (dollars: number, item: string, unit: string): string =>
  `${counted(Math.floor(dollars / price(item) + 1e-6))} ${unit} at $${plain(price(item))}`;

/** `730 of 750 h free, 97 %`. */
export const allowed = ({ used, free, unit }: Allowance): string => `${used} of ${free} ${unit} free, ${Math.round((used / free) * 100)} %`;
