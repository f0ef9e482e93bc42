/** The report for machines; docs/review.md tells its shape. */
import { counts, type Report } from "../model";
import { worstChanges, worstFindings, type ClassOf } from "./order";
import { verdictOf } from "./verdict";

/** Raised when a reader of the old shape would misread the new one. */
const VERSION = 1;

/**
 * The report as JSON, its keys sorted, with a line break at the end. Pictures and resources that do not change are left out.
 * The same report gives the same bytes.
 */
export function json(report: Report, { classOf }: { readonly classOf: ClassOf }): string {
  const { isRefused, reasons } = verdictOf(report);
  const environments = report.environments.map(({ environment, shift, stacks, findings, cost }) => ({
    environment,
    shift,
    cost,
    findings: worstFindings(findings),
    stacks: stacks.map(({ stack, state, why, plan, findings: own }) => ({
      stack,
      state,
      why,
      counts: counts(plan),
      findings: worstFindings(own),
      plan: {
        stack: plan.stack,
        isComplete: plan.isComplete,
        region: plan.region,
        drift: plan.drift,
        outputs: plan.outputs,
        changes: worstChanges(plan.changes, classOf).map((change) => ({ ...change, riskClass: classOf(change) })),
      },
    })),
  }));
  const { source, judgedBySelf, exceptionErrors, limits } = report;
  return `${JSON.stringify(sorted({ version: VERSION, isRefused, reasons, source, judgedBySelf, environments, exceptionErrors, limits }), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  // Null as prototype: a key of the name __proto__ is one like any other.
  const copy = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(value).sort()) copy[key] = sorted((value as Record<string, unknown>)[key]);
  return copy;
}
