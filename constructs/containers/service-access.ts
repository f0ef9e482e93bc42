/** The rights that a literal may give a service, each as a grant of what it speaks of, with the variables that tell the service of it. */
import { GRANT_VARIABLES, grantSubject, type Grant, type GrantSubject } from "../../environments/services";
import type { Role } from "../identity/role";
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
  readonly systemEvents: Topic;
  readonly cache: Cache;
  /** Where the environment has one. */
  readonly database?: Database;
}

/** Who is allowed. */
export interface Allowed {
  /** Such as `ml`. */
  readonly name: string;
  readonly role: Role;
  readonly securityGroup: SecurityGroup;
}

/** The user of the database as which a service connects, with a token of IAM (docs/services.md says how it is made). */
export const databaseUser = (service: string): string => `svc_${service.replaceAll("-", "_")}`;

/**
 * Gives a service its rights.
 * @returns what it must know to use them, by variable
 */
export function grantAccess(grants: readonly Grant[], { name, role, securityGroup }: Allowed, backends: ServiceBackends): Record<string, string> {
  const { rawMarketData, processedMarketData, backtestResults, orderState, orders, systemEvents, cache, database } = backends;
  const give: Readonly<Record<Grant, () => void>> = {
    "rawMarketData.read": () => { rawMarketData.grantRead(role); },
    "rawMarketData.readWrite": () => { rawMarketData.grantReadWrite(role); },
    "processedMarketData.read": () => { processedMarketData.grantRead(role); },
    "processedMarketData.readWrite": () => { processedMarketData.grantReadWrite(role); },
    "backtestResults.read": () => { backtestResults.grantRead(role); },
    "backtestResults.readWrite": () => { backtestResults.grantReadWrite(role); },
    "orderState.read": () => { orderState.grantRead(role); },
    "orderState.readWrite": () => { orderState.grantReadWrite(role); },
    "orderQueue.send": () => { orders.grantSend(role); },
    "orderQueue.consume": () => { orders.grantConsume(role); },
    "systemEvents.publish": () => { systemEvents.grantPublish(role); },
    "cache.connect": () => { cache.allowFrom(`service-${name}`, securityGroup, `Redis access from the service ${name}`); },
    "database.connect": () => {
      database?.allowFrom(`service-${name}`, securityGroup, `PostgreSQL access from the service ${name}`);
      database?.grantConnect(role, databaseUser(name));
    },
  };
  const told: Readonly<Record<GrantSubject, () => readonly string[]>> = {
    rawMarketData: () => [rawMarketData.name],
    processedMarketData: () => [processedMarketData.name],
    backtestResults: () => [backtestResults.name],
    orderState: () => [orderState.name],
    orderQueue: () => [orders.url],
    systemEvents: () => [systemEvents.arn],
    cache: () => [cache.endpoint, String(cache.port), String(cache.tls), String(cache.clusterMode)],
    // An in-cluster database is known to the cluster only.
    database: () => (database ? [database.endpoint, String(database.port), database.databaseName, databaseUser(name)] : []),
  };
  for (const grant of grants) give[grant]();
  const subjects = [...new Set(grants.map(grantSubject))];
  return Object.fromEntries(subjects.flatMap((subject) => told[subject]().map((value, index) => [GRANT_VARIABLES[subject][index]!, value])));
}
