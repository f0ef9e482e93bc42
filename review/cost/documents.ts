/**
 * The documents' cost tables (spec cost.md, CST-001 … CST-019), as they stand (C-60), beside the estimate of the environment that each
 * describes, with the reason for each difference.
 */
import type { Environment } from "../../environments/schema";
import type { DocumentedCost } from "../model";
import { money } from "../numbers";
import { HOURS, type DetailedLine, type Part } from "./charges";
import { dollarsFor } from "./prices";

/** A part of the estimate with its line. */
interface Item {
  readonly line: DetailedLine;
  readonly part: Part;
}

interface DocumentedLine {
  readonly id: string;
  readonly what: string;
  readonly dollars: number;
  /** Which parts of the estimate are meant; absent for what no environment builds. */
  readonly isMeant?: (item: Item) => boolean;
  /** Why they differ, in the estimate's figures. */
  readonly reason?: (items: readonly Item[], line: DocumentedLine, environment: Environment) => string;
}

export interface DocumentedTable {
  /** Of the total. */
  readonly id: string;
  readonly title: string;
  readonly dollars: number;
  /** What builds it; absent for an option that nothing builds. */
  readonly environment?: "dev" | "prod";
  readonly lines: readonly DocumentedLine[];
  readonly reasons: readonly string[];
}

/** Beginnings of the price table's keys, and what a person calls them. */
const GROUPS: readonly (readonly [RegExp, string])[] = [
  [/^(ec2|windows)\./, "machines"],
  [/^ebs\./, "volumes"],
  [/^ipv4/, "public addresses"],
  [/^nat\./, "NAT gateways"],
  [/^endpoint\./, "interface endpoints"],
  [/^alb\./, "load balancers"],
  [/^transfer\./, "transfer"],
  [/^waf\./, "web ACLs"],
  [/^fargate/, "Fargate"],
  [/^eks\./, "EKS control plane"],
  [/^ecr\./, "images"],
  [/^rds\./, "RDS"],
  [/^elasticache\./, "cache"],
  [/^dynamodb\./, "DynamoDB"],
  [/^s3\./, "S3"],
  [/^sqs\./, "SQS"],
  [/^secret/, "secrets"],
  [/^kms\./, "keys"],
  [/^(logs\.|metric|alarm)/, "CloudWatch"],
  [/^dashboard/, "dashboards"],
  [/^lambda/, "functions"],
];
const groupOf = ({ item }: Part): string => GROUPS.find(([pattern]) => pattern.test(item))?.[1] ?? "other";

const sum = (items: readonly Item[]): number => items.reduce((total, { part: { dollars = 0 } }) => total + dollars, 0);
const ofGroup =
  (name: string) =>
  ({ part }: Item): boolean =>
    groupOf(part) === name;

/** Up to three formulas; of more, the sums by item. */
function assumed(items: readonly Item[]): string {
  const charged = items.filter(({ part }) => part.dollars);
  const sums = new Map<string, number>();
  for (const {
    part: { item, dollars = 0 },
  } of charged)
    sums.set(item, (sums.get(item) ?? 0) + dollars);
  const shown =
    charged.length <= 3
      ? charged.map(({ part }) => part.formula)
      : [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([item, value]) => `${item} ${money(value)}`);
  return `By the assumptions in the literal: ${shown.join(" + ") || "nothing"}.`;
}

function machineReason(
  items: readonly Item[],
  { dollars }: DocumentedLine,
  { region, schedule, windows: { instanceType } }: Environment,
): string {
  const hourly = (dollarsFor(`ec2.${instanceType}`, region) ?? 0) + (dollarsFor(`windows.${instanceType}`, region) ?? 0);
  const hours = hourly === 0 ? 0 : sum(items) / hourly;
  return `${money(dollars)} over ${HOURS} hours are $${(dollars / HOURS).toFixed(4)} an hour; ${instanceType} with Windows costs $${hourly.toFixed(4)} here${schedule ? `, and the host runs ${hours.toFixed(0)} hours, being stopped at the weekend` : ""}.`;
}

