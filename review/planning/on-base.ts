/** Plans of the working tree on another commit: on a state that is made of that commit's code, or where that cannot be, on a rehearsal of it. */
import { join } from "node:path";
import { changeVariables, type Changes } from "../../environments/reading/changes";
import type { Environment } from "../../environments/schema";
import type { Screen } from "../../rehearsal/display";
import type { TerraformSettings } from "../../terraform/settings";
import { NoBaseState, type Alone } from "../base-state";
import { statedPlans } from "./base-state-plans";
import type { EnvironmentInput } from "./planner";
import { rehearsedPlans } from "./rehearsed";
import { orphans, shiftOf } from "./shift";
import { environmentsIn, synthesisedStacks, type SynthesisedStack } from "../../terraform/assembly";
import { synthesise } from "../../terraform/synthesis";

export interface OnBaseOptions {
  readonly root: string;
  /** Folder of the base's worktree. */
  readonly base: string;
  /** Folder of the review. */
  readonly folder: string;
  readonly python: string;
  readonly environments: readonly Environment[];
  readonly changes: Changes;
  readonly settings: TerraformSettings;
  readonly stop: AbortController;
  /** What plans without anybody's answer. */
  readonly alone: Alone;
  /** Called as soon as it is known that something changed. */
  readonly onChange?: () => void;
}

export interface OnBase {
  readonly input: EnvironmentInput;
  /** What this way of planning cannot show, in sentences. */
  readonly limits: readonly string[];
  /** Why the base was rehearsed; undefined where it was not. */
  readonly rehearsed?: string;
}

/** Base and working tree, synthesised for AWS, by environment and stack. */
export interface Sides {
  /** Names of the environments that the base has. */
  readonly baseNames: readonly string[];
  readonly before: (environment: string) => ReadonlyMap<string, SynthesisedStack>;
  readonly after: (environment: string) => ReadonlyMap<string, SynthesisedStack>;
}

/** Both at once. @throws Error that names the side which does not synthesise */
export async function synthesiseSides({
  root,
  base,
  folder,
  environments,
  changes,
  settings,
  stop: { signal },
}: OnBaseOptions): Promise<Sides> {
  const side = async (what: string, source: string, name: string, names: readonly string[], own: NodeJS.ProcessEnv) => {
    const output = join(folder, name);
    await synthesise({
      source,
      output,
      clear: true,
      environments: names,
      variables: { ...process.env, ...settings.variables, ...own },
      signal,
    }).catch((error: unknown) => {
      throw signal.aborted ? error : new Error(`${what} cannot be synthesised:\n${error instanceof Error ? error.message : String(error)}`);
    });
    return {
      names: environmentsIn(output),
      of: (environment: string) => new Map(synthesisedStacks(output, environment).map((stack) => [stack.name, stack])),
    };
  };
  // The base may not know an environment yet: all that it knows.
  const [before, after] = await Promise.all([
    side("The base", base, "synthesised-base", [], {}),
    side(
      "The working tree",
      root,
      "synthesised-head",
      environments.map(({ name }) => name),
      changeVariables(changes),
    ),
  ]);
  return { baseNames: before.names, before: before.of, after: after.of };
}

/** An environment that only the base has: nothing plans it, and all that it has stays. */
export function gonePlans(environment: string, { before, after }: Sides): EnvironmentInput {
  const stacks = before(environment);
  return { environment, stacks: orphans(stacks, new Map()), shift: shiftOf(stacks, after(environment)) };
}

/** @param rehearse why it is rehearsed in any case */
export async function plansOnBase(
  options: OnBaseOptions,
  environment: Environment,
  sides: () => Sides,
  rehearse: string | undefined,
  screen: Screen,
): Promise<OnBase> {
  const { root, folder, alone, onChange } = options;
  const [there, after] = [sides().before(environment.name), sides().after(environment.name)];
  const shift = shiftOf(there, after);
  // At another place there is nothing of it yet: all of it is planned as new, and what stands at the old one is only counted.
  const before = shift?.kind === "moved" ? new Map<string, SynthesisedStack>() : there;
  const whole = (input: EnvironmentInput): EnvironmentInput => ({
    ...input,
    ...(shift && { shift }),
    ...(shift?.kind === "moved" && { left: orphans(there, new Map()) }),
  });
  const rehearsed = async (why: string): Promise<OnBase> => {
    const { input, limits } = await rehearsedPlans(
      { ...options, folder: join(folder, environment.name), environment, isElsewhere: shift?.kind === "moved" },
      screen,
    );
    return { input: whole(input), limits, rehearsed: why };
  };
  if (rehearse !== undefined) return rehearsed(rehearse);
  if (before.size !== after.size || [...after.values()].some(({ name, digest }) => before.get(name)?.digest !== digest)) onChange?.();
  try {
    const input = await statedPlans({ root, environment: environment.name, before, after, alone }, screen);
    return {
      input: whole(input),
      limits: [
        "What AWS itself would refuse, and what only a deploy shows, is not in these plans: npm run rehearse deploys an environment on the emulator",
      ],
    };
  } catch (error) {
    if (!(error instanceof NoBaseState)) throw error;
    return rehearsed(error.message);
  }
}
