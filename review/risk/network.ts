/** Doors that open: rules of security groups and network ACLs, listeners, firewalls. */
import type { ResourceChange, Values } from "../model";
import { holds, isNetwork, isOutside, isPublicRange } from "./cidr";
import type { Context, Look, Verdict } from "./rules";
import { at, blocks, first, isOn, isUnknown, numberAt, same, shown, textAt, textsAt } from "./values";

/** One thing that may connect: a network or a group, to ports of a protocol. */
interface Door {
  /** Network, group, prefix list; `unknown` before it is applied. */
  readonly from: string;
  readonly protocol: string;
  /** First and last port; 0 to 65535 for all. */
  readonly ports: readonly [number, number];
  /** Argument of the resource in which it stands. */
  readonly argument: string;
}

const PLAIN_WEB: readonly number[] = [80, 443];
/** Ports by which machines, clusters and data are managed. */
const ADMIN: Readonly<Record<number, string>> = {
  20: "FTP", 21: "FTP", 22: "SSH", 23: "Telnet", 135: "RPC", 139: "NetBIOS", 445: "SMB", 1433: "SQL Server", 1521: "Oracle", 2049: "NFS", 2375: "Docker", 2376: "Docker", 3306: "MySQL", 3389: "RDP", 5432: "PostgreSQL", 5900: "VNC",
  5985: "WinRM", 5986: "WinRM", 6379: "Redis", 6443: "Kubernetes", 9200: "OpenSearch", 10250: "kubelet", 11211: "Memcached", 27017: "MongoDB",
};

interface Source { readonly from: string; readonly argument: string }

function doorsOf(values: Values, sources: readonly Source[]): Door[] {
  const protocol = String(first(values, "ip_protocol") ?? first(values, "protocol") ?? "-1").toLowerCase();
  const all = protocol === "-1" || protocol === "all";
  const [from, to] = [numberAt(values, "from_port"), numberAt(values, "to_port")];
  const ports: Door["ports"] = all || from === undefined || to === undefined || from < 0 ? [0, 65_535] : [from, to];
  return sources.map((source) => ({ ...source, protocol: all ? "all" : protocol, ports }));
}

const SOURCES = ["cidr_ipv4", "cidr_ipv6", "cidr_blocks", "ipv6_cidr_blocks", "cidr_block", "ipv6_cidr_block", "referenced_security_group_id", "source_security_group_id", "security_groups", "prefix_list_id", "prefix_list_ids"];
/** @param block argument that the values stand in, where they are not the resource's own */
const sourcesOf = (values: Values, block?: string): Source[] => {
  const found = SOURCES.flatMap((path) => at(values, path).map((value): Source => ({ from: isUnknown(value) ? "unknown" : String(value), argument: block ?? path })));
  return [...found.filter(({ from }, index) => found.findIndex((other) => other.from === from) === index), ...(isOn(values.self) ? [{ from: "itself", argument: block ?? "self" }] : [])];
};

/** The doors of a resource in one direction, for every type that has some. */
function doors({ type }: Pick<ResourceChange, "type">, values: Values | undefined, direction: "ingress" | "egress"): Door[] {
  if (!values) return [];
  switch (type) {
    case `aws_vpc_security_group_${direction}_rule`: return doorsOf(values, sourcesOf(values));
    case "aws_security_group_rule": return values.type === direction ? doorsOf(values, sourcesOf(values)) : [];
    case "aws_security_group": case "aws_default_security_group": case "aws_network_acl": case "aws_default_network_acl": return blocks(values, direction).filter(({ action }) => action === undefined || action === "allow").flatMap((rule) => doorsOf(rule, sourcesOf(rule, direction)));
    case "aws_network_acl_rule": return isOn(values.egress) === (direction === "egress") && values.rule_action === "allow" ? doorsOf(values, sourcesOf(values)) : [];
    case "google_compute_firewall": return (textAt(values, "direction") ?? "INGRESS").toLowerCase() === direction ? blocks(values, "allow").flatMap((rule) => [...at(rule, "ports"), ...(at(rule, "ports").length === 0 ? ["0-65535"] : [])].flatMap((range) => {
      const [from = "0", to = from] = String(range).split("-");
      return doorsOf({ protocol: rule.protocol, from_port: Number(from), to_port: Number(to) }, textsAt(values, direction === "ingress" ? "source_ranges" : "destination_ranges").map((range): Source => ({ from: range, argument: "allow" })));
    })) : [];
    default: return [];
  }
}

const isAcl = (type: string) => type.includes("network_acl");
const within = (inner: Door, outer: Door) =>
  (outer.protocol === "all" || outer.protocol === inner.protocol) && outer.ports[0] <= inner.ports[0] && outer.ports[1] >= inner.ports[1] && (outer.from === inner.from || holds(outer.from, inner.from));
