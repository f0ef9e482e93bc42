import { Command } from "commander";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Listr, type ListrTask } from "listr2";
import { environmentNames, loadEnvironment } from "../environments";
import { changeVariables, parseImages, type Changes } from "../environments/changes";
import type { Environment } from "../environments/schema";
import { onInterrupt } from "../rehearsal/interrupt";
import { Workspace, clearAbandoned } from "../rehearsal/workspace";
import { assemble } from "../review/assemble";
import { isRefused, type PlanSource, type Rehearsed, type Report } from "../review/model";
import { accountPlans, hasCredentials } from "../review/plans/account";
import { checkOut, describeHead, forgetCheckOut, resolveBase } from "../review/plans/base";
import { plansIn } from "../review/plans/files";
import type { EnvironmentInput } from "../review/plans/planner";
import { plansOnBase, synthesiseSides, type OnBaseOptions, type Sides } from "../review/plans/on-base";
import { readStackFolders } from "../review/plans/stacks";
import { checkovPython } from "../review/policy/python";
import { json } from "../review/report/json";
import { markdown } from "../review/report/markdown";
import { page } from "../review/report/page";
import { summary } from "../review/report/summary";
import { classOf, heldBy } from "../review/risk";
import type { Project } from "./cli";
import { journaled } from "./delivery/journal";
import { imageOption } from "./deploy";
import { synthesise } from "./synthesised";
import { terraformSettings, type TerraformSettings } from "./terraform";

interface Options {
  readonly base?: string;
  readonly rehearse: boolean;
  readonly account: boolean;
  readonly plan?: string;
  readonly out: string;
  readonly image: readonly string[];
}

/** Rehearsals at once: each has an emulator and Terraform for itself, and two cores are what a small runner has. */
const AT_ONCE = 2;

export function reviewCommand(project: Project): Command {
  return new Command("review")
    .description("What a change does: what is created, replaced and destroyed in which environment, what it risks, opens and costs. Without credentials the working tree is planned on another commit, by the real provider, on a state that is made of that commit's code. Exit code 1 where something is refused that review/exceptions.yaml does not let pass.")
    .argument("[environment...]", `any of ${environmentNames.join(", ")} (default: all; with --plan: whatever the folder holds)`)
    .option("--base <rev>", "compare with the commit where the working tree left this branch (default: origin/main, else main)")
    .option("--rehearse", "deploy the base on the AWS emulator, in place of making its state from its code: minutes in place of seconds", false)
    .option("--account", "plan against the account with the credentials at hand, in place of another commit (default where there are any and no --base)", false)
    .option("--plan <folder>", "read plans from files <stack>.json of `terraform show -json`, of this project or of any other")
    .option("--out <folder>", "where review.md, review.html and review.json are written", "review.out")
    .addOption(imageOption())
    .action(async (names: string[], options: Options) => {
      const { out, image } = options;
      if ([options.plan, options.base ?? (options.rehearse || undefined), options.account || undefined].filter((chosen) => chosen !== undefined).length > 1) throw new Error("--plan, --base (with or without --rehearse) and --account exclude each other: plans come from files, from another commit, or from the account.");
      for (const name of names) loadEnvironment(name);
      const report = await review(project, names, options, { images: parseImages(image.join(",")) });
      const told = { classOf, heldBy };
      const files = { "review.md": markdown(report, told), "review.html": page(report, { ...told, root: project.root }), "review.json": json(report, { classOf }) };
      mkdirSync(out, { recursive: true });
      for (const [file, text] of Object.entries(files)) writeFileSync(join(out, file), text);
      console.log(`\n${summary(report, classOf)}\n\nThe whole review: ${join(relative(process.cwd(), resolve(out)), "review.html")} (beside it review.md, review.json)`);
      if (isRefused(report)) process.exitCode = 1;
    });
}

/** How the plans are come by. */
interface Way {
  readonly source: PlanSource;
  readonly tasks: (work: Work) => readonly ListrTask[];
}

/** What a review has while it runs. */
interface Work {
  readonly workspace: Workspace;
  readonly settings: TerraformSettings;
  readonly stop: AbortController;
  readonly inputs: Map<string, EnvironmentInput>;
  readonly limits: string[];
}

