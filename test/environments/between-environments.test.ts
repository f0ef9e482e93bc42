import { loadEnvironments } from "../fixtures/environments";
import { physicalNames } from "../../environments/rules";
import type { Environment } from "../../environments/schema";
import { checkTogether } from "../../environments/reading/between-environments";
import { environment, GONE } from "./edits";

const SHARED = "111122223333";

/** Every bucket of an environment, by its path, as it is called in another account. */
const bucketsIn = (own: Environment, account: string): Record<string, string> =>
  Object.fromEntries(
    physicalNames(own).flatMap(({ path, kind, name }) => (kind === "bucket" ? [[path, name.replace(own.account, account)]] : [])),
  );

/** An environment in dev's account, its names moved along; dev's bootstrap serves it, beside which alone stands what the account has once. */
function inSharedAccount(base: "staging" | "prod", edits: Record<string, unknown> = {}): Environment {
  const own = environment(base, { accountWide: GONE });
  return environment(base, {
    account: SHARED,
    bootstrap: GONE,
    accountWide: GONE,
    ...bucketsIn(own, SHARED),
    "windows.uiLoadBalancer.certificateArn": own.windows.uiLoadBalancer!.certificateArn.replace(own.account, SHARED),
    "cluster.loadBalancer.certificateArn": own.cluster.loadBalancer!.certificateArn.replace(own.account, SHARED),
    ...edits,
  });
}
const dev = (...environments: string[]) => environment("dev", { "bootstrap.environments": ["dev", ...environments] });

it("the three examples fit together", () => expect(() => checkTogether(loadEnvironments())).not.toThrow());
it("no physical name of the three examples stands twice (design 5)", () => {
  const names = loadEnvironments().flatMap((own) => physicalNames(own).map(({ kind, name }) => `${kind} ${name}`));
  expect(new Set(names).size).toBe(names.length);
});
it("nothing at all fits together", () => expect(() => checkTogether([])).not.toThrow());
it("three environments share an account with one bootstrap and one state bucket", () => {
  expect(() => checkTogether([dev("staging", "prod"), inSharedAccount("staging"), inSharedAccount("prod")])).not.toThrow();
});

it.each<[string, Environment[], string]>([
  [
    "no bootstrap",
    [environment("dev", { bootstrap: GONE })],
    `account ${SHARED} (dev): bootstrap must stand in exactly one environment, found in none`,
  ],
  [
    "two bootstraps",
    [dev("prod"), inSharedAccount("prod", { bootstrap: { githubRepository: "a/b", environments: ["prod"] } })],
    `account ${SHARED} (dev, prod): bootstrap must stand in exactly one environment, found in dev, prod`,
  ],
  [
    "a bootstrap that leaves one out",
    [dev(), inSharedAccount("prod")],
    `environments/dev.ts: bootstrap.environments must also list prod, of the same account ${SHARED}`,
  ],
  [
    "a bootstrap that lists a stranger",
    [dev("prod"), environment("prod")],
    `environments/dev.ts: bootstrap.environments must not list prod: account ${SHARED} holds only dev`,
  ],
  [
    "two state buckets in one account",
    [dev("prod"), inSharedAccount("prod", { stateBucket: "other-states" })],
    `environments/prod.ts: stateBucket = "other-states" must be "tss-terraform-state-${SHARED}", the state bucket of account ${SHARED} (environments/dev.ts)`,
  ],
  [
    "one state bucket for two accounts",
    [environment("dev", { stateBucket: "states" }), environment("prod", { stateBucket: "states" })],
    `environments/prod.ts: stateBucket = "states" is that of environments/dev.ts in account ${SHARED}`,
  ],
  [
    "one bucket for two accounts",
    [environment("dev", { "data.accessLogBucket.name": "logs-dev" }), environment("prod", { "data.accessLogBucket.name": "logs-dev" })],
    'environments/prod.ts: data.accessLogBucket.name = "logs-dev" is also data.accessLogBucket.name of environments/dev.ts, bucket names are taken world-wide',
  ],
  [
    "a copy with another's name",
    [
      environment("dev", { "data.accessLogBucket.name": "raw-dev" }),
      environment("prod", { "data.replication.bucketSuffix": "-dev", "data.buckets.rawMarketData.name": "raw" }),
    ],
    'environments/prod.ts: data.buckets.rawMarketData.name = "raw-dev" is also data.accessLogBucket.name of environments/dev.ts',
  ],
  [
    "a state bucket with another's name",
    [environment("dev", { "data.accessLogBucket.name": "states-dev" }), environment("prod", { stateBucket: "states-dev" })],
    'environments/prod.ts: stateBucket = "states-dev" is also data.accessLogBucket.name of environments/dev.ts',
  ],
  [
    "one queue in one account",
    [dev("prod"), inSharedAccount("prod", { "events.orderQueue.name": "TSS_OrderRequestQueue-dev" })],
    `environments/prod.ts: events.orderQueue.name = "TSS_OrderRequestQueue-dev" is also events.orderQueue.name of environments/dev.ts, in account ${SHARED}`,
  ],
  [
    "one table in one account",
    [dev("prod"), inSharedAccount("prod", { "data.table.name": "TSS_DynamoDB_OrderState-dev" })],
    "environments/prod.ts: data.table.name",
  ],
  [
    "one cache in one account",
    [dev("prod"), inSharedAccount("prod", { "data.cache.id": "axia-redis-cache-dev" })],
    "environments/prod.ts: data.cache.id",
  ],
  [
    "one security group in one account",
    [dev("prod"), inSharedAccount("prod", { "windows.securityGroup": "axia-ec2-dev" })],
    "environments/prod.ts: windows.securityGroup",
  ],
  [
    "one cluster in one account",
    [dev("prod"), inSharedAccount("prod", { "cluster.name": "day-trade-dev" })],
    `environments/prod.ts: cluster.name = "day-trade-dev" is also cluster.name of environments/dev.ts, in account ${SHARED}`,
  ],
  [
    "one repository in one account",
    [dev("prod"), inSharedAccount("prod", { "services.data.image": "day-trade-ml-dev:2" })],
    `environments/prod.ts: services.data.image = "day-trade-ml-dev" is also services.ml.image of environments/dev.ts, in account ${SHARED}`,
  ],
  [
    "one service's secret in one account",
    [dev("prod"), inSharedAccount("prod", { "data.serviceSecrets.api": { name: "TSS/mt5/demo-dev", description: "Key", keys: ["key"] } })],
    `environments/prod.ts: data.serviceSecrets.api.name = "TSS/mt5/demo-dev" is also data.secrets.mt5.name of environments/dev.ts`,
  ],
])("%s is refused", (_, environments, message) => {
  expect(() => checkTogether(environments)).toThrow(message);
  expect(() => checkTogether(environments)).toThrow(/^The environments do not fit together:\n {2}\S/);
});

