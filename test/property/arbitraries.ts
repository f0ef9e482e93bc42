/** Random environments: some that keep every rule by construction, and what a clumsy hand makes of them. */
import fc from "fast-check";
import { DATABASE_CLASSES } from "../../environments/facts/database-classes";
import { dev } from "../fixtures/environments/dev";
import { FARGATE_CPU, fargateMemory } from "../../environments/facts/fargate-sizes";
import { prod } from "../fixtures/environments/prod";
import { touchesRest, type Rest } from "../../environments/facts/rests";
import { windowTimes } from "../../environments/rules/windows";
import { queueReferences, type QueueReference } from "../../environments/schema/queues";
import { INTERFACE_ENDPOINTS, LOG_RETENTION_DAYS, STORAGE_CLASSES, type EnvironmentLiteral } from "../../environments/schema";
import { GRANTS } from "../../environments/schema/services";
import { staging } from "../fixtures/environments/staging";
import { accountWide, budgetTold, unlocked, web } from "./account";
import { architecture, between, clients, letter, networkOf, optional, some, typesOf, word, type Drawn } from "./basics";
import { eks, fitting, hasRoom, inCluster, kubernetes, nodeGroupsFor } from "./clusters";

type Data = EnvironmentLiteral["data"];
type Service = EnvironmentLiteral["services"][string];
type Dedicated = Extract<EnvironmentLiteral["network"], { kind: "dedicated" }>;

// --- network ---
const tierNetworks = fc
  .record({
    range: fc.constantFrom(0x0a000000, 0xac100000, 0xc0a80000, 0x64400000),
    vpcPrefix: between(16, 21),
    spread: between(0, 3),
    zones: fc.integer({ min: 2, max: 3 }),
    picks: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
  })
  .map(({ range, vpcPrefix, spread, zones, picks }) => {
    // 12 subnets at the most fit in 16 pieces of the VPC; with more pieces some stay free between them.
    const subnetPrefix = Math.min(27, vpcPrefix + 4 + spread);
    const free = Array.from({ length: 2 ** (subnetPrefix - vpcPrefix) }, (_, index) => index);
    const [...left] = picks;
    const take = () => networkOf(range + free.splice(left.pop()! % free.length, 1)[0]! * 2 ** (32 - subnetPrefix), subnetPrefix);
    const tier = () => Array.from({ length: zones }, take);
    return { cidr: networkOf(range, vpcPrefix), zones, subnets: { public: tier(), private: tier(), database: tier(), containers: tier() } };
  });

const imageFor = (of: "x86_64" | "arm64") =>
  fc.oneof(
    word(8, 8).map((text) => ({ id: `ami-${text.replace(/[^0-9a-f]/g, "0")}`, architecture: of })),
    word(1, 20).map((text) => ({ ssmParameter: `/aws/${text}`, architecture: of })),
  );
const host = (of: fc.Arbitrary<"x86_64" | "arm64">) =>
  of.chain((kind) => fc.record({ instanceType: fc.constantFrom(...typesOf[kind]), image: imageFor(kind) }));

const nat = fc.oneof(
  host(architecture).map((values) => ({ kind: "instance" as const, ...values })),
  fc.record({ kind: fc.constant("gateway" as const), perZone: optional(fc.boolean()) }),
  fc.constant({ kind: "none" as const }),
);
const LIFELINES = ["ssm", "ssmmessages", "ec2messages", "ecr.api", "ecr.dkr", "logs"] as const;
const dedicated = (region: string): fc.Arbitrary<Dedicated> =>
  fc
    .record({
      networks: tierNetworks,
      nat,
      endpoints: optional(some(INTERFACE_ENDPOINTS)),
      flowLogRetentionDays: optional(fc.constantFrom(...LOG_RETENTION_DAYS)),
    })
    .map(({ networks: { cidr, zones, subnets }, nat: way, endpoints, flowLogRetentionDays }) => ({
      kind: "dedicated",
      cidr,
      subnets,
      nat: way,
      flowLogRetentionDays,
      zones: ["a", "c", "d"].slice(0, zones).map((zone) => `${region}${zone}`),
      interfaceEndpoints: way.kind === "none" ? [...new Set([...LIFELINES, ...(endpoints ?? [])])] : endpoints,
    }));
/** Three zones of private subnets leave room for ten ports in a NAT instance's group. */
const egressPorts = fc
  .uniqueArray(
    between(1, 65_535).filter((port) => port !== 443),
    { maxLength: 7 },
  )
  .map((others) => [443, ...others]);
const cronTime = fc
  .record({ minute: between(0, 59), hour: between(0, 23), days: fc.constantFrom("*", "FRI", "MON-FRI", "FRI-MON", "SUN,SAT") })
  .map(({ minute, hour, days }) => `${minute} ${hour} * * ${days}`);
const leaderGuard = fc
  .record({ leaseSeconds: between(15, 3600), part: fc.double({ min: 0, max: 0.9, noNaN: true }) })
  .map(({ leaseSeconds, part }) => ({ leaseSeconds, renewSeconds: Math.max(1, Math.floor((leaseSeconds / 2) * part)) }));
const scaling = fc
  .record({ min: between(0, 3), more: between(0, 3), desired: between(0, 3), low: between(0, 98) })
  .map(({ min, more, desired, low }) => {
    const max = Math.max(1, Math.min(3, min + more));
    return { min, max, desired: Math.min(max, Math.max(min, desired)), removeBelowCpuPercent: low, addAboveCpuPercent: low + 1 };
  });
