/** Rules of queues, topics and who is told. */
import { queue as queueSchema, type Queue } from "../schema/queues";
import { environmentSchema } from "../schema";
import { GRANT_VARIABLES, queueVariable } from "../schema/services";
import { finderOf } from "../reading/walk";
import type { Finding, Rule } from "./finding";

const findQueues = finderOf<Queue>(environmentSchema, (field) => field === queueSchema);

/** One rule that holds for every queue, wherever the schema has one. */
const forEachQueue = (name: string, check: (path: string, queue: Queue) => readonly Finding[]): Rule => ({
  name,
  reads: [],
  check: (environment) => findQueues(environment).flatMap(({ path, value }) => check(path, value)),
});

/** Seconds; six times the timeouts of `stacks/events.ts`. */
const READER_TIMES = { alertProcessingQueue: 60, notificationQueue: 120 };

export const MESSAGING_RULES: readonly Rule[] = [
  // SQS takes the type of a queue from its name, and a dead-letter queue must be of its queue's type.
  forEachQueue("the names of queues say whether they are FIFO", (path, queue) =>
    (["name", "deadLetter.name"] as const).flatMap((key): Finding[] => {
      const name = key === "name" ? queue.name : queue.deadLetter.name;
      if (queue.fifo === name.endsWith(".fifo")) return [];
      return [
        {
          path: `${path}.${key}`,
          value: name,
          allowed: `a name ${queue.fifo ? "ending in" : "without"} .fifo, because ${path}.fifo is ${queue.fifo}`,
        },
      ];
    }),
  ),
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
  forEachQueue("dead letters stay at least as long as messages", (path, { fifo, messageRetentionSeconds, deadLetter }) =>
    fifo || deadLetter.messageRetentionSeconds >= messageRetentionSeconds
      ? []
      : [
          {
            path: `${path}.deadLetter.messageRetentionSeconds`,
            value: deadLetter.messageRetentionSeconds,
            allowed: `at least ${path}.messageRetentionSeconds ${messageRetentionSeconds}: a standard queue's message keeps its first time stamp when it is moved`,
          },
        ],
  ),
  forEachQueue(
    "messages live until they are dead letters",
    (path, { messageRetentionSeconds, visibilityTimeoutSeconds, deadLetter: { maxReceiveCount } }) => {
      const longest = visibilityTimeoutSeconds * maxReceiveCount;
      return messageRetentionSeconds > longest
        ? []
        : [
            {
              path: `${path}.messageRetentionSeconds`,
              value: messageRetentionSeconds,
              allowed: `more than ${longest}, ${path}.deadLetter.maxReceiveCount ${maxReceiveCount} times ${path}.visibilityTimeoutSeconds ${visibilityTimeoutSeconds}: a message that fails would expire before it is moved`,
            },
          ];
    },
  ),
  {
    // `ab1C` and `ab1c` are one in capitals, and `order` is taken by events.orderQueue.
    name: "each queue is told by a variable of its own",
    reads: ["events.queues"],
    check: ({ events: { queues } }) => {
      const taken = new Map<string, string>(GRANT_VARIABLES.orderQueue.map((variable) => [variable, "events.orderQueue"]));
      return Object.entries(queues).flatMap(([key, value]): Finding[] => {
        const [path, variable] = [`events.queues.${key}`, queueVariable(key)];
        const other = taken.get(variable);
        if (!other) taken.set(variable, path);
        return other
          ? [{ path, value, allowed: `another key: services would be told of it by ${variable}, which is that of ${other}` }]
          : [];
      });
    },
  },
  {
    name: "the topics' subscribers are standard queues",
    reads: ["events.alertProcessingQueue", "events.notificationQueue"],
    check: ({ events }) =>
      (["alertProcessingQueue", "notificationQueue"] as const).flatMap((key): Finding[] =>
        events[key]?.fifo
          ? [{ path: `events.${key}.fifo`, value: true, allowed: "false: a standard topic cannot deliver to a FIFO queue" }]
          : [],
      ),
  },
  {
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    name: "messages stay hidden while a function works on them",
    reads: ["events.alertProcessingQueue", "events.notificationQueue"],
    check: ({ events }) =>
      (["alertProcessingQueue", "notificationQueue"] as const).flatMap((key): Finding[] => {
        const value = events[key]?.visibilityTimeoutSeconds ?? Infinity;
        const least = READER_TIMES[key];
        return value >= least
          ? []
          : [
              {
                path: `events.${key}.visibilityTimeoutSeconds`,
                value,
                allowed: `at least ${least} seconds: six times what its function may take`,
              },
            ];
      }),
  },
  {
    name: "Slack's webhooks are keys of its secret",
    reads: ["events.slack", "data.secrets"],
    check: ({ events: { slack }, data: { secrets } }) =>
      Object.entries(slack).flatMap(([severity, { webhookKey }]): Finding[] =>
        secrets.slackWebhook.keys.includes(webhookKey)
          ? []
          : [
              {
                path: `events.slack.${severity}.webhookKey`,
                value: webhookKey,
                allowed: `one of data.secrets.slackWebhook.keys: ${secrets.slackWebhook.keys.join(", ")}`,
              },
            ],
      ),
  },
  {
    // An alarm that nobody hears is none.
    name: "outside development somebody hears the alarms",
    reads: ["events.alertSubscriptions", "stage"],
    check: ({ events, stage }) =>
      stage !== "development" && events.alertSubscriptions.length === 0
        ? [{ path: "events.alertSubscriptions", value: [], allowed: `at least one subscription, because stage is ${stage}` }]
        : [],
  },
  {
    // The address, with everything but letters and digits left out, is part of a resource's address (constructs/messaging/topic.ts).
    name: "each address is told once",
    reads: ["events.alertSubscriptions"],
    check: ({ events: { alertSubscriptions } }) => {
      const keys = alertSubscriptions.map(({ protocol, endpoint }) => `${protocol} ${endpoint.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`);
      return alertSubscriptions.flatMap(({ endpoint }, index): Finding[] => {
        const first = keys.indexOf(keys[index]!);
        return first === index
          ? []
          : [
              {
                path: `events.alertSubscriptions[${index}].endpoint`,
                value: endpoint,
                allowed: `an address that differs from events.alertSubscriptions[${first}].endpoint in more than case and punctuation`,
              },
            ];
      });
    },
  },
];
