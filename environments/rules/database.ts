/** Rules of the relational databases (RDS): the services' and the web application's. */
import type { Environment } from "../schema";
import type { Finding, Rule } from "./finding";
import { windowsOverlap, windowMinutes } from "./windows";

type WebDatabase = NonNullable<NonNullable<Environment["web"]>["database"]>;

/** Each database with its path. */
export const databasesOf = ({
  data: { rds },
  web,
}: Pick<Environment, "data" | "web">): readonly (readonly [path: string, WebDatabase])[] => [
  ...(rds ? [["data.rds", rds] as const] : []),
  ...(web?.database ? [["web.database", web.database] as const] : []),
];

/** A rule over every database's own block. */
const rdsRule = (name: string, check: (database: WebDatabase, path: string) => readonly Finding[]): Rule => ({
  name,
  reads: ["data.rds", "web"],
  check: (environment) => databasesOf(environment).flatMap(([path, database]) => check(database, path)),
});

export const DATABASE_RULES: readonly Rule[] = [
  {
    name: "the database is described exactly when it is RDS",
    reads: ["database", "data.rds"],
    check: ({ database, data: { rds } }) => {
      if (database === "rds") return rds ? [] : [{ path: "data.rds", value: undefined, allowed: 'an object, because database is "rds"' }];
      return rds ? [{ path: "database", value: database, allowed: '"rds", because data.rds describes one; or leave data.rds out' }] : [];
    },
  },
  {
    // C-09.
    name: "production's database survives a zone",
    reads: ["stage", "data.rds"],
    check: ({ stage, data: { rds } }) =>
      stage === "production" && rds && !rds.multiAz
        ? [{ path: "data.rds.multiAz", value: false, allowed: "true, because stage is production" }]
        : [],
  },
  {
    // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StartDBInstanceAutomatedBackupsReplication.html
    name: "a database is copied into a second region, under a key of one's own",
    reads: ["data.rds", "data.replication", "customerManagedKeys"],
    check: ({ data: { rds, replication }, customerManagedKeys }) => {
      if (rds?.copyRetentionDays === undefined || (replication && customerManagedKeys)) return [];
      const why = replication
        ? "customerManagedKeys is false, and RDS copies encrypted backups under such a key only"
        : "data.replication names no second region";
      return [{ path: "data.rds.copyRetentionDays", value: rds.copyRetentionDays, allowed: `nothing, because ${why}` }];
    },
  },
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
  rdsRule("the database's storage can grow", ({ allocatedStorageGigabytes: now, maxAllocatedStorageGigabytes: most }, path) => {
    const least = Math.ceil((now * 11) / 10);
    return most === undefined || most >= least
      ? []
      : [
          {
            path: `${path}.maxAllocatedStorageGigabytes`,
            value: most,
            allowed: `${least} or more: a tenth above ${path}.allocatedStorageGigabytes ${now} at the least`,
          },
        ];
  }),
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
  rdsRule("database windows last 30 minutes or more", (rds, path) =>
    (["backupWindow", "maintenanceWindow"] as const).flatMap((key): Finding[] =>
      windowMinutes(rds[key]) >= 30 ? [] : [{ path: `${path}.${key}`, value: rds[key], allowed: "a window of 30 minutes or more" }],
    ),
  ),
  rdsRule("database maintenance and backups do not overlap", ({ backupWindow, maintenanceWindow }, path) =>
    windowsOverlap(maintenanceWindow, backupWindow)
      ? [
          {
            path: `${path}.maintenanceWindow`,
            value: maintenanceWindow,
            allowed: `a window apart from ${path}.backupWindow ${backupWindow}: RDS refuses windows that overlap`,
          },
        ]
      : [],
  ),
];
