/** What to do when an alarm goes off: one page for each family of alarms, docs/runbooks/<name>.md. */
export const RUNBOOKS = [
  "account-watch",
  "alerts-late",
  "backup-failures",
  "broker-connection",
  "cache-memory",
  "cluster-silent",
  "database-load",
  "dead-letters",
  "frontend-broken",
  "function-failures",
  "host-load",
  "host-silent",
  "impaired",
  "logon-rotation",
  "notebook",
  "overspend",
  "patching",
  "replication-failures",
  "service-errors",
  "service-load",
  "service-tasks",
  "table-requests",
  "waiting-pods",
] as const;
export type Runbook = (typeof RUNBOOKS)[number];

/** Where a page stands in the repository. */
export const runbookPath = (runbook: Runbook): string => `docs/runbooks/${runbook}.md`;
