import { Command } from "commander";
import { execa } from "execa";
import { spawnSync } from "node:child_process";
import { Listr, type ListrTask } from "listr2";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Project } from "./cli";
import { terraformSettings } from "./terraform";

/** One check: what runs, and how many tests its output speaks of. */
interface Check {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** Reads passed and failed tests from the output. @default one test, passed with exit code 0 */
  readonly count?: (output: string) => { readonly passed: number; readonly failed: number } | undefined;
}

/** cdktf keeps the tokens of every app in a process, and the property tests make hundreds of apps: more than Node's own limit of 4 GB. */
const ROOMY = { NODE_OPTIONS: "--max-old-space-size=6144" };

/**
 * A check starts Terraform and the provider hundreds of times, for seconds each: collecting garbage less often takes a sixth off their
 * processor time. The limit keeps a large plan from growing the heap fivefold.
 */
const SHORT_LIVED_GO = { GOGC: "400", GOMEMLIMIT: "768MiB" };

interface Outcome {
  readonly title: string;
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
}

export function testCommand(project: Project): Command {
  return new Command("test")
    .description("Types, lint, tests, real validation and mocked apply of every stack, the emulator's own tests, a rehearsal of dev.")
    .action(() => report(project, false));
}

export function checkCommand(project: Project): Command {
  return new Command("check")
    .description("The longer checks: rehearsals of staging and prod and of what can go wrong in one, property and mutation tests at full length, checkov, the chart on a Kubernetes cluster, benchmarks.")
    .action(() => report(project, true));
}

async function report(project: Project, long: boolean): Promise<void> {
  const { passed, failed } = await runChecks(project, long);
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

async function runChecks({ root, python }: Project, long: boolean): Promise<{ passed: number; failed: number }> {
  const folder = mkdtempSync(join(tmpdir(), "checks-"));
  const bin = (name: string) => join(root, "node_modules", ".bin", name);
  const reportOf = (title: string) => join(folder, `${title.replaceAll(" ", "-")}.json`);
  const jestCount = (title: string) => () => {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(reportOf(title), "utf8")) as Record<string, number>;
    return { passed: numPassedTests!, failed: numFailedTests! || numFailedTestSuites! };
  };
  const jest = (title: string, args: readonly string[], variables: Check["variables"] = {}): Check =>
    ({ title, command: bin("jest"), args: ["--json", "--outputFile", reportOf(title), ...args], variables: { ...ROOMY, ...variables }, count: jestCount(title) });
  const rehearsal = (environment: string, ...options: readonly string[]): Check =>
    ({ title: ["rehearsal of", environment, ...options].join(" "), command: process.execPath, args: [join(root, "commands", "run.mjs"), "rehearse", environment, ...options] });

  const cluster = "tests on a cluster";
  const checks: Check[] = long ? [
    jest("properties at full length", ["test/property"], { PROPERTY_RUNS: "2000" }),
    jest("mutations", ["test/mutation/mutations"]),
    jest("mutations in reviews", ["test/mutation/review"]),
    jest("security of plans and manifests", ["test/charts/checkov", "test/review/checkov"]),
    ...(hasGo() ? [{ title: cluster, command: process.execPath, args: [join(root, "commands", "run.mjs"), "test:cluster", "--start", "--json", reportOf(cluster)], count: jestCount(cluster) }] : []),
  ] : [
    { title: "types", command: bin("tsc"), args: ["--noEmit", "-p", root] },
    { title: "lint", command: bin("eslint"), args: [root] },
    jest("tests", ["--testPathIgnorePatterns", "test/(mutation|scenarios|cluster|charts/checkov|review/checkov)/"]),
    {
      title: "emulator", command: python, args: ["-m", "unittest", "discover", "-s", "rehearsal/emulator/tests", "-t", "rehearsal/emulator"], variables: { PYTHONDONTWRITEBYTECODE: "1" },
      count: unittestCount,
    },
    {
      title: "programs of the hosts", command: python, args: ["-m", "unittest", "discover", "-s", "test/hosts/python"], variables: { PYTHONDONTWRITEBYTECODE: "1" },
      count: unittestCount,
    },
  ];
  const rehearsals = long ? [rehearsal("staging"), rehearsal("prod"), jest("scenarios", ["test/scenarios"])] : [rehearsal("dev")];

  const outcomes: Outcome[] = [];
  const running = new AbortController();
  const stop = () => { running.abort(); };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  const task = (check: Check): ListrTask => ({
    title: check.title,
    task: async (_, current) => {
      const started = Date.now();
      const outcome = await run(root, check, running.signal);
      outcomes.push(outcome);
      const summary = `${check.title}: ${outcome.passed} passed, ${outcome.failed} failed (${Math.round((Date.now() - started) / 1000)} s)`;
      current.title = summary;
      if (outcome.failed > 0) throw new Error(summary);
    },
  });
  const lane = (title: string, members: readonly Check[], atOnce: number): ListrTask => ({ title, task: (_, current) => current.newListr(members.map(task), { exitOnError: false, concurrent: atOnce }) });
  try {
    // A rehearsal mostly waits for the provider, so the checks of the processor run beside it.
    await new Listr([lane("Checks", checks, 1), lane("Rehearsals", rehearsals, 2)], { concurrent: true, exitOnError: false, registerSignalListeners: false, fallbackRenderer: "simple", rendererOptions: { collapseErrors: false, showErrorMessage: false } }).run();
    // Benchmarks want the machine for themselves.
    if (long && !running.signal.aborted) await new Listr([task({ title: "benchmarks", command: process.execPath, args: [join(root, "commands", "run.mjs"), "bench", "--no-rehearsal"] })], { exitOnError: false, fallbackRenderer: "simple" }).run();
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    rmSync(folder, { recursive: true, force: true });
  }
  for (const { title, failed, output } of outcomes) if (failed > 0) console.log(`\n── ${title} ──\n${output.trimEnd().split("\n").slice(-200).join("\n")}\n`);
  if (running.signal.aborted) throw new Error("Interrupted.");
  return { passed: sum(outcomes, "passed"), failed: sum(outcomes, "failed") };
}

