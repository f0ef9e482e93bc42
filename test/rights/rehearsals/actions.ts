/** Calls whose IAM action has another name; all others are allowed by the action of their own name. */

/** botocore's name of a service → its prefix in IAM actions. https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
const PREFIXES: Readonly<Record<string, string>> = {
  accessanalyzer: "access-analyzer",
  elbv2: "elasticloadbalancing",
  s3control: "s3",
  stepfunctions: "states",
};

/**
 * Operations of S3, whose actions are named by what they give, not by the call.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
const S3: Readonly<Record<string, readonly string[]>> = {
  DeleteBucketCors: ["PutBucketCORS"],
  DeleteBucketEncryption: ["PutEncryptionConfiguration"],
  DeleteBucketIntelligentTieringConfiguration: ["PutIntelligentTieringConfiguration"],
  DeleteBucketLifecycle: ["PutLifecycleConfiguration"],
  DeleteBucketMetricsConfiguration: ["PutMetricsConfiguration"],
  DeleteBucketOwnershipControls: ["PutBucketOwnershipControls"],
  DeleteBucketReplication: ["PutReplicationConfiguration"],
  DeleteBucketTagging: ["PutBucketTagging"],
  DeleteObjects: ["DeleteObject", "DeleteObjectVersion"],
  DeletePublicAccessBlock: ["PutBucketPublicAccessBlock"],
  GetBucketAccelerateConfiguration: ["GetAccelerateConfiguration"],
  GetBucketCors: ["GetBucketCORS"],
  GetBucketEncryption: ["GetEncryptionConfiguration"],
  GetBucketIntelligentTieringConfiguration: ["GetIntelligentTieringConfiguration"],
  GetBucketLifecycleConfiguration: ["GetLifecycleConfiguration"],
  GetBucketMetricsConfiguration: ["GetMetricsConfiguration"],
  GetBucketNotificationConfiguration: ["GetBucketNotification"],
  GetBucketReplication: ["GetReplicationConfiguration"],
  GetObjectLockConfiguration: ["GetBucketObjectLockConfiguration"],
  GetPublicAccessBlock: ["GetBucketPublicAccessBlock"],
  HeadBucket: ["ListBucket"],
  HeadObject: ["GetObject"],
  ListObjectVersions: ["ListBucketVersions"],
  ListObjectsV2: ["ListBucket"],
  PutBucketEncryption: ["PutEncryptionConfiguration"],
  PutBucketIntelligentTieringConfiguration: ["PutIntelligentTieringConfiguration"],
  PutBucketLifecycleConfiguration: ["PutLifecycleConfiguration"],
  PutBucketMetricsConfiguration: ["PutMetricsConfiguration"],
  PutBucketNotificationConfiguration: ["PutBucketNotification"],
  PutBucketReplication: ["PutReplicationConfiguration"],
  PutObjectLockConfiguration: ["PutBucketObjectLockConfiguration"],
  PutPublicAccessBlock: ["PutBucketPublicAccessBlock"],
};

/** Budgets has one action to look and one to change. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbudgetservice.html */
const budgets = (operation: string): readonly string[] =>
  /TagsForResource|TagResource/.test(operation) ? [operation] : [operation.startsWith("Describe") ? "ViewBudget" : "ModifyBudget"];

/** By botocore's name of the service and of the call. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  // https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistributionWithTags.html
  "cloudfront CreateDistributionWithTags": ["CreateDistribution", "TagResource"],
  "s3control DeletePublicAccessBlock": ["PutAccountPublicAccessBlock"],
  "s3control GetPublicAccessBlock": ["GetAccountPublicAccessBlock"],
  "s3control PutPublicAccessBlock": ["PutAccountPublicAccessBlock"],
};

/** Calls that need no right, or that only a rehearsal makes. */
const NEEDS_NONE: Readonly<Record<string, string>> = {
  "sts GetCallerIdentity": "needs no right: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
  "iam GetUser": "asked for the account's number only where credentials are not validated, which a rehearsal's are not",
};

export const prefixOf = (service: string): string => PREFIXES[service] ?? service;

/** The actions that allow a call, such as `s3:ListBucket`; none where it needs none. */
export function actionsOf(service: string, operation: string): readonly string[] {
  if (NEEDS_NONE[`${service} ${operation}`] !== undefined) return [];
  const names =
    service === "budgets" ? budgets(operation) : ((service === "s3" ? S3[operation] : OTHERS[`${service} ${operation}`]) ?? [operation]);
  return names.map((name) => `${prefixOf(service)}:${name}`);
}
