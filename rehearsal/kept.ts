/** A kept rehearsal goes back to how it was deployed: the emulator by its checkpoint, the folder by a copy. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Digests } from "./choice";
import { Emulator } from "./emulator";
import { isAlive, processesIn, programOf, stopProcesses } from "../terraform/processes";
import { Workspace, type Status } from "./workspace";

/** Where Terraform keeps providers, which are large, and the address of its state: neither changes. */
const FETCHED = ".terraform";

/** Notes how everything is. @throws with the reason when the emulator cannot */
export async function noteDeployed(workspace: Workspace, emulator: Emulator): Promise<void> {
  await emulator.checkpoint();
  makeLike(workspace.output, join(workspace.deployed, "cdktf.out"));
  for (const file of [workspace.variables, workspace.digests]) copyFileSync(file, join(workspace.deployed, basename(file)));
}

/** The kept rehearsal of an environment, while its emulator runs. */
export function keptRehearsal(root: string, environment: string): { readonly output: string; readonly endpoint: string } | undefined {
  const { output, status } = new Workspace(join(root, ".rehearsal", environment));
  return status?.state === "kept" && status.endpoint !== undefined && status.emulator !== undefined && isAlive(status.emulator)
    ? { output, endpoint: status.endpoint }
    : undefined;
}

/** What is deployed in a kept rehearsal, as far as that is known. */
export function digestsIn(workspace: Workspace): Digests {
  return existsSync(workspace.digests) ? (JSON.parse(readFileSync(workspace.digests, "utf8")) as Digests) : {};
}

/** Says what is known of stacks; nothing, while they are worked on. */
export function writeDigests(workspace: Workspace, stacks: readonly string[], digests: Digests): void {
  const others = Object.entries(digestsIn(workspace)).filter(([name]) => !stacks.includes(name));
  writeFileSync(workspace.digests, JSON.stringify({ ...Object.fromEntries(others), ...digests }, null, 2));
}

export interface WentBack {
  readonly status: Status;
  readonly seconds: number;
}

/** @throws with what to do when nothing is kept, or it is being worked on */
export async function goBack(root: string, environment: string): Promise<WentBack> {
  const workspace = new Workspace(join(root, ".rehearsal", environment));
  const keep = `npm run rehearse -- ${environment} --keep`;
  const { status } = workspace;
  if (!status) throw new Error(`No rehearsal of ${environment} is kept. ${keep} deploys it and keeps it.`);
  if (workspace.isBusy) throw new Error(`Another command (process ${status.owner}) is rehearsing ${environment}. Wait for it, or stop it.`);
  const working = processesIn(workspace.output).find((pid) => programOf(pid) === "terraform");
  if (working !== undefined) throw new Error(`Terraform (process ${working}) is at work on ${environment}. Wait for it, or stop it.`);
  const emulator = await Emulator.attach(workspace, "", new AbortController());
  if (!emulator) throw new Error(`The emulator of ${environment} does not run any more. ${keep} deploys it again.`);
  try {
    if (!status.deployed) throw new Error(`${environment} is kept, but how it was deployed was not noted. ${keep} does that.`);
    const started = Date.now();
    await emulator.rollback();
    restoreFiles(workspace);
    workspace.write({ ...status, state: "kept" });
    return { status, seconds: (Date.now() - started) / 1000 };
  } finally {
    emulator.release();
  }
}

/** The files of a rehearsal as they were when it was deployed; what the emulator holds is not touched. */
export function restoreFiles(workspace: Workspace): void {
  makeLike(join(workspace.deployed, "cdktf.out"), workspace.output);
  for (const file of [workspace.variables, workspace.digests]) copyFileSync(join(workspace.deployed, basename(file)), file);
}

/** After a command that was killed while it worked on a kept rehearsal: nothing of it goes on, and all is as it was deployed. @throws with the reason when the emulator cannot go back */
export async function restoreAfterKill(workspace: Workspace, emulator: Emulator): Promise<void> {
  await stopProcesses(processesIn(workspace.output));
  await emulator.rollback();
  restoreFiles(workspace);
}

/** Makes a folder hold what another holds and nothing else, except for what Terraform has fetched into it. */
function makeLike(model: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder))
    if (name !== FETCHED && !existsSync(join(model, name))) rmSync(join(folder, name), { recursive: true });
  for (const entry of readdirSync(model, { withFileTypes: true })) {
    if (entry.name === FETCHED) continue;
    if (entry.isDirectory()) makeLike(join(model, entry.name), join(folder, entry.name));
    else copyFileSync(join(model, entry.name), join(folder, entry.name));
  }
}
