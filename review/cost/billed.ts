/** An estimate beside a bill, service by service as Cost Explorer names them. */
import type { DetailedLine } from "./charges";
import { isNothing } from "../numbers";

/** What Cost Explorer calls the service that an item of the price table is billed by. */
const SERVICES: readonly (readonly [RegExp, string])[] = [
  [/^(ec2|windows)\./, "Amazon Elastic Compute Cloud - Compute"],
  // Snapshots are those of AWS Backup here: nothing else makes any.
  [/^(ebs\.snapshot|dynamodb\.backup|backup\.)/, "AWS Backup"],
  [/^(ebs|nat|transfer)\./, "EC2 - Other"],
  [/^(ipv4|endpoint\.)/, "Amazon Virtual Private Cloud"],
  [/^alb\./, "Amazon Elastic Load Balancing"],
  [/^dns\./, "Amazon Route 53"],
  [/^waf\./, "AWS WAF"],
  [/^fargate/, "Amazon Elastic Container Service"],
  [/^eks\./, "Amazon Elastic Container Service for Kubernetes"],
  [/^ecr\./, "Amazon EC2 Container Registry (ECR)"],
  [/^rds\./, "Amazon Relational Database Service"],
  [/^elasticache\./, "Amazon ElastiCache"],
  [/^dynamodb\./, "Amazon DynamoDB"],
  [/^s3\./, "Amazon Simple Storage Service"],
  [/^sqs\./, "Amazon Simple Queue Service"],
  [/^sns\./, "Amazon Simple Notification Service"],
  [/^secret/, "AWS Secrets Manager"],
  [/^kms\./, "AWS Key Management Service"],
  [/^(logs\.|metric|alarm|dashboard)/, "AmazonCloudWatch"],
  [/^lambda/, "AWS Lambda"],
  [/^cloudfront\./, "Amazon CloudFront"],
  [/^cloudtrail\./, "AWS CloudTrail"],
  [/^config\./, "AWS Config"],
  [/^guardduty\./, "Amazon GuardDuty"],
  [/^inspector\./, "Amazon Inspector"],
  [/^securityhub\./, "AWS Security Hub"],
  [/^sagemaker/, "Amazon SageMaker"],
  [/^authority\./, "AWS Certificate Manager"],
  [/^scheduler\./, "CloudWatch Events"],
];

/** A type that the estimate does not know has no item of the table. */
export const serviceOf = (item: string): string | undefined => SERVICES.find(([pattern]) => pattern.test(item))?.[1];

export interface Compared {
  readonly service: string;
  /** US dollars of a month of 730 hours. */
  readonly estimated: number;
  /** US dollars of the month that was asked for. */
  readonly billed: number;
  /** Usage types of the bill, the dearest first. */
  readonly usage: readonly { readonly usageType: string; readonly dollars: number }[];
  /** Items of the price table that the estimate has no price for, though something of them is built. */
  readonly unpriced: readonly string[];
}

/** A line of a bill. */
interface BillLine {
  readonly service: string;
  readonly usageType: string;
  readonly dollars: number;
}

/** By service, where they differ most first; what neither side has is left out. */
export function comparedWithBill(lines: readonly DetailedLine[], bill: readonly BillLine[]): Compared[] {
  const parts = lines.flatMap((line) => line.parts).map((part) => ({ ...part, service: serviceOf(part.item) ?? "not known" }));
  const services = [...new Set([...parts, ...bill].map(({ service }) => service))];
  return services
    .map((service): Compared => {
      const own = parts.filter((part) => part.service === service);
      const usage = bill.filter((line) => line.service === service && !isNothing(line.dollars)).sort((a, b) => b.dollars - a.dollars);
      return {
        service,
        estimated: own.reduce((sum, { dollars = 0 }) => sum + dollars, 0),
        billed: bill.filter((line) => line.service === service).reduce((sum, { dollars }) => sum + dollars, 0),
        usage: usage.map(({ usageType, dollars }) => ({ usageType, dollars })),
        unpriced: [...new Set(own.filter(({ dollars }) => dollars === undefined).map(({ item }) => item))].sort(),
      };
    })
    .filter(({ estimated, billed, unpriced }) => !isNothing(estimated) || !isNothing(billed) || unpriced.length > 0)
    .sort((a, b) => Math.abs(b.billed - b.estimated) - Math.abs(a.billed - a.estimated) || (a.service < b.service ? -1 : 1));
}

/** What is billed though the estimate has nothing of it. */
export const missedBy = (compared: readonly Compared[]): Compared[] =>
  compared.filter(({ estimated, billed }) => isNothing(estimated) && !isNothing(billed));
