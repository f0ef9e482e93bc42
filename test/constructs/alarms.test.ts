import { EventAlert } from "../../constructs/alarms/event-alert";
import { PercentageAlarm } from "../../constructs/alarms/percentage-alarm";
import { alerts, bare } from "../helpers/containers";
import { onlyResource, synthConstructs } from "../helpers/synth";

describe("PercentageAlarm", () => {
  const synth = (dimensions?: Record<string, string>) =>
    bare(
      onlyResource(
        synthConstructs((stack) => {
          const metric = (name: string) => ({ namespace: "AWS/ApplicationELB", metric: name, dimensions, statistic: "Sum" }) as const;
          new PercentageAlarm(stack, "errors", {
            name: "Errors",
            description: "Critical: errors",
            part: metric("Bad"),
            whole: metric("All"),
            percent: 5,
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
      alarm_description: "Critical: errors",
      comparison_operator: "GreaterThanThreshold",
      threshold: 5,
      evaluation_periods: 1,
      treat_missing_data: "notBreaching",
      metric_query: [
        query("part", "Bad"),
        query("whole", "All"),
        { id: "percentage", expression: "100 * part / whole", label: "Percentage", return_data: true },
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
      message: 'Warning: "<task>" stopped',
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

  it("tells its target one line, as the JSON that EventBridge expects", () => {
    expect(bare(onlyResource(json, "aws_cloudwatch_event_target"))).toEqual({
      rule: "alert_rule.name",
      target_id: "alerts",
      arn: alerts.arn,
      input_transformer: { input_paths: { task: "$.detail.taskArn" }, input_template: '"Warning: \\"<task>\\" stopped"' },
    });
  });
});
