/**
 * What workflows may do in AWS: the services that the stacks use, each with the calls that Terraform makes.
 *
 * A stack that begins to use a service adds it here. Nothing here reads or writes the data inside a service (no GetItem, no
 * GetSecretValue, no ReceiveMessage): infrastructure is described and changed, never what it holds.
 */

interface ServiceRights {
  /** Calls that only look. Their verbs are Describe, Get, List, View. */
  readonly read: readonly string[];
  /** Calls that create, change and delete. */
  readonly manage: readonly string[];
}

type Services = Readonly<Record<string, ServiceRights>>;

const TAGGING = ["TagResource", "UntagResource"];

/** By the service's prefix in IAM actions: what stands below everything else. */
const FOUNDATION: Services = {
  // --- network and hosts ---
  ec2: {
    read: [
      "Describe*",
      "GetEbs*",
      "GetInstanceMetadataDefaults",
      "GetManagedPrefixListEntries",
      "GetSecurityGroupsForVpc",
      "GetSubnetCidrReservations",
    ],
    manage: [
      "Allocate*",
      "Associate*",
      "Attach*",
      "Authorize*",
      "Create*",
      "Delete*",
      "Detach*",
      "Disable*",
      "Disassociate*",
      "Enable*",
      "Modify*",
      "MonitorInstances",
      "Release*",
      "Replace*",
      "Reset*",
      "Revoke*",
      "RunInstances",
      "StartInstances",
      "StopInstances",
      "TerminateInstances",
      "UnmonitorInstances",
      "Update*",
    ],
  },
  autoscaling: {
    read: ["Describe*"],
    manage: [
      "Attach*",
      "Create*",
      "Delete*",
      "Detach*",
      "Put*",
      "SetInstanceProtection",
      "StartInstanceRefresh",
      "TerminateInstanceInAutoScalingGroup",
      "Update*",
    ],
  },
  elasticloadbalancing: {
    read: ["Describe*", "GetLoadBalancerWebACL"],
    manage: ["Add*", "Create*", "Delete*", "Deregister*", "Modify*", "Register*", "Remove*", "Set*"],
  },
  // Managing it has statements of its own, because it is root on machines: github-deploy-role.ts.
  ssm: { read: ["Describe*", "GetDocument", "ListAssociation*", "ListDocument*", "ListTagsForResource"], manage: [] },
  // --- messaging ---
  sqs: {
    read: ["GetQueueAttributes", "GetQueueUrl", "ListQueue*"],
    manage: ["CreateQueue", "DeleteQueue", "SetQueueAttributes", "TagQueue", "UntagQueue"],
  },
  sns: { read: ["Get*", "List*"], manage: ["CreateTopic", "DeleteTopic", "Set*Attributes", "Subscribe", "Unsubscribe", ...TAGGING] },
  events: {
    read: ["Describe*", "List*"],
    manage: ["DeleteRule", "DisableRule", "EnableRule", "PutRule", "PutTargets", "RemoveTargets", ...TAGGING],
  },
  scheduler: { read: ["Get*", "List*"], manage: ["Create*", "Delete*", ...TAGGING, "Update*"] },
  // --- data ---
  s3: {
    read: ["GetAccountPublicAccessBlock", "GetBucket*", "Get*Configuration", "ListBucket", "ListBucketVersions"],
    manage: ["CreateBucket", "DeleteBucket", "DeleteBucketPolicy", "PutBucket*", "Put*Configuration"],
  },
  dynamodb: {
    read: ["Describe*", "GetResourcePolicy", "ListTagsOfResource"],
    manage: ["CreateTable*", "DeleteTable*", ...TAGGING, "UpdateContinuousBackups", "UpdateTable*", "UpdateTimeToLive"],
  },
  elasticache: {
    read: ["Describe*", "List*"],
    manage: [
      "AddTagsToResource",
      "Create*",
      "Decrease*",
      "Delete*",
      "Increase*",
      "Modify*",
      "RemoveTagsFromResource",
      "ResetCacheParameterGroup",
    ],
  },
  rds: {
    read: ["Describe*", "ListTagsForResource"],
    manage: [
      "AddTagsToResource",
      "CreateDB*",
      "DeleteDB*",
      "ModifyDB*",
      "RebootDBInstance",
      "RemoveTagsFromResource",
      "ResetDBParameterGroup",
      "RestoreDBInstance*",
      "StartDBInstance",
      "StopDBInstance",
    ],
  },
  secretsmanager: {
    read: ["DescribeSecret", "GetResourcePolicy", "ListSecretVersionIds"],
    manage: ["CreateSecret", "DeleteSecret", "RestoreSecret", "RotateSecret", ...TAGGING, "UpdateSecret"],
  },
  kms: {
    read: ["DescribeKey", "GetKey*", "List*"],
    manage: [
      "CancelKeyDeletion",
      "CreateAlias",
      "CreateKey",
      "DeleteAlias",
      "DisableKey*",
      "EnableKey*",
      "PutKeyPolicy",
      "ScheduleKeyDeletion",
      ...TAGGING,
      "UpdateAlias",
      "UpdateKeyDescription",
    ],
  },
};

