/**
 * A rehearsal: an environment deployed for real, planned again with an empty diff, destroyed with nothing left.
 *
 * The real cdktf, the real Terraform, the real AWS provider and a real S3 backend with locking, against an emulator of AWS.
 */
import { appendFileSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Listr, type ListrTask } from "listr2";
import { terraformSettings } from "../terraform/settings";
import { loadEnvironment } from "../environments";
import type { Changes } from "../environments/reading/changes";
import { traitsOf } from "../stacks/catalogue";
import { REHEARSAL_STATE_BUCKET } from "../stacks/target";
import { createCdktf, type Cdktf } from "./cdktf";
import { beyond, digestsOf, named } from "./choice";
import type { Screen } from "./display";
import { Emulator } from "./emulator";
import type { StackProgress } from "./progress";
import { abortOnInterrupt, Interrupted } from "../terraform/interrupt";
import { makeExisting, makeZones } from "./existing";
import { digestsIn, noteDeployed, restoreAfterKill, restoreFiles, writeDigests } from "./kept";
import { shellVariables } from "./shell-variables";
import { apply, lift, limitsOf, nothingLeft, protectedData, secondPlan } from "./steps";
import { clearAbandoned, Workspace, type Status } from "./workspace";

export interface RehearsalOptions {
  readonly root: string;
  /** Python of the emulator's virtual environment. */
  readonly python: string;
  readonly environment: string;
  /** What is said otherwise than in its literal. @default nothing */
  readonly changes?: Changes;
  /** Leave the environment deployed and the emulator running. */
  readonly keep: boolean;
  /** Where to write what was called, which rights are held against (test/rights/rehearsals). @default nowhere */
  readonly calls?: string;
  /** Only some stacks, and what they depend on. @default all */
  readonly only?: { readonly stacks: string } | { readonly beyond: string };
}

/** What Ctrl-C leaves behind of a rehearsal that is not kept. */
const STOPPED = "Interrupted: the emulator and Terraform are stopped, nothing is left behind.";

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
  /** Seconds that each resource of the deploy took: address → seconds. */
  readonly resourceSeconds: Readonly<Record<string, number>>;
  readonly deploySeconds: number;
  readonly destroySeconds?: number;
  /** The same of the destroy. */
  readonly resourceDestroySeconds?: Readonly<Record<string, number>>;
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
  /** Why it cannot go back to how it is now; undefined when it can, or is not kept. */
  readonly cannotGoBack?: string;
}

interface Context {
  readonly deployed: Map<string, StackReport>;
  readonly phases: Phase[];
  emulator?: Emulator;
  cdktf?: Cdktf;
  /** Addresses of what was made beforehand. */
  imported?: readonly string[];
  /** Ids of the zones that stacks look up. */
  zones?: readonly string[];
  limits: readonly string[];
}

/**
 * Rehearses an environment.
 * @throws Interrupted on Ctrl-C, Error with the reason when anything is not as it must be; the emulator and its folder are gone then, but for what was kept before
 */
