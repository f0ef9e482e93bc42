/** Where the plans of a review come from, and the tasks that get them; nothing that they wrote is left, whatever happens. */
import { chmodSync, existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Listr, type ListrTask } from "listr2";
import { environmentNames } from "../../environments";
import { changeVariables, type Changes } from "../../environments/reading/changes";
import type { Environment } from "../../environments/schema";
import { Workspace, clearAbandoned } from "../../rehearsal/workspace";
import { abortOnInterrupt } from "../../terraform/interrupt";
import { terraformSettings, type TerraformSettings } from "../../terraform/settings";
import type { PlanSource, Rehearsed } from "../model";
import { accountPlans, hasCredentials } from "./account";
import { changedBelow, checkOut, describeHead, differsBelow, forgetCheckOut, resolveBase, textAt } from "./base";
import { aloneIn } from "./base-state-plans";
import { literalsFor, type Literals } from "./literals";
import { gonePlans, plansOnBase, synthesiseSides, type OnBaseOptions, type Sides } from "./on-base";
import { plansIn } from "./plan-files";
import type { EnvironmentInput } from "./planner";
import { isOnAzure, synthesisedStacks, type SynthesisedStack } from "../../terraform/assembly";
import { synthesise } from "../../terraform/synthesis";

export interface CollectOptions {
  /** Folder of the repository. */
  readonly root: string;
  /** Python of the emulator. */
  readonly python: string;
  /** Names of environments; of all where it is empty. */
  readonly names: readonly string[];
  readonly changes: Changes;
  /** A commit to compare with. @default where the working tree left origin/main, else main */
  readonly base?: string;
  /** Deploy the base on the emulator in any case. @default false */
  readonly rehearse?: boolean;
  /** Plan against the account. @default false */
  readonly account?: boolean;
  /** With the account: takes some of an environment's stacks. @default all of them */
  readonly select?: (stacks: readonly SynthesisedStack[], environment: string) => readonly SynthesisedStack[];
  /** Take the account where there are credentials and nothing else is asked for. @default false */
  readonly preferAccount?: boolean;
  /** Folder of plans that somebody else made. */
  readonly plan?: string;
  /** Called as soon as it is known that there is something to plan. @default nothing */
  readonly onChange?: () => void;
  /** Around what asks the account, for whoever must know that it is asked. @default nothing */
  readonly whileAsked?: <T>(environment: string, ask: () => Promise<T>) => Promise<T>;
}

export interface Collected extends Literals {
  readonly source: PlanSource;
  /** Whether what the plans are compared with was judged by the same rules and exceptions, so that what is the same to the byte need not be judged again. */
  readonly sameRules: boolean;
  /** In the order of the environments. */
  readonly inputs: readonly EnvironmentInput[];
  /** What the base says of what judges it; undefined where no base is known. */
  readonly judges?: Judges;
  readonly limits: readonly string[];
}

/** What judges a change, as the change itself has left it. */
export interface Judges {
  /** Text of the base's review/exceptions.yaml; undefined where it has none. */
  readonly exceptions?: string;
  /** Changed files below review/ and .github/. */
  readonly files: readonly string[];
}

/** How the plans are come by. */
interface Way {
  readonly source: PlanSource;
  readonly judges?: Judges;
  readonly sameRules: boolean;
  readonly tasks: (work: Work) => readonly ListrTask[];
}

/** What there is while plans are made. */
interface Work {
  readonly workspace: Workspace;
  readonly settings: TerraformSettings;
  readonly stop: AbortController;
  readonly inputs: Map<string, EnvironmentInput>;
  readonly limits: string[];
}

/** Environments at once; how many plans there are at once is another matter (slots.ts). */
const AT_ONCE = 3;

/** @param last what is done with the plans, as the last task */
export async function collectPlans(
  options: CollectOptions,
  last: { readonly title: string; readonly task: (collected: Collected) => Promise<void> | void },
): Promise<void> {
  const { root, names, changes } = options;
  const wanted = names.length > 0 ? names : environmentNames;
  // Before anything starts: a refused literal, and a base that there is not, cost no time.
  const literals = literalsFor(wanted, changes);
  const { source, sameRules, judges, tasks } = wayOf(options, wanted, literals.environments);

  const stop = new AbortController();
  const dispose = abortOnInterrupt(stop, "Interrupted: the emulator and Terraform are stopped, nothing is left behind.");
  await clearAbandoned(root);
  const workspace = new Workspace(join(root, ".rehearsal", `review-${process.pid}`));
  workspace.write({ environment: "review", state: "running", owner: process.pid, since: new Date().toISOString() });
  // Plans hold secrets.
  chmodSync(workspace.folder, 0o700);
  const work: Work = { workspace, settings: terraformSettings(join(root, ".rehearsal")), stop, inputs: new Map(), limits: [] };
  const judge: ListrTask = {
    title: last.title,
    task: () => {
      const ordered = [...environmentNames, ...work.inputs.keys()].filter(
        (name, index, all) => work.inputs.has(name) && all.indexOf(name) === index,
      );
      return last.task({
        source,
        sameRules,
        judges,
        ...literals,
        inputs: ordered.map((name) => work.inputs.get(name)!),
        limits: [...new Set(work.limits)].sort(),
      });
    },
  };
  if (work.settings.note) console.error(work.settings.note);
  try {
    await new Listr([...tasks(work), judge], {
      concurrent: false,
      exitOnError: true,
      registerSignalListeners: false,
      fallbackRenderer: "simple",
      rendererOptions: { collapseSubtasks: false },
    }).run();
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    if (existsSync(baseFolder(workspace))) forgetCheckOut(root, baseFolder(workspace));
    await workspace.clear();
    dispose();
  }
}

