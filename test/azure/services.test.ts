/** The container services on Azure, by the descriptions that feed ECS and Kubernetes. */
import type { Block } from "../helpers/synth";
import { ALONE, azureEnvironment, azureStacks, bareResource, bareResources, shown, type AzureEdits } from "../helpers/azure";

const servicesOf = (edits: AzureEdits = {}) => azureStacks(azureEnvironment("azure-prod", edits)).services!;
const services = servicesOf();
const app = (name: string, json = services): Block => bareResources(json, "azurerm_container_app")[`service-${name}_app`]!;
interface Container {
  readonly env: readonly { readonly name: string; readonly value?: string; readonly secret_name?: string }[];
}
const containerOf = (block: Block) => (block.template as { container: [Container] }).container[0];
const variables = (block: Block) =>
  Object.fromEntries(containerOf(block).env.map(({ name, secret_name: secret, value }) => [name, value ?? secret]));

it("a container app is what the literal describes", () => {
  const { template, depends_on: waits, ...rest } = app("ml");
  expect(rest).toEqual({
    name: "ml",
    resource_group_name: "day-trade-production",
    container_app_environment_id: "environment.id",
    workload_profile_name: "Consumption",
    revision_mode: "Single",
    identity: { type: "UserAssigned", identity_ids: ["service-ml_identity.id"] },
    registry: [{ server: "registry.login_server", identity: "service-ml_identity.id" }],
    secret: [],
    ingress: {
      target_port: 8000,
      transport: "http",
      external_enabled: true,
      allow_insecure_connections: true,
      traffic_weight: [{ latest_revision: true, percentage: 100 }],
    },
  });
  const { container, ...scale } = template as { container: [Block] };
  expect(scale).toEqual({
    min_replicas: 3,
    max_replicas: 20,
    termination_grace_period_seconds: 30,
    custom_scale_rule: [
      { name: "cpu", custom_rule_type: "cpu", metadata: { type: "Utilization", value: "70" } },
      { name: "memory", custom_rule_type: "memory", metadata: { type: "Utilization", value: "80" } },
    ],
  });
  const probe = { port: 8000, transport: "HTTP", interval_seconds: 10, failure_count_threshold: 3 };
  expect(container[0]).toEqual({
    env: container[0].env,
    name: "ml",
    image: "registry.login_server/day-trade-ml:0.1.0",
    cpu: 2,
    memory: "4Gi",
    startup_probe: [{ ...probe, path: "/health", failure_count_threshold: 6 }],
    liveness_probe: [{ ...probe, path: "/health" }],
    readiness_probe: [{ ...probe, path: "/ready" }],
  });
  expect(waits).toHaveLength(5);
});

it("it is told what its rights are for, and where its callees are", () => {
  expect(variables(app("ml"))).toEqual({
    APPLICATIONINSIGHTS_CONNECTION_STRING: "monitor:application_insightsobserving_insights.connection_string",
    AZURE_CLIENT_ID: "service-ml_identity.client_id",
    BACKTEST_RESULTS_URL:
      "data:storage_accountstorage_account.primary_blob_endpointdata:storage_containerstorage_container-backtest-results.name",
    CACHE_CLUSTER_MODE: "false",
    CACHE_HOST: "data:managed_rediscache_redis.hostname",
    CACHE_PORT: "10000",
    CACHE_TLS: "true",
    CACHE_USER: "service-ml_identity.principal_id",
    DATABASE_HOST: "data:mssql_serverdatabase_server.fully_qualified_domain_name",
    DATABASE_NAME: "trading",
    DATABASE_PORT: "1433",
    DATABASE_USER: "azure-prod-service-ml",
    DATA_URL: "http://data",
    ENVIRONMENT: "production",
    PORT: "8000",
    PROCESSED_MARKET_DATA_URL:
      "data:storage_accountstorage_account.primary_blob_endpointdata:storage_containerstorage_container-processed-market-data.name",
  });
});

/** `role on scope` of an identity. */
const rights = (identity: string, json = services) =>
  Object.entries(bareResources(json, "azurerm_role_assignment"))
    .filter(([id]) => id.startsWith(identity))
    .map(([, { role_definition_name: role, scope }]) => `${String(role)} on ${String(scope)}`)
    .sort();

it("it may do what its grants say, each on one thing", () => {
  expect(rights("service-ml_")).toEqual([
    "AcrPull on registry.id",
    "Monitoring Metrics Publisher on monitor:application_insightsobserving_insights.id",
    "Storage Blob Data Contributor on data:storage_containerstorage_container-backtest-results.id",
    "Storage Blob Data Reader on data:storage_containerstorage_container-processed-market-data.id",
  ]);
});

it("the cache knows it by Entra", () => {
  const deployment = bareResources(services, "azurerm_resource_group_template_deployment")["service-ml_identity_connects-cache"]!;
  expect(JSON.parse(deployment.parameters_content as string)).toEqual({ principalId: { value: "service-ml_identity.principal_id" } });
  expect((JSON.parse(deployment.template_content as string) as { resources: unknown }).resources).toEqual([
    {
      type: "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments",
      apiVersion: "2025-04-01",
      name: "day-trade-production/default/azureprodserviceml",
      properties: { accessPolicyName: "default", user: { objectId: "[parameters('principalId')]" } },
    },
  ]);
  expect(deployment.deployment_mode).toBe("Incremental");
});