export async function rehearse(options: RehearsalOptions): Promise<RehearsalReport> {
  const { root, python, keep, changes = {}, only } = options;
  // Before anything starts: an unknown name or a refused literal costs no time.
  const environment = loadEnvironment(options.environment, changes);
  if (only && "beyond" in only) loadEnvironment(only.beyond);
  const name = environment.name;
  // Ctrl-C and the end of the emulator stop everything the same way, each with its reason.
  const stop = new AbortController();
  const dispose = abortOnInterrupt(stop, STOPPED);
  await clearAbandoned(root);

  const workspace = new Workspace(join(root, ".rehearsal", keep ? name : `${name}-${process.pid}`));
  if (workspace.isBusy)
    throw new Error(`Another command (process ${workspace.status?.owner}) is rehearsing ${name} to keep it. Wait for it, or stop it.`);
  const attached = keep ? await Emulator.attach(workspace, environment.account, stop) : undefined;
  if (!attached) await workspace.clear();
  const since = attached ? workspace.status!.since : new Date().toISOString();
  let deployed = attached && workspace.status!.deployed;
  if (attached && deployed && workspace.status!.state === "running") {
    console.error(`The last command on ${name} was killed: it is first brought back to how it was deployed at ${deployed}.`);
    await restoreAfterKill(workspace, attached);
  }
  const setState = (state: Status["state"], emulator?: Emulator) => {
    workspace.write({
      environment: name,
      state,
      owner: process.pid,
      since,
      endpoint: emulator?.endpoint,
      emulator: emulator?.pid,
      deployed,
    });
  };
  setState("running", attached);
  const lockedBefore = attached ? await attached.locks(REHEARSAL_STATE_BUCKET, environment.region) : [];

  const settings = terraformSettings(join(root, ".rehearsal"));
  const context: Context = { deployed: new Map(), phases: [], emulator: attached, limits: [] };
  const timed = (title: string, run: (screen: Screen) => Promise<void>): ListrTask<Context> => ({
    title,
    task: async (_, task) => {
      const started = Date.now();
      appendFileSync(workspace.calls, `${JSON.stringify({ phase: title })}\n`);
      await run(task);
      context.phases.push({ name: title, seconds: (Date.now() - started) / 1000 });
    },
  });

  const start = async () => {
    context.emulator ??= await Emulator.start({ root, python, workspace, account: environment.account, stop });
    setState("running", context.emulator);
    if (!attached) await context.emulator.createBucket(REHEARSAL_STATE_BUCKET, environment.region);
    context.cdktf = cdktfOf(workspace, name, changes);
  };
  const cdktfOf = (place: Workspace, of: string, changed: Changes) =>
    createCdktf({
      root,
      workspace: place,
      environment: of,
      changes: changed,
      endpoint: context.emulator!.endpoint,
      settings,
      signal: stop.signal,
    });
  const cdktf = () => context.cdktf!;
  const choose = async (choice: NonNullable<RehearsalOptions["only"]>): Promise<readonly string[]> => {
    if ("stacks" in choice) return named(workspace.output, name, choice.stacks, attached && digestsIn(workspace));
    const compared = new Workspace(join(workspace.folder, "compared"));
    mkdirSync(compared.folder, { recursive: true });
    await cdktfOf(compared, choice.beyond, {}).synth();
    return beyond(workspace.output, name, compared.output, choice.beyond);
  };
  const synthesise = async (screen: Screen) => {
    await cdktf().synth();
    if (!only) return;
    cdktf().choose(await choose(only));
    if (all().length === 0) throw new Error(`Nothing of ${name} is left to rehearse.`);
    screen.output = `left out: ${cdktf().notChosen().join(", ") || "nothing"}`;
  };
  const all = () => cdktf().stacks();

  /** The stack whose data Terraform must refuse to destroy. */
  const holdingData = () => all().find((stack) => traitsOf(stack).holdsData && !traitsOf(stack).oncePerAccount);

  let deploying = false;
  const tasks: ListrTask<Context>[] = [
    timed(attached ? "Emulator (kept from before)" : "Emulator", start),
    timed("Synthesis", synthesise),
    timed("Deploy", async (screen) => {
      deploying = true;
      if (keep) writeDigests(workspace, all(), {});
      const stacks = all().map((stack) => cdktf().json(stack));
      const imported = await makeExisting(context.emulator!, stacks, environment.region);
      context.zones = await makeZones(context.emulator!, stacks);
      if (imported.length > 0) context.imported = imported;
      for (const stack of await apply(cdktf(), "deploy", all(), screen)) record(context, stack);
    }),
    timed("Second plan is empty", (screen) => secondPlan(cdktf(), screen)),
  ];
  if (!keep) {
    // What is imported is protected too.
    if (environment.deletionProtection || environment.imports.length > 0)
      tasks.push(
        {
          ...timed("Destroying the data is refused", () => protectedData(cdktf(), holdingData()!)),
          skip: () => holdingData() === undefined,
        },
        timed("Deletion protection lifted", (screen) => lift(cdktf(), screen)),
      );
    tasks.push(
      timed("Destroy", async (screen) => {
        for (const stack of await apply(cdktf(), "destroy", all(), screen, { refresh: false })) recordDestroy(context, stack);
      }),
      timed("Nothing is left", () => nothingLeft(context.emulator!, cdktf(), environment.region, context.zones ?? [])),
    );
  }
  tasks.push({
    title: "What a rehearsal cannot show",
    task: async () => {
      context.limits = [...importLimits(context), ...(await limitsOf(context.emulator!, cdktf()))];
    },
  });

  if (settings.note) console.error(settings.note);
  try {
    await new Listr(tasks, {
      concurrent: false,
      exitOnError: true,
      registerSignalListeners: false,
      fallbackRenderer: "simple",
      rendererOptions: { collapseSubtasks: false },
    }).run(context);
    const { emulator } = context;
    if (options.calls !== undefined) copyFileSync(workspace.calls, options.calls);
    if (keep && emulator) {
      writeFileSync(workspace.variables, shellVariables(environment, workspace, emulator.endpoint, settings.variables, changes));
      writeDigests(workspace, all(), digestsOf(workspace.output));
      await emulator.keep();
      const cannotGoBack = await noteDeployed(workspace, emulator).then(
        () => undefined,
        (error: Error) => error.message,
      );
      deployed = cannotGoBack === undefined ? new Date().toISOString() : undefined;
      setState("kept", emulator);
      return { ...reportOf(name, context), endpoint: emulator.endpoint, folder: workspace.folder, cannotGoBack };
    }
    return reportOf(name, context);
  } catch (error) {
    const reason: unknown = stop.signal.aborted ? stop.signal.reason : error;
    if (reason instanceof Interrupted && attached) {
      await releaseLocks(attached, environment.region, lockedBefore);
      if (deployed && deploying) await attached.rollback();
      if (deployed) restoreFiles(workspace);
      setState("kept", attached);
      throw new Interrupted(
        `Interrupted: Terraform is stopped. ${name} is kept ${!deploying ? "as it was" : deployed ? `as it was deployed at ${deployed}` : "with what was applied until now; the same command goes on with it"}.`,
      );
    }
    if (reason instanceof Interrupted) throw reason;
    // What was kept before stays as it is: a deploy that was refused, by a lock for example, loses nothing.
    if (attached && !stop.signal.aborted) {
      await releaseLocks(attached, environment.region, lockedBefore);
      setState("kept", attached);
    }
    const log = join(root, ".rehearsal", `${name}.log`);
    workspace.saveLogs(log);
    throw new Error(
      `${reason instanceof Error ? reason.message : String(reason)}\n\nEverything that was printed: ${relative(process.cwd(), log)}`,
    );
  } finally {
    context.emulator?.release();
    if (workspace.status?.state !== "kept") await workspace.clear();
    dispose();
  }
}

