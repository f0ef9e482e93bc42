/** Every rule of clusters: an edit that it refuses, and the neighbour value that passes. */
import { KUBERNETES_RULES } from "../../environments/rules/kubernetes";
import { edited, findingsOf, GONE, type Edits } from "./edits";
import { testRules, type Case } from "./rule-cases";

const EKS = "cluster.eks";
const GENERAL = `${EKS}.nodeGroups.general`;
const ACCESS = `${EKS}.access`;
const CLIENTS = `${EKS}.publicEndpointCidrs`;
const SERVICES = `${EKS}.serviceCidr`;
const EXISTING = "cluster.kubernetes.existing";
const NAMESPACE = "cluster.kubernetes.namespace";
const ML = "services.ml";
const SCHEDULE = `${ML}.scaling.schedule`;
const MORNING = "0 9 * * MON-FRI";
const QUEUE = { name: "orderQueue", messagesPerTask: 100 };
const K3S = { kind: "kubernetes", kubeconfig: "~/.kube/config", context: "k3s" };
const HOSTS = `${ML}.route.hosts`;
const INGRESS = "a host name in small letters such as ml.example.com, or *. and one: an Ingress knows no other wildcards";
/** All that a service says, so that a finding shows what the literal says. */
const SMALL = {
  image: "tests:1",
  architecture: "x86_64",
  cpu: 256,
  memory: 512,
  port: 8000,
  ports: {},
  healthPath: "/health",
  readyPath: "/ready",
  startSeconds: 60,
  stopSeconds: 30,
  strategy: "rolling",
  calls: [],
  environment: {},
  secrets: {},
  grants: [],
};
const KEDA = { "cluster.kubernetes.keda": true };
const SPOT = { onDemandBase: 1, spotPerOnDemand: 3 };
const TWICE = /^an entry that the list does not hold yet/;
const PRIVATE = "a network from /12 to /24 inside one of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16";
const ASKS_FOR_KEDA = "none, or cluster.kubernetes.keda true: Kubernetes itself scales by CPU and memory only";
const DEPLOY = `a role other than ${ACCESS}.deploy[0]: a cluster knows each once`;

const types = (...instanceTypes: string[]) => ({ [`${GENERAL}.instanceTypes`]: instanceTypes });
const otherArchitecture = (refused: string[], index: number, needed: string, accepted: string[]): Case => ({
  rule: "a node group has one architecture, each type once",
  base: "dev",
  refused: types(...refused),
  path: `${GENERAL}.instanceTypes[${index}]`,
  allowed: `an instance type of architecture ${needed}, as ${refused[0]} is: the nodes of a group have one image`,
  accepted: types(...accepted),
});
const serviceNetwork = (base: Case["base"], refused: string, allowed: string, accepted: string): Case => ({
  rule: "the Services of a cluster have a network of their own",
  base,
  refused: { [SERVICES]: refused },
  path: SERVICES,
  allowed,
  accepted: { [SERVICES]: accepted },
});
const few = { [`${GENERAL}.max`]: 3 };
const subnets = (refused: Edits, allowed: Case["allowed"], accepted: Edits): Case => ({
  rule: "the subnets for containers have an address for every pod",
  base: "prod",
  refused,
  path: "network.subnets.containers[1]",
  allowed,
  accepted,
});
const scaled = (edits: Edits, accepted: Edits, path = SCHEDULE): Case => ({
  rule: "a service that scales by queue or clock has KEDA",
  base: "prod",
  refused: edits,
  path,
  allowed: ASKS_FOR_KEDA,
  accepted: { ...edits, ...accepted },
});

