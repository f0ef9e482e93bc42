/**
 * The values of our chart, charts/day-trade-ml: all that the literal says of the services, and what only the infrastructure knows.
 *
 * The release takes them whole. commands/pages/values-files.ts writes the first part into files, for those who run helm by hand: commands know
 * no providers, so nothing is imported here that makes a resource.
 */
import { DEFAULT_VPC } from "../../environments/facts/cidr";
import type { Environment, Service } from "../../environments/schema";
import { imageParts, initialTasks, runningServices } from "../../environments/schema/services";
import { registryOf } from "../containers/registry";
import { accessVariables, queueNamed, type ServiceBackends } from "../containers/service-access";
import { repositoryPages } from "../identity/github-names";
import { STORE_PORTS } from "../storage/ports";
import { POSTGRESQL, VALKEY } from "./releases";
import { scalingWindows } from "./scaling-windows";

/** What is known when the other stacks are deployed. */
export interface Deployed {
  readonly backends: ServiceBackends & { readonly alertProcessing?: ServiceBackends["orders"] };
  /** Of the Ingress, beside those that the chart sets. @default none */
  readonly ingressAnnotations?: Readonly<Record<string, string>>;
}

type Values = Readonly<Record<string, unknown>>;

/** The agent of EKS Pod Identity, on every node. https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html */
const POD_IDENTITY_AGENT = { cidr: "169.254.170.23/32", port: 80 };
/** Variables that the chart makes of its own `backends`. */
const OF_BACKENDS = /^(CACHE|DATABASE)_/;
/** The services of values.yaml, for those who install the chart by itself: helm merges them in unless they are taken out. */
export const SERVICES_OF_CHART = ["data", "ml", "scheduler"];
/** Limits of a pod, as a multiple of its requests (K8S-012, K8S-013). */
const LIMIT = 2;
/** Seconds in which a pod that others call still serves while it is taken off their lists. */
const DRAIN_SECONDS = 10;

/** Where the alerts' pages are read; empty where nobody knows. */
function runbookFolder(bootstrap: Environment["bootstrap"]): string {
  const pages = repositoryPages(bootstrap);
  return pages === undefined ? "" : `${pages}/docs/runbooks`;
}

/** @param deployed undefined: the literal's part alone */
export function chartValues(literal: Environment, deployed?: Deployed): Values {
  const environment = { ...literal, services: runningServices(literal.services) };
  const { account, alarms, cluster, name, platform, region, services, stage } = environment;
  const isDevelopment = stage === "development";
  const monitored = { enabled: cluster.kubernetes.monitoring !== undefined };
  const withoutThose = SERVICES_OF_CHART.filter((service) => !Object.hasOwn(services, service)).map((service) => [service, null] as const);
  const isAws = typeof platform !== "object";
  return {
    environment: stage, // K8S-010
    image: { registry: registryOf({ account, region }) },
    defaults: { topologySpread: { whenUnsatisfiable: isDevelopment ? "ScheduleAnyway" : "DoNotSchedule" } },
    services: Object.fromEntries([
      ...Object.entries(services).map(([own, service]) => [own, serviceValues(own, service, environment, deployed)] as const),
      ...withoutThose,
    ]),
    backends: { cache: cacheValues(environment, deployed), database: databaseValues(environment, deployed) },
    ingress: ingressValues(environment, deployed),
    // Of the whole cluster, so it bears the environment's name.
    priorityClass: isDevelopment ? { name: "", create: false } : { name: `day-trade-${name}`, create: true },
    monitoring: {
      prometheus: monitored,
      grafana: monitored,
      runbooks: runbookFolder(literal.bootstrap),
      alerts: { ...alarms.services },
    }, // K8S-016
    networkPolicy: { egress: isAws ? [POD_IDENTITY_AGENT] : [] },
    externalSecrets: { store: { aws: { region: isAws ? region : "" } } },
  };
}

