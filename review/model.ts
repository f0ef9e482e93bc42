/**
 * The words of a review: what its parts hand to one another.
 *
 * A plan is read once (plan/read.ts), and secrets go there: no value below this line is one, so that no rule, no renderer and no file
 * can show it. Rules turn plans into findings; a report holds it all, and renderers only lay it out.
 */

/** What happens to a resource; a replacement destroys it, whichever comes first. */
export type Action = "create" | "update" | "replace" | "destroy" | "move" | "import" | "forget";
export const ACTIONS: readonly Action[] = ["destroy", "replace", "forget", "update", "create", "import", "move"];

/** What a change is about; in the order in which a reviewer wants to hear of it. */
export const RISK_CLASSES = ["data", "identity", "network exposure", "notification", "compute", "cosmetic"] as const;
export type RiskClass = (typeof RISK_CLASSES)[number];

/** Stand in a resource's values where the real one is not known yet, or may not be shown. */
export const UNKNOWN = "(known after apply)";
/** Terraform or the provider says that it is sensitive. */
export const SENSITIVE = "(sensitive)";
/** Looks like a password, a token or a key, wherever it stands. */
export const SECRET_LIKE = "(redacted: looks like a secret)";
/** The value of a process's environment variable: names are shown, values never. */
export const ENVIRONMENT_VALUE = "(environment value)";
export const REDACTED: readonly string[] = [SENSITIVE, SECRET_LIKE, ENVIRONMENT_VALUE];
/** Whether a value stands in place of one that may not be shown. */
export const isRedacted = (value: unknown): boolean => typeof value === "string" && REDACTED.includes(value);
/** Whether a value stands in place of one that may not be shown, or is not known yet. */
export const isHidden = (value: unknown): boolean => value === UNKNOWN || isRedacted(value);

/** Arguments and attributes of a resource, redacted; unknown ones hold {@link UNKNOWN}. */
export type Values = Readonly<Record<string, unknown>>;

/** One resource as it stands before or after the plan. */
export interface Resource {
  /** Terraform's, with module and index: `module.a.aws_s3_bucket.raw[0]`. */
  readonly address: string;
  readonly type: string;
  /** Source of the provider, such as `registry.terraform.io/hashicorp/aws`. */
  readonly provider: string;
  /** Path in the construct tree, such as `prod-data/order-state/table`; the address where the project is not ours. */
  readonly construct: string;
  readonly values: Values;
}

/** One attribute whose value differs. */
export interface AttributeChange {
  /** As Terraform writes it: `ingress[0].cidr_blocks`. A JSON text that both sides parse is taken apart: `policy.Statement[0].Action`. */
  readonly path: string;
  /** Redacted; undefined where it is not set. */
  readonly before: unknown;
  /** Redacted; undefined where it is not set; {@link UNKNOWN} before it is applied. */
  readonly after: unknown;
  readonly forcesReplacement: boolean;
  /** Tells equal values after the change from others, without telling the value; undefined for a secret and an unknown one. */
  readonly digest?: string;
}

export interface ResourceChange {
  readonly address: string;
  /** Where it stood before it was moved. */
  readonly previousAddress?: string;
  readonly type: string;
  readonly provider: string;
  readonly construct: string;
  readonly action: Action;
  /** Key of a deposed object, left over from a replacement that did not end. */
  readonly deposed?: string;
  /** The id that it is imported by. */
  readonly importId?: string;
  /** Why, in Terraform's words (`action_reason`), such as `replace_because_cannot_update`. */
  readonly reason?: string;
  readonly createBeforeDestroy: boolean;
  /** Sorted by path. Empty where the whole resource comes or goes. */
  readonly attributes: readonly AttributeChange[];
  readonly before?: Values;
  readonly after?: Values;
}

export interface OutputChange {
  readonly name: string;
  readonly action: "create" | "update" | "destroy";
  readonly before: unknown;
  readonly after: unknown;
}

/** What `terraform show -json` says of one stack. */
export interface StackPlan {
  /** Such as `prod-data`; the file's name for a project that is not ours. */
  readonly stack: string;
  /** In the order of their addresses; what stays as it is, and data sources, are left out. */
  readonly changes: readonly ResourceChange[];
  /** What differs in the account from what Terraform last wrote there. */
  readonly drift: readonly ResourceChange[];
  readonly outputs: readonly OutputChange[];
  readonly before: readonly Resource[];
  readonly after: readonly Resource[];
  /** False when Terraform says that another plan must follow. */
  readonly isComplete: boolean;
  /** Region of the AWS provider, where the plan names it. */
  readonly region?: string;
  /** What it says besides changes. @default nothing */
  readonly notes?: readonly PlanNote[];
}

