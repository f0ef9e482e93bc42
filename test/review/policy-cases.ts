import type { StackJson } from "../../terraform/assembly";

type Block = Readonly<Record<string, unknown>>;
/** Type → name → block, as cdktf writes them. */
export type Resources = NonNullable<StackJson["resource"]>;

export interface Case {
  readonly rule: string;
  readonly what: string;
  readonly bad: Resources;
  readonly good: Resources;
  /** Address of the finding. */
  readonly address: string;
}

const deny = (target: string, condition: Block = { Bool: { "aws:SecureTransport": "false" } }, principal: unknown = "*", effect = "Deny") =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: effect, Principal: principal, Action: "*", Resource: target, Condition: condition }],
  });
const queue = (block: Block = {}): Block => ({
  name: "q",
  redrive_policy: JSON.stringify({ deadLetterTargetArn: "arn:aws:sqs:ap-northeast-1:1:dead", maxReceiveCount: 3 }),
  policy: deny("*"),
  ...block,
});
const task = (variable: Block): Resources => ({
  aws_ecs_task_definition: { a: { container_definitions: JSON.stringify([{ name: "c", environment: [variable] }]) } },
});
/** A container's secrets, by what ECS calls `valueFrom`. */
const secretsFrom = (...from: readonly string[]): Resources => ({
  aws_ecs_task_definition: {
    a: { container_definitions: JSON.stringify([{ name: "c", secrets: from.map((valueFrom) => ({ name: "API_KEY", valueFrom })) }]) },
  },
});
const log = (block: Block): Resources => ({ aws_cloudwatch_log_group: { a: { name: "/x", retention_in_days: 30, ...block } } });
const one = (type: string, block: Block): Resources => ({ [type]: { a: block } });
const suppressedBy = (alarm: string): Resources =>
  one("aws_cloudwatch_composite_alarm", { alarm_actions: ["${aws_sns_topic.a.arn}"], actions_suppressor: { alarm } });
const bucket = (policy: string): Resources => ({
  aws_s3_bucket: { a: { bucket: "a" } },
  aws_s3_bucket_policy: { a: { bucket: "${aws_s3_bucket.a.id}", policy } },
});
/** A queue without one of its own that something else leaves its failures in: this queue, or another. */
const servedBy = (what: string, type: string, block: (arn: string) => Block): Case => {
  const of = (name: string): Resources => ({
    aws_sqs_queue: { a: queue({ redrive_policy: undefined }) },
    [type]: { a: block(`\${aws_sqs_queue.${name}.arn}`) },
  });
  return {
    rule: "policy/no-dead-letter-queue",
    what: `one of ${what}`,
    address: "aws_sqs_queue.a",
    bad: of("other"),
    good: of("a"),
  };
};
const planted = "Hunter2-planted";

