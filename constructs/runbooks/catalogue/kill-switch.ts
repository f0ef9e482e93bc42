/** The kill switch for those who have only the console: what `npm run kill-switch` does, in the same order (OPS-001 … OPS-004, DAT-032, C-66). */
import { HOST_TAG, type hostNames } from "../../hosts/host-names";
import { hostText } from "../../hosts/host-files";
import { killSwitchDocument, type HostAction } from "../../identity/github-names";
import type { AutomationRunbook, Parameter, Right, Step } from "../description";
import { approver, type Place } from "./place";
import { VERDICT } from "./verdict";

/** What the switch is made of. */
export interface KillSwitch {
  /** Name of the orders table. */
  readonly table: string;
  /** Values of the hosts' tag: `hostNames` of the environment. */
  readonly hosts: ReturnType<typeof hostNames>;
  /** Its item: read, or read and written. */
  readonly item: Readonly<Record<"read" | "write", readonly Right[]>>;
  /** To tell the hosts so, and to hear what became of it. */
  readonly tell: Readonly<Record<HostAction, readonly Right[]>>;
}

const REASON: Parameter = {
  description: "Why, for people, in the item: letters, digits and plain punctuation; npm run kill-switch takes any words",
  allowedPattern: "^[A-Za-z0-9][A-Za-z0-9 .,:_()/#@+-]{0,199}$",
  example: "orders are placed twice",
};
const WAIT: Parameter = {
  description: "Seconds until a host that does not answer counts as silent; a step of Systems Manager ends after 600",
  allowedPattern: "^([1-9]|[1-9][0-9]|[1-4][0-9][0-9])$",
  default: "90",
  example: "90",
};
const ITEM_OUTPUTS = {
  Text: { selector: "$.Payload.text" },
  State: { selector: "$.Payload.state" },
  Version: { selector: "$.Payload.version" },
};

