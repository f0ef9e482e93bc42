/**
 * The gravest openings of Azure and Google: `--plan` reads plans of any project. Attributes are those of the providers' own pages
 * (registry.terraform.io/providers/hashicorp/azurerm and …/google); what is not here is a notice (unjudged.ts), and checkov's.
 */
import type { ResourceChange, Values } from "../model";
import { parsedJson } from "../plan/redact";
import { atPath, isOn } from "./reading";
import type { Look, RuleName, Verdict } from "./rules";

/** Something that is open as a resource stands. */
interface Opening {
  readonly rule: RuleName;
  readonly message: string;
}

const texts = (values: Values, path: string): string[] =>
  atPath(values, path).filter((value): value is string => typeof value === "string");

/** Azure's words for everybody, and the networks that are the same. */
const ANYBODY = /^(\*|any|internet|0\.0\.0\.0(\/0)?|::(\/0)?)$/i;

/** A rule of a network security group, alone or in its group. */
function azureDoor(rule: Values): Opening[] {
  const is = (path: string, word: string) => texts(rule, path).some((text) => text.toLowerCase() === word);
  const sources = [...texts(rule, "source_address_prefix"), ...texts(rule, "source_address_prefixes")].filter((source) =>
    ANYBODY.test(source),
  );
  if (!is("access", "allow") || !is("direction", "inbound") || sources.length === 0) return [];
  const ports = [...texts(rule, "destination_port_range"), ...texts(rule, "destination_port_ranges")].map((port) =>
    port === "*" ? "all ports" : port,
  );
  return [
    {
      rule: "network/ingress-opened",
      message: `The whole Internet (\`${sources[0]!}\`) may connect to ${ports.length > 0 ? ports.join(", ") : "it"}, by the rule \`${texts(rule, "name")[0] ?? "without a name"}\`.`,
    },
  ];
}

/** Roles that may give themselves and others every right; by their ids, which are the same in every subscription. */
const AZURE_ADMINS: Readonly<Record<string, string>> = {
  owner: "Owner",
  "user access administrator": "User Access Administrator",
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
};

function azureRole(values: Values): Opening[] {
  const named = [...texts(values, "role_definition_name"), ...texts(values, "role_definition_id").map((id) => id.split("/").at(-1)!)];
  const role = named.map((name) => AZURE_ADMINS[name.toLowerCase()]).find((found) => found !== undefined);
  return role === undefined
    ? []
    : [{ rule: "identity/admin-granted", message: `Somebody becomes ${role} of \`${texts(values, "scope")[0] ?? "a scope"}\`.` }];
}

const allows = (values: Values, path: string): boolean => texts(values, path).some((text) => text.toLowerCase() === "allow");

/** Not that a network is asked for no key: what anybody may read, and that every network may ask. */
const azureAccount = (values: Values): Opening[] => [
  ...(isOn(values.allow_nested_items_to_be_public) || isOn(values.allow_blob_public_access)
    ? [{ rule: "network/made-public" as const, message: "Its containers may be opened to everybody, without a key." }]
    : []),
  ...(allows(values, "network_rules.default_action")
    ? [
        {
          rule: "network/made-public" as const,
          message: "Every network may connect to the storage account (`network_rules.default_action`).",
        },
      ]
    : []),
];

/** Services that answer the whole Internet unless they are told not to, each by the word that its resource has for it. */
const isPublic = (values: Values): boolean =>
  isOn(values.public_network_access_enabled) || texts(values, "public_network_access").some((text) => text.toLowerCase() === "enabled");

const PUBLIC_SERVICE: Opening = { rule: "network/made-public", message: "It can be asked from the whole Internet." };

/** A server that takes passwords beside Entra's tokens. */
const takesPasswords = (values: Values): boolean =>
  texts(values, "administrator_login").length > 0 || atPath(values, "azuread_administrator.azuread_authentication_only").includes(false);

/** A rule of a database server's own firewall; from 0.0.0.0 to 0.0.0.0 means every machine on Azure, whoever rents it. */
function azureDatabaseDoor(values: Values): Opening[] {
  const [start] = texts(values, "start_ip_address");
  const [end] = texts(values, "end_ip_address");
  if (start !== "0.0.0.0" || (end !== "0.0.0.0" && end !== "255.255.255.255")) return [];
  return [
    {
      rule: "network/ingress-opened",
      message: end === "0.0.0.0" ? "Every machine on Azure, whoever rents it, may connect." : "The whole Internet may connect.",
    },
  ];
}

