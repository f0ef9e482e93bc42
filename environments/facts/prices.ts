/**
 * What AWS charges in Tokyo and Osaka, on demand and without taxes, free tiers and discounts: each price with its source and the day of it.
 *
 * AWS's own pages need a browser, so the source that counts is the price list,
 * `https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/<service>/current/<region>/index.json`; it was out of reach when this table
 * was made. What stands here was read in public files that quote it, and says so. Where none was found the price is `unknown`: it is never
 * taken from memory, nor from another region. docs/cost.md says how a price is brought up to date.
 */

/** The last day on which prices were looked for; each has the day of its own source. */
export const PRICES_OF = "2026-11-30";

export const TOKYO = "ap-northeast-1";
export const OSAKA = "ap-northeast-3";

export interface Source {
  /** Of the page or file that was read, or of the list that it quotes where it has no lasting address. */
  readonly address: string;
  /** What was read, so that a person finds it again. */
  readonly what: string;
  /** Day of the source, ISO; of the day it was read where it names none, which `what` then says. */
  readonly date: string;
}

const PRICE_LIST = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws";

export const SOURCES = {
  catalogue: {
    address: "https://github.com/skypilot-org/skypilot-catalog/blob/00148f2af3672e2229b4f7bf8157d5a3f36e3c35/catalogs/v8/aws/vms.csv",
    what: "SkyPilot's catalogue of EC2 types by zone, Linux on demand; the file names no day, it was read on this one",
    date: "2026-11-21",
  },
  list: {
    address: `${PRICE_LIST}/<service>/current/ap-northeast-1/index.json`,
    what: "The price list as cost_model.py of a project called milk-camera (HOANG-P02, HOANG-P03) quotes it, line by line with the usage type; lists of 2026-09-16 to 2026-09-23",
    date: "2026-09-23",
  },
  network: {
    address: `${PRICE_LIST}/AmazonVPC/current/ap-northeast-1/index.json`,
    what: "The price list as a page named “Cost Estimate: ECSコスト最適化” quotes it, by usage type",
    date: "2026-09-25",
  },
  balancer: {
    address: `${PRICE_LIST}/AWSELB/current/ap-northeast-1/index.json`,
    what: "The price list as Spanish notes on hosting in Tokyo quote it (APN1-LoadBalancerUsage, APN1-LCUUsage, APN1-Fargate-ARM-*)",
    date: "2026-08-27",
  },
  volumes: {
    address: `${PRICE_LIST}/AmazonEC2/current/ap-northeast-1/index.json`,
    what: "The price list as cost_comparison.py (EBS beside FSx for ONTAP) quotes it, with stock numbers such as C8Y3GJZBQTH8T5JV",
    date: "2026-09-13",
  },
  large: {
    address: `${PRICE_LIST}/AmazonEC2/current/ap-northeast-1/index.json`,
    what: "The price list as a note on a t3.large in Tokyo quotes it (“Price List API values retrieved on 2026-06-19”)",
    date: "2026-06-19",
  },
  natInstance: {
    address: "https://jamasakura.com/wp/2022/10/aws-nat-instance1",
    what: "NAT gateway beside NAT instance in Tokyo",
    date: "2022-10-01",
  },
  licence: {
    address: "https://aws.amazon.com/ec2/pricing/on-demand/",
    what: "Windows less Linux of T3 in us-east-1, by the table “Windows pricing, locked” of a training ground's design: the licence is charged by pairs of vCPU, whatever Linux costs; the table names no day, it was read on this one",
    date: "2026-11-21",
  },
  cache: {
    address: `${PRICE_LIST}/AmazonElastiCache/current/ap-northeast-1/index.json`,
    what: "An entry of the price list (APN1-NodeUsage:cache.t3.micro, Redis) among the test data of a Go program; to be confirmed first; it names no day, it was read on this one",
    date: "2026-11-21",
  },
  node: {
    address: `${PRICE_LIST}/AmazonElastiCache/current/ap-northeast-1/index.json`,
    what: "APN1-NodeUsage:cache.t4g.micro of Redis, “~$0.025/hr”, among the instructions of a tool that prices Terraform, where a fixture pins it; to be confirmed; it names no day, it was read on this one",
    date: "2026-11-30",
  },
  database: {
    address: `${PRICE_LIST}/AmazonRDS/current/ap-northeast-1/index.json`,
    what: "The price list as a Japanese report on the capacity of an ECS service (20261008_aws-traffic-capacity) quotes it and its script reads it: APN1-RDS:GP3-Storage, APN1-InstanceUsage:db.t4g.micro of PostgreSQL in one zone",
    date: "2026-10-08",
  },
  table: {
    address: `${PRICE_LIST}/AmazonDynamoDB/current/ap-northeast-1/index.json`,
    what: "An entry of the price list (APN1-TimedStorage-ByteHrs) among the test data of a calculator; to be confirmed; it names no day, it was read on this one",
    date: "2026-11-21",
  },
  logs: {
    address: "https://takech9203.github.io/aws-news-summary/20260211-aws-msk-express-brokers-support-broker-logs.html",
    what: "Prices of CloudWatch Logs in Tokyo beside an announcement",
    date: "2026-02-11",
  },
  functions: {
    address: `${PRICE_LIST}/AWSLambda/current/ap-northeast-1/index.json`,
    what: "Entries of the price list (APN1-Request-ARM, APN1-Lambda-GB-Second-ARM) among the test data of a calculator, “buildRegionPrices”; to be confirmed: its figures of x86 are those that another file read in the list of 2026-07-01; it names no day, it was read on this one",
    date: "2026-11-29",
  },
  dashboards: {
    address: `${PRICE_LIST}/AmazonCloudWatch/current/index.json`,
    what: "The price list as a page named “Stage 6 cost authority” quotes it (DashboardsUsageHour and DashboardsUsageHour-Basic, location Any: one price for every region); it names no day, it was read on this one",
    date: "2026-11-29",
  },
  edge: {
    address: `${PRICE_LIST}/AmazonCloudFront/current/index.json`,
    what: "The price list as a Japanese page on costs quotes it (JP-DataTransfer-Out-Bytes, JP-Requests-Tier2-HTTPS; published 2026-09-16)",
    date: "2026-09-16",
  },
  edgeFunctions: {
    address: "https://cur.vantage.sh/aws/amazoncloudfront/",
    what: "Executions-CloudFrontFunctions, one price for every place; the page names no day, it was read on this one",
    date: "2026-11-30",
  },
  authority: {
    address: "https://aws.amazon.com/private-ca/pricing/",
    what: "“$400 per private CA per month for general-purpose mode”, “$50 … for short-lived certificate mode”, without a region; the page names no day, it was read on this one",
    date: "2026-11-30",
  },
  zones: {
    address: "https://aws.amazon.com/route53/pricing/",
    what: "“$0.50 per hosted zone per month for the first 25 hosted zones”, as amazon-route53-resolver-plans-pricing.yml of api-evangelist quotes the page word by word; one price for every region",
    date: "2026-09-20",
  },
} as const satisfies Readonly<Record<string, Source>>;

