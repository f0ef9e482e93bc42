/**
 * The gravest openings of Google: `--plan` reads plans of any project. Attributes are those of the provider's own pages
 * (registry.terraform.io/providers/hashicorp/google); what is not here is a notice (unjudged.ts), and checkov's.
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

/** The networks that everybody is in. */
const ANYBODY = /^(0\.0\.0\.0|::)\/0$/;

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
  if (type === "google_compute_firewall") return googleFirewall(values);
  return /^google_\w+_iam_(member|binding|policy)$/.test(type) ? googleGrants(type, values) : [];
}

/** What is open after the change and was not before. */
export const openedOnGoogle: Look = ({ type, before, after, action }: ResourceChange): Verdict[] => {
  if (action === "destroy" || action === "forget" || !type.startsWith("google_")) return [];
  const stood = new Set(openingsOf(type, before).map(({ rule, message }) => `${rule} ${message}`));
  return openingsOf(type, after).filter(({ rule, message }) => !stood.has(`${rule} ${message}`));
};
