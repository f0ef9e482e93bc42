/** Where strangers' requests come in: a cluster's API, listeners, and the firewall before them. */
import type { Values } from "../model";
import type { ResourceType } from "../provider-names";
import { holds, isPublicRange } from "./cidr";
import { at, blocks, first, isOn, isUnknown, numberAt, shown, textAt, textsAt } from "./reading";
import type { Look, Verdict } from "./rules";

/** A cluster's API for more addresses. */
export const clusterApi: Look = ({ type, action, before, after }) => {
  if (type !== "aws_eks_cluster" || !after || !isOn(first(after, "aws_eks_cluster.vpc_config.endpoint_public_access"))) return [];
  const cidrs = (values: Values | undefined) => {
    const own = textsAt(values, "aws_eks_cluster.vpc_config.public_access_cidrs");
    return own.length > 0 ? own : ["0.0.0.0/0"];
  };
  const was = isOn(first(before, "aws_eks_cluster.vpc_config.endpoint_public_access")) ? cidrs(before) : [];
  const added = cidrs(after).filter((cidr) => !was.some((other) => holds(other, cidr)));
  if (added.length === 0 || (action === "create" && !added.some(isPublicRange))) return [];
  return [{ rule: "network/ingress-opened", message: `The cluster's API can be reached from ${added.join(", ")}` }];
};

/** Policies of load balancers that speak no TLS below 1.2. */
const MODERN_TLS = /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)/;

const LISTENERS: ReadonlySet<string> = new Set<ResourceType>(["aws_lb_listener", "aws_alb_listener"]);

/** Both types have everything in the same words. */
export const listeners: Look = ({ type, action, before, after }) => {
  if (!LISTENERS.has(type) || !after) return [];
  const encrypted = (values: Values | undefined) => ["HTTPS", "TLS"].includes(textAt(values, "aws_lb_listener.protocol") ?? "");
  const verdicts: Verdict[] = [];
  const [was, will] = [textAt(before, "aws_lb_listener.ssl_policy"), textAt(after, "aws_lb_listener.ssl_policy")];
  if (encrypted(before) && !encrypted(after) && !isUnknown(first(after, "aws_lb_listener.protocol")))
    verdicts.push({
      rule: "network/tls-weakened",
      message: `The listener changes from ${shown(first(before, "aws_lb_listener.protocol"))} to ${shown(first(after, "aws_lb_listener.protocol"))}, in clear`,
    });
  if (
    encrypted(after) &&
    !isUnknown(first(after, "aws_lb_listener.ssl_policy")) &&
    was !== will &&
    !MODERN_TLS.test(will ?? "") &&
    (MODERN_TLS.test(was ?? "") || action === "create")
  )
    verdicts.push({
      rule: "network/tls-weakened",
      message: `Connections by TLS 1.0 and 1.1 are accepted (\`ssl_policy\` ${will === undefined ? "is not set, and AWS's default speaks them" : `is ${will}`})`,
    });
  if (encrypted(after) && MODERN_TLS.test(was ?? "") && isUnknown(first(after, "aws_lb_listener.ssl_policy")))
    verdicts.push({
      rule: "network/tls-weakened",
      severity: "notice",
      message: `\`ssl_policy\` was ${shown(was)}, and is only known after it is applied`,
    });
  const redirects = (values: Values | undefined) => at(values, "aws_lb_listener.default_action.redirect.protocol").includes("HTTPS");
  if (before && redirects(before) && !redirects(after))
    verdicts.push({ rule: "network/tls-weakened", message: "Requests in clear are answered in place of being sent to HTTPS" });
  return verdicts;
};

const named = (rules: readonly Values[]) => new Map(rules.map((rule) => [textAt(rule, "aws_wafv2_web_acl.rule.name") ?? "", rule]));
const holdsBack = (rule: Values) =>
  at(rule, "aws_wafv2_web_acl.rule.action.block").length > 0 ||
  (at(rule, "aws_wafv2_web_acl.rule.override_action").length > 0 && at(rule, "aws_wafv2_web_acl.rule.override_action.count").length === 0);

export const firewalls: Look = ({ type, action, before, after }) => {
  if (type !== "aws_wafv2_web_acl" || !before || !after || (action !== "update" && action !== "replace")) return [];
  const next = named(blocks(after, "aws_wafv2_web_acl.rule"));
  const verdicts = [...named(blocks(before, "aws_wafv2_web_acl.rule"))].flatMap(([name, rule]): Verdict[] => {
    const other = next.get(name);
    if (!other) return [{ rule: "network/firewall-weakened", message: `The firewall's rule ${name} goes` }];
    if (holdsBack(rule) && !holdsBack(other))
      return [{ rule: "network/firewall-weakened", message: `The firewall's rule ${name} counts in place of refusing` }];
    const [was, will] = [rule, other].map((side) => numberAt(side, "aws_wafv2_web_acl.rule.statement.rate_based_statement.limit"));
    return was !== undefined && will !== undefined && will > was
      ? [{ rule: "network/firewall-weakened", message: `The firewall's rule ${name} lets ${will} requests through in place of ${was}` }]
      : [];
  });
  const allows = (values: Values) => at(values, "aws_wafv2_web_acl.default_action.allow").length > 0;
  return [
    ...verdicts,
    ...(!allows(before) && allows(after)
      ? [{ rule: "network/firewall-weakened", message: "The firewall lets through what no rule speaks of" } as const]
      : []),
  ];
};

export const ENTRY_LOOKS: readonly Look[] = [clusterApi, listeners, firewalls];
