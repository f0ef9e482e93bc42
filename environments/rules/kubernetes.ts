/** Rules of EKS, and of what a cluster's services may ask for. */
import { contains, DEFAULT_VPC, overlaps, prefixLength } from "../facts/cidr";
import { addressesOfNode, addressesOfZone, nodesOfZone, podLimit, prefixFor, usableAddresses } from "../facts/eks-addresses";
import type { Environment } from "../schema";
import { clientNetworkFindings } from "./clients";
import { pathTo, repeated, type Finding, type Rule } from "./finding";
import { architectureOf } from "./hosts";

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html */
const SERVICE_NETWORKS = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
const SERVICE_PREFIX = { minimum: 12, maximum: 24 };

/** https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards */
const INGRESS_HOST = /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]+$/;
/** What charts/day-trade-ml names beside the services: the pod of `helm test`, and the dashboard. */
const OF_CHART = ["dashboard", "test"];

/** Whether a cluster runs the services, whoever runs the cluster. */
const isKubernetes = ({ platform }: Pick<Environment, "platform">): boolean => platform === "eks" || typeof platform === "object";

const nodeGroups = ({ cluster }: Pick<Environment, "cluster">) =>
  Object.entries(cluster.eks.nodeGroups).map(([name, group]) => ({ ...group, path: pathTo("cluster.eks.nodeGroups", name) }));

/** A rule over the services of a cluster. */
const ofServices = (
  name: string,
  check: (path: string, service: Environment["services"][string], environment: Environment) => readonly Finding[],
  reads: Rule["reads"] = [],
): Rule => ({
  name,
  reads: ["services.*", "platform", ...reads],
  check: (environment) =>
    isKubernetes(environment)
      ? Object.entries(environment.services).flatMap(([own, service]) => check(pathTo("services", own), service, environment))
      : [],
});

