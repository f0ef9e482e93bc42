/** D1 §1.2: the Windows host as it runs today, $43.50. */
import type { Environment } from "../../../environments/schema";
import { money } from "../../numbers";
import { groupOf, ofGroup, sumOf, type Item } from "./items";
import { anHour, price, worth, type DocumentedTable } from "./table";

/** Up to three formulas; of more, the sums by item. */
function assumed(items: readonly Item[]): string {
  const charged = items.filter(({ part }) => part.dollars);
  const sums = new Map<string, number>();
  for (const {
    part: { item, dollars = 0 },
  } of charged)
    sums.set(item, (sums.get(item) ?? 0) + dollars);
  const shown =
    charged.length <= 3
      ? charged.map(({ part }) => part.formula)
      : [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([item, value]) => `${item} ${money(value)}`);
  return `By the assumptions in the literal: ${shown.join(" + ") || "nothing"}.`;
}

function hoursOfHost(items: readonly Item[], { name, schedule, windows: { instanceType } }: Environment): string {
  const hours = sumOf(items) / (price(`ec2.${instanceType}`) + price(`windows.${instanceType}`));
  return schedule ? `The host of ${name} runs ${hours.toFixed(0)} hours, being stopped while it rests.` : "";
}

const secret = (index: number) => ({ type: "aws_secretsmanager_secret", name: `secret-${index}` }) as const;
const alarm = (name: string) => ({ type: "aws_cloudwatch_metric_alarm", name }) as const;

export const WINDOWS_BASELINE: DocumentedTable = {
  id: "CST-008",
  title: "Windows baseline, current (D1 §1.2)",
  dollars: 43.5,
  environment: "dev",
  configuration: {
    resources: [
      {
        type: "aws_instance",
        name: "host",
        values: {
          instance_type: "t3.small",
          // Windows Server 2022; the volume stands in D1 §3.1, the address in §2.1.
          get_password_data: true,
          associate_public_ip_address: true,
          root_block_device: { volume_type: "gp3", volume_size: 30 },
        },
      },
      {
        type: "aws_dynamodb_table",
        name: "order-state",
        values: { billing_mode: "PAY_PER_REQUEST", point_in_time_recovery: { enabled: true } },
      },
      { type: "aws_elasticache_cluster", name: "cache", values: { engine: "redis", node_type: "cache.t3.micro", num_cache_nodes: 1 } },
      { type: "aws_s3_bucket", name: "raw-data" },
      { type: "aws_sqs_queue", name: "orders", values: { name: "TSS_OrderRequestQueue" } },
      { type: "aws_cloudwatch_log_group", name: "logs", values: { name: "/aws/ec2/axia-tss", retention_in_days: 30 } },
      // D1 §7.2; its four metrics of its own are designed and not sent yet.
      ...["cpu", "throttles", "dead-letters"].map(alarm),
      ...[1, 2, 3, 4, 5].map(secret),
    ],
    usage: { tradingBucketGigabytes: 10 },
  },
  lines: [
    {
      id: "CST-001",
      what: "EC2 t3.small (Windows)",
      dollars: 24,
      // The web application's machine is another document's.
      isMeant: (item) => item.line.type === "aws_instance" && groupOf(item) === "machines" && !item.line.stack.endsWith("-web"),
      why: `${anHour(24)}; t3.small costs $${price("ec2.t3.small")} here, and $${price("windows.t3.small")} more with Windows.`,
      built: hoursOfHost,
    },
    {
      id: "CST-002",
      what: "DynamoDB on demand",
      dollars: 3,
      isMeant: ofGroup("DynamoDB"),
      why: `The document has no amounts: $3.00 are ${worth(3, "dynamodb.write", "units to write")}, or ${worth(3, "dynamodb.read", "units to read")}.`,
      built: assumed,
    },
    {
      id: "CST-003",
      what: "ElastiCache cache.t3.micro",
      dollars: 8,
      isMeant: ofGroup("cache"),
      why: `${anHour(8)}; cache.t3.micro costs $${price("elasticache.cache.t3.micro")} here. D4 has $15 for the same node.`,
    },
    {
      id: "CST-004",
      what: "S3 Standard, 10 GB",
      dollars: 2,
      isMeant: ofGroup("S3"),
      why: `The document has no requests: what is left of $2.00 would be ${worth(2 - 10 * price("s3.gigabyte"), "s3.write", "writes")}.`,
      built: assumed,
    },
    {
      id: "CST-005",
      what: "SQS standard queue",
      dollars: 1,
      isMeant: ofGroup("SQS"),
      why: `The document has no requests: $1.00 are ${worth(1, "sqs.request", "requests")}; a reader that waits 20 s at a time makes 131,400 a month.`,
      built: assumed,
    },
    {
      id: "CST-006",
      what: "CloudWatch logs and metrics",
      dollars: 3,
      isMeant: ofGroup("CloudWatch"),
      why: `The document has no amounts: $3.00 are ${worth(3, "metric", "metrics")}, or ${worth(3, "logs.in", "GB of logs")}. Its three alarms are priced.`,
      built: assumed,
    },
    {
      id: "CST-007",
      what: "Secrets Manager, 5 secrets (being set up)",
      dollars: 2.5,
      isMeant: ofGroup("secrets"),
      why: `$2.50 are five secrets at $0.50; one costs ${money(price("secret"))}.`,
      // RMP-012.
      built: (items) => `${items.length} are built.`,
    },
  ],
  contradictions: ["C-50", "C-60", "C-65"],
  reasons: [
    "The table leaves out volumes, snapshots, public addresses and transfer, and knows no container services yet.",
    "Copies of the buckets in a second region, which D1 §8.1 shows and appendix B calls future, are in no figure; prod's estimate has them.",
  ],
};
