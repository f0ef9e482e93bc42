/** Settings of databases that are resources of their own, a name and a value each. */
import type { Values } from "../../model";
import type { Attribute } from "../../provider-names";
import { isHidden } from "../../model";
import { first, shown, textAt } from "../reading";
import type { Look, RuleName, Verdict } from "../rules";

const NAMES: Readonly<Record<string, readonly [name: Attribute, value: Attribute]>> = {
  azurerm_mysql_flexible_server_configuration: [
    "azurerm_mysql_flexible_server_configuration.name",
    "azurerm_mysql_flexible_server_configuration.value",
  ],
  azurerm_postgresql_flexible_server_configuration: [
    "azurerm_postgresql_flexible_server_configuration.name",
    "azurerm_postgresql_flexible_server_configuration.value",
  ],
};

const isOn = (value: string) => /^(on|1|true)$/i.test(value);
const isNewTls = (value: string) => value.split(",").every((version) => /^tlsv?1[._][23]$/i.test(version.trim()));
const isSomething = (value: string) => value !== "" && !/^(none|off)$/i.test(value);

/** By the setting's name, which is the server's own; both kinds of server are asked by one table, because no name means two things. */
const SETTINGS: Readonly<Record<string, readonly [safe: (value: string) => boolean, rule: RuleName, message: string]>> = {
  require_secure_transport: [isOn, "network/tls-weakened", "Connections in clear are accepted"],
  ssl_min_protocol_version: [isNewTls, "network/tls-weakened", "Connections by TLS older than 1.2 are accepted"],
  tls_version: [isNewTls, "network/tls-weakened", "Connections by TLS older than 1.2 are accepted"],
  log_connections: [isOn, "data/audit-log-off", "Who connects is no longer written down"],
  log_disconnections: [isOn, "data/audit-log-off", "Who connects, and for how long, is no longer written down"],
  audit_log_enabled: [isOn, "data/audit-log-off", "What is done in the database is no longer written down"],
  "pgaudit.log": [isSomething, "data/audit-log-off", "What is done in the database is no longer written down"],
};

/** What a server does where nobody says anything writes down nothing, and encrypts. */
const isSafeByItself = (rule: RuleName) => rule === "network/tls-weakened";

export const databaseSettings: Look = ({ type, action, before, after }): readonly Verdict[] => {
  const words = Object.hasOwn(NAMES, type) ? NAMES[type] : undefined;
  if (words === undefined || action === "forget") return [];
  const [name, value] = words;
  const setting = textAt(after ?? before, name) ?? "";
  const found = Object.hasOwn(SETTINGS, setting) ? SETTINGS[setting] : undefined;
  if (found === undefined) return [];
  const [safe, rule, message] = found;
  const of = (values: Values | undefined) => first(values, value);
  const isSafe = (values: Values | undefined) => {
    const text = values === undefined ? undefined : of(values);
    return text === undefined ? isSafeByItself(rule) : isHidden(text) || safe(String(text));
  };
  const will = action === "destroy" ? undefined : after;
  return isSafe(before) && !isSafe(will)
    ? [{ rule, message: `${message} (\`${setting}\` ${will === undefined ? "is no longer set" : `will be ${shown(of(will))}`})` }]
    : [];
};