/** At times of its own, or those of a workday, whose nights the services rest too; the database has its maintenance beside them. */
const schedule = fc.constantFrom<NonNullable<EnvironmentLiteral["schedule"]>>(
  { stop: "0 23 * * FRI", start: "0 20 * * SUN" },
  { stop: "30 22 * * FRI", start: "0 20 * * SUN-THU", holidays: ["2027-01-04", "2027-01-05", "2028-01-03"] },
  {
    stop: "0 23 * * FRI",
    start: "0 20 * * SUN",
    services: { stop: "0 11 * * MON-FRI", start: "30 22 * * SUN-THU" },
    holidays: ["2027-02-11"],
  },
);
/** Whether a window, such as a database's maintenance, is part of the rest. */
const restsDuring = (rest: Rest, window: string): boolean => {
  const { length, start } = windowTimes(window);
  return touchesRest(rest, start, length);
};
/** One machine, or a group that scales, which has the guard. */
const runs = fc.oneof(fc.record({ leaderGuard: optional(leaderGuard) }), fc.record({ leaderGuard, scaling }));
const certificateArn = (region: string, account: string) =>
  `arn:aws:acm:${region}:${account}:certificate/0a1b2c3d-4e5f-4a6b-8c7d-0123456789ab`;

// --- messaging ---
const queue = (name: string, suffix: string, fifo: boolean, leastVisibility = 0) =>
  fc
    .record({
      visibilityTimeoutSeconds: between(leastVisibility, 43_200),
      maxReceiveCount: between(1, 20),
      receiveWaitTimeSeconds: optional(between(0, 20)),
      own: optional(fc.nat()),
      dead: optional(fc.nat()),
      deadVisibility: between(0, 43_200),
    })
    .map(({ visibilityTimeoutSeconds, maxReceiveCount, receiveWaitTimeSeconds, own, dead, deadVisibility }) => {
      const least = Math.max(60, visibilityTimeoutSeconds * maxReceiveCount + 1);
      const messageRetentionSeconds = own === undefined ? 1_209_600 : least + (own % (1_209_600 - least + 1));
      return {
        name: `${name}${suffix}${fifo ? ".fifo" : ""}`,
        ...(fifo && { fifo }),
        visibilityTimeoutSeconds,
        messageRetentionSeconds,
        receiveWaitTimeSeconds,
        deadLetter: {
          name: `${name}_DLQ${suffix}${fifo ? ".fifo" : ""}`,
          maxReceiveCount,
          visibilityTimeoutSeconds: deadVisibility,
          messageRetentionSeconds:
            dead === undefined ? undefined : messageRetentionSeconds + (dead % (1_209_600 - messageRetentionSeconds + 1)),
        },
      };
    });
const subscriptions = (minLength: number) =>
  fc
    .uniqueArray(fc.record({ name: word(1, 20), mail: fc.boolean() }), { selector: ({ name }) => name, minLength, maxLength: 3 })
    .map((list) =>
      list.map(({ name, mail }) =>
        mail
          ? { protocol: "email" as const, endpoint: `${name}@example.com` }
          : { protocol: "https" as const, endpoint: `https://${name}.example.com/hook?a=1` },
      ),
    );

// --- data ---
const transitions = some(STORAGE_CLASSES, 0, 4).chain((classes) =>
  fc
    .tuple(between(30, 400), fc.array(between(30, 400), { minLength: 4, maxLength: 4 }))
    .map(([first, gaps]) =>
      [...classes]
        .sort((a, b) => STORAGE_CLASSES.indexOf(a) - STORAGE_CLASSES.indexOf(b))
        .map((storageClass, index) => ({ storageClass, days: first + gaps.slice(0, index).reduce((sum, gap) => sum + gap, 0) })),
    ),
);
const bucket = (name: fc.Arbitrary<string>) =>
  fc.record({
    name,
    documentedName: optional(word(0, 40)),
    transitions: optional(transitions),
    noncurrentVersionDays: optional(between(1, 36_500)),
  });
const index = fc.record({
  partitionKey: word(1, 20).map((text) => `p${text}`),
  sortKey: word(1, 20).map((text) => `s_${text}`),
  projectedAttributes: fc.uniqueArray(
    word(1, 20).map((text) => `x${text}`),
    { minLength: 1, maxLength: 20 },
  ),
});
const globalSecondaryIndexes = fc
  .array(index, { maxLength: 5 })
  .map((list) => list.map((values, position) => ({ name: `GSI${position}`, ...values })));
const NODE_TYPES = ["cache.t3.micro", "cache.t4g.micro", "cache.m7g.large", "cache.r7g.16xlarge"];
const twoDigits = (number: number) => String(number).padStart(2, "0");
const hour = (minute: number) => `${twoDigits(Math.floor(minute / 60) % 24)}:${twoDigits(minute % 60)}`;
/** Backups, and maintenance in a part of the day that they leave free. */
const windows = (shortest: number) =>
  fc
    .record({
      start: between(0, 1439),
      daily: between(shortest, 700),
      gap: between(0, 300),
      maintenance: between(shortest, 400),
      day: fc.integer({ min: 0, max: 6 }),
    })
    .map(({ start, daily, gap, maintenance, day }) => {
      const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
      const at = (minute: number) => `${days[(day + Math.floor(minute / 1440)) % 7]}:${hour(minute)}`;
      const begin = start + daily + gap;
      return {
        daily: `${hour(start)}-${hour(start + daily)}`,
        maintenance: `${at(begin)}-${at(begin + Math.min(maintenance, 1440 - daily - gap))}`,
      };
    });
const parameters = fc.record(
  {
    "maxmemory-policy": fc.constantFrom("allkeys-lru", "volatile-ttl", "noeviction"),
    timeout: fc.constantFrom("0", "20", "300"),
    "tcp-keepalive": fc.constantFrom("0", "60"),
  },
  { requiredKeys: [] },
);
const cacheCommon = (id: string) =>
  fc
    .record({ nodeType: fc.constantFrom(...NODE_TYPES), windows: windows(60), snapshotRetentionDays: between(0, 35), parameters })
    .map(({ windows: { daily, maintenance }, ...rest }) => ({ id, ...rest, snapshotWindow: daily, maintenanceWindow: maintenance }));
