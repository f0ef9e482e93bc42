/** Alarms, and those who are told. */
import type { Finding, Resource, ResourceChange, StackPlan, Values } from "../model";
import { changesAt, goesWithItsOwner, sharePart, successorOf } from "./belongs";
import { findingOf, type Context, type Look, type Verdict } from "./rules";
import { at, first, isHidden, same, shown, textAt } from "./values";

const ALARMS: readonly string[] = ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"];
const WATCHED: readonly string[] = [
  "namespace", "metric_name", "dimensions", "metric_query", "statistic", "extended_statistic", "period", "evaluation_periods", "datapoints_to_alarm", "threshold", "comparison_operator", "treat_missing_data", "alarm_rule", "unit",
];
const isSilent = (values: Values | undefined) => first(values, "actions_enabled") === false || at(values, "alarm_actions").length === 0;

/** What an alarm says less of than the one before. */
function compared(change: ResourceChange, context: Context, before: Values | undefined, after: Values | undefined): Verdict[] {
  if (!isSilent(before) && isSilent(after)) return [{ rule: "notification/alarm-silenced", message: "The alarm tells nobody any more" }];
  const [was, will] = [at(before, "alarm_actions"), at(after, "alarm_actions")];
  const fewer = was.length > will.length ? [{ rule: "notification/alarm-silenced", message: `The alarm tells ${will.length} in place of ${was.length}` } as const] : [];
  const elsewhere = change.attributes.some(({ path }) => path.startsWith("alarm_actions")) && fewer.length === 0 ? [{ rule: "notification/alarm-changed", message: "The alarm tells others than before" } as const] : [];
  const changed = WATCHED.filter((path) => changesAt(change, path, before, after, context));
  const words = changed.map((path) => `\`${path}\` from ${at(before, path).map(shown).join(", ") || "nothing"} to ${at(after, path).map(shown).join(", ") || "nothing"}`);
  return [...fewer, ...elsewhere, ...(changed.length > 0 ? [{ rule: "notification/alarm-changed", message: `The alarm watches something else, or judges otherwise: ${words.join("; ")}` } as const] : [])];
}

export const alarms: Look = (change, context) => {
  const { type, action, before, after } = change;
  if (!ALARMS.includes(type)) return [];
  if (action === "forget") return [{ rule: "notification/alarm-removed", message: "Terraform forgets the alarm" }];
  if (action === "destroy") {
    const successor = successorOf(change, context, ["alarm_name"]);
    if (successor) return compared(change, context, before, successor.after);
    return goesWithItsOwner(change, context) ? [] : [{ rule: "notification/alarm-removed", message: `The alarm ${textAt(before, "alarm_name") ?? ""} goes, and what it watches stays`.replace("  ", " ") }];
  }
  if (action === "create") {
    const isNew = !context.plan.changes.some((other) => other.action === "destroy" && other.type === type && typeof after?.alarm_name === "string" && other.before?.alarm_name === after.alarm_name);
    return isNew && isSilent(after) ? [{ rule: "notification/alarm-silenced", message: "A new alarm tells nobody" }] : [];
  }
  return action === "update" || action === "replace" ? compared(change, context, before, after) : [];
};

export const subscriptions: Look = (change, context) => {
  const { type, action, before, after } = change;
  if (type === "aws_sns_topic" && (action === "destroy" || action === "replace")) return [{ rule: "notification/subscription-removed", message: "The topic goes, with its subscriptions: people must confirm theirs anew" }];
  // Its name cannot be changed in place, which only a provider's plan says.
  if (type === "aws_sns_topic" && action === "update" && first(before, "name") !== first(after, "name")) return [{ rule: "notification/subscription-removed", message: "The topic is made anew under another name: people must confirm their subscriptions anew" }];
  if (type !== "aws_sns_topic_subscription") return [];
  const who = `${textAt(before, "protocol") ?? "somebody"} ${textAt(before, "endpoint") ?? ""}`.trim();
  if (action === "destroy") {
    const stays = successorOf(change, context, ["protocol", "endpoint"]);
    return stays || goesWithItsOwner(change, context) ? [] : [{ rule: "notification/subscription-removed", message: `${who} is told no more` }];
  }
  if ((action === "update" || action === "replace") && (first(before, "endpoint") !== first(after, "endpoint") || first(before, "protocol") !== first(after, "protocol"))) return [{ rule: "notification/subscription-removed", message: `${who} is told no more, and another in its place` }];
  return (action === "update" || action === "replace") && !same(at(before, "filter_policy"), at(after, "filter_policy")) ? [{ rule: "notification/event-changed", severity: "notice", message: `${who} is told of other messages` }] : [];
};

export const events: Look = (change, context) => {
  const { type, action, attributes } = change;
  if (type !== "aws_cloudwatch_event_rule" && type !== "aws_cloudwatch_event_target") return [];
  if (action === "destroy") return goesWithItsOwner(change, context) ? [] : [{ rule: "notification/event-changed", message: type.endsWith("rule") ? "Events of this kind are no longer seen" : "The event is no longer told" }];
  const changed = attributes.filter(({ path }) => /^(event_pattern|schedule_expression|arn|input_transformer|input|input_path)(\.|\[|$)/.test(path));
  return action !== "create" && changed.length > 0 ? [{ rule: "notification/event-changed", severity: "notice", message: `It sees or tells something else (${changed.map(({ path, before, after }) => `\`${path}\` from ${shown(before)} to ${shown(after)}`).join("; ")})` }] : [];
};

const HOSTS: readonly string[] = ["aws_instance"];

/** Whether an alarm is a host's: by the machine's id, or as made by the same part of the stack. */
const isAlarmOf = (alarm: Resource, host: Resource): boolean => {
  const id = textAt(alarm.values, "dimensions.InstanceId");
  return id !== undefined && !isHidden(id) && typeof host.values.id === "string" ? id === host.values.id : sharePart(alarm.construct, host.construct);
};

/** Hosts that had somebody watching, stay, and have nobody any more. */
export function unwatchedHosts({ stack, before, after }: StackPlan): Finding[] {
  const watching = (resources: readonly Resource[], host: Resource) => resources.filter(({ type, values }) => ALARMS.includes(type) && !isSilent(values)).filter((alarm) => isAlarmOf(alarm, host));
  return after.filter(({ type }) => HOSTS.includes(type)).flatMap((host) => {
    const old = before.find(({ address }) => address === host.address);
    // Before it is applied a machine has no id, so that the old one's is asked for.
    const watched = old ? watching(before, old) : [];
    const still = watching(after, { ...host, values: { ...host.values, id: old?.values.id ?? host.values.id } });
    if (watched.length === 0 || still.length > 0) return [];
    return [findingOf({ rule: "notification/host-without-alarms", message: `The host stays, and none of its ${watched.length} alarms will tell anybody when it fails` }, host, stack)];
  });
}

export const NOTIFICATION_LOOKS: readonly Look[] = [alarms, subscriptions, events];
