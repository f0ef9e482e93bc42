/** A first deploy asks the account before it makes anything: it stops where something is missing, and goes through where nothing is. */
import { REHEARSAL_STATE_BUCKET } from "../../stacks/target";
import { EmulatedAccount } from "../helpers/emulated-account";
import { ProjectCopy } from "../helpers/project-copy";

const ACCOUNT = "100000000001";
const REGION = "ap-northeast-1";
/** What `npm run deploy` wants replaced. */
const OWN: readonly (readonly [RegExp, string])[] = [
  [/111122223333/g, ACCOUNT],
  [/example-org\//g, "sakura/"],
  [/example\.com/g, "sakura.test"],
  [/0a1b2c3d-4e5f-4a6b-8c7d/g, "5e6f7a8b-1c2d-4e3f-9a0b"],
  [/203\.0\.113\.0\/24/g, "198.18.7.0/25"],
];
jest.setTimeout(10 * 60_000);

const copy = new ProjectCopy();
let account: EmulatedAccount;
beforeAll(async () => {
  const literal = copy.read("environments/dev.ts");
  for (const [from, to] of OWN) if (from.test(literal)) copy.replace(["environments/dev.ts"], from, to);
  account = await EmulatedAccount.open({ account: ACCOUNT });
  // The command finds a mirror of providers itself, and then tells cdktf not to ask the registry; the checks name a configuration of their own.
  copy.variables = { ...account.variables, TF_CLI_CONFIG_FILE: undefined };
});
afterAll(async () => {
  await account.close();
  copy.remove();
});
const deploy = (...args: string[]) => copy.run("deploy", "dev", "--stacks", "events", "--auto-approve", ...args);

it("makes nothing where something is missing, and says how to make it", async () => {
  const before = await account.emulator.inventory();
  const { status, stderr } = deploy();
  expect([status, stderr]).toEqual([
    1,
    expect.stringContaining("dev is not deployed, and nothing was made: the account lacks what a deploy needs."),
  ]);
  expect(stderr).toContain(`MISSING: state bucket ${REHEARSAL_STATE_BUCKET}`);
  expect(stderr).toContain("BOOTSTRAP_STATE=local npm run deploy -- dev --stacks bootstrap");
  expect(await account.emulator.inventory()).toEqual(before);
  const { status: asked, stdout } = copy.run("preflight", "dev", "--stacks", "events", "--json");
  expect(asked).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    environment: "dev",
    rows: [
      { kind: "account", state: "there" },
      { kind: "state bucket", state: "missing" },
      // The boundary of the functions' roles.
      { kind: "policy", state: "advised" },
      { kind: "quota", state: "there" },
      { kind: "secret" },
    ],
  });
});

it("goes through in one go where nothing is, and says what is due after it", async () => {
  await account.emulator.createBucket(REHEARSAL_STATE_BUCKET, REGION);
  const { status, stdout, stderr } = deploy();
  expect([status, status === 0 ? "" : stdout + stderr]).toEqual([0, ""]);
  expect(stdout).toContain("after the deploy: secret TSS/slack/webhook-dev: the deploy makes it, empty");
  const { status: again, stdout: table } = copy.run("preflight", "dev", "--stacks", "events");
  expect([again, table]).toEqual([0, expect.stringMatching(/after the deploy +secret/)]);
  expect(table).toContain("it is empty");
  expect(table).toContain("Nothing is missing that a deploy needs.");
});
