/** What one field of a cluster on Azure cannot say alone. */
import { nodeOf, nodesIn, POD_CIDR, SERVICE_CIDR, STAND_IN, SYSTEM_POOL } from "../facts/aks";
import { overlaps, prefixLength } from "../facts/cidr";
import type { Finding } from "../rules/finding";
import { each, only, type AzureRule } from "./rule";
import type { AzureEnvironment } from "./schema";

type Cluster = NonNullable<AzureEnvironment["cluster"]>;

/** A rule of environments that have a cluster. */
const ofCluster = (name: string, check: (cluster: Cluster, environment: AzureEnvironment) => readonly Finding[]): AzureRule => ({
  name,
  check: (environment) => (environment.cluster ? check(environment.cluster, environment) : []),
});

/** Every pool, by its path in the literal. */
const poolsOf = ({ pools, systemPool }: Cluster) => [
  ["cluster.systemPool", systemPool] as const,
  ...Object.entries(pools).map(([name, pool]) => [`cluster.pools.${name}`, pool] as const),
];

/** No other with Azure CNI Overlay. https://learn.microsoft.com/azure/application-gateway/for-containers/container-networking */
const GATEWAY_PREFIX = 24;

export const CLUSTER_RULES: readonly AzureRule[] = [
  {
    name: "a cluster goes with aks",
    check: ({ cluster, platform }) =>
      platform === "aks"
        ? only(cluster === undefined, { path: "cluster", value: undefined, allowed: 'a cluster, because platform is "aks"' })
        : only(cluster !== undefined, { path: "cluster", value: cluster, allowed: `left out, because platform is "${platform}"` }),
  },
  ofCluster("a pool keeps between its limits", (cluster) =>
    poolsOf(cluster).flatMap(([path, { max, min }]) =>
      only(min > max, { path: `${path}.min`, value: min, allowed: `at most ${path}.max ${max}` }),
    ),
  ),
  ofCluster("there are nodes for the services", ({ pools }) =>
    only(Object.keys(pools).length === 0, {
      path: "cluster.pools",
      value: pools,
      allowed: "one pool or more: the system's runs nothing else",
    }),
  ),
  // While machines of a pool are exchanged another stands in for it, under its name and this.
  ofCluster("a pool has a name of its own", ({ pools }) =>
    Object.keys(pools).flatMap((name) =>
      only(name === SYSTEM_POOL || name.endsWith(STAND_IN), {
        path: `cluster.pools.${name}`,
        value: name,
        allowed: `another name: AKS's own pool is called ${SYSTEM_POOL}, and what ends in ${STAND_IN} stands in for others`,
      }),
    ),
  ),
  ofCluster("what AKS itself runs stands twice outside development", ({ systemPool: { min } }, { stage }) =>
    only(min < 2 && stage !== "development", {
      path: "cluster.systemPool.min",
      value: min,
      allowed: `2 or more, because stage is ${stage}`,
    }),
  ),
  ofCluster("nodes are in several zones in production", (cluster, { stage }) =>
    poolsOf(cluster).flatMap(([path, { zones }]) =>
      only(new Set(zones).size < 2 && stage === "production", {
        path: `${path}.zones`,
        value: zones,
        allowed: "two or three zones, because stage is production",
      }),
    ),
  ),
  ofCluster("zones are named once", (cluster) =>
    poolsOf(cluster).flatMap(([path, { zones }]) =>
      only(new Set(zones).size < zones.length, { path: `${path}.zones`, value: zones, allowed: "each zone once" }),
    ),
  ),
  ofCluster("the API has an agreed uptime outside development", ({ tier }, { stage }) =>
    only(tier === "Free" && stage !== "development", {
      path: "cluster.tier",
      value: tier,
      allowed: `"Standard", because stage is ${stage}`,
    }),
  ),
  // While the machines of a pool are exchanged, there is another one of its size.
  ofCluster("the nodes' subnet has addresses for all of them", (cluster, { network: { subnets } }) => {
    const most = poolsOf(cluster).map(([, { max }]) => max);
    const needed = most.reduce((sum, max) => sum + max, 0) + Math.max(...most);
    const room = nodesIn(prefixLength(subnets.containers));
    return only(needed > room, {
      path: "network.subnets.containers",
      value: subnets.containers,
      allowed: `a network of ${needed} addresses or more: cluster's pools may have so many nodes while one is exchanged, and this one has ${room}`,
    });
  }),
  ofCluster("pods and Services have networks that are nobody else's", (_, { network: { cidr, operatorCidrs } }) =>
    [["network.cidr", cidr] as const, ...operatorCidrs.map((one, index) => [`network.operatorCidrs[${index}]`, one] as const)].flatMap(
      ([path, network]) =>
        [POD_CIDR, SERVICE_CIDR].flatMap((inside) =>
          only(overlaps(network, inside), { path, value: network, allowed: `a network apart from ${inside}, which is the cluster's own` }),
        ),
    ),
  ),
  ofCluster("the gateway's subnet is one that Application Gateway for Containers takes", (_, { gateway, network: { subnets } }) =>
    only(gateway !== undefined && prefixLength(subnets.gateway) !== GATEWAY_PREFIX, {
      path: "network.subnets.gateway",
      value: subnets.gateway,
      allowed: `a mask of /${GATEWAY_PREFIX}`,
    }),
  ),
  ofCluster("a cluster's gateway grows by itself", (_, { gateway }) =>
    only(gateway?.maxCapacity !== undefined, {
      path: "gateway.maxCapacity",
      value: gateway?.maxCapacity,
      allowed: "left out: Application Gateway for Containers has no limit to set",
    }),
  ),
  each("a node holds each service", (path, { cpu, memory }, { cluster }) => {
    if (!cluster) return [];
    const nodes = Object.values(cluster.pools).map(({ size }) => nodeOf(size));
    // Something of each node is Kubernetes's own.
    return only(!nodes.some((node) => node.cpu > cpu && node.memory > memory), {
      path: `${path}.cpu`,
      value: cpu,
      allowed: `less, or larger nodes: none of cluster.pools has more than ${cpu} CPU units and ${memory} MiB`,
    });
  }),
];
