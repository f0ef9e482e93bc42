/** Whether what alarms and events tell still reaches those whom it reached before. */
import type { Attribute, ResourceType } from "../../provider-names";
import type { Finding } from "../../model";
import { findingOf } from "../rules";
import { isCut } from "./admission";
import { byResource, keyGates, waysFrom, type Gate, type Way } from "./listeners";
import { and, listed } from "./words";
import { nameOf, type Node, type World } from "./world";

/** Who tells a topic, by which argument, as which service. */
const TELLERS: readonly (readonly [Attribute, service: string])[] = [
  ["aws_cloudwatch_metric_alarm.alarm_actions", "cloudwatch.amazonaws.com"],
  ["aws_cloudwatch_composite_alarm.alarm_actions", "cloudwatch.amazonaws.com"],
  ["aws_cloudwatch_event_target.arn", "events.amazonaws.com"],
  ["aws_budgets_budget.notification.subscriber_sns_topic_arns", "budgets.amazonaws.com"],
  ["aws_ce_anomaly_subscription.subscriber.address", "costalerts.amazonaws.com"],
  ["aws_backup_vault_notifications.sns_topic_arn", "backup.amazonaws.com"],
];

/** When one of these goes, a rule of its own says so (notification/subscription-removed). */
const SAID: ReadonlySet<string> = new Set<ResourceType>(["aws_sns_topic_subscription", "aws_sns_topic"]);

/** A listener that hears a topic no more, and why. */
interface Loss {
  readonly topic: Node;
  readonly listener: string;
  readonly tellers: readonly Node[];
  /** Those who hear the topic still. */
  readonly others: readonly string[];
  readonly at: Node;
  readonly why: string;
}

export function alarmFindings(before: World, after: World): Finding[] {
  const topics = before.ofType("aws_sns_topic").flatMap((was) => {
    const topic = after.find(was.key);
    return topic ? [{ was, topic }] : [];
  });
  const losses = topics.flatMap(({ was, topic }) => lossesOf(before, after, was, topic));
  return [
    ...grouped(losses, ({ at, listener, why }) => `${at.key} ${listener} ${why}`).map(unheard),
    ...topics.flatMap(({ was, topic }) => untold(before, after, was, topic)),
  ];
}

function lossesOf(before: World, after: World, was: Node, topic: Node): Loss[] {
  const tellers = tellersOf(before, was).map(({ node }) => node);
  const [old, now] = [waysFrom(before, was, tellers.length > 0), waysFrom(after, topic, tellers.length > 0)];
  const gates = new Map(old.flatMap((way) => way.gates.map((gate) => [gate.id, gate] as const)));
  const shut = ({ gates: own }: Way) => own.find((gate) => isShut(gate, gates.get(gate.id)));
  const isSame = (one: Way) => (other: Way) => one.key === other.key || one.listener === other.listener;
  const open = now.filter((way) => shut(way) === undefined);
  const others = [...new Set(open.filter((way) => old.some(isSame(way))).map(({ listener }) => listener))];
  const lost = old.filter((way) => !way.gates.some(({ isShut: always }) => always) && !open.some(isSame(way)));
  return lost.flatMap((way): Loss[] => {
    const gate = now.filter(isSame(way)).flatMap((other) => shut(other) ?? [])[0];
    const gone = way.via.find(({ key }) => !after.find(key));
    if (!gate && gone && SAID.has(gone.type)) return [];
    const said = { topic, listener: way.listener, tellers, others };
    if (gate) return [{ ...said, at: placeOf(gate, gates.get(gate.id), after), why: gate.why("") }];
    return [
      gone
        ? { ...said, at: gone, why: `${gone.type === MAPPING ? "what makes it read its queue" : nameOf(gone)} goes` }
        : // Both ends are there still: what joined them was changed.
          { ...said, at: way.via.at(-2) ?? way.via[0]!, why: "what joined them leads elsewhere" },
    ];
  });
}

