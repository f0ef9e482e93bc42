/** What Azure's literals may not say: each rule refuses, and takes the value beside. */
import { checkTogether } from "../../environments/azure/load";
import { AZURE_RULES } from "../../environments/azure/rules";
import { ALONE, azureEnvironment, refusedPaths, type AzureEdits, type AzureName } from "../helpers/azure";
import { azureNames } from "../fixtures/azure";

interface Case {
  readonly rule: string;
  readonly name?: AzureName;
  readonly refused: AzureEdits;
  readonly path: string;
  /** The neighbour that passes. */
  readonly accepted: AzureEdits;
}

const of = (field: string, refused: unknown, accepted: unknown, path = `services.data.${field}`): Omit<Case, "rule"> => ({
  refused: { [`services.data.${field}`]: refused },
  path,
  accepted: { [`services.data.${field}`]: accepted },
});

/** Of the example that has a cluster. */
const ofCluster = (rule: string, path: string, refused: AzureEdits, accepted: AzureEdits, name: AzureName = "azure-aks"): Case => ({
  rule,
  name,
  path,
  refused,
  accepted,
});
const POOL = { size: "Standard_D8s_v5", min: 3, max: 12 };
const IN_CLUSTER: readonly Case[] = [
  ofCluster("a cluster goes with aks", "cluster", { cluster: undefined }, {}),
  ofCluster(
    "a cluster goes with aks",
    "cluster",
    { platform: "container-apps", "gateway.maxCapacity": 10 },
    { platform: "container-apps", cluster: undefined },
  ),
  ofCluster(
    "a pool keeps between its limits",
    "cluster.pools.services.min",
    { "cluster.pools.services.min": 13 },
    { "cluster.pools.services.min": 12 },
  ),
  ofCluster("a pool keeps between its limits", "cluster.systemPool.min", { "cluster.systemPool.min": 4 }, { "cluster.systemPool.min": 3 }),
  ofCluster("there are nodes for the services", "cluster.pools", { "cluster.pools": {} }, { "cluster.pools": { other: POOL } }),
  ofCluster(
    "a pool has a name of its own",
    "cluster.pools.system",
    { "cluster.pools": { system: POOL } },
    { "cluster.pools": { systems: POOL } },
  ),
  ofCluster(
    "a pool has a name of its own",
    "cluster.pools.mltmp",
    { "cluster.pools": { ml: POOL, mltmp: POOL } },
    { "cluster.pools": { ml: POOL, tmpml: POOL } },
  ),
  ofCluster(
    "what AKS itself runs stands twice outside development",
    "cluster.systemPool.min",
    { "cluster.systemPool.min": 1, stage: "staging" },
    { "cluster.systemPool.min": 1, stage: "development" },
  ),
  ofCluster(
    "nodes are in several zones in production",
    "cluster.pools.services.zones",
    { "cluster.pools.services.zones": ["1"] },
    { "cluster.pools.services.zones": ["1", "3"] },
  ),
  ofCluster(
    "zones are named once",
    "cluster.systemPool.zones",
    { "cluster.systemPool.zones": ["1", "2", "1"] },
    { "cluster.systemPool.zones": ["1", "2"] },
  ),
  ofCluster(
    "the API has an agreed uptime outside development",
    "cluster.tier",
    { "cluster.tier": "Free", stage: "staging" },
    { "cluster.tier": "Free", stage: "development" },
  ),
  // 12 + 3 nodes and another 12 while they are exchanged: 27 addresses are a /27's.
  ofCluster(
    "the nodes' subnet has addresses for all of them",
    "network.subnets.containers",
    { "network.subnets.containers": "10.1.1.0/27", "cluster.pools.services.max": 13 },
    { "network.subnets.containers": "10.1.1.0/27" },
  ),
  ofCluster(
    "pods and Services have networks that are nobody else's",
    "network.operatorCidrs[1]",
    { "network.operatorCidrs": ["10.9.0.0/24", "10.244.7.0/24"] },
    { "network.operatorCidrs": ["10.9.0.0/24", "10.243.0.0/16"] },
  ),
  ofCluster(
    "pods and Services have networks that are nobody else's",
    "network.cidr",
    { "network.cidr": "10.0.0.0/8" },
    { "network.cidr": "10.0.0.0/9" },
  ),
  ofCluster(
    "the gateway's subnet is one that Application Gateway for Containers takes",
    "network.subnets.gateway",
    { "network.subnets.gateway": "10.1.0.0/25" },
    { "network.subnets.gateway": "10.1.8.0/24" },
  ),
  ofCluster(
    "a cluster's gateway grows by itself",
    "gateway.maxCapacity",
    { "gateway.maxCapacity": 10 },
    { "gateway.maxCapacity": undefined },
  ),
  ofCluster(
    "a node holds each service",
    "services.ml.cpu",
    { "cluster.pools.services.size": "Standard_D2s_v5" },
    { "cluster.pools.services.size": "Standard_D4s_v5" },
  ),
  ofCluster(
    "whole networks are let in only in development",
    "cluster.apiServerCidrs[0]",
    { "cluster.apiServerCidrs": ["0.0.0.0/0"] },
    { "cluster.apiServerCidrs": ["203.0.113.0/24"] },
  ),
];

