/** How many tasks a service has, and when. */
import { ServiceScaling, type ServiceScalingProps } from "../../constructs/containers/service-scaling";
import { bare } from "../helpers/containers";
import { onlyResource, resourcesOf, synthConstructs, type StackJson } from "../helpers/synth";

const synthScaling = (props: Omit<ServiceScalingProps, "cluster" | "service">) =>
  synthConstructs((stack) => {
    new ServiceScaling(stack, "scaling", { cluster: "trading", service: "ml", ...props });
  });
const limits = { min: 3, max: 20, cpuPercent: 70, memoryPercent: 80, schedule: [] };
const synth = (scaling: Partial<NonNullable<ServiceScalingProps["scaling"]>> = {}, props: Partial<ServiceScalingProps> = {}) =>
  synthScaling({ tasks: 3, scaling: { ...limits, ...scaling }, ...props });
const target = {
  service_namespace: "ecs",
  scalable_dimension: "ecs:service:DesiredCount",
  resource_id: "service/trading/ml",
  min_capacity: 3,
  max_capacity: 20,
};
const subject = {
  service_namespace: "scaling_target.service_namespace",
  scalable_dimension: "scaling_target.scalable_dimension",
  resource_id: "scaling_target.resource_id",
};
/** Without what each waits for: another test is about that. */
const alone = (block: Parameters<typeof bare>[0]) =>
  Object.fromEntries(Object.entries(bare(block)).filter(([key]) => key !== "depends_on"));
const policiesOf = (json: StackJson) => resourcesOf(json, "aws_appautoscaling_policy").map(alone);
const policy = (what: string, targetValue: number, tracking: object) => ({
  ...subject,
  name: `trading-${what}`,
  policy_type: "TargetTrackingScaling",
  target_tracking_scaling_policy_configuration: { target_value: targetValue, scale_out_cooldown: 60, scale_in_cooldown: 300, ...tracking },
});
const cpu = policy("cpu", 70, { predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageCPUUtilization" } });
const memory = policy("memory", 80, { predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageMemoryUtilization" } });

/** `aws_appautoscaling_policy.scaling_cpu_1A2B3C4D` → `cpu`. */
const shortName = (reference: string) => reference.replace(/^.*\.scaling_(.+)_[0-9A-F]{8}$/, "$1");

describe("ServiceScaling", () => {
  it("holds CPU and memory between its limits, and takes limits that somebody changed for drift (K8S-019)", () => {
    expect(bare(onlyResource(synth(), "aws_appautoscaling_target"))).toEqual(target);
    expect(policiesOf(synth())).toEqual([cpu, memory]);
    expect(resourcesOf(synth(), "aws_appautoscaling_scheduled_action")).toEqual([]);
  });

  it("shares the messages of a queue out among the tasks", () => {
    const stat = (namespace: string, metricName: string, dimensions: Record<string, string>) => ({
      metric: { namespace, metric_name: metricName, dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })) },
      stat: "Average",
    });
    const metrics = [
      { id: "messages", metric_stat: stat("AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName: "orders" }), return_data: false },
      {
        id: "tasks",
        metric_stat: stat("ECS/ContainerInsights", "RunningTaskCount", { ClusterName: "trading", ServiceName: "ml" }),
        return_data: false,
      },
      { id: "share", expression: "messages / tasks", label: "Messages that wait for each task", return_data: true },
    ];
    expect(policiesOf(synth({ queue: { name: "orderQueue", messagesPerTask: 50 } }, { queueName: "orders" }))).toEqual([
      cpu,
      memory,
      policy("queue", 50, { customized_metric_specification: { metrics } }),
    ]);
  });

  it("has other limits at times of the week, in Tokyo's time, which are no drift", () => {
    const json = synth({
      schedule: [
        { cron: "30 8 * * MON-FRI", min: 5, max: 40 },
        { cron: "0 16 * * MON-FRI", min: 2 },
      ],
    });
    expect(bare(onlyResource(json, "aws_appautoscaling_target"))).toEqual({
      ...target,
      lifecycle: { ignore_changes: ["min_capacity", "max_capacity"] },
    });
    expect(resourcesOf(json, "aws_appautoscaling_scheduled_action").map(alone)).toEqual([
      {
        ...subject,
        name: "trading-schedule-1",
        schedule: "cron(30 8 ? * MON,TUE,WED,THU,FRI *)",
        timezone: "Asia/Tokyo",
        scalable_target_action: { min_capacity: "5", max_capacity: "40" },
      },
      {
        ...subject,
        name: "trading-schedule-2",
        schedule: "cron(0 16 ? * MON,TUE,WED,THU,FRI *)",
        timezone: "Asia/Tokyo",
        scalable_target_action: { min_capacity: "2", max_capacity: "20" },
      },
    ]);
  });

  it("has no task at the times when it stops, and as many as before from its start on; neither is drift", () => {
    const rest = { stop: "0 11 * * MON-FRI", start: "0 23 * * SUN-THU" };
    const action = (what: string, days: string, min: string, max: string) => ({
      ...subject,
      name: `trading-${what}`,
      schedule: `cron(${what === "stop" ? "0 11" : "5 23"} ? * ${days} *)`,
      timezone: "UTC",
      scalable_target_action: { min_capacity: min, max_capacity: max },
    });
    const ignored = { lifecycle: { ignore_changes: ["min_capacity", "max_capacity"] } };

    const fixed = synthScaling({ tasks: 2, rest });
    expect(bare(onlyResource(fixed, "aws_appautoscaling_target"))).toEqual({ ...target, min_capacity: 2, max_capacity: 2, ...ignored });
    expect(policiesOf(fixed)).toEqual([]);
    expect(resourcesOf(fixed, "aws_appautoscaling_scheduled_action").map(alone)).toEqual([
      action("start", "SUN,MON,TUE,WED,THU", "2", "2"),
      action("stop", "MON,TUE,WED,THU,FRI", "0", "0"),
    ]);

    const scaled = synth({}, { rest });
    expect(bare(onlyResource(scaled, "aws_appautoscaling_target"))).toEqual({ ...target, ...ignored });
    expect(policiesOf(scaled)).toEqual([cpu, memory]);
    expect(resourcesOf(scaled, "aws_appautoscaling_scheduled_action").map(alone)).toEqual([
      action("start", "SUN,MON,TUE,WED,THU", "3", "20"),
      action("stop", "MON,TUE,WED,THU,FRI", "0", "0"),
    ]);
  });

  it("changes a target one thing after the other, because AWS refuses two at once", () => {
    const json = synth({ schedule: [{ cron: "30 8 * * MON-FRI", min: 5 }] }, { rest: { stop: "0 11 * * *", start: "0 23 * * *" } });
    const all = [...resourcesOf(json, "aws_appautoscaling_policy"), ...resourcesOf(json, "aws_appautoscaling_scheduled_action")];
    const waits = Object.fromEntries(all.map(({ name, depends_on }) => [name, (depends_on as string[] | undefined)?.map(shortName)]));
    expect(waits).toEqual({
      "trading-cpu": undefined,
      "trading-memory": ["cpu"],
      "trading-schedule-1": ["memory"],
      "trading-stop": ["schedule-1"],
      "trading-start": ["stop"],
    });
  });
});
