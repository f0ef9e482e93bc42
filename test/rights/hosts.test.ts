/**
 * What the Windows host may and may not do, proven: its role with the policy as synthesised for dev, on an emulator that enforces IAM.
 *
 * Identity policies only. Policies of buckets, queues and topics refuse calls without TLS, which the emulator does not speak here; they stand in
 * test/stacks/environments.test.ts.
 */
import { IamEmulator, Refused, type Call, type Credentials } from "./emulator";
import {
  account,
  accessLogs,
  alerts,
  another,
  arn,
  buckets,
  deadLetters,
  dev,
  environment,
  events,
  grants,
  item,
  logGroups,
  logon,
  makeWorld,
  mt5,
  named,
  parameter,
  queue,
  region,
  resolved,
  resource,
  role,
  roleArn,
  scheduleRole,
  slack,
  software,
  states,
  table,
  url,
} from "./windows-host";

const ofSystemsManager = (kind: string) => `arn:aws:ssm:${region}:${account}:${kind}`;
const document = named("trading", "aws_ssm_document", "windows_");
const instance = `arn:aws:ec2:${region}:${account}:instance/i-0123456789abcdef0`;

/**
 * Actions that no call can show, and what each is granted on. Their grants are given to the emulator's evaluation as they stand
 * (SimulateCustomPolicy), with ARNs as AWS writes them. What else ministack does not know of a request, emulator.py teaches it.
 */
const NOT_ENFORCED_BY_THIS_EMULATOR: Readonly<Record<string, readonly (readonly [action: string, resources: readonly string[]])[]>> = {
  "neither ministack nor boto3 knows the channels of Systems Manager's agent": [
    "ec2messages:AcknowledgeMessage",
    "ec2messages:DeleteMessage",
    "ec2messages:FailMessage",
    "ec2messages:GetEndpoint",
    "ec2messages:GetMessages",
    "ec2messages:SendReply",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
  ].map((action) => [action, ["*"]]),
  "ministack has no associations, and takes the name of a document for a parameter's": [
    ["ssm:DescribeAssociation", [instance, ofSystemsManager(`document/${document}`)]],
    ["ssm:DescribeDocument", [ofSystemsManager(`document/${document}`)]],
    ["ssm:GetDocument", [ofSystemsManager(`document/${document}`)]],
    ["ssm:ListAssociations", ["*"]],
    ["ssm:ListInstanceAssociations", [instance]],
    ["ssm:PutComplianceItems", [instance]],
    ["ssm:UpdateAssociationStatus", [instance, ofSystemsManager(`document/${document}`), ofSystemsManager("association/1")]],
    ["ssm:UpdateInstanceAssociationStatus", [instance, ofSystemsManager("association/1")]],
    ["ssm:UpdateInstanceInformation", ["*"]],
  ],
  "ministack has neither inventory nor snapshots of patches": [
    ["ssm:GetDeployablePatchSnapshotForInstance", ["*"]],
    ["ssm:PutInventory", ["*"]],
  ],
};

/** What no simulation may allow of them, and of their neighbours. */
const NOT_ALLOWED: readonly (readonly [action: string, resource: string])[] = [
  ["ssm:GetDocument", `arn:aws:ssm:${region}::document/AWS-RunPowerShellScript`],
  ["ssm:GetDocument", ofSystemsManager("document/tss-dev2.windows")],
  ["ssm:PutComplianceItems", instance.replace(account, "999999999999")],
  ["ssm:UpdateAssociationStatus", `arn:aws:ssm:${region}::document/AWS-RunPowerShellScript`],
  ["ssm:CreateAssociation", ofSystemsManager(`document/${document}`)],
  ["ssm:UpdateDocument", ofSystemsManager(`document/${document}`)],
  ["ssm:UpdateAssociation", ofSystemsManager("association/1")],
  ["ssm:SendCommand", instance],
  ["ssm:StartSession", instance],
  ["ssm:GetParameters", "*"],
  ["ssm:DescribeParameters", "*"],
];

let keyId = "";
let instanceId = "";
let emulator: IamEmulator;
let administrator: Call;
let policy = "";
/** The host as it will be, under its boundary; and without, so that a refusal is for want of a grant and for nothing else. */
let host: Call;
let hostWithoutBoundary: Call;