/** By the service's prefix in IAM actions: what runs on it, and what watches it. */
const PLATFORM: Services = {
  // --- services ---
  ecs: {
    read: ["Describe*", "List*"],
    manage: ["Create*", "Delete*", "DeregisterTaskDefinition", "Put*", "RegisterTaskDefinition", ...TAGGING, "Update*"],
  },
  ecr: {
    read: ["Describe*", "GetLifecyclePolicy", "GetRe*Policy", "ListTagsForResource"],
    manage: [
      "BatchDeleteImage",
      "CreateRepository",
      "DeleteLifecyclePolicy",
      "DeleteRepository*",
      "PutImage*Configuration",
      "PutImageTagMutability",
      "PutLifecyclePolicy",
      "SetRepositoryPolicy",
      ...TAGGING,
    ],
  },
  eks: { read: ["Describe*", "List*"], manage: ["Associate*", "Create*", "Delete*", "Disassociate*", ...TAGGING, "Update*"] },
  "application-autoscaling": {
    read: ["Describe*", "ListTagsForResource"],
    manage: ["Delete*", "DeregisterScalableTarget", "Put*", "RegisterScalableTarget", ...TAGGING],
  },
  servicediscovery: { read: ["Get*", "List*"], manage: ["Create*", "Delete*", ...TAGGING, "Update*"] },
  // --- web ---
  route53: { read: ["Get*", "List*"], manage: ["AssociateVPCWithHostedZone"] },
  wafv2: {
    read: ["Get*", "List*"],
    manage: ["AssociateWebACL", "Create*", "Delete*", "DisassociateWebACL", "PutPermissionPolicy", ...TAGGING, "Update*"],
  },
  // --- observing ---
  logs: {
    read: ["Describe*", "ListTags*"],
    manage: [
      "AssociateKmsKey",
      "CreateLogDelivery",
      "CreateLogGroup",
      "DeleteLogDelivery",
      "DeleteLogGroup",
      "DeleteRetentionPolicy",
      "DisassociateKmsKey",
      "PutResourcePolicy",
      "PutRetentionPolicy",
      ...TAGGING,
      "UpdateLogDelivery",
    ],
  },
  cloudwatch: {
    read: ["Describe*", "List*"],
    manage: ["DeleteAlarms", "PutMetricAlarm", ...TAGGING],
  },
  // --- account ---
  // Managing IAM has a policy of its own: deploy rights in github-deploy-role.ts.
  iam: { read: ["Get*", "List*"], manage: [] },
};

const actionsOf = (services: Services, kind: keyof ServiceRights) =>
  Object.entries(services).flatMap(([service, rights]) => rights[kind].map((call) => `${service}:${call}`));

/** Looks at every service that the stacks use. */
export const READ_ACTIONS: readonly string[] = actionsOf({ ...FOUNDATION, ...PLATFORM }, "read");

/** Creates, changes and deletes what the stacks consist of, except IAM; in parts, because a managed policy holds 6,144 characters. */
export const MANAGE_ACTIONS: Readonly<Record<"foundation" | "platform", readonly string[]>> = {
  foundation: actionsOf(FOUNDATION, "manage"),
  platform: actionsOf(PLATFORM, "manage"),
};
