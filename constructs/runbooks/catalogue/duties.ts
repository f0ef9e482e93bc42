/** What is due without an alarm, and which failure asks for what: docs/runbooks/calendar.md. */
import type { Owner } from "../../../functions/alerts/alarm-facts";

export interface Duty {
  readonly every: "day" | "week" | "month" | "quarter" | "year";
  readonly what: string;
  /** How, and what must come of it: Markdown, from docs/runbooks. */
  readonly how: string;
  readonly owner: Owner;
}

/** In their order. */
export const DUTIES: readonly Duty[] = [
  {
    every: "day", // OPS-037 to OPS-041
    what: "Look at the hosts",
    how: "[daily-report-windows](daily-report-windows.md), [daily-report-linux](daily-report-linux.md): the command succeeds, tasks and units run, the disk is not full",
    owner: "DevOps",
  },
  {
    every: "day",
    what: "Look at what is on",
    how: "The dashboard `Trading-System`: no alarm is on that nobody works at; dead letters are none ([dead-letters](dead-letters.md))",
    owner: "DevOps",
  },
  {
    every: "week",
    what: "Security updates",
    how: "Hosts get them in their window, and tell where that failed; what waits for a restart gets one outside market hours ([patching](patching.md)). Images of the services: what ECR's scan found, built anew. `npm audit` and the locked installers ([software.md](../software.md))",
    owner: "DevOps",
  },
  {
    every: "week",
    what: "What differs from the code?",
    how: "`npm run drift -- <environment>`: nothing, or somebody can say why",
    owner: "CloudArchitecture",
  },
  {
    every: "month", // OPS-033
    what: "Performance review",
    how: "The dashboard over four weeks, against the month before: processor, memory and disk of hosts and services, response times, the database's load, the cache's evictions, age of the oldest order, dead letters; what was above 80% more than once gets a larger value in the literal, or a reason. Cost against [cost.md](../cost.md)",
    owner: "SRE",
  },
  {
    every: "month", // OPS-036
    what: "Review of the documents",
    how: "The two baseline documents are of version 1.0 of 2025-10-19 and name 2025-11-19 as their next review, a month later; these pages are reviewed as often: what was done at night and stands in no page, what stands here and is not so. Each review is a commit, and its date that of the page",
    owner: "CloudArchitecture",
  },
  {
    every: "quarter", // OPS-031
    what: "Test of the recovery",
    how: "[recovery-test](recovery-test.md) and restores on trial run by themselves and tell where they failed: their reports are read, and say how long each part took ([recovery.md](../recovery.md)). By hand beside them: one host by [host-rebuild](host-rebuild.md), and the first step of [region-failover](region-failover.md)",
    owner: "SRE",
  },
  {
    every: "quarter",
    what: "Throw the kill switch",
    how: "Outside market hours: [kill-switch](kill-switch.md) by the command, by the workflow and [from the console](kill-switch-on.md), each until every host stands still; how long it took is written down",
    owner: "DevOps",
  },
  {
    every: "quarter",
    what: "Who may what",
    how: "[rights.md](../rights.md) and the members of the single sign-on: whoever has left is out; whoever approves runbooks is still to be reached at night",
    owner: "CloudArchitecture",
  },
];

/** A kind of failure, how it is met, and by which tool (OPS-006, OPS-007). */
export interface Reaction {
  readonly failure: string;
  /** The documents' word for what is done. */
  readonly done: string;
  /** The documents' tool for that. */
  readonly tool: string;
  /** What it is here: Markdown, from docs/runbooks. */
  readonly here: string;
}

export const REACTIONS: readonly Reaction[] = [
  {
    failure: "EC2: a host fails",
    done: "manual restart",
    tool: "CloudWatch alarms",
    here: "`Heartbeat-Missing` and the status checks tell; then [host-recovery](host-recovery.md), and [host-rebuild](host-rebuild.md) if that does not help",
  },
  {
    failure: "Network",
    done: "automatic restart",
    tool: "Task Scheduler",
    here: "The watchdog and systemd start again what ended; a stopped NAT instance: [nat-start](nat-start.md)",
  },
  {
    failure: "A service of AWS",
    done: "fallback",
    tool: "health checks",
    here: "Programs try again and orders wait in the queue; load balancers take out what fails its check; a region that is lost: [region-failover](region-failover.md)",
  },
  {
    failure: "Connection to MetaTrader 5",
    done: "fallback",
    tool: "health checks",
    here: "The watchdog starts the terminal anew; `MT5-Connection-Lost`: [broker-connection](broker-connection.md)",
  },
  {
    failure: "Application",
    done: "automatic restart",
    tool: "Task Scheduler",
    here: "The watchdog within five minutes, systemd within seconds, ECS and Kubernetes by their health checks: [service-tasks](service-tasks.md), [pod-trouble](pod-trouble.md)",
  },
  {
    failure: "Orders that must not be",
    done: "kill switch",
    tool: "system logs",
    here: "[kill-switch](kill-switch.md); who threw it is in the item and in the log of the run or workflow, what a host did in its own log",
  },
];
