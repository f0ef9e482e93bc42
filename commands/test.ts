import { Command } from "commander";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { costTable, isMetered, readCosts, writeCosts } from "./checks/costs";
import { callsFolder, leftOut, longChecks, quickChecks, whole, type Checks } from "./checks/list";
import { runChecks } from "./checks/run";
import type { Project } from "./project";

export function testCommand(project: Project): Command {
  return new Command("test")
    .description("Types, lint, tests, real validation and mocked apply of every stack, the emulator's own tests, a rehearsal of dev.")
    .action(() => report(project, "test", quickChecks));
}

export function checkCommand(project: Project): Command {
  return new Command("check")
    .description(
      "The longer checks: rehearsals of staging and prod and of what can go wrong in one, property and mutation tests at full length, checkov, the chart on a Kubernetes cluster, benchmarks.",
    )
    .option("--after <name>", "a run whose costs stand in the same table, such as the `test` before it")
    .option("--all", "nothing left out of what a single run need not repeat, as ci.yml does daily", false)
    .action(({ after, all }: { after?: string; all: boolean }) => report(project, "check", longChecks, { after, isWhole: all }));
}

/** Letters for each line of a list that must not be long itself, in which a few lines may say more. */
const roomFor = (lines: number): number => Math.max(240, Math.floor(2400 / lines));

/** The last line reads `N passed, N failed`. */
async function report(
  project: Project,
  name: string,
  list: (project: Project, folder: string) => Checks,
  { after, isWhole = false }: { readonly after?: string; readonly isWhole?: boolean } = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "checks-"));
  try {
    const started = performance.now();
    // What an earlier run called says nothing of this one's code, unless this one goes on from there.
    if (after === undefined) rmSync(callsFolder(project.root), { recursive: true, force: true });
    mkdirSync(callsFolder(project.root), { recursive: true });
    const checks = list(project, folder);
    const lane = (key: keyof Checks) => (isWhole ? whole(checks[key]) : checks[key]);
    const lanes: Checks = { computing: lane("computing"), waiting: lane("waiting"), alone: lane("alone") };
    const outcomes = await runChecks(project, lanes);
    const seconds = (performance.now() - started) / 1000;
    const costs = outcomes.map(({ cost }) => cost);
    const fileOf = (run: string) => join(project.root, ".checks", `${run}.json`);
    const file = fileOf(name);
    writeCosts(project.root, file, costs, seconds);
    const before = after === undefined ? { seconds: 0, checks: [] } : readCosts(fileOf(after));
    console.log(
      `\n${costTable([...before.checks, ...costs], before.seconds + seconds)}\n\nAlso in ${relative(project.root, file)}.${isMetered() ? "" : " On Windows neither processor time nor Terraform commands are counted."}\n`,
    );
    const missing = Object.values(lanes).flatMap(leftOut);
    if (missing.length > 0)
      console.log(`Left out of this run, not of \`npm run check -- --all\`:\n${missing.map((line) => `  ${line}`).join("\n")}\n`);
    const [passed, failed] = (["passed", "failed"] as const).map((key) => outcomes.reduce((total, outcome) => total + outcome[key], 0)) as [
      number,
      number,
    ];
    const named = outcomes.flatMap(({ cost: { title }, failed: count, failures = [] }) =>
      count === 0 ? [] : failures.length > 0 ? failures.map((failure) => `${title}: ${failure}`) : [`${title}: see above`],
    );
    // Long output is often cut in the middle: what failed stands at its end once more.
    if (named.length > 0) console.log(`Failed:\n${named.map((line) => `  ${line.slice(0, roomFor(named.length))}`).join("\n")}\n`);
    console.log(`${passed} passed, ${failed} failed`);
    if (failed > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
