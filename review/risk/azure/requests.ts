/** Which requests get through: an app's own list of networks, and what a firewall lets past its other rules. */
import type { Values } from "../../model";
import type { Attribute } from "../../provider-names";
import { holds } from "../cidr";
import { isWorth } from "../items";
import { at, blocks, isRecord, isUnknown, shown, textAt } from "../reading";
import type { Look, Verdict } from "../rules";

/** All of an app's restrictions allow, and then nobody else may come, or all hold back, and then everybody else may. */
interface Restrictions {
  readonly kind: "none" | "Allow" | "Deny";
  readonly networks: readonly string[];
}

function restrictionsOf(values: Values | undefined): Restrictions {
  const rules = blocks(values, "azurerm_container_app.ingress.ip_security_restriction");
  const action = textAt(rules[0], "azurerm_container_app.ingress.ip_security_restriction.action");
  return {
    kind: rules.length === 0 ? "none" : action === "Deny" ? "Deny" : "Allow",
    networks: rules.flatMap((rule) => at(rule, "azurerm_container_app.ingress.ip_security_restriction.ip_address_range").map(shown)),
  };
}

const isIn = (network: string, networks: readonly string[]) => networks.some((one) => holds(one, network));
const meet = (a: string, b: string) => holds(a, b) || holds(b, a);

/** Networks that may connect and could not; undefined where nothing is opened. */
function openedBy(was: Restrictions, now: Restrictions): readonly string[] | undefined {
  if (was.kind === "none") return undefined;
  if (was.kind === "Allow" && now.kind !== "Allow") return ["every other network"];
  const opened =
    was.kind === "Allow"
      ? now.networks.filter((network) => !isIn(network, was.networks))
      : now.kind === "Allow"
        ? now.networks.filter((network) => was.networks.some((one) => meet(one, network)))
        : was.networks.filter((network) => !isIn(network, now.networks));
  return opened.length === 0 ? undefined : opened;
}

export const appRestrictions: Look = ({ type, action, before, after }): readonly Verdict[] => {
  if (type !== "azurerm_container_app" || (action !== "update" && action !== "replace")) return [];
  const opened = openedBy(restrictionsOf(before), restrictionsOf(after));
  if (opened === undefined) return [];
  const isKnown = !opened.some(isUnknown);
  return [
    {
      rule: "network/ingress-opened",
      message: `${opened.map((network) => `\`${network}\``).join(", ")} may connect to the app, which could not.`,
      ...(!isKnown && { severity: "notice" as const }),
    },
  ];
};

const CUSTOM_RULES: readonly Attribute[] = [
  "azurerm_web_application_firewall_policy.custom_rules",
  "azurerm_cdn_frontdoor_firewall_policy.custom_rule",
];

/** A rule that allows is the last that a request is held against. */
export const allowedRequests: Look = ({ type, action, before, after }): readonly Verdict[] => {
  if (action !== "update" && action !== "replace") return [];
  const allowing = (values: Values | undefined) =>
    CUSTOM_RULES.filter((attribute) => attribute.startsWith(`${type}.`))
      .flatMap((attribute) => at(values, attribute))
      .filter(isRecord)
      .filter((rule) => rule.action === "Allow" && rule.enabled !== false);
  const was = allowing(before);
  return allowing(after)
    .filter((rule) => !was.some((other) => isWorth(other, rule, { fields: { priority: () => true } })))
    .map((rule) => ({
      rule: "network/firewall-weakened",
      message: `The firewall looks no further at requests that the rule \`${shown(rule.name)}\` allows.`,
    }));
};