const reportOf = (environment: string, { deployed, phases, limits }: Context): RehearsalReport => ({
  environment,
  stacks: [...deployed.values()],
  phases,
  limits,
});

const importLimits = ({ imported = [] }: Context): string[] =>
  imported.length === 0
    ? []
    : [
        `What is imported was made for that, and is empty: how it is in the account, and what the deploy changes of it, is not known here (${imported.join(", ")}).`,
      ];

/** When one stack fails, cdktf ends at once, and Terraform in the others with it: their locks are nobody's. Those of other people stay. */
async function releaseLocks(emulator: Emulator, region: string, except: readonly string[]): Promise<void> {
  for (const key of await emulator.locks(REHEARSAL_STATE_BUCKET, region)) {
    if (!except.includes(key)) await emulator.deleteObject(REHEARSAL_STATE_BUCKET, key, region);
  }
}

const seconds = (stack: StackProgress) => ((stack.finished ?? stack.started) - stack.started) / 1000;
function record(context: Context, stack: StackProgress): void {
  const { added: created, changed, destroyed } = stack.result ?? { added: 0, changed: 0, destroyed: 0 };
  context.deployed.set(stack.name, {
    name: stack.name,
    created,
    changed,
    destroyed,
    resourceSeconds: Object.fromEntries(stack.seconds),
    deploySeconds: seconds(stack),
  });
}
function recordDestroy(context: Context, stack: StackProgress): void {
  const deployed = context.deployed.get(stack.name);
  if (deployed)
    context.deployed.set(stack.name, {
      ...deployed,
      destroySeconds: seconds(stack),
      resourceDestroySeconds: Object.fromEntries(stack.seconds),
    });
}
