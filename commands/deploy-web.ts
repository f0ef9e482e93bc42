import { Command } from "commander";
import { VERSION_PATTERN } from "../constructs/identity/github-names";
import { Aws } from "../delivery/aws";
import { imageIn } from "../delivery/images/registry";
import { deployImage, findWebMachine, recordedImage } from "../delivery/web/image";
import { loadEnvironment } from "../environments";
import { parseImages } from "../environments/reading/changes";
import { imageParts } from "../environments/schema/services";
import { abortOnInterrupt, Interrupted } from "../terraform/interrupt";
import { imageText, statusText } from "./deploy-web/text";
import type { Project } from "./project";
import { accessTo } from "./shared/access";
import { environmentArgument } from "./shared/environment-argument";
import { shown } from "./shared/shown";
import { placeOf } from "./shared/target";

interface Options {
  readonly image?: string;
  readonly dryRun: boolean;
}

export function deployWebCommand({ root }: Project): Command {
  return new Command("deploy:web")
    .description(
      "Have the web application's machine run another image of its API: it pulls, migrates the database, changes over, asks for its health, and goes back to the old image where that fails; a migration is not undone. Without --image: what the literal names, and what was deployed past it. Interrupted, the machine goes on by itself.",
    )
    .addArgument(environmentArgument())
    .option("--image <api=version>", "tag or digest of an image that was pushed, such as api=1.4.2")
    .option("--dry-run", "ask the registry and look for the machine, and change nothing", false)
    .action(async (name: string, { image, dryRun }: Options) => {
      const environment = loadEnvironment(name);
      const backend = environment.web?.backend;
      if (!backend)
        throw new Error(
          environment.web?.service
            ? `${name}'s web application is a service, which a deploy gives another image: npm run deploy -- ${name} --image web=<tag>.`
            : `${name} has no machine for the web application: environments/${name}.ts has no \`web.backend\`.`,
        );
      const version = image === undefined ? undefined : versionOf(image);
      const place = placeOf(root, environment);
      const stop = new AbortController();
      const end = abortOnInterrupt(
        stop,
        `Interrupted: the machine goes on by itself, if it was told already. npm run deploy:web -- ${name} shows what it runs in the end.`,
      );
      const aws = new Aws(accessTo(environment, place.endpoint));
      try {
        const { repository } = imageParts(backend.apiImage);
        const recorded = await recordedImage(aws, environment);
        console.log(statusText({ where: `${name} ${place.words}`, literal: backend.apiImage, recorded }));
        if (version === undefined) return;
        console.log(imageText(await imageIn(aws, repository, version), version));
        const machine = await findWebMachine(aws, environment);
        if (dryRun) {
          console.log(`To be told: ${machine.id}. Nothing was changed.`);
          return;
        }
        let said = "";
        await shown(`Image ${version} on ${machine.id}`, async (onProgress) => {
          said = await deployImage(aws, machine, { environment, version, signal: stop.signal, onProgress });
        });
        console.log(said);
        console.log(`A version that stays belongs into the literal: web.backend.apiImage of environments/${name}.ts.`);
      } catch (error) {
        if (stop.signal.reason instanceof Interrupted) throw stop.signal.reason;
        throw error;
      } finally {
        end();
        aws.dispose();
      }
    });
}

/** @throws Error when it is not one image, of the API */
export function versionOf(text: string): string {
  const { api, ...others } = parseImages(text);
  if (api === undefined || Object.keys(others).length > 0)
    throw new Error(`Image ${JSON.stringify(text)}: api=<tag or digest> is all that there is.`);
  if (!new RegExp(VERSION_PATTERN).test(api) || ["latest", "none"].includes(api))
    throw new Error(
      `Image ${JSON.stringify(text)}: ${api} is neither a digest (sha256: and 64 hexadecimal digits) nor a tag other than latest and none.`,
    );
  return api;
}
