import type { Construct } from "constructs";
import { GithubBoundary } from "../constructs/identity/github-boundary";
import { GithubDeployRole } from "../constructs/identity/github-deploy-role";
import { GithubOidc } from "../constructs/identity/github-oidc";
import { GithubPlanRole } from "../constructs/identity/github-plan-role";
import { SpendingStop } from "../constructs/identity/spending-stop";
import { StateBucket } from "../constructs/storage/state-bucket";
import type { Environment } from "../environments/schema";
import { EnvironmentStack, type EnvironmentStackProps } from "./base";

export interface BootstrapStackProps extends EnvironmentStackProps {
  readonly bootstrap: NonNullable<Environment["bootstrap"]>;
}

/**
 * What must stand before anything else, once an account: the states and who may deploy.
 *
 * Deployed by an administrator: first with its state in a local file, then again, which moves the state into its own bucket.
 */
export class BootstrapStack extends EnvironmentStack {
  readonly states: StateBucket;

  constructor(scope: Construct, props: BootstrapStackProps) {
    super(scope, "bootstrap", props);
    const { account, data, deletionProtection, region, stateBucket } = this.environment;
    const { environments, githubRepository, noncurrentVersionDays } = props.bootstrap;

    const key = this.encryptionKey({ description: "Terraform states" });
    this.states = new StateBucket(this, "states", { name: stateBucket, key, noncurrentVersionDays, protect: deletionProtection });
    this.output("states_bucket_name", stateBucket, "Terraform states of the account");

    const github = new GithubOidc(this, "github", { repository: githubRepository });
    const regions: readonly [string, ...string[]] = [region, ...(data.replication ? [data.replication.region] : [])];
    const budget = this.environment.accountWide?.budget?.action && this.environment.accountWide.budget.name;
    if (budget !== undefined) new SpendingStop(this, "spending-stop", { account, budget, environments });
    for (const environment of environments) {
      this.states.reserve(environment, account);
      const boundary = new GithubBoundary(this, `boundary-${environment}`, { account, budget, environment, regions, states: this.states });
      const plan = new GithubPlanRole(this, `plan-${environment}`, { account, environment, github, states: this.states });
      const deploy = new GithubDeployRole(this, `deploy-${environment}`, {
        account,
        environment,
        regions,
        github,
        states: this.states,
        boundary,
        // Of this literal: what others of the account call themselves stands in theirs.
        names: environment === this.environment.name ? this.environment.web?.domain?.names : undefined,
      });
      this.output(`plan-${environment}_role_arn`, plan.arn, `Role of the workflows that plan ${environment}`);
      this.output(`deploy-${environment}_role_arn`, deploy.arn, `Role of the workflows that deploy ${environment}`);
    }
  }
}
