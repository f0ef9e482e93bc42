import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { costTable, metered, writeCosts, type Cost } from "../../commands/checks/costs";
import { leftOut, longChecks, SIXTHS, whole, type Check } from "../../commands/checks/list";

const root = resolve(__dirname, "..", "..");
const python = join(root, ".venv", "bin", "python");
const BURN = "import time\nwhile time.process_time() < 0.3: pass";

describe("a metered command", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "it's costs-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const meter = (command: string, args: readonly string[], path = process.env.PATH) =>
    metered(command, args, { root, python, folder, path });
  function run(command: string, args: readonly string[], path?: string) {
    const { command: program, args: words, variables, cost } = meter(command, args, path);
    const { status, stdout } = spawnSync(program, words, { encoding: "utf8", env: { ...process.env, ...variables } });
    return { status, stdout, ...cost() };
  }

  it("answers as it would by itself", () => {
    expect(run("sh", ["-c", 'echo "$0 $1"; exit 3', "a b", "c"])).toMatchObject({ status: 3, stdout: "a b c\n", terraform: {} });
    expect(run("sh", ["-c", "kill -9 $$"])).toMatchObject({ status: 137 });
  });

  it("costs what its children's children use", () => {
    expect(run("sh", ["-c", `sh -c '"$0" -c "$1"; true' "$0" "$1"; true`, python, BURN]).processorSeconds).toBeGreaterThan(0.3);
  });

  // Only there can a process take the place of init.
  (process.platform === "linux" ? it : it.skip)("costs what those use that it left to themselves", () => {
    const detached = `pid=$("$0" -c 'import subprocess, sys; print(subprocess.Popen([sys.executable, "-c", sys.argv[1]], start_new_session=True, stdout=subprocess.DEVNULL).pid)' "$1"); while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done`;
    expect(run("sh", ["-c", detached, python, BURN]).processorSeconds).toBeGreaterThan(0.3);
  });

  it("is ended with what measures it", async () => {
    const { command, args } = meter("sh", ["-c", "trap 'echo ended; exit 5' TERM; echo started; while true; do sleep 0.05; done"]);
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += String(chunk);
      // At once: it may not even have noted yet what it started.
      if (output === "started\n") child.kill("SIGTERM");
    });
    expect(await once(child, "close")).toEqual([5, null]);
    expect(output).toBe("started\nended\n");
  });

  it("tells which Terraform commands ran, and changes none", () => {
    const programs = join(folder, "own");
    mkdirSync(programs);
    writeFileSync(join(programs, "terraform"), '#!/bin/sh\necho "$# $*"\nexit 2\n');
    chmodSync(join(programs, "terraform"), 0o755);
    const calls = [
      "terraform version",
      "terraform init -input=false",
      'terraform "-chdir=a b" plan',
      "(cd / && terraform plan -out x)",
      "terraform",
      "terraform -help",
    ];
    expect(run("sh", ["-c", calls.join("; ")], [programs, process.env.PATH].join(delimiter))).toMatchObject({
      status: 2,
      terraform: { init: 1, plan: 2 },
      stdout: "1 version\n2 init -input=false\n2 -chdir=a b plan\n3 plan -out x\n0 \n1 -help\n",
    });
  });

  it("is started as it is on Windows", () => {
    const { cost, ...started } = metered("jest", ["--json"], { root, python, folder, platform: "win32" });
    expect(started).toEqual({ command: "jest", args: ["--json"], variables: {} });
    expect(cost()).toEqual({});
  });
});

describe("the table", () => {
  const costs: readonly Cost[] = [
    { title: "types", seconds: 10.4, processorSeconds: 12, terraform: {} },
    { title: "tests", seconds: 200, processorSeconds: 390.6, terraform: { init: 2, test: 30, validate: 2 } },
    { title: "rehearsal of dev", seconds: 90, processorSeconds: 60, terraform: { init: 6, apply: 6, plan: 12 } },
  ];

  it("names the costliest first and adds up, the wall time being that of the whole", () => {
    expect(
      costTable(costs, 222)
        .split("\n")
        .map((line) => line.split(/ {2,}/).join(" | ")),
    ).toEqual([
      "check | wall s | processor s | Terraform commands | of which",
      expect.stringMatching(/^─+$/) as string,
      "tests | 200 | 391 | 34 | 30 test, 2 init, 2 validate",
      "rehearsal of dev | 90 | 60 | 24 | 12 plan, 6 init, 6 apply",
      "types | 10 | 12 | 0",
      "all | 222 | 463 | 58 | 30 test, 12 plan, 8 init, 6 apply, 2 validate",
    ]);
  });

  it("says nothing of what was not measured", () => {
    expect(
      costTable([{ title: "types", seconds: 10 }], 10)
        .split("\n")
        .at(-1)!
        .trim(),
    ).toMatch(/^all +10$/);
  });

  it("is written as JSON with commit and processors", () => {
    const folder = mkdtempSync(join(tmpdir(), "costs-"));
    writeCosts(root, join(folder, "new", "test.json"), costs, 222);
    expect(JSON.parse(readFileSync(join(folder, "new", "test.json"), "utf8"))).toMatchObject({
      commit: expect.stringMatching(/^[0-9a-f]{7,}/) as string,
      processors: expect.any(Number) as number,
      seconds: 222,
      checks: costs,
    });
    rmSync(folder, { recursive: true });
  });
});

describe("what a run leaves out", () => {
  const checks: readonly Check[] = [
    { title: "types", command: "tsc", args: ["--noEmit"] },
    {
      title: "rehearsal of staging",
      command: "rehearse",
      args: ["staging", "--stacks", "network"],
      part: {
        leavesOut: "events and data, which are as in prod",
        all: { title: "rehearsal of staging", command: "rehearse", args: ["staging"] },
      },
    },
  ];
  it("is named", () => expect(leftOut(checks)).toEqual(["rehearsal of staging: events and data, which are as in prod"]));
  it("is run when all is asked for", () => {
    expect(whole(checks)).toEqual([checks[0], { title: "rehearsal of staging", command: "rehearse", args: ["staging"] }]);
    expect(leftOut(whole(checks))).toEqual([]);
  });
  it.each(["mutations", "mutations in reviews"])("is five sixths of the %s: the commit says which, and once a day none", (name) => {
    const { computing } = longChecks({ root, python }, tmpdir());
    const mutations = (checks: readonly Check[]) => checks.find(({ title }) => title === name)!;
    const sixth = Number(mutations(computing).variables!.SHARE);
    expect(leftOut(computing)).toContain(
      `${name}: five sixths of the single bad edits; the commit's hash chose the ${SIXTHS[sixth]} sixth`,
    );
    expect(mutations(whole(computing)).variables).not.toHaveProperty("SHARE");
  });
});
