import { BackupVault as Vault } from "@cdktf/provider-aws/lib/backup-vault";
import { BackupVaultLockConfiguration } from "@cdktf/provider-aws/lib/backup-vault-lock-configuration";
import { BackupVaultNotifications } from "@cdktf/provider-aws/lib/backup-vault-notifications";
import { BackupVaultPolicy } from "@cdktf/provider-aws/lib/backup-vault-policy";
import { Construct } from "constructs";
import { Alarm, type AlarmTarget } from "../alarms/alarm";
import type { Calculated, Metric } from "../alarms/metric";
import type { Widget } from "../dashboards/widget";
import type { EncryptionKey } from "../identity/encryption-key";
import { policyDocument } from "../identity/policy";

/** How long whatever is put into a vault must be kept, and may be at the most, in days. */
export interface VaultLock {
  readonly minRetentionDays: number;
  readonly maxRetentionDays: number;
}

export interface BackupVaultProps {
  /** 2 to 50 letters, digits, `-` and `_`. */
  readonly name: string;
  /** @default the AWS managed key of AWS Backup */
  readonly key?: EncryptionKey;
  /**
   * In governance mode: a backup outlives its days, whoever asks, until somebody with the right to do so takes the lock away. Compliance
   * mode, which nobody can end, not AWS either, is not built: a wrong figure in it would be paid for as long as it says.
   * @default none
   */
  readonly lock?: VaultLock;
  /** Neither vault nor backups can be deleted before their time. @default true */
  readonly protect?: boolean;
}

/** What keeps backups (OPS-023, RMP-005). */
export class BackupVault extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly key?: EncryptionKey;

  constructor(scope: Construct, id: string, props: BackupVaultProps) {
    super(scope, id);
    const { name, key, lock, protect = true } = props;
    const vault = new Vault(this, "vault", {
      name,
      kmsKeyArn: key?.arn,
      // Of what is tried out, the backups go with the vault.
      forceDestroy: !protect,
      lifecycle: protect ? { preventDestroy: true } : undefined,
    });
    this.name = vault.name;
    this.arn = vault.arn;
    this.key = key;
    if (!protect) return;
    new BackupVaultPolicy(this, "policy", {
      backupVaultName: this.name,
      policy: policyDocument([
        {
          // Nobody, the deploy role included: backups go by their age, which AWS Backup sees to and no policy keeps from it. The policy itself
          // may be changed by whoever IAM lets: denied here, it would lock out those who could put a mistake right.
          sid: "BackupsGoByAge",
          effect: "Deny",
          principals: "*",
          actions: ["backup:DeleteRecoveryPoint", "backup:DisassociateRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
          resources: ["*"], // in a vault's policy: what is in this vault
        },
      ]),
    });
    if (lock) new BackupVaultLockConfiguration(this, "lock", { backupVaultName: this.name, ...lock });
  }

  /**
   * Tells of copies that failed and of restores that ended, whoever asked for them. Of backups SNS would tell of each that succeeded, every day:
   * the events of failed ones are out of use, so an alarm watches those.
   * https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultNotifications.html
   */
  tell({ arn }: AlarmTarget): void {
    new BackupVaultNotifications(this, "notifications", {
      backupVaultName: this.name,
      snsTopicArn: arn,
      backupVaultEvents: ["COPY_JOB_FAILED", "RESTORE_JOB_COMPLETED"],
    });
  }

  /** Goes off when a backup failed, was broken off, or never began in its window. @param nameSuffix end of the alarm's name */
  alarmOnFailures(target: AlarmTarget, { nameSuffix }: { readonly nameSuffix: string }): void {
    new Alarm(this, "failures-alarm", {
      ...this.failed,
      name: `Backup-Failed${nameSuffix}`,
      description: "A backup failed, was broken off or did not begin in time",
      severity: "warning",
      owner: "CloudArchitecture",
      runbook: "backup-failures",
      comparison: "GreaterThanThreshold",
      threshold: 0,
      period: 300,
      target,
    });
  }

  /**
   * Goes off when no backup was made for longer than two of them may lie apart: one that is never begun fails nowhere.
   * @param hours between a backup and the latest end of the next, 1 to 168
   */
  alarmOnSilence(target: AlarmTarget, { nameSuffix, hours }: { readonly nameSuffix: string; readonly hours: number }): void {
    new Alarm(this, "silence-alarm", {
      ...this.jobs("Completed"),
      name: `Backup-Missing${nameSuffix}`,
      description: `No backup was completed in ${hours} hours`,
      severity: "critical",
      owner: "CloudArchitecture",
      runbook: "backup-failures",
      comparison: "LessThanThreshold",
      threshold: 1,
      // By the hour: a single figure of more than a day is more than CloudWatch takes.
      period: 3600,
      evaluationPeriods: hours,
      missingData: "breaching",
      target,
    });
  }

  /** What was backed up, and what was not. */
  widgets(): readonly Widget[] {
    return [
      {
        kind: "graph",
        title: "Backups by day",
        period: 86_400,
        lines: [{ figure: this.jobs("Completed"), label: "Completed" }, { figure: this.failed }],
      },
    ];
  }

  /** A state that nobody was in has no figure. */
  private get failed(): Calculated {
    return {
      expression: "FILL(failed, 0) + FILL(aborted, 0) + FILL(expired, 0)",
      of: { failed: this.jobs("Failed"), aborted: this.jobs("Aborted"), expired: this.jobs("Expired") },
      label: "Failed",
    };
  }

  /** https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html */
  private jobs(state: "Aborted" | "Completed" | "Expired" | "Failed"): Metric {
    return {
      namespace: "AWS/Backup",
      metric: `NumberOfBackupJobs${state}`,
      dimensions: { BackupVaultName: this.name },
      statistic: "Sum",
    };
  }
}
