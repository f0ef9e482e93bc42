/** Rules of the web application. */
import type { Environment } from "../schema";
import { repeated, type Rule } from "./finding";

type Web = NonNullable<Environment["web"]>;
/** A rule over the block of its own, where there is one. */
const webRule = (name: string, check: (web: Web) => ReturnType<Rule["check"]>): Rule => ({
  name,
  reads: ["web"],
  check: ({ web }) => (web ? check(web) : []),
});

/** Sources by directive; of two of a name browsers take the first. https://www.w3.org/TR/CSP3/#parse-serialized-policy */
function directivesOf(policy: string): ReadonlyMap<string, readonly string[]> {
  const directives = policy.split(";").map((directive) => directive.trim().toLowerCase().split(/\s+/));
  return new Map(directives.reverse().map(([name, ...sources]) => [name!, sources]));
}

/** With one of them a script that an attacker got into a page, or onto a foreign host, runs. */
const OPEN = ["'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:", "blob:"];

export const WEB_RULES: readonly Rule[] = [
  webRule("the content security policy has something to fall back to", ({ contentSecurityPolicy: policy }) =>
    directivesOf(policy).has("default-src")
      ? []
      : [
          {
            path: "web.contentSecurityPolicy",
            value: policy,
            allowed: "a policy with default-src: what no directive speaks of is allowed from everywhere without it",
          },
        ],
  ),
  {
    name: "only development runs scripts from anywhere",
    reads: ["stage", "web"],
    check: ({ stage, web }) => {
      if (stage === "development" || !web) return [];
      const directives = directivesOf(web.contentSecurityPolicy);
      const open = (directives.get("script-src") ?? directives.get("default-src") ?? []).filter((source) => OPEN.includes(source));
      return open.length > 0
        ? [
            {
              path: "web.contentSecurityPolicy",
              value: web.contentSecurityPolicy,
              allowed: `scripts from named hosts, by hash or 'self' alone, without ${open.join(" and ")}, because stage is ${stage}`,
            },
          ]
        : [];
    },
  },
  // DAT-085: what one person has in a year is a fortieth of the least volume (DAT-087).
  webRule("a database for one person stays as large as it is", ({ database, tier }) =>
    tier === "personal" && database?.maxAllocatedStorageGigabytes !== undefined
      ? [
          {
            path: "web.database.maxAllocatedStorageGigabytes",
            value: database.maxAllocatedStorageGigabytes,
            allowed: "nothing, because web.tier is personal",
          },
        ]
      : [],
  ),
  webRule("a country stands in the list once", ({ countries }) => repeated("web.countries", countries)),
];
