import { Construct } from "constructs";
import type { StateBucket } from "../storage/state-bucket";
import { ACCOUNT_READ_ACTIONS } from "./account-rights";
import { planRoleName } from "./github-names";
import type { GithubOidc } from "./github-oidc";
import { READ_ACTIONS } from "./github-rights";
import { PREFLIGHT_ACTIONS } from "./preflight-rights";
import { Role, type Grantee } from "./role";

export interface GithubPlanRoleProps {
  /** Name of the environment. */
  readonly environment: string;
  /** Twelve digits. */
  readonly account: string;
  readonly github: GithubOidc;
  readonly states: StateBucket;
  /** The branch whose scheduled runs look for drift. @default "main" */
  readonly branch?: string;
}

/**
 * What a plan on `main` and the search for drift may do: look at everything, change nothing but the lock of a state.
 *
 * Pull requests take no role: whoever pushes a branch decides what runs there, and would read every state. Their review plans without an account.
 */
export class GithubPlanRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: GithubPlanRoleProps) {
    super(scope, id);
    const { environment, account, github, states, branch = "main" } = props;
    const role = new Role(this, "role", {
      name: planRoleName(environment),
      description: `Plans ${environment}: reads everything, changes nothing`,
      assumedBy: github.trust(`ref:refs/heads/${branch}`),
    });
    grantLooking(role, { account, environment });
    states.grantPlan(role, environment);
    this.arn = role.arn;
  }
}

/** What Terraform reads when it compares the world with a state. */
export function grantLooking(grantee: Grantee, { account, environment }: { readonly account: string; readonly environment: string }): void {
  // On *: Describe and List calls mostly have no resource level, and ids are given by AWS only when things are made.
  grantee.grant({ actions: READ_ACTIONS, resources: ["*"] });
  // Also where the account's own things are another environment's: what watches everybody may be seen by everybody.
  grantee.grant({ actions: ACCOUNT_READ_ACTIONS, resources: ["*"] });
  // What no stack makes is looked at before a deploy, wherever it stands.
  grantee.grant({ actions: PREFLIGHT_ACTIONS.filter((action) => !isAmong(action, READ_ACTIONS)), resources: ["*"] });
  // Files that Terraform uploaded carry the provider's default tags; the trading data beside them does not.
  grantee.grant({
    actions: ["s3:GetObject", "s3:GetObjectTagging"],
    resources: ["arn:aws:s3:::*/*"],
    conditions: { StringEquals: { "s3:ExistingObjectTag/ManagedBy": "cdktf" } },
  });
  // Lambda shows the settings of a function only to those who may decrypt them; else each plan would set them anew. No secret stands in them.
  grantee.grant({ actions: ["kms:Decrypt"], resources: ["*"], conditions: { StringLike: { "kms:ViaService": "lambda.*.amazonaws.com" } } });
  // The public parameters name machine images; the environment's own hold settings, never secrets (design 11).
  grantee.grant({
    actions: ["ssm:GetParameter", "ssm:GetParameters"],
    resources: ["arn:aws:ssm:*::parameter/aws/service/*", `arn:aws:ssm:*:${account}:parameter/tss/${environment}/*`],
  });
}

/** A role's own policy has room for 10,240 characters: nothing stands there twice. */
const isAmong = (action: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => (pattern.endsWith("*") ? action.startsWith(pattern.slice(0, -1)) : action === pattern));
