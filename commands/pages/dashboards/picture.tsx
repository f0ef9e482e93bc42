/**
 * A picture of a CloudWatch dashboard, drawn from its body. Places and sizes are the body's; no figures are known, so curves are samples and are called so.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
import type { ComponentChildren } from "preact";
import { Graph, LINES, PADDING, SMALL, TITLE_BOTTOM, type MetricRow, type Size, type Threshold } from "./graph";
import { cut, pictureOf, tenth, widthOf, Words, type Colours, type Look } from "../svg/elements";

/** Of the grid, in pixels: CloudWatch makes a column as wide as the window lets it. */
export const GRID = { column: 40, row: 30 };
/** Above the grid. */
export const HEAD = 46;
const COLUMNS = 24;
const GAP = 3;

export interface DashboardWidget {
  readonly type: string;
  /** In columns and rows of the grid. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly query?: string;
    /** ARNs. */
    readonly alarms?: readonly string[];
    readonly metrics?: readonly MetricRow[];
    readonly annotations?: { readonly horizontal?: readonly Threshold[] };
  };
}

export interface DashboardBody {
  readonly widgets: readonly DashboardWidget[];
}

const COLOURS: Colours = {
  ground: ["#f2f3f5", "#0d1117"],
  text: ["#1f2933", "#e6edf3"],
  soft: ["#52606d", "#a9b4c0"],
  panel: ["#ffffff", "#161b22"],
  edge: ["#cbd2d9", "#3b434c"],
  tile: ["#eef1f4", "#1f262e"],
  "line-0": ["#1d63b8", "#79b8ff"],
  "line-1": ["#8e24aa", "#dba3f5"],
  "line-2": ["#3f7d0c", "#a3d65c"],
  "line-3": ["#00838f", "#4fd1c5"],
};
const RULES = [
  ".panel{fill:var(--panel);stroke:var(--edge)}.tile{fill:var(--tile);stroke:var(--edge)}.rule{stroke:var(--edge);fill:none}",
  ...Array.from({ length: LINES }, (_, line) => `.line-${line}{stroke:var(--line-${line});fill:none;stroke-width:1.5}`),
];

const TITLE: Look = { size: 11.5, bold: true };
const SOFT: Look = { size: 10, colour: "soft" };
const CODE: Look = { size: 9.5, mono: true, colour: "soft" };

/** @param name the dashboard's @throws Error for a widget of a kind that nobody draws here */
export function dashboardPicture(name: string, { widgets }: DashboardBody): string {
  const rows = Math.max(0, ...widgets.map(({ y, height }) => y + height));
  return pictureOf({
    title: `CloudWatch dashboard ${name}`,
    width: COLUMNS * GRID.column,
    height: HEAD + rows * GRID.row + GAP,
    colours: COLOURS,
    rules: RULES,
    parts: [
      <>
        <Words x={GAP} y={18} text={name} size={15} bold />
        <Words
          x={GAP}
          y={35}
          text="Drawn from the dashboard's body. Curves are samples, not measurements; shaded is where an alarm is on."
          {...SOFT}
        />
      </>,
      ...widgets.map((widget) => <Widget widget={widget} />),
    ],
  });
}

function Widget({ widget }: { readonly widget: DashboardWidget }) {
  const size = { width: widget.width * GRID.column - 2 * GAP, height: widget.height * GRID.row - 2 * GAP };
  const at = { x: widget.x * GRID.column + GAP, y: HEAD + widget.y * GRID.row + GAP };
  return (
    <g class="widget" transform={`translate(${at.x} ${at.y})`}>
      {inside(widget, size)}
    </g>
  );
}

