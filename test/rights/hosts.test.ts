/**
 * What the Windows host may and may not do, proven: its role with the policy as synthesised for dev, on an emulator that enforces IAM.
 *
 * Identity policies only. Policies of buckets, queues and topics refuse calls without TLS, which the emulator does not speak here; they stand in
 * test/stacks/environments.test.ts.
 */
import { replaceReferences, statementsOf, type RightsStacks } from "../../commands/pages/rights-table";
import { loadEnvironment } from "../fixtures/environments";
import { synthEnvironments, type Block } from "../helpers/synth";
import { IamEmulator, Refused, type Call, type Credentials } from "./emulator";

const dev = loadEnvironment("dev");
const { account, region, name: environment } = dev;
const stacks = synthEnvironments({ environments: [dev], target: { kind: "aws" } });

const ofSystemsManager = (kind: string) => `arn:aws:ssm:${region}:${account}:${kind}`;
const document = (name: string) => `arn:aws:ssm:${region}::document/${name}`;
const instance = `arn:aws:ec2:${region}:${account}:instance/i-0123456789abcdef0`;

/**
 * Actions that no call can show, and what each is granted on. Their grants are given to the emulator's evaluation as they stand
 * (SimulateCustomPolicy), with ARNs as AWS writes them. What else ministack does not know of a request, emulator.py teaches it.
 */
const NOT_ENFORCED_BY_THIS_EMULATOR: Readonly<Record<string, readonly (readonly [action: string, resources: readonly string[]])[]>> = {
  "neither ministack nor boto3 knows the channels of Systems Manager's agent": [
    "ec2messages:AcknowledgeMessage", "ec2messages:DeleteMessage", "ec2messages:FailMessage", "ec2messages:GetEndpoint", "ec2messages:GetMessages", "ec2messages:SendReply",
    "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
  ].map((action) => [action, ["*"]]),
  "ministack has neither AWS's documents nor associations, and takes the name of a document for a parameter's": [
    ["ssm:DescribeAssociation", [instance, document("AWS-RunPowerShellScript")]],
    ["ssm:DescribeDocument", [document("AWS-RunPowerShellScript")]],
    ["ssm:GetDocument", [document("AWS-RunPowerShellScript")]],
    ["ssm:ListAssociations", ["*"]],
    ["ssm:ListInstanceAssociations", [instance]],
    ["ssm:PutComplianceItems", [instance]],
    ["ssm:UpdateAssociationStatus", [instance, document("AWS-RunPowerShellScript"), ofSystemsManager("association/1")]],
    ["ssm:UpdateInstanceAssociationStatus", [instance, ofSystemsManager("association/1")]],
    ["ssm:UpdateInstanceInformation", ["*"]],
  ],
};

/** What no simulation may allow of them, and of their neighbours. */
const NOT_ALLOWED: readonly (readonly [action: string, resource: string])[] = [
  ["ssm:GetDocument", document("AWS-RunShellScript")],
  ["ssm:GetDocument", ofSystemsManager("document/own")],
  ["ssm:PutComplianceItems", instance.replace(account, "999999999999")],
  ["ssm:UpdateAssociationStatus", document("AWS-RunShellScript")],
  ["ssm:CreateAssociation", document("AWS-RunPowerShellScript")],
  ["ssm:UpdateAssociation", ofSystemsManager("association/1")],
  ["ssm:SendCommand", instance],
  ["ssm:StartSession", instance],
  ["ssm:GetParameters", "*"],
  ["ssm:DescribeParameters", "*"],
];

/** The only resource of a type whose construct path within its stack begins so. */
function resource(stack: string, type: string, path: string): readonly [id: string, block: Block] {
  const found = Object.entries(stacks[`${environment}-${stack}`]!.resource?.[type] ?? {}).filter(([id]) => id.startsWith(path));
  if (found.length !== 1) throw new Error(`${stack}: ${found.length} of ${type} ${path}`);
  return found[0]!;
}
const named = (stack: string, type: string, path: string, attribute = "name") => String(resource(stack, type, path)[1][attribute]);

