/** Foreign text whose every character a reader sees. */
import type { Report } from "../model";

/**
 * Characters that a reader cannot see or that reorder what he sees: controls, bidirectional and zero-width ones, halves of pairs.
 * A name that holds them could be read as another.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** Nearly every text is of these alone. */
const PLAIN = /^[\x20-\x7e\n\t]*$/;

/** Text whose every character is seen; line breaks and tabs stay. */
export const visible = (text: string): string =>
  PLAIN.test(text)
    ? text
    : text
        .replaceAll("\r\n", "\n")
        .replace(INVISIBLE, (character) =>
          character === "\n" || character === "\t" ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`,
        );

/** The same in every text of a value. */
function visibleIn(value: unknown): unknown {
  if (typeof value === "string") return visible(value);
  if (Array.isArray(value)) return value.map(visibleIn);
  if (value !== null && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [visible(key), visibleIn(item)]));
  return value;
}

/** The report as it may be laid out: nothing invisible in it. Pictures stay as they are, resources that no page shows are left out. */
export function visibleReport({ environments, ...rest }: Report): Report {
  const shown = environments.map(({ diagram, stacks, ...environment }) => ({
    ...(visibleIn(environment) as typeof environment),
    ...(diagram === undefined ? {} : { diagram }),
    stacks: stacks.map(({ plan, ...stack }) => ({
      ...(visibleIn(stack) as typeof stack),
      plan: visibleIn({ ...plan, before: [], after: [] }) as typeof plan,
    })),
  }));
  return { ...(visibleIn(rest) as typeof rest), environments: shown };
}
