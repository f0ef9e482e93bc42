import { BackupRestoreTestingPlan } from "@cdktf/provider-aws/lib/backup-restore-testing-plan";
import { BackupRestoreTestingSelection } from "@cdktf/provider-aws/lib/backup-restore-testing-selection";
import { Construct } from "constructs";
import type { EncryptionKey } from "../identity/encryption-key";
import { Role } from "../identity/role";
import type { BackupVault } from "./backup-vault";

/** How often: OPS-031 asks for a quarter. */
export type RestoreTestingFrequency = "weekly" | "monthly" | "quarterly";

export interface RestoreTestingProps {
  /** 1 to 50 letters, digits and `_`. */
  readonly name: string;
  /** Physical name. */
  readonly roleName: string;
  /** Twelve digits. */
  readonly account: string;
  /** Such as `ap-northeast-1`. */
  readonly region: string;
  /** Whose backups are tried. */
  readonly vault: BackupVault;
  readonly frequency: RestoreTestingFrequency;
  /** On a Sunday, UTC, when no market is open. */
  readonly hour: number;
  /** Of the backups of so many days the newest is tried. */
  readonly days: number;
  /** Hours that what was restored stays to be looked at. */
  readonly validationHours: number;
}

/** The first Sunday is `1#1`, for AWS Backup and for EventBridge Scheduler. https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html */
const DAYS: Readonly<Record<RestoreTestingFrequency, string>> = { weekly: "* 1", monthly: "* 1#1", quarterly: "1,4,7,10 1#1" };
/** On a Sunday, UTC, when no market is open. @param hour of the day */
export const testingSchedule = (frequency: RestoreTestingFrequency, hour: number): string => `cron(0 ${hour} ? ${DAYS[frequency]} *)`;

/** Hours within which AWS Backup begins, for each at a time of its own. */
const START_WINDOW_HOURS = 1;

/**
 * Restores the newest backups beside what is there, says whether and how fast that worked, and deletes what it restored (OPS-031).
 * Put into a plan of backups, it tries whatever that plan backs up.
 */
export class RestoreTesting extends Construct {
  private readonly name: string;
  private readonly role: Role;
  private readonly props: RestoreTestingProps;

  constructor(scope: Construct, id: string, props: RestoreTestingProps) {
    super(scope, id);
    const { name, roleName, vault, frequency, hour, days } = props;
    this.props = props;
    this.role = new Role(this, "role", {
      name: roleName,
      description: "AWS Backup restores backups on trial",
      assumedBy: "backup.amazonaws.com",
    });
    vault.key?.grantBackups(this.role);
    this.name = new BackupRestoreTestingPlan(this, "plan", {
      name,
      scheduleExpression: testingSchedule(frequency, hour),
      scheduleExpressionTimezone: "UTC",
      startWindowHours: START_WINDOW_HOURS,
      recoveryPointSelection: [
        { algorithm: "LATEST_WITHIN_WINDOW", includeVaults: [vault.arn], recoveryPointTypes: ["SNAPSHOT"], selectionWindowDays: days },
      ],
    }).name;
  }

  /** @param id becomes the selection's name, with `_` for `-` @param key the table's own */
  addTable(id: string, arn: string, key?: EncryptionKey): void {
    const { account, region } = this.props;
    this.role.grant({
      // Into a table that AWS Backup names so, and no other. https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html
      actions: [
        "dynamodb:BatchWriteItem",
        "dynamodb:DeleteItem",
        "dynamodb:DescribeTable",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:RestoreTableFromAwsBackup",
        "dynamodb:Scan",
        "dynamodb:UpdateItem",
      ],
      resources: [`arn:aws:dynamodb:${region}:${account}:table/awsbackup-restore-test-*`],
    });
    key?.grantBackups(this.role);
    this.selection(id, "DynamoDB", { protectedResourceArns: [arn] });
  }

  /** Volumes by their tag. @param id as of `addTable` @param key theirs */
  addVolumes(id: string, [tag, value]: readonly [key: string, value: string], key?: EncryptionKey): void {
    const { account, region } = this.props;
    const volumes = `arn:aws:ec2:${region}:${account}:volume/*`;
    this.role.grant({ actions: ["ec2:DescribeSnapshots", "ec2:DescribeVolumes"], resources: ["*"] });
    this.role.grant({ actions: ["ec2:CreateVolume"], resources: ["arn:aws:ec2:*::snapshot/*", volumes] });
    this.role.grant({
      actions: ["ec2:CreateTags"],
      resources: [volumes],
      conditions: { StringEquals: { "ec2:CreateAction": "CreateVolume" } },
    });
    key?.grantBackups(this.role);
    // Without a list: the provider takes either of both, and AWS then looks at every volume.
    this.selection(id, "EBS", {
      protectedResourceConditions: [{ stringEquals: [{ key: `aws:ResourceTag/${tag}`, value }] }],
    });
  }

  private selection(
    id: string,
    protectedResourceType: "DynamoDB" | "EBS",
    what: Pick<ConstructorParameters<typeof BackupRestoreTestingSelection>[2], "protectedResourceArns" | "protectedResourceConditions">,
  ): void {
    new BackupRestoreTestingSelection(this, id, {
      name: id.replaceAll("-", "_"),
      restoreTestingPlanName: this.name,
      iamRoleArn: this.role.arn,
      protectedResourceType,
      validationWindowHours: this.props.validationHours,
      ...what,
    });
  }
}
