import type { Construct } from "constructs";
import { Bucket, type AccessLogTarget } from "./bucket";

export interface AccessLogBucketProps {
  /** Physical name, 3 to 63 characters, unique in the world. */
  readonly name: string;
  /** Twelve digits: the account whose buckets may be logged here. */
  readonly account: string;
  /** Days that an entry is kept. */
  readonly expirationDays: number;
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

  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    const { name, account, expirationDays, protect = true } = props;
    super(scope, id, { name, expirationDays, noncurrentVersionDays: NONCURRENT_VERSION_DAYS, protect });
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
}
