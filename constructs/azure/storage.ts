import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account";
import { StorageContainer } from "@cdktf/provider-azurerm/lib/storage-container";
import { StorageManagementPolicy, type StorageManagementPolicyRule } from "@cdktf/provider-azurerm/lib/storage-management-policy";
import { Construct } from "constructs";
import type { AzureEnvironment } from "../../environments/azure/schema";
import { diagnose, type LogTarget } from "./diagnostics";
import type { ManagedIdentity } from "./identity";
import type { AzureNetwork } from "./network";
import type { Place } from "./place";
import { addPrivateEndpoint } from "./private-endpoint";
import { lifecycle, lock } from "./protection";

type Literal = AzureEnvironment["data"]["storage"];
export type ContainerName = keyof Literal["containers"];

export interface StorageProps extends Literal {
  readonly place: Place;
  readonly network: AzureNetwork;
  readonly logs: LogTarget;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

/** Every account: Entra alone lets somebody in, no anonymous reader, no key, no old TLS. */
export const ACCOUNT_DEFAULTS = {
  accountKind: "StorageV2",
  accountTier: "Standard",
  minTlsVersion: "TLS1_2",
  httpsTrafficOnlyEnabled: true,
  allowNestedItemsToBePublic: false,
  // Its keys open nothing; the roles of the workflows may not even list them, so that no workflow writes one into a state (github-roles.ts).
  sharedAccessKeyEnabled: false,
  defaultToOauthAuthentication: true,
  localUserEnabled: false,
  crossTenantReplicationEnabled: false,
  infrastructureEncryptionEnabled: true,
} as const;

/** Categories of an account's metrics and of its blob service's. https://learn.microsoft.com/azure/storage/blobs/monitor-blob-storage-reference */
export const METRICS = ["Capacity", "Transaction"];

/** The buckets of AWS, as containers of one account. */
export class Storage extends Construct {
  readonly blobEndpoint: string;
  private readonly containers: Readonly<Record<ContainerName, StorageContainer>>;

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id);
    const { containers, logs, network, place, protect = true, replication, softDeleteDays } = props;
    const account = new StorageAccount(this, "account", {
      ...place,
      ...ACCOUNT_DEFAULTS,
      name: props.account,
      accountReplicationType: replication,
      publicNetworkAccessEnabled: false,
      networkRules: { defaultAction: "Deny", bypass: ["None"] },
      blobProperties: {
        versioningEnabled: true,
        deleteRetentionPolicy: { days: softDeleteDays },
        containerDeleteRetentionPolicy: { days: softDeleteDays },
      },
      lifecycle: lifecycle(protect),
    });
    this.blobEndpoint = account.primaryBlobEndpoint;
    this.containers = Object.fromEntries(
      Object.entries(containers).map(([key, { name }]) => [
        key,
        new StorageContainer(this, `container-${name}`, {
          name,
          storageAccountId: account.id,
          containerAccessType: "private",
          lifecycle: lifecycle(protect),
        }),
      ]),
    ) as Record<ContainerName, StorageContainer>;
    new StorageManagementPolicy(this, "ageing", {
      storageAccountId: account.id,
      rule: Object.values(containers).map((container) => ageing(container, softDeleteDays)),
    });
    diagnose(this, "diagnostics", logs, { targetId: account.id, logs: false, metrics: METRICS });
    diagnose(this, "blob-diagnostics", logs, { targetId: `${account.id}/blobServices/default`, metrics: METRICS });
    addPrivateEndpoint(this, { place, network, service: "blob", resourceId: account.id });
    lock(this, protect, account);
  }

  /** Reads blobs of one container. */
  grantRead(identity: ManagedIdentity, container: ContainerName): void {
    identity.grant(`reads-${this.containers[container].node.id}`, {
      role: "Storage Blob Data Reader",
      scope: this.containers[container].id,
    });
  }

  /** Reads, writes and deletes blobs of one container; versions keep what is overwritten. */
  grantReadWrite(identity: ManagedIdentity, container: ContainerName): void {
    identity.grant(`writes-${this.containers[container].node.id}`, {
      role: "Storage Blob Data Contributor",
      scope: this.containers[container].id,
    });
  }

  /** Address of a container. */
  url(container: ContainerName): string {
    return `${this.blobEndpoint}${this.containers[container].name}`;
  }
}

/** Colder with age; old versions go when they could not be brought back any more. */
function ageing(
  { archiveAfterDays, coldAfterDays, coolAfterDays, name }: Literal["containers"][ContainerName],
  versionDays: number,
): StorageManagementPolicyRule {
  return {
    name,
    enabled: true,
    filters: { blobTypes: ["blockBlob"], prefixMatch: [`${name}/`] },
    actions: {
      baseBlob: {
        tierToCoolAfterDaysSinceModificationGreaterThan: coolAfterDays,
        tierToColdAfterDaysSinceModificationGreaterThan: coldAfterDays,
        tierToArchiveAfterDaysSinceModificationGreaterThan: archiveAfterDays,
      },
      version: { deleteAfterDaysSinceCreation: versionDays },
    },
  };
}
