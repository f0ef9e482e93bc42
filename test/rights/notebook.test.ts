/**
 * What the notebook may and may not do, proven: its role with the policy as synthesised for prod, tried on production's data on an emulator that
 * enforces IAM. That emulator has no SageMaker and no CodeCommit: their actions are asked of its evaluation.
 */
import { statementsOf } from "../../commands/pages/rights-table";
import { replaceReferences, type StacksByName } from "../../terraform/references";
import { environment } from "../environments/edits";
import { synthEnvironments } from "../helpers/synth";
import { get, publish, put, thingsOf, type Acts } from "./acts";
import { IamEmulator, Refused, type Call, type Credentials } from "./emulator";
import { makeWorld } from "./world";

const prod = environment("prod", {
  "research.codeRepository": "strategies",
  "network.interfaceEndpoints": ["git-codecommit", "logs", "sagemaker.api"],
});
const { account, region } = prod;
const stacks = synthEnvironments({ environments: [prod], target: { kind: "aws" } }) as StacksByName;
const { alerts, backtest, events, name, processed, raw, readOrder, readSecret, writeOrder } = thingsOf(prod, stacks);
const software = name("data", "aws_s3_bucket", "software_", "bucket");
const accessLogs = name("data", "aws_s3_bucket", "access-logs_", "bucket");
const orders = name("events", "aws_sqs_queue", "orders_queue");
const table = name("data", "aws_dynamodb_table", "order-state");
const ownLog = name("research", "aws_cloudwatch_log_group", "log_");
const tradingLog = name("trading", "aws_cloudwatch_log_group", "application-log");

const url = async () => String((await administrator("sqs", "get_queue_url", { QueueName: orders })).QueueUrl);
const onQueue = (operation: string, more: object) => async (call: Call) => call("sqs", operation, { QueueUrl: await url(), ...more });
const item = { pk: { S: "ORDER#1" }, sk: { S: "ORDER#1" } };

