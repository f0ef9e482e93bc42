/** A graph of a dashboard: sample curves, the thresholds of alarms, and which is which. */
import { cut, tenth, widthOf, Words, type Look } from "../svg/elements";

/** Namespace, metric and dimensions, or what is calculated. */
export type MetricRow = readonly (string | MetricOptions)[];

interface MetricOptions {
  readonly label?: string;
  readonly stat?: string;
  readonly visible?: boolean;
  readonly yAxis?: "left" | "right";
}

export interface Threshold {
  readonly label: string;
  readonly value: number;
  readonly color: string;
  readonly fill: "above" | "below";
  readonly yAxis?: "left" | "right";
}

/** Room of a widget, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Of a widget, in pixels. */
export const PADDING = 9;
export const TITLE_BOTTOM = 26;
/** Colours of lines that there are. */
export const LINES = 4;
export const SMALL: Look = { size: 10 };

interface Entry {
  readonly text: string;
  readonly line?: number;
  readonly threshold?: Threshold;
}

const KEY = 16;
const LEGEND_LINE = 14;
/** Pixels that a legend leaves to the curves. */
const LEAST_PLOT = 60;

/** Sample curves on the good side of the thresholds, and below them what is what. */
export function Graph(props: {
  readonly metrics: readonly MetricRow[];
  readonly thresholds: readonly Threshold[];
  readonly seed: number;
  readonly size: Size;
}) {
  const { metrics, thresholds, seed, size } = props;
  const lines = metrics.filter((row) => optionsOf(row).visible !== false);
  const legend = legendRows(
    [
      ...lines.map((row, line): Entry => ({ text: lineText(row), line })),
      ...thresholds.map((threshold): Entry => ({ text: `${threshold.label} at ${plainNumber(threshold.value)}`, threshold })),
    ],
    size.width - 2 * PADDING,
    Math.floor((size.height - TITLE_BOTTOM - LEAST_PLOT) / LEGEND_LINE),
  );
  const [top, bottom] = [TITLE_BOTTOM + 2, size.height - legend.length * LEGEND_LINE - 8];
  const plot = { x: PADDING, y: top, width: size.width - 2 * PADDING, height: bottom - top };
  const places = placesOf(thresholds);
  const [low, high] = [
    Math.max(0.12, ...thresholds.map((one, index) => (one.fill === "below" ? places[index]! : 0))),
    Math.min(0.88, ...thresholds.map((one, index) => (one.fill === "above" ? places[index]! : 1))),
  ];
  const heightAt = (share: number) => tenth(plot.y + plot.height * (1 - share));
  return (
    <>
      {thresholds.map(({ color, fill }, index) => {
        const y = heightAt(places[index]!);
        const [from, to] = fill === "above" ? [plot.y, y] : [y, plot.y + plot.height];
        return (
          <>
            <rect x={plot.x} y={from} width={plot.width} height={tenth(to - from)} fill={color} fill-opacity={0.16} />
            <path d={`M${plot.x} ${y}h${plot.width}`} stroke={color} stroke-width={1.5} />
          </>
        );
      })}
      <path class="rule" d={`M${plot.x} ${plot.y}v${plot.height}h${plot.width}`} />
      {lines.map((_, line) => (
        <path
          class={`line-${line % LINES}`}
          stroke-dasharray="5 3"
          d={sample(seed + line, (share) => heightAt(low + (high - low) * apart(share, line, lines.length)), plot)}
        />
      ))}
      <Words x={plot.x + plot.width - widthOf("sample", SAMPLE) - 3} y={plot.y + plot.height - 4} text="sample" {...SAMPLE} />
      {legend.map((row, index) => (
        <LegendRow row={row} y={bottom + 4 + (index + 1) * LEGEND_LINE - 4} />
      ))}
    </>
  );
}

const SAMPLE: Look = { size: 9, italic: true, colour: "soft" };

const optionsOf = (row: MetricRow): MetricOptions => {
  const last = row.at(-1);
  return typeof last === "object" ? last : {};
};

