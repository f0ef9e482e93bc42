/** Alarms, and those who are told. */
import type { Finding, Resource, ResourceChange, StackPlan, Values } from "../model";
import { pathOf, typeOf, type Attribute, type ResourceType } from "../provider-names";
import { attributesAt, changesAt } from "./attribute-changes";
import { goesWithItsOwner, sharePart, successorOf } from "./related-resources";
import { findingOf, type Context, type Look, type Verdict } from "./rules";
import { at, first, numberAt, shown, textAt } from "./reading";
import { isHidden } from "../model";
import { isEqual } from "../json-values";

const ALARMS: readonly ResourceType[] = ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"];
/** What an alarm looks at and how it judges. A composite alarm has its actions in the same words. */
const WATCHED: readonly Attribute[] = [
  "aws_cloudwatch_metric_alarm.namespace",
  "aws_cloudwatch_metric_alarm.metric_name",
  "aws_cloudwatch_metric_alarm.dimensions",
  "aws_cloudwatch_metric_alarm.metric_query",
  "aws_cloudwatch_metric_alarm.statistic",
  "aws_cloudwatch_metric_alarm.extended_statistic",
  "aws_cloudwatch_metric_alarm.period",
  "aws_cloudwatch_metric_alarm.evaluation_periods",
  "aws_cloudwatch_metric_alarm.datapoints_to_alarm",
  "aws_cloudwatch_metric_alarm.threshold",
  "aws_cloudwatch_metric_alarm.comparison_operator",
  "aws_cloudwatch_metric_alarm.treat_missing_data",
  "aws_cloudwatch_metric_alarm.unit",
  "aws_cloudwatch_composite_alarm.alarm_rule",
];
const isAlarm = (type: string) => (ALARMS as readonly string[]).includes(type);
const isSilent = (values: Values | undefined) =>
  first(values, "aws_cloudwatch_metric_alarm.actions_enabled") === false ||
  at(values, "aws_cloudwatch_metric_alarm.alarm_actions").length === 0;

/** What an alarm says less of than the one before. */
function compared(change: ResourceChange, context: Context, before: Values | undefined, after: Values | undefined): Verdict[] {
  if (!isSilent(before) && isSilent(after)) return [{ rule: "notification/alarm-silenced", message: "The alarm tells nobody any more" }];
  const [was, will] = [at(before, "aws_cloudwatch_metric_alarm.alarm_actions"), at(after, "aws_cloudwatch_metric_alarm.alarm_actions")];
  const fewer =
    was.length > will.length
      ? [{ rule: "notification/alarm-silenced", message: `The alarm tells ${will.length} in place of ${was.length}` } as const]
      : [];
  const elsewhere =
    change.attributes.some(({ path }) => path.startsWith(pathOf("aws_cloudwatch_metric_alarm.alarm_actions"))) && fewer.length === 0
      ? [{ rule: "notification/alarm-changed", message: "The alarm tells others than before" } as const]
      : [];
  const changed = WATCHED.filter((attribute) => changesAt(change, attribute, before, after, context));
  const words = changed.map(
    (attribute) =>
      `\`${pathOf(attribute)}\` from ${at(before, attribute).map(shown).join(", ") || "nothing"} to ${at(after, attribute).map(shown).join(", ") || "nothing"}`,
  );
  return [
    ...fewer,
    ...elsewhere,
    ...(changed.length > 0
      ? [
          {
            rule: "notification/alarm-changed",
            message: `The alarm watches something else, or judges otherwise: ${words.join("; ")}`,
          } as const,
        ]
      : []),
  ];
}

