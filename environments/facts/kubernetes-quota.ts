/** How much the namespace of the services may ask for: what the literal's own services need at their most, and nothing beside it. */
import type { Environment } from "../schema";

/** What a namespace may hold. */
export interface Quota {
  /** Of all pods' requests, in thousandths of a core. */
  readonly milliCpu: number;
  /** Of all pods' requests, in MiB. */
  readonly memory: number;
  readonly pods: number;
  readonly volumes: number;
}

/** Requests of one pod of the in-cluster database, and of the cache: no document gives them. */
export const STORE_REQUESTS = { database: { milliCpu: 1000, memory: 2048 }, cache: { milliCpu: 250, memory: 1024 } } as const;
/** `helm test` of the chart. */
const TEST_POD = { milliCpu: 50, memory: 64 };
/** While a deployment replaces pods, one comes before another has gone, and one that goes still counts. */
const REPLACED = 2;

const none: Quota = { milliCpu: 0, memory: 0, pods: 0, volumes: 0 };
const sum = (a: Quota, b: Quota): Quota => ({
  milliCpu: a.milliCpu + b.milliCpu,
  memory: a.memory + b.memory,
  pods: a.pods + b.pods,
  volumes: a.volumes + b.volumes,
});
const times = (pods: number, { milliCpu, memory }: Pick<Quota, "milliCpu" | "memory">, volumes = 0): Quota => ({
  milliCpu: pods * milliCpu,
  memory: pods * memory,
  pods,
  volumes,
});

/** Of the services alone, with `helm test`. */
export const servicesQuota = (services: Environment["services"]): Quota =>
  [
    ...Object.values(services).map(({ cpu, memory, replicas, scaling, strategy }) =>
      times((scaling?.max ?? replicas ?? 1) + (strategy === "rolling" ? REPLACED : 0), {
        milliCpu: Math.ceil((cpu * 1000) / 1024),
        memory,
      }),
    ),
    times(1, TEST_POD),
  ].reduce(sum, none);

export function namespaceQuota({
  cluster: { kubernetes },
  database,
  services,
  servicesCache,
}: Pick<Environment, "cluster" | "database" | "services" | "servicesCache">): Quota {
  const { instances } = kubernetes.database;
  return [
    servicesQuota(services),
    // A job fills each new instance's volume.
    database === "in-cluster" ? times(instances + 1, STORE_REQUESTS.database, instances) : none,
    servicesCache === "in-cluster" ? times(1, STORE_REQUESTS.cache, 1) : none,
  ].reduce(sum, none);
}
