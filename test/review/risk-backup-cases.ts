/** Backups, what deletes by itself, and documents that others may run: one row for each thing that a rule sees, with its neighbour that must pass. */
import { UNKNOWN } from "../../review/model";
import { resource } from "./risk-builders";
import type { Case } from "./risk-cases";

const PLAN = "aws_backup_plan";
const copy = { destination_vault_arn: "arn:aws:backup:ap-northeast-3:1:backup-vault:osaka", lifecycle: [{ delete_after: 35 }] };
const daily = {
  rule_name: "daily",
  schedule: "cron(0 20 * * ? *)",
  target_vault_name: "tss",
  lifecycle: [{ delete_after: 7 }],
  copy_action: [copy],
};
const plan = (...rules: readonly object[]) => ({ name: "tss", rule: rules });
const LIFECYCLE = "aws_s3_bucket_lifecycle_configuration";
const rule = (more: object, days = 30) => ({ id: "x", status: "Enabled", expiration: [{ days }], ...more });
const old = (days: number, more: object = {}) => ({
  rule: [{ id: "old", status: "Enabled", noncurrent_version_expiration: [{ noncurrent_days: days, ...more }] }],
});
const below = (prefix: string) => ({ filter: [{ prefix }] });
const bucket = resource("aws_s3_bucket", "raw", { bucket: "tss-raw" }, "prod-data/part/bucket");
const ttl = (enabled: boolean, attribute_name = "ttl") => ({ name: "orders", ttl: [{ enabled, attribute_name }] });
const copies = (more: object = {}) => ({
  rule: [{ id: "all", status: "Enabled", destination: [{ bucket: "arn:aws:s3:::copy" }], ...more }],
});
const automation = (assumeRole?: string) => ({
  document_type: "Automation",
  content: JSON.stringify({ schemaVersion: "0.3", assumeRole, mainSteps: [] }),
});
const between = (type: string, before: object, after: object) => [{ type, before: before as never, after: after as never }];

const COMPOSITE = "aws_cloudwatch_composite_alarm";
const quiet = (extension_period: number, alarm = "Quiet-Hours") => ({
  alarm_actions: ["arn"],
  actions_suppressor: [{ alarm, extension_period, wait_period: 300 }],
});
const suppressor = (treat_missing_data: string, alarm_name = "Quiet-Hours") => ({ alarm_name, treat_missing_data });
const impaired = resource(COMPOSITE, "impaired", quiet(300));

