/** Tier 1: a host that does not answer is started again, and looked at (OPS-006, OPS-010, OPS-012, OPS-013). */
import type { AutomationRunbook, CommandRunbook } from "../description";
import { hostCheck } from "./host-check";
import { INSTANCE_ID, ownMachines, type Place, type SentDocument } from "./place";

export const windowsChecks: CommandRunbook = {
  kind: "command",
  name: "host-recovery-checks-windows",
  title: "After a recovery: is the Windows host well?",
  purpose: "Sent by [host-recovery](host-recovery.md); alone, it shows whether the Windows host is well now. It changes nothing.",
  tier: 1,
  owner: "DevOps",
  platform: "Windows",
  script: "runbooks/recovery-checks.ps1",
  shows: [
    "state of the scheduled tasks",
    "log files that are written",
    "the Streamlit UI answers",
    "the terminal's connection to a trade server",
  ],
  timeoutSeconds: 900,
};

export const linuxChecks: CommandRunbook = {
  kind: "command",
  name: "host-recovery-checks-linux",
  title: "After a recovery: is the Linux host well?",
  purpose: "Sent by [host-recovery](host-recovery.md); alone, it shows whether a Linux host is well now. It changes nothing.",
  tier: 1,
  owner: "DevOps",
  platform: "Linux",
  script: "runbooks/recovery-checks.sh",
  shows: ["state of the units", "log files that are written", "table, cache, queue and buckets answer"],
  timeoutSeconds: 420,
};

/** Seconds until both status checks of a machine that boots have passed, or never do. */
const BOOT_SECONDS = 900;

export function hostRecovery(place: Place, sent: { readonly windows: SentDocument; readonly linux: SentDocument }): AutomationRunbook {
  const { environment } = place;
  const own = {
    InstanceIds: ["{{ InstanceId }}"],
    Filters: [{ Name: "tag:Environment", Values: [environment] }],
  };
  const instance = "$.Reservations[0].Instances[0]";
  const describe = { service: "ec2", api: "DescribeInstances", input: own, on: ["*"] } as const;
  const status = {
    service: "ec2",
    api: "DescribeInstanceStatus",
    // Both checks: of the machine by what is asked, of its hardware by what is asked for.
    input: { InstanceIds: ["{{ InstanceId }}"], Filters: [{ Name: "system-status.status", Values: ["ok"] }] },
    on: ["*"],
    property: "$.InstanceStatuses[0].InstanceStatus.Status",
    isOneOf: ["ok"],
  } as const;
  const machines = ownMachines(place);
  const act = (api: string) => ({
    service: "ec2",
    api,
    input: { InstanceIds: ["{{ InstanceId }}"] },
    on: machines.resources as readonly string[],
    conditions: machines.conditions,
  });
  const commanded = { actions: ["ssm:SendCommand"], ...ownMachines(place, "ssm:resourceTag/Environment") };
  return {
    kind: "automation",
    name: "host-recovery",
    title: "A host does not answer: start it again and look whether it is well",
    purpose:
      "For a host that gives no sign of life, is stopped though it should run, or has failed its status checks. Open positions stay open at the broker meanwhile. A host that comes back trades again by itself, unless the kill switch is on: decide on that first.",
    tier: 1,
    owner: "DevOps",
    parameters: {
      InstanceId: INSTANCE_ID,
      StopAndStart: {
        description:
          "If a reboot does not help: stop and start it, on other hardware; never a member of an Auto Scaling group, which would replace it",
        allowedValues: ["no", "yes"],
        default: "no",
        example: "no",
      },
    },
    steps: [
      {
        name: "isOurs",
        does: "assert",
        why: `The host is one of this environment, and runs or is stopped: one that is being stopped or is gone cannot be recovered, see [hosts.md](../hosts.md#when-something-is-wrong).`,
        ...describe,
        property: `${instance}.State.Name`,
        isOneOf: ["running", "stopped"],
      },
      {
        name: "host",
        does: "call",
        why: "What is it, and how is it?",
        ...describe,
        outputs: {
          State: { selector: `${instance}.State.Name` },
          Platform: { selector: `${instance}.PlatformDetails` },
        },
      },
      {
        name: "isStopped",
        does: "branch",
        why: "A stopped host cannot be rebooted, only started.",
        on: "host.State",
        when: { stopped: "start" },
        otherwise: "reboot",
      },
      { name: "reboot", does: "call", why: "Tries the least first.", ...act("RebootInstances") },
      { name: "settle", does: "sleep", why: "For some time after the call EC2 still says what was before.", duration: "PT1M" },
      {
        name: "waitForReboot",
        does: "wait",
        why: "Until both of EC2's status checks pass.",
        ...status,
        timeoutSeconds: BOOT_SECONDS,
        next: "whichChecks",
        onFailure: { goTo: "mayBeStopped" },
      },
      {
        name: "mayBeStopped",
        does: "branch",
        why: "A reboot did not help. Stopping is for who started the runbook to decide.",
        on: "StopAndStart",
        when: { yes: "stop" },
        otherwise: "stillImpaired",
      },
      {
        name: "stillImpaired",
        does: "assert",
        why: "Looks once more; what is still not well ends here as failed.",
        ...status,
        next: "whichChecks",
      },
      { name: "stop", does: "call", why: "The machine leaves its hardware.", ...act("StopInstances") },
      {
        name: "waitForStop",
        does: "wait",
        why: "Until it has.",
        ...describe,
        property: `${instance}.State.Name`,
        isOneOf: ["stopped"],
        timeoutSeconds: BOOT_SECONDS,
      },
      { name: "start", does: "call", why: "On other hardware, with the same volumes and addresses.", ...act("StartInstances") },
      { name: "waitForStart", does: "wait", why: "Until both of EC2's status checks pass.", ...status, timeoutSeconds: BOOT_SECONDS },
      ...hostCheck({ instanceId: "{{ InstanceId }}", sent, machines: commanded }),
    ],
  };
}
