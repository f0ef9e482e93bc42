/**
 * The values of our chart, charts/day-trade-ml: all that the literal says of the services, and what only the infrastructure knows.
 *
 * The release takes them whole. commands/pages/values-files.ts writes the first part into files, for those who run helm by hand: commands know
 * no providers, so nothing is imported here that makes a resource.
 */
import { DEFAULT_VPC } from "../../environments/facts/cidr";
import type { Environment, Service } from "../../environments/schema";
import { runningServices } from "../../environments/schema/services";
import { registryOf } from "../containers/registry";
import { accessVariables, queueNamed, type ServiceBackends } from "../containers/service-access";
import { repositoryPages } from "../identity/github-names";
import { STORE_PORTS } from "../storage/ports";
import { POSTGRESQL, VALKEY } from "./releases";
import { scalingWindows } from "./scaling-windows";
import { routeValues, servicesValues, type CloudValues, type Values } from "./service-values";

/** What is known when the other stacks are deployed. */
export interface Deployed {
  readonly backends: ServiceBackends & { readonly alertProcessing?: ServiceBackends["orders"] };
  /** Of the Ingress, beside those that the chart sets. @default none */
  readonly ingressAnnotations?: Readonly<Record<string, string>>;
}

/** The agent of EKS Pod Identity, on every node. https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html */
const POD_IDENTITY_AGENT = { cidr: "169.254.170.23/32", port: 80 };
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
  const isAws = typeof platform !== "object";
  return {
    environment: stage, // K8S-010
    image: { registry: registryOf({ account, region }) },
    defaults: { topologySpread: { whenUnsatisfiable: isDevelopment ? "ScheduleAnyway" : "DoNotSchedule" } },
    services: servicesValues(services, (own, service) => cloudValues(own, service, environment, deployed)),
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

function cloudValues(name: string, service: Service, environment: Environment, deployed?: Deployed): CloudValues {
  const { grants, route, scaling } = service;
  const {
    secrets: { mt5, slackWebhook },
    serviceSecrets,
  } = environment.data;
  const owned: Readonly<Record<string, { readonly name: string }>> = { mt5, slackWebhook, ...serviceSecrets };
  return {
    scaling: scaling && scalingValues(scaling, environment, deployed),
    route: route && typeof environment.platform !== "object" ? routeValues(route) : null,
    variables: deployed ? accessVariables(grants, name, deployed.backends) : {},
    secrets: Object.fromEntries(
      Object.entries(service.secrets).map(([variable, { secret, key }]) => [variable, { secret: owned[secret]!.name, key }]),
    ),
  };
}

function scalingValues(scaling: NonNullable<Service["scaling"]>, { region }: Environment, deployed?: Deployed): Values {
  const { min, queue, schedule } = scaling;
  return {
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
