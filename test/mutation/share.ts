/** A commit tries a share of the single bad edits, a daily run all of them: together they take an hour of a processor. */

import { SIXTHS } from "../../commands/checks/list";

/** Every sixth of what there is, as MUTATIONS_SHARE says (0 to 5); all where that is empty. @throws Error at another value */
export function shareOf<T>(all: readonly T[]): { readonly tried: readonly T[]; readonly title: string } {
  const share = process.env.MUTATIONS_SHARE || undefined;
  if (share === undefined) return { tried: all, title: `all ${all.length}` };
  if (!/^[0-5]$/.test(share))
    throw new Error(`MUTATIONS_SHARE is ${JSON.stringify(share)}; allowed: 0 to ${SIXTHS.length - 1}, or nothing for all`);
  const tried = all.filter((_, index) => index % SIXTHS.length === Number(share));
  return { tried, title: `the ${SIXTHS[Number(share)]} sixth: ${tried.length} of ${all.length}` };
}
