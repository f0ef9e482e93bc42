/** `npm run deploy -- <environment> --reviewed <report.json>`. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { changeVariables, type Changes } from "../../environments/reading/changes";
import type { AzureEnvironment } from "../../environments/azure/schema";
import type { Environment } from "../../environments/schema";
import { applyReviewed } from "../../delivery/apply";
import { journaled } from "../../delivery/journal";
import { resultMarkdown, type DeployResult } from "../../delivery/result";
import { checkedOut, readReview, refuseReview } from "../../delivery/reviewed";
import { selectStacks, synthesisedStacks, type SynthesisedStack } from "../../terraform/assembly";
import { interruptedDuring, Terraform } from "../../delivery/terraform";
import { refuseAzureExamples, refuseExamples } from "../../delivery/examples";
import { traitsOf } from "../../stacks/catalogue";
import { terraformSettings } from "../../terraform/settings";
import { synthesise } from "../../terraform/synthesis";
import { refuseMissing } from "../preflight/ask";
import { refuseWithoutClient } from "../shared/azure-client";
import { table } from "../shared/table";
import { targetOf } from "../shared/target";
import { clusterSays } from "../../delivery/cluster-says";

export interface ReviewedOptions {
  /** JSON of `npm run review`. */
  readonly reviewed: string;
  /** Names, separated by commas. @default all */
  readonly stacks?: string;
  /** File for the result. */
  readonly json?: string;
  /** File that the result is appended to as Markdown. */
  readonly summary?: string;
}

/** What differs between the clouds. */
export interface Deployable {
  readonly name: string;
  /** Of AWS's console. @default no pages to look at */
  readonly region?: string;
  /** @throws Error with what of the literal is the example's */
  readonly refuseExamples: () => void;
  /** @throws Error with what its cloud lacks */
  readonly refuseMissing: (stacks: readonly SynthesisedStack[]) => Promise<void>;
  /** What a cluster says of a deploy that failed. */
  readonly clusterSays: () => readonly string[];
}

export const onAws = (root: string, environment: Environment): Deployable => ({
  name: environment.name,
  region: environment.region,
  refuseExamples: () => {
    refuseExamples(environment);
  },
  refuseMissing: (stacks) => refuseMissing(root, environment, stacks),
  clusterSays: () => clusterSays(environment),
});

/** The subscription is asked for nothing before: what it lacks, Azure says at the first resource that wants it (docs/azure.md). */
export const onAzure = (environment: AzureEnvironment): Deployable => ({
  name: environment.name,
  refuseExamples: () => {
    refuseAzureExamples(environment);
  },
  refuseMissing: () => {
    refuseWithoutClient(environment, "deploy", process.env);
    return Promise.resolve();
  },
  clusterSays: () => [],
});

/**
 * @param confirm called once the review is accepted, before anything is applied
 * @throws Error when anything is not as it must be
 */
export async function deployFromReview(
  root: string,
  environment: Deployable,
  changes: Changes,
  options: ReviewedOptions,
  confirm: () => Promise<void>,
): Promise<void> {
  const { name, region } = environment;
  const { reviewed, json, summary } = options;
  if (!existsSync(reviewed)) throw new Error(`There is no review ${reviewed}.`);
  const { output, isEmulated } = targetOf(root);
  if (!isEmulated) environment.refuseExamples();
  const variables = changeVariables(changes);
  const wanted = { environment: name, ...checkedOut(root), images: variables.IMAGES, now: new Date() };
  const review = refuseReview(readReview(readFileSync(reviewed, "utf8"), reviewed), wanted, reviewed);
  await synthesise({ source: root, environments: [name], variables });
  const stacks = synthesisedStacks(output);
  const selected = selectStacks(
    stacks.filter((stack) => traitsOf(stack.name).deployedBy === "pipeline"),
    name,
    options.stacks,
  );
  await environment.refuseMissing(selected);
  await confirm();

  const settings = terraformSettings(join(root, ".rehearsal"));
  if (settings.note) console.error(settings.note);
  const terraform = new Terraform(settings);
  try {
    const result = await journaled(root, name, () =>
      applyReviewed({
        environment: name,
        region,
        commit: wanted.commit,
        images: wanted.images,
        review,
        stacks,
        wanted: selected.map((stack) => stack.name),
        terraform,
      }),
    );
    if (json) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
    if (summary) appendFileSync(summary, `${resultMarkdown(result)}\n`);
    console.log(shown(result));
    if (terraform.isInterrupted) throw interruptedDuring("the deploy");
    if (!result.ok) {
      if (result.stacks.some(({ stack, outcome }) => traitsOf(stack).needsCluster && outcome === "failed"))
        for (const line of environment.clusterSays()) console.error(line);
      throw new Error(result.reason);
    }
  } finally {
    terraform.dispose();
  }
}

function shown({ stacks, links }: DeployResult): string {
  const rows = stacks.map(({ stack, outcome, created, changed, destroyed, seconds }) => [
    stack,
    outcome,
    String(created),
    String(changed),
    String(destroyed),
    `${Math.round(seconds)} s`,
  ]);
  return [
    "",
    table(["stack", "outcome", "created", "changed", "destroyed", "time"], rows),
    "",
    ...links.map(({ title, url }) => `${title}: ${url}`),
  ].join("\n");
}
