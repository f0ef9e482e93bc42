/** Nothing that matters goes by accident, or without a trace. */
import { UNKNOWN } from "../../model";
import { isOff, type Rule } from "./rule";

/** What must be on, so that the service itself refuses. */
const PROTECTION: Readonly<Record<string, string>> = {
  aws_instance: "disable_api_termination",
  aws_db_instance: "deletion_protection",
  aws_rds_cluster: "deletion_protection",
  aws_docdb_cluster: "deletion_protection",
  aws_neptune_cluster: "deletion_protection",
  aws_dynamodb_table: "deletion_protection_enabled",
  aws_lb: "enable_deletion_protection",
  aws_alb: "enable_deletion_protection",
  aws_cognito_user_pool: "deletion_protection",
};

/** What must be off, because it throws away what is inside. */
const WITHOUT_TRACE: Readonly<Record<string, string>> = {
  aws_s3_bucket: "force_destroy",
  aws_ecr_repository: "force_delete",
  aws_db_instance: "skip_final_snapshot",
  aws_rds_cluster: "skip_final_snapshot",
  aws_docdb_cluster: "skip_final_snapshot",
  aws_neptune_cluster: "skip_final_snapshot",
  aws_redshift_cluster: "skip_final_snapshot",
  aws_backup_vault: "force_destroy",
};

export const protection: readonly Rule[] = [
  {
    rule: "policy/no-termination-protection", types: Object.keys(PROTECTION), riskClass: "data",
    when: ({ type, values }) => isOff(values[PROTECTION[type]!]) || values[PROTECTION[type]!] === "INACTIVE",
    message: ({ type }) => `Its protection against deletion is off (${PROTECTION[type]}): one wrong call takes it away.`,
  },
  {
    rule: "policy/destroyed-without-trace", types: Object.keys(WITHOUT_TRACE), riskClass: "data",
    when: ({ type, values }) => values[WITHOUT_TRACE[type]!] === true,
    message: ({ type }) => `When it is destroyed, so is all that it holds (${WITHOUT_TRACE[type]}), and nothing is kept.`,
  },
  {
    rule: "policy/destroyed-without-trace", types: ["aws_secretsmanager_secret"], riskClass: "data",
    when: ({ values }) => values.recovery_window_in_days === 0,
    message: "When the secret is destroyed, it is gone at once (recovery_window_in_days), and cannot be restored.",
  },
  {
    rule: "policy/no-snapshots", types: ["aws_elasticache_replication_group", "aws_elasticache_cluster"], riskClass: "data",
    // Memcached has none; the members of a replication group have the group's.
    when: ({ values }) => values.engine !== "memcached" && !values.replication_group_id && isOff(values.snapshot_retention_limit),
    message: "The cache keeps no snapshots (snapshot_retention_limit): what is in memory only is lost with its nodes.",
  },
  {
    rule: "policy/no-log-retention", types: ["aws_cloudwatch_log_group"], riskClass: "cosmetic",
    when: ({ values }) => values.retention_in_days !== UNKNOWN && isOff(values.retention_in_days),
    message: "A log group keeps its logs for ever (retention_in_days), and their cost grows for ever.",
  },
  {
    rule: "policy/ssh-key-pair", types: ["aws_instance", "aws_launch_template", "aws_launch_configuration"], riskClass: "identity",
    when: ({ values }) => !isOff(values.key_name) && values.key_name !== UNKNOWN,
    message: "A machine takes a key pair: hosts are administered through Session Manager, which leaves a trail and knows who it is.",
  },
];
