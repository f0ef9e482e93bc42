/** What stands where in a drawn page: pictures of our own, of which each part and each text is written in one form. */

/** Pixels; `x` and `y` are the upper left corner. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const plain = (text: string) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");

/** The text of each group of a class, one after the other; such groups hold no groups. */
export const partsOf = (svg: string, name: string): string[] =>
  [...svg.matchAll(new RegExp(`<g class="${name}"[\\s\\S]*?</g>`, "g"))].map(([part]) => part);

export function sizeOf(svg: string): { readonly width: number; readonly height: number } {
  const [, width, height] = /^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg)!;
  return { width: Number(width), height: Number(height) };
}

/** Each text with the room that its letters take, of which a quarter of the size is below the line. */
export const textsOf = (svg: string): (Rectangle & { readonly text: string })[] =>
  [...svg.matchAll(/<text x="([-\d.]+)" y="([-\d.]+)" font-size="([\d.]+)"[^>]*textLength="([\d.]+)"[^>]*>([^<]*)<\/text>/g)].map(
    ([, x, y, size, width, text]) => ({
      text: plain(text!),
      x: Number(x),
      y: Number(y) - 0.75 * Number(size),
      width: Number(width),
      height: Number(size),
    }),
  );

/** Pairs of which one lies over the other, by more than rounding. */
export function overlapping<Part extends Rectangle>(parts: readonly Part[]): (readonly [Part, Part])[] {
  const touch = (a: Rectangle, b: Rectangle) =>
    a.x + a.width > b.x + 0.2 && b.x + b.width > a.x + 0.2 && a.y + a.height > b.y + 0.2 && b.y + b.height > a.y + 0.2;
  return parts.flatMap((part, index) =>
    parts
      .slice(index + 1)
      .filter((other) => touch(part, other))
      .map((other) => [part, other] as const),
  );
}
