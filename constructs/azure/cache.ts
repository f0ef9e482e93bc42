import { ManagedRedis } from "@cdktf/provider-azurerm/lib/managed-redis";
import { ResourceGroupTemplateDeployment } from "@cdktf/provider-azurerm/lib/resource-group-template-deployment";
import { Construct } from "constructs";
import type { AzureEnvironment } from "../../environments/azure/schema";
import { alertAbove, type AlertTarget } from "./alert";
import { diagnose, type LogTarget } from "./diagnostics";
import type { ManagedIdentity } from "./identity";
import type { AzureNetwork } from "./network";
import type { Place } from "./place";
import { addPrivateEndpoint } from "./private-endpoint";
import { lifecycle, lock } from "./protection";
import { chartsOf, type Chart } from "./workbook";

type Literal = AzureEnvironment["data"]["cache"];

export interface AzureCacheProps extends Literal {
  readonly place: Place;
  readonly network: AzureNetwork;
  readonly logs: LogTarget;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

const NAMESPACE = "Microsoft.Cache/redisEnterprise";
/** Of Managed Redis. */
export const CACHE_PORT = 10_000;
/** https://learn.microsoft.com/azure/templates/microsoft.cache/2025-04-01/redisenterprise/databases/accesspolicyassignments */
const ACCESS_POLICY = { type: "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments", apiVersion: "2025-04-01" };

/** Azure Managed Redis, which asks Entra who somebody is: it has no keys (AZR-008). */
export class AzureCache extends Construct {
  readonly host: string;
  readonly port = CACHE_PORT;
  private readonly name: string;
  private readonly id: string;
  private readonly place: Place;

  constructor(scope: Construct, id: string, props: AzureCacheProps) {
    super(scope, id);
    const { highAvailability, logs, name, network, place, protect = true, sku } = props;
    const redis = new ManagedRedis(this, "redis", {
      ...place,
      name,
      skuName: sku,
      highAvailabilityEnabled: highAvailability,
      publicNetworkAccess: "Disabled",
      defaultDatabase: {
        accessKeysAuthenticationEnabled: false,
        clientProtocol: "Encrypted",
        // One address, which clients that know no cluster can use, as those of AWS's single node (DAT-064).
        clusteringPolicy: "EnterpriseCluster",
        evictionPolicy: "AllKeysLRU", // DAT-068
      },
      lifecycle: lifecycle(protect),
    });
    diagnose(this, "diagnostics", logs, { targetId: redis.id, logs: false });
    diagnose(this, "database-diagnostics", logs, { targetId: `${redis.id}/databases/default`, metrics: [] });
    addPrivateEndpoint(this, { place, network, service: "redis", resourceId: redis.id });
    lock(this, protect, redis);
    this.host = redis.hostname;
    this.id = redis.id;
    this.name = name;
    this.place = place;
  }

  /**
   * Lets an identity in. By a template: the provider's release has no resource for it, and a role assignment speaks of the service, not of its data.
   * Look again with each release of azurerm.
   */
  grantConnect(identity: ManagedIdentity): void {
    identity.granted.push(
      new ResourceGroupTemplateDeployment(identity, "connects-cache", {
        name: `redis-${identity.name}`,
        resourceGroupName: this.place.resourceGroupName,
        deploymentMode: "Incremental",
        templateContent: JSON.stringify({
          $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
          contentVersion: "1.0.0.0",
          parameters: { principalId: { type: "String" } },
          resources: [
            {
              ...ACCESS_POLICY,
              // Its name takes letters and digits only.
              name: `${this.name}/default/${identity.name.replaceAll("-", "")}`,
              properties: { accessPolicyName: "default", user: { objectId: "[parameters('principalId')]" } },
            },
          ],
        }),
        parametersContent: JSON.stringify({ principalId: { value: identity.principalId } }),
      }),
    );
  }

  /** What an identity needs to know to connect; its user is its principal's id. */
  variables(identity: ManagedIdentity): Readonly<Record<string, string>> {
    return {
      CACHE_HOST: this.host,
      CACHE_PORT: String(this.port),
      CACHE_TLS: "true",
      CACHE_CLUSTER_MODE: "false",
      CACHE_USER: identity.principalId,
    };
  }

  charts(): readonly Chart[] {
    const chart = chartsOf(NAMESPACE, this.id);
    return [
      chart("Redis: share of memory and of processor", [
        { metric: "usedmemorypercentage", aggregation: "Maximum" },
        { metric: "percentProcessorTime", aggregation: "Maximum" },
      ]),
      chart("Redis: clients", [{ metric: "connectedclients", aggregation: "Maximum" }]),
      chart("Redis: found, not found and evicted, a second", [
        { metric: "cachehits", aggregation: "Average" },
        { metric: "cachemisses", aggregation: "Average" },
        { metric: "evictedkeys", aggregation: "Average" },
      ]),
    ];
  }

  alertOnLowMemory(target: AlertTarget): void {
    alertAbove(this, "memory-alert", {
      place: this.place,
      target,
      name: "redis-memory",
      description: "Redis uses more than 80% of its memory",
      resourceId: this.id,
      namespace: NAMESPACE,
      metric: "usedmemorypercentage",
      aggregation: "Maximum",
      threshold: 80,
    });
  }
}