const GOOGLE_ADMIN = "roles/owner";
const GOOGLE_ANYBODY: Readonly<Record<string, string>> = {
  allUsers: "Everybody on the Internet",
  allAuthenticatedUsers: "Everybody who has a Google account",
};

/** Members of a role; of `*_iam_policy` those of each of its bindings. */
function googleGrants(type: string, values: Values): Opening[] {
  const policies = texts(values, "policy_data").flatMap((text) => parsedJson(text) ?? []) as Values[];
  const bindings = [values, ...policies.flatMap((policy) => atPath(policy, "bindings") as Values[])];
  const isProject = /^google_(project|folder|organization)_iam_/.test(type);
  return bindings.flatMap((binding) => {
    const [role = "a role"] = texts(binding, "role");
    const members = [...texts(binding, "member"), ...texts(binding, "members")];
    return [
      ...members
        .filter((member) => GOOGLE_ANYBODY[member] !== undefined)
        .map((member) => ({ rule: "network/policy-public" as const, message: `${GOOGLE_ANYBODY[member]!} gets \`${role}\`.` })),
      ...(isProject && role === GOOGLE_ADMIN
        ? members.map((member) => ({
            rule: "identity/admin-granted" as const,
            message: `\`${member}\` gets \`${role}\`: every right, that to give rights too.`,
          }))
        : []),
    ];
  });
}

function googleFirewall(values: Values): Opening[] {
  const sources = texts(values, "source_ranges").filter((source) => ANYBODY.test(source));
  const doors = atPath(values, "allow") as Values[];
  const isOut = texts(values, "direction").includes("EGRESS");
  if (isOut || isOn(values.disabled) || sources.length === 0 || doors.length === 0) return [];
  const what = doors.map((door) => [...texts(door, "protocol"), texts(door, "ports").join(", ") || "all ports"].join(" "));
  return [{ rule: "network/ingress-opened", message: `The whole Internet (\`${sources[0]!}\`) may connect by ${what.join("; ")}.` }];
}

function openingsOf(type: string, values: Values | undefined): Opening[] {
  if (values === undefined) return [];
  switch (type) {
    case "azurerm_network_security_rule":
      return azureDoor(values);
    case "azurerm_network_security_group":
      return (atPath(values, "security_rule") as Values[]).flatMap(azureDoor);
    case "azurerm_role_assignment":
      return azureRole(values);
    case "azurerm_storage_account":
      return azureAccount(values);
    case "azurerm_mssql_server":
      return [
        ...(isPublic(values) ? [PUBLIC_SERVICE] : []),
        ...(takesPasswords(values)
          ? [{ rule: "identity/trust-widened" as const, message: "It takes passwords, beside Entra's tokens." }]
          : []),
      ];
    case "azurerm_mssql_firewall_rule":
      return azureDatabaseDoor(values);
    case "azurerm_key_vault":
    case "azurerm_managed_redis":
    case "azurerm_container_app_environment":
      return isPublic(values) ? [PUBLIC_SERVICE] : [];
    case "azurerm_storage_account_network_rules":
      return allows(values, "default_action")
        ? [{ rule: "network/made-public", message: "Every network may connect to the storage account (`default_action`)." }]
        : [];
    case "azurerm_storage_container":
      return texts(values, "container_access_type").some((access) => access === "blob" || access === "container")
        ? [{ rule: "network/policy-public", message: "Everybody may read what the container holds, without a key." }]
        : [];
    case "google_compute_firewall":
      return googleFirewall(values);
    default:
      return /^google_\w+_iam_(member|binding|policy)$/.test(type) ? googleGrants(type, values) : [];
  }
}

/** What is open after the change and was not before. */
export const openedElsewhere: Look = ({ type, before, after, action }: ResourceChange): Verdict[] => {
  if (action === "destroy" || action === "forget" || !/^(azurerm|google)_/.test(type)) return [];
  const stood = new Set(openingsOf(type, before).map(({ rule, message }) => `${rule} ${message}`));
  return openingsOf(type, after).filter(({ rule, message }) => !stood.has(`${rule} ${message}`));
};
