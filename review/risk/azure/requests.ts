/** Which requests get through: an app's own list of networks, and what a firewall lets past its other rules. */
import type { Values } from "../../model";
import type { Attribute } from "../../provider-names";
import { holds } from "../cidr";
import { isWorth } from "../items";
import { at, atPath, blocks, isRecord, isUnknown, shown, textAt } from "../reading";
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

const WEB_APPS = /^azurerm_(linux|windows)_(function|web)_app(_slot)?$/;

/** Of App Service's own restrictions, which mix both kinds: who is meant, by networks, services or subnets, and by headers. */
const meantBy = (rule: Readonly<Record<string, unknown>>) => ({
  who: shown(rule.ip_address ?? rule.service_tag ?? rule.virtual_network_subnet_id),
  headers: shown(rule.headers ?? []),
});
const isMeant = (rule: ReturnType<typeof meantBy>, rules: readonly ReturnType<typeof meantBy>[]) =>
  rules.some((other) => holds(other.who, rule.who) && (other.headers === rule.headers || other.headers === "[]"));

export const webRestrictions: Look = ({ type, action, before, after }): readonly Verdict[] => {
  if (!WEB_APPS.test(type) || (action !== "update" && action !== "replace")) return [];
  return ["ip_restriction", "scm_ip_restriction"].flatMap((list): Verdict[] => {
    const rulesOf = (values: Values | undefined, kind: "Allow" | "Deny") =>
      atPath(values, `site_config.${list}`)
        .filter(isRecord)
        .filter(({ action: does = "Allow" }) => does === kind)
        .map(meantBy);
    const isOpen = (values: Values | undefined) =>
      rulesOf(values, "Allow").length === 0 && atPath(values, `site_config.${list}_default_action`)[0] !== "Deny";
    const [allowed, denied] = [rulesOf(before, "Allow"), rulesOf(before, "Deny")];
    const opened = [
      ...(isOpen(before)
        ? []
        : isOpen(after)
          ? [{ who: "every other network" }]
          : rulesOf(after, "Allow").filter((one) => !isMeant(one, allowed))),
      ...denied.filter((one) => !isMeant(one, rulesOf(after, "Deny"))),
    ];
    return opened.length === 0
      ? []
      : [
          {
            rule: "network/ingress-opened",
            message: `${opened.map(({ who }) => `\`${who}\``).join(", ")} may connect to the app, which could not (\`site_config.${list}\`).`,
          },
        ];
  });
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
