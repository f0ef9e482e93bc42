/** What each right of a literal gives a service: statements of its role, rules of security groups, and variables. */
import { TerraformOutput, type TerraformStack } from "cdktf";
import {
  accessVariables,
  databaseUser,
  grantRights,
  openConnections,
  type ServiceBackends,
} from "../../constructs/containers/service-access";
import { Role } from "../../constructs/identity/role";
import { Queue } from "../../constructs/messaging/queue";
import { Topic } from "../../constructs/messaging/topic";
import { SecurityGroup } from "../../constructs/network/security-group";
import { Bucket } from "../../constructs/storage/bucket";
import { Cache } from "../../constructs/storage/cache";
import { Database } from "../../constructs/storage/database";
import { Table } from "../../constructs/storage/table";
import { givenVariables, GRANTS, grantSubject, type Grant } from "../../environments/schema/services";
import { account, bare, newKey, plain, region, rightsOf } from "../helpers/containers";
import { resourcesOf, synthConstructs, type StackJson } from "../helpers/synth";

const network = { vpcId: "vpc-1" };
const windows = { maintenanceWindow: "sun:05:00-sun:06:00", backupWindow: "18:00-19:00", snapshotWindow: "03:00-05:00" };

function newBackends(stack: TerraformStack): Required<ServiceBackends> {
  const key = newKey(stack);
  const bucket = (name: string) => new Bucket(stack, name, { name, key });
  const times = { visibilityTimeoutSeconds: 60, messageRetentionSeconds: 345_600 };
  const queue = (name: string) =>
    new Queue(stack, name, { name, ...times, deadLetter: { name: `${name}-dlq`, maxReceiveCount: 3, ...times } });
  return {
    rawMarketData: bucket("raw"),
    processedMarketData: bucket("processed"),
    backtestResults: bucket("results"),
    orderState: new Table(stack, "order-state", { name: "order-state", key }),
    orders: queue("orders"),
    queues: new Map([
      ["riskReports", queue("reports")],
      ["other", queue("other")],
    ]),
    systemEvents: new Topic(stack, "system-events", { name: "system-events", displayName: "Events", account, key }),
    cache: new Cache(stack, "cache", {
      description: "Redis",
      kind: "single",
      encryption: true,
      id: "redis",
      nodeType: "cache.t3.micro",
      ...windows,
      snapshotRetentionDays: 1,
      parameters: {},
      network,
      subnetIds: ["subnet-1"],
      securityGroup: { name: "redis", documentedName: "sg-redis" },
    }),
    database: new Database(stack, "database", {
      id: "postgres",
      account,
      region,
      instanceClass: "db.t3.medium",
      allocatedStorageGigabytes: 100,
      maxAllocatedStorageGigabytes: 200,
      engineVersion: "15",
      multiAz: true,
      backupRetentionDays: 7,
      ...windows,
      databaseName: "trading",
      username: "master",
      performanceInsights: true,
      logRetentionDays: 30,
      network,
      subnetIds: ["subnet-1"],
      securityGroup: { name: "database", documentedName: "sg-db" },
    }),
  };
}

const newService = (stack: TerraformStack, name: string) => ({
  name,
  role: new Role(stack, `${name}-role`, { name, description: name, assumedBy: "ecs-tasks.amazonaws.com" }),
  securityGroup: new SecurityGroup(stack, `${name}-group`, { name, description: name, network }),
});

/** What the stack of ECS does. */
function grantAccess(
  grants: readonly Grant[],
  { name, role, securityGroup }: ReturnType<typeof newService>,
  backends: ServiceBackends,
): Record<string, string> {
  grantRights(grants, role, name, backends);
  openConnections(grants, { id: `service-${name}`, who: `the service ${name}`, securityGroup }, backends);
  return accessVariables(grants, name, backends);
}

/** A service `data-api` with some rights. */
const synth = (grants: readonly Grant[], change: (backends: Required<ServiceBackends>) => ServiceBackends = (backends) => backends) =>
  synthConstructs((stack) => {
    new TerraformOutput(stack, "variables", { value: grantAccess(grants, newService(stack, "data-api"), change(newBackends(stack))) });
  });
