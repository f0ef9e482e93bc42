import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import { BackupPlan, type BackupPlanProps } from "../../constructs/backup/backup-plan";
import { BackupRole } from "../../constructs/backup/backup-role";
import { BackupVault, type BackupVaultProps } from "../../constructs/backup/backup-vault";
import { RestoreTesting, type RestoreTestingProps } from "../../constructs/backup/restore-testing";
import { EncryptionKey } from "../../constructs/identity/encryption-key";
import { inRegionOf } from "../../constructs/storage/other-region";
import { onlyResource, plain, policyOf, resourcesOf, synthConstructs, type Block, type StackJson } from "../helpers/synth";

const account = "111122223333";
const region = "ap-northeast-1";
const alerts = { arn: `arn:aws:sns:${region}:${account}:alerts` };
const TAG = ["Name", "axia-windows"] as const;
const daily = { name: "daily", cron: "30 19 * * *", retentionDays: 7, startWindowMinutes: 60, completionWindowMinutes: 180 };

const key = (stack: TerraformStack, id: string) => new EncryptionKey(stack, id, { account, alias: id, description: id });
const rights = (json: StackJson) =>
  resourcesOf(json, "aws_iam_role_policy").flatMap((policy) => policyOf(policy, "policy").Statement) as unknown as readonly {
    readonly Action: string | readonly string[];
    readonly Resource: unknown;
    readonly Condition?: unknown;
  }[];
const rightTo = (json: StackJson, action: string) => plain(rights(json).filter(({ Action }) => [Action].flat().includes(action)));

