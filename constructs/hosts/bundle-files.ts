/** What goes into the bundles: the files under `hosts/`, and what is made from the environment's values. */
import { onCalendar } from "../../environments/facts/cron";
import type { Environment } from "../../environments/schema";
import type { LongKeeping } from "../../environments/schema/database";
import { hostFolder, type Files } from "./host-files";
import { taskXml } from "./scheduled-task";
import { windowsTasks } from "./windows-tasks";

/** Prefix of what `hosts/linux/engine/backup.sh` puts into the bucket of processed market data. */
export const ENGINE_BACKUPS = "backups/engine/";

const text = (content: string) => new TextEncoder().encode(content);

/** Python that runs on both kinds of host. */
function python(): Files {
  return Object.fromEntries(Object.entries(hostFolder("common/tss_host")).map(([file, content]) => [`python/tss_host/${file}`, content]));
}

/** Files of a folder but for the one that fetches the bundle. */
const without = (files: Files, ...names: readonly string[]): Files =>
  Object.fromEntries(Object.entries(files).filter(([file]) => !names.includes(file)));

/** PowerShell, locks and the scheduled tasks. */
export function windowsFiles(environment: Pick<Environment, "collector" | "windows">): Files {
  const tasks = Object.entries(windowsTasks(environment)).map(([name, task]) => [`tasks/${name}.xml`, text(taskXml(task))]);
  return { ...without(hostFolder("windows"), "fetch.ps1"), ...(Object.fromEntries(tasks) as Files), ...python() };
}

/** Shell scripts and systemd units, with the times of the timers (LNX-007 … LNX-011). */
export function engineFiles({
  nightlyBackup,
  weeklyReport,
}: Pick<NonNullable<Environment["linuxEngine"]>, "nightlyBackup" | "weeklyReport">): Files {
  const files = Object.entries(without(hostFolder("linux/engine"), "fetch.sh", "cloud-init.yaml")).map(([file, content]) => {
    if (!file.endsWith(".timer")) return [file, content];
    const timer = new TextDecoder()
      .decode(content)
      .replaceAll("@NIGHTLY_BACKUP@", onCalendar(nightlyBackup))
      .replaceAll("@WEEKLY_REPORT@", onCalendar(weeklyReport));
    return [file, text(timer)];
  });
  return { ...(Object.fromEntries(files) as Files), ...hostFolder("linux/common"), ...python() };
}

/** Prefix of what `hosts/linux/web/dump.sh` puts into the bucket of the web application's backups. */
export const WEB_DUMPS = "database/";

/** When the web application's database is copied, Tokyo's morning, after RDS' own backup and before the markets open; and how many days lie between at the most. */
export const DUMPED: Readonly<Record<LongKeeping["every"], { readonly at: string; readonly days: number }>> = {
  week: { at: "Sun *-*-* 21:00:00 UTC", days: 7 },
  month: { at: "*-*-01 21:00:00 UTC", days: 31 },
};

/** What the web application's backend runs, and how. @param every how often its database is copied; never, where it is left out */
export function webFiles(every?: LongKeeping["every"]): Files {
  const files = Object.entries(hostFolder("linux/web")).flatMap(([file, content]) => {
    if (!file.endsWith(".timer")) return [[file, content] as const];
    return every ? [[file, text(new TextDecoder().decode(content).replaceAll("@DUMP@", DUMPED[every].at))] as const] : [];
  });
  return { ...(Object.fromEntries(files) as Files), ...hostFolder("linux/common") };
}
