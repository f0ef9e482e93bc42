/** Finding and stopping processes that a rehearsal started, their descendants included. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A process and all its descendants. cdktf starts Terraform in a session of its own, which no signal to a process group reaches. */
export function processTree(pid: number): number[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const pairs = (stdout ?? "")
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const tree = [pid];
  for (const parent of tree) tree.push(...pairs.filter(([, ppid]) => ppid === parent).map(([child]) => child!));
  return tree;
}

/** Processes that work inside a folder: what a killed rehearsal left running. Only Linux tells; elsewhere the list is empty. */
export function processesIn(folder: string): number[] {
  let entries: string[];
  try {
    entries = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  } catch {
    return [];
  }
  return entries.map(Number).filter((pid) => {
    if (pid === process.pid) return false;
    try {
      const directory = readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, "");
      return directory === folder || directory.startsWith(`${folder}/`);
    } catch {
      return false; // gone, or not ours
    }
  });
}

/** Name of the program that a process runs, as Linux tells it. */
export function programOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return undefined; // gone, or another system
  }
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // already gone
    }
  }
}

/** A busy machine takes a moment to take a killed process away. */
const KILLED_MILLISECONDS = 5000;

/** Asks processes to stop, and makes them after a while. @param graceMilliseconds how long they may take */
export async function stopProcesses(pids: readonly number[], name: NodeJS.Signals = "SIGTERM", graceMilliseconds = 3000): Promise<void> {
  signal(pids, name);
  await ended(pids, graceMilliseconds);
  const stubborn = pids.filter(isAlive);
  signal(stubborn, "SIGKILL");
  await ended(stubborn, KILLED_MILLISECONDS);
}

/** Until none of them lives, or the time is over. */
async function ended(pids: readonly number[], milliseconds: number): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (pids.some(isAlive) && Date.now() < deadline)
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
}