describe("BackupVault", () => {
  const synthVault = (props?: Partial<BackupVaultProps>) =>
    synthConstructs((stack) => {
      const vault = new BackupVault(stack, "vault", { name: "backups", key: key(stack, "key"), ...props });
      vault.tell(alerts);
      vault.alarmOnFailures(alerts, { nameSuffix: "-dev" });
      vault.alarmOnSilence(alerts, { nameSuffix: "-dev", hours: 28 });
    });
  const json = synthVault({ lock: { minRetentionDays: 7, maxRetentionDays: 35 } });

  it("has a key of its own, and refuses to be destroyed", () => {
    expect(plain(onlyResource(json, "aws_backup_vault"))).toMatchObject({
      name: "backups",
      kms_key_arn: "key.arn",
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
  });

  it("lets nobody delete a backup or shorten its days before they are over", () => {
    expect(policyOf(onlyResource(json, "aws_backup_vault_policy"), "policy").Statement).toEqual([
      {
        Sid: "BackupsGoByAge",
        Effect: "Deny",
        Principal: "*",
        Action: ["backup:DeleteRecoveryPoint", "backup:DisassociateRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
        Resource: "*",
      },
    ]);
  });

  it("is locked in governance mode: no day from which on nobody could end the lock", () => {
    const lock = onlyResource(json, "aws_backup_vault_lock_configuration");
    expect(lock).toMatchObject({ min_retention_days: 7, max_retention_days: 35 });
    expect(lock.changeable_for_days).toBeUndefined();
  });

  it("can be deleted with what is in it where nothing is protected, lock or not", () => {
    const open = synthVault({ protect: false, lock: { minRetentionDays: 7, maxRetentionDays: 35 } });
    expect(onlyResource(open, "aws_backup_vault")).toMatchObject({ force_destroy: true });
    expect(onlyResource(open, "aws_backup_vault").lifecycle).toBeUndefined();
    for (const type of ["aws_backup_vault_policy", "aws_backup_vault_lock_configuration"]) expect(resourcesOf(open, type)).toEqual([]);
  });

  it("tells of what AWS still tells of, and not of each success", () => {
    expect(onlyResource(json, "aws_backup_vault_notifications")).toMatchObject({
      sns_topic_arn: alerts.arn,
      backup_vault_events: ["COPY_JOB_FAILED", "RESTORE_JOB_COMPLETED"],
    });
  });

  it("alarms on any backup that failed, and when none was completed for as long as two may lie apart", () => {
    const [failures, silence] = resourcesOf(json, "aws_cloudwatch_metric_alarm") as [Block, Block];
    expect(failures).toMatchObject({ alarm_name: "Backup-Failed-dev", threshold: 0, treat_missing_data: "notBreaching" });
    expect(
      (failures.metric_query as readonly { readonly metric?: { readonly metric_name: string } }[]).flatMap(
        ({ metric }) => metric?.metric_name ?? [],
      ),
    ).toEqual(["NumberOfBackupJobsFailed", "NumberOfBackupJobsAborted", "NumberOfBackupJobsExpired"]);
    expect(silence).toMatchObject({
      alarm_name: "Backup-Missing-dev",
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      period: 3600,
      evaluation_periods: 28,
      treat_missing_data: "breaching",
    });
  });
});

describe("BackupPlan", () => {
  const synthPlan = (props?: (stack: TerraformStack) => Partial<BackupPlanProps>) =>
    synthConstructs((stack) => {
      const plan = new BackupPlan(stack, "plan", {
        ...daily,
        vault: new BackupVault(stack, "vault", { name: "backups", key: key(stack, "vault-key") }),
        role: new BackupRole(stack, "role", { name: "backup", account }),
        ...props?.(stack),
      });
      plan.addVolumes("windows", TAG, key(stack, "volume-key"));
      plan.addTable("order-state", `arn:aws:dynamodb:${region}:${account}:table/orders`, key(stack, "table-key"));
    });
  const json = synthPlan();
  const copied = synthPlan((stack) => {
    const place = inRegionOf(new AwsProvider(stack, "osaka", { region: "ap-northeast-3", alias: "osaka" }), stack, "copies");
    const copyKey = new EncryptionKey(place, "key", { account, alias: "copies", description: "copies" });
    return { copy: { vault: new BackupVault(place, "vault", { name: "copies", key: copyKey }), retentionDays: 9 } };
  });

  it("is daily at its time, UTC, and deletes by age without cold storage", () => {
    const { rule } = onlyResource(json, "aws_backup_plan") as { readonly rule: readonly Block[] };
    expect(plain(rule)).toEqual([
      {
        rule_name: "daily",
        target_vault_name: "vault.name",
        schedule: "cron(30 19 ? * * *)",
        schedule_expression_timezone: "UTC",
        start_window: 60,
        completion_window: 180,
        lifecycle: { delete_after: 7 },
      },
    ]);
  });

  it("selects a table by its ARN, and volumes, not their machine, by their tag", () => {
    const selections = Object.fromEntries(resourcesOf(json, "aws_backup_selection").map(({ name, ...rest }) => [name, rest]));
    expect(plain(selections)).toEqual({
      windows: expect.objectContaining({
        resources: ["arn:aws:ec2:*:*:volume/*"],
        condition: [{ string_equals: [{ key: "aws:ResourceTag/Name", value: "axia-windows" }] }],
        iam_role_arn: "role.arn",
      }),
      "order-state": expect.objectContaining({ resources: [`arn:aws:dynamodb:${region}:${account}:table/orders`] }),
    });
  });

  it("gives its role rights on what is in it, and on no snapshot of anybody else's", () => {
    expect(rightTo(json, "ec2:CreateSnapshot")).toEqual([
      expect.objectContaining({
        Resource: `arn:aws:ec2:*:${account}:volume/*`,
        Condition: { StringEquals: { "aws:ResourceTag/Name": "axia-windows" } },
      }),
      expect.objectContaining({ Resource: "arn:aws:ec2:*::snapshot/*" }),
    ]);
    expect(rightTo(json, "ec2:DeleteSnapshot")).toEqual([
      expect.objectContaining({ Condition: { Null: { "aws:ResourceTag/aws:backup:source-resource": "false" } } }),
    ]);
    expect(rightTo(json, "dynamodb:StartAwsBackupJob")).toEqual([
      expect.objectContaining({ Resource: `arn:aws:dynamodb:${region}:${account}:table/orders` }),
    ]);
    expect(rightTo(json, "kms:ReEncryptTo")).toEqual(
      ["vault-key.arn", "volume-key.arn", "table-key.arn"].map((arn) => expect.objectContaining({ Resource: arn }) as unknown),
    );
    expect(rightTo(json, "kms:CreateGrant")).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } }) as unknown),
    );
    expect(rightTo(json, "backup:CopyIntoBackupVault")).toEqual([]);
    expect(rightTo(json, "dynamodb:RestoreTableFromAwsBackup")).toEqual([]);
  });

  it("copies into the vault of another region, for as many days as that keeps them", () => {
    const { rule } = onlyResource(copied, "aws_backup_plan") as { readonly rule: readonly Block[] };
    expect(plain(rule[0])).toMatchObject({
      copy_action: [{ destination_vault_arn: "copies_vault.arn", lifecycle: { delete_after: 9 } }],
    });
    expect(rightTo(copied, "backup:CopyIntoBackupVault")).toEqual([expect.objectContaining({ Resource: "copies_vault.arn" })]);
    expect(rightTo(copied, "ec2:CopySnapshot")).toHaveLength(1);
    expect(rightTo(copied, "kms:ReEncryptTo")).toContainEqual(expect.objectContaining({ Resource: "copies_key.arn" }));
    for (const [id, { provider }] of Object.entries({ ...copied.resource!.aws_backup_vault, ...copied.resource!.aws_backup_vault_policy }))
      expect([id, provider]).toEqual([id, id.startsWith("copies_") ? "aws.osaka" : undefined]);
  });
});

