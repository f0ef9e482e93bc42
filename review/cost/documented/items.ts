/** Parts of an estimate by what a person calls them. */
import { money } from "../../numbers";
import type { DetailedLine, Part } from "../charges";

/** A part of an estimate with its line. */
export interface Item {
  readonly line: DetailedLine;
  readonly part: Part;
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
  [/^sns\./, "SNS"],
  [/^secret/, "secrets"],
  [/^kms\./, "keys"],
  [/^(logs\.|metric|alarm)/, "CloudWatch"],
  [/^dashboard/, "dashboards"],
  [/^lambda/, "functions"],
  [/^cloudfront\./, "CloudFront"],
  [/^sagemaker/, "notebooks"],
];
export const groupOf = ({ part: { item } }: Item): string => GROUPS.find(([pattern]) => pattern.test(item))?.[1] ?? "other";

export const ofGroup =
  (...names: string[]) =>
  (item: Item): boolean =>
    names.includes(groupOf(item));

export const itemsOf = (lines: readonly DetailedLine[]): Item[] => lines.flatMap((line) => line.parts.map((part) => ({ line, part })));

export const sumOf = (items: readonly Item[]): number => items.reduce((total, { part: { dollars = 0 } }) => total + dollars, 0);

/** Sums by group, the largest first; a group of which nothing has a price is not there. */
export function groupsOf(items: readonly Item[]): (readonly [name: string, dollars: number])[] {
  const groups = new Map<string, number>();
  for (const item of items) if (item.part.dollars) groups.set(groupOf(item), (groups.get(groupOf(item)) ?? 0) + item.part.dollars);
  return [...groups].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

export const groupWords = (groups: ReturnType<typeof groupsOf>): string =>
  groups.map(([name, dollars]) => `${name} ${money(dollars)}`).join(", ");
