/** What the runbooks of an environment have in common: where they work, and on which machines. */
import type { Parameter, Right } from "../description";

/** Where an environment's runbooks work. */
export interface Place {
  /** Name of the environment. */
  readonly environment: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** A document that machines are sent. */
export interface SentDocument {
  readonly name: string;
  readonly arn: string;
}

export const INSTANCE_ID: Parameter = {
  description: "The host: npm run outputs names it",
  allowedPattern: "^i-([0-9a-f]{8}|[0-9a-f]{17})$",
  example: "i-0123456789abcdef0",
};

/** The environment's own machines: the provider's default tags say whose a machine is. @param key `ssm:resourceTag/Environment` for Run Command */
export const ownMachines = (
  { account, environment, region }: Place,
  key = "aws:ResourceTag/Environment",
): Required<Pick<Right, "resources" | "conditions">> => ({
  resources: [`arn:aws:ec2:${region}:${account}:instance/*`],
  conditions: { StringEquals: { [key]: environment } },
});

/** Who lets a step that touches money go on: an ARN of the account's own IAM. Systems Manager does not ask that it is somebody else than who started it. */
export const approver = ({ account }: Place): Parameter => ({
  description: "Who approves: ARN of a role, a user or a session, best not that of who starts it",
  allowedPattern: `^arn:aws:(iam|sts)::${account}:(user|role|assumed-role)/[A-Za-z0-9+=,.@_/-]{1,200}$`,
  example: `arn:aws:iam::${account}:role/approver`,
});
