/** Rules of network security groups and of databases' own firewalls: who may connect that could not before. */
import type { ResourceChange, Values } from "../../model";
import { isOutside, isPublicRange } from "../cidr";
import { adminOf, PLAIN_WEB } from "../network";
import { blocks, numberAt, textAt, textsAt } from "../reading";
import type { Context, Look, RuleName, Verdict } from "../rules";

/** One rule of a group, alone or in it: both are asked for in the words of the first. */
interface Rule {
  readonly name: string;
  readonly group: string | undefined;
  readonly isAllowed: boolean;
  readonly isInbound: boolean;
  readonly priority: number;
  /** Networks and words for them, on the other side. */
  readonly others: readonly string[];
  readonly ports: readonly string[];
  readonly protocol: string;
}

/** Azure's words for everybody; the networks that are as wide are known by their size. */
const ANYBODY = /^(\*|any|internet|0\.0\.0\.0|::)$/i;
const isAnybody = (source: string) => ANYBODY.test(source) || isPublicRange(source);
/** From the Internet: anybody, a network there, or a service of Azure's that whoever rents one speaks from. */
const isForeign = (source: string) => isAnybody(source) || isOutside(source) || /^azurecloud/i.test(source);

const lower = (text: string | undefined) => text?.toLowerCase();

function ruleOf(values: Values): Rule {
  const isInbound = lower(textAt(values, "azurerm_network_security_rule.direction")) === "inbound";
  return {
    name: textAt(values, "azurerm_network_security_rule.name") ?? "without a name",
    group: textAt(values, "azurerm_network_security_rule.network_security_group_name"),
    isAllowed: lower(textAt(values, "azurerm_network_security_rule.access")) === "allow",
    isInbound,
    priority: numberAt(values, "azurerm_network_security_rule.priority") ?? Infinity,
    others: isInbound
      ? [
          ...textsAt(values, "azurerm_network_security_rule.source_address_prefix"),
          ...textsAt(values, "azurerm_network_security_rule.source_address_prefixes"),
          ...textsAt(values, "azurerm_network_security_rule.source_application_security_group_ids"),
        ]
      : [
          ...textsAt(values, "azurerm_network_security_rule.destination_address_prefix"),
          ...textsAt(values, "azurerm_network_security_rule.destination_address_prefixes"),
        ],
    ports: [
      ...textsAt(values, "azurerm_network_security_rule.destination_port_range"),
      ...textsAt(values, "azurerm_network_security_rule.destination_port_ranges"),
    ],
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

const words = ({ ports, protocol }: Rule) =>
  `${ports.length === 0 || ports.includes("*") ? "all ports" : `port ${ports.join(", ")}`}${["*", "tcp"].includes(protocol) ? "" : ` (${protocol})`}`;

/** Whether all that one rule lets in by a source, another lets in too. */
const letsIn = (rules: readonly Rule[], rule: Rule, source: string): boolean =>
  rules.some(
    (other) =>
      other.isAllowed &&
      other.isInbound === rule.isInbound &&
      other.others.some((one) => one === source || isAnybody(one)) &&
      (other.ports.includes("*") || rule.ports.every((port) => other.ports.includes(port))) &&
      (other.protocol === "*" || other.protocol === rule.protocol),
  );

/** First and last of `22`, `8000-8999` or `*`. */
function portsOf(text: string): readonly [number, number] {
  const [from = NaN, to = from] = text.split("-").map(Number);
  return text === "*" || Number.isNaN(from) ? [0, 65_535] : [from, to];
}

/** Ports by which somebody manages something, over the Internet. */
const administers = ({ ports }: Rule) => ports.some((port) => adminOf({ ports: portsOf(port) }).length > 0);

/** A website's new rule in a new group, behind which nothing stood before. */
const isMeantForAll = (rule: Rule, action: ResourceChange["action"], { plan }: Context) =>
  action === "create" &&
  rule.ports.every((port) => PLAIN_WEB.includes(Number(port))) &&
  plan.changes.some(
    ({ type, action: other, after }) =>
      type === "azurerm_network_security_group" &&
      other === "create" &&
      textAt(after, "azurerm_network_security_group.name") === rule.group,
  );

function opened(rule: Rule, before: readonly Rule[], action: ResourceChange["action"], context: Context): Verdict[] {
  if (!rule.isAllowed) return [];
  const others = rule.others.filter((source) => !letsIn(before, rule, source));
  const told = (name: RuleName, who: string): Verdict => ({
    rule: name,
    message: `${who} may connect to ${words(rule)}, by the rule \`${rule.name}\`.`,
  });
  if (!rule.isInbound)
    return others.some(isAnybody)
      ? [{ rule: "network/egress-opened", message: `What stands there may connect to the whole Internet, by the rule \`${rule.name}\`.` }]
      : [];
  return others
    .map((source) =>
      isAnybody(source)
        ? {
            ...told("network/ingress-opened", `The whole Internet (\`${source}\`)`),
            ...(isMeantForAll(rule, action, context) && { severity: "notice" as const }),
          }
        : isForeign(source) && (administers(rule) || action !== "create")
          ? told("network/ingress-opened", `\`${source}\`, which lies on the Internet,`)
          : told("network/ingress-added", `\`${source}\``),
    )
    .sort((a, b) => (a.rule > b.rule ? -1 : 1))
    .slice(0, 1);
}

/** Rules of the whole plan after the change. */
const standing = ({ plan }: Context): readonly Rule[] => plan.after.flatMap(({ type, values }) => rulesOf(type, values));

/** What a rule held back, and holds back no more: it goes, lets in, or is asked after another that lets in. */
function loosened(was: Rule, now: Rule | undefined, context: Context): Verdict[] {
  if (!was.isInbound) return [];
  const group = standing(context).filter((other) => other.isInbound && other.group === was.group && other.name !== was.name);
  const passed = (isAllowed: boolean, from: number, to: number) =>
    group.find((other) => other.isAllowed === isAllowed && other.priority > from && other.priority < to);
  if (!was.isAllowed) {
    if (now === undefined || !now.isInbound || now.isAllowed)
      return [
        {
          rule: "network/ingress-opened",
          message: `The rule \`${was.name}\` no longer holds back ${was.others.map((source) => `\`${source}\``).join(", ")}.`,
        },
      ];
    const other = passed(true, was.priority, now.priority);
    return other
      ? [{ rule: "network/ingress-opened", message: `The rule \`${was.name}\` is asked after \`${other.name}\`, which lets in first.` }]
      : [];
  }
  const other = now?.isAllowed ? passed(false, now.priority, was.priority) : undefined;
  return other
    ? [{ rule: "network/ingress-opened", message: `The rule \`${was.name}\` is asked before \`${other.name}\`, which held back first.` }]
    : [];
}

