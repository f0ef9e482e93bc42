/** Rules of the times at which an environment rests. */
import { coversRest, longestRest, startOn, touchesRest } from "../facts/rests";
import { servicesRest, type Schedule } from "../schema/schedule";
import { databasesOf } from "./database";
import { pathTo, repeated, type Finding, type Rule } from "./finding";
import { windowTimes } from "./windows";

/** A rule over the schedule, where there is one. */
const scheduleRule = (name: string, check: (schedule: Schedule) => readonly Finding[]): Rule => ({
  name,
  reads: ["schedule"],
  check: ({ schedule }) => (schedule ? check(schedule) : []),
});

/** Minutes after which RDS starts a stopped instance by itself. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html */
const RDS_STARTS_AFTER = 7 * 1440;

export const SCHEDULE_RULES: readonly Rule[] = [
  scheduleRule("a schedule stops and starts at different times", (schedule) =>
    (
      [
        ["schedule", schedule],
        ["schedule.services", schedule.services],
      ] as const
    ).flatMap(([path, times]): Finding[] =>
      times && times.stop === times.start
        ? [{ path: `${path}.start`, value: times.start, allowed: `another time than ${path}.stop ${times.stop}` }]
        : [],
    ),
  ),
  {
    name: "production never rests",
    reads: ["schedule", "stage"],
    check: ({ schedule, stage }) =>
      schedule && stage === "production" ? [{ path: "schedule", value: schedule, allowed: `nothing, because stage is ${stage}` }] : [],
  },
  // They would run without their database, and without NAT.
  scheduleRule("services rest whenever everything else does", (schedule) =>
    // One that begins when it ends is refused above.
    schedule.services && schedule.services.stop !== schedule.services.start && !coversRest(schedule.services, schedule)
      ? [
          {
            path: "schedule.services",
            value: schedule.services,
            allowed: `hours that hold those of schedule, from ${schedule.stop} to ${schedule.start}`,
          },
        ]
      : [],
  ),
  scheduleRule("each holiday stands once", ({ holidays }) => repeated("schedule.holidays", holidays)),
  scheduleRule("a holiday leaves out a start", ({ holidays, services, start }) =>
    holidays.flatMap((day, index): Finding[] =>
      [start, ...(services ? [services.start] : [])].some((cron) => startOn(cron, day) !== undefined)
        ? []
        : [
            {
              path: `schedule.holidays[${index}]`,
              value: day,
              allowed: `a day in Tokyo on which something would start: at ${start}${services ? ` or ${services.start}` : ""}, UTC`,
            },
          ],
    ),
  ),
  {
    // The stop that follows would come while RDS still starts it, and fail.
    name: "a database rests for less than seven days",
    reads: ["schedule", "data.rds", "web"],
    check: ({ data, schedule, web }) =>
      schedule && databasesOf({ data, web }).length > 0 && longestRest(schedule) >= RDS_STARTS_AFTER
        ? [
            {
              path: "schedule.holidays",
              value: schedule.holidays,
              allowed: `no rest of seven days, after which RDS starts the database by itself; schedule.start may name more days, such as "0 20 * * SUN-THU": what runs is not started again`,
            },
          ]
        : [],
  },
  {
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Maintenance.html
    name: "a database has its maintenance while it runs",
    reads: ["schedule", "data.rds", "web"],
    check: ({ data, schedule, web }) =>
      databasesOf({ data, web }).flatMap(([path, { maintenanceWindow }]): Finding[] => {
        const { length, start } = windowTimes(maintenanceWindow);
        return schedule && touchesRest(schedule, start, length)
          ? [
              {
                path: `${path}.maintenanceWindow`,
                value: maintenanceWindow,
                allowed: `hours at which the database runs: it rests from ${schedule.stop} to ${schedule.start}`,
              },
            ]
          : [];
      }),
  },
  {
    // Both set the limits of scaling, and whichever comes last would hold. In a cluster nodes rest, and pods wait for them.
    name: "one schedule decides on a service's tasks",
    reads: ["schedule", "services", "platform", "web"],
    check: ({ platform, schedule, services, web }) => {
      const onEcs = [
        ...(platform === "ecs" ? Object.entries(services).map(([name, { scaling }]) => [pathTo("services", name), scaling] as const) : []),
        ["web.service", web?.service?.scaling] as const,
      ];
      return onEcs.flatMap(([path, scaling]): Finding[] =>
        servicesRest(schedule) && scaling && scaling.schedule.length > 0
          ? [
              {
                path: `${path}.scaling.schedule`,
                value: scaling.schedule,
                allowed: "no schedule beside that of the environment, which stops and starts every service",
              },
            ]
          : [],
      );
    },
  },
];
