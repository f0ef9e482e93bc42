/** Runs checks beside and after one another, shows how they go, and adds up what they found and what they cost. */
import { execa } from "execa";
import { Listr, type ListrTask } from "listr2";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Project } from "../project";
import { abortOnInterrupt } from "../../terraform/interrupt";
import { terraformSettings } from "../../terraform/settings";
import { metered, type Cost } from "./costs";
import type { Check, Checks, Count } from "./list";

export interface Outcome extends Count {
  readonly cost: Cost;
  readonly output: string;
}

/** @throws when it is interrupted */
export async function runChecks(project: Project, { computing, waiting, alone }: Checks): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const running = new AbortController();
  const dispose = abortOnInterrupt(running, "Interrupted.");
  const task = (check: Check): ListrTask => ({
    title: check.title,
    task: async (_, current) => {
      const outcome = await runCheck(project, check, running.signal);
      outcomes.push(outcome);
      const summary = `${check.title}: ${outcome.passed} passed, ${outcome.failed} failed (${Math.round(outcome.cost.seconds)} s)`;
      current.title = summary;
      if (outcome.failed > 0) throw new Error(summary);
    },
  });
  const lane = (title: string, members: readonly Check[], atOnce: number): ListrTask => ({
    title,
    task: (_, current) => current.newListr(members.map(task), { exitOnError: false, concurrent: atOnce }),
  });
  const options = {
    exitOnError: false,
    registerSignalListeners: false,
    fallbackRenderer: "simple",
    rendererOptions: { collapseErrors: false, showErrorMessage: false },
  } as const;
  try {
    await new Listr([lane("Checks", computing, 1), lane("Rehearsals", waiting, 2)], { ...options, concurrent: true }).run();
    if (!running.signal.aborted) await new Listr(alone.map(task), options).run();
  } finally {
    dispose();
  }
  for (const {
    failed,
    output,
    cost: { title },
  } of outcomes)
    if (failed > 0) console.log(`\n── ${title} ──\n${output.trimEnd().split("\n").slice(-200).join("\n")}\n`);
  if (running.signal.aborted) throw running.signal.reason as Error;
  return outcomes;
}

export async function runCheck(
  { root, python }: Project,
  { title, command, args, variables = {}, count }: Check,
  cancelSignal?: AbortSignal,
): Promise<Outcome> {
  const settings = terraformSettings(join(root, ".rehearsal"));
  const folder = mkdtempSync(join(tmpdir(), "check-"));
  try {
    const meter = metered(command, args, { root, python, folder });
    const started = performance.now();
    const { all: output = "", exitCode } = await execa(meter.command, meter.args, {
      cwd: root,
      reject: false,
      all: true,
      stdin: "ignore",
      cancelSignal,
      forceKillAfterDelay: 20_000,
      env: { ...settings.variables, ...variables, ...meter.variables, NO_COLOR: "1", FORCE_COLOR: undefined },
    });
    const cost = { title, seconds: (performance.now() - started) / 1000, ...meter.cost() };
    return { ...countOf(exitCode, output, count), cost, output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countOf(exitCode: number | undefined, output: string, count: Check["count"]): Count {
  let counted: Count | undefined;
  try {
    counted = count?.(output);
  } catch {
    counted = undefined; // the runner did not get as far as its report
  }
  const { passed, failed, failures }: Count = counted ?? (exitCode === 0 && !count ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
  return { passed, failed: exitCode === 0 ? failed : Math.max(1, failed), failures };
}
