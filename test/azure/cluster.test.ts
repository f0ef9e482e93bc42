/** The container services in a cluster on Azure: the cluster itself, who its pods are, what is in front of it. */
import { openDuring } from "../../environments/rules/patching";
import type { Block } from "../helpers/synth";
import { azureEnvironment, azureStacks, bareResource, bareResources, shown, type AzureEdits } from "../helpers/azure";

const stacksOf = (edits: AzureEdits = {}) => azureStacks(azureEnvironment("azure-aks", edits));
const stacks = stacksOf();
const services = stacks.services!;
const clusterOf = (edits: AzureEdits) => bareResource(stacksOf(edits).services!, "azurerm_kubernetes_cluster");
const SUBNET = "network:subnetnetwork_subnet-containers.id";

const POOL = {
  auto_scaling_enabled: true,
  max_pods: 110,
  zones: ["1", "2", "3"],
  os_disk_size_gb: 128,
  os_disk_type: "Managed",
  os_sku: "AzureLinux",
  vnet_subnet_id: SUBNET,
  node_public_ip_enabled: false,
  host_encryption_enabled: true,
  upgrade_settings: { max_surge: "10%", drain_timeout_in_minutes: 30 },
};
const MAINTENANCE = { frequency: "Weekly", interval: 1, duration: 4, utc_offset: "+09:00" };

it("nobody is let into the cluster but by Entra, and its API is reached from the network alone", () => {
  expect(bareResource(services, "azurerm_kubernetes_cluster")).toEqual({
    name: "day-trade-aks",
    location: "japaneast",
    resource_group_name: "day-trade-cluster",
    node_resource_group: "day-trade-cluster-nodes",
    dns_prefix: "day-trade-aks",
    kubernetes_version: "1.36",
    sku_tier: "Standard",
    identity: { type: "UserAssigned", identity_ids: ["cluster_identity.id"] },
    kubelet_identity: {
      client_id: "cluster_nodes-identity.client_id",
      object_id: "cluster_nodes-identity.principal_id",
      user_assigned_identity_id: "cluster_nodes-identity.id",
    },
    local_account_disabled: true,
    role_based_access_control_enabled: true,
    azure_active_directory_role_based_access_control: {
      azure_rbac_enabled: true,
      tenant_id: "0a1b2c3d-0000-4000-8000-00000000000f",
      admin_group_object_ids: ["0a1b2c3d-0000-4000-8000-0000000000b1"],
    },
    oidc_issuer_enabled: true,
    workload_identity_enabled: true,
    run_command_enabled: false,
    private_cluster_enabled: true,
    private_cluster_public_fqdn_enabled: true,
    private_dns_zone_id: "None",
    network_profile: {
      network_plugin: "azure",
      network_plugin_mode: "overlay",
      network_data_plane: "cilium",
      network_policy: "cilium",
      pod_cidr: "10.244.0.0/16",
      service_cidr: "10.245.0.0/16",
      dns_service_ip: "10.245.0.10",
      load_balancer_sku: "standard",
      outbound_type: "userAssignedNATGateway",
    },
    automatic_upgrade_channel: "patch",
    node_os_upgrade_channel: "NodeImage",
    maintenance_window_auto_upgrade: { ...MAINTENANCE, day_of_week: "Saturday", start_time: "08:00" },
    maintenance_window_node_os: { ...MAINTENANCE, day_of_week: "Sunday", start_time: "03:00" },
    image_cleaner_enabled: true,
    image_cleaner_interval_hours: 48,
    default_node_pool: {
      ...POOL,
      name: "system",
      type: "VirtualMachineScaleSets",
      vm_size: "Standard_D2s_v5",
      min_count: 2,
      max_count: 3,
      temporary_name_for_rotation: "systemtmp",
      only_critical_addons_enabled: true,
    },
    lifecycle: { prevent_destroy: true },
    depends_on: ["role_assignment cluster_identity_joins-network", "role_assignment cluster_identity_gives-nodes-theirs"],
  });
});

