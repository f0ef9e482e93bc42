/** What is installed in a cluster on Azure, and a service that is added once and seen on every platform of both clouds. */
import { environment } from "../environments/edits";
import { synthEnvironments, type Block, type StackJson } from "../helpers/synth";
import { azureEnvironment, azureStacks, bareResource, bareResources, shown, type AzureEdits } from "../helpers/azure";

const workloadsOf = (edits: AzureEdits = {}) => azureStacks(azureEnvironment("azure-aks", edits)).workloads!;
const workloads = workloadsOf();
type Values = Readonly<Record<string, Block>>;
const valuesOf = (json: StackJson, release = "services_release"): Values =>
  JSON.parse((bareResources(json, "helm_release")[release]!.values as [string])[0]) as Values;
const serviceOf = (name: string, json = workloads) => (valuesOf(json).services as unknown as Record<string, Block>)[name]!;
const TENANT = "0a1b2c3d-0000-4000-8000-00000000000f";

it("the cluster is asked as whoever is signed in, with a token that nobody keeps", () => {
  const exec = {
    api_version: "client.authentication.k8s.io/v1beta1",
    command: "kubelogin",
    args: ["get-token", "--login", "azurecli", "--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630", "--tenant-id", TENANT],
  };
  const { helm, kubernetes, ...others } = workloads.provider as Record<string, Block[]>;
  expect(others).toEqual({});
  expect(shown(kubernetes)).toMatchObject([{ host: "https://services:kubernetes_clustercluster.fqdn:443", exec: [exec] }]);
  expect(helm).toMatchObject([{ kubernetes: { exec } }, { alias: "watching", kubernetes: { exec }, experiments: { manifest: true } }]);
  expect(JSON.stringify(workloads.provider)).not.toMatch(/"(token|client_key|client_certificate|password)"/);
});

it("what AKS brings along is not installed, and the gateway's controller only where there is a gateway", () => {
  const names = (json: StackJson) => Object.values(bareResources(json, "helm_release")).map(({ name }) => name);
  expect(names(workloads)).toEqual(["alb-controller", "external-secrets", "day-trade-ml"]);
  const without = { gateway: undefined, "services.ml.route": undefined, "services.data.route": undefined };
  expect(names(workloadsOf(without))).toEqual(["external-secrets", "day-trade-ml"]);
  expect(valuesOf(workloadsOf(without)).gateway).toEqual({ enabled: false });
  const controller = bareResources(workloads, "helm_release")["alb-controller_release"]!;
  expect(controller).toMatchObject({
    repository: "oci://mcr.microsoft.com/application-lb/charts",
    chart: "alb-controller",
    version: "1.13.0",
  });
  expect(valuesOf(workloads, "alb-controller_release")).toEqual({
    albController: {
      namespace: "azure-alb-system",
      podIdentity: { clientID: "edge:user_assigned_identitygateway_controller_identity.client_id" },
    },
  });
});

it("a service is what the literal describes, as its own identity", () => {
  expect(serviceOf("ml")).toEqual({
    image: { repository: "day-trade-ml", tag: "0.1.0" },
    port: 8000,
    ports: {},
    healthPath: "/health",
    readyPath: "/ready",
    startSeconds: 60,
    stopSeconds: 30,
    drainSeconds: 10,
    strategy: "RollingUpdate",
    autoscaling: {
      enabled: true,
      minReplicas: 3,
      maxReplicas: 20,
      targetCPUUtilizationPercentage: 70,
      targetMemoryUtilizationPercentage: 80,
      schedule: [],
    },
    resources: { requests: { cpu: "2000m", memory: "4Gi" }, limits: { cpu: "4000m", memory: "8Gi" } },
    nodeSelector: { "kubernetes.io/arch": "amd64" },
    route: { order: 100, hosts: [], paths: ["/ml/*"], pathType: "ImplementationSpecific" },
    calls: ["data"],
    connects: ["cache", "database"],
    databaseUser: "azure-aks-service-ml",
    env: {
      APPLICATIONINSIGHTS_CONNECTION_STRING: "monitor:application_insightsobserving_insights.connection_string",
      AZURE_CLIENT_ID: "services:user_assigned_identityservice-ml_identity.client_id",
      BACKTEST_RESULTS_URL:
        "data:storage_accountstorage_account.primary_blob_endpointdata:storage_containerstorage_container-backtest-results.name",
      CACHE_USER: "services:user_assigned_identityservice-ml_identity.principal_id",
      PROCESSED_MARKET_DATA_URL:
        "data:storage_accountstorage_account.primary_blob_endpointdata:storage_containerstorage_container-processed-market-data.name",
    },
    secrets: {},
    serviceAccount: {
      annotations: {
        "azure.workload.identity/client-id": "services:user_assigned_identityservice-ml_identity.client_id",
        "azure.workload.identity/tenant-id": TENANT,
      },
    },
  });
});