const variablesOf = (json: StackJson) => plain(json.output?.variables?.value);
const rulesOf = (json: StackJson, direction: "ingress" | "egress") =>
  resourcesOf(json, `aws_vpc_security_group_${direction}_rule`).map(bare);

const bucketRead = (id: string) => [
  ["s3:ListBucket", `${id}_bucket.arn`],
  ["s3:GetObject", `${id}_bucket.arn/*`],
  ["kms:Decrypt", "key.arn"],
];
const bucketReadWrite = (id: string) => [
  ["s3:ListBucket", `${id}_bucket.arn`],
  [["s3:GetObject", "s3:PutObject"], `${id}_bucket.arn/*`],
  [["kms:Decrypt", "kms:GenerateDataKey"], "key.arn"],
];
const tableArns = ["order-state_table.arn", "order-state_table.arn/index/*"];

/** The statements, as action and resource, and the variables of each right. */
const EXPECTED: Readonly<Record<Grant, { readonly rights: readonly unknown[]; readonly variables: Readonly<Record<string, string>> }>> = {
  "rawMarketData.read": { rights: bucketRead("raw"), variables: { RAW_MARKET_DATA_BUCKET: "raw_bucket.bucket" } },
  "rawMarketData.readWrite": { rights: bucketReadWrite("raw"), variables: { RAW_MARKET_DATA_BUCKET: "raw_bucket.bucket" } },
  "processedMarketData.read": { rights: bucketRead("processed"), variables: { PROCESSED_MARKET_DATA_BUCKET: "processed_bucket.bucket" } },
  "processedMarketData.readWrite": {
    rights: bucketReadWrite("processed"),
    variables: { PROCESSED_MARKET_DATA_BUCKET: "processed_bucket.bucket" },
  },
  "backtestResults.read": { rights: bucketRead("results"), variables: { BACKTEST_RESULTS_BUCKET: "results_bucket.bucket" } },
  "backtestResults.readWrite": { rights: bucketReadWrite("results"), variables: { BACKTEST_RESULTS_BUCKET: "results_bucket.bucket" } },
  "orderState.read": {
    rights: [
      [["dynamodb:GetItem", "dynamodb:Query"], tableArns],
      ["kms:Decrypt", "key.arn"],
    ],
    variables: { ORDER_STATE_TABLE: "order-state_table.name" },
  },
  "orderState.readWrite": {
    rights: [
      [["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query"], tableArns],
      [["kms:Decrypt", "kms:GenerateDataKey"], "key.arn"],
    ],
    variables: { ORDER_STATE_TABLE: "order-state_table.name" },
  },
  "orderQueue.send": {
    rights: [[["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"], "orders_queue.arn"]],
    variables: { ORDER_QUEUE_URL: "orders_queue.url" },
  },
  "orderQueue.consume": {
    rights: [
      [
        ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
        ["orders_queue.arn", "orders_dead-letter.arn"],
      ],
    ],
    variables: { ORDER_QUEUE_URL: "orders_queue.url" },
  },
  "queues.riskReports.send": {
    rights: [[["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"], "reports_queue.arn"]],
    variables: { RISK_REPORTS_QUEUE_URL: "reports_queue.url" },
  },
  "queues.riskReports.consume": {
    rights: [
      [
        ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
        ["reports_queue.arn", "reports_dead-letter.arn"],
      ],
    ],
    variables: { RISK_REPORTS_QUEUE_URL: "reports_queue.url" },
  },
  "systemEvents.publish": {
    rights: [
      ["sns:Publish", "system-events_topic.arn"],
      [["kms:Decrypt", "kms:GenerateDataKey"], "key.arn"],
    ],
    variables: { SYSTEM_EVENTS_TOPIC_ARN: "system-events_topic.arn" },
  },
  "cache.connect": {
    rights: [],
    variables: {
      CACHE_HOST: "cache_replication-group.primary_endpoint_address",
      CACHE_PORT: "6379",
      CACHE_TLS: "true",
      CACHE_CLUSTER_MODE: "false",
    },
  },
  "database.connect": {
    rights: [["rds-db:connect", `arn:aws:rds-db:${region}:${account}:dbuser:database_instance.resource_id/svc_data_api`]],
    variables: {
      DATABASE_HOST: "database_instance.address",
      DATABASE_PORT: "5432",
      DATABASE_NAME: "trading",
      DATABASE_USER: "svc_data_api",
    },
  },
};

