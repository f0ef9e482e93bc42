/** The Windows host of dev and its world: what it may touch, and what is named like that. */
import { statementsOf } from "../../commands/pages/rights-table";
import { replaceReferences, type StacksByName } from "../../terraform/references";
import { loadEnvironment } from "../fixtures/environments";
import { synthEnvironments, type Block } from "../helpers/synth";
import type { Call } from "./emulator";

export const dev = loadEnvironment("dev");
export const { account, region, name: environment } = dev;
const stacks = synthEnvironments({ environments: [dev], target: { kind: "aws" } });

/** The only resource of a type whose construct path within its stack begins so. */
export function resource(stack: string, type: string, path: string): readonly [id: string, block: Block] {
  const found = Object.entries(stacks[`${environment}-${stack}`]!.resource?.[type] ?? {}).filter(([id]) => id.startsWith(path));
  if (found.length !== 1) throw new Error(`${stack}: ${found.length} of ${type} ${path}`);
  return found[0]!;
}
export const named = (stack: string, type: string, path: string, attribute = "name") => String(resource(stack, type, path)[1][attribute]);

export const table = named("data", "aws_dynamodb_table", "order-state");
export const [queue, deadLetters] = ["orders_queue", "orders_dead-letter"].map((path) => named("events", "aws_sqs_queue", path)) as [
  string,
  string,
];
export const [events, alerts] = ["system-events", "system-alerts"].map((path) => named("events", "aws_sns_topic", path)) as [
  string,
  string,
];
export const [mt5, logon] = ["mt5", "windows-logon"].map((path) => named("data", "aws_secretsmanager_secret", path)) as [string, string];
export const slack = named("events", "aws_secretsmanager_secret", "slack-webhook");
export const buckets = ["raw-market-data", "processed-market-data", "backtest-results"].map((path) =>
  named("data", "aws_s3_bucket", path, "bucket"),
);
export const [software, accessLogs] = ["software", "access-logs"].map((path) => named("data", "aws_s3_bucket", path, "bucket")) as [
  string,
  string,
];
export const logGroups = ["application-log", "system-log"].map((path) => named("trading", "aws_cloudwatch_log_group", path));
export const parameter = named("trading", "aws_ssm_parameter", "windows-bundle");
export const states = dev.stateBucket;
export const [roleId, role] = resource("trading", "aws_iam_role", "windows_role");
export const scheduleRole = named("operations", "aws_iam_role", "schedule_role");

/** What is not the host's, its name as like the host's as it can be: a pattern in a grant would reach it. */
export const another = {
  table: `${table}-2`,
  queue: `${queue}-2`,
  secret: `${mt5}-2`,
  logGroup: `${logGroups[0]}-2`,
  parameter: `${parameter}-2`,
};

export const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;
export const roleArn = (name: string) => `arn:aws:iam::${account}:role/${environment}/${name}`;
export const url: Record<string, string> = {};
export const item = { pk: { S: "ORDER#1" }, sk: { S: "ORDER#1" } };
/** Makes what dev has, with its real names, and what only others may touch. Returns the ARNs by address, and what has an id. */
export async function makeWorld(
  administrator: Call,
): Promise<{ readonly arns: ReadonlyMap<string, string>; readonly keyId: string; readonly instanceId: string }> {
  const arns = new Map<string, string>();
  const each = async (type: string, make: (block: Block) => Promise<unknown>) => {
    for (const [stack, { resource: types }] of Object.entries(stacks)) {
      for (const [id, block] of Object.entries(types?.[type] ?? {})) arns.set(`${stack}/${type}.${id}`, String(await make(block)));
    }
  };
  const makeTable = async ({ name, hash_key, range_key, attribute, global_secondary_index: indexes }: Block) => {
    const keys = (hash: unknown, range: unknown) => [
      { AttributeName: hash, KeyType: "HASH" },
      { AttributeName: range, KeyType: "RANGE" },
    ];
    const { TableDescription } = await administrator("dynamodb", "create_table", {
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: keys(hash_key, range_key),
      AttributeDefinitions: (attribute as Block[]).map((each) => ({ AttributeName: each.name, AttributeType: each.type })),
      GlobalSecondaryIndexes: (indexes as Block[]).map((index) => ({
        IndexName: index.name,
        KeySchema: keys(index.hash_key, index.range_key),
        Projection: { ProjectionType: "ALL" },
      })),
    });
    return (TableDescription as Block).TableArn;
  };
  const makeQueue = async ({ name }: Block) => {
    url[String(name)] = String((await administrator("sqs", "create_queue", { QueueName: name })).QueueUrl);
    return arn("sqs", String(name));
  };
  const makeSecret = async ({ name }: Block) =>
    (await administrator("secretsmanager", "create_secret", { Name: name, SecretString: "{}" })).ARN;
  const makeBucket = async ({ bucket }: Block) => {
    await administrator("s3", "create_bucket", { Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: region } });
    await administrator("s3", "put_object", { Bucket: bucket, Key: "there", Body: "1" });
    return `arn:aws:s3:::${String(bucket)}`;
  };
  const makeLogGroup = async ({ name }: Block) => {
    await administrator("logs", "create_log_group", { logGroupName: name });
    await administrator("logs", "create_log_stream", { logGroupName: name, logStreamName: "there" });
    return arn("logs", `log-group:${String(name)}`);
  };
  const makeParameter = async ({ name }: Block) => {
    await administrator("ssm", "put_parameter", { Name: name, Value: "{}", Type: "String" });
    return arn("ssm", `parameter${String(name)}`);
  };
  await each("aws_dynamodb_table", makeTable);
  await each("aws_sqs_queue", makeQueue);
  await each("aws_secretsmanager_secret", makeSecret);
  await each("aws_s3_bucket", makeBucket);
  await each("aws_cloudwatch_log_group", makeLogGroup);
  await each("aws_ssm_parameter", makeParameter);
  // Its ARN only: the emulator takes the name of a document for a parameter's.
  await each("aws_ssm_document", ({ name }) => Promise.resolve(arn("ssm", `document/${String(name)}`)));
  await each("aws_sns_topic", async ({ name }) => (await administrator("sns", "create_topic", { Name: name })).TopicArn);

  await makeTable({ ...resource("data", "aws_dynamodb_table", "order-state")[1], name: another.table });
  await makeQueue({ name: another.queue });
  await makeSecret({ name: another.secret });
  await makeLogGroup({ name: another.logGroup });
  await makeParameter({ name: another.parameter });
  for (const name of [table, another.table]) await administrator("dynamodb", "put_item", { TableName: name, Item: item });
  const keyId = ((await administrator("kms", "create_key", {})).KeyMetadata as { KeyId: string }).KeyId;
  const instanceId = (
    (await administrator("ec2", "run_instances", { ImageId: "ami-12345678", MinCount: 1, MaxCount: 1 })).Instances as {
      InstanceId: string;
    }[]
  )[0]!.InstanceId;
  return { arns, keyId, instanceId };
}

/** A policy whose tokens are what the emulator gave. */
export function resolved(stack: string, policy: string, arns: ReadonlyMap<string, string>): string {
  return replaceReferences(policy, stacks as StacksByName, stack, ({ stack: maker, type, id, attribute }) => {
    const found = attribute === "arn" ? arns.get(`${maker}/${type}.${id}`) : undefined;
    if (!found) throw new Error(`nothing was made for ${maker}/${type}.${id}.${attribute}`);
    return found;
  });
}

export const grants = () =>
  JSON.stringify({ Version: "2012-10-17", Statement: statementsOf(stacks as StacksByName, `${environment}-trading`, roleId) });
