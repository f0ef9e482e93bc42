/** Queues, topics and buckets: nothing gets lost, nothing travels in the clear, and every alarm reaches somebody. */
import { UNKNOWN } from "../../model";
import { isObject, listOf } from "../../json-values";
import { withoutIndex } from "../../plan/read";
import { jsonIn, pointingAt, type Subject, type Surroundings } from "../subjects";
import type { Rule } from "./rule";

/** Type → the resource that holds its policy, and the argument that says whose policy it is. */
const POLICY_OF: Readonly<Record<string, readonly [type: string, argument: string]>> = {
  aws_sqs_queue: ["aws_sqs_queue_policy", "queue_url"],
  aws_sns_topic: ["aws_sns_topic_policy", "arn"],
  aws_s3_bucket: ["aws_s3_bucket_policy", "bucket"],
};

export const messaging: readonly Rule[] = [
  {
    rule: "policy/no-dead-letter-queue", types: ["aws_sqs_queue"], riskClass: "data",
    when: (queue, surroundings) => !isDeadLetterQueue(queue, surroundings) && !hasDeadLetterQueue(queue, surroundings),
    message: "A queue has no dead-letter queue: a message that cannot be processed is tried until it expires, and is lost.",
  },
  {
    rule: "policy/no-tls-only", types: Object.keys(POLICY_OF), riskClass: "network exposure",
    when: (subject, surroundings) => !isTlsOnly(subject, surroundings),
    message: ({ type }) => `No policy of the ${NOUNS[type]} denies requests without TLS.`,
  },
  {
    rule: "policy/alarm-tells-nobody", types: ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"], riskClass: "notification",
    // An unknown list stands as a text.
    when: ({ values, references }) => values.alarm_actions !== UNKNOWN && listOf(values.alarm_actions).length === 0 && !references.has("alarm_actions"),
    message: "An alarm has no action: when it goes off, nobody is told.",
  },
];

const NOUNS: Readonly<Record<string, string>> = { aws_sqs_queue: "queue", aws_sns_topic: "topic", aws_s3_bucket: "bucket" };

const hasDeadLetterQueue = (queue: Subject, surroundings: Surroundings): boolean =>
  typeof queue.values.redrive_policy === "string" || queue.references.has("redrive_policy") || pointingAt(queue, "aws_sqs_queue_redrive_policy", "queue_url", surroundings).length > 0;

/** It says which queues it serves, or a queue says that it is served by it. */
function isDeadLetterQueue(queue: Subject, surroundings: Surroundings): boolean {
  if (typeof queue.values.redrive_allow_policy === "string" || pointingAt(queue, "aws_sqs_queue_redrive_allow_policy", "queue_url", surroundings).length > 0) return true;
  const { arn } = queue.values;
  return surroundings.subjects.some(({ type, values, references }) => (type === "aws_sqs_queue" || type === "aws_sqs_queue_redrive_policy")
    && (references.get("redrive_policy")?.has(withoutIndex(queue.address)) || (typeof arn === "string" && arn !== UNKNOWN && targetOf(values.redrive_policy) === arn)));
}

const targetOf = (redrive: unknown): unknown => {
  const policy = jsonIn(redrive);
  return isObject(policy) ? policy.deadLetterTargetArn : undefined;
};

function isTlsOnly(subject: Subject, surroundings: Surroundings): boolean {
  const [type, argument] = POLICY_OF[subject.type]!;
  const policies = [subject.values.policy, ...pointingAt(subject, type, argument, surroundings).map(({ values }) => values.policy)];
  return policies.some((policy) => policy === UNKNOWN || deniesWithoutTls(policy));
}

function deniesWithoutTls(policy: unknown): boolean {
  const document = jsonIn(policy);
  if (!isObject(document)) return false;
  return listOf(document.Statement).filter(isObject).some(({ Effect, Principal, Condition }) => {
    const conditions = isObject(Condition) ? Object.entries(Condition) : [];
    const [operator, keys] = conditions[0] ?? [];
    // With a second condition, or for some principals only, it lets the others through.
    if (Effect !== "Deny" || conditions.length !== 1 || !/^Bool(?:IfExists)?$/.test(operator!) || !isObject(keys) || !isEverybody(Principal)) return false;
    const entries = Object.entries(keys);
    return entries.length === 1 && entries[0]![0].toLowerCase() === "aws:securetransport" && listOf(entries[0]![1]).every((value) => String(value) === "false");
  });
}

const isEverybody = (principal: unknown): boolean => principal === "*" || (isObject(principal) && listOf(principal.AWS).includes("*"));
