import { Queue, type QueueProps } from "../../constructs/messaging/queue";
import { Role } from "../../constructs/identity/role";
import { onlyResource, policyOf, resourcesOf, synthConstructs } from "../helpers/synth";

const queueProps: QueueProps = {
  name: "orders", visibilityTimeoutSeconds: 60, messageRetentionSeconds: 345_600,
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
    expect(queue).toMatchObject({ visibility_timeout_seconds: 60, message_retention_seconds: 345_600, receive_wait_time_seconds: 20, sqs_managed_sse_enabled: true });
    expect(JSON.parse(queue?.redrive_policy as string)).toEqual({ deadLetterTargetArn: expect.stringMatching(/aws_sqs_queue\.orders_dead-letter/), maxReceiveCount: 3 });
  });

  it("refuses calls without TLS on both queues", () => {
    const statements = resourcesOf(json, "aws_sqs_queue_policy").map((block) => policyOf(block, "policy").Statement);
    expect(statements).toHaveLength(2);
    for (const [statement] of statements) expect(statement).toMatchObject({ Effect: "Deny", Principal: "*", Action: "sqs:*", Condition: { Bool: { "aws:SecureTransport": "false" } } });
  });

  it("grants exact actions on both queues to a consumer", () => {
    expect(policyOf(onlyResource(json, "aws_iam_role_policy"), "policy").Statement).toEqual([{
      Effect: "Allow",
      Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
      Resource: [expect.stringMatching(/orders_queue_\w+\.arn/), expect.stringMatching(/orders_dead-letter_\w+\.arn/)],
    }]);
  });

  it("alarms on the first dead letter (OBS-027)", () => {
    expect(onlyResource(json, "aws_cloudwatch_metric_alarm")).toMatchObject({ metric_name: "ApproximateNumberOfMessagesVisible", threshold: 1, period: 60, comparison_operator: "GreaterThanOrEqualToThreshold" });
  });
});
