/** The two commands of docs/deploying.md: a bootstrap whose state begins in a file and moves into the bucket that it made. */
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { loadEnvironment } from "../../environments";
import { createApp } from "../../stacks/environment";
import { EmulatedAccount } from "../helpers/emulated-account";

const root = resolve(__dirname, "..", "..");
const run = promisify(execFile);
jest.setTimeout(10 * 60_000);

describe("bootstrap", () => {
  const environment = loadEnvironment("dev");
  const previous = process.cwd();
  let account: EmulatedAccount;
  let folder: string;
  let output: string;
  let env: NodeJS.ProcessEnv;

  const cdktf = (...args: string[]) => run(process.execPath, [join(root, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf"), ...args, "--skip-synth", "--skip-provider-lock", "--no-color", "--auto-approve", "--output", output], { cwd: folder, env });
  const terraform = (...args: string[]) => run("terraform", args, { cwd: join(output, "stacks", "dev-bootstrap"), env, maxBuffer: 10_000_000 });
  const synth = (localBootstrapState: boolean) => {
    // cdktf puts the local state into the working folder.
    process.chdir(folder);
    createApp({ environments: [environment], target: { kind: "emulator", endpoint: account.emulator.endpoint, stateBucket: environment.stateBucket }, localBootstrapState, outdir: output }).synth();
    process.chdir(previous);
  };

  beforeAll(async () => {
    account = await EmulatedAccount.open(environment);
    ({ folder, workspace: { output } } = account);
    env = { ...account.variables, CI: "true" };
    copyFileSync(join(root, "cdktf.json"), join(folder, "cdktf.json"));
  });
  afterAll(() => account.close());

  it("is deployed with local state, moved into its own bucket, and then has nothing to do", async () => {
    const stateFile = join(folder, "terraform.dev-bootstrap.tfstate");
    synth(true);
    await cdktf("deploy", "dev-bootstrap");
    expect(existsSync(stateFile)).toBe(true);
    const before = (await terraform("state", "list")).stdout.trim().split("\n");
    expect(before.length).toBeGreaterThan(10);

    synth(false);
    await cdktf("deploy", "dev-bootstrap", "--migrate-state");
    expect((await terraform("state", "list")).stdout.trim().split("\n")).toEqual(before);
    expect((await terraform("show", "-json")).stdout).toContain(environment.stateBucket);

    // No file any more: what plans now reads the bucket.
    rmSync(stateFile, { force: true });
    expect((await terraform("plan", "-detailed-exitcode", "-input=false", "-no-color")).stdout).toContain("No changes.");
  });
});