type SourceName = keyof typeof SOURCES;

export interface Price {
  /** What one of it is, such as `hour`. */
  readonly unit: string;
  /** US dollars by region; a region that is not named is unknown as well. */
  readonly regions: Readonly<Record<string, { readonly dollars: number; readonly source: SourceName } | "unknown">>;
}

const inTokyo = (unit: string, dollars: number, source: SourceName): Price => ({ unit, regions: { [TOKYO]: { dollars, source } } });
const inBoth = (unit: string, dollars: number, source: SourceName, osaka = dollars): Price => ({
  unit,
  regions: { [TOKYO]: { dollars, source }, [OSAKA]: { dollars: osaka, source } },
});
const unknown = (unit: string): Price => ({ unit, regions: { [TOKYO]: "unknown", [OSAKA]: "unknown" } });

export const PRICES: Readonly<Record<string, Price>> = {
  // --- machines; Windows is Linux and its licence ---
  "ec2.t3.nano": inBoth("hour", 0.0068, "catalogue"),
  "ec2.t3.micro": inBoth("hour", 0.0136, "catalogue"),
  "ec2.t3.small": inTokyo("hour", 0.0272, "catalogue"),
  "ec2.t3.medium": inBoth("hour", 0.0544, "catalogue"),
  "ec2.t3.large": inTokyo("hour", 0.1088, "large"),
  "ec2.t4g.nano": inTokyo("hour", 0.0054, "natInstance"),
  "ec2.t4g.small": inBoth("hour", 0.0216, "catalogue", 0.0218),
  "ec2.t4g.medium": inBoth("hour", 0.0432, "catalogue", 0.0435),
  "ec2.t4g.large": inBoth("hour", 0.0864, "catalogue", 0.087),
  "ec2.t4g.xlarge": inBoth("hour", 0.1728, "catalogue", 0.1741),
  "ec2.m7i.large": inTokyo("hour", 0.1302, "list"),
  "ec2.m7i.xlarge": inTokyo("hour", 0.2604, "list"),
  "ec2.m6i.xlarge": unknown("hour"),
  "windows.t3.small": inBoth("hour", 0.0184, "licence"),
  "windows.t3.medium": inBoth("hour", 0.0184, "licence"),
  "windows.t3.large": inBoth("hour", 0.0276, "licence"),
  "ebs.gp3": inTokyo("GB-month", 0.096, "volumes"),
  "ebs.gp3.iops": inTokyo("IOPS-month above 3000", 0.006, "volumes"),
  // $49.152 for each GiB/s.
  "ebs.gp3.throughput": inTokyo("MiB/s-month above 125", 0.048, "volumes"),
  "ebs.snapshot": inTokyo("GB-month", 0.05, "volumes"),
  "ebs.gp2": inTokyo("GB-month", 0.12, "volumes"),

  // --- network ---
  ipv4: inTokyo("hour", 0.005, "network"),
  "nat.hour": inTokyo("hour", 0.062, "network"),
  "nat.gigabyte": inTokyo("GB", 0.062, "network"),
  "endpoint.hour": inTokyo("hour", 0.014, "network"),
  "endpoint.gigabyte": inTokyo("GB", 0.01, "network"),
  "alb.hour": inTokyo("hour", 0.0243, "balancer"),
  "alb.unit": inTokyo("capacity unit and hour", 0.008, "balancer"),
  "transfer.internet": inTokyo("GB", 0.114, "list"),
  "transfer.region": inTokyo("GB to Osaka", 0.09, "list"),
  // Of a domain; nobody makes one here.
  "dns.zone": inBoth("hosted zone and month", 0.5, "zones"),

  // --- containers ---
  "fargate.x86_64.cpu": inTokyo("vCPU and hour", 0.05056, "network"),
  "fargate.x86_64.memory": inTokyo("GB and hour", 0.00553, "network"),
  "fargate.arm64.cpu": inTokyo("vCPU and hour", 0.04045, "balancer"),
  "fargate.arm64.memory": inTokyo("GB and hour", 0.00442, "balancer"),
  "eks.hour": inTokyo("hour", 0.1, "list"),
  "ecr.gigabyte": inTokyo("GB-month", 0.1, "list"),

  // --- data ---
  "rds.postgres.db.t3.medium": unknown("hour"),
  "rds.postgres.db.t3.micro": unknown("hour"),
  "rds.postgres.db.t3.small": unknown("hour"),
  "rds.postgres.db.t4g.micro": inTokyo("hour", 0.025, "database"),
  "rds.gp3": inTokyo("GB-month", 0.138, "database"),
  "rds.copies": unknown("GB-month of automated backups in another region"),
  "dynamodb.backup": unknown("GB-month of backups by AWS Backup"),
  "backup.test": unknown("backup that is restored on trial"),
  "elasticache.cache.t3.micro": inTokyo("hour", 0.026, "cache"),
  "elasticache.cache.t4g.micro": inTokyo("hour", 0.025, "node"),
  "dynamodb.write": inTokyo("write unit", 0.000000715, "list"),
  "dynamodb.read": inTokyo("read unit", 0.0000001425, "list"),
  "dynamodb.gigabyte": inTokyo("GB-month", 0.285, "table"),
  "dynamodb.recovery": unknown("GB-month of recovery to a point in time"),
  "s3.gigabyte": inBoth("GB-month", 0.025, "list"),
  "s3.write": inBoth("request", 0.0000047, "list"),
  "s3.read": inTokyo("request", 0.00000037, "list"),

  // --- messages, secrets, watching ---
  "sqs.request": inTokyo("request", 0.0000004, "list"),
  "sns.request": unknown("request"),
  "scheduler.invocation": unknown("invocation"),
  "lambda.arm64.request": inTokyo("request", 0.0000002, "functions"),
  "lambda.arm64.second": inTokyo("GB and second", 0.0000133334, "functions"),
  "lambda.x86_64.request": inTokyo("request", 0.0000002, "list"),
  "lambda.x86_64.second": inTokyo("GB and second", 0.0000166667, "list"),
  secret: inTokyo("secret and month", 0.4, "list"),
  // The first month of an account's first is free.
  "authority.general": inBoth("authority and month", 400, "authority"),
  "authority.shortLived": inBoth("authority and month", 50, "authority"),
  "kms.key": inBoth("key and month", 1, "list"),
  "kms.request": inTokyo("request", 0.000003, "list"),
  "waf.acl": inTokyo("web ACL and month", 5, "list"),
  "waf.rule": inTokyo("rule and month", 1, "list"),
  "waf.request": inTokyo("request", 0.0000006, "list"),
  // By where the browser is: Japan. 1 TB, ten million requests and two million runs of functions are free each month.
  "cloudfront.gigabyte": inTokyo("GB", 0.114, "edge"),
  "cloudfront.request": inTokyo("request", 0.0000012, "edge"),
  "cloudfront.function": inTokyo("run of a function", 0.0000001, "edgeFunctions"),
  "logs.in": inTokyo("GB taken in", 0.76, "list"),
  "logs.kept": inTokyo("GB-month", 0.033, "logs"),
  metric: inTokyo("metric and month", 0.3, "list"),
  "alarm.anomaly": unknown("alarm with anomaly detection and month"),
  "alarm.composite": unknown("alarm and month"),
  // Three of an account with up to 50 metrics each are free.
  dashboard: inBoth("dashboard and month", 3, "dashboards"),
  alarm: inTokyo("alarm metric and month", 0.1, "list"),

  // --- what watches the account: how much it looks at is said by no plan (review/cost/types/account.ts) ---
  "config.item": inTokyo("configuration item that is recorded", 0.003, "list"),
  "config.evaluation": inTokyo("evaluation by a rule", 0.001, "list"),
  "guardduty.event": inTokyo("management event that is looked at", 0.00000472, "list"),
  "guardduty.gigabyte": inTokyo("GB of flow records that is looked at", 1.18, "list"),
  "securityhub.check": inTokyo("check", 0.001, "list"),
};

/** Dollars for one; undefined where none is known. */
export function dollarsFor(item: string, region: string): number | undefined {
  const found = PRICES[item]?.regions[region];
  return found === undefined || found === "unknown" ? undefined : found.dollars;
}
