import { Queue, type QueueProps } from "../../constructs/messaging/queue";
import { EncryptionKey } from "../../constructs/identity/encryption-key";
import { Topic } from "../../constructs/messaging/topic";
import { Role } from "../../constructs/identity/role";
import { onlyResource, policyOf, resourcesOf, synthConstructs } from "../helpers/synth";

const queueProps: QueueProps = {
  name: "orders",
  visibilityTimeoutSeconds: 60,
  messageRetentionSeconds: 345_600,
  deadLetter: { name: "orders-dlq", maxReceiveCount: 3, visibilityTimeoutSeconds: 60, messageRetentionSeconds: 1_209_600 },
};

describe("Queue", () => {
  const json = synthConstructs((stack) => {
    const queue = new Queue(stack, "orders", queueProps);
    const role = new Role(stack, "role", { name: "host", description: "host", assumedBy: "ec2.amazonaws.com" });
    queue.grantConsume(role);
    queue.alarmOnDeadLetters({ arn: "arn:aws:sns:ap-northeast-1:111122223333:alerts" }, { name: "SQS-DLQ-Messages", period: 60 });
  });

  it("has the figures of its props and a redrive to its dead-letter queue (MSG-002, MSG-003)", () => {
    const queue = resourcesOf(json, "aws_sqs_queue").find(({ name }) => name === "orders");
    expect(queue).toMatchObject({
      visibility_timeout_seconds: 60,
      message_retention_seconds: 345_600,
      receive_wait_time_seconds: 20,
      sqs_managed_sse_enabled: true,
    });
    expect(JSON.parse(queue?.redrive_policy as string)).toEqual({
      deadLetterTargetArn: expect.stringMatching(/aws_sqs_queue\.orders_dead-letter/),
      maxReceiveCount: 3,
    });
  });

  it("refuses calls without TLS on both queues", () => {
    const statements = resourcesOf(json, "aws_sqs_queue_policy").map((block) => policyOf(block, "policy").Statement);
    expect(statements).toHaveLength(2);
    for (const [statement] of statements)
      expect(statement).toMatchObject({
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
  });

  it("grants exact actions on both queues to a consumer", () => {
    expect(policyOf(onlyResource(json, "aws_iam_role_policy"), "policy").Statement).toEqual([
      {
        Effect: "Allow",
        Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
        Resource: [expect.stringMatching(/orders_queue_\w+\.arn/), expect.stringMatching(/orders_dead-letter_\w+\.arn/)],
      },
    ]);
  });

  it("alarms on the first dead letter (OBS-027)", () => {
    expect(onlyResource(json, "aws_cloudwatch_metric_alarm")).toMatchObject({
      dimensions: { QueueName: expect.stringMatching(/orders_dead-letter_\w+\.name/) },
      metric_name: "ApproximateNumberOfMessagesVisible",
      threshold: 1,
      period: 60,
      comparison_operator: "GreaterThanOrEqualToThreshold",
    });
  });

  it("takes messages into the dead-letter queue from its own queue only (MSG-004)", () => {
    expect(JSON.parse(onlyResource(json, "aws_sqs_queue_redrive_allow_policy").redrive_allow_policy as string)).toEqual({
      redrivePermission: "byQueue",
      sourceQueueArns: [expect.stringMatching(/orders_queue_\w+\.arn/)],
    });
  });
});

describe("Topic", () => {
  const account = "111122223333";
  const json = synthConstructs((stack) => {
    const key = new EncryptionKey(stack, "key", {
      account,
      alias: "topics",
      description: "topics",
      services: ["cloudwatch.amazonaws.com"],
    });
    const topic = new Topic(stack, "alerts", {
      name: "alerts",
      displayName: "Alerts",
      account,
      key,
      publishers: ["cloudwatch.amazonaws.com"],
    });
    topic.deliverToQueue("orders", new Queue(stack, "orders", queueProps));
    topic.deliverToAddresses([{ protocol: "email", endpoint: "ops@example.com" }]);
    topic.grantPublish(new Role(stack, "role", { name: "host", description: "host", assumedBy: "ec2.amazonaws.com" }));
  });

  it("is encrypted by its key", () => {
    expect(onlyResource(json, "aws_sns_topic").kms_master_key_id).toMatch(/aws_kms_key\.key_\w+\.arn/);
  });

  it("takes messages from the services named, of its own account, over TLS", () => {
    const [publish, deny, ...others] = policyOf(onlyResource(json, "aws_sns_topic_policy"), "policy").Statement;
    expect(publish).toEqual({
      Sid: "Publishcloudwatch",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: "sns:Publish",
      Resource: expect.stringMatching(/alerts_topic_\w+\.arn/),
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    });
    expect(deny).toMatchObject({
      Effect: "Deny",
      Principal: "*",
      Action: "sns:Publish",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
    expect(others).toEqual([]);
  });

  it("delivers to a queue that lets this topic in and no other", () => {
    const policies = resourcesOf(json, "aws_sqs_queue_policy")
      .flatMap((block) => policyOf(block, "policy").Statement)
      .filter(({ Effect }) => Effect === "Allow");
    expect(policies).toEqual([
      {
        Sid: "Fromalerts",
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: expect.stringMatching(/orders_queue_\w+\.arn/),
        Condition: { ArnEquals: { "aws:SourceArn": expect.stringMatching(/alerts_topic_\w+\.arn/) } },
      },
    ]);
  });

  it("has a subscription for each address and queue", () => {
    expect(
      resourcesOf(json, "aws_sns_topic_subscription").map(({ protocol, endpoint, raw_message_delivery }) => [
        protocol,
        endpoint,
        raw_message_delivery,
      ]),
    ).toEqual([
      ["email", "ops@example.com", undefined],
      ["sqs", expect.stringMatching(/orders_queue_\w+\.arn/), undefined],
    ]);
  });

  it("grants publishing with the use of its key", () => {
    expect(policyOf(onlyResource(json, "aws_iam_role_policy"), "policy").Statement.map(({ Action }) => Action)).toEqual([
      "sns:Publish",
      ["kms:Decrypt", "kms:GenerateDataKey"],
    ]);
  });

  it("has a key that rotates, and that the services may use for this account only (C-74)", () => {
    const key = onlyResource(json, "aws_kms_key");
    expect(key).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30, lifecycle: { prevent_destroy: true } });
    expect(policyOf(key, "policy").Statement).toEqual([
      { Sid: "AccountUsesIam", Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*", Resource: "*" },
      {
        Sid: "Servicecloudwatch",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
        Resource: "*",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ]);
  });

  it("lets EventBridge publish, which does not say for which account it does", () => {
    const services = ["cloudwatch.amazonaws.com", "events.amazonaws.com"];
    const events = synthConstructs((stack) => {
      const key = new EncryptionKey(stack, "key", { account, alias: "topics", description: "topics", services });
      new Topic(stack, "alerts", { name: "alerts", displayName: "Alerts", account, key, publishers: services });
    });
    const conditions = (statements: Record<string, unknown>[], sid: RegExp) =>
      statements.filter(({ Sid }) => sid.test(String(Sid))).map(({ Principal, Condition }) => [Principal, Condition]);
    const expected = [
      [{ Service: services[0] }, { StringEquals: { "aws:SourceAccount": account } }],
      [{ Service: services[1] }, undefined],
    ];
    expect(conditions(policyOf(onlyResource(events, "aws_sns_topic_policy"), "policy").Statement, /^Publish/)).toEqual(expected);
    expect(conditions(policyOf(onlyResource(events, "aws_kms_key"), "policy").Statement, /^Service/)).toEqual(expected);
  });
});
