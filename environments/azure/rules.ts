/** What one field of an environment on Azure cannot say alone. */
import { contains, overlaps, prefixLength } from "../facts/cidr";
import type { Grant } from "../schema/services";
import { CLUSTER_RULES } from "./cluster-rules";
import { each, only, type AzureRule } from "./rule";
import type { AzureEnvironment, AzureService } from "./schema";

/** Of the rights that services may have on AWS: the orders table, queues and topics stay there, where trading is. */
export const AZURE_GRANTS = [
  "rawMarketData.read",
  "rawMarketData.readWrite",
  "processedMarketData.read",
  "processedMarketData.readWrite",
  "backtestResults.read",
  "backtestResults.readWrite",
  "cache.connect",
  "database.connect",
] as const satisfies readonly Grant[];
export type AzureGrant = (typeof AZURE_GRANTS)[number];
export const isAzureGrant = (grant: Grant): grant is AzureGrant => (AZURE_GRANTS as readonly string[]).includes(grant);

/** Whether a service is a group of Container Instances: a revision of a container app starts before the one before it stops. */
export const isContainerGroup = ({ strategy }: AzureService, platform: AzureEnvironment["platform"]): boolean =>
  platform === "container-instances" || (platform !== "aks" && strategy === "recreate");

/** Largest database of the small sizes. https://learn.microsoft.com/azure/azure-sql/database/resource-limits-dtu-single-databases */
const SMALL_SKUS = ["S0", "S1", "S2"];
const SMALL_SKU_GIGABYTES = 250;
/** https://learn.microsoft.com/azure/container-apps/containers: from a quarter of a vCPU to 4, with 2 GiB for each. */
const QUARTER_CPU = 256;
const MOST_CPU = 4096;
/** Container Apps want /27 for workload profiles; Application Gateway and private endpoints no less than /29. */
const WIDEST_PREFIX = { containers: 27, gateway: 26, instances: 28, database: 28 } as const;

/** https://learn.microsoft.com/azure/application-gateway/url-route-overview */
const GATEWAY_PATH = /^\/([^*?]*\/)?\*$|^\/[^*?]*$/;

/** A field that Azure has no counterpart of, so that it would have no effect. @param inCluster whether a cluster has none either */
const without = (
  field: keyof AzureService & string,
  isSet: (service: AzureService) => boolean,
  why: string,
  inCluster: boolean,
): AzureRule =>
  each(`a service has no ${field}`, (path, service, { platform }) =>
    only(isSet(service) && (inCluster || platform !== "aks"), {
      path: `${path}.${field}`,
      value: service[field],
      allowed: `left out: ${why}`,
    }),
  );

