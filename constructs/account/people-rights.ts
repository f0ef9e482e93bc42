/**
 * What people may do (SEC-048; docs/account.md): look, or look and operate. Neither reads the value of a secret, an object of a bucket or an item of a
 * table by a right of its own, and neither changes what stands: the pipeline does. On a host, of which the second opens a shell, the host's role counts.
 */
import { literalText } from "../hosts/host-files";
import { HOST_TAG } from "../hosts/host-names";
import { documentPrefix, iamPath, killSwitchDocument } from "../identity/github-names";
import { single } from "../identity/policy";
import type { Grantee } from "../identity/role";

export interface PeopleRightsProps {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** Every region that the environment uses, its own too: logs are kept, and the account is watched, in each. */
  readonly regions: readonly string[];
  /** Name of the environment, whose documents begin with it. */
  readonly environment: string;
}

/** Lists, and what is asked by an id that has no ARN. */
const LISTS = [
  "autoscaling:DescribeAutoScalingGroups",
  "autoscaling:DescribeScalingActivities",
  "cloudtrail:DescribeTrails",
  "cloudtrail:LookupEvents",
  "cloudwatch:DescribeAlarmHistory",
  "cloudwatch:DescribeAlarms",
  "cloudwatch:GetMetricData",
  "cloudwatch:ListDashboards",
  "cloudwatch:ListMetrics",
  "config:DescribeConfigurationAggregators",
  "ec2:DescribeInstanceStatus",
  "ec2:DescribeInstances",
  "ec2:DescribeRouteTables",
  "elasticloadbalancing:DescribeTargetHealth",
  "guardduty:GetFindings",
  "guardduty:ListDetectors",
  "guardduty:ListFindings",
  "logs:DescribeLogGroups",
  "logs:DescribeQueryDefinitions",
  "ssm:DescribeAutomationExecutions",
  "ssm:DescribeInstanceInformation",
  "ssm:DescribeInstanceProperties",
  "ssm:DescribeSessions",
  "ssm:GetCommandInvocation",
  "ssm:ListCommandInvocations",
  "ssm:ListCommands",
  "ssm:ListDocuments",
  "tag:GetResources",
];

/** Looks at what runs and what became of it: the account's things are shown, whosever they are, and nothing that they hold. */
export function grantLook(grantee: Grantee, { account, environment, region, regions }: PeopleRightsProps): void {
  const of = (service: string, kind: string) => [`arn:aws:${service}:${region}:${account}:${kind}`];
  const everywhere = (service: string, kind: string) => regions.map((each) => `arn:aws:${service}:${each}:${account}:${kind}`);
  grantee.grant({ actions: LISTS, resources: ["*"] });
  const looks: readonly (readonly [actions: readonly string[], resources: readonly string[]])[] = [
    [["backup:ListRecoveryPointsByBackupVault"], of("backup", "backup-vault:*")],
    [["cloudtrail:GetTrailStatus"], everywhere("cloudtrail", "trail/*")],
    [["cloudwatch:GetDashboard"], [`arn:aws:cloudwatch::${account}:dashboard/*`]],
    [
      ["config:DescribeAggregateComplianceByConfigRules", "config:GetAggregateComplianceDetailsByConfigRule"],
      of("config", "config-aggregator/*"),
    ],
    [["config:DescribeConfigurationRecorderStatus"], everywhere("config", "configuration-recorder/*")],
    [["dynamodb:DescribeTable"], of("dynamodb", "table/*")],
    [["eks:DescribeCluster"], of("eks", "cluster/*")], // what `aws eks update-kubeconfig` asks for
    [["guardduty:GetDetector"], everywhere("guardduty", "detector/*")],
    [
      ["logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents", "logs:GetQueryResults", "logs:StartQuery"],
      everywhere("logs", "log-group:*"),
    ],
    [["rds:DescribeDBInstances"], of("rds", "db:*")],
    [["secretsmanager:DescribeSecret"], of("secretsmanager", "secret:*")],
    [["sqs:GetQueueAttributes"], of("sqs", "*")],
    [["ssm:DescribeAutomationStepExecutions", "ssm:GetAutomationExecution"], of("ssm", "automation-execution/*")],
    [["ssm:DescribeInstancePatchStates", "ssm:GetConnectionStatus"], of("ec2", "instance/*")],
    [["ssm:DescribeMaintenanceWindowExecutions"], of("ssm", "maintenancewindow/*")],
    [["ssm:DescribeDocument", "ssm:GetDocument", "ssm:ListDocumentVersions"], of("ssm", `document/${documentPrefix(environment)}*`)],
  ];
  for (const [actions, resources] of looks) grantee.grant({ actions, resources });
}

