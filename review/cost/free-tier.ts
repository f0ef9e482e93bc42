/** What a small web tier uses of AWS's free tier, beside what the documents say of theirs (CST-011 … CST-015, OBS-012). */
import type { AllowanceName, FreeTier } from "../../environments/facts/free-tier";
import { excessOf, percentOf, sharesOf } from "../../environments/rules/free-tier";
import type { Environment } from "../../environments/schema";
import { money } from "../numbers";
import { FREE_TIER_FOR_SEVERAL, PERSONAL_TIER } from "./documented/tiers";
import { allowed } from "./documented/table";

export interface FreeTierShare {
  readonly what: string;
  readonly used: number;
  readonly free: number;
  readonly unit: string;
  /** `97 %`. */
  readonly share: string;
  /** Whether the account has it, by its plan. */
  readonly isFree: boolean;
  /** As the documents have it: `CST-011: 730 of 750 hours free, 97 %`. */
  readonly documented?: string;
}

export interface FreeTierUse {
  readonly plan: FreeTier;
  readonly shares: readonly FreeTierShare[];
  /** US dollars a month that the plan does not cover at once, as far as prices are known. */
  readonly dollars: number;
  /** What of it has no known price. */
  readonly unpriced: readonly string[];
}

/** Of the web application alone: what else stands in the account uses the same allowances. Undefined where nobody promises $0. */
export function freeTierUse(environment: Environment): FreeTierUse | undefined {
  const plan = environment.web?.freeTier;
  if (plan === undefined) return undefined;
  const excess = excessOf(environment, plan);
  return {
    plan,
    shares: sharesOf(environment).map(({ name, what, used, free, unit, isAlways, ...share }) => ({
      ...{ what, used, free, unit },
      share: percentOf({ used, free, ...share }),
      isFree: isAlways || plan === "legacy",
      ...documentedShare(name),
    })),
    dollars: excess.reduce((sum, { dollars = 0 }) => sum + dollars, 0),
    unpriced: excess.filter(({ dollars }) => dollars === undefined).map(({ charge }) => charge.what),
  };
}

const ROWS: Partial<Readonly<Record<AllowanceName, string>>> = {
  machines: "CST-011",
  databases: "CST-012",
  buckets: "CST-013",
  edgeTransfer: "CST-014",
  metrics: "OBS-012",
};

function documentedShare(name: AllowanceName): { readonly documented?: string } {
  const line = [...PERSONAL_TIER.lines, ...FREE_TIER_FOR_SEVERAL.lines].find(({ id }) => id === ROWS[name]);
  return line?.allowance ? { documented: `${line.id}: ${allowed(line.allowance)}` } : {};
}

/** What it means, in a sentence. */
export function freeTierWords({ plan, dollars, unpriced }: FreeTierUse): string {
  const sum = `${money(dollars)} a month${unpriced.length > 0 ? `, and what has no known price (${unpriced.join(", ")})` : ""}`;
  return {
    none: `No credits and no twelve months' allowances are there for it (web.freeTier is none), so the promise of $0 is off: beside what is always free the web application costs ${sum}.`,
    credits: `The account has credits for six months (web.freeTier is credits), which pay what is not always free: ${sum}.`,
    legacy: `The account has its twelve months' allowances (web.freeTier is legacy); above them the web application costs ${sum}.`,
  }[plan];
}