const table = named("data", "aws_dynamodb_table", "order-state");
const [queue, deadLetters] = ["orders_queue", "orders_dead-letter"].map((path) => named("events", "aws_sqs_queue", path)) as [string, string];
const [events, alerts] = ["system-events", "system-alerts"].map((path) => named("events", "aws_sns_topic", path)) as [string, string];
const [mt5, logon] = ["mt5", "windows-logon"].map((path) => named("data", "aws_secretsmanager_secret", path)) as [string, string];
const slack = named("events", "aws_secretsmanager_secret", "slack-webhook");
const buckets = ["raw-market-data", "processed-market-data", "backtest-results"].map((path) => named("data", "aws_s3_bucket", path, "bucket"));
const [software, accessLogs] = ["software", "access-logs"].map((path) => named("data", "aws_s3_bucket", path, "bucket")) as [string, string];
const logGroups = ["application-log", "system-log"].map((path) => named("trading", "aws_cloudwatch_log_group", path));
const parameter = named("trading", "aws_ssm_parameter", "windows-bundle");
const states = dev.stateBucket;
const [roleId, role] = resource("trading", "aws_iam_role", "windows_role");
const scheduleRole = named("trading", "aws_iam_role", "schedule_role");

/** What is not the host's, its name as like the host's as it can be: a pattern in a grant would reach it. */
const another = { table: `${table}-2`, queue: `${queue}-2`, secret: `${mt5}-2`, logGroup: `${logGroups[0]}-2`, parameter: `${parameter}-2` };

