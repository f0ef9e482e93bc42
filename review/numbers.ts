/** How numbers are written wherever people read them. */

const thousands = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ",");

/** `1,204`. @param count a whole number */
export const counted = (count: number): string => thousands(String(count));

/** `1 refusal`, `1,204 refusals`. */
export const many = (count: number, one: string, several = `${one}s`): string => `${counted(count)} ${count === 1 ? one : several}`;

/** Less than half a cent is nothing: floating point adds it. */
const HALF_CENT = 0.005;
export const isNothing = (dollars: number): boolean => Math.abs(dollars) < HALF_CENT;

/** `$1,234.50`. @param dollars US dollars */
export function money(dollars: number): string {
  const [whole = "0", cents = "00"] = Math.abs(dollars).toFixed(2).split(".");
  return `${dollars < 0 && !isNothing(dollars) ? "−" : ""}$${thousands(whole)}.${cents}`;
}

/** With its sign: `+$24.10`, `−$3.00`, `±$0.00`. */
export const difference = (dollars: number): string =>
  isNothing(dollars) ? "±$0.00" : dollars > 0 ? `+${money(dollars)}` : money(dollars);

/** Without an exponent and without floating point's tail: 0.000000715. */
export const plain = (value: number): string => {
  const text = value.toFixed(10);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
};

/** A sum that may lack something: `≥ $61.35`, and `–` where there is none. */
export const atLeast = (dollars: number | undefined, isWhole: boolean): string =>
  dollars === undefined ? "–" : `${isWhole ? "" : "≥ "}${money(dollars)}`;

/** From one sum to another that may lack something. */
export const fromTo = (from: number | undefined, to: number | undefined, isWhole: boolean): string =>
  from === undefined || to === undefined ? "–" : `${isWhole ? "" : "≥ "}${difference(to - from)}`;
