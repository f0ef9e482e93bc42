/** Doors that open, addresses that go, and ways that lead elsewhere. */
import type { ResourceChange } from "../model";
import type { Attribute, ResourceType } from "../provider-names";
import { holds, isNetwork, isOutside, isPublicRange, WORLD } from "./cidr";
import { doorsOf, isWithin, portsOf, sourcesOf, type Direction, type Door } from "./doors";
import { ENTRY_LOOKS } from "./entry-points";
import { at, first, isOn, shown, textAt } from "./reading";
import type { Context, Look, Verdict } from "./rules";
import { isEqual } from "../json-values";

export const PLAIN_WEB: readonly number[] = [80, 443];
/** Ports by which machines, clusters and data are managed. */
const ADMIN: Readonly<Record<number, string>> = {
  20: "FTP",
  21: "FTP",
  22: "SSH",
  23: "Telnet",
  135: "RPC",
  139: "NetBIOS",
  445: "SMB",
  1433: "SQL Server",
  1521: "Oracle",
  2049: "NFS",
  2375: "Docker",
  2376: "Docker",
  3306: "MySQL",
  3389: "RDP",
  5432: "PostgreSQL",
  5900: "VNC",
  5985: "WinRM",
  5986: "WinRM",
  6379: "Redis",
  6443: "Kubernetes",
  9200: "OpenSearch",
  10250: "kubelet",
  11211: "Memcached",
  27017: "MongoDB",
};
/** What is managed by the ports of a door, each once. */
export const adminOf = ({ ports: [from, to] }: Pick<Door, "ports">): readonly string[] => [
  ...new Set(
    Object.entries(ADMIN)
      .filter(([port]) => Number(port) >= from && Number(port) <= to)
      .map(([, name]) => name),
  ),
];

const isAcl = (type: string) => type.includes("network_acl");
const parentOf = (construct: string) => construct.split("/").slice(0, -1).join("/");

/** Who comes through a door; by the construct that it is, where one alone can be meant. */
function fromOf({ from, argument }: Door, { address }: ResourceChange, { plan, names }: Context): string {
  if (WORLD.includes(from)) return `the whole Internet (${from})`;
  const referred = names?.referredBy(plan.stack, address, argument) ?? [];
  const construct = names?.ofId(from) ?? (referred.length === 1 && !isNetwork(from) ? referred[0] : undefined);
  if (construct !== undefined) return `\`${construct}\``;
  return from === "unknown" ? "something that is only known after it is applied" : from;
}

/** Whether the group or ACL that a rule belongs to is made by the same plan, so that nothing stood behind it before. */
function isNewGroup({ type, after, construct }: ResourceChange, { plan }: Context): boolean {
  const [owner, ownersId]: readonly [ResourceType, Attribute] = isAcl(type)
    ? ["aws_network_acl", "aws_network_acl_rule.network_acl_id"]
    : ["aws_security_group", "aws_vpc_security_group_ingress_rule.security_group_id"];
  if (textAt(after, ownersId)) return false;
  const parent = parentOf(construct);
  const isNear = (other: string) => other === parent || other.startsWith(`${parent}/`) || parent.startsWith(`${other}/`);
  return plan.changes.some(
    (other) => other.type === owner && (other.action === "create" || other.action === "replace") && isNear(other.construct),
  );
}

/** Doors that were open before. A rule is often made anew in place of being changed: what went away from its siblings counts too. */
function doorsBefore(change: ResourceChange, { plan }: Context, direction: Direction): Door[] {
  const parent = parentOf(change.construct);
  const siblings =
    change.action === "create"
      ? plan.changes.filter(
          ({ type, action, construct }) => type === change.type && action === "destroy" && construct.startsWith(`${parent}/`),
        )
      : [];
  return [change, ...siblings].flatMap(({ type, before }) => doorsOf(type, before, direction));
}

/** Doors that were not open before, and those that were; none for what opens nothing. */
function doorsOpened(
  change: ResourceChange,
  context: Context,
  direction: Direction,
): { readonly opened: readonly Door[]; readonly before: readonly Door[] } {
  if (change.action !== "create" && change.action !== "update" && change.action !== "replace") return { opened: [], before: [] };
  const before = doorsBefore(change, context, direction);
  return { before, opened: doorsOf(change.type, change.after, direction).filter((door) => !before.some((other) => isWithin(door, other))) };
}

