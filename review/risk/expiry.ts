/** What deletes by itself: S3's lifecycle rules and a table's TTL. What is written with an end in mind is told apart from what was to stay. */
import type { Values } from "../model";
import type { Attribute } from "../provider-names";
import { isEqual } from "../json-values";
import { at, blocks, first, isOn, numberAt, shown, textAt } from "./reading";
import { ownerStood } from "./related-resources";
import type { Look, Verdict } from "./rules";

/** What one lifecycle rule deletes, and when. */
export interface Expiry {
  readonly prefix: string;
  /** Tags and sizes: with them a rule speaks of fewer objects. */
  readonly narrowedBy: readonly unknown[];
  /** Infinity where it deletes none. */
  readonly days: number;
  /** Old versions that stay whatever their age. */
  readonly kept: number;
}

const PREFIXES: readonly Attribute[] = [
  "aws_s3_bucket_lifecycle_configuration.rule.filter.prefix",
  "aws_s3_bucket_lifecycle_configuration.rule.filter.and.prefix",
  "aws_s3_bucket_lifecycle_configuration.rule.prefix",
];
const NARROWS: readonly Attribute[] = [
  "aws_s3_bucket_lifecycle_configuration.rule.filter.tag",
  "aws_s3_bucket_lifecycle_configuration.rule.filter.and.tags",
  "aws_s3_bucket_lifecycle_configuration.rule.filter.object_size_greater_than",
  "aws_s3_bucket_lifecycle_configuration.rule.filter.object_size_less_than",
  "aws_s3_bucket_lifecycle_configuration.rule.filter.and.object_size_greater_than",
  "aws_s3_bucket_lifecycle_configuration.rule.filter.and.object_size_less_than",
];
/** A provider writes these where nothing is set. */
const isNothing = (value: unknown) => value === 0 || value === "" || (Array.isArray(value) && value.length === 0);

function expiriesOf(values: Values | undefined, daysOf: (rule: Values) => number | undefined): Expiry[] {
  return blocks(values, "aws_s3_bucket_lifecycle_configuration.rule")
    .filter((rule) => (textAt(rule, "aws_s3_bucket_lifecycle_configuration.rule.status") ?? "Enabled") === "Enabled")
    .map((rule) => ({
      prefix: PREFIXES.map((attribute) => textAt(rule, attribute)).find((text) => text !== undefined && text !== "") ?? "",
      narrowedBy: NARROWS.map((attribute) => at(rule, attribute).filter((value) => !isNothing(value))),
      days: daysOf(rule) || Infinity,
      kept: numberAt(rule, "aws_s3_bucket_lifecycle_configuration.rule.noncurrent_version_expiration.newer_noncurrent_versions") ?? 0,
    }))
    .filter(({ days }) => days < Infinity);
}

/** A day in the calendar has come for what is there by then. */
const currentDays = (rule: Values) =>
  first(rule, "aws_s3_bucket_lifecycle_configuration.rule.expiration.date") === undefined
    ? numberAt(rule, "aws_s3_bucket_lifecycle_configuration.rule.expiration.days")
    : 1;
const oldDays = (rule: Values) =>
  numberAt(rule, "aws_s3_bucket_lifecycle_configuration.rule.noncurrent_version_expiration.noncurrent_days");

/** Whether a rule speaks of all objects that another speaks of. */
const takesIn = (outer: Expiry, inner: Expiry) =>
  inner.prefix.startsWith(outer.prefix) &&
  (outer.narrowedBy.every((values) => (values as readonly unknown[]).length === 0) || isEqual(outer.narrowedBy, inner.narrowedBy));

const days = (count: number) => (count === Infinity ? "never" : `after ${count} days`);
const of = ({ prefix }: Expiry) => (prefix === "" ? "" : ` below ${prefix}`);

/** A rule for each that deletes what was to stay longer. */
export function sooner(before: readonly Expiry[], after: readonly Expiry[], rule: Verdict["rule"], what: string): Verdict[] {
  return after.flatMap((will) => {
    const was = before.filter((other) => takesIn(other, will));
    const least = Math.min(Infinity, ...was.map((other) => other.days));
    const most = was.some((other) => other.kept <= will.kept);
    if (least <= will.days && most) return [];
    return [
      {
        rule,
        message: `${what}${of(will)} are deleted ${days(will.days)}, in place of ${days(least)}${least <= will.days ? `, and ${will.kept} of them are kept in place of ${Math.min(...was.map((other) => other.kept))}` : ""}`,
      },
    ];
  });
}

/** A first lifecycle of a bucket that stood without one is shown as created. */
export const expiry: Look = (change, context) => {
  const { type, action, before, after } = change;
  if (type !== "aws_s3_bucket_lifecycle_configuration" || !after || (action !== "update" && action !== "replace" && action !== "create"))
    return [];
  if (action === "create" && !ownerStood(change, context, "aws_s3_bucket", "aws_s3_bucket_lifecycle_configuration.bucket")) return [];
  const transitions = (values: Values | undefined) =>
    blocks(values, "aws_s3_bucket_lifecycle_configuration.rule")
      .map((rule) => at(rule, "aws_s3_bucket_lifecycle_configuration.rule.transition"))
      .filter((moves) => moves.length > 0);
  const [was, will] = [expiriesOf(before, oldDays), expiriesOf(after, oldDays)];
  return [
    ...sooner(expiriesOf(before, currentDays), expiriesOf(after, currentDays), "data/expires-sooner", "Objects"),
    ...sooner(was, will, "data/backups-off", "Old versions"),
    ...(was.length > 0 && will.length === 0
      ? [
          {
            rule: "data/retention-changed",
            message: `Old versions are never deleted, in place of ${days(Math.min(...was.map((one) => one.days)))}`,
          } as const,
        ]
      : []),
    ...(before && !isEqual(transitions(before), transitions(after))
      ? [{ rule: "data/retention-changed", message: "Objects move to other storage classes, or at another time" } as const]
      : []),
  ];
};

/** DynamoDB deletes an item once the number in the attribute is a time that has passed. */
export const timeToLive: Look = ({ type, action, before, after }) => {
  if (type !== "aws_dynamodb_table" || (action !== "update" && action !== "replace") || !before || !after) return [];
  const by = (values: Values) =>
    isOn(first(values, "aws_dynamodb_table.ttl.enabled")) ? first(values, "aws_dynamodb_table.ttl.attribute_name") : undefined;
  const [was, will] = [by(before), by(after)];
  if (isEqual(was, will)) return [];
  return will === undefined
    ? [{ rule: "data/retention-changed", message: `Items no longer expire by ${shown(was)}: they stay for ever` }]
    : [
        {
          rule: "data/expires-sooner",
          message: `Items are deleted once the time in ${shown(will)} has passed, in place of ${was === undefined ? "never" : `that in ${shown(was)}`}`,
        },
      ];
};

export const EXPIRY_LOOKS: readonly Look[] = [expiry, timeToLive];
