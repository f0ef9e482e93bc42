/** Rules of the caches: the trading system's and the web application's. */
import type { Environment } from "../schema";
import { pathTo, type Finding, type Rule } from "./finding";
import { windowsOverlap, windowMinutes } from "./windows";

type Cache = Environment["data"]["cache"];

/** Each cache with its path. */
const cachesOf = ({ data: { cache }, web }: Pick<Environment, "data" | "web">): readonly (readonly [path: string, Cache])[] => [
  ["data.cache", cache],
  ...(web?.cache ? [["web.cache", { kind: "single", encryption: true, ...web.cache }] as const] : []),
];

/** A rule over every cache. */
const each = (name: string, check: (cache: Cache, path: string) => readonly Finding[]): Rule => ({
  name,
  reads: ["data.cache", "web"],
  check: (environment) => cachesOf(environment).flatMap(([path, cache]) => check(cache, path)),
});

/** What Redis 7.0 takes for the parameters that are documented here (DAT-068). Others are checked by AWS. */
const PARAMETERS: Readonly<Record<string, { readonly takes: RegExp; readonly words: string }>> = {
  "maxmemory-policy": {
    takes: /^(noeviction|(allkeys|volatile)-(lru|lfu|random)|volatile-ttl)$/,
    words:
      '"noeviction", "allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-lfu", "volatile-random" or "volatile-ttl"',
  },
  timeout: { takes: /^(0|[2-9]\d|[1-9]\d{2,8})$/, words: "seconds after which an idle connection is closed: 0 for never, or 20 and more" },
  "tcp-keepalive": { takes: /^(0|[1-9]\d{0,8})$/, words: "seconds between probes, 0 for none" },
};
/** Nodes of a cluster: primaries and replicas together. */
const CACHE_NODES = 500;
/** Generations that know no encryption or no Redis 7. */
const OLD_NODE_TYPES = /^cache\.(t1|t2|m1|m2|m3|c1|r3)\./;

export const CACHE_RULES: readonly Rule[] = [
  each("a Multi-AZ cache has replicas", (cache, path) =>
    cache.kind === "cluster" && cache.multiAz && cache.replicasPerShard < 1
      ? [{ path: `${path}.replicasPerShard`, value: cache.replicasPerShard, allowed: `1 or more, because ${path}.multiAz is true` }]
      : [],
  ),
  each("a cache cluster has 500 nodes at the most", (cache, path) => {
    if (cache.kind !== "cluster") return [];
    const most = Math.floor(CACHE_NODES / (1 + cache.replicasPerShard));
    return cache.shards <= most
      ? []
      : [
          {
            path: `${path}.shards`,
            value: cache.shards,
            allowed: `${most} at the most with ${path}.replicasPerShard ${cache.replicasPerShard}: ElastiCache takes ${CACHE_NODES} nodes`,
          },
        ];
  }),
  each("an encrypted cache has nodes that can encrypt", (cache, path) =>
    (cache.kind === "cluster" || cache.encryption) && OLD_NODE_TYPES.test(cache.nodeType)
      ? [
          {
            path: `${path}.nodeType`,
            value: cache.nodeType,
            allowed: "a type of the current generation such as cache.t3.micro: older ones cannot encrypt",
          },
        ]
      : [],
  ),
  each("cache windows last 60 minutes or more", (cache, path) =>
    (["snapshotWindow", "maintenanceWindow"] as const).flatMap((key): Finding[] =>
      windowMinutes(cache[key]) >= 60 ? [] : [{ path: `${path}.${key}`, value: cache[key], allowed: "a window of 60 minutes or more" }],
    ),
  ),
  each("cache maintenance and snapshots do not overlap", ({ maintenanceWindow, snapshotWindow }, path) =>
    windowsOverlap(maintenanceWindow, snapshotWindow)
      ? [
          {
            path: `${path}.maintenanceWindow`,
            value: maintenanceWindow,
            allowed: `a window apart from ${path}.snapshotWindow ${snapshotWindow}: ElastiCache refuses windows that overlap`,
          },
        ]
      : [],
  ),
  each("cache parameters have values that Redis takes", ({ parameters }, path) =>
    Object.entries(parameters).flatMap(([key, value]): Finding[] => {
      const place = pathTo(`${path}.parameters`, key);
      if (key === "cluster-enabled") return [{ path: place, value, allowed: "no such parameter: data.cache.kind says it" }];
      const known = Object.hasOwn(PARAMETERS, key) ? PARAMETERS[key] : undefined;
      return known && !known.takes.test(value) ? [{ path: place, value, allowed: known.words }] : [];
    }),
  ),
  {
    // C-19: at rest and in transit outside development.
    name: "only development has an unencrypted cache",
    reads: ["stage", "data.cache"],
    check: ({ stage, data: { cache } }) =>
      stage !== "development" && cache.kind === "single" && !cache.encryption
        ? [{ path: "data.cache.encryption", value: false, allowed: `true, because stage is ${stage}` }]
        : [],
  },
  {
    // C-09, C-18, DAT-072.
    name: "production's cache survives a zone",
    reads: ["stage", "data.cache"],
    check: ({ stage, data: { cache } }) => {
      if (stage !== "production") return [];
      if (cache.kind === "single")
        return [{ path: "data.cache.kind", value: cache.kind, allowed: '"cluster", because stage is production' }];
      return cache.multiAz ? [] : [{ path: "data.cache.multiAz", value: false, allowed: "true, because stage is production" }];
    },
  },
];
