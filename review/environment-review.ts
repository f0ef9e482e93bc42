/** Reviews one environment: what its plans risk, break, cost and look like. */
import type { AzureEnvironment } from "../environments/azure/schema";
import type { Environment } from "../environments/schema";
import { namesIn, type Names } from "./construct-names";
import { estimate } from "./cost/estimate";
import { costFindings } from "./cost/findings";
import { movesAsItStood, shiftIn } from "./environment-shift";
import type { EnvironmentReview, Finding, Shift, StackReview } from "./model";
import { gravestByPart } from "./pictures/change-marks";
import { changesSvg } from "./pictures/changes";
import type { EnvironmentInput } from "./planning/planner";
import { policyFindings } from "./policy";
import { configurationOf, type Configuration } from "./plan/configuration";
import { argumentsIn } from "./plan/written";
import { asPriced, type ReadEnvironment, type ReadStack } from "./read-stack";
import { protectedIn, type StackJson } from "../terraform/assembly";
import { accountsOf, configuredFacts, foreignOf, reachOf, risksOf, runsOf, type ForeignSides, type RunningSides } from "./risk";

export interface EnvironmentReviewOptions {
  readonly root: string;
  readonly python: () => Promise<string>;
  /** Its accepted literal; undefined for plans that are not ours, and on Azure. */
  readonly literal: Environment | undefined;
  /** The same of one on Azure, of which nothing is estimated and which no base knows. @default it is on AWS, or not ours */
  readonly azure?: AzureEnvironment;
  /** Those of the other environments of its cloud, where they are ours. */
  readonly others: readonly (Environment | AzureEnvironment)[];
  /** Whether its base was judged by the same rules and nothing has changed since: policy is not asked again. */
  readonly isSettled: boolean;
  /** Where a construct is made. */
  readonly sourceOf: (construct: string) => string | undefined;
}

/**
 * @returns the review without exceptions, and a sentence on what it leaves out
 * @throws Error when checkov fails
 */
export async function reviewEnvironment(
  { input, stacks }: ReadEnvironment,
  { root, python, literal, azure, others, isSettled, sourceOf }: EnvironmentReviewOptions,
): Promise<{ readonly review: EnvironmentReview; readonly leftOut: readonly string[] }> {
  const { environment } = input;
  const own = literal ?? azure;
  const shift = shiftIn(input, literal);
  const isTouched = touchedBy(input, shift);
  const cost = estimate({ plans: stacks.map(asPriced), environment: literal });
  const names = namesIn(stacks.map(({ input: { before, after }, plan }) => ({ plan, json: after ?? before })));
  const policy = isSettled
    ? []
    : await policyFindings(
        stacks.map(({ input: { raw, before, after }, plan }) => ({ plan, raw, synthesised: after ?? before })),
        { python: await python(), stage: own?.stage },
      );
  const shown = policy.filter(
    (finding) =>
      finding.severity === "refusal" || finding.rule === "policy/not-looked-at" || (concernsChange(finding, stacks) && isTouched(finding)),
  );
  const sides = stacks.map(sidesOf);
  const whole = [
    ...reachOf(sides),
    // Whom an environment named at its old place is new at no other.
    ...foreignOf(sides, {
      own: [own, sides.map(({ variables }) => variables)],
      others: [...others, ...(input.left ?? []).map(({ before }) => before)],
    }),
    ...runsOf(sides, own?.stage),
  ];
  const findingsOf = (stack: ReadStack): Finding[] => [
    ...orphaned(stack),
    ...noted(stack),
    ...[...risks(stack, names), ...whole.filter((finding) => finding.stack === stack.plan.stack)].filter(isTouched),
    ...shown.filter((finding) => finding.stack === stack.input.stack),
  ];
  return {
    leftOut:
      shown.length < policy.length
        ? [`${policy.length - shown.length} notices of policy about what this change to ${environment} does not touch are left out`]
        : [],
    review: {
      environment,
      ...(shift && { shift }),
      cost,
      findings: costFindings(cost, environment),
      stacks: stacks.map((stack): StackReview => ({
        stack: stack.input.stack,
        state: stack.input.state,
        why: stack.input.why,
        plan: stack.plan,
        findings: findingsOf(stack).map((finding) => ({ ...finding, source: finding.source ?? sourceOf(finding.construct) })),
      })),
      diagram: await pictureOf(stacks, root),
    },
  };
}

/** Whether a finding is about more than that an environment moves. */
function touchedBy({ stacks, left = [] }: EnvironmentInput, shift: Shift | undefined): (finding: Finding) => boolean {
  if (shift?.kind !== "moved") return () => true;
  const isAsItStood = movesAsItStood(left, stacks, shift.from, shift.to);
  return ({ stack, address }) => !isAsItStood(stack, address);
}

function risks({ input: { before, after, raw }, plan }: ReadStack, names: Names): Finding[] {
  // Against the account there is no base: what the code protects now is what Terraform refuses to destroy.
  return risksOf(plan, {
    protected: protectedIn(before ?? after ?? {}),
    protectedAfter: before && after && protectedIn(after),
    accounts: accountsOf(plan, before, after),
    written: argumentsIn(raw, after),
    names,
  });
}

type Sides = ForeignSides & RunningSides & Configuration;

/** Of a stack that cannot be planned the review shows what stands: its new code says nothing of that. */
function sidesOf({ input: { before, after, state, raw }, plan }: ReadStack): Sides {
  const configuration = configurationOf(raw);
  return {
    plan,
    before,
    after: state === "failed" ? (before ?? after) : after,
    ...configuration,
    ...(!after && { configured: configuredFacts(configuration, plan) }),
  };
}

/** Whether the change has to do with it: notices of all that stands there, and a reviewer would read past the others. */
function concernsChange({ stack, address }: Finding, stacks: readonly ReadStack[]): boolean {
  return stacks.some(({ plan }) => plan.stack === stack && plan.changes.some((change) => change.address === address));
}

function orphaned({ input: { stack, state }, plan: { after } }: ReadStack): Finding[] {
  if (state !== "orphaned") return [];
  return [
    {
      rule: "data/orphaned-stack",
      severity: "refusal",
      riskClass: "data",
      stack,
      construct: stack,
      message: `${stack} is no longer synthesised: its ${after.length} resources stay in the account, paid for and without an owner.`,
    },
  ];
}

/** Notices: a check only warns, and what an action does nobody can tell from a plan. */
const noted = ({ plan: { stack, notes = [] } }: ReadStack): Finding[] =>
  notes.map(({ rule, address, message }) => ({
    rule,
    severity: "notice",
    riskClass: "compute",
    stack,
    construct: address,
    address,
    message,
  }));

/** Undefined where nothing was synthesised: there are no references to draw. */
async function pictureOf(stacks: readonly ReadStack[], root: string): Promise<string | undefined> {
  const of = (when: "before" | "after") =>
    Object.fromEntries(stacks.flatMap(({ input }) => (input[when] ? [[input.stack, input[when] as StackJson]] : [])));
  const [base, head] = [of("before"), of("after")];
  if (Object.keys(base).length + Object.keys(head).length === 0) return undefined;
  return changesSvg(head, { base, changes: gravestByPart(stacks.map(({ plan }) => plan)) }, root);
}
