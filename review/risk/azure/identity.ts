/** Ways into Azure's resources beside Entra's roles: passwords, keys, local accounts; and what a right on something is worth there. */
import { off, on, type Guard } from "../guard";

const KEY = "Who has one of its keys may do everything with it, and no log says who that was";
const onUnlessSaid = (value: unknown): boolean => value === undefined || on(value);

export const AZURE_IDENTITY_GUARDS: readonly Guard[] = [
  {
    rule: "identity/trust-widened",
    attributes: [
      "azurerm_managed_redis.default_database.access_keys_authentication_enabled",
      "azurerm_eventhub_namespace.local_authentication_enabled",
      "azurerm_log_analytics_workspace.local_authentication_enabled",
      "azurerm_servicebus_namespace.local_auth_enabled",
      "azurerm_storage_account.shared_access_key_enabled",
    ],
    safe: off,
    onCreate: false,
    message: KEY,
  },
  {
    rule: "identity/trust-widened",
    attributes: ["azurerm_application_insights.local_authentication_disabled", "azurerm_cosmosdb_account.local_authentication_disabled"],
    safe: on,
    onCreate: false,
    message: KEY,
  },
  {
    rule: "identity/trust-widened",
    attributes: ["azurerm_storage_account.local_user_enabled"],
    safe: off,
    onCreate: false,
    message: "It takes users of its own, with passwords, by SFTP",
  },
  {
    rule: "identity/trust-widened",
    attributes: ["azurerm_storage_account.cross_tenant_replication_enabled"],
    safe: off,
    onCreate: false,
    message: "What it holds may be copied to accounts of other tenants",
  },
  {
    rule: "identity/trust-widened",
    attributes: ["azurerm_container_registry.admin_enabled"],
    safe: off,
    message: "The registry has an administrator with a password that everybody shares",
  },
  {
    rule: "identity/trust-widened",
    attributes: ["azurerm_postgresql_flexible_server.authentication.password_auth_enabled"],
    safe: off,
    message: "It takes passwords, beside Entra's tokens",
  },
  {
    rule: "identity/trust-widened",
    attributes: [
      "azurerm_linux_virtual_machine.disable_password_authentication",
      "azurerm_linux_virtual_machine_scale_set.disable_password_authentication",
    ],
    safe: onUnlessSaid,
    message: "The machine takes passwords, beside keys",
  },
  {
    rule: "identity/policy-widened",
    attributes: ["azurerm_key_vault.rbac_authorization_enabled"],
    safe: on,
    onCreate: false,
    message: "Roles no longer say who reads secrets: whoever may write the vault gives them to himself",
  },
  {
    rule: "identity/trust-widened",
    attributes: ["azurerm_kubernetes_cluster.local_account_disabled"],
    safe: on,
    message: "Who has the cluster's own certificate is its administrator, and no log says who that was",
  },
  {
    rule: "identity/policy-widened",
    attributes: ["azurerm_kubernetes_cluster.role_based_access_control_enabled"],
    safe: onUnlessSaid,
    message: "Everybody who gets into the cluster may do everything in it",
  },
  {
    rule: "identity/trust-widened",
    attributes: ["azurerm_kubernetes_cluster.azure_active_directory_role_based_access_control.azure_rbac_enabled"],
    safe: on,
    onCreate: false,
    message: "Entra's roles no longer say who may do what in the cluster",
  },
  {
    rule: "identity/trust-widened",
    attributes: ["azurerm_kubernetes_cluster.run_command_enabled"],
    safe: off,
    onCreate: false,
    message: "Whoever may call Azure's API runs commands in the cluster, past its private address",
  },
  {
    rule: "compute/privileges-raised",
    attributes: ["azurerm_kubernetes_cluster.azure_policy_enabled"],
    safe: on,
    onCreate: false,
    severity: "notice",
    message: "Azure Policy no longer refuses pods that ask for too much",
  },
];
