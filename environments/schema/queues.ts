/** What a literal says of its queues, and how its services name them. Part of schema.ts. */
import { z } from "zod";
import { integer, pattern, queueName } from "./fields";

/** Seconds as SQS takes them. */
const visibilityTimeoutSeconds = integer(0, 43_200, "seconds");
const messageRetentionSeconds = integer(60, 1_209_600, "seconds");

/** A queue with its dead-letter queue; rules find queues by it. */
export const queue = z.strictObject({
  name: queueName,
  fifo: z.boolean().default(false),
  /** MSG-002. */
  visibilityTimeoutSeconds,
  messageRetentionSeconds,
  receiveWaitTimeSeconds: integer(0, 20, "seconds").default(20),
  deadLetter: z.strictObject({
    name: queueName,
    /** Receives after which a message moves there (MSG-003). */
    maxReceiveCount: integer(1, 1000, "receives"),
    visibilityTimeoutSeconds,
    /** Default: 14 days, the longest that SQS offers (messaging.md, open points). */
    messageRetentionSeconds: messageRetentionSeconds.default(1_209_600),
  }),
});
export type Queue = z.output<typeof queue>;

/** Of a queue in the literal; its physical name is a value. */
const queueKey = pattern(/^[a-z][A-Za-z0-9]{0,39}$/, "1 to 40 letters and digits, a small letter first, such as riskReports");
/** Further queues by key; docs/services.md shows one. */
export const queues = z.record(queueKey, queue).default({});

/** Queues that have a place of their own in `events`. */
const KNOWN = ["orderQueue", "alertProcessingQueue"] as const;
const OWN = "of an entry <key> of events.queues";

/** A queue that services scale by: a known one, or `queues.<key>`. */
export const queueReference = z.union([z.enum(KNOWN), z.templateLiteral(["queues.", queueKey])], {
  error: `one of ${KNOWN.map((name) => JSON.stringify(name)).join(", ")}, or "queues.<key>" ${OWN}`,
});
export type QueueReference = z.output<typeof queueReference>;

/** A right on one of `events.queues`. */
export const queueGrant = z.templateLiteral(["queues.", queueKey, ".", z.enum(["send", "consume"])]);
export type QueueGrant = z.output<typeof queueGrant>;
export const QUEUE_GRANT_WORDS = `"queues.<key>.send" or "queues.<key>.consume" ${OWN}`;

/** Key and right of a grant that speaks of one of `events.queues`; undefined for any other. */
export function queueGrantParts(grant: string): { readonly key: string; readonly right: "send" | "consume" } | undefined {
  const [, key, right] = /^queues\.(\w+)\.(send|consume)$/.exec(grant) ?? [];
  return key === undefined ? undefined : { key, right: right as "send" | "consume" };
}

/** How services may refer to the queues that there are. */
export const queueReferences = (
  events: Partial<Record<(typeof KNOWN)[number], Queue>> & { readonly queues: Readonly<Record<string, Queue>> },
): readonly QueueReference[] => [
  ...KNOWN.filter((name) => events[name]),
  ...Object.keys(events.queues).map((key) => `queues.${key}` as const),
];
