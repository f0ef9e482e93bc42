/**
 * Throws the kill switch, takes it back, looks at it.
 *
 * On: the item first, because every start looks at it, then the hosts. Off: the hosts first, while the item still keeps everything from starting, and
 * the item last. So whenever one of the two breaks off in the middle, the item says "on" and nothing starts: a switch is never half open.
 */
import type { Environment } from "../../environments/schema";
import { AwsError, textAt, type Aws } from "../aws";
import { findHosts, tell, type HostReport, type Telling, type TradingHost } from "./hosts";
import { ChangedMeanwhile, readItem, writeOver, writeUnconditionally, type SwitchItem, type SwitchWrite } from "./item";

export interface Switching {
  readonly aws: Aws;
  readonly environment: Environment;
  /** For people, in the item. */
  readonly reason: string;
  /** Seconds until a host counts as silent. */
  readonly waitSeconds: number;
  /** Aborted, hosts are not waited for any longer. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** What is known so far. */
export interface Progress {
  readonly item?: SwitchItem;
  readonly hosts: readonly TradingHost[];
  readonly reports: readonly HostReport[];
}

export interface Switched {
  /** As it is now; undefined where it could not be read or written. */
  readonly item?: SwitchItem;
  /** What did not go as asked, beside the hosts' own reports. */
  readonly faults: readonly string[];
  /** Worth knowing, and no fault. */
  readonly notes: readonly string[];
  readonly reports: readonly HostReport[];
}

/**
 * On. Hosts are told whether or not the item was on before: one of them may not have heard.
 * @param emergency writes over whatever is there, and tells the hosts even if the table does not answer
 * @throws Error where nothing was written and nobody told
 */
export async function throwSwitch(switching: Switching, emergency = false): Promise<Switched> {
  const { aws, environment } = switching;
  const table = environment.data.table.name;
  const faults: string[] = [];
  const notes: string[] = [];
  let item: SwitchItem | undefined;
  try {
    const write = await writeOf(switching, true, emergency);
    if (emergency) item = await writeUnconditionally(aws, table, write);
    else [item, notes[0]] = await turnOn(aws, table, write);
  } catch (error) {
    if (!emergency) throw error instanceof ChangedMeanwhile ? error : unreachable(table, error);
    faults.push(
      `The item is NOT written: ${reasonOf(error)}. Hosts that do not reach the table either start nothing; those that do could be started again by hand. Say on again as soon as the table answers.`,
    );
  }
  switching.onProgress({ item, hosts: [], reports: [] });
  return { item, faults, notes: notes.filter(Boolean), ...(await tellAll(switching, "stop", { item, faults })) };
}

/** @returns the item, and what is worth knowing of it */
async function turnOn(aws: Aws, table: string, write: SwitchWrite): Promise<[SwitchItem, string]> {
  const read = await readItem(aws, table);
  const untouched = "It was on already; reason and time are those of the first, and nothing was overwritten.";
  if (read.state === "active") return [read, untouched];
  try {
    return [await writeOver(aws, table, read, write), ""];
  } catch (error) {
    // Two at once want the same: it is on.
    if (error instanceof ChangedMeanwhile && error.now.state === "active") return [error.now, untouched];
    throw error;
  }
}

/**
 * Off: hosts are made ready, then the item is turned, if it is still the one that was read and every host is ready.
 * @param without names or ids of hosts that are known to be gone, and not waited for
 * @throws Error where nothing was changed
 */
export async function releaseSwitch(switching: Switching, without: readonly string[] = []): Promise<Switched> {
  const { aws, environment, signal } = switching;
  const table = environment.data.table.name;
  const faults: string[] = [];
  const notes: string[] = [];
  let read: SwitchItem;
  try {
    read = await readItem(aws, table);
  } catch (error) {
    throw unreadable(table, error);
  }
  switching.onProgress({ item: read, hosts: [], reports: [] });
  const { reports } = await tellAll(switching, "ready", { item: read, faults, without });
  if (read.state === "inactive" || read.state === "unset") return { item: read, faults, notes: ["It was off already."], reports };
  if (signal.aborted) return { item: read, faults: ["Interrupted: the switch stays on."], notes, reports };
  if (faults.length > 0 || reports.some(isAmiss)) {
    faults.push(
      "The switch stays on, and nothing starts, because not every host is ready. Say off again; a host that is gone for good is left out by --without.",
    );
    return { item: read, faults, notes, reports };
  }
  try {
    return { item: await writeOver(aws, table, read, await writeOf(switching, false)), faults, notes, reports };
  } catch (error) {
    if (error instanceof ChangedMeanwhile) return { item: error.now, faults: [error.message], notes, reports };
    throw new Error(`The switch stays on: ${reasonOf(error)}. The hosts are ready and start nothing while it is on.`, { cause: error });
  }
}

/** What the item says and what each host does. Changes nothing. */
export async function lookAtSwitch(switching: Switching): Promise<Switched> {
  const { aws, environment } = switching;
  const faults: string[] = [];
  let item: SwitchItem | undefined;
  try {
    item = await readItem(aws, environment.data.table.name);
  } catch (error) {
    faults.push(`The item cannot be read, which every host takes for on: ${reasonOf(error)}.`);
  }
  switching.onProgress({ item, hosts: [], reports: [] });
  return { item, faults, notes: [], ...(await tellAll(switching, "status", { item, faults })) };
}

/** Whether a host is not as was asked for; a machine that does not run is. */
export const isAmiss = ({ outcome }: HostReport): boolean => outcome === "failed" || outcome === "silent";

/** All hosts at once: the slowest says how long it takes. */
async function tellAll(
  { aws, environment, waitSeconds, signal, onProgress }: Switching,
  action: Telling["action"],
  { item, faults, without = [] }: { readonly item?: SwitchItem; readonly faults: string[]; readonly without?: readonly string[] },
): Promise<{ readonly reports: readonly HostReport[] }> {
  let found: readonly TradingHost[];
  try {
    found = await findHosts(aws, environment);
  } catch (error) {
    faults.push(`The hosts could not be found, and none was told: ${reasonOf(error)}.`);
    return { reports: [] };
  }
  const strangers = without.filter((name) => !found.some((host) => [host.name, host.id].includes(name)));
  if (strangers.length > 0)
    throw new Error(
      `--without is ${JSON.stringify(strangers.join(","))}; there are ${found.map(({ id, name }) => `${name} (${id})`).join(", ") || "no hosts"}.`,
    );
  const hosts = found.filter(({ id, name }) => !without.includes(name) && !without.includes(id));
  const reports: HostReport[] = [];
  onProgress({ item, hosts, reports });
  await Promise.all(
    hosts.map(async (host) => {
      reports.push(await tell(aws, host, { environment, action, waitSeconds, signal }));
      onProgress({ item, hosts, reports });
    }),
  );
  return { reports: hosts.map((host) => reports.find((report) => report.host === host)!) };
}

/** @param anonymous write even if nobody says who calls */
async function writeOf({ aws, reason }: Switching, active: boolean, anonymous = false): Promise<SwitchWrite> {
  const answered = await aws.query("sts", "GetCallerIdentity").catch((error: unknown) => {
    if (anonymous) return {};
    throw error;
  });
  const updatedBy = textAt(answered, "GetCallerIdentityResponse", "GetCallerIdentityResult", "Arn") || "unknown";
  return { active, reason, updatedBy, updatedAt: new Date().toISOString() };
}

const reasonOf = (error: unknown): string =>
  error instanceof AwsError ? `${error.action}: ${error.message}` : (error as Error).message.replace(/\.$/, "");

const unreachable = (table: string, error: unknown): Error =>
  new Error(
    `The kill switch is NOT on: table ${table}: ${reasonOf(error)}. Nothing was written, and no host was told anything: what runs goes on, and hosts that do not reach the table either start nothing. --emergency stops the hosts without it.`,
    { cause: error },
  );

const unreadable = (table: string, error: unknown): Error =>
  new Error(
    `Table ${table} cannot be read: ${reasonOf(error)}. Nothing was changed; hosts that do not reach it either take the switch for on.`,
    {
      cause: error,
    },
  );
