/** Settings of Azure's resources beyond the tables' rows: what keeps others out, what only is set, what is a resource of its own. */
import { UNKNOWN, type Values } from "../../review/model";
import { changed, created, destroyed, one, replaced, tried } from "./risk-azure-builders";

const POSTGRES = "azurerm_postgresql_flexible_server_configuration";
const CLUSTER = "azurerm_kubernetes_cluster";
const setting = (name: string, value: string): Values => ({ name, value });
const PUBLIC = "refusal network/made-public";
const UNENCRYPTED = "refusal network/tls-weakened";
const UNWRITTEN = "refusal data/audit-log-off";

describe("what comes with a public address", () => {
  const vault = (network_acls?: object): Values => ({
    public_network_access_enabled: true,
    ...(network_acls && { network_acls: [network_acls] }),
  });
  tried([
    one(
      "is a vault, and holds most back",
      created("azurerm_key_vault", vault({ default_action: "Allow" })),
      PUBLIC,
      created("azurerm_key_vault", vault({ default_action: "Deny" })),
      "notice network/made-public",
    ),
    one(
      "is a cache, and stands in a subnet",
      created("azurerm_redis_cache", { public_network_access_enabled: true }),
      PUBLIC,
      created("azurerm_redis_cache", { public_network_access_enabled: true, subnet_id: "s" }),
      "notice network/made-public",
    ),
    one(
      "is a database, and lists who may come",
      created("azurerm_cosmosdb_account", { public_network_access_enabled: true, is_virtual_network_filter_enabled: false }),
      PUBLIC,
      created("azurerm_cosmosdb_account", { public_network_access_enabled: true, ip_range_filter: ["203.0.113.7"] }),
      "notice network/made-public",
    ),
    one(
      "unless somebody says no",
      created("azurerm_mysql_flexible_server", { public_network_access: UNKNOWN }),
      "notice network/made-public",
      created("azurerm_mysql_flexible_server", { public_network_access: "Disabled" }),
    ),
  ]);
});

describe("what is only asked whether it is set", () => {
  tried([
    one(
      "is set to another firewall",
      changed("azurerm_application_gateway", { firewall_policy_id: "a" }, { firewall_policy_id: "b" }),
      "notice network/unjudged",
      changed("azurerm_application_gateway", {}, { firewall_policy_id: "b" }),
    ),
    one(
      "goes, and is told once",
      changed("azurerm_application_gateway", { firewall_policy_id: "a" }, {}),
      "refusal network/firewall-weakened",
      changed("azurerm_application_gateway", { enable_http2: true }, { enable_http2: false }),
    ),
    one(
      "is set to another workspace",
      changed("azurerm_monitor_diagnostic_setting", { log_analytics_workspace_id: "a" }, { log_analytics_workspace_id: "b" }),
      "notice data/unjudged",
      changed("azurerm_monitor_diagnostic_setting", { log_analytics_workspace_id: "a" }, { log_analytics_workspace_id: "a" }),
    ),
    one(
      "holds more than that",
      changed(
        "azurerm_storage_account",
        { blob_properties: [{ delete_retention_policy: [{ days: 7, permanent_delete_enabled: false }] }] },
        { blob_properties: [{ delete_retention_policy: [{ days: 7, permanent_delete_enabled: true }] }] },
      ),
      "notice data/unjudged",
      changed(
        "azurerm_storage_account",
        { blob_properties: [{ delete_retention_policy: [{ days: 7 }] }] },
        { blob_properties: [{ delete_retention_policy: [{ days: 8 }] }] },
      ),
    ),
    one(
      "is set to another key",
      changed(
        "azurerm_mssql_server",
        { transparent_data_encryption_key_vault_key_id: "a" },
        { transparent_data_encryption_key_vault_key_id: "b" },
      ),
      "notice data/unjudged",
      changed("azurerm_mssql_server", {}, { transparent_data_encryption_key_vault_key_id: "b" }),
    ),
    one(
      "is another key on AWS",
      changed("aws_secretsmanager_secret", { kms_key_id: "a" }, { kms_key_id: "b" }),
      "notice data/unjudged",
      changed("aws_secretsmanager_secret", {}, { kms_key_id: "b" }),
    ),
  ]);
});

