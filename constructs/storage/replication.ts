import { DbInstanceAutomatedBackupsReplication } from "@cdktf/provider-aws/lib/db-instance-automated-backups-replication";
import { S3BucketReplicationConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-replication-configuration";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import { Alarm, type AlarmTarget } from "../alarms/alarm";
import { EncryptionKey } from "../identity/encryption-key";
import type { PolicyStatement } from "../identity/policy";
import { Role } from "../identity/role";
import { AccessLogBucket, type AccessLogBucketProps } from "./access-log-bucket";
import { Bucket, type BucketProps } from "./bucket";
import type { Database } from "./database";
import { inRegionOf } from "./other-region";

export interface ReplicationProps {
  /** Twelve digits; originals and copies are in the same account. */
  readonly account: string;
  /** Region of the originals. */
  readonly sourceRegion: string;
  /** Region of the copies. */
  readonly region: string;
  /** That of the copies' region. */
  readonly provider: AwsProvider;
  /** Name of the role that S3 copies with, 1 to 64 characters. */
  readonly roleName: string;
  /** Alias, without `alias/`, of a customer-managed key of the copies' region (C-74). @default none: copies are encrypted by S3 itself */
  readonly keyAlias?: string;
  /** A bucket's access log stays in its region. */
  readonly accessLogs: Pick<AccessLogBucketProps, "name" | "expirationDays">;
  /** Told of what could not be copied. */
  readonly alerts: AlarmTarget;
  /** End of the alarms' names. */
  readonly nameSuffix: string;
  /** Copies refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

/** Name of the one rule of each bucket. */
const RULE = "everything";

/**
 * Copies of buckets in a second region (C-50, OPS-020, OPS-022). S3 copies what is written from now on, delete markers included;
 * what was there before takes an S3 Batch Replication job.
 */
export class Replication extends Construct {
  private readonly sourceRegion: string;
  private readonly region: string;
  private readonly protect: boolean;
  private readonly props: Pick<ReplicationProps, "alerts" | "nameSuffix">;
  /** Everything in it is made in the copies' region. */
  private readonly copies: Construct;
  private readonly key?: EncryptionKey;
  private readonly accessLogs: AccessLogBucket;
  private readonly role: Role;

  constructor(scope: Construct, id: string, props: ReplicationProps) {
    super(scope, id);
    const { account, sourceRegion, region, provider, roleName, keyAlias, accessLogs, protect = true } = props;
    this.props = props;
    this.sourceRegion = sourceRegion;
    this.region = region;
    this.protect = protect;
    this.copies = inRegionOf(provider, this, "copies");
    this.key = keyAlias
      ? new EncryptionKey(this.copies, "key", { account, protect, alias: keyAlias, description: "Copies of the trading buckets" })
      : undefined;
    this.accessLogs = new AccessLogBucket(this.copies, "access-logs", { ...accessLogs, account, protect });
    this.role = new Role(this, "role", {
      name: roleName,
      description: "S3 copies the trading buckets to a second region",
      assumedBy: "s3.amazonaws.com",
    });
  }

  /**
   * Makes the copy of a bucket, and keeps it a copy.
   * @param settings of the copy; those of the original but for the name, so that both move to cold storage at the same age
   */
  replicate(id: string, original: Bucket, settings: Omit<BucketProps, "key" | "accessLogs" | "protect" | "versioning">): Bucket {
    const copy = new Bucket(this.copies, id, { ...settings, key: this.key, accessLogs: this.accessLogs, protect: this.protect });
    for (const statement of this.statements(original, copy)) this.role.grant(statement);
    new S3BucketReplicationConfigurationA(this, id, {
      bucket: original.name,
      role: this.role.arn,
      rule: [
        {
          id: RULE,
          status: "Enabled",
          // A rule with a filter is of version 2, the only one that copies delete markers.
          filter: { prefix: "" },
          priority: 1,
          deleteMarkerReplication: { status: "Enabled" },
          sourceSelectionCriteria: original.key && { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: {
            bucket: copy.arn,
            encryptionConfiguration: copy.key && { replicaKmsKeyId: copy.key.arn },
            metrics: { status: "Enabled" },
          },
        },
      ],
      dependsOn: [original.versions, copy.versions],
    });
    this.alarmOnFailures(id, original, copy);
    return copy;
  }

  /**
   * Has RDS copy a database's automated backups, log included, so that any second can be restored there (OPS-026). AWS Backup is not used for it:
   * its continuous backups and RDS's own exclude each other.
   * @param retentionDays days back, 1 to 35
   * @throws Error without a key of the copies' region: RDS copies nothing encrypted without one
   */
  replicateBackups(id: string, database: Database, retentionDays: number): void {
    if (!this.key) throw new Error(`${database.node.path}: its backups can be copied under a customer-managed key only`);
    new DbInstanceAutomatedBackupsReplication(this.copies, id, {
      sourceDbInstanceArn: database.arn,
      kmsKeyId: this.key.arn,
      retentionPeriod: retentionDays,
    });
  }

  /** S3 does not try again what it could not copy. Of all metrics of a replication this one is the source region's: https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html */
  private alarmOnFailures(id: string, original: Bucket, copy: Bucket): void {
    const { alerts, nameSuffix } = this.props;
    new Alarm(this, `${id}-failures-alarm`, {
      name: `S3-Replication-Failed-${id}${nameSuffix}`,
      severity: "warning",
      owner: "CloudArchitecture",
      runbook: "replication-failures",
      description: "Objects were not copied to the second region; S3 Batch Replication copies those whose status is FAILED",
      namespace: "AWS/S3",
      metric: "OperationsFailedReplication",
      dimensions: { SourceBucket: original.name, DestinationBucket: copy.name, RuleId: RULE },
      statistic: "Sum",
      comparison: "GreaterThanThreshold",
      threshold: 0,
      period: 300,
      target: alerts,
    });
  }

  /** What S3 needs, as its guide lists it: https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html */
  private statements(original: Bucket, copy: Bucket): PolicyStatement[] {
    return [
      { actions: ["s3:GetReplicationConfiguration", "s3:ListBucket"], resources: [original.arn] },
      {
        actions: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
        resources: [`${original.arn}/*`],
      },
      { actions: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"], resources: [`${copy.arn}/*`] },
      ...(original.key
        ? [{ actions: ["kms:Decrypt"], resources: [original.key.arn], conditions: onlyFor(original, this.sourceRegion) }]
        : []),
      // With a bucket key S3 makes the bucket's key (GenerateDataKey) and checks it before each use (Decrypt).
      ...(copy.key
        ? [
            {
              actions: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"],
              resources: [copy.key.arn],
              conditions: onlyFor(copy, this.region),
            },
          ]
        : []),
    ];
  }
}

/** A key only through S3 and for one bucket: the context is the bucket with a bucket key, the object without. */
const onlyFor = (bucket: Bucket, region: string): PolicyStatement["conditions"] => ({
  StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
  StringLike: { "kms:EncryptionContext:aws:s3:arn": [bucket.arn, `${bucket.arn}/*`] },
});
