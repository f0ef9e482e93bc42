/** What can be lost of each part and how long it takes to have it back, added up from the literals: a table in docs/recovery.md, written by `npm run docs`. */
import type { Environment } from "../../environments/schema";
import { markdownTable } from "./markdown";

export const RECOVERY_PAGE = "docs/recovery.md";

/** What the documents ask of production, in minutes (OPS-017, OPS-018). */
export const GOALS = { loss: 60, recovery: 240 } as const;

/** What happened. */
type Disaster = "the part alone" | "the region";

/** One step on the way back. */
interface Step {
  readonly what: string;
  /** At the most; undefined where nobody has measured it. */
  readonly minutes?: number;
  /** Measured by every recovery test, which fails when the part is not back in time (OPS-018, OPS-031). @default false */
  readonly tested?: boolean;
}

export interface Way {
  readonly part: string;
  readonly lost: Disaster;
  readonly keptBy: string;
  /** Minutes of changes that are lost at the most; undefined where nobody promises any. */
  readonly loss?: number;
  /** In their order. */
  readonly steps: readonly Step[];
  /** Why a goal is missed, or cannot be said to be met (C-49); where neither is so, undefined. */
  readonly why?: string;
}

const DAY = 1440;
/** DynamoDB and RDS can be restored to any second but the last five minutes. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html, https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html */
const LATEST_MINUTES = 5;
/** A new machine installs itself (WARM_UP_SECONDS in constructs/hosts/machine-group.ts). */
const INSTALL_MINUTES = 30;
/** Reaction by tier, as D0 has it (C-49). */
const AT_ONCE: Step = { what: "tier 1 reacts at once", minutes: 0 };
const WITHIN_AN_HOUR: Step = { what: "tier 2 reacts", minutes: 60 };
const RESTORE: Step = { what: "AWS restores" };
const SWITCH: Step = { what: "switch and checks" };
/** Nobody has measured a step of it. */
const UNMEASURED = "restore and switch are measured by nobody";
const COPIED_BY_THE_DAY = "copied once a day";
const tests = ({ backup }: Environment): boolean => backup?.recoveryTest !== undefined;

interface Daily {
  readonly startWindowMinutes: number;
  readonly completionWindowMinutes: number;
}
/** Just before a backup of today is done, there is only that of yesterday. */
const lossOf = ({ startWindowMinutes, completionWindowMinutes }: Daily): number => DAY + startWindowMinutes + completionWindowMinutes;

const tableWays = (environment: Environment): readonly Way[] => {
  const { data, backup } = environment;
  const alone: Way = {
    part: "Orders table",
    lost: "the part alone",
    keptBy: `recovery to a point in time, ${data.table.recoveryPeriodDays} days`,
    loss: LATEST_MINUTES,
    ...(tests(environment)
      ? {
          steps: [AT_ONCE, { what: "AWS restores, checks", tested: true }, { what: "programs are told the copy's name" }],
          why: "the switch is measured by nobody",
        }
      : { steps: [AT_ONCE, RESTORE, SWITCH], why: UNMEASURED }),
  };
  if (!backup?.table || !backup.copies) return [alone, nothing("Orders table")];
  return [
    alone,
    {
      part: "Orders table",
      lost: "the region",
      keptBy: `a daily copy, ${backup.copies.retentionDays} days`,
      loss: lossOf(backup.table),
      steps: [WITHIN_AN_HOUR, RESTORE, SWITCH],
      why: `${COPIED_BY_THE_DAY}; ${UNMEASURED}`,
    },
  ];
};

const nothing = (part: string): Way => ({
  part,
  lost: "the region",
  keptBy: "nothing",
  loss: Infinity,
  steps: [],
  why: "not copied to a second region",
});

const bucketWays = (environment: Environment): readonly Way[] => {
  const { buckets, replication } = environment.data;
  const days = Math.min(...Object.values(buckets).map(({ noncurrentVersionDays }) => noncurrentVersionDays));
  return [
    {
      part: "Trading buckets",
      lost: "the part alone",
      keptBy: `versions, ${days} days after they were overwritten or deleted`,
      loss: 0,
      ...(tests(environment)
        ? {
            steps: [AT_ONCE, { what: "a sample of versions is copied back, checks", tested: true }, { what: "all others in the same way" }],
            why: "how long all objects take is measured by nobody",
          }
        : { steps: [AT_ONCE, { what: "the older version is copied back" }, SWITCH], why: UNMEASURED }),
    },
    replication
      ? {
          part: "Trading buckets",
          lost: "the region",
          keptBy: `copies in ${replication.region}`,
          steps: [WITHIN_AN_HOUR, SWITCH],
          why: "S3 promises no time; the switch is measured by nobody",
        }
      : nothing("Trading buckets"),
  ];
};