describe("RestoreTesting", () => {
  const synthTesting = (props?: Partial<RestoreTestingProps>) =>
    synthConstructs((stack) => {
      const vault = new BackupVault(stack, "vault", { name: "backups", key: key(stack, "key") });
      const testing = new RestoreTesting(stack, "testing", {
        name: "tss_restore_testing",
        roleName: "restore",
        account,
        region,
        vault,
        frequency: "quarterly",
        hour: 3,
        days: 7,
        validationHours: 1,
        ...props,
      });
      const plan = new BackupPlan(stack, "plan", {
        ...daily,
        vault,
        testing,
        role: new BackupRole(stack, "role", { name: "backup", account }),
      });
      plan.addVolumes("windows", TAG);
      plan.addTable("order-state", `arn:aws:dynamodb:${region}:${account}:table/orders`);
    });
  const json = synthTesting();

  it.each([
    ["weekly", "cron(0 3 ? * 1 *)"],
    ["monthly", "cron(0 3 ? * 1#1 *)"],
    ["quarterly", "cron(0 3 ? 1,4,7,10 1#1 *)"],
  ] as const)("tries the newest backup %s, on a Sunday", (frequency, expression) => {
    expect(plain(onlyResource(synthTesting({ frequency }), "aws_backup_restore_testing_plan"))).toMatchObject({
      name: "tss_restore_testing",
      schedule_expression: expression,
      schedule_expression_timezone: "UTC",
      recovery_point_selection: [
        {
          algorithm: "LATEST_WITHIN_WINDOW",
          include_vaults: ["vault.arn"],
          recovery_point_types: ["SNAPSHOT"],
          selection_window_days: 7,
        },
      ],
    });
  });

  it("tries whatever the plan backs up, one type a selection, under names without hyphens", () => {
    const selections = resourcesOf(json, "aws_backup_restore_testing_selection");
    expect(selections.map(({ name, protected_resource_type: type, protected_resource_arns: arns }) => [name, type, arns])).toEqual([
      ["order_state", "DynamoDB", [`arn:aws:dynamodb:${region}:${account}:table/orders`]],
      ["windows", "EBS", undefined],
    ]);
    expect(selections[1]).toMatchObject({
      protected_resource_conditions: [{ string_equals: [{ key: "aws:ResourceTag/Name", value: "axia-windows" }] }],
      validation_window_hours: 1,
    });
    for (const { name } of selections) expect(name).toMatch(/^[A-Za-z0-9_]{1,50}$/);
  });

  it("writes into no table but those that are restored on trial", () => {
    const writes = rights(json).filter(({ Action }) =>
      [Action].flat().some((action) => /^dynamodb:(Put|Update|Delete|Batch|Restore)/.test(action)),
    );
    expect(writes.map(({ Resource }) => Resource)).toEqual([`arn:aws:dynamodb:${region}:${account}:table/awsbackup-restore-test-*`]);
    expect(rights(json).flatMap(({ Action }) => Action)).not.toContain("ec2:DeleteVolume");
  });
});
