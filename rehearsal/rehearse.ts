/**
 * A rehearsal: an environment deployed for real, planned again with an empty diff, destroyed with nothing left.
 *
 * The real cdktf, the real Terraform, the real AWS provider and a real S3 backend with locking, against an emulator of AWS.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Listr, type ListrTask, type ListrTaskWrapper } from "listr2";
import { terraformSettings } from "../commands/terraform";
import { loadEnvironment } from "../environments";
import type { Environment } from "../environments/schema";
import { REHEARSAL_STATE_BUCKET } from "../stacks/target";
import { createCdktf, type Cdktf } from "./cdktf";
import { watchStacks } from "./display";
import { Emulator, tail } from "./emulator";
import { left } from "./left";
import type { StackProgress } from "./progress";
import { Interrupted, onInterrupt } from "./interrupt";
import { clearAbandoned, Workspace } from "./workspace";

export interface RehearsalOptions {
  readonly root: string;
  /** Python of the emulator's virtual environment. */
  readonly python: string;
  readonly environment: string;
  /** Leave the environment deployed and the emulator running. */
  readonly keep: boolean;
}

/** One step with the seconds it took. */
export interface Phase {
  readonly name: string;
  readonly seconds: number;
}

export interface StackReport {
  readonly name: string;
  readonly resources: number;
  readonly deploySeconds: number;
  readonly destroySeconds?: number;
}

export interface RehearsalReport {
  readonly environment: string;
  readonly stacks: readonly StackReport[];
  readonly phases: readonly Phase[];
  /** What a rehearsal cannot show, and operations that the emulator only inferred. */
  readonly limits: readonly string[];
  /** Present while the emulator is kept. */
  readonly endpoint?: string;
  readonly folder?: string;
}

interface Context {
  readonly deployed: Map<string, StackReport>;
  readonly phases: Phase[];
  emulator?: Emulator;
  cdktf?: Cdktf;
  limits: readonly string[];
}

/**
 * Rehearses an environment.
 * @throws Interrupted on Ctrl-C, Error with the reason when anything is not as it must be; the emulator and its folder are gone then
 */
export async function rehearse(options: RehearsalOptions): Promise<RehearsalReport> {
  const { root, python, keep } = options;
  // Before anything starts: an unknown name or a refused literal costs no time.
  const environment = loadEnvironment(options.environment);
  const name = environment.name;
  await clearAbandoned(root);

  const workspace = new Workspace(join(root, ".rehearsal", keep ? name : `${name}-${process.pid}`));
  if (workspace.isBusy) throw new Error(`Another command (process ${workspace.status?.owner}) is rehearsing ${name} to keep it. Wait for it, or stop it.`);
  const attached = keep ? await Emulator.attach(workspace, environment.account) : undefined;
  if (!attached) await workspace.clear();
  const since = attached ? workspace.status!.since : new Date().toISOString();
  const own = (emulator?: Emulator) => { workspace.write({ environment: name, state: "running", owner: process.pid, since, endpoint: emulator?.endpoint, emulator: emulator?.pid }); };
  own(attached);

  const interrupt = onInterrupt();
  const settings = terraformSettings(join(root, ".rehearsal"));
  const context: Context = { deployed: new Map(), phases: [], emulator: attached, limits: [] };
  const timed = (title: string, run: (task: ListrTaskWrapper<Context, never, never>) => Promise<void>): ListrTask<Context> => ({
    title,
    task: async (_, task) => {
      const started = Date.now();
      await run(task as never);
      context.phases.push({ name: title, seconds: (Date.now() - started) / 1000 });
    },
  });

  const start = async () => {
    context.emulator ??= await Emulator.start({ root, python, workspace, account: environment.account, signal: interrupt.signal });
    own(context.emulator);
    if (!attached) await context.emulator.createBucket(REHEARSAL_STATE_BUCKET, environment.region);
    const signal = AbortSignal.any([interrupt.signal, context.emulator.failure.signal]);
    context.cdktf = createCdktf({ root, workspace, environment: name, endpoint: context.emulator.endpoint, settings, signal });
  };
  const cdktf = () => context.cdktf!;
  const all = `${name}-*`;

  const tasks: ListrTask<Context>[] = [
    timed(attached ? "Emulator (kept from before)" : "Emulator", start),
    timed("Synthesis", () => cdktf().synth()),
    timed("Deploy", (task) => deploy(cdktf(), [all], task, (stacks) => { for (const stack of stacks) record(context, stack); })),
    timed("Second plan is empty", (task) => secondPlan(cdktf(), task)),
  ];
  if (!keep) {
    if (environment.deletionProtection) tasks.push(timed("Destroying the data is refused", () => protectedData(cdktf(), environment)), timed("Deletion protection lifted", (task) => lift(cdktf(), all, task)));
    tasks.push(
      timed("Destroy", (task) => destroy(cdktf(), [all], task, (stacks) => { for (const stack of stacks) recordDestroy(context, stack); })),
      timed("Nothing is left", () => nothingLeft(context.emulator!, cdktf())),
    );
  }
  tasks.push({ title: "What a rehearsal cannot show", task: async () => { context.limits = await limitsOf(context.emulator!); } });

  if (settings.note) console.error(settings.note);
  try {
    await new Listr(tasks, { concurrent: false, exitOnError: true, registerSignalListeners: false, fallbackRenderer: "simple", rendererOptions: { collapseSubtasks: false } }).run(context);
    if (keep) {
      await context.emulator!.keep();
      workspace.write({ environment: name, state: "kept", owner: process.pid, since, endpoint: context.emulator!.endpoint, emulator: context.emulator!.pid });
      writeFileSync(join(workspace.folder, "env"), shellVariables(environment, workspace, context.emulator!.endpoint, settings.variables));
    }
    return { environment: name, stacks: [...context.deployed.values()], phases: context.phases, limits: context.limits, ...(keep && { endpoint: context.emulator!.endpoint, folder: workspace.folder }) };
  } catch (error) {
    context.emulator?.release();
    throw interrupt.signal.aborted ? new Interrupted() : error;
  } finally {
    context.emulator?.release();
    if (workspace.status?.state !== "kept") await workspace.clear();
    interrupt.dispose();
  }
}

