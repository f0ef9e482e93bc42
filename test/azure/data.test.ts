/** Database, blobs, vault and cache on Azure: no password, no key, no public address (AZR-006 … AZR-008, AZR-014, SEC-058). */
import { azureEnvironment, azureStacks, bareResource, bareResources } from "../helpers/azure";

const stacks = azureStacks(azureEnvironment("azure-prod"));
const data = stacks.data!;
const place = { location: "japaneast", resource_group_name: "day-trade-production" };
const kept = { lifecycle: { prevent_destroy: true } };

it("the database server knows nobody but Entra's group", () => {
  expect(bareResource(data, "azurerm_mssql_server")).toEqual({
    ...place,
    ...kept,
    name: "day-trade-production",
    version: "12.0",
    azuread_administrator: {
      login_username: "sqladmin",
      object_id: "0a1b2c3d-0000-4000-8000-0000000000a3",
      tenant_id: "0a1b2c3d-0000-4000-8000-00000000000f",
      azuread_authentication_only: true,
    },
    minimum_tls_version: "1.2",
    public_network_access_enabled: false,
    connection_policy: "Proxy",
    identity: { type: "SystemAssigned" },
  });
});

it("the database has the documents' size and backups that are kept", () => {
  expect(bareResource(data, "azurerm_mssql_database")).toEqual({
    ...kept,
    server_id: "database_server.id",
    name: "trading",
    sku_name: "S2",
    max_size_gb: 100,
    transparent_data_encryption_enabled: true,
    storage_account_type: "Geo",
    short_term_retention_policy: { retention_days: 7, backup_interval_in_hours: 12 },
    long_term_retention_policy: { weekly_retention: "P12W" },
  });
  expect(bareResource(data, "azurerm_mssql_server_extended_auditing_policy")).toEqual({
    server_id: "database_server.id",
    log_monitoring_enabled: true,
  });
});

it("blobs are open to Entra's tokens within the network", () => {
  expect(bareResource(data, "azurerm_storage_account")).toEqual({
    ...place,
    ...kept,
    name: "daytradeproddata",
    account_kind: "StorageV2",
    account_tier: "Standard",
    account_replication_type: "GRS",
    min_tls_version: "TLS1_2",
    https_traffic_only_enabled: true,
    allow_nested_items_to_be_public: false,
    shared_access_key_enabled: false,
    default_to_oauth_authentication: true,
    local_user_enabled: false,
    cross_tenant_replication_enabled: false,
    infrastructure_encryption_enabled: true,
    public_network_access_enabled: false,
    network_rules: { default_action: "Deny", bypass: ["None"] },
    blob_properties: {
      versioning_enabled: true,
      delete_retention_policy: { days: 90 },
      container_delete_retention_policy: { days: 90 },
    },
  });
  expect(Object.values(bareResources(data, "azurerm_storage_container"))).toEqual(
    ["backtest-results", "processed-market-data", "raw-market-data"].map((name) => ({
      ...kept,
      name,
      storage_account_id: "storage_account.id",
      container_access_type: "private",
    })),
  );
});

it("blobs grow colder as objects on AWS do (DAT-050, DAT-051)", () => {
  const { rule } = bareResource(data, "azurerm_storage_management_policy") as { rule: { name: string; actions: unknown }[] };
  expect(rule.map(({ actions, name }) => [name, actions])).toEqual([
    [
      "raw-market-data",
      {
        base_blob: {
          tier_to_cool_after_days_since_modification_greater_than: 30,
          tier_to_cold_after_days_since_modification_greater_than: 90,
          tier_to_archive_after_days_since_modification_greater_than: 365,
        },
        version: { delete_after_days_since_creation: 90 },
      },
    ],
    ...["processed-market-data", "backtest-results"].map((name) => [
      name,
      {
        base_blob: {
          tier_to_cool_after_days_since_modification_greater_than: 30,
          tier_to_cold_after_days_since_modification_greater_than: 90,
        },
        version: { delete_after_days_since_creation: 90 },
      },
    ]),
  ]);
});