export interface OperateProps extends PeopleRightsProps {
  /** Values of the hosts' tag. */
  readonly hosts: readonly string[];
  /** The `Name` of the machine that is the way out, which has no hosts' tag; started and stopped, and no more. @default there is none */
  readonly natName?: string;
  /** Aliases of the keys of the machines' volumes, without `alias/`. @default AWS's own key encrypts them */
  readonly volumesKeys?: readonly string[];
}

/** Runs the environment's runbooks, and reaches its hosts: no others, and by no document but its own and Session Manager's. */
export function grantOperate(grantee: Grantee, props: OperateProps): void {
  const { account, environment, hosts, natName, region, volumesKeys = [] } = props;
  const own = (kind: string) => `arn:aws:ssm:${region}:${account}:${kind}`;
  const machines = `arn:aws:ec2:${region}:${account}:instance/*`;
  const prefix = documentPrefix(environment);
  grantee.grant({
    actions: ["ssm:StartAutomationExecution"],
    resources: [own(`automation-definition/${prefix}*`), own(`document/${prefix}*`), own("automation-execution/*")],
  });
  grantee.grant({ actions: ["ssm:SendAutomationSignal", "ssm:StopAutomationExecution"], resources: [own("automation-execution/*")] });
  // A runbook does its steps in a role of its own, which whoever starts it hands over.
  grantee.grant({
    actions: ["iam:PassRole"],
    resources: [`arn:aws:iam::${account}:role${iamPath(environment)}tss-runbook-*`],
    conditions: { StringEquals: { "iam:PassedToService": "ssm.amazonaws.com" } },
  });
  // What a person sends by hand: no step of a runbook's, and not what lets a host start again while nobody approved it.
  const byHand = [
    ...["daily-report-*", "host-recovery-checks-*"].map((name) => `${prefix}${name}`),
    ...(["status", "stop"] as const).map((action) => killSwitchDocument(environment, action)),
  ];
  grantee.grant({ actions: ["ssm:SendCommand"], resources: byHand.map((name) => own(`document/${name}`)) });
  grantee.grant({
    actions: ["ssm:SendCommand"],
    resources: [machines],
    conditions: { StringEquals: { [`ssm:resourceTag/${HOST_TAG}`]: single(hosts) } },
  });
  // A shell, or a port for RDP and the UI (docs/hosts.md). Without the check a session without a document's name would need no right on one.
  // https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-specify-session-document.html
  const checked = { BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" } };
  grantee.grant({
    actions: ["ssm:StartSession"],
    resources: [machines],
    conditions: { StringEquals: { [`ssm:resourceTag/${HOST_TAG}`]: single(hosts) }, ...checked },
  });
  grantee.grant({
    actions: ["ssm:StartSession"],
    resources: [own("document/SSM-SessionManagerRunShell"), `arn:aws:ssm:${region}::document/AWS-StartPortForwardingSession`],
    conditions: checked,
  });
  grantee.grant({ actions: ["ssmmessages:OpenDataChannel"], resources: ["*"] });
  // Their own sessions: a session's id begins with no id of a role's, but AWS tags it with who began it.
  // https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-examples.html#restrict-access-example-user-sessions
  grantee.grant({
    actions: ["ssm:ResumeSession", "ssm:TerminateSession"],
    resources: [own("session/*")],
    conditions: { StringLike: { "ssm:resourceTag/aws:ssmmessages:session-id": literalText("${aws:userid}") } },
  });
  const switched = (tag: string, values: readonly string[]) =>
    grantee.grant({
      actions: ["ec2:RebootInstances", "ec2:StartInstances", "ec2:StopInstances"],
      resources: [machines],
      conditions: { StringEquals: { [`aws:ResourceTag/${tag}`]: single(values) } },
    });
  switched(HOST_TAG, hosts);
  if (natName !== undefined) switched("Name", [natName]);
  if (volumesKeys.length > 0) grantStartWithKeys(grantee, props, volumesKeys);
}

/** EC2 attaches encrypted volumes in the name of whoever starts the machine; what it decrypts it shows nobody. */
function grantStartWithKeys(grantee: Grantee, { account, region }: PeopleRightsProps, aliases: readonly string[]): void {
  const keys = [`arn:aws:kms:${region}:${account}:key/*`];
  // The keys are made by stacks that may come later, so by their aliases. https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
  const conditions = {
    StringEquals: { "kms:ViaService": `ec2.${region}.amazonaws.com` },
    "ForAnyValue:StringEquals": { "kms:ResourceAliases": single(aliases.map((alias) => `alias/${alias}`)) },
  };
  grantee.grant({
    actions: ["kms:CreateGrant"],
    resources: keys,
    conditions: { ...conditions, Bool: { "kms:GrantIsForAWSResource": "true" } },
  });
  grantee.grant({ actions: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"], resources: keys, conditions });
}
