/** Accounts of AWS: which a text names, and which are ours. */
import type { StackJson } from "../../terraform/assembly";
import { isObject, listOf } from "../json-values";
import type { StackPlan } from "../model";

/** Of ARNs, and of a text that is nothing but an account. */
export const accountsIn = (text: string): string[] => [
  ...[...text.matchAll(/\barn:aws[\w-]*:[\w-]*:[\w-]*:(\d{12}):/g)].map(([, account]) => account!),
  ...(/^\d{12}$/.test(text) ? [text] : []),
];

/** Accounts in which the stacks stand: by their providers, and by what stands there already. */
export function accountsOf(plan: StackPlan, ...code: readonly (StackJson | undefined)[]): ReadonlySet<string> {
  const providers = code.flatMap((json) => Object.values(json?.provider ?? {}).flatMap(listOf)).filter(isObject);
  return new Set([
    ...providers.flatMap(({ allowed_account_ids: ids }) => listOf(ids)).filter((id): id is string => typeof id === "string"),
    ...[...plan.before, ...plan.after].flatMap(({ values: { arn } }) => (typeof arn === "string" ? accountsIn(arn) : [])),
  ]);
}