export const AZURE_RULES: readonly AzureRule[] = [
  {
    name: "data is protected outside development",
    check: ({ deletionProtection, stage }) =>
      only(!deletionProtection && stage !== "development", {
        path: "deletionProtection",
        value: deletionProtection,
        allowed: `true, because stage is ${stage}`,
      }),
  },
  {
    // AZR-008: Standard has one.
    name: "the cache has a replica in production",
    check: ({ data, stage }) =>
      only(!data.cache.highAvailability && stage === "production", {
        path: "data.cache.highAvailability",
        value: false,
        allowed: "true, because stage is production",
      }),
  },
  {
    name: "data is kept in more than one zone in production",
    check: ({ data, stage }) =>
      only(data.storage.replication === "LRS" && stage === "production", {
        path: "data.storage.replication",
        value: "LRS",
        allowed: '"ZRS", "GRS" or "GZRS", because stage is production',
      }),
  },
  {
    name: "the database's size is one that its SKU has",
    check: ({ data: { database } }) =>
      only(SMALL_SKUS.includes(database.sku) && database.maxSizeGigabytes > SMALL_SKU_GIGABYTES, {
        path: "data.database.maxSizeGigabytes",
        value: database.maxSizeGigabytes,
        allowed: `at most ${SMALL_SKU_GIGABYTES} with sku ${database.sku}`,
      }),
  },
  {
    name: "subnets lie inside the network, large enough",
    check: ({ network: { cidr, subnets } }) =>
      Object.entries(subnets).flatMap(([name, subnet]) => {
        const widest = WIDEST_PREFIX[name as keyof typeof subnets];
        const path = `network.subnets.${name}`;
        if (!contains(cidr, subnet)) return [{ path, value: subnet, allowed: `a network inside network.cidr ${cidr}` }];
        return only(prefixLength(subnet) > widest, { path, value: subnet, allowed: `a mask of /${widest} or wider` });
      }),
  },
  {
    name: "subnets do not overlap",
    check: ({ network: { subnets } }) => {
      const all = Object.entries(subnets);
      return all.flatMap(([name, subnet], index) =>
        all
          .slice(0, index)
          .filter(([, earlier]) => overlaps(earlier, subnet))
          .map(([earlierName, earlier]) => ({
            path: `network.subnets.${name}`,
            value: subnet,
            allowed: `a network apart from network.subnets.${earlierName} ${earlier}`,
          })),
      );
    },
  },
  {
    name: "blobs grow colder with age",
    check: ({ data: { storage } }) =>
      Object.entries(storage.containers).flatMap(([name, { coolAfterDays, coldAfterDays, archiveAfterDays }]) => {
        const ages = [coolAfterDays, coldAfterDays, archiveAfterDays].filter((age) => age !== undefined);
        return only(
          ages.some((age, index) => index > 0 && age <= ages[index - 1]!),
          { path: `data.storage.containers.${name}`, value: ages, allowed: "cool, cold and archive, each later than the one before" },
        );
      }),
  },
  {
    // https://learn.microsoft.com/azure/storage/blobs/access-tiers-overview
    name: "archived blobs are where Azure archives",
    check: ({ data: { storage } }) =>
      Object.entries(storage.containers).flatMap(([name, { archiveAfterDays }]) =>
        only(archiveAfterDays !== undefined && storage.replication.endsWith("ZRS"), {
          path: `data.storage.containers.${name}.archiveAfterDays`,
          value: archiveAfterDays,
          allowed: `left out, because replication is ${storage.replication}: there is an archive with LRS and GRS only`,
        }),
      ),
  },
  {
    name: "what has a route has a gateway, and none stands idle",
    check: ({ gateway, platform, services }) => {
      const routed = platform === "none" ? [] : Object.values(services).filter(({ route }) => route !== undefined);
      if (routed.length > 0 && !gateway)
        return [{ path: "gateway", value: undefined, allowed: "an application gateway, because services have a route" }];
      return only(gateway !== undefined && routed.length === 0, {
        path: "gateway",
        value: gateway,
        allowed: "left out, because no service has a route",
      });
    },
  },
  {
    name: "whole networks are let in only in development",
    check: ({ cluster, gateway, network: { operatorCidrs }, stage }) =>
      Object.entries({
        "gateway.clientCidrs": gateway?.clientCidrs ?? [],
        "network.operatorCidrs": operatorCidrs,
        "cluster.apiServerCidrs": cluster?.apiServerCidrs ?? [],
      }).flatMap(([path, networks]) =>
        networks.flatMap((network, index) =>
          only(stage !== "development" && prefixLength(network) < 8, {
            path: `${path}[${index}]`,
            value: network,
            allowed: `a network of /8 or narrower, because stage is ${stage}`,
          }),
        ),
      ),
  },
  each("a service has a size that Container Apps offer", (path, { cpu, memory }, { platform }) =>
    platform === "aks"
      ? []
      : [
          ...only(cpu % QUARTER_CPU !== 0 || cpu > MOST_CPU, {
            path: `${path}.cpu`,
            value: cpu,
            allowed: `from ${QUARTER_CPU} to ${MOST_CPU}, in steps of ${QUARTER_CPU}`,
          }),
          ...only(memory !== cpu * 2, {
            path: `${path}.memory`,
            value: memory,
            allowed: `${cpu * 2} MiB: Container Apps give 2 GiB for each vCPU`,
          }),
        ],
  ),
  each("rights are those that Azure has", (path, { grants }) =>
    grants.flatMap((grant, index) =>
      only(!isAzureGrant(grant), {
        path: `${path}.grants[${index}]`,
        value: grant,
        allowed: `one of ${AZURE_GRANTS.map((name) => JSON.stringify(name)).join(", ")}: the orders table, queues and topics are AWS's`,
      }),
    ),
  ),
  each("calls name other services", (path, { calls }, { services }) =>
    calls.flatMap((callee, index) =>
      only(!Object.hasOwn(services, callee), {
        path: `${path}.calls[${index}]`,
        value: callee,
        allowed: `one of ${Object.keys(services).join(", ")}`,
      }),
    ),
  ),
  each("secrets are named as Key Vault names them", (path, { secrets }) =>
    Object.entries(secrets).flatMap(([variable, { secret, key }]) =>
      only(!/^[A-Za-z0-9-]{1,126}$/.test(`${secret}-${key}`), {
        path: `${path}.secrets.${variable}`,
        value: `${secret}-${key}`,
        allowed: "letters, digits and hyphens: the entry of the vault is called <secret>-<key>",
      }),
    ),
  ),
  each("what must never be two is one, and a container group is", (path, service, { platform }) => {
    const { replicas, scaling, strategy } = service;
    const isGroup = isContainerGroup(service, platform);
    return only((isGroup || strategy === "recreate") && (scaling !== undefined || (replicas ?? 1) !== 1), {
      path: `${path}.replicas`,
      value: scaling ?? replicas,
      allowed: isGroup ? "1: a container group is one" : "1: there must never be two",
    });
  }),
  // Its address is not promised to stay, and in a network it has no name: https://learn.microsoft.com/azure/container-instances/container-instances-update
  each("nobody reaches a container group, and no secret stands in it", (path, service, { platform }) => {
    const { route, secrets } = service;
    return !isContainerGroup(service, platform)
      ? []
      : [
          ...only(route !== undefined, {
            path: `${path}.route`,
            value: route,
            allowed: "left out: a container group has no name that stays",
          }),
          ...only(Object.keys(secrets).length > 0, {
            path: `${path}.secrets`,
            value: secrets,
            allowed: "none: Container Instances would keep them in the state; let the service read the vault itself",
          }),
        ];
  }),
  each("nobody calls a container group", (path, { calls }, { platform, services }) =>
    calls.flatMap((callee, index) =>
      only(services[callee] !== undefined && isContainerGroup(services[callee], platform), {
        path: `${path}.calls[${index}]`,
        value: callee,
        allowed: "a service that is a container app: a container group has no name that stays",
      }),
    ),
  ),
  each("a route is told by paths that a gateway takes", (path, { route }) => [
    ...only((route?.hosts.length ?? 0) > 0, {
      path: `${path}.route.hosts`,
      value: route?.hosts,
      allowed: "none: not built on Azure, where paths tell services apart",
    }),
    ...only(route?.paths.length === 0, { path: `${path}.route.paths`, value: [], allowed: "one path or more" }),
    ...(route?.paths ?? []).flatMap((pattern, index) =>
      only(!GATEWAY_PATH.test(pattern), {
        path: `${path}.route.paths[${index}]`,
        value: pattern,
        allowed: "a path with * at its end only, behind a slash, such as /ml/*",
      }),
    ),
  ]),
  without("architecture", ({ architecture }) => architecture !== "x86_64", "Container Apps and the cluster's nodes run x86_64", true),
  without("ports", ({ ports }) => Object.keys(ports).length > 0, "the provider knows one port of a container app", false),
  without("healthCommand", ({ healthCommand }) => healthCommand !== undefined, "probes ask over HTTP", true),
  without("spot", ({ spot }) => spot !== undefined, "no interruptible capacity is built on Azure", true),
  without("scratchGigabytes", ({ scratchGigabytes }) => scratchGigabytes !== undefined, "it follows the CPU there", false),
  each("a service scales by CPU and memory", (path, { scaling }) => [
    ...only(scaling?.queue !== undefined, {
      path: `${path}.scaling.queue`,
      value: scaling?.queue,
      allowed: "left out: the queues are AWS's",
    }),
    ...only((scaling?.schedule.length ?? 0) > 0, {
      path: `${path}.scaling.schedule`,
      value: scaling?.schedule,
      allowed: "none: not built on Azure",
    }),
    ...only(scaling !== undefined && scaling.min > scaling.max, {
      path: `${path}.scaling.min`,
      value: scaling?.min,
      allowed: `at most max ${scaling?.max}`,
    }),
  ]),
  ...CLUSTER_RULES,
];
