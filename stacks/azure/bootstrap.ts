import { Op } from "cdktf";
import type { Construct } from "constructs";
import { GithubIdentity } from "../../constructs/azure/github-identity";
import { DEPLOY_ACTIONS, GRANT_ACTIONS, grantCondition, PLAN_ACTIONS } from "../../constructs/azure/github-roles";
import { CLUSTER_ROLES, GRANTED_ROLES } from "../../constructs/azure/identity";
import { StateAccount } from "../../constructs/azure/state-account";
import { AzureStack, STATE_CONTAINER, type AzureStackProps } from "./base";

/**
 * What must be there before anything is deployed, made by an administrator: where the states are, and who the workflows are. The subscription
 * is the environment's own, as an account is on AWS, so that rights end at its border.
 */
export class AzureBootstrapStack extends AzureStack {
  constructor(scope: Construct, props: AzureStackProps) {
    super(scope, "bootstrap", props);
    const { bootstrap, deletionProtection: protect, location, name, platform, state, subscription } = this.environment;
    const states = new StateAccount(this, "states", {
      resourceGroup: state.resourceGroup,
      account: state.storageAccount,
      container: STATE_CONTAINER,
      location,
      protect,
    });
    const common = { place: states.place, repository: bootstrap.githubRepository, scope: `/subscriptions/${subscription}` };
    const plan = new GithubIdentity(this, "plan", {
      ...common,
      name: `${name}-plan`,
      description: "Reads what stands, for plans",
      context: "ref:refs/heads/main",
      actions: PLAN_ACTIONS,
      states: { containerId: states.containerId, role: "Storage Blob Data Reader" },
    });
    const deploy = new GithubIdentity(this, "deploy", {
      ...common,
      name: `${name}-deploy`,
      description: "Makes and removes what the stacks describe",
      context: `environment:${name}`,
      actions: DEPLOY_ACTIONS,
      states: { containerId: states.containerId, role: "Storage Blob Data Contributor" },
    });
    const roles = Object.values(platform === "aks" ? { ...GRANTED_ROLES, ...CLUSTER_ROLES } : GRANTED_ROLES);
    deploy.grantGranting(`${name}-granting`, common.scope, GRANT_ACTIONS, grantCondition([deploy.principalId, plan.principalId], roles));
    this.addClient("plan", plan, "plans");
    this.addClient("deploy", deploy, "deploys");
  }

  /** Tells an identity's id; the literal, from which the workflow has it, may not know another. */
  private addClient(purpose: "plan" | "deploy", { clientId }: GithubIdentity, does: string): void {
    const output = this.output(`${purpose}_client_id`, clientId, `Who a workflow is while it ${does}`);
    const written = this.environment.bootstrap.clients?.[purpose];
    // An override, because cdktf 0.21 drops an output's precondition.
    if (written !== undefined)
      output.addOverride("precondition", {
        condition: Op.eq(clientId, written),
        error_message: `The literal's bootstrap.clients.${purpose} is ${written}, which is another identity's: write there what this output holds.`,
      });
  }
}
