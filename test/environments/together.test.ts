import { loadEnvironments } from "../fixtures/environments";
import { physicalNames } from "../../environments/rules";
import type { Environment } from "../../environments/schema";
import { checkTogether } from "../../environments/together";
import { environment, GONE } from "./edits";

const SHARED = "111122223333";

/** An environment in dev's account, its names moved along; dev's bootstrap serves it. */
function inSharedAccount(base: "staging" | "prod", edits: Record<string, unknown> = {}): Environment {
  const own = environment(base);
  const buckets = Object.fromEntries(Object.entries(own.data.buckets).map(([key, { name }]) => [`data.buckets.${key}.name`, name.replace(own.account, SHARED)]));
  return environment(base, {
    account: SHARED, stateBucket: own.stateBucket.replace(own.account, SHARED), bootstrap: GONE,
    ...buckets, "data.accessLogBucket.name": own.data.accessLogBucket.name.replace(own.account, SHARED),
    "data.softwareBucket.name": own.data.softwareBucket.name.replace(own.account, SHARED),
    "windows.uiLoadBalancer.certificateArn": own.windows.uiLoadBalancer!.certificateArn.replace(own.account, SHARED),
    "cluster.loadBalancer.certificateArn": own.cluster.loadBalancer!.certificateArn.replace(own.account, SHARED), ...edits,
  });
}
const dev = (...environments: string[]) => environment("dev", { "bootstrap.environments": ["dev", ...environments] });

it("the three examples fit together", () => expect(() => checkTogether(loadEnvironments())).not.toThrow());
it("no physical name of the three examples stands twice (design 5.5)", () => {
  const names = loadEnvironments().flatMap((own) => physicalNames(own).map(({ kind, name }) => `${kind} ${name}`));
  expect(new Set(names).size).toBe(names.length);
});
it("nothing at all fits together", () => expect(() => checkTogether([])).not.toThrow());
it("three environments share an account with one bootstrap and one state bucket", () => {
  expect(() => checkTogether([dev("staging", "prod"), inSharedAccount("staging"), inSharedAccount("prod")])).not.toThrow();
});

it.each<[string, Environment[], string]>([
  ["no bootstrap", [environment("dev", { bootstrap: GONE })], `account ${SHARED} (dev): bootstrap must stand in exactly one environment, found in none`],
  ["two bootstraps", [dev("prod"), inSharedAccount("prod", { bootstrap: { githubRepository: "a/b", environments: ["prod"] } })], `account ${SHARED} (dev, prod): bootstrap must stand in exactly one environment, found in dev, prod`],
  ["a bootstrap that leaves one out", [dev(), inSharedAccount("prod")], `environments/dev.ts: bootstrap.environments must also list prod, of the same account ${SHARED}`],
  ["a bootstrap that lists a stranger", [dev("prod"), environment("prod")], `environments/dev.ts: bootstrap.environments must not list prod: account ${SHARED} holds only dev`],
  ["two state buckets in one account", [dev("prod"), inSharedAccount("prod", { stateBucket: "other-states" })], `environments/prod.ts: stateBucket = "other-states" must be "tss-terraform-state-${SHARED}", the state bucket of account ${SHARED} (environments/dev.ts)`],
  ["one state bucket for two accounts", [environment("dev", { stateBucket: "states" }), environment("prod", { stateBucket: "states" })], `environments/prod.ts: stateBucket = "states" is that of environments/dev.ts in account ${SHARED}`],
  ["one bucket for two accounts", [environment("dev", { "data.accessLogBucket.name": "logs-dev" }), environment("prod", { "data.accessLogBucket.name": "logs-dev" })], 'environments/prod.ts: data.accessLogBucket.name = "logs-dev" is also data.accessLogBucket.name of environments/dev.ts, bucket names are taken world-wide'],
  ["a copy with another's name", [environment("dev", { "data.accessLogBucket.name": "raw-dev" }), environment("prod", { "data.replication.bucketSuffix": "-dev", "data.buckets.rawMarketData.name": "raw" })], 'environments/prod.ts: data.buckets.rawMarketData.name = "raw-dev" is also data.accessLogBucket.name of environments/dev.ts'],
  ["a state bucket with another's name", [environment("dev", { "data.accessLogBucket.name": "states-dev" }), environment("prod", { stateBucket: "states-dev" })], 'environments/prod.ts: stateBucket = "states-dev" is also data.accessLogBucket.name of environments/dev.ts'],
  ["one queue in one account", [dev("prod"), inSharedAccount("prod", { "events.orderQueue.name": "TSS_OrderRequestQueue-dev" })], `environments/prod.ts: events.orderQueue.name = "TSS_OrderRequestQueue-dev" is also events.orderQueue.name of environments/dev.ts, in account ${SHARED}`],
  ["one table in one account", [dev("prod"), inSharedAccount("prod", { "data.table.name": "TSS_DynamoDB_OrderState-dev" })], "environments/prod.ts: data.table.name"],
  ["one cache in one account", [dev("prod"), inSharedAccount("prod", { "data.cache.id": "axia-redis-cache-dev" })], "environments/prod.ts: data.cache.id"],
  ["one security group in one account", [dev("prod"), inSharedAccount("prod", { "windows.securityGroup": "axia-ec2-dev" })], "environments/prod.ts: windows.securityGroup"],
  ["one cluster in one account", [dev("prod"), inSharedAccount("prod", { "cluster.name": "day-trade-dev" })], `environments/prod.ts: cluster.name = "day-trade-dev" is also cluster.name of environments/dev.ts, in account ${SHARED}`],
  ["one repository in one account", [dev("prod"), inSharedAccount("prod", { "services.data.image": "day-trade-ml-dev:2" })], `environments/prod.ts: services.data.image = "day-trade-ml-dev" is also services.ml.image of environments/dev.ts, in account ${SHARED}`],
  ["one service's secret in one account", [dev("prod"), inSharedAccount("prod", { "data.serviceSecrets.api": { name: "TSS/mt5/demo-dev", description: "Key", keys: ["key"] } })], `environments/prod.ts: data.serviceSecrets.api.name = "TSS/mt5/demo-dev" is also data.secrets.mt5.name of environments/dev.ts`],
])("%s is refused", (_, environments, message) => {
  expect(() => checkTogether(environments)).toThrow(message);
  expect(() => checkTogether(environments)).toThrow(/^The environments do not fit together:\n {2}\S/);
});

it("equal names of queues, groups, clusters and repositories in two accounts are no collision", () => {
  const names = { "events.orderQueue.name": "TSS_OrderRequestQueue-dev", "windows.securityGroup": "axia-ec2-dev", "cluster.name": "day-trade-dev", "services.ml.image": "day-trade-ml-dev:0.1.0" };
  expect(() => checkTogether([environment("dev"), environment("prod", names)])).not.toThrow();
});

it("every collision is reported at once", () => {
  const other = inSharedAccount("prod", { "events.orderQueue.name": "TSS_OrderRequestQueue-dev", "data.table.name": "TSS_DynamoDB_OrderState-dev", stateBucket: "other-states" });
  try {
    checkTogether([dev(), other]);
    throw new Error("accepted");
  } catch (error) {
    expect((error as Error).message.split("\n")).toHaveLength(5);
  }
});
