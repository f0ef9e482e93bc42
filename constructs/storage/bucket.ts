import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Lazy, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { EncryptionKey } from "../identity/encryption-key";
import { denyWithoutTls, policyDocument, type PolicyStatement } from "../identity/policy";
import type { Grantee } from "../identity/role";

/** When objects move to a colder class, in days after their creation (DAT-050, DAT-051). */
export interface Transition {
  readonly days: number;
  readonly storageClass: "STANDARD_IA" | "INTELLIGENT_TIERING" | "GLACIER_IR" | "GLACIER" | "DEEP_ARCHIVE";
}

/** Where a bucket's access log goes: an `AccessLogBucket` of the same region. */
export interface AccessLogTarget {
  readonly name: string;
  /** S3 takes the order to log only once this is in force. @default it is: the bucket is of a stack that is deployed before */
  readonly policy?: ITerraformDependable;
  /** Lets S3 deliver the log of this bucket. */
  allowDeliveryFrom(bucketArn: string): void;
}

export interface BucketProps {
  /** Physical name, 3 to 63 characters, unique in the world. */
  readonly name: string;
  /** What the documents call the bucket: its tag `DocumentedName` (C-27). @default none */
  readonly documentedName?: string;
  /** @default true (DAT-047, C-29) */
  readonly versioning?: boolean;
  /** Encrypts the objects, with a bucket key, so that KMS is not asked for each object (C-74). @default SSE-S3, AES256 (SEC-063) */
  readonly key?: EncryptionKey;
  /** In the order of their days (C-28). @default none */
  readonly transitions?: readonly Transition[];
  /** Days after which objects go. @default never */
  readonly expirationDays?: number;
  /** Days after which the objects below a prefix go, such as `backups/`. @default none */
  readonly expirations?: readonly { readonly prefix: string; readonly days: number }[];
  /** Days after which an overwritten or deleted version goes. @default 90 */
  readonly noncurrentVersionDays?: number;
  /** Days in which no version can be deleted, but by who may lift a lock (Object Lock, governance mode). @default no lock */
  readonly lockDays?: number;
  /** Who read and wrote what (SEC-073). @default not logged */
  readonly accessLogs?: AccessLogTarget;
  /**
   * There is a bucket of this name, which is taken over: Terraform imports it, and refuses meanwhile to destroy it, whatever `protect` says.
   * Its settings are not imported. S3 keeps one of each for a bucket, so that those below are written over what stands there.
   * @default false
   */
  readonly existing?: boolean;
  /** Refuse to be destroyed; without it the bucket is destroyed together with what it holds. @default true */
  readonly protect?: boolean;
}

/** Days after which the parts of an upload that never ended go; they are paid for and never listed. */
const INCOMPLETE_UPLOAD_DAYS = 7;

/** A private bucket: encrypted, versioned, closed to the public, to foreign owners and to calls without TLS. */
export class Bucket extends Construct {
  readonly name: string;
  readonly arn: string;
  /** What encrypts the objects, when it is not S3 itself. */
  readonly key?: EncryptionKey;
  /** S3 takes a replication only once this is in force. */
  readonly versions: ITerraformDependable;
  /** The bucket policy. */
  readonly policy: ITerraformDependable;
  private readonly statements: PolicyStatement[];

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    const {
      name,
      documentedName,
      versioning = true,
      key,
      transitions = [],
      expirationDays,
      expirations = [],
      noncurrentVersionDays = 90,
      lockDays,
      accessLogs,
      existing = false,
      protect = true,
    } = props;
    const bucket = new S3Bucket(this, "bucket", {
      bucket: name,
      tags: documentedName ? { DocumentedName: documentedName } : undefined,
      objectLockEnabled: lockDays === undefined ? undefined : true,
      forceDestroy: !protect,
      lifecycle: protect || existing ? { preventDestroy: true } : undefined,
    });
    if (existing) bucket.importFrom(name);
    this.name = bucket.bucket;
    this.arn = bucket.arn;
    this.key = key;

