/**
 * Applies what was reviewed and nothing else: stack by stack in deploy order, each planned once its upstream is applied, compared
 * with its review, and applied by exactly the plan that was compared.
 */
import { Listr, type ListrTask } from "listr2";
import pLimit from "p-limit";
import { addedTo, changeSetOf } from "../review/change-set";
import type { Action, EnvironmentReview, StackPlan } from "../review/model";
import { DONE } from "../review/actions";
import { watchStacks } from "../rehearsal/display";
import { ProgressReader } from "../rehearsal/progress";
import { linksOf, type Link } from "./links";
import type { DeployResult, Outcome, StackResult } from "./result";
import { reviewedSet } from "./reviewed";
import { traitsOf } from "../stacks/catalogue";
import type { Stack } from "../terraform/assembly";
import { Interrupted } from "../terraform/interrupt";
import type { Terraform } from "./terraform";

export interface DeployOptions {
  readonly environment: string;
  /** Of AWS's console. @default no pages to look at */
  readonly region?: string;
  readonly commit: string;
  readonly images: string;
  readonly review: EnvironmentReview;
  /** All stacks of the environment, in deploy order. */
  readonly stacks: readonly Stack[];
  /** Names of those to deploy. */
  readonly wanted: readonly string[];
  readonly terraform: Terraform;
}

/** A plan with more than was reviewed; nothing of it was applied. */
class Stopped extends Error {}

/** @returns what was done, whether it went well or not */
export async function applyReviewed(options: DeployOptions): Promise<DeployResult> {
  const { environment, region, commit, images, review, stacks, wanted, terraform } = options;
  const results = new Map<string, StackResult>(stacks.map(({ name }) => [name, initial(name, review, wanted)]));
  const delivered = stacks.filter(({ name }) => results.get(name)!.outcome === "not reached");
  const orphaned = review.stacks
    .filter(({ state }) => state === "orphaned")
    .map(({ stack }): StackResult => ({
      ...NOTHING,
      stack,
      outcome: "left out",
      notes: ["It is no longer synthesised and stays as it is: destroy it by hand."],
    }));
  let remaining: string[] | undefined;
  let links: readonly Link[] = [];

  const tasks: ListrTask[] = delivered.map((stack): ListrTask => ({
    title: stack.name,
    task: async (_, task) => {
      const started = Date.now();
      const note = (outcome: Outcome, more: Partial<StackResult> = {}) => {
        const result = { ...results.get(stack.name)!, outcome, seconds: (Date.now() - started) / 1000, ...more };
        results.set(stack.name, result);
        task.title = `${stack.name}: ${titleOf(result)}`;
      };
      try {
        task.output = "planning";
        await terraform.init(stack);
        await terraform.plan(stack, async (plan, file) => {
          const added = addedTo(reviewedSet(review, stack.name), changeSetOf(plan));
          if (added.length > 0) {
            note("stopped", { notes: added });
            throw new Stopped(
              `${stack.name} is not applied, and neither is what comes after it: its plan has more than was reviewed.\n${added.map((line) => `  - ${line}`).join("\n")}\nReview it again, which shows this: what is above it may have been applied since.`,
            );
          }
          if (isEmpty(plan)) {
            note("unchanged");
            return;
          }
          const progress = await applyWatched(terraform, stack, file, task, stepsOf(plan));
          const { added: created, changed, destroyed } = progress ?? { added: 0, changed: 0, destroyed: 0 };
          note("applied", { created, changed, destroyed });
        });
      } catch (error) {
        if (!(error instanceof Stopped))
          note("failed", {
            notes: [
              error instanceof Interrupted ? "Interrupted." : "Terraform ended with an error; what it had done until then is in the state.",
            ],
          });
        throw error;
      }
    },
  }));
  tasks.push({
    title: "Planned again: nothing is left to change",
    task: async (_, task) => {
      const { plans, changes } = await planAgain(
        terraform,
        delivered,
        (name) => results.get(name)!.outcome === "applied",
        (name) => {
          task.output = name;
        },
      );
      remaining = changes;
      links = region === undefined ? [] : linksOf(plans, region, environment);
      if (changes.length > 0)
        throw new Error(`Everything was applied, but planned again it is not empty:\n${changes.map((line) => `  - ${line}`).join("\n")}`);
    },
  });

  let reason: string | undefined;
  let thrown: unknown;
  try {
    await new Listr(tasks, {
      concurrent: false,
      exitOnError: true,
      registerSignalListeners: false,
      fallbackRenderer: "simple",
      rendererOptions: { collapseSubtasks: false, collapseErrors: false, showErrorMessage: false },
    }).run();
  } catch (error) {
    thrown = error;
    reason = error instanceof Error ? error.message : String(error);
  }
  const result: DeployResult = {
    version: 1,
    ok: thrown === undefined,
    environment,
    commit,
    images,
    stacks: [...results.values(), ...orphaned],
    ...(remaining && { remaining }),
    links,
    ...(reason !== undefined && { reason }),
  };
  return result;
}

