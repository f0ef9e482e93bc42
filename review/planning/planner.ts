/** Plans the stacks of an environment in deploy order, as far as that can be done before anything is applied. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pLimit from "p-limit";
import { comparePlan } from "../plan/compare";
import type { Place, Shift, StackState } from "../model";
import { redactText } from "../plan/redact";
import { withMissingState } from "./missing-state";
import { PLANS } from "./slots";
import type { SynthesisedStack, StackJson } from "../../terraform/assembly";
import { deferUnknown, type IsSettled } from "./upstream";

/** What is known of a stack before it is read: the plan's text still holds secrets, and goes nowhere but to readPlan. */
export interface StackInput {
  readonly stack: string;
  readonly state: StackState;
  readonly why?: string;
  /** What `terraform show -json` printed, or comparePlan made. */
  readonly raw: string;
  /** What was synthesised for it before and after. */
  readonly before?: StackJson;
  readonly after?: StackJson;
}

/** A shift without what it leaves behind, which only its plans tell. */
export type BareShift = Pick<Shift, "kind"> & { readonly from?: Place; readonly to?: Place };

export interface EnvironmentInput {
  readonly environment: string;
  readonly stacks: readonly StackInput[];
  /** Where it does not stay where it is. */
  readonly shift?: BareShift;
  /** As they stand at the old place, of an environment that moves. */
  readonly left?: readonly StackInput[];
}

/** Runs Terraform in a stack's folder. */
export type Terraform = (
  folder: string,
  args: readonly string[],
) => Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;

export interface PlannerOptions {
  /** In deploy order. */
  readonly stacks: readonly SynthesisedStack[];
  /** What was deployed before, by the stack's name, where the base is at hand. */
  readonly before: ReadonlyMap<string, SynthesisedStack>;
  readonly terraform: Terraform;
  /** More arguments of `terraform plan`. */
  readonly planArguments: readonly string[];
  /**
   * What the provider of a stack has to plan against: the world; the `state` alone, because whoever plans may not look at what gives out
   * secrets when it is read; the same because of a `cluster`, which may not be there yet; or `nothing`, so that what is synthesised before
   * and after is compared.
   */
  readonly against: (stack: string) => "world" | "state" | "cluster" | "nothing";
  readonly onProgress: (text: string) => void;
  /**
   * Makes a stack's folder ready.
   * @returns what Terraform plans in it
   * @default `terraform init`, for what was synthesised
   */
  readonly prepare?: (stack: SynthesisedStack, json: StackJson) => Promise<StackJson>;
}

const PLAN = "review.tfplan";

/** Every stack's plan, in the order of the stacks; a stack that Terraform refuses does not keep the others from theirs. */
export async function planStacks(options: PlannerOptions): Promise<StackInput[]> {
  const { stacks, onProgress } = options;
  const settled = new Map<string, IsSettled>();
  const running = new Map<string, Promise<StackInput>>();
  for (const stack of stacks) {
    const upstream = stack.dependencies.flatMap((name) => running.get(name) ?? []);
    running.set(
      stack.name,
      Promise.all(upstream).then(() =>
        PLANS(async () => {
          onProgress(`${stack.name}: planning`);
          const input = await planStack(stack, settled, options);
          settled.set(stack.name, settledBy(input));
          return input;
        }),
      ),
    );
  }
  // One that cannot be planned at all stops the rest; none is left running.
  const outcomes = await Promise.allSettled(running.values());
  return outcomes.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}

