/**
 * What keeps a resource from being lost by one wrong call. One table for both who ask: a change that takes a safeguard away is a risk, and an
 * environment that stands without one breaks the policy (policy/own).
 */
import { atLeast, isSet, off, on, oneOf, type Guard } from "./guard";

export interface Safeguard extends Guard {
  /**
   * What every resource of these types must have: that AWS refuses to delete it, that something of it is kept when it is destroyed, that it
   * can be brought back for a while. @default none: only a change away from it is told
   */
  readonly demanded?: "refusal" | "remains" | "recovery";
}

const guard = (rest: Omit<Safeguard, "rule" | "onCreate">): Safeguard => ({
  rule: "data/deletion-protection-off",
  onCreate: false,
  ...rest,
});
const machine = (rest: Omit<Safeguard, "rule" | "onCreate">): Safeguard => ({ ...guard(rest), rule: "compute/termination-protection-off" });
const NO_REFUSAL = "AWS will no longer refuse to delete it";

export const SAFEGUARDS: readonly Safeguard[] = [
  guard({ demanded: "refusal", attributes: ["aws_dynamodb_table.deletion_protection_enabled"], safe: on, message: NO_REFUSAL }),
  guard({
    demanded: "refusal",
    attributes: [
      "aws_db_instance.deletion_protection",
      "aws_rds_cluster.deletion_protection",
      "aws_docdb_cluster.deletion_protection",
      "aws_neptune_cluster.deletion_protection",
    ],
    safe: on,
    message: NO_REFUSAL,
  }),
  guard({ demanded: "refusal", attributes: ["aws_cognito_user_pool.deletion_protection"], safe: oneOf("ACTIVE"), message: NO_REFUSAL }),
  machine({
    demanded: "refusal",
    attributes: ["aws_instance.disable_api_termination"],
    safe: on,
    message: "Anyone may terminate the host",
  }),
  // Machines of a template come and go with their group.
  machine({ attributes: ["aws_launch_template.disable_api_termination"], safe: on, message: "Anyone may terminate the host" }),
  machine({
    demanded: "refusal",
    attributes: ["aws_lb.enable_deletion_protection", "aws_alb.enable_deletion_protection"],
    safe: on,
    message: "Anyone may delete the load balancer, with its address",
  }),

  guard({
    demanded: "remains",
    safe: off,
    message: "It would go without a last snapshot",
    attributes: [
      "aws_db_instance.skip_final_snapshot",
      "aws_rds_cluster.skip_final_snapshot",
      "aws_docdb_cluster.skip_final_snapshot",
      "aws_neptune_cluster.skip_final_snapshot",
      "aws_redshift_cluster.skip_final_snapshot",
    ],
  }),
  guard({
    attributes: ["aws_elasticache_replication_group.final_snapshot_identifier", "aws_elasticache_cluster.final_snapshot_identifier"],
    safe: isSet,
    message: "It would go without a last snapshot",
  }),
  guard({
    attributes: ["aws_db_instance.delete_automated_backups"],
    safe: (value) => value === false || value === "false",
    message: "Its backups would go with it",
  }),
  guard({
    demanded: "remains",
    attributes: ["aws_s3_bucket.force_destroy", "aws_backup_vault.force_destroy"],
    safe: off,
    message: "Terraform would empty it in order to destroy it",
  }),
  guard({
    demanded: "remains",
    attributes: ["aws_ecr_repository.force_delete"],
    safe: off,
    message: "Terraform would delete its images in order to destroy it",
  }),
  guard({
    demanded: "recovery",
    attributes: ["aws_secretsmanager_secret.recovery_window_in_days"],
    safe: (value) => value === undefined || atLeast(7)(value),
    message: "A deleted secret is gone at once",
  }),
  guard({
    attributes: ["kubernetes_storage_class.reclaim_policy", "kubernetes_storage_class_v1.reclaim_policy"],
    safe: oneOf("Retain"),
    message: "A volume goes with its claim",
  }),
];
