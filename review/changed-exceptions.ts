/** What a change does to the exceptions that let it pass: said before all else, since nobody else asks for it. */
import { readExceptions } from "./exceptions";
import type { Exception, ExceptionChange, JudgedBySelf } from "./model";
import type { Judges } from "./planning/collect";

/** Days that a new exception may hold at the most: what is meant for longer is decided anew. */
export const LONGEST_DAYS = 180;

/**
 * @param exceptions those of the working tree
 * @returns undefined where the base's own cannot be read
 */
export function judgedBySelf(exceptions: readonly Exception[], { exceptions: text, files }: Judges): JudgedBySelf | undefined {
  const known = exceptionsIn(text);
  if (known === undefined) return undefined;
  const changes = exceptions.flatMap((exception): ExceptionChange[] => {
    const same = known.filter(({ construct, rule }) => construct === exception.construct && rule === exception.rule);
    if (same.length === 0) return [{ exception }];
    const isThere = same.some(
      ({ reason, expires, approvedBy }) =>
        reason === exception.reason && expires === exception.expires && approvedBy === exception.approvedBy,
    );
    return isThere ? [] : [{ exception, was: same[0] }];
  });
  return { exceptions: changes, untouched: exceptions.length - changes.length, files };
}

/** A file that an older commit wrote by other rules tells nothing. */
function exceptionsIn(text: string | undefined): Exception[] | undefined {
  if (text === undefined) return [];
  try {
    return readExceptions(text, "the base's exceptions");
  } catch {
    return undefined;
  }
}

/**
 * What is new, or holds for longer than it did, holds for {@link LONGEST_DAYS} at the most. Counted from the day of the review, so that an
 * entry that was accepted once is never refused later.
 * @param today `2026-11-21`
 */
export function tooLong(changes: readonly ExceptionChange[], today: string, file: string): string[] {
  const last = new Date(Date.parse(`${today}T00:00:00Z`) + LONGEST_DAYS * 86_400_000).toISOString().slice(0, 10);
  return changes
    .filter(({ exception: { expires }, was }) => expires > last && (was === undefined || was.expires < expires))
    .map(
      ({ exception: { rule, construct, expires } }) =>
        `${file} (${rule} of ${construct}): expires is ${expires}; a new exception may hold for ${LONGEST_DAYS} days, until ${last} at the latest`,
    );
}
