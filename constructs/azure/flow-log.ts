import { ResourceGroupTemplateDeployment } from "@cdktf/provider-azurerm/lib/resource-group-template-deployment";
import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account";
import { StorageManagementPolicy } from "@cdktf/provider-azurerm/lib/storage-management-policy";
import { Construct } from "constructs";
import type { AzureEnvironment } from "../../environments/azure/schema";
import { diagnose, type LogTarget } from "./diagnostics";
import { ManagedIdentity } from "./identity";
import type { AzureNetwork } from "./network";
import type { Place } from "./place";
import { addPrivateEndpoint } from "./private-endpoint";
import { lifecycle, lock } from "./protection";
import { ACCOUNT_DEFAULTS, METRICS } from "./storage";

export interface FlowLogProps extends NonNullable<AzureEnvironment["monitoring"]["flowLogs"]> {
  readonly place: Place;
  readonly network: AzureNetwork;
  readonly logs: LogTarget;
  /** Of the one who writes, unlike any other of the tenant. */
  readonly identityName: string;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

/**
 * Azure makes one watcher a region, in this group, when the region's first network is made, and takes no second one.
 * https://learn.microsoft.com/azure/network-watcher/network-watcher-create
 */
const WATCHERS = "NetworkWatcherRG";
/** Days for which somebody who hides a trace can still be undone. */
const SOFT_DELETE_DAYS = 7;
/** Where Azure writes, in a container that it makes. https://learn.microsoft.com/azure/network-watcher/flow-logs-read */
const CONTAINER = "insights-logs-flowlogflowevent";

/**
 * Who talked to whom in the network (SEC-028): of the whole network, because Azure makes no logs of security groups any more since 2025-06-30.
 * They go to an account of their own: Azure's machines write them, and the data's account lets no service of Azure past its firewall.
 */
export class FlowLog extends Construct {
  constructor(scope: Construct, id: string, props: FlowLogProps) {
    super(scope, id);
    const { identityName, logs, network, place, protect = true, retentionDays } = props;
    const account = new StorageAccount(this, "account", {
      ...place,
      ...ACCOUNT_DEFAULTS,
      name: props.account,
      accountReplicationType: "LRS",
      // The firewall is closed but for Azure's own networking services, which write from outside of the network.
      // https://learn.microsoft.com/azure/storage/common/storage-network-security-trusted-azure-services
      publicNetworkAccessEnabled: true,
      networkRules: { defaultAction: "Deny", bypass: ["AzureServices"] },
      blobProperties: { deleteRetentionPolicy: { days: SOFT_DELETE_DAYS }, containerDeleteRetentionPolicy: { days: SOFT_DELETE_DAYS } },
      lifecycle: lifecycle(protect),
    });
    lock(this, protect, account);
    // A rule of the flow log's own would overwrite whatever rules the account has; this one says the same.
    new StorageManagementPolicy(this, "ageing", {
      storageAccountId: account.id,
      rule: [
        {
          name: "flow-logs",
          enabled: true,
          filters: { blobTypes: ["blockBlob"], prefixMatch: [`${CONTAINER}/`] },
          actions: { baseBlob: { deleteAfterDaysSinceModificationGreaterThan: retentionDays } },
        },
      ],
    });
    diagnose(this, "diagnostics", logs, { targetId: account.id, logs: false, metrics: METRICS });
    diagnose(this, "blob-diagnostics", logs, { targetId: `${account.id}/blobServices/default`, metrics: METRICS });
    addPrivateEndpoint(this, { place, network, service: "blob", resourceId: account.id, name: "flow-logs" });

    const writer = new ManagedIdentity(this, "writer", { place, name: identityName });
    writer.grant("writes-flows", { role: "Storage Blob Data Contributor", scope: account.id });
    // By a template: azurerm 4.55 gives a flow log no identity, and without one Azure writes with the account's keys, which are off.
    new ResourceGroupTemplateDeployment(this, "flows", {
      name: "flow-log",
      resourceGroupName: WATCHERS,
      deploymentMode: "Incremental",
      templateContent: JSON.stringify(template(place.location)),
      parametersContent: JSON.stringify({
        network: { value: network.id },
        account: { value: account.id },
        writer: { value: writer.id },
      }),
      dependsOn: writer.granted,
    });
  }
}

/** `String` as Azure exports it. https://learn.microsoft.com/azure/templates/microsoft.network/2025-01-01/networkwatchers/flowlogs */
const template = (location: string) => ({
  $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  contentVersion: "1.0.0.0",
  parameters: { network: { type: "String" }, account: { type: "String" }, writer: { type: "String" } },
  resources: [
    {
      type: "Microsoft.Network/networkWatchers/flowLogs",
      apiVersion: "2025-01-01",
      name: `NetworkWatcher_${location}/trading`,
      location,
      identity: { type: "UserAssigned", userAssignedIdentities: { "[parameters('writer')]": {} } },
      properties: {
        targetResourceId: "[parameters('network')]",
        storageId: "[parameters('account')]",
        enabled: true,
        format: { type: "JSON", version: 2 },
        retentionPolicy: { enabled: false, days: 0 },
      },
    },
  ],
});
