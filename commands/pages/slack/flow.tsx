/** Paragraphs in lines of a width. */
import type { ComponentChildren } from "preact";
import { tenth, widthOf, Words, type Look } from "../svg/elements";
import type { Paragraph, Run, Style } from "./mrkdwn";

/** Something that is as high as it is, and can be drawn anywhere. */
export interface Piece {
  readonly height: number;
  /** @param x @param y of its upper left corner */
  readonly draw: (x: number, y: number) => ComponentChildren;
}

/** One below the other. */
export function stacked(pieces: readonly Piece[], gap: number): Piece {
  const tops = pieces.map((_, index) => pieces.slice(0, index).reduce((sum, { height }) => sum + height + gap, 0));
  return {
    height: pieces.reduce((sum, { height }) => sum + height, 0) + gap * Math.max(0, pieces.length - 1),
    draw: (x, y) => pieces.map(({ draw }, index) => draw(x, y + tops[index]!)),
  };
}

/** In pixels and as one of the picture's colours. */
export interface Type {
  readonly size: number;
  readonly line: number;
  readonly colour?: string;
}

/** A part of a line in one look. */
interface Segment {
  readonly x: number;
  readonly text: string;
  readonly style: Style;
}

const PADDING = 6;

export function flowed(all: readonly Paragraph[], width: number, type: Type): Piece {
  const pieces = all.map((paragraph): Piece & { readonly kind: Paragraph["kind"] } => {
    const isCode = paragraph.kind === "code";
    const lines = linesOf(paragraph.runs, isCode ? width - 2 * PADDING : width, type);
    return {
      kind: paragraph.kind,
      height: lines.length * type.line,
      draw: (x, y) => (
        <>
          {isCode && <rect class="code" x={x} y={tenth(y)} width={tenth(width)} height={lines.length * type.line} />}
          {lines.map((line, index) => (
            <Line line={line} isBlock={isCode} x={isCode ? x + PADDING : x} y={y + index * type.line} type={type} />
          ))}
        </>
      ),
    };
  });
  return stacked(pieces, 0);
}

const lookOf = (style: Style, { size, colour }: Type): Look => ({
  size: style === "code" ? size - 2 : size,
  bold: style === "bold",
  italic: style === "italic",
  mono: style === "code",
  colour: style === "link" || style === "mention" ? "link" : style === "code" ? "code" : colour,
});

/** Words as long as they fit; a word that is wider than a line is broken where it has to be. At least one line. */
function linesOf(runs: readonly Run[], width: number, type: Type): Segment[][] {
  const lines: Segment[][] = [[]];
  let x = 0;
  const put = (text: string, style: Style) => {
    const line = lines.at(-1)!;
    const last = line.at(-1);
    if (last?.style === style) line[line.length - 1] = { ...last, text: last.text + text };
    else line.push({ x, text, style });
    x += widthOf(text, lookOf(style, type));
  };
  const wrap = () => {
    lines.push([]);
    x = 0;
  };
  for (const { text, style } of runs) {
    const wide = (part: string) => widthOf(part, lookOf(style, type));
    for (const word of text.split(/( +)/).filter(Boolean)) {
      if (x > 0 && x + wide(word.trimEnd()) > width) wrap();
      if (x === 0 && word.trim() === "" && lines.length > 1) continue;
      if (wide(word) <= width) put(word, style);
      else
        for (const letter of word) {
          if (x + wide(letter) > width) wrap();
          put(letter, style);
        }
    }
  }
  return lines;
}

function Line(props: {
  readonly line: readonly Segment[];
  readonly isBlock: boolean;
  readonly x: number;
  readonly y: number;
  readonly type: Type;
}) {
  const { line, isBlock, x, y, type } = props;
  return (
    <>
      {line.map(({ text: whole, style, x: from }) => {
        // SVG shows no space at the beginning of a text, and one for many.
        const look = { ...lookOf(style, type), ...(isBlock && { colour: type.colour }) };
        const text = whole.replace(/^ +| +$/g, "").replace(/ +/g, " ");
        const indent = widthOf(" ".repeat(whole.length - whole.trimStart().length), look);
        const at = x + from + indent;
        if (text === "") return null;
        return (
          <>
            {(style === "mention" || (style === "code" && !isBlock)) && (
              <rect class={style} x={tenth(at - 2)} y={tenth(y + 1)} width={tenth(widthOf(text, look) + 4)} height={type.line - 3} rx={3} />
            )}
            <Words x={at} y={y + type.line - 0.35 * type.size} text={text} {...look} />
            {style === "strike" && <path class="strike" d={`M${tenth(at)} ${tenth(y + type.line / 2)}h${tenth(widthOf(text, look))}`} />}
          </>
        );
      })}
    </>
  );
}
