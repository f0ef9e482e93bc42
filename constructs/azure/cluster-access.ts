import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { Construct } from "constructs";
import type { AzureEnvironment } from "../../environments/azure/schema";

export interface ClusterAccessProps {
  readonly clusterId: string;
  readonly access: NonNullable<AzureEnvironment["cluster"]>["access"];
}

/**
 * Who is let into a cluster: people's groups may ask for its address, and what they may do in it is said there (rbac.ts). The administrators' are named
 * by the cluster itself. No workflow is let in, because none deploys `workloads`.
 */
export class ClusterAccess extends Construct {
  constructor(scope: Construct, id: string, { access, clusterId }: ClusterAccessProps) {
    super(scope, id);
    const { administrators, operations, readOnly } = access;
    for (const group of new Set([...administrators, ...operations, ...readOnly]))
      new RoleAssignment(this, `reaches-${group}`, {
        scope: clusterId,
        roleDefinitionName: "Azure Kubernetes Service Cluster User Role",
        principalId: group,
        principalType: "Group",
      });
  }
}