it("what must never be two is a container group, which calls apps by their names in the network", () => {
  const group = bareResource(services, "azurerm_container_group");
  const { container } = group;
  expect(group).toEqual({
    container,
    depends_on: group.depends_on,
    name: "scheduler",
    location: "japaneast",
    resource_group_name: "day-trade-production",
    os_type: "Linux",
    restart_policy: "Always",
    ip_address_type: "Private",
    subnet_ids: ["network:subnetnetwork_subnet-instances.id"],
    identity: { type: "UserAssigned", identity_ids: ["service-scheduler_identity.id"] },
    image_registry_credential: [{ server: "registry.login_server", user_assigned_identity_id: "service-scheduler_identity.id" }],
  });
  const probe = { initial_delay_seconds: 60, period_seconds: 10, failure_threshold: 3 };
  expect(container).toEqual([
    {
      name: "scheduler",
      image: "registry.login_server/day-trade-scheduler:0.1.0",
      cpu: 0.5,
      memory: 1,
      ports: [{ port: 8000, protocol: "TCP" }],
      environment_variables: {
        APPLICATIONINSIGHTS_CONNECTION_STRING: "monitor:application_insightsobserving_insights.connection_string",
        AZURE_CLIENT_ID: "service-scheduler_identity.client_id",
        DATABASE_HOST: "data:mssql_serverdatabase_server.fully_qualified_domain_name",
        DATABASE_NAME: "trading",
        DATABASE_PORT: "1433",
        DATABASE_USER: "azure-prod-service-scheduler",
        DATA_URL: "https://data.environment.default_domain",
        ENVIRONMENT: "production",
        ML_URL: "https://ml.environment.default_domain",
        PORT: "8000",
      },
      liveness_probe: { ...probe, http_get: [{ path: "/health", port: 8000, scheme: "http" }] },
      readiness_probe: { ...probe, http_get: [{ path: "/ready", port: 8000, scheme: "http" }] },
    },
  ]);
});

it("an app that neither the gateway nor a group calls is open within its environment only", () => {
  const json = servicesOf({ "services.data.route": undefined, "services.scheduler.calls": ["ml"] });
  expect((app("data", json).ingress as Block).external_enabled).toBe(false);
  expect((app("ml", json).ingress as Block).external_enabled).toBe(true);
});

it("a secret is the vault's newest version, read as the service, which may read no other", () => {
  const json = servicesOf({ "services.data.secrets": { MT5_LOGIN: { secret: "mt5", key: "login" } } });
  expect(app("data", json).secret).toEqual([
    { name: "mt5-login", identity: "service-data_identity.id", key_vault_secret_id: "data:key_vaultvault.vault_urisecrets/mt5-login" },
  ]);
  expect(variables(app("data", json)).MT5_LOGIN).toBe("mt5-login");
  expect(rights("service-data_", json)).toContain("Key Vault Secrets User on data:key_vaultvault.id/secrets/mt5-login");
});

it("a service of which nothing was pushed is not made, nor called", () => {
  const json = servicesOf({ "services.data.image": "day-trade-data:none", "services.data.route": undefined });
  expect(Object.keys(json.resource!.azurerm_container_app!)).toHaveLength(1);
  expect(variables(app("ml", json))).not.toHaveProperty("DATA_URL");
});

it("the environment of the apps is seen from the network only, by a name for each app", () => {
  expect(bareResource(services, "azurerm_container_app_environment")).toEqual({
    name: "services",
    location: "japaneast",
    resource_group_name: "day-trade-production",
    infrastructure_resource_group_name: "day-trade-production-apps",
    infrastructure_subnet_id: "network:subnetnetwork_subnet-containers.id",
    internal_load_balancer_enabled: true,
    public_network_access: "Disabled",
    workload_profile: [{ name: "Consumption", workload_profile_type: "Consumption" }],
    zone_redundancy_enabled: true,
    logs_destination: "azure-monitor",
  });
  expect(bareResource(services, "azurerm_private_dns_a_record")).toMatchObject({ name: "*", records: ["environment.static_ip_address"] });
});

it("the registry has no password", () => {
  expect(bareResource(services, "azurerm_container_registry")).toEqual({
    name: "daytradeproduction",
    location: "japaneast",
    resource_group_name: "day-trade-production",
    sku: "Standard",
    admin_enabled: false,
    anonymous_pull_enabled: false,
    lifecycle: { prevent_destroy: true },
  });
});

it("without a platform there is the registry alone", () => {
  const stacks = azureStacks(azureEnvironment("azure-prod", { platform: "none", gateway: undefined }));
  expect(Object.keys(stacks.services!.resource!).sort()).toEqual([
    "azurerm_container_registry",
    "azurerm_management_lock",
    "azurerm_monitor_diagnostic_setting",
  ]);
  expect(stacks.edge).toBeUndefined();
  expect(shown(stacks.services!.output)).toEqual({
    registry_server: { value: "registry.login_server", description: "Where images of the services are pushed" },
  });
});

it("on container groups every service is one, as what must never be two is on container apps, and there are no apps", () => {
  const on = (edits: AzureEdits) => azureStacks(azureEnvironment("azure-prod", edits)).services!;
  const grouped = on(ALONE);
  const groups = bareResources(grouped, "azurerm_container_group");
  expect(Object.keys(groups)).toEqual(["service-data_group", "service-ml_group", "service-scheduler_group"]);
  expect(groups["service-scheduler_group"]).toEqual(bareResource(on({ ...ALONE, platform: "container-apps" }), "azurerm_container_group"));
  expect(groups["service-ml_group"]).toMatchObject({ name: "ml", ip_address_type: "Private", restart_policy: "Always" });
  for (const type of ["azurerm_container_app", "azurerm_container_app_environment"]) expect(bareResources(grouped, type)).toEqual({});
});
