/** How the findings of reach name many things in one sentence. */

/** Enough to know which are meant. */
const MOST = 5;

/** `a`, `b` and 38 more; each once, in their order. */
export function listed(names: readonly string[]): string {
  const all = [...new Set(names)].sort();
  const shown = all.slice(0, MOST).map((name) => `\`${name}\``);
  return all.length > MOST ? `${shown.join(", ")} and ${all.length - MOST} more` : and(shown);
}

/** `a, b and c`. */
export const and = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)!}`;