/** Collects the plans from where they are, and makes the report of them. Nothing that it wrote on the way is left, whatever happens. */
async function review(project: Project, names: readonly string[], options: Options, changes: Changes): Promise<Report> {
  const { root } = project;
  const wanted = names.length > 0 ? names : environmentNames;
  // Before anything starts: a refused literal, and a base that there is not, cost no time.
  const environments = new Map(environmentNames.map((name) => [name, loadEnvironment(name, wanted.includes(name) ? changes : {})]));
  const { source, tasks } = wayOf(project, wanted, options, changes, environments);

  const stop = new AbortController();
  const dispose = onInterrupt((reason) => { stop.abort(reason); });
  await clearAbandoned(root);
  const workspace = new Workspace(join(root, ".rehearsal", `review-${process.pid}`));
  workspace.write({ environment: "review", state: "running", owner: process.pid, since: new Date().toISOString() });
  // Plans hold secrets.
  chmodSync(workspace.folder, 0o700);
  const work: Work = { workspace, settings: terraformSettings(join(root, ".rehearsal")), stop, inputs: new Map(), limits: [] };
  let report: Report | undefined;
  const judge: ListrTask = {
    title: "Rules, policy, cost",
    task: async () => {
      const ordered = [...environmentNames, ...work.inputs.keys()].filter((name, index, all) => work.inputs.has(name) && all.indexOf(name) === index);
      report = await assemble({ root, python: await checkovPython(root), inputs: ordered.map((name) => work.inputs.get(name)!), source, environments, today: new Date().toISOString().slice(0, 10), limits: [...new Set(work.limits)].sort() });
    },
  };
  if (work.settings.note) console.error(work.settings.note);
  try {
    await new Listr([...tasks(work), judge], { concurrent: false, exitOnError: true, registerSignalListeners: false, fallbackRenderer: "simple", rendererOptions: { collapseSubtasks: false } }).run();
    return report!;
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
function wayOf({ root, python }: Project, wanted: readonly string[], options: Options, changes: Changes, environments: ReadonlyMap<string, Environment>): Way {
  const each = (inputs: Work["inputs"], run: (name: string, screen: { output: string }) => Promise<EnvironmentInput>): ListrTask["task"] => (_, task) =>
    task.newListr(wanted.map((name): ListrTask => ({ title: name, task: async (_inner, screen) => { inputs.set(name, await run(name, screen)); } })), { concurrent: AT_ONCE, exitOnError: true });

  if (options.plan !== undefined) {
    const folder = options.plan;
    return {
      source: { kind: "files", folder: relative(root, resolve(folder)) },
      tasks: ({ workspace, inputs }) => [{ title: `Reading the plans in ${folder}`, task: () => { for (const input of readFiles(root, folder, wanted, workspace)) inputs.set(input.environment, input); } }],
    };
  }
  if (options.account || (options.base === undefined && !options.rehearse && hasCredentials(process.env))) {
    return {
      source: { kind: "account", head: describeHead(root), images: changeVariables(changes).IMAGES, at: new Date().toISOString() },
      tasks: ({ workspace, settings, stop, inputs }) => [{
        title: "Planning against the account",
        task: each(inputs, (name, screen) => journaled(root, name, () => accountPlans({ root, folder: join(workspace.folder, name), environment: environments.get(name)!, changes, settings, signal: stop.signal }, screen))),
      }],
    };
  }
  const base = resolveBase(root, options.base);
  const rehearsed: Rehearsed[] = [];
  const rehearse = options.rehearse ? "--rehearse asks for it" : undefined;
  return {
    source: { kind: "base", base: base.name, baseCommit: base.commit, head: describeHead(root), rehearsed },
    tasks: ({ workspace, settings, stop, inputs, limits }) => {
      const onBase: OnBaseOptions = { root, base: baseFolder(workspace), folder: workspace.folder, python, environments: wanted.map((name) => environments.get(name)!), changes, settings, stop };
      let sides: Sides | undefined;
      return [
        { title: `Checking out the base: ${base.name} (${base.commit.slice(0, 12)})`, task: () => checkOut(root, base, baseFolder(workspace), stop.signal) },
        { title: "Synthesising the base and the working tree", enabled: rehearse === undefined, task: async () => { sides = await synthesiseSides(onBase); } },
        {
          title: "Planning the working tree on the base",
          task: each(inputs, async (name, screen) => {
            const found = await plansOnBase(onBase, environments.get(name)!, () => sides!, rehearse, screen);
            limits.push(...found.limits);
            if (found.rehearsed !== undefined) rehearsed.push({ environment: name, why: found.rehearsed });
            return found.input;
          }),
        },
      ];
    },
  };
}

/** Plans of our own stacks get the code that they were made from, as it stands now. */
function readFiles(root: string, folder: string, wanted: readonly string[], workspace: Workspace): EnvironmentInput[] {
  const ours = plansIn(folder, wanted, () => undefined).map(({ environment }) => environment).filter((name) => environmentNames.includes(name));
  const output = join(workspace.folder, "cdktf.out");
  if (ours.length > 0) synthesise(root, ours, { CDKTF_OUTDIR: output });
  const synthesised = new Map(ours.flatMap((name) => readStackFolders(output, name).map((stack) => [stack.name, stack])));
  return plansIn(folder, wanted, (stack) => synthesised.get(stack));
}
