/** What every stack of an environment on Azure has: its name, its provider, its state, its tags. */
import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { Aspects, AzurermBackend, LocalBackend, TerraformOutput, TerraformStack, type AzurermBackendConfig } from "cdktf";
import type { Construct } from "constructs";
import type { Place } from "../../constructs/azure/place";
import { TagEverything } from "../../constructs/azure/tags";
import type { AzureEnvironment } from "../../environments/azure/schema";
import type { AzureStackName } from "./catalogue";

export interface AzureStackProps {
  readonly environment: AzureEnvironment;
  /** Keep the state in a local file: for the first deploy of `bootstrap`, before its account exists. @default false */
  readonly localState?: boolean;
}

/** The container of the states, in the account that the literal names. */
export const STATE_CONTAINER = "tfstate";

/** One Terraform state of one environment on Azure, named `<environment>-<stack>`, such as `azure-prod-data`. */
export abstract class AzureStack extends TerraformStack {
  protected readonly environment: AzureEnvironment;
  /** Where its resources stand, but those of `bootstrap`. */
  protected readonly place: Place;

  /** @param withProvider false for a stack that makes nothing on Azure itself */
  constructor(scope: Construct, stack: AzureStackName, { environment, localState = false }: AzureStackProps, withProvider = true) {
    const { location, name, resourceGroup, tags } = environment;
    super(scope, `${name}-${stack}`);
    this.environment = environment;
    this.place = { resourceGroupName: resourceGroup, location };
    if (withProvider) this.addProvider(environment);
    if (localState) new LocalBackend(this, {});
    else new AzurermBackend(this, backendConfig(environment, stack));
    Aspects.of(this).add(new TagEverything({ ...tags, Environment: name, ManagedBy: "cdktf" }));
  }

  private addProvider({ deletionProtection, subscription, tenant }: AzureEnvironment): void {
    new AzurermProvider(this, "azure", {
      subscriptionId: subscription,
      tenantId: tenant,
      // Blobs are asked for with a token of Entra: accounts have no keys that work.
      storageUseAzuread: true,
      // Registering is a right on the whole subscription, which the pipeline has not (docs/azure.md).
      resourceProviderRegistrations: "none",
      // Accounts are reached from within the network only, and Terraform runs outside of it.
      features: [
        {
          storage: [{ dataPlaneAvailable: false }],
          // Application Insights leaves an alert and an action group behind, which no state knows and which would keep the group from going.
          resourceGroup: deletionProtection ? undefined : [{ preventDeletionIfContainsResources: false }],
        },
      ],
    });
  }

  /** As those of AWS's stacks are called: `<part>_<type>_<attribute>`. Never a secret. */
  protected output(name: string, value: string, description: string): TerraformOutput {
    return new TerraformOutput(this, name.replaceAll("-", "_"), { value, description, staticId: true });
  }
}

/** Blobs have leases, by which Terraform locks a state; Entra says who may read and write them. */
export const backendConfig = ({ name, state, subscription, tenant }: AzureEnvironment, stack: AzureStackName): AzurermBackendConfig => ({
  subscriptionId: subscription,
  tenantId: tenant,
  resourceGroupName: state.resourceGroup,
  storageAccountName: state.storageAccount,
  containerName: STATE_CONTAINER,
  key: `${name}/${stack}.tfstate`,
  useAzureadAuth: true,
});
