/** Every rule of the container services: an edit that it refuses, and the neighbour value that passes. */
import { SERVICE_RULES } from "../../environments/rules/services";
import { GRANTS } from "../../environments/schema/services";
import { edited, findingsOf, GONE, WITHOUT_DATABASE, type Edits } from "./edits";
import { testRules, type Case } from "./rule-cases";

const ML = "services.ml";
/** The form that takes what KUBERNETES_RULES refuse. */
const ECS = { platform: "ecs" };
const DATA = "services.data";
const SCHEDULER = "services.scheduler";
const TWICE = /^an entry that the list does not hold yet/;
/** All of it, so that a finding shows what the literal says. */
const SCALING = { min: 1, max: 1, cpuPercent: 70, memoryPercent: 80, schedule: [] };
const SPOT = { onDemandBase: 1, spotPerOnDemand: 3 };
const route = (paths: string[], hosts: string[] = []) => ({ priority: 100, paths, hosts });
const MORNING = "0 23 * * SUN-THU";
const CLIENTS = "cluster.loadBalancer.clientCidrs";
const CERTIFICATE = "arn:aws:acm:ap-northeast-1:777788889999:certificate/0a1b2c3d-4e5f-4a6b-8c7d-000000000013";
const FOREIGN = "a certificate of region ap-northeast-1 and account 777788889999";
const LOGIN = { secret: "mt5", key: "login" };
const marketData = (...keys: string[]) => ({ name: "TSS/market-data", description: "Key of the market data's provider", keys });
const MEMORY = "a service has memory that Fargate offers with its CPU";
const STACKS_SECRETS = "a service's secrets are those of a stack";
const OWNED = "a secret that a stack owns: mt5, slackWebhook; further ones stand in data.serviceSecrets";
const ONE_SOURCE = "a variable has one source";
/** The least that a service says. */
const ORDERS = { image: "orders:1", cpu: 256, memory: 512 };

const memory = (cpu: number, refused: number, allowed: string, accepted: number): Case => ({
  rule: MEMORY,
  base: "prod",
  refused: { [`${ML}.cpu`]: cpu, [`${ML}.memory`]: refused },
  path: `${ML}.memory`,
  allowed: `with cpu ${cpu} one of ${allowed} MiB`,
  accepted: { [`${ML}.cpu`]: cpu, [`${ML}.memory`]: accepted },
});