const CASES: readonly Case[] = [
  {
    rule: "data is protected outside development",
    name: "azure-staging",
    refused: { deletionProtection: false },
    path: "deletionProtection",
    accepted: { deletionProtection: true },
  },
  {
    rule: "the cache has a replica in production",
    refused: { "data.cache.highAvailability": false },
    path: "data.cache.highAvailability",
    accepted: { "data.cache.highAvailability": true },
  },
  {
    rule: "data is kept in more than one zone in production",
    refused: { "data.storage.replication": "LRS" },
    path: "data.storage.replication",
    accepted: { "data.storage.replication": "GRS" },
  },
  {
    rule: "the database's size is one that its SKU has",
    refused: { "data.database.maxSizeGigabytes": 300 },
    path: "data.database.maxSizeGigabytes",
    accepted: { "data.database.maxSizeGigabytes": 300, "data.database.sku": "S3" },
  },
  {
    rule: "subnets lie inside the network, large enough",
    refused: { "network.subnets.containers": "10.2.1.0/24" },
    path: "network.subnets.containers",
    accepted: { "network.subnets.containers": "10.1.9.0/27" },
  },
  {
    rule: "subnets lie inside the network, large enough",
    refused: { "network.subnets.containers": "10.1.9.0/28" },
    path: "network.subnets.containers",
    accepted: { "network.subnets.instances": "10.1.9.0/28" },
  },
  {
    rule: "subnets do not overlap",
    refused: { "network.subnets.instances": "10.1.2.128/25" },
    path: "network.subnets.instances",
    accepted: { "network.subnets.instances": "10.1.4.128/25" },
  },
  {
    rule: "blobs grow colder with age",
    refused: { "data.storage.containers.backtestResults.coldAfterDays": 30 },
    path: "data.storage.containers.backtestResults",
    accepted: { "data.storage.containers.backtestResults.coldAfterDays": 31 },
  },
  {
    rule: "archived blobs are where Azure archives",
    refused: { "data.storage.replication": "GZRS" },
    path: "data.storage.containers.rawMarketData.archiveAfterDays",
    accepted: { "data.storage.replication": "GZRS", "data.storage.containers.rawMarketData.archiveAfterDays": undefined },
  },
  {
    rule: "what has a route has a gateway, and none stands idle",
    refused: { gateway: undefined },
    path: "gateway",
    accepted: { gateway: undefined, platform: "none" },
  },
  {
    rule: "what has a route has a gateway, and none stands idle",
    refused: { platform: "none" },
    path: "gateway",
    accepted: { platform: "container-apps" },
  },
  {
    rule: "whole networks are let in only in development",
    refused: { "gateway.clientCidrs": ["0.0.0.0/0"] },
    path: "gateway.clientCidrs[0]",
    accepted: { "gateway.clientCidrs": ["203.0.0.0/8"] },
  },
  {
    rule: "whole networks are let in only in development",
    refused: { "network.operatorCidrs": ["10.9.0.0/28", "0.0.0.0/0"] },
    path: "network.operatorCidrs[1]",
    accepted: { "network.operatorCidrs": ["10.9.0.0/28"] },
  },
  {
    rule: "a service has a size that Container Apps offer",
    refused: { "services.data.cpu": 8192, "services.data.memory": 16_384 },
    path: "services.data.cpu",
    accepted: { "services.data.cpu": 4096, "services.data.memory": 8192 },
  },
  { rule: "a service has a size that Container Apps offer", ...of("memory", 4096, 2048) },
  { rule: "rights are those that Azure has", ...of("grants", ["orderState.read"], ["rawMarketData.read"], "services.data.grants[0]") },
  { rule: "calls name other services", ...of("calls", ["nobody"], [], "services.data.calls[0]") },
  {
    rule: "secrets are named as Key Vault names them",
    ...of("secrets", { KEY: { secret: "a_b", key: "c" } }, { KEY: { secret: "a-b", key: "c" } }, "services.data.secrets.KEY"),
  },
  {
    rule: "what must never be two is one, and a container group is",
    refused: { "services.scheduler.replicas": 2 },
    path: "services.scheduler.replicas",
    accepted: { "services.scheduler.replicas": 1 },
  },
  {
    rule: "nobody reaches a container group, and no secret stands in it",
    refused: { "services.scheduler.route": { priority: 1, paths: ["/s/*"] } },
    path: "services.scheduler.route",
    accepted: { "services.scheduler.route": undefined },
  },
  {
    rule: "nobody reaches a container group, and no secret stands in it",
    refused: { "services.scheduler.secrets": { KEY: { secret: "a", key: "b" } } },
    path: "services.scheduler.secrets",
    accepted: { "services.scheduler.secrets": {} },
  },
  { rule: "nobody calls a container group", ...of("calls", ["scheduler"], [], "services.data.calls[0]") },
  {
    rule: "nobody reaches a container group, and no secret stands in it",
    refused: { platform: "container-instances" },
    path: "services.ml.route",
    accepted: ALONE,
  },
  {
    rule: "what must never be two is one, and a container group is",
    refused: { ...ALONE, "services.ml.scaling": { min: 1, max: 2 } },
    path: "services.ml.replicas",
    accepted: { ...ALONE, "services.ml.replicas": 1 },
  },
  {
    rule: "nobody calls a container group",
    refused: { ...ALONE, "services.scheduler.calls": ["ml"] },
    path: "services.scheduler.calls[0]",
    accepted: { ...ALONE, platform: "container-apps", "services.scheduler.calls": ["ml"] },
  },
  {
    rule: "a route is told by paths that a gateway takes",
    ...of("route", { priority: 1, paths: ["/a*"] }, { priority: 1, paths: ["/a/*"] }, "services.data.route.paths[0]"),
  },
  {
    rule: "a route is told by paths that a gateway takes",
    ...of("route", { priority: 1, paths: ["/"], hosts: ["a.example.com"] }, { priority: 1, paths: ["/"] }, "services.data.route.hosts"),
  },
  {
    rule: "a route is told by paths that a gateway takes",
    ...of("route", { priority: 1 }, { priority: 1, paths: ["/*"] }, "services.data.route.paths"),
  },
  { rule: "a service has no architecture", ...of("architecture", "arm64", "x86_64") },
  { rule: "a service has no ports", ...of("ports", { grpc: 50_051 }, {}) },
  { rule: "a service has no healthCommand", ...of("healthCommand", ["true"], undefined) },
  { rule: "a service has no spot", ...of("spot", { onDemandBase: 1 }, undefined) },
  { rule: "a service has no scratchGigabytes", ...of("scratchGigabytes", 50, undefined) },
  {
    rule: "a service scales by CPU and memory",
    ...of(
      "scaling",
      { min: 2, max: 3, queue: { name: "orderQueue", messagesPerTask: 1 } },
      { min: 2, max: 3 },
      "services.data.scaling.queue",
    ),
  },
  {
    rule: "a service scales by CPU and memory",
    ...of(
      "scaling",
      { min: 2, max: 3, schedule: [{ cron: "0 8 * * MON-FRI", min: 3 }] },
      { min: 2, max: 3 },
      "services.data.scaling.schedule",
    ),
  },
  { rule: "a service scales by CPU and memory", ...of("scaling", { min: 4, max: 3 }, { min: 3, max: 3 }, "services.data.scaling.min") },
  ...IN_CLUSTER,
];