it("the API is reached from named networks where the literal names some, and by the nodes, who come from the network's one address", () => {
  const cluster = clusterOf({ "cluster.apiServerCidrs": ["203.0.113.0/24"] });
  expect(cluster).toMatchObject({
    private_cluster_enabled: false,
    api_server_access_profile: { authorized_ip_ranges: ["203.0.113.0/24", "network:public_ipnetwork_nat-address.ip_address/32"] },
  });
  expect(cluster).not.toHaveProperty("private_dns_zone_id");
  expect(cluster).not.toHaveProperty("private_cluster_public_fqdn_enabled");
});

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/** Minutes before UTC. */
const TOKYO = 9 * 60;

it("what AKS changes by itself it changes while no market is open", () => {
  const windows = Object.entries(bareResource(services, "azurerm_kubernetes_cluster")).flatMap(([key, value]) =>
    key.startsWith("maintenance_window") ? [value as { day_of_week: string; duration: number; start_time: string }] : [],
  );
  expect(windows).toHaveLength(2);
  for (const { day_of_week: day, duration, start_time: time } of windows) {
    const begin = DAYS.indexOf(day) * 1440 + Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) - TOKYO;
    expect([day, openDuring("production", [[begin, duration * 60]])]).toEqual([day, []]);
  }
});

it("machines of a pool are exchanged by way of another one", () => {
  const pools = bareResources(
    stacksOf({ "cluster.pools.large": { size: "Standard_E16s_v5", min: 1, max: 2 } }).services!,
    "azurerm_kubernetes_cluster_node_pool",
  );
  expect(Object.keys(pools)).toEqual(["cluster_nodes-large_pool", "cluster_nodes-services_pool"]);
  expect(pools["cluster_nodes-services_pool"]).toEqual({
    ...POOL,
    name: "services",
    kubernetes_cluster_id: "cluster.id",
    mode: "User",
    os_type: "Linux",
    vm_size: "Standard_D8s_v5",
    min_count: 3,
    max_count: 12,
    temporary_name_for_rotation: "servicestmp",
  });
});

it("logs of the control plane are kept, but not who looked at what", () => {
  const [setting] = Object.values(bareResources(services, "azurerm_monitor_diagnostic_setting")).filter(
    ({ target_resource_id: target }) => target === "cluster.id",
  );
  expect((setting!.enabled_log as { category: string }[]).map(({ category }) => category)).toEqual([
    "cloud-controller-manager",
    "cluster-autoscaler",
    "guard",
    "kube-apiserver",
    "kube-audit-admin",
    "kube-controller-manager",
    "kube-scheduler",
  ]);
  expect(setting!.enabled_metric).toEqual([{ category: "AllMetrics" }]);
});

/** `role on scope` of an identity. */
const rights = (identity: string, json = services) =>
  Object.entries(bareResources(json, "azurerm_role_assignment"))
    .filter(([id]) => id.startsWith(identity))
    .map(([, { principal_id: who, role_definition_name: role, scope }]) => `${String(role)} on ${String(scope)} to ${String(who)}`)
    .sort();

it("the cluster joins the network, its nodes pull, and a service may do what its grants say", () => {
  expect(rights("cluster_identity")).toEqual([
    "Managed Identity Operator on cluster_nodes-identity.id to cluster_identity.principal_id",
    `Network Contributor on ${SUBNET} to cluster_identity.principal_id`,
  ]);
  expect(rights("cluster_nodes")).toEqual(["AcrPull on registry.id to cluster_nodes-identity.principal_id"]);
  const ml = "service-ml_identity.principal_id";
  expect(rights("service-ml_")).toEqual([
    `Monitoring Metrics Publisher on monitor:application_insightsobserving_insights.id to ${ml}`,
    `Storage Blob Data Contributor on data:storage_containerstorage_container-backtest-results.id to ${ml}`,
    `Storage Blob Data Reader on data:storage_containerstorage_container-processed-market-data.id to ${ml}`,
  ]);
  const json = stacksOf({ "services.data.secrets": { MT5_LOGIN: { secret: "mt5", key: "login" } } }).services!;
  expect(rights("service-data_", json)).toContain(
    "Key Vault Secrets User on data:key_vaultvault.id/secrets/mt5-login to service-data_identity.principal_id",
  );
  for (const type of ["azurerm_container_app", "azurerm_container_group", "azurerm_container_app_environment"])
    expect(services.resource).not.toHaveProperty(type);
});

