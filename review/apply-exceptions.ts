/** Exceptions applied to a whole review. */
import { applyExceptions, type ExceptionScope } from "./exceptions";
import { allFindings, type EnvironmentReview, type Exception, type Finding } from "./model";
import type { EnvironmentInput } from "./planning/planner";

/** @returns the reviews with what lets their findings pass, and what is wrong with the exceptions themselves */
export function exceptIn(
  environments: readonly EnvironmentReview[],
  exceptions: readonly Exception[],
  today: string,
  scope: ExceptionScope,
): { readonly environments: EnvironmentReview[]; readonly errors: readonly string[] } {
  const { findings, errors } = applyExceptions(allFindings({ environments }), exceptions, today, scope);
  // In the order in which they were asked for.
  const next = findings.values();
  const take = (own: readonly Finding[]): Finding[] => own.map(() => next.next().value!);
  return {
    errors,
    environments: environments.map((review) => ({
      ...review,
      findings: take(review.findings),
      stacks: review.stacks.map((stack) => ({ ...stack, findings: take(stack.findings) })),
    })),
  };
}

/**
 * The stacks of which a review says all that there is to say: not one that failed or waits for another, whose findings are not all known.
 * @param isAll whether the inputs are all stacks of their environments
 * @param settled environments that were not judged again
 */
export function judgedOf(
  inputs: readonly EnvironmentInput[],
  { isAll, settled }: { readonly isAll: boolean; readonly settled: readonly string[] },
): Required<Pick<ExceptionScope, "stacks" | "whole">> {
  const judged = inputs
    .filter(({ environment }) => !settled.includes(environment))
    .map(({ environment, stacks }) => ({
      environment,
      all: stacks.length,
      stacks: stacks.filter(({ state }) => state !== "failed" && state !== "deferred").map(({ stack }) => stack),
    }));
  return {
    stacks: judged.flatMap(({ stacks }) => stacks),
    whole: judged.filter(({ all, stacks }) => isAll && stacks.length === all).map(({ environment }) => environment),
  };
}
