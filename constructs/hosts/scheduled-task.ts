/** A task of the Windows Task Scheduler, as typed values, and its XML of schema version 1.2 (WIN-026). */
import { XMLBuilder } from "fast-xml-parser";
import { WEEKDAYS, type Weekday } from "../../environments/facts/cron";

export type Trigger =
  /** When Windows starts; `delay` in minutes. @default no delay */
  | { readonly kind: "boot"; readonly delayMinutes?: number }
  /** When a user logs on to a desktop. */
  | { readonly kind: "logon"; readonly user: string }
  /** On days of the week at a time of the day, in UTC. */
  | { readonly kind: "weekly"; readonly days: readonly Weekday[]; readonly hour: number; readonly minute: number };

/** Who the task runs as, always with all rights of that account. */
export type Principal =
  /** LocalSystem: needs neither password nor desktop. */
  | { readonly kind: "system" }
  /** A user who is logged on, on that user's desktop. */
  | { readonly kind: "interactive"; readonly user: string };

export interface ScheduledTask {
  readonly description: string;
  readonly trigger: Trigger;
  readonly principal: Principal;
  /** Absolute path of a program. */
  readonly command: string;
  /** As one line, quoted where a path has spaces. @default none */
  readonly arguments?: string;
  readonly workingDirectory: string;
  /**
   * Tries after the Task Scheduler could not start the program. One that ended, whatever its exit code, it need not start again: the watchdog does.
   * https://learn.microsoft.com/openspecs/windows_protocols/ms-tsch/2ff4aa5a-7bc4-449f-bbb1-27475645867f @default none
   */
  readonly restart?: { readonly count: number; readonly intervalMinutes: number };
}

/** LocalSystem's security id: names of accounts depend on the language of Windows. */
const SYSTEM_SID = "S-1-5-18";
/** The documented day from which triggers count (WIN-027). */
const FIRST_DAY = "2025-01-01";

const WEEKDAY_ELEMENTS: Readonly<Record<Weekday, string>> = {
  SUN: "Sunday",
  MON: "Monday",
  TUE: "Tuesday",
  WED: "Wednesday",
  THU: "Thursday",
  FRI: "Friday",
  SAT: "Saturday",
};

/** The task's XML; the order within a trigger is the schema's (MS-TSCH 2.5.3). */
export function taskXml(task: ScheduledTask): string {
  const { description, principal, restart, command, workingDirectory } = task;
  return new XMLBuilder({ format: true, ignoreAttributes: false, suppressEmptyNode: true }).build({
    "?xml": { "@_version": "1.0", "@_encoding": "UTF-8" },
    Task: {
      "@_version": "1.2",
      "@_xmlns": "http://schemas.microsoft.com/windows/2004/02/mit/task",
      RegistrationInfo: { Description: description },
      Triggers: triggerElement(task.trigger),
      Principals: {
        Principal: {
          "@_id": "Author",
          // No LogonType for LocalSystem: the documented ServiceAccount is not in the schema, and a group such as S-1-5-32-544 is no user (C-47).
          ...(principal.kind === "system" ? { UserId: SYSTEM_SID } : { UserId: principal.user, LogonType: "InteractiveToken" }),
          RunLevel: "HighestAvailable",
        },
      },
      // WIN-029.
      Settings: {
        MultipleInstancesPolicy: "IgnoreNew",
        DisallowStartIfOnBatteries: false,
        StopIfGoingOnBatteries: false,
        AllowHardTerminate: true,
        StartWhenAvailable: false,
        RunOnlyIfNetworkAvailable: false,
        ExecutionTimeLimit: "PT0S", // no limit
        Priority: 7,
        ...(restart && { RestartOnFailure: { Interval: `PT${restart.intervalMinutes}M`, Count: restart.count } }),
      },
      Actions: {
        "@_Context": "Author",
        Exec: { Command: command, ...(task.arguments && { Arguments: task.arguments }), WorkingDirectory: workingDirectory },
      },
    },
  }) as string;
}

function triggerElement(trigger: Trigger) {
  if (trigger.kind === "boot") {
    return {
      BootTrigger: {
        Enabled: true,
        StartBoundary: `${FIRST_DAY}T00:00:00Z`,
        ...(trigger.delayMinutes && { Delay: `PT${trigger.delayMinutes}M` }),
      },
    };
  }
  if (trigger.kind === "logon") return { LogonTrigger: { Enabled: true, StartBoundary: `${FIRST_DAY}T00:00:00Z`, UserId: trigger.user } };
  const time = [trigger.hour, trigger.minute].map((value) => String(value).padStart(2, "0")).join(":");
  const days = WEEKDAYS.filter((day) => trigger.days.includes(day)).map((day) => [WEEKDAY_ELEMENTS[day], ""]);
  return {
    CalendarTrigger: {
      Enabled: true,
      StartBoundary: `${FIRST_DAY}T${time}:00Z`,
      ScheduleByWeek: { WeeksInterval: 1, DaysOfWeek: Object.fromEntries(days) },
    },
  };
}