const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${environment}/${name}`;
const url: Record<string, string> = {};
const item = { pk: { S: "ORDER#1" }, sk: { S: "ORDER#1" } };
let keyId = "";
let instanceId = "";
let emulator: IamEmulator;
let administrator: Call;
let policy = "";
/** The host as it will be, under its boundary; and without, so that a refusal is for want of a grant and for nothing else. */
let host: Call;
let hostWithoutBoundary: Call;

/** Makes what dev has, with its real names, and what only others may touch. Returns the ARNs, by address. */
async function makeWorld(): Promise<Map<string, string>> {
  const arns = new Map<string, string>();
  const each = async (type: string, make: (block: Block) => Promise<unknown>) => {
    for (const [stack, { resource: types }] of Object.entries(stacks)) {
      for (const [id, block] of Object.entries(types?.[type] ?? {})) arns.set(`${stack}/${type}.${id}`, String(await make(block)));
    }
  };
  const makeTable = async ({ name, hash_key, range_key, attribute, global_secondary_index: indexes }: Block) => {
    const keys = (hash: unknown, range: unknown) => [{ AttributeName: hash, KeyType: "HASH" }, { AttributeName: range, KeyType: "RANGE" }];
    const { TableDescription } = await administrator("dynamodb", "create_table", {
      TableName: name, BillingMode: "PAY_PER_REQUEST", KeySchema: keys(hash_key, range_key),
      AttributeDefinitions: (attribute as Block[]).map((each) => ({ AttributeName: each.name, AttributeType: each.type })),
      GlobalSecondaryIndexes: (indexes as Block[]).map((index) => ({ IndexName: index.name, KeySchema: keys(index.hash_key, index.range_key), Projection: { ProjectionType: "ALL" } })),
    });
    return (TableDescription as Block).TableArn;
  };
  const makeQueue = async ({ name }: Block) => {
    url[String(name)] = String((await administrator("sqs", "create_queue", { QueueName: name })).QueueUrl);
    return arn("sqs", String(name));
  };
  const makeSecret = async ({ name }: Block) => (await administrator("secretsmanager", "create_secret", { Name: name, SecretString: "{}" })).ARN;
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
  await each("aws_sns_topic", async ({ name }) => (await administrator("sns", "create_topic", { Name: name })).TopicArn);

  await makeTable({ ...resource("data", "aws_dynamodb_table", "order-state")[1], name: another.table });
  await makeQueue({ name: another.queue });
  await makeSecret({ name: another.secret });
  await makeLogGroup({ name: another.logGroup });
  await makeParameter({ name: another.parameter });
  for (const name of [table, another.table]) await administrator("dynamodb", "put_item", { TableName: name, Item: item });
  keyId = ((await administrator("kms", "create_key", {})).KeyMetadata as { KeyId: string }).KeyId;
  instanceId = ((await administrator("ec2", "run_instances", { ImageId: "ami-12345678", MinCount: 1, MaxCount: 1 })).Instances as { InstanceId: string }[])[0]!.InstanceId;
  return arns;
}

/** A policy whose tokens are what the emulator gave. */
function resolved(stack: string, policy: string, arns: ReadonlyMap<string, string>): string {
  return replaceReferences(policy, stacks as RightsStacks, stack, ({ stack: maker, type, id, attribute }) => {
    const found = attribute === "arn" ? arns.get(`${maker}/${type}.${id}`) : undefined;
    if (!found) throw new Error(`nothing was made for ${maker}/${type}.${id}.${attribute}`);
    return found;
  });
}

const grants = () => JSON.stringify({ Version: "2012-10-17", Statement: statementsOf(stacks as RightsStacks, `${environment}-trading`, roleId) });

beforeAll(async () => {
  emulator = await IamEmulator.start({ account, region });
  administrator = emulator.as();
  const arns = await makeWorld();
  policy = resolved(`${environment}-trading`, grants(), arns);
  const [, boundary] = resource("bootstrap", "aws_iam_policy", `boundary-${environment}`);
  await administrator("iam", "create_policy", { PolicyName: boundary.name, PolicyDocument: resolved(`${environment}-bootstrap`, String(boundary.policy), arns) });
  const assume = async (name: string, settings: object): Promise<Call> => {
    const made = await administrator("iam", "create_role", { RoleName: name, Path: role.path, AssumeRolePolicyDocument: role.assume_role_policy, ...settings });
    await administrator("iam", "put_role_policy", { RoleName: name, PolicyName: "grants", PolicyDocument: policy });
    const { Credentials: credentials } = await administrator("sts", "assume_role", { RoleArn: (made.Role as { Arn: string }).Arn, RoleSessionName: "host" });
    return emulator.as(credentials as Credentials);
  };
  host = await assume(String(role.name), { PermissionsBoundary: role.permissions_boundary });
  hostWithoutBoundary = await assume(`${String(role.name)}-unbounded`, {});
  await assume(scheduleRole, {});
}, 300_000);

afterAll(() => emulator?.stop());

const CAN: Readonly<Record<string, (call: Call) => Promise<unknown>>> = {
  "reads an order": (call) => call("dynamodb", "get_item", { TableName: table, Key: item }),
  "writes an order": (call) => call("dynamodb", "put_item", { TableName: table, Item: { ...item, gs1pk: { S: "OPEN" }, gs1sk: { S: "1" } } }),
  "changes an order": (call) => call("dynamodb", "update_item", { TableName: table, Key: item, UpdateExpression: "SET side = :s", ExpressionAttributeValues: { ":s": { S: "BUY" } } }),
  "finds orders by their key": (call) => call("dynamodb", "query", { TableName: table, KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": item.pk } }),
  "finds orders by an index": (call) => call("dynamodb", "query", { TableName: table, IndexName: "GSI1", KeyConditionExpression: "gs1pk = :p", ExpressionAttributeValues: { ":p": { S: "OPEN" } } }),
  "sends an order, receives and deletes it": async (call) => {
    await call("sqs", "get_queue_url", { QueueName: queue });
    await call("sqs", "send_message", { QueueUrl: url[queue], MessageBody: "{}" });
    const { Messages: messages } = await call("sqs", "receive_message", { QueueUrl: url[queue] });
    await call("sqs", "delete_message", { QueueUrl: url[queue], ReceiptHandle: (messages as { ReceiptHandle: string }[])[0]!.ReceiptHandle });
    await call("sqs", "get_queue_attributes", { QueueUrl: url[queue], AttributeNames: ["ApproximateNumberOfMessages"] });
  },
  "receives a dead letter": async (call) => {
    await administrator("sqs", "send_message", { QueueUrl: url[deadLetters], MessageBody: "{}" });
    const { Messages: messages } = await call("sqs", "receive_message", { QueueUrl: url[deadLetters] });
    await call("sqs", "delete_message", { QueueUrl: url[deadLetters], ReceiptHandle: (messages as { ReceiptHandle: string }[])[0]!.ReceiptHandle });
  },
  "sets an order aside that can never be placed": (call) => call("sqs", "send_message", { QueueUrl: url[deadLetters], MessageBody: "{}" }),
  "reads its account at the broker": (call) => call("secretsmanager", "get_secret_value", { SecretId: mt5 }),
  "reads its logon": (call) => call("secretsmanager", "get_secret_value", { SecretId: logon }),
  "puts a metric": (call) => call("cloudwatch", "put_metric_data", { Namespace: dev.metricNamespace, MetricData: [{ MetricName: "Heartbeat", Value: 1 }] }),
  "writes to its log groups": async (call) => {
    for (const logGroupName of logGroups) {
      await call("logs", "create_log_stream", { logGroupName, logStreamName: "own" });
      await call("logs", "describe_log_streams", { logGroupName });
      await call("logs", "put_log_events", { logGroupName, logStreamName: "own", logEvents: [{ timestamp: Date.now(), message: "1" }] });
    }
  },
  "makes a log group of its own again that is gone": async (call) => {
    await administrator("logs", "delete_log_group", { logGroupName: logGroups[1] });
    await call("logs", "create_log_group", { logGroupName: logGroups[1] });
  },
  "writes to the trading buckets and reads them": async (call) => {
    for (const Bucket of buckets) {
      await call("s3", "put_object", { Bucket, Key: "a", Body: "1" });
      await call("s3", "get_object", { Bucket, Key: "a" });
      await call("s3", "list_objects_v2", { Bucket });
    }
  },
  "fetches its software": async (call) => {
    await call("s3", "list_objects_v2", { Bucket: software });
    await call("s3", "get_object", { Bucket: software, Key: "there" });
  },
  "reads what it is to be": (call) => call("ssm", "get_parameter", { Name: parameter }),
  "publishes an event": (call) => call("sns", "publish", { TopicArn: arn("sns", events), Message: "1" }),
};

/** Each is called by the host, and then by the administrator; what destroys something comes last. */
const CANNOT: Readonly<Record<string, (call: Call) => Promise<unknown>>> = {
  "read Slack's secret": (call) => call("secretsmanager", "get_secret_value", { SecretId: slack }),
  "read another secret": (call) => call("secretsmanager", "get_secret_value", { SecretId: another.secret }),
  "put a value into its own secret": (call) => call("secretsmanager", "put_secret_value", { SecretId: mt5, SecretString: "{}" }),
  "describe its own secret": (call) => call("secretsmanager", "describe_secret", { SecretId: mt5 }),
  "scan the table": (call) => call("dynamodb", "scan", { TableName: table }),
  "scan an index": (call) => call("dynamodb", "scan", { TableName: table, IndexName: "GSI1" }),
  "describe the table": (call) => call("dynamodb", "describe_table", { TableName: table }),
  "delete an order": (call) => call("dynamodb", "delete_item", { TableName: table, Key: item }),
  "delete an order in a transaction": (call) => call("dynamodb", "transact_write_items", { TransactItems: [{ Delete: { TableName: table, Key: item } }] }),
  "write orders in a batch, which can delete": (call) => call("dynamodb", "batch_write_item", { RequestItems: { [table]: [{ DeleteRequest: { Key: item } }] } }),
  "read another table": (call) => call("dynamodb", "get_item", { TableName: another.table, Key: item }),
  "write to another table": (call) => call("dynamodb", "put_item", { TableName: another.table, Item: item }),
  "send to another queue": (call) => call("sqs", "send_message", { QueueUrl: url[another.queue], MessageBody: "{}" }),
  "receive from another queue": (call) => call("sqs", "receive_message", { QueueUrl: url[another.queue] }),
  "change its queue": (call) => call("sqs", "set_queue_attributes", { QueueUrl: url[queue], Attributes: { VisibilityTimeout: "1" } }),
  "purge its queue": (call) => call("sqs", "purge_queue", { QueueUrl: url[queue] }),
  "delete an object": (call) => call("s3", "delete_object", { Bucket: buckets[0], Key: "nothing" }),
  "delete objects in a batch": (call) => call("s3", "delete_objects", { Bucket: buckets[0], Delete: { Objects: [{ Key: "nothing" }] } }),
  "change the settings of a bucket": (call) => call("s3", "put_bucket_versioning", { Bucket: buckets[0], VersioningConfiguration: { Status: "Enabled" } }),
  "list the states": (call) => call("s3", "list_objects_v2", { Bucket: states }),
  "read a state": (call) => call("s3", "get_object", { Bucket: states, Key: "there" }),
  "write a state": (call) => call("s3", "put_object", { Bucket: states, Key: "there", Body: "2" }),
  "write software": (call) => call("s3", "put_object", { Bucket: software, Key: "there", Body: "2" }),
  "read the access logs": (call) => call("s3", "get_object", { Bucket: accessLogs, Key: "there" }),
  "write to another log group": (call) => call("logs", "put_log_events", { logGroupName: another.logGroup, logStreamName: "there", logEvents: [{ timestamp: Date.now(), message: "1" }] }),
  "make a stream in another log group": (call) => call("logs", "create_log_stream", { logGroupName: another.logGroup, logStreamName: "own" }),
  "read its log": (call) => call("logs", "get_log_events", { logGroupName: logGroups[0], logStreamName: "there" }),
  "put a metric into another namespace": (call) => call("cloudwatch", "put_metric_data", { Namespace: `${dev.metricNamespace}/2`, MetricData: [{ MetricName: "Heartbeat", Value: 1 }] }),
  "publish an alert": (call) => call("sns", "publish", { TopicArn: arn("sns", alerts), Message: "1" }),
  "subscribe to the events": (call) => call("sns", "subscribe", { TopicArn: arn("sns", events), Protocol: "sqs", Endpoint: arn("sqs", queue) }),
  "read another parameter": (call) => call("ssm", "get_parameter", { Name: another.parameter }),
  "change what it is to be": (call) => call("ssm", "put_parameter", { Name: parameter, Value: "{}", Type: "String", Overwrite: true }),
  "make a user": (call) => call("iam", "create_user", { UserName: "somebody" }),
  "make a role": (call) => call("iam", "create_role", { RoleName: "somebody", AssumeRolePolicyDocument: role.assume_role_policy }),
  "give itself rights": (call) => call("iam", "put_role_policy", { RoleName: scheduleRole, PolicyName: "more", PolicyDocument: grants().replace(/\$\{[^}]*\}/g, "*") }),
  "attach a policy": (call) => call("iam", "attach_role_policy", { RoleName: scheduleRole, PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
  "take another role": (call) => call("sts", "assume_role", { RoleArn: roleArn(scheduleRole), RoleSessionName: "host" }),
  "use a key that nobody gave it": (call) => call("kms", "generate_data_key", { KeyId: keyId, KeySpec: "AES_256" }),
  "start a machine": (call) => call("ec2", "run_instances", { ImageId: "ami-12345678", MinCount: 1, MaxCount: 1 }),
  "terminate a machine": (call) => call("ec2", "terminate_instances", { InstanceIds: [instanceId] }),
  "delete its queue": (call) => call("sqs", "delete_queue", { QueueUrl: url[queue] }),
  "delete its table": (call) => call("dynamodb", "delete_table", { TableName: table }),
};

/** How services say that a policy refused: their own code, and always the same sentence. */
const DENIED: Readonly<Record<string, string>> = { ec2: "UnauthorizedOperation", iam: "AccessDenied", s3: "AccessDenied", sns: "AuthorizationError", sqs: "AccessDenied", sts: "AccessDenied" };
const refusal = (call: Promise<unknown>) => call.then(() => undefined, (error: unknown) => error);

describe("the Windows host of dev, on an emulator that enforces IAM", () => {
  const used = new Set<string>();
  const ACTIONS: Readonly<Record<string, string>> = { "s3:ListObjectsV2": "s3:ListBucket" };
  const recorded: Call = (service, operation, parameters) => {
    const action = `${service}:${operation.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}`;
    used.add(ACTIONS[action] ?? action);
    return host(service, operation, parameters);
  };

  it.each(Object.entries(CAN))("%s", async (_, act) => {
    await act(recorded);
  });

  it("has no right that no call has shown, but those that the emulator cannot", () => {
    const granted = (JSON.parse(grants()) as { Statement: { Action: string | string[] }[] }).Statement.flatMap(({ Action }) => Action);
    expect([...new Set(granted)].filter((action) => !used.has(action)).sort()).toEqual(Object.values(NOT_ENFORCED_BY_THIS_EMULATOR).flat().map(([action]) => action).sort());
  });

  const simulated = async (action: string, resources: readonly string[]) => {
    const decisions = await Promise.all(resources.map((each) => administrator("iam", "simulate_custom_policy", { PolicyInputList: [policy], ActionNames: [action], ResourceArns: [each] })));
    return decisions.map(({ EvaluationResults: results }) => (results as { EvalDecision: string }[])[0]!.EvalDecision);
  };

  it.each(Object.entries(NOT_ENFORCED_BY_THIS_EMULATOR))("is allowed, by simulation, what it is granted, because %s", async (_, actions) => {
    for (const [action, resources] of actions) expect([action, ...await simulated(action, resources)]).toEqual([action, ...resources.map(() => "allowed")]);
  });

  it.each(NOT_ALLOWED)("is not allowed %s on %s, by simulation", async (action, each) => {
    expect(await simulated(action, [each])).toEqual(["implicitDeny"]);
  });

  it.each(Object.entries(CANNOT))("may not %s", async (_, act) => {
    const error = await refusal(act(hostWithoutBoundary));
    expect(error).toBeInstanceOf(Refused);
    const { call, code, detail } = error as Refused;
    expect(code).toBe(DENIED[call.split(".")[0]!] ?? "AccessDeniedException");
    expect(detail).toMatch(/^User: \S+ is not authorized to perform: \S+ .*no identity-based policy allows/);
    // So that it was refused for nothing but the want of a right.
    await act(administrator);
  });
});
