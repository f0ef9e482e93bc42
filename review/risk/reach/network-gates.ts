/** What lets a connection through on its way: security groups, network ACLs in the order of their rules, and routes. */
import type { Attribute } from "../../provider-names";
import { holds, WORLD } from "../cidr";
import { doorsOf, type Direction, type Door } from "../doors";
import { at, blocks, first, isOn, numberAt, textAt } from "../reading";
import type { Place } from "./places";
import { nameOf, type Node, type World } from "./world";

/** Something on the way that is open or shut. */
export interface NetworkGate {
  /** The same on both sides. */
  readonly id: string;
  readonly isShut: boolean;
  /** What decides it: the rule or route; where nothing lets through, none. */
  readonly decider?: Node;
  /** Whose rules they are. */
  readonly holder: Node;
  /** Says why nothing comes through where it is shut. */
  readonly why: string;
}

/** The other end of a connection. */
export interface Peer {
  readonly name: string;
  readonly groups: readonly Node[];
  readonly networks: readonly string[];
}

/** A port of the many from which answers are taken. */
const ANSWERS = 50_000;
const INTERNET: Peer = { name: "the Internet", groups: [], networks: [WORLD[0]!] };

export const peerOf = (world: World, { name, groups, subnets }: Place): Peer => ({
  name,
  groups,
  networks: subnets.flatMap((subnet) => networkOf(world, subnet) ?? []),
});

/** A network written out, or that of the subnet or VPC which a reference names. */
function networkIn(world: World, stack: string, text: string): string | undefined {
  const key = /^\$\{([^}]*)\}$/.exec(world.text(stack, text))?.[1];
  const node = key === undefined ? undefined : world.find(key);
  return key === undefined ? text : node && networkOf(world, node);
}
const networkOf = (world: World, node: Node): string | undefined => {
  const own = textAt(node.said, "aws_subnet.cidr_block") ?? textAt(node.values, "aws_subnet.cidr_block");
  return own === undefined ? undefined : networkIn(world, node.stack, own);
};

const RULES: Readonly<Record<Direction, readonly Attribute[]>> = {
  ingress: ["aws_vpc_security_group_ingress_rule.security_group_id", "aws_security_group_rule.security_group_id"],
  egress: ["aws_vpc_security_group_egress_rule.security_group_id", "aws_security_group_rule.security_group_id"],
};

/** Whether any group of one end lets the other through. */
export function groupGate(
  world: World,
  groups: readonly Node[],
  direction: Direction,
  peer: Peer,
  port: number,
  id: string,
): NetworkGate[] {
  if (groups.length === 0) return [];
  const rules = groups.flatMap((group) =>
    [group, ...RULES[direction].flatMap((attribute) => world.naming(group, attribute))].map((rule) => ({ group, rule })),
  );
  const decider = rules.find(({ group, rule }) =>
    doorsOf(rule.type, rule.said, direction).some((door) => admits(world, rule, group, door, peer, port)),
  )?.rule;
  const holder = groups[0]!;
  return [
    {
      id: `${direction} ${id}`,
      isShut: decider === undefined,
      decider,
      holder,
      why: `no rule of ${nameOf(holder)} lets it ${direction === "egress" ? "out" : "in"} on port ${port}`,
    },
  ];
}

function admits(
  world: World,
  rule: Node,
  group: Node,
  { from, protocol, ports: [lowest, highest] }: Door,
  peer: Peer,
  port: number,
): boolean {
  if (!["all", "tcp", "6"].includes(protocol) || port < lowest || port > highest) return false;
  if (from === "unknown") return true;
  if (from === "itself") return peer.groups.some(({ key }) => key === group.key);
  const key = /^\$\{([^}]*)\}$/.exec(world.text(rule.stack, from))?.[1] ?? world.keyOf("aws_security_group", from);
  if (key !== undefined && world.find(key)?.type === "aws_security_group") return peer.groups.some((other) => other.key === key);
  const network = networkIn(world, rule.stack, from);
  return network !== undefined && peer.networks.every((other) => holds(network, other));
}

interface AclRule {
  readonly node: Node;
  readonly number: number;
  readonly direction: Direction;
  readonly allows: boolean;
  readonly network: string;
  readonly protocol: string;
  readonly ports: readonly [number, number];
}

function aclOf(world: World, subnet: Node): { readonly acl: Node; readonly rules: readonly AclRule[] } | undefined {
  const acl = world.naming(subnet, "aws_network_acl.subnet_ids")[0];
  if (!acl) return undefined;
  const own = world.naming(acl, "aws_network_acl_rule.network_acl_id").map((node) =>
    ruleOf(world, node, isOn(first(node.said, "aws_network_acl_rule.egress")) ? "egress" : "ingress", {
      number: numberAt(node.said, "aws_network_acl_rule.rule_number"),
      action: first(node.said, "aws_network_acl_rule.rule_action"),
      network: textAt(node.said, "aws_network_acl_rule.cidr_block"),
      protocol: first(node.said, "aws_network_acl_rule.protocol"),
      ports: [numberAt(node.said, "aws_network_acl_rule.from_port"), numberAt(node.said, "aws_network_acl_rule.to_port")],
    }),
  );
  const inline = [
    ...blocks(acl.said, "aws_network_acl.ingress").map((block) =>
      ruleOf(world, acl, "ingress", {
        number: numberAt(block, "aws_network_acl.ingress.rule_no"),
        action: first(block, "aws_network_acl.ingress.action"),
        network: textAt(block, "aws_network_acl.ingress.cidr_block"),
        protocol: first(block, "aws_network_acl.ingress.protocol"),
        ports: [numberAt(block, "aws_network_acl.ingress.from_port"), numberAt(block, "aws_network_acl.ingress.to_port")],
      }),
    ),
    ...blocks(acl.said, "aws_network_acl.egress").map((block) =>
      ruleOf(world, acl, "egress", {
        number: numberAt(block, "aws_network_acl.egress.rule_no"),
        action: first(block, "aws_network_acl.egress.action"),
        network: textAt(block, "aws_network_acl.egress.cidr_block"),
        protocol: first(block, "aws_network_acl.egress.protocol"),
        ports: [numberAt(block, "aws_network_acl.egress.from_port"), numberAt(block, "aws_network_acl.egress.to_port")],
      }),
    ),
  ];
  return { acl, rules: [...own, ...inline].sort((a, b) => a.number - b.number) };
}