it("Entra believes the cluster of one account of its own for each identity", () => {
  const credentials = bareResources(stacks.trust!, "azurerm_federated_identity_credential");
  expect(Object.fromEntries(Object.entries(credentials).map(([id, { parent_id: who, subject }]) => [id, [who, subject]]))).toEqual({
    "service-ml_credential": ["services:user_assigned_identityservice-ml_identity.id", "system:serviceaccount:day-trade:day-trade-ml-ml"],
    "service-data_credential": [
      "services:user_assigned_identityservice-data_identity.id",
      "system:serviceaccount:day-trade:day-trade-ml-data",
    ],
    "service-scheduler_credential": [
      "services:user_assigned_identityservice-scheduler_identity.id",
      "system:serviceaccount:day-trade:day-trade-ml-scheduler",
    ],
    "gateway-controller_credential": [
      "edge:user_assigned_identitygateway_controller_identity.id",
      "system:serviceaccount:azure-alb-system:alb-controller-sa",
    ],
    "certificate-reader_credential": [
      "edge:user_assigned_identitygateway_certificate-reader_identity.id",
      "system:serviceaccount:day-trade:day-trade-ml-certificate-reader",
    ],
  });
  for (const { audience, issuer } of Object.values(credentials))
    expect([audience, issuer]).toEqual([["api://AzureADTokenExchange"], "services:kubernetes_clustercluster.oidc_issuer_url"]);
});

it("people's groups may ask for the cluster's address, and no workflow is anybody in it", () => {
  expect(Object.values(bareResources(stacks.trust!, "azurerm_role_assignment"))).toEqual(
    ["b1", "b2"].map((end) => ({
      scope: "services:kubernetes_clustercluster.id",
      role_definition_name: "Azure Kubernetes Service Cluster User Role",
      principal_id: `0a1b2c3d-0000-4000-8000-0000000000${end}`,
      principal_type: "Group",
    })),
  );
  expect(JSON.stringify(Object.values(stacks))).not.toContain("RBAC Cluster Admin");
});

describe("the gateway of a cluster", () => {
  const edge = stacks.edge!;

  it("stands in a subnet of its own, behind a firewall that lets named networks in", () => {
    expect(bareResource(edge, "azurerm_application_load_balancer")).toMatchObject({ name: "services", location: "japaneast" });
    expect(bareResource(edge, "azurerm_application_load_balancer_subnet_association")).toEqual({
      name: "network",
      application_load_balancer_id: "gateway.id",
      subnet_id: "network:subnetnetwork_subnet-gateway.id",
    });
    expect(bareResource(edge, "azurerm_application_load_balancer_security_policy")).toMatchObject({
      application_load_balancer_id: "gateway.id",
      web_application_firewall_policy_id: "gateway_firewall.id",
    });
    const firewall = bareResource(edge, "azurerm_web_application_firewall_policy");
    expect(firewall.policy_settings).toEqual({ enabled: true, mode: "Prevention", request_body_check: true });
    expect(firewall.custom_rules).toEqual([
      {
        name: "clients",
        priority: 10,
        rule_type: "MatchRule",
        action: "Block",
        match_conditions: [
          {
            match_variables: [{ variable_name: "RemoteAddr" }],
            operator: "IPMatch",
            negation_condition: true,
            match_values: ["203.0.113.0/24"],
          },
        ],
      },
    ]);
    expect(edge.resource).not.toHaveProperty("azurerm_application_gateway");
  });

  it("its controller configures it and nothing else, and the certificate is one secret of the vault", () => {
    const who = "gateway_controller_identity.principal_id";
    expect(rights("gateway_controller", edge)).toEqual([
      expect.stringMatching(/^AppGw for Containers Configuration Manager on .*azure-aks-network.*azurerm_resource_groupgroupid\} to /),
      `Network Contributor on gateway_firewall.id to ${who}`,
      `Network Contributor on network:subnetnetwork_subnet-gateway.id to ${who}`,
      `Reader on services:kubernetes_clustercluster.node_resource_group_id to ${who}`,
    ]);
    expect(rights("gateway_certificate", edge)).toEqual([
      "Key Vault Secrets User on data:key_vaultvault.id/secrets/day-trade-tls to gateway_certificate-reader_identity.principal_id",
    ]);
  });

  it("is not there where no service has a route", () => {
    const without = stacksOf({ gateway: undefined, "services.ml.route": undefined, "services.data.route": undefined });
    expect(without.edge).toBeUndefined();
    expect(Object.keys(bareResources(without.trust!, "azurerm_federated_identity_credential"))).toHaveLength(3);
  });
});

