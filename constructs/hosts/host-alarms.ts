import { Construct } from "constructs";
import { Alarm, type AlarmTarget } from "../alarms/alarm";

export interface HostAlarmsProps {
  readonly target: AlarmTarget;
  /** Of the alarms' names, such as `-dev`. */
  readonly nameSuffix: string;
  /** Of the hosts' own metrics (C-44). */
  readonly namespace: string;
  /** Dimensions of those metrics: `Environment` and `Host`. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Dimension of EC2's metrics: `InstanceId` or `AutoScalingGroupName`. @default none: no alarm on the processor */
  readonly ec2Dimensions?: Readonly<Record<string, string>>;
  /** A schedule stops the host, and silences what then has no data. @default false */
  readonly scheduled?: boolean;
}

/** Seconds of the alarms on load. */
const LOAD_PERIOD = 300;

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
  onCpu(name: string, { percent, periods }: { readonly percent: number; readonly periods: number }): void {
    this.add("cpu", name, {
      description: `Critical: CPU above ${percent}% for ${(periods * LOAD_PERIOD) / 60} minutes`,
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

  /** The agent's memory metric above the percentage for 15 minutes (OBS-023, C-64). */
  onMemory(name: string, percent: number): void {
    this.add("memory", name, {
      description: `Warning: memory above ${percent}% for 15 minutes`,
      metric: "MemoryUtilization",
      statistic: "Average",
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
      description: `Warning: system disk more than ${percent}% full`,
      metric,
      statistic: free ? "Minimum" : "Maximum",
      comparison: free ? "LessThanThreshold" : "GreaterThanThreshold",
      threshold: free ? 100 - percent : percent,
      period: LOAD_PERIOD,
    });
  }

  /** No sign of life for 5 minutes (OBS-029): silence is the very thing that it reports. */
  onMissingHeartbeat(name: string): void {
    this.silenced.push(
      this.add("heartbeat", name, {
        description: "Critical: no heartbeat for 5 minutes",
        metric: "Heartbeat",
        statistic: "Sum",
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
        description: "Critical: MetaTrader 5 has had no connection to its broker for 1 minute",
        metric: "MT5ConnectionStatus",
        statistic: "Maximum",
        comparison: "LessThanThreshold",
        threshold: 1,
        period: 60,
        missingData: "breaching",
        silencedBySchedule: this.props.scheduled,
      }),
    );
  }

  private add(
    id: string,
    name: string,
    alarm: Omit<ConstructorParameters<typeof Alarm>[2], "name" | "target" | "namespace"> & { readonly namespace?: string },
  ): Alarm {
    const { target, nameSuffix, namespace, dimensions } = this.props;
    return new Alarm(this, id, { namespace, dimensions, ...alarm, name: `${name}${nameSuffix}`, target });
  }
}
