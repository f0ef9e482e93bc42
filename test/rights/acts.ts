/** What somebody may try on the stacks of an environment: the calls of services on ECS and of pods on EKS. */
import type { StacksByName } from "../../terraform/references";
import type { Environment } from "../../environments/schema";
import type { Call } from "./emulator";

export type Acts = Readonly<Record<string, (call: Call) => Promise<unknown>>>;

const item = { pk: { S: "ORDER#1" }, sk: { S: "ORDER#1" } };
export const get = (Bucket: string) => (call: Call) => call("s3", "get_object", { Bucket, Key: "there" });
export const put = (Bucket: string) => (call: Call) => call("s3", "put_object", { Bucket, Key: "own", Body: "1" });
export const publish = (TopicArn: string) => (call: Call) => call("sns", "publish", { TopicArn, Message: "1" });

/** Physical names in the environment's stacks, and calls on what there is one of. */
export function thingsOf({ account, name: environment, region }: Environment, stacks: StacksByName) {
  /** By the beginning of the address. */
  function name(stack: string, type: string, path: string, attribute = "name"): string {
    const found = Object.entries(stacks[`${environment}-${stack}`]!.resource?.[type] ?? {}).filter(([id]) => id.startsWith(path));
    if (found.length !== 1) throw new Error(`${stack}: ${found.length} of ${type} ${path}`);
    return String(found[0]![1][attribute]);
  }
  const bucket = (path: string) => name("data", "aws_s3_bucket", `${path}_`, "bucket");
  const topic = (path: string) => `arn:aws:sns:${region}:${account}:${name("events", "aws_sns_topic", path)}`;
  const table = name("data", "aws_dynamodb_table", "order-state");
  const mt5 = name("data", "aws_secretsmanager_secret", "mt5");
  return {
    name,
    raw: bucket("raw-market-data"),
    processed: bucket("processed-market-data"),
    backtest: bucket("backtest-results"),
    events: topic("system-events"),
    alerts: topic("system-alerts"),
    readOrder: (call: Call) => call("dynamodb", "get_item", { TableName: table, Key: item }),
    writeOrder: (call: Call) => call("dynamodb", "put_item", { TableName: table, Item: item }),
    readSecret: (call: Call) => call("secretsmanager", "get_secret_value", { SecretId: mt5 }),
  };
}
