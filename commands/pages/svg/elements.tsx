/** What the drawn pages have in common: texts that keep their measure, and colours for light and dark. */
import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import { FONT, textWidth } from "../../../review/pictures/text-width";

/** Each character is as wide: 0.6 of the size in Courier and its likes. */
const MONOSPACE = "'Liberation Mono', Courier, monospace";
const MONOSPACE_WIDTH = 0.6;

export interface Look {
  readonly size: number;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly mono?: boolean;
  /** Name of one of the picture's colours. @default text */
  readonly colour?: string;
}

/** Pixels. */
export const widthOf = (text: string, { size, bold, mono }: Look): number =>
  mono ? [...text].length * size * MONOSPACE_WIDTH : textWidth(text, size, bold);

export interface WordsProps extends Look {
  /** Of the line's beginning, on which the letters stand. */
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** One line. With `textLength` no font makes it wider than what was counted with. */
export function Words({ x, y, text, colour, ...look }: WordsProps) {
  return (
    <text
      x={tenth(x)}
      y={tenth(y)}
      font-size={look.size}
      font-weight={look.bold ? 700 : undefined}
      font-style={look.italic ? "italic" : undefined}
      class={[...(look.mono ? ["mono"] : []), ...(colour ? [`in-${colour}`] : [])].join(" ") || undefined}
      textLength={tenth(widthOf(text, look))}
      lengthAdjust="spacingAndGlyphs"
    >
      {text}
    </text>
  );
}

/** So that a number has the same digits everywhere. */
export const tenth = (value: number): number => Math.round(value * 10) / 10;

/** As much of a text as fits, with an ellipsis where something is left out. */
export function cut(text: string, width: number, look: Look): string {
  if (widthOf(text, look) <= width) return text;
  const letters = [...text];
  while (letters.length > 0 && widthOf(`${letters.join("")} …`, look) > width) letters.pop();
  return `${letters.join("").trimEnd()} …`;
}

/** By name; `ground` and `text` are needed. */
export type Colours = Readonly<Record<string, readonly [light: string, dark: string]>>;

const variables = (colours: Colours, side: 0 | 1) =>
  Object.entries(colours)
    .map(([name, pair]) => `--${name}:${pair[side]}`)
    .join(";");

/**
 * A whole picture, light and dark as the reader's system has it; the same parts give the same bytes.
 * @param rules of CSS beside those of texts; colours are variables
 * @param parts each on lines of its own, so that a change of one is a change of few
 */
export function pictureOf(props: {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly colours: Colours;
  readonly rules?: readonly string[];
  readonly parts: readonly ComponentChildren[];
}): string {
  const { title, width, height, colours, rules = [], parts } = props;
  const style = [
    `svg{${variables(colours, 0)}}@media (prefers-color-scheme:dark){svg{${variables(colours, 1)}}}`,
    `text{fill:var(--text);font-family:${FONT}}.mono{font-family:${MONOSPACE}}`,
    ...Object.keys(colours).map((name) => `.in-${name}{fill:var(--${name})}`),
    ...rules,
  ].join("");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    renderToString(<title>{title}</title>),
    `<style>${style}</style>`,
    `<rect class="in-ground" width="${width}" height="${height}"/>`,
    ...parts.map((part) => renderToString(<>{part}</>)),
    "</svg>",
    "",
  ].join("\n");
}