const QUEUE = {
  name: "Reports-dev",
  visibilityTimeoutSeconds: 60,
  messageRetentionSeconds: 345_600,
  deadLetter: { name: "Reports_DLQ-dev", maxReceiveCount: 3, visibilityTimeoutSeconds: 60 },
};
const CASES: readonly Case[] = [
  {
    rule: "a platform has services to run",
    base: "prod",
    refused: { services: {}, "cluster.loadBalancer": GONE },
    path: "services",
    allowed: "one service or more, because platform is not none",
    accepted: { services: {}, "cluster.loadBalancer": GONE, platform: "none" },
  },

  // --- size and number ---
  memory(256, 1536, "512, 1024, 2048", 2048),
  memory(256, 3072, "512, 1024, 2048", 512),
  memory(512, 512, "1024, 2048, 3072, 4096", 1024),
  memory(512, 1536, "1024, 2048, 3072, 4096", 4096),
  memory(1024, 9216, "2048, 3072, 4096, 5120, 6144, 7168, 8192", 8192),
  memory(8192, 17_408, "16384, 20480, 24576, 28672, 32768, 36864, 40960, 45056, 49152, 53248, 57344, 61440", 20_480),
  memory(16_384, 36_864, "32768, 40960, 49152, 57344, 65536, 73728, 81920, 90112, 98304, 106496, 114688, 122880", 40_960),
  {
    rule: "a service has replicas or scaling",
    base: "prod",
    refused: { [`${ML}.replicas`]: 3 },
    path: `${ML}.replicas`,
    allowed: "no replicas beside scaling, which begins with its min 3",
    accepted: { [`${ML}.replicas`]: 3, [`${ML}.scaling`]: GONE },
  },
  {
    rule: "a service has replicas or scaling",
    base: "dev",
    refused: { [`${ML}.replicas`]: 0, [`${ML}.scaling`]: {} },
    path: `${ML}.replicas`,
    allowed: "no replicas beside scaling, which begins with its min 2",
    accepted: { [`${ML}.scaling`]: {} },
  },
  {
    rule: "scaling goes from min to max",
    base: "prod",
    refused: { [`${ML}.scaling`]: { min: 21 } },
    path: `${ML}.scaling.min`,
    allowed: `at most ${ML}.scaling.max 20`,
    accepted: { [`${ML}.scaling`]: { min: 20 } },
  },
  {
    rule: "scaling goes from min to max",
    base: "prod",
    refused: {
      [`${ML}.scaling.schedule`]: [
        { cron: MORNING, min: 20 },
        { cron: "0 7 * * MON-FRI", min: 21 },
      ],
    },
    path: `${ML}.scaling.schedule[1].min`,
    allowed: "at most 20, the max of that time",
    accepted: { ...ECS, [`${ML}.scaling.schedule`]: [{ cron: MORNING, min: 20 }] },
  },
  {
    rule: "scaling goes from min to max",
    base: "prod",
    refused: { [`${ML}.scaling.schedule`]: [{ cron: MORNING, min: 5, max: 4 }] },
    path: `${ML}.scaling.schedule[0].min`,
    allowed: "at most 4, the max of that time",
    accepted: { ...ECS, [`${ML}.scaling.schedule`]: [{ cron: MORNING, min: 30, max: 30 }] },
  },
  {
    rule: "each time of a schedule stands once",
    base: "prod",
    refused: {
      [`${ML}.scaling.schedule`]: [
        { cron: MORNING, min: 5 },
        { cron: MORNING, min: 6 },
      ],
    },
    path: `${ML}.scaling.schedule[1].cron`,
    allowed: TWICE,
    accepted: {
      ...ECS,
      [`${ML}.scaling.schedule`]: [
        { cron: MORNING, min: 5 },
        { cron: "0 7 * * MON-FRI", min: 5 },
      ],
    },
  },
  {
    rule: "a service that is recreated runs once",
    base: "prod",
    refused: { [`${SCHEDULER}.scaling`]: SCALING },
    path: `${SCHEDULER}.scaling`,
    allowed: /^no scaling, because strategy is recreate/,
    accepted: { [`${SCHEDULER}.scaling`]: SCALING, [`${SCHEDULER}.strategy`]: "rolling" },
  },
  {
    rule: "a service that is recreated runs once",
    base: "prod",
    refused: { [`${SCHEDULER}.replicas`]: 2 },
    path: `${SCHEDULER}.replicas`,
    allowed: "0 or 1, because strategy is recreate",
    accepted: { [`${SCHEDULER}.replicas`]: 1 },
  },
  {
    rule: "a service that is recreated runs once",
    base: "dev",
    refused: { [`${DATA}.strategy`]: "recreate", [`${DATA}.replicas`]: 2 },
    path: `${DATA}.replicas`,
    allowed: "0 or 1, because strategy is recreate",
    accepted: { [`${DATA}.strategy`]: "recreate", [`${DATA}.replicas`]: 0 },
  },
  {
    rule: "a service that is recreated runs once",
    base: "prod",
    refused: { [`${SCHEDULER}.spot`]: SPOT },
    path: `${SCHEDULER}.spot`,
    allowed: /^no spot, because strategy is recreate/,
    accepted: { ...ECS, [`${SCHEDULER}.spot`]: SPOT, [`${SCHEDULER}.strategy`]: GONE },
  },
  {
    rule: "a service that scales by a queue has that queue",
    base: "dev",
    path: `${ML}.scaling.queue.name`,
    allowed: '"orderQueue": the environment has no alertProcessingQueue',
    refused: { [`${ML}.scaling.queue`]: { name: "alertProcessingQueue", messagesPerTask: 100 } },
    accepted: { [`${ML}.scaling.queue`]: { name: "orderQueue", messagesPerTask: 100 } },
  },
  {
    rule: "a service that scales by a queue has that queue",
    base: "prod",
    path: `${ML}.scaling.queue.name`,
    allowed: '"orderQueue": the environment has no alertProcessingQueue',
    refused: { [`${ML}.scaling.queue`]: { name: "alertProcessingQueue", messagesPerTask: 1 }, "events.alertProcessingQueue": GONE },
    accepted: { ...ECS, [`${ML}.scaling.queue`]: { name: "alertProcessingQueue", messagesPerTask: 1 } },
  },
  {
    rule: "a service's alarms lie above what scaling holds",
    base: "prod",
    refused: { [`${ML}.scaling.cpuPercent`]: 85 },
    path: `${ML}.scaling.cpuPercent`,
    allowed: "less than alarms.services.cpuPercent 85, or scaling would hold the alarm",
    accepted: { [`${ML}.scaling.cpuPercent`]: 84 },
  },
  {
    rule: "a service's alarms lie above what scaling holds",
    base: "prod",
    refused: { [`${ML}.scaling.memoryPercent`]: 100 },
    path: `${ML}.scaling.memoryPercent`,
    allowed: "less than alarms.services.memoryPercent 90, or scaling would hold the alarm",
    accepted: { [`${ML}.scaling.memoryPercent`]: 89 },
  },
  {
    rule: "a service's alarms lie above what scaling holds",
    base: "prod",
    path: `${ML}.scaling.memoryPercent`,
    allowed: "less than alarms.services.memoryPercent 80, or scaling would hold the alarm",
    refused: { "alarms.services.memoryPercent": 80, [`${ML}.scaling.memoryPercent`]: 80 },
    accepted: { "alarms.services.memoryPercent": 81 },
  },
  ...(
    [
      ["cpu", 85],
      ["memory", 90],
    ] as const
  ).map(([part, limit]) => ({
    rule: "a service's alarms lie above what scaling holds",
    base: "prod" as const,
    path: `web.service.scaling.${part}Percent`,
    allowed: `less than web.service.${part}AlarmPercent ${limit}, or scaling would hold the alarm`,
    refused: { "web.service.replicas": GONE, "web.service.scaling": { min: 2, max: 4, [`${part}Percent`]: limit } },
    accepted: { "web.service.replicas": GONE, "web.service.scaling": { min: 2, max: 4, [`${part}Percent`]: limit - 1 } },
  })),

  // --- reaching it ---
  {
    rule: "a port is used once",
    base: "prod",
    refused: { [`${ML}.ports.grpc`]: 8000 },
    path: `${ML}.ports.grpc`,
    allowed: `a port other than that of ${ML}.port`,
    accepted: { [`${ML}.ports.grpc`]: 8000, [`${ML}.port`]: 8001 },
  },
  {
    rule: "a port is used once",
    base: "prod",
    refused: { [`${ML}.ports`]: { grpc: 50_051, "web-socket": 50_051 } },
    path: `${ML}.ports["web-socket"]`,
    allowed: `a port other than that of ${ML}.ports.grpc`,
    accepted: { [`${ML}.ports`]: { grpc: 50_051, "web-socket": 50_052 } },
  },
  {
    rule: "a port is used once",
    base: "prod",
    refused: { [`${ML}.ports`]: { "web-socket": 50_051, grpc: 50_051 } },
    path: `${ML}.ports.grpc`,
    allowed: `a port other than that of ${ML}.ports["web-socket"]`,
    accepted: { [`${ML}.ports.grpc`]: 50_051, [`${DATA}.ports.grpc`]: 50_051 },
  },
  {
    rule: "a service calls services that there are",
    base: "prod",
    refused: { [`${ML}.calls`]: ["dta"] },
    path: `${ML}.calls[0]`,
    allowed: "another service of the environment: data, scheduler",
    accepted: { [`${ML}.calls`]: [] },
  },
  {
    rule: "a service calls services that there are",
    base: "prod",
    refused: { [`${ML}.calls`]: ["data", "constructor"] },
    path: `${ML}.calls[1]`,
    allowed: "another service of the environment: data, scheduler",
    accepted: { [`${SCHEDULER}.calls`]: ["data"] },
  },
  {
    rule: "a service calls services that there are",
    base: "prod",
    refused: { [`${DATA}.calls`]: ["data"] },
    path: `${DATA}.calls[0]`,
    allowed: "another service of the environment: ml, scheduler",
    accepted: { [`${ML}.calls`]: ["scheduler"], [`${SCHEDULER}.calls`]: ["data"] },
  },
  {
    rule: "a service calls services that there are",
    base: "prod",
    refused: { "cluster.loadBalancer": GONE, services: { ml: { ...ORDERS, calls: ["data"] } } },
    path: `${ML}.calls[0]`,
    allowed: "another service of the environment: none",
    accepted: { "cluster.loadBalancer": GONE, services: { ml: ORDERS } },
  },
  {
    rule: "a service calls services that there are",
    base: "prod",
    refused: { [`${SCHEDULER}.calls`]: ["data", "ml", "data"] },
    path: `${SCHEDULER}.calls[2]`,
    allowed: TWICE,
    accepted: { [`${SCHEDULER}.calls`]: ["ml", "data"] },
  },
  {
    rule: "calls form no circle",
    base: "prod",
    refused: { [`${DATA}.calls`]: ["ml"] },
    path: `${DATA}.calls`,
    allowed: /^services that do not call data, not by way of others either/,
    accepted: { [`${DATA}.calls`]: ["ml"], [`${ML}.calls`]: GONE },
  },
  {
    rule: "calls form no circle",
    base: "prod",
    refused: { [`${DATA}.calls`]: ["ml"] },
    path: `${ML}.calls`,
    allowed: /^services that do not call ml,/,
    accepted: {},
  },
  {
    rule: "calls form no circle",
    base: "prod",
    refused: { [`${SCHEDULER}.calls`]: ["ml"], [`${DATA}.calls`]: ["scheduler"] },
    path: `${ML}.calls`,
    allowed: /^services that do not call ml,/,
    accepted: { [`${SCHEDULER}.calls`]: ["ml"] },
  },
  {
    rule: "a route names paths or hosts",
    base: "prod",
    refused: { [`${ML}.route`]: route([]) },
    path: `${ML}.route`,
    allowed: /^1 to 5 paths and hosts together/,
    accepted: { [`${ML}.route`]: route([], ["ml.example.com"]) },
  },
  {
    rule: "a route names paths or hosts",
    base: "prod",
    refused: { [`${ML}.route`]: route(["/a", "/b", "/c", "/d", "/e", "/f"]) },
    path: `${ML}.route`,
    allowed: /^1 to 5 paths and hosts together/,
    accepted: { [`${ML}.route`]: route(["/a", "/b", "/c", "/d", "/e"]) },
  },
  {
    rule: "a route names paths or hosts",
    base: "prod",
    refused: { [`${ML}.route`]: route(["/a", "/b", "/c"], ["a.example.com", "b.example.com", "c.example.com"]) },
    path: `${ML}.route`,
    allowed: /^1 to 5 paths and hosts together/,
    accepted: { [`${ML}.route`]: route(["/a", "/b", "/c"], ["a.example.com", "b.example.com"]) },
  },
  {
    rule: "a route names paths or hosts",
    base: "prod",
    refused: { [`${ML}.route.paths`]: ["/ml/*", "/ml/*"] },
    path: `${ML}.route.paths[1]`,
    allowed: TWICE,
    accepted: { [`${ML}.route.paths`]: ["/ml/*", "/ml"] },
  },
  {
    rule: "a route names paths or hosts",
    base: "prod",
    refused: { [`${ML}.route.hosts`]: ["ml.example.com", "ml.example.com"] },
    path: `${ML}.route.hosts[1]`,
    allowed: TWICE,
    accepted: { [`${ML}.route.hosts`]: ["ml.example.com", "*.example.com"] },
  },
  {
    rule: "each route has a priority of its own",
    base: "prod",
    refused: { [`${DATA}.route.priority`]: 100 },
    path: `${DATA}.route.priority`,
    allowed: `a priority other than that of ${ML}.route.priority`,
    accepted: { [`${DATA}.route.priority`]: 101 },
  },
  {
    rule: "each route has a priority of its own",
    base: "prod",
    refused: { [`${SCHEDULER}.route`]: { priority: 200, paths: ["/jobs"] } },
    path: `${SCHEDULER}.route.priority`,
    allowed: `a priority other than that of ${DATA}.route.priority`,
    accepted: { [`${SCHEDULER}.route`]: { priority: 200, paths: ["/jobs"] }, [`${DATA}.route`]: GONE },
  },
  {
    rule: "services with a route have a load balancer",
    base: "prod",
    refused: { "cluster.loadBalancer": GONE, [`${ML}.route`]: GONE },
    path: "cluster.loadBalancer",
    allowed: `an object, because ${DATA}.route sends requests through it`,
    accepted: { "cluster.loadBalancer": GONE, [`${ML}.route`]: GONE, [`${DATA}.route`]: GONE },
  },
  {
    rule: "services with a route have a load balancer",
    base: "prod",
    refused: {
      "cluster.loadBalancer.webAcl": true,
      "cluster.loadBalancer.requestsPerFiveMinutes": 2000,
      [`${ML}.route`]: GONE,
      [`${DATA}.route`]: GONE,
    },
    path: "cluster.loadBalancer",
    allowed: "no load balancer, because no service has a route",
    accepted: { [`${ML}.route`]: GONE },
  },
  {
    rule: "only development goes without a web ACL and Container Insights",
    base: "staging",
    refused: { "cluster.loadBalancer.webAcl": false },
    path: "cluster.loadBalancer.webAcl",
    allowed: "true, because stage is staging",
    accepted: { "cluster.loadBalancer.webAcl": true },
  },
  {
    rule: "only development goes without a web ACL and Container Insights",
    base: "prod",
    refused: { "cluster.containerInsights": "disabled" },
    path: "cluster.containerInsights",
    allowed: '"enhanced" or "enabled", because stage is production',
    accepted: { "cluster.containerInsights": "enabled" },
  },
  {
    rule: "the services' load balancer has known clients",
    base: "prod",
    refused: { [CLIENTS]: ["203.0.113.0/24", "0.0.0.0/0"] },
    path: `${CLIENTS}[1]`,
    allowed: /^a network of \/8 or narrower, because stage is production/,
    accepted: { [CLIENTS]: ["203.0.113.0/24", "10.0.0.0/8"] },
  },
  {
    rule: "the services' load balancer has known clients",
    base: "staging",
    refused: { [CLIENTS]: ["12.0.0.0/7"] },
    path: `${CLIENTS}[0]`,
    allowed: /because stage is staging/,
    accepted: { [CLIENTS]: ["12.0.0.0/8"] },
  },
  {
    rule: "the services' load balancer has known clients",
    base: "dev",
    refused: { [CLIENTS]: ["0.0.0.0/0", "203.0.113.0/24", "0.0.0.0/0"] },
    path: `${CLIENTS}[2]`,
    allowed: TWICE,
    accepted: { [CLIENTS]: ["0.0.0.0/0"] },
  },
  {
    rule: "the services' certificate is the environment's own",
    base: "prod",
    refused: { "cluster.loadBalancer.certificateArn": CERTIFICATE.replace("ap-northeast-1", "us-east-1") },
    path: "cluster.loadBalancer.certificateArn",
    allowed: FOREIGN,
    accepted: { "cluster.loadBalancer.certificateArn": CERTIFICATE },
  },
  {
    rule: "the services' certificate is the environment's own",
    base: "prod",
    refused: { "cluster.loadBalancer.certificateArn": CERTIFICATE.replace("777788889999", "444455556666") },
    path: "cluster.loadBalancer.certificateArn",
    allowed: FOREIGN,
    accepted: { "cluster.loadBalancer.certificateArn": CERTIFICATE.replace("13", "14") },
  },

  // --- what it is told ---
  {
    rule: STACKS_SECRETS,
    base: "prod",
    refused: { [`${ML}.secrets.LOGIN`]: { secret: "mt4", key: "login" } },
    path: `${ML}.secrets.LOGIN.secret`,
    allowed: OWNED,
    accepted: { [`${ML}.secrets.LOGIN`]: LOGIN },
  },
  // The password of the Windows host's Administrator is no service's business.
  {
    rule: STACKS_SECRETS,
    base: "prod",
    refused: { [`${ML}.secrets.LOGIN`]: { secret: "windowsLogon", key: "password" } },
    path: `${ML}.secrets.LOGIN.secret`,
    allowed: OWNED,
    accepted: { [`${ML}.secrets.HOOK`]: { secret: "slackWebhook", key: "webhook_url" } },
  },
  {
    rule: STACKS_SECRETS,
    base: "prod",
    refused: { [`${ML}.secrets.LOGIN`]: { secret: "constructor", key: "name" } },
    path: `${ML}.secrets.LOGIN.secret`,
    allowed: OWNED,
    accepted: { [`${ML}.secrets.LOGIN`]: LOGIN, [`${DATA}.secrets.LOGIN`]: LOGIN },
  },
  {
    rule: STACKS_SECRETS,
    base: "prod",
    refused: { "data.serviceSecrets.marketData": marketData("key"), [`${ML}.secrets.KEY`]: { secret: "market", key: "key" } },
    path: `${ML}.secrets.KEY.secret`,
    allowed: /^a secret that a stack owns: mt5, slackWebhook, marketData;/,
    accepted: { "data.serviceSecrets.marketData": marketData("key"), [`${ML}.secrets.KEY`]: { secret: "marketData", key: "key" } },
  },
  {
    rule: STACKS_SECRETS,
    base: "prod",
    refused: { [`${ML}.secrets.LOGIN`]: { secret: "mt5", key: "webhook_url" } },
    path: `${ML}.secrets.LOGIN.key`,
    allowed: "a key of that secret: login, password, server",
    accepted: { [`${ML}.secrets.LOGIN`]: { secret: "mt5", key: "server" } },
  },
  {
    rule: "a service's secret is none of the others",
    base: "prod",
    refused: { "data.serviceSecrets.windowsLogon": marketData("key") },
    path: "data.serviceSecrets.windowsLogon",
    allowed: "a name other than those of data.secrets: mt5, slackWebhook, windowsLogon",
    accepted: { "data.serviceSecrets.constructor": marketData("key") },
  },
  {
    rule: "a service's secret holds each key once",
    base: "prod",
    refused: { "data.serviceSecrets.marketData": marketData("key", "url", "key") },
    path: "data.serviceSecrets.marketData.keys[2]",
    allowed: TWICE,
    accepted: { "data.serviceSecrets.marketData": marketData("key", "url") },
  },
  {
    rule: ONE_SOURCE,
    base: "prod",
    refused: { [`${DATA}.environment.ENVIRONMENT`]: "live" },
    path: `${DATA}.environment.ENVIRONMENT`,
    allowed: /^no such variable: the infrastructure sets ENVIRONMENT, PORT, RAW_MARKET_DATA_BUCKET, /,
    accepted: { [`${DATA}.environment.ENVIRONMENTS`]: "live" },
  },
  {
    rule: ONE_SOURCE,
    base: "prod",
    refused: { [`${ML}.environment.DATA_URL`]: "http://other" },
    path: `${ML}.environment.DATA_URL`,
    allowed: /^no such variable: the infrastructure sets ENVIRONMENT, PORT, DATA_URL, /,
    accepted: { [`${ML}.environment.DATA_URL`]: "http://other", [`${ML}.calls`]: GONE },
  },
  {
    rule: ONE_SOURCE,
    base: "prod",
    refused: { [`${DATA}.environment.CACHE_HOST`]: "redis" },
    path: `${DATA}.environment.CACHE_HOST`,
    allowed: /^no such variable/,
    accepted: { [`${SCHEDULER}.environment.CACHE_HOST`]: "redis" },
  },
  {
    rule: ONE_SOURCE,
    base: "prod",
    refused: { [`${DATA}.secrets.DATABASE_USER`]: LOGIN },
    path: `${DATA}.secrets.DATABASE_USER`,
    allowed: `a variable that neither ${DATA}.environment nor the infrastructure sets`,
    accepted: { [`${DATA}.secrets.DATABASE_PASSWORD`]: LOGIN },
  },
  {
    rule: ONE_SOURCE,
    base: "prod",
    refused: { [`${DATA}.environment.LOGIN`]: "a", [`${DATA}.secrets.LOGIN`]: LOGIN },
    path: `${DATA}.secrets.LOGIN`,
    allowed: `a variable that neither ${DATA}.environment nor the infrastructure sets`,
    accepted: { [`${DATA}.environment.LOGIN`]: "a", [`${ML}.secrets.LOGIN`]: LOGIN },
  },
  {
    rule: ONE_SOURCE,
    base: "prod",
    path: `${SCHEDULER}.calls[0]`,
    allowed: `a service of another name: ORDER_QUEUE_URL comes with one of ${SCHEDULER}.grants`,
    refused: { 'services["order-queue"]': ORDERS, [`${SCHEDULER}.calls`]: ["order-queue"], [`${SCHEDULER}.grants`]: ["orderQueue.send"] },
    accepted: { 'services["order-queue"]': ORDERS, [`${SCHEDULER}.calls`]: ["order-queue"] },
  },
  {
    rule: "a service has rights on queues that there are",
    base: "dev",
    path: `${ML}.grants[1]`,
    allowed: "a queue of events.queues: queues.reports.send",
    refused: { "events.queues": { reports: QUEUE }, [`${ML}.grants`]: ["queues.reports.consume", "queues.report.send"] },
    accepted: { "events.queues": { reports: QUEUE }, [`${ML}.grants`]: ["queues.reports.consume", "queues.reports.send"] },
  },
  {
    rule: "a service has rights on queues that there are",
    base: "dev",
    refused: { [`${ML}.grants`]: ["queues.constructor.send"] },
    path: `${ML}.grants[0]`,
    allowed: "a queue of events.queues: none",
    accepted: {},
  },
  {
    rule: "a service that scales by a queue has that queue",
    base: "dev",
    path: `${ML}.scaling.queue.name`,
    allowed: '"orderQueue", "queues.reports": the environment has no queues.report',
    refused: { "events.queues": { reports: QUEUE }, [`${ML}.scaling.queue`]: { name: "queues.report", messagesPerTask: 1 } },
    accepted: { "events.queues": { reports: QUEUE }, [`${ML}.scaling.queue`]: { name: "queues.reports", messagesPerTask: 1 } },
  },
  {
    rule: "a variable has one source",
    base: "dev",
    path: `${SCHEDULER}.calls[0]`,
    allowed: /REPORTS_QUEUE_URL comes with one of/,
    refused: {
      "events.queues": { reports: QUEUE },
      'services["reports-queue"]': { ...ORDERS, image: "reports-queue-dev:1" },
      [`${SCHEDULER}.calls`]: ["reports-queue"],
      [`${SCHEDULER}.grants`]: ["queues.reports.send"],
    },
    accepted: {
      "events.queues": { reports: QUEUE },
      'services["reports-queue"]': { ...ORDERS, image: "reports-queue-dev:1" },
      [`${SCHEDULER}.calls`]: ["reports-queue"],
      [`${SCHEDULER}.grants`]: [],
    },
  },
  {
    rule: "each right stands once",
    base: "prod",
    refused: { [`${ML}.grants`]: ["cache.connect", "orderQueue.send", "cache.connect"] },
    path: `${ML}.grants[2]`,
    allowed: TWICE,
    accepted: { [`${ML}.grants`]: ["cache.connect", "orderQueue.send", "orderQueue.consume"] },
  },
  ...["rawMarketData", "processedMarketData", "backtestResults", "orderState"].map((subject): Case => ({
    rule: "each right stands once",
    base: "prod",
    path: `${ML}.grants[1]`,
    allowed: `no ${subject}.read beside ${subject}.readWrite, which holds it`,
    refused: { [`${ML}.grants`]: [`${subject}.readWrite`, `${subject}.read`] },
    accepted: { [`${ML}.grants`]: [`${subject}.readWrite`] },
  })),
  {
    rule: "a service connects to a database that there is",
    base: "dev",
    refused: { [`${ML}.grants`]: ["cache.connect", "database.connect"] },
    path: `${ML}.grants[1]`,
    allowed: 'no database.connect, because database is "none"',
    accepted: { [`${ML}.grants`]: ["cache.connect"] },
  },
  {
    rule: "a service connects to a database that there is",
    base: "prod",
    refused: { ...WITHOUT_DATABASE, [`${ML}.grants`]: ["database.connect"] },
    path: `${ML}.grants[0]`,
    allowed: 'no database.connect, because database is "none"',
    accepted: { database: "in-cluster", "data.rds": GONE },
  },
];

