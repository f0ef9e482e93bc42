import { Command, InvalidArgumentError } from "commander";
import { resolve } from "node:path";
import { Aws } from "../delivery/aws";
import { deployFrontend } from "../delivery/frontend/deploy";
import { frontendFiles } from "../delivery/frontend/files";
import { planFrontend } from "../delivery/frontend/plan";
import { FrontendStore } from "../delivery/frontend/store";
import { loadEnvironment } from "../environments";
import type { Environment } from "../environments/schema";
import { abortOnInterrupt, Interrupted } from "../terraform/interrupt";
import { addressOf, planText } from "./deploy-frontend/text";
import { deployedOf } from "./outputs";
import type { Project } from "./project";
import { accessTo } from "./shared/access";
import { environmentArgument } from "./shared/environment-argument";
import { shown } from "./shared/shown";
import { placeOf, type Place } from "./shared/target";

interface Options {
  readonly dryRun: boolean;
  readonly graceDays: number;
}

export function deployFrontendCommand({ root }: Project): Command {
  return new Command("deploy:frontend")
    .description(
      "Bring a built frontend to the bucket and the distribution of an environment: uploads what changed, pages last, removes what no build has needed for a while, lets CloudFront forget what changed under its name, and waits for that. Interrupted, it leaves the old application or the new one; run again, it goes on.",
    )
    .addArgument(environmentArgument())
    .argument("<folder>", "what a build has written, with an index.html in it")
    .option("--dry-run", "say what would be done, and do nothing", false)
    .option("--grace-days <days>", "how long files stay that no build needs any more: pages that are open ask for them", days, 30)
    .action(async (name: string, folder: string, { dryRun, graceDays }: Options) => {
      const environment = loadEnvironment(name);
      const { web } = environment;
      if (!web) throw new Error(`${name} has no web application: environments/${name}.ts has no \`web\`.`);
      const files = frontendFiles(resolve(folder));
      const place = placeOf(root, environment);
      const stop = new AbortController();
      const end = abortOnInterrupt(
        stop,
        `Interrupted: ${name} shows the old application, or the new one where its pages were up already. npm run deploy:frontend -- ${name} ${folder} goes on.`,
      );
      const aws = new Aws(accessTo(environment, place.endpoint));
      try {
        const store = new FrontendStore(aws, web.frontendBucket.name, environment.account, stop.signal);
        const now = new Date();
        const plan = planFrontend(files, await told(stop.signal, store.stored()), { now, graceDays });
        console.log(planText(plan, `${name} ${place.words}`));
        if (dryRun) return;
        const { id, address } = await distributionOf(root, environment, place);
        await shown(`Frontend of ${name}`, (onProgress) =>
          told(stop.signal, deployFrontend(plan, { store, distribution: id, now, signal: stop.signal, onProgress })),
        );
        console.log(addressOf(address));
      } finally {
        end();
        aws.dispose();
      }
    });
}

/** What was broken off by Ctrl-C says so, whatever a client makes of it. */
async function told<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (signal.reason instanceof Interrupted) throw signal.reason;
    throw error;
  }
}

/** @throws Error when the environment's stack `web` is not deployed there */
async function distributionOf(root: string, environment: Environment, place: Place): Promise<{ id: string; address: string }> {
  const outputs = await deployedOf(root, environment, place, "web");
  const [id, address] = ["distribution_id", "web_address"].map((name) => outputs.get(name));
  if (typeof id !== "string" || typeof address !== "string")
    throw new Error(`There is no distribution of ${environment.name} ${place.words}: npm run deploy -- ${environment.name} makes it.`);
  return { id, address };
}

function days(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 365) throw new InvalidArgumentError("a whole number of days, 1 to 365.");
  return value;
}
