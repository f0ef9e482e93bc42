/** Figures of CloudWatch, as alarms watch them and dashboards draw them. */

/** A series of figures. */
export interface Metric {
  /** Such as `AWS/SQS`. */
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum";
}

/** What is computed of others by metric math. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
export interface Calculated {
  /** With the names of `of` in it: `100 * hits / (hits + misses)`. */
  readonly expression: string;
  /** By a name that begins with a small letter, at most ten in an alarm. */
  readonly of: Readonly<Record<string, Metric>>;
  /** What the figure is called. */
  readonly label: string;
}

/** What an alarm watches, or one line of a graph. */
export type Figure = Metric | Calculated;

export const isCalculated = (figure: Figure): figure is Calculated => "expression" in figure;

/** Everything that must be published for it. */
export const metricsOf = (figure: Figure): readonly Metric[] => (isCalculated(figure) ? Object.values(figure.of) : [figure]);

/** One metric's share of another, such as the errors among all answers. */
export const percentage = (part: Metric, whole: Metric): Calculated => ({
  expression: "100 * part / whole",
  of: { part, whole },
  label: "Percentage",
});
