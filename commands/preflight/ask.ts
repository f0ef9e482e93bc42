/** Asks the account, and says what it answered. */
import { Listr } from "listr2";
import { changeVariables, type Changes } from "../../environments/reading/changes";
import type { Environment } from "../../environments/schema";
import { preflight } from "../../delivery/preflight";
import { githubEnvironment } from "../../delivery/preflight/github";
import type { Row } from "../../delivery/preflight/need";
import { selectStacks, synthesisedStacks, type SynthesisedStack } from "../../terraform/assembly";
import { synthesise } from "../../terraform/synthesis";
import { targetOf } from "../shared/target";
import { sentences } from "./rows";
import { hostSoftware } from "./software";

/** What would be deployed. @param wanted names, separated by commas. @default all */
export async function stacksToDeploy(root: string, name: string, changes: Changes, wanted?: string): Promise<SynthesisedStack[]> {
  await synthesise({ source: root, environments: [name], variables: changeVariables(changes) });
  return selectStacks(synthesisedStacks(targetOf(root).output, name), name, wanted);
}

/** What an emulator takes as there, so that a deploy to it does not fail without (rehearsal/emulator, limits.py). */
const TAKEN_BY_EMULATOR = [
  "certificate",
  "container image",
  "cost allocation tag",
  "machine image",
  "policy",
  "principal",
  "quota",
  "secret",
  "service-linked role",
];

const asEmulated = (row: Row): Row =>
  row.state === "missing" && TAKEN_BY_EMULATOR.includes(row.kind)
    ? { ...row, state: "advised", why: `${row.why}; an emulator does without` }
    : row;

/** @param quiet standard output is for something else */
export async function askAccount(
  root: string,
  environment: Environment,
  stacks: readonly SynthesisedStack[],
  quiet = false,
): Promise<readonly Row[]> {
  const { isEmulated, output } = targetOf(root);
  let rows: readonly Row[] = [];
  await new Listr(
    [
      {
        title: `What ${environment.name} needs, asked of the account ${environment.account}`,
        task: async (_, task) => {
          const found = await preflight({
            environment,
            stacks,
            all: synthesisedStacks(output, environment.name),
            // Hosts of an emulator do not boot, and nobody deploys to one from GitHub.
            further: (subject) =>
              isEmulated ? [] : [...hostSoftware(root, environment, subject), githubEnvironment(environment, process.env)],
            onProgress: (done, all) => {
              if (process.stdout.isTTY) task.output = `${done} of ${all} answers`;
            },
          });
          rows = isEmulated ? found.map(asEmulated) : found;
        },
      },
    ],
    { registerSignalListeners: false, ...(quiet ? { renderer: "silent" as const } : { fallbackRenderer: "simple" as const }) },
  ).run();
  return rows;
}

/** The first step of a deploy: says what is due after it. @throws Error with all that is missing, before anything is made */
export async function refuseMissing(root: string, environment: Environment, stacks: readonly SynthesisedStack[]): Promise<void> {
  const rows = await askAccount(root, environment, stacks);
  const missing = rows.filter(({ state }) => state === "missing");
  if (missing.length > 0)
    throw new Error(
      [
        `${environment.name} is not deployed, and nothing was made: the account lacks what a deploy needs.`,
        ...missing.flatMap(sentences),
        `All of it in one table: npm run preflight -- ${environment.name}`,
      ].join("\n"),
    );
  for (const line of rows.flatMap(sentences)) console.log(line);
}
