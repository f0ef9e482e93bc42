/** The hosts of an environment, and what they are told through Systems Manager: each by itself, so that one that is dead keeps no other from being told. */
import { hostNames, HOST_TAG, SWITCH_STEPS, type HostKind } from "../../constructs/hosts/host-names";
import { killSwitchDocument, type HostAction } from "../../constructs/identity/github-names";
import type { Environment } from "../../environments/schema";
import { AwsError, listAt, textAt, type Aws } from "../aws";

export interface TradingHost {
  readonly id: string;
  /** Such as `axia-windows-dev`; machines of a group share theirs. */
  readonly name: string;
  readonly kind: HostKind;
  /** As EC2 says: `running`. */
  readonly state: string;
}

/** `done`: as asked for. `failed`: the host says that it is not. `silent`: it did not answer in time. `off`: the machine does not run. */
export type Outcome = "done" | "failed" | "silent" | "off";

export interface HostReport {
  readonly host: TradingHost;
  readonly outcome: Outcome;
  /** What the host said, or why it said nothing. */
  readonly text: string;
  /** From the command to the answer. */
  readonly seconds: number;
}

export interface Telling {
  readonly environment: Pick<Environment, "name">;
  readonly action: HostAction;
  /** Seconds until a host counts as silent. */
  readonly waitSeconds: number;
  /** Aborted, the wait ends; what was sent is carried out. */
  readonly signal: AbortSignal;
}

/** Systems Manager delivers a command for so many seconds: a host that wakes up within the hour still stops; what would start one is not kept. */
const DELIVERY_SECONDS: Readonly<Record<HostAction, number>> = { stop: 3600, ready: 30, status: 30 };
const POLL_MILLISECONDS = 500;
/** States of a machine on which nothing can run. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
const STILL_STATES = ["stopped"];

/** The machines that carry the hosts' tags, by name; those that are gone for good excepted. @throws Error where EC2 does not answer */
export async function findHosts(aws: Aws, environment: Pick<Environment, "linuxEngine" | "nameSuffix">): Promise<readonly TradingHost[]> {
  const kinds = new Map(Object.entries(hostNames(environment)).map(([kind, name]) => [name, kind as HostKind]));
  const states = ["pending", "running", "stopping", "stopped"];
  const values = (filter: number, list: readonly string[]) => list.map((value, index) => [`Filter.${filter}.Value.${index + 1}`, value]);
  const answered = await aws.query("ec2", "DescribeInstances", {
    "Filter.1.Name": `tag:${HOST_TAG}`,
    ...(Object.fromEntries(values(1, [...kinds.keys()])) as Record<string, string>),
    "Filter.2.Name": "instance-state-name",
    ...(Object.fromEntries(values(2, states)) as Record<string, string>),
  });
  return listAt(answered, "DescribeInstancesResponse", "reservationSet", "item")
    .flatMap((reservation) => listAt(reservation, "instancesSet", "item"))
    .map((instance) => {
      const name = textAt(
        listAt(instance, "tagSet", "item").find((tag) => tag.key === HOST_TAG),
        "value",
      );
      return { id: textAt(instance, "instanceId"), name, kind: kinds.get(name)!, state: textAt(instance, "instanceState", "name") };
    })
    .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}

/** Tells one host, and waits for what it says. Never throws: whatever goes wrong is that host's report. */
export async function tell(aws: Aws, host: TradingHost, telling: Telling): Promise<HostReport> {
  const started = Date.now();
  const report = (outcome: Outcome, text: string): HostReport => ({ host, outcome, text, seconds: (Date.now() - started) / 1000 });
  if (STILL_STATES.includes(host.state)) return report("off", "the machine is stopped");
  try {
    const id = await send(aws, host, telling);
    for (;;) {
      const answer = await answerOf(aws, host, id);
      if (answer) return report(...answer);
      if (telling.signal.aborted) return report("silent", "not waited for: interrupted; what it was told stays in force");
      if (Date.now() - started > telling.waitSeconds * 1000) return report("silent", `no answer within ${telling.waitSeconds} s`);
      await pause(telling.signal);
    }
  } catch (error) {
    if (error instanceof AwsError && error.code === "InvalidInstanceId")
      return report("silent", `Systems Manager does not reach it (the machine is ${host.state})`);
    return report("failed", error instanceof AwsError ? `${error.action}: ${error.message}` : (error as Error).message);
  }
}

async function send(aws: Aws, { id }: TradingHost, { action, environment }: Telling): Promise<string> {
  const sent = await aws.json("ssm", "SendCommand", {
    DocumentName: killSwitchDocument(environment.name, action),
    InstanceIds: [id],
    TimeoutSeconds: DELIVERY_SECONDS[action],
    Comment: `Kill switch: ${action}`,
  });
  return textAt(sent, "Command", "CommandId");
}

/** @returns undefined while there is none */
async function answerOf(aws: Aws, { id, kind }: TradingHost, command: string): Promise<[Outcome, string] | undefined> {
  try {
    const answer = await aws.json("ssm", "GetCommandInvocation", {
      CommandId: command,
      InstanceId: id,
      PluginName: kind === "windows" ? SWITCH_STEPS.Windows : SWITCH_STEPS.Linux,
    });
    const status = textAt(answer, "Status");
    if (["", "Pending", "InProgress", "Delayed"].includes(status)) return undefined;
    const said = lastLine(textAt(answer, "StandardOutputContent")) || lastLine(textAt(answer, "StandardErrorContent"));
    const details = textAt(answer, "StatusDetails");
    if (status === "Success") return ["done", said];
    // It was never run there. https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html
    if (["DeliveryTimedOut", "Delivery Timed Out", "Undeliverable"].includes(details)) return ["silent", details];
    return ["failed", said || details || status];
  } catch (error) {
    // For a moment after the command was sent.
    if (error instanceof AwsError && error.code === "InvocationDoesNotExist") return undefined;
    throw error;
  }
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1)!.trim();

const pause = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, POLL_MILLISECONDS);
    signal.addEventListener("abort", done);
  });
