/** The two commands of docs/deploying.md: a bootstrap whose state begins in a file and moves into the bucket that it made. */
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { findMirror } from "../../terraform/settings";
import { loadEnvironment } from "../fixtures/environments";
import { createApp } from "../../stacks/environment";
import { EmulatedAccount } from "../helpers/emulated-account";

const root = resolve(__dirname, "..", "..");
const run = promisify(execFile);
jest.setTimeout(10 * 60_000);

/** What docs/deploying.md tells a site without a provider registry to do, with the mirror of this machine. @throws when the page no longer says it */
function airGapped(folder: string, mirror: string): NodeJS.ProcessEnv {
  const page = readFileSync(join(root, "docs", "deploying.md"), "utf8");
  const configuration = /```hcl\n(provider_installation[^`]+)```/.exec(page)![1]!;
  expect(configuration).toContain('"/srv/terraform"');
  writeFileSync(join(folder, "terraform.rc"), configuration.replace('"/srv/terraform"', JSON.stringify(mirror)));
  const variables = /^export (TF_CLI_CONFIG_FILE=.+)$/m
    .exec(page)![1]!
    .split(" ")
    .map((pair) => pair.replace("$PWD", folder).split("=") as [string, string]);
  return Object.fromEntries(variables);
}

describe("bootstrap", () => {
  const environment = loadEnvironment("dev");
  const previous = process.cwd();
  let account: EmulatedAccount;
  let folder: string;
  let output: string;
  let env: NodeJS.ProcessEnv;

  const cdktf = (...args: string[]) =>
    run(
      process.execPath,
      [
        join(root, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf"),
        ...args,
        "--skip-synth",
        "--skip-provider-lock",
        "--no-color",
        "--auto-approve",
        "--output",
        output,
      ],
      { cwd: folder, env },
    );
  const terraform = (...args: string[]) =>
    run("terraform", args, { cwd: join(output, "stacks", "dev-bootstrap"), env, maxBuffer: 10_000_000 });
  const synth = (localBootstrapState: boolean) => {
    // cdktf puts the local state into the working folder.
    process.chdir(folder);
    createApp({
      environments: [environment],
      target: { kind: "emulator", endpoint: account.emulator.endpoint, stateBucket: environment.stateBucket },
      localBootstrapState,
      outdir: output,
    }).synth();
    process.chdir(previous);
  };

  beforeAll(async () => {
    account = await EmulatedAccount.open(environment);
    ({
      folder,
      workspace: { output },
    } = account);
    env = { ...account.variables, CI: "true" };
    const mirror = findMirror(process.env);
    if (mirror) env = { ...env, ...airGapped(folder, mirror) };
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
