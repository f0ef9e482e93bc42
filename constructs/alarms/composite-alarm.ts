import { CloudwatchCompositeAlarm } from "@cdktf/provider-aws/lib/cloudwatch-composite-alarm";
import { Construct } from "constructs";
import { described, type Alarm, type AlarmTarget, type Responsibility } from "./alarm";
import type { QuietHours } from "./quiet-hours";

export interface CompositeAlarmProps extends Responsibility {
  /** Physical name. */
  readonly name: string;
  readonly description: string;
  /** On while any of them is. CloudWatch deletes no alarm that is named here, so only those of parts that an environment does not lose. */
  readonly members: readonly Alarm[];
  readonly target: AlarmTarget;
  /** While these last, nobody is told. @default told at any time */
  readonly quiet?: QuietHours;
}

/** Seconds that a member may be ahead of the quiet hours' own alarm, at their beginning and after their end. */
const AHEAD = 300;

/**
 * One alarm for a part of the system as a whole. An alarm that is still on when its quiet hours end is told then.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html
 */
export class CompositeAlarm extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: CompositeAlarmProps) {
    super(scope, id);
    const { description, members, name, quiet, target } = props;
    if (members.length === 0) throw new Error(`alarm ${name}: it has no members, so that it would never go off`);
    this.name = name;
    new CloudwatchCompositeAlarm(this, "alarm", {
      alarmName: name,
      alarmDescription: described(description, props),
      alarmRule: members.map((member) => `ALARM("${member.props.name}")`).join(" OR "),
      alarmActions: [target.arn],
      okActions: [target.arn],
      actionsSuppressor: quiet && { alarm: quiet.name, waitPeriod: AHEAD, extensionPeriod: AHEAD },
    });
  }
}