const databaseWays = ({ data: { rds, replication } }: Environment): readonly Way[] => {
  if (!rds) return [];
  return [
    {
      part: "Database",
      lost: "the part alone",
      keptBy: `RDS's automated backups, ${rds.backupRetentionDays} days`,
      loss: LATEST_MINUTES,
      steps: [WITHIN_AN_HOUR, RESTORE, SWITCH],
      why: UNMEASURED,
    },
    replication && rds.copyRetentionDays !== undefined
      ? {
          part: "Database",
          lost: "the region",
          keptBy: `RDS's copies of them in ${replication.region}, ${rds.copyRetentionDays} days`,
          steps: [WITHIN_AN_HOUR, RESTORE, SWITCH],
          why: `RDS promises no time; ${UNMEASURED}`,
        }
      : nothing("Database"),
  ];
};

/** Hosts keep nothing that is not elsewhere too: losing one loses no data, and their volumes are for what somebody put there by hand. */
const hostWays = (environment: Environment): readonly Way[] => [
  {
    part: "Hosts",
    lost: "the part alone",
    keptBy: "image and bundle, from which a new one is made",
    loss: 0,
    ...(tests(environment)
      ? { steps: [AT_ONCE, { what: "a new machine installs itself, checks", minutes: INSTALL_MINUTES, tested: true }] }
      : {
          steps: [AT_ONCE, { what: "a new machine installs itself", minutes: INSTALL_MINUTES }, { what: "checks" }],
          why: "the checks are measured by nobody",
        }),
  },
  ...(environment.backup
    ? [
        {
          part: "What was put on a host by hand",
          lost: "the part alone" as const,
          keptBy: `daily snapshots, ${environment.backup.volumes.retentionDays} days`,
          loss: lossOf(environment.backup.volumes),
          steps: [WITHIN_AN_HOUR, RESTORE, SWITCH],
          why: `${COPIED_BY_THE_DAY}; ${UNMEASURED}`,
        },
      ]
    : []),
];

/** How each part of an environment comes back, from each disaster. */
export const waysOf = (environment: Environment): readonly Way[] => [
  ...tableWays(environment),
  ...bucketWays(environment),
  ...databaseWays(environment),
  ...hostWays(environment),
];

const duration = (minutes: number): string => {
  if (minutes === Infinity) return "everything";
  if (minutes === 0) return "nothing";
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ""}`;
};

/** @returns whether the goal is met; undefined where somebody must measure first */
export const meetsLoss = ({ loss }: Way): boolean | undefined => (loss === undefined ? undefined : loss <= GOALS.loss);

/** As `meetsLoss`: what is known alone may be too long already; a step that is tested is held to the goal by the test. */
export function meetsRecovery({ steps }: Way): boolean | undefined {
  const known = steps.reduce((sum, { minutes = 0 }) => sum + minutes, 0);
  if (steps.length === 0 || known > GOALS.recovery) return false;
  return steps.some(({ minutes, tested }) => minutes === undefined && !tested) ? undefined : true;
}

const verdict = (met: boolean | undefined): string => (met === undefined ? "not known" : met ? "yes" : "**no**");
function shown({ what, minutes, tested }: Step): string {
  const known = [...(minutes === undefined ? [] : [`${minutes} min`]), ...(tested ? ["tested"] : [])];
  return `${what} (${known.join(", ") || "not measured"})`;
}

/** The table, under a heading for each environment. */
export const recoveryTables = (environments: readonly Environment[]): string =>
  environments
    .map((environment) =>
      [
        `### ${environment.name}`,
        markdownTable(
          ["part", "lost", "kept by", "changes lost at the most", "1 h?", "steps back", "4 h?", "why not"],
          waysOf(environment).map((way) => [
            way.part,
            way.lost,
            way.keptBy,
            way.loss === undefined ? "no promise" : duration(way.loss),
            verdict(meetsLoss(way)),
            way.steps.length === 0 ? "–" : way.steps.map(shown).join(", "),
            verdict(meetsRecovery(way)),
            way.why ?? "",
          ]),
        ),
      ].join("\n\n"),
    )
    .join("\n\n");

const [BEGIN, END] = ["<!-- written by npm run docs -->", "<!-- end of what is written by npm run docs -->"];

/** The page with its tables as the literals have them. @throws Error when the page has lost the marks around them */
export function recoveryPage(page: string, environments: readonly Environment[]): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${RECOVERY_PAGE}: ${BEGIN} and ${END} must stand around its tables`);
  return `${page.slice(0, begin)}${BEGIN}\n\n${recoveryTables(environments)}\n\n${page.slice(end)}`;
}
