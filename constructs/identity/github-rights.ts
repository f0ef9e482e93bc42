/**
 * What workflows may do in AWS: the services that the stacks use, each with the calls that Terraform makes.
 *
 * A stack that begins to use a service adds it here. What changes something stands by its full name; what only looks may be given by a pattern.
 * A right that no rehearsal used has its reason in test/rights/rehearsals/unused.ts. Nothing here reads or writes the data inside a service (no GetItem, no
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
    read: ["Describe*", "GetManagedPrefixListEntries", "GetSubnetCidrReservations"],
    manage: [
      "AllocateAddress",
      "AssociateAddress",
      "AssociateIamInstanceProfile",
      "AssociateRouteTable",
      "AttachInternetGateway",
      "AttachNetworkInterface",
      "AuthorizeSecurityGroupEgress",
      "AuthorizeSecurityGroupIngress",
      "CreateFlowLogs",
      "CreateInternetGateway",
      "CreateLaunchTemplate",
      "CreateLaunchTemplateVersion",
      "CreateNatGateway",
      "CreateNetworkAcl",
      "CreateNetworkAclEntry",
      "CreateNetworkInterface",
      "CreateRoute",
      "CreateRouteTable",
      "CreateSecurityGroup",
      "CreateSubnet",
      "CreateSubnetCidrReservation",
      "CreateTags",
      "CreateVpc",
      "CreateVpcEndpoint",
      "DeleteFlowLogs",
      "DeleteInternetGateway",
      "DeleteLaunchTemplate",
      "DeleteNatGateway",
      "DeleteNetworkAcl",
      "DeleteNetworkAclEntry",
      "DeleteNetworkInterface",
      "DeleteRoute",
      "DeleteRouteTable",
      "DeleteSecurityGroup",
      "DeleteSubnet",
      "DeleteSubnetCidrReservation",
      "DeleteTags",
      "DeleteVpc",
      "DeleteVpcEndpoints",
      "DetachInternetGateway",
      "DetachNetworkInterface",
      "DisassociateAddress",
      "DisassociateIamInstanceProfile",
      "DisassociateRouteTable",
      "GetSecurityGroupsForVpc",
      "ModifyInstanceAttribute",
      "ModifyInstanceMetadataOptions",
      "ModifyLaunchTemplate",
      "ModifyNetworkInterfaceAttribute",
      "ModifySecurityGroupRules",
      "ModifySubnetAttribute",
      "ModifyVolume",
      "ModifyVpcAttribute",
      "ModifyVpcEndpoint",
      "MonitorInstances",
      "ReleaseAddress",
      "ReplaceIamInstanceProfileAssociation",
      "ReplaceNetworkAclAssociation",
      "ReplaceRoute",
      "ReplaceRouteTableAssociation",
      "RevokeSecurityGroupEgress",
      "RevokeSecurityGroupIngress",
      "RunInstances",
      "StartInstances",
      "StopInstances",
      "TerminateInstances",
      "UnmonitorInstances",
    ],
  },
  autoscaling: {
    read: ["Describe*"],
    manage: [
      "AttachLoadBalancerTargetGroups",
      "AttachTrafficSources",
      "CreateAutoScalingGroup",
      "CreateOrUpdateTags",
      "DeleteAutoScalingGroup",
      "DeletePolicy",
      "DeleteScheduledAction",
      "DeleteTags",
      "DetachLoadBalancerTargetGroups",
      "DetachTrafficSources",
      "PutScalingPolicy",
      "PutScheduledUpdateGroupAction",
      "UpdateAutoScalingGroup",
    ],
  },
  elasticloadbalancing: {
    read: ["Describe*", "GetLoadBalancerWebACL"],
    manage: [
      "AddTags",
      "CreateListener",
      "CreateLoadBalancer",
      "CreateRule",
      "CreateTargetGroup",
      "CreateWebACLAssociation",
      "DeleteListener",
      "DeleteLoadBalancer",
      "DeleteRule",
      "DeleteTargetGroup",
      "DeleteWebACLAssociation",
      "DeregisterTargets",
      "ModifyListener",
      "ModifyListenerAttributes",
      "ModifyLoadBalancerAttributes",
      "ModifyRule",
      "ModifyTargetGroup",
      "ModifyTargetGroupAttributes",
      "RegisterTargets",
      "RemoveTags",
      "SetRulePriorities",
      "SetSecurityGroups",
      "SetSubnets",
      "SetWebAcl",
    ],
  },
  // Managing it has statements of its own, because it is root on machines: github-deploy-role.ts.
  ssm: {
    read: [
      "DescribeAssociation",
      "DescribeDocument",
      "DescribeDocumentPermission",
      "DescribeMaintenanceWindowTargets",
      "DescribeParameters",
      "DescribePatchGroups",
      "GetDocument",
      "GetMaintenanceWindow",
      "GetMaintenanceWindowTask",
      "GetPatchBaseline",
      "ListTagsForResource",
    ],
    manage: [],
  },
  // --- messaging ---
  sqs: {
    read: ["GetQueueAttributes", "ListQueueTags"],
    manage: ["CreateQueue", "DeleteQueue", "SetQueueAttributes", "TagQueue", "UntagQueue"],
  },
  sns: {
    read: ["GetSubscriptionAttributes", "GetTopicAttributes", "ListSubscriptionsByTopic", "ListTagsForResource"],
    manage: ["CreateTopic", "DeleteTopic", "SetSubscriptionAttributes", "SetTopicAttributes", "Subscribe", ...TAGGING, "Unsubscribe"],
  },
  events: {
    read: ["DescribeRule", "ListTagsForResource", "ListTargetsByRule"],
    manage: ["DeleteRule", "PutRule", "PutTargets", "RemoveTargets", ...TAGGING],
  },
  scheduler: {
    read: ["GetSchedule", "GetScheduleGroup", "ListTagsForResource"],
    manage: ["CreateSchedule", "CreateScheduleGroup", "DeleteSchedule", "DeleteScheduleGroup", ...TAGGING, "UpdateSchedule"],
  },
  // --- data ---
  s3: {
    read: ["GetBucket*", "Get*Configuration", "ListBucket", "ListBucketVersions"],
    manage: [
      "CreateBucket",
      "DeleteBucket",
      "DeleteBucketPolicy",
      "PutBucketLogging",
      "PutBucketOwnershipControls",
      "PutBucketPolicy",
      "PutBucketPublicAccessBlock",
      "PutBucketTagging",
      "PutBucketVersioning",
      "PutEncryptionConfiguration",
      "PutLifecycleConfiguration",
      "PutReplicationConfiguration",
    ],
  },
  dynamodb: {
    read: ["Describe*", "ListTagsOfResource"],
    manage: ["CreateTable", "DeleteTable", ...TAGGING, "UpdateContinuousBackups", "UpdateTable", "UpdateTimeToLive"],
  },
  elasticache: {
    read: ["Describe*", "ListTagsForResource"],
    manage: [
      "AddTagsToResource",
      "CreateCacheCluster",
      "CreateCacheParameterGroup",
      "CreateCacheSubnetGroup",
      "CreateReplicationGroup",
      "CreateSnapshot",
      "DecreaseReplicaCount",
      "DeleteCacheCluster",
      "DeleteCacheParameterGroup",
      "DeleteCacheSubnetGroup",
      "DeleteReplicationGroup",
      "IncreaseReplicaCount",
      "ModifyCacheCluster",
      "ModifyCacheParameterGroup",
      "ModifyCacheSubnetGroup",
      "ModifyReplicationGroup",
      "ModifyReplicationGroupShardConfiguration",
      "RemoveTagsFromResource",
      "ResetCacheParameterGroup",
    ],
  },
  rds: {
    read: ["Describe*", "ListTagsForResource"],
    manage: [
      "AddTagsToResource",
      "CreateDBInstance",
      "CreateDBParameterGroup",
      "CreateDBSnapshot",
      "CreateDBSubnetGroup",
      "DeleteDBInstance",
      "DeleteDBParameterGroup",
      "DeleteDBSubnetGroup",
      "ModifyDBInstance",
      "ModifyDBParameterGroup",
      "ModifyDBSubnetGroup",
      "RemoveTagsFromResource",
      "ResetDBParameterGroup",
      "StartDBInstanceAutomatedBackupsReplication",
      "StopDBInstanceAutomatedBackupsReplication",
    ],
  },
  secretsmanager: {
    read: ["DescribeSecret", "GetResourcePolicy"],
    manage: ["CancelRotateSecret", "CreateSecret", "DeleteSecret", "RotateSecret", ...TAGGING, "UpdateSecret"],
  },
  kms: {
    read: ["DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListAliases", "ListResourceTags"],
    manage: [
      "CreateAlias",
      "CreateKey",
      "DeleteAlias",
      "DisableKeyRotation",
      "EnableKeyRotation",
      "PutKeyPolicy",
      "ScheduleKeyDeletion",
      ...TAGGING,
      "UpdateAlias",
      "UpdateKeyDescription",
    ],
  },
};

/** By the service's prefix in IAM actions: what runs on it, what watches it, and what backs it up. */
const PLATFORM: Services = {
  // --- services ---
  ecs: {
    read: ["Describe*", "List*"],
    manage: [
      "CreateCluster",
      "CreateService",
      "DeleteCluster",
      "DeleteService",
      "PutClusterCapacityProviders",
      "RegisterTaskDefinition",
      ...TAGGING,
      "UpdateCluster",
      "UpdateService",
    ],
  },
  ecr: {
    read: ["Describe*", "GetLifecyclePolicy", "ListTagsForResource"],
    manage: [
      "CreateRepository",
      "DeleteLifecyclePolicy",
      "DeleteRepository",
      "PutImageScanningConfiguration",
      "PutImageTagMutability",
      "PutLifecyclePolicy",
      ...TAGGING,
    ],
  },
  eks: {
    read: ["Describe*", "ListAssociatedAccessPolicies"],
    manage: [
      "AssociateAccessPolicy",
      "AssociateEncryptionConfig",
      "CreateAccessEntry",
      "CreateAddon",
      "CreateCluster",
      "CreateNodegroup",
      "CreatePodIdentityAssociation",
      "DeleteAccessEntry",
      "DeleteAddon",
      "DeleteCluster",
      "DeleteNodegroup",
      "DeletePodIdentityAssociation",
      "DisassociateAccessPolicy",
      ...TAGGING,
      "UpdateAccessEntry",
      "UpdateAddon",
      "UpdateClusterConfig",
      "UpdateClusterVersion",
      "UpdateNodegroupConfig",
      "UpdateNodegroupVersion",
      "UpdatePodIdentityAssociation",
    ],
  },
  "application-autoscaling": {
    read: ["Describe*", "ListTagsForResource"],
    manage: [
      "DeleteScalingPolicy",
      "DeleteScheduledAction",
      "DeregisterScalableTarget",
      "PutScalingPolicy",
      "PutScheduledAction",
      "RegisterScalableTarget",
      ...TAGGING,
    ],
  },
  sagemaker: {
    read: ["DescribeNotebookInstance", "DescribeNotebookInstanceLifecycleConfig", "ListTags"],
    manage: [
      "AddTags",
      "CreateNotebookInstance",
      "CreateNotebookInstanceLifecycleConfig",
      "DeleteNotebookInstance",
      "DeleteNotebookInstanceLifecycleConfig",
      "DeleteTags",
      "StartNotebookInstance",
      "StopNotebookInstance",
      "UpdateNotebookInstance",
      "UpdateNotebookInstanceLifecycleConfig",
    ],
  },
  servicediscovery: {
    read: ["GetNamespace", "GetOperation", "ListTagsForResource"],
    manage: ["CreateHttpNamespace", "DeleteNamespace", ...TAGGING, "UpdateHttpNamespace"],
  },
  lambda: {
    read: ["GetEventSourceMapping", "GetFunction*", "GetPolicy", "ListTags", "ListVersionsByFunction"],
    manage: [
      "AddPermission",
      "CreateEventSourceMapping",
      "CreateFunction",
      "DeleteEventSourceMapping",
      "DeleteFunction",
      "DeleteFunctionConcurrency",
      "DeleteFunctionEventInvokeConfig",
      "PutFunctionConcurrency",
      "PutFunctionEventInvokeConfig",
      "RemovePermission",
      ...TAGGING,
      "UpdateEventSourceMapping",
      "UpdateFunctionCode",
      "UpdateFunctionConfiguration",
    ],
  },
  // --- web ---
  cloudfront: {
    read: [
      "DescribeFunction",
      "GetDistribution",
      "GetFunction",
      "GetInvalidation",
      "GetOriginAccessControl",
      "GetResponseHeadersPolicy",
      "GetVpcOrigin",
      "ListTagsForResource",
    ],
    manage: [
      // Asked of whoever has its log delivered: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
      "AllowVendedLogDeliveryForResource",
      // CreateDistribution depends on it, by AWS's service authorisation reference.
      "CreateConnectionGroup",
      "CreateDistribution",
      "CreateFunction",
      "CreateInvalidation",
      "CreateOriginAccessControl",
      "CreateResponseHeadersPolicy",
      "CreateVpcOrigin",
      "DeleteDistribution",
      "DeleteFunction",
      "DeleteOriginAccessControl",
      "DeleteResponseHeadersPolicy",
      "DeleteVpcOrigin",
      "PublishFunction",
      ...TAGGING,
      "UpdateDistribution",
      "UpdateFunction",
      "UpdateOriginAccessControl",
      "UpdateResponseHeadersPolicy",
      "UpdateVpcOrigin",
    ],
  },
  acm: {
    read: ["DescribeCertificate", "ListTagsForCertificate"],
    manage: ["AddTagsToCertificate", "DeleteCertificate", "RemoveTagsFromCertificate", "RequestCertificate"],
  },
  // Private names of interface endpoints, and the zone that holds the web application's names; which records a deploy may set stands in its role.
  route53: {
    read: ["GetHostedZone", "ListHostedZones", "ListResourceRecordSets", "ListTagsForResource"],
    // Whoever sets a record asks whether it has arrived.
    manage: ["AssociateVPCWithHostedZone", "GetChange"],
  },
  wafv2: {
    read: ["GetLoggingConfiguration", "GetPermissionPolicy", "GetWebACL", "GetWebACLForResource", "ListTagsForResource"],
    manage: [
      "AssociateWebACL",
      "CreateWebACL",
      "DeleteLoggingConfiguration",
      "DeleteWebACL",
      "DisassociateWebACL",
      "PutLoggingConfiguration",
      "PutPermissionPolicy",
      ...TAGGING,
      "UpdateWebACL",
    ],
  },
  // --- observing ---
  logs: {
    read: [
      "DescribeLogGroups",
      "DescribeQueryDefinitions",
      "DescribeResourcePolicies",
      "GetDelivery",
      "GetDeliveryDestination",
      "GetDeliverySource",
      "ListTagsForResource",
    ],
    manage: [
      "AssociateKmsKey",
      "CreateDelivery",
      "CreateLogDelivery",
      "CreateLogGroup",
      "DeleteDelivery",
      "DeleteDeliveryDestination",
      "DeleteDeliverySource",
      "DeleteLogDelivery",
      "DeleteLogGroup",
      "DeleteQueryDefinition",
      "DisassociateKmsKey",
      "PutDeliveryDestination",
      "PutDeliverySource",
      "PutQueryDefinition",
      // AWS WAF asks for it in the caller's name, so that its log may be delivered to a group.
      "PutResourcePolicy",
      "PutRetentionPolicy",
      ...TAGGING,
      "UpdateDeliveryConfiguration",
    ],
  },
  cloudwatch: {
    read: ["DescribeAlarms", "GetDashboard", "ListTagsForResource"],
    manage: ["DeleteAlarms", "DeleteDashboards", "PutCompositeAlarm", "PutDashboard", "PutMetricAlarm", ...TAGGING],
  },
  // --- backups ---
  backup: {
    read: [
      "DescribeBackupVault",
      "GetBackupPlan",
      "GetBackupSelection",
      "GetBackupVaultAccessPolicy",
      "GetBackupVaultNotifications",
      "GetRestoreTestingPlan",
      "GetRestoreTestingSelection",
      "ListRecoveryPointsByBackupVault",
      "ListTags",
    ],
    // DeleteRecoveryPoint empties a vault that nothing protects; one that is protected refuses it (backup-vault.ts).
    manage: [
      "CreateBackupPlan",
      "CreateBackupSelection",
      "CreateBackupVault",
      "CreateRestoreTestingPlan",
      "CreateRestoreTestingSelection",
      "DeleteBackupPlan",
      "DeleteBackupSelection",
      "DeleteBackupVault",
      "DeleteBackupVaultAccessPolicy",
      "DeleteBackupVaultLockConfiguration",
      "DeleteBackupVaultNotifications",
      "DeleteRecoveryPoint",
      "DeleteRestoreTestingPlan",
      "DeleteRestoreTestingSelection",
      "PutBackupVaultAccessPolicy",
      "PutBackupVaultLockConfiguration",
      "PutBackupVaultNotifications",
      ...TAGGING,
      "UpdateBackupPlan",
      "UpdateRestoreTestingPlan",
      "UpdateRestoreTestingSelection",
    ],
  },
  // What a vault of backups stands on; AWS's reference does not say so: https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault.html
  "backup-storage": { read: [], manage: ["MountCapsule"] },
  // --- money ---
  budgets: { read: ["DescribeBudgetAction", "ListTagsForResource", "ViewBudget"], manage: ["ModifyBudget", ...TAGGING] },
  ce: {
    read: ["GetAnomalyMonitors", "GetAnomalySubscriptions", "ListCostAllocationTags", "ListTagsForResource"],
    // The account's own, which an administrator deploys (docs/account.md).
    manage: [],
  },
  // --- account ---
  "acm-pca": {
    read: [
      "DescribeCertificateAuthority",
      "GetCertificate",
      "GetCertificateAuthorityCertificate",
      "GetCertificateAuthorityCsr",
      "ListPermissions",
      "ListTags",
    ],
    // The account's own, which an administrator deploys (docs/account.md).
    manage: [],
  },
  // Managing IAM has a policy of its own: deploy rights in github-deploy-role.ts.
  iam: {
    read: [
      "GetInstanceProfile",
      "GetOpenIDConnectProvider",
      "GetPolicy",
      "GetPolicyVersion",
      "GetRole",
      "GetRolePolicy",
      "ListAttachedRolePolicies",
      "ListInstanceProfilesForRole",
      "ListRolePolicies",
    ],
    manage: [],
  },
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
