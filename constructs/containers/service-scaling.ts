import {
  AppautoscalingPolicy,
  type AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
} from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingScheduledAction } from "@cdktf/provider-aws/lib/appautoscaling-scheduled-action";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { Construct } from "constructs";
import { eventBridgeCron } from "../../environments/facts/cron";
import type { ServiceScaling as Limits } from "../../environments/schema/services";

export interface ServiceScalingProps extends Limits {
  /** Physical names of cluster and service. */
  readonly cluster: string;
  readonly service: string;
  /** Physical name of the queue that `queue` speaks of. */
  readonly queueName?: string;
}

/** The market's own: it knows no summer time. */
const TIME_ZONE = "Asia/Tokyo";
/** Seconds between two changes: quick to grow, slow to shrink. */
const COOLDOWN = { scaleOutCooldown: 60, scaleInCooldown: 300 };

type Tracking = Omit<AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration, "targetValue">;

/** How many tasks a service has: target tracking (K8S-019), and other limits at times of the week. */
export class ServiceScaling extends Construct {
  private readonly subject: { readonly serviceNamespace: string; readonly resourceId: string; readonly scalableDimension: string };
  private readonly prefix: string;

  constructor(scope: Construct, id: string, props: ServiceScalingProps) {
    super(scope, id);
    const { cluster, service, min, max, cpuPercent, memoryPercent, queue, queueName, schedule } = props;
    this.prefix = `${cluster}-`;
    const target = new AppautoscalingTarget(this, "target", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${cluster}/${service}`,
      minCapacity: min,
      maxCapacity: max,
      // A time of the schedule sets other limits, which are no drift; changed ones here count from its next time on.
      lifecycle: schedule.length > 0 ? { ignoreChanges: ["min_capacity", "max_capacity"] } : undefined,
    });
    this.subject = {
      serviceNamespace: target.serviceNamespace,
      resourceId: target.resourceId,
      scalableDimension: target.scalableDimension,
    };

    this.track("cpu", cpuPercent, { predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" } });
    this.track("memory", memoryPercent, { predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageMemoryUtilization" } });
    if (queue && queueName) this.track("queue", queue.messagesPerTask, messagesPerTask({ cluster, service, queueName }));
    schedule.forEach(
      ({ cron, min: minimum, max: maximum = max }, index) =>
        new AppautoscalingScheduledAction(this, `schedule-${index + 1}`, {
          ...this.subject,
          name: `${this.prefix}schedule-${index + 1}`,
          schedule: eventBridgeCron(cron),
          timezone: TIME_ZONE,
          scalableTargetAction: { minCapacity: String(minimum), maxCapacity: String(maximum) },
        }),
    );
  }

  private track(what: string, targetValue: number, tracking: Tracking): void {
    new AppautoscalingPolicy(this, what, {
      ...this.subject,
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