const cache = (id: string, stage: string): fc.Arbitrary<Data["cache"]> => {
  const common = cacheCommon(id);
  const single = fc
    .record({ common, encryption: stage === "development" ? optional(fc.boolean()) : optional(fc.constant(true)) })
    .map(({ common: values, encryption }) => ({ kind: "single" as const, ...values, encryption }));
  const cluster = fc
    .record({
      common,
      shards: between(1, 83),
      replicasPerShard: between(1, 5),
      multiAz: stage === "production" ? optional(fc.constant(true)) : optional(fc.boolean()),
    })
    .map(({ common: values, ...rest }) => ({ kind: "cluster" as const, ...values, ...rest }));
  return stage === "production" ? cluster : fc.oneof(single, cluster);
};
const rds = (id: string, stage: string): fc.Arbitrary<NonNullable<Data["rds"]>> =>
  fc
    .record({
      instanceClass: fc.constantFrom(...DATABASE_CLASSES),
      allocated: between(20, 59_578),
      growth: between(0, 6000),
      engineVersion: fc.constantFrom("15" as const, "16" as const, "17" as const),
      multiAz: stage === "production" ? optional(fc.constant(true)) : optional(fc.boolean()),
      backupRetentionDays: between(7, 35),
      copyRetentionDays: optional(between(1, 35)),
      windows: windows(30),
      databaseName: word(1, 60).map((text) => `d_${text}`),
      username: word(1, 60).map((text) => `u_${text}`),
      performanceInsights: optional(fc.boolean()),
      logRetentionDays: optional(fc.constantFrom(...LOG_RETENTION_DAYS)),
      connectionAlarmPercent: optional(between(1, 99)),
    })
    .map(({ allocated, growth, windows: { daily, maintenance }, ...rest }) => ({
      id,
      ...rest,
      allocatedStorageGigabytes: allocated,
      maxAllocatedStorageGigabytes: Math.min(65_536, Math.ceil((allocated * 11) / 10) + growth),
      backupWindow: daily,
      maintenanceWindow: maintenance,
    }));
/** Growing or not; copied nowhere. */
const webDatabase = (id: string, stage: string) =>
  fc.tuple(rds(id, stage), fc.boolean()).map(([database, grows]) => {
    const own = { ...database, maxAllocatedStorageGigabytes: grows ? database.maxAllocatedStorageGigabytes : undefined };
    delete own.copyRetentionDays;
    return own;
  });
const dailyBackup = fc
  .record({ minute: between(0, 59), hour: between(0, 23), retentionDays: between(5, 50), start: between(60, 700), longer: fc.nat() })
  .map(({ minute, hour, retentionDays, start, longer }) => ({
    cron: `${minute} ${hour} * * *`,
    retentionDays,
    startWindowMinutes: start,
    completionWindowMinutes: start + 1 + (longer % (1440 - 2 * start)),
  }));
/** What the notebook needs beside it is put into the network. */
const research = (nameSuffix: string): fc.Arbitrary<NonNullable<EnvironmentLiteral["research"]>> =>
  fc.record({
    instanceType: fc.constantFrom("ml.t3.medium", "ml.m5.24xlarge"),
    securityGroup: word(1, 40).map((text) => `notebook${text}${nameSuffix}`),
    volumeGigabytes: optional(between(5, 16_384)),
    idleMinutes: optional(between(15, 1440)),
    weekendStop: optional(cronTime),
    cache: optional(fc.boolean()),
    engineSsh: optional(fc.boolean()),
    codeRepository: optional(word(1, 100)),
    logRetentionDays: optional(fc.constantFrom(...LOG_RETENTION_DAYS)),
  });
const backup = (nameSuffix: string) =>
  fc.record({
    vaultName: fc.constant(`vault${nameSuffix}`),
    volumes: dailyBackup,
    table: optional(dailyBackup),
    copies: optional(fc.record({ vaultName: fc.constant(`copies${nameSuffix}`), retentionDays: between(5, 50) })),
    lock: optional(fc.record({ minRetentionDays: between(1, 5), maxRetentionDays: between(50, 36_500) })),
    restoreTesting: optional(
      fc.record({
        frequency: fc.constantFrom("weekly" as const, "monthly" as const, "quarterly" as const),
        hour: between(0, 23),
        validationHours: optional(between(1, 168)),
      }),
    ),
    recoveryTest: optional(
      fc.record({
        frequency: fc.constantFrom("weekly" as const, "monthly" as const, "quarterly" as const),
        hour: between(0, 23),
        bucketName: fc.constant(`recovery-tests${nameSuffix}`),
      }),
    ),
  });
const freeText = fc.string({ minLength: 1, maxLength: 60 }).map((text) => text.replace(/[${%\p{Cc}]/gu, "-"));
const secret = (name: string) =>
  fc.record({
    name: fc.constant(name),
    description: freeText,
    keys: fc.uniqueArray(
      word(1, 20).map((text) => `k${text}`),
      { minLength: 1, maxLength: 5 },
    ),
  });

// --- services ---
/** A word in capitals; the ends keep variables of one kind apart from those that the infrastructure sets, of which none ends like this. */
const variable = (kind: string) => word(1, 20).map((text) => `${kind}_${text.toUpperCase()}_`);
const size = fc
  .constantFrom(...FARGATE_CPU)
  .chain((cpu) => fc.record({ cpu: fc.constant(cpu), memory: fc.constantFrom(...fargateMemory(cpu)) }));
const version = fc.oneof(
  word(1, 127).map((text) => `:v${text}`),
  fc.constantFrom(":1.4.2", ":latest-1"),
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 }).map((digest) => `@sha256:${digest}`),
);
const ports = fc
  .record({
    own: optional(between(1, 65_535)),
    others: fc.uniqueArray(
      between(1, 65_535).filter((port) => port !== 8000),
      { maxLength: 3 },
    ),
  })
  .map(({ own, others }) => ({
    port: own,
    ports: Object.fromEntries(others.filter((port) => port !== own).map((port, position) => [`p-${position}`, port])),
  }));
