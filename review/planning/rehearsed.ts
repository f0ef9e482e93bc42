/** Plans without any account: the base deployed on an emulator, the working tree planned on top of it. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pluginCache, type TerraformSettings } from "../../terraform/settings";
import type { Changes } from "../../environments/reading/changes";
import type { Environment } from "../../environments/schema";
import { createCdktf } from "../../rehearsal/cdktf";
import { traitsOf } from "../../stacks/catalogue";
import type { Screen } from "../../rehearsal/display";
import { Emulator } from "../../rehearsal/emulator";
import { makeExisting } from "../../rehearsal/existing";
import { runProgram } from "../../terraform/programs";
import { apply, limitsOf } from "../../rehearsal/steps";
import { Workspace } from "../../rehearsal/workspace";
import { REHEARSAL_STATE_BUCKET } from "../../stacks/target";
import { comparePlan } from "../plan/compare";
import { planStacks, type EnvironmentInput, type StackInput, type Terraform } from "./planner";
import { orphans } from "./shift";
import { synthesisedStacks, type SynthesisedStack } from "../../terraform/assembly";

export interface RehearsedOptions {
  readonly root: string;
  /** Folder of the base's worktree. */
  readonly base: string;
  /** Folder of this environment's part of the review. */
  readonly folder: string;
  readonly python: string;
  readonly environment: Environment;
  /** The base stands in another account or region: it is not deployed. */
  readonly isElsewhere: boolean;
  readonly changes: Changes;
  readonly settings: TerraformSettings;
  readonly stop: AbortController;
}

export interface RehearsedPlans {
  readonly input: EnvironmentInput;
  readonly limits: readonly string[];
}

/** Nothing answers here: it stands in for the emulator's address while it is not known whether one is needed. */
const NO_ENDPOINT = "http://127.0.0.1:9";

/** @throws Error when one of the two does not synthesise, or the base cannot be deployed */
export async function rehearsedPlans(options: RehearsedOptions, screen: Screen): Promise<RehearsedPlans> {
  const { root, base, folder, python, environment, isElsewhere, changes, settings, stop } = options;
  const { name, account, region } = environment;
  const cdktfOf = (source: string, workspace: Workspace, endpoint: string, names = name) =>
    createCdktf({
      root,
      source,
      workspace,
      environment: names,
      changes: source === base ? {} : changes,
      endpoint,
      settings,
      signal: stop.signal,
    });
  /** @param names of environments; empty for all, because the base may not know this one yet */
  const synthesise = async (
    source: string,
    workspace: Workspace,
    endpoint: string,
    names = name,
  ): Promise<Map<string, SynthesisedStack>> => {
    const what = source === base ? "the base" : "the working tree";
    rmSync(workspace.output, { recursive: true, force: true });
    mkdirSync(workspace.folder, { recursive: true });
    screen.output = `synthesising ${what}`;
    await cdktfOf(source, workspace, endpoint, names)
      .synth()
      .catch((error: unknown) => {
        throw stop.signal.aborted
          ? error
          : new Error(`${capitalised(what)} cannot be synthesised:\n${error instanceof Error ? error.message : String(error)}`);
      });
    return new Map(synthesisedStacks(workspace.output, name).map((stack) => [stack.name, stack]));
  };
  const before = new Workspace(join(folder, "base"));
  const after = new Workspace(join(folder, "head"));

  const plain = {
    before: isElsewhere ? new Map<string, SynthesisedStack>() : await synthesise(base, before, NO_ENDPOINT, ""),
    after: await synthesise(root, after, NO_ENDPOINT),
  };
  const isUnchanged =
    plain.before.size === plain.after.size &&
    [...plain.after.values()].every(({ name: stack, digest }) => plain.before.get(stack)?.digest === digest);
  if (isUnchanged) {
    const stacks = [...plain.after.values()].map(({ name: stack, json }): StackInput => ({
      stack,
      state: "unchanged",
      raw: comparePlan(json, json),
      before: json,
      after: json,
    }));
    return {
      input: { environment: name, stacks },
      limits: [`${name} was not deployed on the emulator, because the base and the working tree synthesise the same bytes`],
    };
  }

  screen.output = "starting the emulator";
  const emulator = await Emulator.start({ root, python, workspace: before, account, stop });
  try {
    await emulator.createBucket(REHEARSAL_STATE_BUCKET, region);
    const { endpoint } = emulator;
    const deployed = cdktfOf(base, before, endpoint);
    let stacksBefore = new Map<string, SynthesisedStack>();
    if (plain.before.size > 0) {
      stacksBefore = await synthesise(base, before, endpoint);
      await makeExisting(
        emulator,
        deployed.stacks().map((stack) => deployed.json(stack)),
        region,
      );
      await apply(deployed, "deploy", deployed.stacks(), screen).catch((error: unknown) => {
        throw stop.signal.aborted
          ? error
          : new Error(`The base cannot be deployed on the emulator:\n${error instanceof Error ? error.message : String(error)}`);
      });
    }
    const stacksAfter = await synthesise(root, after, endpoint);
    await makeExisting(
      emulator,
      [...stacksAfter.values()].map(({ json }) => json),
      region,
    );
    const planned = await planStacks({
      stacks: [...stacksAfter.values()],
      before: stacksBefore,
      terraform: terraformWith({ ...deployed.variables, ...pluginCache(settings) }, stop.signal),
      // The states are this review's alone, and as the base's deploy wrote them a moment ago: nothing has drifted.
      planArguments: ["-lock=false", "-refresh=false"],
      against: (stack) => (traitsOf(stack).needsCluster ? "nothing" : "world"),
      onProgress: (text) => {
        screen.output = text;
      },
    });
    return {
      input: { environment: name, stacks: [...planned, ...orphans(stacksBefore, stacksAfter)] },
      limits: await limitsOf(emulator, deployed),
    };
  } finally {
    emulator.release();
    await before.clear();
  }
}

const capitalised = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}`;

/** Terraform with these variables; its output is kept apart, because a plan as JSON is read from it. */
export function terraformWith(env: NodeJS.ProcessEnv, signal: AbortSignal): Terraform {
  return async (folder, args) => {
    const output = { stdout: "", stderr: "" };
    const code = await runProgram("terraform", args, {
      cwd: folder,
      env,
      signal,
      onOutput: (text, stream) => {
        output[stream] += text;
      },
    });
    return { code, ...output };
  };
}
