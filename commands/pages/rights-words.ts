/** What docs/rights.md calls the things that rights are on (rights-table.ts). */

type Patterns = readonly (readonly [pattern: RegExp, words: (name: string) => string])[];

export const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``;

/** What a table of patterns says of a text; undefined when it says nothing. */
export function inWords(patterns: Patterns, text: string): string | undefined {
  for (const [pattern, words] of patterns) {
    const match = pattern.exec(text);
    if (match) return words(match[1] ?? "");
  }
  return undefined;
}

/** What a type is called, and which attribute is its name. A type without an entry cannot be shown. */
export const NOUNS: Readonly<Record<string, readonly [noun: string, name: string]>> = {
  aws_backup_vault: ["backup vault", "name"],
  aws_cloudwatch_log_group: ["log group", "name"],
  aws_cloudwatch_metric_alarm: ["alarm", "alarm_name"],
  aws_db_instance: ["database", "identifier"],
  aws_dynamodb_table: ["table", "name"],
  aws_ecr_repository: ["repository", "name"],
  aws_eks_cluster: ["cluster", "name"],
  aws_instance: ["machine", "tags.Name"],
  aws_kms_key: ["key", "alias"],
  aws_s3_bucket: ["bucket", "bucket"],
  aws_secretsmanager_secret: ["secret", "name"],
  aws_sns_topic: ["topic", "name"],
  aws_sqs_queue: ["queue", "name"],
  aws_iam_role: ["role", "name"],
  aws_launch_template: ["launch template", "name"],
  aws_ssm_document: ["document", "name"],
  aws_ssm_parameter: ["parameter", "name"],
};

/** What follows the ARN of a resource, or its id in an ARN of its own kind. */
export const PARTS: Patterns = [
  [/^aws_cloudwatch_log_group:\*$/, () => "the streams of "],
  [/^aws_db_instance\/(\w+)$/, (user) => `user ${code(user)} of `],
  [/^aws_dynamodb_table\/index\/\*$/, () => "the indexes of "],
  [/^aws_dynamodb_table-recovery-test-\*$/, () => "the copies that recovery tests make of "],
  [/^aws_dynamodb_table-restored-\*$/, () => "the restored copies of "],
  [/^aws_eks_cluster\/\*$/, () => "every node group of "],
  [/^aws_s3_bucket\/\*$/, () => "the objects of "],
  [/^aws_s3_bucket\/(copies|database|reports|runs)\/\*$/, (prefix) => `the objects below ${code(`${prefix}/`)} of `],
  [/^aws_ssm_document:\*$/, () => "every version of "],
];

/** Values of conditions that AWS fills in, as a synthesis writes them: `$${` is the text `${`. */
export const FILLED_IN: Patterns = [[/^\$+\{aws:userid\}$/, () => "who asks"]];