const cacheReason = (
  _: readonly Item[],
  { dollars }: DocumentedLine,
  {
    region,
    data: {
      cache: { nodeType },
    },
  }: Environment,
): string =>
  `${money(dollars)} over ${HOURS} hours are $${(dollars / HOURS).toFixed(4)} an hour; ${nodeType} costs $${(dollarsFor(`elasticache.${nodeType}`, region) ?? 0).toFixed(4)} here. D4 has $15 for the same node.`;

const secretReason = (items: readonly Item[], { dollars }: DocumentedLine, { region }: Environment): string =>
  `${money(dollars)} are five secrets at $0.50; ${items.length} are built, at ${money(dollarsFor("secret", region) ?? 0)}.`;

const NOT_BUILT = "No environment builds this tier, so there is nothing to estimate.";

export const DOCUMENTED: readonly DocumentedTable[] = [
  {
    id: "CST-008",
    title: "Windows baseline, current (D1 §1.2)",
    dollars: 43.5,
    environment: "dev",
    lines: [
      {
        id: "CST-001",
        what: "EC2 t3.small (Windows)",
        dollars: 24,
        isMeant: ({ line, part }) => line.type === "aws_instance" && groupOf(part) === "machines",
        reason: machineReason,
      },
      { id: "CST-002", what: "DynamoDB on demand", dollars: 3, isMeant: ofGroup("DynamoDB"), reason: assumed },
      { id: "CST-003", what: "ElastiCache cache.t3.micro", dollars: 8, isMeant: ofGroup("cache"), reason: cacheReason },
      { id: "CST-004", what: "S3 Standard, 10 GB", dollars: 2, isMeant: ofGroup("S3"), reason: assumed },
      { id: "CST-005", what: "SQS standard queue", dollars: 1, isMeant: ofGroup("SQS"), reason: assumed },
      { id: "CST-006", what: "CloudWatch logs and metrics", dollars: 3, isMeant: ofGroup("CloudWatch"), reason: assumed },
      { id: "CST-007", what: "Secrets Manager, 5 secrets (being set up)", dollars: 2.5, isMeant: ofGroup("secrets"), reason: secretReason },
    ],
    reasons: ["The table leaves out volumes, snapshots, public addresses and transfer, and knows no container services yet."],
  },
  {
    id: "CST-009",
    title: "Version 2.0, phase 1, demo (D2 §3.12.1)",
    dollars: 34.06,
    environment: "dev",
    lines: [],
    reasons: ["The document gives the total (about 5,200 yen) without lines."],
  },
  {
    id: "CST-010",
    title: "Version 2.0, phase 2, production (D2 §3.12.1)",
    dollars: 37.49,
    environment: "prod",
    lines: [],
    reasons: [
      "The document gives the total (about 5,700 yen) without lines; NAT gateways, a load balancer and RDS in two zones stand in its diagrams, and it has no room for any of them.",
    ],
  },
  {
    id: "CST-015",
    title: "Personal tier, inside the free tier (D4)",
    dollars: 0,
    lines: [
      { id: "CST-011", what: "EC2 t3.micro, 730 of 750 hours", dollars: 0 },
      { id: "CST-012", what: "RDS db.t3.micro, 730 of 750 hours", dollars: 0 },
      { id: "CST-013", what: "S3, 1 of 5 GB", dollars: 0 },
      { id: "CST-014", what: "CloudFront, 3 of 50 GB", dollars: 0 },
    ],
    reasons: [NOT_BUILT, "The estimate never subtracts a free tier."],
  },
  {
    id: "CST-016…CST-019",
    title: "Standard tier (D4 ch. 3)",
    dollars: 86,
    lines: [
      { id: "CST-016", what: "Application Load Balancer", dollars: 16 },
      { id: "CST-017", what: "ECS Fargate 0.5 vCPU, 1 GB × 2", dollars: 30 },
      { id: "CST-018", what: "RDS db.t3.small", dollars: 25 },
      { id: "CST-019", what: "ElastiCache cache.t3.micro", dollars: 15 },
    ],
    reasons: [NOT_BUILT, "The document gives no total; its lines add up to $86."],
  },
];

