/** Rules of the VPC: addresses, zones, the way out, and how many rules AWS takes. */
import { contains, overlaps, prefixLength } from "../facts/cidr";
import { privateClients } from "../schema/hosts";
import type { DedicatedNetwork, Environment } from "../schema";
import { repeated, type Finding, type Part, type Rule } from "./finding";

/** AWS allows VPC and subnet masks from /16 to /28; a load balancer wants /27 or larger. */
const MASKS = "a mask from /16 to /28";
const VPC_PREFIX = { minimum: 16, maximum: 28 };
const LOAD_BALANCER_PREFIX = 27;
/** RFC 1918 and RFC 6598: public addresses inside the VPC would hide their owners' machines from it. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
/** Rules in a direction that AWS takes without asking: of a security group, of a network ACL. */
const SECURITY_GROUP_RULES = 60;
const NETWORK_ACL_RULES = 20;

/** A rule that concerns a VPC of one's own. */
const dedicated = (
  name: string,
  reads: readonly Part[],
  check: (network: DedicatedNetwork, environment: Environment) => readonly Finding[],
): Rule => ({
  name,
  reads: ["network", ...reads],
  check: (environment) => (environment.network.kind === "dedicated" ? check(environment.network, environment) : []),
});

const subnetsOf = ({ subnets }: DedicatedNetwork) =>
  Object.entries(subnets).flatMap(([tier, cidrs]) =>
    cidrs.map((cidr, index) => ({ tier, path: `network.subnets.${tier}[${index}]`, cidr })),
  );