export const ingress: Look = (change, context) => {
  const { opened, before } = doorsOpened(change, context, "ingress");
  return opened.map((door) => openedFor(door, before, change, context));
};

/** What it means that a door opens, the worst first. */
function openedFor(door: Door, before: readonly Door[], change: ResourceChange, context: Context): Verdict {
  const admin = adminOf(door);
  const can = `${fromOf(door, change, context)} may connect to ${portsOf(door)}${admin.length > 0 && admin.length < 4 ? `, which is ${admin.join(", ")}` : ""}`;
  const isNewRule = change.action === "create";
  if (isPublicRange(door.from))
    return {
      rule: "network/ingress-opened",
      message: `From now on ${can}`,
      ...(isMeantForAll(door, change, context) && { severity: "notice" }),
    };
  // A network where a part of it stood, or ports that were closed: more than before. Something new beside it: told of.
  const isWider = before.some((other) => holds(door.from, other.from) && (other.from !== door.from || !isNewRule));
  if (isWider) return { rule: "network/ingress-opened", message: `More than before may connect: ${can}` };
  // Administration from anywhere on the Internet; an ACL only repeats what the groups allow.
  if (admin.length > 0 && isOutside(door.from) && !isAcl(change.type))
    return { rule: "network/ingress-opened", message: `From now on ${can}, over the Internet` };
  if (isNewRule || keepsItsSource(change)) return { rule: "network/ingress-added", message: `From now on ${can}` };
  return {
    rule: "network/ingress-opened",
    message: `Something else may connect: ${can}`,
    ...(door.from === "unknown" && { severity: "notice" }),
  };
}

/** Whether a new door may be open to the whole Internet: a website's, or one of an ACL that only repeats what the groups behind it allow. */
function isMeantForAll({ ports: [from, to] }: Door, change: ResourceChange, context: Context): boolean {
  if (change.action !== "create") return false;
  const isWeb = from === to && PLAIN_WEB.includes(from);
  if (!isAcl(change.type)) return isWeb && isNewGroup(change, context);
  // Answers to connections from inside come to the high ports; the security groups behind the ACL know which are answers. A new ACL opens
  // nothing that was closed: before it, the VPC's default one let everything through.
  return isWeb || from >= 1024 || isNewGroup(change, context);
}

const keepsItsSource = ({ type, before, after }: ResourceChange) =>
  sourcesOf(type).every((source) => isEqual(at(before, source), at(after, source)));

export const egress: Look = (change, context) =>
  doorsOpened(change, context, "egress")
    .opened.filter(({ from }) => isPublicRange(from))
    .map((door): Verdict => ({
      rule: "network/egress-opened",
      message: `It may connect to ${fromOf(door, change, context)} on ${portsOf(door)}`,
    }));

/** A deny rule that goes, or that allows from now on. */
export const aclDenials: Look = ({ type, action, before, after }) => {
  const denies = (values: ResourceChange["before"]) => first(values, "aws_network_acl_rule.rule_action") === "deny";
  if (type !== "aws_network_acl_rule" || !denies(before) || isOn(first(before, "aws_network_acl_rule.egress"))) return [];
  const from = first(before, "aws_network_acl_rule.cidr_block") ?? first(before, "aws_network_acl_rule.ipv6_cidr_block");
  return action === "destroy" || (after && !denies(after))
    ? [{ rule: "network/ingress-opened", message: `What came from ${shown(from)} was refused, and is not any more` }]
    : [];
};

const LOAD_BALANCERS: ReadonlySet<string> = new Set<ResourceType>(["aws_lb", "aws_alb", "aws_elb"]);

/** What others reach it by, and what keeps its traffic off the Internet. */
export const ways: Look = ({ type, action }) => {
  if (action !== "destroy" && action !== "replace") return [];
  if (type === "aws_eip")
    return [
      {
        rule: "network/address-lost",
        message: "Its public address goes; whoever has listed it, such as a broker, will not know the next one",
      },
    ];
  if (LOAD_BALANCERS.has(type))
    return [{ rule: "network/address-lost", message: "The load balancer goes, with the name that its clients know" }];
  return type === "aws_vpc_endpoint"
    ? [{ rule: "network/placement-changed", message: "Calls of the AWS service leave the network by another way, or not at all" }]
    : [];
};

export const NETWORK_LOOKS: readonly Look[] = [ingress, egress, aclDenials, ...ENTRY_LOOKS, ways];