beforeAll(async () => {
  emulator = await IamEmulator.start({ account, region });
  administrator = emulator.as();
  const world = await makeWorld(administrator);
  const { arns } = world;
  ({ keyId, instanceId } = world);
  policy = resolved(`${environment}-trading`, grants(), arns);
  const [, boundary] = resource("bootstrap", "aws_iam_policy", `boundary-${environment}`);
  await administrator("iam", "create_policy", {
    PolicyName: boundary.name,
    PolicyDocument: resolved(`${environment}-bootstrap`, String(boundary.policy), arns),
  });
  const assume = async (name: string, settings: object): Promise<Call> => {
    const made = await administrator("iam", "create_role", {
      RoleName: name,
      Path: role.path,
      AssumeRolePolicyDocument: role.assume_role_policy,
      ...settings,
    });
    await administrator("iam", "put_role_policy", { RoleName: name, PolicyName: "grants", PolicyDocument: policy });
    const { Credentials: credentials } = await administrator("sts", "assume_role", {
      RoleArn: (made.Role as { Arn: string }).Arn,
      RoleSessionName: "host",
    });
    return emulator.as(credentials as Credentials);
  };
  host = await assume(String(role.name), { PermissionsBoundary: role.permissions_boundary });
  hostWithoutBoundary = await assume(`${String(role.name)}-unbounded`, {});
  await assume(scheduleRole, {});
}, 300_000);

afterAll(() => emulator?.stop());

