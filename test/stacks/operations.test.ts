/** The dashboard of each environment, and the alarms on its parts as a whole. */
import { quietExpression } from "../../constructs/alarms/quiet-hours";
import type { Rest } from "../../environments/facts/rests";
import { loadEnvironments } from "../fixtures/environments";
import { onlyResource, resourcesOf, synthEnvironments, type StackJson } from "../helpers/synth";

const synth = (platform?: "ecs" | "eks" | "none") =>
  synthEnvironments({
    environments: loadEnvironments().map((own) => ({ ...own, platform: platform ?? own.platform })),
    target: { kind: "aws" },
  });
const written = synth();
const onEcs = synth("ecs");

interface Body {
  readonly widgets: readonly {
    readonly type: string;
    readonly properties: { readonly title?: string; readonly markdown?: string; readonly alarms?: readonly string[] };
  }[];
}
/** Alarms that tell nobody. */
const suppressors = (json: StackJson) =>
  resourcesOf(json, "aws_cloudwatch_metric_alarm").filter(({ alarm_actions: actions }) => actions === undefined);
const bodyOf = (json: StackJson) => JSON.parse(onlyResource(json, "aws_cloudwatch_dashboard").dashboard_body as string) as Body;
const headings = (json: StackJson) => bodyOf(json).widgets.flatMap(({ properties: { markdown } }) => markdown?.replace("## ", "") ?? []);
const titles = (json: StackJson) => bodyOf(json).widgets.flatMap(({ properties: { title } }) => title ?? []);

it("shows what an environment has, trading first (OBS-036)", () => {
  const always = ["Trading", "Hosts", "Queues", "Functions", "Table and cache"];
  expect(headings(written["dev-operations"]!)).toEqual([...always, "Services", "Web application", "Backups"]);
  const rotating = always.flatMap((title) => (title === "Hosts" ? [title, "Rotation"] : [title]));
  expect(headings(written["prod-operations"]!)).toEqual([...rotating, "Database", "Research", "Web application", "Backups"]);
  expect(headings(onEcs["prod-operations"]!)).toEqual([...rotating, "Database", "Services", "Research", "Web application", "Backups"]);
  expect(titles(written["dev-operations"]!)).toEqual([
    "Alarms",
    "Profit or loss of open positions",
    "Open positions",
    "Data source (1 is well)",
    "Connection to the broker (1 is connected)",
    "Heartbeats",
    "windows: processor and memory (%)",
    "windows: system disk (%)",
    "windows: network (bytes)",
    "Errors of the hosts",
    "Orders: waiting",
    "Orders: dead letters",
    "Orders: placed (%)",
    "Slack notification",
    "System alert",
    "Alert ingestion",
    "Orders table: capacity units used",
    "Orders table: refused",
    "Cache: hit rate (%)",
    "Cache: free memory (bytes)",
    "Cache: processor (%)",
    "Cache: evictions",
    ...["data", "ml"].flatMap((name) =>
      ["processor and memory (%)", "requests", "errors (%)", "response time (s)", "targets"].map((what) => `${name}: ${what}`),
    ),
    "scheduler: processor and memory (%)",
    "Errors of the services",
    ...["processor and memory (%)", "system disk (%)", "network (bytes)"].map((what) => `web: ${what}`),
    ...["connections", "processor (%)", "free storage (bytes)"].map((what) => `Database: ${what}`),
    "Backups by day",
  ]);
});

it("shows of each function how often it ran and failed, and for how long (OBS-009)", () => {
  const widget = bodyOf(written["dev-operations"]!).widgets.find(({ properties }) => properties.title === "System alert");
  const { events } = loadEnvironments().find(({ name }) => name === "dev")!;
  const of = ["FunctionName", events.functions.systemAlert];
  expect(widget!.properties).toMatchObject({
    metrics: [
      ["AWS/Lambda", "Invocations", ...of, { stat: "Sum" }],
      ["AWS/Lambda", "Errors", ...of, { stat: "Sum" }],
      ["AWS/Lambda", "Duration", ...of, { stat: "Maximum", label: "Duration, the longest (ms)", yAxis: "right" }],
    ],
  });
});