export const alarms: Look = (change, context) => {
  const { type, action, before, after } = change;
  if (!isAlarm(type)) return [];
  if (action === "forget") return [{ rule: "notification/alarm-removed", message: "Terraform forgets the alarm" }];
  if (action === "destroy") {
    const name = textAt(before, "aws_cloudwatch_metric_alarm.alarm_name");
    const successor = successorOf(change, context, ["aws_cloudwatch_metric_alarm.alarm_name"]);
    if (successor) return compared(change, context, before, successor.after);
    return goesWithItsOwner(change, context)
      ? []
      : [{ rule: "notification/alarm-removed", message: `The alarm ${name ?? ""} goes, and what it watches stays`.replace("  ", " ") }];
  }
  if (action === "create") {
    const name = first(after, "aws_cloudwatch_metric_alarm.alarm_name");
    const isNew = !context.plan.changes.some(
      (other) =>
        other.action === "destroy" &&
        other.type === type &&
        typeof name === "string" &&
        first(other.before, "aws_cloudwatch_metric_alarm.alarm_name") === name,
    );
    // It keeps others silent, and is no word to anybody.
    const isSuppressor = context.plan.changes.some(
      (other) => typeof name === "string" && first(other.after, "aws_cloudwatch_composite_alarm.actions_suppressor.alarm") === name,
    );
    return isNew && !isSuppressor && isSilent(after) ? [{ rule: "notification/alarm-silenced", message: "A new alarm tells nobody" }] : [];
  }
  return action === "update" || action === "replace" ? compared(change, context, before, after) : [];
};

/** Longer than a day it is no pause. */
const PAUSE = 86_400;
const PERIODS: readonly Attribute[] = [
  "aws_cloudwatch_composite_alarm.actions_suppressor.wait_period",
  "aws_cloudwatch_composite_alarm.actions_suppressor.extension_period",
];

/** What keeps an alarm silent, and for how long. */
export const suppressors: Look = ({ type, action, before, after }, { plan }) => {
  if (!isAlarm(type) || !before || !after || (action !== "update" && action !== "replace")) return [];
  const by = (values: Values) => first(values, "aws_cloudwatch_composite_alarm.actions_suppressor.alarm");
  const name = first(after, "aws_cloudwatch_metric_alarm.alarm_name");
  const keepsSilent = plan.after.some(({ type: other, values }) => other !== type && typeof name === "string" && by(values) === name);
  const blind = (values: Values) => first(values, "aws_cloudwatch_metric_alarm.treat_missing_data") === "breaching";
  return [
    ...(by(after) !== undefined && !isEqual(by(before), by(after))
      ? [{ rule: "notification/alarm-changed", message: `Nobody is told while ${shown(by(after))} is on` } as const]
      : []),
    ...PERIODS.filter((period) => (numberAt(after, period) ?? 0) > PAUSE && (numberAt(before, period) ?? 0) <= PAUSE).map(
      (period) =>
        ({
          rule: "notification/alarm-silenced",
          message: `The alarm is silent for ${numberAt(after, period)} s more (\`${pathOf(period)}\`)`,
        }) as const,
    ),
    ...(keepsSilent && blind(after) && !blind(before)
      ? [
          {
            rule: "notification/alarm-silenced",
            message: "It keeps other alarms silent, and is on from now on where nothing is known",
          } as const,
        ]
      : []),
  ];
};

export const subscriptions: Look = (change, context) => {
  const { type, action, before, after } = change;
  if (type === "aws_sns_topic" && (action === "destroy" || action === "replace"))
    return [
      { rule: "notification/subscription-removed", message: "The topic goes, with its subscriptions: people must confirm theirs anew" },
    ];
  // Its name cannot be changed in place, which only a provider's plan says.
  if (type === "aws_sns_topic" && action === "update" && first(before, "aws_sns_topic.name") !== first(after, "aws_sns_topic.name"))
    return [
      {
        rule: "notification/subscription-removed",
        message: "The topic is made anew under another name: people must confirm their subscriptions anew",
      },
    ];
  if (type !== "aws_sns_topic_subscription") return [];
  const who =
    `${textAt(before, "aws_sns_topic_subscription.protocol") ?? "somebody"} ${textAt(before, "aws_sns_topic_subscription.endpoint") ?? ""}`.trim();
  if (action === "destroy") {
    const stays = successorOf(change, context, ["aws_sns_topic_subscription.protocol", "aws_sns_topic_subscription.endpoint"]);
    return stays || goesWithItsOwner(change, context)
      ? []
      : [{ rule: "notification/subscription-removed", message: `${who} is told no more` }];
  }
  const differs = (attribute: Attribute) => !isEqual(at(before, attribute), at(after, attribute));
  if (action !== "update" && action !== "replace") return [];
  if (differs("aws_sns_topic_subscription.endpoint") || differs("aws_sns_topic_subscription.protocol"))
    return [{ rule: "notification/subscription-removed", message: `${who} is told no more, and another in its place` }];
  return differs("aws_sns_topic_subscription.filter_policy")
    ? [{ rule: "notification/event-changed", severity: "notice", message: `${who} is told of other messages` }]
    : [];
};

