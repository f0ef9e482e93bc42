/** What resources cost, line by line: every resource by the table of its type, free, or named as unknown. */
import type { Environment, Usage } from "../../environments/schema";
import type { Resource } from "../model";
import type { Context, DetailedLine } from "./charges";
import { textOr } from "./known-values";
import { FREE, pricerOf } from "./types";

/** In messages, where nothing tells; no price is known there. */
export const NO_REGION = "a region that the plan does not name";

/** Where a resource stands: what it says itself, a copy's region, the plan's, the environment's. */
function regionOf({ type, values, construct }: Resource, planned: string | undefined, environment: Environment | undefined): string {
  // Azure's resources each say it, under this name.
  const location = textOr(values, "azurerm_resource_group.location", "");
  if (type.startsWith("azurerm_")) return location === "" ? "a region that it does not name" : location;
  // Whatever has one has it by this name.
  const told = textOr(values, "aws_s3_bucket.region", "");
  if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(told)) return told;
  const { replication } = environment?.data ?? {};
  // A provider of its own makes the copies; a plan does not name it by resource.
  if (replication && construct.includes("/replication/copies/")) return replication.region;
  return planned ?? environment?.region ?? NO_REGION;
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

/** Lines of stacks, in the order of stacks and addresses. @param usage by default what the environment assumes; without either, what depends on use is unknown */
export function detailedLines(
  stacks: readonly { readonly stack: string; readonly resources: readonly Resource[]; readonly region?: string }[],
  environment?: Environment,
  usage: Partial<Usage> | undefined = environment?.cost.usage,
): DetailedLine[] {
  return [...stacks]
    .sort((a, b) => (a.stack < b.stack ? -1 : a.stack > b.stack ? 1 : 0))
    .flatMap(({ stack, resources, region }) =>
      [...resources]
        .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0))
        .flatMap((resource) =>
          linesOfResource(resource, { stack, environment, usage, neighbours: resources, region: regionOf(resource, region, environment) }),
        ),
    );
}
