/** Turns plans into a report: reads them, asks every rule, prices them, draws them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../environments/schema";
import { namesIn, type Names } from "./construct-names";
import { estimate, type PlannedStack } from "./cost/estimate";
import { costFindings } from "./cost/findings";
import { applyExceptions, readExceptions, type ExceptionScope } from "./exceptions";
import type { EnvironmentReview, Finding, Left, PlanSource, Report, Shift, StackPlan, StackReview } from "./model";
import { movesAsItStood } from "./moved";
import { gravestByPart } from "./pictures/change-marks";
import { changesSvg } from "./pictures/changes";
import type { PictureStack } from "./pictures/synthesised-stacks";
import { constructsOf } from "./plan/compare";
import { asConfigured } from "./plan/configured";
import { readPlan } from "./plan/read";
import type { EnvironmentInput, StackInput } from "./planning/planner";
import { isStandIn } from "./planning/upstream";
import { policyFindings } from "./policy";
import { protectedIn, risksOf } from "./risk";
import { sourcesOf } from "./sources";

export interface AssembleOptions {
  readonly root: string;
  /** Python that has checkov; asked for only where something is to be judged. */
  readonly python: () => Promise<string>;
  readonly inputs: readonly EnvironmentInput[];
  readonly source: PlanSource;
  /** The accepted literals, by name; of all that there are. */
  readonly environments: ReadonlyMap<string, Environment>;
  /** Day on which exceptions are judged, `2026-12-31`. */
  readonly today: string;
  readonly limits: readonly string[];
  /** Whether the base was judged by the same rules and exceptions, so that what is the same to the byte need not be judged again. */
  readonly sameRules: boolean;
}

const EXCEPTIONS_FILE = "review/exceptions.yaml";

/** A stack with its plan read. */
interface Read {
  readonly input: StackInput;
  readonly plan: StackPlan;
}

/** @throws Error when a plan or the file of exceptions cannot be read, or checkov fails */
export async function assemble({ root, python, inputs, source, environments, today, limits, sameRules }: AssembleOptions): Promise<Report> {
  const exceptions = readExceptions(readFileSync(join(root, EXCEPTIONS_FILE), "utf8"), EXCEPTIONS_FILE);
  const read = inputs.map(({ environment, stacks }) => ({ environment, stacks: stacks.map((input): Read => ({ input, plan: planOf(input) })) }));
  const constructs = read.flatMap(({ stacks }) => stacks.flatMap(({ plan }) => [...plan.changes, ...plan.before, ...plan.after].map(({ construct }) => construct)));
  const sourceOf = sourcesOf(root, new Set(constructs));

  const reviews: EnvironmentReview[] = [];
  const leftOut: string[] = [];
  const isSettled = ({ stacks }: { readonly stacks: readonly { readonly state: string }[] }) => sameRules && stacks.every(({ state }) => state === "unchanged");
  const settled = inputs.filter(isSettled).map(({ environment }) => environment);
  if (settled.length > 0) leftOut.push(`Policy of ${settled.join(", ")} was not judged again: base and working tree synthesise the same bytes there, and are judged by the same rules`);
  const moved = inputs.filter(({ shift }) => shift?.kind === "moved").map(({ environment }) => environment);
  for (const [index, { environment, stacks }] of read.entries()) {
    const literal = environments.get(environment);
    const shift = shiftIn(inputs[index]!, literal);
    const isAsItStood = shift?.kind === "moved" ? movesAsItStood(inputs[index]!.left ?? [], inputs[index]!.stacks, shift.from, shift.to) : () => false;
    const isTouched = ({ stack, address }: Finding) => !isAsItStood(stack, address);
    const names = namesIn(stacks.map(({ input, plan }) => ({ plan, json: input.after ?? input.before })));
    const cost = estimate({ plans: stacks.map(priced), environment: literal });
    const policy = settled.includes(environment) ? [] : await policyFindings(stacks.map(({ input, plan }) => ({ plan, raw: input.raw, synthesised: input.after ?? input.before })), { python: await python(), stage: literal?.stage });
    const shown = policy.filter((finding) => finding.severity === "refusal" || (concernsChange(finding, stacks) && isTouched(finding)));
    if (shown.length < policy.length) leftOut.push(`${policy.length - shown.length} notices of policy about what this change to ${environment} does not touch are left out`);
    reviews.push({
      environment, ...(shift && { shift }), cost, findings: costFindings(cost, environment),
      stacks: stacks.map(({ input, plan }): StackReview => ({
        stack: input.stack, state: input.state, why: input.why, plan,
        findings: [...orphaned(input, plan), ...risks({ input, plan }, names).filter(isTouched), ...shown.filter(({ stack }) => stack === input.stack)].map((finding) => ({ ...finding, source: finding.source ?? sourceOf(finding.construct) })),
      })),
      diagram: await diagramOf(stacks, root),
    });
  }

  const found = reviews.flatMap(({ findings, stacks }) => [...findings, ...stacks.flatMap((stack) => stack.findings)]);
  const { findings: judged, errors } = applyExceptions(found, exceptions, today, { ...judgedOf(inputs, { isAll: source.kind !== "files", settled: [...settled, ...moved] }), environments: [...environments.keys()], file: EXCEPTIONS_FILE });
  const next = judged.values();
  const take = (findings: readonly Finding[]): Finding[] => findings.map(() => next.next().value!);
  return {
    source, exceptionErrors: errors, limits: [...leftOut, ...limits],
    environments: reviews.map((review) => ({ ...review, findings: take(review.findings), stacks: review.stacks.map((stack) => ({ ...stack, findings: take(stack.findings) })) })),
  };
}

