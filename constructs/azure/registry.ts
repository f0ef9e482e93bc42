import { ContainerRegistry } from "@cdktf/provider-azurerm/lib/container-registry";
import { Construct } from "constructs";
import { diagnose, type LogTarget } from "./diagnostics";
import type { ManagedIdentity } from "./identity";
import type { Place } from "./place";
import { lifecycle, lock } from "./protection";

export interface AzureRegistryProps {
  readonly place: Place;
  /** 5 to 50 letters and digits, which nobody else on Azure has. */
  readonly name: string;
  readonly logs: LogTarget;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

/** Images of the services. Whoever pulls or pushes says who they are to Entra: it has no password. */
export class AzureRegistry extends Construct {
  /** Such as `daytradeproduction.azurecr.io`. */
  readonly server: string;
  private readonly id: string;

  constructor(scope: Construct, id: string, { logs, name, place, protect = true }: AzureRegistryProps) {
    super(scope, id);
    const registry = new ContainerRegistry(this, "registry", {
      ...place,
      name,
      // Reached by its public name, with a token of Entra: private endpoints are Premium's, and the workflows that push run outside of the network.
      sku: "Standard",
      adminEnabled: false,
      anonymousPullEnabled: false,
      lifecycle: lifecycle(protect),
    });
    diagnose(this, "diagnostics", logs, { targetId: registry.id });
    lock(this, protect, registry);
    this.server = registry.loginServer;
    this.id = registry.id;
  }

  grantPull(identity: ManagedIdentity): void {
    identity.grant("pulls", { role: "AcrPull", scope: this.id });
  }
}