/** ARNs of what the project does not make. */
export const FOREIGN: Patterns = [
  [/^arn:aws:backup:\*:<account>:recovery-point:\*$/, () => "every backup of the account"],
  [/^arn:aws:dynamodb:[\w-]+:<account>:table\/awsbackup-restore-test-\*$/, () => "tables that are restored on trial"],
  [/^arn:aws:events:[\w-]+:<account>:event-bus\/default$/, () => "the account's own bus of events"],
  [/^arn:aws:ec2:(?:[\w-]+|\*)::(image|snapshot)\/\*$/, (kind) => `${kind}s of the account's`],
  [/^arn:aws:ec2:(?:[\w-]+:(?:<account>|\*)|\*:\*):instance\/\*$/, () => "every machine of the account"],
  [
    /^arn:aws:ec2:(?:[\w-]+|\*):<account>:(network-interface|security-group|subnet|volume)\/\*$/,
    (kind) => `every ${kind.replace("-", " ")} of the account`,
  ],
  [/^arn:aws:ec2:[\w-]+:\*:image\/\*$/, () => "every image"],
  // Made by hand, because the notebook's role has its rights before there is a notebook.
  [/^arn:aws:sagemaker:[\w-]+:<account>:notebook-instance\/([\w-]+)$/, (name) => `notebook ${code(name)}`],
  [/^arn:aws:codecommit:[\w-]+:<account>:([\w.-]+)$/, (name) => `the repository ${code(name)} of CodeCommit`],
  [/^arn:aws:sqs:[\w-]+:<account>:tss-recovery-test[\w-]*-\*$/, () => "the queues that recovery tests make"],
  [/^arn:aws:ssm:[\w-]+:(?:<account>)?:parameter(\/.+)$/, (path) => `the parameter ${code(path)}`],
  [/^arn:aws:s3:::((?:aws-ssm|patch-baseline-snapshot)-[\w-]+)\/\*$/, (bucket) => `the objects of AWS's own bucket ${code(bucket)}`],
  [/^arn:aws:ssm:[\w-]+::document\/([\w-]+)$/, (name) => `AWS's own document ${code(name)}`],
  [/^arn:aws:ssm:[\w-]+:<account>:automation-execution\/\*$/, () => "every run of a runbook of the account"],
  [/^arn:aws:ssm:[\w-]+:<account>:association\/\*$/, () => "every association of the account"],
  // --- of the account, for people ---
  [/^arn:aws:backup:[\w-]+:<account>:backup-vault:\*$/, () => "every backup vault of the account"],
  [/^arn:aws:cloudtrail:[\w-]+:<account>:trail\/\*$/, () => "every trail of the account"],
  [/^arn:aws:cloudwatch:[\w-]*:<account>:dashboard\/\*$/, () => "every dashboard of the account"],
  [/^arn:aws:config:[\w-]+:<account>:config-aggregator\/\*$/, () => "every aggregator of Config"],
  [/^arn:aws:config:[\w-]+:<account>:configuration-recorder\/\*$/, () => "every recorder of Config"],
  [/^arn:aws:dynamodb:[\w-]+:<account>:table\/\*$/, () => "every table of the account"],
  [/^arn:aws:eks:[\w-]+:<account>:cluster\/\*$/, () => "every cluster of the account"],
  [/^arn:aws:guardduty:[\w-]+:<account>:detector\/\*$/, () => "every detector of GuardDuty"],
  [/^arn:aws:iam::<account>:role\/\w+\/tss-runbook-\*$/, () => "the roles of the environment's runbooks"],
  [/^arn:aws:kms:[\w-]+:<account>:key\/\*$/, () => "every key of the account"],
  [/^arn:aws:logs:[\w-]+:<account>:log-group:\*$/, () => "every log group of the account"],
  [/^arn:aws:rds:[\w-]+:<account>:db:\*$/, () => "every database of the account"],
  [/^arn:aws:secretsmanager:[\w-]+:<account>:secret:\*$/, () => "every secret of the account"],
  [/^arn:aws:sqs:[\w-]+:<account>:\*$/, () => "every queue of the account"],
  [/^arn:aws:ssm:[\w-]+:<account>:(?:automation-definition|document)\/tss-\w+\.\*$/, () => "the documents of the environment"],
  [/^arn:aws:ssm:[\w-]+:<account>:document\/SSM-SessionManagerRunShell$/, () => "Session Manager's document of a shell"],
  [/^arn:aws:ssm:[\w-]+:<account>:document\/tss-\w+\.([\w-]+\*?)$/, (name) => `the environment's document ${code(name)}`],
  [/^arn:aws:ssm:[\w-]+:<account>:maintenancewindow\/\*$/, () => "every maintenance window of the account"],
  [/^arn:aws:ssm:[\w-]+:<account>:session\/\*$/, () => "every session of the account"],
  // --- of a cluster ---
  [/^arn:aws:autoscaling:[\w-]+:<account>:autoScalingGroup:\*$/, () => "every Auto Scaling group of the account"],
  [/^arn:aws:ecr:[\w-]+:602401143452:repository\/\*$/, () => "the images of EKS's add-ons"],
  [/^arn:aws:elasticloadbalancing:[\w-]+:<account>:loadbalancer\/app\/\*$/, () => "every application load balancer of the account"],
  [/^arn:aws:elasticloadbalancing:[\w-]+:<account>:targetgroup\/\*$/, () => "every target group of the account"],
  [
    /^arn:aws:elasticloadbalancing:[\w-]+:<account>:listener\/app\/\*$/,
    () => "every listener of an application load balancer of the account",
  ],
  [/^arn:aws:elasticloadbalancing:[\w-]+:<account>:listener-rule\/app\/\*$/, () => "every rule of such a listener"],
  [/^arn:aws:iam::\*:role\/aws-service-role\/[\w.]+\/(\w+)$/, (name) => `AWS's own role ${code(name)}`],
  [/^arn:aws:wafv2:[\w-]+:<account>:regional\/webacl\/\*$/, () => "every regional web ACL of the account"],
];
