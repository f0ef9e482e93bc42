/** Rules of network security groups and of databases' own firewalls: who may connect that could not before. */
import type { ResourceChange, Values } from "../../model";
import type { Attribute } from "../../provider-names";
import { addressNumber, isOutside, isPublicRange } from "../cidr";
import { adminOf, PLAIN_WEB } from "../network";
import { at, blocks, isUnknown, numberAt, textAt } from "../reading";
import type { Context, Look, RuleName, Verdict } from "../rules";
import { EVERYBODY, INTERNET, isPlaceIn, isSpanIn, spanOf, type Span } from "./spans";

/** One rule of a group, alone or in it: both are asked for in the words of the first. */
interface Rule {
  readonly name: string;
  readonly group: string | undefined;
  readonly isAllowed: boolean;
  readonly isInbound: boolean;
  readonly priority: number;
  /** Networks and Azure's words for them; everybody stands as all of them, so that what holds some of them holds less. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly ports: readonly Span[];
  readonly sourcePorts: readonly Span[];
  readonly protocol: string;
}

/** Of a rule, one source and one destination. */
interface Way extends Rule {
  readonly source: string;
  readonly destination: string;
}

const NOT_KNOWN = "an address that is known after it is applied";

const lower = (text: string | undefined) => text?.toLowerCase();

/** Every place that the attributes name; where none does, everybody. */
function places(values: Values, attributes: readonly Attribute[]): readonly string[] {
  const found = attributes
    .flatMap((attribute) => at(values, attribute))
    .map((value) => (isUnknown(value) ? NOT_KNOWN : String(value)))
    .filter((place) => place !== "");
  return [...new Set((found.length === 0 ? ["*"] : found).flatMap((place) => (EVERYBODY.test(place) ? INTERNET.everybody : [place])))];
}

function spans(values: Values, attributes: readonly Attribute[]): readonly Span[] {
  const found = attributes.flatMap((attribute) => at(values, attribute)).filter((value) => value !== "");
  return found.length === 0 ? [spanOf("*")] : found.map((value) => spanOf(String(value)));
}

function ruleOf(values: Values): Rule {
  return {
    name: textAt(values, "azurerm_network_security_rule.name") ?? "without a name",
    group: textAt(values, "azurerm_network_security_rule.network_security_group_name"),
    isAllowed: lower(textAt(values, "azurerm_network_security_rule.access")) === "allow",
    isInbound: lower(textAt(values, "azurerm_network_security_rule.direction")) === "inbound",
    priority: numberAt(values, "azurerm_network_security_rule.priority") ?? Infinity,
    sources: places(values, [
      "azurerm_network_security_rule.source_address_prefix",
      "azurerm_network_security_rule.source_address_prefixes",
      "azurerm_network_security_rule.source_application_security_group_ids",
    ]),
    destinations: places(values, [
      "azurerm_network_security_rule.destination_address_prefix",
      "azurerm_network_security_rule.destination_address_prefixes",
      "azurerm_network_security_rule.destination_application_security_group_ids",
    ]),
    ports: spans(values, ["azurerm_network_security_rule.destination_port_range", "azurerm_network_security_rule.destination_port_ranges"]),
    sourcePorts: spans(values, ["azurerm_network_security_rule.source_port_range", "azurerm_network_security_rule.source_port_ranges"]),
    protocol: lower(textAt(values, "azurerm_network_security_rule.protocol")) ?? "*",
  };
}

function rulesOf(type: string, values: Values | undefined): readonly Rule[] {
  if (values === undefined) return [];
  if (type === "azurerm_network_security_rule") return [ruleOf(values)];
  const group = textAt(values, "azurerm_network_security_group.name");
  return blocks(values, "azurerm_network_security_group.security_rule").map((block) => ({
    ...ruleOf(block.security_rule as Values),
    group,
  }));
}

const waysOf = (rule: Rule): readonly Way[] =>
  rule.sources.flatMap((source) => rule.destinations.map((destination) => ({ ...rule, source, destination })));

/** Whether all that goes one way is spoken of by rules: by one of them, or port by port by several. */
const isSpokenOf = (way: Way, rules: readonly Rule[]): boolean => {
  const others = rules
    .flatMap(waysOf)
    .filter(
      (other) =>
        other.isInbound === way.isInbound &&
        isPlaceIn(way.source, other.source) &&
        isPlaceIn(way.destination, other.destination) &&
        way.sourcePorts.every((span) => isSpanIn(span, other.sourcePorts)) &&
        (other.protocol === "*" || other.protocol === way.protocol),
    );
  const ports = others.flatMap((other) => other.ports);
  return way.ports.every((span) => isSpanIn(span, ports));
};

const isAll = ([from, to]: Span) => from === 0 && to === 65_535;
const words = ({ ports, protocol }: Rule) =>
  `${ports.some(isAll) ? "all ports" : `port ${ports.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(", ")}`}${["*", "tcp"].includes(protocol) ? "" : ` (${protocol})`}`;

/** Ports by which somebody manages something, over the Internet. */
const administers = ({ ports }: Rule) => ports.some((span) => adminOf({ ports: span }).length > 0);

const isInternet = (place: string) => place.toLowerCase() === "internet" || isPublicRange(place);
/** From the Internet: anybody, a network there, or a service of Azure's that whoever rents one speaks from. */
const isForeign = (place: string) => isInternet(place) || isOutside(place) || /^azurecloud/i.test(place);

/** A website's new rule in a new group, behind which nothing stood before. */
const isMeantForAll = (rule: Rule, action: ResourceChange["action"], { plan }: Context) =>
  action === "create" &&
  rule.ports.every(([from, to]) => from === to && PLAIN_WEB.includes(from)) &&
  plan.changes.some(
    ({ type, action: other, after }) =>
      type === "azurerm_network_security_group" &&
      other === "create" &&
      textAt(after, "azurerm_network_security_group.name") === rule.group,
  );

/** A way that nobody could go before. */
function openedWay(way: Way, action: ResourceChange["action"], context: Context): readonly Verdict[] {
  const { source, destination, name } = way;
  if (!way.isInbound)
    return isPlaceIn(destination, "Internet") || destination === NOT_KNOWN
      ? [
          {
            rule: "network/egress-opened",
            message: `What stands there may connect to ${isInternet(destination) ? "the whole Internet" : `\`${destination}\``} by ${words(way)}, by the rule \`${name}\`.`,
          },
        ]
      : [];
  const told = (rule: RuleName, who: string): Verdict => ({
    rule,
    message: `${who} may connect to ${words(way)}, by the rule \`${name}\`.`,
  });
  if (source === NOT_KNOWN)
    return [
      {
        ...told(
          administers(way) || action !== "create" ? "network/ingress-opened" : "network/ingress-added",
          `Look who it is: ${NOT_KNOWN}`,
        ),
        severity: "notice",
      },
    ];
  if (isInternet(source))
    return [
      {
        ...told("network/ingress-opened", `The whole Internet (\`${source}\`)`),
        ...(isMeantForAll(way, action, context) && { severity: "notice" as const }),
      },
    ];
  return [
    isForeign(source) && (administers(way) || action !== "create")
      ? told("network/ingress-opened", `\`${source}\`, which lies on the Internet,`)
      : told("network/ingress-added", `\`${source}\``),
  ];
}

