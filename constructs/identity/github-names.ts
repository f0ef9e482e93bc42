/**
 * Names that `bootstrap` gives, by which other stacks and its own policies know them.
 *
 * These ARNs are put together by hand: a boundary speaks of itself and of the roles that carry it, and an environment's stacks
 * name a boundary that the bootstrap of another environment of the same account may have made.
 */

/** GitHub's OIDC provider, without `https://`. */
export const GITHUB_ISSUER = "token.actions.githubusercontent.com";

/** That provider, which bootstrap makes once an account. */
export const githubProviderArn = (account: string): string => `arn:aws:iam::${account}:oidc-provider/${GITHUB_ISSUER}`;

/** Owner and name of a repository, of a subject that may carry their ids: addresses do not (`owner@1/name@2` → `owner/name`). */
export const repositoryPath = (subject: string): string => subject.replace(/@\d+/g, "");

/** Where a reader finds the repository's pages; undefined where the literal knows no repository. */
export const repositoryPages = (bootstrap?: { readonly githubRepository: string }): string | undefined =>
  bootstrap && `https://github.com/${repositoryPath(bootstrap.githubRepository)}/blob/main`;

export const planRoleName = (environment: string): string => `tss-plan-${environment}`;
export const deployRoleName = (environment: string): string => `tss-deploy-${environment}`;
export const deployRoleArn = (account: string, environment: string): string =>
  `arn:aws:iam::${account}:role/${deployRoleName(environment)}`;
export const boundaryName = (environment: string): string => `tss-boundary-${environment}`;

/** ARN of the policy that no role of the environment can exceed. */
export const boundaryArn = (account: string, environment: string): string => `arn:aws:iam::${account}:policy/${boundaryName(environment)}`;

/**
 * Where the IAM roles, policies and instance profiles of an environment live: `/dev/`.
 * Documents fix their names (SEC-030, SEC-043, SEC-044), so the path is what tells a policy whose they are.
 */
export const iamPath = (environment: string): string => `/${environment}/`;

/** The roles of an environment: those of its workflows, and whatever its stacks make; patterns. */
export const environmentRoles = (account: string, environment: string): string[] =>
  [planRoleName(environment), deployRoleName(environment), `${environment}/*`].map((name) => `arn:aws:iam::${account}:role/${name}`);

/**
 * Beginning of the names of an environment's documents of Systems Manager, which have no path: `tss-dev.`
 * The full stop, which no environment's name has, keeps `dev` from those of `dev2`.
 */
export const documentPrefix = (environment: string): string => `tss-${environment}.`;

/** What a host can be told by the kill switch. */
export const HOST_ACTIONS = ["stop", "ready", "status"] as const;
export type HostAction = (typeof HOST_ACTIONS)[number];

/** Name of the document that tells a host so. */
export const killSwitchDocument = (environment: string, action: HostAction): string =>
  `${documentPrefix(environment)}kill-switch-${action}`;

/** Name of the document that changes the web application over to another image. */
export const deployImageDocument = (environment: string): string => `${documentPrefix(environment)}deploy-web-image`;

/** A tag or a digest, as registries write them: nothing of it means anything to a shell. https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
export const VERSION_PATTERN = "^(sha256:[0-9a-f]{64}|[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$";

/** What rotates the password of the Windows logon is called so, with the suffix of the environment. */
export const LOGON_ROTATION = "WindowsLogonRotation";

/** The role that may throw the kill switch, and the one that may take it back; unlike those of bootstrap, of the environment's own stacks. */
export const killSwitchRoleName = (nameSuffix: string, position: "on" | "off"): string => `tss-kill-switch-${position}${nameSuffix}`;
export const killSwitchRoleArn = (
  { account, name, nameSuffix }: { readonly account: string; readonly name: string; readonly nameSuffix: string },
  position: "on" | "off",
): string => `arn:aws:iam::${account}:role${iamPath(name)}${killSwitchRoleName(nameSuffix, position)}`;

/** The roles that people take, which an administrator makes with the account's own stack (docs/account.md). */
export const PEOPLE_ROLES = ["operations", "read-only"] as const;
export const PEOPLE_PREFIX = "tss-people-";
export const peopleRoleName = (kind: (typeof PEOPLE_ROLES)[number], nameSuffix: string): string => `${PEOPLE_PREFIX}${kind}${nameSuffix}`;

/** Those of every environment; a pattern. */
export const peopleRoles = (account: string): string => `arn:aws:iam::${account}:role/*/${PEOPLE_PREFIX}*`;

/** What a budget's action puts on deploy roles, and the role by which it does (spending-stop.ts). */
export const SPENDING_STOP = "tss-spending-stop";
export const spendingStopArn = (account: string): string => `arn:aws:iam::${account}:policy/${SPENDING_STOP}`;
export const spendingStopRoleArn = (account: string): string => `arn:aws:iam::${account}:role/${SPENDING_STOP}`;

/** All that bootstrap makes in IAM; patterns, so that an environment added later is covered from its first day. */
export const bootstrapArns = (account: string): string[] => [
  `arn:aws:iam::${account}:policy/tss-*`,
  `arn:aws:iam::${account}:role/tss-plan-*`,
  `arn:aws:iam::${account}:role/tss-deploy-*`,
  spendingStopRoleArn(account),
  githubProviderArn(account),
];
