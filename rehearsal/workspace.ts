/** The folder of one rehearsal: what runs, where it writes, and how to clear it away whatever happened to it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isAlive, processesIn, processTree, stopProcesses } from "../terraform/processes";

/** What `status.json` says. */
export interface Status {
  readonly environment: string;
  /** `running`: a command owns it; `kept`: deployed, its emulator runs until `npm stop`. */
  readonly state: "running" | "kept";
  /** Process of the command that owns it. */
  readonly owner: number;
  readonly endpoint?: string;
  /** Process of the emulator. */
  readonly emulator?: number;
  /** ISO 8601. */
  readonly since: string;
  /** When that was deployed which it can go back to, in ISO 8601; so it was kept before, whoever works on it now. */
  readonly deployed?: string;
}

export class Workspace {
  /** Synthesised stacks; Terraform works here. */
  readonly output: string;
  readonly emulatorLog: string;
  readonly deployLog: string;
  /** What was called, a line of JSON each; a line `{"phase": …}` begins each step. */
  readonly calls: string;
  /** Variables for a shell, while it is kept. */
  readonly variables: string;
  /** What is deployed, while it is kept: the digest of each stack. */
  readonly digests: string;
  /** How all this was when it was deployed. */
  readonly deployed: string;
  private readonly statusFile: string;

  constructor(readonly folder: string) {
    this.output = join(folder, "cdktf.out");
    this.emulatorLog = join(folder, "emulator.log");
    this.deployLog = join(folder, "cdktf.log");
    this.calls = join(folder, "calls.jsonl");
    this.variables = join(folder, "env");
    this.digests = join(folder, "digests.json");
    this.deployed = join(folder, "deployed");
    this.statusFile = join(folder, "status.json");
  }

  get status(): Status | undefined {
    if (!existsSync(this.statusFile)) return undefined;
    return JSON.parse(readFileSync(this.statusFile, "utf8")) as Status;
  }

  /** Whether a command that still runs owns it, or has just begun to. */
  get isBusy(): boolean {
    const { status } = this;
    if (!status) return existsSync(this.folder) && Date.now() - statSync(this.folder).mtimeMs < 10_000;
    return status.state === "running" && status.owner !== process.pid && isAlive(status.owner);
  }

  /** Replaces the status in one step, so that a killed command never leaves half of it. */
  write(status: Status): void {
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(`${this.statusFile}.new`, JSON.stringify(status, null, 2));
    renameSync(`${this.statusFile}.new`, this.statusFile);
  }

  /** Copies the logs to a file that outlives the folder. */
  saveLogs(file: string): void {
    const logs = [this.deployLog, this.emulatorLog].filter((log) => existsSync(log));
    writeFileSync(file, logs.map((log) => `── ${basename(log)} ──\n${readFileSync(log, "utf8")}\n`).join(""));
  }

  /** Stops everything that runs in it and removes it. The states are in the emulator's memory and go with it. */
  async clear(): Promise<void> {
    const { emulator } = this.status ?? {};
    const inside = processesIn(this.folder);
    // The recorded process counts only while it is ours: a process id may have been given to somebody else since.
    const recorded = emulator !== undefined && (inside.includes(emulator) || process.platform !== "linux") ? processTree(emulator) : [];
    await stopProcesses([...new Set([...inside, ...recorded])].filter(isAlive));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Every rehearsal of this checkout. */
export function workspaces(root: string): Workspace[] {
  const folder = join(root, ".rehearsal");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => new Workspace(join(folder, name)));
}

/** Clears rehearsals whose command was killed, but for those that were kept before and can go back to that. @returns how many there were */
export async function clearAbandoned(root: string): Promise<number> {
  const abandoned = workspaces(root).filter(
    ({ status, isBusy }) => !isBusy && status?.state !== "kept" && status?.deployed === undefined && status?.owner !== process.pid,
  );
  await Promise.all(abandoned.map((workspace) => workspace.clear()));
  return abandoned.length;
}
