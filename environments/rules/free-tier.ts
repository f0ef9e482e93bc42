/** What a web application costs that is promised to cost nothing (CST-015, CST-028, OPS-056, design 20). */
import { ALLOWANCES, CREDITS, type Allowance, type AllowanceName, type FreeTier } from "../facts/free-tier";
import { dollarsFor } from "../facts/prices";
import type { Environment } from "../schema";
import type { Finding, Rule } from "./finding";
import { webCharges, type Charge } from "./web-charges";

/** How much of an allowance the web application alone uses. */
export interface Share extends Allowance {
  readonly name: AllowanceName;
  readonly used: number;
}

/** What of a charge no allowance covers. */
interface Excess {
  readonly charge: Charge;
  /** In the price's unit. */
  readonly amount: number;
  /** A month; undefined where no price is known. */
  readonly dollars: number | undefined;
  /** For one. */
  readonly each: number | undefined;
  readonly share?: Share;
}

const has = (plan: FreeTier, name: AllowanceName): boolean => ALLOWANCES[name].isAlways || plan === "legacy";

/** In the order of the table; what is not used is left out. */
export function sharesOf(environment: Environment): Share[] {
  const charges = webCharges(environment);
  return (Object.keys(ALLOWANCES) as AllowanceName[]).flatMap((name) => {
    const used = charges.filter(({ allowance }) => allowance === name).reduce((sum, { amount }) => sum + amount, 0);
    return used > 0 ? [{ ...ALLOWANCES[name], name, used }] : [];
  });
}

/** What is charged by a plan: all of what has no allowance, and of the others what is above it, taken from the largest charge on. */
export function excessOf(environment: Environment, plan: FreeTier): Excess[] {
  const shares = new Map(sharesOf(environment).map((share) => [share.name, share]));
  const left = new Map([...shares].map(([name, { used, free }]) => [name, used - free]));
  const priced = (charge: Charge, amount: number): Excess => {
    const each = dollarsFor(charge.item, environment.region);
    const share = charge.allowance !== undefined && has(plan, charge.allowance) ? shares.get(charge.allowance) : undefined;
    return { charge, amount, each, dollars: each === undefined ? undefined : amount * each, ...(share && { share }) };
  };
  return [...webCharges(environment)]
    .sort((a, b) => b.amount - a.amount)
    .flatMap((charge) => {
      const { allowance, amount } = charge;
      if (allowance === undefined || !has(plan, allowance)) return amount > 0 ? [priced(charge, amount)] : [];
      const over = Math.min(amount, Math.max(0, left.get(allowance)!));
      left.set(allowance, left.get(allowance)! - over);
      return over > 1e-9 ? [priced(charge, over)] : [];
    });
}

export const dollarText = (dollars: number): string => `$${dollars.toFixed(2)}`;
const amountText = (amount: number): string => String(Math.round(amount * 100) / 100);
export const percentOf = ({ used, free }: Pick<Share, "used" | "free">): string => {
  const percent = (used / free) * 100;
  return `${percent < 1 ? Math.round(percent * 10) / 10 : Math.round(percent)} %`;
};

/** `EC2 t3.small, 730 × $0.0272, is $19.86 a month`. */
const priceText = ({ charge: { what, item }, amount, dollars, each }: Excess): string =>
  dollars === undefined
    ? `${what} has no known price (${item})`
    : `${what}, ${amountText(amount)} × $${each}, is ${dollarText(dollars)} a month`;

const shareText = ({ share }: Excess): string =>
  share
    ? `${amountText(share.used)} of ${share.free} ${share.unit} free (${percentOf(share)}) are used of ${share.what}`
    : "nothing of it is free";

const SMALL: readonly string[] = ["personal", "free"];
const cents = (dollars: number): number => Math.round(dollars * 100);

/** Each with its price, where it is more in all than the literal accepts. What has no price is never accepted. */
function ofAllowances(environment: Environment, accepted: number): Finding[] {
  const excess = excessOf(environment, "legacy");
  const total = excess.reduce((sum, { dollars = 0 }) => sum + dollars, 0);
  const isAccepted = cents(total) <= cents(accepted);
  return excess
    .filter(({ dollars }) => dollars === undefined || (!isAccepted && cents(dollars) > 0))
    .map((entry) => ({
      path: entry.charge.path,
      value: entry.charge.value,
      allowed: `${entry.charge.instead}, because web.freeTier is legacy: ${priceText(entry)}; ${shareText(entry)}`,
    }));
}

/** All that is not always free is paid with credits: is that so little that they last? */
function ofCredits(environment: Environment, accepted: number): Finding[] {
  const excess = excessOf(environment, "credits");
  const unpriced = excess.filter(({ dollars }) => dollars === undefined);
  const total = excess.reduce((sum, { dollars = 0 }) => sum + dollars, 0);
  const most = CREDITS.dollars / CREDITS.months + accepted;
  const dearest = excess
    .filter(({ dollars = 0 }) => cents(dollars) > 0)
    .sort((a, b) => b.dollars! - a.dollars!)
    .map(({ charge: { what }, dollars }) => `${what} ${dollarText(dollars!)}`);
  return [
    ...unpriced.map((entry) => ({
      path: entry.charge.path,
      value: entry.charge.value,
      allowed: `something whose price is known: ${priceText(entry)}, so nobody can say how long the credits last`,
    })),
    ...(cents(total) > cents(most)
      ? [
          {
            path: "web.freeTier",
            value: "credits",
            allowed: `what costs ${dollarText(most)} a month or less, so that $${CREDITS.dollars} last ${CREDITS.months} months; this costs ${dollarText(total)}: ${dearest.join(", ")}`,
          },
        ]
      : []),
  ];
}

export const FREE_TIER_RULES: readonly Rule[] = [
  {
    name: "a small tier says what its account has for nothing",
    reads: ["web"],
    check: ({ web }) =>
      !web || SMALL.includes(web.tier) === (web.freeTier !== undefined)
        ? []
        : [
            {
              path: "web.freeTier",
              value: web.freeTier,
              allowed:
                web.freeTier === undefined
                  ? `"credits", "legacy" or "none", because web.tier is ${web.tier}`
                  : `nothing, because web.tier is ${web.tier}, which nobody promises to cost nothing`,
            },
          ],
  },
  {
    name: "what is accepted beyond the free tier stands where something is free",
    reads: ["web"],
    check: ({ web }) =>
      web?.beyondFreeTierDollars === undefined || (web.freeTier !== undefined && web.freeTier !== "none")
        ? []
        : [
            {
              path: "web.beyondFreeTierDollars",
              value: web.beyondFreeTierDollars,
              allowed:
                'nothing, because web.freeTier is neither "credits" nor "legacy": all is charged, and cost.budgetDollars is the limit',
            },
          ],
  },
  {
    name: "what is promised to cost nothing costs nothing",
    reads: ["web", "network", "schedule", "customerManagedKeys", "cost", "region"],
    check: (environment) => {
      const { web } = environment;
      if (!web || !SMALL.includes(web.tier)) return [];
      const accepted = web.beyondFreeTierDollars ?? 0;
      if (web.freeTier === "legacy") return ofAllowances(environment, accepted);
      return web.freeTier === "credits" ? ofCredits(environment, accepted) : [];
    },
  },
];
