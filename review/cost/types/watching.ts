/** Messages, logs, metrics and alarms. */
import { charge, noPrice, use, type Pricer, type Pricers } from "../charges";
import { blocksOf, isSet, NotKnown, numberOf, textOf, textOr, valueOf } from "../known-values";

/** A metric that an expression reads costs as much as a metric of its own; what it costs to learn what to expect of one is not known. */
const alarm: Pricer = ({ values }, context) => [
  charge(context, "alarm", "", () => {
    const metrics = blocksOf(values, "aws_cloudwatch_metric_alarm.metric_query").filter(
      (query) => blocksOf(query, "aws_cloudwatch_metric_alarm.metric_query.metric").length > 0,
    ).length;
    return [[Math.max(1, metrics), metrics > 1 ? "metrics" : "metric"]];
  }),
  ...(isSet(values, "aws_cloudwatch_metric_alarm.threshold_metric_id")
    ? [{ item: "alarm.anomaly", formula: "not known: the price table has no anomaly detection, which is charged beside the metric" }]
    : []),
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

/** Copies that are kept ready, and more than 512 MB of disk, are not counted: none of ours has them. */
const lambda: Pricer = ({ values }, context) => {
  let architecture: unknown;
  try {
    [architecture = "x86_64"] = (valueOf(values, "aws_lambda_function.architectures") ?? []) as readonly unknown[];
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    return [noPrice("lambda", `not known: ${error.message}`)];
  }
  const requests = () => [use(context, "functionRequests"), "requests"] as const;
  return [
    charge(context, `lambda.${String(architecture)}.request`, "requests", () => [requests()]),
    charge(context, `lambda.${String(architecture)}.second`, "running", () => [
      requests(),
      [use(context, "functionSeconds"), "s"],
      [numberOf(values, "aws_lambda_function.memory_size", 128) / 1024, "GB"],
    ]),
  ];
};

/** Standard parameters cost nothing. */
const parameter: Pricer = ({ values }) => {
  const tier = textOr(values, "aws_ssm_parameter.tier", "Standard");
  return tier === "Standard" ? [] : [noPrice("parameter", `not known: the price table has no parameter of the tier ${tier}`)];
};

export const WATCHING: Pricers = {
  aws_ssm_parameter: parameter,
  aws_cloudwatch_composite_alarm: () => [
    { item: "alarm.composite", formula: "not known: the price table has no alarm that is made of others" },
  ],
  aws_cloudwatch_log_delivery: () => [
    { item: "logs.delivered", formula: "not known: the price table has no delivery of a service's logs to a bucket" },
  ],
  aws_cloudwatch_dashboard: (_, context) => [charge(context, "dashboard", "", () => [[1, "dashboard"]])],
  aws_cloudwatch_metric_alarm: alarm,
  aws_cloudwatch_log_group: logGroup,
  aws_sqs_queue: queue,
  aws_lambda_function: lambda,
  aws_sns_topic: () => [{ item: "sns.request", formula: "not known: the price table has no request of SNS" }],
  aws_scheduler_schedule: () => [
    { item: "scheduler.invocation", formula: "not known: the price table has no invocation of EventBridge Scheduler" },
  ],
};
