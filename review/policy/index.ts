/** Policy: what a whole environment looks like after the plan, whatever the plan changes. */
import type { Finding, RiskClass, Severity, StackPlan } from "../model";
import { checkAll, type FailedCheck } from "./checkov";
import { ownPolicyFindings } from "./own";
import { secretsBesideResources } from "./own/secrets-beside-resources";
import { classOfType } from "../risk/classes";
import { scanCopy } from "./scan-copy";
import { withoutIndex } from "../plan/read";
import type { StackJson } from "../../terraform/assembly";
import { surroundingsOf } from "./subjects";

export interface PolicyInput {
  readonly plan: StackPlan;
  /** Text of `terraform show -json`, or of a comparison in its format. */
  readonly raw: string;
  /** The stack's `cdk.tf.json`, which says what the plan leaves as unknown. @default nothing is known of it */
  readonly synthesised?: StackJson;
}

export interface PolicyOptions {
  /** Python that has checkov; see python.ts. */
  readonly python: string;
  /** Of the environment; undefined for plans of another project. What is not in order refuses outside development only. */
  readonly stage?: "development" | "staging" | "production";
  /** @default by a table of types */
  readonly classOf?: (type: string) => RiskClass;
}

export const severityIn = (stage: PolicyOptions["stage"]): Severity =>
  stage === "staging" || stage === "production" ? "refusal" : "notice";

/**
 * What checkov and our own rules find in the stacks of one environment, without their sources and without exceptions applied; by stack,
 * address and rule.
 * @throws CheckovError when checkov cannot be started; a stack that it passes over is a finding
 */
export async function policyFindings(
  inputs: readonly PolicyInput[],
  { python, stage, classOf = classOfType }: PolicyOptions,
): Promise<Finding[]> {
  const severity = severityIn(stage);
  const { failed, unread } = await checkAll(
    inputs.map(({ raw, synthesised }) => scanCopy(raw, synthesised)),
    python,
  );
  const own = inputs.flatMap(({ plan, raw, synthesised }) => [
    ...ownPolicyFindings(plan.stack, surroundingsOf(plan, raw, synthesised), severity),
    ...secretsBesideResources(plan.stack, synthesised ?? {}),
  ]);
  return sorted([
    ...checkovFindings(
      failed,
      inputs.map(({ plan }) => plan),
      severity,
      classOf,
    ),
    ...own,
    ...[...unread].map(([index, why]): Finding => {
      const { stack } = inputs[index]!.plan;
      const message = `The policy of ${stack} was not looked at by checkov: ${why}`;
      return { rule: "policy/not-looked-at", severity, riskClass: "identity", stack, construct: stack, message };
    }),
  ]);
}

/** Failed checks as findings; of resources of the plans after the change only. */
export function checkovFindings(
  failed: readonly FailedCheck[],
  plans: readonly StackPlan[],
  severity: Severity,
  classOf = classOfType,
): Finding[] {
  const known = plans.map(
    ({ after }) =>
      new Map([
        ...after.map((resource) => [withoutIndex(resource.address), resource] as const),
        ...after.map((resource) => [resource.address, resource] as const),
      ]),
  );
  return failed.map(({ plan, check, name, address, guideline }): Finding => {
    // The plan's own addresses are redacted: a key of `for_each` may be a secret.
    const resource = known[plan]!.get(address) ?? known[plan]!.get(withoutIndex(address));
    return {
      rule: `checkov/${check}`,
      severity,
      riskClass: classOf(resource?.type ?? withoutIndex(address).split(".")[0]!),
      stack: plans[plan]!.stack,
      construct: resource?.construct ?? withoutIndex(address),
      address: resource?.address ?? withoutIndex(address),
      message: sentence(name, guideline),
    };
  });
}

/** checkov words a check as `Ensure that …`. */
function sentence(name: string, guideline?: string): string {
  const text = name.trim().replace(/[.\s]+$/, "");
  return `checkov: ${text}.${guideline ? ` ${guideline}` : ""}`;
}

function sorted(findings: readonly Finding[]): Finding[] {
  const key = ({ stack, address = "", rule }: Finding): string => `${stack}\n${address}\n${rule}`;
  return [...findings].sort((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0));
}