it("the chart is told of the registry, the backends, the vault and the gateway", () => {
  const { backends, defaults, externalSecrets, gateway, image, ingress } = valuesOf(workloads);
  expect({ backends, defaults, externalSecrets, gateway, image, ingress }).toEqual({
    image: { registry: "services:container_registryregistry.login_server" },
    defaults: { podLabels: { "azure.workload.identity/use": "true" }, topologySpread: { whenUnsatisfiable: "DoNotSchedule" } },
    backends: {
      cache: {
        host: "data:managed_rediscache_redis.hostname",
        port: 10_000,
        tls: true,
        clusterMode: false,
        cidrs: ["10.1.2.0/24"],
      },
      database: {
        host: "data:mssql_serverdatabase_server.fully_qualified_domain_name",
        port: 1433,
        name: "trading",
        cidrs: ["10.1.2.0/24"],
      },
    },
    externalSecrets: { store: { aws: { region: "" }, azure: { vaultUrl: "data:key_vaultvault.vault_uri" } } },
    ingress: { enabled: false },
    gateway: {
      enabled: true,
      id: "edge:application_load_balancergateway.id",
      frontend: "services",
      firewallId: "edge:web_application_firewall_policygateway_firewall.id",
      cidrs: ["10.1.0.0/24"],
      certificate: {
        name: "day-trade-tls",
        clientId: "edge:user_assigned_identitygateway_certificate-reader_identity.client_id",
        tenantId: TENANT,
      },
    },
  });
});

it("secrets are entries of the vault by their names", () => {
  const json = workloadsOf({ "services.data.secrets": { MT5_LOGIN: { secret: "mt5", key: "login" } } });
  expect(serviceOf("data", json).secrets).toEqual({ MT5_LOGIN: { secret: "mt5", key: "login" } });
});

it("people are their groups of Entra, and a group that nobody named has no role", () => {
  const bindings = bareResources(workloads, "kubernetes_cluster_role_binding_v1");
  const [administrators, operations] = ["b1", "b2"].map((end) => [
    { kind: "Group", name: `0a1b2c3d-0000-4000-8000-0000000000${end}`, api_group: "rbac.authorization.k8s.io" },
  ]);
  expect(Object.fromEntries(Object.entries(bindings).map(([id, { subject }]) => [id, subject]))).toEqual({
    "rbac_deploy-priority-classes-binding": administrators,
    "rbac_operations-read-cluster-binding": operations,
    "rbac_operations-view-binding": operations,
  });
});

it("services share a namespace that is closed, with room for them at their most", () => {
  expect(bareResource(workloads, "kubernetes_network_policy_v1").spec).toEqual({ pod_selector: {}, policy_types: ["Ingress", "Egress"] });
  // 20 + 20 + 1 pods, two more each of those that roll, and `helm test`.
  expect((bareResource(workloads, "kubernetes_resource_quota_v1").spec as { hard: Block }).hard).toMatchObject({ pods: "46" });
});

it("nothing is installed of services of which nothing was pushed", () => {
  const json = workloadsOf(
    Object.fromEntries([
      ["gateway", undefined],
      ...["ml", "data", "scheduler"].flatMap((name) => [
        [`services.${name}.image`, `day-trade-${name}:none`],
        [`services.${name}.route`, undefined],
      ]),
    ]) as AzureEdits,
  );
  expect(Object.keys(bareResources(json, "helm_release"))).toEqual(["external-secrets_release"]);
});

describe("a service that is added once", () => {
  const added = { image: "day-trade-risk-dev:1.0.0", cpu: 512, memory: 1024, environment: { LIMIT: "7" }, calls: ["data"] };
  const edits = { "services.risk": added };
  const aws = (name: "dev" | "prod", own = edits) => synthEnvironments({ environments: [environment(name, own)], target: { kind: "aws" } });
  const PLATFORMS = [
    ["ECS", "aws_ecs_task_definition", aws("dev"), aws("dev", {} as typeof edits)],
    ["EKS", "helm_release", aws("prod"), aws("prod", {} as typeof edits)],
    [
      "Container Apps",
      "azurerm_container_app",
      azureStacks(azureEnvironment("azure-prod", edits)),
      azureStacks(azureEnvironment("azure-prod")),
    ],
    ["AKS", "helm_release", azureStacks(azureEnvironment("azure-aks", edits)), azureStacks(azureEnvironment("azure-aks"))],
  ] as const;
  /** Resources in which its image is told its setting. */
  const running = (stacks: Readonly<Record<string, StackJson>>, type: string) =>
    Object.values(stacks)
      .flatMap(({ resource = {} }) => Object.values(resource[type] ?? {}))
      .map((block) => JSON.stringify(block))
      .filter((text) => text.includes("risk") && text.includes("LIMIT"));

  it.each(PLATFORMS)("is seen on %s, where it was not before", (_, type, after, before) => {
    expect(running(after, type)).toHaveLength(1);
    expect(running(before, type)).toEqual([]);
  });
});
