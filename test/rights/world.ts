/** The world of an environment's roles, on an emulator that enforces IAM: what they might touch, with its real names. */
import type { Environment } from "../../environments/schema";
import type { StacksByName } from "../../terraform/references";
import type { Block } from "../helpers/synth";
import type { Call } from "./emulator";

/** Makes what stacks have that holds something, under its real names. Returns the ARNs, by address. */
export async function makeWorld(
  administrator: Call,
  { account, region }: Pick<Environment, "account" | "region">,
  stacks: StacksByName,
): Promise<ReadonlyMap<string, string>> {
  const arns = new Map<string, string>();
  const each = async (type: string, make: (block: Block) => Promise<string>) => {
    for (const [stack, { resource }] of Object.entries(stacks))
      for (const [id, block] of Object.entries(resource?.[type] ?? {})) arns.set(`${stack}/${type}.${id}`, await make(block));
  };
  await each("aws_s3_bucket", async ({ bucket: Bucket }) => {
    await administrator("s3", "create_bucket", { Bucket, CreateBucketConfiguration: { LocationConstraint: region } });
    await administrator("s3", "put_object", { Bucket, Key: "there", Body: "1" });
    return `arn:aws:s3:::${String(Bucket)}`;
  });
  await each("aws_dynamodb_table", async ({ name: TableName }) => {
    const keys = [
      ["pk", "HASH"],
      ["sk", "RANGE"],
    ] as const;
    const made = await administrator("dynamodb", "create_table", {
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: keys.map(([AttributeName, KeyType]) => ({ AttributeName, KeyType })),
      AttributeDefinitions: keys.map(([AttributeName]) => ({ AttributeName, AttributeType: "S" })),
    });
    return String((made.TableDescription as Block).TableArn);
  });
  await each("aws_secretsmanager_secret", async ({ name: Name }) =>
    String((await administrator("secretsmanager", "create_secret", { Name, SecretString: "{}" })).ARN),
  );
  await each("aws_sns_topic", async ({ name: Name }) => String((await administrator("sns", "create_topic", { Name })).TopicArn));
  await each("aws_cloudwatch_log_group", async ({ name: logGroupName }) => {
    await administrator("logs", "create_log_group", { logGroupName });
    return `arn:aws:logs:${region}:${account}:log-group:${String(logGroupName)}`;
  });
  await each("aws_sqs_queue", async ({ name: QueueName }) => {
    await administrator("sqs", "create_queue", { QueueName });
    return `arn:aws:sqs:${region}:${account}:${String(QueueName)}`;
  });
  await each("aws_kms_key", async () => String(((await administrator("kms", "create_key", {})).KeyMetadata as Block).Arn));
  await each("aws_ecr_repository", ({ name: repository }) =>
    Promise.resolve(`arn:aws:ecr:${region}:${account}:repository/${String(repository)}`),
  );
  return arns;
}