const paths = (edits: Edits) => findingsOf(edited("prod", edits)).map(({ path }) => path);

describe("rules of the services", () => {
  testRules(SERVICE_RULES, CASES);

  it("name every service of a circle, and none that only calls into it", () => {
    expect(paths({ [`${DATA}.calls`]: ["ml"] })).toEqual([`${ML}.calls`, `${DATA}.calls`]);
    expect(paths({ [`${SCHEDULER}.calls`]: ["ml"], [`${DATA}.calls`]: ["scheduler"] })).toEqual([
      `${ML}.calls`,
      `${DATA}.calls`,
      `${SCHEDULER}.calls`,
    ]);
  });

  it("take a call of oneself for no circle, and each route without a load balancer for one problem", () => {
    expect(paths({ [`${DATA}.calls`]: ["data"] })).toEqual([`${DATA}.calls[0]`]);
    expect(paths({ "cluster.loadBalancer": GONE })).toEqual(["cluster.loadBalancer"]);
  });

  it("say which services are wrong when several are", () => {
    expect(paths({ [`${ML}.memory`]: 2048, [`${DATA}.memory`]: 1024, [`${SCHEDULER}.memory`]: 512 })).toEqual([
      `${ML}.memory`,
      `${DATA}.memory`,
      `${SCHEDULER}.memory`,
    ]);
  });

  it("write a service's name as code would", () => {
    expect(paths({ 'services["data-api"]': { ...ORDERS, memory: 1536, route: { priority: 300, paths: [] } } })).toEqual([
      'services["data-api"].memory',
      'services["data-api"].route',
    ]);
  });

  it("are not hidden by mistakes in parts that they do not read", () => {
    const edits = {
      "data.table": null,
      "events.systemEventsTopic": "a.b",
      "cluster.name": "",
      [`${ML}.secrets.LOGIN`]: { secret: "mt4", key: "login" },
      "events.alertProcessingQueue": GONE,
      [`${ML}.scaling.queue`]: { name: "alertProcessingQueue", messagesPerTask: 1 },
    };
    expect(paths(edits)).toEqual(expect.arrayContaining([`${ML}.secrets.LOGIN.secret`, `${ML}.scaling.queue.name`]));
  });

  it("accept every right at once, the wider one where there are two", () => {
    expect(paths({ [`${ML}.grants`]: GRANTS.filter((grant) => !grant.endsWith(".read")) })).toEqual([]);
  });
});
