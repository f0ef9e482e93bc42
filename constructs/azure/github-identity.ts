import { FederatedIdentityCredential } from "@cdktf/provider-azurerm/lib/federated-identity-credential";
import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { RoleDefinition } from "@cdktf/provider-azurerm/lib/role-definition";
import { UserAssignedIdentity } from "@cdktf/provider-azurerm/lib/user-assigned-identity";
import { Construct } from "constructs";
import { GITHUB_ISSUER } from "../identity/github-names";
import type { Place } from "./place";

export interface GithubIdentityProps {
  readonly place: Place;
  /** Such as `azure-prod-deploy`, which no other role of the tenant has. */
  readonly name: string;
  readonly description: string;
  /** As the subject of GitHub's tokens names it. */
  readonly repository: string;
  /** What follows the repository in the subject, exactly: `environment:azure-prod`. */
  readonly context: string;
  /** `/subscriptions/…`: where it may do what it may. */
  readonly scope: string;
  readonly actions: readonly string[];
  /** What it may do with the states. */
  readonly states: { readonly containerId: string; readonly role: "Storage Blob Data Reader" | "Storage Blob Data Contributor" };
}

/** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust */
export const TOKEN_AUDIENCE = "api://AzureADTokenExchange";

/** Who a workflow is on Azure, without any stored credential: Entra takes GitHub's word for it. */
export class GithubIdentity extends Construct {
  readonly clientId: string;
  readonly principalId: string;

  constructor(scope: Construct, id: string, props: GithubIdentityProps) {
    super(scope, id);
    const { actions, context, description, name, place, repository, states } = props;
    const identity = new UserAssignedIdentity(this, "identity", { ...place, name });
    new FederatedIdentityCredential(this, "github", {
      resourceGroupName: place.resourceGroupName,
      name: "github",
      parentId: identity.id,
      issuer: `https://${GITHUB_ISSUER}`,
      audience: [TOKEN_AUDIENCE],
      subject: `repo:${repository}:${context}`,
    });
    const role = new RoleDefinition(this, "role", {
      name,
      description,
      scope: props.scope,
      assignableScopes: [props.scope],
      permissions: [{ actions: [...actions].sort() }],
    });
    const to = { principalId: identity.principalId, principalType: "ServicePrincipal", skipServicePrincipalAadCheck: true };
    new RoleAssignment(this, "rights", { ...to, scope: props.scope, roleDefinitionId: role.roleDefinitionResourceId });
    new RoleAssignment(this, "states", { ...to, scope: states.containerId, roleDefinitionName: states.role });
    this.clientId = identity.clientId;
    this.principalId = identity.principalId;
  }

  /** Gives roles to others, within a condition: a right of its own, because a condition holds for the whole assignment. */
  grantGranting(name: string, scope: string, actions: readonly string[], condition: string): void {
    const role = new RoleDefinition(this, "granting-role", {
      name,
      description: "Gives the parts of the system their rights",
      scope,
      assignableScopes: [scope],
      permissions: [{ actions: [...actions].sort() }],
    });
    new RoleAssignment(this, "granting", {
      scope,
      roleDefinitionId: role.roleDefinitionResourceId,
      principalId: this.principalId,
      principalType: "ServicePrincipal",
      skipServicePrincipalAadCheck: true,
      condition,
      conditionVersion: "2.0",
    });
  }
}