/** As CloudWatch calls a line: by its label, else by the metric. What is calculated has no statistic of its own. */
function lineText(row: MetricRow): string {
  const { label, stat, yAxis } = optionsOf(row);
  const notes = [stat, yAxis === "right" ? "right scale" : undefined].filter(Boolean).join(", ");
  return `${label ?? String(row[1])}${notes && ` (${notes})`}`;
}

const plainNumber = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: 6 });

/** How high each threshold lies, as a share of the plot: in their order, those that warn of too little below, of too much above. */
function placesOf(thresholds: readonly Threshold[]): number[] {
  return thresholds.map(({ fill, value, yAxis }) => {
    const others = thresholds.filter((other) => other.fill === fill && other.yAxis === yAxis).map((other) => other.value);
    const ordered = [...new Set(others)].sort((a, b) => a - b);
    const rank = ordered.indexOf(value) / Math.max(1, ordered.length - 1);
    return fill === "below" ? 0.2 + 0.12 * rank : 0.72 + 0.12 * rank;
  });
}

/** Each line has its own part of the room, so that it can be told from the others. */
const apart = (share: number, line: number, lines: number): number => (line + share) / lines;

const POINTS = 48;

/** Waves, others for each seed. @param heightAt pixels at a share of the room between thresholds */
function sample(seed: number, heightAt: (share: number) => number, { x, width }: { readonly x: number; readonly width: number }): string {
  const points = Array.from({ length: POINTS + 1 }, (_, point) => {
    const at = (point / POINTS) * 2 * Math.PI;
    const share = 0.5 + 0.2 * Math.sin(2 * at + seed * 1.7) + 0.12 * Math.sin(5 * at + seed * 2.9) + 0.06 * Math.sin(11 * at + seed);
    return `${tenth(x + (point / POINTS) * width)} ${heightAt(share)}`;
  });
  return `M${points.join("L")}`;
}

/** Side by side as long as there is room, and no more than so many rows: of the rest it is said how many they are. */
function legendRows(entries: readonly Entry[], width: number, most: number): Entry[][] {
  const rows: Entry[][] = [];
  for (const entry of entries.map((one) => ({ ...one, text: cut(one.text, width - KEY, SMALL) }))) {
    const last = rows.at(-1);
    if (last && [...last, entry].reduce((sum, one) => sum + entryWidth(one), 0) <= width + ENTRY_GAP) last.push(entry);
    else rows.push([entry]);
  }
  if (rows.length <= most) return rows;
  const shown = rows.slice(0, most - 1);
  return [...shown, [{ text: `… and ${entries.length - shown.flat().length} others` }]];
}

const ENTRY_GAP = 12;
const entryWidth = ({ text }: Entry): number => KEY + widthOf(text, SMALL) + ENTRY_GAP;

function LegendRow({ row, y }: { readonly row: readonly Entry[]; readonly y: number }) {
  let x = PADDING;
  return (
    <>
      {row.map((entry) => {
        const at = x;
        x += entryWidth(entry);
        return (
          <>
            <Key {...entry} x={tenth(at)} y={y} />
            <Words x={at + KEY} y={y} text={entry.text} {...SMALL} />
          </>
        );
      })}
    </>
  );
}

function Key({ line, threshold, x, y }: Entry & { readonly x: number; readonly y: number }) {
  if (line !== undefined) return <path class={`line-${line % LINES}`} stroke-dasharray="5 3" d={`M${x} ${tenth(y - 3.5)}h12`} />;
  if (!threshold) return null;
  return (
    <>
      <rect
        x={x}
        y={tenth(threshold.fill === "above" ? y - 8 : y - 3.5)}
        width={12}
        height={4.5}
        fill={threshold.color}
        fill-opacity={0.3}
      />
      <path d={`M${x} ${tenth(y - 3.5)}h12`} stroke={threshold.color} stroke-width={1.5} />
    </>
  );
}
