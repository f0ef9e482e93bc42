import { Command } from "commander";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { costTable, isMetered, writeCosts } from "./checks/costs";
import { leftOut, longChecks, quickChecks, whole, type Checks } from "./checks/list";
import { runChecks } from "./checks/run";
import type { Project } from "./cli";

export function testCommand(project: Project): Command {
  return new Command("test")
    .description("Types, lint, tests, real validation and mocked apply of every stack, the emulator's own tests, a rehearsal of dev.")
    .action(() => report(project, "test", [quickChecks], false));
}

export function checkCommand(project: Project): Command {
  return new Command("check")
    .description("The longer checks: rehearsals of staging and prod and of what can go wrong in one, property and mutation tests at full length, checkov, the chart on a Kubernetes cluster, benchmarks.")
    .option("--tests", "those of `npm test` too, in one schedule and one table of costs", false)
    .option("--all", "nothing left out of what a single run need not repeat, as ci.yml does daily", false)
    .action(({ tests, all }: { tests: boolean; all: boolean }) => report(project, "check", [...(tests ? [quickChecks] : []), longChecks], all));
}

/** The last line reads `N passed, N failed`. */
async function report(project: Project, name: string, lists: readonly ((project: Project, folder: string) => Checks)[], isWhole: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "checks-"));
  try {
    const started = performance.now();
    const checks = lists.map((list) => list(project, folder));
    const lane = (key: keyof Checks) => checks.flatMap((some) => (isWhole ? whole(some[key]) : some[key]));
    const lanes: Checks = { computing: lane("computing"), waiting: lane("waiting"), alone: lane("alone") };
    const outcomes = await runChecks(project, lanes);
    const seconds = (performance.now() - started) / 1000;
    const costs = outcomes.map(({ cost }) => cost);
    const file = join(project.root, ".checks", `${name}.json`);
    writeCosts(project.root, file, costs, seconds);
    console.log(`\n${costTable(costs, seconds)}\n\nAlso in ${relative(project.root, file)}.${isMetered() ? "" : " On Windows neither processor time nor Terraform commands are counted."}\n`);
    const missing = Object.values(lanes).flatMap(leftOut);
    if (missing.length > 0) console.log(`Left out of this run, not of \`npm run check -- --all\`:\n${missing.map((line) => `  ${line}`).join("\n")}\n`);
    const [passed, failed] = (["passed", "failed"] as const).map((key) => outcomes.reduce((total, outcome) => total + outcome[key], 0)) as [number, number];
    console.log(`${passed} passed, ${failed} failed`);
    if (failed > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
