/** What an entry of the chart's `services` says of a service, on whichever cloud: the literals of both describe one in the same words. */
import { imageParts, initialTasks, type Service } from "../../environments/schema/services";

export type Values = Readonly<Record<string, unknown>>;

/** What a cloud says in its own words. */
export interface CloudValues {
  /** Of a service that scales, beside its limits. */
  readonly scaling?: Values;
  /** Null where nobody lets requests in. */
  readonly route: Values | null;
  /** Variables that the rights bring along, without those that the chart makes itself. */
  readonly variables: Readonly<Record<string, string>>;
  /** By variable. */
  readonly secrets: Values;
  /** Further keys. */
  readonly others?: Values;
}

/** Variables that the chart makes of its own `backends`. */
const OF_BACKENDS = /^(CACHE_(HOST|PORT|TLS|CLUSTER_MODE)|DATABASE_(HOST|PORT|NAME|USER))$/;
/** The services of values.yaml, for those who install the chart by itself: helm merges them in unless they are taken out. */
export const SERVICES_OF_CHART = ["data", "ml", "scheduler"];
/** Limits of a pod, as a multiple of its requests (K8S-012, K8S-013). */
const LIMIT = 2;
/** Seconds in which a pod that others call still serves while it is taken off their lists. */
const DRAIN_SECONDS = 10;

/** All entries: those of the literal, and null for each of the chart's own that it has not. */
export function servicesValues(services: Readonly<Record<string, Service>>, of: (name: string, service: Service) => CloudValues): Values {
  const withoutThose = SERVICES_OF_CHART.filter((service) => !Object.hasOwn(services, service)).map((service) => [service, null] as const);
  return Object.fromEntries([
    ...Object.entries(services).map(([name, service]) => [name, serviceValues(name, service, services, of(name, service))] as const),
    ...withoutThose,
  ]);
}

/** A load balancer in front of a cluster takes the paths as they stand; those that look at them in an order take the priority's. */
export const routeValues = (route: NonNullable<Service["route"]>): Values => ({
  order: route.priority,
  hosts: route.hosts,
  paths: route.paths.length > 0 ? route.paths : ["/*"],
  pathType: "ImplementationSpecific",
});

/** Every key that an entry of values.yaml may hold, so that nothing of that entry is left. */
function serviceValues(name: string, service: Service, services: Readonly<Record<string, Service>>, of: CloudValues): Values {
  const { architecture, calls, cpu, grants, healthPath, memory, port, ports, readyPath, route, scaling } = service;
  const { scratchGigabytes, startSeconds, stopSeconds, strategy } = service;
  const { repository, tag, digest } = imageParts(service.image);
  const isCalled = Object.values(services).some((other) => other.calls.includes(name));
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
      ? { autoscaling: { ...limitsOf(scaling), ...of.scaling } }
      : { autoscaling: { enabled: false }, replicaCount: initialTasks(service) }),
    resources: { requests: quantities(cpu, memory), limits: quantities(cpu * LIMIT, memory * LIMIT) },
    ...(scratchGigabytes !== undefined && { scratch: { sizeLimit: `${scratchGigabytes}Gi` } }),
    nodeSelector: { "kubernetes.io/arch": architecture === "arm64" ? "arm64" : "amd64" },
    route: of.route,
    calls,
    connects: (["cache", "database"] as const).filter((backend) => grants.includes(`${backend}.connect`)),
    env: {
      ...service.environment,
      ...Object.fromEntries(Object.entries(of.variables).filter(([variable]) => !OF_BACKENDS.test(variable))),
    },
    secrets: of.secrets,
    ...of.others,
  };
}

const limitsOf = ({ cpuPercent, max, memoryPercent, min }: NonNullable<Service["scaling"]>): Values => ({
  enabled: true,
  minReplicas: min,
  maxReplicas: max,
  targetCPUUtilizationPercentage: cpuPercent,
  targetMemoryUtilizationPercentage: memoryPercent,
});

/** 1024 CPU units of Fargate are 1000m; memory in MiB. */
const quantities = (cpu: number, memory: number) => ({
  cpu: `${(cpu * 1000) / 1024}m`,
  memory: memory % 1024 === 0 ? `${memory / 1024}Gi` : `${memory}Mi`,
});
