import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account";
import { StorageContainer } from "@cdktf/provider-azurerm/lib/storage-container";
import { Construct } from "constructs";
import type { Place } from "./place";
import { lifecycle, lock } from "./protection";
import { ACCOUNT_DEFAULTS } from "./storage";

export interface StateAccountProps {
  /** Of a resource group of its own, so that nobody deletes the states with the rest. */
  readonly resourceGroup: string;
  readonly location: string;
  readonly account: string;
  readonly container: string;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

/** Days for which an overwritten or deleted state can be brought back. */
const SOFT_DELETE_DAYS = 90;

/** Where the Terraform states are: versioned, locked by leases, open to Entra's tokens alone, copied to the paired region. */
export class StateAccount extends Construct {
  readonly containerId: string;
  readonly place: Place;

  constructor(scope: Construct, id: string, { account: name, container, location, protect = true, resourceGroup }: StateAccountProps) {
    super(scope, id);
    const group = new ResourceGroup(this, "group", { name: resourceGroup, location, lifecycle: lifecycle(protect) });
    this.place = { resourceGroupName: group.name, location };
    const account = new StorageAccount(this, "account", {
      ...this.place,
      ...ACCOUNT_DEFAULTS,
      name,
      accountReplicationType: "GRS",
      // GitHub's machines come from anywhere; who reads, says Entra.
      publicNetworkAccessEnabled: true,
      blobProperties: {
        versioningEnabled: true,
        deleteRetentionPolicy: { days: SOFT_DELETE_DAYS },
        containerDeleteRetentionPolicy: { days: SOFT_DELETE_DAYS },
      },
      lifecycle: lifecycle(protect),
    });
    const states = new StorageContainer(this, "states", {
      name: container,
      storageAccountId: account.id,
      containerAccessType: "private",
      lifecycle: lifecycle(protect),
    });
    lock(this, protect, account);
    this.containerId = states.id;
  }
}
