/**
 * What happens to a rehearsal in a bad hour: interrupted, killed, its emulator gone, its lock held, its resources deleted.
 * Each scenario uses the real commands, on one stack where it does not matter on how many; those of a kept rehearsal share one deploy.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { terraformSettings } from "../../terraform/settings";
import { isAlive, processesIn } from "../../terraform/processes";
import { Workspace, type Status } from "../../rehearsal/workspace";
import { loadEnvironment } from "../fixtures/environments";
import { ProjectCopy } from "../helpers/project-copy";

const copy = new ProjectCopy();
const rehearsals = copy.path(".rehearsal");
afterAll(() => {
  copy.remove();
});
const MINUTE = 60_000;
jest.setTimeout(8 * MINUTE);

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  /** What it has printed so far. */
  readonly text: () => string;
  /** Resolves when it has printed something. */
  readonly prints: (pattern: RegExp) => Promise<void>;
}

function rehearse(...args: string[]): Run {
  const child = copy.start("rehearse", ...args);
  let output = "";
  for (const stream of [child.stdout!, child.stderr!])
    stream.on("data", (chunk) => {
      output += stripVTControlCharacters(String(chunk));
    });
  const ended = new Promise<number | null>((done) => {
    child.on("close", done);
  });
  const prints = async (pattern: RegExp) => {
    while (!pattern.test(output)) {
      if (child.exitCode !== null) throw new Error(`It ended before it printed ${pattern}:\n${output}`);
      await wait(100);
    }
  };
  return { child, ended, text: () => output, prints };
}

/** Synthesises dev for a running emulator, with a line more in a file of `hosts/`. */
function synthesiseWithChangedFile(folder: string, file: string, endpoint: string, outdir: string): void {
  jest.isolateModules(() => {
    jest.doMock("../../constructs/hosts/host-files", () => {
      const actual = jest.requireActual<typeof import("../../constructs/hosts/host-files")>("../../constructs/hosts/host-files");
      const changed = (text: string) => `${text}# one more line\n`;
      return {
        ...actual,
        hostText: (path: string) => (path === `${folder}/${file}` ? changed(actual.hostText(path)) : actual.hostText(path)),
        hostFolder: (path: string) =>
          Object.fromEntries(
            Object.entries(actual.hostFolder(path)).map(([name, content]) => [
              name,
              path === folder && name === file ? Buffer.from(changed(Buffer.from(content).toString())) : content,
            ]),
          ),
      };
    });
    const { createApp } = jest.requireActual<typeof import("../../stacks/environment")>("../../stacks/environment");
    createApp({ environments: [loadEnvironment("dev")], target: { kind: "emulator", endpoint }, outdir }).synth();
  });
}

const wait = (milliseconds: number) =>
  new Promise((done) => {
    setTimeout(done, milliseconds);
  });
/** One small stack, whose queues take the provider a minute: enough to be interrupted in. */
const SMALL = ["--stacks", "events"] as const;
const folderOf = ({ child }: Run) => join(rehearsals, `dev-${child.pid}`);
const statusOf = (folder: string) => JSON.parse(readFileSync(join(folder, "status.json"), "utf8")) as Status;

describe("Ctrl-C", () => {
  // Before the emulator, while it starts, in the synthesis, in init, in plan, in apply.
  it.each([0.3, 1.2, 2.5, 5, 9, 20])("after %d s leaves no process and no folder", async (seconds) => {
    const run = rehearse("dev", ...SMALL);
    await wait(seconds * 1000);
    run.child.kill("SIGINT");
    expect(await run.ended).not.toBe(0);
    expect(existsSync(folderOf(run))).toBe(false);
    expect(processesIn(folderOf(run))).toEqual([]);
  });

  it("says that nothing is left behind", async () => {
    const run = rehearse("dev", ...SMALL);
    await run.prints(/created aws_/);
    run.child.kill("SIGINT");
    expect(await run.ended).toBe(130);
    expect(run.text()).toContain("Interrupted: the emulator and Terraform are stopped, nothing is left behind.");
  });
});

describe("a command that was killed", () => {
  it("leaves no emulator running, and the next command clears its folder", async () => {
    const run = rehearse("dev", ...SMALL);
    await run.prints(/created aws_/);
    const folder = folderOf(run);
    const { emulator } = statusOf(folder);
    run.child.kill("SIGKILL");
    await run.ended;
    for (let tries = 0; isAlive(emulator!) && tries < 50; tries += 1) await wait(100);
    expect(isAlive(emulator!)).toBe(false);

    const next = rehearse("dev", ...SMALL);
    await next.prints(/Synthesis/); // the emulator is up
    expect(existsSync(folder)).toBe(false);
    expect(processesIn(folder)).toEqual([]);
    next.child.kill("SIGINT");
    await next.ended;
  });
});

