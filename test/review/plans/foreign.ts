/** Plans of projects that are not ours, by hand after the format's description. */
import { changeOf, planOf, type Case, type RawChange } from "./make";

const from = (provider: string, change: RawChange): RawChange => ({ ...change, provider_name: provider });
const GOOGLE = "registry.terraform.io/hashicorp/google";

export const foreignCases: readonly Case[] = [
  {
    name: "null_resource runs again",
    plan: planOf([
      changeOf(
        "null_resource",
        ["delete", "create"],
        { id: "1", triggers: { at: "1" } },
        { triggers: { at: "2" } },
        { after_unknown: { id: true, triggers: {} }, replace_paths: [["triggers"]] },
      ),
    ]),
    told: ["replace null_resource.it: id triggers.at!"],
  },
  {
    name: "random_password is new",
    plan: planOf([
      changeOf(
        "random_password",
        ["delete", "create"],
        { length: 16, result: "abcDEF1-old-value", bcrypt_hash: "$2a$10$xyz" },
        { length: 24 },
        {
          after_unknown: { result: true, bcrypt_hash: true },
          before_sensitive: { result: true, bcrypt_hash: true },
          after_sensitive: { result: true, bcrypt_hash: true },
          replace_paths: [["length"]],
        },
      ),
    ]),
    told: ["replace random_password.it: bcrypt_hash length! result"],
    hidden: ["old-value", "$2a$10"],
  },
  {
    name: "random_id",
    plan: planOf([changeOf("random_id", ["create"], null, { byte_length: 8 }, { after_unknown: { hex: true, id: true } })]),
    told: ["create random_id.it"],
  },
  {
    name: "google_storage_bucket",
    plan: planOf([
      from(
        GOOGLE,
        changeOf(
          "google_storage_bucket",
          ["update"],
          { name: "b", labels: { a: "1" }, effective_labels: { a: "1" }, terraform_labels: { a: "1" }, versioning: [{ enabled: true }] },
          { name: "b", labels: { a: "2" }, effective_labels: { a: "2" }, terraform_labels: { a: "2" }, versioning: [{ enabled: false }] },
        ),
      ),
    ]),
    told: ["update google_storage_bucket.it: labels.a versioning[0].enabled"],
  },
  {
    name: "google_sql_database_instance is destroyed",
    plan: planOf([
      from(GOOGLE, changeOf("google_sql_database_instance", ["delete"], { name: "main", root_password: "hunter2-planted" }, null)),
    ]),
    told: ["destroy google_sql_database_instance.it"],
    hidden: ["hunter2-planted"],
  },
  {
    name: "google_service_account_key",
    plan: planOf([
      from(
        GOOGLE,
        changeOf("google_service_account_key", ["update"], { private_key: "b2xkIHBsYW50ZWQ=" }, { private_key: "bmV3IHBsYW50ZWQ=" }),
      ),
    ]),
    told: ["update google_service_account_key.it: private_key"],
    hidden: ["b2xkIHBsYW50ZWQ", "bmV3IHBsYW50ZWQ"],
  },
  {
    name: "google_cloudfunctions2_function",
    plan: planOf([
      from(
        GOOGLE,
        changeOf(
          "google_cloudfunctions2_function",
          ["update"],
          { service_config: [{ environment_variables: { A: "planted-one" } }] },
          { service_config: [{ environment_variables: { A: "planted-two", B: "planted-3" } }] },
        ),
      ),
    ]),
    told: [
      "update google_cloudfunctions2_function.it: service_config[0].environment_variables.A service_config[0].environment_variables.B",
    ],
    hidden: ["planted"],
  },
  {
    name: "azurerm_storage_account",
    plan: planOf([
      changeOf(
        "azurerm_storage_account",
        ["update"],
        { name: "s", min_tls_version: "TLS1_2", primary_access_key: "planted==" },
        { name: "s", min_tls_version: "TLS1_0", primary_access_key: "planted==" },
      ),
    ]),
    told: ["update azurerm_storage_account.it: min_tls_version"],
    hidden: ["planted"],
  },
  {
    name: "azurerm_linux_web_app",
    plan: planOf([changeOf("azurerm_linux_web_app", ["update"], { app_settings: { X: "planted" } }, { app_settings: {} })]),
    told: ["update azurerm_linux_web_app.it: app_settings.X"],
    hidden: ["planted"],
  },
  {
    name: "azurerm_key_vault_secret",
    plan: planOf([changeOf("azurerm_key_vault_secret", ["update"], { name: "a", value: "planted1" }, { name: "a", value: "planted2" })]),
    told: ["update azurerm_key_vault_secret.it: value"],
    hidden: ["planted"],
  },
  {
    name: "kubernetes_secret_v1",
    plan: planOf([changeOf("kubernetes_secret_v1", ["update"], { data: { name: "planted" } }, { data: { name: "planted2" } })]),
    told: ["update kubernetes_secret_v1.it: data"],
    hidden: ["planted"],
  },
  {
    name: "helm_release",
    plan: planOf([
      changeOf(
        "helm_release",
        ["update"],
        {
          set_sensitive: [{ name: "a", value: "planted" }],
          set: [
            { name: "db.password", value: "planted" },
            { name: "replicas", value: "1" },
          ],
        },
        {
          set_sensitive: [{ name: "a", value: "planted" }],
          set: [
            { name: "db.password", value: "planted9" },
            { name: "replicas", value: "2" },
          ],
        },
      ),
    ]),
    told: ["update helm_release.it: set[0].value set[1].value"],
    hidden: ["planted"],
  },
  {
    name: "tls_private_key",
    plan: planOf([changeOf("tls_private_key", ["create"], null, { algorithm: "ED25519", private_key_pem: "planted" })]),
    told: ["create tls_private_key.it"],
    hidden: ["planted"],
  },
  {
    name: "a provider of another registry",
    plan: planOf([from("example.com/acme/thing", changeOf("thing_a", ["forget"], { id: "1" }, null))]),
    told: ["forget thing_a.it"],
  },
  {
    name: "modules inside modules, keys that look like a secret",
    plan: planOf([changeOf("thing_a", ["delete"], {}, null, {}, `module.x["${`AKIA${"ABCDEFGHIJ234567"}`}"].thing_a.b`)]),
    told: ['destroy module.x["(redacted: looks like a secret) 6450aa"].thing_a.b'],
    hidden: ["ABCDEFGHIJ234567"],
  },
];