it("the vault is read by roles, cannot be purged, and holds nothing that code knows", () => {
  expect(bareResource(data, "azurerm_key_vault")).toEqual({
    ...place,
    ...kept,
    name: "day-trade-production",
    tenant_id: "0a1b2c3d-0000-4000-8000-00000000000f",
    sku_name: "standard",
    rbac_authorization_enabled: true,
    purge_protection_enabled: true,
    soft_delete_retention_days: 90,
    public_network_access_enabled: false,
    network_acls: { default_action: "Deny", bypass: "None" },
  });
});

it("the cache has a gigabyte, a replica and no keys", () => {
  expect(bareResource(data, "azurerm_managed_redis")).toEqual({
    ...place,
    ...kept,
    name: "day-trade-production",
    sku_name: "Balanced_B1",
    high_availability_enabled: true,
    public_network_access: "Disabled",
    default_database: {
      access_keys_authentication_enabled: false,
      client_protocol: "Encrypted",
      clustering_policy: "EnterpriseCluster",
      eviction_policy: "AllKeysLRU",
    },
  });
});

it("each has a private endpoint in the data's subnet, with its name", () => {
  expect(
    Object.values(bareResources(data, "azurerm_private_endpoint")).map(
      ({ name, private_service_connection: connection, subnet_id: subnet }) => [
        name,
        (connection as { subresource_names: string[] }).subresource_names,
        subnet,
      ],
    ),
  ).toEqual(
    [
      ["redis", "redisEnterprise"],
      ["sql", "sqlServer"],
      ["blob", "blob"],
      ["vault", "vault"],
    ].map(([name, part]) => [name, [part], "network:subnetnetwork_subnet-database.id"]),
  );
});

it("nothing of it can be deleted, and in development all of it", () => {
  expect(Object.values(bareResources(data, "azurerm_management_lock")).map(({ lock_level: level, scope }) => [level, scope])).toEqual([
    ["CanNotDelete", "cache_redis.id"],
    ["CanNotDelete", "database_server.id"],
    ["CanNotDelete", "storage_account.id"],
    ["CanNotDelete", "vault.id"],
  ]);
  const dev = JSON.stringify(azureStacks(azureEnvironment("azure-dev")));
  expect(dev).not.toContain("prevent_destroy");
  expect(dev).not.toContain("azurerm_management_lock");
});

it("sends metrics by the categories that each kind has, of which AllMetrics is not one everywhere", () => {
  expect(
    Object.values(bareResources(data, "azurerm_monitor_diagnostic_setting")).map(
      ({ enabled_log: logs = [], enabled_metric: metrics = [], target_resource_id: target }) => [
        target,
        (logs as { category_group: string }[]).map(({ category_group: group }) => group),
        (metrics as { category: string }[]).map(({ category }) => category),
      ],
    ),
  ).toEqual([
    ["cache_redis.id/databases/default", ["allLogs"], []],
    ["cache_redis.id", [], ["AllMetrics"]],
    ["database_server.id/databases/master", ["allLogs"], []],
    ["database.id", ["allLogs"], ["Basic", "InstanceAndAppAdvanced"]],
    ["storage_account.id/blobServices/default", ["allLogs"], ["Capacity", "Transaction"]],
    ["storage_account.id", [], ["Capacity", "Transaction"]],
    ["vault.id", ["allLogs"], ["AllMetrics"]],
  ]);
});

it("says when database and cache run full", () => {
  expect(
    Object.values(bareResources(data, "azurerm_monitor_metric_alert")).map(({ action, criteria, name, scopes }) => {
      const [{ metric_name: metric, threshold }] = criteria as [{ metric_name: string; threshold: number }];
      return [name, metric, threshold, scopes, action];
    }),
  ).toEqual(
    [
      ["redis-memory", "usedmemorypercentage", 80, ["cache_redis.id"]],
      ["sql-dtu", "dtu_consumption_percent", 80, ["database.id"]],
      ["sql-space", "storage_percent", 80, ["database.id"]],
    ].map((alert) => [...alert, [{ action_group_id: "monitor:monitor_action_groupobserving_people.id" }]]),
  );
});
