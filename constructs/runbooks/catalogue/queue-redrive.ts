/** Dead letters go back to their queue, after a look and an approval (MSG-006, OBS-027). */
import type { AutomationRunbook } from "../description";
import { approver, type Place } from "./place";

/** Dead-letter queues of queues, and the queues that they are for. */
export interface DeadLetters {
  /** Names, to be chosen from. */
  readonly names: readonly string[];
  readonly arns: readonly string[];
  readonly sources: readonly string[];
}

/** As many as SQS gives at once. */
const SAMPLE = 10;
/** So slow that the kill switch can still be thrown; SQS takes 1 to 500. */
const MESSAGES_PER_SECOND = 10;

export function queueRedrive(place: Place, { names, arns, sources }: DeadLetters): AutomationRunbook {
  const count = {
    service: "sqs",
    api: "GetQueueAttributes",
    input: { QueueUrl: "{{ queue.Url }}", AttributeNames: ["ApproximateNumberOfMessages", "QueueArn"] },
    on: arns,
  } as const;
  const waiting = "$.Attributes.ApproximateNumberOfMessages";
  return {
    kind: "automation",
    name: "queue-redrive",
    title: "Messages that could not be processed go back to their queue",
    purpose:
      "For messages in a dead-letter queue ([dead-letters](dead-letters.md)) whose cause is mended. In the order queue these are orders that were not placed, and **moved back they are placed now, at today's price**: look at the sample before you approve. All that waits is moved, or nothing; to move some, delete the others first. Dead letters of functions are not moved by SQS.",
    tier: 2,
    owner: "DevOps",
    parameters: {
      Queue: { description: "The dead-letter queue", allowedValues: names, example: names[0]! },
      Approver: approver(place),
    },
    steps: [
      {
        name: "queue",
        does: "call",
        why: "Where is it?",
        service: "sqs",
        api: "GetQueueUrl",
        input: { QueueName: "{{ Queue }}" },
        on: arns,
        outputs: { Url: { selector: "$.QueueUrl" } },
      },
      {
        name: "count",
        does: "call",
        why: "How many wait?",
        ...count,
        outputs: { Waiting: { selector: waiting }, Arn: { selector: "$.Attributes.QueueArn" } },
      },
      {
        name: "isEmpty",
        does: "branch",
        why: "Nothing waits: nothing is to be done.",
        on: "count.Waiting",
        when: { "0": "nothing" },
        otherwise: "look",
      },
      {
        name: "look",
        does: "call",
        why: `A sample of at most ${SAMPLE}, which stays where it is, and when each was sent (milliseconds since 1970).`,
        service: "sqs",
        api: "ReceiveMessage",
        input: {
          QueueUrl: "{{ queue.Url }}",
          MaxNumberOfMessages: SAMPLE,
          VisibilityTimeout: 0,
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ["SentTimestamp"],
        },
        on: arns,
        outputs: {
          Messages: { selector: "$.Messages[*].Body", type: "StringList" },
          Sent: { selector: "$.Messages[*].Attributes.SentTimestamp", type: "StringList" },
        },
      },
      {
        name: "approve",
        does: "approve",
        why: "Somebody has read the sample and says that it may be tried again. Nobody for an hour: nothing is moved.",
        message:
          "{{ count.Waiting }} messages of {{ Queue }} are to go back to their queue and be processed now, however old they are. The step look shows a sample.",
        approver: "{{ Approver }}",
      },
      {
        name: "move",
        does: "call",
        why: `Back to where they came from, at most ${MESSAGES_PER_SECOND} a second.`,
        service: "sqs",
        api: "StartMessageMoveTask",
        input: { SourceArn: "{{ count.Arn }}", MaxNumberOfMessagesPerSecond: MESSAGES_PER_SECOND },
        on: arns,
        // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
        also: [
          { actions: ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], resources: arns },
          { actions: ["sqs:SendMessage"], resources: sources },
        ],
        outputs: { Task: { selector: "$.TaskHandle" } },
      },
      {
        name: "waitForMove",
        does: "wait",
        why: "Until SQS is done, or has given up.",
        service: "sqs",
        api: "ListMessageMoveTasks",
        input: { SourceArn: "{{ count.Arn }}", MaxResults: 1 },
        on: arns,
        property: "$.Results[0].Status",
        isOneOf: ["COMPLETED", "FAILED", "CANCELLED"],
      },
      {
        name: "isMoved",
        does: "assert",
        why: "What SQS gave up on ends here as failed; it says why in the FailureReason of the task.",
        service: "sqs",
        api: "ListMessageMoveTasks",
        input: { SourceArn: "{{ count.Arn }}", MaxResults: 1 },
        on: arns,
        property: "$.Results[0].Status",
        isOneOf: ["COMPLETED"],
      },
      {
        name: "left",
        does: "call",
        why: "How many wait now? Some are new, or failed again already.",
        ...count,
        outputs: { Waiting: { selector: waiting } },
        end: true,
      },
      { name: "nothing", does: "assert", why: "It is empty, as was said.", ...count, property: waiting, isOneOf: ["0"], end: true },
    ],
  };
}