/** The gravest of what a rule opens. */
const opened = (rule: Rule, before: readonly Rule[], action: ResourceChange["action"], context: Context): readonly Verdict[] =>
  rule.isAllowed
    ? waysOf(rule)
        .filter((way) => !isSpokenOf(way, before))
        .flatMap((way) => openedWay(way, action, context))
        .sort((a, b) => (a.rule === b.rule ? Number(a.severity === "notice") - Number(b.severity === "notice") : a.rule > b.rule ? -1 : 1))
        .slice(0, 1)
    : [];

/** Rules of the whole plan after the change. */
const standing = ({ plan }: Context): readonly Rule[] => plan.after.flatMap(({ type, values }) => rulesOf(type, values));

/** What a rule held back, and holds back no more: it goes, holds back less, lets in, or is asked after another that lets in. */
function loosened(was: Rule, now: Rule | undefined, rules: readonly Rule[], context: Context): readonly Verdict[] {
  const group = standing(context).filter((one) => one.isInbound === was.isInbound && one.group === was.group && one.name !== was.name);
  const passed = (isAllowed: boolean, from: number, to: number) =>
    group.find((one) => one.isAllowed === isAllowed && one.priority > from && one.priority < to);
  const told = (message: string): readonly Verdict[] => [
    { rule: was.isInbound ? "network/ingress-opened" : "network/egress-opened", message },
  ];
  if (was.isAllowed) {
    const other = now?.isAllowed && now.isInbound === was.isInbound ? passed(false, now.priority, was.priority) : undefined;
    return other ? told(`The rule \`${was.name}\` is asked before \`${other.name}\`, which held back first.`) : [];
  }
  const denying = rules.filter((rule) => !rule.isAllowed);
  const open = waysOf(was).filter((way) => !isSpokenOf(way, denying));
  if (open.length > 0) {
    const those = [...new Set(open.map(({ source, destination }) => (was.isInbound ? source : destination)))];
    return told(
      `The rule \`${was.name}\` no longer holds back ${those.map((place) => `\`${place}\``).join(", ")}${was.isInbound ? "" : " from those inside"}, or not on all ports.`,
    );
  }
  // Of each way the first that holds it back; of one that only several hold back together, the last of them.
  const asked = waysOf(was).map((way) => {
    const alone = denying.filter((rule) => isSpokenOf(way, [rule])).map(({ priority }) => priority);
    return alone.length > 0 ? Math.min(...alone) : Math.max(...denying.map(({ priority }) => priority));
  });
  const other = passed(true, was.priority, Math.max(...asked));
  return other ? told(`The rule \`${was.name}\` is asked after \`${other.name}\`, which lets in first.`) : [];
}

