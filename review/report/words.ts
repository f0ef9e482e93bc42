/** What every form of the report says in the same words. */
import { ACTIONS, counts, isRefused, refusals, RISK_CLASSES, type Action, type EnvironmentReview, type Finding, type PlanSource, type Report, type ResourceChange, type RiskClass, type StackReview, type StackState } from "../model";

/** What a change is about (review/risk). */
export type ClassOf = (change: ResourceChange) => RiskClass;
/** What is lost when a resource of the type goes, such as `items`; undefined where nothing is (review/risk). */
export type HeldBy = (type: string) => string | undefined;

export const SYMBOLS: Readonly<Record<Action, string>> = { create: "+", update: "~", replace: "±", destroy: "−", move: "→", import: "↓", forget: "⊘" };
/** After the event, as in "1 replaced". */
export const DONE: Readonly<Record<Action, string>> = {
  create: "created", update: "updated", replace: "replaced", destroy: "destroyed", move: "moved", import: "imported", forget: "forgotten",
};

/** What is known of a stack, for the reader who meets the word for the first time. */
export const STATES: Readonly<Record<StackState, string>> = {
  planned: "planned by its provider",
  compared: "compared as synthesised, without its provider: whether an update replaces is not known",
  unchanged: "unchanged to the byte",
  deferred: "deferred until its upstream is applied",
  orphaned: "no longer synthesised; its resources stay without an owner",
  failed: "Terraform refuses to plan it",
};

/** `1 refusal`, `1,204 refusals`. */
export const many = (count: number, one: string, several = `${one}s`): string => `${thousands(String(count))} ${count === 1 ? one : several}`;

const thousands = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ",");

/** `$1,234.50`. @param dollars US dollars a month */
export function money(dollars: number): string {
  const [whole = "0", cents = "00"] = Math.abs(dollars).toFixed(2).split(".");
  return `${isBelowZero(dollars) ? "−" : ""}$${thousands(whole)}.${cents}`;
}

/** With its sign: `+$24.10`, `−$3.00`, `±$0.00`. */
export const difference = (dollars: number): string => (Math.abs(dollars) < 0.005 ? "±$0.00" : dollars > 0 ? `+${money(dollars)}` : money(dollars));

const isBelowZero = (dollars: number) => dollars <= -0.005;

/** Text and the names in it, which each form of the report sets apart in its own way. */
export type Phrase = readonly (string | { readonly code: string })[];

/** A message, in which names stand between backticks; where one is left over, all of them are text. */
export function phraseOf(message: string): Phrase {
  const parts = message.split("`");
  return parts.length % 2 === 0 ? [message] : parts.map((part, index) => (index % 2 === 0 ? part : { code: part })).filter((part) => part !== "");
}

/** A commit as people write it, with what stands behind it, such as `+changes`. */
const short = (commit: string) => commit.replace(/^([0-9a-f]{7})[0-9a-f]{33}/, "$1");

export function sourcePhrase(source: PlanSource): Phrase {
  switch (source.kind) {
    case "base":
      return ["Planned on ", { code: source.base }, " (", { code: source.baseCommit.slice(0, 7) }, "), with ", { code: short(source.head) }, " on top of it; no account involved.",
        ...source.rehearsed.flatMap(({ environment, why }) => [" ", { code: environment }, " was rehearsed on an emulator: ", { code: why }, "."])];
    case "account":
      return ["Planned against the account: ", { code: short(source.head) }, source.images === "" ? " with the images of the literal." : " with images ", ...(source.images === "" ? [] : [{ code: source.images }, "."])];
    case "files":
      return ["Read from the plans in ", { code: source.folder }, "; nothing was planned for this review."];
  }
}

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
  const excepted = allFindings(report).filter((finding) => finding.excepted).length;
  return {
    isRefused: isRefused(report),
    reasons: [
      refused > 0 ? many(refused, "refusal") : "no refusal",
      ...(failed > 0 ? [`${many(failed, "stack")} failed`] : []),
      ...(errors > 0 ? [`${many(errors, "error")} in review/exceptions.yaml`] : []),
      ...(notices > 0 ? [many(notices, "notice")] : []),
      ...(excepted > 0 ? [`${thousands(String(excepted))} excepted`] : []),
    ],
  };
}

export const stacksOf = ({ environments }: Pick<Report, "environments">): StackReview[] => environments.flatMap(({ stacks }) => [...stacks]);
export const findingsOf = ({ findings, stacks }: EnvironmentReview): Finding[] => [...findings, ...stacks.flatMap((stack) => stack.findings)];
export const allFindings = ({ environments }: Pick<Report, "environments">): Finding[] => environments.flatMap(findingsOf);

