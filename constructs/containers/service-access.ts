/** The rights that a literal may give a service, each as a grant of what it speaks of, with the variables that tell the service of it. */
import { queueGrantParts, type QueueReference } from "../../environments/schema/queues";
import { grantSubject, grantVariables, type Grant, type GrantSubject, type NamedGrant } from "../../environments/schema/services";
import type { Grantee } from "../identity/role";
import type { Queue } from "../messaging/queue";
import type { Topic } from "../messaging/topic";
import type { SecurityGroup } from "../network/security-group";
import type { Bucket } from "../storage/bucket";
import type { Cache } from "../storage/cache";
import type { Database } from "../storage/database";
import type { Table } from "../storage/table";

/** What services may be allowed to use. */
export interface ServiceBackends {
  readonly rawMarketData: Bucket;
  readonly processedMarketData: Bucket;
  readonly backtestResults: Bucket;
  readonly orderState: Table;
  readonly orders: Queue;
  /** Those of `events.queues`, by key. */
  readonly queues: ReadonlyMap<string, Queue>;
  readonly systemEvents: Topic;
  readonly cache: Cache;
  /** Where the environment has one. */
  readonly database?: Database;
}

/** The user of the database as which a service connects, with a token of IAM (docs/services.md says how it is made). */
export const databaseUser = (service: string): string => `svc_${service.replaceAll("-", "_")}`;

/** Queues that services scale by. The schema has refused names of others. */
export const queueNamed = (
  name: QueueReference,
  { orders, alertProcessing, queues }: Pick<ServiceBackends, "orders" | "queues"> & { readonly alertProcessing?: Queue },
): Queue =>
  (name === "orderQueue" ? orders : name === "alertProcessingQueue" ? alertProcessing : queues.get(name.slice("queues.".length)))!;

/** What a grant takes to be given: rights in IAM, or a way on the network. */
type Steps = Readonly<Record<NamedGrant, (() => void) | undefined>>;

/** Gives a role what IAM has to say of a service's rights. */
export function grantRights(grants: readonly Grant[], role: Grantee, service: string, backends: ServiceBackends): void {
  const { rawMarketData, processedMarketData, backtestResults, orderState, orders, queues, systemEvents, database } = backends;
  const give: Steps = {
    "rawMarketData.read": () => {
      rawMarketData.grantRead(role);
    },
    "rawMarketData.readWrite": () => {
      rawMarketData.grantReadWrite(role);
    },
    "processedMarketData.read": () => {
      processedMarketData.grantRead(role);
    },
    "processedMarketData.readWrite": () => {
      processedMarketData.grantReadWrite(role);
    },
    "backtestResults.read": () => {
      backtestResults.grantRead(role);
    },
    "backtestResults.readWrite": () => {
      backtestResults.grantReadWrite(role);
    },
    "orderState.read": () => {
      orderState.grantRead(role);
    },
    "orderState.readWrite": () => {
      orderState.grantReadWrite(role);
    },
    "orderQueue.send": () => {
      orders.grantSend(role);
    },
    "orderQueue.consume": () => {
      orders.grantConsume(role);
    },
    "systemEvents.publish": () => {
      systemEvents.grantPublish(role);
    },
    "cache.connect": undefined, // the network's affair
    "database.connect":
      database &&
      (() => {
        database.grantConnect(role, databaseUser(service));
      }),
  };
  for (const grant of grants) {
    const own = queueGrantParts(grant);
    if (!own) give[grant as NamedGrant]?.();
    else if (own.right === "send") queues.get(own.key)!.grantSend(role);
    else queues.get(own.key)!.grantConsume(role);
  }
}

/** The grants that speak of the network. */
export type Connection = Extract<Grant, `${string}.connect`>;

/** Lets members of a security group connect to cache and database, where there are such. `id` and `who` name them in the rules. */
export function openConnections(
  grants: readonly Grant[],
  { id, who, securityGroup }: { readonly id: string; readonly who: string; readonly securityGroup: SecurityGroup },
  { cache, database }: Partial<Pick<ServiceBackends, "cache" | "database">>,
): void {
  if (grants.includes("cache.connect")) cache?.allowFrom(id, securityGroup, `Redis access from ${who}`);
  if (grants.includes("database.connect")) database?.allowFrom(id, securityGroup, `PostgreSQL access from ${who}`);
}

/** What a service must know to use its rights, by variable. */
export function accessVariables(grants: readonly Grant[], service: string, backends: ServiceBackends): Record<string, string> {
  const { rawMarketData, processedMarketData, backtestResults, orderState, orders, queues, systemEvents, cache, database } = backends;
  const told: Readonly<Record<GrantSubject, readonly string[]>> = {
    rawMarketData: [rawMarketData.name],
    processedMarketData: [processedMarketData.name],
    backtestResults: [backtestResults.name],
    orderState: [orderState.name],
    orderQueue: [orders.url],
    systemEvents: [systemEvents.arn],
    cache: [cache.endpoint, String(cache.port), String(cache.tls), String(cache.clusterMode)],
    // An in-cluster database is known to the cluster only.
    database: database ? [database.endpoint, String(database.port), database.databaseName, databaseUser(service)] : [],
  };
  const valuesOf = (grant: Grant): readonly string[] => {
    const own = queueGrantParts(grant);
    return own ? [queues.get(own.key)!.url] : told[grantSubject(grant as NamedGrant)];
  };
  return Object.fromEntries(grants.flatMap((grant) => valuesOf(grant).map((value, index) => [grantVariables(grant)[index]!, value])));
}
