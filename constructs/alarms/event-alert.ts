import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Construct } from "constructs";
import { described, type AlarmTarget, type Responsibility } from "./alarm";

export interface EventAlertProps extends Responsibility {
  /** Physical name, 1 to 64 letters, digits, `.`, `-` and `_`. */
  readonly name: string;
  readonly description: string;
  /** What an event must look like: a pattern of EventBridge. */
  readonly pattern: Readonly<Record<string, unknown>>;
  /** Values for the message, by name: `{ task: "$.detail.taskArn" }`. */
  readonly values: Readonly<Record<string, string>>;
  /** One line, with the values as `<task>`; what an alarm's description ends with follows on the same line. */
  readonly message: string;
  readonly target: AlarmTarget;
}

/** Tells a topic of events that AWS reports, such as tasks that stop. The topic must let `events.amazonaws.com` publish. */
export class EventAlert extends Construct {
  constructor(scope: Construct, id: string, props: EventAlertProps) {
    super(scope, id);
    const { name, description, pattern, values, message, target } = props;
    const rule = new CloudwatchEventRule(this, "rule", { name, description, eventPattern: JSON.stringify(pattern) });
    new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      targetId: "alerts",
      arn: target.arn,
      inputTransformer: { inputPaths: { ...values }, inputTemplate: JSON.stringify(described(message, props).replace("\n", " ")) },
    });
  }
}
