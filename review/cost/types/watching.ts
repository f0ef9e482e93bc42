/** Messages, logs, metrics and alarms. */
import { charge, use, type Pricer, type Pricers } from "../charges";
import { blocksOf, isSet, numberOf, textOf, textOr } from "../known-values";

/** A metric that an expression reads costs as much as a metric of its own. */
const alarm: Pricer = ({ values }, context) => [
  charge(context, "alarm", "", () => {
    const metrics = blocksOf(values, "aws_cloudwatch_metric_alarm.metric_query").filter(
      (query) => blocksOf(query, "aws_cloudwatch_metric_alarm.metric_query.metric").length > 0,
    ).length;
    return [[Math.max(1, metrics), metrics > 1 ? "metrics" : "metric"]];
  }),
];

/** What is kept is counted as it comes in; CloudWatch compresses it. */
const logGroup: Pricer = ({ values }, context) => {
  const taken = (): number =>
    use(context, textOf(values, "aws_cloudwatch_log_group.name", "").startsWith("/aws/vpc/") ? "flowLogGigabytes" : "logGigabytes");
  // 0 or nothing: for ever, counted as a year.
  const months = (): number => (numberOf(values, "aws_cloudwatch_log_group.retention_in_days", 0) || 365) / 30;
  return [
    charge(context, "logs.in", "taken in", () => [[taken(), "GB"]]),
    charge(context, "logs.kept", "kept", () => [
      [taken(), "GB"],
      [months(), "months"],
    ]),
  ];
};

/** Nobody polls dead letters: a queue that sends nothing on, and is called so. */
const queue: Pricer = ({ values, construct }, context) => {
  const names = [textOr(values, "aws_sqs_queue.name", ""), construct];
  const isDeadLetter = !isSet(values, "aws_sqs_queue.redrive_policy") && names.some((name) => /dlq|dead.?letter/i.test(name));
  return [charge(context, "sqs.request", "requests", () => [[isDeadLetter ? 0 : use(context, "queueRequests"), "requests"]])];
};

export const WATCHING: Pricers = {
  aws_cloudwatch_metric_alarm: alarm,
  aws_cloudwatch_log_group: logGroup,
  aws_sqs_queue: queue,
  aws_sns_topic: () => [{ item: "sns.request", formula: "not known: the price table has no request of SNS" }],
  aws_scheduler_schedule: () => [
    { item: "scheduler.invocation", formula: "not known: the price table has no invocation of EventBridge Scheduler" },
  ],
};