const CAN: Readonly<Record<string, (call: Call) => Promise<unknown>>> = {
  "reads an order": (call) => call("dynamodb", "get_item", { TableName: table, Key: item }),
  "writes an order": (call) =>
    call("dynamodb", "put_item", { TableName: table, Item: { ...item, gs1pk: { S: "OPEN" }, gs1sk: { S: "1" } } }),
  "changes an order": (call) =>
    call("dynamodb", "update_item", {
      TableName: table,
      Key: item,
      UpdateExpression: "SET side = :s",
      ExpressionAttributeValues: { ":s": { S: "BUY" } },
    }),
  "finds orders by their key": (call) =>
    call("dynamodb", "query", { TableName: table, KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": item.pk } }),
  "finds orders by an index": (call) =>
    call("dynamodb", "query", {
      TableName: table,
      IndexName: "GSI1",
      KeyConditionExpression: "gs1pk = :p",
      ExpressionAttributeValues: { ":p": { S: "OPEN" } },
    }),
  "sends an order, receives and deletes it": async (call) => {
    await call("sqs", "get_queue_url", { QueueName: queue });
    await call("sqs", "send_message", { QueueUrl: url[queue], MessageBody: "{}" });
    const { Messages: messages } = await call("sqs", "receive_message", { QueueUrl: url[queue] });
    await call("sqs", "delete_message", {
      QueueUrl: url[queue],
      ReceiptHandle: (messages as { ReceiptHandle: string }[])[0]!.ReceiptHandle,
    });
    await call("sqs", "get_queue_attributes", { QueueUrl: url[queue], AttributeNames: ["ApproximateNumberOfMessages"] });
  },
  "receives a dead letter": async (call) => {
    await administrator("sqs", "send_message", { QueueUrl: url[deadLetters], MessageBody: "{}" });
    const { Messages: messages } = await call("sqs", "receive_message", { QueueUrl: url[deadLetters] });
    await call("sqs", "delete_message", {
      QueueUrl: url[deadLetters],
      ReceiptHandle: (messages as { ReceiptHandle: string }[])[0]!.ReceiptHandle,
    });
  },
  "sets an order aside that can never be placed": (call) => call("sqs", "send_message", { QueueUrl: url[deadLetters], MessageBody: "{}" }),
  "reads its account at the broker": (call) => call("secretsmanager", "get_secret_value", { SecretId: mt5 }),
  "reads its logon": (call) => call("secretsmanager", "get_secret_value", { SecretId: logon }),
  "puts a metric": (call) =>
    call("cloudwatch", "put_metric_data", { Namespace: dev.metricNamespace, MetricData: [{ MetricName: "Heartbeat", Value: 1 }] }),
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
  "delete an order in a transaction": (call) =>
    call("dynamodb", "transact_write_items", { TransactItems: [{ Delete: { TableName: table, Key: item } }] }),
  "write orders in a batch, which can delete": (call) =>
    call("dynamodb", "batch_write_item", { RequestItems: { [table]: [{ DeleteRequest: { Key: item } }] } }),
  "read another table": (call) => call("dynamodb", "get_item", { TableName: another.table, Key: item }),
  "write to another table": (call) => call("dynamodb", "put_item", { TableName: another.table, Item: item }),
  "send to another queue": (call) => call("sqs", "send_message", { QueueUrl: url[another.queue], MessageBody: "{}" }),
  "receive from another queue": (call) => call("sqs", "receive_message", { QueueUrl: url[another.queue] }),
  "change its queue": (call) => call("sqs", "set_queue_attributes", { QueueUrl: url[queue], Attributes: { VisibilityTimeout: "1" } }),
  "purge its queue": (call) => call("sqs", "purge_queue", { QueueUrl: url[queue] }),
  "delete an object": (call) => call("s3", "delete_object", { Bucket: buckets[0], Key: "nothing" }),
  "delete objects in a batch": (call) => call("s3", "delete_objects", { Bucket: buckets[0], Delete: { Objects: [{ Key: "nothing" }] } }),
  "change the settings of a bucket": (call) =>
    call("s3", "put_bucket_versioning", { Bucket: buckets[0], VersioningConfiguration: { Status: "Enabled" } }),
  "list the states": (call) => call("s3", "list_objects_v2", { Bucket: states }),
  "read a state": (call) => call("s3", "get_object", { Bucket: states, Key: "there" }),
  "write a state": (call) => call("s3", "put_object", { Bucket: states, Key: "there", Body: "2" }),
  "write software": (call) => call("s3", "put_object", { Bucket: software, Key: "there", Body: "2" }),
  "read the access logs": (call) => call("s3", "get_object", { Bucket: accessLogs, Key: "there" }),
  "write to another log group": (call) =>
    call("logs", "put_log_events", {
      logGroupName: another.logGroup,
      logStreamName: "there",
      logEvents: [{ timestamp: Date.now(), message: "1" }],
    }),
  "make a stream in another log group": (call) =>
    call("logs", "create_log_stream", { logGroupName: another.logGroup, logStreamName: "own" }),
  "read its log": (call) => call("logs", "get_log_events", { logGroupName: logGroups[0], logStreamName: "there" }),
  "put a metric into another namespace": (call) =>
    call("cloudwatch", "put_metric_data", { Namespace: `${dev.metricNamespace}/2`, MetricData: [{ MetricName: "Heartbeat", Value: 1 }] }),
  "publish an alert": (call) => call("sns", "publish", { TopicArn: arn("sns", alerts), Message: "1" }),
  "subscribe to the events": (call) =>
    call("sns", "subscribe", { TopicArn: arn("sns", events), Protocol: "sqs", Endpoint: arn("sqs", queue) }),
  "read another parameter": (call) => call("ssm", "get_parameter", { Name: another.parameter }),
  "change what it is to be": (call) => call("ssm", "put_parameter", { Name: parameter, Value: "{}", Type: "String", Overwrite: true }),
  "make a user": (call) => call("iam", "create_user", { UserName: "somebody" }),
  "make a role": (call) => call("iam", "create_role", { RoleName: "somebody", AssumeRolePolicyDocument: role.assume_role_policy }),
  "give itself rights": (call) =>
    call("iam", "put_role_policy", { RoleName: scheduleRole, PolicyName: "more", PolicyDocument: grants().replace(/\$\{[^}]*\}/g, "*") }),
  "attach a policy": (call) =>
    call("iam", "attach_role_policy", { RoleName: scheduleRole, PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
  "take another role": (call) => call("sts", "assume_role", { RoleArn: roleArn(scheduleRole), RoleSessionName: "host" }),
  "use a key that nobody gave it": (call) => call("kms", "generate_data_key", { KeyId: keyId, KeySpec: "AES_256" }),
  "start a machine": (call) => call("ec2", "run_instances", { ImageId: "ami-12345678", MinCount: 1, MaxCount: 1 }),
  "terminate a machine": (call) => call("ec2", "terminate_instances", { InstanceIds: [instanceId] }),
  "delete its queue": (call) => call("sqs", "delete_queue", { QueueUrl: url[queue] }),
  "delete its table": (call) => call("dynamodb", "delete_table", { TableName: table }),
};

/** How services say that a policy refused: their own code, and always the same sentence. */
const DENIED: Readonly<Record<string, string>> = {
  ec2: "UnauthorizedOperation",
  iam: "AccessDenied",
  s3: "AccessDenied",
  sns: "AuthorizationError",
  sqs: "AccessDenied",
  sts: "AccessDenied",
};
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

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
    expect([...new Set(granted)].filter((action) => !used.has(action)).sort()).toEqual(
      Object.values(NOT_ENFORCED_BY_THIS_EMULATOR)
        .flat()
        .map(([action]) => action)
        .sort(),
    );
  });

  const simulated = async (action: string, resources: readonly string[]) => {
    const decisions = await Promise.all(
      resources.map((each) =>
        administrator("iam", "simulate_custom_policy", { PolicyInputList: [policy], ActionNames: [action], ResourceArns: [each] }),
      ),
    );
    return decisions.map(({ EvaluationResults: results }) => (results as { EvalDecision: string }[])[0]!.EvalDecision);
  };

  it.each(Object.entries(NOT_ENFORCED_BY_THIS_EMULATOR))(
    "is allowed, by simulation, what it is granted, because %s",
    async (_, actions) => {
      for (const [action, resources] of actions)
        expect([action, ...(await simulated(action, resources))]).toEqual([action, ...resources.map(() => "allowed")]);
    },
  );

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