/** Where nothing is said, 2 to 20 tasks; what a schedule says without a `max` of its own stays below the one of all times. */
const taskLimits = fc
  .record({
    limits: fc.oneof(
      fc.tuple(between(1, 1000), between(1, 1000)).map(([one, other]) => ({ min: Math.min(one, other), max: Math.max(one, other) })),
      fc.constant({}),
      between(1, 20).map((min) => ({ min })),
      between(2, 1000).map((max) => ({ max })),
    ) as fc.Arbitrary<{ min?: number; max?: number }>,
    times: optional(
      fc.uniqueArray(fc.record({ cron: cronTime, seed: fc.nat(), max: optional(between(1, 1000)) }), {
        selector: ({ cron }) => cron,
        maxLength: 3,
      }),
    ),
  })
  .map(({ limits, times }) => ({
    ...limits,
    schedule: times?.map(({ cron, seed, max }) => ({ cron, max, min: 1 + (seed % (max ?? limits.max ?? 20)) })),
  }));
const serviceScaling = fc.record({
  taskLimits,
  cpu: optional(fc.nat()),
  memory: optional(fc.nat()),
  queue: optional(fc.record({ pick: fc.nat(), messagesPerTask: between(1, 1_000_000) })),
});
/** How many tasks there are and how the next version follows; one that is recreated has one at the most. */
const runsAs = fc.oneof(
  fc.record({ strategy: fc.constant("recreate" as const), replicas: optional(fc.constantFrom(0, 1)) }),
  fc.record({
    strategy: optional(fc.constant("rolling" as const)),
    replicas: optional(between(0, 1000)),
    spot: optional(fc.record({ onDemandBase: between(1, 1000), spotPerOnDemand: optional(between(1, 100)) })),
  }),
  fc.record({
    strategy: optional(fc.constant("rolling" as const)),
    serviceScaling,
    spot: optional(fc.record({ onDemandBase: between(1, 1000) })),
  }),
) as fc.Arbitrary<Pick<Service, "strategy" | "replicas" | "spot"> & { serviceScaling?: Drawn<typeof serviceScaling> }>;
/** One to five values together; its priority comes with its place among the routes. */
const route = fc
  .record({ words: fc.uniqueArray(word(1, 20), { minLength: 1, maxLength: 5 }), paths: fc.nat({ max: 5 }), wild: fc.boolean() })
  .map(({ words, paths, wild }) => ({
    paths: words.slice(0, paths).map((text) => `/${text}${wild ? "/*" : ""}`),
    hosts: words.slice(paths).map((text) => `${wild ? "*." : ""}${text}.example.com`),
  }));
const grants = some(GRANTS).map((list) =>
  list.filter((grant) => !(grant.endsWith(".read") && (list as readonly string[]).includes(`${grant}Write`))),
);
/** Among them such as a stack could have for things of its own. */
const SERVICE_NAMES = ["data-api", "constructor", "a-1-b-2-c-3-d-4", "cluster", "key", "load-balancer", "web-acl", "windows"];
const serviceDraft = fc.record({
  name: fc.oneof(
    fc.tuple(letter, word(0, 14)).map((parts) => parts.join("")),
    fc.constantFrom(...SERVICE_NAMES),
  ),
  size,
  version,
  ports,
  runsAs,
  grants,
  queueRights: fc.array(fc.tuple(fc.nat(), fc.constantFrom("send" as const, "consume" as const)), { maxLength: 2 }),
  said: fc.record({
    architecture: optional(architecture),
    healthPath: optional(fc.constantFrom("/", "/health", "/a/b_c.d~e-f")),
    readyPath: optional(fc.constantFrom("/", "/ready")),
    healthCommand: optional(fc.array(freeText, { minLength: 1, maxLength: 3 })),
    startSeconds: optional(between(0, 300)),
    stopSeconds: optional(between(1, 120)),
    scratchGigabytes: optional(between(21, 200)),
    environment: optional(fc.dictionary(variable("SETTING"), freeText, { maxKeys: 3 })),
  }),
  route: optional(route),
  calls: fc.array(fc.nat(), { maxLength: 3 }),
  secrets: optional(fc.dictionary(variable("SECRET"), fc.tuple(fc.nat(), fc.nat()), { maxKeys: 3 })),
});
type ServiceDraft = Drawn<typeof serviceDraft>;
const cluster = fc.record({
  containerInsights: optional(fc.constantFrom("enhanced" as const, "enabled" as const)),
  executeCommand: optional(fc.boolean()),
  logRetentionDays: optional(fc.constantFrom(...LOG_RETENTION_DAYS)),
  requestsPerFiveMinutes: optional(between(10, 2_000_000_000)),
});
const serviceAlarms = fc.record({
  cpuPercent: optional(between(2, 99)),
  memoryPercent: optional(between(2, 99)),
  errorPercent: optional(between(1, 99)),
});
const loadDrafts = fc.record({
  drafts: fc.uniqueArray(serviceDraft, { selector: ({ name }) => name, maxLength: 4 }),
  priorities: fc.uniqueArray(between(1, 50_000), { minLength: 4, maxLength: 4 }),
  repositories: fc.array(word(1, 30), { minLength: 4, maxLength: 4 }),
});