async function deploy(cdktf: Cdktf, patterns: readonly string[], task: ListrTaskWrapper<Context, never, never>, onStacks: (stacks: Iterable<StackProgress>) => void): Promise<void> {
  const reader = await watchStacks(task, (watch) => cdktf.run("deploy", patterns, watch));
  if (reader.code !== 0) throw new Error(reader.errors.join("\n") || `cdktf deploy ended with exit code ${reader.code}`);
  onStacks(reader.stacks.values());
}

async function destroy(cdktf: Cdktf, patterns: readonly string[], task: ListrTaskWrapper<Context, never, never>, onStacks: (stacks: Iterable<StackProgress>) => void): Promise<void> {
  const reader = await watchStacks(task, (watch) => cdktf.run("destroy", patterns, watch));
  if (reader.code !== 0) throw new Error(reader.errors.join("\n") || `cdktf destroy ended with exit code ${reader.code}`);
  onStacks(reader.stacks.values());
}

/** Every stack planned again, two at a time (a plan is work for the processor, not waiting). */
async function secondPlan(cdktf: Cdktf, task: ListrTaskWrapper<Context, never, never>): Promise<void> {
  const drifted: string[] = [];
  const queue = cdktf.stacks();
  const worker = async () => {
    for (let stack = queue.shift(); stack !== undefined; stack = queue.shift()) {
      task.output = stack;
      const { code, output } = await cdktf.terraform(stack, ["plan", "-detailed-exitcode", "-input=false", "-no-color", "-lock=false"]);
      if (code !== 0) drifted.push(`${stack}: ${code === 2 ? "the second plan is not empty" : `terraform plan ended with exit code ${code}`}\n${output.slice(output.indexOf("Terraform will perform"))}`);
    }
  };
  await Promise.all([worker(), worker()]);
  if (drifted.length > 0) throw new Error(drifted.join("\n\n"));
}

/** A destroy of protected data must fail, and must say why. */
async function protectedData(cdktf: Cdktf, { name }: Environment): Promise<void> {
  const stack = `${name}-data`;
  const { code, output } = await cdktf.terraform(stack, ["plan", "-destroy", "-input=false", "-no-color", "-lock=false"]);
  if (code === 0) throw new Error(`${stack} is protected, yet its destroy was planned`);
  if (!output.includes("lifecycle.prevent_destroy")) throw new Error(`${stack}: the destroy failed for another reason than its protection:\n${output}`);
}

/** The one documented way: the same environment with `deletionProtection` lifted, deployed once. */
async function lift(cdktf: Cdktf, all: string, task: ListrTaskWrapper<Context, never, never>): Promise<void> {
  await cdktf.synth({ DELETION_PROTECTION: "lifted" });
  await deploy(cdktf, [all], task, () => undefined);
}

async function nothingLeft(emulator: Emulator, cdktf: Cdktf): Promise<void> {
  const states = await Promise.all(cdktf.stacks().map(async (stack) => ({ stack, ...(await cdktf.terraform(stack, ["state", "list"])) })));
  const remaining = states.filter(({ output }) => output.trim() !== "" && !output.startsWith("No state file"));
  if (remaining.length > 0) throw new Error(remaining.map(({ stack, output }) => `${stack} still holds in its state:\n${output}`).join("\n"));
  const found = left(await emulator.inventory(), [REHEARSAL_STATE_BUCKET]);
  if (found.length > 0) throw new Error(`The emulator still holds after the destroy:\n  ${found.join("\n  ")}`);
}

async function limitsOf(emulator: Emulator): Promise<readonly string[]> {
  const { inferred } = await emulator.coverage();
  return [...await emulator.limits(), ...inferred.map(({ service, operation }) => `${service} ${operation} was answered by inference only`)];
}

const seconds = (stack: StackProgress) => ((stack.finished ?? stack.started) - stack.started) / 1000;
function record(context: Context, stack: StackProgress): void {
  context.deployed.set(stack.name, { name: stack.name, resources: stack.result?.added ?? 0, deploySeconds: seconds(stack) });
}
function recordDestroy(context: Context, stack: StackProgress): void {
  const deployed = context.deployed.get(stack.name);
  if (deployed) context.deployed.set(stack.name, { ...deployed, destroySeconds: seconds(stack) });
}

/** Lines for `set -a; . FILE`: with them plain terraform and cdktf work on the kept environment. */
function shellVariables(environment: Environment, workspace: Workspace, endpoint: string, settings: Readonly<Record<string, string | undefined>>): string {
  const variables = {
    ...settings,
    ENVIRONMENTS: environment.name,
    EMULATOR_ENDPOINT: endpoint,
    CDKTF_OUTDIR: workspace.output,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: environment.account,
    AWS_SECRET_ACCESS_KEY: "rehearsal",
    AWS_DEFAULT_REGION: environment.region,
  };
  return Object.entries(variables).flatMap(([key, value]) => (value === undefined ? [] : [`${key}='${value.replaceAll("'", `'\\''`)}'\n`])).join("");
}

export { tail };
