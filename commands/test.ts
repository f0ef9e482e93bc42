import { Command } from "commander";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { costTable, isMetered, writeCosts } from "./checks/costs";
import { longChecks, quickChecks, type Checks } from "./checks/list";
import { runChecks } from "./checks/run";
import type { Project } from "./cli";

export function testCommand(project: Project): Command {
  return new Command("test")
    .description("Types, lint, tests, real validation and mocked apply of every stack, the emulator's own tests, a rehearsal of dev.")
    .action(() => report(project, "test", [quickChecks]));
}

export function checkCommand(project: Project): Command {
  return new Command("check")
    .description("The longer checks: rehearsals of staging and prod and of what can go wrong in one, property and mutation tests at full length, checkov, the chart on a Kubernetes cluster, benchmarks.")
    .option("--tests", "those of `npm test` too, in one schedule and one table of costs", false)
    .action(({ tests }: { tests: boolean }) => report(project, "check", [...(tests ? [quickChecks] : []), longChecks]));
}

/** The last line reads `N passed, N failed`. */
async function report(project: Project, name: string, lists: readonly ((project: Project, folder: string) => Checks)[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "checks-"));
  try {
    const started = performance.now();
    const checks = lists.map((list) => list(project, folder));
    const all = (lane: keyof Checks) => checks.flatMap((some) => some[lane]);
    const outcomes = await runChecks(project, { computing: all("computing"), waiting: all("waiting"), alone: all("alone") });
    const seconds = (performance.now() - started) / 1000;
    const costs = outcomes.map(({ cost }) => cost);
    const file = join(project.root, ".checks", `${name}.json`);
    writeCosts(project.root, file, costs, seconds);
    console.log(`\n${costTable(costs, seconds)}\n\nAlso in ${relative(project.root, file)}.${isMetered() ? "" : " On Windows neither processor time nor Terraform commands are counted."}\n`);
    const [passed, failed] = (["passed", "failed"] as const).map((key) => outcomes.reduce((total, outcome) => total + outcome[key], 0)) as [number, number];
    console.log(`${passed} passed, ${failed} failed`);
    if (failed > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
