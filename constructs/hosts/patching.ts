import { SsmMaintenanceWindow } from "@cdktf/provider-aws/lib/ssm-maintenance-window";
import { SsmMaintenanceWindowTarget } from "@cdktf/provider-aws/lib/ssm-maintenance-window-target";
import { SsmMaintenanceWindowTask } from "@cdktf/provider-aws/lib/ssm-maintenance-window-task";
import { SsmPatchBaseline } from "@cdktf/provider-aws/lib/ssm-patch-baseline";
import { SsmPatchGroup } from "@cdktf/provider-aws/lib/ssm-patch-group";
import { Construct } from "constructs";
import { eventBridgeCron } from "../../environments/facts/cron";
import type { Patching as PatchingSettings } from "../../environments/schema/patching";
import type { AlarmTarget } from "../alarms/alarm";
import { EventAlert } from "../alarms/event-alert";
import { Role } from "../identity/role";
import { PATCH_TAG, patchGroup, type Patched } from "./patch-groups";

export interface PatchingProps extends PatchingSettings {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly nameSuffix: string;
  /** Which systems there are. */
  readonly systems: readonly Patched[];
}

/** What counts as a security update, by system: AWS's own words. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PatchFilter.html */
const SYSTEMS = {
  windows: {
    operatingSystem: "WINDOWS",
    filters: { PRODUCT: ["*"], CLASSIFICATION: ["CriticalUpdates", "SecurityUpdates"], MSRC_SEVERITY: ["Critical", "Important"] },
  },
  linux: {
    operatingSystem: "AMAZON_LINUX_2023",
    filters: { PRODUCT: ["*"], CLASSIFICATION: ["Security"], SEVERITY: ["Critical", "Important"] },
  },
} as const;

const DOCUMENT = "AWS-RunPatchBaseline";

/**
 * Security updates, every week, one machine after the other (OPS-032): a baseline for each system, and a window in which Systems Manager installs
 * what it approves on all machines of the group's tag.
 *
 * Nothing is restarted. A restart ends whatever trades or is looked at on the machine, and neither the kill switch, which may be on because a person
 * closes positions there, nor the leader's lease, which a single host always holds, says that nobody is hurt by it. Where there is a schedule the
 * machines start anew after every rest; elsewhere a person restarts them by the runbook for hosts, and Patch Manager's compliance says which wait.
 */
export class Patching extends Construct {
  private readonly windowId: string;
  private readonly nameSuffix: string;

  constructor(scope: Construct, id: string, props: PatchingProps) {
    super(scope, id);
    const { approveAfterDays, hours, nameSuffix, start, systems } = props;
    const groups = systems.map((system) => patchGroup(system, nameSuffix));
    this.nameSuffix = nameSuffix;
    this.windowId = new SsmMaintenanceWindow(this, "window", {
      name: `tss-patching${nameSuffix}`,
      description: "Security updates of the machines",
      schedule: eventBridgeCron(start),
      scheduleTimezone: "Etc/UTC",
      duration: hours,
      cutoff: 1,
      allowUnassociatedTargets: false,
    }).id;
    for (const system of systems) this.addBaseline(system, approveAfterDays);
    const target = new SsmMaintenanceWindowTarget(this, "machines", {
      windowId: this.windowId,
      name: "machines",
      resourceType: "INSTANCE",
      targets: [{ key: `tag:${PATCH_TAG}`, values: groups }],
    });
    const role = this.addRole(props, groups);
    new SsmMaintenanceWindowTask(this, "install", {
      windowId: this.windowId,
      name: "install",
      taskType: "RUN_COMMAND",
      taskArn: DOCUMENT,
      targets: [{ key: "WindowTargetIds", values: [target.id] }],
      serviceRoleArn: role.arn,
      priority: 1,
      maxConcurrency: "1",
      // After one that failed the others are left as they are: they trade.
      maxErrors: "0",
      cutoffBehavior: "CONTINUE_TASK",
      taskInvocationParameters: {
        runCommandParameters: {
          comment: "Security updates of the week",
          timeoutSeconds: 600,
          parameter: [
            { name: "Operation", values: ["Install"] },
            { name: "RebootOption", values: ["NoReboot"] },
          ],
        },
      },
      dependsOn: [...role.granted],
    });
  }

  /** Tells of a window in which something failed or did not end. https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html */
  alertOnFailures(target: AlarmTarget): void {
    new EventAlert(this, "failures", {
      name: `tss-patching-failed${this.nameSuffix}`,
      description: "A window of security updates failed",
      pattern: {
        source: ["aws.ssm"],
        "detail-type": ["Maintenance Window Execution State-change Notification"],
        detail: { "window-id": [this.windowId], status: ["FAILED", "TIMED_OUT"] },
      },
      values: { execution: "$.detail.window-execution-id", status: "$.detail.status" },
      message: "Security updates: the window <execution> ended with <status>",
      severity: "warning",
      owner: "DevOps",
      runbook: "patching",
      target,
    });
  }

  private addBaseline(system: Patched, approveAfterDays: number): void {
    const { filters, operatingSystem } = SYSTEMS[system];
    const name = patchGroup(system, this.nameSuffix);
    const baseline = new SsmPatchBaseline(this, `${system}-baseline`, {
      name,
      description: "Security updates that are critical or important",
      operatingSystem,
      approvalRule: [
        {
          approveAfterDays,
          complianceLevel: "HIGH",
          patchFilter: Object.entries(filters).map(([key, values]) => ({ key, values: [...values] })),
        },
      ],
    });
    new SsmPatchGroup(this, `${system}-group`, { baselineId: baseline.id, patchGroup: name });
  }

  /** What the window may do: this document, on machines of the tag. */
  private addRole({ account, region }: PatchingProps, groups: readonly string[]): Role {
    const role = new Role(this, "role", {
      name: `tss-patching${this.nameSuffix}`,
      description: "Installs security updates in their window",
      assumedBy: [
        {
          principals: { Service: "ssm.amazonaws.com" },
          actions: ["sts:AssumeRole"],
          conditions: { StringEquals: { "aws:SourceAccount": account } },
        },
      ],
    });
    role.grant({ actions: ["ssm:SendCommand"], resources: [`arn:aws:ssm:${region}::document/${DOCUMENT}`] });
    role.grant({
      actions: ["ssm:SendCommand"],
      resources: [`arn:aws:ec2:${region}:${account}:instance/*`],
      conditions: { StringEquals: { [`ssm:resourceTag/${PATCH_TAG}`]: groups } },
    });
    // How a command went has no resource level (without-resource-level.ts).
    role.grant({ actions: ["ssm:GetCommandInvocation", "ssm:ListCommandInvocations"], resources: ["*"] });
    return role;
  }
}