export function killSwitches(place: Place, killSwitch: KillSwitch): readonly AutomationRunbook[] {
  const { account, environment, region } = place;
  const { hosts, item, table } = killSwitch;
  const who: Right = { actions: ["ssm:GetAutomationExecution"], resources: [`arn:aws:ssm:${region}:${account}:automation-execution/*`] };
  const ofItem = (does: "look" | "isOn" | "on" | "emergency" | "off", more: Readonly<Record<string, string>> = {}) =>
    ({
      does: "script",
      script: hostText("runbooks/kill_switch_item.py"),
      input: { do: does, table, run: "{{ automation:EXECUTION_ID }}", ...more },
      rights: does === "look" || does === "isOn" ? item.read : [...item.write, who],
      outputs: ITEM_OUTPUTS,
      timeoutSeconds: 60,
    }) as const;
  const tell = (action: HostAction, why: string, more: { readonly wait?: string; readonly without?: string } = {}): Step => ({
    name: "tell",
    does: "script",
    why,
    script: hostText("runbooks/kill_switch_hosts.py"),
    input: {
      do: action,
      document: killSwitchDocument(environment, action),
      tag: HOST_TAG,
      names: Object.values(hosts).join(","),
      windows: hosts.windows,
      wait: "{{ Wait }}",
      without: "none",
      ...more,
    },
    rights: killSwitch.tell[action],
    timeoutSeconds: 600,
    outputs: { Hosts: { selector: "$.Payload.hosts", type: "StringList" }, Amiss: { selector: "$.Payload.amiss" } },
  });
  const verdict = (why: string): Step => ({
    name: "verdict",
    does: "script",
    why,
    script: VERDICT,
    input: { amiss: "{{ tell.Amiss }}" },
    rights: [],
  });
  const common = { kind: "automation", tier: 1, owner: "DevOps" } as const;
  const page = "[kill-switch](kill-switch.md) says what stands still then, and how positions are closed by hand.";

  const on: AutomationRunbook = {
    ...common,
    name: "kill-switch-on",
    title: "All trading must stop, from the console alone",
    purpose: `For whoever has AWS's console and no checkout of this repository; \`npm run kill-switch -- ${environment} on\` does the same. It asks nobody. **Open positions stay open**: ${page} It has failed when one host did not stand still, which its message names, though the item is written and the others are stopped.`,
    parameters: {
      Reason: { ...REASON, default: "Emergency activation" }, // OPS-001
      Emergency: {
        description: "yes: write over whatever the item holds, and stop the hosts even if the table does not answer",
        allowedValues: ["no", "yes"],
        default: "no",
        example: "no",
      },
      Wait: WAIT,
    },
    steps: [
      {
        name: "isEmergency",
        does: "branch",
        why: "An emergency does not look at what is there.",
        on: "Emergency",
        when: { yes: "writeAnyway" },
        otherwise: "write",
      },
      {
        name: "write",
        why: "The item first, because every start looks at it; over the version that was read, so that two at once do not overwrite each other. Where the table does not answer it ends here: nothing is written, **and no host was told anything**; start it again with `Emergency=yes`.",
        ...ofItem("on", { reason: "{{ Reason }}" }),
        next: "tell",
      },
      {
        name: "writeAnyway",
        why: "The item, unconditionally. A table that does not answer keeps no host running.",
        ...ofItem("emergency", { reason: "{{ Reason }}" }),
        onFailure: { goTo: "tell" },
      },
      tell(
        "stop",
        "All hosts at once, each by itself: one that is dead keeps no other from being stopped. A host that answers within the hour still stops.",
      ),
      verdict(
        "Every host stands still, or its machine is stopped. **What did not answer may trade on**: stop the machine, `aws ec2 stop-instances --force`.",
      ),
      {
        name: "isOn",
        why: "The item says on, whatever became of writing it. If not, what was stopped stays so, and a host that is started anew trades: say on again as soon as the table answers.",
        ...ofItem("isOn"),
        end: true,
      },
    ],
  };

  const off: AutomationRunbook = {
    ...common,
    name: "kill-switch-off",
    title: "Trading may go on, from the console alone",
    purpose: `\`npm run kill-switch -- ${environment} off\` does the same for whoever has a checkout. Before: what was wrong is understood, and orders that wait in the queue are looked at; ${page} The hosts are made ready first and the item turns last, so whatever breaks off in the middle, the switch is on. A host that does not answer keeps it on.`,
    parameters: {
      Reason: { ...REASON, default: "Released", example: "the cause is mended" },
      Approver: approver(place),
      Without: {
        description: "Ids of hosts that are gone for good and not waited for, separated by commas",
        allowedPattern: "^(none|i-[0-9a-f]{8,17}(,i-[0-9a-f]{8,17}){0,9})$",
        default: "none",
        example: "none",
      },
      Wait: WAIT,
    },
    steps: [
      { name: "look", why: "What the item says: who, since when, why.", ...ofItem("look") },
      {
        name: "approve",
        does: "approve",
        why: "Somebody has read it, and says that trading may go on. Nobody for an hour: it stays on.",
        message: `{{ look.Text }} The hosts of ${environment} are to trade again, and orders that wait are placed, however old they are. Given as reason: {{ Reason }}`,
        approver: "{{ Approver }}",
      },
      tell("ready", "Every host gets its tasks and units back, while the item still keeps everything from starting.", {
        without: "{{ Without }}",
      }),
      verdict("Every host is ready. If not, the switch stays on."),
      {
        name: "turn",
        why: "The item turns, if it is still what was shown to the approver; thrown anew meanwhile, it stays on.",
        ...ofItem("off", { reason: "{{ Reason }}", state: "{{ look.State }}", version: "{{ look.Version }}" }),
        end: true,
      },
    ],
  };

  const status: AutomationRunbook = {
    ...common,
    name: "kill-switch-look",
    title: "What does the kill switch say, and what runs on each host?",
    purpose: `It changes nothing, and does not fail for a host that does not answer. \`npm run kill-switch -- ${environment} status\` does the same.`,
    parameters: { Wait: WAIT },
    steps: [
      {
        name: "look",
        why: "What the item says. An item that cannot be read counts as on for every host; the hosts are asked all the same.",
        ...ofItem("look"),
        onFailure: { goTo: "tell" },
      },
      { ...tell("status", "What of the trading software runs on each host."), end: true },
    ],
  };
  return [on, off, status];
}
