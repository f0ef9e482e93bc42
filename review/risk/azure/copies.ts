/** How often and for how long Azure keeps what would be lost, where a word or a text says it and no number. */
import type { Values } from "../../model";
import type { Attribute } from "../../provider-names";
import { textAt } from "../reading";
import type { Look, Verdict } from "../rules";

/** Where else the data stands, for each word of an account's replication. https://learn.microsoft.com/azure/storage/common/storage-redundancy */
const REPLICATION: Readonly<Record<string, { readonly region: boolean; readonly zones: boolean }>> = {
  LRS: { region: false, zones: false },
  ZRS: { region: false, zones: true },
  GRS: { region: true, zones: false },
  RAGRS: { region: true, zones: false },
  GZRS: { region: true, zones: true },
  RAGZRS: { region: true, zones: true },
  // Of a database's backups.
  Local: { region: false, zones: false },
  Zone: { region: false, zones: true },
  Geo: { region: true, zones: false },
  GeoZone: { region: true, zones: true },
};
const SAID_AT: Readonly<Record<string, Attribute>> = {
  azurerm_mssql_database: "azurerm_mssql_database.storage_account_type",
  azurerm_recovery_services_vault: "azurerm_recovery_services_vault.storage_mode_type",
  azurerm_storage_account: "azurerm_storage_account.account_replication_type",
};
/** A vault has words of its own for the same. */
const ALSO: Readonly<Record<string, string>> = { GeoRedundant: "Geo", LocallyRedundant: "Local", ZoneRedundant: "Zone" };

export const replication: Look = ({ type, action, before, after }) => {
  const attribute = Object.hasOwn(SAID_AT, type) ? SAID_AT[type] : undefined;
  if (attribute === undefined || (action !== "update" && action !== "replace")) return [];
  const of = (values: Values | undefined) => {
    const word = textAt(values, attribute);
    return word === undefined ? undefined : REPLICATION[ALSO[word] ?? word];
  };
  const [was, will] = [of(before), of(after)];
  if (was === undefined || will === undefined) return [];
  const words = `(\`${textAt(before, attribute)}\` becomes \`${textAt(after, attribute)}\`)`;
  return [
    ...(was.region && !will.region
      ? [{ rule: "data/backups-off", message: `Nothing is copied to the paired region any more ${words}` } satisfies Verdict]
      : []),
    ...(was.zones && !will.zones
      ? [{ rule: "data/availability-lowered", message: `One zone's outage takes it down ${words}` } satisfies Verdict]
      : []),
  ];
};

/** Days of `P4W`, `P1M`, `P10Y`; 0 of `PT0S`, which the provider writes for none. */
function daysOf(duration: string | undefined): number | undefined {
  const [, count, unit] = /^P(\d+)([DWMY])$/.exec(duration ?? "") ?? [];
  if (count === undefined) return duration === "PT0S" || duration === "P0D" ? 0 : undefined;
  return Number(count) * { D: 1, W: 7, M: 30, Y: 365 }[unit as "D" | "W" | "M" | "Y"];
}

const LONG_TERM: readonly (readonly [Attribute, string])[] = [
  ["azurerm_mssql_database.long_term_retention_policy.weekly_retention", "Weekly"],
  ["azurerm_mssql_database.long_term_retention_policy.monthly_retention", "Monthly"],
  ["azurerm_mssql_database.long_term_retention_policy.yearly_retention", "Yearly"],
];

export const longTerm: Look = ({ type, action, before, after }) => {
  if (type !== "azurerm_mssql_database" || (action !== "update" && action !== "replace")) return [];
  return LONG_TERM.flatMap(([attribute, which]): Verdict[] => {
    const [was, will] = [daysOf(textAt(before, attribute)), daysOf(textAt(after, attribute))];
    if (was === undefined || was <= (will ?? 0)) return [];
    return [
      {
        rule: "data/backups-off",
        message: `${which} backups are kept for ${will ? `${will} days` : "no time at all"}, in place of ${was}`,
      },
    ];
  });
};

/** A database server that nobody writes the record of. */
export const unaudited: Look = ({ type, action }, { plan }) =>
  type === "azurerm_mssql_server" &&
  action === "create" &&
  !plan.after.some(({ type: other }) => other === "azurerm_mssql_server_extended_auditing_policy")
    ? [
        {
          rule: "data/audit-log-off",
          severity: "notice",
          message: "Nobody writes down what is done in its databases: it comes without an auditing policy",
        },
      ]
    : [];