it.each(["dev", "staging", "prod"])("has every alarm of %s in its matrix, each of its own region and of the account", (name) => {
  const environment = loadEnvironments().find((own) => own.name === name)!;
  const alarms = Object.entries(onEcs)
    .filter(([stack]) => stack.startsWith(`${name}-`))
    .flatMap(([, json]) => [...resourcesOf(json, "aws_cloudwatch_metric_alarm"), ...resourcesOf(json, "aws_cloudwatch_composite_alarm")])
    .filter(({ alarm_actions: actions }) => actions !== undefined)
    .map(({ alarm_name: alarm }) => {
      // What CloudFront and the bill publish is in us-east-1 alone, and so are alarms on it.
      const region = /^(Billing|CloudFront)-/.test(String(alarm)) ? "us-east-1" : "ap-northeast-1";
      return `arn:aws:cloudwatch:${region}:${environment.account}:alarm:${String(alarm)}`;
    });
  const shown = bodyOf(onEcs[`${name}-operations`]!).widgets[0]!.properties.alarms!;
  expect([...shown].sort()).toEqual(alarms.sort());
});

describe("an alarm on a part as a whole", () => {
  const composites = (json: StackJson) =>
    Object.fromEntries(
      resourcesOf(json, "aws_cloudwatch_composite_alarm").map(({ actions_suppressor, alarm_name, alarm_rule }) => [
        alarm_name as string,
        [alarm_rule, actions_suppressor !== undefined],
      ]),
    );

  it("names only what an environment does not lose, because CloudWatch deletes no alarm that it names", () => {
    expect(composites(written["dev-operations"]!)).toEqual({
      "Trading-Impaired-dev": [
        'ALARM("EC2-High-CPU-dev") OR ALARM("Heartbeat-Missing-dev") OR ALARM("MT5-Connection-Lost-dev") OR ALARM("SQS-DLQ-Messages-dev")',
        true,
      ],
      "Services-Impaired-dev": ['ALARM("ALB-Own-Errors-dev")', true],
    });
  });

  it("is silent at the weekend only where a schedule stops the host (OPS-034)", () => {
    expect(Object.entries(composites(onEcs["prod-operations"]!)).map(([name, [, isQuiet]]) => [name, isQuiet])).toEqual([
      ["Services-Impaired", false],
      ["Trading-Impaired", false],
    ]);
    expect(suppressors(written["prod-operations"]!)).toEqual([]);
    expect(composites(written["staging-operations"]!)["Trading-Impaired-staging"]![1]).toBe(true);
  });

  it("of the services is silent while the schedule has them without a task, at hours of its own", () => {
    const named = resourcesOf(written["dev-operations"]!, "aws_cloudwatch_composite_alarm").map(
      ({ actions_suppressor: suppressor }) => (suppressor as { readonly alarm: string }).alarm,
    );
    expect(new Set(named).size).toBe(2);
    const expressions = Object.fromEntries(
      suppressors(written["dev-operations"]!).map(({ alarm_name: name, metric_query: queries }) => [
        name as string,
        (queries as readonly { readonly id: string; readonly expression?: string }[]).find(({ id }) => id === "quiet")!.expression,
      ]),
    );
    const { schedule } = loadEnvironments().find(({ name }) => name === "dev")!;
    const expression = (rest: Rest) => quietExpression({ rest, graceMinutes: 15 });
    expect(expressions).toEqual({
      "Quiet-Hours-dev": expression(schedule!),
      "Quiet-Hours-Services-dev": expression(schedule!.services!),
    });
    // Nothing that a schedule would keep quiet: no alarm that keeps it so.
    const names = suppressors(synth("none")["dev-operations"]!).map(({ alarm_name: name }) => name);
    expect(names).toEqual(["Quiet-Hours-dev"]);
  });

  it("is not there for services that nothing here watches", () => {
    expect(Object.keys(composites(synth("none")["dev-operations"]!))).toEqual(["Trading-Impaired-dev"]);
  });
});

it("saves the queries of its log tables", () => {
  expect(resourcesOf(written["dev-operations"]!, "aws_cloudwatch_query_definition").map(({ name }) => name)).toEqual([
    "Trading-System-dev/Errors of the hosts",
    "Trading-System-dev/Errors of the services",
  ]);
});