const NOTHING = { created: 0, changed: 0, destroyed: 0, seconds: 0 };

/** Before anything was done. */
function initial(stack: string, review: EnvironmentReview, wanted: readonly string[]): StackResult {
  const nothing = { ...NOTHING, stack };
  if (traitsOf(stack).deployedBy === "administrator") {
    const waits = (review.stacks.find((reviewed) => reviewed.stack === stack)?.plan.changes.length ?? 0) > 0;
    return {
      ...nothing,
      outcome: "left out",
      notes: waits ? ["An administrator deploys it (docs/deploying.md); the review shows changes that wait for that."] : [],
    };
  }
  if (!wanted.includes(stack)) return { ...nothing, outcome: "left out", notes: [] };
  return { ...nothing, outcome: "not reached", notes: [] };
}

const isEmpty = ({ changes, outputs }: StackPlan) => changes.length === 0 && outputs.length === 0;

function titleOf({ outcome, created, changed, destroyed, seconds }: StackResult): string {
  return outcome === "applied" ? `${created} created, ${changed} changed, ${destroyed} destroyed (${Math.round(seconds)} s)` : outcome;
}

/** As Terraform counts what it does: a replacement is two. */
const STEPS: Readonly<Record<Action, number>> = { create: 1, update: 1, replace: 2, destroy: 1, move: 0, import: 0, forget: 0 };
const stepsOf = ({ changes }: StackPlan): number => changes.reduce((steps, { action }) => steps + STEPS[action], 0);

/** Shows Terraform's progress the way a rehearsal does, which reads it with the stack's name before each line. */
async function applyWatched(terraform: Terraform, stack: Stack, file: string, screen: { output: string }, steps: number) {
  const reader = await watchStacks(screen, async ({ onStart, onDone }) => {
    const progress = new ProgressReader([stack.name], onDone);
    progress.stacks.get(stack.name)!.planned = steps; // of a plan in a file Terraform does not say it again
    onStart?.(progress);
    let rest = "";
    await terraform.apply(stack, file, (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) progress.write(`${stack.name}  ${line}\n`);
    });
    progress.write(`${stack.name}  ${rest}\n`);
    progress.end();
    return progress;
  });
  return reader.stacks.get(stack.name)?.result;
}

/**
 * Every stack once more, two at a time (a plan is work for the processor, not waiting).
 *
 * What an apply has just made gets attributes from its neighbours (a queue has the policy that another resource attaches), which the
 * state learns here: else each would be drift from the first day on.
 */
async function planAgain(
  terraform: Terraform,
  stacks: readonly Stack[],
  isApplied: (name: string) => boolean,
  show: (name: string) => void,
): Promise<{ plans: StackPlan[]; changes: string[] }> {
  const plans = await pLimit(2).map(stacks, async (stack) => {
    show(stack.name);
    const plan = await terraform.plan(stack, (found) => found);
    if (isApplied(stack.name) && isEmpty(plan))
      await terraform.plan(stack, (_, file) => terraform.apply(stack, file, () => undefined), ["-refresh-only"]);
    return plan;
  });
  plans.sort((a, b) => (a.stack < b.stack ? -1 : 1));
  const changes = plans.flatMap(({ stack, changes: resources, outputs }) => [
    ...resources.map(({ address, action }) => `${stack}: ${address} would be ${DONE[action]}.`),
    ...outputs.map(({ name, action }) => `${stack}: output ${name} would be ${DONE[action]}.`),
  ]);
  return { plans, changes };
}
