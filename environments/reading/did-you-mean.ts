/** What was probably meant by a text that is none of those that are allowed. */
import { distance } from "fastest-levenshtein";

/** The candidate that was probably meant, the first one of those that are equally near; undefined when none is near. */
export function nearest(written: unknown, candidates: readonly unknown[]): string | undefined {
  if (typeof written !== "string" || written.length > 64) return undefined;
  const [best] = candidates
    .filter((candidate) => typeof candidate === "string")
    .map((candidate) => ({ candidate, steps: distance(written.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, steps }) => steps <= Math.max(2, Math.floor(candidate.length / 3)) && steps < candidate.length)
    .sort((a, b) => a.steps - b.steps);
  return best?.candidate;
}

/** `; did you mean …?` with the candidate that was probably meant, or nothing. */
export function didYouMean(written: unknown, candidates: readonly unknown[], show: (candidate: string) => string = JSON.stringify): string {
  const meant = nearest(written, candidates);
  return meant === undefined ? "" : `; did you mean ${show(meant)}?`;
}