/** What drafts must fit: the environment around them. */
interface Surroundings {
  readonly nameSuffix: string;
  readonly database: EnvironmentLiteral["database"];
  /** As services refer to them. */
  readonly queues: readonly QueueReference[];
  readonly secrets: Readonly<Record<string, { readonly keys: readonly string[] }>>;
  readonly alarms?: { readonly cpuPercent?: number; readonly memoryPercent?: number };
}

/** A share that scaling holds, below the alarm; left out when the default fits. */
const below = (alarm: number, standard: number, seed?: number): number | undefined =>
  seed === undefined && standard < alarm ? undefined : 1 + ((seed ?? 0) % (alarm - 1));

function servicesFrom(
  { drafts, priorities, repositories }: Drawn<typeof loadDrafts>,
  { nameSuffix, database, queues, secrets, alarms }: Surroundings,
): Record<string, Service> {
  const known = Object.entries(secrets);
  const further = queues.filter((name) => name.startsWith("queues.")) as `queues.${string}`[];
  const scalingOf = ({ runsAs: { serviceScaling: scales } }: ServiceDraft): Service["scaling"] =>
    scales && {
      ...scales.taskLimits,
      queue: scales.queue && { name: queues[scales.queue.pick % queues.length]!, messagesPerTask: scales.queue.messagesPerTask },
      cpuPercent: below(alarms?.cpuPercent ?? 85, 70, scales.cpu),
      memoryPercent: below(alarms?.memoryPercent ?? 90, 80, scales.memory),
    };
  return Object.fromEntries(
    drafts.map((draft, position): [string, Service] => {
      const { strategy, replicas, spot } = draft.runsAs;
      return [
        draft.name,
        {
          ...draft.said,
          ...draft.size,
          ...draft.ports,
          strategy,
          replicas,
          spot,
          scaling: scalingOf(draft),
          image: `app${position}${repositories[position]}${nameSuffix}${draft.version}`,
          route: draft.route && { priority: priorities[position]!, ...draft.route },
          // Only of those that stand before it, so that there is no circle.
          calls: position === 0 ? undefined : [...new Set(draft.calls.map((pick) => drafts[pick % position]!.name))],
          secrets:
            draft.secrets &&
            Object.fromEntries(
              Object.entries(draft.secrets).map(([name, [pick, other]]) => {
                const [id, { keys }] = known[pick % known.length]!;
                return [name, { secret: id, key: keys[other % keys.length]! }];
              }),
            ),
          grants: [
            ...draft.grants.filter((grant) => database !== "none" || grant !== "database.connect"),
            ...new Set(
              further.length === 0 ? [] : draft.queueRights.map(([pick, right]) => `${further[pick % further.length]!}.${right}` as const),
            ),
          ],
        },
      ];
    }),
  );
}

