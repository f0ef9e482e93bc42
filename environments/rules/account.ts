/** Rules on what an account has once. */
import type { Environment } from "../schema";
import type { Finding, Rule } from "./finding";

type AccountWide = NonNullable<Environment["accountWide"]>;

/** A rule on the block, which a literal may leave out. */
const accountRule = (name: string, check: (block: AccountWide) => readonly Finding[]): Rule => ({
  name,
  reads: ["accountWide"],
  check: ({ accountWide }) => (accountWide ? check(accountWide) : []),
});

export const ACCOUNT_RULES: readonly Rule[] = [
  {
    name: "what the account has once stands where its bootstrap is",
    reads: ["accountWide", "bootstrap"],
    check: ({ accountWide, bootstrap }) =>
      accountWide && !bootstrap
        ? [
            {
              path: "accountWide",
              value: accountWide,
              allowed: "nothing, because it stands in the literal that has the account's bootstrap",
            },
          ]
        : [],
  },
  // S3 would not let the lifecycle delete what is locked, and says nothing of it.
  accountRule("a trail is kept as long as it is locked", ({ trail }) =>
    trail?.existing === false && trail.lockDays !== undefined && trail.lockDays > trail.retentionDays
      ? [
          {
            path: "accountWide.trail.lockDays",
            value: trail.lockDays,
            allowed: `${trail.retentionDays} at the most, as accountWide.trail.retentionDays says`,
          },
        ]
      : [],
  ),
  {
    name: "a locked trail is protected",
    reads: ["accountWide", "deletionProtection"],
    check: ({ accountWide, deletionProtection }) =>
      accountWide?.trail?.existing === false && accountWide.trail.lockDays !== undefined && !deletionProtection
        ? [
            {
              path: "accountWide.trail.lockDays",
              value: accountWide.trail.lockDays,
              allowed: "nothing, because deletionProtection is false: what may be deleted is not locked",
            },
          ]
        : [],
  },
  accountRule("Security Hub has Config to read", ({ config, securityHub }) =>
    securityHub && !config
      ? [{ path: "accountWide.config", value: undefined, allowed: "an object, because accountWide.securityHub reads what Config records" }]
      : [],
  ),
];