/** What a plan says that is no change of a resource: a check that failed, an action that Terraform will run. */
export interface PlanNote {
  readonly rule: "plan/check-failed" | "plan/action-run" | "plan/not-looked-at";
  readonly address: string;
  readonly message: string;
}

/** `refusal`: the exit code refuses, unless an exception is written. */
export type Severity = "refusal" | "notice";

/** Something that a reviewer must see. */
export interface Finding {
  /** `<subject>/<what>`, such as `data/destroyed`, `network/ingress-opened`, `checkov/CKV_AWS_18`, `cost/over-budget`. */
  readonly rule: string;
  readonly severity: Severity;
  readonly riskClass: RiskClass;
  readonly stack: string;
  /** Path in the construct tree; the address where there is none; the environment's name for what concerns it as a whole. */
  readonly construct: string;
  readonly address?: string;
  /** Where the construct is made: `stacks/data.ts:41`. */
  readonly source?: string;
  /** One sentence that a stranger understands, without secrets. */
  readonly message: string;
  /** What of the code it is about, line by line; `+` comes, `-` goes. @default the message says it all */
  readonly code?: readonly CodeLine[];
  /** The exception that lets it pass. */
  readonly excepted?: Exception;
}

/** A line of what runs, redacted. */
export interface CodeLine {
  readonly sign: "+" | "-";
  readonly text: string;
}

/** One entry of review/exceptions.yaml. */
export interface Exception {
  /** A construct's path, or the path's end with `*` in place of the environment: `*-data/order-state/table`. */
  readonly construct: string;
  readonly rule: string;
  readonly reason: string;
  /** Last day on which it holds, `2026-12-31`. */
  readonly expires: string;
  /** Who decided it. @default who approved the pull request that wrote it */
  readonly approvedBy?: string;
}

/** A resource type's place in the estimate. */
export type Pricing = "priced" | "free" | "unknown";

/** What one resource costs. */
export interface CostLine {
  readonly stack: string;
  readonly construct: string;
  readonly address: string;
  readonly type: string;
  readonly pricing: Pricing;
  /** US dollars a month of 730 hours; 0 where it is free, undefined where no price is known. */
  readonly monthly?: number;
  /** How it comes about: `730 h × $0.0456 (t3.small, Windows)`. */
  readonly formula: string;
}

/** A line of the documents' tables. */
export interface DocumentedCostLine {
  readonly what: string;
  /** Undefined for what the document's table leaves out. */
  readonly documented?: number;
  /** What the document describes, at the price table's prices; undefined where none of it has a price and an amount. */
  readonly described?: number;
  /** Charges that are not in it: items of the price table. @default none */
  readonly missing?: readonly string[];
  /** Undefined where the environment does not build it. */
  readonly estimated?: number;
  readonly reason?: string;
}

/** One of the documents' tables, what it describes, and the environment that builds it. */
export interface DocumentedCost {
  /** `CST-008`. */
  readonly id: string;
  readonly title: string;
  readonly documented: number;
  /** What the document describes, at the price table's prices. */
  readonly described: number;
  /** Charges that are not in it: items of the price table. @default none */
  readonly missing?: readonly string[];
  /** Undefined where the environment does not build it. */
  readonly estimated?: number;
  /** Why they differ, a sentence for each difference. */
  readonly reasons: readonly string[];
  readonly lines: readonly DocumentedCostLine[];
}

export interface EnvironmentCost {
  /** US dollars a month. */
  readonly before: number;
  readonly after: number;
  /** Undefined where there is no literal to say it. */
  readonly budget?: number;
  /** Those after the plan. */
  readonly lines: readonly CostLine[];
  readonly linesBefore: readonly CostLine[];
  /** Resource types without a price. */
  readonly unknownTypes: readonly string[];
  readonly documented: readonly DocumentedCost[];
  /** Day of the price table, `2026-11-21`. */
  readonly pricesOf: string;
}

/**
 * What is known of a stack.
 * `planned`: by its provider; `compared`: synthesised before and after, without its provider, so that replacements are not known;
 * `unchanged`: what is synthesised is the same to the byte; `deferred`: its upstream must be applied first; `orphaned`: no longer
 * synthesised, its resources stay without an owner; `failed`: Terraform refuses.
 */
export type StackState = "planned" | "compared" | "unchanged" | "deferred" | "orphaned" | "failed";

