/** What may connect to or from something: rules of security groups and network ACLs, in whichever of their forms, as doors of one shape. */
import type { Values } from "../model";
import { pathOf, typeOf, type Attribute } from "../provider-names";
import { holds } from "./cidr";
import { at, blocks, first, isOn, isUnknown, numberAt } from "./reading";

export type Direction = "ingress" | "egress";

/** One thing that may connect: a network or a group, to ports of a protocol. */
export interface Door {
  /** Network, group, prefix list; `unknown` before it is applied, `itself` for members of the same group. */
  readonly from: string;
  /** `tcp`, `udp`, a number; `all` for every one. */
  readonly protocol: string;
  /** First and last port; 0 to 65535 for all. */
  readonly ports: readonly [number, number];
  /** Argument of the resource in which it stands. */
  readonly argument: string;
}

/** Where a form of rule says what. */
interface Form {
  /** Both where each rule says it itself. */
  readonly directions: readonly Direction[];
  /** The block that is a rule, where the resource holds several. */
  readonly block?: Attribute;
  readonly protocol: Attribute;
  readonly ports: readonly [from: Attribute, to: Attribute];
  readonly sources: readonly Attribute[];
  readonly itself?: Attribute;
  /** Whether it is a rule of this direction that lets something through. @default all are */
  readonly opens?: (rule: Values, direction: Direction) => boolean;
}

const FORMS: readonly Form[] = [
  {
    directions: ["ingress"],
    protocol: "aws_vpc_security_group_ingress_rule.ip_protocol",
    ports: ["aws_vpc_security_group_ingress_rule.from_port", "aws_vpc_security_group_ingress_rule.to_port"],
    sources: [
      "aws_vpc_security_group_ingress_rule.cidr_ipv4",
      "aws_vpc_security_group_ingress_rule.cidr_ipv6",
      "aws_vpc_security_group_ingress_rule.referenced_security_group_id",
      "aws_vpc_security_group_ingress_rule.prefix_list_id",
    ],
  },
  {
    directions: ["egress"],
    protocol: "aws_vpc_security_group_egress_rule.ip_protocol",
    ports: ["aws_vpc_security_group_egress_rule.from_port", "aws_vpc_security_group_egress_rule.to_port"],
    sources: [
      "aws_vpc_security_group_egress_rule.cidr_ipv4",
      "aws_vpc_security_group_egress_rule.cidr_ipv6",
      "aws_vpc_security_group_egress_rule.referenced_security_group_id",
      "aws_vpc_security_group_egress_rule.prefix_list_id",
    ],
  },
  {
    directions: ["ingress", "egress"],
    opens: (rule, direction) => first(rule, "aws_security_group_rule.type") === direction,
    protocol: "aws_security_group_rule.protocol",
    ports: ["aws_security_group_rule.from_port", "aws_security_group_rule.to_port"],
    itself: "aws_security_group_rule.self",
    sources: [
      "aws_security_group_rule.cidr_blocks",
      "aws_security_group_rule.ipv6_cidr_blocks",
      "aws_security_group_rule.source_security_group_id",
      "aws_security_group_rule.prefix_list_ids",
    ],
  },
  {
    directions: ["ingress"],
    block: "aws_security_group.ingress",
    protocol: "aws_security_group.ingress.protocol",
    ports: ["aws_security_group.ingress.from_port", "aws_security_group.ingress.to_port"],
    itself: "aws_security_group.ingress.self",
    sources: [
      "aws_security_group.ingress.cidr_blocks",
      "aws_security_group.ingress.ipv6_cidr_blocks",
      "aws_security_group.ingress.security_groups",
      "aws_security_group.ingress.prefix_list_ids",
    ],
  },
  {
    directions: ["egress"],
    block: "aws_security_group.egress",
    protocol: "aws_security_group.egress.protocol",
    ports: ["aws_security_group.egress.from_port", "aws_security_group.egress.to_port"],
    itself: "aws_security_group.egress.self",
    sources: [
      "aws_security_group.egress.cidr_blocks",
      "aws_security_group.egress.ipv6_cidr_blocks",
      "aws_security_group.egress.security_groups",
      "aws_security_group.egress.prefix_list_ids",
    ],
  },
  {
    directions: ["ingress"],
    block: "aws_default_security_group.ingress",
    protocol: "aws_default_security_group.ingress.protocol",
    itself: "aws_default_security_group.ingress.self",
    ports: ["aws_default_security_group.ingress.from_port", "aws_default_security_group.ingress.to_port"],
    sources: [
      "aws_default_security_group.ingress.cidr_blocks",
      "aws_default_security_group.ingress.ipv6_cidr_blocks",
      "aws_default_security_group.ingress.security_groups",
      "aws_default_security_group.ingress.prefix_list_ids",
    ],
  },
  {
    directions: ["egress"],
    block: "aws_default_security_group.egress",
    protocol: "aws_default_security_group.egress.protocol",
    itself: "aws_default_security_group.egress.self",
    ports: ["aws_default_security_group.egress.from_port", "aws_default_security_group.egress.to_port"],
    sources: [
      "aws_default_security_group.egress.cidr_blocks",
      "aws_default_security_group.egress.ipv6_cidr_blocks",
      "aws_default_security_group.egress.security_groups",
      "aws_default_security_group.egress.prefix_list_ids",
    ],
  },
  {
    directions: ["ingress", "egress"],
    opens: (rule, direction) =>
      isOn(first(rule, "aws_network_acl_rule.egress")) === (direction === "egress") &&
      first(rule, "aws_network_acl_rule.rule_action") === "allow",
    protocol: "aws_network_acl_rule.protocol",
    ports: ["aws_network_acl_rule.from_port", "aws_network_acl_rule.to_port"],
    sources: ["aws_network_acl_rule.cidr_block", "aws_network_acl_rule.ipv6_cidr_block"],
  },
  {
    directions: ["ingress"],
    block: "aws_network_acl.ingress",
    opens: (rule) => allows(first(rule, "aws_network_acl.ingress.action")),
    protocol: "aws_network_acl.ingress.protocol",
    ports: ["aws_network_acl.ingress.from_port", "aws_network_acl.ingress.to_port"],
    sources: ["aws_network_acl.ingress.cidr_block", "aws_network_acl.ingress.ipv6_cidr_block"],
  },
  {
    directions: ["egress"],
    block: "aws_network_acl.egress",
    opens: (rule) => allows(first(rule, "aws_network_acl.egress.action")),
    protocol: "aws_network_acl.egress.protocol",
    ports: ["aws_network_acl.egress.from_port", "aws_network_acl.egress.to_port"],
    sources: ["aws_network_acl.egress.cidr_block", "aws_network_acl.egress.ipv6_cidr_block"],
  },
  {
    directions: ["ingress"],
    block: "aws_default_network_acl.ingress",
    opens: (rule) => allows(first(rule, "aws_default_network_acl.ingress.action")),
    protocol: "aws_default_network_acl.ingress.protocol",
    ports: ["aws_default_network_acl.ingress.from_port", "aws_default_network_acl.ingress.to_port"],
    sources: ["aws_default_network_acl.ingress.cidr_block", "aws_default_network_acl.ingress.ipv6_cidr_block"],
  },
  {
    directions: ["egress"],
    block: "aws_default_network_acl.egress",
    opens: (rule) => allows(first(rule, "aws_default_network_acl.egress.action")),
    protocol: "aws_default_network_acl.egress.protocol",
    ports: ["aws_default_network_acl.egress.from_port", "aws_default_network_acl.egress.to_port"],
    sources: ["aws_default_network_acl.egress.cidr_block", "aws_default_network_acl.egress.ipv6_cidr_block"],
  },
];

