/** What a literal says of the account as a whole (SEC-048, SEC-072, SEC-074, SEC-075; docs/account.md). Part of schema.ts. */
import { z } from "zod";
import { budgetTold } from "./cost";
import { email, integer, pattern, physicalName, tagKey, topicName } from "./fields";

/** The account has one already, such as its organisation's, and none is made beside it. */
const existing = z.strictObject({ existing: z.literal(true) });

/** Either what exists already, or what is to be made. */
const ownOr = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.discriminatedUnion("existing", [existing, z.strictObject({ existing: z.literal(false), ...shape })], {
    error: "an object whose existing is true (and nothing else in it), or false",
  });

const analyzerName = physicalName(
  "analyzer",
  pattern(/^[A-Za-z][A-Za-z0-9_.-]{0,254}$/, "1 to 255 of A-Z, a-z, 0-9 and _.-, a letter first"),
);

/** https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_AnomalyMonitor.html */
const monitorName = pattern(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,255}$/, "1 to 256 of A-Z, a-z, 0-9, space and ._-, a letter or digit first");
const monitorArn = pattern(
  /^arn:aws:ce::\d{12}:anomalymonitor\/[0-9a-f-]{36}$/,
  "the ARN of a monitor such as arn:aws:ce::111122223333:anomalymonitor/12345678-1234-1234-1234-123456789012",
);

/**
 * The account's own things, once an account: they stand in the literal that has its `bootstrap`, and nowhere else. What is left out is off.
 * What has an `existing` may be there already, of the organisation or of somebody's hands: a second copy of management events is billed, and
 * a region has one recorder and one detector.
 */
export const accountWide = z.strictObject({
  /** Tells who outside of the account can reach something in it (SEC-048); free, in every region that the environment uses. */
  accessAnalyzer: ownOr({ name: analyzerName }).optional(),
  /** What the account as a whole may cost, whatever carries a tag and whatever does not (CST-030). */
  budget: z.strictObject({ ...budgetTold, dollars: integer(1, 1_000_000, "US dollars a month") }).optional(),
  /** Tells of a service that costs more than it used to (CST-031), once a day; free. */
  anomalies: z
    .strictObject({
      /** AWS allows one monitor of services an account: by its ARN, where there is one. New accounts have one by themselves. */
      monitor: z.discriminatedUnion(
        "existing",
        [z.strictObject({ existing: z.literal(true), arn: monitorArn }), z.strictObject({ existing: z.literal(false), name: monitorName })],
        { error: "an object whose existing is true, with its arn, or false, with a name" },
      ),
      /** Of the subscription. */
      name: monitorName,
      /** US dollars that something costs above what was expected, before anybody is told. */
      thresholdDollars: integer(1, 1_000_000, "US dollars"),
    })
    .optional(),
  /** Keys of tags by which costs are told apart (CST-032). AWS knows a key about a day after something first carries it, and none sooner (docs/money.md). */
  costAllocationTags: z.array(tagKey).max(50).optional(),
  /** An alarm on what the account has cost since the month began (CST-034, OBS-034): in us-east-1, where alone AWS says it, with a topic there. */
  billingAlarm: z
    .strictObject({
      name: pattern(/^[\x21-\x7e][\x20-\x7e]{0,254}$/, "1 to 255 printable characters"),
      topicName,
      dollars: integer(1, 1_000_000, "US dollars"),
      emails: z.array(email).min(1, { error: "1 to 10 addresses" }).max(10, { error: "1 to 10 addresses" }),
    })
    .optional(),
});
