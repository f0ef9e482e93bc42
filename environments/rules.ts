/**
 * What one field alone cannot say: rules over several fields of one environment.
 *
 * Each rule names the top-level keys it reads, so that it runs whenever those are well formed, however broken the rest is:
 * a person sees every problem of a literal at once.
 */
import { contains, overlaps, prefixLength } from "./cidr";
import type { Environment, Image, Queue } from "./schema";

/** One problem: where it is, what stands there, what is allowed. */
export interface Finding {
  /** Path in the literal, as code would write it: `network.subnets.private[1]`. */
  readonly path: string;
  readonly value: unknown;
  readonly allowed: string;
}

export interface Rule {
  readonly reads: readonly (keyof Environment)[];
  readonly check: (environment: Environment) => readonly Finding[];
}

const WORLD = "0.0.0.0/0";
/** AWS allows VPC and subnet masks from /16 to /28. */
const VPC_PREFIX = { minimum: 16, maximum: 28 };

/** Every text of the literal that is the physical name of a resource. */
export function physicalNames(environment: Environment): { path: string; kind: string; name: string }[] {
  const { events, data, windows, stateBucket } = environment;
  const queues = { orderQueue: events.orderQueue, ...(events.alertProcessingQueue && { alertProcessingQueue: events.alertProcessingQueue }) };
  return [
    ...Object.entries(queues).flatMap(([key, queue]) => [
      { path: `events.${key}.name`, kind: "queue", name: queue.name },
      { path: `events.${key}.deadLetter.name`, kind: "queue", name: queue.deadLetter.name },
    ]),
    { path: "events.systemEventsTopic", kind: "topic", name: events.systemEventsTopic },
    { path: "events.systemAlertsTopic", kind: "topic", name: events.systemAlertsTopic },
    ...Object.entries(data.buckets).map(([key, bucket]) => ({ path: `data.buckets.${key}.name`, kind: "bucket", name: bucket.name })),
    { path: "data.accessLogBucket.name", kind: "bucket", name: data.accessLogBucket.name },
    { path: "stateBucket", kind: "bucket", name: stateBucket },
    { path: "data.table.name", kind: "table", name: data.table.name },
    { path: "data.cache.id", kind: "cache", name: data.cache.id },
    ...Object.entries(data.secrets).map(([key, secret]) => ({ path: `data.secrets.${key}.name`, kind: "secret", name: secret.name })),
    { path: "windows.securityGroup", kind: "security group", name: windows.securityGroup },
  ];
}

/** Graviton families carry a g after the generation digit (t4g, m7gd, im4gn), or are called a1. g4dn and p4d are x86_64. */
export function architectureOf(instanceType: string): Image["architecture"] {
  return /^([a-z]+\d+g[a-z]*|a1)\./.test(instanceType) ? "arm64" : "x86_64";
}

function hostFindings(path: string, host: { instanceType: string; image: Image }): Finding[] {
  const needed = architectureOf(host.instanceType);
  if (host.image.architecture === needed) return [];
  return [{ path: `${path}.image.architecture`, value: host.image.architecture, allowed: `${needed}, the architecture of ${path}.instanceType ${host.instanceType}` }];
}

function queueFindings(path: string, queue: Queue): Finding[] {
  const findings: Finding[] = [];
  const { deadLetter } = queue;
  for (const [where, name] of [["name", queue.name], ["deadLetter.name", deadLetter.name]] as const) {
    if (queue.fifo && !name.endsWith(".fifo")) findings.push({ path: `${path}.${where}`, value: name, allowed: `a name ending in .fifo, because ${path}.fifo is true` });
    if (!queue.fifo && name.endsWith(".fifo")) findings.push({ path: `${path}.${where}`, value: name, allowed: `a name without .fifo, because ${path}.fifo is false` });
  }
  if (deadLetter.name === queue.name) findings.push({ path: `${path}.deadLetter.name`, value: deadLetter.name, allowed: "a name other than the queue's own" });
  if (deadLetter.messageRetentionSeconds < queue.messageRetentionSeconds) {
    findings.push({
      path: `${path}.deadLetter.messageRetentionSeconds`, value: deadLetter.messageRetentionSeconds,
      allowed: `at least ${path}.messageRetentionSeconds ${queue.messageRetentionSeconds}: a moved message keeps its first time stamp`,
    });
  }
  return findings;
}