const baseFolder = ({ folder }: Workspace) => join(folder, "base");

/** @throws Error when there is no such base */
function wayOf(options: CollectOptions, wanted: readonly string[], environments: ReadonlyMap<string, Environment>): Way {
  if (options.plan !== undefined) return fromFiles(options.root, options.plan, wanted);
  const { account, preferAccount, base, rehearse } = options;
  if (account || (preferAccount && base === undefined && !rehearse && hasCredentials(process.env))) return fromAccount(options, wanted);
  const azure = wanted.filter(isOnAzure);
  if (azure.length > 0)
    throw new Error(
      `${azure.join(", ")}: nothing emulates Azure, so its environments are reviewed against the subscription only (--account).`,
    );
  return fromBase(options, wanted, environments);
}

/** A task for each environment. */
const each =
  (
    wanted: readonly string[],
    inputs: Work["inputs"],
    run: (name: string, screen: { output: string }) => Promise<EnvironmentInput>,
  ): ListrTask["task"] =>
  (_, task) =>
    task.newListr(
      wanted.map((name): ListrTask => ({
        title: name,
        task: async (_inner, screen) => {
          inputs.set(name, await run(name, screen));
        },
      })),
      { concurrent: AT_ONCE, exitOnError: true },
    );

function fromFiles(root: string, folder: string, wanted: readonly string[]): Way {
  return {
    source: { kind: "files", folder: relative(root, resolve(folder)) },
    sameRules: false,
    tasks: (work) => [
      {
        title: `Reading the plans in ${folder}`,
        task: async () => {
          for (const input of await readFiles(root, folder, wanted, work)) work.inputs.set(input.environment, input);
        },
      },
    ],
  };
}

function fromAccount(
  { root, changes, select = (all) => all, whileAsked = (_, ask) => ask() }: CollectOptions,
  wanted: readonly string[],
): Way {
  return {
    source: { kind: "account", head: describeHead(root), images: changeVariables(changes).IMAGES, at: new Date().toISOString() },
    sameRules: false,
    tasks: ({ workspace, settings, stop, inputs }) => [
      {
        title: "Planning against the account",
        task: each(wanted, inputs, (name, screen) =>
          whileAsked(name, () =>
            accountPlans(
              {
                root,
                folder: join(workspace.folder, name),
                environment: name,
                changes,
                select: (stacks) => select(stacks, name),
                settings,
                signal: stop.signal,
              },
              screen,
            ),
          ),
        ),
      },
    ],
  };
}

/** What only Azure's stacks are made of. */
const AZURE_CODE = ["environments/azure", "stacks/azure", "constructs/azure"];

function fromBase(
  { root, python, names, base: named, changes, rehearse, onChange }: CollectOptions,
  wanted: readonly string[],
  environments: ReadonlyMap<string, Environment>,
): Way {
  const base = resolveBase(root, named);
  const rehearsed: Rehearsed[] = [];
  const why = rehearse ? "--rehearse asks for it" : undefined;
  return {
    source: { kind: "base", base: base.name, baseCommit: base.commit, head: describeHead(root), rehearsed },
    sameRules: !differsBelow(root, base, "review"),
    judges: { exceptions: textAt(root, base, "review/exceptions.yaml"), files: changedBelow(root, base, "review", ".github") },
    tasks: ({ workspace, settings, stop, inputs, limits }) => {
      const onBase: OnBaseOptions = {
        root,
        base: baseFolder(workspace),
        folder: workspace.folder,
        python,
        environments: wanted.map((name) => environments.get(name)!),
        changes,
        settings,
        stop,
        onChange,
        alone: aloneIn(join(workspace.folder, "providers"), settings, stop.signal),
      };
      let sides: Sides | undefined;
      return [
        {
          title: `Checking out the base: ${base.name} (${base.commit.slice(0, 12)})`,
          task: () => checkOut(root, base, baseFolder(workspace), stop.signal),
        },
        {
          title: "Synthesising the base and the working tree",
          task: async () => {
            sides = await synthesiseSides(onBase);
            const azure = changedBelow(root, base, ...AZURE_CODE);
            if (azure.length > 0)
              limits.push(`what changes on Azure was not planned, because nothing emulates Azure (docs/azure.md): ${azure.join(", ")}`);
          },
        },
        {
          title: "Planning the working tree on the base",
          task: each(wanted, inputs, async (name, screen) => {
            const found = await plansOnBase(onBase, environments.get(name)!, () => sides!, why, screen);
            limits.push(...found.limits);
            if (found.rehearsed !== undefined) rehearsed.push({ environment: name, why: found.rehearsed });
            return found.input;
          }),
        },
        // Whoever asks for all of them wants to hear of one that is no longer there.
        {
          title: "Environments that only the base has",
          enabled: names.length === 0,
          task: () => {
            for (const name of sides!.baseNames) if (!environments.has(name) && !isOnAzure(name)) inputs.set(name, gonePlans(name, sides!));
          },
        },
      ];
    },
  };
}

/** Plans of our own stacks get the code that they were made from, as it stands now. */
async function readFiles(root: string, folder: string, wanted: readonly string[], { workspace, stop }: Work): Promise<EnvironmentInput[]> {
  const ours = plansIn(folder, wanted, () => undefined)
    .map(({ environment }) => environment)
    .filter((name) => environmentNames.includes(name));
  const output = join(workspace.folder, "cdktf.out");
  if (ours.length > 0)
    await synthesise({ source: root, output, clear: true, environments: ours, variables: process.env, signal: stop.signal });
  const synthesised = new Map(ours.flatMap((name) => synthesisedStacks(output, name).map((stack) => [stack.name, stack])));
  return plansIn(folder, wanted, (stack) => synthesised.get(stack));
}
