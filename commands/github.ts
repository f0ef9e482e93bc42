import { Command } from "commander";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DriftReport } from "../delivery/drift";
import { mismatch, repositoryOf, writeComment, writeDriftIssue } from "../delivery/github";
import { missingProtection } from "../delivery/protection";
import { loadAny } from "../environments/clouds";
import { MARKER } from "../review/report/markdown";
import { anyEnvironmentArgument, environmentArgument } from "./shared/environment-argument";
import { fitted, LONGEST_COMMENT, neutralised, readUntrusted } from "../delivery/untrusted";

/** Where the number of the pull request stands beside a review. */
const NUMBER_FILE = "pull-request.json";
const REVIEW_FILE = "review.md";
const REST = "… The rest is in the artifacts of the run.";

interface CommentOptions {
  readonly head: string;
  readonly run: string;
}

export function githubCommand(): Command {
  return new Command("github")
    .description(
      "What workflows ask of GitHub, and write there. Takes GITHUB_TOKEN, GITHUB_REPOSITORY and GITHUB_API_URL from the environment.",
    )
    .addCommand(
      new Command("number")
        .description("Write the number of the pull request, which GITHUB_EVENT_PATH tells, beside its review.")
        .argument("<folder>", "folder of the review")
        .action((folder: string) => {
          const event = JSON.parse(readFileSync(process.env.GITHUB_EVENT_PATH ?? "", "utf8")) as { readonly number?: number };
          if (!Number.isSafeInteger(event.number)) throw new Error("The event is none of a pull request: it has no number.");
          mkdirSync(folder, { recursive: true });
          writeFileSync(join(folder, NUMBER_FILE), JSON.stringify({ number: event.number }));
        }),
    )
    .addCommand(
      new Command("comment")
        .description(
          "Write the one comment of a pull request. What the folder holds is untrusted: it is checked against GitHub, and shown as text that calls nobody.",
        )
        .argument("<folder>", "a folder for each environment, as artifacts are downloaded")
        .requiredOption("--head <sha>", "commit that was reviewed, as GitHub tells of the run")
        .requiredOption("--run <url>", "page of the run")
        .action((folder: string, options: CommentOptions) => writeReview(folder, options)),
    )
    .addCommand(
      new Command("issue")
        .description("Open, update or close the one issue on an environment's drift.")
        .addArgument(environmentArgument())
        .argument("<folder>", "what `npm run drift -- --out` wrote")
        .action(async (environment: string, folder: string) => {
          const report = JSON.parse(readFileSync(join(folder, "drift.json"), "utf8")) as DriftReport;
          if (report.environment !== environment) throw new Error(`${folder} is of ${report.environment}, not of ${environment}.`);
          if (report.state === "unknown") throw new Error(`Not all of ${environment} could be compared, so its issue stays as it is.`);
          const text =
            report.state === "drift"
              ? fitted(neutralised(readFileSync(join(folder, "drift.md"), "utf8")), LONGEST_COMMENT, REST)
              : undefined;
          console.log(`Issue on ${environment}: ${await writeDriftIssue(repositoryOf(process.env), environment, text)}.`);
        }),
    )
    .addCommand(
      new Command("protection")
        .description(
          "Refuse an environment that is not protected on GitHub as docs/delivery.md asks: deploys from main alone, and for all but those in development approved by somebody else.",
        )
        .addArgument(anyEnvironmentArgument())
        .action(async (name: string) => {
          const missing = await missingProtection(repositoryOf(process.env), loadAny(name));
          if (missing.length > 0)
            throw new Error(
              [
                `The environment ${name} on GitHub does not protect what is deployed to it:`,
                ...missing.map((one) => `  ${one}`),
                'Set it in the repository under Settings, Environments (docs/delivery.md, "Settings on GitHub").',
              ].join("\n"),
            );
          console.log(`The environment ${name} is protected on GitHub.`);
        }),
    );
}

async function writeReview(folder: string, { head, run }: CommentOptions): Promise<void> {
  if (!/^[0-9a-f]{40}$/.test(head)) throw new Error("--head is no commit.");
  if (!/^https:\/\/[\w.-]+(:\d+)?\/[\w./-]+$/.test(run)) throw new Error("--run is no address of a run.");
  const folders = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^[\w-]{1,60}$/.test(entry.name))
    .map(({ name }) => join(folder, name))
    .sort();
  if (folders.length === 0 || folders.length > 10) throw new Error(`${folder} holds ${folders.length} reviews; from 1 to 10 are expected.`);
  const numbers = new Set(folders.map((one) => numberOf(readUntrusted(join(one, NUMBER_FILE)))));
  if (numbers.size !== 1) throw new Error("The reviews are of several pull requests.");
  const [number] = numbers as Set<number>;
  const repository = repositoryOf(process.env);
  const wrong = await mismatch(repository, number!, head);
  if (wrong !== undefined) {
    console.log(wrong);
    return;
  }
  const lines = [
    MARKER,
    `Review of ${head.slice(0, 12)}, made by the pull request's own code in [this run](${run}), which has all of it.`,
    "",
  ];
  const budget = Math.floor((LONGEST_COMMENT - lines.join("\n").length) / folders.length) - 2;
  const body = [
    ...lines,
    ...folders.map((one) => fitted(neutralised(withoutMarker(readUntrusted(join(one, REVIEW_FILE)))), budget, REST)),
  ].join("\n");
  console.log(`Comment of pull request ${number}: ${await writeComment(repository, number!, body)}.`);
}

/** The comment has it already. */
const withoutMarker = (text: string): string => (text.startsWith(`${MARKER}\n`) ? text.slice(MARKER.length + 1) : text);

function numberOf(text: string): number {
  let number: unknown;
  try {
    ({ number } = JSON.parse(text) as { number?: unknown });
  } catch {
    // said below
  }
  if (typeof number !== "number" || !Number.isSafeInteger(number) || number < 1)
    throw new Error(`${NUMBER_FILE} holds no number of a pull request.`);
  return number;
}
