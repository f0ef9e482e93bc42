/** What is told of the hosts, and when it is not. */
import { alarm, synthAll } from "../helpers/trading";

const { dev, staging, prod } = synthAll();

describe("alarms", () => {
  const host = { Environment: "prod", Host: "windows" };
  const target = [expect.stringContaining("system-alerts") as unknown];

  it("on CPU: above 80%, two periods of 300 s in dev, one elsewhere (OBS-024, OBS-025, C-41)", () => {
    const figures = {
      namespace: "AWS/EC2",
      metric_name: "CPUUtilization",
      statistic: "Average",
      comparison_operator: "GreaterThanThreshold",
      threshold: 80,
      period: 300,
      treat_missing_data: "notBreaching",
      alarm_actions: target,
      ok_actions: target,
    };
    expect(alarm(dev, "EC2-High-CPU-dev")).toMatchObject({
      ...figures,
      evaluation_periods: 2,
      dimensions: { InstanceId: expect.stringContaining("aws_instance.windows_") as unknown },
    });
    expect(alarm(staging, "EC2-High-CPU-staging")).toMatchObject({ ...figures, evaluation_periods: 1 });
    expect(alarm(prod, "EC2-High-CPU")).toMatchObject({ ...figures, evaluation_periods: 1 });
    expect(alarm(prod, "EC2-High-CPU-engine")).toMatchObject({
      ...figures,
      evaluation_periods: 1,
      dimensions: { InstanceId: expect.stringContaining("aws_instance.engine_") as unknown },
    });
  });

  it("on silence: five minutes without a heartbeat, no data included (OBS-029)", () => {
    expect(alarm(prod, "Heartbeat-Missing")).toMatchObject({
      namespace: "AXIA/TradingSystem",
      metric_name: "Heartbeat",
      dimensions: host,
      statistic: "Sum",
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      period: 300,
      evaluation_periods: 1,
      treat_missing_data: "breaching",
      alarm_actions: target,
    });
    // A machine of the network stack, told here: without it staging has no way out.
    expect(alarm(staging, "Heartbeat-Missing-nat-instance-staging")).toMatchObject({
      dimensions: { Environment: "staging", Host: "nat-instance" },
      treat_missing_data: "breaching",
      alarm_actions: [expect.stringContaining("alerts")],
    });
    expect(JSON.stringify(prod.trading.resource!.aws_cloudwatch_metric_alarm)).not.toContain("nat-instance");
    expect(alarm(prod, "Heartbeat-Missing-engine")).toMatchObject({
      dimensions: { Environment: "prod", Host: "engine" },
      treat_missing_data: "breaching",
    });
  });

  it("on MetaTrader 5: one minute without its broker, no data included (OBS-028)", () => {
    expect(alarm(prod, "MT5-Connection-Lost")).toMatchObject({
      metric_name: "MT5ConnectionStatus",
      dimensions: host,
      statistic: "Maximum",
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      period: 60,
      evaluation_periods: 1,
      treat_missing_data: "breaching",
      alarm_actions: target,
    });
  });

  it("on memory and disk: above 80% (OBS-023, C-05, C-64)", () => {
    expect(alarm(prod, "EC2-High-Memory")).toMatchObject({
      metric_name: "MemoryUtilization",
      dimensions: host,
      statistic: "Average",
      comparison_operator: "GreaterThanThreshold",
      threshold: 80,
      period: 300,
      evaluation_periods: 3,
    });
    expect(alarm(prod, "EC2-Full-Disk")).toMatchObject({
      metric_name: "DiskFreePercent",
      dimensions: host,
      statistic: "Minimum",
      comparison_operator: "LessThanThreshold",
      threshold: 20,
      period: 300,
    });
    expect(alarm(prod, "EC2-Full-Disk-worker")).toMatchObject({
      metric_name: "DiskUsedPercent",
      statistic: "Maximum",
      comparison_operator: "GreaterThanThreshold",
      threshold: 80,
    });
  });

  it("of silence stay quiet while the schedule has the host stopped, and only there", () => {
    const leftAlone = { ignore_changes: ["actions_enabled"] };
    for (const name of ["Heartbeat-Missing-dev", "MT5-Connection-Lost-dev"]) expect(alarm(dev, name).lifecycle).toEqual(leftAlone);
    expect(alarm(dev, "EC2-High-CPU-dev").lifecycle).toBeUndefined();
    expect(alarm(prod, "Heartbeat-Missing").lifecycle).toBeUndefined();
    for (const name of ["engine", "nat-instance"]) expect(alarm(staging, `Heartbeat-Missing-${name}-staging`).lifecycle).toEqual(leftAlone);
  });
});