/**
 * The stacks of which a review says all that there is to say: not one that failed or waits for another, whose findings are not all known.
 * @param isAll whether the inputs are all stacks of their environments
 * @param settled environments that were not judged again
 */
export function judgedOf(inputs: readonly EnvironmentInput[], { isAll, settled }: { readonly isAll: boolean; readonly settled: readonly string[] }): Required<Pick<ExceptionScope, "stacks" | "whole">> {
  const judged = inputs.filter(({ environment }) => !settled.includes(environment)).map(({ environment, stacks }) =>
    ({ environment, all: stacks.length, stacks: stacks.filter(({ state }) => state !== "failed" && state !== "deferred").map(({ stack }) => stack) }));
  return { stacks: judged.flatMap(({ stacks }) => stacks), whole: judged.filter(({ all, stacks }) => isAll && stacks.length === all).map(({ environment }) => environment) };
}

/** What happens to an environment as a whole, with what it leaves behind. */
export function shiftIn({ stacks, shift, left = stacks }: Pick<EnvironmentInput, "stacks" | "shift" | "left">, environment: Environment | undefined): Shift | undefined {
  if (!shift) return undefined;
  const { kind, from = {}, to = {} } = shift;
  if (kind === "new") return { kind, to };
  const plans = left.map(planOf);
  const standing: Left = { resources: plans.reduce((sum, { after }) => sum + after.length, 0), monthly: estimate({ plans, environment }).after };
  return kind === "moved" ? { kind, from, to, left: standing } : { kind, from, left: standing };
}

/** @throws Error when its plan cannot be read */
export function planOf({ stack, raw, before, after }: StackInput): StackPlan {
  const constructs = new Map([...(before ? constructsOf(before) : []), ...(after ? constructsOf(after) : [])]);
  const plan = readPlan(raw, { stack, constructs });
  const isReal = ({ address }: { readonly address: string }) => !isStandIn(address);
  return { ...plan, changes: plan.changes.filter(isReal), before: plan.before.filter(isReal), after: plan.after.filter(isReal) };
}

/** As the code has it, so that a stack costs the same on every kind of state, and as docs/cost.md says. Against an account there is no code of before. */
function priced({ input: { before, after }, plan }: Read): PlannedStack {
  return { ...plan, before: asConfigured(plan.before, before ?? after ?? {}), after: asConfigured(plan.after, after ?? before ?? {}) };
}

function risks({ input: { before, after }, plan }: Read, names: Names): Finding[] {
  // Against the account there is no base: what the code protects now is what Terraform refuses to destroy.
  return risksOf(plan, { protected: protectedIn(before ?? after ?? {}), protectedAfter: before && after && protectedIn(after), names });
}

/** Whether the change has to do with it: notices of all that stands there, and a reviewer would read past the others. */
function concernsChange({ stack, address }: Finding, stacks: readonly Read[]): boolean {
  return stacks.some(({ plan }) => plan.stack === stack && plan.changes.some((change) => change.address === address));
}

function orphaned({ stack, state }: StackInput, { after }: StackPlan): Finding[] {
  if (state !== "orphaned") return [];
  return [{ rule: "data/orphaned-stack", severity: "refusal", riskClass: "data", stack, construct: stack, message: `${stack} is no longer synthesised: its ${after.length} resources stay in the account, paid for and without an owner.` }];
}

/** Undefined where nothing was synthesised: there are no references to draw. */
async function diagramOf(stacks: readonly Read[], root: string): Promise<string | undefined> {
  const of = (when: "before" | "after") => Object.fromEntries(stacks.flatMap(({ input }) => (input[when] ? [[input.stack, input[when] as PictureStack]] : [])));
  const [base, head] = [of("before"), of("after")];
  if (Object.keys(base).length + Object.keys(head).length === 0) return undefined;
  return changesSvg(head, { base, changes: gravestByPart(stacks.map(({ plan }) => plan)) }, root);
}
