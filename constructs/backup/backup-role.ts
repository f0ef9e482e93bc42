import { Construct } from "constructs";
import type { EncryptionKey } from "../identity/encryption-key";
import { Role } from "../identity/role";
import type { BackupVault } from "./backup-vault";

export interface BackupRoleProps {
  /** Physical name. */
  readonly name: string;
  /** Twelve digits. */
  readonly account: string;
}

/** AWS Backup tags what it makes with this. */
const SOURCE_TAG = "aws:ResourceTag/aws:backup:source-resource";
const SNAPSHOTS = "arn:aws:ec2:*::snapshot/*";

/**
 * Who makes backups, copies them and deletes them by their age: of AWSBackupServiceRolePolicyForBackup (v30) what volumes and tables need, on
 * what is backed up here (design 8). It must outlive the backups: AWS Backup deletes with it.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
 */
export class BackupRole extends Construct {
  readonly arn: string;
  private readonly role: Role;
  private readonly account: string;

  constructor(scope: Construct, id: string, { name, account }: BackupRoleProps) {
    super(scope, id);
    this.account = account;
    this.role = new Role(this, "role", {
      name,
      description: "AWS Backup makes, copies and deletes backups",
      assumedBy: "backup.amazonaws.com",
    });
    this.arn = this.role.arn;
    this.role.grant({ actions: ["tag:GetResources"], resources: ["*"] });
    this.role.grant({ actions: ["backup:TagResource"], resources: this.recoveryPoints });
  }

  /** What must wait until the role has its rights depends on these. */
  get granted() {
    return this.role.granted;
  }

  /** Puts backups into a vault. */
  grantVault(vault: BackupVault): void {
    this.role.grant({ actions: ["backup:DescribeBackupVault"], resources: [vault.arn] });
    vault.key?.grantBackups(this.role);
  }

  /** Copies into another vault. */
  grantCopies(to: BackupVault): void {
    this.grantVault(to);
    this.role.grant({ actions: ["backup:CopyIntoBackupVault"], resources: [to.arn] });
    // What is copied stands in its own service's name, or in AWS Backup's.
    this.role.grant({ actions: ["backup:CopyFromBackupVault"], resources: [SNAPSHOTS, ...this.recoveryPoints] });
    this.role.grant({ actions: ["ec2:CopySnapshot"], resources: [SNAPSHOTS] });
  }

  /** Makes snapshots of the volumes that have a tag, and deletes none but its own. @param key theirs */
  grantVolumes([tag, value]: readonly [key: string, value: string], key?: EncryptionKey): void {
    this.role.grant({ actions: ["ec2:DescribeSnapshots", "ec2:DescribeTags", "ec2:DescribeVolumes"], resources: ["*"] });
    this.role.grant({
      actions: ["ec2:CreateSnapshot"],
      resources: [`arn:aws:ec2:*:${this.account}:volume/*`],
      conditions: { StringEquals: { [`aws:ResourceTag/${tag}`]: value } },
    });
    this.role.grant({ actions: ["ec2:CreateSnapshot", "ec2:CreateTags"], resources: [SNAPSHOTS] });
    this.role.grant({ actions: ["ec2:DeleteSnapshot"], resources: [SNAPSHOTS], conditions: { Null: { [SOURCE_TAG]: "false" } } });
    key?.grantBackups(this.role);
  }

  /** Makes backups of a table. @param key its own */
  grantTable(arn: string, key?: EncryptionKey): void {
    this.role.grant({
      actions: ["dynamodb:DescribeTable", "dynamodb:ListTagsOfResource", "dynamodb:StartAwsBackupJob"],
      resources: [arn],
    });
    key?.grantBackups(this.role);
  }

  private get recoveryPoints(): readonly string[] {
    return [`arn:aws:backup:*:${this.account}:recovery-point:*`];
  }
}
