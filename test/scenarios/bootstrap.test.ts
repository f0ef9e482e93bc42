/** The two commands of docs/deploying.md: a bootstrap whose state begins in a file and moves into the bucket that it made. */
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { terraformSettings } from "../../commands/terraform";
import { loadEnvironment } from "../../environments";
import { Emulator } from "../../rehearsal/emulator";
import { stopProcesses } from "../../rehearsal/processes";
import { Workspace } from "../../rehearsal/workspace";
import { createApp } from "../../stacks/environment";

const root = resolve(__dirname, "..", "..");
const run = promisify(execFile);
jest.setTimeout(10 * 60_000);

describe("bootstrap", () => {
  const environment = loadEnvironment("dev");
  const folder = mkdtempSync(join(tmpdir(), "bootstrap-"));
  const workspace = new Workspace(folder);
  const stateFile = join(folder, "terraform.dev-bootstrap.tfstate");
  const { variables } = terraformSettings(folder);
  const previous = process.cwd();
  let emulator: Emulator;

  const cdktf = (...args: string[]) => run(process.execPath, [join(root, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf"), ...args, "--skip-synth", "--skip-provider-lock", "--no-color", "--auto-approve", "--output", workspace.output], { cwd: folder, env: { ...process.env, ...variables, CI: "true" } });
  const terraform = (...args: string[]) => run("terraform", args, { cwd: join(workspace.output, "stacks", "dev-bootstrap"), env: { ...process.env, ...variables } });
  const synth = (localBootstrapState: boolean) => {
    // cdktf puts the local state into the working folder.
    process.chdir(folder);
    createApp({ environments: [environment], target: { kind: "emulator", endpoint: emulator.endpoint, stateBucket: environment.stateBucket }, localBootstrapState, outdir: workspace.output }).synth();
    process.chdir(previous);
  };

  beforeAll(async () => {
    copyFileSync(join(root, "cdktf.json"), join(folder, "cdktf.json"));
    emulator = await Emulator.start({ root, python: join(root, ".venv", "bin", "python"), workspace, account: environment.account, stop: new AbortController() });
  });
  afterAll(async () => {
    emulator.release();
    await stopProcesses([emulator.pid]);
    rmSync(folder, { recursive: true, force: true });
  });

  it("is deployed with local state, moved into its own bucket, and then has nothing to do", async () => {
    synth(true);
    await cdktf("deploy", "dev-bootstrap");
    expect(existsSync(stateFile)).toBe(true);
    const before = (await terraform("state", "list")).stdout.trim().split("\n");
    expect(before.length).toBeGreaterThan(10);

    synth(false);
    await cdktf("deploy", "dev-bootstrap", "--migrate-state");
    expect((await terraform("state", "list")).stdout.trim().split("\n")).toEqual(before);
    const { stdout } = await run("terraform", ["show", "-json"], { cwd: join(workspace.output, "stacks", "dev-bootstrap"), env: { ...process.env, ...variables }, maxBuffer: 10_000_000 });
    expect(stdout).toContain(environment.stateBucket);

    // No file any more: what plans now reads the bucket.
    rmSync(stateFile, { force: true });
    expect((await terraform("plan", "-detailed-exitcode", "-input=false", "-no-color")).stdout).toContain("No changes.");
  });
});
