/**
 * A group of alerts of Prometheus's Alertmanager: as its webhook writes it, or as the text that reaches SNS.
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
import {
  fieldsOf,
  objectAt,
  objectsAt,
  severityOf,
  SEVERITIES,
  textAt,
  type Alert,
  type Json,
  type Published,
  type Severity,
} from "../alert";
import { readAlertmanagerText } from "../alertmanager-text";

type Texts = Readonly<Record<string, string>>;

interface One {
  readonly isResolved: boolean;
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly generatorUrl?: string;
}

/** Alerts of a group that are named one by one. */
const NAMED = 10;
/** Labels by what people call them, in the order in which they are shown; of those in one line the first that there is. */
const LABELS: readonly (readonly [label: string, names: readonly string[]])[] = [
  ["Cluster", ["cluster"]],
  ["Namespace", ["namespace"]],
  ["Service", ["deployment", "statefulset", "daemonset", "service", "job"]],
  ["Pod", ["pod"]],
  ["Container", ["container"]],
  ["Node", ["node", "instance"]],
];
/** Said elsewhere, or about Prometheus itself. */
const UNSHOWN = ["alertname", "severity", "prometheus", "endpoint", "uid"];
/** It counts what others are, and its alerts have its own name in these. https://github.com/kubernetes/kube-state-metrics */
const COUNTER = { job: "kube-state-metrics", labels: ["service", "job", "instance"] };
/** Annotations that are texts, the shortest first. */
const TEXTS = ["summary", "description", "message"];

export function alertmanager(message: Json, published: Published): Alert | undefined {
  if (textAt(message, "status") === undefined || textAt(message, "receiver") === undefined) return undefined;
  return groupOf(objectsAt(message, "alerts"), published);
}

/** What the release's template wrote (constructs/kubernetes/releases/kube-prometheus-stack.ts). */
export const alertmanagerText = (published: Published): Alert | undefined =>
  published.attributes.source === "alertmanager" ? groupOf(readAlertmanagerText(published.message), published) : undefined;

function groupOf(group: readonly Json[], { time }: Published): Alert | undefined {
  const alerts = group.map(read);
  if (alerts.length === 0) return undefined;
  const firing = alerts.filter(({ isResolved }) => !isResolved);
  const labels = common(alerts.map((one) => one.labels));
  const annotations = common(alerts.map((one) => one.annotations));
  const name = alerts[0]!.labels.alertname ?? "An alert of Prometheus";
  // What is over counts no more, unless all of it is.
  const counted = firing.length > 0 ? firing : alerts;
  const since = counted.flatMap(({ startsAt }) => startsAt ?? []).sort()[0];
  const until =
    firing.length > 0
      ? undefined
      : alerts
          .flatMap(({ endsAt }) => endsAt ?? [])
          .sort()
          .at(-1);
  return {
    source: "alertmanager",
    name: [name, labels.namespace].filter(Boolean).join("/"),
    severity: worst(counted),
    state: firing.length > 0 ? "firing" : "resolved",
    title: alerts.length > 1 ? `${name} (${countOf(firing.length, alerts.length)})` : name,
    text: [...textsOf(annotations), ...(alerts.length > 1 ? linesOf(alerts, labels, annotations) : [])].join("\n") || undefined,
    fields: fieldsOf({ Severity: labels.severity, ...shown(labels), Since: since, Until: until }),
    links: linksOf(annotations, alerts),
    time: until ?? since ?? time,
  };
}

function read(alert: Json): One {
  const texts = (key: string): Texts =>
    Object.fromEntries(Object.entries(objectAt(alert, key) ?? {}).map(([name, value]) => [name, String(value).trim()]));
  return {
    isResolved: textAt(alert, "status") === "resolved",
    labels: texts("labels"),
    annotations: texts("annotations"),
    startsAt: textAt(alert, "startsAt"),
    endsAt: textAt(alert, "endsAt"),
    generatorUrl: textAt(alert, "generatorURL"),
  };
}

/** What is the same in all. */
const common = (all: readonly Texts[]): Texts =>
  Object.fromEntries(Object.entries(all[0]!).filter(([name, value]) => all.every((one) => one[name] === value)));

const countOf = (firing: number, all: number) =>
  [firing > 0 ? `${firing} firing` : "", all > firing ? `${all - firing} resolved` : ""].filter(Boolean).join(", ");

/** One without a severity is a warning, as an alarm of CloudWatch's that says nothing is. */
const worst = (alerts: readonly One[]): Severity => {
  const severities = alerts.map(({ labels }) => severityOf(labels.severity) ?? "warning");
  return SEVERITIES.find((severity) => severities.includes(severity))!;
};

const textsOf = (annotations: Texts): string[] => [...new Set(TEXTS.flatMap((name) => annotations[name] || []))];

/** A line for each, with what it has that others have not. */
function linesOf(alerts: readonly One[], labels: Texts, annotations: Texts): string[] {
  const without = (own: Texts, all: Texts): Texts => Object.fromEntries(Object.entries(own).filter(([name]) => all[name] === undefined));
  const lines = alerts.slice(0, NAMED).map(({ isResolved, ...own }) => {
    const which = Object.entries(without(own.labels, labels)).filter(([name]) => !UNSHOWN.includes(name));
    const said = textsOf(without(own.annotations, annotations)).join(" – ");
    return `• ${[isResolved ? "over" : "", which.map((pair) => pair.join(" ")).join(", "), said].filter(Boolean).join(": ")}`;
  });
  return [...lines, ...(alerts.length > NAMED ? [`… and ${alerts.length - NAMED} more`] : [])];
}

function shown(all: Texts): Record<string, string | undefined> {
  const hidden = all.job === COUNTER.job ? COUNTER.labels : [];
  const labels = Object.fromEntries(Object.entries(all).filter(([name]) => !hidden.includes(name)));
  const known = LABELS.map(([label, names]) => [label, names.find((name) => labels[name] !== undefined)] as const);
  const used = [...UNSHOWN, ...known.flatMap(([, name]) => name ?? [])];
  return {
    ...Object.fromEntries(known.map(([label, name]) => [label, name && labels[name]])),
    ...Object.fromEntries(Object.entries(labels).filter(([name]) => !used.includes(name))),
  };
}

/** Of the first that has one. Prometheus's own address leads somewhere only where it is shown to people, by https: one within the cluster does not. */
function linksOf(annotations: Texts, alerts: readonly One[]): NonNullable<Alert["links"]> {
  const first = (name: string) => annotations[name] || alerts.find((one) => one.annotations[name])?.annotations[name];
  return Object.entries({
    Runbook: first("runbook_url"),
    Dashboard: first("dashboard_url"),
    Graph: alerts.find(({ generatorUrl }) => generatorUrl?.startsWith("https://"))?.generatorUrl,
  }).flatMap(([label, url]) => (url ? [{ label, url }] : []));
}
