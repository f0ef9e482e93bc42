/** What the agents on a machine may do: Systems Manager's, in place of the managed policy AmazonSSMManagedInstanceCore, and CloudWatch's. */
import type { Grantee } from "../identity/role";

/** The channels by which the agent, of a machine or of a container, takes part in a session. */
export const SESSION_CHANNELS = [
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
];

/**
 * A way in for Session Manager, in place of a key pair, and nothing else.
 *
 * The agent's channels have no resource level, and AWS gives all five on *.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
 */
export function grantSessionManager(grantee: Grantee): void {
  grantee.grant({ actions: ["ssm:UpdateInstanceInformation", ...SESSION_CHANNELS], resources: ["*"] });
}

/** Puts the project's own metrics, which name no resource; the condition keeps it to them (C-39). */
export function grantMetrics(grantee: Grantee, metricNamespace: string): void {
  grantee.grant({
    actions: ["cloudwatch:PutMetricData"],
    resources: ["*"],
    conditions: { StringEquals: { "cloudwatch:namespace": metricNamespace } },
  });
}

/** Takes orders from State Manager's associations with one document, and reports what became of them: what another document says it cannot read, so does not run. */
export function grantStateManager(
  grantee: Grantee,
  props: { readonly region: string; readonly account: string; readonly documentArn: string },
): void {
  const { region, account, documentArn } = props;
  grantee.grant({ actions: ["ssm:DescribeDocument", "ssm:GetDocument"], resources: [documentArn] });
  grantee.grant({
    actions: [
      "ssm:DescribeAssociation",
      "ssm:ListInstanceAssociations",
      "ssm:PutComplianceItems",
      "ssm:UpdateAssociationStatus",
      "ssm:UpdateInstanceAssociationStatus",
    ],
    // The machine's own id is known only when it runs, after its role; an association's only after that.
    resources: [`arn:aws:ec2:${region}:${account}:instance/*`, `arn:aws:ssm:${region}:${account}:association/*`, documentArn],
  });
  // Orders and answers travel over ec2messages, which has no resource level, as little as the list of associations has.
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmessagedeliveryservice.html
  grantee.grant({
    actions: [
      "ec2messages:AcknowledgeMessage",
      "ec2messages:DeleteMessage",
      "ec2messages:FailMessage",
      "ec2messages:GetEndpoint",
      "ec2messages:GetMessages",
      "ec2messages:SendReply",
      "ssm:ListAssociations",
    ],
    resources: ["*"],
  });
}
