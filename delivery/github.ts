/** What the workflows write on GitHub: one comment of a pull request, one issue of an environment. */
import { Octokit } from "@octokit/rest";
import { MARKER } from "../review/report/markdown";

export interface Repository {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly repo: string;
}

/** Who writes with a workflow's token. Anybody could post a comment with our marker. */
export const OUR_LOGIN = "github-actions[bot]";
export const DRIFT_LABEL = "drift";
export const driftMarker = (environment: string) => `<!-- npm run drift: ${environment} -->`;

/** @throws Error when a variable is missing */
export function repositoryOf(variables: Readonly<Record<string, string | undefined>>): Repository {
  const { GITHUB_TOKEN, GITHUB_REPOSITORY = "", GITHUB_API_URL } = variables;
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(GITHUB_REPOSITORY) ?? [];
  if (!GITHUB_TOKEN || !owner || !repo)
    throw new Error("GITHUB_TOKEN and GITHUB_REPOSITORY (owner/name) are needed, as a workflow has them.");
  return {
    octokit: new Octokit({ auth: GITHUB_TOKEN, ...(GITHUB_API_URL && { baseUrl: GITHUB_API_URL }), request: { timeout: 30_000 } }),
    owner,
    repo,
  };
}

/**
 * Whether a pull request is the one that a run was about: its number comes from the run, its head from GitHub.
 * @returns why not; undefined when it is
 */
export async function mismatch({ octokit, owner, repo }: Repository, number: number, head: string): Promise<string | undefined> {
  const { data } = await octokit.rest.pulls.get({ owner, repo, pull_number: number });
  if (data.base.repo.full_name.toLowerCase() !== `${owner}/${repo}`.toLowerCase())
    return `Pull request ${number} is not one of ${owner}/${repo}.`;
  if (data.state !== "open") return `Pull request ${number} is closed.`;
  if (data.head.sha !== head) return `Pull request ${number} stands at another commit than the reviewed one; its own run will tell.`;
  return undefined;
}

const isOurs = ({ user, body }: { user?: { login?: string } | null; body?: string | null }, marker: string) =>
  user?.login === OUR_LOGIN && (body ?? "").startsWith(marker);

/** Writes our one comment of a pull request. @param body begins with the marker */
export async function writeComment(
  { octokit, owner, repo }: Repository,
  number: number,
  body: string,
): Promise<"created" | "updated" | "unchanged"> {
  const comments = await octokit.paginate(octokit.rest.issues.listComments, { owner, repo, issue_number: number, per_page: 100 });
  const [first, ...others] = comments.filter((comment) => isOurs(comment, MARKER));
  for (const { id } of others) await octokit.rest.issues.deleteComment({ owner, repo, comment_id: id });
  if (!first) {
    await octokit.rest.issues.createComment({ owner, repo, issue_number: number, body });
    return "created";
  }
  if (first.body === body) return "unchanged";
  await octokit.rest.issues.updateComment({ owner, repo, comment_id: first.id, body });
  return "updated";
}

/** Opens, updates or closes the one issue of an environment. @param text what drifted; undefined when nothing does any more */
export async function writeDriftIssue(
  { octokit, owner, repo }: Repository,
  environment: string,
  text: string | undefined,
): Promise<"opened" | "updated" | "unchanged" | "closed" | "none"> {
  const marker = driftMarker(environment);
  const issues = await octokit.paginate(octokit.rest.issues.listForRepo, {
    owner,
    repo,
    labels: DRIFT_LABEL,
    state: "open",
    per_page: 100,
  });
  const ours = issues.filter((issue) => issue.pull_request === undefined && isOurs(issue, marker)).sort((a, b) => a.number - b.number);
  const [first, ...others] = ours;
  for (const { number } of text === undefined ? ours : others) {
    if (text === undefined) await octokit.rest.issues.createComment({ owner, repo, issue_number: number, body: "The drift is gone." });
    await octokit.rest.issues.update({
      owner,
      repo,
      issue_number: number,
      state: "closed",
      state_reason: text === undefined ? "completed" : "not_planned",
    });
  }
  if (text === undefined) return first ? "closed" : "none";
  const body = `${marker}\n${text}`;
  if (!first) {
    await octokit.rest.issues.create({ owner, repo, title: `Drift in ${environment}`, body, labels: [DRIFT_LABEL] });
    return "opened";
  }
  if (first.body === body) return "unchanged";
  await octokit.rest.issues.update({ owner, repo, issue_number: first.number, body });
  return "updated";
}