    // Every companion names the bucket by its id, so that it is made after it.
    const companion = { bucket: bucket.id };
    this.versions = new S3BucketVersioningA(this, "versioning", {
      ...companion,
      versioningConfiguration: { status: versioning ? "Enabled" : "Suspended" },
    });
    if (lockDays !== undefined)
      new S3BucketObjectLockConfigurationA(this, "lock", {
        ...companion,
        rule: { defaultRetention: { mode: "GOVERNANCE", days: lockDays } },
        dependsOn: [this.versions],
      });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      ...companion,
      rule: [
        key
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn }, bucketKeyEnabled: true }
          : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      ],
    });
    // DAT-048.
    const publicAccessBlock = new S3BucketPublicAccessBlock(this, "public-access-block", {
      ...companion,
      blockPublicAcls: true,
      ignorePublicAcls: true,
      blockPublicPolicy: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", { ...companion, rule: { objectOwnership: "BucketOwnerEnforced" } });
    this.statements = [denyWithoutTls([this.arn, `${this.arn}/*`], "s3")];
    this.policy = new S3BucketPolicy(this, "policy", {
      ...companion,
      policy: Lazy.stringValue({ produce: () => policyDocument(this.statements) }),
      // S3 answers OperationAborted when both are written at the same moment.
      dependsOn: [publicAccessBlock],
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      ...companion,
      rule: lifecycleRules({ transitions, expirationDays, expirations, noncurrentVersionDays }),
      // A rule on old versions takes effect only where there are any.
      dependsOn: [this.versions],
    });
    if (accessLogs) {
      accessLogs.allowDeliveryFrom(this.arn);
      new S3BucketLoggingA(this, "logging", {
        ...companion,
        targetBucket: accessLogs.name,
        targetPrefix: `${name}/`,
        dependsOn: accessLogs.policy && [accessLogs.policy],
      });
    }
  }

  /** Adds a statement to the bucket policy. */
  addToPolicy(statement: PolicyStatement): void {
    this.statements.push(statement);
  }

  /** Lists and reads objects (DAT-052). */
  grantRead(grantee: Grantee): void {
    this.grant(grantee, ["s3:GetObject"]);
    this.key?.grantDecrypt(grantee);
  }

  /** Lists, reads and writes objects; never deletes them (SEC-035, C-39). */
  grantReadWrite(grantee: Grantee): void {
    this.grant(grantee, ["s3:GetObject", "s3:PutObject"]);
    this.key?.grantEncryptDecrypt(grantee);
  }

  /** Writes objects below a prefix, and neither lists, reads nor deletes any. */
  grantPut(grantee: Grantee, prefix: string): void {
    grantee.grant({ actions: ["s3:PutObject"], resources: [`${this.arn}/${prefix}*`] });
    // A large object goes up in parts, which S3 reads again under the key.
    this.key?.grantEncryptDecrypt(grantee);
  }

  private grant(grantee: Grantee, objectActions: readonly string[]): void {
    grantee.grant({ actions: ["s3:ListBucket"], resources: [this.arn] });
    grantee.grant({ actions: objectActions, resources: [`${this.arn}/*`] });
  }
}

/** One rule for each concern; over the whole bucket (DAT-050: prefix "") but for those that name another prefix. */
function lifecycleRules(
  props: Required<Pick<BucketProps, "transitions" | "expirations" | "noncurrentVersionDays">> & Pick<BucketProps, "expirationDays">,
) {
  const { transitions, expirationDays, expirations, noncurrentVersionDays } = props;
  const rule = (
    id: string,
    action: Omit<S3BucketLifecycleConfigurationRule, "id" | "status" | "filter">,
  ): S3BucketLifecycleConfigurationRule => ({ id, status: "Enabled", filter: [{ prefix: "" }], ...action });
  return [
    ...(transitions.length > 0 ? [rule("transitions", { transition: transitions.map((transition) => ({ ...transition })) })] : []),
    ...(expirationDays === undefined ? [] : [rule("expiration", { expiration: [{ days: expirationDays }] })]),
    ...expirations.map(({ prefix, days }) => ({
      ...rule(`expiration-of-${prefix.replaceAll(/[^a-z0-9]+/gi, "-").replace(/-$/, "")}`, { expiration: [{ days }] }),
      filter: [{ prefix }],
    })),
    rule("noncurrent-versions", { noncurrentVersionExpiration: [{ noncurrentDays: noncurrentVersionDays }] }),
    rule("incomplete-uploads", { abortIncompleteMultipartUpload: [{ daysAfterInitiation: INCOMPLETE_UPLOAD_DAYS }] }),
  ];
}
