/** What an alert is, whoever published it: what Slack shows and what the log of alerts keeps. */

/** How urgent it is (OBS-034): `critical` wants somebody at once, `warning` in working hours, `info` nobody. */
export type Severity = "critical" | "warning" | "info";
export const SEVERITIES: readonly Severity[] = ["critical", "warning", "info"];

/** The words of other publishers for ours; undefined where none of them is meant. */
export function severityOf(word: unknown): Severity | undefined {
  if (typeof word !== "string") return undefined;
  const lower = word.toLowerCase();
  if (["critical", "fatal", "error", "high", "emergency", "page"].includes(lower)) return "critical";
  if (["warning", "warn", "medium"].includes(lower)) return "warning";
  if (["info", "informational", "notice", "debug", "low", "none"].includes(lower)) return "info";
  return undefined;
}

/** `firing` lasts until it is `resolved`; an `event` has neither. */
export type State = "firing" | "resolved" | "event";

export interface Alert {
  /** Which of the formatters knew it, such as `cloudwatch-alarm`. */
  readonly source: string;
  /** What it is about, such as the alarm's name: alerts of one name, state and minute are one message. */
  readonly name: string;
  readonly severity: Severity;
  readonly state: State;
  /** One line. */
  readonly title: string;
  /** What happened, on any number of lines. */
  readonly text?: string;
  readonly fields?: readonly { readonly label: string; readonly value: string }[];
  readonly links?: readonly { readonly label: string; readonly url: string }[];
  /** When it happened: ISO 8601. */
  readonly time: string;
}

/** A message as SNS hands it on. https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
export interface Published {
  /** Text, or JSON as text. */
  readonly message: string;
  readonly subject?: string;
  /** By name; those of business events are MSG-011's. */
  readonly attributes: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly time: string;
}

/** Any JSON object, whose members are looked at one by one. */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
/** A member that is a text with something in it. */
export const textAt = (json: Json | undefined, key: string): string | undefined => {
  const value = json?.[key];
  return typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;
};
export const objectAt = (json: Json | undefined, key: string): Json | undefined => {
  const value = json?.[key];
  return isObject(value) ? value : undefined;
};
/** The objects in a list; nothing of what is no list. */
export const objectsAt = (json: Json | undefined, key: string): readonly Json[] => {
  const value = json?.[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
};

/** Fields without those that have no value. */
export const fieldsOf = (values: Readonly<Record<string, string | undefined>>): NonNullable<Alert["fields"]> =>
  Object.entries(values).flatMap(([label, value]) => (value === undefined || value === "" ? [] : [{ label, value }]));