const allows = (action: unknown) => action === undefined || action === "allow";
const formsOf = (type: string) => FORMS.filter(({ protocol }) => typeOf(protocol) === type);

/** Arguments that say who may connect, of a resource that is one rule; none of one that holds several. */
export const sourcesOf = (type: string): readonly Attribute[] =>
  formsOf(type)
    .filter(({ block }) => block === undefined)
    .flatMap(({ sources }) => sources);

/** The doors of a resource in one direction; none for a type without rules. */
export function doorsOf(type: string, values: Values | undefined, direction: Direction): Door[] {
  if (!values) return [];
  return formsOf(type)
    .filter(({ directions }) => directions.includes(direction))
    .flatMap((form) => {
      const rules = form.block ? blocks(values, form.block) : [values];
      return rules.filter((rule) => form.opens?.(rule, direction) ?? true).flatMap((rule) => doorsOfRule(rule, form));
    });
}

function doorsOfRule(rule: Values, { block, protocol: named, ports: [lowest, highest], sources, itself }: Form): Door[] {
  const protocol = String(first(rule, named) ?? "-1").toLowerCase();
  const all = protocol === "-1" || protocol === "all";
  const [from, to] = [numberAt(rule, lowest), numberAt(rule, highest)];
  const ports: Door["ports"] = all || from === undefined || to === undefined || from < 0 ? [0, 65_535] : [from, to];
  const door = (source: string, argument: Attribute): Door => ({
    from: source,
    argument: pathOf(block ?? argument),
    protocol: all ? "all" : protocol,
    ports,
  });
  const found = sources.flatMap((source) => at(rule, source).map((value) => door(isUnknown(value) ? "unknown" : String(value), source)));
  const once = found.filter(({ from: source }, index) => found.findIndex((other) => other.from === source) === index);
  return itself && isOn(first(rule, itself)) ? [...once, door("itself", itself)] : once;
}

/** Whether all that comes through one door comes through another. */
export const isWithin = (inner: Door, outer: Door): boolean =>
  (outer.protocol === "all" || outer.protocol === inner.protocol) &&
  outer.ports[0] <= inner.ports[0] &&
  outer.ports[1] >= inner.ports[1] &&
  (outer.from === inner.from || holds(outer.from, inner.from));

/** `port 443`, `ports 1024 to 65535 (udp)`, `every port`. */
export function portsOf({ ports: [from, to], protocol }: Door): string {
  if (from === 0 && to === 65_535) return "every port";
  return `${from === to ? `port ${from}` : `ports ${from} to ${to}`}${protocol === "tcp" ? "" : ` (${protocol})`}`;
}
