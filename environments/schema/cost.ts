/**
 * What an environment may cost, and how much it is assumed to be used: what no plan says. Part of schema.ts; review/cost reads it.
 *
 * Every figure of use is an assumption for a month, to be replaced by what the first bills show.
 */
import { z } from "zod";
import { email, integer, pattern, physicalName } from "./fields";

/** A quantity that may be a fraction, such as 0.5 GB. */
export const amount = (maximum: number, unit: string) => {
  const error = `a number of ${unit} from 0 to ${maximum}`;
  return z.number({ error }).min(0, { error }).max(maximum, { error });
};
const gigabytes = amount(1_000_000, "GB");
const requests = integer(0, 1_000_000_000_000, "requests");
const metrics = integer(0, 10_000, "metrics");

const usage = z.strictObject({
  /** Read request units of the orders table: a read of 4 KB. */
  tableReads: requests,
  /** Write request units of the orders table: a write of 1 KB. Each index that it reaches is written as well. */
  tableWrites: requests,
  /** What the table and its indexes hold. */
  tableGigabytes: gigabytes,
  /** What each of the three trading buckets holds, counted as S3 Standard; a copy in another region holds the same. */
  tradingBucketGigabytes: gigabytes,
  /** What each other bucket holds: states, access logs, software. */
  otherBucketGigabytes: gigabytes,
  /** Objects written to each trading bucket. */
  bucketWrites: requests,
  /** Objects read from each trading bucket. */
  bucketReads: requests,
  /** What each trading bucket sends to its copy. */
  replicatedGigabytes: gigabytes,
  /** What each vault of backups holds: what is in use of the volumes once, and what changed on each day that is kept. */
  backupGigabytes: gigabytes,
  /** What each plan of backups sends to the second region. */
  copiedBackupGigabytes: gigabytes,
  /** Of each queue; a reader that waits 20 s at a time makes 131,400. Dead letters are counted as none. */
  queueRequests: requests,
  /** Of each function of Lambda. */
  functionRequests: requests,
  /** How long a function runs for a request, on average. */
  functionSeconds: amount(900, "seconds"),
  /** Of each customer managed key. */
  keyRequests: requests,
  /** Taken in by each log group but the flow log's. */
  logGigabytes: gigabytes,
  /** Taken in by the flow log's group. */
  flowLogGigabytes: gigabytes,
  /** Processed by each NAT gateway. */
  natGigabytes: gigabytes,
  /** Processed by each interface endpoint. */
  endpointGigabytes: gigabytes,
  /** Capacity units that each load balancer uses on average. */
  loadBalancerUnits: amount(10_000, "capacity units"),
  /** What each load balancer sends to the Internet. */
  loadBalancerGigabytes: gigabytes,
  /** What each host sends to the Internet. */
  hostGigabytes: gigabytes,
  /** Requests that each web ACL looks at. */
  webAclRequests: requests,
  /** What each distribution sends to browsers (EDG-012). */
  edgeGigabytes: gigabytes,
  /** Requests that browsers make to each distribution, by TLS. */
  edgeRequests: requests,
  /** What each repository of images holds. */
  imageGigabytes: gigabytes,
  /** Metrics that EC2's detailed monitoring sends for each instance that has it. */
  detailedMetrics: metrics,
  /** Custom metrics that the CloudWatch agent and the programs of each host send. */
  hostMetrics: metrics,
  /** Metrics that Container Insights makes for an ECS cluster with its services. */
  insightsMetrics: metrics,
});

const percent = integer(1, 1000, "percent");
/** AWS Budgets knows names by the account. https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html */
const budgetName = physicalName(
  "budget",
  pattern(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$/, "1 to 100 of A-Z, a-z, 0-9, space and ._-, a letter or digit first"),
);

/** Who is told when money is spent, and how much of it (CST-030). AWS looks some times a day: nothing that must act at once hangs on it. */
export const budgetTold = {
  name: budgetName,
  /** What a period of it is; the amount is that of a month, reckoned to the period. */
  timeUnit: z.enum(["DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY"]).default("MONTHLY"),
  /** Percent of the amount that was spent. */
  actualPercent: z.array(percent).max(10).default([50, 80, 100]),
  /** Percent of the amount that AWS expects to be spent by the end of the period. */
  forecastPercent: z.array(percent).max(10).default([100]),
  /** Told by mail, beside the topic of alerts. */
  emails: z.array(email).max(10).default([]),
};

export const cost = z.strictObject({
  /** US dollars a month. A change that raises the estimate above it is refused (review/cost/findings.ts). */
  budgetDollars: integer(1, 1_000_000, "US dollars a month"),
  /** AWS's own budget of that amount, over what carries the environment's tag. */
  budget: z.strictObject(budgetTold).optional(),
  usage,
});

export type Usage = z.output<typeof usage>;
