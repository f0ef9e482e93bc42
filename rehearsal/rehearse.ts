/**
 * A rehearsal: an environment deployed for real, planned again with an empty diff, destroyed with nothing left.
 *
 * The real cdktf, the real Terraform, the real AWS provider and a real S3 backend with locking, against an emulator of AWS.
 */
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Listr, type ListrTask } from "listr2";
import { terraformSettings } from "../commands/terraform";
import { loadEnvironment } from "../environments";
import type { Environment } from "../environments/schema";
import { REHEARSAL_STATE_BUCKET } from "../stacks/target";
import { createCdktf, type Cdktf } from "./cdktf";
import { watchStacks, type Screen } from "./display";
import { Emulator } from "./emulator";
import { left } from "./left";
import type { StackProgress } from "./progress";
import { Interrupted, onInterrupt } from "./interrupt";
import { clearAbandoned, Workspace, type Status } from "./workspace";

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
  /** Resources that were created, changed and destroyed by the deploy. */
  readonly created: number;
  readonly changed: number;
  readonly destroyed: number;
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
  const interrupt = onInterrupt();
  await clearAbandoned(root);

  const workspace = new Workspace(join(root, ".rehearsal", keep ? name : `${name}-${process.pid}`));
  if (workspace.isBusy) throw new Error(`Another command (process ${workspace.status?.owner}) is rehearsing ${name} to keep it. Wait for it, or stop it.`);
  const attached = keep ? await Emulator.attach(workspace, environment.account) : undefined;
  if (!attached) await workspace.clear();
  const since = attached ? workspace.status!.since : new Date().toISOString();
  const setState = (state: Status["state"], emulator?: Emulator) => {
    workspace.write({ environment: name, state, owner: process.pid, since, endpoint: emulator?.endpoint, emulator: emulator?.pid });
  };
  setState("running", attached);

  const settings = terraformSettings(join(root, ".rehearsal"));
  const context: Context = { deployed: new Map(), phases: [], emulator: attached, limits: [] };
  const timed = (title: string, run: (screen: Screen) => Promise<void>): ListrTask<Context> => ({
    title,
    task: async (_, task) => {
      const started = Date.now();
      await run(task);
      context.phases.push({ name: title, seconds: (Date.now() - started) / 1000 });
    },
  });

  const start = async () => {
    context.emulator ??= await Emulator.start({ root, python, workspace, account: environment.account, signal: interrupt.signal });
    setState("running", context.emulator);
    if (!attached) await context.emulator.createBucket(REHEARSAL_STATE_BUCKET, environment.region);
    const signal = AbortSignal.any([interrupt.signal, context.emulator.failure.signal]);
    context.cdktf = createCdktf({ root, workspace, environment: name, endpoint: context.emulator.endpoint, settings, signal });
  };
  const cdktf = () => context.cdktf!;
  const all = `${name}-*`;

  const tasks: ListrTask<Context>[] = [
    timed(attached ? "Emulator (kept from before)" : "Emulator", start),
    timed("Synthesis", () => cdktf().synth()),
    timed("Deploy", async (screen) => { for (const stack of await apply(cdktf(), "deploy", [all], screen)) record(context, stack); }),
    timed("Second plan is empty", (screen) => secondPlan(cdktf(), screen)),
  ];
  if (!keep) {
    if (environment.deletionProtection) tasks.push(timed("Destroying the data is refused", () => protectedData(cdktf(), environment)), timed("Deletion protection lifted", (screen) => lift(cdktf(), all, screen)));
    tasks.push(
      timed("Destroy", async (screen) => { for (const stack of await apply(cdktf(), "destroy", [all], screen)) recordDestroy(context, stack); }),
      timed("Nothing is left", () => nothingLeft(context.emulator!, cdktf())),
    );
  }
  tasks.push({ title: "What a rehearsal cannot show", task: async () => { context.limits = await limitsOf(context.emulator!); } });

  if (settings.note) console.error(settings.note);
  try {
    await new Listr(tasks, { concurrent: false, exitOnError: true, registerSignalListeners: false, fallbackRenderer: "simple", rendererOptions: { collapseSubtasks: false } }).run(context);
    const { emulator } = context;
    if (keep && emulator) {
      await emulator.keep();
      setState("kept", emulator);
      writeFileSync(join(workspace.folder, "env"), shellVariables(environment, workspace, emulator.endpoint, settings.variables));
    }
    return { environment: name, stacks: [...context.deployed.values()], phases: context.phases, limits: context.limits, ...(keep && emulator && { endpoint: emulator.endpoint, folder: workspace.folder }) };
  } catch (error) {
    if (interrupt.signal.aborted) throw new Interrupted();
    // What was kept before stays as it is: a deploy that was refused, by a lock for example, loses nothing.
    if (attached && !attached.failure.signal.aborted) setState("kept", attached);
    const log = join(root, ".rehearsal", `${name}.log`);
    workspace.saveLogs(log);
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\nEverything that was printed: ${relative(process.cwd(), log)}`);
  } finally {
    context.emulator?.release();
    if (workspace.status?.state !== "kept") await workspace.clear();
    interrupt.dispose();
  }
}

/** Runs cdktf over stacks. @throws with what Terraform said */
async function apply(cdktf: Cdktf, command: "deploy" | "destroy", patterns: readonly string[], screen: Screen): Promise<StackProgress[]> {
  const reader = await watchStacks(screen, (watch) => cdktf.run(command, patterns, watch));
  if (reader.code !== 0) throw new Error(reader.errors.join("\n") || `cdktf ${command} ended with exit code ${reader.code}`);
  return [...reader.stacks.values()];
}

/** Every stack planned again, two at a time (a plan is work for the processor, not waiting). */
async function secondPlan(cdktf: Cdktf, screen: Screen): Promise<void> {
  const drifted: string[] = [];
  const queue = cdktf.stacks();
  const worker = async () => {
    for (let stack = queue.shift(); stack !== undefined; stack = queue.shift()) {
      screen.output = stack;
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
async function lift(cdktf: Cdktf, all: string, screen: Screen): Promise<void> {
  await cdktf.synth({ DELETION_PROTECTION: "lifted" });
  await apply(cdktf, "deploy", [all], screen);
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
  const { added: created, changed, destroyed } = stack.result ?? { added: 0, changed: 0, destroyed: 0 };
  context.deployed.set(stack.name, { name: stack.name, created, changed, destroyed, deploySeconds: seconds(stack) });
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
