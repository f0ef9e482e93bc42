import {
  AppautoscalingPolicy,
  type AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
} from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingScheduledAction } from "@cdktf/provider-aws/lib/appautoscaling-scheduled-action";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { eventBridgeCron } from "../../environments/facts/cron";
import { startCrons, type Rest } from "../../environments/facts/rests";
import type { ServiceScaling as Scaling } from "../../environments/schema/services";
import { BEHIND_MINUTES } from "../schedules/stop-schedule";

export interface ServiceScalingProps {
  /** Physical names of cluster and service. */
  readonly cluster: string;
  readonly service: string;
  /** Tasks that it begins with; without `scaling` it keeps to them. */
  readonly tasks: number;
  readonly scaling?: Scaling;
  /** Physical name of the queue that `scaling.queue` speaks of. */
  readonly queueName?: string;
  /** When it has no task. @default never */
  readonly rest?: Rest;
}

/** The market's own: it knows no summer time. */
const TIME_ZONE = "Asia/Tokyo";
/** Seconds between two changes: quick to grow, slow to shrink. */
const COOLDOWN = { scaleOutCooldown: 60, scaleInCooldown: 300 };

type Tracking = Omit<AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration, "targetValue">;

/** How many tasks a service has: target tracking (K8S-019), other limits at times of the week, and times without any. */
export class ServiceScaling extends Construct {
  private readonly subject: { readonly serviceNamespace: string; readonly resourceId: string; readonly scalableDimension: string };
  private readonly prefix: string;
  private last?: ITerraformDependable;

  constructor(scope: Construct, id: string, props: ServiceScalingProps) {
    super(scope, id);
    const { cluster, service, tasks, scaling, rest } = props;
    const { min, max } = scaling ?? { min: tasks, max: tasks };
    const windows = scaling?.schedule ?? [];
    this.prefix = `${cluster}-`;
    const target = new AppautoscalingTarget(this, "target", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${cluster}/${service}`,
      minCapacity: min,
      maxCapacity: max,
      // A time of the schedule sets other limits, which are no drift; changed ones here count from its next time on.
      lifecycle: rest || windows.length > 0 ? { ignoreChanges: ["min_capacity", "max_capacity"] } : undefined,
    });
    this.subject = {
      serviceNamespace: target.serviceNamespace,
      resourceId: target.resourceId,
      scalableDimension: target.scalableDimension,
    };

    if (scaling) this.trackAll(scaling, props);
    windows.forEach(({ cron, min: minimum, max: maximum = max }, index) => {
      this.limitFrom(`schedule-${index + 1}`, eventBridgeCron(cron), TIME_ZONE, [minimum, maximum]);
    });
    if (rest) {
      this.limitFrom("stop", eventBridgeCron(rest.stop), "UTC", [0, 0]);
      // After NAT and database, where those rest too.
      for (const [end, expression] of startCrons(rest, BEHIND_MINUTES)) this.limitFrom(`start${end}`, expression, "UTC", [min, max]);
    }
  }

  private limitFrom(what: string, schedule: string, timezone: string, [min, max]: readonly [number, number]): void {
    this.last = new AppautoscalingScheduledAction(this, what, {
      ...this.subject,
      ...this.afterLast(),
      name: `${this.prefix}${what}`,
      schedule,
      timezone,
      scalableTargetAction: { minCapacity: String(min), maxCapacity: String(max) },
    });
  }

  private trackAll({ cpuPercent, memoryPercent, queue }: Scaling, { cluster, service, queueName }: ServiceScalingProps): void {
    this.track("cpu", cpuPercent, { predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" } });
    this.track("memory", memoryPercent, { predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageMemoryUtilization" } });
    if (queue && queueName) this.track("queue", queue.messagesPerTask, messagesPerTask({ cluster, service, queueName }));
  }

  /** One change of a target after the other: AWS refuses two at once, and the provider does not try again. https://github.com/hashicorp/terraform-provider-aws/issues/17915 */
  private afterLast(): { readonly dependsOn?: ITerraformDependable[] } {
    return this.last ? { dependsOn: [this.last] } : {};
  }

  private track(what: string, targetValue: number, tracking: Tracking): void {
    this.last = new AppautoscalingPolicy(this, what, {
      ...this.subject,
      ...this.afterLast(),
      name: `${this.prefix}${what}`,
      policyType: "TargetTrackingScaling",
      targetTrackingScalingPolicyConfiguration: { targetValue, ...COOLDOWN, ...tracking },
    });
  }
}

/** https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking-metric-math.html */
function messagesPerTask({
  cluster,
  service,
  queueName,
}: {
  readonly cluster: string;
  readonly service: string;
  readonly queueName: string;
}): Tracking {
  const stat = (namespace: string, metricName: string, dimensions: Readonly<Record<string, string>>) => ({
    metric: { namespace, metricName, dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })) },
    stat: "Average",
  });
  return {
    customizedMetricSpecification: {
      metrics: [
        { id: "messages", metricStat: stat("AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName: queueName }), returnData: false },
        {
          id: "tasks",
          metricStat: stat("ECS/ContainerInsights", "RunningTaskCount", { ClusterName: cluster, ServiceName: service }),
          returnData: false,
        },
        { id: "share", expression: "messages / tasks", label: "Messages that wait for each task", returnData: true },
      ],
    },
  };
}