const CASES: readonly Case[] = [
  // --- the cluster ---
  {
    rule: "a node group goes from min to max",
    base: "prod",
    refused: { [`${GENERAL}.min`]: 25 },
    path: `${GENERAL}.min`,
    allowed: `at most ${GENERAL}.max 24`,
    accepted: { [`${GENERAL}.min`]: 24 },
  },
  {
    rule: "a node group goes from min to max",
    base: "dev",
    path: `${EKS}.nodeGroups["on-arm"].min`,
    allowed: `at most ${EKS}.nodeGroups["on-arm"].max 1`,
    refused: { [`${EKS}.nodeGroups["on-arm"]`]: { instanceTypes: ["t4g.large"], min: 2, max: 1 } },
    accepted: { [`${EKS}.nodeGroups["on-arm"]`]: { instanceTypes: ["t4g.large"], min: 1, max: 1 } },
  },
  otherArchitecture(["t3.large", "t4g.large"], 1, "x86_64", ["t3.large", "t3a.large"]),
  otherArchitecture(["m7g.large", "m6g.large", "m7i.large"], 2, "arm64", ["t3.large"]),
  {
    rule: "a node group has one architecture, each type once",
    base: "prod",
    refused: types("m7i.large", "m7i.large"),
    path: `${GENERAL}.instanceTypes[1]`,
    allowed: TWICE,
    accepted: types("m7i.large", "m7i.xlarge"),
  },
  {
    rule: "a node's network interfaces are known, and have addresses for its pods",
    base: "prod",
    refused: types("m7i.large", "u-6tb1.metal"),
    path: `${GENERAL}.instanceTypes[1]`,
    allowed: "a type whose network interfaces environments/facts/node-addresses.ts knows",
    accepted: types("m7i.large", "m7i.xlarge"),
  },
  // AWS's own list has 29 for m7i.large: three interfaces of ten addresses, and two pods that use the node's.
  {
    rule: "a node's network interfaces are known, and have addresses for its pods",
    base: "staging",
    refused: { ...types("m7i.xlarge", "m7i.large"), ...few, [`${GENERAL}.maxPods`]: 30 },
    path: `${GENERAL}.maxPods`,
    allowed: "at most 29, the pods that a m7i.large has addresses for",
    accepted: { ...types("m7i.xlarge", "m7i.large"), ...few, [`${GENERAL}.maxPods`]: 29 },
  },
  // 14 nodes of a zone with 17 addresses, and 16 for EKS, are 254 of 251; with 15 each they are 226.
  subnets(
    { [`${GENERAL}.maxPods`]: 16 },
    "/23 or wider for the 254 addresses that EKS takes in each zone (14 nodes with 17 each while they are updated), or a smaller max or maxPods of cluster.eks.nodeGroups",
    { [`${GENERAL}.maxPods`]: 15 },
  ),
  subnets(
    { [`${GENERAL}.max`]: 27 },
    "/23 or wider for the 256 addresses that EKS takes in each zone (16 nodes with 15 each while they are updated), or a smaller max or maxPods of cluster.eks.nodeGroups",
    { [`${GENERAL}.max`]: 26 },
  ),
  subnets({ [`${GENERAL}.maxPods`]: GONE }, /^\/22 or wider for the 856 addresses/, {
    [`${GENERAL}.maxPods`]: GONE,
    "network.subnets.containers": ["10.0.12.0/22", "10.0.20.0/22"],
  }),
  {
    rule: "each role is let into the cluster once",
    base: "prod",
    refused: { [`${ACCESS}.readOnly[0]`]: "tss-deploy-prod" },
    path: `${ACCESS}.readOnly[0]`,
    allowed: DEPLOY,
    accepted: { [`${ACCESS}.readOnly[0]`]: "tss-deploy-staging" },
  },
  {
    rule: "each role is let into the cluster once",
    base: "prod",
    refused: { [`${ACCESS}.deploy[1]`]: "tss-deploy-prod" },
    path: `${ACCESS}.deploy[1]`,
    allowed: DEPLOY,
    accepted: { [`${ACCESS}.deploy[1]`]: "people/tss-deploy-prod" },
  },
  {
    rule: "each role is let into the cluster once",
    base: "dev",
    refused: { [`${ACCESS}.operations`]: ["a", "b"], [`${ACCESS}.readOnly`]: ["c", "b"] },
    path: `${ACCESS}.readOnly[1]`,
    allowed: `a role other than ${ACCESS}.operations[1]: a cluster knows each once`,
    accepted: { [`${ACCESS}.operations`]: ["a", "b"], [`${ACCESS}.readOnly`]: ["c", "B"] },
  },
  {
    rule: "the cluster's API has known clients",
    base: "staging",
    refused: { [CLIENTS]: ["0.0.0.0/0"] },
    path: `${CLIENTS}[0]`,
    allowed: /^a network of \/8 or narrower, because stage is staging/,
    accepted: { [CLIENTS]: ["203.0.113.0/24"] },
  },
  {
    rule: "the cluster's API has known clients",
    base: "prod",
    refused: { [CLIENTS]: ["203.0.113.0/24", "64.0.0.0/7"] },
    path: `${CLIENTS}[1]`,
    allowed: /^a network of \/8 or narrower, because stage is production/,
    accepted: { [CLIENTS]: ["203.0.113.0/24", "64.0.0.0/8"] },
  },
  {
    rule: "the cluster's API has known clients",
    base: "dev",
    refused: { [CLIENTS]: ["203.0.113.0/24", "203.0.113.0/24"] },
    path: `${CLIENTS}[1]`,
    allowed: TWICE,
    accepted: { [CLIENTS]: ["0.0.0.0/0"] },
  },
  serviceNetwork("prod", "172.20.0.0/25", PRIVATE, "172.20.0.0/24"),
  serviceNetwork("dev", "10.0.0.0/11", PRIVATE, "10.0.0.0/12"),
  serviceNetwork("prod", "100.64.0.0/16", PRIVATE, "10.100.0.0/16"),
  serviceNetwork("prod", "172.32.0.0/16", PRIVATE, "172.31.0.0/16"),
  serviceNetwork("prod", "192.169.0.0/16", PRIVATE, "192.168.0.0/16"),
  serviceNetwork("prod", "10.0.128.0/24", "a network apart from the VPC's 10.0.0.0/16", "10.1.0.0/24"),
  serviceNetwork("staging", "10.0.0.0/12", "a network apart from the VPC's 10.0.0.0/16", "10.16.0.0/12"),
  serviceNetwork("dev", "172.31.255.0/24", "a network apart from the VPC's 172.31.0.0/16", "172.30.255.0/24"),
  {
    rule: "each release stands once among those that exist",
    base: "prod",
    refused: { [EXISTING]: ["keda", "valkey", "keda"] },
    path: `${EXISTING}[2]`,
    allowed: TWICE,
    accepted: { [EXISTING]: ["keda", "valkey"] },
  },
  {
    rule: "environments of one cluster have namespaces of their own",
    base: "dev",
    refused: { [NAMESPACE]: "day-trade" },
    path: NAMESPACE,
    allowed: "a namespace that ends with nameSuffix -dev",
    accepted: { [NAMESPACE]: "services-dev" },
  },
  {
    rule: "environments of one cluster have namespaces of their own",
    base: "staging",
    refused: { [NAMESPACE]: "day-trade-dev" },
    path: NAMESPACE,
    allowed: "a namespace that ends with nameSuffix -staging",
    accepted: { [NAMESPACE]: "a-staging" },
  },

  // --- its services ---
  {
    rule: "each service has nodes of its architecture",
    base: "prod",
    refused: { [`${ML}.architecture`]: "arm64" },
    path: `${ML}.architecture`,
    allowed: `"x86_64", or a node group of arm64 in ${EKS}.nodeGroups`,
    accepted: { [`${ML}.architecture`]: "arm64", ...few, [`${EKS}.nodeGroups.arm`]: { instanceTypes: ["m7g.large"], min: 1, max: 3 } },
  },
  // Nothing is known of the nodes of another cluster, and Fargate has both.
  {
    rule: "each service has nodes of its architecture",
    base: "dev",
    refused: { platform: "eks", [`${ML}.architecture`]: "x86_64", ...types("t4g.large") },
    path: `${ML}.architecture`,
    allowed: `"arm64", or a node group of x86_64 in ${EKS}.nodeGroups`,
    accepted: { platform: K3S, ...types("t4g.large") },
  },
  {
    rule: "each service has nodes of its architecture",
    base: "staging",
    refused: { "services.scheduler.architecture": "arm64" },
    path: "services.scheduler.architecture",
    allowed: /^"x86_64", or/,
    accepted: { "services.scheduler.architecture": "arm64", platform: "ecs" },
  },
  scaled({ [SCHEDULE]: [{ cron: MORNING, min: 5 }] }, KEDA),
  scaled({ [SCHEDULE]: [{ cron: MORNING, min: 5 }], platform: K3S }, { [EXISTING]: ["keda"] }),
  scaled({ [SCHEDULE]: [{ cron: MORNING, min: 5 }] }, { [SCHEDULE]: [] }),
  scaled({ [`${ML}.scaling.queue`]: QUEUE }, KEDA, `${ML}.scaling.queue`),
  scaled({ [`${ML}.scaling.queue`]: QUEUE, [EXISTING]: ["metrics-server"] }, { platform: "ecs" }, `${ML}.scaling.queue`),
  {
    rule: "a schedule in a cluster only raises the minimum",
    base: "prod",
    refused: {
      ...KEDA,
      [SCHEDULE]: [
        { cron: MORNING, min: 5 },
        { cron: "0 17 * * *", min: 2 },
      ],
    },
    path: `${SCHEDULE}[1].min`,
    allowed: `at least ${ML}.scaling.min 3, below which KEDA never goes`,
    accepted: {
      ...KEDA,
      [SCHEDULE]: [
        { cron: MORNING, min: 5 },
        { cron: "0 17 * * *", min: 3 },
      ],
    },
  },
  {
    rule: "a schedule in a cluster only raises the minimum",
    base: "prod",
    refused: { ...KEDA, [SCHEDULE]: [{ cron: MORNING, min: 5, max: 20 }] },
    path: `${SCHEDULE}[0].max`,
    allowed: `no max: KEDA keeps to ${ML}.scaling.max at all times`,
    accepted: { platform: "ecs", [SCHEDULE]: [{ cron: MORNING, min: 2, max: 30 }] },
  },
  {
    rule: "a cluster asks a service for its health itself",
    base: "prod",
    refused: { [`${ML}.healthCommand`]: ["true"] },
    path: `${ML}.healthCommand`,
    allowed: `no healthCommand in a cluster, which asks for ${ML}.healthPath itself`,
    accepted: { [`${ML}.healthCommand`]: ["true"], platform: "ecs" },
  },
  {
    rule: "a cluster asks a service for its health itself",
    base: "dev",
    refused: { platform: K3S, [`${ML}.healthCommand`]: ["true"] },
    path: `${ML}.healthCommand`,
    allowed: /^no healthCommand in a cluster/,
    accepted: { platform: K3S, [`${ML}.healthPath`]: "/alive" },
  },
  {
    rule: "a service's host names are those of an Ingress",
    base: "prod",
    refused: { [HOSTS]: ["ml.example.com", "ml-?.example.com"] },
    path: `${HOSTS}[1]`,
    allowed: INGRESS,
    accepted: { [HOSTS]: ["ml.example.com", "*.example.com"] },
  },
  {
    rule: "a service's host names are those of an Ingress",
    base: "prod",
    refused: { [HOSTS]: ["a.*.example.com"] },
    path: `${HOSTS}[0]`,
    allowed: INGRESS,
    accepted: { [HOSTS]: ["a.*.example.com"], platform: "ecs" },
  },
  {
    rule: "a service's host names are those of an Ingress",
    base: "prod",
    refused: { [HOSTS]: ["ML.example.com"] },
    path: `${HOSTS}[0]`,
    allowed: INGRESS,
    accepted: { [HOSTS]: ["ML.example.com"], platform: K3S },
  },
  ...["test", "dashboard"].map((name): Case => ({
    rule: "a service is none of the chart's own parts",
    base: "prod",
    refused: { [`services.${name}`]: SMALL },
    path: `services.${name}`,
    allowed: "a service of another name: in a cluster dashboard and test are parts of the chart",
    accepted: { [`services.${name}s`]: SMALL },
  })),
  {
    rule: "a service is none of the chart's own parts",
    base: "dev",
    refused: { platform: K3S, "services.test": { ...SMALL, image: "tests-dev:1" } },
    path: "services.test",
    allowed: /^a service of another name/,
    accepted: { "services.test": { ...SMALL, image: "tests-dev:1" } },
  },
  {
    rule: "Spot is for ECS",
    base: "prod",
    refused: { [`${ML}.spot`]: SPOT },
    path: `${ML}.spot`,
    allowed: "no spot in a cluster, whose nodes are all on demand",
    accepted: { [`${ML}.spot`]: SPOT, platform: "ecs" },
  },
  {
    rule: "Spot is for ECS",
    base: "dev",
    refused: { platform: K3S, [`${ML}.spot`]: SPOT },
    path: `${ML}.spot`,
    allowed: /^no spot in a cluster/,
    accepted: { platform: "ecs", [`${ML}.spot`]: SPOT },
  },
];

