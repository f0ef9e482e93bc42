/** What goes together with what: an alarm with the queue that it watches, a bucket's policy with the bucket. */
import { UNKNOWN, type AttributeChange, type ResourceChange, type StackPlan, type Values } from "../model";
import type { Context } from "./rules";
import { heldBy } from "./stateful";
import { at, isHidden, isRecord, same } from "./values";

/** Things that others are made for; when one goes, its companions go with it and nothing is lost by that. */
const MAIN: ReadonlySet<string> = new Set([
  "aws_sns_topic", "aws_lb", "aws_instance", "aws_ecs_service", "aws_ecs_cluster", "aws_iam_role", "aws_vpc", "aws_security_group", "aws_network_acl", "aws_eks_node_group", "aws_lambda_function", "aws_iam_policy", "aws_lb_target_group", "aws_cloudwatch_event_rule",
]);
const isMain = (type: string) => MAIN.has(type) || heldBy(type) !== undefined;

const parentOf = (construct: string) => construct.split("/").slice(0, -1);
/** Names by which other resources speak of one. */
const NAMES: readonly string[] = ["id", "name", "arn", "bucket", "identifier", "queue_url", "url", "replication_group_id", "cluster_id", "alarm_name"];

function textsIn(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof value === "string") found.add(value);
  else if (Array.isArray(value)) for (const item of value as unknown[]) textsIn(item, found);
  // Tags are the same on everything.
  else if (isRecord(value)) for (const [key, item] of Object.entries(value)) if (key !== "tags" && key !== "tags_all") textsIn(item, found);
  return found;
}

interface Owner {
  readonly address: string;
  readonly names: readonly string[];
  /** Constructs below it are its own; undefined where the stack itself would be it, or everything would belong to everything. */
  readonly below?: string;
}

/** What a plan destroys that others are made for; asked for once for each change of a large plan, so worked out once. */
const destroyed = new WeakMap<StackPlan, readonly Owner[]>();

function ownersOf(plan: StackPlan): readonly Owner[] {
  const known = destroyed.get(plan);
  if (known) return known;
  const owners = plan.changes.filter(({ action, deposed, type }) => action === "destroy" && !deposed && isMain(type)).map(({ address, construct, before }): Owner => {
    const parent = parentOf(construct);
    return { address, names: NAMES.map((name) => before?.[name]).filter((name): name is string => typeof name === "string" && !isHidden(name)), ...(parent.length >= 2 && { below: `${parent.join("/")}/` }) };
  });
  destroyed.set(plan, owners);
  return owners;
}

/** Whether what a companion belongs to is destroyed by the same plan. */
export function goesWithItsOwner(change: ResourceChange, { plan }: Context): boolean {
  const spoken = textsIn(change.before);
  const path = `${change.construct}/`;
  return ownersOf(plan).some(({ address, names, below }) => address !== change.address && (names.some((name) => spoken.has(name)) || (below !== undefined && path.startsWith(below))));
}

/** What is made in place of something that goes, under another address: the same name, so the same thing. */
export function successorOf(change: ResourceChange, { plan }: Context, keys: readonly string[]): ResourceChange | undefined {
  const known = (value: unknown) => (typeof value === "string" && !value.startsWith("(") ? value : undefined);
  if (!keys.every((key) => known(change.before?.[key]))) return undefined;
  return plan.changes.find((other) => other.action === "create" && other.type === change.type && keys.every((key) => other.after?.[key] === change.before?.[key]));
}

/** Names that tell one thing from another of its type, wherever they stand in the tree. */
const OWN_NAMES: readonly string[] = ["bucket", "name", "identifier", "replication_group_id", "cluster_id", "alias"];

/**
 * What is made at another address in place of something that goes: by the same name, or as the only one of its type where one goes.
 * A sentence's end that says how to keep it; empty where nothing is.
 */
export function ifRenamed(change: ResourceChange, context: Context): string {
  const ofType = (action: ResourceChange["action"]) => context.plan.changes.filter((other) => other.action === action && other.type === change.type && !other.deposed);
  const [going, made] = [ofType("destroy"), ofType("create")];
  const next = OWN_NAMES.map((name) => successorOf(change, context, [name])).find((found) => found !== undefined) ?? (going.length === 1 && made.length === 1 ? made[0] : undefined);
  return next ? `; where it is only renamed to \`${next.construct}\`, a \`moved\` block (in cdktf \`moveFromId("${change.address}")\`) keeps it` : "";
}

/** Texts and lists of them, such as the machine in a schedule's input, that are not known because what they name is replaced by the same plan. */
function followsReplacement({ before, after }: Pick<AttributeChange, "before" | "after">, { plan }: Context): boolean {
  if (after !== UNKNOWN) return false;
  const spoken = [...textsIn(before)];
  return plan.changes.some(({ action, before: old }) => action === "replace" && typeof old?.id === "string" && !isHidden(old.id) && old.id.length > 8 && spoken.some((text) => text.includes(old.id as string)));
}

/** A change's attributes at a dotted path or below it. */
export const attributesAt = ({ attributes }: ResourceChange, path: string): readonly AttributeChange[] =>
  attributes.filter((attribute) => `${attribute.path.replace(/\[[^\]]*\]/g, "")}.`.startsWith(`${path}.`));

/**
 * Whether what stands at a path becomes another thing, and not only because what it names is replaced. Two references that differ are
 * both unknown, and still a change.
 */
export function changesAt(change: ResourceChange, path: string, before: Values | undefined, after: Values | undefined, context: Context): boolean {
  const named = attributesAt(change, path);
  return named.length === 0 ? !same(at(before, path), at(after, path)) : !named.every((attribute) => followsReplacement(attribute, context));
}

/** Whether two resources are made by the same part of a stack: `prod-trading/windows/…`. */
export function sharePart(a: string, b: string): boolean {
  const [left, right] = [a.split("/"), b.split("/")];
  return left.length > 2 && right.length > 2 && left[0] === right[0] && left[1] === right[1];
}