const windowMinutes = (window: string): number => {
  const [start = 0, end = 0] = [...window.matchAll(/(\d\d):(\d\d)/g)].map(([, hours, minutes]) => Number(hours) * 60 + Number(minutes));
  return (end - start + 1440) % 1440;
};

export const RULES: readonly Rule[] = [
  // --- network ---
  {
    reads: ["network"],
    check: ({ network }) => {
      if (network.kind !== "dedicated") return [];
      const findings: Finding[] = [];
      if (prefixLength(network.cidr) < VPC_PREFIX.minimum || prefixLength(network.cidr) > VPC_PREFIX.maximum) {
        findings.push({ path: "network.cidr", value: network.cidr, allowed: "a mask from /16 to /28" });
      }
      const subnets = Object.entries(network.subnets).flatMap(([tier, cidrs]) => cidrs.map((cidr, index) => ({ path: `network.subnets.${tier}[${index}]`, cidr })));
      for (const [index, { path, cidr }] of subnets.entries()) {
        if (prefixLength(cidr) > VPC_PREFIX.maximum) findings.push({ path, value: cidr, allowed: "a mask from /16 to /28" });
        if (!contains(network.cidr, cidr)) findings.push({ path, value: cidr, allowed: `inside network.cidr ${network.cidr}` });
        for (const earlier of subnets.slice(0, index)) {
          if (overlaps(earlier.cidr, cidr)) findings.push({ path, value: cidr, allowed: `apart from ${earlier.path} ${earlier.cidr}` });
        }
      }
      return findings;
    },
  },
  {
    // Load balancer, database subnet group and Multi-AZ cache each need two zones (C-09).
    reads: ["network", "region"],
    check: ({ network, region }) => {
      if (network.kind !== "dedicated") return [];
      const { zones, subnets } = network;
      const findings: Finding[] = [];
      if (new Set(zones).size < 2 || new Set(zones).size !== zones.length) findings.push({ path: "network.zones", value: zones, allowed: "two or more different zones: load balancer, database and cache need two" });
      for (const [index, zone] of zones.entries()) {
        if (zone.slice(0, -1) !== region) findings.push({ path: `network.zones[${index}]`, value: zone, allowed: `a zone of region ${region}` });
      }
      for (const [tier, cidrs] of Object.entries(subnets)) {
        if (cidrs.length !== zones.length) findings.push({ path: `network.subnets.${tier}`, value: cidrs, allowed: `${zones.length} networks, one for each of network.zones` });
      }
      return findings;
    },
  },
  {
    reads: ["network"],
    check: ({ network }) => (network.kind === "dedicated" && network.nat.kind === "instance" ? hostFindings("network.nat", network.nat) : []),
  },
  {
    // Without NAT a private subnet reaches AWS only through interface endpoints, and Session Manager needs these three.
    reads: ["network"],
    check: ({ network }) => {
      if (network.kind !== "dedicated" || network.nat.kind !== "none") return [];
      const missing = (["ssm", "ssmmessages", "ec2messages"] as const).filter((service) => !network.interfaceEndpoints.includes(service));
      return missing.length === 0 ? [] : [{ path: "network.interfaceEndpoints", value: network.interfaceEndpoints, allowed: `a list with ${missing.join(", ")}, because network.nat.kind is none and hosts are administered through Session Manager` }];
    },
  },
  {
    // Interface endpoints are made in the private subnets of a dedicated VPC, one for each service.
    reads: ["network"],
    check: ({ network }) => {
      if (network.kind !== "dedicated") return [];
      return network.interfaceEndpoints.flatMap((service, index, all) =>
        all.indexOf(service) === index ? [] : [{ path: `network.interfaceEndpoints[${index}]`, value: service, allowed: "each service once" }]);
    },
  },

  // --- hosts ---
  { reads: ["windows"], check: ({ windows }) => hostFindings("windows", windows) },
  { reads: ["linuxEngine"], check: ({ linuxEngine }) => (linuxEngine ? hostFindings("linuxEngine", linuxEngine) : []) },
  {
    // C-13: development may be open to the world, nothing else.
    reads: ["windows", "stage"],
    check: ({ windows, stage }) => {
      if (stage === "development") return [];
      return (["adminCidrs", "uiCidrs"] as const).flatMap((key) => windows[key].flatMap((cidr, index) =>
        prefixLength(cidr) === 0 ? [{ path: `windows.${key}[${index}]`, value: cidr, allowed: `a network narrower than ${WORLD}, because stage is ${stage}` }] : []));
    },
  },

  // --- messaging ---
  {
    reads: ["events"],
    check: ({ events }) => [
      ...queueFindings("events.orderQueue", events.orderQueue),
      ...(events.alertProcessingQueue ? queueFindings("events.alertProcessingQueue", events.alertProcessingQueue) : []),
      // A standard topic cannot deliver to a FIFO queue.
      ...(events.alertProcessingQueue?.fifo ? [{ path: "events.alertProcessingQueue.fifo", value: true, allowed: "false: a standard topic cannot deliver to a FIFO queue" }] : []),
    ],
  },
  {
    // An alarm that nobody hears is none.
    reads: ["events", "stage"],
    check: ({ events, stage }) => (stage !== "development" && events.alertSubscriptions.length === 0
      ? [{ path: "events.alertSubscriptions", value: [], allowed: `at least one subscription, because stage is ${stage}` }] : []),
  },

  // --- data ---
  {
    reads: ["data"],
    check: ({ data }) => Object.entries(data.buckets).flatMap(([key, bucket]) => bucket.transitions.flatMap((transition, index) => {
      const path = `data.buckets.${key}.transitions[${index}].days`;
      const before = bucket.transitions[index - 1];
      if (before && transition.days <= before.days) return [{ path, value: transition.days, allowed: `more than the ${before.days} days of the transition before it` }];
      // S3 refuses a move to Standard-IA within the first 30 days.
      if (transition.storageClass === "STANDARD_IA" && transition.days < 30) return [{ path, value: transition.days, allowed: "30 or more for STANDARD_IA" }];
      return [];
    })),
  },
  {
    // S3 never moves an object back to a warmer class.
    reads: ["data"],
    check: ({ data }) => Object.entries(data.buckets).flatMap(([key, bucket]) => bucket.transitions.flatMap(({ storageClass }, index) => {
      const order = ["STANDARD_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"];
      const before = bucket.transitions[index - 1];
      return before && order.indexOf(storageClass) <= order.indexOf(before.storageClass)
        ? [{ path: `data.buckets.${key}.transitions[${index}].storageClass`, value: storageClass, allowed: `a colder class than ${before.storageClass}, which stands before it` }] : [];
    })),
  },
  {
    reads: ["data"],
    check: ({ data: { cache } }) => {
      const findings: Finding[] = [];
      if (cache.kind === "cluster" && cache.multiAz && cache.replicasPerShard < 1) findings.push({ path: "data.cache.replicasPerShard", value: cache.replicasPerShard, allowed: "1 or more, because data.cache.multiAz is true" });
      if (windowMinutes(cache.snapshotWindow) < 60) findings.push({ path: "data.cache.snapshotWindow", value: cache.snapshotWindow, allowed: "a window of 60 minutes or more" });
      if (windowMinutes(cache.maintenanceWindow) < 60) findings.push({ path: "data.cache.maintenanceWindow", value: cache.maintenanceWindow, allowed: "a window of 60 minutes or more" });
      if (cache.kind === "cluster" && /^cache\.t1\./.test(cache.nodeType)) findings.push({ path: "data.cache.nodeType", value: cache.nodeType, allowed: "a type other than cache.t1, which has no failover" });
      return findings;
    },
  },
  {
    reads: ["data"],
    check: ({ data: { table } }) => {
      const indexes = table.globalSecondaryIndexes;
      const findings: Finding[] = indexes.flatMap(({ name }, index) => (indexes.findIndex((other) => other.name === name) === index ? []
        : [{ path: `data.table.globalSecondaryIndexes[${index}].name`, value: name, allowed: "a name used once" }]));
      // DynamoDB: 20 indexes a table, 100 projected attributes in all of them together.
      if (indexes.length > 20) findings.push({ path: "data.table.globalSecondaryIndexes", value: indexes.length, allowed: "20 indexes at the most" });
      const attributes = indexes.reduce((sum, index) => sum + index.projectedAttributes.length, 0);
      if (attributes > 100) findings.push({ path: "data.table.globalSecondaryIndexes", value: attributes, allowed: "100 projected attributes at the most, over all indexes" });
      return findings;
    },
  },
  {
    reads: ["data", "region"],
    check: ({ data, region }) => (data.replication?.region === region ? [{ path: "data.replication.region", value: region, allowed: "a region other than the environment's own" }] : []),
  },
  {
    reads: ["data"],
    check: ({ data: { replication, buckets } }) => (replication ? Object.entries(buckets).flatMap(([key, bucket]) => {
      const replica = `${bucket.name}${replication.bucketSuffix}`;
      return replica.length > 63 ? [{ path: `data.buckets.${key}.name`, value: bucket.name, allowed: `${63 - replication.bucketSuffix.length} characters at the most, so that the replica's name ${replica} fits in 63` }] : [];
    }) : []),
  },

  // --- platform ---
  {
    // C-16: PostgreSQL in the cluster needs a cluster, and there is one database, not two: `database` is a single choice.
    reads: ["platform", "database"],
    check: ({ platform, database }) => (database === "in-cluster" && (platform === "none" || platform === "ecs")
      ? [{ path: "database", value: database, allowed: `"none" or "rds": an in-cluster database needs platform eks or kubernetes, not ${platform}` }] : []),
  },
  {
    reads: ["platform", "servicesCache"],
    check: ({ platform, servicesCache }) => (servicesCache === "in-cluster" && (platform === "none" || platform === "ecs")
      ? [{ path: "servicesCache", value: servicesCache, allowed: `"shared": an in-cluster cache needs platform eks or kubernetes, not ${platform}` }] : []),
  },
  {
    reads: ["network", "platform"],
    check: ({ network, platform }) => (platform === "eks" && network.kind === "default"
      ? [{ path: "platform", value: platform, allowed: '"none" or "ecs": EKS nodes need the private subnets of network.kind dedicated' }] : []),
  },
  {
    reads: ["network", "database"],
    check: ({ network, database }) => (database === "rds" && network.kind === "default"
      ? [{ path: "database", value: database, allowed: '"none" or "in-cluster": RDS stands in the database subnets of network.kind dedicated' }] : []),
  },

  // --- the environment as a whole ---
  {
    reads: ["stage", "deletionProtection", "customerManagedKeys"],
    check: ({ stage, deletionProtection, customerManagedKeys }) => (stage === "development" ? [] : [
      ...(deletionProtection ? [] : [{ path: "deletionProtection", value: false, allowed: `true, because stage is ${stage}` }]),
      ...(customerManagedKeys ? [] : [{ path: "customerManagedKeys", value: false, allowed: `true, because stage is ${stage} (C-74)` }]),
    ]),
  },
  {
    // C-19: at rest and in transit outside development.
    reads: ["stage", "data"],
    check: ({ stage, data: { cache } }) => (stage !== "development" && cache.kind === "single" && !cache.encryption
      ? [{ path: "data.cache.encryption", value: false, allowed: `true, because stage is ${stage} (C-19)` }] : []),
  },
  {
    reads: ["stage", "name", "nameSuffix"],
    check: ({ stage, name, nameSuffix }) => {
      const expected = stage === "production" ? "" : `-${name}`;
      return nameSuffix === expected ? [] : [{ path: "nameSuffix", value: nameSuffix, allowed: `${JSON.stringify(expected)}, because stage is ${stage}` }];
    },
  },
  {
    // Environments may share one account, so a name copied from another literal would collide with it (design 5.5).
    reads: ["nameSuffix", "events", "data", "windows", "stateBucket"],
    check: (environment) => physicalNames(environment).flatMap(({ path, name, kind }) => {
      if (path === "stateBucket" || name.replace(/\.fifo$/, "").endsWith(environment.nameSuffix)) return [];
      return [{ path, value: name, allowed: `a ${kind} name that ends with nameSuffix ${environment.nameSuffix}` }];
    }),
  },
  {
    reads: ["events", "data", "windows", "stateBucket"],
    check: (environment) => {
      const names = physicalNames(environment);
      return names.flatMap(({ path, kind, name }, index) => {
        const first = names.findIndex((other) => other.kind === kind && other.name === name);
        // A dead-letter queue named like its own queue is reported by the queue's rule.
        return first === index || path === `${names[first]?.path.replace(/name$/, "deadLetter.name")}` ? [] : [{ path, value: name, allowed: `a name other than that of ${names[first]?.path}` }];
      });
    },
  },
  {
    reads: ["name", "bootstrap"],
    check: ({ name, bootstrap }) => (bootstrap && !bootstrap.environments.includes(name)
      ? [{ path: "bootstrap.environments", value: bootstrap.environments, allowed: `a list with ${name} itself` }] : []),
  },
];