describe("rules of clusters", () => {
  testRules(KUBERNETES_RULES, CASES);

  it("look at the well-formed services beside one that is malformed", () => {
    const paths = findingsOf(
      edited("prod", {
        "services.data.image": "day-trade-data:latest",
        [`${ML}.spot`]: SPOT,
        [SCHEDULE]: [{ cron: MORNING, min: 2 }],
        "services.scheduler.architecture": "arm64",
      }),
    ).map(({ path }) => path);
    expect(paths).toEqual(["services.data.image", "services.scheduler.architecture", SCHEDULE, `${SCHEDULE}[0].min`, `${ML}.spot`]);
  });

  it("look at the services of a cluster that is malformed itself, as far as that goes", () => {
    expect(
      findingsOf(edited("prod", { [`${EKS}.version`]: 1.35, [`${ML}.spot`]: SPOT, [`${ML}.architecture`]: "arm64" })).map(
        ({ path }) => path,
      ),
    ).toEqual([`${EKS}.version`, `${ML}.spot`]);
  });

  it("leave development's services alone when no cluster runs them, and the cluster's own figures never", () => {
    const edits = { [`${ML}.architecture`]: "arm64", [`${ML}.spot`]: SPOT, [`${GENERAL}.min`]: 4 };
    expect(["none", "ecs", "eks"].map((platform) => findingsOf(edited("dev", { platform, ...edits })).map(({ path }) => path))).toEqual([
      [`${GENERAL}.min`],
      [`${GENERAL}.min`],
      [`${GENERAL}.min`, `${ML}.architecture`, `${ML}.spot`],
    ]);
  });
});