export interface StackReview {
  readonly stack: string;
  readonly state: StackState;
  /** Why, for every state but `planned` and `unchanged`. */
  readonly why?: string;
  readonly plan: StackPlan;
  readonly findings: readonly Finding[];
}

/** Where an environment stands; as far as its code says it. */
export interface Place {
  /** Twelve digits. */
  readonly account?: string;
  /** `ap-northeast-1`. */
  readonly region?: string;
}

/** What stands at a place that a change no longer speaks of. */
export interface LeftBehind {
  readonly resources: number;
  /** US dollars a month, without what has no known price. */
  readonly monthly: number;
}

/**
 * What happens to an environment as a whole.
 * `new`: the base does not have it; `moved`: it goes to another account or region, where everything is made anew, while nothing of what
 * stands at the old place is touched; `gone`: only the base has it.
 */
export type Shift =
  | { readonly kind: "new"; readonly to: Place }
  | { readonly kind: "moved"; readonly from: Place; readonly to: Place; readonly left: LeftBehind }
  | { readonly kind: "gone"; readonly from: Place; readonly left: LeftBehind };

export interface EnvironmentReview {
  /** `prod`; `files` for plans that are not ours. */
  readonly environment: string;
  /** Undefined where it stays where it is, or where nothing is known of a base. */
  readonly shift?: Shift;
  readonly stacks: readonly StackReview[];
  /** What concerns the environment as a whole, such as its budget. */
  readonly findings: readonly Finding[];
  readonly cost: EnvironmentCost;
  /** SVG of its architecture with what changes highlighted; undefined where nothing was synthesised. */
  readonly diagram?: string;
}

/** An environment whose base was deployed on an emulator. */
export interface Rehearsed {
  readonly environment: string;
  readonly why: string;
}

/** Where the plans come from. */
export type PlanSource =
  /** Planned on the base: on a state made of its code, or where `rehearsed` says why, on its deploy on an emulator of AWS. */
  | {
      readonly kind: "base";
      readonly base: string;
      readonly baseCommit: string;
      readonly head: string;
      readonly rehearsed: readonly Rehearsed[];
    }
  /** Planned against the account, with whatever credentials are around. */
  | {
      readonly kind: "account";
      readonly head: string;
      readonly images: string;
      /** When it was planned, ISO 8601: an account goes on changing, so that a deploy takes no old review. */
      readonly at?: string;
    }
  /** Files that `terraform show -json` wrote. */
  | { readonly kind: "files"; readonly folder: string };

/** What a change does to what judges it, seen from the base. */
export interface JudgedBySelf {
  /** Entries of review/exceptions.yaml that the base does not have, or has in other words. */
  readonly exceptions: readonly ExceptionChange[];
  /** How many stand as they stood. */
  readonly untouched: number;
  /** Changed files below review/ and .github/, from the repository's folder. */
  readonly files: readonly string[];
}

export interface ExceptionChange {
  readonly exception: Exception;
  /** As the base has it; undefined for a new one. */
  readonly was?: Exception;
}

export interface Report {
  readonly source: PlanSource;
  /** Undefined where no base is known. */
  readonly judgedBySelf?: JudgedBySelf;
  readonly environments: readonly EnvironmentReview[];
  /** Errors of review/exceptions.yaml itself: expired and unused entries. */
  readonly exceptionErrors: readonly string[];
  /** What this review cannot show, in sentences. */
  readonly limits: readonly string[];
}

export const stacksOf = ({ environments }: Pick<Report, "environments">): StackReview[] =>
  environments.flatMap(({ stacks }) => [...stacks]);
export const findingsOf = ({ findings, stacks }: Pick<EnvironmentReview, "findings" | "stacks">): Finding[] => [
  ...findings,
  ...stacks.flatMap((stack) => stack.findings),
];
export const allFindings = ({ environments }: Pick<Report, "environments">): Finding[] => environments.flatMap(findingsOf);

/** Findings of a review that no exception lets pass. */
export const refusals = (report: Pick<Report, "environments">): Finding[] =>
  allFindings(report).filter(({ severity, excepted }) => severity === "refusal" && !excepted);

/** Whether the exit code refuses. */
export const isRefused = (report: Report): boolean =>
  report.exceptionErrors.length > 0 || refusals(report).length > 0 || stacksOf(report).some(({ state }) => state === "failed");

/** How often each action stands in a plan. */
export function counts({ changes }: Pick<StackPlan, "changes">): Readonly<Record<Action, number>> {
  const found: Record<Action, number> = { create: 0, update: 0, replace: 0, destroy: 0, move: 0, import: 0, forget: 0 };
  for (const { action } of changes) found[action] += 1;
  return found;
}