const ALL: readonly Grant[] = [...GRANTS, "queues.riskReports.send", "queues.riskReports.consume"];

describe("rights, connections and variables", () => {
  it.each(ALL)("%s gives exactly its rights and tells its variables", (grant) => {
    const json = synth([grant]);
    expect(resourcesOf(json, "aws_iam_role_policy").flatMap(rightsOf)).toEqual(
      EXPECTED[grant]!.rights.map((right) => ({ Effect: "Allow", Action: (right as unknown[])[0], Resource: (right as unknown[])[1] })),
    );
    expect(variablesOf(json)).toEqual(EXPECTED[grant]!.variables);
  });

  const OPENED: Partial<Record<Grant, { readonly owner: string; readonly port: number; readonly description: string }>> = {
    "cache.connect": { owner: "cache_security-group.id", port: 6379, description: "Redis access from the service data-api" },
    "database.connect": { owner: "database_security-group.id", port: 5432, description: "PostgreSQL access from the service data-api" },
  };
  it.each(ALL)("%s opens the way to what it speaks of, and no other", (grant) => {
    const json = synth([grant]);
    const opened = [OPENED[grant] ?? []]
      .flat()
      .map(({ owner, port, description }) => ({ owner, rule: { ip_protocol: "tcp", from_port: port, to_port: port, description } }));
    expect(rulesOf(json, "ingress")).toEqual(
      opened.map(({ owner, rule }) => ({ ...rule, security_group_id: owner, referenced_security_group_id: "data-api-group.id" })),
    );
    expect(rulesOf(json, "egress")).toEqual(
      opened.map(({ owner, rule }) => ({ ...rule, security_group_id: "data-api-group.id", referenced_security_group_id: owner })),
    );
  });

  it("tells a service of nothing, and lets it do nothing, without rights", () => {
    const json = synth([]);
    expect(variablesOf(json)).toEqual({});
    expect(resourcesOf(json, "aws_iam_role_policy")).toEqual([]);
  });

  it("knows no database where the environment has none", () => {
    const json = synth(["database.connect"], (backends) => ({ ...backends, database: undefined }));
    expect(variablesOf(json)).toEqual({});
    expect([...rulesOf(json, "ingress"), ...rulesOf(json, "egress"), ...resourcesOf(json, "aws_iam_role_policy")]).toEqual([]);
  });

  it("tells exactly the variables that the schema keeps free, whatever a service may do", () => {
    // Of each subject nothing or one right; both rights of the queue do not exclude each other.
    const bySubject = [...new Set(GRANTS.map(grantSubject))].map((subject) => {
      const grants = GRANTS.filter((grant) => grantSubject(grant) === subject);
      return [[], ...grants.map((grant) => [grant]), ...(subject === "orderQueue" ? [grants] : [])];
    });
    const sets = bySubject.reduce<Grant[][]>((all, choices) => all.flatMap((set) => choices.map((choice) => [...set, ...choice])), [[]]);
    expect(sets).toHaveLength(3 ** 4 * 4 * 2 ** 3);
    const common = givenVariables({ calls: [], grants: [] }).length;
    synthConstructs((stack) => {
      const backends = newBackends(stack);
      // What is told depends on the backends alone; without rules and statements all sets can ask the same ones.
      const quiet = { allowFrom: () => undefined, grantConnect: () => undefined };
      const told = {
        ...backends,
        cache: Object.assign(Object.create(backends.cache) as Cache, quiet),
        database: Object.assign(Object.create(backends.database) as Database, quiet),
      };
      const service = newService(stack, "data-api");
      const wrong = sets.filter(
        (grants) =>
          JSON.stringify(Object.keys(grantAccess(grants, service, told)).sort()) !==
          JSON.stringify(givenVariables({ calls: [], grants }).slice(common).sort()),
      );
      expect(wrong).toEqual([]);
    });
  });
});

describe("databaseUser", () => {
  it.each([
    ["ml", "svc_ml"],
    ["data-api", "svc_data_api"],
    ["a-b-c", "svc_a_b_c"],
  ])("of %s is %s", (service, user) => expect(databaseUser(service)).toBe(user));
});