/** Every key that an entry of values.yaml may hold, so that nothing of that entry is left. */
function serviceValues(name: string, service: Service, environment: Environment, deployed?: Deployed): Values {
  const {
    architecture,
    calls,
    cpu,
    grants,
    healthPath,
    memory,
    port,
    ports,
    readyPath,
    route,
    scaling,
    scratchGigabytes,
    startSeconds,
    stopSeconds,
    strategy,
  } = service;
  const { repository, tag, digest } = imageParts(service.image);
  const {
    secrets: { mt5, slackWebhook },
    serviceSecrets,
  } = environment.data;
  const owned: Readonly<Record<string, { readonly name: string }>> = { mt5, slackWebhook, ...serviceSecrets };
  const isCalled = Object.values(environment.services).some((other) => other.calls.includes(name));
  const variables = deployed
    ? Object.entries(accessVariables(grants, name, deployed.backends)).filter(([variable]) => !OF_BACKENDS.test(variable))
    : [];
  return {
    image: { repository, ...(digest ? { digest } : { tag }) },
    port,
    ports,
    healthPath,
    readyPath,
    startSeconds,
    stopSeconds,
    drainSeconds: route || isCalled ? DRAIN_SECONDS : 0,
    strategy: strategy === "recreate" ? "Recreate" : "RollingUpdate",
    ...(scaling
      ? { autoscaling: scalingValues(scaling, environment, deployed) }
      : { autoscaling: { enabled: false }, replicaCount: initialTasks(service) }),
    resources: { requests: quantities(cpu, memory), limits: quantities(cpu * LIMIT, memory * LIMIT) },
    ...(scratchGigabytes !== undefined && { scratch: { sizeLimit: `${scratchGigabytes}Gi` } }),
    nodeSelector: { "kubernetes.io/arch": architecture === "arm64" ? "arm64" : "amd64" },
    // A load balancer of AWS takes the paths as they stand, and tries them in this order.
    route:
      route && typeof environment.platform !== "object"
        ? {
            order: route.priority,
            hosts: route.hosts,
            paths: route.paths.length > 0 ? route.paths : ["/*"],
            pathType: "ImplementationSpecific",
          }
        : null,
    calls,
    connects: (["cache", "database"] as const).filter((backend) => grants.includes(`${backend}.connect`)),
    env: { ...service.environment, ...Object.fromEntries(variables) },
    secrets: Object.fromEntries(
      Object.entries(service.secrets).map(([variable, { secret, key }]) => [variable, { secret: owned[secret]!.name, key }]),
    ),
  };
}

/** 1024 CPU units of Fargate are 1000m; memory in MiB. */
const quantities = (cpu: number, memory: number) => ({
  cpu: `${(cpu * 1000) / 1024}m`,
  memory: memory % 1024 === 0 ? `${memory / 1024}Gi` : `${memory}Mi`,
});

function scalingValues(scaling: NonNullable<Service["scaling"]>, { region }: Environment, deployed?: Deployed): Values {
  const { min, max, cpuPercent, memoryPercent, queue, schedule } = scaling;
  return {
    enabled: true,
    minReplicas: min,
    maxReplicas: max,
    targetCPUUtilizationPercentage: cpuPercent,
    targetMemoryUtilizationPercentage: memoryPercent,
    ...(queue && {
      queue: { ...(deployed && { url: queueNamed(queue.name, deployed.backends).url }), messagesPerPod: queue.messagesPerTask, region },
    }),
    // KEDA only raises the minimum.
    schedule: schedule.length > 0 ? scalingWindows(scaling).filter(({ minReplicas }) => minReplicas > min) : [],
  };
}

/** A default VPC has one kind of subnet, and the same network in every account. */
const subnetsOf = ({ network }: Environment, tier: "public" | "database"): readonly string[] =>
  network.kind === "dedicated" ? network.subnets[tier] : [DEFAULT_VPC];

function cacheValues(environment: Environment, deployed?: Deployed): Values {
  const {
    cluster,
    data: { cache },
    servicesCache,
  } = environment;
  if (servicesCache === "in-cluster")
    return { ...VALKEY, tls: false, clusterMode: false, cidrs: [], namespace: cluster.kubernetes.namespace };
  const isCluster = cache.kind === "cluster";
  return {
    ...(deployed && { host: deployed.backends.cache.endpoint }),
    port: STORE_PORTS.cache,
    tls: isCluster || cache.encryption,
    clusterMode: isCluster,
    cidrs: subnetsOf(environment, "database"),
  };
}

function databaseValues(environment: Environment, deployed?: Deployed): Values {
  const {
    cluster: { kubernetes },
    data: { rds },
    database: kind,
  } = environment;
  if (kind === "in-cluster")
    return {
      host: POSTGRESQL.host,
      port: POSTGRESQL.port,
      name: kubernetes.database.databaseName,
      secret: POSTGRESQL.secret,
      cidrs: [],
      namespace: kubernetes.namespace,
    };
  if (!rds) return {};
  return {
    ...(deployed?.backends.database && { host: deployed.backends.database.endpoint }),
    port: STORE_PORTS.database,
    name: rds.databaseName,
    cidrs: subnetsOf(environment, "database"),
  };
}

function ingressValues(environment: Environment, deployed?: Deployed): Values {
  const { loadBalancer } = environment.cluster;
  // In a cluster that is not ours somebody else lets requests in.
  const isRouted = Object.values(environment.services).some(({ route }) => route !== undefined);
  if (!loadBalancer || !isRouted || typeof environment.platform === "object") return { enabled: false };
  const { certificateArn, clientCidrs } = loadBalancer;
  return {
    enabled: true,
    className: "alb",
    scheme: "internet-facing",
    certificateArn,
    clientCidrs,
    loadBalancerCidrs: subnetsOf(environment, "public"),
    ...(deployed?.ingressAnnotations && { annotations: deployed.ingressAnnotations }),
  };
}
