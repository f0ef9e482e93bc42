import { Alarm } from "../../constructs/alarms/alarm";
import type { Metric } from "../../constructs/alarms/metric";
import { Dashboard } from "../../constructs/dashboards/dashboard";
import { LIMITS } from "../../constructs/dashboards/dashboard-body";
import { errorLog, type Graph, type Line, type Section } from "../../constructs/dashboards/widget";
import { account, alerts, bare, region } from "../helpers/containers";
import { onlyResource, synthConstructs, type StackJson } from "../helpers/synth";

const metric = (name: string, queue = "q"): Metric => ({
  namespace: "AWS/SQS",
  metric: name,
  dimensions: { QueueName: queue },
  statistic: "Sum",
});
const graph = (title: string, ...lines: Line[]): Graph => ({ kind: "graph", title, lines });
const line = (name: string): Line => ({ figure: metric(name) });

/** With one alarm, on `Sent` above 5. */
const synth = (sections: readonly Section[], composites: readonly string[] = []): StackJson =>
  synthConstructs((stack) => {
    const alarm = new Alarm(stack, "alarm", {
      ...metric("Sent"),
      name: "Too-Many",
      description: "Too many",
      severity: "warning",
      owner: "DevOps",
      runbook: "dead-letters",
      comparison: "GreaterThanThreshold",
      threshold: 5,
      period: 60,
      target: alerts,
    });
    new Dashboard(stack, "dashboard", { name: "Trading", account, region, sections, alarms: [alarm], composites });
  });

interface Body {
  readonly widgets: readonly {
    readonly type: string;
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly properties: Record<string, unknown>;
  }[];
}
const bodyOf = (json: StackJson) => JSON.parse(onlyResource(json, "aws_cloudwatch_dashboard").dashboard_body as string) as Body;
const arn = (name: string) => `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;

it("begins with all alarms, those made of others first", () => {
  expect(bodyOf(synth([], ["Impaired"])).widgets).toEqual([
    { type: "alarm", x: 0, y: 0, width: 24, height: 3, properties: { title: "Alarms", alarms: [arn("Impaired"), arn("Too-Many")] } },
  ]);
});

it("draws metrics, with the thresholds of the alarms on them", () => {
  const [, heading, sent, other] = bodyOf(
    synth([
      { title: "Queue", widgets: [graph("Sent", { ...line("Sent"), label: "sent", right: true }), graph("Other", line("Received"))] },
    ]),
  ).widgets;
  expect(heading).toMatchObject({ type: "text", properties: { markdown: "## Queue" } });
  expect(sent!.properties).toEqual({
    title: "Sent",
    region,
    period: 300,
    view: "timeSeries",
    metrics: [["AWS/SQS", "Sent", "QueueName", "q", { stat: "Sum", label: "sent", yAxis: "right" }]],
    annotations: { horizontal: [{ label: "Too-Many", value: 5, color: "#ff7f0e", fill: "above", yAxis: "right" }] },
  });
  expect(other!.properties).not.toHaveProperty("annotations");
});

it("draws no threshold on the same metric of something else", () => {
  const [, , widget] = bodyOf(synth([{ title: "Queue", widgets: [graph("Sent", { figure: metric("Sent", "another") })] }])).widgets;
  expect(widget!.properties).not.toHaveProperty("annotations");
});

it("draws what is calculated, and hides what it is calculated of", () => {
  const figure = { label: "rate", expression: "100 * hits / (hits + misses)", of: { hits: metric("Hits"), misses: metric("Misses") } };
  const section = { title: "Cache", widgets: [graph("Rate", { figure })] };
  expect(bodyOf(synth([section])).widgets[2]!.properties.metrics).toEqual([
    [{ id: "calculated0", expression: figure.expression, label: "rate" }],
    ["AWS/SQS", "Hits", "QueueName", "q", { id: "hits", stat: "Sum", visible: false }],
    ["AWS/SQS", "Misses", "QueueName", "q", { id: "misses", stat: "Sum", visible: false }],
  ]);
  expect(() => synth([{ title: "Cache", widgets: [graph("Rate", { figure }, { figure })] }])).toThrow(
    "graph Rate: two of its calculated figures call something hits",
  );
});

it("lays graphs side by side, three in a row, and nothing over anything else", () => {
  const section = { title: "Many", widgets: ["a", "b", "c", "d"].map((title) => graph(title, line(title))) };
  const { widgets } = bodyOf(synth([section, { title: "More", widgets: [errorLog("Errors", ["/a"])] }]));
  const places = widgets.map(({ height, width, x, y }) => [x, y, width, height]);
  expect(places).toEqual([
    [0, 0, 24, 3],
    [0, 3, 24, 1],
    [0, 4, 8, 6],
    [8, 4, 8, 6],
    [16, 4, 8, 6],
    [0, 10, 8, 6],
    [0, 16, 24, 1],
    [0, 17, 24, 8],
  ]);
});

it("asks logs, and keeps the question (OBS-035, OBS-036)", () => {
  const json = synth([{ title: "Logs", widgets: [errorLog("Last errors", ["/a", "/b"])] }]);
  const { query } = bodyOf(json).widgets.at(-1)!.properties;
  expect(query).toMatch(/^SOURCE '\/a' \| SOURCE '\/b' \| fields @timestamp, .* \| limit 50$/);
  expect(bare(onlyResource(json, "aws_cloudwatch_query_definition"))).toEqual({
    name: "Trading/Last errors",
    log_group_names: ["/a", "/b"],
    query_string: expect.stringMatching(/^fields @timestamp, .*\n\| filter .*\n\| sort @timestamp desc\n\| limit 50$/) as string,
  });
});

it("holds what CloudWatch takes, and is refused beyond", () => {
  const with_ = (...metrics: readonly number[]) =>
    synth([
      {
        title: "Many",
        widgets: metrics.map((count, widget) =>
          graph(`Many ${widget}`, ...Array.from({ length: count }, (_, index) => line(`m${widget}-${index}`))),
        ),
      },
    ]);
  expect(bodyOf(with_(LIMITS.metricsInWidget)).widgets).toHaveLength(3);
  expect(() => with_(1, LIMITS.metricsInWidget + 1)).toThrow("its widget Many 1 has 501 metrics, CloudWatch takes 500");
  expect(bodyOf(with_(500, 500, 500, 500, 500)).widgets).toHaveLength(7);
  expect(() => with_(500, 500, 500, 500, 499, 2)).toThrow("the dashboard has 2501 metrics, CloudWatch takes 2500");
  // The matrix and the heading are two.
  const widgets = (count: number) =>
    synth([
      {
        title: "Many",
        widgets: Array.from({ length: count - 2 }, () => errorLog("Errors", ["/a"])).map((widget, index) => ({
          ...widget,
          title: `Errors ${index}`,
        })),
      },
    ]);
  expect(bodyOf(widgets(LIMITS.widgets)).widgets).toHaveLength(500);
  expect(() => widgets(LIMITS.widgets + 1)).toThrow("the dashboard has 501 widgets, CloudWatch takes 500");
});

it("shows more alarms than one widget takes in two", () => {
  const names = Array.from({ length: LIMITS.alarmsInWidget }, (_, index) => `A${index}`);
  const { widgets } = bodyOf(synth([], names));
  expect(widgets.map(({ properties }) => (properties.alarms as string[]).length)).toEqual([100, 1]);
});
