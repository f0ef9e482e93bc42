/** Who a workflow is on Azure. */
import type { AzureEnvironment } from "../../environments/azure/schema";
import { azurePath } from "../../environments/azure/load";

/** What a workflow must know of an environment on Azure before it has any credentials. */
export function azureValues({
  bootstrap: { clients },
  location,
  name,
  stage,
  subscription,
  tenant,
}: AzureEnvironment): Readonly<Record<string, string>> {
  return { name, stage, location, subscription, tenant, "plan-client": clients?.plan ?? "", "deploy-client": clients?.deploy ?? "" };
}

/** @param purpose what is about to be done @throws Error in a workflow that nobody told who it is */
export function refuseWithoutClient(
  { bootstrap: { clients }, name }: AzureEnvironment,
  purpose: "plan" | "deploy",
  { ARM_USE_OIDC: asksGithub }: NodeJS.ProcessEnv,
): void {
  if (asksGithub && !clients)
    throw new Error(
      `${azurePath(name)}: bootstrap.clients.${purpose} is missing, by which a workflow says who it is: an output of ${name}-bootstrap (docs/azure.md).`,
    );
}
