import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Lazy, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Rest } from "../../environments/facts/rests";
import { GroupSchedule } from "../schedules/group-schedule";
import { METADATA, ROOT_VOLUME, type MachineProps } from "./machine";

export interface MachineGroupProps extends MachineProps {
  /** Physical name of group and launch template. */
  readonly name: string;
  readonly subnetIds: string[];
  /** How many there are; 0 to 3 (WIN-043). */
  readonly size: { readonly min: number; readonly max: number; readonly desired: number };
  /** Percent of CPU above which a machine is added, and below which one is taken away (WIN-044, WIN-045). */
  readonly cpuPercent: { readonly add: number; readonly remove: number };
  /** As the image names it. */
  readonly rootDevice: string;
  /** @default never: it is never without a machine by schedule */
  readonly rest?: Rest;
  /** What a first boot needs. */
  readonly dependsOn?: ITerraformDependable[];
}

/** Seconds that a new machine has to install itself, before its health or its load counts. */
const WARM_UP_SECONDS = 1800;
/** The documented alarm periods (WIN-044, WIN-045). */
const PERIOD_SECONDS = 300;
const PERIODS = { add: 2, remove: 5 };

/** One to three machines that come and go with their load (WIN-043). Only with the trading leader guard: see `LeaderGuard` in the schema. */
export class MachineGroup extends Construct {
  readonly name: string;
  private readonly targetGroupArns: string[] = [];

  constructor(scope: Construct, id: string, props: MachineGroupProps) {
    super(scope, id);
    const {
      name,
      instanceType,
      image,
      rootVolumeGigabytes,
      rootDevice,
      securityGroup,
      instanceProfile,
      userData,
      tags,
      key,
      subnetIds,
      size,
      cpuPercent,
      rest,
      dependsOn,
    } = props;
    const template = new LaunchTemplate(this, "template", {
      name,
      instanceType,
      // Read whenever a machine is launched: the image of the day of the deploy may be withdrawn by then, and the group could not grow any more.
      // https://docs.aws.amazon.com/autoscaling/ec2/userguide/using-systems-manager-parameters.html
      imageId: "id" in image ? image.id : `resolve:ssm:${image.ssmParameter}`,
      vpcSecurityGroupIds: [securityGroup.id],
      iamInstanceProfile: { name: instanceProfile },
      metadataOptions: METADATA,
      blockDeviceMappings: [
        {
          deviceName: rootDevice,
          ebs: { ...ROOT_VOLUME, encrypted: "true", deleteOnTermination: "true", volumeSize: rootVolumeGigabytes, kmsKeyId: key?.arn },
        },
      ],
      ebsOptimized: "true",
      monitoring: { enabled: true },
      userData: Buffer.from(userData).toString("base64"),
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags: { ...tags } })),
      updateDefaultVersion: true,
    });
    const group = new AutoscalingGroup(this, "group", {
      name,
      minSize: size.min,
      maxSize: size.max,
      desiredCapacity: size.desired,
      vpcZoneIdentifier: subnetIds,
      // A new version of the template reaches machines that come after it; those that trade are replaced on purpose only.
      launchTemplate: { id: template.id, version: "$Latest" },
      healthCheckType: "EC2",
      healthCheckGracePeriod: WARM_UP_SECONDS,
      targetGroupArns: Lazy.listValue({ produce: () => (this.targetGroupArns.length > 0 ? this.targetGroupArns : undefined) }),
      tag: Object.entries(tags).map(([tagKey, value]) => ({ key: tagKey, value, propagateAtLaunch: true })),
      dependsOn,
      // The policies below change it.
      lifecycle: { ignoreChanges: ["desired_capacity", ...(rest ? ["min_size", "max_size"] : [])] },
    });
    this.name = group.name;
    // Whatever it had before: its load adds the others again.
    if (rest) new GroupSchedule(this, "schedule", { group: this.name, rest, size });
    for (const direction of ["add", "remove"] as const) this.scale(direction, name, cpuPercent[direction]);
  }

  /** Members take part in a target group. */
  joinTargetGroup(arn: string): void {
    this.targetGroupArns.push(arn);
  }

  private scale(direction: "add" | "remove", name: string, percent: number): void {
    const policy = new AutoscalingPolicy(this, `${direction}-policy`, {
      name: `${name}-${direction}`,
      autoscalingGroupName: this.name,
      policyType: "SimpleScaling",
      adjustmentType: "ChangeInCapacity",
      scalingAdjustment: direction === "add" ? 1 : -1,
      cooldown: direction === "add" ? WARM_UP_SECONDS : PERIOD_SECONDS,
    });
    // It tells the policy and no person, so that it is none of the alarms that have an owner and a runbook.
    new CloudwatchMetricAlarm(new Construct(this, `${direction}-alarm`), "alarm", {
      alarmName: `${name}-${direction}`,
      alarmDescription: `Scaling: CPU ${direction === "add" ? "above" : "below"} ${percent}%`,
      namespace: "AWS/EC2",
      metricName: "CPUUtilization",
      dimensions: { AutoScalingGroupName: this.name },
      statistic: "Average",
      comparisonOperator: direction === "add" ? "GreaterThanThreshold" : "LessThanThreshold",
      threshold: percent,
      period: PERIOD_SECONDS,
      evaluationPeriods: PERIODS[direction],
      treatMissingData: "missing",
      alarmActions: [policy.arn],
    });
  }
}
