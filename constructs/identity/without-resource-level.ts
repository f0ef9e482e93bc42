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
    actions: ["cloudwatch:PutMetricData"],
    reason: "a metric has no ARN; the condition keeps it to a namespace",
    documentation: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html",
  },
  {
    actions: ["ec2messages:AcknowledgeMessage", "ec2messages:DeleteMessage", "ec2messages:FailMessage", "ec2messages:GetEndpoint", "ec2messages:GetMessages", "ec2messages:SendReply"],
    reason: "the channel of Systems Manager's orders defines no resources",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmessagedeliveryservice.html",
  },
  {
    actions: ["ecr:GetAuthorizationToken"],
    reason: "the token is the registry's, which has no ARN; what it opens is given by repository",
    documentation: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_service-with-iam.html",
  },
  {
    actions: ["logs:DescribeLogGroups"],
    reason: "the services of flow logs and of ECS Exec list all groups before they write, and AWS gives it on `*`",
    documentation: "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
  },
  {
    actions: ["ssm:ListAssociations"],
    reason: "it asks for the list of all associations",
    documentation: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html",
  },
  {
    actions: [
      "ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ],
    reason: "the channels of Session Manager's agent have no resource level, and AWS gives all five on `*`",
    documentation: "https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html",
  },
];

/** Why an action may be given on `*`; undefined when it may not. */
export const whyOnEverything = (action: string): WithoutResourceLevel | undefined => WITHOUT_RESOURCE_LEVEL.find(({ actions }) => actions.includes(action));