/** A literal that keeps every rule by construction. */
export const validLiteral: fc.Arbitrary<EnvironmentLiteral> = fc
  .record({
    stage: fc.constantFrom("development" as const, "staging" as const, "production" as const),
    name: fc.tuple(letter, fc.oneof(word(1, 4), word(6, 11))).map((parts) => parts.join("")),
    account: fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 12, maxLength: 12 }),
    region: fc.constantFrom("ap-northeast-1", "us-east-1", "eu-central-1"),
    own: fc.boolean(),
  })
  .chain(({ stage, name, account, region, own }) => {
    const development = stage === "development";
    const nameSuffix = stage === "production" ? "" : `-${name}`;
    const isDedicated = !development || own;
    /** `part` keeps names of one kind apart. */
    const named = (part: string, maximum: number) => word(1, maximum).map((text) => `${part}${text}${nameSuffix}`);
    return fc
      .record({
        network: isDedicated
          ? dedicated(region)
          : fc.constant({ kind: "default" as const, zones: ["a", "c"].map((zone) => `${region}${zone}`) }),
        // A queue's type travels with its name.
        orderQueue: fc.boolean().chain((fifo) => queue("Orders", nameSuffix, fifo)),
        alertProcessingQueue: optional(queue("Alerts", nameSuffix, false, 60)),
        notificationQueue: queue("Notifications", nameSuffix, false, 120),
        functionNames: fc.record({
          slackNotification: named("Slack", 10),
          systemAlert: named("Alert", 10),
          alertIngestion: named("Ingestion", 10),
        }),
        queues: optional(
          fc
            .uniqueArray(fc.tuple(word(1, 20), fc.boolean()), { selector: ([key]) => key, maxLength: 3 })
            .chain((list) => fc.record(Object.fromEntries(list.map(([key, fifo]) => [`own${key}`, queue(`Own${key}`, nameSuffix, fifo)])))),
        ),
        systemEventsTopic: named("Events", 30),
        systemAlertsTopic: named("SystemAlerts", 30),
        alertSubscriptions: development ? optional(subscriptions(0)) : subscriptions(1),
        deadLetterAlarmPeriodSeconds: optional(fc.constantFrom(60 as const, 300 as const)),
        buckets: fc.record({
          rawMarketData: bucket(named("raw-", 11)),
          processedMarketData: bucket(named("processed-", 11)),
          backtestResults: bucket(named("backtest-", 11)),
        }),
        accessLogBucket: fc.record({ name: named("logs-", 11), expirationDays: between(1, 36_500) }),
        table: fc.record({ name: named("Table", 100), recoveryPeriodDays: optional(between(1, 35)), globalSecondaryIndexes }),
        cache: cache(`cache${nameSuffix}`, stage),
        rds: rds(`database${nameSuffix}`, stage),
        throttleAlarmThreshold: optional(between(0, 1_000_000)),
        cacheFreeableMemoryAlarmMegabytes: optional(between(1, 1_000_000)),
        secrets: fc.record({
          mt5: secret(`TSS/mt5${nameSuffix === "" ? "" : `/x${nameSuffix}`}`),
          slackWebhook: secret(`TSS/slack${nameSuffix === "" ? "" : `/x${nameSuffix}`}`),
          windowsLogon: secret(`TSS/logon${nameSuffix === "" ? "" : `/x${nameSuffix}`}`),
        }),
        softwareBucket: fc.record({ name: named("software-", 11) }),
        backup: development ? optional(backup(nameSuffix)) : backup(nameSuffix),
        replication: optional(
          fc.record({ region: fc.constantFrom("ap-northeast-3", "eu-west-1"), bucketSuffix: word(1, 12).map((text) => `-${text}`) }),
        ),
        windows: host(fc.constant("x86_64" as const)),
        securityGroup: named("axia", 40),
        adminCidrs: optional(clients(development ? 0 : 8)),
        uiCidrs: optional(clients(development ? 0 : 8)),
        runs,
        volume: optional(between(8, 16_384)),
        balanced: fc.boolean(),
        egressPorts: optional(egressPorts),
        collector: optional(cronTime),
        schedule: optional(schedule),
        research: isDedicated ? optional(research(nameSuffix)) : fc.constant(undefined),
        linuxEngine: optional(
          fc.record({
            host: host(architecture),
            securityGroup: named("engine", 40),
            worker: optional(fc.boolean()),
            nightlyBackup: optional(cronTime),
            weeklyReport: optional(cronTime),
          }),
        ),
        platform: fc.constantFrom(
          "none" as const,
          "ecs" as const,
          "eks" as const,
          { kind: "kubernetes" as const, kubeconfig: "~/.kube/config", context: "k3s" },
          { kind: "kubernetes" as const, kubeconfig: "/etc/k3s/config 1", context: "a@b/c:d" },
        ),
        database: fc.constantFrom("none" as const, "rds" as const, "in-cluster" as const),
        servicesCache: fc.constantFrom("shared" as const, "in-cluster" as const),
        budgetDollars: fc.integer({ min: 1, max: 1_000_000 }),
        budget: optional(budgetTold(named("month ", 40))),
        accountWide: optional(accountWide(named, account)),
        web: optional(web(named, webDatabase(`web-database${nameSuffix}`, stage), cacheCommon(`web-cache${nameSuffix}`))),
        loadDrafts,
        cluster,
        clusterName: named("cluster", 60),
        eks: eks(development),
        kubernetes,
        namespace: named("ns", 40),
        serviceClients: clients(development ? 0 : 8),
        serviceAlarms: optional(serviceAlarms),
        serviceSecrets: optional(
          fc
            .uniqueArray(word(1, 20), { maxLength: 2 })
            .chain((ids) =>
              fc.record(
                Object.fromEntries(ids.map((id) => [`own${id}`, secret(`TSS/own/${id}${nameSuffix === "" ? "" : `/x${nameSuffix}`}`)])),
              ),
            ),
        ),
        tags: optional(
          fc.dictionary(
            word(1, 20).map((text) => `t-${text}`),
            word(0, 30),
            { maxKeys: 5 },
          ),
        ),
        bootstrap: optional(
          fc.record({
            githubRepository: fc.tuple(word(1, 39), word(1, 100)).map((parts) => parts.join("/")),
            others: fc.uniqueArray(
              word(2, 10).map((text) => `e${text}`),
              { maxLength: 2 },
            ),
            noncurrentVersionDays: optional(between(1, 36_500)),
          }),
        ),
        open: fc.boolean(),
      })
      .map((values) => {
        const { network, platform, database, servicesCache } = values;
        const isNatless = network.kind === "dedicated" && network.nat.kind === "none";
        const isIdle = values.loadDrafts.drafts.length === 0;
        const fittingPlatform = isIdle
          ? "none"
          : platform === "eks" && (isNatless || (network.kind === "dedicated" && !hasRoom(network.subnets.containers)))
            ? "ecs"
            : platform;
        const hasCluster = fittingPlatform === "eks" || typeof fittingPlatform === "object";
        const fittingDatabase = (database === "in-cluster" && !hasCluster) || (database === "rds" && !isDedicated) ? "none" : database;
        const { mt5, slackWebhook } = values.secrets;
        const copied = values.replication !== undefined;
        const [protects, hasKeys] = [!development || values.open, !development || !values.open];
        const drawn = servicesFrom(values.loadDrafts, {
          nameSuffix,
          database: fittingDatabase,
          queues: queueReferences({ ...values, queues: values.queues ?? {} } as Parameters<typeof queueReferences>[0]),
          secrets: { mt5, slackWebhook, ...values.serviceSecrets },
          alarms: values.serviceAlarms,
        });
        const services = hasCluster ? inCluster(drawn, values.kubernetes) : drawn;
        const { groups, ...eksValues } = values.eks;
        const [routed, secretive] = [
          Object.values(services).some(({ route: own }) => own),
          Object.values(services).some(({ secrets }) => Object.keys(secrets ?? {}).length > 0),
        ];
        const { requestsPerFiveMinutes, ...clusterValues } = values.cluster;
        return {
          name,
          stage,
          account,
          region,
          nameSuffix,
          tags: values.tags,
          deletionProtection: development ? values.open : undefined,
          customerManagedKeys: development ? !values.open : undefined,
          stateBucket: `states-${account}`,
          bootstrap: values.bootstrap && {
            githubRepository: values.bootstrap.githubRepository,
            environments: [...new Set([name, ...values.bootstrap.others])],
            noncurrentVersionDays: values.bootstrap.noncurrentVersionDays,
          },
          accountWide: values.bootstrap && values.accountWide && (protects ? values.accountWide : unlocked(values.accountWide)),
          network:
            network.kind === "dedicated"
              ? {
                  ...network,
                  interfaceEndpoints: [
                    ...new Set([
                      ...(network.interfaceEndpoints ?? []),
                      ...(isNatless && fittingPlatform === "ecs" && secretive ? (["secretsmanager"] as const) : []),
                      ...(values.research ? (["logs", "sagemaker.api"] as const) : []),
                      ...(values.research?.codeRepository ? (["git-codecommit"] as const) : []),
                    ]),
                  ],
                }
              : network,
          events: {
            orderQueue: values.orderQueue,
            alertProcessingQueue: values.alertProcessingQueue,
            notificationQueue: values.notificationQueue,
            functions: values.functionNames,
            slack: Object.fromEntries(["critical", "warning", "info"].map((severity) => [severity, { webhookKey: slackWebhook.keys[0] }])),
            queues: values.queues,
            systemEventsTopic: values.systemEventsTopic,
            systemAlertsTopic: values.systemAlertsTopic,
            alertSubscriptions: values.alertSubscriptions,
            deadLetterAlarmPeriodSeconds: values.deadLetterAlarmPeriodSeconds,
          },
          data: {
            buckets: values.buckets,
            accessLogBucket: values.accessLogBucket,
            table: values.table,
            cache: values.cache,
            rds:
              fittingDatabase === "rds"
                ? { ...values.rds, copyRetentionDays: copied && hasKeys ? values.rds.copyRetentionDays : undefined }
                : undefined,
            throttleAlarmThreshold: values.throttleAlarmThreshold,
            cacheFreeableMemoryAlarmMegabytes: values.cacheFreeableMemoryAlarmMegabytes,
            secrets: values.secrets,
            serviceSecrets: values.serviceSecrets,
            softwareBucket: values.softwareBucket,
            replication: values.replication,
          },
          windows: {
            ...values.windows,
            ...values.runs,
            rootVolumeGigabytes: values.volume,
            securityGroup: values.securityGroup,
            adminCidrs: values.adminCidrs,
            uiCidrs: values.uiCidrs,
            logonRotation:
              development && !values.balanced
                ? undefined
                : { weekday: stage === "production" ? "SAT" : "THU", hour: 18, hours: values.egressPorts ? 1 : 2 },
            uiLoadBalancer: values.balanced || !development ? { certificateArn: certificateArn(region, account) } : undefined,
          },
          patching:
            development && !values.backup
              ? undefined
              : { start: stage === "production" ? "0 17 * * SAT" : "0 17 * * THU", hours: 3, approveAfterDays: values.egressPorts ? 7 : 0 },
          schedule:
            stage !== "production" &&
            values.schedule &&
            !(fittingPlatform === "ecs" && Object.values(services).some(({ scaling }) => scaling?.schedule?.length)) &&
            !(values.web?.database && restsDuring(values.schedule, values.web.database.maintenanceWindow)) &&
            !(fittingDatabase === "rds" && restsDuring(values.schedule, values.rds.maintenanceWindow))
              ? values.schedule
              : undefined,
          backup: values.backup && {
            ...values.backup,
            table: copied && values.backup.copies ? values.backup.table : undefined,
            copies: copied ? values.backup.copies : undefined,
            lock: protects ? values.backup.lock : undefined,
            // After the start that ends every rest.
            recoveryTest: values.backup.recoveryTest && {
              ...values.backup.recoveryTest,
              hour: values.schedule ? 20 + (values.backup.recoveryTest.hour % 4) : values.backup.recoveryTest.hour,
            },
          },
          research: values.research && { ...values.research, engineSsh: values.linuxEngine ? values.research.engineSsh : undefined },
          linuxEngine: values.linuxEngine && (({ host: machine, ...rest }) => ({ ...machine, ...rest }))(values.linuxEngine),
          mt5: values.egressPorts && { egressPorts: values.egressPorts },
          collector: values.collector ? { cron: values.collector } : undefined,
          alarms: values.serviceAlarms && { services: values.serviceAlarms },
          cluster: {
            name: values.clusterName,
            ...clusterValues,
            loadBalancer: routed
              ? {
                  certificateArn: certificateArn(region, account),
                  clientCidrs: values.serviceClients.length === 0 ? ["203.0.113.0/24"] : values.serviceClients,
                  requestsPerFiveMinutes,
                }
              : undefined,
            eks: {
              ...eksValues,
              nodeGroups:
                fittingPlatform === "eks" && network.kind === "dedicated"
                  ? fitting(nodeGroupsFor(services, groups), network.subnets.containers)
                  : nodeGroupsFor(services, groups),
            },
            kubernetes: { namespace: values.namespace, ...values.kubernetes },
          },
          services,
          platform: fittingPlatform,
          database: fittingDatabase,
          servicesCache: hasCluster ? servicesCache : "shared",
          web: values.web && webIn(network, values.web),
          cost: { budgetDollars: values.budgetDollars, budget: values.budget, usage: dev.cost.usage },
        } satisfies EnvironmentLiteral;
      });
  });