it.each(CASES.map((one) => [one.rule, JSON.stringify(one.refused), one] as const))(
  "%s: %s",
  (_, __, { accepted, name = "azure-prod", path, refused }) => {
    expect(refusedPaths(name, refused)).toContain(path);
    expect(refusedPaths(name, accepted)).toEqual([]);
  },
);

it.each([
  ["a size that Container Apps do not offer", { "services.ml.cpu": 2048, "services.ml.memory": 8192 }],
  ["further ports", { "services.data.ports": { grpc: 50_051 } }],
  ["scratch", { "services.data.scratchGigabytes": 30 }],
  ["a call of what is recreated", { "services.data.calls": ["scheduler"], "services.scheduler.calls": [] }],
  ["secrets of what is recreated", { "services.scheduler.secrets": { KEY: { secret: "a", key: "b" } } }],
])("a cluster takes what Container Apps have not: %s", (_, edits) => {
  expect(refusedPaths("azure-aks", edits)).toEqual([]);
  expect(refusedPaths("azure-prod", edits)).not.toEqual([]);
});

it("every rule has a case", () => {
  expect(AZURE_RULES.map(({ name }) => name).filter((name) => !CASES.some(({ rule }) => rule === name))).toEqual([]);
});

it("development may leave out what production may not", () => {
  expect(refusedPaths("azure-dev", { deletionProtection: false, "gateway.clientCidrs": ["0.0.0.0/0"] })).toEqual([]);
});