interface RawRule {
  readonly number: number | undefined;
  readonly action: unknown;
  readonly network: string | undefined;
  readonly protocol: unknown;
  readonly ports: readonly [number | undefined, number | undefined];
}

function ruleOf(
  world: World,
  node: Node,
  direction: Direction,
  { number = 0, action, network, protocol, ports: [from, to] }: RawRule,
): AclRule {
  const spoken = String(protocol ?? "-1").toLowerCase();
  const all = spoken === "-1" || spoken === "all";
  return {
    node,
    number,
    direction,
    allows: action === "allow",
    // A rule for IPv6 has no network of this family.
    network: network === undefined ? "none" : (networkIn(world, node.stack, network) ?? WORLD[0]!),
    protocol: all ? "all" : spoken,
    ports: all || from === undefined || to === undefined ? [0, 65_535] : [from, to],
  };
}

/** The first rule that speaks of all of it decides; without one nothing comes through. Inside a subnet no ACL is asked. */
export function aclGates(world: World, subnet: Node, direction: Direction, peer: Peer, port: number, id: string): NetworkGate[] {
  const found = aclOf(world, subnet);
  const own = networkOf(world, subnet);
  return (found ? peer.networks.filter((network) => network !== own) : []).map((network) => {
    const { acl, rules } = found!;
    const rule = rules.find(
      (one) =>
        one.direction === direction &&
        ["all", "tcp", "6"].includes(one.protocol) &&
        port >= one.ports[0] &&
        port <= one.ports[1] &&
        holds(one.network, network),
    );
    return {
      id: `acl ${direction} ${subnet.key} ${network} ${port} ${id}`,
      isShut: rule?.allows !== true,
      decider: rule?.node,
      holder: acl,
      why: `the network ACL of ${nameOf(subnet)} ${rule ? `denies it by its rule ${rule.number}` : "has no rule that allows it"} (${direction === "egress" ? "out" : "in"}, port ${port === ANSWERS ? "of answers" : port})`,
    };
  });
}

/** Out of a subnet and back, by its ACL. */
export const roundTrip = (world: World, subnet: Node, peer: Peer, port: number, id: string): NetworkGate[] => [
  ...aclGates(world, subnet, "egress", peer, port, id),
  ...aclGates(world, subnet, "ingress", peer, ANSWERS, id),
];
/** Into a subnet and back out, by its ACL. */
export const answered = (world: World, subnet: Node, peer: Peer, port: number, id: string): NetworkGate[] => [
  ...aclGates(world, subnet, "ingress", peer, port, id),
  ...aclGates(world, subnet, "egress", peer, ANSWERS, id),
];

/** From a subnet to the Internet: its route, and the NAT gateway that it leads to. */
export function internetGates(world: World, subnet: Node): NetworkGate[] {
  const route = routeOf(world, subnet);
  const [nat] = route ? world.named(route, "aws_route.nat_gateway_id", "aws_nat_gateway") : [];
  const [outside] = nat ? world.named(nat, "aws_nat_gateway.subnet_id", "aws_subnet") : [];
  const network = networkOf(world, subnet);
  const own: Peer = { name: nameOf(subnet), groups: [], networks: network === undefined ? [] : [network] };
  return [
    {
      id: `route ${subnet.key}`,
      isShut: route === undefined,
      decider: route,
      holder: subnet,
      why: `no route leads from ${nameOf(subnet)} to the Internet`,
    },
    ...roundTrip(world, subnet, INTERNET, 443, "internet"),
    ...(outside && outside.key !== subnet.key ? [...answered(world, outside, own, 443, "nat"), ...internetGates(world, outside)] : []),
  ];
}

/** The default route of a subnet's table, where what it leads to is there. */
function routeOf(world: World, subnet: Node): Node | undefined {
  const [association] = world.naming(subnet, "aws_route_table_association.subnet_id");
  const [table] = association ? world.named(association, "aws_route_table_association.route_table_id", "aws_route_table") : [];
  if (!table) return undefined;
  const inline = at(table.said, "aws_route_table.route.cidr_block").includes(WORLD[0]);
  const route = world
    .naming(table, "aws_route.route_table_id")
    .find(({ said }) => textAt(said, "aws_route.destination_cidr_block") === WORLD[0]);
  return route ?? (inline ? table : undefined);
}

export { INTERNET };