/** A machine in a private subnet needs a way out for its images, and so does a service, which stands in no other. */
function webIn(network: EnvironmentLiteral["network"], web: NonNullable<EnvironmentLiteral["web"]>): typeof web {
  const fits = network.kind === "default" ? !web.service : network.nat.kind !== "none";
  return fits ? web : { ...web, backend: undefined, service: undefined, cache: undefined, database: undefined };
}

// --- clumsy hands ---
type Node = Record<string | number, unknown>;
interface Place {
  readonly parent: Node;
  readonly key: string | number;
}

function places(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== "object" || value === null) return found;
  for (const name of Object.keys(value)) {
    const key = Array.isArray(value) ? Number(name) : name;
    found.push({ parent: value as Node, key });
    places((value as Node)[key], found);
  }
  return found;
}

const STRANGE: readonly unknown[] = [
  null,
  "",
  " ",
  0,
  -1,
  1,
  1.5,
  NaN,
  Infinity,
  1e308,
  2 ** 53,
  true,
  false,
  [],
  {},
  [null],
  "0.0.0.0/0",
  "0.0.0.0/0/0",
  "10.0.0.0/16",
  "::/0",
  "a\nb",
  "日本",
  "${aws_vpc.a.id}",
  "${TfToken[TOKEN.0]}",
  "%{ if true }",
  -1.888154589708804e289,
  "a".repeat(300),
  "sg-a",
  "x.fifo",
  "none",
  "dedicated",
  "default",
  "gateway",
  "instance",
  "single",
  "cluster",
  "eks",
  "in-cluster",
  "development",
  "prod",
  ["rds", "in-cluster"],
  { kind: "none" },
  JSON.parse('{"__proto__":{"name":"x"},"constructor":1}'),
];

