/** Whether the account's budget has put its stop on the deploy role: what a plan replaces would then be ended, and the new one refused (CST-030). */
import { deployRoleName, SPENDING_STOP } from "../../constructs/identity/github-names";
import { listAt, textAt } from "../aws";
import { blocksIn, type Need, type Subject } from "./need";

/** Where the account's stack has such an action. */
export const spendingStop = (subject: Subject): Need[] =>
  blocksIn(subject, "aws_budgets_budget_action").map(({ access, stack }): Need => {
    const role = deployRoleName(subject.environment.name);
    return {
      kind: "spending stop",
      name: role,
      stacks: [stack],
      ask: async () => {
        const answered = await subject.aws(access).query("iam", "ListAttachedRolePolicies", { RoleName: role });
        const path = ["ListAttachedRolePoliciesResponse", "ListAttachedRolePoliciesResult", "AttachedPolicies", "member"];
        return listAt(answered, ...path).every((policy) => textAt(policy, "PolicyName") !== SPENDING_STOP)
          ? { state: "there", note: "not on the role" }
          : {
              state: "advised",
              why: `the budget has put ${SPENDING_STOP} on the role: what a plan replaces is ended, and the new one refused`,
              make: "deploy only what replaces nothing, or take it off first (docs/money.md)",
            };
      },
    };
  });