/** A control plane is built with it. In CI the tests that want one are never left out. */
function hasGo(): boolean {
  if (process.env.CI || spawnSync("go", ["version"]).status === 0) return true;
  console.log("Tests on a cluster are left out, because Go is not on the PATH: it builds the control plane that they run on.");
  return false;
}

/** Reads what Python's unittest prints at its end. */
function unittestCount(output: string): { passed: number; failed: number } | undefined {
  const ran = /^Ran (\d+) tests?/m.exec(output);
  const failed = [...output.matchAll(/(?:failures|errors)=(\d+)/g)].reduce((total, [, number]) => total + Number(number), 0);
  return ran ? { passed: Number(ran[1]) - failed, failed } : undefined;
}

const sum = (outcomes: readonly Outcome[], key: "passed" | "failed") => outcomes.reduce((total, outcome) => total + outcome[key], 0);

async function run(root: string, { title, command, args, variables = {}, count }: Check, cancelSignal: AbortSignal): Promise<Outcome> {
  const settings = terraformSettings(join(root, ".rehearsal"));
  const { all: output = "", exitCode } = await execa(command, args, {
    cwd: root, reject: false, all: true, stdin: "ignore", cancelSignal, forceKillAfterDelay: 20_000,
    env: { ...SHORT_LIVED_GO, ...settings.variables, ...variables, NO_COLOR: "1", FORCE_COLOR: undefined },
  });
  let counted: ReturnType<NonNullable<Check["count"]>>;
  try {
    counted = count?.(output);
  } catch {
    counted = undefined; // the runner did not get as far as its report
  }
  const { passed, failed } = counted ?? (exitCode === 0 && !count ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
  return { title, passed, failed: exitCode === 0 ? failed : Math.max(1, failed), output };
}
