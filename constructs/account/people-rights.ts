/**
 * What people may do (SEC-048; docs/account.md): look, or look and operate. Neither reads the value of a secret, an object of a bucket or an item of a
 * table by a right of its own, and neither changes what stands: the pipeline does. On a host, of which the second opens a shell, the host's role counts.
 */
import { literalText } from "../hosts/host-files";
import { HOST_TAG } from "../hosts/host-names";
import { documentPrefix, iamPath } from "../identity/github-names";
import { single } from "../identity/policy";
import type { Grantee } from "../identity/role";

export interface PeopleRightsProps {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** Name of the environment, whose documents begin with it. */
  readonly environment: string;
}

/** Lists, and what is asked by an id that has no ARN. */
const LISTS = [
  "autoscaling:DescribeAutoScalingGroups",
  "autoscaling:DescribeScalingActivities",
  "cloudtrail:LookupEvents",
  "cloudwatch:GetMetricData",
  "cloudwatch:ListMetrics",
  "ec2:DescribeInstanceStatus",
  "ec2:DescribeInstances",
  "elasticloadbalancing:DescribeTargetHealth",
  "logs:DescribeLogGroups",
  "logs:DescribeQueryDefinitions",
  "ssm:DescribeAutomationExecutions",
  "ssm:DescribeInstanceInformation",
  "ssm:DescribeSessions",
  "ssm:GetCommandInvocation",
  "ssm:ListCommandInvocations",
  "ssm:ListCommands",
  "tag:GetResources",
];

/** Looks at what runs and what became of it: the account's things are shown, whosever they are, and nothing that they hold. */
export function grantLook(grantee: Grantee, { account, environment, region }: PeopleRightsProps): void {
  const of = (service: string, ...kinds: readonly string[]) => kinds.map((kind) => `arn:aws:${service}:${region}:${account}:${kind}`);
  grantee.grant({ actions: LISTS, resources: ["*"] });
  const looks: readonly (readonly [actions: readonly string[], resources: readonly string[]])[] = [
    [["backup:ListRecoveryPointsByBackupVault"], of("backup", "backup-vault:*")],
    [["cloudwatch:DescribeAlarmHistory", "cloudwatch:DescribeAlarms"], of("cloudwatch", "alarm:*")],
    [["cloudwatch:GetDashboard"], [`arn:aws:cloudwatch::${account}:dashboard/*`]],
    [["dynamodb:DescribeTable"], of("dynamodb", "table/*")],
    [["eks:DescribeCluster"], of("eks", "cluster/*")], // what `aws eks update-kubeconfig` asks for
    [
      ["logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents", "logs:GetQueryResults", "logs:StartQuery"],
      of("logs", "log-group:*"),
    ],
    [["rds:DescribeDBInstances"], of("rds", "db:*")],
    [["secretsmanager:DescribeSecret"], of("secretsmanager", "secret:*")],
    [["sqs:GetQueueAttributes"], of("sqs", "*")],
    [["ssm:DescribeAutomationStepExecutions", "ssm:GetAutomationExecution"], of("ssm", "automation-execution/*")],
    [["ssm:GetDocument"], of("ssm", `document/${documentPrefix(environment)}*`)],
  ];
  for (const [actions, resources] of looks) grantee.grant({ actions, resources });
}

export interface OperateProps extends PeopleRightsProps {
  /** Values of the hosts' tag. */
  readonly hosts: readonly string[];
  /** Alias of the key of the hosts' volumes, without `alias/`. @default AWS's own key encrypts them */
  readonly volumesKey?: string;
}

/** Runs the environment's runbooks, and reaches its hosts: no others, and by no document but its own and Session Manager's. */
export function grantOperate(grantee: Grantee, props: OperateProps): void {
  const { account, environment, hosts, region, volumesKey } = props;
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
  grantee.grant({ actions: ["ssm:SendCommand"], resources: [own(`document/${prefix}*`)] });
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
  // Their own sessions: https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html
  grantee.grant({ actions: ["ssm:ResumeSession", "ssm:TerminateSession"], resources: [own(literalText("session/${aws:userid}-*"))] });
  grantee.grant({
    actions: ["ec2:RebootInstances", "ec2:StartInstances", "ec2:StopInstances"],
    resources: [machines],
    conditions: { StringEquals: { [`aws:ResourceTag/${HOST_TAG}`]: single(hosts) } },
  });
  if (volumesKey) grantStartWithKey(grantee, props, volumesKey);
}

/** EC2 attaches encrypted volumes in the name of whoever starts the machine; what it decrypts it shows nobody. */
function grantStartWithKey(grantee: Grantee, { account, region }: PeopleRightsProps, alias: string): void {
  const keys = [`arn:aws:kms:${region}:${account}:key/*`];
  // The key is made by a stack that may come later, so by its alias. https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
  const conditions = {
    StringEquals: { "kms:ViaService": `ec2.${region}.amazonaws.com` },
    "ForAnyValue:StringEquals": { "kms:ResourceAliases": `alias/${alias}` },
  };
  grantee.grant({
    actions: ["kms:CreateGrant"],
    resources: keys,
    conditions: { ...conditions, Bool: { "kms:GrantIsForAWSResource": "true" } },
  });
  grantee.grant({ actions: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"], resources: keys, conditions });
}
