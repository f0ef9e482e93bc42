/**
 * What a trail is watched for, as filters of CloudWatch Logs: those of the CIS benchmark of AWS's foundations, and what tells on who reads secrets.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
 */
import { deployRoleName, iamPath, PEOPLE_PREFIX } from "../identity/github-names";
import type { Responsibility } from "../alarms/alarm";

export interface Suspicion extends Pick<Responsibility, "severity"> {
  /** Between `CloudTrail-` and the suffix of names, and the metric's name without its hyphens. */
  readonly name: string;
  readonly description: string;
  /** A filter of at most 1,024 characters. */
  readonly pattern: string;
  /** How many in five minutes. @default 1 */
  readonly threshold?: number;
}

export interface SuspicionProps {
  /** Twelve digits. */
  readonly account: string;
  /** Names of the environments of the account: what their pipelines change was reviewed, and what their roles read is theirs. */
  readonly environments: readonly string[];
  /** Refused calls in five minutes at which somebody is told. */
  readonly refusedCalls: number;
}

const any = (field: string, values: readonly string[]): string => `(${values.map((value) => `($.${field} = "${value}")`).join(" || ")})`;
const of = (source: string, names: readonly string[]): string =>
  `($.eventSource = "${source}.amazonaws.com") && ${any("eventName", names)}`;

/** Calls that end, narrow or redirect what is recorded and found; the boundary refuses the pipeline the worst of them. */
const OF_TRAIL = ["CreateTrail", "DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail"];
const OF_DETECTION = [
  "DeleteAnalyzer",
  "DeleteConfigurationRecorder",
  "DeleteDeliveryChannel",
  "DeleteDetector",
  "DisableSecurityHub",
  "PutConfigurationRecorder",
  "StopConfigurationRecorder",
  "UpdateDetector",
];

export function suspicions({ account, environments, refusedCalls }: SuspicionProps): Readonly<Record<string, Suspicion>> {
  const issuer = "$.userIdentity.sessionContext.sessionIssuer";
  /** A comparison alone would pass over who has no such field: a user, and the root. */
  const byOthers = (field: string, patterns: readonly string[]): string =>
    `((${issuer}.${field} NOT EXISTS) || (${patterns.map((pattern) => `(${issuer}.${field} != "${pattern}")`).join(" && ")}))`;
  const byPeople = byOthers("userName", environments.map(deployRoleName));
  /** People's roles stand on the environment's path, and no right of theirs is to read a secret. */
  const byPeoplesRoles = `(${issuer}.userName = "${PEOPLE_PREFIX}*")`;
  const byStrangers = `(${byPeoplesRoles} || ${byOthers(
    "arn",
    environments.map((name) => `arn:aws:iam::${account}:role${iamPath(name)}*`),
  )})`;
  return {
    "root-use": {
      name: "Root-Use",
      description: "Somebody works as the account's root",
      severity: "critical",
      pattern: '{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != "AwsServiceEvent") }',
    },
    "policy-changes": {
      name: "Policy-Changes",
      description: "Rights in IAM were changed, and not by the pipeline",
      severity: "warning",
      pattern: `{ ${of("iam", ["*Policy", "*PolicyVersion", "*PermissionsBoundary"])} && ($.eventName != "Get*") && ($.eventName != "List*") && ($.eventName != "Simulate*") && ${byPeople} }`,
    },
    "key-deletion": {
      name: "Key-Deletion",
      description: "A key was switched off or is to be deleted, and with it what it encrypted",
      severity: "critical",
      pattern: `{ ${of("kms", ["DisableKey", "ScheduleKeyDeletion"])} }`,
    },
    "sign-in-without-mfa": {
      name: "Sign-In-Without-MFA",
      description: "A user signed in to the console without a second factor",
      severity: "critical",
      pattern:
        '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
    },
    "recording-stopped": {
      name: "Recording-Stopped",
      description: "The trail, the recorder or the detector was stopped or changed",
      severity: "critical",
      pattern: `{ ${any("eventName", [...OF_TRAIL, ...OF_DETECTION])} && ($.errorCode NOT EXISTS) }`,
    },
    "security-group-changes": {
      name: "Security-Group-Changes",
      description: "A security group was changed, and not by the pipeline",
      severity: "warning",
      pattern: `{ ${any("eventName", ["AuthorizeSecurityGroup*", "RevokeSecurityGroup*", "CreateSecurityGroup", "DeleteSecurityGroup", "ModifySecurityGroupRules"])} && ${byPeople} }`,
    },
    "network-acl-changes": {
      name: "Network-ACL-Changes",
      description: "A network ACL was changed, and not by the pipeline",
      severity: "warning",
      pattern: `{ ${any("eventName", ["CreateNetworkAcl*", "DeleteNetworkAcl*", "ReplaceNetworkAcl*"])} && ${byPeople} }`,
    },
    "refused-calls": {
      name: "Refused-Calls",
      description: "Many calls were refused within five minutes: a right is missing, or somebody tries doors",
      severity: "warning",
      pattern: `{ ${any("errorCode", ["*UnauthorizedOperation", "AccessDenied*"])} }`,
      threshold: refusedCalls,
    },
    "unusual-readers": {
      name: "Unusual-Secret-Readers",
      description: "A secret was read by somebody who is no role of an environment",
      severity: "warning",
      pattern: `{ ${of("secretsmanager", ["GetSecretValue", "BatchGetSecretValue"])} && ${byStrangers} }`,
    },
  };
}
