/** What a construct offers to be looked at, as it offers its alarms; a dashboard says how it is drawn. */
import type { Figure } from "../alarms/metric";

/** One line of a graph. */
export interface Line {
  readonly figure: Figure;
  /** @default the name of the metric, or what the calculated figure is called */
  readonly label?: string;
  /** Scale on the right, for what is counted in something else. @default the left one */
  readonly right?: boolean;
}

/** Series over time. Thresholds of alarms on the same figures are drawn by themselves. */
export interface Graph {
  readonly kind: "graph";
  readonly title: string;
  readonly lines: readonly Line[];
  /** Seconds that one point stands for. @default 300 */
  readonly period?: number;
}

/** Rows that a query of CloudWatch Logs Insights finds; kept as a saved query too. */
export interface LogTable {
  readonly kind: "log";
  /** Also the name of the saved query. */
  readonly title: string;
  /** Physical names. */
  readonly logGroups: readonly string[];
  /** Commands joined by a bar: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html */
  readonly query: string;
}

export type Widget = Graph | LogTable;

/** Widgets of one subject, under its title. */
export interface Section {
  readonly title: string;
  readonly widgets: readonly Widget[];
}

/** The last errors in some log groups (OBS-036). */
export const errorLog = (title: string, logGroups: readonly string[]): LogTable => ({
  kind: "log",
  title,
  logGroups,
  query:
    "fields @timestamp, @log, @logStream, @message | filter @message like /(?i)(error|critical|exception)/ | sort @timestamp desc | limit 50",
});