const MAPPING: ResourceType = "aws_lambda_event_source_mapping";

function unheard(losses: readonly Loss[]): Finding {
  const { at, listener, why } = losses[0]!;
  const alone = losses.filter(({ others }) => others.length === 0).map(({ topic }) => nameOf(topic));
  const others = [...new Set(losses.flatMap((loss) => loss.others))].sort();
  const tellers = losses.flatMap((loss) => loss.tellers);
  return finding(
    at,
    `${listener.charAt(0).toUpperCase()}${listener.slice(1)} no longer hears of ${tellers.length > 0 ? listed(tellers.map(nameOf)) : "what is told"} (by ${and(losses.map(({ topic }) => nameOf(topic)))}): ${why}. ${alone.length > 0 ? `Nobody else hears ${and(alone)}` : `Still told: ${others.join(", ")}`}`,
  );
}

/** Services that may no longer tell a topic. */
function untold(before: World, after: World, was: Node, topic: Node): Finding[] {
  const services = [...new Set([...tellersOf(before, was).map(({ service }) => service), ...admitted(before, was)])].sort();
  const kept = services.flatMap((service) => {
    const [old, now] = [publishing(before, was, service), publishing(after, topic, service)];
    const earlier = (gate: Gate) => old.find(({ id }) => id === gate.id);
    const gate = now.find((one) => isShut(one, earlier(one)));
    return gate ? [{ service, gate: { ...gate, at: placeOf(gate, earlier(gate), after) } }] : [];
  });
  return grouped(kept, ({ gate }) => `${gate.at.key} ${gate.why("")}`).map((group) => {
    const { gate } = group[0]!;
    const out = group.map(({ service }) => service);
    const tellers = tellersOf(before, was).filter(({ service }) => out.includes(service));
    const unknown = out.filter((service) => !tellers.some((teller) => teller.service === service));
    const words = [
      ...(tellers.length > 0 ? [listed(tellers.map(({ node }) => nameOf(node)))] : []),
      ...(unknown.length > 0 ? [`the messages of ${and(unknown)}`] : []),
    ];
    return finding(
      gate.at,
      `${nameOf(topic)}, and whoever hears it, is no longer told of ${words.join(", nor of ")}: ${gate.why(and(out))}`,
    );
  });
}

const publishing = (world: World, topic: Node, service: string): Gate[] => [
  byResource(
    world,
    { who: `Service:${service}`, action: "sns:publish", target: topic },
    { inline: "aws_sns_topic.policy", policy: "aws_sns_topic_policy.policy", owner: "aws_sns_topic_policy.arn" },
  ),
  ...keyGates(world, topic, "aws_sns_topic.kms_master_key_id", `Service:${service}`),
];

/** Services that a topic's policy names, whether or not what they tell stands in the code. */
const admitted = (world: World, topic: Node): string[] =>
  world
    .naming(topic, "aws_sns_topic_policy.arn")
    .flatMap((policy) => world.statements(policy, "aws_sns_topic_policy.policy") ?? [])
    .filter(({ effect }) => effect === "Allow")
    .flatMap(({ principals }) => principals?.patterns ?? [])
    .filter((pattern) => pattern.startsWith("Service:"))
    .map((pattern) => pattern.slice("Service:".length));

/** Where it is shut; what opened it before, where that is gone. */
const placeOf = (gate: Gate, before: Gate | undefined, after: World): Node => (before && !after.find(before.at.key) ? before.at : gate.at);

const isShut = (gate: Gate, before: Gate | undefined): boolean =>
  (gate.isShut === true && before?.isShut !== true) || isCut(before?.answer, gate.answer);

const tellersOf = (world: World, topic: Node): { readonly node: Node; readonly service: string }[] =>
  TELLERS.flatMap(([attribute, service]) => world.naming(topic, attribute).map((node) => ({ node, service })));

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}

const finding = (place: Node, message: string): Finding => findingOf({ rule: "notification/reach-cut", message }, place, place.stack);
