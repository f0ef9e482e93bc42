/** What SNS needs to deliver into a queue. https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html */
import type { PolicyStatement } from "../identity/policy";

/** Lets a topic deliver to a queue, whether messages or what it could not deliver elsewhere. @param id of the topic, which tells statements of one policy apart */
export const deliveryStatement = (id: string, topicArn: string, queueArn: string): PolicyStatement => ({
  sid: `From${id.replace(/[^A-Za-z0-9]/g, "")}`,
  principals: { Service: "sns.amazonaws.com" },
  actions: ["sqs:SendMessage"],
  resources: [queueArn],
  conditions: { ArnEquals: { "aws:SourceArn": topicArn } },
});
