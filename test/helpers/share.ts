/** A commit tries a share of what takes an hour of a processor as a whole (single bad edits, fields of the schema), a daily run all of it. */

import { SIXTHS } from "../../commands/checks/list";

/** Every sixth of what there is, as SHARE says (0 to 5); all where that is empty. @throws Error at another value */
export function shareOf<T>(all: readonly T[]): { readonly tried: readonly T[]; readonly title: string } {
  const share = process.env.SHARE || undefined;
  if (share === undefined) return { tried: all, title: `all ${all.length}` };
  if (!/^[0-5]$/.test(share)) throw new Error(`SHARE is ${JSON.stringify(share)}; allowed: 0 to ${SIXTHS.length - 1}, or nothing for all`);
  const tried = all.filter((_, index) => index % SIXTHS.length === Number(share));
  return { tried, title: `the ${SIXTHS[Number(share)]} sixth: ${tried.length} of ${all.length}` };
}