export const KUBERNETES_RULES: readonly Rule[] = [
  // --- the cluster ---
  {
    name: "a node group goes from min to max",
    reads: ["cluster"],
    check: (environment) =>
      nodeGroups(environment).flatMap(({ path, min, max }) =>
        min <= max ? [] : [{ path: `${path}.min`, value: min, allowed: `at most ${path}.max ${max}` }],
      ),
  },
  {
    name: "a node group has one architecture, each type once",
    reads: ["cluster"],
    check: (environment) =>
      nodeGroups(environment).flatMap(({ path, instanceTypes }) => [
        ...repeated(`${path}.instanceTypes`, instanceTypes),
        ...instanceTypes.flatMap((type, index): Finding[] =>
          architectureOf(type) === architectureOf(instanceTypes[0]!)
            ? []
            : [
                {
                  path: `${path}.instanceTypes[${index}]`,
                  value: type,
                  allowed: `an instance type of architecture ${architectureOf(instanceTypes[0]!)}, as ${instanceTypes[0]} is: the nodes of a group have one image`,
                },
              ],
        ),
      ]),
  },
  {
    name: "a node's network interfaces are known, and have addresses for its pods",
    reads: ["cluster", "platform"],
    check: (environment) =>
      (environment.platform === "eks" ? nodeGroups(environment) : []).flatMap(({ path, instanceTypes, maxPods }) =>
        instanceTypes.flatMap((type, index): Finding[] => {
          const limit = podLimit(type);
          if (limit === undefined)
            return [
              {
                path: `${path}.instanceTypes[${index}]`,
                value: type,
                allowed: "a type whose network interfaces environments/facts/node-addresses.ts knows",
              },
            ];
          return maxPods === undefined || maxPods <= limit
            ? []
            : [{ path: `${path}.maxPods`, value: maxPods, allowed: `at most ${limit}, the pods that a ${type} has addresses for` }];
        }),
      ),
  },
  {
    name: "the subnets for containers have an address for every pod",
    reads: ["cluster", "network", "platform"],
    check: (environment) => {
      const { network, platform } = environment;
      const groups = nodeGroups(environment);
      if (
        platform !== "eks" ||
        network.kind !== "dedicated" ||
        groups.some(({ instanceTypes }) => instanceTypes.some((type) => podLimit(type) === undefined))
      )
        return [];
      const zones = network.zones.length;
      const needed = addressesOfZone(groups, zones);
      const nodes = groups.map((group) => `${nodesOfZone(group, zones)} nodes with ${addressesOfNode(group)} each`).join(", ");
      return network.subnets.containers.flatMap((value, index): Finding[] =>
        usableAddresses(value) >= needed
          ? []
          : [
              {
                path: `network.subnets.containers[${index}]`,
                value,
                allowed: `/${prefixFor(needed)} or wider for the ${needed} addresses that EKS takes in each zone (${nodes} while they are updated), or a smaller max or maxPods of cluster.eks.nodeGroups`,
              },
            ],
      );
    },
  },
  {
    name: "each role is let into the cluster once",
    reads: ["cluster"],
    check: ({
      cluster: {
        eks: { access },
      },
    }) => {
      const all = Object.entries(access).flatMap(([kind, roles]) =>
        roles.map((role, index) => ({ path: `cluster.eks.access.${kind}[${index}]`, role })),
      );
      return all.flatMap(({ path, role }, index): Finding[] => {
        const first = all.findIndex((other) => other.role === role);
        return first === index ? [] : [{ path, value: role, allowed: `a role other than ${all[first]!.path}: a cluster knows each once` }];
      });
    },
  },
  {
    name: "the cluster's API has known clients",
    reads: ["cluster", "stage"],
    check: ({ cluster, stage }) => clientNetworkFindings("cluster.eks.publicEndpointCidrs", cluster.eks.publicEndpointCidrs, stage),
  },
  {
    name: "the Services of a cluster have a network of their own",
    reads: ["cluster", "network"],
    check: ({
      cluster: {
        eks: { serviceCidr: value },
      },
      network,
    }) => {
      const path = "cluster.eks.serviceCidr";
      const vpc = network.kind === "dedicated" ? network.cidr : DEFAULT_VPC;
      return [
        ...(SERVICE_NETWORKS.some((range) => contains(range, value)) &&
        prefixLength(value) >= SERVICE_PREFIX.minimum &&
        prefixLength(value) <= SERVICE_PREFIX.maximum
          ? []
          : [
              {
                path,
                value,
                allowed: `a network from /${SERVICE_PREFIX.minimum} to /${SERVICE_PREFIX.maximum} inside one of ${SERVICE_NETWORKS.join(", ")}`,
              },
            ]),
        ...(overlaps(value, vpc) ? [{ path, value, allowed: `a network apart from the VPC's ${vpc}` }] : []),
      ];
    },
  },
  {
    name: "each release stands once among those that exist",
    reads: ["cluster"],
    check: ({ cluster }) => repeated("cluster.kubernetes.existing", cluster.kubernetes.existing),
  },
  {
    name: "environments of one cluster have namespaces of their own",
    reads: ["cluster", "stage", "nameSuffix"],
    // C-55. As physical names: production's has no suffix, so the others cannot meet it.
    check: ({
      cluster: {
        kubernetes: { namespace },
      },
      nameSuffix,
    }) =>
      namespace.endsWith(nameSuffix)
        ? []
        : [{ path: "cluster.kubernetes.namespace", value: namespace, allowed: `a namespace that ends with nameSuffix ${nameSuffix}` }],
  },

  // --- its services ---
  ofServices(
    "each service has nodes of its architecture",
    (path, { architecture }, environment) => {
      const groups = nodeGroups(environment).map(({ instanceTypes }) => architectureOf(instanceTypes[0]!));
      return environment.platform !== "eks" || groups.includes(architecture)
        ? []
        : [
            {
              path: `${path}.architecture`,
              value: architecture,
              allowed: `"${groups[0]}", or a node group of ${architecture} in cluster.eks.nodeGroups`,
            },
          ];
    },
    ["cluster"],
  ),
  ofServices(
    "a service that scales by queue or clock has KEDA",
    (path, { scaling }, { cluster: { kubernetes } }) => {
      const hasKeda = kubernetes.keda || kubernetes.existing.includes("keda");
      const asked = scaling?.queue
        ? { path: `${path}.scaling.queue`, value: scaling.queue }
        : scaling && scaling.schedule.length > 0
          ? { path: `${path}.scaling.schedule`, value: scaling.schedule }
          : undefined;
      return asked && !hasKeda
        ? [{ ...asked, allowed: "none, or cluster.kubernetes.keda true: Kubernetes itself scales by CPU and memory only" }]
        : [];
    },
    ["cluster"],
  ),
  ofServices("a schedule in a cluster only raises the minimum", (path, { scaling }) =>
    (scaling?.schedule ?? []).flatMap(({ min, max }, index): Finding[] => [
      ...(max === undefined
        ? []
        : [
            {
              path: `${path}.scaling.schedule[${index}].max`,
              value: max,
              allowed: `no max: KEDA keeps to ${path}.scaling.max at all times`,
            },
          ]),
      ...(min >= scaling!.min
        ? []
        : [
            {
              path: `${path}.scaling.schedule[${index}].min`,
              value: min,
              allowed: `at least ${path}.scaling.min ${scaling!.min}, below which KEDA never goes`,
            },
          ]),
    ]),
  ),
  ofServices("a cluster asks a service for its health itself", (path, { healthCommand }) =>
    healthCommand
      ? [
          {
            path: `${path}.healthCommand`,
            value: healthCommand,
            allowed: `no healthCommand in a cluster, which asks for ${path}.healthPath itself`,
          },
        ]
      : [],
  ),
  ofServices("a service's host names are those of an Ingress", (path, { route }, { platform }) =>
    (platform === "eks" ? (route?.hosts ?? []) : []).flatMap((host, index): Finding[] =>
      INGRESS_HOST.test(host)
        ? []
        : [
            {
              path: `${path}.route.hosts[${index}]`,
              value: host,
              allowed: "a host name in small letters such as ml.example.com, or *. and one: an Ingress knows no other wildcards",
            },
          ],
    ),
  ),
  {
    name: "a service is none of the chart's own parts",
    reads: ["services.*", "platform"],
    check: (environment) =>
      (isKubernetes(environment) ? OF_CHART.filter((name) => Object.hasOwn(environment.services, name)) : []).map((name) => ({
        path: pathTo("services", name),
        value: environment.services[name],
        allowed: `a service of another name: in a cluster ${OF_CHART.join(" and ")} are parts of the chart`,
      })),
  },
  ofServices("Spot is for ECS", (path, { spot }) =>
    spot ? [{ path: `${path}.spot`, value: spot, allowed: "no spot in a cluster, whose nodes are all on demand" }] : [],
  ),
];
