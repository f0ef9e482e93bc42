/** Messages of Slack as Slack shows them: the blocks that our function makes, and no others. https://docs.slack.dev/reference/block-kit/blocks */
import type { KnownBlock, MessageAttachment } from "@slack/types";
import type { SlackMessage } from "../../../functions/slack-notification/blocks";
import { pictureOf, tenth, Words, type Colours } from "../svg/elements";
import { flowed, stacked, type Piece, type Type } from "./flow";
import { paragraphs, type Run } from "./mrkdwn";

export interface ShownMessage {
  /** What it is an example of. */
  readonly caption: string;
  readonly message: SlackMessage;
}

export const WIDTH = 760;
const MARGIN = 14;
const AVATAR = 36;
const TEXT_X = MARGIN + AVATAR + 10;
const TEXT_WIDTH = WIDTH - TEXT_X - MARGIN;
/** Of an attachment. */
const BAR = { width: 4, gap: 12 };
const TEXT: Type = { size: 14, line: 20 };
const CONTEXT: Type = { size: 12, line: 17, colour: "soft" };
const BETWEEN_COLUMNS = 16;

const COLOURS: Colours = {
  ground: ["#ffffff", "#1a1d21"],
  text: ["#1d1c1d", "#d9dadb"],
  soft: ["#616061", "#ababad"],
  link: ["#1264a3", "#4ab3e8"],
  code: ["#a3124a", "#f0a35e"],
  "code-ground": ["#f4f4f5", "#26292e"],
  "mention-ground": ["#fdf2d0", "#45391a"],
  edge: ["#d5d5d6", "#3f4347"],
  caption: ["#f3f5f7", "#23272c"],
};
const RULES = [
  ".code{fill:var(--code-ground)}.mention{fill:var(--mention-ground)}.strike{stroke:var(--text)}",
  ".caption{fill:var(--caption)}.avatar{fill:var(--edge)}.badge{fill:none;stroke:var(--edge)}",
];

/** @throws Error for a block, or a part of one, that nobody draws here */
export function slackPicture(messages: readonly ShownMessage[]): string {
  const pieces = messages.map(messagePiece);
  const all = stacked(pieces, 0);
  const tops = pieces.map((_, index) => pieces.slice(0, index).reduce((sum, { height }) => sum + height, 0));
  return pictureOf({
    title: "Alerts in Slack",
    width: WIDTH,
    height: all.height,
    colours: COLOURS,
    rules: RULES,
    parts: pieces.map(({ draw }, index) => <g class="message">{draw(0, tops[index]!)}</g>),
  });
}

const CAPTION = 26;

function messagePiece({ caption, message }: ShownMessage): Piece {
  const { text, attachments } = message;
  nothingBut(["text", "attachments"], message);
  const body = stacked([flowed(paragraphs(text), TEXT_WIDTH, TEXT), ...attachments.map(attachment)], 6);
  const head = 20;
  return {
    height: CAPTION + 12 + head + body.height + 20,
    draw: (x, y) => (
      <>
        <rect class="caption" x={x} y={tenth(y)} width={WIDTH} height={CAPTION} />
        <Words x={x + MARGIN} y={y + 17} text={caption} size={11.5} colour="soft" />
        <rect class="avatar" x={x + MARGIN} y={tenth(y + CAPTION + 12)} width={AVATAR} height={AVATAR} rx={6} />
        <Words x={x + TEXT_X} y={y + CAPTION + 25} text="Your Slack app" size={14} bold />
        <rect class="badge" x={x + TEXT_X + 106} y={tenth(y + CAPTION + 13.5)} width={30} height={14} rx={3} />
        <Words x={x + TEXT_X + 111} y={y + CAPTION + 24} text="APP" size={9.5} colour="soft" />
        {body.draw(x + TEXT_X, y + CAPTION + 12 + head)}
      </>
    ),
  };
}

function attachment(own: MessageAttachment): Piece {
  const { blocks = [], color, fallback } = own;
  nothingBut(["blocks", "color", "fallback"], own);
  // What a phone shows in place of the blocks.
  if (fallback === undefined || !/^#[0-9a-f]{6}$/i.test(color ?? ""))
    throw new Error(`an attachment without a text, or of colour ${color}`);
  const inner = stacked(
    blocks.map((block) => blockPiece(block as KnownBlock)),
    8,
  );
  return {
    height: inner.height,
    draw: (x, y) => (
      <>
        <rect x={x} y={tenth(y)} width={BAR.width} height={tenth(inner.height)} rx={2} fill={color} />
        {inner.draw(x + BAR.width + BAR.gap, y)}
      </>
    ),
  };
}

const INNER_WIDTH = TEXT_WIDTH - BAR.width - BAR.gap;

function blockPiece(block: KnownBlock): Piece {
  switch (block.type) {
    case "section": {
      const { text, fields } = block;
      nothingBut(["type", "text", "fields"], block);
      return stacked([...(text ? [flowed(paragraphs(mrkdwnOf(text)), INNER_WIDTH, TEXT)] : []), ...(fields ? columns(fields) : [])], 8);
    }
    case "context": {
      nothingBut(["type", "elements"], block);
      // One after the other, on one line as long as there is room.
      const runs = block.elements.flatMap((element, index): readonly Run[] => [
        ...(index > 0 ? [{ text: " \u2003 ", style: "plain" as const }] : []),
        ...paragraphs(mrkdwnOf(element)).flatMap((paragraph) => paragraph.runs),
      ]);
      return flowed([{ kind: "text", runs }], INNER_WIDTH, CONTEXT);
    }
    default:
      throw new Error(`no picture of a block of the type ${JSON.stringify(block.type)}`);
  }
}

/** Two in a row. */
function columns(fields: readonly { readonly type: string }[]): Piece[] {
  const width = (INNER_WIDTH - BETWEEN_COLUMNS) / 2;
  const cells = fields.map((field) => flowed(paragraphs(mrkdwnOf(field)), width, TEXT));
  return Array.from({ length: Math.ceil(cells.length / 2) }, (_, row): Piece => {
    const [left, right] = [cells[2 * row]!, cells[2 * row + 1]];
    return {
      height: Math.max(left.height, right?.height ?? 0),
      draw: (x, y) => [left.draw(x, y), right?.draw(x + width + BETWEEN_COLUMNS, y)],
    };
  });
}

/** @throws Error for what is no text, or text in another notation */
function mrkdwnOf(element: { readonly type: string; readonly text?: unknown }): string {
  const { type, text } = element;
  nothingBut(["type", "text"], element);
  if (type !== "mrkdwn" || typeof text !== "string") throw new Error(`no picture of an element of the type ${JSON.stringify(type)}`);
  return text;
}

/** @throws Error for what would be left out of the picture */
function nothingBut(drawn: readonly string[], of: object): void {
  const left = Object.keys(of).find((key) => !drawn.includes(key));
  if (left !== undefined) throw new Error(`no picture of ${JSON.stringify(left)}, beside ${drawn.join(" and ")}`);
}