const GROUPS: readonly string[] = ["azurerm_network_security_group", "azurerm_network_security_rule"];

/** Rules that come, go and change their place. */
export const securityRules: Look = ({ type, action, before, after }: ResourceChange, context) => {
  if (!GROUPS.includes(type) || action === "forget") return [];
  const [was, now] = [rulesOf(type, before), action === "destroy" ? [] : rulesOf(type, after)];
  // A rule that moves to another group goes from the one, and comes to the other.
  const isMoved = type === "azurerm_network_security_rule" && now[0]?.group !== undefined && was[0] && was[0].group !== now[0].group;
  const [stays, stood] = isMoved ? [[], []] : [now, was];
  // With its group everything behind it goes as well: no subnet can keep a group that is destroyed.
  if (action === "destroy" && type === "azurerm_network_security_group") return [];
  return [
    // What held back and lets in from now on is told by what it held back.
    ...now
      .filter((rule) => !stood.some(({ name, isAllowed, isInbound }) => name === rule.name && !isAllowed && isInbound === rule.isInbound))
      .flatMap((rule) =>
        opened(
          rule,
          stood.filter(({ isAllowed }) => isAllowed),
          action,
          context,
        ),
      ),
    ...was.flatMap((rule) =>
      loosened(
        rule,
        stays.find(({ name }) => name === rule.name) ?? (was.length === 1 && stays.length === 1 ? stays[0] : undefined),
        stays,
        context,
      ),
    ),
  ];
};

/** A rule of a database server's own firewall, by the attributes of its ends. */
const RANGES: Readonly<Record<string, readonly [Attribute, Attribute]>> = {
  azurerm_mssql_firewall_rule: ["azurerm_mssql_firewall_rule.start_ip_address", "azurerm_mssql_firewall_rule.end_ip_address"],
  azurerm_mysql_flexible_server_firewall_rule: [
    "azurerm_mysql_flexible_server_firewall_rule.start_ip_address",
    "azurerm_mysql_flexible_server_firewall_rule.end_ip_address",
  ],
  azurerm_postgresql_flexible_server_firewall_rule: [
    "azurerm_postgresql_flexible_server_firewall_rule.start_ip_address",
    "azurerm_postgresql_flexible_server_firewall_rule.end_ip_address",
  ],
  azurerm_redis_firewall_rule: ["azurerm_redis_firewall_rule.start_ip", "azurerm_redis_firewall_rule.end_ip"],
};

/** From 0.0.0.0 to 0.0.0.0 means every machine on Azure, whoever rents it, and no other. */
const isAzure = (start: string, end: string) => start === "0.0.0.0" && end === "0.0.0.0";

export const databaseDoors: Look = ({ type, action, before, after }) => {
  const ends = Object.hasOwn(RANGES, type) ? RANGES[type] : undefined;
  if (ends === undefined || !after || action === "destroy" || action === "forget") return [];
  const rangeOf = (values: Values | undefined) => ends.map((attribute) => textAt(values, attribute));
  const [[start, end], [wasStart, wasEnd]] = [rangeOf(after), rangeOf(before)];
  if (start === undefined || end === undefined)
    return [{ rule: "network/ingress-opened", severity: "notice", message: `Look who may connect: ${NOT_KNOWN}.` }];
  if (start === wasStart && end === wasEnd) return [];
  if (isAzure(start, end)) return [{ rule: "network/ingress-opened", message: "Every machine on Azure, whoever rents it, may connect." }];
  const isNarrower =
    wasStart !== undefined &&
    wasEnd !== undefined &&
    !isAzure(wasStart, wasEnd) &&
    isSpanIn([addressNumber(start), addressNumber(end)], [[addressNumber(wasStart), addressNumber(wasEnd)]]);
  if (isNarrower) return [];
  const isAll = start === "0.0.0.0" && end === "255.255.255.255";
  const who = isAll ? "The whole Internet" : start === end ? `\`${start}\`` : `\`${start}\` to \`${end}\``;
  return [{ rule: isOutside(start, end) ? "network/ingress-opened" : "network/ingress-added", message: `${who} may connect.` }];
};

/** An account's list of networks that goes, and was one. */
export const accountRules: Look = ({ type, action, before }) =>
  type === "azurerm_storage_account_network_rules" &&
  action === "destroy" &&
  textAt(before, "azurerm_storage_account_network_rules.default_action") === "Deny"
    ? [{ rule: "network/made-public", message: "Every network may connect to the storage account." }]
    : [];
