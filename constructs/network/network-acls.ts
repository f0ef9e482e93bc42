import { DefaultNetworkAcl } from "@cdktf/provider-aws/lib/default-network-acl";
import { NetworkAcl } from "@cdktf/provider-aws/lib/network-acl";
import { NetworkAclRule } from "@cdktf/provider-aws/lib/network-acl-rule";
import { Construct } from "constructs";
import { TIERS, type DedicatedNetwork } from "./dedicated-network";
import type { Tier } from "./network";
import { cidrId } from "./security-group";

export interface NetworkAclsProps {
  readonly network: DedicatedNetwork;
  /** TCP ports that private hosts reach outside: HTTP, HTTPS and the broker's (SEC-009, C-15). */
  readonly outboundPorts: readonly number[];
  /** Networks outside the VPC, behind a VPN, whose clients private hosts answer (SEC-003, SEC-005). @default none */
  readonly clientCidrs?: readonly string[];
}

/** One line of an ACL: number, direction, what, and the network on the other side. */
interface AclRule {
  readonly id: string;
  /** Lower numbers are tried first, as far as it matters among rules that all allow; a changed number replaces the rule. */
  readonly number: number;
  readonly egress: boolean;
  readonly protocol: keyof typeof PROTOCOLS;
  /** First and last port of `tcp`. */
  readonly ports?: readonly [number, number];
  readonly cidr: string;
}

const WORLD = "0.0.0.0/0";
/**
 * Where answers arrive. Load balancers and NAT gateways take any of these ports, so the range cannot be narrower, and it takes in
 * 3389 and 8501: keeping those closed is the security groups' part, which know whose connection it is.
 */
const EPHEMERAL = [1024, 65_535] as const;
const PROTOCOLS = {
  all: { protocol: "-1" },
  tcp: { protocol: "tcp" },
  // Without it a path with a smaller packet size swallows large packets silently.
  "fragmentation-needed": { protocol: "icmp", icmpType: 3, icmpCode: 4 },
} as const;
const POSTGRESQL = 5432;
const REDIS = 6379;

/**
 * A stateless fence around each tier, beside the security groups (SEC-027, C-65): it holds even where a group is too wide.
 *
 * What AWS does not filter by ACL needs no rule: the VPC's DNS resolver, the metadata service, the time service. NAT keeps the far
 * side's address in what it hands on, so that private tiers too must take answers from anywhere; gateway endpoints do the same.
 * Rules are resources of their own: the review shows each, and inline ones of one ACL are rewritten together.
 */
export class NetworkAcls extends Construct {
  constructor(scope: Construct, id: string, props: NetworkAclsProps) {
    super(scope, id);
    const { network } = props;
    const rules = rulesOf(props);
    const acls = TIERS.map((tier) => {
      const acl = new NetworkAcl(this, tier, { vpcId: network.vpcId, subnetIds: network.subnetIds(tier), tags: network.nameTag(tier) });
      for (const rule of rules[tier]) this.addRule(tier, acl.id, rule);
      return acl;
    });
    // A subnet that nobody gave an ACL is closed, not open. Made last, when no subnet is left in it, so that its list stays empty.
    new DefaultNetworkAcl(this, "default", {
      defaultNetworkAclId: network.defaultNetworkAclId,
      tags: network.nameTag("default-closed"),
      dependsOn: acls,
    });
  }

  private addRule(tier: Tier, networkAclId: string, { id, number, egress, protocol, ports, cidr }: AclRule): void {
    new NetworkAclRule(this, `${tier}-${egress ? "to" : "from"}-${id}`, {
      networkAclId,
      ruleNumber: number,
      egress,
      ruleAction: "allow",
      cidrBlock: cidr,
      ...PROTOCOLS[protocol],
      ...(ports && { fromPort: ports[0], toPort: ports[1] }),
    });
  }
}

function rulesOf({ network, outboundPorts, clientCidrs = [] }: NetworkAclsProps): Readonly<Record<Tier, readonly AclRule[]>> {
  const { cidr: vpc } = network;
  const allow = (
    direction: "from" | "to",
    id: string,
    number: number,
    cidr: string,
    protocol: AclRule["protocol"],
    ports?: readonly [number, number],
  ): AclRule => ({ id, number, egress: direction === "to", protocol, ports, cidr });
  const insideVpc = [allow("from", "vpc", 100, vpc, "all"), allow("to", "vpc", 100, vpc, "all")];
  const answersFromOutside = [
    allow("from", "internet-answers", 200, WORLD, "tcp", EPHEMERAL),
    allow("from", "internet-fragmentation", 210, WORLD, "fragmentation-needed"),
  ];
  const callsTo = (ports: readonly number[]) =>
    [...new Set(ports)].map((port, index) => allow("to", `internet-${port}`, 110 + index, WORLD, "tcp", [port, port]));
  return {
    public: [
      ...insideVpc,
      // SEC-011: load balancer; SEC-024: edge.
      allow("from", "internet-80", 110, WORLD, "tcp", [80, 80]),
      allow("from", "internet-443", 120, WORLD, "tcp", [443, 443]),
      ...answersFromOutside,
      // What NAT passes on.
      ...callsTo([...outboundPorts, 80, 443]),
      allow("to", "internet-answers", 200, WORLD, "tcp", EPHEMERAL),
    ],
    private: [
      ...insideVpc,
      ...answersFromOutside,
      ...callsTo(outboundPorts),
      ...clientCidrs.map((cidr, index) => allow("to", `client-answers-${cidrId(cidr)}`, 300 + index, cidr, "tcp", EPHEMERAL)),
    ],
    // Images, packages and APIs come over HTTP and HTTPS; the broker is not the containers' business.
    containers: [...insideVpc, ...answersFromOutside, ...callsTo(outboundPorts.filter((port) => port === 80 || port === 443))],
    // C-16: PostgreSQL; NET-036: Redis. Nothing in this tier opens connections.
    database: [
      allow("from", "vpc-postgresql", 100, vpc, "tcp", [POSTGRESQL, POSTGRESQL]),
      allow("from", "vpc-redis", 110, vpc, "tcp", [REDIS, REDIS]),
      allow("to", "vpc-answers", 100, vpc, "tcp", EPHEMERAL),
    ],
  };
}
