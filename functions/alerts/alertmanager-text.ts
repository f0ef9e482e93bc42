/**
 * Alerts of Prometheus's Alertmanager as text: it publishes to SNS what a template of ours writes, which people read in mail and functions read here. Each
 * annotation and label is one line, whatever its value holds, so that none of them passes for another.
 */
import type { Json } from "./alert";

const TIME = '.UTC.Format "2006-01-02T15:04:05Z"';
const VALUE = String.raw`{{ reReplaceAll "\\s+" " " .Value }}`;

/** For `message` of `sns_configs`. https://prometheus.io/docs/alerting/latest/notifications */
export const ALERTMANAGER_TEMPLATE = [
  `{{ range .Alerts }}{{ .Status }} since {{ .StartsAt${TIME} }}{{ if eq .Status "resolved" }} until {{ .EndsAt${TIME} }}{{ end }}`,
  `{{ range .Annotations.SortedPairs }}{{ .Name }}: ${VALUE}`,
  `{{ end }}{{ range .Labels.SortedPairs }}{{ .Name }} = ${VALUE}`,
  "{{ end }}{{ with .GeneratorURL }}graph {{ . }}",
  "{{ end }}",
  "{{ end }}",
].join("\n");

const FIRST_LINE = /^(firing|resolved) since (\S+?)(?: until (\S+))?$/;
const PAIR = /^([^\s:=]+)(: | = )(.*)$/;
const GRAPH = /^graph (\S+)$/;

/** Alerts as Alertmanager's webhook has them; none of a text that is another's. */
export function readAlertmanagerText(text: string): readonly Json[] {
  const alerts: { labels: Record<string, string>; annotations: Record<string, string>; [key: string]: unknown }[] = [];
  for (const line of text.split("\n")) {
    const [, status, startsAt, endsAt] = FIRST_LINE.exec(line) ?? [];
    if (status) alerts.push({ status, startsAt, endsAt, labels: {}, annotations: {} });
    const last = alerts.at(-1);
    const [, name, sign, value] = PAIR.exec(line) ?? [];
    if (last && name) last[sign === ": " ? "annotations" : "labels"][name] = value!;
    const graph = GRAPH.exec(line)?.[1];
    if (last && graph) last.generatorURL = graph;
  }
  return alerts;
}
