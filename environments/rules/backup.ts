/** Rules of backups and their copies. */
import { touchesRest } from "../facts/rests";
import type { Environment } from "../schema";
import type { Finding, Rule } from "./finding";

type Backup = NonNullable<Environment["backup"]>;
/** A rule over the block of its own, where there is one. */
const backupRule = (name: string, check: (backup: Backup) => readonly Finding[]): Rule => ({
  name,
  reads: ["backup"],
  check: ({ backup }) => (backup ? check(backup) : []),
});

const DAY_MINUTES = 1440;
/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingRecoveryPointSelection.html */
const MOST_TESTED_DAYS = 365;

/** Whatever is kept for some days, by its path. */
const kept = ({ volumes, table, copies }: Backup): readonly (readonly [path: string, days: number])[] => [
  ["backup.volumes.retentionDays", volumes.retentionDays],
  ...(table ? [["backup.table.retentionDays", table.retentionDays] as const] : []),
  ...(copies ? [["backup.copies.retentionDays", copies.retentionDays] as const] : []),
];

const plans = ({ volumes, table }: Backup) => [["backup.volumes", volumes] as const, ...(table ? [["backup.table", table] as const] : [])];

export const BACKUP_RULES: readonly Rule[] = [
  {
    name: "only development does without backups",
    reads: ["stage", "backup"],
    check: ({ stage, backup }) =>
      stage !== "development" && !backup ? [{ path: "backup", value: undefined, allowed: `an object, because stage is ${stage}` }] : [],
  },
  backupRule("a lock has room between its limits", ({ lock }) =>
    lock && lock.maxRetentionDays < lock.minRetentionDays
      ? [
          {
            path: "backup.lock.maxRetentionDays",
            value: lock.maxRetentionDays,
            allowed: `backup.lock.minRetentionDays ${lock.minRetentionDays} or more`,
          },
        ]
      : [],
  ),
  // A job with other days is refused by the vault, every night. https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
  backupRule("backups are kept as long as the lock takes", (backup) => {
    const { lock } = backup;
    if (!lock || lock.maxRetentionDays < lock.minRetentionDays) return [];
    return kept(backup)
      .filter(([, days]) => days < lock.minRetentionDays || days > lock.maxRetentionDays)
      .map(([path, value]) => ({
        path,
        value,
        allowed: `${lock.minRetentionDays} to ${lock.maxRetentionDays}: backup.lock takes nothing else`,
      }));
  }),
  {
    name: "a locked vault is protected",
    reads: ["backup", "deletionProtection"],
    check: ({ backup, deletionProtection }) =>
      backup?.lock && !deletionProtection
        ? [
            {
              path: "backup.lock",
              value: backup.lock,
              allowed: "no lock, because deletionProtection is false: what may be deleted is not locked",
            },
          ]
        : [],
  },
  {
    name: "copies of backups have a second region",
    reads: ["backup", "data.replication"],
    check: ({ backup, data: { replication } }) =>
      backup?.copies && !replication
        ? [{ path: "backup.copies", value: backup.copies, allowed: "no copies, because data.replication names no second region" }]
        : [],
  },
  // DynamoDB itself restores any second of recoveryPeriodDays in its own region.
  backupRule("a table is backed up to be copied", ({ table, copies }) =>
    table && !copies
      ? [
          {
            path: "backup.copies",
            value: undefined,
            allowed: "an object, because backup.table is made to be copied: in its own region DynamoDB restores the table by itself",
          },
        ]
      : [],
  ),
  backupRule("a backup ends before the next begins", (backup) =>
    plans(backup).flatMap(([path, { startWindowMinutes, completionWindowMinutes }]): Finding[] =>
      startWindowMinutes + completionWindowMinutes > DAY_MINUTES
        ? [
            {
              path: `${path}.completionWindowMinutes`,
              value: completionWindowMinutes,
              allowed: `${DAY_MINUTES - startWindowMinutes} at the most with ${path}.startWindowMinutes ${startWindowMinutes}: a day has ${DAY_MINUTES} minutes`,
            },
          ]
        : [],
    ),
  ),
  // https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html
  backupRule("a backup has longer to end than to begin", (backup) =>
    plans(backup).flatMap(([path, { startWindowMinutes, completionWindowMinutes }]): Finding[] =>
      completionWindowMinutes <= startWindowMinutes
        ? [
            {
              path: `${path}.completionWindowMinutes`,
              value: completionWindowMinutes,
              allowed: `more than ${path}.startWindowMinutes ${startWindowMinutes}`,
            },
          ]
        : [],
    ),
  ),
  backupRule("restores are tried within the days that AWS takes", ({ restoreTesting, volumes }) =>
    restoreTesting && volumes.retentionDays > MOST_TESTED_DAYS
      ? [
          {
            path: "backup.volumes.retentionDays",
            value: volumes.retentionDays,
            allowed: `${MOST_TESTED_DAYS} at the most with backup.restoreTesting, which looks for the newest backup so far back`,
          },
        ]
      : [],
  ),
  {
    name: "recovery is tested while machines run",
    reads: ["backup", "schedule"],
    check: ({ backup, schedule }) =>
      schedule && backup?.recoveryTest && touchesRest(schedule, SUNDAY + backup.recoveryTest.hour * 60, TEST_MINUTES)
        ? [
            {
              path: "backup.recoveryTest.hour",
              value: backup.recoveryTest.hour,
              allowed: `an hour of Sunday from which machines run for ${TEST_MINUTES / 60} hours: they rest from ${schedule.stop} to ${schedule.start}`,
            },
          ]
        : [],
  },
];

/** Minutes from Monday, midnight UTC. */
const SUNDAY = 6 * DAY_MINUTES;
/** As long as a recovery may take (OPS-011). */
const TEST_MINUTES = 240;
