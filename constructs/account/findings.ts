import { Construct } from "constructs";
import type { AlarmTarget } from "../alarms/alarm";
import { EventAlert } from "../alarms/event-alert";
import { Role } from "../identity/role";
import { EventForward } from "./event-forward";

export interface FindingsProps {
  /** Twelve digits. */
  readonly account: string;
  /** Of the target and of this place, such as `ap-northeast-1`. */
  readonly region: string;
  readonly nameSuffix: string;
  /** From which severity on a finding is critical, 5 to 10. */
  readonly criticalFrom: number;
  /** Places in other regions whose findings are handed on. */
  readonly elsewhere: readonly Construct[];
  readonly target: AlarmTarget;
}

/** What GuardDuty calls "medium"; what is below tells nobody. https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html */
const WARNING_FROM = 4;

const pattern = (severity: readonly unknown[]) => ({
  source: ["aws.guardduty"],
  "detail-type": ["GuardDuty Finding"],
  detail: { severity: [{ numeric: severity }] },
});

/** Tells of what GuardDuty finds in any of the regions, by how bad it is (SEC-075). */
export class Findings extends Construct {
  constructor(scope: Construct, id: string, props: FindingsProps) {
    super(scope, id);
    const { account, region, nameSuffix, criticalFrom, elsewhere, target } = props;
    const tell = (severity: "critical" | "warning", range: readonly unknown[]) =>
      new EventAlert(this, severity, {
        name: `GuardDuty-Findings-${severity === "critical" ? "Critical" : "Warning"}${nameSuffix}`,
        description: `What GuardDuty finds from a severity of ${String(range[1])} on`,
        pattern: pattern(range),
        values: { region: "$.detail.region", title: "$.detail.title", type: "$.detail.type" },
        message: "GuardDuty in <region>: <title> (<type>)",
        severity,
        owner: "DevOps",
        runbook: "account-watch",
        target,
      });
    tell("critical", [">=", criticalFrom]);
    tell("warning", [">=", WARNING_FROM, "<", criticalFrom]);

    if (elsewhere.length === 0) return;
    const busArn = `arn:aws:events:${region}:${account}:event-bus/default`;
    const role = new Role(this, "role", {
      name: `tss-findings${nameSuffix}`,
      description: "Hands findings of other regions on to the region of the alerts",
      assumedBy: "events.amazonaws.com",
    });
    role.grant({ actions: ["events:PutEvents"], resources: [busArn] });
    for (const place of elsewhere)
      new EventForward(place, "findings", {
        name: `GuardDuty-Findings-${place.node.id}${nameSuffix}`,
        description: "Hands findings on to the region of the alerts",
        pattern: pattern([">=", WARNING_FROM]),
        busArn,
        roleArn: role.arn,
      });
  }
}
