/**
 * What the roles of the workflows may do and no rehearsal of dev, staging or prod, as the project came, does: each with the reason why it stays
 * (unused.test.ts).
 * Whoever gives a role a right that a rehearsal does not use adds it to the row of its reason, or adds a row; what is used, or is not given any
 * more, goes. What a used action depends on by AWS's own reference (test/rights/reference.ts) needs no row.
 */

export type RoleKind = "deploy" | "plan";

export interface Unused {
  readonly roles: readonly RoleKind[];
  /** Full names; a pattern such as `ec2:Describe*` only of what looks. */
  readonly actions: readonly string[];
  /** Completes "it may, because …". */
  readonly reason: string;
}

const both: readonly RoleKind[] = ["deploy", "plan"];
const deploy: readonly RoleKind[] = ["deploy"];

export const UNUSED: readonly Unused[] = [
  {
    roles: deploy,
    actions: ["lambda:InvokeFunction"],
    reason: "Secrets Manager asks for it of whoever has a secret rotated by a function, and calls the function itself",
  },
  // --- looking ---
  {
    roles: both,
    actions: [
      "application-autoscaling:Describe*",
      "autoscaling:Describe*",
      "dynamodb:Describe*",
      "ec2:Describe*",
      "ecr:Describe*",
      "ecs:Describe*",
      "ecs:List*",
      "eks:Describe*",
      "elasticache:Describe*",
      "elasticloadbalancing:Describe*",
      "lambda:GetFunction*",
      "rds:Describe*",
      "s3:Get*Configuration",
      "s3:GetBucket*",
    ],
    reason:
      "it looks at the set-up and not at what is inside; which descriptions the provider asks for depends on arguments and on AWS's answers",
  },

  {
    roles: deploy,
    actions: [
      "access-analyzer:GetAnalyzer",
      "account:GetAlternateContact",
      "ce:GetAnomalyMonitors",
      "ce:GetAnomalySubscriptions",
      "ce:ListCostAllocationTags",
      "ce:ListTagsForResource",
      "cloudtrail:DescribeTrails",
      "cloudtrail:GetTrailStatus",
      "cloudtrail:ListTags",
      "config:DescribeConfigRules",
      "config:DescribeConfigurationAggregators",
      "config:DescribeConfigurationRecorderStatus",
      "config:DescribeConfigurationRecorders",
      "config:DescribeDeliveryChannels",
      "config:ListTagsForResource",
      "ec2:GetEbsEncryptionByDefault",
      "ec2:GetImageBlockPublicAccessState",
      "ec2:GetInstanceMetadataDefaults",
      "ec2:GetSnapshotBlockPublicAccessState",
      "guardduty:GetDetector",
      "iam:GetAccountPasswordPolicy",
      "logs:DescribeMetricFilters",
      "s3:GetAccountPublicAccessBlock",
      "ssm:GetServiceSetting",
    ],
    reason: "both roles look by one list; these are of the account's own stack, which an administrator deploys and the plan role plans",
  },
  {
    roles: both,
    actions: ["cloudtrail:GetEventSelectors", "cloudtrail:GetInsightSelectors"],
    reason: "only of a trail with `dataEvents` or `insights`",
  },
  {
    roles: both,
    actions: ["budgets:DescribeBudgetAction"],
    reason: "only where `accountWide.budget` has an action",
  },
  {
    roles: both,
    actions: ["inspector2:BatchGetAccountStatus", "securityhub:DescribeHub", "securityhub:GetEnabledStandards"],
    reason: "only where `accountWide` has Inspector or Security Hub, which cost by what they look at",
  },
  {
    roles: ["deploy"],
    actions: ["ec2:GetSecurityGroupsForVpc"],
    reason:
      "elastic load balancing asks it of whoever makes a load balancer, in some accounts; AWS's reference does not say so: https://github.com/kubernetes-sigs/aws-load-balancer-controller/pull/3921",
  },
  {
    roles: ["deploy"],
    actions: ["iam:GetOpenIDConnectProvider", "iam:GetPolicy", "iam:GetPolicyVersion"],
    reason: "both roles look by one list; these are of the bootstrap, which the plan role alone plans",
  },
  {
    roles: ["plan"],
    actions: [
      "backup:ListRecoveryPointsByBackupVault",
      "iam:ListInstanceProfilesForRole",
      "s3:ListBucketVersions",
      "servicediscovery:GetOperation",
      "wafv2:GetPermissionPolicy",
    ],
    reason: "both roles look by one list; these are of what the deploy role makes and destroys",
  },
  {
    roles: ["plan"],
    actions: ["kms:Decrypt", "kms:GenerateDataKey", "s3:DeleteObject", "s3:PutObject"],
    reason: "a plan holds the lock of its state, an object under the key of the states; a rehearsal plans without",
  },

  {
    roles: both,
    actions: [
      "guardduty:ListDetectors",
      "iam:GetUser",
      "route53:ListHostedZonesByName",
      "servicequotas:GetAWSDefaultServiceQuota",
      "servicequotas:GetServiceQuota",
    ],
    reason: "npm run preflight asks, before anything is deployed, for what no stack makes; a rehearsal has all of it",
  },

  // --- a rehearsal deploys and destroys; it changes next to nothing in between ---
  {
    roles: deploy,
    actions: [
      "acm:RemoveTagsFromCertificate",
      "application-autoscaling:UntagResource",
      "backup:UntagResource",
      "budgets:UntagResource",
      "cloudwatch:UntagResource",
      "dynamodb:UntagResource",
      "ec2:DeleteTags",
      "ecr:UntagResource",
      "ecs:UntagResource",
      "eks:UntagResource",
      "cloudfront:UntagResource",
      "elasticache:RemoveTagsFromResource",
      "elasticloadbalancing:RemoveTags",
      "events:UntagResource",
      "iam:UntagInstanceProfile",
      "iam:UntagRole",
      "kms:UntagResource",
      "lambda:UntagResource",
      "logs:UntagResource",
      "rds:RemoveTagsFromResource",
      "sagemaker:DeleteTags",
      "scheduler:UntagResource",
      "secretsmanager:UntagResource",
      "servicediscovery:UntagResource",
      "sns:UntagResource",
      "sqs:UntagQueue",
      "ssm:RemoveTagsFromResource",
      "wafv2:UntagResource",
    ],
    reason: "only when a tag is taken away",
  },
  {
    roles: deploy,
    actions: [
      "backup:UpdateBackupPlan",
      "backup:UpdateRestoreTestingPlan",
      "backup:UpdateRestoreTestingSelection",
      "cloudfront:UpdateFunction",
      "cloudfront:UpdateOriginAccessControl",
      "cloudfront:UpdateResponseHeadersPolicy",
      "ec2:CreateLaunchTemplateVersion",
      "ec2:ModifyInstanceMetadataOptions",
      "ec2:ModifyLaunchTemplate",
      "ec2:ModifySecurityGroupRules",
      "ec2:ModifySubnetAttribute",
      "ec2:ModifyVolume",
      "ec2:ModifyVpcEndpoint",
      "ec2:ReplaceRoute",
      "ec2:ReplaceRouteTableAssociation",
      "ec2:StartInstances",
      "ec2:StopInstances",
      "ec2:UnmonitorInstances",
      "ecr:PutImageScanningConfiguration",
      "ecr:PutImageTagMutability",
      "ecs:UpdateCluster",
      "eks:UpdateAccessEntry",
      "eks:UpdateAddon",
      "eks:UpdateClusterConfig",
      "eks:UpdateClusterVersion",
      "eks:UpdateNodegroupConfig",
      "eks:UpdateNodegroupVersion",
      "eks:UpdatePodIdentityAssociation",
      "elasticache:DecreaseReplicaCount",
      "elasticache:IncreaseReplicaCount",
      "elasticache:ModifyCacheCluster",
      "elasticache:ModifyCacheSubnetGroup",
      "elasticache:ModifyReplicationGroup",
      "elasticache:ModifyReplicationGroupShardConfiguration",
      "elasticache:ResetCacheParameterGroup",
      "elasticloadbalancing:ModifyListener",
      "elasticloadbalancing:ModifyListenerAttributes",
      "elasticloadbalancing:ModifyRule",
      "elasticloadbalancing:ModifyTargetGroup",
      "elasticloadbalancing:SetRulePriorities",
      "elasticloadbalancing:SetSecurityGroups",
      "elasticloadbalancing:SetSubnets",
      "iam:UpdateAssumeRolePolicy",
      "iam:UpdateRoleDescription",
      "kms:UpdateAlias",
      "kms:UpdateKeyDescription",
      "lambda:DeleteFunctionConcurrency",
      "lambda:UpdateEventSourceMapping",
      "lambda:UpdateFunctionCode",
      "lambda:UpdateFunctionConfiguration",
      "logs:UpdateDeliveryConfiguration",
      "rds:ModifyDBSubnetGroup",
      "rds:ResetDBParameterGroup",
      "sagemaker:StartNotebookInstance",
      "sagemaker:UpdateNotebookInstance",
      "sagemaker:UpdateNotebookInstanceLifecycleConfig",
      "scheduler:UpdateSchedule",
      "secretsmanager:UpdateSecret",
      "servicediscovery:UpdateHttpNamespace",
      "sns:SetSubscriptionAttributes",
      "ssm:UpdateAssociation",
      "ssm:UpdateDocument",
      "ssm:UpdateDocumentDefaultVersion",
      "ssm:UpdateMaintenanceWindow",
      "ssm:UpdateMaintenanceWindowTarget",
      "ssm:UpdateMaintenanceWindowTask",
      "ssm:UpdatePatchBaseline",
      "wafv2:UpdateWebACL",
    ],
    reason: "only when an argument of what stands there changes: size, version, rules, text",
  },
  {
    roles: deploy,
    actions: [
      "ec2:AssociateIamInstanceProfile",
      "ec2:AttachNetworkInterface",
      "ec2:DetachNetworkInterface",
      "ec2:DisassociateIamInstanceProfile",
      "ec2:ReplaceIamInstanceProfileAssociation",
    ],
    reason: "only when a machine changes its profile, or is replaced and leaves its interface to the next one",
  },
  {
    roles: deploy,
    actions: ["eks:AssociateEncryptionConfig", "kms:DisableKeyRotation", "logs:AssociateKmsKey", "logs:DisassociateKmsKey"],
    reason: "only when `customerManagedKeys` is switched for what stands already",
  },
  {
    roles: deploy,
    actions: ["iam:PutRolePermissionsBoundary"],
    reason: "puts back the boundary of a role that was taken off by hand",
  },

  {
    roles: deploy,
    actions: ["ssm:GetCommandInvocation", "ssm:SendCommand"],
    reason: "npm run deploy:web has the web application's machine run another image, and asks what became of it (docs/web.md)",
  },
  {
    roles: deploy,
    actions: [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:GetAuthorizationToken",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ],
    reason: "npm run image -- push brings an image to the environment's repository (docs/web.md)",
  },
  {
    roles: deploy,
    actions: ["cloudfront:CreateInvalidation"],
    reason: "npm run deploy:frontend asks CloudFront to forget what changed, and looks whether it has (docs/web.md)",
  },
  {
    roles: both,
    actions: ["cloudfront:GetInvalidation"],
    reason: "npm run deploy:frontend asks CloudFront to forget what changed, and looks whether it has (docs/web.md)",
  },
  {
    roles: deploy,
    actions: ["cloudfront:AllowVendedLogDeliveryForResource"],
    reason:
      "CloudWatch Logs asks whether its caller has it when a distribution's log is to be delivered, and no call of Terraform says so: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html",
  },

  // --- what literals may have and none of the three has ---
  {
    roles: deploy,
    actions: [
      "autoscaling:AttachLoadBalancerTargetGroups",
      "autoscaling:AttachTrafficSources",
      "autoscaling:CreateAutoScalingGroup",
      "autoscaling:CreateOrUpdateTags",
      "autoscaling:DeleteAutoScalingGroup",
      "autoscaling:DeletePolicy",
      "autoscaling:DeleteTags",
      "autoscaling:DetachLoadBalancerTargetGroups",
      "autoscaling:DetachTrafficSources",
      "autoscaling:PutScalingPolicy",
      "autoscaling:UpdateAutoScalingGroup",
    ],
    reason: "only with hosts that scale",
  },
  {
    roles: deploy,
    actions: ["application-autoscaling:DeleteScalingPolicy", "application-autoscaling:PutScalingPolicy"],
    reason: "only with services that scale, on ECS",
  },

  // --- what AWS asks of whoever calls, and the emulator does not ---
  {
    roles: deploy,
    actions: ["kms:Encrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:RetireGrant"],
    reason:
      "services use a customer's key in the caller's name, and an emulator has none: DynamoDB, EBS and ECR (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html, https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html)",
  },
  {
    roles: deploy,
    actions: ["logs:CreateLogDelivery", "logs:DeleteLogDelivery"],
    reason: "EC2 asks it of whoever makes and deletes flow logs (https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html)",
  },
  {
    roles: both,
    actions: ["logs:DescribeResourcePolicies"],
    reason: "as logs:PutResourcePolicy; both roles look by one list",
  },
  {
    roles: deploy,
    actions: ["logs:PutResourcePolicy"],
    reason:
      "AWS WAF lets its log be delivered in its caller's name (https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html)",
  },
  {
    roles: deploy,
    actions: ["budgets:TagResource"],
    reason: "budgets are made with tags, for which AWS asks it; its model lets no call of Terraform be told from one without",
  },
  {
    roles: deploy,
    actions: ["cloudfront:UpdateVpcOrigin"],
    reason: "a VPC origin changes with its port or its name, before a distribution asks it; with its machine it is made anew",
  },
  {
    roles: deploy,
    actions: ["elasticache:CreateSnapshot"],
    reason: "a protected cache leaves a snapshot behind; rehearsals lift the protection before they destroy",
  },
  {
    roles: deploy,
    actions: ["backup-storage:MountCapsule"],
    reason: "AWS Backup asks it of whoever makes a vault (https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault.html)",
  },
  {
    roles: deploy,
    actions: ["backup:TagResource"],
    reason: "vaults and plans are made with tags, which AWS's model of Backup calls sensitive, so that a recording leaves them out",
  },
  {
    roles: deploy,
    actions: ["backup:DeleteRecoveryPoint"],
    reason: "a vault that is not protected is emptied before it goes, and in a rehearsal nothing was backed up into one",
  },
  {
    roles: deploy,
    actions: ["s3:DeleteObjectVersion"],
    reason: "a bucket that is not protected is emptied before it goes, and in a rehearsal nothing has written to one",
  },
];