export const cases: readonly Case[] = [
  {
    rule: "policy/no-dead-letter-queue",
    what: "a queue alone",
    address: "aws_sqs_queue.a",
    bad: one("aws_sqs_queue", queue({ redrive_policy: undefined })),
    good: one("aws_sqs_queue", queue()),
  },
  {
    rule: "policy/no-dead-letter-queue",
    what: "a queue that nobody names, beside one that somebody does",
    address: "aws_sqs_queue.b",
    bad: { aws_sqs_queue: { a: queue(), b: queue({ redrive_policy: undefined }) } },
    good: {
      aws_sqs_queue: {
        a: queue({ redrive_policy: '{"deadLetterTargetArn":"${aws_sqs_queue.b.arn}","maxReceiveCount":3}' }),
        b: queue({ redrive_policy: undefined }),
      },
    },
  },
  {
    rule: "policy/no-dead-letter-queue",
    what: "one that says of itself which queues it serves",
    address: "aws_sqs_queue.a",
    bad: {
      aws_sqs_queue: { a: queue({ redrive_policy: undefined }) },
      aws_sqs_queue_redrive_allow_policy: { a: { queue_url: "${aws_sqs_queue.other.url}", redrive_allow_policy: "{}" } },
    },
    good: {
      aws_sqs_queue: { a: queue({ redrive_policy: undefined }) },
      aws_sqs_queue_redrive_allow_policy: { a: { queue_url: "${aws_sqs_queue.a.url}", redrive_allow_policy: "{}" } },
    },
  },
  servedBy("a topic's subscription", "aws_sns_topic_subscription", (arn) => ({
    redrive_policy: `{"deadLetterTargetArn":"${arn}"}`,
  })),
  servedBy("a function", "aws_lambda_function", (arn) => ({ dead_letter_config: { target_arn: arn } })),
  servedBy("a function's destination for failures", "aws_lambda_function_event_invoke_config", (arn) => ({
    destination_config: { on_failure: { destination: arn } },
  })),
  {
    rule: "policy/no-dead-letter-queue",
    what: "one that a function tells of its successes",
    address: "aws_sqs_queue.a",
    bad: {
      aws_sqs_queue: { a: queue({ redrive_policy: undefined }) },
      aws_lambda_function_event_invoke_config: { a: { destination_config: { on_success: { destination: "${aws_sqs_queue.a.arn}" } } } },
    },
    good: {
      aws_sqs_queue: { a: queue({ redrive_policy: undefined }) },
      aws_lambda_function_event_invoke_config: { a: { destination_config: [{ on_failure: [{ destination: "${aws_sqs_queue.a.arn}" }] }] } },
    },
  },
  {
    rule: "policy/no-tls-only",
    what: "a queue without a policy",
    address: "aws_sqs_queue.a",
    bad: one("aws_sqs_queue", queue({ policy: undefined })),
    good: one("aws_sqs_queue", queue()),
  },
  {
    rule: "policy/no-tls-only",
    what: "a topic whose policy is another's",
    address: "aws_sns_topic.a",
    bad: {
      aws_sns_topic: { a: { name: "a" } },
      aws_sns_topic_policy: { a: { arn: "${aws_sns_topic.b.arn}", policy: deny("${aws_sns_topic.b.arn}") } },
    },
    good: {
      aws_sns_topic: { a: { name: "a" } },
      aws_sns_topic_policy: { a: { arn: "${aws_sns_topic.a.arn}", policy: deny("${aws_sns_topic.a.arn}") } },
    },
  },
  {
    rule: "policy/no-tls-only",
    what: "a bucket whose policy denies the requests with TLS",
    address: "aws_s3_bucket.a",
    bad: bucket(deny("*", { Bool: { "aws:SecureTransport": "true" } })),
    good: bucket(deny("*")),
  },
  {
    rule: "policy/no-tls-only",
    what: "a policy that allows",
    address: "aws_s3_bucket.a",
    bad: bucket(deny("*", undefined, "*", "Allow")),
    good: bucket(deny("*", undefined, { AWS: "*" })),
  },
  {
    rule: "policy/no-tls-only",
    what: "a policy that denies one account only",
    address: "aws_s3_bucket.a",
    bad: bucket(deny("*", undefined, { AWS: "arn:aws:iam::1:root" })),
    good: bucket(deny("*", undefined, { AWS: ["*"] })),
  },
  {
    rule: "policy/no-tls-only",
    what: "a policy that denies under a second condition",
    address: "aws_s3_bucket.a",
    bad: bucket(deny("*", { Bool: { "aws:SecureTransport": "false" }, IpAddress: { "aws:SourceIp": "192.0.2.0/24" } })),
    good: bucket(deny("*", { Bool: { "aws:securetransport": ["false"] } })),
  },
  {
    rule: "policy/alarm-tells-nobody",
    what: "an alarm without actions",
    address: "aws_cloudwatch_metric_alarm.a",
    bad: one("aws_cloudwatch_metric_alarm", { alarm_name: "a" }),
    good: one("aws_cloudwatch_metric_alarm", { alarm_actions: ["${aws_sns_topic.a.arn}"] }),
  },
  {
    rule: "policy/alarm-tells-nobody",
    what: "an alarm that keeps no other quiet",
    address: "aws_cloudwatch_metric_alarm.a",
    bad: { ...one("aws_cloudwatch_metric_alarm", { alarm_name: "a" }), ...suppressedBy("b") },
    good: { ...one("aws_cloudwatch_metric_alarm", { alarm_name: "a" }), ...suppressedBy("a") },
  },
  {
    rule: "policy/alarm-tells-nobody",
    what: "an alarm that is referred to by one that it keeps quiet",
    address: "aws_cloudwatch_metric_alarm.a",
    bad: { ...one("aws_cloudwatch_metric_alarm", { alarm_name: "a" }), ...suppressedBy("${aws_cloudwatch_metric_alarm.b.alarm_name}") },
    good: { ...one("aws_cloudwatch_metric_alarm", { alarm_name: "a" }), ...suppressedBy("${aws_cloudwatch_metric_alarm.a.alarm_name}") },
  },
  {
    rule: "policy/plain-secret-in-environment",
    what: "a container",
    address: "aws_ecs_task_definition.a",
    bad: task({ name: "DB_PASSWORD", value: planted }),
    good: task({ name: "DB_PASSWORD", valueFrom: "arn:aws:secretsmanager:ap-northeast-1:1:secret:a" }),
  },
  {
    rule: "policy/plain-secret-in-environment",
    what: "a container that is told where its secret is",
    address: "aws_ecs_task_definition.a",
    bad: task({ name: "DB_SECRET", value: planted }),
    good: task({ name: "DB_SECRET", value: "arn:aws:secretsmanager:ap-northeast-1:1:secret:a-AbCdEf:password::" }),
  },
  {
    rule: "policy/plain-secret-in-environment",
    what: "a container whose secret is left empty",
    address: "aws_ecs_task_definition.a",
    bad: task({ name: "DB_PASSWORD", value: " " }),
    good: task({ name: "DB_PASSWORD", value: "" }),
  },
  {
    rule: "policy/plain-secret-in-environment",
    what: "a container whose variable speaks of nothing",
    address: "aws_ecs_task_definition.a",
    bad: task({ name: "REPORTS", value: "https://trader:Tr0ub4dor-and-3-horses@reports.example.org/" }),
    good: task({ name: "REPORTS", value: "https://reports.example.org/" }),
  },
  {
    rule: "policy/plain-secret-in-environment",
    what: "a container whose variable is a name",
    address: "aws_ecs_task_definition.a",
    bad: task({ name: "API_TOKEN", value: planted }),
    good: task({ name: "API_TOKEN_NAME", value: "tss/api" }),
  },
  {
    rule: "policy/plain-secret-in-environment",
    what: "a function",
    address: "aws_lambda_function.a",
    bad: one("aws_lambda_function", { environment: { variables: { SLACK_TOKEN: planted } } }),
    good: one("aws_lambda_function", { environment: { variables: { SLACK_TOKEN: "${aws_secretsmanager_secret.slack.arn}", STAGE: "x" } } }),
  },
  {
    rule: "policy/plain-secret-in-environment",
    what: "a pod",
    address: "kubernetes_deployment_v1.a",
    bad: one("kubernetes_deployment_v1", {
      spec: { template: { spec: { container: [{ env: [{ name: "DB_PASSWORD", value: planted }] }] } } },
    }),
    good: one("kubernetes_deployment_v1", {
      spec: {
        template: {
          spec: {
            container: [
              {
                env: [
                  { name: "DB_PASSWORD", value_from: { secret_key_ref: { name: "db", key: "password" } } },
                  { name: "PORT", value: "1" },
                ],
              },
            ],
          },
        },
      },
    }),
  },
  {
    rule: "policy/plain-secret-in-user-data",
    what: "a script",
    address: "aws_instance.a",
    bad: one("aws_instance", { disable_api_termination: true, user_data: `#!/bin/sh\nexport DB_PASSWORD=${planted}\n` }),
    good: one("aws_instance", { disable_api_termination: true, user_data: "#!/bin/sh\nexport STAGE=prod\n" }),
  },
  {
    rule: "policy/plain-secret-in-user-data",
    what: "a script in Base64",
    address: "aws_launch_template.a",
    bad: one("aws_launch_template", { user_data: Buffer.from(`#!/bin/sh\nexport DB_PASSWORD=${planted}\n`).toString("base64") }),
    good: one("aws_launch_template", { user_data: Buffer.from("#!/bin/sh\nexport STAGE=prod\n").toString("base64") }),
  },
  {
    rule: "policy/secret-in-state",
    what: "a password",
    address: "aws_db_instance.a",
    bad: one("aws_db_instance", { deletion_protection: true, password: "${random_password.a.result}" }),
    good: one("aws_db_instance", { deletion_protection: true, manage_master_user_password: true }),
  },
  {
    rule: "policy/secret-in-state",
    what: "a parameter",
    address: "aws_ssm_parameter.a",
    bad: one("aws_ssm_parameter", { type: "SecureString", value: planted }),
    good: one("aws_ssm_parameter", { type: "SecureString", value_wo: "x", value_wo_version: 1 }),
  },
  ...["data", "stringData"].map((field): Case => ({
    rule: "policy/secret-in-state",
    what: `a manifest with ${field}`,
    address: "kubernetes_manifest.a",
    bad: one("kubernetes_manifest", {
      manifest: { apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, [field]: { login: planted } },
    }),
    good: one("kubernetes_manifest", {
      manifest: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, [field]: { login: "example" } },
    }),
  })),
  {
    rule: "policy/secret-in-code",
    what: "a tag",
    address: "aws_sns_topic.a",
    bad: one("aws_sns_topic", { policy: deny("*"), tags: { Password: planted } }),
    good: one("aws_sns_topic", { policy: deny("*"), tags: { Owner: "trading" } }),
  },
  {
    rule: "policy/secret-in-code",
    what: "a container's secret that is not only named",
    address: "aws_ecs_task_definition.a",
    bad: secretsFrom(`\${aws_secretsmanager_secret.a.arn}:api_key=${planted}`),
    good: secretsFrom(
      "arn:aws:secretsmanager:ap-northeast-1:1:secret:a-AbCdEf:api_key::",
      "${aws_secretsmanager_secret.a.arn}:api_key::",
      "${data.terraform_remote_state.cross-stack-reference-input-dev-data.outputs.cross-stack-output-aws_secretsmanager_secreta_54D03D7Carn}:api_key::",
      "arn:aws:ssm:ap-northeast-1:1:parameter/tss/api_key",
      "/tss/api_key",
      "tss-api-key",
    ),
  },
  {
    rule: "policy/secret-in-code",
    what: "what a filter counts",
    address: "aws_cloudwatch_log_metric_filter.a",
    bad: one("aws_cloudwatch_log_metric_filter", { metric_transformation: { name: "AccountKeyDeletion", value: planted } }),
    good: {
      aws_cloudwatch_log_metric_filter: {
        a: { metric_transformation: { namespace: "N", name: "AccountKeyDeletion", value: "1" } },
        b: { metric_transformation: [{ namespace: "N", name: "AccountUnusualSecretReaders", value: "$.count" }] },
      },
    },
  },
  {
    rule: "policy/secret-in-code",
    what: "a filter's dimension",
    address: "aws_cloudwatch_log_metric_filter.a",
    bad: one("aws_cloudwatch_log_metric_filter", {
      metric_transformation: { name: "Keys", value: "1", dimensions: { Password: planted } },
    }),
    good: one("aws_cloudwatch_log_metric_filter", {
      metric_transformation: { name: "SecretReaders", value: "1", dimensions: { By: "$.by" } },
    }),
  },
  {
    rule: "policy/secret-in-code",
    what: "a pool's settings that are not only named",
    address: "aws_ssm_association.a",
    bad: one("aws_ssm_association", { parameters: { password: planted } }),
    good: one("aws_ssm_association", {
      parameters: { password: "{{resolve:ssm-secure:db_password:1}}", token: "{{resolve:secretsmanager:prod/db:SecretString:token}}" },
    }),
  },
  {
    rule: "policy/secret-in-code",
    what: "a chart's values",
    address: "helm_release.a",
    bad: one("helm_release", { values: [`db:\n  password: ${planted}\n`] }),
    good: one("helm_release", { values: ["db:\n  passwordSecretName: db\n"] }),
  },
  {
    rule: "policy/no-termination-protection",
    what: "a machine",
    address: "aws_instance.a",
    bad: one("aws_instance", { ami: "ami-1" }),
    good: one("aws_instance", { disable_api_termination: true }),
  },
  {
    rule: "policy/no-termination-protection",
    what: "a database",
    address: "aws_db_instance.a",
    bad: one("aws_db_instance", { deletion_protection: false }),
    good: one("aws_db_instance", { deletion_protection: true }),
  },
  {
    rule: "policy/no-termination-protection",
    what: "a pool of users",
    address: "aws_cognito_user_pool.a",
    bad: one("aws_cognito_user_pool", { deletion_protection: "INACTIVE" }),
    good: one("aws_cognito_user_pool", { deletion_protection: "ACTIVE" }),
  },
  {
    rule: "policy/destroyed-without-trace",
    what: "a repository",
    address: "aws_ecr_repository.a",
    bad: one("aws_ecr_repository", { force_delete: true }),
    good: one("aws_ecr_repository", { force_delete: false }),
  },
  {
    rule: "policy/destroyed-without-trace",
    what: "a secret",
    address: "aws_secretsmanager_secret.a",
    bad: one("aws_secretsmanager_secret", { recovery_window_in_days: 0 }),
    good: one("aws_secretsmanager_secret", { recovery_window_in_days: 7 }),
  },
  {
    rule: "policy/no-snapshots",
    what: "a group of caches, which has its id as every group has",
    address: "aws_elasticache_replication_group.a",
    bad: one("aws_elasticache_replication_group", { replication_group_id: "cache", snapshot_retention_limit: 0 }),
    good: one("aws_elasticache_replication_group", { replication_group_id: "cache", snapshot_retention_limit: 1 }),
  },
  {
    rule: "policy/no-snapshots",
    what: "a cache",
    address: "aws_elasticache_replication_group.a",
    bad: one("aws_elasticache_replication_group", { snapshot_retention_limit: 0 }),
    good: one("aws_elasticache_replication_group", { snapshot_retention_limit: 1 }),
  },
  {
    rule: "policy/no-log-retention",
    what: "a log group that keeps all",
    address: "aws_cloudwatch_log_group.a",
    bad: log({ retention_in_days: 0 }),
    good: log({}),
  },
  {
    rule: "policy/no-log-retention",
    what: "a log group that does not say",
    address: "aws_cloudwatch_log_group.a",
    bad: log({ retention_in_days: undefined }),
    good: log({ retention_in_days: 7 }),
  },
  {
    rule: "policy/ssh-key-pair",
    what: "a machine",
    address: "aws_launch_template.a",
    bad: one("aws_launch_template", { key_name: "me" }),
    good: one("aws_launch_template", { name: "a" }),
  },
];
