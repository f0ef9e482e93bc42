import { Construct } from "constructs";
import type { PolicyStatement } from "../identity/policy";
import { Role } from "../identity/role";

export interface PeopleRoleProps {
  /** Physical name. */
  readonly name: string;
  readonly description: string;
  /** Twelve digits. */
  readonly account: string;
  /** Users of IAM, by ARN; or `arn:aws:iam::<account>:root` for whom an account lets. @default none */
  readonly users?: {
    readonly arns: readonly string[];
    /** How long ago they may have shown their second factor, in minutes. */
    readonly mfaMinutes: number;
  };
  /** Names of permission sets of IAM Identity Center, assigned in this account. @default none */
  readonly permissionSets?: readonly string[];
  /** The longest session, 1 to 12 hours. */
  readonly sessionHours: number;
}

/** What Identity Center puts after a permission set's name: sixteen characters, anew with each first assignment. */
const SUFFIX = "?".repeat(16);

/**
 * A role that people take (SEC-048): users with a second factor that they have just shown, or whoever holds a permission set, of whom Identity Center
 * has asked it: sessions that begin there carry none of AWS's keys of second factors, so that a condition on them would let nobody in.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
 */
export class PeopleRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: PeopleRoleProps) {
    super(scope, id);
    const { name, description, sessionHours } = props;
    this.role = new Role(this, "role", { name, description, assumedBy: trust(props), maxSessionDuration: sessionHours * 3600 });
  }
}

function trust({ account, permissionSets, users }: PeopleRoleProps): Omit<PolicyStatement, "resources">[] {
  const actions = ["sts:AssumeRole"];
  return [
    ...(users
      ? [
          {
            sid: "UsersWithSecondFactor",
            principals: { AWS: [...users.arns].sort() },
            actions,
            // Neither key is there for whoever calls with access keys alone, and a condition on a key that is missing does not hold.
            conditions: {
              Bool: { "aws:MultiFactorAuthPresent": "true" },
              NumericLessThanEquals: { "aws:MultiFactorAuthAge": String(users.mfaMinutes * 60) },
            },
          },
        ]
      : []),
    ...(permissionSets
      ? [
          {
            sid: "PeopleOfIdentityCenter",
            principals: { AWS: `arn:aws:iam::${account}:root` },
            actions,
            // AWS's own way, for the ARN ends anew with each first assignment; in us-east-1 the path has no region.
            // https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
            conditions: {
              ArnLike: {
                "aws:PrincipalArn": permissionSets.flatMap((set) =>
                  ["", "*/"].map(
                    (region) => `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/${region}AWSReservedSSO_${set}_${SUFFIX}`,
                  ),
                ),
              },
            },
          },
        ]
      : []),
  ];
}
