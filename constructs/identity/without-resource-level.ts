/** The actions that a grant may give on `*`, each with the reason (design 8). Whoever grants another one on `*` writes it down here. */

export interface WithoutResourceLevel {
  /** Exact names. */
  readonly actions: readonly string[];
  /** Why no ARN can stand in place of `*`; completes "everything, because …". */
  readonly reason: string;
  /** Where AWS says so. */
  readonly documentation: string;
}

export const WITHOUT_RESOURCE_LEVEL: readonly WithoutResourceLevel[] = [
  {
    actions: [
      "autoscaling:DescribeAutoScalingGroups",
      "autoscaling:DescribeAutoScalingInstances",
      "autoscaling:DescribeLaunchConfigurations",
      "autoscaling:DescribeScalingActivities",
      "autoscaling:DescribeTags",
    ],
    reason: "lists of groups and machines cannot be limited to some of them",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2autoscaling.html",
  },
  {
    actions: ["cloudtrail:DescribeTrails", "cloudtrail:LookupEvents"],
    reason: "which trails there are, and the last ninety days of what was done in the account, can be read as a whole or not at all",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html",
  },
  {
    actions: ["cloudwatch:DescribeAlarmHistory", "cloudwatch:DescribeAlarms"],
    reason: "of who may see some alarms only, CloudWatch keeps back all composite ones",
    documentation: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html",
  },
  {
    actions: ["cloudwatch:ListDashboards"],
    reason: "it asks for the list of all dashboards",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html",
  },
  {
    actions: ["cloudwatch:GetMetricData", "cloudwatch:ListMetrics"],
    reason: "a metric has no ARN, so that who may read one may read all",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html",
  },
  {
    actions: ["cloudwatch:PutMetricData"],
    reason: "a metric has no ARN; the condition keeps it to a namespace",
    documentation: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html",
  },
  {
    actions: ["config:DescribeConfigurationAggregators"],
    reason: "it asks for the list of all aggregators",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsconfig.html",
  },
  {
    actions: [
      "ec2:DescribeAccountAttributes",
      "ec2:DescribeAddresses",
      "ec2:DescribeAvailabilityZones",
      "ec2:DescribeDhcpOptions",
      "ec2:DescribeImages",
      "ec2:DescribeInstanceTopology",
      "ec2:DescribeInstances",
      "ec2:DescribeInstanceStatus",
      "ec2:DescribeInstanceTypes",
      "ec2:DescribeInternetGateways",
      "ec2:DescribeLaunchTemplateVersions",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeRouteTables",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSnapshots",
      "ec2:DescribeSubnets",
      "ec2:DescribeTags",
      "ec2:DescribeVolumes",
      "ec2:DescribeVolumesModifications",
      "ec2:DescribeVolumeStatus",
      "ec2:DescribeVpcPeeringConnections",
      "ec2:DescribeVpcs",
      "ec2:GetInstanceTypesFromInstanceRequirements",
      "ec2:GetSecurityGroupsForVpc",
    ],
    reason: "EC2 gives what it lists to whoever may list at all",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html",
  },
  {
    actions: ["ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"],
    reason:
      "Lambda makes, finds and removes the interfaces of functions in a VPC, and AWS gives it on `*`; the condition keeps it from their code",
    documentation: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
  },
  {
    actions: [
      "ec2messages:AcknowledgeMessage",
      "ec2messages:DeleteMessage",
      "ec2messages:FailMessage",
      "ec2messages:GetEndpoint",
      "ec2messages:GetMessages",
      "ec2messages:SendReply",
    ],
    reason: "the channel of Systems Manager's orders defines no resources",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmessagedeliveryservice.html",
  },
  {
    actions: ["ecr:GetAuthorizationToken"],
    reason: "the token is the registry's, which has no ARN; what it opens is given by repository",
    documentation: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_service-with-iam.html",
  },
  {
    actions: [
      "elasticloadbalancing:DescribeCapacityReservation",
      "elasticloadbalancing:DescribeListenerAttributes",
      "elasticloadbalancing:DescribeListenerCertificates",
      "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeLoadBalancerAttributes",
      "elasticloadbalancing:DescribeLoadBalancers",
      "elasticloadbalancing:DescribeRules",
      "elasticloadbalancing:DescribeSSLPolicies",
      "elasticloadbalancing:DescribeTags",
      "elasticloadbalancing:DescribeTargetGroupAttributes",
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetHealth",
      "elasticloadbalancing:DescribeTrustStores",
    ],
    reason: "lists of load balancers and of their parts cannot be limited to some of them",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html",
  },
  {
    actions: ["elasticloadbalancing:SetWebAcl"],
    reason:
      "the action knows neither resources nor conditions; which web ACLs and load balancers are meant is given with wafv2:AssociateWebACL",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html",
  },
  {
    actions: ["guardduty:GetFindings", "guardduty:ListDetectors", "guardduty:ListFindings"],
    reason: "detectors are found by a list, and findings have no ARN",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonguardduty.html",
  },
  {
    actions: ["logs:DescribeLogGroups"],
    reason: "it asks for the list of all groups, as the services of flow logs and of ECS Exec do before they write",
    documentation: "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
  },
  {
    actions: ["logs:DescribeQueryDefinitions"],
    reason: "it asks for the list of all saved queries",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html",
  },
  {
    actions: ["ssm:DescribeAutomationExecutions", "ssm:DescribeSessions"],
    reason: "they ask for the lists of all runs of runbooks and of all sessions",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html",
  },
  {
    actions: ["ssm:DescribeInstanceProperties", "ssm:ListDocuments"],
    reason: "the console asks for the lists of all managed machines and of all documents before it shows one",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html",
  },
  {
    actions: ["ssm:DescribeInstanceInformation", "ssm:GetCommandInvocation", "ssm:ListCommandInvocations", "ssm:ListCommands"],
    reason: "what became of a command is asked by the command's id, which has no ARN, and by lists, which have no resource level",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html",
  },
  {
    actions: ["ssm:GetDeployablePatchSnapshotForInstance", "ssm:PutInventory"],
    reason: "what is to be installed on a machine and what is there: neither has a resource level",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html",
  },
  {
    actions: ["ssm:ListAssociations"],
    reason: "it asks for the list of all associations",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html",
  },
  {
    actions: [
      "ssm:UpdateInstanceInformation",
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ],
    reason:
      "the channels of Session Manager have no resource level: AWS gives all five to an agent on `*`, and a person's data channel needs the token of a session",
    documentation: "https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html",
  },
  {
    actions: ["tag:GetResources"],
    reason: "it asks for the list of whatever has a tag",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonresourcegrouptaggingapi.html",
  },
];

/** Why an action may be given on `*`; undefined when it may not. */
export const whyOnEverything = (action: string): WithoutResourceLevel | undefined =>
  WITHOUT_RESOURCE_LEVEL.find(({ actions }) => actions.includes(action));
