/** What a budget may do about what is spent, by option (CST-030): bootstrap's part, the account's, and what no workflow may do to either. */
import { NEW_AND_CHARGED } from "../../constructs/identity/spending-stop";
import { environment, type Edits } from "../environments/edits";
import { named } from "../helpers/trading";
import { policyOf, resourcesOf, synthEnvironments } from "../helpers/synth";
import { judge, type Statement } from "../rights/policy";

const ACCOUNT = "777788889999";
const POLICY = `arn:aws:iam::${ACCOUNT}:policy/tss-spending-stop`;
const DEPLOY = `arn:aws:iam::${ACCOUNT}:role/tss-deploy-prod`;
const synth = (edits: Edits = {}) => {
  const stacks = synthEnvironments({ environments: [environment("prod", edits)], target: { kind: "aws" } });
  return { bootstrap: stacks["prod-bootstrap"]!, account: stacks["prod-account"]! };
};
const on = synth({ "accountWide.budget.action": { percent: 90 } });
const off = synth();
const statements = (json: typeof on.bootstrap, type: string, part: string) =>
  policyOf(named(json, type, part), "policy").Statement as unknown as Statement[];
const request = (action: string, resource: string, context: Readonly<Record<string, string>> = {}) => ({
  action,
  resource,
  context: (key: string) => context[key],
});

it("is not there where the literal has none", () => {
  expect(resourcesOf(off.account, "aws_budgets_budget_action")).toEqual([]);
  expect(JSON.stringify(off.bootstrap)).not.toContain("Nothing new that is charged");
  expect(JSON.stringify(off.bootstrap)).not.toContain("BudgetIsFixed");
});

it("is due when so much of the account's budget was spent, and asks a person unless the literal says otherwise", () => {
  const action = named(on.account, "aws_budgets_budget_action", "budget-action_");
  expect(action).toMatchObject({
    budget_name: expect.stringMatching(/^\$\{aws_budgets_budget\.budget_\w+\.name\}$/) as string,
    action_type: "APPLY_IAM_POLICY",
    approval_model: "MANUAL",
    notification_type: "ACTUAL",
    action_threshold: { action_threshold_type: "PERCENTAGE", action_threshold_value: 90 },
    execution_role_arn: `arn:aws:iam::${ACCOUNT}:role/tss-spending-stop`,
    definition: { iam_action_definition: { policy_arn: POLICY, roles: ["tss-deploy-prod"] } },
  });
  expect(action.subscriber).toEqual([{ subscription_type: "SNS", address: expect.stringContaining("system-alerts") as string }]);
});

it("denies what makes something new that is charged by the hour, and nothing that starts, changes or ends what is there", () => {
  expect(statements(on.bootstrap, "aws_iam_policy", "spending-stop_")).toEqual([
    { Sid: "NothingNew", Effect: "Deny", Action: NEW_AND_CHARGED, Resource: "*" },
  ]);
  expect(NEW_AND_CHARGED.filter((action) => !/:(Allocate|Create|Run)[A-Za-z]+$/.test(action))).toEqual([]);
});

it("is done by a role that Budgets takes for this budget, which may put this policy on the deploy role, and nothing else", () => {
  const role = named(on.bootstrap, "aws_iam_role", "spending-stop_");
  expect(role.name).toBe("tss-spending-stop");
  expect(policyOf(role, "assume_role_policy").Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "budgets.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": ACCOUNT },
        ArnLike: { "aws:SourceArn": `arn:aws:budgets::${ACCOUNT}:budget/tss-account-month*` },
      },
    },
  ]);
  const own = statements(on.bootstrap, "aws_iam_role_policy", "spending-stop_");
  expect(own).toHaveLength(1);
  const attach = (resource: string, policy: string) => judge(request("iam:AttachRolePolicy", resource, { "iam:PolicyARN": policy }), own);
  expect(attach(DEPLOY, POLICY)).toBe("allowed");
  expect(attach(DEPLOY, "arn:aws:iam::aws:policy/AdministratorAccess")).toBe("not granted");
  expect(attach(`arn:aws:iam::${ACCOUNT}:role/tss-plan-prod`, POLICY)).toBe("not granted");
  expect(judge(request("iam:PutRolePolicy", DEPLOY, { "iam:PolicyARN": POLICY }), own)).toBe("not granted");
});

it("is out of reach of every workflow: role, policy, budget and action", () => {
  const boundary = statements(on.bootstrap, "aws_iam_policy", "boundary-prod_");
  const all: Statement[] = [{ Effect: "Allow", Action: "*", Resource: "*" }];
  const budget = `arn:aws:budgets::${ACCOUNT}:budget/tss-account-month`;
  for (const [action, resource] of [
    ["iam:DetachRolePolicy", DEPLOY],
    ["iam:PutRolePolicy", `arn:aws:iam::${ACCOUNT}:role/tss-spending-stop`],
    ["iam:UpdateAssumeRolePolicy", `arn:aws:iam::${ACCOUNT}:role/tss-spending-stop`],
    ["iam:CreatePolicyVersion", POLICY],
    ["iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/tss-spending-stop`],
    ["budgets:ModifyBudget", budget],
    ["budgets:CreateBudgetAction", `${budget}/action/0a1b`],
    ["budgets:UpdateBudgetAction", `${budget}/action/0a1b`],
    ["budgets:DeleteBudgetAction", `${budget}/action/0a1b`],
    ["budgets:ExecuteBudgetAction", `${budget}/action/0a1b`],
  ] as const)
    expect([action, judge(request(action, resource), all, boundary)]).toEqual([action, "denied"]);
  // The environment's own is the pipeline's, and what anybody sees stays to be seen.
  expect(judge(request("budgets:ModifyBudget", `arn:aws:budgets::${ACCOUNT}:budget/tss-month`), all, boundary)).toBe("allowed");
  for (const [action, resource] of [
    ["budgets:ViewBudget", budget],
    ["budgets:DescribeBudgetAction", `${budget}/action/0a1b`],
    ["budgets:DescribeBudgetActionHistories", `${budget}/action/0a1b`],
  ] as const)
    expect([action, judge(request(action, resource), all, boundary)]).toEqual([action, "allowed"]);
});

it("keeps the boundary as small as IAM takes it", () => {
  for (const policy of resourcesOf(on.bootstrap, "aws_iam_policy"))
    expect([policy.name, String(policy.policy).replaceAll(/\s/g, "").length <= 6144]).toEqual([policy.name, true]);
});
