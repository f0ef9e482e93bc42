import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { Construct } from "constructs";
import { deployRoleArn, spendingStopArn, SPENDING_STOP } from "./github-names";
import { policyDocument } from "./policy";
import { Role } from "./role";

export interface SpendingStopProps {
  /** Twelve digits. */
  readonly account: string;
  /** Name of the budget whose action takes the role. */
  readonly budget: string;
  /** Those whose deploy roles are meant. */
  readonly environments: readonly string[];
}

/**
 * Calls that make something which is charged by the hour: none that starts, scales or ends what is there.
 *
 * Two changes need them all the same. What Terraform replaces it ends first, and is then refused the new one; and EC2 Auto Scaling asks whether whoever
 * makes or changes a group with a launch template may RunInstances. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
 */
export const NEW_AND_CHARGED = [
  "ec2:AllocateAddress",
  "ec2:CreateNatGateway",
  "ec2:CreateVpcEndpoint",
  "ec2:RunInstances",
  "ecs:CreateService",
  "eks:CreateCluster",
  "eks:CreateNodegroup",
  "elasticache:CreateCacheCluster",
  "elasticache:CreateReplicationGroup",
  "elasticloadbalancing:CreateLoadBalancer",
  "rds:CreateDBInstance",
  "sagemaker:CreateNotebookInstance",
  "wafv2:CreateWebACL",
];

/**
 * What a budget may do about what is spent (CST-030): put a policy on the deploy roles by which nothing new can be made that is charged by the hour.
 * What runs goes on, whoever started it. Both stand beside the roles that they are for, where no workflow reaches them: an administrator's.
 */
export class SpendingStop extends Construct {
  constructor(scope: Construct, id: string, { account, budget, environments }: SpendingStopProps) {
    super(scope, id);
    new IamPolicy(this, "policy", {
      name: SPENDING_STOP,
      description: "Nothing new that is charged by the hour",
      policy: policyDocument([{ sid: "NothingNew", effect: "Deny", actions: NEW_AND_CHARGED, resources: ["*"] }]),
    });
    const role = new Role(this, "role", {
      name: SPENDING_STOP,
      description: `Puts the policy ${SPENDING_STOP} on deploy roles, and takes it off`,
      // https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-action-role.html
      assumedBy: [
        {
          principals: { Service: "budgets.amazonaws.com" },
          actions: ["sts:AssumeRole"],
          conditions: {
            StringEquals: { "aws:SourceAccount": account },
            // Whether it comes as the budget or as its action (`…/action/<id>`) was found in no source.
            ArnLike: { "aws:SourceArn": `arn:aws:budgets::${account}:budget/${budget}*` },
          },
        },
      ],
    });
    role.grant({
      actions: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
      resources: environments.map((environment) => deployRoleArn(account, environment)),
      conditions: { ArnEquals: { "iam:PolicyARN": spendingStopArn(account) } },
    });
  }
}
