/** Types of machines such as t3.small: a family, which says what a machine is made of, and one of the sizes that it comes in. */
import { z } from "zod";
import { didYouMean, nearest } from "../reading/did-you-mean";

/** Family → its sizes, with spaces between them. */
export type Families = Readonly<Record<string, string>>;

/** A size as AWS writes them, whether a family has it or not: no slip of the hand. */
const SIZE = /^(nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?)$/;

/** A field for one of the types. @param allowed what it must be, in words */
export function sizedType(families: Families, allowed: string) {
  const known = new Map(Object.entries(families).map(([family, sizes]) => [family, sizes.split(" ")]));
  // Newest first, as far as names tell.
  const types = [...known].reverse().flatMap(([family, sizes]) => sizes.map((size) => ({ family, size, type: `${family}.${size}` })));

  function hint(written: string): string {
    const dot = written.lastIndexOf(".");
    const [family, size] = [written.slice(0, dot), written.slice(dot + 1)];
    const sizes = known.get(family);
    if (sizes)
      return (
        (SIZE.test(size) ? "" : didYouMean(size, sizes, (meant) => JSON.stringify(`${family}.${meant}`))) ||
        `; ${family} comes as ${sizes.join(", ")}`
      );
    const ofSize = types.filter((other) => other.size === size).map(({ type }) => type);
    return didYouMean(
      nearest(written, ofSize) ?? written,
      types.map(({ type }) => type),
    );
  }

  return z.string({ error: allowed }).refine(
    (type) => {
      const dot = type.lastIndexOf(".");
      return known.get(type.slice(0, dot))?.includes(type.slice(dot + 1)) ?? false;
    },
    { error: ({ input }) => allowed + hint(input as string) },
  );
}
