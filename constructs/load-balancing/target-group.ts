import type { Lb } from "@cdktf/provider-aws/lib/lb";
import type { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import type { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { Alarm, type AlarmTarget } from "../alarms/alarm";
import { PercentageAlarm } from "../alarms/percentage-alarm";

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
      description: "Critical: a target of the load balancer has not been healthy for 3 minutes",
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
    new PercentageAlarm(this.scope, `${this.id}-errors-alarm`, {
      name,
      description: `Critical: more than ${percent}% of the answers of a minute are errors (5xx)`,
      part: this.metric("HTTPCode_Target_5XX_Count", "Sum"),
      whole: this.metric("RequestCount", "Sum"),
      percent,
      period: 60,
      target,
    });
  }

  private metric(metric: string, statistic: "Maximum" | "Sum") {
    return { namespace: "AWS/ApplicationELB", metric, dimensions: this.dimensions, statistic } as const;
  }
}
