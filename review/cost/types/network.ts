/** Addresses, gateways, endpoints, load balancers, and web ACLs in front of them. */
import { charge, noPrice, use, type Context, type Factor, type Part, type Pricer, type Pricers } from "../charges";
import { blocksOf, countOf, flagOf, isSet, NotKnown, textOf, textOr } from "../known-values";
import { HOURS, monthlyHours } from "../../../environments/facts/hours";

const hours: Factor = [HOURS, "h"];

/** Hour, capacity, addresses and what is sent, of one load balancer. */
export const balancerParts = (context: Context, zones: () => number, isPublic: () => boolean): Part[] =>
  [
    charge(context, "alb.hour", "load balancer", () => [hours]),
    charge(context, "alb.unit", "capacity units", () => [hours, [use(context, "loadBalancerUnits"), "units"]]),
    charge(context, "ipv4", "its public addresses", () => [[isPublic() ? zones() : 0, "addresses"], hours]),
    charge(context, "transfer.internet", "to the Internet", () => [[isPublic() ? use(context, "loadBalancerGigabytes") : 0, "GB"]]),
  ].filter(({ dollars }) => dollars !== 0);

const loadBalancer: Pricer = ({ values }, context) => {
  try {
    const kind = textOf(values, "aws_lb.load_balancer_type", "application");
    if (kind !== "application")
      return [{ item: `${kind}.hour`, formula: `not known: the price table has no load balancer of the type ${kind}` }];
  } catch (error) {
    if (error instanceof NotKnown) return [{ item: "alb.hour", formula: `not known: ${error.message}` }];
    throw error;
  }
  const zones = (): number => {
    try {
      return countOf(
        values,
        isSet(values, "aws_lb.subnets") || !isSet(values, "aws_lb.subnet_mapping") ? "aws_lb.subnets" : "aws_lb.subnet_mapping",
      );
    } catch (error) {
      // A load balancer of this kind stands in two zones or more.
      if (error instanceof NotKnown) return 2;
      throw error;
    }
  };
  return balancerParts(context, zones, () => !flagOf(values, "aws_lb.internal"));
};

/** Where it is a machine's, that counts the hours in which it runs; it costs as much while the machine rests. */
const address: Pricer = ({ values }, context) => {
  const counted = isSet(values, "aws_eip.instance") ? monthlyHours(context.environment?.schedule) : 0;
  return [charge(context, "ipv4", "public address", () => [[HOURS - counted, "h"]])];
};

const natGateway: Pricer = ({ values }, context) => [
  charge(context, "nat.hour", "NAT gateway", () => [hours]),
  charge(context, "nat.gigabyte", "processed", () => [[use(context, "natGigabytes"), "GB"]]),
  // Without an `aws_eip` of its own nobody else counts its address; a private one has none.
  ...(!isSet(values, "aws_nat_gateway.allocation_id") && textOr(values, "aws_nat_gateway.connectivity_type", "public") !== "private"
    ? [charge(context, "ipv4", "public address", () => [hours])]
    : []),
];

const endpoint: Pricer = ({ values }, context) => {
  const kind = textOr(values, "aws_vpc_endpoint.vpc_endpoint_type", "Gateway");
  if (!["Gateway", "Interface"].includes(kind))
    return [noPrice(`endpoint.${kind}`, `not known: the price table has no endpoint of the type ${kind}`)];
  const isInterface = (): boolean => textOf(values, "aws_vpc_endpoint.vpc_endpoint_type", "Gateway") === "Interface";
  const zones = (): number => (isInterface() ? countOf(values, "aws_vpc_endpoint.subnet_ids") : 0);
  return [
    charge(context, "endpoint.hour", "interface endpoint", () => [[zones(), "zones"], hours]),
    charge(context, "endpoint.gigabyte", "processed", () => [[isInterface() ? use(context, "endpointGigabytes") : 0, "GB"]]),
  ];
};

/** A group of managed rules counts as one. */
const webAcl: Pricer = ({ values }, context) => [
  charge(context, "waf.acl", "web ACL", () => [[1, ""]]),
  charge(context, "waf.rule", "rules", () => [[blocksOf(values, "aws_wafv2_web_acl.rule").length, "rules"]]),
  charge(context, "waf.request", "requests", () => [[use(context, "webAclRequests"), "requests"]]),
];

/** A function runs before whatever is not the API's, at the most each request. */
const distribution: Pricer = ({ values }, context) => [
  charge(context, "cloudfront.gigabyte", "to browsers in Japan", () => [[use(context, "edgeGigabytes"), "GB"]]),
  charge(context, "cloudfront.request", "requests by TLS", () => [[use(context, "edgeRequests"), "requests"]]),
  charge(context, "cloudfront.function", "runs of its function", () => [
    [
      blocksOf(values, "aws_cloudfront_distribution.default_cache_behavior").some(
        (behavior) => blocksOf(behavior, "aws_cloudfront_distribution.default_cache_behavior.function_association").length > 0,
      )
        ? use(context, "edgeRequests")
        : 0,
      "requests",
    ],
  ]),
];

export const NETWORK: Pricers = {
  aws_cloudfront_distribution: distribution,
  aws_eip: address,
  aws_lb: loadBalancer,
  aws_nat_gateway: natGateway,
  aws_vpc_endpoint: endpoint,
  aws_wafv2_web_acl: webAcl,
};
