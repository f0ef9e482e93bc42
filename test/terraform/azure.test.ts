/**
 * Every stack of every example on Azure before the real Terraform and the real provider, as stacks.test.ts has it for AWS: schema and validation are real,
 * the answers are made up. It needs azurerm in a mirror (TF_PROVIDER_MIRROR) or in cdktf's plugin cache; nothing fetches it for a test.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { AZURE_PROVIDER, isMirror, mirrorConfiguration, mirrorOf, type Provider } from "../../terraform/settings";
import { azureNames } from "../fixtures/azure";
import { ALONE, azureEnvironment, azureStacks, type AzureEdits, type AzureName } from "../helpers/azure";
import type { Block, StackJson } from "../helpers/synth";

const run = promisify(execFile);
jest.setTimeout(15 * 60_000);

const mirror = mirrorOf(AZURE_PROVIDER, process.env);
if (!mirror)
  process.stdout.write(`azurerm ${AZURE_PROVIDER.version} is in no mirror and no plugin cache: Azure's stacks are not validated by it.\n`);
/** Of what is in a cluster. */
const IN_CLUSTER: readonly Provider[] = [
  { namespace: "hashicorp", name: "helm", version: "3.1.1" },
  { namespace: "hashicorp", name: "kubernetes", version: "2.38.0" },
];
const withWorkloads = mirror !== undefined && IN_CLUSTER.every((provider) => isMirror(mirror, provider));
if (mirror && !withWorkloads)
  process.stdout.write("helm 3.1.1 and kubernetes 2.38.0 are not beside azurerm: the stack workloads is not validated by them.\n");

const GUID = "0a1b2c3d-0000-4000-8000-000000000009";
const SUBSCRIPTION = `/subscriptions/${GUID}`;
const GROUP = `${SUBSCRIPTION}/resourceGroups/mock`;
const of = (kind: string) => `${GROUP}/providers/${kind}/mock`;
const STORAGE_CONTAINER = `${of("Microsoft.Storage/storageAccounts")}/blobServices/default/containers/mock`;