const portsOf = ({ ports: [from, to], protocol }: Door) => (from === 0 && to === 65_535 ? "every port" : `${from === to ? `port ${from}` : `ports ${from} to ${to}`}${protocol === "tcp" ? "" : ` (${protocol})`}`);
/** By the construct that it is, where one alone can be meant. */
function fromOf({ from, argument }: Door, { address }: Pick<ResourceChange, "address">, { plan, names }: Context): string {
  if (["0.0.0.0/0", "::/0"].includes(from)) return `the whole Internet (${from})`;
  const referred = names?.referredBy(plan.stack, address, argument) ?? [];
  const construct = names?.ofId(from) ?? (referred.length === 1 && !isNetwork(from) ? referred[0] : undefined);
  return construct !== undefined ? `\`${construct}\`` : from === "unknown" ? "something that is only known after it is applied" : from;
}
const adminOf = ({ ports: [from, to] }: Door) => [...new Set(Object.entries(ADMIN).filter(([port]) => Number(port) >= from && Number(port) <= to).map(([, name]) => name))];

/** Whether the group that a rule belongs to is made by the same plan, so that nothing stood behind it before. */
function isNewGroup(change: ResourceChange, { plan }: Context, owner = isAcl(change.type) ? "aws_network_acl" : "aws_security_group"): boolean {
  if (textAt(change.after, isAcl(change.type) ? "network_acl_id" : "security_group_id")) return false;
  const parent = change.construct.split("/").slice(0, -1).join("/");
  return plan.changes.some(({ type, action, construct }) => type === owner && (action === "create" || action === "replace") && (construct === parent || construct.startsWith(`${parent}/`) || parent.startsWith(`${construct}/`)));
}

/** A rule is often made anew in place of being changed: what went away from its siblings is what it is compared with. */
const siblingsBefore = (change: ResourceChange, { plan }: Context, direction: "ingress" | "egress"): Door[] => {
  const parent = change.construct.split("/").slice(0, -1).join("/");
  return change.action === "create" ? plan.changes.filter((other) => other.type === change.type && other.action === "destroy" && other.construct.startsWith(`${parent}/`)).flatMap((other) => doors(other, other.before, direction)) : [];
};

export const ingress: Look = (change, context) => {
  if (change.action === "destroy" || change.action === "forget" || change.action === "move" || change.action === "import") return [];
  const before = [...doors(change, change.before, "ingress"), ...siblingsBefore(change, context, "ingress")];
  const opened = doors(change, change.after, "ingress").filter((door) => !before.some((other) => within(door, other)));
  // Answers to connections from inside come to these ports; the security groups behind the ACL know which are answers. A new ACL opens
  // nothing that was closed: before it, the VPC's default one let everything through.
  const answers = (door: Door) => isAcl(change.type) && change.action === "create" && (door.ports[0] >= 1024 || isNewGroup(change, context));
  return opened.map((door): Verdict => {
    const admin = adminOf(door);
    const can = `${fromOf(door, change, context)} may connect to ${portsOf(door)}${admin.length > 0 && admin.length < 4 ? `, which is ${admin.join(", ")}` : ""}`;
    if (isPublicRange(door.from)) {
      const web = door.ports[0] === door.ports[1] && PLAIN_WEB.includes(door.ports[0]);
      const mild = answers(door) || (web && change.action === "create" && (isNewGroup(change, context) || isAcl(change.type)));
      return { rule: "network/ingress-opened", message: `From now on ${can}`, ...(mild && { severity: "notice" }) };
    }
    // A network where another one stood, or ports that were closed: more than before. Something new beside it: told of.
    const wider = before.some((other) => holds(door.from, other.from) && other.from !== door.from) || (change.action !== "create" && before.some((other) => other.from === door.from));
    if (wider) return { rule: "network/ingress-opened", message: `More than before may connect: ${can}` };
    // Administration from anywhere on the Internet; an ACL only repeats what the groups allow.
    if (admin.length > 0 && isOutside(door.from) && !isAcl(change.type)) return { rule: "network/ingress-opened", message: `From now on ${can}, over the Internet` };
    return change.action !== "create" && !sameSource(change) ? { rule: "network/ingress-opened", message: `Something else may connect: ${can}`, ...(door.from === "unknown" && { severity: "notice" }) } : { rule: "network/ingress-added", message: `From now on ${can}` };
  });
};

const sameSource = ({ before, after }: ResourceChange) => SOURCES.every((path) => same(at(before, path), at(after, path)));

export const egress: Look = (change, context) => {
  if (change.action === "destroy" || change.action === "forget" || change.action === "move" || change.action === "import") return [];
  const before = [...doors(change, change.before, "egress"), ...siblingsBefore(change, context, "egress")];
  return doors(change, change.after, "egress").filter((door) => isPublicRange(door.from) && !before.some((other) => within(door, other))).map((door): Verdict => ({ rule: "network/egress-opened", message: `It may connect to ${fromOf(door, change, context)} on ${portsOf(door)}` }));
};

/** An allow rule that comes before others, and a deny rule that goes. */
export const aclDenials: Look = ({ type, action, before, after }) => {
  if (type !== "aws_network_acl_rule" || before?.rule_action !== "deny" || isOn(before.egress)) return [];
  return action === "destroy" || (after && after.rule_action !== "deny") ? [{ rule: "network/ingress-opened", message: `What came from ${shown(before.cidr_block ?? before.ipv6_cidr_block)} was refused, and is not any more` }] : [];
};

