/** The base of a review: another commit of this repository in a worktree of its own. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { git as run } from "../../terraform/git";
import { runProgram } from "../../terraform/programs";

export interface Base {
  /** As the person named it. */
  readonly name: string;
  /** Forty hex digits. */
  readonly commit: string;
}

const git = (root: string, ...args: readonly string[]): string | undefined => run(root, ...args)?.trim();

/** Where the work on a branch began, whoever has gone on with the base since: what GitHub compares a pull request with. */
const DEFAULTS = ["origin/main", "main"];

/**
 * @param name a branch, tag or commit. @default origin/main, else main
 * @throws Error when there is no such commit, or none in common
 */
export function resolveBase(root: string, name?: string): Base {
  if (git(root, "rev-parse", "--git-dir") === undefined)
    throw new Error(
      "A review by rehearsal compares with another commit, and this folder is no git repository. Plans of elsewhere: --plan DIR.",
    );
  const names = name === undefined ? DEFAULTS : [name];
  const found = names.find((candidate) => git(root, "rev-parse", "--verify", "--quiet", `${candidate}^{commit}`));
  if (!found)
    throw new Error(
      `There is no commit ${names.map((candidate) => JSON.stringify(candidate)).join(" or ")} to compare with. Name one with --base; in a shallow clone, fetch it first.`,
    );
  const commit = git(root, "merge-base", found, "HEAD");
  if (!commit) throw new Error(`${found} and HEAD have no commit in common. A shallow clone must be deep enough: git fetch --unshallow`);
  return { name: found, commit };
}

/** Whether the working tree differs from the base below a path. */
export const differsBelow = (root: string, { commit }: Base, path: string): boolean =>
  git(root, "diff", "--quiet", commit, "--", path) === undefined ||
  git(root, "ls-files", "--others", "--exclude-standard", "--", path) !== "";

/** What the base's commit has at a path; undefined where it has nothing. */
export const textAt = (root: string, { commit }: Base, path: string): string | undefined => run(root, "show", `${commit}:${path}`);

/** Files below some paths in which the working tree differs from the base, sorted; also those that git does not know yet. */
export const changedBelow = (root: string, { commit }: Base, ...paths: readonly string[]): string[] =>
  [
    git(root, "diff", "--name-only", "--no-renames", "-z", commit, "--", ...paths),
    git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", ...paths),
  ]
    .flatMap((names) => (names ?? "").split("\0"))
    .filter((name) => name !== "")
    .sort();

/** The working tree as a person names it: its commit, and whether there is more than that. */
export function describeHead(root: string): string {
  const commit = git(root, "rev-parse", "HEAD") ?? "unknown";
  return git(root, "status", "--porcelain") ? `${commit}+changes` : commit;
}

/**
 * Checks a commit out into a folder inside the repository, so that packages are found in the repository's own node_modules; where the
 * commit locks other packages, they are installed.
 * @throws Error when git or npm refuses
 */
export async function checkOut(root: string, { commit }: Base, folder: string, signal: AbortSignal): Promise<void> {
  let output = "";
  const run = async (command: string, args: readonly string[], cwd: string) => {
    output = "";
    const code = await runProgram(command, args, {
      cwd,
      env: process.env,
      signal,
      onOutput: (text) => {
        output += text;
      },
    });
    if (code !== 0)
      throw new Error(
        `${command} ${args[0]} failed for the base ${commit.slice(0, 12)}:\n${output.trim().split("\n").slice(-15).join("\n")}`,
      );
  };
  await run("git", ["worktree", "prune"], root);
  await run("git", ["worktree", "add", "--detach", "--quiet", folder, commit], root);
  if (!sameLock(root, folder)) await run("npm", ["ci", "--no-audit", "--no-fund"], folder);
}

/** Takes the worktree out of git's list; whoever owns the folder removes it. */
export function forgetCheckOut(root: string, folder: string): void {
  git(root, "worktree", "remove", "--force", folder);
}

function sameLock(a: string, b: string): boolean {
  const file = "package-lock.json";
  return existsSync(join(b, file)) && readFileSync(join(a, file), "utf8") === readFileSync(join(b, file), "utf8");
}
