import type { Lb } from "@cdktf/provider-aws/lib/lb";
import type { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import type { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { Alarm, type AlarmTarget } from "../alarms/alarm";
import { percentage, type Calculated, type Metric } from "../alarms/metric";
import type { Widget } from "../dashboards/widget";

/** CloudWatch proposes 2; a warning may wait for what is clearer. */
const UNUSUAL_DEVIATIONS = 3;
const RESPONSIBLE = { severity: "critical", owner: "DevOps", runbook: "service-errors" } as const;

/** Where a load balancer sends requests of a kind: made by `LoadBalancer.addTargetGroup()`. */
export class TargetGroup {
  /** What targets join. */
  readonly arn: string;
  /** From here on requests arrive. */
  readonly ready: ITerraformDependable;
  private readonly dimensions: Readonly<Record<string, string>>;

  constructor(
    private readonly scope: Construct,
    private readonly id: string,
    parts: { readonly loadBalancer: Lb; readonly group: LbTargetGroup; readonly rule: LbListenerRule },
  ) {
    this.arn = parts.group.arn;
    this.ready = parts.rule;
    this.dimensions = { LoadBalancer: parts.loadBalancer.arnSuffix, TargetGroup: parts.group.arnSuffix };
  }

  /** Reports targets that do not answer their health check for 3 minutes: longer than one that just comes or goes. */
  alarmOnUnhealthyTargets(target: AlarmTarget, { name }: { readonly name: string }): void {
    new Alarm(this.scope, `${this.id}-unhealthy-alarm`, {
      name,
      ...RESPONSIBLE,
      description: "A target of the load balancer has not been healthy for 3 minutes",
      ...this.metric("UnHealthyHostCount", "Maximum"),
      comparison: "GreaterThanThreshold",
      threshold: 0,
      period: 60,
      evaluationPeriods: 3,
      target,
    });
  }

  /** Reports that more than a percentage of a minute's answers are errors of the targets (OBS-033). */
  alarmOnErrors(target: AlarmTarget, { name, percent }: { readonly name: string; readonly percent: number }): void {
    new Alarm(this.scope, `${this.id}-errors-alarm`, {
      name,
      ...RESPONSIBLE,
      description: `More than ${percent}% of the answers of a minute are errors (5xx)`,
      ...this.errorPercentage,
      comparison: "GreaterThanThreshold",
      threshold: percent,
      period: 60,
      target,
    });
  }

  /** Reports that answers have taken longer for 15 minutes than they usually do at such a time (OBS-035). */
  alarmOnUnusualDelay(target: AlarmTarget, { name }: { readonly name: string }): void {
    new Alarm(this.scope, `${this.id}-delay-alarm`, {
      name,
      description: "Answers take longer than they usually do at this time",
      severity: "warning",
      owner: "DevOps",
      runbook: "service-errors",
      ...this.responseTime,
      comparison: "GreaterThanUpperThreshold",
      threshold: { deviations: UNUSUAL_DEVIATIONS },
      period: 300,
      evaluationPeriods: 3,
      target,
    });
  }

  /** What is asked, how much of it goes wrong, how long it takes. */
  widgets(title: string): readonly Widget[] {
    return [
      { kind: "graph", title: `${title}: requests`, lines: [{ figure: this.metric("RequestCount", "Sum") }] },
      { kind: "graph", title: `${title}: errors (%)`, lines: [{ figure: this.errorPercentage, label: "5xx" }] },
      {
        kind: "graph",
        title: `${title}: response time (s)`,
        lines: [{ figure: this.responseTime }],
      },
      {
        kind: "graph",
        title: `${title}: targets`,
        lines: [{ figure: this.metric("HealthyHostCount", "Minimum") }, { figure: this.metric("UnHealthyHostCount", "Maximum") }],
      },
    ];
  }

  private get errorPercentage(): Calculated {
    return percentage(this.metric("HTTPCode_Target_5XX_Count", "Sum"), this.metric("RequestCount", "Sum"));
  }

  private get responseTime(): Metric {
    return this.metric("TargetResponseTime", "Average");
  }

  private metric(metric: string, statistic: Metric["statistic"]): Metric {
    return { namespace: "AWS/ApplicationELB", metric, dimensions: this.dimensions, statistic };
  }
}
