/** How wide a text is drawn, so that boxes can be made as wide as what stands in them. */

/** What pictures ask for. Liberation Sans and Arial have Helvetica's widths; with any other font `textLength` keeps a text to its measure. */
export const FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif";

/** Widths of the characters from space to tilde in thousandths of the size: Adobe's Core 14 metrics of Helvetica and Helvetica-Bold. */
const REGULAR = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278,
  278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722,
  667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556,
  556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const BOLD = [
  278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333,
  333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722,
  667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611,
  611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];
const OTHERS: Readonly<Record<string, number>> = { "·": 278, "–": 556, "±": 584, "−": 584, "×": 584 };

/** Of what the tables do not have: as wide as the widest of the punctuation and of Japanese. */
const UNKNOWN = 1000;

/** @param size of the font; the width is in the same unit */
export function textWidth(text: string, size: number, bold = false): number {
  const widths = bold ? BOLD : REGULAR;
  return (
    ([...text].reduce((sum, character) => sum + (widths[character.codePointAt(0)! - 32] ?? OTHERS[character] ?? UNKNOWN), 0) * size) / 1000
  );
}

/** A text in lines, none wider than the limit unless a word is. */
export function wrapped(text: string, size: number, limit: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)!} ${word}`;
    if (lines.length > 0 && textWidth(longer, size) <= limit) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