export const BACKUP_CASES: readonly Case[] = [
  {
    what: "an alarm that is silent for longer than a day",
    given: between(COMPOSITE, quiet(300), quiet(86_401)),
    found: ["refusal notification/alarm-silenced"],
    neighbour: between(COMPOSITE, quiet(300), quiet(86_400)),
  },
  {
    what: "an alarm that another keeps silent from now on",
    given: between(COMPOSITE, { alarm_actions: ["arn"] }, quiet(300)),
    found: ["notice notification/alarm-changed"],
    neighbour: between(COMPOSITE, quiet(300), { alarm_actions: ["arn"] }),
  },
  {
    what: "a suppressor that is on where nothing is known",
    given: between("aws_cloudwatch_metric_alarm", suppressor("notBreaching"), suppressor("breaching")),
    rest: { after: [impaired] },
    found: ["notice notification/alarm-changed", "refusal notification/alarm-silenced"],
    neighbour: between("aws_cloudwatch_metric_alarm", suppressor("notBreaching", "CPU"), suppressor("breaching", "CPU")),
    neighbourFound: ["notice notification/alarm-changed"],
  },
  {
    what: "backups that are kept for a shorter time",
    given: between(PLAN, plan(daily), plan({ ...daily, lifecycle: [{ delete_after: 6 }] })),
    found: ["refusal data/backups-off"],
    neighbour: between(PLAN, plan(daily), plan({ ...daily, lifecycle: [{ delete_after: 8 }] })),
  },
  {
    what: "backups that were kept for ever, by the second rule",
    given: between(PLAN, plan(daily, { rule_name: "yearly" }), plan(daily, { rule_name: "yearly", lifecycle: [{ delete_after: 3650 }] })),
    found: ["refusal data/backups-off"],
    neighbour: between(
      PLAN,
      plan(daily, { rule_name: "yearly" }),
      plan({ rule_name: "yearly" }, { ...daily, lifecycle: [{ delete_after: 0 }] }),
    ),
  },
  {
    what: "a rule of a plan that goes",
    given: between(PLAN, plan(daily, { rule_name: "weekly" }), plan(daily)),
    found: ["refusal data/backups-off"],
    neighbour: between(PLAN, plan(daily), plan(daily, { rule_name: "weekly" })),
  },
  {
    what: "a copy that goes",
    given: between(PLAN, plan(daily), plan({ ...daily, copy_action: [] })),
    found: ["refusal data/backups-off"],
    neighbour: between(PLAN, plan({ ...daily, copy_action: [] }), plan(daily)),
  },
  {
    what: "a copy that is kept for a shorter time",
    given: between(PLAN, plan(daily), plan({ ...daily, copy_action: [{ ...copy, lifecycle: [{ delete_after: 34 }] }] })),
    found: ["refusal data/backups-off"],
    neighbour: between(PLAN, plan(daily), plan({ ...daily, copy_action: [{ ...copy, destination_vault_arn: UNKNOWN }] })),
  },
  {
    what: "backups that are no longer continuous",
    given: between(PLAN, plan({ ...daily, enable_continuous_backup: true }), plan({ ...daily, enable_continuous_backup: false })),
    found: ["refusal data/backups-off"],
    neighbour: between(PLAN, plan({ ...daily, enable_continuous_backup: false }), plan({ ...daily, enable_continuous_backup: true })),
  },
  {
    what: "another vault and other times",
    given: between(PLAN, plan(daily), plan({ ...daily, target_vault_name: "other", schedule: "cron(0 20 ? * SAT *)" })),
    found: ["notice data/backups-off", "notice data/backups-off"],
    neighbour: between(PLAN, plan(daily), plan({ ...daily, completion_window: 600 })),
  },
  {
    what: "a selection that names one thing less",
    given: between("aws_backup_selection", { resources: ["a", "b"] }, { resources: ["a"] }),
    found: ["refusal data/backups-off"],
    neighbour: between("aws_backup_selection", { resources: ["a"] }, { resources: ["b", "a"] }),
  },
  {
    what: "a selection that goes",
    given: [{ type: "aws_backup_selection", before: { name: "hosts", plan_id: "p-1" } }],
    found: ["refusal data/backups-off"],
    neighbour: [{ type: "aws_backup_selection", after: { name: "hosts", plan_id: "p-1" } }],
  },
  {
    what: "a lock that goes",
    given: [{ type: "aws_backup_vault_lock_configuration", before: { backup_vault_name: "tss", min_retention_days: 7 } }],
    found: ["refusal data/backups-off"],
    neighbour: [{ type: "aws_backup_vault_lock_configuration", after: { backup_vault_name: "tss", min_retention_days: 7 } }],
  },
  {
    what: "a lock without a least number of days",
    given: between("aws_backup_vault_lock_configuration", { min_retention_days: 7 }, { max_retention_days: 90 }),
    found: ["refusal data/backups-off"],
    neighbour: between("aws_backup_vault_lock_configuration", { min_retention_days: 7 }, { min_retention_days: 7, max_retention_days: 90 }),
  },
  {
    what: "a vault whose policy denies no deletion any more",
    given: between(
      "aws_backup_vault_policy",
      { policy: JSON.stringify({ Statement: [{ Effect: "Deny", Principal: "*", Action: "backup:DeleteRecoveryPoint", Resource: "*" }] }) },
      { policy: JSON.stringify({ Statement: [] }) },
    ),
    found: ["refusal identity/policy-widened"],
    neighbour: between(
      "aws_backup_vault_policy",
      { policy: JSON.stringify({ Statement: [] }) },
      { policy: JSON.stringify({ Statement: [{ Effect: "Deny", Principal: "*", Action: "backup:DeleteRecoveryPoint", Resource: "*" }] }) },
    ),
  },
  {
    what: "fewer words of backups",
    given: between(
      "aws_backup_vault_notifications",
      { backup_vault_events: ["BACKUP_JOB_FAILED", "COPY_JOB_FAILED"] },
      { backup_vault_events: ["COPY_JOB_FAILED"] },
    ),
    found: ["refusal notification/event-changed"],
    neighbour: between(
      "aws_backup_vault_notifications",
      { backup_vault_events: ["COPY_JOB_FAILED"] },
      { backup_vault_events: ["BACKUP_JOB_FAILED", "COPY_JOB_FAILED"] },
    ),
  },
  {
    what: "a kind of resource that the region backs up no more",
    given: between(
      "aws_backup_region_settings",
      { resource_type_opt_in_preference: { EBS: true, DynamoDB: true } },
      { resource_type_opt_in_preference: { EBS: true, DynamoDB: false } },
    ),
    found: ["refusal data/backups-off"],
    neighbour: between(
      "aws_backup_region_settings",
      { resource_type_opt_in_preference: { EBS: true, DynamoDB: false } },
      { resource_type_opt_in_preference: { EBS: true, DynamoDB: true } },
    ),
  },
  {
    what: "a bucket that is copied to another",
    given: between("aws_s3_bucket_replication_configuration", copies(), copies({ destination: [{ bucket: "arn:aws:s3:::other" }] })),
    found: ["refusal data/backups-off"],
    neighbour: between("aws_s3_bucket_replication_configuration", copies(), copies({ priority: 1 })),
  },
  {
    what: "a bucket of which only a part is copied",
    given: between("aws_s3_bucket_replication_configuration", copies(), copies(below("2026/"))),
    found: ["refusal data/backups-off"],
    neighbour: between("aws_s3_bucket_replication_configuration", copies(below("2026/")), copies(below("20"))),
  },
  {
    what: "the first lifecycle rule of a bucket that stood",
    given: [{ type: LIFECYCLE, after: { bucket: "tss-raw", rule: [rule({})] } }],
    rest: { before: [bucket] },
    found: ["refusal data/expires-sooner"],
    neighbour: [{ type: LIFECYCLE, after: { bucket: "tss-new", rule: [rule({})] } }],
  },
  {
    what: "a lifecycle rule of which the bucket is only known by its part",
    given: [{ type: LIFECYCLE, after: { bucket: UNKNOWN, rule: [rule({})] } }],
    rest: { before: [bucket] },
    found: ["refusal data/expires-sooner"],
    neighbour: [{ type: LIFECYCLE, construct: "prod-data/other/lifecycle", after: { bucket: UNKNOWN, rule: [rule({})] } }],
  },
  {
    what: "a lifecycle rule of a wider prefix",
    given: between(LIFECYCLE, { rule: [rule(below("tmp/"))] }, { rule: [rule(below("t"))] }),
    found: ["refusal data/expires-sooner"],
    neighbour: between(LIFECYCLE, { rule: [rule(below("tmp/"))] }, { rule: [rule(below("tmp/old/"))] }),
  },
  {
    what: "a lifecycle rule that asks for no tag any more",
    given: between(
      LIFECYCLE,
      { rule: [rule({ filter: [{ tag: [{ key: "keep", value: "no" }] }] })] },
      { rule: [rule({ filter: [{ prefix: "" }] })] },
    ),
    found: ["refusal data/expires-sooner"],
    neighbour: between(
      LIFECYCLE,
      { rule: [rule({ filter: [{ prefix: "" }] })] },
      { rule: [rule({ filter: [{ tag: [{ key: "keep", value: "no" }] }] })] },
    ),
  },
  {
    what: "a second lifecycle rule that is no sooner than the first",
    given: between(LIFECYCLE, { rule: [rule(below("a/"))] }, { rule: [rule(below("a/")), rule(below("b/"), 3650)] }),
    found: ["refusal data/expires-sooner"],
    neighbour: between(LIFECYCLE, { rule: [rule({})] }, { rule: [rule({}), rule(below("b/"), 3650)] }),
  },
  {
    what: "old versions that go sooner",
    given: between(LIFECYCLE, old(90), old(89)),
    found: ["refusal data/backups-off"],
    neighbour: between(LIFECYCLE, old(90), old(91)),
  },
  {
    what: "fewer old versions that stay whatever their age",
    given: between(LIFECYCLE, old(90, { newer_noncurrent_versions: 5 }), old(90, { newer_noncurrent_versions: 4 })),
    found: ["refusal data/backups-off"],
    neighbour: between(LIFECYCLE, old(90, { newer_noncurrent_versions: 5 }), old(90, { newer_noncurrent_versions: 6 })),
  },
  {
    what: "old versions that stay for ever",
    given: between(LIFECYCLE, old(90), { rule: [] }),
    found: ["notice data/retention-changed"],
    neighbour: between(LIFECYCLE, { rule: [] }, { rule: [] }),
  },
  {
    what: "items that expire by another attribute",
    given: between("aws_dynamodb_table", ttl(true), ttl(true, "updated_at")),
    found: ["refusal data/expires-sooner"],
    neighbour: between("aws_dynamodb_table", ttl(false), ttl(false, "updated_at")),
  },
  {
    what: "items that expire from now on",
    given: between("aws_dynamodb_table", ttl(false), ttl(true)),
    found: ["refusal data/expires-sooner"],
    neighbour: between("aws_dynamodb_table", ttl(true), ttl(false)),
    neighbourFound: ["notice data/retention-changed"],
  },
  {
    what: "a document that everybody may run",
    given: [{ type: "aws_ssm_document", after: { ...automation(), permissions: { type: "Share", account_ids: "All" } } }],
    found: ["refusal network/policy-public"],
    neighbour: [{ type: "aws_ssm_document", after: automation() }],
  },
  {
    what: "a document that another account may run",
    given: between(
      "aws_ssm_document",
      { permissions: { type: "Share", account_ids: "1,2" } },
      { permissions: { type: "Share", account_ids: "2,1,3" } },
    ),
    found: ["refusal identity/policy-widened"],
    neighbour: between(
      "aws_ssm_document",
      { permissions: { type: "Share", account_ids: "1,2" } },
      { permissions: { type: "Share", account_ids: "2" } },
    ),
  },
  {
    what: "an automation that acts as another role",
    given: between("aws_ssm_document", automation("arn:aws:iam::1:role/restore"), automation("arn:aws:iam::1:role/deploy")),
    found: ["notice compute/configuration-changed", "refusal identity/access-granted"],
    neighbour: between("aws_ssm_document", automation("arn:aws:iam::1:role/restore"), automation()),
    neighbourFound: ["notice compute/configuration-changed", "notice identity/access-granted"],
  },
];
