/** What holds of every stack of every environment on Azure, the owner's and the examples'. */
import { azureSchema } from "../../environments/azure/schema";
import { azureNames as ownNames, loadAzure as loadOwn } from "../../environments/azure/index";
import { parseAzure } from "../../environments/azure/load";
import { selectedOf } from "../../environments/clouds";
import { EnvironmentError } from "../../environments/reading/parse";
import { loadEnvironments } from "../fixtures/environments";
import { azureNames, loadAzure } from "../fixtures/azure";
import { azureEnvironment, azureStacks, type AzureName } from "../helpers/azure";
import { at, leavesOf, others, placesOf, withAt } from "../helpers/leaves";
import { synthEnvironments, type Block } from "../helpers/synth";

jest.setTimeout(300_000);

const all = [
  ...ownNames.map((name) => [`environments/azure: ${name}`, azureStacks(loadOwn(name))] as const),
  ...azureNames.map((name) => [`example: ${name}`, azureStacks(loadAzure(name))] as const),
];
const resources = (stacks: (typeof all)[number][1]) =>
  Object.entries(stacks).flatMap(([stack, { resource = {} }]) =>
    Object.entries(resource).flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([id, block]) => ({ stack, type, id, block: block as Block })),
    ),
  );

describe.each(all)("%s", (_, stacks) => {
  it("has no password, key or secret in it", () => {
    for (const { block } of resources(stacks))
      expect(JSON.stringify(block)).not.toMatch(
        /"(administrator_login_password|\w*access_key|password|client_secret|workspace_key|secure_environment_variables|value_wo)":/,
      );
    expect(JSON.stringify(stacks)).not.toMatch(/azurerm_key_vault_secret"|\.(primary|secondary)_(access_key|shared_key|connection_string)/);
  });

  it("tags whatever takes tags", () => {
    const tagged = resources(stacks).filter(({ block }) => block.tags !== undefined);
    expect(tagged.length).toBeGreaterThan(25);
    for (const { block } of tagged)
      expect(block.tags).toMatchObject({ ManagedBy: "cdktf", Environment: expect.stringMatching(/^azure-/) as string });
    expect(
      resources(stacks).filter(
        ({ block, type }) =>
          /_(account|vault|server|database|redis|network|(container|resource|security)_group)$/.test(type) &&
          type !== "azurerm_consumption_budget_resource_group" &&
          block.tags === undefined,
      ),
    ).toEqual([]);
  });

  it("sends the logs of everything that has some to the workspace", () => {
    const LOGGED = [
      "key_vault",
      "mssql_database",
      "managed_redis",
      "storage_account",
      "container_registry",
      "container_app_environment",
      "application_gateway",
      "application_load_balancer",
      "kubernetes_cluster",
      "virtual_network",
      "network_security_group",
      "public_ip",
    ];
    const targets = resources(stacks)
      .filter(({ type }) => type === "azurerm_monitor_diagnostic_setting")
      .map(({ block }) => String(block.target_resource_id));
    const missing = resources(stacks)
      // The account of the states is made before there is a workspace.
      .filter(({ stack, type }) => stack !== "bootstrap" && LOGGED.includes(type.replace("azurerm_", "")))
      .filter(({ id, type }) => !targets.some((target) => target.includes(`${type}.${id}.`) || target.includes(`${type}${id}id`)));
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  it("opens nothing to the world but the gateway's address", () => {
    for (const { block, id, stack, type } of resources(stacks)) {
      // What only Azure's own services may reach has a firewall that lets in nobody else.
      const isClosed = (block.network_rules as { readonly default_action: string } | undefined)?.default_action === "Deny";
      if (stack !== "bootstrap" && "public_network_access_enabled" in block && !(id.startsWith("flow-log_account") && isClosed))
        expect(block.public_network_access_enabled).toBe(false);
      if (type === "azurerm_network_security_rule" && block.direction === "Inbound" && block.access === "Allow")
        expect([block.source_address_prefix, block.source_address_prefixes].flat()).not.toContain("*");
    }
  });

  it("has names that Azure takes", () => {
    const LIMITS: Readonly<Record<string, RegExp>> = {
      azurerm_storage_account: /^[a-z0-9]{3,24}$/,
      azurerm_key_vault: /^[A-Za-z][A-Za-z0-9-]{2,23}$/,
      azurerm_mssql_server: /^[a-z0-9][a-z0-9-]{0,62}$/,
      azurerm_container_registry: /^[A-Za-z0-9]{5,50}$/,
      azurerm_container_app: /^[a-z][a-z0-9-]{0,30}[a-z0-9]$/,
      azurerm_monitor_action_group: /^.{1,260}$/,
    };
    for (const { block, type } of resources(stacks)) if (LIMITS[type]) expect(block.name).toMatch(LIMITS[type]);
  });
});

it("no two identities of the tenant have one name: a database finds its users in Entra by it", () => {
  const names = ownNames.flatMap((name) =>
    resources(azureStacks(loadOwn(name)))
      .filter(({ type }) => type === "azurerm_user_assigned_identity")
      .map(({ block }) => block.name),
  );
  expect(names.length).toBeGreaterThan(10);
  expect([...new Set(names)]).toEqual(names);
});

it("a group is deleted with what Azure itself put into it, but only once the protection is lifted", () => {
  const features = (deletionProtection: boolean) =>
    Object.values(azureStacks({ ...azureEnvironment("azure-prod"), deletionProtection })).map(
      ({ provider }) => (provider!.azurerm as [{ features: [{ resource_group?: unknown }] }])[0].features[0].resource_group,
    );
  expect(new Set(features(true))).toEqual(new Set([undefined]));
  for (const group of features(false)) expect(group).toEqual([{ prevent_deletion_if_contains_resources: false }]);
});

it("AWS's stacks are the same beside Azure's as without", () => {
  const environments = loadEnvironments("dev");
  const alone = synthEnvironments({ environments, target: { kind: "aws" } });
  const beside = synthEnvironments({ environments, azure: [loadAzure("azure-prod")], target: { kind: "aws" } });
  expect(Object.fromEntries(Object.entries(beside).filter(([name]) => name in alone))).toEqual(alone);
  expect(Object.keys(beside).filter((name) => !(name in alone))).toEqual(
    ["bootstrap", "data", "edge", "monitor", "network", "services"].map((name) => `azure-prod-${name}`),
  );
});

it.each([
  [undefined, { aws: "", azure: ["azure-prod"] }],
  ["", { aws: "", azure: ["azure-prod"] }],
  ["dev", { aws: "dev", azure: [] }],
  ["azure-prod", { azure: ["azure-prod"] }],
  ["dev, azure-prod prod", { aws: "dev,prod", azure: ["azure-prod"] }],
])("ENVIRONMENTS=%j means %j", (selection, selected) => {
  expect(selectedOf(selection, ["dev", "prod"], ["azure-prod"])).toEqual(selected);
});

it("a name of neither cloud is an error that lists both's", () => {
  expect(() => selectedOf("azure", ["dev"], ["azure-prod"])).toThrow('There is no environment "azure". Valid names: dev, azure-prod.');
});

// --- every field takes effect ---
const EXAMPLES: readonly [AzureName, Readonly<Record<string, unknown>>][] = [
  [
    "azure-prod",
    {
      "services.ml.environment": { LOG_LEVEL: "info" },
      "bootstrap.clients": { plan: "0a1b2c3d-0000-4000-8000-0000000000b1", deploy: "0a1b2c3d-0000-4000-8000-0000000000b2" },
      "network.operatorCidrs": ["10.9.0.0/28"],
      "services.ml.secrets": { API_KEY: { secret: "market", key: "key" } },
      "data.storage.softDeleteDays": 60,
      "data.storage.containers.backtestResults.archiveAfterDays": 400,
      "data.storage.containers.processedMarketData.archiveAfterDays": 400,
      "data.database.longTermWeeks": 20,
      "monitoring.retentionDays": 60,
      "gateway.maxCapacity": 20,
    },
  ],
  [
    "azure-aks",
    {
      stage: "development",
      "cluster.apiServerCidrs": ["203.0.113.0/28"],
      "cluster.access.readOnly": ["0a1b2c3d-0000-4000-8000-0000000000b3"],
      "cluster.systemPool.min": 1,
      "services.ml.cpu": 1024,
      "services.data.ports": { grpc: 50_051 },
      "services.data.scratchGigabytes": 30,
    },
  ],
  [
    "azure-dev",
    { gateway: undefined, "services.ml.route": undefined, "services.data.route": undefined, "services.scheduler.calls": ["data"] },
  ],
  [
    "azure-dev",
    { "services.ml.replicas": 2, "services.data.replicas": 2, deletionProtection: false, "data.cache.highAvailability": false },
  ],
];
/** One of them alone is refused: Container Apps give so much memory for so much CPU. */
const TOGETHER = ["services.*.cpu", "services.*.memory"];
/** Refused whatever is in them (rules.test.ts). */
const REFUSED = /^services\.\*\.(spot|healthCommand|scaling\.(queue|schedule)|route\.hosts|architecture)/;

it("every field takes effect: another value changes what is synthesised, or is refused", () => {
  const ineffective: string[] = [];
  const seen = new Set<string>();
  for (const [name, edits] of EXAMPLES) {
    const environment = azureEnvironment(name, edits);
    const text = JSON.stringify(azureStacks(environment));
    for (const { options, pattern } of leavesOf(azureSchema)) {
      const place = placesOf(pattern, environment)[0];
      if (!place || seen.has(pattern)) continue;
      const accepted = others(at(environment, place), options)
        .slice(0, 60)
        .flatMap((value) => {
          try {
            return [parseAzure(withAt(environment, place, value), "azure.ts")];
          } catch (error) {
            if (error instanceof EnvironmentError) return [];
            throw error;
          }
        });
      if (accepted.length === 0) continue;
      seen.add(pattern);
      if (accepted.every((other) => JSON.stringify(azureStacks(other)) === text)) ineffective.push(pattern);
    }
  }
  expect(ineffective).toEqual([]);
  expect(
    leavesOf(azureSchema)
      .map(({ pattern }) => pattern)
      .filter((pattern) => !seen.has(pattern) && !TOGETHER.includes(pattern) && !REFUSED.test(pattern)),
  ).toEqual([]);
});

it("CPU and memory take effect together", () => {
  const text = (edits: Readonly<Record<string, unknown>>) => JSON.stringify(azureStacks(azureEnvironment("azure-dev", edits)).services);
  expect(text({ "services.ml.cpu": 512, "services.ml.memory": 1024 })).not.toBe(text({}));
});
