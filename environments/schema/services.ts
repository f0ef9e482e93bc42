/**
 * What a literal says of its container services: one description feeds ECS and Kubernetes alike. Part of schema.ts.
 *
 * A service is added by one entry of `services`; docs/services.md shows one of ten lines.
 */
import { z } from "zod";
import { FARGATE_CPU, FARGATE_MEMORY } from "../facts/fargate-sizes";
import {
  certificateArn,
  cidr,
  clusterName,
  environmentVariable,
  hostPattern,
  integer,
  logRetentionDays,
  pathPattern,
  physicalName,
  port,
  portName,
  serviceImage,
  serviceName,
  text,
  urlPath,
  weeklyCron,
} from "./fields";
import { eks, kubernetes } from "./kubernetes";
import { QUEUE_GRANT_WORDS, queueGrant, queueGrantParts, queueReference, type QueueGrant } from "./queues";

/**
 * What a service may be allowed, and is then told by environment variables: `rawMarketData.read` gives RAW_MARKET_DATA_BUCKET.
 * A right is worded as the grant that gives it, see constructs/containers/service-access.ts.
 */
export const GRANTS = [
  "rawMarketData.read",
  "rawMarketData.readWrite",
  "processedMarketData.read",
  "processedMarketData.readWrite",
  "backtestResults.read",
  "backtestResults.readWrite",
  "orderState.read",
  "orderState.readWrite",
  "orderQueue.send",
  "orderQueue.consume",
  "systemEvents.publish",
  "cache.connect",
  "database.connect",
] as const;
export type NamedGrant = (typeof GRANTS)[number];
/** One of those, or a right on a queue of `events.queues`: `queues.riskReports.send` gives RISK_REPORTS_QUEUE_URL. */
export type Grant = NamedGrant | QueueGrant;
const grant = z.union([z.enum(GRANTS), queueGrant], {
  error: `one of ${GRANTS.map((name) => JSON.stringify(name)).join(", ")}, or ${QUEUE_GRANT_WORDS}`,
});

const percent = integer(1, 100, "percent");
const tasks = integer(1, 1000, "tasks");

/** K8S-019, CON-018, C-54. */
export const scaling = z.strictObject({
  min: tasks.default(2),
  max: tasks.default(20),
  /** Of the CPU, over all tasks, that scaling holds. */
  cpuPercent: percent.default(70),
  memoryPercent: percent.default(80),
  /** Messages that wait for each task, for workers. */
  queue: z.strictObject({ name: queueReference, messagesPerTask: integer(1, 1_000_000, "messages") }).optional(),
  /** Other limits from a time of the week on, in Tokyo's time: around the market's hours. */
  schedule: z
    .array(z.strictObject({ cron: weeklyCron, min: tasks, max: tasks.optional() }))
    .max(20)
    .default([]),
});

/** Requests from outside that the load balancer sends here. */
const route = z.strictObject({
  /** Lower ones are tried first. */
  priority: integer(1, 50_000, "the listener's order"),
  paths: z.array(pathPattern).default([]),
  hosts: z.array(hostPattern).default([]),
});

/** One of them. */
export const service = z.strictObject({
  /** A tag that is never `latest`, or a digest, in a repository that the stack makes; `none` until one is pushed. A deploy may name another tag: `--image ml=1.4.2`. */
  image: physicalName("repository", serviceImage, (image) => imageParts(image).repository),
  architecture: z.enum(["x86_64", "arm64"]).default("x86_64"),
  /** CPU units, 1024 are one vCPU (CON-011, CON-012, C-53). */
  cpu: z.literal([...FARGATE_CPU]),
  /** MiB; Fargate offers some for each figure of `cpu`. */
  memory: integer(FARGATE_MEMORY.minimum, FARGATE_MEMORY.maximum, "MiB"),
  /** On which it speaks HTTP (containers.md, open points). */
  port: port.default(8000),
  /** Further ports, by what is spoken on them, that other services reach: `{ grpc: 50051 }`. */
  ports: z.record(portName, port).default({}),
  /** Answers 200 while the process lives. */
  healthPath: urlPath.default("/health"),
  /** Answers 200 when it can take requests. */
  readyPath: urlPath.default("/ready"),
  /** What asks for `healthPath` from within the container, on ECS. @default Python's urllib */
  healthCommand: z.array(text(1024)).min(1).optional(),
  /** Seconds until it must be healthy. */
  startSeconds: integer(0, 300, "seconds").default(60),
  /** Seconds that it may take to stop. */
  stopSeconds: integer(1, 120, "seconds").default(30),
  /** Without `scaling`. @default 1 */
  replicas: integer(0, 1000, "tasks").optional(),
  /** Absent: `replicas`. */
  scaling: scaling.optional(),
  /** `recreate`: the old one stops before the new one starts, so that there is never more than one. */
  strategy: z.enum(["rolling", "recreate"]).default("rolling"),
  /** Interruptible capacity beside the tasks that must stay; never alone. */
  spot: z
    .strictObject({
      /** Tasks that never run on Spot. */
      onDemandBase: tasks,
      /** Beyond those, so many on Spot for each one that is not. */
      spotPerOnDemand: integer(1, 100, "tasks").default(3),
    })
    .optional(),
  /** Of the scratch volume, which is the only place it can write to. @default the 20 GB that every task of Fargate has; in a cluster 1 GiB */
  scratchGigabytes: integer(21, 200, "GB").optional(),
  /** Absent: no requests from outside. */
  route: route.optional(),
  /** Services that it calls; nothing else reaches them. */
  calls: z.array(serviceName).default([]),
  /** Plain settings. What the infrastructure knows comes on top. */
  environment: z.record(environmentVariable, text(4096)).default({}),
  /** Variables whose value is a key of a secret: `{ MT5_LOGIN: { secret: "mt5", key: "login" } }`. */
  secrets: z.record(environmentVariable, z.strictObject({ secret: text(64), key: text(64) })).default({}),
  grants: z.array(grant).default([]),
});