describe("the network of a cluster", () => {
  const network = stacks.network!;
  const rule = (id: string, json = network): Block | undefined =>
    bareResources(json, "azurerm_network_security_rule")[`network_security-${id}`];
  const INSIDE = ["10.1.1.0/24", "10.244.0.0/16"];

  it("nodes have a subnet that is nobody's, and the gateway one that is delegated", () => {
    const delegations = Object.values(bareResources(network, "azurerm_subnet")).map(({ delegation, name }) => [
      name,
      (delegation as [{ service_delegation: { name: string } }] | undefined)?.[0].service_delegation.name,
    ]);
    expect(Object.fromEntries(delegations)).toEqual({
      containers: undefined,
      database: undefined,
      gateway: "Microsoft.ServiceNetworking/trafficControllers",
      instances: "Microsoft.ContainerInstance/containerGroups",
    });
  });

  it("the subnet of the gateway lets in the networks that the literal names", () => {
    expect(rule("gateway_inbound-clients")).toMatchObject({
      access: "Allow",
      source_address_prefixes: ["203.0.113.0/24"],
      destination_address_prefix: "10.1.0.0/24",
      destination_port_ranges: ["80", "443"],
    });
    expect(rule("gateway_inbound-refused")).toMatchObject({ access: "Deny", source_address_prefix: "*" });
  });

  it("the gateway speaks to pods on the services' ports alone", () => {
    expect(rule("containers_inbound-gateway")).toMatchObject({
      source_address_prefix: "10.1.0.0/24",
      destination_address_prefixes: INSIDE,
      destination_port_range: "8000",
    });
    expect(rule("gateway_outbound-containers")).toMatchObject({ destination_address_prefixes: INSIDE, destination_port_range: "8000" });
    expect(rule("containers_inbound-own")).toMatchObject({ source_address_prefixes: INSIDE, destination_address_prefixes: INSIDE });
    expect(rule("gateway_inbound-manager")).toBeUndefined();
    expect(rule("containers_inbound-instances")).toBeUndefined();
    expect(rule("containers_inbound-refused")).toMatchObject({ access: "Deny", source_address_prefix: "*" });
  });

  it("and to nobody where no service has a route", () => {
    const json = stacksOf({ gateway: undefined, "services.ml.route": undefined, "services.data.route": undefined }).network!;
    expect(rule("containers_inbound-gateway", json)).toBeUndefined();
    expect(rule("gateway_outbound-containers", json)).toBeUndefined();
  });
});

it("nothing of a cluster is an output that lets somebody in", () => {
  expect(shown(services.output)).toMatchObject({
    cluster_name: { value: "day-trade-aks" },
    cluster_endpoint: { value: "https://cluster.fqdn:443" },
  });
  expect(JSON.stringify(stacks)).not.toMatch(/kube_admin_config|kube_config_raw|client_key|client_certificate/);
});
