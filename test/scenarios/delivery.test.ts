/**
 * A review of two stacks on the emulator, and what is deployed from it: all of it, the rest of it after Ctrl-C, nothing beside it.
 * The real commands, in a checkout of their own, because a review is of a commit.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { DriftReport } from "../../delivery/drift";
import { whoIsHere } from "../../delivery/journal";
import type { DeployResult } from "../../delivery/result";
import { loadEnvironment } from "../fixtures/environments";
import type { Emulator } from "../../rehearsal/emulator";
import { processesIn } from "../../terraform/processes";
import { addedTo, changeSetOf } from "../../review/change-set";
import type { EnvironmentReview, Report, StackPlan } from "../../review/model";
import { comparePlan } from "../../review/plan/compare";
import { readPlan } from "../../review/plan/read";
import { REHEARSAL_STATE_BUCKET } from "../../stacks/target";
import { EmulatedAccount } from "../helpers/emulated-account";
import { ProjectCopy } from "../helpers/project-copy";
import type { StackJson } from "../../terraform/assembly";

const environment = loadEnvironment("dev");
const STACKS = ["dev-network", "dev-events"];
jest.setTimeout(20 * 60_000);

describe("a deploy of what was reviewed", () => {
  const copy = new ProjectCopy();
  const checkout = copy.folder;
  let account: EmulatedAccount;
  let emulator: Emulator;
  let folder: string;
  let review: string;
  let result: string;
  let variables: NodeJS.ProcessEnv;

  interface Run {
    readonly child: ChildProcess;
    readonly ended: Promise<{ code: number | null; text: string }>;
    readonly prints: (pattern: RegExp) => Promise<void>;
  }
  const run = (...args: string[]): Run => started(process.execPath, join(checkout, "commands", "run.mjs"), ...args);
  function started(program: string, ...args: string[]): Run {
    const child = spawn(program, args, {
      cwd: checkout,
      env: variables,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        text += stripVTControlCharacters(String(chunk));
      });
    const ended = new Promise<{ code: number | null; text: string }>((done) => {
      child.on("close", (code) => {
        done({ code, text });
      });
    });
    const prints = async (pattern: RegExp) => {
      while (!pattern.test(text)) {
        if (child.exitCode !== null) throw new Error(`It ended before it printed ${pattern}:\n${text}`);
        await new Promise((done) => {
          setTimeout(done, 50);
        });
      }
    };
    return { child, ended, prints };
  }
  const ofReviewed = () => ["deploy", "dev", "--reviewed", review, "--stacks", "network,events", "--json", result];
  const deploy = (...args: string[]) => run(...ofReviewed(), ...args);
  const outcomes = () =>
    Object.fromEntries(
      (JSON.parse(readFileSync(result, "utf8")) as DeployResult).stacks
        .filter(({ stack }) => STACKS.includes(stack))
        .map(({ stack, outcome }) => [stack, outcome]),
    );
  const locks = () => emulator.locks(REHEARSAL_STATE_BUCKET, environment.region);

  const terraform = (stack: string, ...args: string[]) =>
    execFileSync("terraform", args, {
      cwd: join(checkout, "cdktf.out", "stacks", stack),
      env: variables,
      encoding: "utf8",
      maxBuffer: 50_000_000,
      stdio: ["ignore", "pipe", "pipe"],
    });
  /** Of the orders' dead letters, by the state. */
  const periodOfAlarm = () => {
    const { values } = JSON.parse(terraform("dev-events", "show", "-json")) as {
      values: { root_module: { resources: { address: string; values: { period?: number } }[] } };
    };
    return values.root_module.resources.find(({ address }) => address.includes(".orders_dead-letter-alarm_"))?.values.period;
  };
  /** What `npm run review -- dev --account` leaves, of two stacks. */
  function writeReview(): void {
    execFileSync(process.execPath, [join(checkout, "commands", "synth-app.mjs")], {
      cwd: checkout,
      env: { ...variables, ENVIRONMENTS: "dev" },
    });
    const plans = STACKS.map((stack): StackPlan => {
      terraform(stack, "init", "-input=false");
      terraform(stack, "plan", "-input=false", "-out=plan");
      const text = terraform(stack, "show", "-json", "plan");
      rmSync(join(checkout, "cdktf.out", "stacks", stack, "plan"));
      return readPlan(text, { stack });
    });
    const reviewed = {
      environment: "dev",
      findings: [],
      stacks: plans.map((plan) => ({ stack: plan.stack, state: "planned", plan, findings: [] })),
      cost: {},
    } as unknown as EnvironmentReview;
    const report: Report = {
      source: { kind: "account", head: copy.git("rev-parse", "HEAD"), images: "", at: new Date().toISOString() },
      environments: [reviewed],
      exceptionErrors: [],
      limits: [],
    };
    writeFileSync(review, JSON.stringify({ version: 1, ...report }));
  }
  /** The shell's word for what is taken over: quoted, plain, or what AWS is asked for. */
  async function read(word: string): Promise<string> {
    const secret = /^"\$\(aws secretsmanager describe-secret --secret-id '(?<name>[^']+)' --query ARN --output text\)"$/.exec(word);
    if (!secret) return word.replaceAll("'", "");
    const { ARN } = await secrets().send(new DescribeSecretCommand({ SecretId: secret.groups!.name }));
    return ARN!;
  }
  const secrets = () => new SecretsManagerClient(account.clientSettings(environment));
  const setVisibilityTimeout = (seconds: number) => account.setVisibilityTimeout(environment, seconds);

  beforeAll(async () => {
    copy.commit("As it is");
    account = await EmulatedAccount.open(environment);
    await account.createStateBucket(environment);
    ({ emulator, folder, variables } = account);
    review = join(folder, "review.json");
    result = join(folder, "result.json");
    writeReview();
  });
  afterAll(async () => {
    await account.close();
    copy.remove();
  });

  it("is covered by a review that could only synthesise its stacks, and by no other", () => {
    const reviewed = JSON.parse(readFileSync(review, "utf8")) as Report;
    for (const { plan } of reviewed.environments[0]!.stacks) {
      const text = readFileSync(join(checkout, "cdktf.out", "stacks", plan.stack, "cdk.tf.json"), "utf8");
      const synthesised = (json: string) =>
        changeSetOf(readPlan(comparePlan(undefined, JSON.parse(json) as StackJson), { stack: plan.stack }), "synthesised");
      expect(addedTo(synthesised(text), changeSetOf(plan))).toEqual([]);
      if (plan.stack === "dev-events")
        expect(
          addedTo(synthesised(text.replace(/"visibility_timeout_seconds": \d+/, '"visibility_timeout_seconds": 1')), changeSetOf(plan)),
        ).toEqual([expect.stringMatching(/visibility_timeout_seconds is \d+; reviewed was 1\.$/)]);
    }
  });

  it("that is interrupted ends what it has begun and leaves no lock", async () => {
    const { child, ended, prints } = deploy();
    await prints(/created aws_/);
    child.kill("SIGINT");
    const { code, text } = await ended;
    expect([code, text]).toEqual([130, expect.stringContaining("released its lock")]);
    expect(await locks()).toEqual([]);
    expect(Object.values(outcomes())).toContain("failed");
  });

  it("whose terminal is closed, as at the end of a connection, ends what it has begun too", async () => {
    const { child, ended, prints } = started(
      "python3",
      join(__dirname, "..", "helpers", "terminal.py"),
      process.execPath,
      join(checkout, "commands", "run.mjs"),
      ...ofReviewed(),
    );
    await prints(/ [1-9]\d*\/\d+ +(?:creating|changing|destroying) aws_/i);
    rmSync(result);
    child.kill("SIGUSR1");
    await ended;
    expect(await locks()).toEqual([]);
    expect(Object.values(outcomes())).toContain("failed");
  });

  /** Deploys until it is done, and takes over what is there already, by the words that are printed. @returns what was taken over */
  async function deployAndTakeOver(...args: string[]): Promise<string[]> {
    const again = () => deploy(...args).ended;
    let { code, text } = await again();
    const said = [text];
    const taken: string[] = [];
    // One layer of what depends on one another for each time that it was interrupted.
    for (let left = 3; left > 0 && code !== 0; left--) {
      const imports = text.matchAll(/terraform -chdir=cdktf\.out\/stacks\/(\S+) import '(\S+)' ('[^']+'|"\$\([^)]+\)"|[\w-]+)/g);
      for (const [stack, address, word] of new Map([...imports].map(([line, ...words]) => [line, words])).values()) {
        terraform(stack!, "import", address!, await read(word!));
        taken.push(address!);
      }
      ({ code, text } = await again());
      said.push(text);
    }
    if (code !== 0) {
      const why = said.map((each) => each.match(/^.*(?:Error:|reviewed).*$/gm)?.join(" | ") ?? "no error").join(" || again: ");
      throw new Error(`${why}\n${said.join("\n--- and again ---\n")}`);
    }
    expect(text).toContain("nothing is left to change");
    expect((JSON.parse(readFileSync(result, "utf8")) as DeployResult).remaining).toEqual([]);
    return taken;
  }

  it("goes on where it stopped, with the same review, and has nothing left to do", async () => {
    await deployAndTakeOver("--summary", join(folder, "summary.md"));
    expect(outcomes()["dev-events"]).toBe("applied");
    expect(readFileSync(join(folder, "summary.md"), "utf8")).toContain("Planned again: nothing is left to change.");
  });

  it("takes over what was made when nobody heard of it any more: what AWS tells of it is no addition to the review", async () => {
    // By what each is taken over, or told: a name, and an ARN; arguments that nobody has set, and that AWS tells as empty texts.
    const lost = terraform("dev-events", "state", "list")
      .split("\n")
      .filter((address) => /^aws_(lambda_function|secretsmanager_secret)\.slack-/.test(address));
    expect(lost).toHaveLength(2);
    terraform("dev-events", "state", "rm", ...lost);
    expect((await deployAndTakeOver()).sort()).toEqual(lost.sort());
  });

  it("is refused of another commit, and of a changed working tree", async () => {
    const file = join(checkout, "environments", "dev.ts");
    writeFileSync(file, readFileSync(file, "utf8").replace("deadLetterAlarmPeriodSeconds: 300", "deadLetterAlarmPeriodSeconds: 60"));
    expect((await deploy().ended).text).toContain("The working tree is not what was committed: environments/dev.ts");
    copy.commit("A shorter period");
    expect(await deploy().ended).toMatchObject({
      code: 1,
      text: expect.stringMatching(/It is a review of commit [0-9a-f]{40}; checked out is [0-9a-f]{40}/),
    });
  });

  it("stops before a stack that would do more than was reviewed, and says what", async () => {
    const documented = environment.events.orderQueue.visibilityTimeoutSeconds;
    writeReview();
    await setVisibilityTimeout(documented + 7);
    const { code, text } = await deploy().ended;
    expect(code).toBe(1);
    expect(text).toMatch(new RegExp(`aws_sqs_queue\\.\\S+ is updated, which was not reviewed\\.`));
    // Neither depends on the other: the one that comes later is not begun.
    expect(outcomes()).toEqual({ "dev-events": "stopped", "dev-network": "not reached" });
    // Nothing of the stack was applied, not even what was reviewed.
    expect(periodOfAlarm()).toBe(300);
  });

  it("shows the same as drift, and none once it is put right", async () => {
    const out = join(folder, "drift");
    const drift = () => run("drift", "dev", "--stacks", "events", "--out", out).ended;
    const report = () => JSON.parse(readFileSync(join(out, "drift.json"), "utf8")) as DriftReport;
    expect(await drift()).toMatchObject({ code: 2 });
    expect(
      report().stacks.flatMap(({ drift: changes }) =>
        changes.flatMap(({ type, attributes }) => attributes.map(({ path, after }) => `${type} ${path} ${String(after)}`)),
      ),
    ).toContain(`aws_sqs_queue visibility_timeout_seconds ${environment.events.orderQueue.visibilityTimeoutSeconds + 7}`);
    await setVisibilityTimeout(environment.events.orderQueue.visibilityTimeoutSeconds);
    expect(await drift()).toMatchObject({ code: 0 });
    expect(await deploy("--stacks", "events").ended).toMatchObject({ code: 0 });
    expect(periodOfAlarm()).toBe(60);
  });

  it("is ended by its unlock when it runs on alone, as after the end of a cancelled job's shell", async () => {
    const { ended, prints } = deploy();
    await prints(/planning/);
    const unlock = await run("unlock", "dev", "--own").ended;
    expect(unlock).toMatchObject({ code: 0, text: expect.stringContaining("it is asked to stop, and waited for.") });
    expect(unlock.text).toContain("No state of dev is locked.");
    expect((await ended).code).toBe(130);
  });

  it("leaves a lock when it is killed, which it releases itself and nobody else's", async () => {
    const journal = join(checkout, ".rehearsal", "delivery-dev.json");
    const { child, ended } = deploy();
    while (!existsSync(journal) && child.exitCode === null)
      await new Promise((done) => {
        setTimeout(done, 20);
      });
    child.kill("SIGKILL");
    await ended;
    // What it had begun is left to itself.
    while (processesIn(join(checkout, "cdktf.out")).length > 0)
      await new Promise((done) => {
        setTimeout(done, 100);
      });
    const lock = (stack: string, who: string, created = new Date()) =>
      new S3Client({ ...account.clientSettings(environment), forcePathStyle: true }).send(
        new PutObjectCommand({
          Bucket: REHEARSAL_STATE_BUCKET,
          Key: `dev/${stack}.tfstate.tflock`,
          Body: JSON.stringify({
            ID: "0a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d",
            Operation: "OperationTypePlan",
            Info: "",
            Who: who,
            Version: "1.11.4",
            Created: created.toISOString(),
            Path: `${REHEARSAL_STATE_BUCKET}/dev/${stack}.tfstate`,
          }),
        }),
      );
    await lock("events", whoIsHere());
    await lock("network", "somebody@elsewhere");
    await lock("data", whoIsHere(), new Date(Date.now() - 3_600_000));
    const { code, text } = await run("unlock", "dev", "--own").ended;
    expect([code, text]).toEqual([0, expect.stringContaining("dev-events: released.")]);
    expect(text).toContain("dev-network: not ours, left alone.");
    expect((await locks()).sort()).toEqual(["dev/data.tfstate.tflock", "dev/network.tfstate.tflock"]);
    expect(await run("unlock", "dev").ended).toMatchObject({ code: 1, text: expect.stringContaining("pass --confirm dev") });
    expect(await run("unlock", "dev", "--confirm", "dev").ended).toMatchObject({ code: 0 });
    expect(await locks()).toEqual([]);
  });
});
