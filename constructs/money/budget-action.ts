import { BudgetsBudgetAction } from "@cdktf/provider-aws/lib/budgets-budget-action";
import { Construct } from "constructs";
import type { AlarmTarget } from "../alarms/alarm";
import { deployRoleName, spendingStopArn, spendingStopRoleArn } from "../identity/github-names";

export interface BudgetActionProps {
  /** Twelve digits. */
  readonly account: string;
  /** Name of the budget. */
  readonly budget: string;
  /** Percent of the budget that were spent. */
  readonly percent: number;
  /** Whether a person lets it happen, in the console, or it happens by itself. */
  readonly approval: "MANUAL" | "AUTOMATIC";
  /** Those whose deploy roles make nothing new any more. */
  readonly environments: readonly string[];
  /** Told when it is due, and when it happened. */
  readonly target: AlarmTarget;
}

/**
 * What a budget does once so much is spent: deploy roles make nothing new that is charged by the hour (bootstrap's SpendingStop). It stops nothing that
 * runs. A person takes it back, in the console or by `aws budgets execute-budget-action --execution-type REVERSE_BUDGET_ACTION`.
 */
export class BudgetAction extends Construct {
  constructor(scope: Construct, id: string, props: BudgetActionProps) {
    super(scope, id);
    const { account, approval, budget, environments, percent, target } = props;
    new BudgetsBudgetAction(this, "action", {
      budgetName: budget,
      actionType: "APPLY_IAM_POLICY",
      approvalModel: approval,
      notificationType: "ACTUAL",
      actionThreshold: { actionThresholdType: "PERCENTAGE", actionThresholdValue: percent },
      executionRoleArn: spendingStopRoleArn(account),
      definition: { iamActionDefinition: { policyArn: spendingStopArn(account), roles: environments.map(deployRoleName) } },
      subscriber: [{ subscriptionType: "SNS", address: target.arn }],
    });
  }
}
