/** Copies of data that are made for the day on which it is lost: what is kept for a shorter time, copied no more, or chosen no more. */
import type { Values } from "../model";
import type { Attribute } from "../provider-names";
import { isEqual } from "../json-values";
import { UNKNOWN } from "../model";
import { isSet, type Guard, type ListGuard, type Ratchet, type Watch } from "./guard";
import { at, blocks, first, isOn, numberAt, shown, textAt } from "./reading";
import type { Look, Verdict } from "./rules";

export const BACKUP_GUARDS: readonly Guard[] = [
  {
    rule: "data/backups-off",
    attributes: ["aws_backup_vault_lock_configuration.changeable_for_days"],
    safe: isSet,
    onCreate: false,
    message: "Whoever may change the vault may take its lock away",
  },
];

export const BACKUP_RATCHETS: readonly Ratchet[] = [
  {
    rule: "data/backups-off",
    attributes: ["aws_backup_vault_lock_configuration.min_retention_days"],
    bad: "lower",
    unset: 0,
    message: "The lock lets backups be deleted sooner",
  },
  {
    rule: "data/backups-off",
    attributes: ["aws_backup_vault_lock_configuration.changeable_for_days"],
    bad: "higher",
    message: "The lock can be taken away for longer",
  },
  {
    rule: "data/backups-off",
    attributes: ["aws_db_instance_automated_backups_replication.retention_period"],
    bad: "lower",
    message: "Copies of backups in another region are kept for a shorter time",
  },
];

export const BACKUP_LISTS: readonly ListGuard[] = [
  { rule: "data/backups-off", attributes: ["aws_backup_selection.resources"], bad: "shrinks", message: "Something is no longer backed up" },
  {
    rule: "data/backups-off",
    attributes: ["aws_backup_selection.not_resources"],
    bad: "grows",
    message: "Something is left out of the backup",
  },
  {
    rule: "data/backups-off",
    attributes: ["aws_backup_selection.condition.string_equals", "aws_backup_selection.condition.string_like"],
    bad: "grows",
    message: "Only what meets one condition more is backed up",
  },
  {
    rule: "data/backups-off",
    attributes: ["aws_backup_selection.condition.string_not_equals", "aws_backup_selection.condition.string_not_like"],
    bad: "grows",
    message: "Something is left out of the backup",
  },
  {
    rule: "data/backups-off",
    attributes: ["aws_backup_selection.selection_tag"],
    bad: "shrinks",
    message: "Something is no longer backed up",
  },
  {
    rule: "notification/event-changed",
    attributes: ["aws_backup_vault_notifications.backup_vault_events"],
    bad: "shrinks",
    message: "Less is told of backups",
  },
];

export const BACKUP_WATCHES: readonly Watch[] = [
  {
    rule: "data/backups-off",
    severity: "notice",
    attributes: ["aws_backup_selection.plan_id"],
    message: "It is backed up by another plan",
  },
  { rule: "identity/access-granted", attributes: ["aws_backup_selection.iam_role_arn"], message: "Backups are made by another role" },
  {
    rule: "notification/event-changed",
    attributes: ["aws_backup_vault_notifications.sns_topic_arn"],
    severity: "notice",
    message: "Another topic is told of backups",
  },
];

/** Days until a backup goes; a plan without a number keeps it for ever, and so does 0, which the provider writes for none. */
const keptFor = (block: Values, attribute: Attribute) => numberAt(block, attribute) || Infinity;
const daysOf = (count: number) => (count === Infinity ? "for ever" : `for ${count} days`);

/** Blocks by what tells them apart; those without stand by their place. */
const by = (values: Values, block: Attribute, name: Attribute) =>
  new Map(blocks(values, block).map((one, index) => [textAt(one, name) ?? String(index), one]));

export const plans: Look = ({ type, action, before, after }) => {
  if (type !== "aws_backup_plan" || (action !== "update" && action !== "replace") || !before || !after) return [];
  const next = by(after, "aws_backup_plan.rule", "aws_backup_plan.rule.rule_name");
  return [...by(before, "aws_backup_plan.rule", "aws_backup_plan.rule.rule_name")].flatMap(([name, was]): Verdict[] => {
    const will = next.get(name);
    return will
      ? ruleVerdicts(name, was, will)
      : [{ rule: "data/backups-off", message: `The plan's rule ${name} goes, and its backups are no longer made` }];
  });
};

