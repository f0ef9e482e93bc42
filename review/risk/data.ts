/** Data that is destroyed, replaced or forgotten; indexes and images. */
import type { ResourceChange, Values } from "../model";
import { pathOf, type Attribute } from "../provider-names";
import { ifRenamed } from "./related-resources";
import { forcesReplacement } from "./replacement";
import type { Look, Verdict } from "./rules";
import { heldBy } from "./stateful";
import { at, blocks, first, shown, textAt } from "./reading";
import { isEqual } from "../json-values";

/** Terraform's words for why something is replaced or destroyed, where no attribute forces it. */
const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: "its last creation did not end well",
  replace_by_request: "somebody asked for it",
  replace_by_triggers: "replace_triggered_by says so",
  delete_because_no_resource_config: "it no longer stands in the code",
  delete_because_no_module: "its module no longer stands in the code",
  delete_because_wrong_repetition: "its index no longer exists",
  delete_because_count_index: "its index no longer exists",
  delete_because_each_key: "its key no longer exists",
};

/** `: its engine changes, …`. */
function because({ attributes, reason }: ResourceChange): string {
  const forced = attributes
    .filter((attribute) => attribute.forcesReplacement)
    .map(({ path, before, after }) => `\`${path}\` changes from ${shown(before)} to ${shown(after)}`);
  if (forced.length > 0) return `, because ${forced.join(", ")}`;
  return reason && REASONS[reason] ? `, because ${REASONS[reason]}` : "";
}

export const lost: Look = (change, context) => {
  const { action, address, type, deposed } = change;
  const held = heldBy(type);
  const verdicts: Verdict[] = [];
  if (deposed)
    return held
      ? [{ rule: "data/deposed", message: `An old ${type} that an unfinished replacement left over is destroyed, with ${held}` }]
      : [];
  if ((action === "destroy" || action === "replace") && context.protected.has(address)) {
    verdicts.push({
      rule: "data/protected",
      message: `Terraform will refuse this plan: ${address} stands under prevent_destroy, and the plan would ${action === "destroy" ? "destroy" : "replace"} it${because(change)}`,
    });
  }
  if (!held) return verdicts;
  if (action === "destroy")
    verdicts.push({ rule: "data/destroyed", message: `It is destroyed, with ${held}${because(change)}${ifRenamed(change, context)}` });
  if (action === "replace")
    verdicts.push({ rule: "data/replaced", message: `It is destroyed and made anew, and ${held} will be gone${because(change)}` });
  if (action === "forget")
    verdicts.push({ rule: "data/forgotten", message: `Terraform forgets it: it stays, with ${held}, costs money and belongs to nobody` });
  if (action === "update") {
    // A plan that was worked out without the provider calls it an update; the provider's documents say otherwise.
    const forced = change.attributes.filter(({ path, before, after }) => forcesReplacement(type, path) && before !== after);
    if (forced.length > 0)
      verdicts.push({
        rule: "data/replaced",
        message: `The provider cannot change ${forced.map(({ path, before, after }) => `\`${path}\` (from ${shown(before)} to ${shown(after)})`).join(", ")} in place: it would be destroyed and made anew, and ${held} would be gone`,
      });
  }
  return verdicts;
};

/** What makes an index another one. */
const INDEX: readonly Attribute[] = [
  "aws_dynamodb_table.global_secondary_index.hash_key",
  "aws_dynamodb_table.global_secondary_index.range_key",
  "aws_dynamodb_table.global_secondary_index.projection_type",
  "aws_dynamodb_table.global_secondary_index.non_key_attributes",
];

/** DynamoDB cannot change an index: the provider deletes it and makes it anew, and until then queries on it fail. */
export const indexes: Look = ({ type, action, before, after }) => {
  if (type !== "aws_dynamodb_table" || action !== "update" || !before || !after) return [];
  const named = (values: Values) =>
    new Map(
      blocks(values, "aws_dynamodb_table.global_secondary_index").map((index) => [
        textAt(index, "aws_dynamodb_table.global_secondary_index.name") ?? "",
        index,
      ]),
    );
  const next = named(after);
  return [...named(before)].flatMap(([name, index]): Verdict[] => {
    const other = next.get(name);
    if (!other) return [{ rule: "data/index-changed", message: `The index ${name} is deleted, and queries on it fail from then on` }];
    const changed = INDEX.filter((attribute) => !isEqual([...at(index, attribute)].sort(), [...at(other, attribute)].sort()));
    return changed.length === 0
      ? []
      : [
          {
            rule: "data/index-changed",
            message: `The index ${name} is deleted and built anew (${changed.map((attribute) => `\`${pathOf(attribute).split(".").at(-1)!}\``).join(", ")} changes), and queries on it fail meanwhile`,
          },
        ];
  });
};

/** How many images stay: `countNumber` of each rule. */
export const imageExpiry: Look = ({ type, before, after }) => {
  if (type !== "aws_ecr_lifecycle_policy" || !before || !after) return [];
  const numbers = (values: Values) =>
    [...(textAt(values, "aws_ecr_lifecycle_policy.policy") ?? "").matchAll(/"countNumber":\s*(\d+)/g)].map(([, number]) => Number(number));
  const [was, will] = [numbers(before), numbers(after)];
  return will.some((number, index) => number < (was[index] ?? Infinity))
    ? [{ rule: "data/retention-changed", message: `Images are deleted sooner: ${will.join(", ")} stay, in place of ${was.join(", ")}` }]
    : [];
};

/** Messages that cannot be worked on go aside after so many tries. */
export const receives: Look = ({ type, before, after }) => {
  if (type !== "aws_sqs_queue" || !before || !after) return [];
  const most = (values: Values) =>
    Number(/"maxReceiveCount":\s*"?(\d+)/.exec(textAt(values, "aws_sqs_queue.redrive_policy") ?? "")?.[1] ?? NaN);
  const [was, will] = [most(before), most(after)];
  return will < was
    ? [{ rule: "data/dead-letter-removed", severity: "notice", message: `A message is set aside after ${will} tries, in place of ${was}` }]
    : [];
};

/** Parameters of a database that decide how clients connect. */
export const databaseTls: Look = ({ type, before, after }) => {
  if (type !== "aws_db_parameter_group" && type !== "aws_rds_cluster_parameter_group") return [];
  // Both types have it in the same words.
  const forced = (values: Values | undefined) =>
    blocks(values, "aws_db_parameter_group.parameter").some((parameter) => {
      const [name, value] = [
        textAt(parameter, "aws_db_parameter_group.parameter.name"),
        shown(first(parameter, "aws_db_parameter_group.parameter.value")),
      ];
      return (name === "rds.force_ssl" && value === "1") || (name === "require_secure_transport" && ["1", "ON"].includes(value));
    });
  return before && after && forced(before) && !forced(after)
    ? [{ rule: "network/tls-weakened", message: "The database accepts connections in clear" }]
    : [];
};

export const DATA_LOOKS: readonly Look[] = [lost, indexes, imageExpiry, receives, databaseTls];
