/**
 * Arguments by which a secret gets into the state, wherever it comes from. One table for all who ask: a change that sets one is a risk
 * (risk/), an environment in which one is set breaks the policy (policy/own), and a plan's reader hides what stands there (plan/redact).
 */
import type { Attribute } from "./provider-names";

export interface SecretInState {
  readonly attributes: readonly Attribute[];
  /** What it means that one is set. */
  readonly message: string;
}

export const SECRETS_IN_STATE: readonly SecretInState[] = [
  {
    message: "The master's password stands in Terraform's state",
    attributes: [
      "aws_db_instance.password",
      "aws_rds_cluster.master_password",
      "aws_docdb_cluster.master_password",
      "aws_redshift_cluster.master_password",
      "azurerm_mssql_managed_instance.administrator_login_password",
      "azurerm_mssql_server.administrator_login_password",
      "azurerm_mysql_flexible_server.administrator_password",
      "azurerm_postgresql_flexible_server.administrator_password",
      "azurerm_synapse_workspace.sql_administrator_login_password",
    ],
  },
  {
    message: "The machine's password stands in Terraform's state",
    attributes: [
      "azurerm_linux_virtual_machine.admin_password",
      "azurerm_linux_virtual_machine_scale_set.admin_password",
      "azurerm_windows_virtual_machine.admin_password",
      "azurerm_windows_virtual_machine_scale_set.admin_password",
    ],
  },
  { message: "The cache's password stands in Terraform's state", attributes: ["aws_elasticache_replication_group.auth_token"] },
  { message: "The user's passwords stand in Terraform's state", attributes: ["aws_elasticache_user.passwords"] },
  {
    message: "The secret's value stands in Terraform's state",
    attributes: [
      "aws_secretsmanager_secret_version.secret_string",
      "aws_secretsmanager_secret_version.secret_binary",
      "azurerm_container_app.secret.value",
      "azurerm_key_vault_secret.value",
    ],
  },
  {
    message: "What the containers take for secret, or the registry's password, stands in Terraform's state",
    attributes: [
      "azurerm_container_group.container.secure_environment_variables",
      "azurerm_container_group.image_registry_credential.password",
    ],
  },
  {
    message: "What the secret holds stands in Terraform's state",
    attributes: [
      "kubernetes_secret.data",
      "kubernetes_secret.binary_data",
      "kubernetes_secret_v1.data",
      "kubernetes_secret_v1.binary_data",
    ],
  },
];
