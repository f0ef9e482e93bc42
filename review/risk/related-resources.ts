/** What goes together with what: an alarm with the queue that it watches, a bucket's policy with the bucket. */
import type { ResourceChange, StackPlan } from "../model";
import { pathOf, type Attribute, type ResourceType } from "../provider-names";
import type { Context } from "./rules";
import { isRecord } from "./reading";
import { heldBy } from "./stateful";
import { isHidden } from "../model";

/** Things that others are made for; when one goes, its companions go with it and nothing is lost by that. */
const MAIN: ReadonlySet<string> = new Set<ResourceType>([
  "aws_sns_topic",
  "aws_lb",
  "aws_instance",
  "aws_ecs_service",
  "aws_ecs_cluster",
  "aws_iam_role",
  "aws_vpc",
  "aws_security_group",
  "aws_network_acl",
  "aws_eks_node_group",
  "aws_lambda_function",
  "aws_iam_policy",
  "aws_lb_target_group",
  "aws_cloudwatch_event_rule",
]);
const isMain = (type: string) => MAIN.has(type) || heldBy(type) !== undefined;

const parentOf = (construct: string) => construct.split("/").slice(0, -1);
const keysOf = (...attributes: readonly Attribute[]): readonly string[] => attributes.map(pathOf);
/** Names by which other resources speak of one; here each of a type that has it. */
const NAMES = keysOf(
  "aws_iam_role.id",
  "aws_iam_role.name",
  "aws_iam_role.arn",
  "aws_s3_bucket.bucket",
  "aws_db_instance.identifier",
  "aws_sqs_queue.url",
  "aws_elasticache_replication_group.replication_group_id",
  "aws_elasticache_cluster.cluster_id",
  "aws_cloudwatch_metric_alarm.alarm_name",
);

/** Every text that a value holds, at any depth. */
export function textsIn(value: unknown, found: Set<string> = new Set()): Set<string> {
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
  const owners = plan.changes
    .filter(({ action, deposed, type }) => action === "destroy" && !deposed && isMain(type))
    .map(({ address, construct, before }): Owner => {
      const parent = parentOf(construct);
      return {
        address,
        names: NAMES.map((name) => before?.[name]).filter((name): name is string => typeof name === "string" && !isHidden(name)),
        ...(parent.length >= 2 && { below: `${parent.join("/")}/` }),
      };
    });
  destroyed.set(plan, owners);
  return owners;
}

/** Whether what a companion belongs to is destroyed by the same plan. */
export function goesWithItsOwner(change: ResourceChange, { plan }: Context): boolean {
  const spoken = textsIn(change.before);
  const path = `${change.construct}/`;
  return ownersOf(plan).some(
    ({ address, names, below }) =>
      address !== change.address && (names.some((name) => spoken.has(name)) || (below !== undefined && path.startsWith(below))),
  );
}

/** What is made in place of something that goes, under another address: the same name, so the same thing. @param attributes that make up the name */
export const successorOf = (change: ResourceChange, context: Context, attributes: readonly Attribute[]): ResourceChange | undefined =>
  namesake(change, context, attributes.map(pathOf));

function namesake(change: ResourceChange, { plan }: Context, keys: readonly string[]): ResourceChange | undefined {
  const known = (value: unknown) => (typeof value === "string" && !value.startsWith("(") ? value : undefined);
  if (!keys.every((key) => known(change.before?.[key]))) return undefined;
  return plan.changes.find(
    (other) => other.action === "create" && other.type === change.type && keys.every((key) => other.after?.[key] === change.before?.[key]),
  );
}

/** Names that tell one thing from another of its type, wherever they stand in the tree; here each of a type that has it. */
const OWN_NAMES = keysOf(
  "aws_s3_bucket.bucket",
  "aws_dynamodb_table.name",
  "aws_db_instance.identifier",
  "aws_elasticache_replication_group.replication_group_id",
  "aws_elasticache_cluster.cluster_id",
);

/**
 * What is made at another address in place of something that goes: by the same name, or as the only one of its type where one goes.
 * A sentence's end that says how to keep it; empty where nothing is.
 */
export function ifRenamed(change: ResourceChange, context: Context): string {
  const ofType = (action: ResourceChange["action"]) =>
    context.plan.changes.filter((other) => other.action === action && other.type === change.type && !other.deposed);
  const [going, made] = [ofType("destroy"), ofType("create")];
  const next =
    OWN_NAMES.map((name) => namesake(change, context, [name])).find((found) => found !== undefined) ??
    (going.length === 1 && made.length === 1 ? made[0] : undefined);
  return next
    ? `; where it is only renamed to \`${next.construct}\`, a \`moved\` block (in cdktf \`moveFromId("${change.address}")\`) keeps it`
    : "";
}

/** Whether two resources are made by the same part of a stack: `prod-trading/windows/…`. */
export function sharePart(a: string, b: string): boolean {
  const [left, right] = [a.split("/"), b.split("/")];
  return left.length > 2 && right.length > 2 && left[0] === right[0] && left[1] === right[1];
}

/** Whether what a new companion belongs to was there before: by its name, or as the part that both are of. @param names where the companion says whose it is */
export function ownerStood(
  { after, construct }: ResourceChange,
  { plan }: Context,
  owner: ResourceType,
  ...names: readonly Attribute[]
): boolean {
  const named = names
    .map((attribute) => after?.[pathOf(attribute)])
    .find((name): name is string => typeof name === "string" && !isHidden(name));
  const parent = parentOf(construct).join("/");
  return plan.before.some(
    ({ type, values, construct: other }) =>
      type === owner && (named === undefined ? parent.includes("/") && other.startsWith(`${parent}/`) : textsIn(values).has(named)),
  );
}
