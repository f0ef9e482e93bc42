/** What a literal says of backups and recovery. Part of schema.ts. */
import { z } from "zod";
import { backupVaultName, bucketName, dailyCron, integer } from "./fields";

/** AWS Backup keeps a backup for a hundred years at the most. */
const retentionDays = integer(1, 36_500, "days");

/** Every day at one time. */
const daily = {
  /** UTC. */
  cron: dailyCron,
  /** Days after which a backup is deleted. It never goes to cold storage, where 90 days are paid for at the least. */
  retentionDays,
  /** Minutes within which it begins. */
  startWindowMinutes: integer(60, 1440, "minutes").default(60),
  /** Minutes within which it ends after it began; else AWS Backup breaks it off. */
  completionWindowMinutes: integer(61, 1440, "minutes").default(180),
};

/** When something is tried. */
const trial = {
  /** Once in so long, on the first Sunday, when no market is open (OPS-031: quarterly). */
  frequency: z.enum(["weekly", "monthly", "quarterly"]),
  /** Of the day, UTC. */
  hour: integer(0, 23, "hours"),
};

/** Backups beside what table, buckets and database keep by themselves (OPS-017, OPS-018, OPS-023, RMP-005, C-51; docs/recovery.md). */
export const backup = z.strictObject({
  /** What keeps them, in the environment's region. */
  vaultName: backupVaultName,
  /** Of the hosts' volumes (OPS-023). */
  volumes: z.strictObject(daily),
  /** Of the orders table, to be copied: DynamoDB's own recovery to a point in time stays in its region. */
  table: z.strictObject(daily).optional(),
  /** Copies in the second region, that of `data.replication` (RMP-005, phase 3). */
  copies: z
    .strictObject({
      /** What keeps them there. */
      vaultName: backupVaultName,
      /** Days after which a copy is deleted. */
      retentionDays,
    })
    .optional(),
  /** For both vaults: no backup goes before its days are over, whoever asks, until somebody with the right to do so ends the lock (governance mode). */
  lock: z.strictObject({ minRetentionDays: retentionDays, maxRetentionDays: retentionDays }).optional(),
  /** Backups are restored on trial and deleted again (OPS-031). */
  restoreTesting: z
    .strictObject({
      ...trial,
      /** Hours that what was restored stays to be looked at. */
      validationHours: integer(1, 168, "hours").default(1),
    })
    .optional(),
  /** Table, objects and Windows host are recovered beside themselves, compared, timed and deleted again (OPS-028 … OPS-031). */
  recoveryTest: z
    .strictObject({
      ...trial,
      /** What keeps the reports, and the copies as long as a run lasts. */
      bucketName,
    })
    .optional(),
});