const GROUPS: readonly string[] = ["azurerm_network_security_group", "azurerm_network_security_rule"];

/** Rules that come, go and change their place. */
export const securityRules: Look = ({ type, action, before, after }: ResourceChange, context) => {
  if (!GROUPS.includes(type) || action === "forget") return [];
  const [was, now] = [rulesOf(type, before), action === "destroy" ? [] : rulesOf(type, after)];
  // With its group everything behind it goes as well: no subnet can keep a group that is destroyed.
  if (action === "destroy" && type === "azurerm_network_security_group") return [];
  return [
    // What held back and lets in from now on is told by what it held back.
    ...now
      .filter((rule) => !was.some(({ name, isAllowed }) => name === rule.name && !isAllowed))
      .flatMap((rule) => opened(rule, was, action, context)),
    ...was.flatMap((rule) =>
      loosened(rule, now.find(({ name }) => name === rule.name) ?? (now.length === 1 ? now[0] : undefined), context),
    ),
  ];
};

/** A rule of a database server's own firewall; from 0.0.0.0 to 0.0.0.0 means every machine on Azure, whoever rents it. */
function range(type: string, values: Values | undefined): readonly (string | undefined)[] {
  switch (type) {
    case "azurerm_mssql_firewall_rule":
      return [textAt(values, "azurerm_mssql_firewall_rule.start_ip_address"), textAt(values, "azurerm_mssql_firewall_rule.end_ip_address")];
    case "azurerm_mysql_flexible_server_firewall_rule":
      return [
        textAt(values, "azurerm_mysql_flexible_server_firewall_rule.start_ip_address"),
        textAt(values, "azurerm_mysql_flexible_server_firewall_rule.end_ip_address"),
      ];
    case "azurerm_postgresql_flexible_server_firewall_rule":
      return [
        textAt(values, "azurerm_postgresql_flexible_server_firewall_rule.start_ip_address"),
        textAt(values, "azurerm_postgresql_flexible_server_firewall_rule.end_ip_address"),
      ];
    case "azurerm_redis_firewall_rule":
      return [textAt(values, "azurerm_redis_firewall_rule.start_ip"), textAt(values, "azurerm_redis_firewall_rule.end_ip")];
    default:
      return [];
  }
}

export const databaseDoors: Look = ({ type, action, before, after }) => {
  const [start, end] = range(type, after);
  if (action === "destroy" || start === undefined || end === undefined) return [];
  const [wasStart, wasEnd] = range(type, before);
  if (start === wasStart && end === wasEnd) return [];
  if (start === "0.0.0.0" && end === "0.0.0.0")
    return [{ rule: "network/ingress-opened", message: "Every machine on Azure, whoever rents it, may connect." }];
  const isAll = start === "0.0.0.0" && end === "255.255.255.255";
  const who = isAll ? "The whole Internet" : start === end ? `\`${start}\`` : `\`${start}\` to \`${end}\``;
  return isAll || isOutside(start)
    ? [{ rule: "network/ingress-opened", message: `${who} may connect.` }]
    : [{ rule: "network/ingress-added", message: `${who} may connect.` }];
};

/** An account's list of networks that goes, and was one. */
export const accountRules: Look = ({ type, action, before }) =>
  type === "azurerm_storage_account_network_rules" &&
  action === "destroy" &&
  textAt(before, "azurerm_storage_account_network_rules.default_action") === "Deny"
    ? [{ rule: "network/made-public", message: "Every network may connect to the storage account." }]
    : [];
