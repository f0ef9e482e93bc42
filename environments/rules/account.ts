/** Rules on what an account has once. */
import type { Environment } from "../schema";
import { repeated, type Finding, type Rule } from "./finding";

type AccountWide = NonNullable<Environment["accountWide"]>;

/** A rule on the block, which a literal may leave out. */
const accountRule = (name: string, check: (block: AccountWide) => readonly Finding[]): Rule => ({
  name,
  reads: ["accountWide"],
  check: ({ accountWide }) => (accountWide ? check(accountWide) : []),
});

/** Each role for people that the literal has, with its path. */
const peopleRule = (
  name: string,
  check: (path: string, role: NonNullable<NonNullable<AccountWide["people"]>["operations"]>) => readonly Finding[],
): Rule =>
  accountRule(name, ({ people = {} }) =>
    Object.entries(people).flatMap(([kind, role]) => (role ? check(`accountWide.people.${kind}`, role) : [])),
  );

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
  accountRule("what is watched stands in its list once", ({ config, guardDuty, inspector, securityHub, trail }) => [
    ...(config?.existing === false ? repeated("accountWide.config.rules", config.rules) : []),
    ...(guardDuty?.existing === false ? repeated("accountWide.guardDuty.features", guardDuty.features) : []),
    ...(inspector?.existing === false ? repeated("accountWide.inspector.scans", inspector.scans) : []),
    ...(securityHub?.existing === false ? repeated("accountWide.securityHub.standards", securityHub.standards) : []),
    ...(trail?.existing === false ? repeated("accountWide.trail.dataEvents", trail.dataEvents) : []),
  ]),
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
  peopleRule("somebody may take a role for people", (path, { permissionSets, users }) =>
    permissionSets || users
      ? []
      : [{ path: `${path}.permissionSets`, value: undefined, allowed: "a list of permission sets, or users beside it" }],
  ),
  // Whoever takes a role with a role, as Identity Center's people do, is put out after an hour: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
  peopleRule("a long session is for users", (path, { sessionHours, users }) =>
    sessionHours > 1 && !users
      ? [
          {
            path: `${path}.sessionHours`,
            value: sessionHours,
            allowed: "1, because AWS ends a session that began with another role after an hour",
          },
        ]
      : [],
  ),
  peopleRule("whoever may take a role for people stands once", (path, { permissionSets = [], users }) => [
    ...repeated(`${path}.permissionSets`, permissionSets),
    ...repeated(`${path}.users.arns`, users?.arns ?? []),
  ]),
  accountRule("Security Hub has Config to read", ({ config, securityHub }) =>
    securityHub && !config
      ? [{ path: "accountWide.config", value: undefined, allowed: "an object, because accountWide.securityHub reads what Config records" }]
      : [],
  ),
];