export const NETWORK_RULES: readonly Rule[] = [
  {
    // C-06, NET-007, NET-012: in the default VPC every machine stands in a public subnet.
    name: "only development stands in the default VPC",
    reads: ["network", "stage"],
    check: ({ network, stage }) =>
      network.kind === "default" && stage !== "development"
        ? [{ path: "network.kind", value: network.kind, allowed: `"dedicated", because stage is ${stage}` }]
        : [],
  },
  dedicated("the VPC is a private network of a size that AWS takes", [], ({ cidr }) => [
    ...(prefixLength(cidr) < VPC_PREFIX.minimum || prefixLength(cidr) > VPC_PREFIX.maximum
      ? [{ path: "network.cidr", value: cidr, allowed: MASKS }]
      : []),
    ...(PRIVATE.some((range) => contains(range, cidr))
      ? []
      : [{ path: "network.cidr", value: cidr, allowed: `a private network, inside one of ${PRIVATE.join(", ")}` }]),
  ]),
  dedicated("subnets have a size that AWS takes", [], (network) =>
    subnetsOf(network).flatMap(({ tier, path, cidr }): Finding[] => {
      if (prefixLength(cidr) > VPC_PREFIX.maximum) return [{ path, value: cidr, allowed: MASKS }];
      return tier === "public" && prefixLength(cidr) > LOAD_BALANCER_PREFIX
        ? [{ path, value: cidr, allowed: "a mask of /27 or wider: a load balancer needs eight free addresses" }]
        : [];
    }),
  ),
  dedicated("subnets lie inside the VPC", [], (network) =>
    subnetsOf(network).flatMap(({ path, cidr }) =>
      contains(network.cidr, cidr) ? [] : [{ path, value: cidr, allowed: `a network inside network.cidr ${network.cidr}` }],
    ),
  ),
  dedicated("subnets do not overlap", [], (network) => {
    const subnets = subnetsOf(network);
    return subnets.flatMap(({ path, cidr }, index) =>
      subnets
        .slice(0, index)
        .filter((earlier) => overlaps(earlier.cidr, cidr))
        .map((earlier) => ({ path, value: cidr, allowed: `a network apart from ${earlier.path} ${earlier.cidr}` })),
    );
  }),
  {
    // Load balancer, database subnet group and Multi-AZ cache each need two zones (C-09).
    name: "there are two zones, each once",
    reads: ["network"],
    check: ({ network: { zones } }) => [
      ...(new Set(zones).size < 2
        ? [{ path: "network.zones", value: zones, allowed: "two or more different zones: load balancer, database and cache need two" }]
        : []),
      ...repeated("network.zones", zones),
    ],
  },
  {
    name: "zones belong to the region",
    reads: ["network", "region"],
    check: ({ network: { zones }, region }) =>
      zones.flatMap((zone, index) =>
        zone.slice(0, -1) === region
          ? []
          : [{ path: `network.zones[${index}]`, value: zone, allowed: `a zone of region ${region}, such as ${region}a` }],
      ),
  },
  dedicated("every tier has a subnet in every zone", [], ({ zones, subnets }) =>
    Object.entries(subnets).flatMap(([tier, cidrs]) =>
      cidrs.length === zones.length
        ? []
        : [{ path: `network.subnets.${tier}`, value: cidrs, allowed: `${zones.length} networks, one for each of network.zones` }],
    ),
  ),

  // --- the way out ---
  // Without NAT a private subnet reaches AWS only through interface endpoints, and Session Manager needs these three.
  dedicated("without NAT, hosts are reached through endpoints", [], ({ nat, interfaceEndpoints }) => {
    if (nat.kind !== "none") return [];
    const missing = (["ssm", "ssmmessages", "ec2messages"] as const).filter((service) => !interfaceEndpoints.includes(service));
    return missing.length === 0
      ? []
      : [
          {
            path: "network.interfaceEndpoints",
            value: interfaceEndpoints,
            allowed: `a list with ${missing.join(", ")}, because network.nat.kind is none and hosts are administered through Session Manager`,
          },
        ];
  }),
  // ECR's endpoints bring the images; S3, where the layers lie, always has its gateway endpoint.
  dedicated(
    "without NAT, ECS works through endpoints",
    ["platform", "cluster", "services", "web"],
    ({ nat, interfaceEndpoints }, { platform, cluster, services, web }) => {
      if (nat.kind !== "none" || (platform !== "ecs" && !web?.service)) return [];
      const told = platform === "ecs" && Object.values(services).some(({ secrets }) => Object.keys(secrets).length > 0);
      const needed = [
        "ecr.api",
        "ecr.dkr",
        "logs",
        ...(told || web?.service?.databaseSecret !== undefined ? ["secretsmanager" as const] : []),
        ...(platform === "ecs" && cluster.executeCommand ? ["ssmmessages" as const] : []),
      ] as const;
      const missing = needed.filter((service) => !interfaceEndpoints.includes(service));
      return missing.length === 0
        ? []
        : [
            {
              path: "network.interfaceEndpoints",
              value: interfaceEndpoints,
              allowed: `a list with ${missing.join(", ")}, because network.nat.kind is none and ${platform === "ecs" ? "platform is ecs" : "web.service runs on ECS"}`,
            },
          ];
    },
  ),
  dedicated("EKS has NAT", ["platform"], ({ nat }, { platform }) =>
    nat.kind === "none" && platform === "eks"
      ? [
          {
            path: "network.nat.kind",
            value: nat.kind,
            allowed: '"instance" or "gateway": EKS nodes reach EC2\'s API and public chart images only through NAT',
          },
        ]
      : [],
  ),
  dedicated("each interface endpoint stands once", [], ({ interfaceEndpoints }) =>
    repeated("network.interfaceEndpoints", interfaceEndpoints),
  ),

  // --- how many rules AWS takes ---
  dedicated("a NAT instance's security group is not full", ["mt5"], ({ nat, zones }, { mt5: { egressPorts } }) => {
    if (nat.kind !== "instance" || zones.length === 0) return [];
    const most = Math.floor(SECURITY_GROUP_RULES / (2 * zones.length));
    return egressPorts.length <= most
      ? []
      : [
          {
            path: "mt5.egressPorts",
            value: egressPorts,
            allowed: `${most} ports at the most with ${zones.length} zones and a NAT instance: a security group takes ${SECURITY_GROUP_RULES} rules, one for each port and private subnet`,
          },
        ];
  }),
  // One rule for the VPC, one for each port to the Internet, one for the answers to each client network.
  dedicated("the private network ACL is not full", ["windows", "mt5"], (_, { mt5: { egressPorts }, windows }) => {
    const clients = privateClients(windows).length;
    const ports = new Set(egressPorts).size;
    const most = Math.max(0, NETWORK_ACL_RULES - 1 - ports);
    const [key, other] =
      windows.adminCidrs.length >= windows.uiCidrs.length || windows.uiLoadBalancer
        ? (["adminCidrs", "uiCidrs"] as const)
        : (["uiCidrs", "adminCidrs"] as const);
    return clients <= most || clients === 0
      ? []
      : [
          {
            path: `windows.${key}`,
            value: windows[key],
            allowed: `${most} different networks at the most together with windows.${other}, beside ${ports} outbound ports: a network ACL takes ${NETWORK_ACL_RULES} rules in a direction`,
          },
        ];
  }),
];
