/** The daily commands (D0 Appendix D) in one report: OPS-037 to OPS-041. */
import type { CommandRunbook } from "../description";

const common = {
  kind: "command",
  title: "Daily commands in one report",
  tier: 2,
  owner: "DevOps",
  timeoutSeconds: 120,
} as const;

export const windowsReport: CommandRunbook = {
  ...common,
  name: "daily-report-windows",
  purpose:
    "For the daily look at the Windows host. It changes nothing; the command fails if a part of the report could not be made, such as when Redis does not answer.",
  platform: "Windows",
  script: "runbooks/daily-report.ps1",
  shows: [
    "scheduled tasks `AXIA_*` with state and last run", // OPS-037
    "processes of Python, MetaTrader 5 and Streamlit with processor time and memory", // OPS-038
    "the ten newest events of the task scheduler", // OPS-039
    "disks with size and free space in GB", // OPS-040
    "whether Redis answers", // OPS-041
  ],
};

export const linuxReport: CommandRunbook = {
  ...common,
  name: "daily-report-linux",
  purpose:
    "For the daily look at a Linux host, with what its operating system has in place of the documents' Windows commands. It changes nothing; the command fails if a part of the report could not be made, such as when Redis does not answer.",
  platform: "Linux",
  script: "runbooks/daily-report.sh",
  shows: [
    "units of trading with their state",
    "processes of Python with processor time and memory",
    "the ten newest warnings of engine and data collector",
    "disks with size and free space",
    "whether Redis answers",
  ],
};
