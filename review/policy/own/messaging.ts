/** Queues, topics and buckets: nothing gets lost, nothing travels in the clear, and every alarm reaches somebody. */
import { UNKNOWN } from "../../model";
import { isObject, listOf } from "../../json-values";
import { withoutIndex } from "../../plan/read";
import { pathOf, typeOf, type Attribute, type ResourceType } from "../../provider-names";
import { at, first, textAt } from "../../risk/reading";
import { jsonIn, pointingAt, type Subject, type Surroundings } from "../subjects";
import type { Rule } from "./rule";

interface PolicyPlace {
  /** What it is called in a message. */
  readonly noun: string;
  /** Its own argument that holds a policy. */
  readonly inline: Attribute;
  /** Of the resource that holds one: the policy, and whose it is. */
  readonly policy: Attribute;
  readonly owner: Attribute;
}

/** Where the policy of a type stands. */
const POLICY_OF: Readonly<Partial<Record<ResourceType, PolicyPlace>>> = {
  aws_sqs_queue: {
    noun: "queue",
    inline: "aws_sqs_queue.policy",
    policy: "aws_sqs_queue_policy.policy",
    owner: "aws_sqs_queue_policy.queue_url",
  },
  aws_sns_topic: {
    noun: "topic",
    inline: "aws_sns_topic.policy",
    policy: "aws_sns_topic_policy.policy",
    owner: "aws_sns_topic_policy.arn",
  },
  aws_s3_bucket: {
    noun: "bucket",
    inline: "aws_s3_bucket.policy",
    policy: "aws_s3_bucket_policy.policy",
    owner: "aws_s3_bucket_policy.bucket",
  },
};
const policyOf = ({ type }: Pick<Subject, "type">): PolicyPlace => POLICY_OF[type as ResourceType]!;

/** What an alarm tells; both types have it in the same words. */
const TELLS: Attribute = "aws_cloudwatch_metric_alarm.alarm_actions";

/** By name. */
const SILENCED_BY: Attribute = "aws_cloudwatch_composite_alarm.actions_suppressor.alarm";

export const messaging: readonly Rule[] = [
  {
    rule: "policy/no-dead-letter-queue",
    types: ["aws_sqs_queue"],
    riskClass: "data",
    when: (queue, surroundings) => !isDeadLetterQueue(queue, surroundings) && !hasDeadLetterQueue(queue, surroundings),
    message: "A queue has no dead-letter queue: a message that cannot be processed is tried until it expires, and is lost.",
  },
  {
    rule: "policy/no-tls-only",
    types: Object.keys(POLICY_OF),
    riskClass: "network exposure",
    when: (subject, surroundings) => !isTlsOnly(subject, surroundings),
    message: (subject) => `No policy of the ${policyOf(subject).noun} denies requests without TLS.`,
  },
  {
    rule: "policy/alarm-tells-nobody",
    types: ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"],
    riskClass: "notification",
    when: (alarm, surroundings) =>
      at(alarm.values, TELLS).length === 0 && !alarm.references.has(pathOf(TELLS)) && !silencesOthers(alarm, surroundings),
    message: "An alarm has no action: when it goes off, nobody is told.",
  },
];

/** It is no news by itself: an alarm made of others asks whether it is on, before it tells anyone. */
function silencesOthers(alarm: Subject, { subjects }: Surroundings): boolean {
  const name = textAt(alarm.values, "aws_cloudwatch_metric_alarm.alarm_name");
  return subjects.some(
    ({ type, values, references }) =>
      type === typeOf(SILENCED_BY) &&
      (references.get(pathOf(SILENCED_BY))?.has(withoutIndex(alarm.address)) ||
        (name !== undefined && textAt(values, SILENCED_BY) === name)),
  );
}

const hasDeadLetterQueue = (queue: Subject, surroundings: Surroundings): boolean =>
  typeof first(queue.values, "aws_sqs_queue.redrive_policy") === "string" ||
  queue.references.has(pathOf("aws_sqs_queue.redrive_policy")) ||
  pointingAt(queue, "aws_sqs_queue_redrive_policy.queue_url", surroundings).length > 0;

/** Where the queue is named that takes what could not be processed, by its ARN or in a policy: by a queue, a topic or a function. */
const REDRIVES: readonly Attribute[] = [
  "aws_sqs_queue.redrive_policy",
  "aws_sqs_queue_redrive_policy.redrive_policy",
  "aws_sns_topic_subscription.redrive_policy",
  "aws_lambda_function.dead_letter_config.target_arn",
  "aws_lambda_function_event_invoke_config.destination_config.on_failure.destination",
];

/** It says which queues it serves, or something says that it is served by it. */
function isDeadLetterQueue(queue: Subject, surroundings: Surroundings): boolean {
  if (
    typeof first(queue.values, "aws_sqs_queue.redrive_allow_policy") === "string" ||
    pointingAt(queue, "aws_sqs_queue_redrive_allow_policy.queue_url", surroundings).length > 0
  )
    return true;
  const arn = textAt(queue.values, "aws_sqs_queue.arn");
  return surroundings.subjects.some(({ type, values, references }) =>
    REDRIVES.some(
      (redrive) =>
        typeOf(redrive) === type &&
        (references.get(pathOf(redrive))?.has(withoutIndex(queue.address)) ||
          (arn !== undefined && at(values, redrive).some((value) => targetOf(value) === arn))),
    ),
  );
}

const targetOf = (redrive: unknown): unknown => {
  const policy = jsonIn(redrive);
  return isObject(policy) ? policy.deadLetterTargetArn : redrive;
};

function isTlsOnly(subject: Subject, surroundings: Surroundings): boolean {
  const { inline, policy, owner } = policyOf(subject);
  const policies = [first(subject.values, inline), ...pointingAt(subject, owner, surroundings).map(({ values }) => first(values, policy))];
  return policies.some((one) => one === UNKNOWN || deniesWithoutTls(one));
}

function deniesWithoutTls(policy: unknown): boolean {
  const document = jsonIn(policy);
  if (!isObject(document)) return false;
  return listOf(document.Statement)
    .filter(isObject)
    .some(({ Effect, Principal, Condition }) => {
      const conditions = isObject(Condition) ? Object.entries(Condition) : [];
      const [operator, keys] = conditions[0] ?? [];
      // With a second condition, or for some principals only, it lets the others through.
      if (
        Effect !== "Deny" ||
        conditions.length !== 1 ||
        !/^Bool(?:IfExists)?$/.test(operator!) ||
        !isObject(keys) ||
        !isEverybody(Principal)
      )
        return false;
      const entries = Object.entries(keys);
      return (
        entries.length === 1 &&
        entries[0]![0].toLowerCase() === "aws:securetransport" &&
        listOf(entries[0]![1]).every((value) => String(value) === "false")
      );
    });
}

const isEverybody = (principal: unknown): boolean => principal === "*" || (isObject(principal) && listOf(principal.AWS).includes("*"));
