/** D4: the web application's tiers, of which two lie inside AWS's free tier. Priced as described: what is built of them stands beside much else. */
import { HOURS } from "../../../environments/facts/hours";
import { ofGroup } from "./items";
import { allowed, anHour, price, worth, type Allowance, type DescribedResource, type DocumentedLine, type DocumentedTable } from "./table";
import { money } from "../../numbers";

const NOT_BUILT = "No environment builds this tier: it is priced as the document describes it.";
const SMALL_BUILT =
  "Priced as the document describes it; an environment has it beside all else, and its shares of the allowances stand there (`npm run cost`, review/cost/free-tier.ts).";
const FREE_TIER =
  "The estimate never subtracts a free tier. Accounts since 2025-07-15 have credits for six months in place of twelve months of these allowances (https://github.com/aws/agent-toolkit-for-aws, aws-billing-and-cost-management/references/free-tier.md): the figures beside are what is left to pay then.";

/** D4 §4.1 to §4.8; no ElastiCache, load balancer or NAT gateway (CST-028). */
const SMALL: readonly DescribedResource[] = [
  {
    type: "aws_instance",
    name: "host",
    values: { instance_type: "t3.micro", associate_public_ip_address: true, user_data: "#!/bin/bash\n" },
  },
  {
    type: "aws_db_instance",
    name: "database",
    values: { engine: "postgres", instance_class: "db.t3.micro", storage_type: "gp3", allocated_storage: 20, multi_az: false },
  },
  { type: "aws_s3_bucket", name: "frontend" },
  { type: "aws_cloudfront_distribution", name: "edge" },
];

const free = (id: string, what: string, allowance: Allowance, isMeant: DocumentedLine["isMeant"], without: string): DocumentedLine => ({
  id,
  what,
  dollars: 0,
  allowance,
  isMeant,
  why: `${allowed(allowance)}. ${without}`,
});

/** What is used of the four allowances. @param used hours of the host and of the database, GB kept, GB sent */
const allowances = ({ hours, kept, sent }: { readonly hours: number; readonly kept: number; readonly sent: number }): DocumentedLine[] => [
  free(
    "CST-011",
    "EC2 t3.micro",
    { used: hours, free: 750, unit: "hours" },
    ofGroup("machines"),
    `Without it: $${price("ec2.t3.micro")} an hour.`,
  ),
  free(
    "CST-012",
    "RDS db.t3.micro",
    { used: hours, free: 750, unit: "hours" },
    ofGroup("RDS"),
    "Without it: its 20 GB are priced, its hours are not known.",
  ),
  free("CST-013", "S3", { used: kept, free: 5, unit: "GB" }, ofGroup("S3"), `Without it: $${price("s3.gigabyte")} a GB.`),
  free(
    "CST-014",
    "CloudFront",
    { used: sent, free: 50, unit: "GB" },
    ofGroup("CloudFront"),
    "The TB a month that CloudFront gives to everybody is not subtracted either (environments/facts/prices.ts).",
  ),
];

export const PERSONAL_TIER: DocumentedTable = {
  id: "CST-015",
  title: "Personal tier, inside the free tier (D4 ch. 1)",
  dollars: 0,
  configuration: { resources: SMALL, usage: { tradingBucketGigabytes: 1, edgeGigabytes: 3 } },
  lines: allowances({ hours: HOURS, kept: 1, sent: 3 }),
  contradictions: ["C-60"],
  reasons: [SMALL_BUILT, FREE_TIER],
};

export const FREE_TIER_FOR_SEVERAL: DocumentedTable = {
  id: "CST-011…CST-014",
  title: "Free tier for several users, with all of its allowances used (D4 ch. 2)",
  dollars: 0,
  configuration: {
    resources: SMALL.map((resource) =>
      // The ten metrics are counted where a host has its own.
      resource.name === "host" ? { ...resource, values: { ...resource.values, monitoring: true } } : resource,
    ),
    usage: { tradingBucketGigabytes: 5, edgeGigabytes: 50, hostMetrics: 10, detailedMetrics: 0 },
  },
  lines: [
    ...allowances({ hours: HOURS, kept: 5, sent: 50 }),
    free(
      "OBS-012",
      "CloudWatch, basic monitoring",
      { used: 10, free: 10, unit: "metrics" },
      ofGroup("CloudWatch"),
      `Without it: ${money(price("metric"))} a metric.`,
    ),
  ],
  contradictions: ["C-60"],
  reasons: [SMALL_BUILT, FREE_TIER],
};

export const STANDARD_TIER: DocumentedTable = {
  id: "CST-016…CST-019",
  title: "Standard tier (D4 ch. 3)",
  dollars: 86,
  configuration: {
    resources: [
      { type: "aws_lb", name: "load-balancer", values: { load_balancer_type: "application" } },
      { type: "aws_ecs_service", name: "api/service", values: { launch_type: "FARGATE", desired_count: 2 } },
      { type: "aws_ecs_task_definition", name: "api/task", values: { cpu: "512", memory: "1024" } },
      { type: "aws_db_instance", name: "database", values: { engine: "postgres", instance_class: "db.t3.small" } },
      { type: "aws_elasticache_cluster", name: "cache", values: { engine: "redis", node_type: "cache.t3.micro", num_cache_nodes: 1 } },
      { type: "aws_s3_bucket", name: "frontend" },
      { type: "aws_cloudfront_distribution", name: "edge" },
    ],
  },
  lines: [
    {
      id: "CST-016",
      what: "Application Load Balancer",
      dollars: 16,
      isMeant: ofGroup("load balancers"),
      why: `${anHour(16)}; the hour costs $${price("alb.hour")} here, and capacity units come on top.`,
    },
    {
      id: "CST-017",
      what: "ECS Fargate 0.5 vCPU, 1 GB × 2",
      dollars: 30,
      isMeant: ofGroup("Fargate"),
      why: `${anHour(30)}, or $${(30 / HOURS / 2).toFixed(4)} for each task; half a vCPU costs $${(price("fargate.x86_64.cpu") / 2).toFixed(4)} and a GB $${price("fargate.x86_64.memory")} here.`,
    },
    {
      id: "CST-018",
      what: "RDS db.t3.small",
      dollars: 25,
      isMeant: ofGroup("RDS"),
      why: `${anHour(25)}; no known price, and the document does not say how large its volume is: of gp3, $25.00 were ${worth(25, "rds.gp3", "GB")}.`,
    },
    {
      id: "CST-019",
      what: "ElastiCache cache.t3.micro",
      dollars: 15,
      isMeant: ofGroup("cache"),
      why: `${anHour(15)}; cache.t3.micro costs $${price("elasticache.cache.t3.micro")} here. D1 has $8 for the same node.`,
    },
  ],
  contradictions: ["C-60"],
  reasons: [NOT_BUILT, "The document gives no total; its lines add up to $86."],
};