/** A second production in an account of its own, where all names but those of buckets are the first one's. */
function secondProduction(edits: Record<string, unknown> = {}): Environment {
  const [first, account] = [environment("prod"), "999988887777"];
  const moved = (text: string) => text.replace(first.account, account);
  return environment("prod", {
    name: "tokyo",
    account,
    "bootstrap.environments": ["tokyo"],
    ...bucketsIn(first, account),
    "windows.uiLoadBalancer.certificateArn": moved(first.windows.uiLoadBalancer!.certificateArn),
    "cluster.loadBalancer.certificateArn": moved(first.cluster.loadBalancer!.certificateArn),
    "cluster.eks.access.deploy": ["tss-deploy-tokyo"],
    ...edits,
  });
}

it("equal names of queues, groups, clusters and repositories in two accounts are no collision", () => {
  expect(() => checkTogether([environment("prod"), secondProduction()])).not.toThrow();
});

describe("a name that carries another environment's", () => {
  const refused =
    (edits: Record<string, unknown>, ...others: Environment[]) =>
    () => {
      checkTogether([environment("dev"), environment("staging"), environment("prod", edits), ...others]);
    };
  it.each([
    [
      "a role",
      "cluster.eks.access.deploy",
      ["tss-deploy-dev"],
      'cluster.eks.access.deploy[0] = "tss-deploy-dev" carries the name of environments/dev.ts; allowed: a name without the part "dev", such as "tss-deploy-prod"',
    ],
    [
      "a role with a path",
      "cluster.eks.access.operations",
      ["trading-operations", "teams/staging/operations"],
      'cluster.eks.access.operations[1] = "teams/staging/operations" carries the name of environments/staging.ts',
    ],
    [
      "a bucket",
      "data.softwareBucket.name",
      "tss-software-staging",
      'data.softwareBucket.name = "tss-software-staging" carries the name of environments/staging.ts',
    ],
    [
      "the state bucket, of another account",
      "stateBucket",
      "dev-states",
      'stateBucket = "dev-states" carries the name of environments/dev.ts',
    ],
    [
      "in capitals",
      "events.systemEventsTopic",
      "TSS_DEV_Events",
      'events.systemEventsTopic = "TSS_DEV_Events" carries the name of environments/dev.ts; allowed: a name without the part "dev", such as "TSS_prod_Events"',
    ],
    [
      "a repository",
      "services.ml.image",
      "day-trade-ml-dev:0.1.0",
      'services.ml.image = "day-trade-ml-dev" carries the name of environments/dev.ts',
    ],
    ["a namespace", "cluster.kubernetes.namespace", "day-trade-staging", 'cluster.kubernetes.namespace = "day-trade-staging" carries'],
    ["a namespace of metrics", "metricNamespace", "AXIA/dev", 'metricNamespace = "AXIA/dev" carries'],
    [
      "a secret of a service",
      "data.serviceSecrets.api",
      { name: "TSS/staging/api", description: "Key", keys: ["key"] },
      'data.serviceSecrets.api.name = "TSS/staging/api" carries',
    ],
  ])("is refused: %s", (_, path, value, message) => {
    expect(refused({ [path]: value })).toThrow(`environments/prod.ts: ${message}`);
  });

  it.each<[string, Record<string, unknown>]>([
    ["a word that only begins so", { "data.softwareBucket.name": "tss-devices-development" }],
    ["the stage's word", { "cluster.name": "day-trade-production" }],
    ["a description", { "data.secrets.mt5.description": "Not the dev account" }],
    ["a tag", { "tags.Team": "dev" }],
    ["a documented name", { "data.buckets.rawMarketData.documentedName": "tss-raw-dev" }],
    ["a setting of a service", { "services.ml.environment": { CONTROL_URL: "https://staging.example.com" } }],
    ["the tag of an image", { "services.ml.image": "day-trade-ml:1.4.2-dev" }],
    ["who is told", { "events.alertSubscriptions": [{ protocol: "email", endpoint: "dev@example.com" }] }],
    ["what the thing itself is called", { "data.serviceSecrets.dev": { name: "TSS/dev/portal", description: "Key", keys: ["key"] } }],
  ])("is not: %s", (_, edits) => {
    expect(refused(edits)).not.toThrow();
  });

  it("is its own where it carries both, as qa's own repository of a service that is called like dev", () => {
    expect(() => {
      checkTogether([environment("dev"), environment("staging", { "services.ml.image": "dev-tools-staging:1.0.0" }), environment("prod")]);
    }).not.toThrow();
  });
  it("is shared where an account's environments share it: the state bucket", () => {
    const states = "tss-states-of-dev";
    expect(() =>
      checkTogether([
        environment("dev", { stateBucket: states, "bootstrap.environments": ["dev", "prod"] }),
        inSharedAccount("prod", { stateBucket: states }),
      ]),
    ).not.toThrow();
  });
  it("may be another environment's that is not there", () => {
    expect(() => {
      checkTogether([environment("prod", { "data.softwareBucket.name": "tss-software-dev" })]);
    }).not.toThrow();
  });
});