/** Sums of several stacks. */
export function countsOf(stacks: readonly Pick<StackReview, "plan">[]): Readonly<Record<Action, number>> {
  return counts({ changes: stacks.flatMap(({ plan }) => [...plan.changes]) });
}

/** `3 created, 1 replaced`; `nothing` where nothing is. In the order in which a plan is usually told. */
export function countWords(found: Readonly<Record<Action, number>>): string {
  const words = TOLD.filter((action) => found[action] > 0).map((action) => `${thousands(String(found[action]))} ${DONE[action]}`);
  return words.length > 0 ? words.join(", ") : "nothing";
}
export const TOLD: readonly Action[] = ["create", "update", "replace", "destroy", "move", "import", "forget"];

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
  [...findings].sort(by(({ excepted }) => (excepted ? 1 : 0), ({ severity }) => (severity === "refusal" ? 0 : 1), ({ riskClass }) => RISK_CLASSES.indexOf(riskClass), ({ stack }) => stack, ({ construct }) => construct, ({ rule }) => rule));

/** The worst class first, in it what is destroyed before what is created. */
export const worstChanges = (changes: readonly ResourceChange[], classOf: ClassOf): ResourceChange[] =>
  changes.map((change) => ({ change, riskClass: RISK_CLASSES.indexOf(classOf(change)) }))
    .sort(by(({ riskClass }) => riskClass, ({ change }) => ACTIONS.indexOf(change.action), ({ change }) => change.address, ({ change }) => change.deposed ?? ""))
    .map(({ change }) => change);

/** The worst class among a stack's findings that nothing lets pass, or else among its changes. */
export function riskOf({ findings, plan }: StackReview, classOf: ClassOf): RiskClass | undefined {
  const open = findings.filter(({ excepted }) => !excepted).map(({ riskClass }) => riskClass);
  const classes = new Set(open.length > 0 ? open : plan.changes.map(classOf));
  return RISK_CLASSES.find((riskClass) => classes.has(riskClass));
}

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
  /** What opens to a network, exceptions included. */
  readonly opened: readonly Finding[];
  /** Stacks of which the plan cannot say it all. */
  readonly unsure: readonly StackReview[];
}

export function glanceOf(environment: EnvironmentReview, heldBy: HeldBy): Glance {
  return {
    refused: refusals({ environments: [environment] }).length,
    lost: environment.stacks.flatMap((stack) => lossesOf(stack, heldBy)).sort(by(({ isExcepted }) => (isExcepted ? 1 : 0), ({ action }) => ACTIONS.indexOf(action))),
    opened: onePerConstruct(worstFindings(findingsOf(environment).filter(({ riskClass }) => riskClass === "network exposure"))),
    unsure: environment.stacks.filter(({ state, plan }) => state === "failed" || state === "deferred" || state === "compared" || state === "orphaned" || !plan.isComplete),
  };
}

/** Several rules may see the same opening. */
const onePerConstruct = (findings: readonly Finding[]): Finding[] => findings.filter(({ construct }, index) => findings.findIndex((other) => other.construct === construct) === index);

const LOSSES: Readonly<Record<string, Loss["action"]>> = { "data/destroyed": "destroy", "data/replaced": "replace" };

/** By its type, whatever the rules say; and what the rules find where a plan without its provider calls a replacement an update. */
function lossesOf({ stack, plan, findings }: StackReview, heldBy: HeldBy): Loss[] {
  const found = new Map<string, Loss>();
  for (const change of plan.changes) {
    const { action, type, construct, address } = change;
    const held = heldBy(type);
    if ((action === "destroy" || action === "replace") && held !== undefined) found.set(address, { stack, construct, address, action, held, isExcepted: isExcepted(findings, change) });
  }
  for (const { rule, construct, address = construct, excepted } of findings) {
    const action = LOSSES[rule];
    if (action !== undefined && !found.has(address)) found.set(address, { stack, construct, address, action, isExcepted: excepted !== undefined });
  }
  return [...found.values()];
}

/** Whether exceptions let pass all that is found of a change; false where nothing is found. */
function isExcepted(findings: readonly Finding[], change: ResourceChange): boolean {
  const own = findings.filter(({ address, construct }) => (address ?? construct) === (address === undefined ? change.construct : change.address));
  return own.length > 0 && own.every(({ excepted }) => excepted !== undefined);
}

/** `after` less `before`, in US dollars a month. */
export const costDifference = ({ cost }: EnvironmentReview): number => cost.after - cost.before;
