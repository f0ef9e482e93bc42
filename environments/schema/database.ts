/** What a literal says of its relational databases. Part of schema.ts. */
import { z } from "zod";
import { dailyWindow, databaseClass, databaseId, integer, logRetentionDays, pinnedImage, postgresName, weeklyWindow } from "./fields";

/** RDS: gp3 volumes of PostgreSQL. */
const databaseGigabytes = integer(20, 65_536, "GB");
/** PostgreSQL on RDS (C-16). */
export const rds = z.strictObject({
  id: databaseId,
  /** DAT-081, C-17. */
  instanceClass: databaseClass,
  /** DAT-081. */
  allocatedStorageGigabytes: databaseGigabytes,
  /** Up to which RDS enlarges the volume by itself. */
  maxAllocatedStorageGigabytes: databaseGigabytes,
  /**
   * PostgreSQL 15.x (DAT-083): the major version alone. RDS begins with its default minor version and applies later ones in the maintenance
   * window; a pinned one would be a downgrade in the next plan as soon as RDS retires it and upgrades all the same, as it did with 15.12 in 2026.
   */
  engineVersion: z.enum(["15", "16", "17"]),
  /** A standby in the other zone (DAT-082, C-09). */
  multiAz: z.boolean().default(true),
  /** Days that any point in time can be restored (DAT-086, OPS-024); 35 is the most that RDS offers. */
  backupRetentionDays: integer(7, 35, "days"),
  /** Days back to which it can be restored in the second region, that of `data.replication` (OPS-026). Left out: it is not copied. */
  copyRetentionDays: integer(1, 35, "days").optional(),
  /** Daily backup, UTC. */
  backupWindow: dailyWindow,
  /** Maintenance, UTC: minor versions are applied then. */
  maintenanceWindow: weeklyWindow,
  /** The first database. */
  databaseName: postgresName,
  /** Of the master user; RDS makes the password and keeps it in Secrets Manager (design 11). */
  username: postgresName,
  /** What the database waits for, kept for 7 days. PostgreSQL has it on every class, unlike MySQL (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html). */
  performanceInsights: z.boolean().default(true),
  /** Days that PostgreSQL's own log is kept. */
  logRetentionDays: logRetentionDays.default(30),
  /** Of the connections that the class takes (OBS-032). */
  connectionAlarmPercent: integer(1, 99, "percent").default(80),
});

/** Copies beyond those that RDS keeps (OPS-024, OPS-025), into `web.backupBucket`. */
const longKeeping = z.strictObject({
  /** By `pg_dump` on the backend's machine; an export of RDS' snapshots is not built. */
  kind: z.literal("dump"),
  /** Weekly, or monthly as the documents have it for one person (C-33). */
  every: z.enum(["week", "month"]),
  /** PostgreSQL's own, of the database's version or a newer one. */
  image: pinnedImage,
  /** Days that a copy is kept. */
  keepDays: integer(31, 3653, "days").default(365),
});
export type LongKeeping = z.output<typeof longKeeping>;

/** The web application's own, of whatever size its tier has (DAT-083 … DAT-086). It has no copy in a second region. */
export const webDatabase = rds.omit({ copyRetentionDays: true }).extend({
  /** Up to which RDS enlarges the volume by itself. @default it stays as it is (DAT-085) */
  maxAllocatedStorageGigabytes: databaseGigabytes.optional(),
  /** @default none */
  longKeeping: longKeeping.optional(),
});
