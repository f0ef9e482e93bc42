import { Construct } from "constructs";
import { Alarm, type AlarmSettings, type AlarmTarget } from "../alarms/alarm";
import type { Metric } from "../alarms/metric";
import { hostMetric, type HostMetric, type HostMetricsOf } from "./host-metrics";

export interface HostAlarmsProps extends HostMetricsOf {
  readonly target: AlarmTarget;
  /** Of the alarms' names, such as `-dev`. */
  readonly nameSuffix: string;
  /** Dimension of EC2's metrics: `InstanceId` or `AutoScalingGroupName`. @default none: no alarm on the processor */
  readonly ec2Dimensions?: Readonly<Record<string, string>>;
  /** A schedule stops the host, and silences what then has no data. @default false */
  readonly scheduled?: boolean;
}

/** Seconds of the alarms on load. */
const LOAD_PERIOD = 300;
/** Minutes of a whole processor. */
const FEW_CREDITS = 10;
const LOAD = { severity: "warning", owner: "DevOps", runbook: "host-load" } as const;
const CRITICAL_LOAD = { ...LOAD, severity: "critical" } as const; // OBS-025

/** What may be wrong with a host: each method makes one alarm. */
export class HostAlarms extends Construct {
  /** Those that a stopped host would set off. */
  readonly silenced: Alarm[] = [];
  private readonly props: HostAlarmsProps;

  constructor(scope: Construct, id: string, props: HostAlarmsProps) {
    super(scope, id);
    this.props = props;
  }

  /** Above the percentage for so many periods of 300 s (OBS-024, OBS-025, C-41). No data is no load. */
  onCpu(name: string, { percent, periods }: { readonly percent: number; readonly periods: number }): Alarm {
    return this.add("cpu", name, {
      ...CRITICAL_LOAD,
      description: `CPU above ${percent}% for ${(periods * LOAD_PERIOD) / 60} minutes`,
      namespace: "AWS/EC2",
      metric: "CPUUtilization",
      dimensions: this.props.ec2Dimensions,
      statistic: "Average",
      comparison: "GreaterThanThreshold",
      threshold: percent,
      period: LOAD_PERIOD,
      evaluationPeriods: periods,
    });
  }

  /** EC2 says that the machine, or what it stands on, does not answer, for two minutes. */
  onFailedChecks(name: string): void {
    this.add("checks", name, {
      ...CRITICAL_LOAD,
      description: "The machine has not answered EC2's checks for 2 minutes",
      namespace: "AWS/EC2",
      metric: "StatusCheckFailed",
      dimensions: this.props.ec2Dimensions,
      statistic: "Maximum",
      comparison: "GreaterThanThreshold",
      threshold: 0,
      period: 60,
      evaluationPeriods: 2,
    });
  }

  /** Of a burstable machine: what it may use of its processor above its share is nearly used up, and costs from then on. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode.html */
  onFewCredits(name: string): void {
    this.add("credits", name, {
      ...LOAD,
      description: `Fewer than ${FEW_CREDITS} CPU credits are left`,
      namespace: "AWS/EC2",
      metric: "CPUCreditBalance",
      dimensions: this.props.ec2Dimensions,
      statistic: "Minimum",
      comparison: "LessThanThreshold",
      threshold: FEW_CREDITS,
      period: LOAD_PERIOD,
      // A machine begins with few.
      evaluationPeriods: 12,
    });
  }

  /** The agent's memory metric above the percentage for 15 minutes (OBS-023, C-64). */
  onMemory(name: string, percent: number): void {
    this.add("memory", name, {
      ...LOAD,
      description: `Memory above ${percent}% for 15 minutes`,
      ...this.own("MemoryUtilization"),
      comparison: "GreaterThanThreshold",
      threshold: percent,
      period: LOAD_PERIOD,
      evaluationPeriods: 3,
    });
  }

  /** The agent's disk metric (OBS-023, C-05): Windows reports what is free, Linux what is used. */
  onDisk(name: string, percent: number, metric: "DiskFreePercent" | "DiskUsedPercent"): void {
    const free = metric === "DiskFreePercent";
    this.add("disk", name, {
      ...LOAD,
      description: `System disk more than ${percent}% full`,
      ...this.own(metric),
      comparison: free ? "LessThanThreshold" : "GreaterThanThreshold",
      threshold: free ? 100 - percent : percent,
      period: LOAD_PERIOD,
    });
  }

  /** No sign of life for 5 minutes (OBS-029): silence is the very thing that it reports. */
  onMissingHeartbeat(name: string): void {
    this.silenced.push(
      this.add("heartbeat", name, {
        severity: "critical",
        owner: "DevOps",
        runbook: "host-silent",
        description: "No heartbeat for 5 minutes",
        ...this.own("Heartbeat"),
        comparison: "LessThanThreshold",
        threshold: 1,
        period: 300,
        missingData: "breaching",
        silencedBySchedule: this.props.scheduled,
      }),
    );
  }

  /** MetaTrader 5 without its broker for 1 minute (OBS-028). */
  onLostMt5(name: string): void {
    this.silenced.push(
      this.add("mt5-connection", name, {
        severity: "critical",
        owner: "DevOps",
        runbook: "broker-connection",
        description: "MetaTrader 5 has had no connection to its broker for 1 minute",
        ...this.own("MT5ConnectionStatus"),
        comparison: "LessThanThreshold",
        threshold: 1,
        period: 60,
        missingData: "breaching",
        silencedBySchedule: this.props.scheduled,
      }),
    );
  }

  private own(metric: HostMetric): Metric {
    return hostMetric(this.props, metric);
  }

  private add(id: string, name: string, alarm: Omit<AlarmSettings, "name" | "target"> & Metric): Alarm {
    const { target, nameSuffix } = this.props;
    return new Alarm(this, id, { ...alarm, name: `${name}${nameSuffix}`, target });
  }
}
