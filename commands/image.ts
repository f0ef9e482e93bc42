import { Command, InvalidArgumentError, Option } from "commander";
import { appendFileSync } from "node:fs";
import { resolve } from "node:path";
import { VERSION_PATTERN } from "../constructs/identity/github-names";
import { Aws } from "../delivery/aws";
import { buildImage, pushImage } from "../delivery/images/build";
import { asBadAs, findingsText, scanned, SEVERITIES, type Severity } from "../delivery/images/registry";
import { loadEnvironment } from "../environments";
import { imageParts } from "../environments/schema/services";
import { abortOnInterrupt } from "../terraform/interrupt";
import type { Environment } from "../environments/schema";
import type { Project } from "./project";
import { accessTo } from "./shared/access";
import { environmentArgument } from "./shared/environment-argument";
import { placeOf } from "./shared/target";

interface PushOptions {
  readonly from: string;
  readonly tag: string;
  readonly refuse: Severity;
  readonly scanSeconds: number;
  readonly out?: string;
}

/** Repository of a service, or of the web application's API: `api` of a machine, `web` of a service, as a deploy calls it. @throws Error when the environment has no image of that name */
export function repositoryOf({ name, services, web }: Pick<Environment, "name" | "services" | "web">, image: string): string {
  const images = new Map(Object.entries(services).map(([service, { image: of }]) => [service, of]));
  if (web?.backend) images.set("api", web.backend.apiImage);
  if (web?.service) images.set("web", web.service.image);
  const found = images.get(image);
  if (found === undefined) throw new Error(`${name} has no image ${JSON.stringify(image)}. Its images: ${[...images.keys()].join(", ")}.`);
  return imageParts(found).repository;
}

export function imageCommand({ root }: Project): Command {
  return new Command("image")
    .description("Build an image with what attests it, and push it to an environment's repository, where its scan is waited for.")
    .addCommand(
      new Command("build")
        .description(
          "Build an image of a folder with a Dockerfile, its SBOM and provenance beside it, into an archive; needs Docker with buildx, and no rights.",
        )
        .argument("<folder>", "with a Dockerfile in it")
        .requiredOption("--out <file>", "the archive, an OCI layout in a tar")
        .option("--test <stage>", "a stage of the Dockerfile that is built first: its tests")
        .option("--platform <platform>", "what it is to run on", "linux/amd64")
        .action((folder: string, { out, platform, test }: { readonly out: string; readonly platform: string; readonly test?: string }) =>
          interruptible("Interrupted: nothing was pushed.", (signal) =>
            buildImage({ folder: resolve(folder), test, platform, file: resolve(out), signal }),
          ),
        ),
    )
    .addCommand(
      new Command("push")
        .description("Push such an archive under a tag that is new, and wait for the registry's scan; needs skopeo.")
        .addArgument(environmentArgument())
        .argument("<image>", "a service, or the web application's: api of a machine, web of a service")
        .requiredOption("--from <file>", "the archive")
        .requiredOption("--tag <tag>", "a tag that nobody has used, such as 1.4.2", tag)
        .addOption(
          new Option("--refuse <severity>", "fail when the scan finds what is as bad or worse")
            .choices([...SEVERITIES])
            .default("CRITICAL"),
        )
        .option("--scan-seconds <seconds>", "how long the scan is waited for", seconds, 600)
        .option("--out <file>", "append tag and digest to it, as GitHub's outputs are written")
        .action(async (name: string, image: string, options: PushOptions) => {
          const environment = loadEnvironment(name);
          const repository = repositoryOf(environment, image);
          const aws = new Aws(accessTo(environment, placeOf(root, environment).endpoint));
          try {
            await interruptible("Interrupted: the image is pushed, or is not; a tag that is taken says so.", async (signal) => {
              await pushImage(aws, { file: resolve(options.from), repository, tag: options.tag, signal });
              const { digest, scan } = await scanned(aws, repository, options.tag, {
                ...{ seconds: options.scanSeconds, signal },
                onProgress: (words) => {
                  console.log(words);
                },
              });
              console.log(`${repository}:${options.tag} (${digest}): its scan found ${findingsText(scan.findings)}`);
              const bad = asBadAs(scan.findings, options.refuse);
              if (bad > 0) throw new Error(`${bad} of these are ${options.refuse.toLowerCase()} or worse: the image is not handed on.`);
              if (options.out !== undefined) appendFileSync(options.out, `tag=${options.tag}\ndigest=${digest}\n`);
            });
          } finally {
            aws.dispose();
          }
        }),
    );
}

async function interruptible(message: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const end = abortOnInterrupt(stop, message);
  try {
    await work(stop.signal);
  } catch (error) {
    if (stop.signal.aborted) throw stop.signal.reason;
    throw error;
  } finally {
    end();
  }
}

function tag(text: string): string {
  if (!new RegExp(VERSION_PATTERN).test(text) || text === "latest" || text.startsWith("sha256:"))
    throw new InvalidArgumentError("a tag other than latest: letters, digits and _.-");
  return text;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 3600) throw new InvalidArgumentError("a whole number of seconds, 1 to 3600.");
  return value;
}
