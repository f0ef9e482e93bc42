/**
 * What AWS gives for nothing, by what an account has. All of it is one account's (of an organisation, all accounts' together), and shared with
 * whatever else stands there: https://aws.amazon.com/free/free-tier-faqs/
 *
 * AWS shows what an account has and uses of it: `aws freetier get-account-plan-state`, `get-free-tier-usage`.
 */
import { SOURCES } from "./prices";

/**
 * - `credits`: opened on 2025-07-15 or later: credits for six months, and what is always free.
 * - `legacy`: opened before: allowances for twelve months from the day it was opened, and what is always free.
 * - `none`: neither, or others in the account have used it up; what is always free stays.
 */
export const FREE_TIERS = ["credits", "legacy", "none"] as const;
export type FreeTier = (typeof FREE_TIERS)[number];

/**
 * Half of it at once, the other half for things that are tried out. Read on 2026-11-30:
 * https://raw.githubusercontent.com/aws/agent-toolkit-for-aws/main/skills/core-skills/aws-billing-and-cost-management/references/free-tier.md
 */
export const CREDITS = { dollars: 200, months: 6 };

export interface Allowance {
  /** What it is of. */
  readonly what: string;
  /** Of a month. */
  readonly free: number;
  readonly unit: string;
  /** For every account; otherwise for the first twelve months of one of the plan `legacy`. */
  readonly isAlways: boolean;
  /** Where it was read, on 2026-11-30. */
  readonly source: string;
}

const TWELVE_MONTHS = "https://c3x.dev/blog/aws-free-tier-explained";
const RDS = "https://www.usage.ai/blogs/aws/reserved-instances/rds/free-tier-rds/";
const CLOUDWATCH =
  "https://aws.amazon.com/cloudwatch/pricing/, as api-evangelist/cloudwatch quotes it (plans/cloudwatch-plans-pricing.yml)";
const CLOUDFRONT =
  "https://aws.amazon.com/cloudfront/pricing/, as api-evangelist/cloudfront quotes it (plans/cloudfront-plans-pricing.yml)";

const legacy = (what: string, free: number, unit: string, source: string): Allowance => ({ what, free, unit, isAlways: false, source });
const always = (what: string, free: number, unit: string, source: string): Allowance => ({ what, free, unit, isAlways: true, source });

export const ALLOWANCES = {
  machines: legacy("EC2 t3.micro or t2.micro", 750, "h", TWELVE_MONTHS),
  volumes: legacy("volumes of machines", 30, "GB", TWELVE_MONTHS),
  // Of EC2's; a load balancer's and a NAT gateway's are charged.
  addresses: legacy(
    "public IPv4 addresses of machines",
    750,
    "h",
    "https://repost.aws/articles/ARknH_OR0cTvqoTfJrVGaB8A/why-am-i-seeing-charges-for-public-ipv4-addresses-when-i-am-under-the-aws-free-tier",
  ),
  databases: legacy("RDS micro, in one zone", 750, "h", RDS),
  databaseStorage: legacy("storage of databases", 20, "GB", RDS),
  buckets: legacy("S3 Standard", 5, "GB", TWELVE_MONTHS),
  images: legacy("private images in ECR", 0.5, "GB", "https://gist.github.com/mkfmnn/c18899c1337f3cd5402b4f1b7782deff"),
  // Detailed monitoring of a machine sends such too.
  metrics: always("CloudWatch's metrics", 10, "metrics", CLOUDWATCH),
  alarms: always("CloudWatch's alarms", 10, "alarms", CLOUDWATCH),
  logs: always("logs, taken in and kept", 5, "GB", CLOUDWATCH),
  transfer: always("from machines to the Internet", 100, "GB", TWELVE_MONTHS),
  edgeTransfer: always("from CloudFront to browsers", 1000, "GB", CLOUDFRONT),
  edgeRequests: always("requests to CloudFront", 10_000_000, "requests", CLOUDFRONT),
  edgeFunctions: always("runs of CloudFront's functions", 2_000_000, "runs", SOURCES.edge.address),
  keyRequests: always(
    "requests to customer managed keys",
    20_000,
    "requests",
    "https://gist.github.com/dasgoll/b88d5be05dcc0deb052ad40446c2fb40",
  ),
} as const satisfies Readonly<Record<string, Allowance>>;
export type AllowanceName = keyof typeof ALLOWANCES;

/** Which of them counts in a region: `aws ec2 describe-instance-types --filters Name=free-tier-eligible,Values=true`. */
export const FREE_MACHINES: readonly string[] = ["t2.micro", "t3.micro"];
export const FREE_DATABASES: readonly string[] = ["db.t2.micro", "db.t3.micro", "db.t4g.micro"];
