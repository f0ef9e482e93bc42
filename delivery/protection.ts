/**
 * Whether GitHub asks anybody before a job of an environment. GitHub makes an environment that does not exist when a job first names it, with
 * no protection whatever; so a workflow has to look before it gets there.
 */
import type { Environment } from "../environments/schema";
import type { Repository } from "./github";

/** The only branch that may deploy. */
const BRANCH = "main";

/**
 * Needs `actions: read` alone.
 * Source: https://docs.github.com/en/rest/deployments/environments#get-an-environment
 * @returns what its environment on GitHub lacks of docs/delivery.md; empty when nothing is
 */
export async function missingProtection(
  { octokit, owner, repo }: Repository,
  { name, stage }: Pick<Environment, "name" | "stage">,
): Promise<string[]> {
  const of = { owner, repo, environment_name: name };
  const environment = await octokit.rest.repos.getEnvironment(of).then(
    ({ data }) => data,
    (error: { status?: number }) => {
      if (error.status === 404) return undefined;
      throw error;
    },
  );
  if (!environment) return [`it does not exist, and GitHub would make it without any protection`];
  return [
    ...(await wrongBranches(of, octokit, environment.deployment_branch_policy)),
    ...(stage === "development" ? [] : wrongReviewers(environment.protection_rules)),
  ];
}

type Answered = Awaited<ReturnType<Repository["octokit"]["rest"]["repos"]["getEnvironment"]>>["data"];

async function wrongBranches(
  of: { readonly owner: string; readonly repo: string; readonly environment_name: string },
  octokit: Repository["octokit"],
  policy: Answered["deployment_branch_policy"],
): Promise<string[]> {
  const only = `only the branch ${BRANCH} may ("Selected branches and tags")`;
  if (!policy) return [`every branch may deploy to it; ${only}`];
  if (!policy.custom_branch_policies) return [`every protected branch may deploy to it; ${only}`];
  const { data } = await octokit.rest.repos.listDeploymentBranchPolicies({ ...of, per_page: 100 });
  const named = data.branch_policies.map(({ name = "", type = "branch" }) => `${type} ${name}`);
  return named.join() === `branch ${BRANCH}` ? [] : [`${named.join(", ") || "no branch"} may deploy to it; ${only}`];
}

function wrongReviewers(rules: Answered["protection_rules"] = []): string[] {
  for (const rule of rules) {
    if (rule.type !== "required_reviewers") continue;
    const { reviewers = [], prevent_self_review: prevented } = rule as {
      readonly reviewers?: readonly object[];
      readonly prevent_self_review?: boolean;
    };
    if (reviewers.length > 0) return prevented ? [] : [`whoever starts a deploy may approve it ("Prevent self-review")`];
  }
  return [`nobody has to approve a deploy to it ("Required reviewers")`];
}
