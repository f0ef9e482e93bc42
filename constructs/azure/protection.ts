import { ManagementLock } from "@cdktf/provider-azurerm/lib/management-lock";
import type { TerraformResource, TerraformResourceLifecycle } from "cdktf";
import type { Construct } from "constructs";

/** Terraform refuses to destroy what is protected. */
export const lifecycle = (protect: boolean): TerraformResourceLifecycle | undefined => (protect ? { preventDestroy: true } : undefined);

/** Azure refuses as well, whoever asks. */
export function lock(scope: Construct, protect: boolean, resource: TerraformResource & { readonly id: string }): void {
  if (protect)
    new ManagementLock(scope, "lock", {
      name: "keeps-data",
      scope: resource.id,
      lockLevel: "CanNotDelete",
      notes: "Holds data. Lifted by `DELETION_PROTECTION=lifted` (docs/azure.md).",
    });
}
