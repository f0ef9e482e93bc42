/** Plans against the account itself, with whatever credentials are around: the plan role's suffice. */
import { join } from "node:path";
import { pluginCache, type TerraformSettings } from "../../terraform/settings";
import { changeVariables, type Changes } from "../../environments/reading/changes";
import { traitsOf } from "../../stacks/catalogue";
import type { Screen } from "../../rehearsal/display";
import { planStacks, type EnvironmentInput, type PlannerOptions } from "./planner";
import { terraformWith } from "./rehearsed";
import { isOnAzure, synthesisedStacks, type SynthesisedStack } from "../../terraform/assembly";
import { synthesise } from "../../terraform/synthesis";

/** Where AWS's own tools look first. */
const CREDENTIALS = [
  "AWS_ACCESS_KEY_ID",
  "AWS_PROFILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];
export const hasCredentials = (variables: NodeJS.ProcessEnv): boolean => CREDENTIALS.some((name) => Boolean(variables[name]));

export interface AccountOptions {
  readonly root: string;
  readonly folder: string;
  readonly environment: string;
  readonly changes: Changes;
  /** Takes some of the stacks. @default all of them */
  readonly select?: (stacks: readonly SynthesisedStack[]) => readonly SynthesisedStack[];
  readonly settings: TerraformSettings;
  readonly signal: AbortSignal;
}

/** Azure's roles let no workflow read what an administrator makes: identities of workflows, and their roles. */
const isPipelines = ({ name }: SynthesisedStack): boolean => traitsOf(name).deployedBy === "pipeline";

/** What a stack is planned against: the plan role may read the states, but neither a cluster nor what gives out secrets. */
export function planAgainst(stack: string): ReturnType<PlannerOptions["against"]> {
  const { givesOutSecrets, needsCluster } = traitsOf(stack);
  return needsCluster ? "cluster" : givesOutSecrets ? "state" : "world";
}

/** @throws Error when the environment does not synthesise; a stack that cannot be planned says so in its own place */
export async function accountPlans(
  { root, folder, environment: name, changes, select = (all) => all, settings, signal }: AccountOptions,
  screen: Screen,
): Promise<EnvironmentInput> {
  const output = join(folder, "cdktf.out");
  const env = { ...process.env, ...settings.variables, ...changeVariables(changes) };
  screen.output = "synthesising";
  await synthesise({ source: root, output, clear: true, environments: [name], variables: env, signal });
  const chosen = select(isOnAzure(name) ? synthesisedStacks(output, name).filter(isPipelines) : synthesisedStacks(output, name));
  const stacks = await planStacks({
    stacks: chosen,
    before: new Map(),
    terraform: terraformWith({ ...env, ...pluginCache(settings) }, signal),
    // Who may only read a state on Azure cannot lock it; a deploy, which plans again, does.
    planArguments: isOnAzure(name) ? ["-lock=false"] : ["-lock-timeout=60s"],
    against: planAgainst,
    onProgress: (text) => {
      screen.output = text;
    },
  });
  return { environment: name, stacks };
}
