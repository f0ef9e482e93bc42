/** Nothing that matters goes by accident, or without a trace. */
import { UNKNOWN } from "../../model";
import { pathOf, typeOf } from "../../provider-names";
import { first } from "../../risk/reading";
import { SAFEGUARDS, type Safeguard } from "../../risk/safeguards";
import { isOff, isOpen, type Rule } from "./rule";

/** The safeguard of each type that has one of a kind, and what it looks like there. */
const safeguards = (kind: Safeguard["demanded"]) =>
  SAFEGUARDS.filter(({ demanded }) => demanded === kind).flatMap(({ attributes, safe }) =>
    attributes.map((attribute) => ({ attribute, safe })),
  );

/** One rule for all types with a safeguard of a kind. A value that is not known yet is given the benefit of the doubt. */
function demands(kind: NonNullable<Safeguard["demanded"]>, rule: string, message: (path: string) => string): Rule {
  const rows = safeguards(kind);
  const rowOf = (type: string) => rows.find(({ attribute }) => typeOf(attribute) === type)!;
  return {
    rule,
    types: rows.map(({ attribute }) => typeOf(attribute)),
    riskClass: "data",
    when: ({ type, values }) => {
      const { attribute, safe } = rowOf(type);
      const value = first(values, attribute);
      return !isOpen(value) && !safe(value);
    },
    message: ({ type }) => message(pathOf(rowOf(type).attribute)),
  };
}

const NO_SNAPSHOTS = "The cache keeps no snapshots (snapshot_retention_limit): what is in memory only is lost with its nodes.";

export const protection: readonly Rule[] = [
  demands(
    "refusal",
    "policy/no-termination-protection",
    (path) => `Its protection against deletion is off (${path}): one wrong call takes it away.`,
  ),
  demands(
    "remains",
    "policy/destroyed-without-trace",
    (path) => `When it is destroyed, so is all that it holds (${path}), and nothing is kept.`,
  ),
  demands(
    "recovery",
    "policy/destroyed-without-trace",
    (path) => `When the secret is destroyed, it is gone at once (${path}), and cannot be restored.`,
  ),
  {
    rule: "policy/no-snapshots",
    types: ["aws_elasticache_cluster"],
    riskClass: "data",
    // Memcached has none; the members of a replication group have the group's.
    when: ({ values }) =>
      first(values, "aws_elasticache_cluster.engine") !== "memcached" &&
      isOff(first(values, "aws_elasticache_cluster.replication_group_id")) &&
      isOff(first(values, "aws_elasticache_cluster.snapshot_retention_limit")),
    message: NO_SNAPSHOTS,
  },
  {
    rule: "policy/no-snapshots",
    types: ["aws_elasticache_replication_group"],
    riskClass: "data",
    when: ({ values }) => isOff(first(values, "aws_elasticache_replication_group.snapshot_retention_limit")),
    message: NO_SNAPSHOTS,
  },
  {
    rule: "policy/no-log-retention",
    types: ["aws_cloudwatch_log_group"],
    riskClass: "cosmetic",
    when: ({ values }) => isOff(first(values, "aws_cloudwatch_log_group.retention_in_days")),
    message: "A log group keeps its logs for ever (retention_in_days), and their cost grows for ever.",
  },
  {
    rule: "policy/ssh-key-pair",
    types: ["aws_instance", "aws_launch_template", "aws_launch_configuration"],
    riskClass: "identity",
    when: ({ values }) => {
      // All three types have it in the same words.
      const pair = first(values, "aws_instance.key_name");
      return !isOff(pair) && pair !== UNKNOWN;
    },
    message: "A machine takes a key pair: hosts are administered through Session Manager, which leaves a trail and knows who it is.",
  },
];