/** Sums by group, the largest first. */
function groupsOf(items: readonly Item[]): (readonly [string, number])[] {
  const groups = new Map<string, number>();
  for (const { part } of items) if (part.dollars) groups.set(groupOf(part), (groups.get(groupOf(part)) ?? 0) + part.dollars);
  return [...groups].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

const list = (groups: readonly (readonly [string, number])[]): string =>
  groups.map(([name, value]) => `${name} ${money(value)}`).join(", ");

/** The documents' tables know no container services: what is left without them can be set beside their totals. */
function servicesApart(items: readonly Item[], { name }: Environment): string[] {
  const ofServices = items.filter(({ line: { stack } }) => [`${name}-services`, `${name}-workloads`].includes(stack));
  if (sum(ofServices) === 0) return [];
  return [
    `With the container services and what carries them apart (${money(sum(ofServices))}), the estimate is ${money(sum(items) - sum(ofServices))}.`,
  ];
}

function compared(table: DocumentedTable, items: readonly Item[], environment: Environment): DocumentedCost {
  const lines = table.lines.map((line) => {
    const meant = items.filter((item) => line.isMeant?.(item) ?? false);
    const isUnknown = meant.some(({ part }) => part.dollars === undefined);
    const estimated = meant.length === 0 ? undefined : sum(meant);
    const differs = estimated === undefined || isUnknown || Math.abs(estimated - line.dollars) >= 0.005;
    const because =
      meant.length === 0
        ? "Not built."
        : `${line.reason?.(meant, line, environment) ?? ""}${isUnknown ? " A part of it has no known price." : ""}`;
    return { what: `${line.id} ${line.what}`, documented: line.dollars, estimated, reason: differs ? because : undefined };
  });
  const rest = items.filter((item) => !table.lines.some(({ isMeant }) => isMeant?.(item) ?? false));
  const unknown = [...new Set(items.filter(({ part }) => part.dollars === undefined).map(({ part }) => part.item))].sort();
  const others = groupsOf(rest);
  return {
    id: table.id,
    title: table.title,
    documented: table.dollars,
    estimated: sum(items),
    reasons: [
      ...table.reasons,
      ...servicesApart(items, environment),
      ...(others.length > 0 ? [`${table.lines.length > 0 ? "Built beside what it lists" : "The estimate"}: ${list(others)}.`] : []),
      ...(unknown.length > 0 ? [`Not in the estimate, because no price is known: ${unknown.join(", ")}.`] : []),
      "CloudTrail, Config and GuardDuty are in neither.",
    ],
    lines: [
      ...lines,
      ...others.map(([name, estimated]) => ({
        what: name,
        estimated,
        reason: table.lines.length > 0 ? "Not in the document's table." : undefined,
      })),
    ],
  };
}

/** All of the documents' tables; those of another environment, or of an option, without an estimate. */
export function documentedCosts(lines: readonly DetailedLine[], environment: Environment | undefined): DocumentedCost[] {
  const items = lines.flatMap((line) => line.parts.map((part) => ({ line, part })));
  return DOCUMENTED.map((table) => {
    if (environment && table.environment === environment.name) return compared(table, items, environment);
    const { id, title, dollars: documented, reasons } = table;
    return {
      id,
      title,
      documented,
      reasons: table.environment === undefined ? reasons : [`It describes ${table.environment}.`],
      lines: table.lines.map(({ id: line, what, dollars }) => ({ what: `${line} ${what}`, documented: dollars })),
    };
  });
}
