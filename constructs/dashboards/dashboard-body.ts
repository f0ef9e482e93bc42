/**
 * A dashboard as CloudWatch reads it: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 * The same parts make the same text.
 */
import type { Alarm } from "../alarms/alarm";
import { isCalculated, metricsOf, type Figure, type Metric } from "../alarms/metric";
import { otherRegionOf } from "../storage/other-region";
import type { Graph, Line, LogTable, Section, Widget } from "./widget";

export interface DashboardParts {
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  readonly sections: readonly Section[];
  /** All of them stand in a matrix at the top. */
  readonly alarms: readonly Alarm[];
  /** Physical names of alarms on alarms, before the others. @default none */
  readonly composites?: readonly string[];
}

/** One widget in the grid of 24 columns, with the figures that it asks for. */
interface Placed {
  readonly type: "metric" | "log" | "text" | "alarm";
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

const COLUMNS = 24;
const GRAPH = { width: 8, height: 6 };
const PERIOD = 300;
/** Of thresholds, by severity. */
const COLOURS = { critical: "#d62728", warning: "#ff7f0e" } as const;

/**
 * What CloudWatch takes, in a widget and on the whole dashboard. Metrics that an expression reads count.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html; alarms: the page on a dashboard's body.
 * No limit of the body's length is documented.
 */
export const LIMITS = { widgets: 500, metricsInWidget: 500, metrics: 2500, alarmsInWidget: 100 } as const;

/** @throws Error when CloudWatch would refuse it */
export function dashboardBody(parts: DashboardParts): string {
  const { alarms, composites = [], sections } = parts;
  const watched = [
    ...composites.map((name) => ({ name, region: parts.region })),
    ...alarms.map((alarm) => ({ name: alarm.props.name, region: otherRegionOf(alarm) ?? parts.region })),
  ];
  const rows = [
    ...alarmMatrix(watched, parts.account),
    ...sections.flatMap(({ title, widgets }) => [[heading(title)], ...inRows(widgets.map((widget) => placed(widget, parts)))]),
  ];
  const metrics = sections.flatMap(({ widgets }) => widgets).map((widget) => [widget.title, metricsIn(widget)] as const);
  check("the dashboard", "widgets", rows.flat().length, LIMITS.widgets);
  for (const [title, count] of metrics) check(`its widget ${title}`, "metrics", count, LIMITS.metricsInWidget);
  check("the dashboard", "metrics", sum(metrics.map(([, count]) => count)), LIMITS.metrics);
  return JSON.stringify({ start: "-PT12H", periodOverride: "inherit", widgets: inGrid(rows) });
}

const metricsIn = (widget: Widget): number =>
  widget.kind === "graph" ? sum(widget.lines.map(({ figure }) => metricsOf(figure).length)) : 0;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function check(where: string, what: "widgets" | "metrics", count: number, most: number): void {
  if (count > most) throw new Error(`${where} has ${count} ${what}, CloudWatch takes ${most}`);
}

/** No attribute of an alarm is asked for its ARN: of another stack's each would be an output and a read of that stack's state. */
function alarmMatrix(watched: readonly { readonly name: string; readonly region: string }[], account: string): Placed[][] {
  const parts = Array.from({ length: Math.ceil(watched.length / LIMITS.alarmsInWidget) }, (_, index) =>
    watched.slice(index * LIMITS.alarmsInWidget, (index + 1) * LIMITS.alarmsInWidget),
  );
  return parts.map((some) => [
    {
      type: "alarm",
      width: COLUMNS,
      height: Math.min(20, 2 + Math.ceil(some.length / 4)),
      properties: { title: "Alarms", alarms: some.map(({ name, region }) => `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`) },
    },
  ]);
}

const heading = (title: string): Placed => ({ type: "text", width: COLUMNS, height: 1, properties: { markdown: `## ${title}` } });

const placed = (widget: Widget, parts: DashboardParts): Placed =>
  widget.kind === "graph" ? graph(widget, parts) : logTable(widget, parts);

const logTable = ({ logGroups, query, title }: LogTable, { region }: DashboardParts): Placed => ({
  type: "log",
  width: COLUMNS,
  height: 8,
  properties: {
    title,
    region,
    view: "table",
    query: `${logGroups.map((group) => `SOURCE '${group}'`).join(" | ")} | ${query}`,
  },
});

function graph({ lines, period = PERIOD, title }: Graph, { alarms, region }: DashboardParts): Placed {
  const ids = lines.flatMap(({ figure }) => (isCalculated(figure) ? Object.keys(figure.of) : []));
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`graph ${title}: two of its calculated figures call something ${twice}`);
  const thresholds = alarms.flatMap((alarm) => {
    const line = lines.find(({ figure }) => isSame(figure, alarm.props));
    // What is learnt has no line that could be drawn.
    return line && typeof alarm.props.threshold === "number" ? [threshold(alarm, line)] : [];
  });
  return {
    type: "metric",
    ...GRAPH,
    properties: {
      title,
      region,
      period,
      view: "timeSeries",
      metrics: lines.flatMap((line, index) => rendered(line, index)),
      ...(thresholds.length > 0 && { annotations: { horizontal: thresholds } }),
    },
  };
}

const threshold = ({ props: { comparison, name, severity, threshold: value } }: Alarm, { right }: Line) => ({
  label: name,
  value,
  color: COLOURS[severity],
  fill: comparison.startsWith("Greater") ? "above" : "below",
  ...(right && { yAxis: "right" }),
});

function rendered({ figure, label, right }: Line, index: number): unknown[][] {
  const axis = right && { yAxis: "right" };
  if (!isCalculated(figure)) return [[...path(figure), { stat: figure.statistic, ...(label && { label }), ...axis }]];
  return [
    [{ id: `calculated${index}`, expression: figure.expression, label: label ?? figure.label, ...axis }],
    ...Object.entries(figure.of).map(([id, metric]) => [...path(metric), { id, stat: metric.statistic, visible: false }]),
  ];
}

const path = ({ dimensions = {}, metric, namespace }: Metric): string[] => [namespace, metric, ...Object.entries(dimensions).flat()];

/** Whether an alarm watches what a line shows; by which statistic does not matter. */
const isSame = (a: Figure, b: Figure): boolean => identity(a) === identity(b);
const identity = (figure: Figure): string =>
  JSON.stringify([isCalculated(figure) ? figure.expression : "", ...metricsOf(figure).map(path)]);

/** Side by side as long as there is room. */
function inRows(widgets: readonly Placed[]): Placed[][] {
  const rows: Placed[][] = [];
  for (const widget of widgets) {
    const last = rows.at(-1);
    const used = last?.reduce((sum, { width }) => sum + width, 0) ?? COLUMNS;
    if (last && used + widget.width <= COLUMNS) last.push(widget);
    else rows.push([widget]);
  }
  return rows;
}

function inGrid(rows: readonly (readonly Placed[])[]) {
  let y = 0;
  return rows.flatMap((row) => {
    let x = 0;
    const found = row.map((widget) => {
      const { type, width, height, properties } = widget;
      const at = { type, x, y, width, height, properties };
      x += width;
      return at;
    });
    y += Math.max(...row.map(({ height }) => height));
    return found;
  });
}