/** One clumsy change, in place; `pick` and `other` choose where. */
type Mutation = (all: readonly Place[], pick: number, other: number) => void;
const at = (all: readonly Place[], pick: number): Place => all[pick % all.length]!;
const MUTATIONS: readonly Mutation[] = [
  // Something else stands there …
  (all, pick, other) => {
    const { parent, key } = at(all, pick);
    parent[key] = structuredClone(STRANGE[other % STRANGE.length]);
  },
  // … or nothing, …
  (all, pick) => {
    const { parent, key } = at(all, pick);
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  },
  // … or what stands elsewhere, …
  (all, pick, other) => {
    const from = at(all, other);
    const { parent, key } = at(all, pick);
    parent[key] = JSON.parse(JSON.stringify(from.parent[from.key] ?? null)) as unknown;
  },
  // … a number is one off, …
  (all, pick, other) => {
    const numbers = all.filter(({ parent, key }) => typeof parent[key] === "number");
    if (numbers.length > 0) {
      const { parent, key } = at(numbers, pick);
      parent[key] = Number(parent[key]) + [-1, 1, 1000, -1000][other % 4]!;
    }
  },
  // … a text has a typo, …
  (all, pick, other) => {
    const texts = all.filter(({ parent, key }) => typeof parent[key] === "string");
    if (texts.length > 0) {
      const { parent, key } = at(texts, pick);
      const text = String(parent[key]);
      const position = other % (text.length + 1);
      parent[key] = `${text.slice(0, position)}${["", "-", ".", "A", "0", "$", "{"][other % 7]}${text.slice(position + (other % 2))}`;
    }
  },
  // … true is false, …
  (all, pick) => {
    const flags = all.filter(({ parent, key }) => typeof parent[key] === "boolean");
    if (flags.length > 0) {
      const { parent, key } = at(flags, pick);
      parent[key] = parent[key] !== true;
    }
  },
  // … a list says something twice, …
  (all, pick, other) => {
    const lists = all.filter(({ parent }) => Array.isArray(parent));
    if (lists.length > 0) {
      const { parent } = at(lists, pick);
      const list = parent as unknown as unknown[];
      list.push(structuredClone(list[other % list.length]));
    }
  },
  // … a key has a typo, or there is one more.
  (all, pick, other) => {
    const keys = all.filter(({ parent }) => !Array.isArray(parent));
    const { parent, key } = at(keys, pick);
    parent[`${String(key)}${["s", "x", "_", ".", "-"][other % 5]}`] = parent[key];
    if (other % 2 === 0) delete parent[key];
  },
];

/** A literal as it is written down: without the keys that are left out. */
const written = (literal: unknown): unknown => JSON.parse(JSON.stringify(literal)) as unknown;

const mutated = (base: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .record({
      base,
      steps: fc.array(fc.record({ mutation: fc.nat({ max: MUTATIONS.length - 1 }), pick: fc.nat(), other: fc.nat() }), {
        minLength: 1,
        maxLength: 4,
      }),
    })
    .map(({ base: literal, steps }) => {
      const copy = written(literal);
      for (const { mutation, pick, other } of steps) {
        const all = places(copy);
        if (all.length > 0) MUTATIONS[mutation]!(all, pick, other);
      }
      return copy;
    });

/** Production's own literal with one to four clumsy changes. */
export const clumsyProd: fc.Arbitrary<unknown> = mutated(fc.constant(prod));
/** Any literal: kept rules, clumsy changes to those, to the project's own three, and things that are no literal at all. */
export const anyLiteral: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 2, arbitrary: validLiteral.map(written) },
  { weight: 4, arbitrary: mutated(fc.constantFrom(dev, staging, prod)) },
  { weight: 4, arbitrary: mutated(validLiteral) },
  {
    weight: 1,
    arbitrary: fc.anything({
      withBigInt: true,
      withMap: true,
      withNullPrototype: true,
      withSparseArray: true,
      withDate: true,
      maxDepth: 4,
    }),
  },
);

/** The same value with the keys of every object in another order, the same one for the same seed; the objects named in `except` keep the order of their own keys. */
export function reordered(value: unknown, seed: number, except: readonly string[] = []): unknown {
  let state = seed;
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0);
  const reorder = (part: unknown, keep = false): unknown => {
    if (Array.isArray(part)) return part.map((entry) => reorder(entry));
    if (typeof part !== "object" || part === null || Object.getPrototypeOf(part) !== Object.prototype) return part;
    const entries = Object.entries(part).map(([key, entry]) => ({
      key,
      entry: reorder(entry, except.includes(key)),
      place: keep ? 0 : random(),
    }));
    return Object.fromEntries(entries.sort((one, other) => one.place - other.place).map(({ key, entry }) => [key, entry]));
  };
  return reorder(value);
}
