/** D2 §3.12.1: totals of version 2.0 without lines; what they are for stands in §3.5 to §3.11 (C-61). */
import { money } from "../../numbers";
import { HOURS } from "../../../environments/facts/hours";
import { price, type Configuration, type DescribedResource, type DocumentedTable } from "./table";

/** The cheapest machine of Linux that the price table has. */
const LEAST_NAT_INSTANCE = HOURS * price("ec2.t4g.nano");
const PHASE_1 = 34.06;
const PHASE_2 = 37.49;

const named = <T extends DescribedResource["type"]>(type: T, ...names: string[]) => names.map((name) => ({ type, name }));
const INDEXES = [1, 2, 3, 4, 5].map((index) => ({ name: `GSI${index}` }));

const engine = (isPublic: boolean): DescribedResource => ({
  type: "aws_instance",
  name: "engine",
  values: {
    instance_type: "t4g.small",
    associate_public_ip_address: isPublic,
    root_block_device: { volume_type: "gp3", volume_size: 10 },
    // What the host sends itself is counted with EC2's metrics.
    monitoring: true,
  },
});

const COMMON: readonly DescribedResource[] = [
  { type: "aws_elasticache_cluster", name: "cache", values: { engine: "redis", node_type: "cache.t4g.micro", num_cache_nodes: 1 } },
  { type: "aws_dynamodb_table", name: "order-state", values: { billing_mode: "PAY_PER_REQUEST", global_secondary_index: INDEXES } },
  ...named("aws_s3_bucket", "raw-market-data", "processed-market-data", "backtest-results"),
  { type: "aws_sqs_queue", name: "orders", values: { name: "TSS_OrderRequestQueue", redrive_policy: "to the dead letters" } },
  { type: "aws_sqs_queue", name: "dead-letters", values: { name: "TSS_OrderRequestQueue_DLQ" } },
  ...named("aws_sns_topic", "events"),
  ...named("aws_lambda_function", "slack-notification", "alert-ingestion"),
  { type: "aws_sagemaker_notebook_instance", name: "notebook", values: { instance_type: "ml.t3.medium" } },
  ...named("aws_cloudwatch_metric_alarm", "cpu", "dead-letters", "broker", "heartbeat", "cache-memory", "function-errors"),
  ...named("aws_cloudwatch_dashboard", "dashboard"),
  ...named("aws_cloudwatch_log_group", "engine", "function"),
  ...named("aws_secretsmanager_secret", "broker", "slack", "database"),
];
/** Four of the trading system and the memory of the host, which EC2 does not know; EC2's own are the free ones. */
const USAGE: Configuration["usage"] = { hostMetrics: 5, detailedMetrics: 0 };

export const PHASES: readonly DocumentedTable[] = [
  {
    id: "CST-009",
    title: "Version 2.0, phase 1, demo (D2 §3.12.1)",
    dollars: PHASE_1,
    environment: "dev",
    configuration: { resources: [engine(true), ...COMMON], usage: USAGE },
    lines: [],
    contradictions: ["C-60", "C-65"],
    reasons: ["The document gives the total (about 5,200 yen) without lines."],
  },
  {
    id: "CST-010",
    title: "Version 2.0, phase 2, production (D2 §3.12.1)",
    dollars: PHASE_2,
    environment: "prod",
    configuration: {
      resources: [
        engine(false),
        // Of no type that the document names.
        { type: "aws_instance", name: "nat", values: { user_data: "#!/bin/sh" } },
        ...named("aws_eip", "nat-address"),
        ...COMMON,
      ],
      usage: USAGE,
    },
    lines: [],
    contradictions: ["C-61", "C-65", "C-74"],
    reasons: [
      "The document gives the total (about 5,700 yen) without lines; NAT gateways, a load balancer and RDS in two zones stand in its diagrams, and it has no room for any of them.",
      `Hours alone are ${money(HOURS * price("nat.hour"))} for a NAT gateway and ${money(HOURS * price("alb.hour"))} for a load balancer; between the phases lie ${money(PHASE_2 - PHASE_1)}, and the least NAT instance, a t4g.nano, is ${money(LEAST_NAT_INSTANCE)}.`,
      "Keys of one's own, at $1 each with their requests, are in no document's table; staging and prod have them.",
    ],
  },
];
