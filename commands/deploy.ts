import { Command, Option } from "commander";
import { azureNames, loadAzure } from "../environments/azure";
import { loadEnvironment } from "../environments";
import { changeVariables, parseImages } from "../environments/reading/changes";
import type { Environment } from "../environments/schema";
import { runCdktf } from "../terraform/cdktf";
import type { Project } from "./project";
import { confirmByName } from "./shared/confirm";
import { journaled } from "../delivery/journal";
import { traitsOf } from "../stacks/catalogue";
import { namesOfStacks } from "../terraform/assembly";
import { deployFromReview, onAws, onAzure, type ReviewedOptions } from "./deploy/from-review";
import { anyEnvironmentArgument } from "./shared/environment-argument";
import { refuseExamples } from "../delivery/examples";
import { clusterSays } from "../delivery/cluster-says";
import { refuseMissing, stacksToDeploy } from "./preflight/ask";

interface Options extends Partial<ReviewedOptions> {
  readonly autoApprove: boolean;
  readonly confirm?: string;
  readonly image: readonly string[];
}

/** `--image ml=1.4.2`, as often as there are services to change. */
export const imageOption = () =>
  new Option(
    "--image <service=tag>",
    "run this tag or digest of a service's image in place of the literal's; may be given several times; none alone: no image was pushed yet, every service is its repository and nothing else",
  )
    .default([], "those of the literal")
    .argParser<string[]>((value, before) => [...before, value]);

/** Says what the cluster says of a deploy of `workloads` that failed. @param stacks that it was for, or patterns of them */
export async function explained<T>(environment: Environment, stacks: readonly string[], deploy: () => Promise<T>): Promise<T> {
  try {
    return await deploy();
  } catch (error) {
    if (stacks.some((stack) => stack.endsWith("*") || traitsOf(stack).needsCluster))
      for (const line of clusterSays(environment)) console.error(line);
    throw error;
  }
}

/** What cdktf is told to deploy. @param wanted names with or without the environment, separated by commas or spaces; empty means all */
function stackNames(environment: string, wanted = ""): string[] {
  const names = namesOfStacks(environment, wanted);
  return names.length > 0 ? names : [`${environment}-*`];
}

export function deployCommand({ root }: Project): Command {
  return new Command("deploy")
    .description(
      "Deploy all stacks of an environment to AWS, or with --reviewed to Azure: `cdktf deploy '<environment>-*'` with the environment checked first, and the account asked for all that it needs (npm run preflight). The very first deploy of an account needs its bootstrap, see docs/deploying.md.",
    )
    .addArgument(anyEnvironmentArgument())
    .option("--auto-approve", "do not ask before each stack is applied", false)
    .option("--confirm <name>", "the environment's name, where it would be asked for")
    .addOption(imageOption())
    .option(
      "--reviewed <file>",
      "apply what this review of the account holds and nothing else: the JSON of `npm run review`, at most a day old, of the commit that is checked out (docs/delivery.md)",
    )
    .option(
      "--stacks <names>",
      "only these stacks, separated by commas, such as bootstrap (default: all; with --reviewed all but bootstrap and account)",
    )
    .option("--json <file>", "with --reviewed: write what was done to a file")
    .option("--summary <file>", "with --reviewed: append what was done to a file as Markdown, such as $GITHUB_STEP_SUMMARY")
    .action(async (name: string, { autoApprove, confirm, image, reviewed, stacks, json, summary }: Options) => {
      const changes = { images: parseImages(image.join(",")) };
      const confirmed = (stage: string) => async () => {
        if (stage === "production") await confirmByName(name, "deploy to it", confirm);
      };
      if (azureNames.includes(name)) {
        if (reviewed === undefined)
          throw new Error(`${name} is deployed from a review (--reviewed), or by hand, stack by stack: npx cdktf deploy (docs/azure.md).`);
        const azure = loadAzure(name, changes);
        await deployFromReview(root, onAzure(azure), changes, { reviewed, stacks, json, summary }, confirmed(azure.stage));
        return;
      }
      const environment = loadEnvironment(name, changes);
      const names = stackNames(name, stacks);
      if (reviewed !== undefined) {
        await deployFromReview(root, onAws(root, environment), changes, { reviewed, stacks, json, summary }, confirmed(environment.stage));
        return;
      }
      if (json !== undefined || summary !== undefined) throw new Error("--json and --summary belong to --reviewed.");
      refuseExamples(environment, names.every((stack) => stack === `${name}-bootstrap`) ? "bootstrap" : undefined);
      await refuseMissing(root, environment, await stacksToDeploy(root, name, changes, stacks));
      await confirmed(environment.stage)();
      await journaled(
        root,
        name,
        () =>
          explained(environment, names, () =>
            runCdktf(root, ["deploy", ...names, ...(autoApprove ? ["--auto-approve"] : [])], {
              ENVIRONMENTS: name,
              ...changeVariables(changes),
            }),
          ),
        { forwards: false },
      );
    });
}