function ruleVerdicts(name: string, was: Values, will: Values): Verdict[] {
  const off = (message: string): Verdict => ({ rule: "data/backups-off", message: `${message} (rule ${name})` });
  const shorter = (attribute: Attribute, what: string, from = was, to = will) => {
    const [old, now] = [keptFor(from, attribute), keptFor(to, attribute)];
    return now < old && first(to, attribute) !== UNKNOWN ? [off(`${what} kept ${daysOf(now)}, in place of ${daysOf(old)}`)] : [];
  };
  const copies = by(will, "aws_backup_plan.rule.copy_action", "aws_backup_plan.rule.copy_action.destination_vault_arn");
  const stands = (attribute: Attribute) => isEqual(at(was, attribute), at(will, attribute));
  return [
    ...shorter("aws_backup_plan.rule.lifecycle.delete_after", "Backups are"),
    ...[...by(was, "aws_backup_plan.rule.copy_action", "aws_backup_plan.rule.copy_action.destination_vault_arn")].flatMap(
      ([vault, copy]) => {
        // A vault that is made anew has no name yet: as many copies as before are made.
        const other =
          copies.get(vault) ??
          ([...copies].length > 0 && at(will, "aws_backup_plan.rule.copy_action.destination_vault_arn").includes(UNKNOWN)
            ? [...copies.values()][0]
            : undefined);
        return other
          ? shorter("aws_backup_plan.rule.copy_action.lifecycle.delete_after", "Copies are", copy, other)
          : [off(`Backups are no longer copied to ${vault}`)];
      },
    ),
    ...(isOn(first(was, "aws_backup_plan.rule.enable_continuous_backup")) &&
    !isOn(first(will, "aws_backup_plan.rule.enable_continuous_backup"))
      ? [off("Nothing can be set back to a point in time any more")]
      : []),
    ...(stands("aws_backup_plan.rule.target_vault_name")
      ? []
      : [
          {
            ...off(
              `Backups go to another vault, ${shown(first(will, "aws_backup_plan.rule.target_vault_name"))}: look whether it is locked`,
            ),
            severity: "notice",
          } as const,
        ]),
    ...(stands("aws_backup_plan.rule.schedule") && stands("aws_backup_plan.rule.schedule_expression_timezone")
      ? []
      : [
          {
            ...off(
              `Backups are made at other times: ${shown(first(will, "aws_backup_plan.rule.schedule"))}, in place of ${shown(first(was, "aws_backup_plan.rule.schedule"))}`,
            ),
            severity: "notice",
          } as const,
        ]),
  ];
}

/** Of the region: kinds of resources that are backed up at all. */
export const regions: Look = ({ type, before, after }) => {
  if (type !== "aws_backup_region_settings" || !before || !after) return [];
  const kinds = (values: Values) =>
    Object.entries((first(values, "aws_backup_region_settings.resource_type_opt_in_preference") ?? {}) as Values);
  const now = new Map(kinds(after));
  const lost = kinds(before).filter(([kind, on]) => isOn(on) && now.get(kind) !== UNKNOWN && !isOn(now.get(kind)));
  return lost.map(([kind]) => ({ rule: "data/backups-off", message: `${kind} is no longer backed up in the region` }));
};

/** A bucket's copies: fewer rules, other places, fewer objects. */
export const replications: Look = ({ type, action, before, after }) => {
  if (type !== "aws_s3_bucket_replication_configuration" || (action !== "update" && action !== "replace") || !before || !after) return [];
  const rules = (values: Values) =>
    by(values, "aws_s3_bucket_replication_configuration.rule", "aws_s3_bucket_replication_configuration.rule.id");
  const next = rules(after);
  const prefix = (rule: Values) =>
    textAt(rule, "aws_s3_bucket_replication_configuration.rule.filter.prefix") ??
    textAt(rule, "aws_s3_bucket_replication_configuration.rule.prefix") ??
    "";
  return [...rules(before)].flatMap(([name, was]): Verdict[] => {
    const will = next.get(name);
    const off = (message: string): Verdict => ({ rule: "data/backups-off", message });
    if (!will) return [off(`The rule ${name} goes, and its objects are no longer copied`)];
    const [from, to] = [was, will].map((rule) => first(rule, "aws_s3_bucket_replication_configuration.rule.destination.bucket"));
    return [
      ...(isEqual(from, to)
        ? []
        : [
            {
              ...off(`Objects are copied to ${shown(to)}, in place of ${shown(from)}`),
              ...(to === UNKNOWN && { severity: "notice" as const }),
            },
          ]),
      ...(prefix(was).startsWith(prefix(will)) ? [] : [off(`Only objects below ${prefix(will)} are copied`)]),
    ];
  });
};

export const BACKUP_LOOKS: readonly Look[] = [plans, regions, replications];
