import { Construct } from "constructs";
import { Alarm, alarmsIn } from "../../constructs/alarms/alarm";
import { EventAlert } from "../../constructs/alarms/event-alert";
import { percentage, type Figure, type Metric } from "../../constructs/alarms/metric";
import { alerts, bare } from "../helpers/containers";
import { onlyResource, synthConstructs } from "../helpers/synth";

const FACTS = { severity: "critical", owner: "SRE", runbook: "service-errors" } as const;
const FACTS_TEXT = "severity=critical owner=SRE runbook=docs/runbooks/service-errors.md";

describe("Alarm on a share", () => {
  const synth = (dimensions?: Record<string, string>) =>
    bare(
      onlyResource(
        synthConstructs((stack) => {
          const metric = (name: string) => ({ namespace: "AWS/ApplicationELB", metric: name, dimensions, statistic: "Sum" }) as const;
          new Alarm(stack, "errors", {
            ...FACTS,
            ...percentage(metric("Bad"), metric("All")),
            name: "Errors",
            description: "Errors",
            comparison: "GreaterThanThreshold",
            threshold: 5,
            period: 60,
            target: alerts,
          });
        }),
        "aws_cloudwatch_metric_alarm",
      ),
    );

  it("compares one metric's share of another, and takes silence for no errors", () => {
    const dimensions = { LoadBalancer: "app/a/1" };
    const query = (id: string, name: string) => ({
      id,
      metric: { namespace: "AWS/ApplicationELB", metric_name: name, dimensions, stat: "Sum", period: 60 },
    });
    expect(synth(dimensions)).toEqual({
      alarm_name: "Errors",
      alarm_description: `Errors\n${FACTS_TEXT}`,
      comparison_operator: "GreaterThanThreshold",
      threshold: 5,
      evaluation_periods: 1,
      treat_missing_data: "notBreaching",
      metric_query: [
        query("part", "Bad"),
        query("whole", "All"),
        { id: "calculated", expression: "100 * part / whole", label: "Percentage", return_data: true },
      ],
      alarm_actions: [alerts.arn],
      ok_actions: [alerts.arn],
    });
  });

  it("knows metrics of an account as a whole", () => {
    expect((synth().metric_query as { metric?: object }[])[0]!.metric).not.toHaveProperty("dimensions");
  });
});

describe("EventAlert", () => {
  const json = synthConstructs((stack) => {
    new EventAlert(stack, "alert", {
      name: "Stopped",
      description: "A task stopped",
      pattern: { source: ["aws.ecs"], detail: { lastStatus: ["STOPPED"] } },
      values: { task: "$.detail.taskArn" },
      ...FACTS,
      message: '"<task>" stopped',
      target: alerts,
    });
  });

  it("listens for a pattern", () => {
    expect(bare(onlyResource(json, "aws_cloudwatch_event_rule"))).toEqual({
      name: "Stopped",
      description: "A task stopped",
      event_pattern: '{"source":["aws.ecs"],"detail":{"lastStatus":["STOPPED"]}}',
    });
  });

  it("tells its target one line, as the JSON that EventBridge expects, with what an alarm tells", () => {
    expect(bare(onlyResource(json, "aws_cloudwatch_event_target"))).toEqual({
      rule: "alert_rule.name",
      target_id: "alerts",
      arn: alerts.arn,
      input_transformer: { input_paths: { task: "$.detail.taskArn" }, input_template: `"\\"<task>\\" stopped ${FACTS_TEXT}"` },
    });
  });
});

it("alarms are found wherever they stand, in the order of their names", () => {
  const found: string[] = [];
  synthConstructs((stack) => {
    for (const name of ["b", "a"])
      new Alarm(new Construct(stack, name), "alarm", {
        ...FACTS,
        name,
        description: "Too many",
        namespace: "AWS/SQS",
        metric: "NumberOfMessagesSent",
        statistic: "Sum",
        comparison: "GreaterThanThreshold",
        threshold: 5,
        period: 60,
        target: alerts,
      });
    found.push(...alarmsIn(stack).map(({ props }) => props.name));
  });
  expect(found).toEqual(["a", "b"]);
});

describe("Alarm on what is unusual (OBS-035)", () => {
  const make = (figure: Figure) =>
    synthConstructs((stack) => {
      new Alarm(stack, "slow", {
        ...FACTS,
        ...figure,
        name: "Slow",
        description: "Slower than usual",
        comparison: "GreaterThanUpperThreshold",
        threshold: { deviations: 3 },
        period: 300,
        target: alerts,
      });
    });
  const metric: Metric = { namespace: "AWS/ApplicationELB", metric: "TargetResponseTime", statistic: "Average" };

  it("compares a metric with what CloudWatch has learnt of it", () => {
    const alarm = bare(onlyResource(make(metric), "aws_cloudwatch_metric_alarm"));
    expect(alarm).toMatchObject({
      comparison_operator: "GreaterThanUpperThreshold",
      threshold_metric_id: "expected",
      metric_query: [
        {
          id: "figure",
          metric: { namespace: "AWS/ApplicationELB", metric_name: "TargetResponseTime", stat: "Average", period: 300 },
          return_data: true,
        },
        { id: "expected", expression: "ANOMALY_DETECTION_BAND(figure, 3)", label: "Expected", return_data: true },
      ],
    });
    expect(alarm).not.toHaveProperty("threshold");
  });

  it("knows no such thing of what is calculated", () => {
    expect(() => make(percentage(metric, metric))).toThrow("alarm on Percentage: CloudWatch learns what to expect of one metric");
  });
});
