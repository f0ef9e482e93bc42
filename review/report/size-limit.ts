/** A text of limited size, from pieces of which the least important are left out. */
import { many } from "../numbers";
import { bytes } from "./markdown-escaping";

export interface Piece {
  /** The lower the more important; equal ones in the order in which they stand. */
  readonly rank: number;
  /** What it is called when it is left out, in the singular: `change`. */
  readonly noun: string;
  /** Asked for only while there is room: a diff takes time. */
  readonly text: () => string;
}

/** Pieces that fold away together. */
export interface Section {
  /** HTML without block elements. */
  readonly summary: string;
  readonly pieces: readonly Piece[];
}

/** `3 changes, 1 cost table`, sorted by what they are called. */
function leftOutWords(pieces: readonly Piece[]): string {
  const found = new Map<string, number>();
  for (const { noun } of pieces) found.set(noun, (found.get(noun) ?? 0) + 1);
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([noun, count]) => many(count, noun))
    .join(", ");
}

/**
 * @param head always there whole
 * @param foot says where to find what was left out
 * @param most size in bytes of UTF-8
 * @throws when the head alone is too large
 */
export function fit(head: string, sections: readonly Section[], foot: (leftOut: string) => string, most: number): string {
  const pieces = sections.flatMap((section) => section.pieces);
  const ranked = pieces
    .map((piece, order) => ({ piece, order }))
    .sort((a, b) => a.piece.rank - b.piece.rank || a.order - b.order)
    .map(({ piece }) => piece);
  // Written in the order of importance until they alone are too many.
  const written = new Map<Piece, string>();
  let size = bytes(head);
  for (const piece of ranked) {
    const text = piece.text();
    size += bytes(text);
    if (size > most) break;
    written.set(piece, text);
  }
  const assemble = (count: number): string => {
    const kept = new Map(ranked.slice(0, count).map((piece) => [piece, written.get(piece)!]));
    const shown = sections.map((section) => sectionText(section, kept)).filter((text) => text !== "");
    const leftOut = leftOutWords(ranked.slice(count));
    return `${[head, ...shown, ...[foot(leftOut)].filter((text) => text !== "")].join("\n\n")}\n`;
  };
  let [fits, tooMany] = [0, written.size + 1];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (bytes(assemble(middle)) <= most) fits = middle;
    else tooMany = middle;
  }
  const text = assemble(fits);
  if (bytes(text) > most) throw new Error(`the report's head takes ${bytes(text)} bytes of the ${most} that a comment may have`);
  return text;
}

function sectionText({ summary, pieces }: Section, kept: ReadonlyMap<Piece, string>): string {
  const shown = pieces.filter((piece) => kept.has(piece));
  if (shown.length === 0) return "";
  const leftOut = leftOutWords(pieces.filter((piece) => !kept.has(piece)));
  // Blank lines: without them GitHub takes the inside for HTML.
  return [
    `<details><summary>${summary}</summary>`,
    ...shown.map((piece) => kept.get(piece)!),
    ...(leftOut ? [`*${leftOut} of this part left out here.*`] : []),
    "</details>",
  ].join("\n\n");
}

/** The first rows that fit; at least one. @param most bytes of UTF-8 */
export function firstRows<T>(rows: readonly T[], textOf: (row: T) => string, most: number): readonly T[] {
  let size = 0;
  const end = rows.findIndex((row, index) => (size += bytes(textOf(row)) + 1) > most && index > 0);
  return end < 0 ? rows : rows.slice(0, end);
}
