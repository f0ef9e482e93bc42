/** Turns plans into a report: reads them, asks every rule, prices them, draws them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../environments/schema";
import { costFindings, estimate } from "./cost/estimate";
import { diagramSvg, type DiagramStack } from "./diagram";
import { applyExceptions, readExceptions } from "./exceptions";
import { ACTIONS, type Action, type EnvironmentReview, type Finding, type PlanSource, type Report, type StackPlan, type StackReview } from "./model";
import { constructsOf, type SynthesisedJson } from "./plan/compare";
import { readPlan } from "./plan/read";
import type { EnvironmentInput, StackInput } from "./plans/planner";
import { isStandIn } from "./plans/upstream";
import { policyFindings } from "./policy/findings";
import { risksOf } from "./risk/risks";
import { sourcesOf } from "./sources";

export interface AssembleOptions {
  readonly root: string;
  readonly python: string;
  readonly inputs: readonly EnvironmentInput[];
  readonly source: PlanSource;
  /** The accepted literals, by name. */
  readonly environments: ReadonlyMap<string, Environment>;
  /** Day on which exceptions are judged, `2026-12-31`. */
  readonly today: string;
  readonly limits: readonly string[];
}

export const EXCEPTIONS_FILE = "review/exceptions.yaml";

/** @throws Error when a plan or the file of exceptions cannot be read, or a scanner fails */
export async function assemble({ root, python, inputs, source, environments, today, limits }: AssembleOptions): Promise<Report> {
  const exceptions = readExceptions(readFileSync(join(root, EXCEPTIONS_FILE), "utf8"), EXCEPTIONS_FILE);
  const read = inputs.map(({ environment, stacks }) => ({ environment, stacks: stacks.map((input) => ({ input, plan: planOf(input) })) }));
  const policy = await policyFindings(read.flatMap(({ environment, stacks }) => stacks.map(({ input, plan }) => ({ plan, raw: input.raw, stage: environments.get(environment)?.stage }))), { python });
  const sourceOf = sourcesOf(root);

  const reviews: EnvironmentReview[] = [];
  for (const { environment, stacks } of read) {
    const literal = environments.get(environment);
    const cost = estimate({ before: stacks.flatMap(({ plan }) => plan.before.map((resource) => ({ stack: plan.stack, resource }))), after: stacks.flatMap(({ plan }) => plan.after.map((resource) => ({ stack: plan.stack, resource }))), environment: literal });
    reviews.push({
      environment, cost,
      findings: costFindings(cost, environment),
      stacks: stacks.map(({ input, plan }): StackReview => ({
        stack: input.stack, state: input.state, why: input.why, plan,
        findings: [...orphaned(input, plan), ...risksOf(plan, { protected: protectedIn(input.before ?? input.after) }), ...policy.filter(({ stack }) => stack === input.stack)].map((finding) => ({ ...finding, source: finding.source ?? sourceOf(finding.construct) })),
      })),
      diagram: await diagramOf(stacks),
    });
  }
  const judged = applyExceptions(reviews, exceptions, today);
  return { source, environments: judged.environments, exceptionErrors: judged.errors, limits };
}

function planOf({ stack, raw, before, after }: StackInput): StackPlan {
  const constructs = new Map([...(before ? constructsOf(before) : []), ...(after ? constructsOf(after) : [])]);
  const plan = readPlan(raw, { stack, constructs });
  const isReal = ({ address }: { readonly address: string }) => !isStandIn(address);
  return { ...plan, changes: plan.changes.filter(isReal), before: plan.before.filter(isReal), after: plan.after.filter(isReal) };
}

function orphaned({ stack, state }: StackInput, { after }: StackPlan): Finding[] {
  if (state !== "orphaned") return [];
  return [{ rule: "data/orphaned-stack", severity: "refusal", riskClass: "data", stack, construct: stack, message: `${stack} is no longer synthesised: its ${after.length} resources stay in the account, paid for and without an owner.` }];
}

/** Addresses that Terraform itself refuses to destroy. */
function protectedIn(json: SynthesisedJson | undefined): ReadonlySet<string> {
  return new Set(Object.entries(json?.resource ?? {}).flatMap(([type, blocks]) =>
    Object.entries(blocks).filter(([, block]) => (block as { lifecycle?: { prevent_destroy?: boolean } }).lifecycle?.prevent_destroy === true).map(([id]) => `${type}.${id}`)));
}

/** Undefined where nothing was synthesised: there are no references to draw. */
async function diagramOf(stacks: readonly { readonly input: StackInput; readonly plan: StackPlan }[]): Promise<string | undefined> {
  const drawn = stacks.filter(({ input }) => input.before ?? input.after);
  if (drawn.length === 0) return undefined;
  const json = (input: StackInput) => ({ before: input.before as DiagramStack | undefined, after: input.after as DiagramStack | undefined });
  const changes = new Map<string, Action>();
  for (const { plan } of drawn) {
    for (const { construct, action } of plan.changes) {
      const part = construct.split("/").slice(0, 2).join("/");
      const before = changes.get(part);
      if (!before || ACTIONS.indexOf(action) < ACTIONS.indexOf(before)) changes.set(part, action);
    }
  }
  const after = Object.fromEntries(drawn.flatMap(({ input }) => (json(input).after ? [[input.stack, json(input).after!]] : [])));
  const before = Object.fromEntries(drawn.flatMap(({ input }) => (json(input).before ? [[input.stack, json(input).before!]] : [])));
  return diagramSvg(after, { before, changes });
}
