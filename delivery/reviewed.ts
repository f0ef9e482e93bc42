/** The review that a deploy was given: what may be applied, and nothing else. */
import { git } from "../terraform/git";
import { z } from "zod";
import { changeSetOf, type ChangeSet } from "../review/change-set";
import { isRefused, refusals, type EnvironmentReview, type Report } from "../review/model";

/** A review waits for its approval over a night, not over a weekend; the account has changed then, and whoever approved it has forgotten it. */
export const REVIEW_HOURS = 24;

const list = z.array(z.looseObject({ address: z.string(), action: z.string() }));
/** Only what a deploy relies on; the rest is laid out by the report. */
const reportShape = z.looseObject({
  version: z.literal(1),
  source: z.looseObject({ kind: z.enum(["base", "account", "files"]) }),
  exceptionErrors: z.array(z.string()),
  environments: z.array(
    z.looseObject({
      environment: z.string(),
      findings: z.array(z.looseObject({ rule: z.string(), severity: z.enum(["refusal", "notice"]) })),
      stacks: z.array(
        z.looseObject({
          stack: z.string(),
          state: z.enum(["planned", "compared", "unchanged", "deferred", "orphaned", "failed"]),
          findings: z.array(z.looseObject({ rule: z.string(), severity: z.enum(["refusal", "notice"]) })),
          plan: z.looseObject({ stack: z.string(), changes: list, outputs: z.array(z.looseObject({ name: z.string() })) }),
        }),
      ),
    }),
  ),
});

/** @throws Error that names the file and what is wrong with it */
export function readReview(text: string, file: string): Report {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is no JSON: ${(error as Error).message}`);
  }
  const { error, success } = reportShape.safeParse(json);
  if (!success)
    throw new Error(
      `${file} is no review of \`npm run review\`:\n${error.issues
        .slice(0, 5)
        .map(({ path, message }) => `  ${path.join(".") || "(whole)"}: ${message}`)
        .join("\n")}`,
    );
  return json as Report;
}

/** What is about to be deployed. */
export interface Wanted {
  readonly environment: string;
  /** Full hash of the commit that is checked out. */
  readonly commit: string;
  /** Files that differ from it. */
  readonly changedFiles: readonly string[];
  /** As main.ts takes them: `ml=1.4.2,data=1.0.3`. */
  readonly images: string;
  readonly now: Date;
}

interface Rule {
  readonly rule: string;
  readonly when: (report: Report, wanted: Wanted) => boolean;
  readonly message: (report: Report, wanted: Wanted) => string;
}

const account = ({ source }: Report) => (source.kind === "account" ? source : undefined);
const hoursOld = (report: Report, { now }: Wanted) => (now.getTime() - Date.parse(account(report)?.at ?? "")) / 3_600_000;

/** Why a review is not taken. */
export const REVIEW_RULES: readonly Rule[] = [
  {
    rule: "environment",
    when: ({ environments }, { environment }) => !environments.some((review) => review.environment === environment),
    message: ({ environments }, { environment }) =>
      `It is a review of ${environments.map((review) => review.environment).join(", ") || "nothing"}, not of ${environment}.`,
  },
  {
    rule: "source",
    when: (report) => !account(report),
    message: ({ source }) =>
      `Its plans are those of ${source.kind === "base" ? "another commit" : "files"}; only a review of the account itself can be applied (npm run review -- --account).`,
  },
  {
    rule: "commit",
    when: (report, { commit }) => account(report) !== undefined && account(report)!.head !== commit,
    message: (report, { commit }) => `It is a review of commit ${account(report)!.head}; checked out is ${commit}.`,
  },
  {
    rule: "working-tree",
    when: (_, { changedFiles }) => changedFiles.length > 0,
    message: (_, { changedFiles }) =>
      `The working tree is not what was committed: ${changedFiles.slice(0, 5).join(", ")}${changedFiles.length > 5 ? " …" : ""}`,
  },
  {
    rule: "images",
    when: (report, { images }) => account(report) !== undefined && account(report)!.images !== images,
    message: (report, { images }) =>
      `It was made with ${account(report)!.images === "" ? "the images of the literal" : `the images ${account(report)!.images}`}; to be deployed ${images === "" ? "are those of the literal" : `is ${images}`}.`,
  },
  {
    rule: "refused",
    when: (report) => isRefused(report),
    message: (report) => {
      const reasons = [
        ...report.exceptionErrors,
        ...refusals(report).map(({ rule, construct }) => `${rule} (${construct})`),
        ...report.environments.flatMap(({ stacks }) =>
          stacks.filter(({ state }) => state === "failed").map(({ stack }) => `${stack} could not be planned`),
        ),
      ];
      return `The review refuses: ${reasons.slice(0, 5).join("; ")}${reasons.length > 5 ? ` and ${reasons.length - 5} more` : ""}.`;
    },
  },
  {
    rule: "age",
    when: (report, wanted) =>
      account(report) !== undefined && !(hoursOld(report, wanted) <= REVIEW_HOURS && hoursOld(report, wanted) >= -1),
    message: (report) =>
      `It was made ${account(report)!.at === undefined ? "at an unknown time" : `at ${account(report)!.at}`}; a review holds for ${REVIEW_HOURS} hours.`,
  },
];

/** @throws Error with every reason why this review is not one of what is about to be deployed */
export function refuseReview(report: Report, wanted: Wanted, file: string): EnvironmentReview {
  const reasons = REVIEW_RULES.filter(({ when }) => when(report, wanted)).map(({ message }) => `  - ${message(report, wanted)}`);
  if (reasons.length > 0) throw new Error(`${wanted.environment} is not deployed from ${file}:\n${reasons.join("\n")}`);
  return report.environments.find(({ environment }) => environment === wanted.environment)!;
}

/** What was reviewed of a stack; nothing at all of one that the review does not know. */
export function reviewedSet(review: EnvironmentReview, stack: string): ChangeSet {
  const found = review.stacks.find((candidate) => candidate.stack === stack);
  return found
    ? changeSetOf(found.plan, found.state === "compared" ? "synthesised" : "planned")
    : changeSetOf({ stack, changes: [], outputs: [] });
}

/** The commit that is checked out, and what differs from it. @throws Error outside a repository */
export function checkedOut(root: string): Pick<Wanted, "commit" | "changedFiles"> {
  const [commit, status] = [git(root, "rev-parse", "HEAD"), git(root, "status", "--porcelain")];
  if (commit === undefined || status === undefined)
    throw new Error(`A review is of a commit, and git cannot tell what is checked out in ${root}.`);
  return {
    commit: commit.trim(),
    changedFiles: status
      .split("\n")
      .filter(Boolean)
      .map((line) => line.slice(3)),
  };
}