/** What the mocked provider answers where another argument checks that it looks like an id, an address or a name. */
const ANSWERS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  azurerm_application_gateway: { id: of("Microsoft.Network/applicationGateways") },
  azurerm_application_load_balancer: { id: of("Microsoft.ServiceNetworking/trafficControllers") },
  azurerm_application_load_balancer_frontend: { fully_qualified_domain_name: "mock.fz00.alb.azure.com" },
  azurerm_application_insights: { id: of("Microsoft.Insights/components"), connection_string: "InstrumentationKey=mock" },
  azurerm_container_app: { id: of("Microsoft.App/containerApps") },
  azurerm_container_app_environment: {
    id: of("Microsoft.App/managedEnvironments"),
    default_domain: "mock.japaneast.azurecontainerapps.io",
    static_ip_address: "10.1.1.4",
  },
  azurerm_container_registry: { id: of("Microsoft.ContainerRegistry/registries"), login_server: "mock.azurecr.io" },
  azurerm_key_vault: { id: of("Microsoft.KeyVault/vaults"), vault_uri: "https://mock.vault.azure.net/" },
  azurerm_kubernetes_cluster: {
    id: of("Microsoft.ContainerService/managedClusters"),
    fqdn: "mock.hcp.japaneast.azmk8s.io",
    node_resource_group_id: GROUP,
    oidc_issuer_url: "https://japaneast.oic.prod-aks.azure.com/mock/",
    kube_config: [{ cluster_ca_certificate: "bW9jaw==" }],
  },
  azurerm_log_analytics_workspace: { id: of("Microsoft.OperationalInsights/workspaces") },
  azurerm_managed_redis: { id: of("Microsoft.Cache/redisEnterprise"), hostname: "mock.japaneast.redis.azure.net" },
  azurerm_monitor_action_group: { id: of("Microsoft.Insights/actionGroups") },
  azurerm_mssql_database: { id: `${of("Microsoft.Sql/servers")}/databases/mock` },
  azurerm_mssql_server: { id: of("Microsoft.Sql/servers"), fully_qualified_domain_name: "mock.database.windows.net" },
  azurerm_nat_gateway: { id: of("Microsoft.Network/natGateways") },
  azurerm_network_security_group: { id: of("Microsoft.Network/networkSecurityGroups") },
  azurerm_private_dns_zone: { id: of("Microsoft.Network/privateDnsZones") },
  azurerm_public_ip: { id: of("Microsoft.Network/publicIPAddresses"), ip_address: "203.0.113.9" },
  azurerm_resource_group: { id: GROUP },
  azurerm_role_definition: {
    role_definition_resource_id: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${GUID}`,
  },
  azurerm_storage_account: {
    id: of("Microsoft.Storage/storageAccounts"),
    primary_blob_endpoint: "https://mock.blob.core.windows.net/",
  },
  azurerm_storage_container: { id: STORAGE_CONTAINER },
  azurerm_subnet: { id: `${of("Microsoft.Network/virtualNetworks")}/subnets/mock` },
  azurerm_user_assigned_identity: { id: of("Microsoft.ManagedIdentity/userAssignedIdentities"), principal_id: GUID, client_id: GUID },
  azurerm_virtual_network: { id: of("Microsoft.Network/virtualNetworks") },
  azurerm_web_application_firewall_policy: { id: of("Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies") },
};

/** What another stack's output holds, by its name: `cross-stack-output-<type><address><attribute>`. */
function answerOf(output: string): unknown {
  const rest = output.slice("cross-stack-output-".length);
  const type = Object.keys(ANSWERS)
    .filter((name) => rest.startsWith(name))
    .sort((a, b) => b.length - a.length)[0];
  const attribute = type && Object.keys(ANSWERS[type]!).find((name) => rest.endsWith(name));
  return attribute ? ANSWERS[type]![attribute] : "mock";
}

function mockedApply(json: StackJson, module: string): string {
  const answers = Object.entries(ANSWERS).map(
    ([type, values]) => `  mock_resource "${type}" {\n    defaults = ${JSON.stringify(values)}\n  }\n`,
  );
  const remotes = Object.keys(json.data?.terraform_remote_state ?? {}).map((id) => {
    const outputs = [...JSON.stringify(json).matchAll(new RegExp(`${id}\\.outputs\\.([\\w-]+)`, "g"))].map(([, output]) => output!);
    const values = { outputs: Object.fromEntries(outputs.map((output) => [output, answerOf(output)])) };
    return `override_data {\n  target = data.terraform_remote_state.${id}\n  values = ${JSON.stringify(values)}\n}\n`;
  });
  return [
    ...(json.provider?.azurerm ? [`mock_provider "azurerm" {\n${answers.join("")}}\n`] : []),
    ...(json.provider?.helm
      ? ['mock_provider "kubernetes" {}\nmock_provider "helm" {}\nmock_provider "helm" {\n  alias = "watching"\n}\n']
      : []),
    ...remotes,
    `run "apply" {\n  command = apply\n  module {\n    source = "./${module}"\n  }\n}\n`,
  ].join("\n");
}

interface Line {
  readonly "@testfile"?: string;
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail: string };
  readonly test_file?: { readonly status?: string };
}

/** What no example has. */
const FORMS: Readonly<Record<string, readonly [stack: string, edits: AzureEdits, name?: AzureName]>> = {
  "container-groups-alone": ["services", ALONE],
  "ids-of-workflows": ["bootstrap", { "bootstrap.clients": { plan: GUID, deploy: GUID } }],
  "id-of-another": ["bootstrap", { "bootstrap.clients": { plan: GUID, deploy: GUID.replace("9", "8") } }],
  "api-from-outside": ["services", { "cluster.apiServerCidrs": ["203.0.113.0/24"] }, "azure-aks"],
};

/** Edits that must be found: that a mocked apply finds what the provider refuses. */
const FAULTS: readonly (readonly [what: string, type: string, resource: Block, words: RegExp])[] = [
  ["an argument that the schema does not know", "azurerm_resource_group", { name: "a", locatoin: "japaneast" }, /locatoin/],
  [
    "a value that the provider refuses",
    "azurerm_key_vault",
    { name: "-", location: "japaneast", resource_group_name: "a", tenant_id: GUID, sku_name: "gold" },
    /sku_name|may only contain/,
  ],
];

(mirror ? describe : describe.skip)("the real provider", () => {
  const folder = mkdtempSync(join(tmpdir(), "azure-terraform-"));
  const outcomes = new Map<string, string>();
  const env = { ...process.env, CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: join(folder, "terraform.rc") };
  const terraform = async (...args: string[]): Promise<string> => {
    const { stdout } = await run("terraform", args, { cwd: folder, env, maxBuffer: 100_000_000 }).catch(
      (error: { stdout: string; stderr: string }) => ({ stdout: `${error.stdout}${error.stderr}` }),
    );
    return stdout;
  };
  const write = (module: string, json: StackJson) => {
    mkdirSync(join(folder, module));
    writeFileSync(join(folder, module, "cdk.tf.json"), JSON.stringify(json));
    writeFileSync(join(folder, `${module}.tftest.hcl`), mockedApply(json, module));
  };

  beforeAll(async () => {
    writeFileSync(env.TF_CLI_CONFIG_FILE, mirrorConfiguration(mirror!));
    // With the protection lifted: what a mocked apply made, it must be able to take away again.
    const all = azureNames.map((name) => azureStacks({ ...azureEnvironment(name as AzureName), deletionProtection: false }));
    azureNames.forEach((name, index) => {
      for (const [stack, json] of Object.entries(all[index]!)) if (stack !== "workloads" || withWorkloads) write(`${name}-${stack}`, json);
    });
    for (const [form, [stack, edits, name = "azure-prod"]] of Object.entries(FORMS))
      write(form, azureStacks({ ...azureEnvironment(name, edits), deletionProtection: false })[stack]!);
    FAULTS.forEach(([, type, resource], index) => {
      const { provider, terraform: settings } = all[0]!.network!;
      write(`fault-${index}`, { provider, terraform: settings, resource: { [type]: { faulty: resource } } });
    });
    writeFileSync(join(folder, "main.tf.json"), "{}");
    const init = await terraform("init", "-backend=false", "-input=false", "-no-color");
    if (!init.includes("successfully initialized")) throw new Error(init);
    const output = await terraform("test", "-json");
    const lines = output.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Line] : []));
    for (const file of new Set(lines.flatMap((line) => line["@testfile"] ?? []))) {
      const own = lines.filter((line) => line["@testfile"] === file);
      const errors = own.flatMap(({ diagnostic }) =>
        diagnostic?.severity === "error" || diagnostic?.summary.startsWith("Deprecated")
          ? [`${diagnostic.summary}: ${diagnostic.detail}`]
          : [],
      );
      const status = own.flatMap(({ test_file: { status: found } = {} }) => found ?? []).at(-1);
      outcomes.set(
        file.replace(".tftest.hcl", ""),
        status === "pass" && errors.length === 0 ? "pass" : errors.join("\n") || String(status),
      );
    }
    if (outcomes.size === 0) throw new Error(output.slice(-5000));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const stacks = azureNames.flatMap((name) =>
    [
      ...["bootstrap", "network", "monitor", "data", "services", "edge"],
      ...(name === "azure-aks" ? ["trust", ...(withWorkloads ? ["workloads"] : [])] : []),
    ].map((stack) => `${name}-${stack}`),
  );

  it.each(Object.keys(FORMS).filter((name) => name !== "id-of-another"))("%s are valid, and can be applied", (name) => {
    expect(outcomes.get(name)).toBe("pass");
  });

  it("another identity's id in the literal is refused", () => {
    expect(outcomes.get("id-of-another")).toMatch(
      /bootstrap\.clients\.deploy is 0a1b2c3d-0000-4000-8000-000000000008, which is another identity's/,
    );
  });

  it.each(stacks)("%s is valid, and can be applied", (stack) => {
    expect(outcomes.get(stack)).toBe("pass");
  });

  it.each(FAULTS.map(([what, , , words], index) => [what, index, words] as const))("%s is found", (_, index, words) => {
    expect(outcomes.get(`fault-${index}`)).toMatch(words);
  });
});