describe("an emulator that dies in mid-apply", () => {
  it("ends the rehearsal with the reason", async () => {
    const run = rehearse("dev", ...SMALL);
    await run.prints(/created aws_/);
    const folder = folderOf(run);
    process.kill(statusOf(folder).emulator!, "SIGKILL");
    expect(await run.ended).toBe(1);
    expect(run.text()).toContain("The emulator stopped in the middle of the rehearsal (killed by SIGKILL)");
    expect(existsSync(folder)).toBe(false);
    expect(processesIn(folder)).toEqual([]);
  });
});

describe("a kept rehearsal", () => {
  const workspace = new Workspace(join(rehearsals, "dev"));
  const settings = terraformSettings(rehearsals);
  const terraform = (args: readonly string[], stack = "dev-events") =>
    spawn("terraform", args, {
      cwd: join(workspace.output, "stacks", stack),
      env: { ...process.env, ...settings.variables },
      stdio: ["pipe", "pipe", "pipe"],
    });
  const awsCall = async (service: string, body: string) => {
    const { endpoint } = workspace.status!;
    const response = await fetch(endpoint!, {
      method: "POST",
      body,
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=111122223333/20260101/ap-northeast-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
        "content-type": "application/x-www-form-urlencoded",
      },
    });
    if (!response.ok) throw new Error(await response.text());
  };

  const inventory = async () => (await fetch(`${workspace.status!.endpoint}/rehearsal/inventory?account=111122223333`)).json();

  beforeAll(async () => {
    // The stacks that the scenarios are about, and what they depend on: all but the bootstrap.
    const run = rehearse("dev", "--keep", "--stacks", "trading,services");
    if ((await run.ended) !== 0) throw new Error(run.text());
    expect(run.text()).toContain("left out: dev-bootstrap");
    expect(run.text()).toContain("Stop it: npm run stop");
  });
  afterAll(async () => {
    const emulator = workspace.status?.emulator;
    const stop = copy.start("stop");
    await new Promise((done) => {
      stop.on("close", done);
    });
    expect(emulator && isAlive(emulator)).toBe(false);
    expect(existsSync(workspace.folder)).toBe(false);
  });

  it("is deployed again on top, with nothing to do", async () => {
    const run = rehearse("dev", "--keep", ...SMALL);
    expect(await run.ended).toBe(0);
    expect(run.text()).toContain("Emulator (kept from before)");
    expect(run.text()).not.toMatch(/created aws_|changed aws_|destroyed aws_/);
  });

  it("refuses a second deploy while another holds the lock, and loses nothing", async () => {
    const before = workspace.status;
    // An apply that waits for its approval holds the lock.
    const holder = terraform(["apply", "-no-color", "-replace=aws_sns_topic.system-events_topic_CE0543DB"]);
    await new Promise<void>((done) => {
      holder.stdout.on("data", (chunk) => {
        if (String(chunk).includes("Enter a value")) done();
      });
    });

    const run = rehearse("dev", "--keep", ...SMALL);
    expect(await run.ended).toBe(1);
    expect(run.text()).toContain("Error acquiring the state lock");
    expect(workspace.status).toMatchObject({ state: "kept", endpoint: before?.endpoint, emulator: before?.emulator });

    holder.stdin.end("no\n");
    await new Promise((done) => {
      holder.on("close", done);
    });
    expect(await rehearse("dev", "--keep", ...SMALL).ended).toBe(0);
  });

  it("repairs what was deleted behind Terraform's back", async () => {
    await awsCall("monitoring", "Action=DeleteAlarms&Version=2010-08-01&AlarmNames.member.1=SQS-DLQ-Messages-dev");
    const run = rehearse("dev", "--keep", ...SMALL);
    expect(await run.ended).toBe(0);
    expect(run.text()).toMatch(/dev-events 1\/1 created aws_cloudwatch_metric_alarm/);
  });

  /** What a plan of dev-trading would change if a file of `hosts/` had one more line: address → actions. */
  const planOfChangedFile = async (folder: string, file: string) => {
    const outdir = mkdtempSync(join(tmpdir(), "changed-script-"));
    try {
      synthesiseWithChangedFile(folder, file, workspace.status!.endpoint!, outdir);
      const run = (...args: string[]) =>
        execFileSync("terraform", args, {
          cwd: join(outdir, "stacks", "dev-trading"),
          env: { ...process.env, ...settings.variables },
          encoding: "utf8",
          maxBuffer: 50_000_000,
        });
      run("init", "-input=false");
      run("plan", "-input=false", "-lock=false", "-out=plan");
      const { resource_changes } = JSON.parse(run("show", "-json", "plan")) as {
        resource_changes: { address: string; change: { actions: string[] } }[];
      };
      return Object.fromEntries(
        resource_changes
          .filter(({ change }) => change.actions.join() !== "no-op")
          .map(({ address, change }) => [address.replace(/_[0-9A-F]{8}$/, ""), change.actions]),
      );
    } finally {
      rmSync(outdir, { recursive: true });
    }
  };

  it("would take a changed script of a host as a new bundle and association, and change nothing else (design 12)", async () => {
    expect(await planOfChangedFile("windows", "monitor_services.ps1")).toEqual({
      "aws_s3_object.windows-bundle_object": ["create", "delete"],
      "aws_ssm_parameter.windows-bundle_manifest": ["update"],
      "aws_ssm_association.windows_converge_association": ["update"],
    });
  });

  it("would take a changed user data as a new document, and leave the instance alone (design 12)", async () => {
    expect(await planOfChangedFile("windows", "fetch.ps1")).toEqual({ "aws_ssm_document.windows_converge_document": ["update"] });
  });

  it("takes a new image of a service as a new revision, and changes nothing else", async () => {
    const run = rehearse("dev", "--keep", "--stacks", "services", "--image", "ml=0.2.0");
    expect(await run.ended).toBe(0);
    const changes = [...run.text().matchAll(/\d+\/\d+ (created|changed|destroyed) (\S+?)_[0-9A-F]{8} /g)].map(
      ([, action, address]) => `${action} ${address}`,
    );
    expect(changes.sort()).toEqual([
      "changed aws_ecs_service.service-ml_service",
      "created aws_ecs_task_definition.service-ml_service_task-definition",
      "destroyed aws_ecs_task_definition.service-ml_service_task-definition",
    ]);
  });

  it("fails when ECS goes back to the tasks before, and is repaired by an image that starts", async () => {
    const broken = rehearse("dev", "--keep", "--stacks", "services", "--image", "ml=0.3.0-broken");
    expect(await broken.ended).toBe(1);
    expect(broken.text().replace(/\s+/g, " ")).toContain("The deployment of ml failed: ECS went back to the tasks before.");
    const repaired = rehearse("dev", "--keep", "--stacks", "services", "--image", "ml=0.3.1");
    expect(await repaired.ended).toBe(0);
    expect(repaired.text()).toMatch(/changed aws_ecs_service\.service-ml_service/);
  });

  it("goes back to how it was deployed, from whatever was done to it since", async () => {
    const broken = rehearse("dev", "--keep", "--stacks", "services", "--image", "ml=0.4.0-broken");
    expect(await broken.ended).toBe(1);
    await awsCall("monitoring", "Action=DeleteAlarms&Version=2010-08-01&AlarmNames.member.1=SQS-DLQ-Messages-dev");
    const { deployed, emulator } = workspace.status!;
    const reset = rehearse("dev", "--reset");
    expect([await reset.ended, reset.text()]).toEqual([0, expect.stringContaining(`dev is again as it was deployed at ${deployed}`)]);
    expect(workspace.status).toMatchObject({ state: "kept", emulator, deployed });

    const run = rehearse("dev", "--keep", "--stacks", "events,services", "--image", "ml=0.3.1");
    expect(await run.ended).toBe(0);
    expect(run.text()).not.toMatch(/created aws_|changed aws_|destroyed aws_/);
  });

  // Before and while it synthesises, while it plans, while it applies; the last one is killed outright.
  it("stays as it was when a second deploy is interrupted, five times, or killed", async () => {
    const digests = readFileSync(workspace.digests, "utf8");
    const { deployed, emulator, endpoint } = workspace.status!;
    const before = await inventory();
    const edited = ["dev", "--keep", "--stacks", "services", "--image", "ml=0.5.0"];
    const isAsItWas = async () => {
      expect(workspace.status).toMatchObject({ state: "kept", emulator, endpoint, deployed });
      expect(readFileSync(workspace.digests, "utf8")).toBe(digests);
      expect(await inventory()).toEqual(before);
    };
    for (const moment of [1000, 3000, /Deploy/, /dev-services/, /changed aws_|created aws_/] as const) {
      const run = rehearse(...edited);
      if (typeof moment === "number") await wait(moment);
      else await run.prints(moment);
      run.child.kill("SIGINT");
      expect(await run.ended).not.toBe(0);
      if (typeof moment !== "number") expect(run.text()).toContain("Interrupted: Terraform is stopped. dev is kept as it was");
      await isAsItWas();
    }

    const killed = rehearse(...edited);
    await killed.prints(/changed aws_|created aws_/);
    killed.child.kill("SIGKILL");
    await killed.ended;
    const next = rehearse("dev", "--keep", "--stacks", "services", "--image", "ml=0.3.1");
    expect(await next.ended).toBe(0);
    expect(next.text()).toContain(`The last command on dev was killed: it is first brought back to how it was deployed at ${deployed}.`);
    expect(next.text()).not.toMatch(/created aws_|changed aws_|destroyed aws_/);
    expect(await inventory()).toEqual(before);
  });

  it("does not disturb a rehearsal beside it", async () => {
    const run = rehearse("dev", ...SMALL);
    await run.prints(/Deploy/);
    run.child.kill("SIGINT");
    await run.ended;
    expect(workspace.status?.state).toBe("kept");
    expect(isAlive(workspace.status!.emulator!)).toBe(true);
  });
});

afterAll(() => {
  const remaining = existsSync(rehearsals) ? readdirSync(rehearsals).filter((name) => name.startsWith("dev-")) : [];
  expect(remaining).toEqual([]);
});