function inside({ type, properties }: DashboardWidget, size: Size) {
  const { title = "", markdown = "", query = "", alarms = [], metrics = [], annotations } = properties;
  switch (type) {
    case "text":
      return (
        <>
          <rect {...size} fill="none" />
          <Words x={PADDING} y={size.height - 6} text={cut(headingOf(markdown), size.width - 2 * PADDING, HEADING)} {...HEADING} />
        </>
      );
    case "alarm":
      return (
        <Panel title={title} size={size}>
          <Alarms names={alarms.map((arn) => arn.split(":alarm:").at(-1)!)} size={size} />
        </Panel>
      );
    case "log":
      return (
        <Panel title={title} size={size}>
          <LogRows query={query} size={size} />
        </Panel>
      );
    case "metric":
      return (
        <Panel title={title} size={size}>
          <Graph metrics={metrics} thresholds={annotations?.horizontal ?? []} seed={title.length} size={size} />
        </Panel>
      );
    default:
      throw new Error(`no picture of a widget of the type ${JSON.stringify(type)}`);
  }
}

const HEADING: Look = { size: 14, bold: true };
/** @throws Error for Markdown other than a heading */
function headingOf(markdown: string): string {
  const [, words] = /^#+ (.+)$/.exec(markdown) ?? [];
  if (words === undefined) throw new Error(`no picture of the Markdown ${JSON.stringify(markdown)}`);
  return words;
}

function Panel({ title, size, children }: { readonly title: string; readonly size: Size; readonly children: ComponentChildren }) {
  return (
    <>
      <rect class="panel" {...size} rx={4} />
      <Words x={PADDING} y={17} text={cut(title, size.width - 2 * PADDING, TITLE)} {...TITLE} />
      {children}
    </>
  );
}

const TILES = 3;
/** Most that a tile is high. */
const TILE = 24;

/** In what state they are nobody knows here: all look the same. */
function Alarms({ names, size }: { readonly names: readonly string[]; readonly size: Size }) {
  const [width, height] = [
    (size.width - 2 * PADDING) / TILES,
    Math.min(TILE, (size.height - TITLE_BOTTOM - 4) / Math.ceil(names.length / TILES)),
  ];
  return (
    <>
      {names.map((name, index) => {
        const [x, y] = [PADDING + (index % TILES) * width, TITLE_BOTTOM + Math.floor(index / TILES) * height];
        return (
          <>
            <rect class="tile" x={tenth(x + 1)} y={tenth(y + 1)} width={tenth(width - 2)} height={tenth(height - 2)} rx={2} />
            <Words x={x + 7} y={y + height / 2 + 3.5} text={cut(name, width - 14, SMALL)} {...SMALL} />
          </>
        );
      })}
    </>
  );
}

const QUERY_LINE = 14;
const ROW = 18;

/** The query, and the columns of what it finds. */
function LogRows({ query, size }: { readonly query: string; readonly size: Size }) {
  const width = size.width - 2 * PADDING;
  const lines = joined(query.split(/(?= \| )/), "", (line) => widthOf(line, CODE) <= width);
  const columns = (/(?:^|\| )fields ([^|]+)/.exec(query)?.[1] ?? "").split(",").map((name) => name.trim());
  const top = TITLE_BOTTOM + lines.length * QUERY_LINE + 4;
  const rules = Array.from({ length: Math.max(0, Math.floor((size.height - top - 4) / ROW)) }, (_, row) => top + (row + 1) * ROW);
  return (
    <>
      {lines.map((line, index) => (
        <Words x={PADDING} y={TITLE_BOTTOM + 9 + index * QUERY_LINE} text={cut(line.trim(), width, CODE)} {...CODE} />
      ))}
      {columns.map((name, index) => (
        <Words x={PADDING + index * 170} y={top + 13} text={name} {...SMALL} bold />
      ))}
      <path class="rule" d={rules.map((y) => `M${PADDING} ${y}h${width}`).join("")} />
    </>
  );
}

/** Parts put together into lines as long as a line fits. */
function joined(parts: readonly string[], between: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = lines.length === 0 ? part : `${lines.at(-1)!}${between}${part}`;
    if (lines.length > 0 && fits(longer)) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}
