/** In which order a report tells: the worst first. */
import { ACTIONS, RISK_CLASSES, type Finding, type ResourceChange, type RiskClass, type StackReview } from "../model";

/** What a change is about (review/risk). */
export type ClassOf = (change: ResourceChange) => RiskClass;

/** Compares by several keys, each the smaller the earlier. */
export function by<T>(...keys: readonly ((item: T) => string | number)[]): (a: T, b: T) => number {
  return (a, b) => {
    for (const key of keys) {
      const [left, right] = [key(a), key(b)];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  };
}

/** Those that refuse, then notices, then what an exception lets pass; the worst class first. */
export const worstFindings = (findings: readonly Finding[]): Finding[] =>
  [...findings].sort(
    by(
      ({ excepted }) => (excepted ? 1 : 0),
      ({ severity }) => (severity === "refusal" ? 0 : 1),
      ({ riskClass }) => RISK_CLASSES.indexOf(riskClass),
      ({ stack }) => stack,
      ({ construct }) => construct,
      ({ rule }) => rule,
    ),
  );

/** The worst class first, in it what is destroyed before what is created. */
export const worstChanges = (changes: readonly ResourceChange[], classOf: ClassOf): ResourceChange[] =>
  changes
    .map((change) => ({ change, riskClass: RISK_CLASSES.indexOf(classOf(change)) }))
    .sort(
      by(
        ({ riskClass }) => riskClass,
        ({ change }) => ACTIONS.indexOf(change.action),
        ({ change }) => change.address,
        ({ change }) => change.deposed ?? "",
      ),
    )
    .map(({ change }) => change);

/** The worst class among a stack's findings that nothing lets pass, or else among its changes. */
export function riskOf({ findings, plan }: StackReview, classOf: ClassOf): RiskClass | undefined {
  const open = findings.filter(({ excepted }) => !excepted).map(({ riskClass }) => riskClass);
  const classes = new Set(open.length > 0 ? open : plan.changes.map(classOf));
  return RISK_CLASSES.find((riskClass) => classes.has(riskClass));
}
