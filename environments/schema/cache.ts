/** What a literal says of its caches. Part of schema.ts. */
import { z } from "zod";
import { cacheId, cacheNodeType, cacheParameter, cacheParameterValue, dailyWindow, integer, kinds, weeklyWindow } from "./fields";

const cacheCommon = {
  /** DAT-063. */
  id: cacheId,
  /** DAT-064, C-18. */
  nodeType: cacheNodeType,
  /** Maintenance, UTC (DAT-067). */
  maintenanceWindow: weeklyWindow,
  /** Snapshots, UTC (DAT-066). */
  snapshotWindow: dailyWindow,
  /** Days that a snapshot is kept (C-20); 0 takes none. */
  snapshotRetentionDays: integer(0, 35, "days"),
  /** DAT-068. */
  parameters: z.record(cacheParameter, cacheParameterValue),
};

/** The trading system's. */
export const cache = z.discriminatedUnion(
  "kind",
  [
    /** One node (DAT-064). Encryption makes it a replication group of one node: a plain cluster cannot be encrypted at rest (C-19). */
    z.strictObject({ kind: z.literal("single"), ...cacheCommon, encryption: z.boolean().default(true) }),
    /** Cluster mode over two zones, encrypted (DAT-072, NET-004, RMP-002). */
    z.strictObject({
      kind: z.literal("cluster"),
      ...cacheCommon,
      shards: integer(1, 500, "shards"),
      replicasPerShard: integer(0, 5, "replicas"),
      multiAz: z.boolean().default(true),
    }),
  ],
  kinds("kind", "single", "cluster"),
);

/** The web application's own in the tier `standard`: one node, always encrypted (DAT-075). */
export const webCache = z.strictObject(cacheCommon);
