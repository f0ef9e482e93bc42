import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { UserAssignedIdentity } from "@cdktf/provider-azurerm/lib/user-assigned-identity";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Place } from "./place";

/**
 * The built-in roles that grants give: each has data actions of one service only, and none can hand on rights.
 * https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export const GRANTED_ROLES = {
  AcrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
  "Monitoring Metrics Publisher": "3913510d-42f4-4e42-8a64-420c390055eb",
  "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
} as const;
/** What a cluster and its gateway's controller do on Azure themselves; whoever deploys them can do as much, and none of it gives rights or secrets. */
export const CLUSTER_ROLES = {
  "AppGw for Containers Configuration Manager": "fbc52c3f-28ad-4303-a892-8a056630b8f1",
  "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
  "Network Contributor": "4d97b98b-1d4f-4787-a291-c67834d212e7",
  Reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
} as const;
export type GrantedRole = keyof typeof GRANTED_ROLES | keyof typeof CLUSTER_ROLES;

export interface Grant {
  readonly role: GrantedRole;
  /** Id of the one thing that it is for, never a group of them. */
  readonly scope: string;
}

/** Who a part of the system is: no password, no key, nothing that could be lost. */
export class ManagedIdentity extends Construct {
  readonly id: string;
  /** By which Entra and the role assignments know it. */
  readonly principalId: string;
  /** By which its own code asks for tokens. */
  readonly clientId: string;
  /** Which no other of the tenant has: SQL finds its users in Entra by it (Msg 33131 where two have it). */
  readonly name: string;
  /** What must stand before somebody acts as it. */
  readonly granted: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, { place, name }: { readonly place: Place; readonly name: string }) {
    super(scope, id);
    const identity = new UserAssignedIdentity(this, "identity", { ...place, name });
    this.id = identity.id;
    this.principalId = identity.principalId;
    this.clientId = identity.clientId;
    this.name = name;
  }

  /** @param id names the right among those of this identity */
  grant(id: string, { role, scope }: Grant): void {
    this.granted.push(
      new RoleAssignment(this, id, {
        scope,
        roleDefinitionName: role,
        principalId: this.principalId,
        // Entra may not have heard of an identity that was made a second ago.
        principalType: "ServicePrincipal",
        skipServicePrincipalAadCheck: true,
      }),
    );
  }
}