async function planStack(
  stack: SynthesisedStack,
  settled: ReadonlyMap<string, IsSettled>,
  { before, terraform, planArguments, against, prepare }: PlannerOptions,
): Promise<StackInput> {
  const common = { stack: stack.name, before: before.get(stack.name)?.json, after: stack.json };
  const deferral = deferUnknown(stack.json, (name) => settled.get(name));
  const compare = (from = common.before) => comparePlan(from, common.after);
  const isSame = before.get(stack.name)?.digest === stack.digest && deferral.unknown.size === 0;
  if (isSame) return { ...common, state: "unchanged", raw: compare() };
  const compared = (): StackInput => ({
    ...common,
    state: "compared",
    why: "its providers have nothing to plan against here, so what is synthesised before and after is compared: what the provider would replace is not known",
    raw: compare(),
  });
  if (against(stack.name) === "nothing") return compared();
  const isInCluster = against(stack.name) === "cluster";
  const fromState = isInCluster || against(stack.name) === "state";

  // Nothing is known of what would change: what stands is shown as it stands.
  const failed = (step: string, output: string): StackInput => ({
    ...common,
    state: "failed",
    why: `terraform ${step} failed: ${withMissingState(stack.name, errorsOf(output))}`,
    raw: compare(common.before ?? common.after),
  });

  const file = join(stack.folder, "cdk.tf.json");
  const written = readFileSync(file, "utf8");
  try {
    writeFileSync(file, JSON.stringify(withoutProtection(prepare ? await prepare(stack, deferral.json) : deferral.json)));
    for (const args of [
      ...(prepare ? [] : [["init", "-input=false", "-no-color"]]),
      ["plan", `-out=${PLAN}`, "-input=false", "-no-color", ...planArguments, ...(fromState ? ["-refresh=false"] : [])],
    ]) {
      const call = () => terraform(stack.folder, args);
      const { code, stdout, stderr } = await (args[0] === "init" ? inits(call) : call());
      // A cluster that is yet to be made: its providers cannot even be set up.
      if (code !== 0 && isInCluster && deferral.unknown.size > 0) return compared();
      if (code !== 0) return failed(args[0]!, stderr || stdout);
    }
    const { code, stdout, stderr } = await terraform(stack.folder, ["show", "-json", PLAN]);
    if (code !== 0) return failed("show", stderr);
    if (deferral.unknown.size === 0)
      return {
        ...common,
        state: "planned",
        raw: stdout,
        ...(fromState && { why: "planned from its state alone: whoever only reads may not look at what stands" }),
      };
    return {
      ...common,
      state: "deferred",
      why: `values that are known only once ${listed([...deferral.unknown.keys()].sort())} applied stand as unknown in its plan`,
      raw: stdout,
    };
  } finally {
    writeFileSync(file, written);
    rmSync(join(stack.folder, PLAN), { force: true });
  }
}

/** What a plan says of the outputs that other stacks read. Where there is none, they are taken to stay: the stack's own state tells. */
function settledBy({ state, raw }: StackInput): IsSettled {
  if (state !== "planned" && state !== "deferred") return () => true;
  const { prior_state: prior, output_changes: changes = {} } = JSON.parse(raw) as RawOutputs;
  const existing = new Set(Object.keys(prior?.values?.outputs ?? {}));
  return (name) => existing.has(name) && (changes[name]?.actions ?? []).every((action) => action === "no-op");
}
interface RawOutputs {
  readonly prior_state?: { readonly values?: { readonly outputs?: Readonly<Record<string, unknown>> } };
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
}

/**
 * The stack without Terraform's own refusal to destroy: with it there is no plan to read at all, and the reviewer would not learn what
 * else changes. The report says what is protected, and Terraform still refuses the deploy.
 */
function withoutProtection(json: StackJson): StackJson {
  return JSON.parse(JSON.stringify(json, (key, value: unknown) => (key === "prevent_destroy" ? undefined : value))) as StackJson;
}

/** `a is`, `a and b are`, `a, b and c are`. */
const listed = (names: readonly string[]): string =>
  names.length === 1 ? `${names[0]} is` : `${names.slice(0, -1).join(", ")} and ${names.at(-1)} are`;

/** Terraform's errors without its frames, secrets taken out. */
function errorsOf(output: string): string {
  const lines = output
    .split("\n")
    .map((line) => line.replace(/^[╷│╵]\s?/, "").trimEnd())
    .filter(Boolean);
  const first = lines.findIndex((line) => line.startsWith("Error:"));
  return redactText(
    lines
      .slice(Math.max(0, first))
      .slice(0, 12)
      .join("\n")
      .replace(/^Error: /, ""),
  );
}

/** Terraform does not guard its cache of providers. */
const inits = pLimit(1);
