import type { TerraformStack } from "cdktf";
import { EncryptionKey } from "../../constructs/identity/encryption-key";
import { Role } from "../../constructs/identity/role";
import { Secret } from "../../constructs/storage/secret";
import { Table } from "../../constructs/storage/table";
import { onlyResource, plain, policyOf, resourcesOf, synthConstructs, type StackJson } from "../helpers/synth";

const account = "111122223333";
const alerts = { arn: `arn:aws:sns:ap-northeast-1:${account}:alerts` };
const newKey = (stack: TerraformStack) => new EncryptionKey(stack, "key", { account, alias: "data", description: "data" });
const newRole = (stack: TerraformStack) => new Role(stack, "role", { name: "host", description: "host", assumedBy: "ec2.amazonaws.com" });
const grantsOf = (json: StackJson) => policyOf(onlyResource(json, "aws_iam_role_policy"), "policy").Statement;

describe("Table", () => {
  const globalSecondaryIndexes = [
    { name: "GSI1", partitionKey: "gs1pk", sortKey: "gs1sk", projectedAttributes: ["position_id", "status"] },
  ];
  const json = synthConstructs((stack) => {
    const table = new Table(stack, "orders", { name: "OrderState", globalSecondaryIndexes });
    table.grantReadWrite(newRole(stack));
    table.alarmOnThrottles(alerts, { name: "DynamoDB-Throttles", nameSuffix: "-dev", threshold: 5 });
  });

  it("has the documented keys, billing, time to live and recovery (DAT-007 … DAT-010)", () => {
    expect(onlyResource(json, "aws_dynamodb_table")).toMatchObject({
      name: "OrderState",
      billing_mode: "PAY_PER_REQUEST",
      hash_key: "pk",
      range_key: "sk",
      attribute: ["pk", "sk", "gs1pk", "gs1sk"].map((name) => ({ name, type: "S" })),
      ttl: { attribute_name: "ttl", enabled: true },
      point_in_time_recovery: { enabled: true, recovery_period_in_days: 35 },
      deletion_protection_enabled: true,
      lifecycle: { prevent_destroy: true },
    });
  });

  it("takes over what exists by that name, and refuses meanwhile to destroy it", () => {
    const existing = synthConstructs((stack) => {
      new Table(stack, "orders", { name: "OrderState", existing: true, protect: false });
    });
    expect(existing.import).toEqual([{ to: expect.stringMatching(/^aws_dynamodb_table\.orders_table_/) as string, id: "OrderState" }]);
    expect(onlyResource(existing, "aws_dynamodb_table")).toMatchObject({
      deletion_protection_enabled: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(json.import).toBeUndefined();
  });

  it("projects only what an index needs (DAT-025)", () => {
    expect(onlyResource(json, "aws_dynamodb_table").global_secondary_index).toEqual([
      { name: "GSI1", hash_key: "gs1pk", range_key: "gs1sk", projection_type: "INCLUDE", non_key_attributes: ["position_id", "status"] },
    ]);
  });

  it("is encrypted by the AWS managed key, or by the customer's, and grants the latter (SEC-064, C-74)", () => {
    expect(onlyResource(json, "aws_dynamodb_table").server_side_encryption).toEqual({ enabled: true });
    const keyed = synthConstructs((stack) => {
      const table = new Table(stack, "orders", { name: "OrderState", key: newKey(stack) });
      table.grantRead(newRole(stack));
    });
    expect(plain(onlyResource(keyed, "aws_dynamodb_table").server_side_encryption)).toEqual({ enabled: true, kms_key_arn: "key.arn" });
    expect(plain(grantsOf(keyed))).toEqual([
      { Effect: "Allow", Action: ["dynamodb:GetItem", "dynamodb:Query"], Resource: ["orders_table.arn", "orders_table.arn/index/*"] },
      { Effect: "Allow", Action: "kms:Decrypt", Resource: "key.arn" },
    ]);
  });

  it("grants writing without deleting or scanning, indexes included (SEC-032, SEC-033, C-39)", () => {
    expect(plain(grantsOf(json))).toEqual([
      {
        Effect: "Allow",
        Action: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query"],
        Resource: ["orders_table.arn", "orders_table.arn/index/*"],
      },
    ]);
  });

  it("alarms on the documented metric and on throttles of this table (OBS-026, C-43)", () => {
    const alarms = resourcesOf(json, "aws_cloudwatch_metric_alarm");
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        namespace: "AWS/DynamoDB",
        statistic: "Sum",
        comparison_operator: "GreaterThanThreshold",
        threshold: 5,
        period: 300,
        evaluation_periods: 1,
        alarm_actions: [alerts.arn],
      });
    }
    expect(alarms.map(({ alarm_name, metric_name, dimensions }) => plain([alarm_name, metric_name, dimensions ?? null]))).toEqual([
      ["DynamoDB-Throttles-Read-dev", "ReadThrottleEvents", { TableName: "orders_table.name" }],
      ["DynamoDB-Throttles-dev", "UserErrors", null],
      ["DynamoDB-Throttles-Write-dev", "WriteThrottleEvents", { TableName: "orders_table.name" }],
    ]);
  });

  it("can be destroyed once it is not protected", () => {
    const table = onlyResource(
      synthConstructs((stack) => new Table(stack, "orders", { name: "OrderState", protect: false })),
      "aws_dynamodb_table",
    );
    expect(table.deletion_protection_enabled).toBe(false);
    expect(table.lifecycle).toBeUndefined();
  });
});

describe("Secret", () => {
  const props = { name: "TSS/mt5/demo", description: "MT5 Demo Account Credentials", keys: ["login", "password", "server"] };

  it("is empty, and shows the keys to fill in (SEC-050, design 11)", () => {
    const json = synthConstructs((stack) => new Secret(stack, "mt5", props));
    expect(onlyResource(json, "aws_secretsmanager_secret")).toMatchObject({
      name: "TSS/mt5/demo",
      description: "MT5 Demo Account Credentials",
      tags: { Keys: "login password server" },
      recovery_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
    expect(onlyResource(json, "aws_secretsmanager_secret")).not.toHaveProperty("kms_key_id");
    expect(Object.keys(json.resource ?? {})).toEqual(["aws_secretsmanager_secret"]);
  });

  it("goes at once when it is not protected", () => {
    const secret = onlyResource(
      synthConstructs((stack) => new Secret(stack, "mt5", { ...props, protect: false })),
      "aws_secretsmanager_secret",
    );
    expect(secret.recovery_window_in_days).toBe(0);
    expect(secret).not.toHaveProperty("lifecycle");
  });

  it("grants its value and its key (SEC-040)", () => {
    const json = synthConstructs((stack) => new Secret(stack, "mt5", { ...props, key: newKey(stack) }).grantRead(newRole(stack)));
    expect(plain(onlyResource(json, "aws_secretsmanager_secret").kms_key_id)).toBe("key.arn");
    expect(plain(grantsOf(json))).toEqual([
      { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "mt5_secret.arn" },
      { Effect: "Allow", Action: "kms:Decrypt", Resource: "key.arn" },
    ]);
  });
});
