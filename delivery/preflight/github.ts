/** The environment on GitHub, which the deploy role trusts: made and protected by hand (docs/delivery.md). */
import { repositoryPath } from "../../constructs/identity/github-names";
import type { Environment } from "../../environments/schema";
import type { Need } from "./need";

/** Its deploy workflow refuses to run without; whoever deploys from their own machine only gets to know. */
export function githubEnvironment(
  { name, stage, bootstrap }: Pick<Environment, "name" | "stage" | "bootstrap">,
  variables: Readonly<Record<string, string | undefined>>,
): Need {
  return {
    kind: "GitHub environment",
    name,
    stacks: [],
    ask: async () => {
      if (!variables.GITHUB_TOKEN)
        return {
          state: "unknown",
          why: "GITHUB_TOKEN is not set, so that GitHub is not asked for its protection",
          make: `GITHUB_TOKEN=$(gh auth token) npm run preflight -- ${name}`,
        };
      // GitHub's client is large, and most who ask the account ask GitHub nothing.
      const [{ repositoryOf }, { missingProtection }] = await Promise.all([import("../github"), import("../protection")]);
      const ofLiteral = bootstrap && repositoryPath(bootstrap.githubRepository);
      const repository = repositoryOf({ ...variables, GITHUB_REPOSITORY: variables.GITHUB_REPOSITORY ?? ofLiteral });
      const missing = await missingProtection(repository, { name, stage });
      if (missing.length === 0) return { state: "there" };
      return {
        state: "advised",
        why: missing.join("; "),
        make: 'Settings, Environments in the repository (docs/delivery.md, "Settings on GitHub")',
      };
    },
  };
}
