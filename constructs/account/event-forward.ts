import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { Construct } from "constructs";

export interface EventForwardProps {
  /** Physical name of the rule. */
  readonly name: string;
  readonly description: string;
  /** What an event must look like: a pattern of EventBridge. */
  readonly pattern: Readonly<Record<string, unknown>>;
  /** ARN of the event bus of another region. */
  readonly busArn: string;
  /** A role that may put events there. */
  readonly roleArn: string;
}

/** Hands events of one region on to another: a topic takes events of its own region only. */
export class EventForward extends Construct {
  constructor(scope: Construct, id: string, { name, description, pattern, busArn, roleArn }: EventForwardProps) {
    super(scope, id);
    const rule = new CloudwatchEventRule(this, "rule", { name, description, eventPattern: JSON.stringify(pattern) });
    new CloudwatchEventTarget(this, "target", { rule: rule.name, targetId: "home", arn: busArn, roleArn });
  }
}