it("what the schema does not know is refused by its path, with what is known", () => {
  expect(refusedPaths("azure-prod", { "data.vault.nmae": "x" })).toEqual(["data.vault.nmae"]);
  expect(refusedPaths("azure-prod", { "data.database.sku": "P2", subscription: "mine" })).toEqual(["subscription", "data.database.sku"]);
});

describe("environments together", () => {
  const all = (edits: AzureEdits = {}) => azureNames.map((name) => azureEnvironment(name as AzureName, name === "azure-prod" ? edits : {}));

  it("the examples fit", () => {
    expect(() => {
      checkTogether(all());
    }).not.toThrow();
  });

  it.each([
    ["subscription", "0a1b2c3d-0000-4000-8000-000000000001", "azure-dev's subscription"],
    ["state.storageAccount", "daytradestgdata", "azure-staging's data.storage.account"],
    ["data.storage.account", "daytradestgstate", "azure-staging's state.storageAccount"],
    ["monitoring.flowLogs.account", "daytradestgflows", "azure-staging's monitoring.flowLogs.account"],
    ["monitoring.flowLogs.account", "daytradestgdata", "azure-staging's data.storage.account"],
    ["data.database.server", "day-trade-staging", "azure-staging's data.database.server"],
    ["data.vault.name", "day-trade-staging", "azure-staging's data.vault.name"],
    ["data.cache.name", "day-trade-staging", "azure-staging's data.cache.name"],
    ["registry.name", "daytradestaging", "azure-staging's registry.name"],
  ])("%s is one environment's alone", (path, value, owner) => {
    expect(() => {
      checkTogether(all({ [path]: value }));
    }).toThrow(`environments/azure/prod.ts has 1 problem:\n  ${path} = "${value}"\n    allowed: another one: it is ${owner}`);
  });
});
