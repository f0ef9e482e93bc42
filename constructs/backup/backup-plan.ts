import { BackupPlan as Plan } from "@cdktf/provider-aws/lib/backup-plan";
import { BackupSelection } from "@cdktf/provider-aws/lib/backup-selection";
import { Construct } from "constructs";
import { eventBridgeCron } from "../../environments/facts/cron";
import type { EncryptionKey } from "../identity/encryption-key";
import type { BackupRole } from "./backup-role";
import type { BackupVault } from "./backup-vault";
import type { RestoreTesting } from "./restore-testing";

export interface BackupPlanProps {
  /** 1 to 50 letters, digits, `-`, `_` and `.`. */
  readonly name: string;
  readonly vault: BackupVault;
  readonly role: BackupRole;
  /** Minute, hour, days of the week, UTC: `0 18 * * *`. */
  readonly cron: string;
  /** After which a backup is deleted; it never goes to cold storage, where 90 days are paid for at the least. */
  readonly retentionDays: number;
  /** Within which a backup begins, 60 or more. */
  readonly startWindowMinutes: number;
  /** Within which it ends after it began; else it is broken off. */
  readonly completionWindowMinutes: number;
  /** A copy of each backup in another vault, and the days after which it is deleted. @default none */
  readonly copy?: { readonly vault: BackupVault; readonly retentionDays: number };
  /** Tries what is in the plan. @default none */
  readonly testing?: RestoreTesting;
}

/** When backups are made of what constructs put into it (`host.backUp(plan)`, `table.backUp(plan)`), and how long they are kept. */
export class BackupPlan extends Construct {
  private readonly id: string;
  private readonly role: BackupRole;
  private readonly testing?: RestoreTesting;

  constructor(scope: Construct, id: string, props: BackupPlanProps) {
    super(scope, id);
    const { name, vault, role, cron, retentionDays, startWindowMinutes, completionWindowMinutes, copy, testing } = props;
    this.role = role;
    this.testing = testing;
    role.grantVault(vault);
    if (copy) role.grantCopies(copy.vault);
    this.id = new Plan(this, "plan", {
      name,
      rule: [
        {
          ruleName: name,
          targetVaultName: vault.name,
          schedule: eventBridgeCron(cron),
          scheduleExpressionTimezone: "UTC",
          startWindow: startWindowMinutes,
          completionWindow: completionWindowMinutes,
          lifecycle: { deleteAfter: retentionDays },
          copyAction: copy && [{ destinationVaultArn: copy.vault.arn, lifecycle: { deleteAfter: copy.retentionDays } }],
        },
      ],
    }).id;
  }

  /** A table, by its ARN. @param id also the selection's name, 1 to 50 letters, digits, `-`, `_` and `.` @param key the table's own */
  addTable(id: string, arn: string, key?: EncryptionKey): void {
    this.role.grantTable(arn, key);
    this.testing?.addTable(id, arn, key);
    this.selection(id, { resources: [arn] });
  }

  /** The volumes that have a tag: those of a group of machines come and go, so that no list could name them. @param id as of `addTable` @param key theirs */
  addVolumes(id: string, tag: readonly [key: string, value: string], key?: EncryptionKey): void {
    this.role.grantVolumes(tag, key);
    this.testing?.addVolumes(id, tag, key);
    this.selection(id, {
      resources: ["arn:aws:ec2:*:*:volume/*"],
      // Both must hold: the instance has the same tag.
      condition: [{ stringEquals: [{ key: `aws:ResourceTag/${tag[0]}`, value: tag[1] }] }],
    });
  }

  private selection(id: string, what: Pick<ConstructorParameters<typeof BackupSelection>[2], "resources" | "condition">): void {
    new BackupSelection(this, id, {
      name: id,
      planId: this.id,
      iamRoleArn: this.role.arn,
      ...what,
      dependsOn: [...this.role.granted],
    });
  }
}