/** By name. */
export const services = z.record(serviceName, service);

/** What the services share. */
export const cluster = z.strictObject({
  /** CON-005. */
  name: clusterName,
  /** `enhanced` shows each container (CON-016), `enabled` each service; `disabled` leaves the CPU and memory of each service, which cost nothing. */
  containerInsights: z.enum(["enhanced", "enabled", "disabled"]).default("enhanced"),
  /** A shell in a running container through ECS Exec; every session is logged. */
  executeCommand: z.boolean().default(false),
  logRetentionDays: logRetentionDays.default(30),
  /** In front of the services that have a `route`. */
  loadBalancer: z
    .strictObject({
      /** Of a certificate in AWS Certificate Manager, in the environment's own region. */
      certificateArn,
      clientCidrs: z.array(cidr).min(1).max(25),
      /** AWS's rules against what is known to be bad, and a limit on requests from one address. */
      webAcl: z.boolean().default(true),
      /** Requests that one address may make in five minutes, where there is a web ACL. */
      requestsPerFiveMinutes: integer(10, 2_000_000_000, "requests").default(2000),
    })
    .optional(),
  eks,
  kubernetes,
});

export type Service = z.output<typeof service>;
export type ServiceScaling = z.output<typeof scaling>;

/** Tasks that a service begins with. */
export const initialTasks = ({ replicas, scaling: limits }: Pick<Service, "replicas" | "scaling">): number => limits?.min ?? replicas ?? 1;

/** Repository and version of an image. */
export function imageParts(image: string): { readonly repository: string; readonly tag?: string; readonly digest?: string } {
  const [name, digest] = image.split("@") as [string, string | undefined];
  const [repository, tag] = name.split(":") as [string, string | undefined];
  return { repository, tag, digest };
}

/** The tag of a service of which nothing was pushed yet: it is its repository and nothing else. */
export const NO_IMAGE = "none";

/** The services that have an image to run, with the calls among them. */
export function runningServices<T extends Pick<Service, "image" | "calls">>(services: Readonly<Record<string, T>>): Record<string, T> {
  const running = Object.entries(services).filter(([, { image }]) => imageParts(image).tag !== NO_IMAGE);
  const names = new Set(running.map(([name]) => name));
  return Object.fromEntries(
    running.map(([name, service]) => [name, { ...service, calls: service.calls.filter((callee) => names.has(callee)) }]),
  );
}

/** Name of a service in environment variables: `data-api` → `DATA_API`. */
export const variableName = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toUpperCase();

/** The variables that come with the rights on each subject. */
export const GRANT_VARIABLES = {
  rawMarketData: ["RAW_MARKET_DATA_BUCKET"],
  processedMarketData: ["PROCESSED_MARKET_DATA_BUCKET"],
  backtestResults: ["BACKTEST_RESULTS_BUCKET"],
  orderState: ["ORDER_STATE_TABLE"],
  orderQueue: ["ORDER_QUEUE_URL"],
  systemEvents: ["SYSTEM_EVENTS_TOPIC_ARN"],
  cache: ["CACHE_HOST", "CACHE_PORT", "CACHE_TLS", "CACHE_CLUSTER_MODE"],
  database: ["DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME", "DATABASE_USER"],
} as const;
export type GrantSubject = keyof typeof GRANT_VARIABLES;
export const grantSubject = (grant: NamedGrant): GrantSubject => grant.split(".")[0] as GrantSubject;
/** The variable that tells a service of a queue of `events.queues`. */
export const queueVariable = (key: string): string => `${variableName(key)}_QUEUE_URL`;
/** The variables that come with a right. */
export function grantVariables(grant: Grant): readonly string[] {
  const queue = queueGrantParts(grant);
  return queue ? [queueVariable(queue.key)] : GRANT_VARIABLES[grantSubject(grant as NamedGrant)];
}

/** Variables that the infrastructure sets in every service. */
const COMMON_VARIABLES = ["ENVIRONMENT", "PORT"];

/** Every variable that the infrastructure sets in a service. */
export const givenVariables = ({ calls, grants }: Pick<Service, "calls" | "grants">): string[] => [
  ...COMMON_VARIABLES,
  ...calls.map((name) => `${variableName(name)}_URL`),
  ...new Set(grants.flatMap(grantVariables)),
];

/** The services, each after those it calls; the schema has refused circles. */
export function inCallOrder(all: Readonly<Record<string, Pick<Service, "calls">>>): readonly string[] {
  const ordered = new Set<string>();
  const add = (name: string): void => {
    if (ordered.has(name)) return;
    for (const callee of all[name]!.calls) add(callee);
    ordered.add(name);
  };
  for (const name of Object.keys(all)) add(name);
  return [...ordered];
}
