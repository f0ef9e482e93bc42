/** Whether a review passes, and what a reviewer asks first of each environment. */
import {
  ACTIONS,
  allFindings,
  findingsOf,
  isRefused,
  refusals,
  stacksOf,
  type EnvironmentReview,
  type Finding,
  type Report,
  type ResourceChange,
  type StackReview,
} from "../model";
import { counted, isNothing, many } from "../numbers";
import { by, worstFindings } from "./order";

/** What is lost when a resource of the type goes, such as `items`; undefined where nothing is (review/risk). */
export type HeldBy = (type: string) => string | undefined;

export interface Verdict {
  readonly isRefused: boolean;
  /** `3 refusals`, `1 stack failed`; never empty. */
  readonly reasons: readonly string[];
}

export function verdictOf(report: Report): Verdict {
  const refused = refusals(report).length;
  const failed = stacksOf(report).filter(({ state }) => state === "failed").length;
  const { length: errors } = report.exceptionErrors;
  const notices = allFindings(report).filter(({ severity, excepted }) => severity === "notice" && !excepted).length;
  const excepted = allFindings(report).filter((finding) => finding.excepted).length - standingExceptions(report).length;
  return {
    isRefused: isRefused(report),
    reasons: [
      refused > 0 ? many(refused, "refusal") : "no refusal",
      ...(failed > 0 ? [`${many(failed, "stack")} failed`] : []),
      ...(errors > 0 ? [`${many(errors, "error")} in review/exceptions.yaml`] : []),
      ...(notices > 0 ? [many(notices, "notice")] : []),
      ...(excepted > 0 ? [`${counted(excepted)} excepted`] : []),
    ],
  };
}

/** Findings that exceptions let pass on what the change does not touch: they say nothing about it, and stand in the page alone. */
export const standingExceptions = ({ environments }: Pick<Report, "environments">): readonly Finding[] =>
  environments.flatMap((environment) =>
    environment.stacks.flatMap(({ findings, plan }) =>
      findings.filter(
        ({ address, excepted }) => excepted && address !== undefined && !plan.changes.some((change) => change.address === address),
      ),
    ),
  );

/** Something that holds data and is destroyed or made anew. */
export interface Loss {
  readonly stack: string;
  readonly construct: string;
  readonly address: string;
  readonly action: "destroy" | "replace";
  /** What it holds, where that is known of its type. */
  readonly held?: string;
  readonly isExcepted: boolean;
}

/** What a reviewer asks first of an environment. */
export interface Glance {
  readonly refused: number;
  readonly lost: readonly Loss[];
  /** What opens to a network and nothing lets pass: not what is destroyed or cut off. */
  readonly opened: readonly Finding[];
  /** Stacks of which the plan cannot say it all. */
  readonly unsure: readonly StackReview[];
}

export function glanceOf(environment: EnvironmentReview, heldBy: HeldBy): Glance {
  return {
    refused: refusals({ environments: [environment] }).length,
    lost: environment.stacks
      .flatMap((stack) => lossesOf(stack, heldBy))
      .sort(
        by(
          ({ isExcepted }) => (isExcepted ? 1 : 0),
          ({ action }) => ACTIONS.indexOf(action),
        ),
      ),
    opened: onePerConstruct(
      worstFindings(findingsOf(environment).filter(({ rule, excepted }) => OPENINGS.has(rule) && excepted === undefined)),
    ),
    unsure: environment.stacks.filter(
      ({ state, plan }) => state === "failed" || state === "deferred" || state === "compared" || state === "orphaned" || !plan.isComplete,
    ),
  };
}

/** Rules that say who may connect now that could not; others of that class are about what is cut, moves or stood there before. */
const OPENINGS: ReadonlySet<string> = new Set([
  "network/ingress-opened",
  "network/ingress-added",
  "network/egress-opened",
  "network/made-public",
  "network/policy-public",
  "network/firewall-weakened",
]);

/** Several rules may see the same opening. */
const onePerConstruct = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ construct }, index) => findings.findIndex((other) => other.construct === construct) === index);

const LOSSES: Readonly<Record<string, Loss["action"]>> = { "data/destroyed": "destroy", "data/replaced": "replace" };

/** By its type, whatever the rules say; and what the rules find where a plan without its provider calls a replacement an update. */
function lossesOf({ stack, plan, findings }: StackReview, heldBy: HeldBy): Loss[] {
  const found = new Map<string, Loss>();
  for (const change of plan.changes) {
    const { action, type, construct, address } = change;
    const held = heldBy(type);
    if ((action === "destroy" || action === "replace") && held !== undefined)
      found.set(address, { stack, construct, address, action, held, isExcepted: isExcepted(findings, change) });
  }
  for (const { rule, construct, address = construct, excepted } of findings) {
    const action = LOSSES[rule];
    if (action !== undefined && !found.has(address))
      found.set(address, { stack, construct, address, action, isExcepted: excepted !== undefined });
  }
  return [...found.values()];
}

/** Whether exceptions let pass all that is found of a change; false where nothing is found. */
function isExcepted(findings: readonly Finding[], change: ResourceChange): boolean {
  const own = findings.filter(
    ({ address, construct }) => (address ?? construct) === (address === undefined ? change.construct : change.address),
  );
  return own.length > 0 && own.every(({ excepted }) => excepted !== undefined);
}

/**
 * Whether a reviewer need decide nothing: no finding but those that exceptions let pass on what the change does not touch, all of it planned,
 * nothing lost, opened, dearer or drifted, and no price unknown of what is made.
 */
export function isCalm(report: Report, heldBy: HeldBy): boolean {
  const { isRefused: refused, reasons } = verdictOf(report);
  const isJudge = (report.judgedBySelf?.files.length ?? 0) + (report.judgedBySelf?.exceptions.length ?? 0) > 0;
  return !refused && reasons.length === 1 && !isJudge && report.environments.every((environment) => isCalmIn(environment, heldBy));
}

function isCalmIn(environment: EnvironmentReview, heldBy: HeldBy): boolean {
  const { lost, opened, unsure } = glanceOf(environment, heldBy);
  const { cost, shift, stacks } = environment;
  return (
    shift === undefined &&
    lost.length + opened.length + unsure.length === 0 &&
    (costDifference(environment) < 0 || isNothing(costDifference(environment))) &&
    (cost.budget === undefined || cost.after <= cost.budget) &&
    unpricedIn(environment).length === 0 &&
    stacks.every(({ plan }) => plan.drift.length === 0)
  );
}

/** Types without a price of what a change makes: what they cost is not in the sum. */
export const unpricedIn = ({ cost, stacks }: EnvironmentReview): string[] => {
  const made = new Set(stacks.flatMap(({ plan }) => plan.changes.filter(({ action }) => action === "create").map(({ type }) => type)));
  return cost.unknownTypes.filter((type) => made.has(type));
};

/** `after` less `before`, in US dollars a month. */
export const costDifference = ({ cost }: EnvironmentReview): number => cost.after - cost.before;