it("two environments in one default VPC are refused, two accounts or two VPCs are not", () => {
  const other = (edits: Record<string, unknown> = {}) => ({ ...inSharedAccount("staging"), ...edits }) as Environment;
  const { network } = environment("dev");
  expect(() => {
    checkTogether([dev("staging"), other({ network })]);
  }).toThrow(
    'environments/staging.ts: network.kind = "default" is also that of environments/dev.ts, in region ap-northeast-1 of account 111122223333; allowed: "dedicated"',
  );
  expect(() => {
    checkTogether([dev("staging"), other()]);
  }).not.toThrow();
  expect(() => {
    checkTogether([environment("dev"), { ...environment("staging"), network }]);
  }).not.toThrow();
});

it("two notebooks of one account and region are refused, because SageMaker writes to one log group; other regions are not", () => {
  const research = { ...environment("prod").research!, securityGroup: "sagemaker-staging" };
  const together = (staging: Environment) => () => {
    checkTogether([dev("staging", "prod"), staging, inSharedAccount("prod")]);
  };
  const own = inSharedAccount("staging", { "network.interfaceEndpoints": ["logs", "sagemaker.api"] });
  expect(together({ ...own, research })).toThrow(
    "environments/prod.ts: research stands also in environments/staging.ts, in region ap-northeast-1 of account 111122223333; allowed: no research",
  );
  expect(together({ ...own, research, region: "ap-southeast-1" })).not.toThrow();
});

it("an environment called like a stage is of that stage", () => {
  const called = (name: string, stage: Environment["stage"]) => () => {
    checkTogether([{ ...environment("prod"), name, stage, bootstrap: { ...environment("prod").bootstrap!, environments: [name] } }]);
  };
  expect(called("production", "staging")).toThrow(
    'environments/production.ts: name = "production" with stage = "staging"; allowed: another name, because commands take "production" for what has that stage',
  );
  expect(called("production", "production")).not.toThrow();
});

it("every collision is reported at once", () => {
  const other = inSharedAccount("prod", {
    "events.orderQueue.name": "TSS_OrderRequestQueue-dev",
    "data.table.name": "TSS_DynamoDB_OrderState-dev",
    stateBucket: "other-states",
  });
  try {
    checkTogether([dev(), other]);
    throw new Error("accepted");
  } catch (error) {
    expect((error as Error).message.split("\n")).toHaveLength(7);
  }
});