describe("a setting that is a resource", () => {
  tried([
    one(
      "takes connections in clear",
      changed(POSTGRES, setting("require_secure_transport", "on"), setting("require_secure_transport", "off")),
      UNENCRYPTED,
      changed(POSTGRES, setting("require_secure_transport", "off"), setting("require_secure_transport", "on")),
    ),
    one(
      "comes, and takes them",
      created("azurerm_mysql_flexible_server_configuration", setting("require_secure_transport", "OFF")),
      UNENCRYPTED,
      created("azurerm_mysql_flexible_server_configuration", setting("require_secure_transport", "ON")),
    ),
    one(
      "takes an old TLS",
      changed(POSTGRES, setting("ssl_min_protocol_version", "TLSv1.2"), setting("ssl_min_protocol_version", "TLSv1")),
      UNENCRYPTED,
      changed(POSTGRES, setting("ssl_min_protocol_version", "TLSv1.2"), setting("ssl_min_protocol_version", "TLSv1.3")),
    ),
    one(
      "writes nothing down",
      changed(POSTGRES, setting("pgaudit.log", "all"), setting("pgaudit.log", "none")),
      UNWRITTEN,
      changed(POSTGRES, setting("pgaudit.log", "none"), setting("pgaudit.log", "all")),
    ),
    one(
      "writes nothing down, because it goes",
      destroyed(POSTGRES, setting("log_connections", "on")),
      UNWRITTEN,
      created(POSTGRES, setting("log_connections", "on")),
    ),
    one(
      "looks for attacks no more",
      changed("azurerm_security_center_subscription_pricing", { tier: "Standard" }, { tier: "Free" }),
      UNWRITTEN,
      changed("azurerm_security_center_subscription_pricing", { tier: "Free" }, { tier: "Standard" }),
    ),
  ]);
});

describe("what runs", () => {
  tried([
    one(
      "on a machine that goes",
      destroyed("azurerm_linux_virtual_machine", { name: "a" }),
      "refusal compute/host-replaced",
      created("azurerm_linux_virtual_machine", { name: "a", encryption_at_host_enabled: true }),
    ),
    one(
      "on machines made anew",
      replaced("azurerm_linux_virtual_machine_scale_set", { name: "a" }, { name: "b" }),
      "refusal compute/host-replaced",
      changed("azurerm_linux_virtual_machine_scale_set", { tags: { a: "1" } }, { tags: { a: "2" } }),
    ),
    one(
      "in a cluster, whose route leads past the firewall",
      changed(
        CLUSTER,
        { network_profile: [{ outbound_type: "userDefinedRouting" }] },
        { network_profile: [{ outbound_type: "loadBalancer" }] },
      ),
      "notice network/egress-opened",
      changed(
        CLUSTER,
        { network_profile: [{ outbound_type: "loadBalancer" }] },
        { network_profile: [{ outbound_type: "userDefinedRouting" }] },
      ),
    ),
    one(
      "in a cluster that nobody upgrades",
      changed(CLUSTER, { node_os_upgrade_channel: "NodeImage" }, { node_os_upgrade_channel: "None" }),
      "notice data/unjudged",
      changed(CLUSTER, { tags: { a: "1" } }, { tags: { a: "2" } }),
    ),
  ]);
});

describe("of several blocks,", () => {
  const kept = (...days: number[]): Values => ({ retention_daily: days.map((count) => ({ count })) });
  tried([
    one(
      "each counts, in whichever order they stand",
      changed("azurerm_backup_policy_vm", kept(7, 30), kept(14, 7)),
      "refusal data/backups-off",
      changed("azurerm_backup_policy_vm", kept(7, 30), kept(30, 7)),
    ),
  ]);
});
