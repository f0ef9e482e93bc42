/** What `npm run cost -- --documented` says: the documents' cost tables, priced. */
import type { DocumentedCost } from "../../review/model";
import { atLeast, fromTo } from "../../review/numbers";
import { PRICES_OF } from "../../environments/facts/prices";
import { amounts } from "../shared/table";

function tableText(table: DocumentedCost, environment: string | undefined): string {
  const { id, title, estimated, lines, reasons } = table;
  const isBuilt = estimated !== undefined;
  const row = (what: string, { documented, described, missing, estimated: own }: Partial<DocumentedCost>): string[] => [
    what,
    atLeast(documented, true),
    atLeast(described, missing === undefined),
    fromTo(documented, described, missing === undefined),
    ...(isBuilt ? [atLeast(own, true)] : []),
  ];
  return [
    `${id}: ${title}`,
    amounts(
      ["", "documented", "priced", "difference", ...(isBuilt ? [environment ?? "estimated"] : [])],
      [...lines.map((line) => row(line.what, line)), row("Total", table)],
      (column) => column > 0,
    ),
    ...lines
      .filter(({ reason, documented }) => reason !== undefined && documented !== undefined)
      .map(({ what, reason }) => `  ${what}: ${reason}`),
    ...reasons.map((reason) => `  ${reason}`),
  ].join("\n");
}

/** @param environment whose estimate stands in the last column of the tables that it builds */
export const documentedText = (tables: readonly DocumentedCost[], environment?: string): string =>
  [
    `The documents' cost tables beside what they describe at the prices of ${PRICES_OF}: a month of 730 hours in Tokyo, on demand.`,
    ...tables.map((table) => tableText(table, environment)),
    "Each price with its source, and what is not counted: docs/cost.md",
  ].join("\n\n");

export const documentedJson = (tables: readonly DocumentedCost[], environment?: string): object => ({
  version: 1,
  ...(environment === undefined ? {} : { environment }),
  pricesOf: PRICES_OF,
  tables,
});