/** A cluster's API for more addresses. */
export const clusterApi: Look = ({ type, action, before, after }) => {
  if (type !== "aws_eks_cluster" || !after || !isOn(first(after, "vpc_config.endpoint_public_access"))) return [];
  const cidrs = (values: Values | undefined) => { const own = textsAt(values, "vpc_config.public_access_cidrs"); return own.length > 0 ? own : ["0.0.0.0/0"]; };
  const was = isOn(first(before, "vpc_config.endpoint_public_access")) ? cidrs(before) : [];
  const added = cidrs(after).filter((cidr) => !was.some((other) => holds(other, cidr)));
  if (added.length === 0 || (action === "create" && !added.some(isPublicRange))) return [];
  return [{ rule: "network/ingress-opened", message: `The cluster's API can be reached from ${added.join(", ")}` }];
};

/** Policies of load balancers that speak no TLS below 1.2. */
const MODERN_TLS = /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)/;

export const listeners: Look = ({ type, action, before, after }) => {
  if (!/^aws_(lb|alb)_listener$/.test(type) || !after) return [];
  const encrypted = (values: Values | undefined) => ["HTTPS", "TLS"].includes(textAt(values, "protocol") ?? "");
  const verdicts: Verdict[] = [];
  const [was, will] = [textAt(before, "ssl_policy"), textAt(after, "ssl_policy")];
  if (encrypted(before) && !encrypted(after) && !isUnknown(first(after, "protocol"))) verdicts.push({ rule: "network/tls-weakened", message: `The listener changes from ${shown(before?.protocol)} to ${shown(after.protocol)}, in clear` });
  if (encrypted(after) && !isUnknown(first(after, "ssl_policy")) && was !== will && !MODERN_TLS.test(will ?? "") && (MODERN_TLS.test(was ?? "") || action === "create")) verdicts.push({ rule: "network/tls-weakened", message: `Connections by TLS 1.0 and 1.1 are accepted (\`ssl_policy\` ${will === undefined ? "is not set, and AWS's default speaks them" : `is ${will}`})` });
  if (encrypted(after) && MODERN_TLS.test(was ?? "") && isUnknown(first(after, "ssl_policy"))) verdicts.push({ rule: "network/tls-weakened", severity: "notice", message: `\`ssl_policy\` was ${shown(was)}, and is only known after it is applied` });
  const redirects = (values: Values | undefined) => at(values, "default_action.redirect.protocol").includes("HTTPS");
  if (before && redirects(before) && !redirects(after)) verdicts.push({ rule: "network/tls-weakened", message: "Requests in clear are answered in place of being sent to HTTPS" });
  return verdicts;
};

const named = (rules: readonly Values[]) => new Map(rules.map((rule) => [String(rule.name), rule]));
const holdsBack = (rule: Values) => at(rule, "action.block").length > 0 || (at(rule, "override_action").length > 0 && at(rule, "override_action.count").length === 0);

export const firewalls: Look = ({ type, action, before, after }) => {
  if (type !== "aws_wafv2_web_acl" || !before || !after || (action !== "update" && action !== "replace")) return [];
  const next = named(blocks(after, "rule"));
  const verdicts = [...named(blocks(before, "rule"))].flatMap(([name, rule]): Verdict[] => {
    const other = next.get(name);
    if (!other) return [{ rule: "network/firewall-weakened", message: `The firewall's rule ${name} goes` }];
    if (holdsBack(rule) && !holdsBack(other)) return [{ rule: "network/firewall-weakened", message: `The firewall's rule ${name} counts in place of refusing` }];
    const [was, will] = [rule, other].map((side) => numberAt(side, "statement.rate_based_statement.limit"));
    return was !== undefined && will !== undefined && will > was ? [{ rule: "network/firewall-weakened", message: `The firewall's rule ${name} lets ${will} requests through in place of ${was}` }] : [];
  });
  const allows = (values: Values) => at(values, "default_action.allow").length > 0;
  return [...verdicts, ...(!allows(before) && allows(after) ? [{ rule: "network/firewall-weakened", message: "The firewall lets through what no rule speaks of" } as const] : [])];
};

export const addresses: Look = ({ type, action }) =>
  (["aws_eip", "google_compute_address", "azurerm_public_ip"].includes(type) && (action === "destroy" || action === "replace") ? [{ rule: "network/address-lost", message: "Its public address goes; whoever has listed it, such as a broker, will not know the next one" }] : []);

/** What others reach it by, and what keeps its traffic off the Internet. */
export const ways: Look = ({ type, action }) => {
  if (action !== "destroy" && action !== "replace") return [];
  if (/^aws_(lb|alb|elb)$/.test(type)) return [{ rule: "network/address-lost", message: "The load balancer goes, with the name that its clients know" }];
  return type === "aws_vpc_endpoint" ? [{ rule: "network/placement-changed", message: "Calls of the AWS service leave the network by another way, or not at all" }] : [];
};

export const NETWORK_LOOKS: readonly Look[] = [ingress, egress, aclDenials, clusterApi, listeners, firewalls, addresses, ways];
