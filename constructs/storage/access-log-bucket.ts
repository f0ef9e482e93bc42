import { DataAwsElbServiceAccount } from "@cdktf/provider-aws/lib/data-aws-elb-service-account";
import type { Construct } from "constructs";
import { Bucket, type AccessLogTarget } from "./bucket";

export interface AccessLogBucketProps {
  /** Physical name, 3 to 63 characters, unique in the world. */
  readonly name: string;
  /** Twelve digits: the account whose buckets may be logged here. */
  readonly account: string;
  /** Days that an entry is kept. */
  readonly expirationDays: number;
  /** There is a bucket of this name, which is taken over. @default false */
  readonly existing?: boolean;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

/** Days that an overwritten or deleted log file can be brought back: time enough to notice that someone wiped their traces. */
const NONCURRENT_VERSION_DAYS = 30;

/**
 * Where other buckets of the region write their access logs (SEC-073). Encrypted by S3 itself, never by a customer key:
 * log delivery cannot use one (C-74). It has no log of its own, which would log its own writing without end.
 */
export class AccessLogBucket extends Bucket implements AccessLogTarget {
  private readonly account: string;
  private readonly sources: string[] = [];
  private loadBalancing?: DataAwsElbServiceAccount;

  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    const { name, account, existing, expirationDays, protect = true } = props;
    super(scope, id, { name, expirationDays, noncurrentVersionDays: NONCURRENT_VERSION_DAYS, existing, protect });
    this.account = account;
  }

  allowDeliveryFrom(bucketArn: string): void {
    // The policy is written when all buckets are known, so that one statement names them all.
    if (this.sources.length === 0) {
      this.addToPolicy({
        sid: "AccessLogs",
        principals: { Service: "logging.s3.amazonaws.com" },
        actions: ["s3:PutObject"],
        resources: [`${this.arn}/*`],
        conditions: { ArnEquals: { "aws:SourceArn": this.sources }, StringEquals: { "aws:SourceAccount": this.account } },
      });
    }
    this.sources.push(bucketArn);
  }

  /** For a bucket of a later stack, known here by its name alone: this stack cannot wait for it. */
  forBucketNamed(bucketName: string): AccessLogTarget {
    return { name: this.name, allowDeliveryFrom: () => this.allowDeliveryFrom(`arn:aws:s3:::${bucketName}`) };
  }

  /**
   * Lets CloudWatch Logs deliver what distributions of this account log; it does so from us-east-1, whatever the bucket's region.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
   */
  allowDistributions(): void {
    this.addToPolicy({
      sid: "Distributions",
      principals: { Service: "delivery.logs.amazonaws.com" },
      actions: ["s3:PutObject"],
      resources: [`${this.arn}/AWSLogs/${this.account}/CloudFront/*`],
      conditions: {
        StringEquals: { "aws:SourceAccount": this.account, "s3:x-amz-acl": "bucket-owner-full-control" },
        ArnLike: { "aws:SourceArn": `arn:aws:logs:us-east-1:${this.account}:delivery-source:*` },
      },
    });
  }

  /**
   * Lets Elastic Load Balancing deliver the log of a load balancer.
   * @returns the prefix under which it is delivered
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
   */
  allowLoadBalancer(name: string): string {
    const prefix = `load-balancer/${name}`;
    // In regions as old as Tokyo it writes from an account of its own, which the provider knows.
    this.loadBalancing ??= new DataAwsElbServiceAccount(this, "load-balancing");
    this.addToPolicy({
      sid: `LoadBalancer${name.replace(/[^A-Za-z0-9]/g, "")}`,
      principals: { AWS: this.loadBalancing.arn },
      actions: ["s3:PutObject"],
      resources: [`${this.arn}/${prefix}/AWSLogs/${this.account}/*`],
    });
    return prefix;
  }
}
