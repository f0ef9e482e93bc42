/**
 * Alertmanager's groups of alerts, in the shape of its webhook (test/functions/alertmanager/*.json), as the text that its template makes of them
 * (*.txt, written by amtool 0.35.0, which comes with Alertmanager and checks them where it is on the PATH), and as Slack shows them.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Alert } from "../../functions/alerts/alert";
import { ALERTMANAGER_TEMPLATE } from "../../functions/alerts/alertmanager-text";
import { recognise } from "../../functions/alerts/recognise";
import { slackMessage } from "../../functions/slack-notification/blocks";
import { grouped } from "../../functions/slack-notification/group";

const folder = join(__dirname, "alertmanager");
const names = readdirSync(folder).flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []);
const read = (file: string) => readFileSync(join(folder, file), "utf8");
const TIME = "2026-11-29T14:15:00.000Z";
const fromText = (message: string): Alert =>
  recognise({ message, subject: "[firing] X", attributes: { source: "alertmanager", severity: "warning" }, time: TIME });
const shown = (name: string) => fromText(read(`${name}.txt`));
const fieldsOf = ({ fields = [] }: Alert) => Object.fromEntries(fields.map(({ label, value }) => [label, value]));

const amtool = spawnSync("amtool", ["--version"]).status === 0;
const itWithAmtool = amtool ? it.each(names) : (title: string) => it.todo(title);
itWithAmtool("amtool writes %s.txt", (name: string) => {
  const { stdout, stderr } = spawnSync(
    "amtool",
    [
      "template",
      "render",
      "--template.glob=",
      `--template.data=${join(folder, `${name}.json`)}`,
      `--template.text=${ALERTMANAGER_TEMPLATE}`,
    ],
    { encoding: "utf8" },
  );
  expect([stderr, stdout]).toEqual(["", read(`${name}.txt`)]);
});

it("a group that fires: what all have in common once, then each with what is its own", () => {
  const alert = shown("firing");
  expect(alert).toMatchObject({
    source: "alertmanager",
    name: "KubePodCrashLooping/day-trade",
    severity: "warning",
    state: "firing",
    title: "KubePodCrashLooping (2 firing)",
    links: [{ label: "Runbook", url: "https://runbooks.prometheus-operator.dev/runbooks/kubernetes/kubepodcrashlooping" }],
    time: "2026-11-29T13:50:12Z",
  });
  expect(alert.text!.split("\n")).toEqual([
    "Pod is crash looping.",
    '• pod ml-7d9f-abcde: Pod day-trade/ml-7d9f-abcde (ml) is in waiting state (reason: "CrashLoopBackOff") on cluster day-trade.',
    '• pod ml-7d9f-fghij: Pod day-trade/ml-7d9f-fghij (ml) is in waiting state (reason: "CrashLoopBackOff") on cluster day-trade.',
  ]);
  expect(alert.fields).toEqual([
    { label: "Severity", value: "warning" },
    { label: "Cluster", value: "day-trade" },
    { label: "Namespace", value: "day-trade" },
    { label: "Container", value: "ml" },
    { label: "reason", value: "CrashLoopBackOff" },
    { label: "Since", value: "2026-11-29T13:50:12Z" },
  ]);
});

it("a group of which one is over still fires, since when the others do", () => {
  const alert = shown("one-of-two-is-over");
  expect(alert).toMatchObject({ state: "firing", title: "KubePodCrashLooping (1 firing, 1 resolved)", time: "2026-11-29T13:50:12Z" });
  expect(alert.text).toMatch(/\n• pod ml-7d9f-abcde: .*\n• over: pod ml-7d9f-fghij: /);
  expect(fieldsOf(alert).Until).toBeUndefined();
});

it("a group that is over says from when to when", () => {
  const alert = shown("resolved");
  expect(alert).toMatchObject({ state: "resolved", title: "KubePodCrashLooping (2 resolved)", time: "2026-11-29T14:10:42Z" });
  expect(fieldsOf(alert)).toMatchObject({ Since: "2026-11-29T13:50:12Z", Until: "2026-11-29T14:10:42Z" });
});

it("a single alert is its fields, its text and its links; an address that is shown to people is one", () => {
  const alert = shown("of-our-chart");
  expect(alert).toMatchObject({
    severity: "critical",
    title: "DayTradeErrorsHigh",
    text: "ml: 7.3% of the answers are errors (5xx)",
    links: [{ label: "Graph", url: "https://prometheus.example.com/graph?g0.expr=day_trade%3Aerrors" }],
  });
  expect(fieldsOf(alert)).toMatchObject({ Cluster: "day-trade", Namespace: "day-trade", Service: "ml", Since: "2026-11-29T13:55:00Z" });
});

it("whatever a value holds, it stays one", () => {
  const alert = shown("lines-within");
  expect(alert).toMatchObject({
    severity: "info",
    title: "Odd",
    text: "one severity = critical resolved since 2026-11-29T00:00:00Z\ntwo three",
    time: "2026-11-29T04:55:00Z",
    links: [],
  });
  expect(fieldsOf(alert).path).toBe("C:\\temp = x");
});

it.each(names.filter((name) => name !== "lines-within"))("%s is the same as its webhook writes it, but for parts of a second", (name) => {
  const inText = JSON.stringify(shown(name));
  const inJson = JSON.stringify(recognise({ message: read(`${name}.json`), attributes: {}, time: TIME }));
  expect(inJson.replaceAll(".345Z", "Z")).toBe(inText);
});

it("a group without a severity is a warning, and the worst of several counts", () => {
  const text = (...severities: string[]) =>
    severities.map((severity) => `firing since 2026-11-29T13:55:00Z\nalertname = A\n${severity && `severity = ${severity}\n`}\n`).join("");
  expect(fromText(text("")).severity).toBe("warning");
  expect(fromText(text("info", "critical", "warning")).severity).toBe("critical");
  expect(fromText(text("none")).severity).toBe("info");
});

it("names no more alerts of a storm than a message holds", () => {
  const all = Array.from({ length: 300 }, (_, index) => `firing since 2026-11-29T13:55:00Z\nalertname = A\npod = p${index}\n`).join("\n");
  const alert = fromText(all);
  expect(alert.text!.split("\n")).toHaveLength(11);
  expect(alert.text).toMatch(/… and 290 more$/);
});

it("text of another template is shown as it is", () =>
  expect(fromText("Alerts Firing: …")).toMatchObject({
    source: "text",
    severity: "warning",
    title: "[firing] X",
    text: "Alerts Firing: …",
  }));

it("firing and its end are two messages in Slack, of which only the first mentions anybody", () => {
  const style = { colour: "#f9a825", mention: "here", channel: "a" };
  const [firing, resolved, ...others] = grouped([
    { id: "1", alert: shown("firing") },
    { id: "2", alert: shown("resolved") },
    { id: "3", alert: shown("firing") },
  ]).map((group) => slackMessage(group, { critical: style, warning: style, info: style }));
  expect(others).toEqual([]);
  expect(firing!.text).toBe("<!here> *Warning:* KubePodCrashLooping (2 firing) (2 times)");
  expect(resolved!.text).toBe("*Resolved:* KubePodCrashLooping (2 resolved)");
  expect(firing!.attachments).toMatchSnapshot();
});