/** Which events a rule sees, and whom it tells what. */
const EVENTS: readonly Attribute[] = [
  "aws_cloudwatch_event_rule.event_pattern",
  "aws_cloudwatch_event_rule.schedule_expression",
  "aws_cloudwatch_event_target.arn",
  "aws_cloudwatch_event_target.input_transformer",
  "aws_cloudwatch_event_target.input",
  "aws_cloudwatch_event_target.input_path",
];

export const events: Look = (change, context) => {
  const { type, action, attributes } = change;
  if (type !== "aws_cloudwatch_event_rule" && type !== "aws_cloudwatch_event_target") return [];
  if (action === "destroy")
    return goesWithItsOwner(change, context)
      ? []
      : [
          {
            rule: "notification/event-changed",
            message: type.endsWith("rule") ? "Events of this kind are no longer seen" : "The event is no longer told",
          },
        ];
  const watched = EVENTS.filter((attribute) => typeOf(attribute) === type).flatMap((attribute) => attributesAt(change, pathOf(attribute)));
  const changed = attributes.filter((attribute) => watched.includes(attribute));
  return action !== "create" && changed.length > 0
    ? [
        {
          rule: "notification/event-changed",
          severity: "notice",
          message: `It sees or tells something else (${changed.map(({ path, before, after }) => `\`${path}\` from ${shown(before)} to ${shown(after)}`).join("; ")})`,
        },
      ]
    : [];
};

const HOST: ResourceType = "aws_instance";

/** Whether an alarm is a host's: by the machine's id, or as made by the same part of the stack. */
const isAlarmOf = (alarm: Resource, host: Resource): boolean => {
  const id = textAt(alarm.values, "aws_cloudwatch_metric_alarm.dimensions.InstanceId");
  return id !== undefined && !isHidden(id) && typeof host.values.id === "string"
    ? id === host.values.id
    : sharePart(alarm.construct, host.construct);
};

/** Hosts that had somebody watching, stay, and have nobody any more. */
export function unwatchedHosts({ stack, before, after }: StackPlan): Finding[] {
  const watching = (resources: readonly Resource[], host: Resource) =>
    resources.filter(({ type, values }) => isAlarm(type) && !isSilent(values)).filter((alarm) => isAlarmOf(alarm, host));
  return after
    .filter(({ type }) => type === HOST)
    .flatMap((host) => {
      const old = before.find(({ address }) => address === host.address);
      // Before it is applied a machine has no id, so that the old one's is asked for.
      const watched = old ? watching(before, old) : [];
      const still = watching(after, { ...host, values: { ...host.values, id: old?.values.id ?? host.values.id } });
      if (watched.length === 0 || still.length > 0) return [];
      return [
        findingOf(
          {
            rule: "notification/host-without-alarms",
            message: `The host stays, and none of its ${watched.length} alarms will tell anybody when it fails`,
          },
          host,
          stack,
        ),
      ];
    });
}

export const NOTIFICATION_LOOKS: readonly Look[] = [alarms, suppressors, subscriptions, events];
