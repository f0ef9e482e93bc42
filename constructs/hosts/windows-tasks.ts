/** The scheduled tasks of the Windows host (WIN-026 … WIN-040). */
import { win32 } from "node:path";
import { weeklyTime } from "../../environments/facts/cron";
import type { Environment } from "../../environments/schema";
import type { ScheduledTask } from "./scheduled-task";

/** WIN-021. */
const PROJECT = String.raw`C:\Users\Administrator\Projects\axia-tss`;
/** WIN-022. */
const VIRTUAL_ENVIRONMENT = win32.join(PROJECT, ".venv", "Scripts");
const PYTHON = win32.join(VIRTUAL_ENVIRONMENT, "python.exe");
/** WIN-023. */
const UI_ENTRY = win32.join(PROJECT, String.raw`src\presentation\ui\streamlit\app.py`);
/** Where a host keeps its bundle: see hosts/windows/fetch.ps1. */
const TSS_FOLDER = String.raw`C:\ProgramData\tss`;
const POWERSHELL = String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`;
/** Whose desktop MetaTrader 5 runs on (WIN-036). */
const DESKTOP_USER = "Administrator";

/** The UI's port (WIN-023). */
export const UI_PORT = 8501;

/** The tasks by name. Boot order as documented: terminal and order manager at once, the UI five minutes later (WIN-037). */
export function windowsTasks({ collector, windows }: Pick<Environment, "collector" | "windows">): Readonly<Record<string, ScheduledTask>> {
  const { leaderGuard, programs } = windows;
  // C-66: looked at at every start, whoever starts it; and MetaTrader 5 must run first, or its library opens a second terminal, which has no desktop.
  const orderManager = `-m tss_host run --after-terminal -- ${quoted(PYTHON)} ${quoted(win32.resolve(PROJECT, programs.orderManager))}`;
  return {
    AXIA_Streamlit: {
      description: "AXIA Streamlit UI Service",
      trigger: { kind: "boot", delayMinutes: 5 },
      principal: { kind: "system" },
      command: win32.join(VIRTUAL_ENVIRONMENT, "streamlit.exe"),
      arguments: `run ${UI_ENTRY} --server.port=${UI_PORT} --server.address=0.0.0.0`,
      workingDirectory: PROJECT,
    },
    AXIA_Order_Manager: {
      description: "AXIA order manager: takes order requests from the queue and hands them to MetaTrader 5",
      trigger: { kind: "boot" },
      principal: { kind: "system" },
      command: PYTHON,
      // C-62: with the guard, it starts only on the host that holds the lease; the switch is looked at once it does, which may be days later.
      arguments: leaderGuard ? `-m tss_host guard -- ${quoted(PYTHON)} ${orderManager}` : orderManager,
      workingDirectory: PROJECT,
      restart: { count: 3, intervalMinutes: 10 }, // WIN-032; C-67: for this task only. A program that ended is the watchdog's: see ScheduledTask
    },
    AXIA_Data_Collector: {
      description: "AXIA data collector: history from MetaTrader 5 to S3 and Redis",
      trigger: { kind: "weekly", ...weeklyTime(collector.cron) }, // WIN-033, C-46
      principal: { kind: "system" },
      command: PYTHON,
      arguments: quoted(win32.resolve(PROJECT, programs.dataCollector)),
      workingDirectory: PROJECT,
    },
    AXIA_MT5: {
      description: "MetaTrader 5 terminal",
      // WIN-036 says at boot, but a boot has no desktop, which the terminal needs: Administrator is logged on automatically.
      trigger: { kind: "logon", user: DESKTOP_USER },
      principal: { kind: "interactive", user: DESKTOP_USER },
      command: win32.resolve(PROJECT, programs.mt5Terminal),
      workingDirectory: win32.dirname(win32.resolve(PROJECT, programs.mt5Terminal)),
    },
    AXIA_Monitor: {
      description: "AXIA watchdog: starts tasks that stopped, unless the kill switch is active, and reports that the host lives",
      trigger: { kind: "boot" },
      principal: { kind: "system" },
      command: POWERSHELL,
      arguments: `-NoProfile -NonInteractive -ExecutionPolicy Bypass -File ${quoted(win32.join(TSS_FOLDER, "host", "monitor_services.ps1"))}`,
      workingDirectory: TSS_FOLDER, // not the bundle's own folder, which a new bundle replaces
    },
  };
}

const quoted = (path: string) => (path.includes(" ") ? `"${path}"` : path);