const CAN: Acts = {
  "read raw data": get(raw),
  "read cleansed data": get(processed),
  "list what there is": (call) => call("s3", "list_objects_v2", { Bucket: processed }),
  "read a report": get(backtest),
  "write a report": put(backtest),
  "read an order": readOrder,
  "find orders by their key": (call) =>
    call("dynamodb", "query", { TableName: table, KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": item.pk } }),
  "fetch its wheels": get(software),
  "write its log": async (call) => {
    await call("logs", "create_log_stream", { logGroupName: ownLog, logStreamName: "tss-research/programs" });
    await call("logs", "put_log_events", {
      logGroupName: ownLog,
      logStreamName: "tss-research/programs",
      logEvents: [{ timestamp: Date.now(), message: "{}" }],
    });
  },
};

const CANNOT: Acts = {
  "write raw data": put(raw),
  "write cleansed data": put(processed),
  "write software that hosts install": put(software),
  "delete a report": (call) => call("s3", "delete_object", { Bucket: backtest, Key: "nothing" }),
  "read who read what": get(accessLogs),
  "write an order": writeOrder,
  "change an order": (call) =>
    call("dynamodb", "update_item", {
      TableName: table,
      Key: item,
      UpdateExpression: "SET side = :s",
      ExpressionAttributeValues: { ":s": { S: "BUY" } },
    }),
  "delete an order": (call) => call("dynamodb", "delete_item", { TableName: table, Key: { pk: { S: "none" }, sk: { S: "none" } } }),
  "scan the table": (call) => call("dynamodb", "scan", { TableName: table }),
  "send an order": onQueue("send_message", { MessageBody: "{}" }),
  "take an order": onQueue("receive_message", {}),
  "look how many orders wait": onQueue("get_queue_attributes", { AttributeNames: ["All"] }),
  "publish an event": publish(events),
  "publish an alert": publish(alerts),
  "read the account at the broker": readSecret,
  "list secrets": (call) => call("secretsmanager", "list_secrets", {}),
  "write the log of the hosts": (call) =>
    call("logs", "create_log_stream", { logGroupName: tradingLog, logStreamName: `own-${Math.random()}` }),
  "read what a host is to be": (call) => call("ssm", "describe_parameters", {}),
  "list machines": (call) => call("ec2", "describe_instances", {}),
  "list roles": (call) => call("iam", "list_roles", {}),
};

const sagemaker = (kind: string) => `arn:aws:sagemaker:${region}:${account}:${kind}`;
const repository = (called: string) => `arn:aws:codecommit:${region}:${account}:${called}`;
const SIMULATED: readonly (readonly [action: string, resource: string, decision: "allowed" | "implicitDeny"])[] = [
  ["sagemaker:StopNotebookInstance", sagemaker("notebook-instance/tss-research"), "allowed"],
  ["sagemaker:StopNotebookInstance", sagemaker("notebook-instance/tss-research-2"), "implicitDeny"],
  ["sagemaker:StartNotebookInstance", sagemaker("notebook-instance/tss-research"), "implicitDeny"],
  ["sagemaker:UpdateNotebookInstance", sagemaker("notebook-instance/tss-research"), "implicitDeny"],
  ["sagemaker:CreatePresignedNotebookInstanceUrl", sagemaker("notebook-instance/tss-research"), "implicitDeny"],
  ["sagemaker:UpdateNotebookInstanceLifecycleConfig", sagemaker("notebook-instance-lifecycle-config/tss-research"), "implicitDeny"],
  ["sagemaker:CreateTrainingJob", sagemaker("training-job/any"), "implicitDeny"],
  ["codecommit:GitPull", repository("strategies"), "allowed"],
  ["codecommit:GitPull", repository("strategies-2"), "implicitDeny"],
  ["codecommit:GitPush", repository("strategies"), "implicitDeny"],
];

let emulator: IamEmulator;
let administrator: Call;
let notebook: Call;
let policy = "";

beforeAll(async () => {
  emulator = await IamEmulator.start({ account, region });
  administrator = emulator.as();
  const arns = await makeWorld(administrator, prod, stacks);
  const [[id, role] = ["", {}]] = Object.entries(stacks["prod-research"]!.resource!.aws_iam_role!).filter(([address]) =>
    address.startsWith("notebook_"),
  );
  policy = replaceReferences(
    JSON.stringify({ Version: "2012-10-17", Statement: statementsOf(stacks, "prod-research", id) }),
    stacks,
    "prod-research",
    ({ stack, type, id: made, attribute }) => {
      const found = attribute === "arn" ? arns.get(`${stack}/${type}.${made}`) : undefined;
      if (!found) throw new Error(`nothing was made for ${stack}/${type}.${made}.${attribute}`);
      return found;
    },
  );
  const made = await administrator("iam", "create_role", {
    RoleName: role.name,
    Path: role.path,
    AssumeRolePolicyDocument: role.assume_role_policy,
  });
  await administrator("iam", "put_role_policy", { RoleName: role.name, PolicyName: "grants", PolicyDocument: policy });
  const { Credentials: credentials } = await administrator("sts", "assume_role", {
    RoleArn: (made.Role as { Arn: string }).Arn,
    RoleSessionName: "SageMaker",
  });
  notebook = emulator.as(credentials as Credentials);
}, 300_000);

afterAll(() => emulator?.stop());

describe("the notebook of prod, on an emulator that enforces IAM", () => {
  it.each(Object.entries(CAN))("can %s", async (_, act) => {
    await act(notebook);
  });

  it.each(Object.entries(CANNOT))("may not %s", async (_, act) => {
    const error = await act(notebook).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Refused);
    expect((error as Refused).detail).toMatch(/^User: \S+ is not authorized to perform: \S+ .*no identity-based policy allows/);
    // So that it was refused for nothing but the want of a right.
    await act(administrator);
  });

  it.each(SIMULATED)("%s on %s: %s", async (action, resource, decision) => {
    const { EvaluationResults: results } = await administrator("iam", "simulate_custom_policy", {
      PolicyInputList: [policy],
      ActionNames: [action],
      ResourceArns: [resource],
    });
    expect((results as { EvalDecision: string }[])[0]!.EvalDecision).toBe(decision);
  });

  it("has no right that none of these shows", () => {
    const { Statement: statements } = JSON.parse(policy) as { Statement: { Action: string | string[] }[] };
    expect([...new Set(statements.flatMap(({ Action }) => Action))].sort()).toEqual([
      "codecommit:GitPull",
      "dynamodb:GetItem",
      "dynamodb:Query",
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "logs:CreateLogGroup",
      "logs:CreateLogStream",
      "logs:DescribeLogStreams",
      "logs:PutLogEvents",
      "s3:GetObject",
      "s3:ListBucket",
      "s3:PutObject",
      "sagemaker:StopNotebookInstance",
    ]);
  });
});
